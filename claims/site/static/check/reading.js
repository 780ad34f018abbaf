/** Strict JSON: each key once, whole numbers of one to six digits alone, no deep nesting; and its canonical text. */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require } = DLC;

  const DEEPEST = 32;
  const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
  const WORDS = [
    ["true", true],
    ["false", false],
    ["null", null],
  ];

  /** Reads one text from its beginning to its end. */
  class Reader {
    constructor(text) {
      this.text = text;
      this.at = 0;
    }

    refuse(what) {
      require(false, `no JSON: ${what} at character ${this.at + 1}`);
    }

    spaces() {
      while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at += 1;
    }

    /** Whether this sign comes next; if so, it is read. */
    next(sign) {
      this.spaces();
      if (this.text[this.at] !== sign) return false;
      this.at += 1;
      return true;
    }

    expect(sign) {
      if (!this.next(sign)) this.refuse(`expected ${sign}`);
    }

    value(depth) {
      require(depth <= DEEPEST, `nested more than ${DEEPEST} deep; expected a counterexample`);
      if (this.next("{")) return this.object(depth);
      if (this.next("[")) return this.list(depth);
      if (this.next('"')) return this.string();
      const word = WORDS.find(([name]) => this.text.startsWith(name, this.at));
      if (!word) return this.number();
      this.at += word[0].length;
      return word[1];
    }

    /** An object without a prototype, so that no key is more than a key. */
    object(depth) {
      const found = Object.create(null);
      if (this.next("}")) return found;
      do {
        this.expect('"');
        const key = this.string();
        require(!(key in found), "a key stands twice in one object; expected once");
        this.expect(":");
        found[key] = this.value(depth + 1);
      } while (this.next(","));
      this.expect("}");
      return found;
    }

    list(depth) {
      const found = [];
      if (this.next("]")) return found;
      do found.push(this.value(depth + 1));
      while (this.next(","));
      this.expect("]");
      return found;
    }

    string() {
      let found = "";
      for (;;) {
        const sign = this.text[this.at];
        if (sign === undefined || sign < " ") this.refuse("a string without an end");
        this.at += 1;
        if (sign === '"') return found;
        found += sign === "\\" ? this.escaped() : sign;
      }
    }

    escaped() {
      const sign = this.text[this.at];
      const code = this.text.slice(this.at + 1, this.at + 5);
      if (sign === "u" && /^[0-9a-fA-F]{4}$/.test(code)) {
        this.at += 5;
        return String.fromCharCode(parseInt(code, 16));
      }
      if (sign === undefined || !Object.hasOwn(ESCAPES, sign)) this.refuse("an unknown escape");
      this.at += 1;
      return ESCAPES[sign];
    }

    number() {
      const [found] = /^[-+.0-9A-Za-z]*/.exec(this.text.slice(this.at, this.at + 40));
      if (!found) this.refuse("expected a value");
      require(/^(0|[1-9][0-9]{0,5})$/.test(found), `the bare number ${found.slice(0, 20)}; expected a string like 1/2`);
      this.at += found.length;
      return Number(found);
    }
  }

  /** What a text in JSON holds. @param {string} text */
  function readJson(text) {
    const reader = new Reader(text);
    const found = reader.value(0);
    reader.spaces();
    if (reader.at < text.length) reader.refuse("expected the end");
    return found;
  }

  /** Strings in the order of their characters, which JavaScript's own order is not beyond U+FFFF. */
  function byCharacters(one, other) {
    const [a, b] = [[...one], [...other]];
    const k = a.findIndex((sign, i) => sign !== b[i]);
    return k < 0 ? a.length - b.length : k >= b.length ? 1 : a[k].codePointAt(0) - b[k].codePointAt(0);
  }

  const SHORT = { '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

  /** A string in JSON, in ASCII. */
  function quoted(text) {
    const inside = text.replace(/[^ !#-[\]-~]/g, (sign) => {
      return SHORT[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
    });
    return `"${inside}"`;
  }

  /** JSON in ASCII, with sorted keys and without spaces: what the digest is of. */
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (typeof value === "string") return quoted(value);
    if (value === null || typeof value !== "object") return String(value);
    const keys = Object.keys(value).sort(byCharacters);
    return `{${keys.map((key) => `${quoted(key)}:${canonical(value[key])}`).join(",")}}`;
  }

  Object.assign(DLC, { readJson, canonical });
});
