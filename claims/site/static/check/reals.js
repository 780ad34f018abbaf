/**
 * Numbers with pi and the square root of 3: quotients of two polynomials in pi whose coefficients are a + b 3^(1/2).
 *
 * They are kept in lowest terms, with 1 as the leading coefficient below, so that equal numbers look the same: pi is
 * transcendental, and a number is 0 only where the polynomial on top is. Signs are decided by rationals around pi and
 * the root, closer and closer; floats decide nothing.
 */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, spend, shorten, Unchecked } = DLC;
  const { ZERO, ONE, whole, quotient } = DLC.rational;
  const Q = DLC.rational;

  const PRECISIONS = [64, 160, 320];
  const HIGHEST = 100;

  // Coefficients a + b 3^(1/2), as pairs of rationals.

  const surd = (a, b = ZERO) => [a, b];
  const isZero = ([a, b]) => Q.isZero(a) && Q.isZero(b);
  const equal = (x, y) => Q.equal(x[0], y[0]) && Q.equal(x[1], y[1]);
  const plus = (x, y) => [Q.plus(x[0], y[0]), Q.plus(x[1], y[1])];
  const negative = ([a, b]) => [Q.negative(a), Q.negative(b)];
  const three = (a) => Q.times(whole(3), a);
  const times = ([a, b], [c, d]) => [Q.plus(Q.times(a, c), three(Q.times(b, d))), Q.plus(Q.times(a, d), Q.times(b, c))];

  /** 1 / (a + b 3^(1/2)), by the conjugate. */
  function inverse([a, b]) {
    const norm = Q.minus(Q.times(a, a), three(Q.times(b, b)));
    return [Q.over(a, norm), Q.negative(Q.over(b, norm))];
  }

  // Polynomials in pi, as lists of coefficients from pi^0 on without zeros at the end.

  function trimmed(p) {
    let end = p.length;
    while (end && isZero(p[end - 1])) end -= 1;
    return p.slice(0, end);
  }

  const NONE = surd(ZERO);
  const sum = (p, q) =>
    trimmed(Array.from({ length: Math.max(p.length, q.length) }, (_, k) => plus(p[k] ?? NONE, q[k] ?? NONE)));
  const scaled = (p, factor, shift = 0) => [...Array(shift).fill(NONE), ...p.map((x) => times(x, factor))];

  function multiplied(p, q) {
    if (p.length + q.length > HIGHEST) throw new Unchecked("too large for this page: a power of pi is too high");
    spend(8 * p.length * q.length);
    return trimmed(p.reduce((all, x, k) => (isZero(x) ? all : sum(all, scaled(q, x, k))), []));
  }

  /** Quotient and rest of a division. */
  function divided(p, q) {
    const lead = inverse(q.at(-1));
    let [found, rest] = [[], p];
    while (rest.length >= q.length) {
      spend(8 * q.length);
      const [factor, shift] = [times(rest.at(-1), lead), rest.length - q.length];
      found = sum(found, scaled([surd(ONE)], factor, shift));
      rest = sum(rest, scaled(q, negative(factor), shift));
    }
    return [found, rest];
  }

  /** The common divisor of two polynomials, by Euclid. */
  function common(p, q) {
    while (q.length) [p, q] = [q, divided(p, q)[1]];
    return p;
  }

  class Real {
    constructor(top, bottom) {
      this.top = top;
      this.bottom = bottom;
    }

    toString() {
      const parts = [this.top, this.bottom].flat(2);
      const factor = surd(whole(parts.reduce((all, { bottom }) => (all / Q.divisor(all, bottom)) * bottom, 1n)));
      if (this.bottom.length === 1) return written(this.top);
      return `(${written(scaled(this.top, factor))})/(${written(scaled(this.bottom, factor))})`;
    }
  }

  /** top / bottom in lowest terms. */
  function real(top, bottom) {
    require(bottom.length, "a division by 0");
    const divisor = bottom.length > 1 && top.length ? common(top, bottom) : [surd(ONE)];
    let [above, below] = top.length ? [top, bottom] : [top, [surd(ONE)]];
    if (divisor.length > 1) [above, below] = [divided(above, divisor)[0], divided(below, divisor)[0]];
    const lead = inverse(below.at(-1));
    return new Real(scaled(above, lead), scaled(below, lead));
  }

  const UNIT = [surd(ONE)];
  const rational = (value) => new Real(trimmed([surd(value)]), UNIT);
  const PI = new Real([NONE, surd(ONE)], UNIT);
  const ROOT = new Real([surd(ZERO, ONE)], UNIT);
  const same = (p, q) => p.length === q.length && p.every((x, k) => equal(x, q[k]));

  const R = {
    plus(a, b) {
      if (same(a.bottom, b.bottom)) return real(sum(a.top, b.top), a.bottom);
      return real(sum(multiplied(a.top, b.bottom), multiplied(b.top, a.bottom)), multiplied(a.bottom, b.bottom));
    },
    times: (a, b) => real(multiplied(a.top, b.top), multiplied(a.bottom, b.bottom)),
    over: (a, b) => real(multiplied(a.top, b.bottom), multiplied(a.bottom, b.top)),
    negative: (a) => new Real(a.top.map(negative), a.bottom),
    minus: (a, b) => R.plus(a, R.negative(b)),
    isZero: (a) => !a.top.length,
    equal: (a, b) => same(a.top, b.top) && same(a.bottom, b.bottom),
  };

  /** The number as a rational, or null where it is none. */
  function asRational(a) {
    if (R.isZero(a)) return ZERO;
    return a.top.length === 1 && a.bottom.length === 1 && Q.isZero(a.top[0][1]) ? a.top[0][0] : null;
  }

  // Signs.

  /** Around arctan(1/k) in units of 2^-bits: each term is rounded down, so that the error is less than their number. */
  function arctangent(k, bits) {
    let [term, total, count] = [(1n << bits) / k, 0n, 0n];
    for (; term > 0n; count += 1n) {
      const part = term / (2n * count + 1n);
      total += count % 2n ? -part : part;
      term /= k * k;
    }
    return [total - count - 1n, total + count + 1n];
  }

  /** Rationals around pi, by Gauss: pi = 48 arctan(1/18) + 32 arctan(1/57) - 20 arctan(1/239); and around the root. */
  function enclosures(precision) {
    const bits = BigInt(precision);
    const [a, b, c] = [18n, 57n, 239n].map((k) => arctangent(k, bits));
    const unit = 1n << bits;
    const root = Q.wholeRoot(3n << (2n * bits));
    const pi = [48n * a[0] + 32n * b[0] - 20n * c[1], 48n * a[1] + 32n * b[1] - 20n * c[0]];
    return { pi: pi.map((x) => quotient(x, unit)), root: [root, root + 1n].map((x) => quotient(x, unit)) };
  }

  const AROUND = PRECISIONS.map(enclosures);

  /** Rationals around a polynomial in pi. */
  function around(p, { pi, root }) {
    const { Interval, exactly, plus: add, times: by } = DLC.interval;
    const [x, y] = [new Interval(...pi), new Interval(...root)];
    const value = ([a, b]) => add(exactly(a), by(exactly(b), y));
    return [...p].reverse().reduce((found, coefficient) => add(by(found, x), value(coefficient)), exactly(ZERO));
  }

  function signOf(p) {
    if (!p.length) return 0;
    for (const close of AROUND) {
      const { low, high } = around(p, close);
      if (Q.sign(low) > 0) return 1;
      if (Q.sign(high) < 0) return -1;
    }
    throw new Unchecked("the sign of a number is not decided by so many digits of pi");
  }

  const sign = (a) => signOf(a.top) * signOf(a.bottom);

  // Texts.

  const NAMES = new Map([
    ["pi", PI],
    ["root", ROOT],
  ]);
  const RING = { constant: rational, plus: R.plus, times: R.times };

  /** The number that a text writes: a polynomial in pi and root, or a quotient of two in parentheses. */
  function read(text) {
    const short = typeof text === "string" && text.length <= 600;
    require(short, `${shorten(text)} is no number; expected a string of one`);
    const parts = /^\(([^()]+)\)\/\(([^()]+)\)$/.exec(text);
    const [top, bottom] = (parts ? parts.slice(1) : [text, "1"]).map((part) => {
      return DLC.polynomial.evaluated(part, NAMES, RING);
    });
    require(!R.isZero(bottom), `${shorten(text)} is no number; expected a denominator that is not 0`);
    return R.over(top, bottom);
  }

  /** A polynomial in pi as a text. */
  function written(p) {
    const terms = p.flatMap(([a, b], k) =>
      [
        [a, ""],
        [b, "*root"],
      ]
        .filter(([x]) => !Q.isZero(x))
        .map(([x, name]) => `${x}${name}${k ? "*pi" : ""}${k > 1 ? `^${k}` : ""}`),
    );
    const plain = terms.map((term) => term.replace(/^(-?)1\*/, "$1"));
    return plain.length ? plain.reverse().join(" + ").replaceAll("+ -", "- ") : "0";
  }

  /** The root of a rational >= 0 that is a rational, or a rational times the root of 3. */
  function squareRoot(value) {
    const plain = Q.exactRoot(value);
    if (plain) return rational(plain);
    const third = Q.exactRoot(Q.over(value, whole(3)));
    require(third, `the root of ${shorten(value)} is no rational number, nor one times the root of 3`);
    return R.times(rational(third), ROOT);
  }

  /** A step of a verification: a number with pi and root, and its sign or its equal. */
  DLC.Steps.prototype.reals = function (sentence, a, relation, b) {
    const order = sign(R.minus(a, b));
    const holds = { "=": order === 0, ">": order > 0, "≥": order >= 0 }[relation];
    this.compared(sentence, a, relation, b, holds);
  };

  DLC.real = { ...R, Real, rational, PI, ROOT, sign, asRational, read, squareRoot, enclosures };
});
