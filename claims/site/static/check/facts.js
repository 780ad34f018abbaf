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

  /** The signs of a text. What is written as only Python reads it is left to check.py. */
  function signs(text) {
    const plain = /^[ -~]*$/.test(text) && !/[0-9][A-Za-z_]|\b0[0-9]|[#\\;.,"'`]/.test(text);
    if (!plain) throw new Unchecked(`not checked here: ${shorten(text)} is written in a way that only check.py reads`);
    const found = [];
    const end = text.trimEnd().length;
    SIGN.lastIndex = 0;
    while (SIGN.lastIndex < end) {
      const match = SIGN.exec(text);
      require(match, `${shorten(text)} is no comparison of the known quantities`);
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

  /** Reads one comparison, by the precedence of Python: ** above the minus before it, * and / above + and -. */
  class Reader {
    constructor(text, run) {
      Object.assign(this, { text, run, all: signs(text), at: 0, depth: 0 });
    }

    next(...wanted) {
      const found = wanted.includes(this.all[this.at]) ? this.all[this.at] : null;
      if (found) this.at += 1;
      return found;
    }

    expect(sign) {
      require(this.next(sign), `${shorten(this.text)}: expected ${sign}`);
    }

    comparison() {
      const left = this.sum();
      const relation = this.next(...Object.keys(SHOWN));
      require(relation, `${shorten(this.text)}: expected one comparison`);
      const right = this.sum();
      require(this.at === this.all.length, `${shorten(this.text)}: expected one comparison`);
      return { left, relation, right };
    }

    sum() {
      require((this.depth += 1) <= DEEPEST, `${shorten(this.text)}: nested too deep`);
      let found = this.product();
      for (let sign; (sign = this.next("+", "-"));) {
        found = (sign === "+" ? I.plus : I.minus)(found, this.product());
      }
      this.depth -= 1;
      return found;
    }

    product() {
      let found = this.signed();
      for (let sign; (sign = this.next("*", "/"));) {
        found = (sign === "*" ? I.times : I.over)(found, this.signed());
      }
      return found;
    }

    signed() {
      let minus = 0;
      while (this.next("-")) minus += 1;
      const found = this.power();
      return minus % 2 ? I.negative(found) : found;
    }

    power() {
      const base = this.atom();
      if (!this.next("**")) return base;
      require((this.depth += 1) <= DEEPEST, `${shorten(this.text)}: nested too deep`);
      const found = I.power(base, this.signed());
      this.depth -= 1;
      return found;
    }

    atom() {
      if (this.next("(")) {
        const found = this.sum();
        this.expect(")");
        return found;
      }
      const sign = this.all[this.at] ?? "the end";
      this.at += 1;
      if (/^[0-9]/.test(sign)) return I.exactly(whole(sign));
      require(/^[A-Za-z_]/.test(sign), `${shorten(this.text)}: ${sign} where a quantity was expected`);
      if (this.next("(")) return this.called(sign);
      const places = [];
      while (this.next("[")) {
        require(/^[0-9]{1,6}$/.test(this.all[this.at] ?? ""), `${shorten(sign)}: expected a whole number as an index`);
        places.push(Number(this.all[this.at]));
        this.at += 1;
        this.expect("]");
      }
      return this.run.named(sign, places);
    }

    called(name) {
      require(["sqrt", "abs"].includes(name), `${shorten(name)}() is none of the known operations`);
      const inside = this.sum();
      this.expect(")");
      return name === "sqrt" ? I.root(inside) : I.absolute(inside);
    }
  }

  /** Each of the comparisons, parted by "; ", certainly holds. */
  DLC.compareFacts = function (text, net, last, steps) {
    const run = new Run(net, last);
    for (const fact of text.split("; ")) {
      const { left, relation, right } = new Reader(fact, run).comparison();
      steps.compared(fact, left, SHOWN[relation], right, I.decided(left, relation, right));
    }
  };
});
