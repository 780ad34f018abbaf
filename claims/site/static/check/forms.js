/** The forms of counterexample files: their keys and types, words and numbers. Nothing of it says that they are true. */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, shorten } = DLC;
  const { number } = DLC.rational;

  const [TEXT, WHOLE, FLAG] = ["a text", "a whole number", "true or false"];
  const [LIST, GRID, GRIDS] = [[TEXT], [[TEXT]], [[[TEXT]]]];
  const HEAD = { schema: TEXT, uid: TEXT, title: TEXT };
  const REFUTES = { claim: TEXT, statement: TEXT, hypothesis: TEXT, change: TEXT, source: TEXT };
  const TAIL = { discoverer: TEXT, date: TEXT, license: TEXT, sha256: TEXT };
  const START = { margin: TEXT, imbalance_squared: TEXT, loss: TEXT };
  const BETTER = { point: GRID, value: TEXT, better: GRID, better_value: TEXT };

  /** A form: the keys besides those of every file, the parts that have a form by their name, and what is a rational. */
  const FORMS = {
    "deep-linear-claims/counterexample/1": {
      keys: { widths: [WHOLE], weights: GRIDS, target: GRID, learning_rate: TEXT },
      parts: {
        certificate: {
          stationary: { kind: TEXT, start: START, mode: GRID, steps: WHOLE, loss: TEXT },
          cycle: { kind: TEXT, start: START, mode: GRID, steps: WHOLE, period: WHOLE, loss: TEXT },
          structure: { kind: TEXT, start: START, mode: GRID, loss: TEXT },
          invariant: {
            ...{ kind: TEXT, start: START, mode: GRID, steps: WHOLE, names: LIST, set: GRID, squares: GRID },
            ...{ loss: LIST, growth: GRID },
          },
          rank: { kind: TEXT, start: START, loss: TEXT },
          identity: { kind: TEXT, start: START, of: TEXT, direction: GRIDS, value: TEXT },
          finite: { kind: TEXT, start: START, steps: WHOLE, violates: TEXT, exponent: TEXT },
        },
      },
    },
    "deep-linear-claims/counterexample/2": {
      keys: {},
      parts: {
        landscape: {
          factorization: { model: TEXT, target: GRID },
          completion: { model: TEXT, pattern: GRID, signal: GRID },
          sensing: { model: TEXT, identity: TEXT, matrices: GRIDS, coefficients: GRID, signal: GRID, delta: TEXT },
          phase: { model: TEXT, vectors: GRID, signal: GRID, full_spark: FLAG },
          quadratic: { model: TEXT, inputs: GRID, losses: LIST },
          tensor: { model: TEXT, order: WHOLE, coefficients: LIST, components: GRID },
          form: { model: TEXT, names: LIST, polynomial: TEXT },
          relu: { model: TEXT, data: GRID },
        },
        certificate: {
          minimum: { kind: TEXT, sense: TEXT, ...BETTER },
          descent: {
            ...{ kind: TEXT, sense: TEXT, point: GRID, value: TEXT, curve: GRID, coefficient: TEXT, power: WHOLE },
          },
          order: { kind: TEXT, points: GRIDS, values: LIST, indices: [WHOLE] },
          recurrence: { kind: TEXT, learning_rate: TEXT, period: WHOLE, ...BETTER },
          lost: { kind: TEXT, point: GRID },
        },
      },
      words: ["model", "kind", "sense", "losses", "names", "polynomial", "curve", "delta", "full_spark", "order"],
    },
    "deep-linear-claims/counterexample/3": {
      keys: {},
      parts: {
        shallow: {
          units: { model: TEXT, scale: TEXT, maps: GRIDS, truth: GRID },
          samples: { model: TEXT, slope: TEXT, data: GRID, truth: GRID },
          perceptron: { model: TEXT, slope: TEXT, pairs: WHOLE, data: GRID, labels: LIST },
          sensing: { model: TEXT, diagonal: LIST, measured: TEXT },
          product: { model: TEXT, target: TEXT },
        },
        certificate: {
          poor: { kind: TEXT, factor: TEXT, direction: GRID, value: TEXT },
          flat: { kind: TEXT, direction: GRID },
          returns: { kind: TEXT, learning_rate: TEXT, factors: LIST, directions: GRIDS, value: TEXT },
          kept: { kind: TEXT, point: GRID, kept: GRID, value: TEXT },
          limit: { kind: TEXT, start: TEXT, point: GRID, value: TEXT },
        },
      },
      words: ["model", "kind", "pairs", "factor", "factors", "learning_rate", "value"],
    },
  };
  const POSITIVE = "(0|[1-9][0-9]*)(/[1-9][0-9]*)?";
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const brief = (value) => shorten(DLC.canonical(value));

  /** A value has the keys and types of a shape. */
  function shaped(value, shape, place) {
    if (Array.isArray(shape)) {
      require(Array.isArray(value), `${place} is ${brief(value)}; expected a list`);
      value.forEach((part) => shaped(part, shape[0], place));
    } else if (isObject(shape)) {
      require(isObject(value), `${place} is ${brief(value)}; expected an object`);
      for (const key in value) require(key in shape, `${place} has the unknown key ${shorten(key)}`);
      for (const key in shape) {
        require(key in value, `${place} has no ${key}`);
        shaped(value[key], shape[key], key);
      }
    } else {
      const types = { [TEXT]: "string", [WHOLE]: "number", [FLAG]: "boolean" };
      require(typeof value === types[shape], `${place} is ${brief(value)}; expected ${shape}`);
      const plain = shape !== TEXT || (/^(?: |[^\p{C}\p{Z}])*$/u.test(value) && [...value].length <= 8000);
      require(plain, `${place} is ${brief(value)}; expected one line of text`);
    }
  }

  /** The whole of a value has the form of a pattern. */
  function patterned(name, value, pattern) {
    require(new RegExp(`^(?:${pattern})$`).test(value), `${name} is ${brief(value)}; expected the form ${pattern}`);
  }

  /** A day of the calendar. */
  function isDay(text) {
    const [year, month, day] = text.split("-").map(Number);
    const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const longest = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
    return year >= 1 && day >= 1 && day <= longest;
  }

  /** What every file says in words. */
  function checkWords(entry) {
    const { refutes } = entry;
    patterned("uid", entry.uid, "DLX-[0-9]{3}");
    patterned("claim", refutes.claim, "DL-[0-9]{3}|");
    patterned("sha256", entry.sha256, "[0-9a-f]{64}");
    patterned("date", entry.date, "[0-9]{4}-[0-9]{2}-[0-9]{2}");
    require(isDay(entry.date), `date is ${entry.date}; expected a day, as 2026-11-24`);
    require(entry.license === "CC0-1.0", `license is ${brief(entry.license)}; expected CC0-1.0`);
    const named = { title: entry.title, discoverer: entry.discoverer, statement: refutes.statement };
    if (refutes.claim) named.source = refutes.source;
    for (const name in named) require(named[name].trim(), `${name} is empty; expected words`);
    const both = (refutes.hypothesis === "") === (refutes.change === "");
    require(both, "hypothesis and change: expected both, or none");
    require(refutes.claim || !refutes.hypothesis, "hypothesis: expected none without a claim");
  }

  /** Words and numbers of a file about a network; its matrices are read later. */
  function checkNetwork(entry) {
    patterned("learning_rate", entry.learning_rate, `${POSITIVE}|every|every at most ${POSITIVE}`);
    patterned("margin", entry.certificate.start.margin, `-?${POSITIVE}|at least ${POSITIVE}|negative`);
    const changes = `|dropped|exactly 0|one less, margin exactly 0|x ${POSITIVE}`;
    patterned("change", entry.refutes.change, changes);
    patterned("hypothesis", entry.refutes.hypothesis, "|margin|width|balance|learning rate");
  }

  /** Below a key: rationals, in lists or in matrices of one to sixteen rows and columns. */
  function checkRationals(key, value) {
    if (typeof value === "string") number(value);
    if (!Array.isArray(value)) return;
    require(value.length, `${key} is empty; expected numbers`);
    const isGrid = Array.isArray(value[0]) && !Array.isArray(value[0][0]);
    if (isGrid) {
      const [height, width] = [value.length, value[0].length];
      const fits = height <= 16 && width >= 1 && width <= 16 && value.every((row) => row.length === width);
      require(fits, `${key}: expected a matrix of 1 to 16 rows and columns`);
      value.flat().forEach(number);
    } else value.forEach((part) => checkRationals(key, part));
  }

  /** The words of landscapes, and the numbers with pi and root of shallow models. */
  function checkModel(entry) {
    const { certificate, landscape } = entry;
    if (landscape) {
      patterned("sense", certificate.sense ?? "minimum", "minimum|maximum");
      patterned("delta", landscape.delta ?? "0", `(sqrt )?${POSITIVE}`);
      number((landscape.delta ?? "0").replace("sqrt ", ""));
      (landscape.names ?? []).forEach((name) => patterned("names", name, "[a-z]+"));
      const texts = [landscape.losses ?? [], landscape.polynomial ?? [], (certificate.curve ?? []).flat()].flat();
      texts.forEach(DLC.polynomial.terms);
    } else {
      for (const key of ["factor", "factors", "value", "learning_rate"]) {
        const texts = [certificate[key] ?? []].flat();
        require(!(key in certificate) || (texts.length >= 1 && texts.length <= 16), `${key}: expected 1 to 16 numbers`);
        texts.filter((text) => key !== "learning_rate" || text !== "every").forEach(DLC.real.read);
      }
    }
    require(!entry.refutes.hypothesis, "hypothesis and change: expected none");
  }

  /** The form of a file is that of its schema. */
  DLC.checkForm = function (entry) {
    const known = typeof entry.schema === "string" && Object.hasOwn(FORMS, entry.schema);
    require(known, "schema: expected one that is known");
    const { keys, parts, words } = FORMS[entry.schema];
    const shape = { ...HEAD, refutes: REFUTES, ...keys, ...TAIL };
    for (const part in parts) {
      const name = part === "certificate" ? "kind" : "model";
      const said = isObject(entry[part]) ? entry[part][name] : undefined;
      const good = typeof said === "string" && Object.hasOwn(parts[part], said);
      require(good, `${name} is ${brief(said ?? null)}; expected one of ${Object.keys(parts[part]).join(", ")}`);
      shape[part] = parts[part][said];
    }
    shaped(entry, shape, "the file");
    checkWords(entry);
    if (!words) return checkNetwork(entry);
    for (const part in parts) {
      for (const key in entry[part]) if (!words.includes(key)) checkRationals(key, entry[part][key]);
    }
    checkModel(entry);
  };
});
