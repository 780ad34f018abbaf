/** Matrices of rational numbers, as lists of rows, and the signs of a symmetric one's eigenvalues. */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, spend } = DLC;
  const { ZERO, ONE, whole, number, quotient, cost, charge, divisor } = DLC.rational;
  const Q = DLC.rational;

  const shape = (a) => [a.length, a[0].length];

  /** A matrix of that shape, from texts. */
  function matrix(rows, height, width, what = "a matrix") {
    const fits = Array.isArray(rows) && rows.length === height;
    require(fits &&
      rows.every(
        (row) => Array.isArray(row) && row.length === width,
      ), `${what}: expected ${height} rows of ${width} numbers`);
    return rows.map((row) => row.map(number));
  }

  const transposed = (a) => a[0].map((_, j) => a.map((row) => row[j]));
  const identity = (n) => [...Array(n)].map((_, i) => [...Array(n)].map((_, j) => (i === j ? ONE : ZERO)));
  const map = (f, ...all) => all[0].map((row, i) => row.map((_, j) => f(...all.map((a) => a[i][j]))));
  const plus = (a, b) => map(Q.plus, a, b);
  const minus = (a, b) => map(Q.minus, a, b);
  const scaled = (a, factor) => map((x) => Q.times(x, factor), a);
  const entries = (a) => a.flat();
  const isZero = (a) => entries(a).every(Q.isZero);

  /** <a, b>, over one common denominator. */
  function dot(a, b) {
    require(a.length === b.length, "expected two lists of one length");
    let [top, bottom] = [0n, 1n];
    a.forEach((x, i) => {
      const y = b[i];
      if (x.top === 0n || y.top === 0n) return;
      const below = x.bottom * y.bottom;
      charge(below);
      if (below === bottom) top += x.top * y.top;
      else [top, bottom] = [top * below + x.top * y.top * bottom, bottom * below];
    });
    return quotient(top, bottom);
  }

  /** A B C ..., from left to right. */
  function product(first, ...others) {
    return others.reduce((a, b) => {
      require(a[0].length === b.length, "expected matrices that can be multiplied");
      const columns = transposed(b);
      return a.map((row) => columns.map((column) => dot(row, column)));
    }, first);
  }

  /** The sum of the products of entries; the square of the norm where both are one. */
  const inner = (a, b) => dot(entries(a), entries(b));
  const equal = (a, b) => a.length === b.length && a[0].length === b[0].length && isZero(minus(a, b));

  /** A matrix of whole numbers: the given one times a number > 0. */
  function cleared(a) {
    const common = entries(a).reduce((all, { bottom }) => (all / divisor(all, bottom)) * bottom, 1n);
    return a.map((row) => row.map(({ top, bottom }) => top * (common / bottom)));
  }

  /** The coefficients of det(x I - A) from the highest power down, of whole numbers (Faddeev and Le Verrier). */
  function characteristic(a) {
    const n = a.length;
    const found = [1n];
    let moved = a.map((row) => row.map(() => 0n));
    for (let k = 1; k <= n; k += 1) {
      for (let i = 0; i < n; i += 1) moved[i][i] += found[k - 1];
      moved = a.map((row) => times(row, moved));
      const trace = moved.reduce((sum, row, i) => sum + row[i], 0n);
      found.push(-trace / BigInt(k));
    }
    return found;
  }

  /** A row of whole numbers times a matrix of them. */
  function times(row, a) {
    const found = a[0].map(() => 0n);
    row.forEach((x, k) => {
      if (x === 0n) return;
      spend(a.length * Math.ceil(cost(a[k][k]) / 20)); // products alone, and no lowest terms
      a[k].forEach((y, j) => (found[j] += x * y));
    });
    return found;
  }

  /**
   * How many eigenvalues of a symmetric matrix are negative, 0 and positive. All are real, so by Descartes the changes
   * of sign among the coefficients of the characteristic polynomial are as many as the positive ones.
   */
  function inertia(a) {
    if (!a.length) return { negative: 0, zero: 0, positive: 0 };
    require(equal(a, transposed(a)), "expected a symmetric matrix");
    const found = characteristic(cleared(a));
    const signs = found.map((c) => (c > 0n ? 1 : c < 0n ? -1 : 0));
    const zero = [...signs].reverse().findIndex((s) => s);
    const kept = signs.filter((s) => s);
    const positive = kept.filter((s, i) => i && s !== kept[i - 1]).length;
    return { negative: a.length - zero - positive, zero, positive };
  }

  /** 1, 0 or -1 as the least eigenvalue of a symmetric matrix is above, at or below a number. */
  function leastEigenvalue(a, at) {
    const { negative, zero } = inertia(minus(a, scaled(identity(a.length), at)));
    return negative ? -1 : zero ? 0 : 1;
  }

  /** The number of independent columns. */
  const rank = (a) => inertia(product(transposed(a), a)).positive;

  /** A matrix in a line: rows parted by semicolons. */
  const written = (a) => a.map((row) => row.join(", ")).join("; ");

  DLC.matrix = {
    ...{ matrix, shape, transposed, identity, map, plus, minus, scaled, entries, isZero, dot, product, inner, equal },
    ...{ inertia, leastEigenvalue, rank, written, column: (a) => a.map((x) => [x]), whole },
  };
});
