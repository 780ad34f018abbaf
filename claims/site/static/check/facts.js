/**
 * Comparisons of one's own, such as "loss[1] > 2 * loss[0]", of quantities at steps t: depth, width[j], learning_rate,
 * margin, target_norm, target_sigma_min, target[row][column], loss[t], imbalance[t], sigma_min[t], gradient_norm[t],
 * weights[t][j][row][column], end_to_end[t][row][column]; with whole numbers, + - * / **, sqrt() and abs().
 */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, shorten, Unchecked } = DLC;
  const { whole } = DLC.rational;
  const M = DLC.matrix;
  const I = DLC.interval;

  const SIGN = /\s*(\*\*|<=|>=|==|!=|[-+*/()[\]<>]|[0-9]+|[A-Za-z_][A-Za-z_0-9]*)/y;
  const SHOWN = { "<": "<", ">": ">", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠" };
  const DEEPEST = 60;

  /** Go on only if a text can be read here; what may be read by Python alone is left to check.py. */
  function read(condition, text) {
    if (condition) return;
    throw new Unchecked(`${shorten(text)} is no comparison that this page can read; check.py decides`);
  }

  /** The signs of a text. */
  function signs(text) {
    const plain = /^[ -~]*$/.test(text) && !/[0-9][A-Za-z_]|\b0[0-9]|[#\\;.,"'`]/.test(text);
    read(plain, text);
    const found = [];
    const end = text.trimEnd().length;
    SIGN.lastIndex = 0;
    while (SIGN.lastIndex < end) {
      const match = SIGN.exec(text);
      read(match, text);
      found.push(match[1]);
    }
    return found;
  }

  /** Gradient descent from a start, and what a comparison may name of it. */
  class Run {
    constructor(net, last) {
      this.net = net;
      this.states = [net.weights];
      for (let t = 0; t < last; t += 1) this.states.push(net.step(this.states[t]));
    }

    margin() {
      const residual = this.net.residual(this.net.weights);
      return I.minus(I.leastSingularValue(this.net.target), I.rootOf(M.inner(residual, residual)));
    }

    gradientNorm(weights) {
      const all = this.net.gradients(weights).flatMap(M.entries);
      return I.rootOf(M.dot(all, all));
    }

    /** A quantity, or an entry of it. */
    named(name, places) {
      const { net } = this;
      const alone = {
        depth: () => whole(net.depth),
        learning_rate: () => net.rate,
        width: () => net.widths.map(whole),
        target: () => net.target,
        target_norm: () => I.rootOf(M.inner(net.target, net.target)),
        target_sigma_min: () => I.leastSingularValue(net.target),
        margin: () => this.margin(),
      };
      const later = {
        loss: (weights) => net.loss(weights),
        weights: (weights) => weights,
        end_to_end: (weights) => net.endToEnd(weights),
        imbalance: (weights) => I.rootOf(net.imbalance(weights)),
        sigma_min: (weights) => I.leastSingularValue(net.endToEnd(weights)),
        gradient_norm: (weights) => this.gradientNorm(weights),
      };
      if (Object.hasOwn(alone, name)) return entry(name, alone[name](), places);
      const known = Object.hasOwn(later, name) && places.length && places[0] < this.states.length;
      require(known, `${shorten(name)} is not known, or not at this step`);
      return entry(name, later[name](this.states[places[0]]), places.slice(1));
    }
  }

  /** What stands at some places of a quantity. */
  function entry(name, all, places) {
    const found = places.reduce((rows, place) => {
      require(Array.isArray(rows) && place < rows.length, `${name} without an entry at ${place}`);
      return rows[place];
    }, all);
    require(!Array.isArray(found), `${name} with these indices is no number`);
    return found instanceof I.Interval ? found : I.exactly(found);
  }

  /**
   * Reads one comparison, by the precedence of Python: ** above the minus before it, * and / above + and -. What is
   * read is a function of a run, so that all of a text is read before anything is computed.
   */
  class Reader {
    constructor(text) {
      Object.assign(this, { text, all: signs(text), at: 0, depth: 0 });
    }

    next(...wanted) {
      const found = wanted.includes(this.all[this.at]) ? this.all[this.at] : null;
      if (found) this.at += 1;
      return found;
    }

    /** The next sign, if it is of a form. */
    taken(form) {
      const sign = this.all[this.at] ?? "";
      read(form.test(sign), this.text);
      this.at += 1;
      return sign;
    }

    comparison() {
      const left = this.sum();
      const relation = this.next(...Object.keys(SHOWN));
      read(relation, this.text);
      const right = this.sum();
      read(this.at === this.all.length, this.text);
      return { left, relation, right };
    }

    /** Parts with signs between them, from left to right. */
    chain(part, operations) {
      let found = part();
      for (let sign; (sign = this.next(...Object.keys(operations)));) {
        const [left, right, operation] = [found, part(), operations[sign]];
        found = (run) => operation(left(run), right(run));
      }
      return found;
    }

    /** What stands inside something else, which may not go on without end. */
    inside(part) {
      this.depth += 1;
      read(this.depth <= DEEPEST, this.text);
      const found = part();
      this.depth -= 1;
      return found;
    }

    sum() {
      return this.chain(() => this.product(), { "+": I.plus, "-": I.minus });
    }

    product() {
      return this.chain(() => this.signed(), { "*": I.times, "/": I.over });
    }

    signed() {
      if (!this.next("-")) return this.power();
      const found = this.inside(() => this.signed());
      return (run) => I.negative(found(run));
    }

    power() {
      const base = this.atom();
      if (!this.next("**")) return base;
      const exponent = this.inside(() => this.signed());
      return (run) => I.power(base(run), exponent(run));
    }

    parenthesis() {
      const found = this.inside(() => this.sum());
      this.taken(/^\)$/);
      return found;
    }

    atom() {
      if (this.next("(")) return this.parenthesis();
      const sign = this.taken(/^[0-9A-Za-z_]/);
      if (/^[0-9]/.test(sign)) return () => I.exactly(whole(sign));
      if (this.next("(")) return this.called(sign);
      const places = [];
      while (this.next("[")) {
        places.push(Number(this.taken(/^[0-9]{1,6}$/)));
        this.taken(/^\]$/);
      }
      return (run) => run.named(sign, places);
    }

    called(name) {
      const inside = this.parenthesis();
      return (run) => {
        require(name === "sqrt" || name === "abs", `${shorten(name)}() is none of the known operations`);
        return (name === "sqrt" ? I.root : I.absolute)(inside(run));
      };
    }
  }

  /** Each of the comparisons, parted by "; ", certainly holds. */
  DLC.compareFacts = function (text, net, last, steps) {
    const facts = text.split("; ").map((fact) => ({ fact, ...new Reader(fact).comparison() }));
    const run = new Run(net, last);
    for (const { fact, left, relation, right } of facts) {
      const [a, b] = [left(run), right(run)];
      steps.compared(fact, a, SHOWN[relation], b, I.decided(a, relation, b));
    }
  };
});
