/** Certificates about landscapes: local minima that are poor, flat curves that fall, indices, cycles, lost signals. */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require } = DLC;
  const { ZERO, ONE, whole, number } = DLC.rational;
  const Q = DLC.rational;
  const M = DLC.matrix;
  const { numbers, curves, around } = DLC.ring;
  const { landscape, grid } = DLC.landscape;

  const LONGEST = 64;
  const BEARS_ON = {
    factorization: { minimum: "DL-035", recurrence: "DL-042" },
    completion: { minimum: "DL-036", lost: "DL-036" },
    tensor: { minimum: "DL-037", descent: "DL-037" },
    phase: { minimum: "DL-038", lost: "DL-038" },
    quadratic: { minimum: "DL-039" },
    form: { descent: "DL-040", order: "DL-040" },
    sensing: { minimum: "DL-041", descent: "DL-041" },
    relu: { minimum: "DL-042" },
  };
  const NOT = { minimum: "negative", maximum: "positive" };
  const better = { minimum: "<", maximum: ">" };

  /** The value at a point, as the file names it; on the sphere the sign and square of that at the unit vector. */
  function valued(model, point, said, name, steps) {
    const value = model.f(numbers, point);
    steps.numbers(`f at ${name}`, value, "=", number(said));
    const square = M.inner(point, point);
    require(Q.sign(square) > 0 || !model.degree, "expected a point that is not 0");
    if (!model.degree) return value;
    return Q.over(Q.times(value, Q.magnitude(value)), Q.power(square, model.degree));
  }

  /** Gradient and Hessian at a point. */
  function derivatives(model, point) {
    const [ring, variables] = around(point);
    return model.f(ring, variables);
  }

  /**
   * The signs of the Hessian's eigenvalues at a critical point. On the sphere: D f = p f u / |u|^2, and those of
   * Pi (D^2 f - p f / |u|^2 I) Pi, Pi = |u|^2 I - u u^T, of which one is the 0 along u.
   */
  function curvature(model, point, name, steps) {
    const { value, first, second } = derivatives(model, point);
    const written = first.join(", ");
    if (!model.degree) {
      steps.compared(`the gradient at ${name}`, written, "=", "0", first.every(Q.isZero));
      return M.inertia(second);
    }
    const u = point.map(([x]) => x);
    const square = M.dot(u, u);
    const slope = Q.over(Q.times(whole(model.degree), value), square);
    const along = u.map((x) => Q.times(x, slope));
    steps.compared(
      `the gradient at ${name} is along it, so that on the sphere it is 0`,
      written,
      "=",
      along.join(", "),
      first.every((x, i) => Q.equal(x, along[i])),
    );
    const unit = M.identity(u.length);
    const across = M.minus(M.scaled(unit, square), M.product(M.column(u), [u]));
    const shifted = M.minus(second, M.scaled(unit, slope));
    const found = M.inertia(M.product(across, shifted, across));
    return { ...found, zero: found.zero - 1 };
  }

  /** No eigenvalue of the sign in which the value could get better. */
  function noWayOut(signs, sense, steps) {
    const count = signs[NOT[sense]];
    steps.compared(`${NOT[sense]} eigenvalues of the Hessian`, count, "=", 0, count === 0);
  }

  /** The dimension of {U K : K skew-symmetric}, along which rotations of U's columns lead. */
  function orbit(point) {
    const [rank, width] = [M.rank(point), point[0].length];
    return (rank * (2 * width - rank - 1)) / 2;
  }

  function twoPoints(said) {
    const [point, other] = [grid(said.point, "point"), grid(said.better, "better")];
    const same = point.length === other.length && point[0].length === other[0].length;
    require(same, "expected two points of one shape");
    return [point, other];
  }

  /** Enough measurements to determine the signal, or, of one that is lost, nearly. */
  function determined(said, count, lost, steps) {
    if (said.model === "phase") {
      const signs = said.vectors.flat().every((text) => text === "1" || text === "-1");
      const enough = said.vectors.length >= count && (said.full_spark || (lost && signs));
      steps.stated(
        `at least ${count} vectors, ${said.full_spark ? "of full spark" : "of signs"}`,
        enough,
        lost
          ? "expected more measurements, and a signal without zeros"
          : "expected measurements that determine the signal",
      );
    }
    if (said.model === "completion") {
      const holds = connected(said.pattern) && said.signal.flat().every((text) => text !== "0");
      steps.stated(
        "the pattern is connected, and the signal has no zero",
        holds,
        lost
          ? "expected more measurements, and a signal without zeros"
          : "expected measurements that determine the signal",
      );
    }
  }

  /** Every row of a pattern is reached from the first one. */
  function connected(pattern) {
    const seen = new Set([0]);
    for (const i of seen) pattern[i].forEach((text, j) => text !== "0" && seen.add(j));
    return seen.size === pattern.length;
  }

  /** A local minimum, or maximum, by its Hessian, and a better point. */
  function minimum(said, cert, steps) {
    const [point, other] = twoPoints(cert);
    if (said.model === "relu") return DLC.reluMinimum(said, cert, point, other, steps);
    const model = landscape(said, M.shape(point), steps);
    determined(said, 2 * point.length - 1, false, steps);
    const value = valued(model, point, cert.value, "the point", steps);
    const there = valued(model, other, cert.better_value, "the other point", steps);
    const name = model.degree
      ? "f |f| at the other point is better, where both have length 1"
      : "f at the other point is better";
    steps.numbers(name, there, better[cert.sense], value);
    const signs = curvature(model, point, "the point", steps);
    noWayOut(signs, cert.sense, steps);
    const free = model.turns ? orbit(point) : 0;
    const rest = free ? "those of the rotations of U's columns" : "of which there is none";
    steps.compared(`eigenvalues of the Hessian that are 0, ${rest}`, signs.zero, "=", free, signs.zero === free);
    return `a local ${cert.sense}, ${cert.value} where ${cert.better_value} is possible`;
  }

  /** A critical point without curvature of the wrong sign, and a curve along which the value gets better. */
  function descent(said, cert, steps) {
    const point = grid(cert.point, "point");
    const model = landscape(said, M.shape(point), steps);
    const value = valued(model, point, cert.value, "the point", steps);
    noWayOut(curvature(model, point, "the point", steps), cert.sense, steps);
    const fits = cert.curve.length === point.length && cert.curve.every((row) => row.length === point[0].length);
    require(fits, "curve: expected the shape of the point");
    const t = new Map([["t", curves.variable]]);
    const curve = cert.curve.map((row) => row.map((text) => DLC.polynomial.evaluated(text, t, curves)));
    const start = curve.map((row) => row.map(([first]) => first));
    steps.compared("the curve at t = 0", M.written(start), "=", M.written(point), M.equal(start, point));
    let length = [ONE];
    if (model.degree) {
      steps.numbers("|u|^2 at the point", M.inner(point, point), "=", ONE);
      require(model.degree % 2 === 0 || Q.isZero(value), "expected |u| = 1, and p even or f = 0");
      const square = curve
        .flat()
        .map((x) => curves.times(x, x))
        .reduce(curves.plus);
      length = DLC.polynomial.power(square, Math.floor(model.degree / 2), curves);
    }
    const less = curves.times(curves.constant(Q.negative(number(cert.value))), length);
    const change = curves.plus(model.f(curves, curve), less);
    const power = change.findIndex((x) => !Q.isZero(x));
    require(power >= 0, "along the curve it changes by 0");
    steps.compared(
      "along the curve the change begins with the power of t",
      power,
      "=",
      cert.power,
      power === cert.power,
    );
    steps.numbers("with the coefficient", change[power], "=", number(cert.coefficient));
    steps.numbers("which leads to better values", change[power], better[cert.sense], ZERO);
    return `no first-order change and no curvature of this sign, yet ${cert.coefficient} t^${cert.power} along a curve`;
  }

  /** Two nondegenerate critical points, the lower one of larger index. */
  function order(said, cert, steps) {
    const two = [cert.points, cert.values, cert.indices].every((list) => list.length === 2);
    require(two, "expected two points, values and indices");
    const points = cert.points.map((rows) => grid(rows, "points"));
    const same = points[0].length === points[1].length && points[0][0].length === points[1][0].length;
    require(same, "expected two points of one shape");
    const model = landscape(said, M.shape(points[0]), steps);
    const names = ["the first point", "the second point"];
    const values = points.map((point, k) => valued(model, point, cert.values[k], names[k], steps));
    const found = points.map((point, k) => {
      const { negative, zero } = curvature(model, point, names[k], steps);
      steps.compared(`eigenvalues of the Hessian at ${names[k]} that are 0`, zero, "=", 0, zero === 0);
      const index = cert.indices[k];
      steps.compared(`negative eigenvalues of the Hessian at ${names[k]}`, negative, "=", index, negative === index);
      return negative;
    });
    steps.numbers("f |f| where |u| = 1: the first point is lower", values[0], "<", values[1]);
    steps.compared("and has more directions of descent", found[0], ">", found[1], found[0] > found[1]);
    return `a critical point of index ${found[0]} below one of index ${found[1]}`;
  }

  /** Gradient descent returns after a period, the least one, and is never as good as some better point. */
  function recurrence(said, cert, steps) {
    const [point, other] = twoPoints(cert);
    const rate = number(cert.learning_rate);
    const good = Q.sign(rate) > 0 && cert.period >= 2 && cert.period <= LONGEST;
    require(good, "expected a learning rate > 0 and a period");
    const model = landscape(said, M.shape(point), steps);
    const width = point[0].length;
    const values = [];
    let now = point;
    for (let t = 0; t < cert.period; t += 1) {
      if (t)
        steps.compared(
          `step ${t}: the point is not the first, so that the period is not shorter`,
          M.written(now),
          "≠",
          M.written(point),
          !M.equal(now, point),
        );
      const { value, first } = derivatives(model, now);
      values.push(value);
      steps.numbers(`step ${t}: f`, value, "≥", number(cert.value));
      now = M.map(
        (x, k) => Q.minus(x, Q.times(rate, k)),
        now,
        now.map((_, i) => first.slice(i * width, (i + 1) * width)),
      );
    }
    steps.compared(
      `step ${cert.period}: the point is the first one, and so for ever`,
      M.written(now),
      "=",
      M.written(point),
      M.equal(now, point),
    );
    steps.numbers("the least value on the way", Q.least(values), "=", number(cert.value));
    const there = valued(model, other, cert.better_value, "the other point", steps);
    steps.numbers("f at the other point is better", there, "<", number(cert.value));
    return `recurs with period ${cert.period}, and at least ${cert.value} where ${cert.better_value} is possible`;
  }

  /** Another point than the signal with the same measurements. */
  function lost(said, cert, steps) {
    const point = grid(cert.point, "point");
    const model = landscape(said, M.shape(point), steps);
    valued(model, point, "0", "the point, where all measurements are those of the signal", steps);
    const square = M.product(point, M.transposed(point));
    steps.compared(
      "yet it is no signal like the file's: U U^T",
      M.written(square),
      "≠",
      M.written(model.solution),
      !M.equal(square, model.solution),
    );
    determined(said, 2 * point.length - 2, true, steps);
    return "two signals with the same measurements";
  }

  /** What the certificate of a model shows, and the claim that it bears on. */
  DLC.verifiedModel = function (entry, model, bearsOn, kinds, steps) {
    const { certificate: said, refutes } = entry;
    const claims = bearsOn[model.model];
    require(Object.hasOwn(claims, said.kind), `${said.kind} is no kind of certificate for this model`);
    const bears = claims[said.kind];
    require(["", bears].includes(refutes.claim), `it bears on ${bears}, or on a conjecture`);
    const sentence = kinds[said.kind](model, said, steps);
    return `${sentence}; refutes ${refutes.claim ? `a stronger ${bears}` : "a conjecture"}`;
  };

  const KINDS = { minimum, descent, order, recurrence, lost };
  DLC.models = {
    "deep-linear-claims/counterexample/2": (entry, steps) =>
      DLC.verifiedModel(entry, entry.landscape, BEARS_ON, KINDS, steps),
  };
});
