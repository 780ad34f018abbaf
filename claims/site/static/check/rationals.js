/** Rational numbers: quotients of whole numbers of any length, in lowest terms, with a denominator > 0. */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, spend, shorten, Unchecked } = DLC;

  const LONGEST = 600;
  const COSTS = { 64: 1, 512: 20, 2048: 200, 8192: 4000, 32768: 100000 };
  const SIZES = Object.entries(COSTS).map(([bits, units]) => [1n << BigInt(bits), units]);
  const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

  const size = (value) => (value < 0n ? -value : value);

  /** What lowest terms with this whole number cost, in about a microsecond each: the longer, the more. */
  function cost(value) {
    const found = SIZES.find(([end]) => size(value) < end);
    if (!found) throw new Unchecked("too large for this page: a number grows too long");
    return found[1];
  }

  const charge = (value) => spend(cost(value));

  /** The greatest common divisor of two numbers >= 0. */
  function divisor(a, b) {
    while (b > SAFE) [a, b] = [b, a % b];
    if (b === 0n) return a;
    let [x, y] = [Number(b), Number(a % b)];
    while (y) [x, y] = [y, x % y];
    return BigInt(x);
  }

  class Rational {
    constructor(top, bottom) {
      this.top = top;
      this.bottom = bottom;
    }

    toString() {
      return this.bottom === 1n ? String(this.top) : `${this.top}/${this.bottom}`;
    }
  }

  /** top / bottom in lowest terms. */
  function quotient(top, bottom = 1n) {
    require(bottom !== 0n, "a division by 0");
    charge(top);
    charge(bottom);
    const common = divisor(size(top), size(bottom)) * (bottom < 0n ? -1n : 1n);
    return common === 1n ? new Rational(top, bottom) : new Rational(top / common, bottom / common);
  }

  const whole = (value) => new Rational(BigInt(value), 1n);
  const ZERO = whole(0);
  const ONE = whole(1);

  /** The number that a text like -1/2 writes, in lowest terms. */
  function number(text) {
    const parts = typeof text === "string" && text.length <= LONGEST && /^(-?[0-9]+)(?:\/([1-9][0-9]*))?$/.exec(text);
    const found = parts ? quotient(BigInt(parts[1]), BigInt(parts[2] ?? 1)) : null;
    require(String(found) === text, `${shorten(text)} is no number; expected one like 1/2 in lowest terms`);
    return found;
  }

  const isZero = (a) => a.top === 0n;
  const negative = (a) => new Rational(-a.top, a.bottom);
  const sign = (a) => (a.top > 0n ? 1 : a.top < 0n ? -1 : 0);
  const magnitude = (a) => (a.top < 0n ? negative(a) : a);

  function plus(a, b) {
    if (a.top === 0n) return b;
    if (b.top === 0n) return a;
    if (a.bottom === 1n && b.bottom === 1n) return new Rational(a.top + b.top, 1n);
    return quotient(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
  }

  const minus = (a, b) => plus(a, negative(b));

  function times(a, b) {
    if (a.top === 0n || b.top === 0n) return ZERO;
    return quotient(a.top * b.top, a.bottom * b.bottom);
  }

  const over = (a, b) => quotient(a.top * b.bottom, a.bottom * b.top);

  /** -1, 0 or 1 as a is below, at or above b. */
  const compare = (a, b) => sign(minus(a, b));
  const equal = (a, b) => a.top === b.top && a.bottom === b.bottom;
  const least = (list) => list.reduce((a, b) => (compare(b, a) < 0 ? b : a));
  const largest = (list) => list.reduce((a, b) => (compare(b, a) > 0 ? b : a));

  /** a to a whole power >= 0. */
  function power(a, exponent) {
    let found = ONE;
    for (let square = a, rest = exponent; rest > 0; rest >>= 1) {
      if (rest & 1) found = times(found, square);
      if (rest > 1) square = times(square, square);
    }
    return found;
  }

  /** The largest whole number whose square is at most a whole number >= 0. */
  function wholeRoot(value) {
    if (value < 2n) return value;
    let root = 1n << BigInt((value.toString(16).length * 4 + 1) >> 1);
    for (;;) {
      const next = (root + value / root) >> 1n;
      if (next >= root) return root;
      root = next;
    }
  }

  /** The root of a number >= 0 where that is rational, else null. */
  function exactRoot(a) {
    const found = new Rational(wholeRoot(a.top), wholeRoot(a.bottom));
    return equal(times(found, found), a) ? found : null;
  }

  const RELATIONS = {
    "=": (order) => order === 0,
    "≠": (order) => order !== 0,
    "<": (order) => order < 0,
    "≤": (order) => order <= 0,
    ">": (order) => order > 0,
    "≥": (order) => order >= 0,
  };

  /** A step of a verification: two rational numbers in a relation. */
  DLC.Steps.prototype.numbers = function (sentence, a, relation, b) {
    this.compared(sentence, a, relation, b, RELATIONS[relation](compare(a, b)));
  };

  DLC.rational = {
    ...{ Rational, quotient, whole, ZERO, ONE, number, isZero, negative, sign, magnitude, plus, minus, times, over },
    ...{ compare, equal, least, largest, power, wholeRoot, exactRoot, cost, charge, divisor },
  };
});
