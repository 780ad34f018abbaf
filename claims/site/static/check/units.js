/**
 * Sums of ReLU units on Gaussian inputs: loss, gradient and Hessian, exactly.
 *
 *     l(w) = scale E (sum_i s(u_i . x) - sum_i s(v_i . x))^2,  u_i = P_i w, v_i = P_i truth, x ~ N(0, I), s = max(., 0)
 *
 * Taken for granted is DL-043: J = E s(u . x) s(v . x) = (area + (pi - th) <u, v>) / 2pi, area = |u| |v| sin th, th the
 * angle, and its derivatives, with t = (pi - th)/2pi and p the part of v across u:
 *
 *     dJ/du     = area/(2pi |u|^2) u + t v,
 *     d^2J/du^2 = (area/|u|^2 (I - u u^T/|u|^2) + p p^T/area) / 2pi,
 *     d^2J/dudv = t I + (u v^T + v u^T - <u, v> (u u^T/|u|^2 + v v^T/|v|^2)) / (2pi area).
 *
 * A point is w = c z with z rational. J is homogeneous of degree 1 in u, so c stands before the sums.
 */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require } = DLC;
  const { ZERO, ONE, whole, number, quotient } = DLC.rational;
  const Q = DLC.rational;
  const M = DLC.matrix;
  const R = DLC.real;
  const { grid } = DLC.landscape;

  const MOST = 8;
  const TURN = R.times(R.PI, R.rational(whole(2)));
  /** th / pi by cos^2 th, where 0 <= cos th. */
  const ANGLES = new Map([
    ["1", ZERO],
    ["3/4", quotient(1n, 6n)],
    ["1/4", quotient(1n, 3n)],
    ["0", quotient(1n, 2n)],
  ]);

  /** Matrices of numbers with pi and root. */
  const plus = (a, b) => M.map(R.plus, a, b);
  const scaled = (a, factor) => M.map((x) => R.times(R.rational(x), factor), a);
  const total = (all) => all.reduce(plus);
  const outer = (u, v) => M.product(u, M.transposed(v));

  /** left^T A right, for rational matrices on both sides. */
  function between(left, a, right) {
    const combined = (weights, values) =>
      weights
        .map((x, k) => [x, values[k]])
        .filter(([x]) => !Q.isZero(x))
        .map(([x, y]) => R.times(R.rational(x), y))
        .reduce(R.plus, R.rational(ZERO));
    const [rows, columns] = [M.transposed(left), M.transposed(right)];
    const half = rows.map((row) => M.transposed(a).map((column) => combined(row, column)));
    return half.map((row) => columns.map((column) => combined(column, row)));
  }

  /** J and its derivatives at two vectors that are not 0, at a known angle. */
  class Pair {
    constructor(u, v) {
      const dot = M.inner(u, v);
      const squares = [M.inner(u, u), M.inner(v, v)];
      require(squares.every((x) => Q.sign(x) > 0), "a unit is 0");
      const all = Q.times(...squares);
      const angle = ANGLES.get(String(Q.over(Q.times(dot, dot), all)));
      require(angle, "an angle between units is no multiple of pi/6, or one of pi/4");
      const th = Q.sign(dot) >= 0 ? angle : Q.minus(ONE, angle);
      const t = Q.times(Q.minus(ONE, th), quotient(1n, 2n));
      const area = R.squareRoot(Q.minus(all, Q.times(dot, dot)));
      Object.assign(this, { u, v, dot, squares, t, area });
    }

    value() {
      return R.plus(R.over(this.area, TURN), R.rational(Q.times(this.t, this.dot)));
    }

    slope() {
      const factor = R.over(this.area, R.times(TURN, R.rational(this.squares[0])));
      return plus(scaled(this.u, factor), scaled(this.v, R.rational(this.t)));
    }

    /** The second derivative by u. */
    bend() {
      const { u, v, dot, squares, area } = this;
      const unit = M.identity(u.length);
      if (R.isZero(area)) return scaled(unit, R.rational(ZERO));
      const p = M.minus(v, M.scaled(u, Q.over(dot, squares[0])));
      const across = M.minus(unit, M.scaled(outer(u, u), Q.over(ONE, squares[0])));
      const first = scaled(across, R.over(area, R.times(TURN, R.rational(squares[0]))));
      return plus(first, scaled(outer(p, p), R.over(R.rational(ONE), R.times(TURN, area))));
    }

    /** The derivative by u and v. */
    gate() {
      const { u, v, dot, squares, t, area } = this;
      const plain = scaled(M.identity(u.length), R.rational(t));
      if (R.isZero(area)) return plain;
      const own = [u, v].map((x, k) => M.scaled(outer(x, x), Q.over(dot, squares[k])));
      const mixed = M.minus(M.minus(M.plus(outer(u, v), outer(v, u)), own[0]), own[1]);
      return plus(plain, scaled(mixed, R.over(R.rational(ONE), R.times(TURN, area))));
    }
  }

  /** The model at a point c z. */
  class Units {
    constructor(scale, maps, truth, factor, direction) {
      Object.assign(this, { scale, maps, truth, factor, direction });
      const pairs = (left, right) =>
        maps.map((p) => maps.map((q) => new Pair(M.product(p, left), M.product(q, right))));
      this.own = pairs(direction, direction);
      this.mixed = pairs(direction, truth);
      this.wanted = pairs(truth, truth);
    }

    loss() {
      const sum = (pairs) =>
        pairs
          .flat()
          .map((pair) => pair.value())
          .reduce(R.plus);
      const c = this.factor;
      const cross = R.times(R.rational(whole(-2)), R.times(c, sum(this.mixed)));
      const found = R.plus(R.plus(R.times(R.times(c, c), sum(this.own)), cross), sum(this.wanted));
      return R.times(found, R.rational(this.scale));
    }

    /** 2 scale times something. */
    twice(a) {
      return M.map((x) => R.times(x, R.rational(Q.times(whole(2), this.scale))), a);
    }

    gradient() {
      const one = M.identity(1);
      const slopes = (pairs) => total(pairs.flatMap((row, i) => row.map((x) => between(this.maps[i], x.slope(), one))));
      const [own, mixed] = [slopes(this.own), slopes(this.mixed)];
      return this.twice(M.map((x, y) => R.minus(R.times(x, this.factor), y), own, mixed));
    }

    hessian() {
      const { maps, factor } = this;
      const bends = (pairs) => total(pairs.flatMap((row, i) => row.map((x) => between(maps[i], x.bend(), maps[i]))));
      const gates = total(this.own.flatMap((row, i) => row.map((x, j) => between(maps[i], x.gate(), maps[j]))));
      const less = M.map((x) => R.negative(R.over(x, factor)), bends(this.mixed));
      return this.twice(total([gates, bends(this.own), less]));
    }
  }

  /** The model that a file holds, at a point. */
  function units(said, factor, direction) {
    const scale = number(said.scale);
    require(Q.sign(scale) > 0 && R.sign(factor) > 0, "expected a scale and a factor > 0");
    require(said.maps.length >= 1 && said.maps.length <= MOST, `maps: expected 1 to ${MOST} matrices`);
    const [maps, truth] = [said.maps.map((rows) => grid(rows, "maps")), grid(said.truth, "truth")];
    const [height, width] = M.shape(maps[0]);
    const alike = maps.every((p) => p.length === height && p[0].length === width);
    const columns = [truth, direction].every((x) => x.length === width && x[0].length === 1);
    require(alike && columns, "expected maps of one shape, and columns for them");
    return new Units(scale, maps, truth, factor, direction);
  }

  /** The pivots of a symmetric matrix, up to the first that is not positive. */
  function pivots(a) {
    const found = [];
    for (let rows = a; rows.length;) {
      const [[pivot, ...right], ...rest] = rows;
      found.push(pivot);
      if (R.sign(pivot) <= 0) break;
      rows = rest.map(([first, ...row]) => row.map((x, k) => R.minus(x, R.over(R.times(first, right[k]), pivot))));
    }
    return found;
  }

  DLC.units = { units, pivots, scaled };
});
