/**
 * What an objective is evaluated in, so that each model is written once: rational numbers, for values; polynomials in
 * t, for curves; and jets, for gradients and Hessians. A ring has constant(rational), plus and times.
 */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { spend } = DLC;
  const { ZERO, ONE } = DLC.rational;
  const Q = DLC.rational;

  const numbers = { constant: (value) => value, plus: Q.plus, times: Q.times };

  /** Polynomials in t, as lists of coefficients from t^0 on. */
  const curves = {
    constant: (value) => [value],
    variable: [ZERO, ONE],
    plus: (p, q) => Array.from({ length: Math.max(p.length, q.length) }, (_, k) => Q.plus(p[k] ?? ZERO, q[k] ?? ZERO)),
    times(p, q) {
      const found = Array(p.length + q.length - 1).fill(ZERO);
      spend(p.length);
      p.forEach((a, i) => {
        if (!Q.isZero(a)) q.forEach((b, j) => (found[i + j] = Q.plus(found[i + j], Q.times(a, b))));
      });
      return found;
    },
  };

  /** Value, gradient and Hessian at a point of a space of some dimension. */
  class Jet {
    constructor(value, first, second) {
      Object.assign(this, { value, first, second });
    }
  }

  /** The ring of jets: a sum's are sums, and a product's are those of Leibniz. */
  function jets(dimension) {
    const all = [...Array(dimension).keys()];
    const made = (value, first, second) =>
      new Jet(
        value,
        all.map(first),
        all.map((i) => all.map((j) => second(i, j))),
      );
    const none = () => ZERO;
    return {
      constant: (value) => made(value, none, none),
      variable: (value, k) => made(value, (i) => (i === k ? ONE : ZERO), none),
      plus(a, b) {
        const sum = (i, j) => Q.plus(a.second[i][j], b.second[i][j]);
        return made(Q.plus(a.value, b.value), (i) => Q.plus(a.first[i], b.first[i]), sum);
      },
      times(a, b) {
        spend(dimension * dimension);
        const mixed = (x, y) => (Q.isZero(x) || Q.isZero(y) ? ZERO : Q.times(x, y));
        const slope = (i) => Q.plus(mixed(a.value, b.first[i]), mixed(b.value, a.first[i]));
        const own = (i, j) => Q.plus(mixed(a.value, b.second[i][j]), mixed(b.value, a.second[i][j]));
        const across = (i, j) => Q.plus(mixed(a.first[i], b.first[j]), mixed(a.first[j], b.first[i]));
        return made(Q.times(a.value, b.value), slope, (i, j) => Q.plus(own(i, j), across(i, j)));
      },
    };
  }

  /** A point's entries as variables around it, row by row. */
  function around(point) {
    const width = point[0].length;
    const ring = jets(point.length * width);
    return [ring, point.map((row, i) => row.map((x, j) => ring.variable(x, i * width + j)))];
  }

  /** Sums, differences and squares in a ring. */
  function algebra(ring) {
    const minus = (a, b) => ring.plus(a, ring.times(ring.constant(Q.negative(ONE)), b));
    const scaled = (a, factor) => ring.times(ring.constant(factor), a);
    const sum = (parts) => parts.reduce(ring.plus, ring.constant(ZERO));
    const dot = (row, column) =>
      sum(
        row
          .map((x, i) => [x, column[i]])
          .filter(([x]) => !Q.isZero(x))
          .map(([x, y]) => scaled(y, x)),
      );
    return { ...ring, minus, scaled, sum, dot, square: (a) => ring.times(a, a) };
  }

  DLC.ring = { numbers, curves, jets, around, algebra };
});
