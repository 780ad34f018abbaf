/** Certificates about trajectories of shallow models: poor minima, flat directions, returns, what is kept, and limits. */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, shorten } = DLC;
  const { ZERO, ONE, number, quotient } = DLC.rational;
  const Q = DLC.rational;
  const M = DLC.matrix;
  const P = DLC.polynomial;
  const R = DLC.real;
  const { units, pivots, scaled } = DLC.units;
  const { grid } = DLC.landscape;

  const LONGEST = 16;
  const BEARS_ON = {
    units: { poor: "DL-045", returns: "DL-046", flat: "DL-049" },
    samples: { returns: "DL-048" },
    perceptron: { returns: "DL-053" },
    sensing: { kept: "DL-055", limit: "DL-055" },
    product: { kept: "DL-056" },
  };
  const NOTHING = R.rational(ZERO);
  const allZero = (a) => a.flat().every(R.isZero);
  const written = (a) => a.map((row) => row.join(", ")).join("; ");
  const same = (a, b) => M.map(R.minus, a, b).flat().every(R.isZero);

  /** A critical point of positive loss with a positive definite Hessian; the truth has loss 0. */
  function poor(said, cert, steps) {
    const f = units(said, R.read(cert.factor), grid(cert.direction, "direction"));
    const gradient = f.gradient();
    steps.compared("the gradient", written(gradient), "=", "0", allZero(gradient));
    pivots(f.hessian()).forEach((pivot, k) => steps.reals(`pivot ${k + 1} of the Hessian`, pivot, ">", NOTHING));
    steps.reals("the loss", f.loss(), "=", R.read(cert.value));
    steps.reals("which is more than at the truth", f.loss(), ">", NOTHING);
    return `a strict local minimum, ${cert.value} where 0 is possible`;
  }

  /** At the truth the Hessian maps a direction that is not 0 to 0. */
  function flat(said, cert, steps) {
    const f = units(said, R.rational(ONE), grid(said.truth, "truth"));
    const way = grid(cert.direction, "direction");
    require(way.length === f.truth.length && way[0].length === 1, "direction: expected a column for the weights");
    steps.compared("the direction", M.written(way), "≠", "0", !M.isZero(way));
    const image = f.hessian().map((row) => row.map((h, k) => R.times(h, R.rational(way[k][0]))).reduce(R.plus));
    steps.compared("the Hessian at the truth times it", image.join(", "), "=", "0", image.every(R.isZero));
    return "the Hessian at the truth is singular";
  }

  /** Where units on Gaussian inputs are moved to, and their losses. */
  function movedUnits(said, points, factors, rate) {
    const models = points.map((point, k) => units(said, factors[k], point));
    const moved = models.map((f, k) => {
      const step = M.map((x) => R.times(x, rate), f.gradient());
      return M.map(R.minus, scaled(points[k], factors[k]), step);
    });
    return { moved, losses: models.map((f) => f.loss()) };
  }

  /** Where weights on samples are moved to; a single point must stay for every sample of a pass. */
  function movedSamples(said, points, factors, rate) {
    const f = DLC.stepper[said.model](said);
    require(factors.every((c) => R.equal(c, R.rational(ONE))), "factors: expected 1");
    const fits = points[0].length === f.shape[0] && points[0][0].length === f.shape[1];
    require(fits, `expected points of ${f.shape[0]} rows and ${f.shape[1]} columns`);
    require(points.length === 1 || points.length % f.pass === 0, "expected whole passes over the samples");
    const eta = R.asRational(rate);
    require(eta, "learning_rate: expected a rational one");
    const after = (w, t) => M.minus(w, M.scaled(f.gradient(w, t), eta));
    const [first] = points;
    for (let t = 1; points.length === 1 && t < f.pass; t += 1) {
      require(M.equal(after(first, t), first), "a step leads to another point");
    }
    const real = (a) => scaled(a, R.rational(ONE));
    return { moved: points.map((w, t) => real(after(w, t))), losses: points.map((w) => R.rational(f.loss(w))) };
  }

  /** Gradient descent goes through all points in their order and back to the first, and so for ever. */
  function returns(said, cert, steps) {
    const points = cert.directions.map((rows) => grid(rows, "directions"));
    const factors = cert.factors.map(R.read);
    const count = points.length;
    const fits = count >= 1 && count <= LONGEST && factors.length === count;
    require(fits, `expected a factor for each of 1 to ${LONGEST} directions`);
    const alike = points.every((p) => p.length === points[0].length && p[0].length === points[0][0].length);
    require(alike, "expected points of one shape");
    const every = cert.learning_rate === "every";
    require(every === (count === 1), "learning_rate: every is for a point that stays");
    const rate = every ? R.rational(ONE) : R.read(cert.learning_rate);
    if (!every) steps.reals("the learning rate", rate, ">", NOTHING);
    const at = points.map((p, k) => scaled(p, factors[k]));
    at.slice(1).forEach((point, k) =>
      steps.compared(
        `point ${k + 2} is not the first, so that the period is not shorter`,
        written(point),
        "≠",
        written(at[0]),
        !same(point, at[0]),
      ),
    );
    const { moved, losses } = (said.model === "units" ? movedUnits : movedSamples)(said, points, factors, rate);
    moved.forEach((point, k) => {
      const next = at[(k + 1) % count];
      const sentence = every ? "a step leaves the point where it is, at every rate" : `a step from point ${k + 1}`;
      steps.compared(sentence, written(point), "=", written(next), same(point, next));
    });
    const least = R.read(cert.value);
    losses.forEach((loss, k) => steps.reals(`point ${k + 1}: loss`, loss, "≥", least));
    const attained = losses.some((loss) => R.equal(loss, least));
    steps.stated("one of these losses is the value", attained, "the value is another");
    steps.reals("the value", least, ">", NOTHING);
    const what = every ? "stays where it is" : `recurs with period ${count}`;
    return `${what}, with a loss of at least ${cert.value} for ever`;
  }

  // Factors: an objective and an error as functions of a ring and a list of its elements.

  /** a and y of <diag(a), U U^T> = y. */
  function diagonal(said) {
    const [a, y] = [said.diagonal.map(number), number(said.measured)];
    const good = a.length >= 2 && Q.sign(a[0]) > 0 && Q.sign(y) > 0;
    require(good, "expected a_1 > 0, two numbers or more on the diagonal, and y > 0");
    return [a, y];
  }

  /** 1/4 (sum_i a_i u_i^2 - y)^2, with the error sum_{i > 1} u_i^4. */
  function sensing(said) {
    const [a, y] = diagonal(said);
    const squares = (ring, u) => u.map(ring.square);
    return {
      count: a.length,
      f: (ring, u) =>
        ring.scaled(ring.square(ring.minus(ring.dot(a, squares(ring, u)), ring.constant(y))), quotient(1n, 4n)),
      error: (ring, u) => ring.sum(squares(ring, u).slice(1).map(ring.square)),
    };
  }

  /** 1/2 (u v - m)^2, which is also the error. */
  function product(said) {
    const target = number(said.target);
    require(Q.sign(target) > 0, "target: expected one > 0");
    const f = (ring, [u, v]) => {
      return ring.scaled(ring.square(ring.minus(ring.times(u, v), ring.constant(target))), quotient(1n, 2n));
    };
    return { count: 2, f, error: f };
  }

  /** The part of a polynomial that is of degree 1 in s, divided by it. */
  const slopeIn = (p, s) =>
    new Map(
      [...p]
        .filter(([key]) => key.split("*").includes(s))
        .map(([key, value]) => [
          key
            .split("*")
            .filter((factor) => factor !== s)
            .join("*"),
          value,
        ]),
    );

  /** A column of a file, as a list. */
  function listed(rows, what) {
    const column = grid(rows, what);
    require(column[0].length === 1, `${what}: expected a column`);
    return column.map(([x]) => x);
  }

  /** For every learning rate <a, u> stays what it is, and there the error is the value and a sum of even terms. */
  function kept(said, cert, steps) {
    const model = { sensing, product }[said.model](said);
    const [a, point] = [listed(cert.kept, "kept"), listed(cert.point, "point")];
    const fits = a.length === model.count && point.length === model.count && !a.every(Q.isZero);
    require(fits, "kept: expected one number for each factor, not all 0");
    const ring = DLC.ring.algebra(P.ring);
    const names = a.map((_, i) => `u${String.fromCharCode(97 + i)}`);
    const u = names.map(P.variable);
    const moved = u.map((x, i) => P.plus(x, P.times(P.constant(a[i]), P.variable("s"))));
    const change = slopeIn(model.f(ring, moved), "s");
    const level = M.dot(a, point);
    const k = a.findIndex((x) => !Q.isZero(x));
    const others = names.map((name, i) => (i === k ? P.constant(level) : P.times(P.constant(Q.negative(a[i])), u[i])));
    const solved = P.times(others.reduce(P.plus), P.constant(Q.over(ONE, a[k])));
    const on = u.map((x, i) => (i === k ? solved : x));
    const values = new Map(names.map((name, i) => [name, on[i]]));
    const there = change.size ? P.evaluated(P.written(change), values) : change;
    const holds = !change.size || (Q.isZero(level) && !there.size);
    steps.compared(
      change.size ? "<a, gradient> where <a, u> = 0, as it is at the start" : "<a, gradient> everywhere",
      holds ? "0" : P.written(change),
      "=",
      "0",
      holds,
    );
    const value = number(cert.value);
    const rest = P.minus(model.error(ring, on), P.constant(value));
    const even = (key) => key && key.split("*").every((factor) => Number(factor.split("^")[1] ?? 1) % 2 === 0);
    const good = [...rest].every(([key, x]) => Q.sign(x) > 0 && even(key));
    steps.compared(
      `the error where <a, u> = ${level}, less ${value}, is a sum of even powers`,
      P.written(rest),
      "≥",
      "0",
      good,
    );
    steps.numbers("the least error", value, ">", ZERO);
    return `an error of at least ${cert.value} at every learning rate, for ever`;
  }

  /**
   * The flow from U = alpha I ends at U U^T = diag(s): s_i = alpha^2 exp(-2 a_i T) for a T that only goes to where
   * <a, s> = y, so that s_i = alpha^{2 - 2 a_i} s_1^{a_i} there; with a_i = p/q, s_i^q = alpha^{2 (q - p)} s_1^p.
   */
  function limit(said, cert, steps) {
    const [a, y] = diagonal(said);
    const [alpha, s] = [number(cert.start), listed(cert.point, "point")];
    const positive = s.length === a.length && [alpha, ...s].every((x) => Q.sign(x) > 0);
    require(positive, "expected a start > 0, and a point > 0 for the diagonal");
    const short = a.every((x) => Q.sign(x) >= 0 && x.top <= 64n && x.bottom <= 64n);
    const good = Q.equal(a[0], ONE) && short;
    require(good, "diagonal: expected a_1 = 1 and others >= 0, with short numerators and denominators");
    steps.numbers("the point's measurement <a, s>", M.dot(a, s), "=", y);
    const raised = (x, n) => (n >= 0 ? Q.power(x, n) : Q.over(ONE, Q.power(x, -n)));
    a.forEach((x, i) => {
      const [p, q] = [Number(x.top), Number(x.bottom)];
      steps.numbers(
        `the point is on the flow's path: s_${i + 1}^${q} against alpha^${2 * (q - p)} s_1^${p}`,
        Q.power(s[i], q),
        "=",
        Q.times(raised(alpha, 2 * (q - p)), Q.power(s[0], p)),
      );
    });
    const value = s.slice(1).reduce((all, x) => Q.plus(all, Q.times(x, x)), ZERO);
    steps.numbers("the error there", value, "=", number(cert.value));
    return `the flow ends at a point with the error ${shorten(cert.value)}`;
  }

  const KINDS = { poor, flat, returns, kept, limit };
  DLC.models["deep-linear-claims/counterexample/3"] = (entry, steps) =>
    DLC.verifiedModel(entry, entry.shallow, BEARS_ON, KINDS, steps);
});
