/**
 * Numbers that are known between two rationals: roots and least singular values. What such numbers do not decide does
 * not hold.
 */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require } = DLC;
  const { ZERO, ONE, whole, quotient } = DLC.rational;
  const Q = DLC.rational;
  const M = DLC.matrix;

  const BITS = 128;
  const SHORTEST = 1n << 32n;
  const HALF = quotient(1n, 2n);
  const length = (value) => (value === 0n ? 0 : value.toString(2).length);

  /** At least the one and at most the other. */
  class Interval {
    constructor(low, high) {
      this.low = low;
      this.high = high;
    }

    /** The number itself; where it is only enclosed, its first digits and dots. */
    toString() {
      if (Q.equal(this.low, this.high)) return String(this.low);
      const shown = (10n ** 20n * this.low.top) / this.low.bottom;
      const digits = String(shown < 0n ? -shown : shown).padStart(21, "0");
      return `${shown < 0n ? "-" : ""}${digits.slice(0, -20)}.${digits.slice(-20)}...`;
    }
  }

  const exactly = (value) => new Interval(value, value);
  const hull = (values) => new Interval(Q.least(values), Q.largest(values));
  const plus = (a, b) => new Interval(Q.plus(a.low, b.low), Q.plus(a.high, b.high));
  const negative = (a) => new Interval(Q.negative(a.high), Q.negative(a.low));
  const minus = (a, b) => plus(a, negative(b));
  const isExact = (a) => Q.equal(a.low, a.high);

  function times(a, b) {
    if (isExact(a) && isExact(b)) return exactly(Q.times(a.low, b.low));
    return hull([a.low, a.high].flatMap((x) => [Q.times(x, b.low), Q.times(x, b.high)]));
  }

  function over(a, b) {
    require(Q.sign(b.low) > 0 || Q.sign(b.high) < 0, "a division by what may be 0");
    return times(a, new Interval(Q.over(ONE, b.high), Q.over(ONE, b.low)));
  }

  /** To a whole power between -64 and 64. */
  function power(a, exponent) {
    const count = Number(exponent.low.top);
    const good = isExact(exponent) && exponent.low.bottom === 1n && Math.abs(count) <= 64;
    require(good, "an exponent that is not whole, or is too large");
    let found = exactly(ONE);
    for (let k = 0; k < Math.abs(count); k += 1) found = times(found, a);
    if (count % 2 === 0 && Q.sign(found.low) < 0) found = new Interval(ZERO, found.high);
    return count < 0 ? over(exactly(ONE), found) : found;
  }

  function absolute(a) {
    const found = hull([Q.magnitude(a.low), Q.magnitude(a.high)]);
    return Q.sign(a.low) < 0 && Q.sign(a.high) > 0 ? new Interval(ZERO, found.high) : found;
  }

  /** Around the root of a rational >= 0: itself where it is rational, else to 128 bits. */
  function rootOf(value) {
    const exact = Q.exactRoot(value);
    if (exact) return exactly(exact);
    const shift = BigInt(BITS + Math.max(0, length(value.bottom) - length(value.top)));
    const below = Q.wholeRoot((value.top << (2n * shift)) / value.bottom);
    return new Interval(quotient(below, 1n << shift), quotient(below + 1n, 1n << shift));
  }

  function root(a) {
    require(Q.sign(a.low) >= 0, "a root of what may be negative");
    return new Interval(rootOf(a.low).low, rootOf(a.high).high);
  }

  /** The fraction with the least denominator between two numbers >= 0. */
  function simplest(low, high) {
    if (low.bottom === 1n) return low;
    const floor = whole(low.top / low.bottom);
    const next = Q.plus(floor, ONE);
    if (Q.compare(next, high) <= 0) return next;
    const rest = (value) => Q.over(ONE, Q.minus(value, floor));
    return Q.plus(floor, Q.over(ONE, simplest(rest(high), rest(low))));
  }

  /** The least singular value, by halving around the least eigenvalue of the smaller Gram matrix. */
  function leastSingularValue(a) {
    const back = M.transposed(a);
    const gram = a.length <= a[0].length ? M.product(a, back) : M.product(back, a);
    let low = ZERO;
    let high = gram.reduce((sum, row, i) => Q.plus(sum, row[i]), ZERO);
    for (let k = 0; k < BITS; k += 1) {
      const middle = Q.times(Q.plus(low, high), HALF);
      if (M.leastEigenvalue(gram, middle) > 0) low = middle;
      else high = middle;
    }
    const guess = simplest(low, high);
    const exact = guess.bottom <= SHORTEST && M.leastEigenvalue(gram, guess) === 0;
    return exact ? rootOf(guess) : root(new Interval(low, high));
  }

  const below = (a, b) => Q.compare(a.high, b.low) < 0;
  const DECIDED = {
    "<": below,
    ">": (a, b) => below(b, a),
    "<=": (a, b) => Q.compare(a.high, b.low) <= 0,
    ">=": (a, b) => Q.compare(a.low, b.high) >= 0,
    "==": (a, b) => isExact(a) && isExact(b) && Q.equal(a.low, b.low),
    "!=": (a, b) => below(a, b) || below(b, a),
  };

  DLC.interval = {
    ...{ Interval, exactly, plus, minus, negative, times, over, power, absolute, root, rootOf, leastSingularValue },
    decided: (a, relation, b) => DECIDED[relation](a, b),
  };
});
