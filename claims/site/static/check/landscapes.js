/**
 * The landscapes: from what a file says of a model and the shape of a point U, the objective as a function of a ring
 * and a point in it. N = U U^T - Z Z^T for a signal Z.
 *
 * ``degree`` > 0 is that of a form on the unit sphere; ``turns`` where rotations of U's columns change nothing;
 * ``solution`` is Z Z^T.
 */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require } = DLC;
  const { ZERO, ONE, whole, number, quotient } = DLC.rational;
  const Q = DLC.rational;
  const M = DLC.matrix;
  const P = DLC.polynomial;
  const { algebra } = DLC.ring;

  const QUARTER = quotient(1n, 4n);
  const range = (n) => [...Array(n).keys()];

  /** A matrix of any shape, from texts. */
  const grid = (rows, what) => M.matrix(rows, rows.length, rows[0]?.length, what);

  function symmetric(rows, size, what) {
    const found = grid(rows, what);
    const good = found.length === size && found[0].length === size && M.equal(found, M.transposed(found));
    require(good, `${what}: expected a symmetric ${size} x ${size} matrix`);
    return found;
  }

  /** Z Z^T, for a signal with no more columns than the point. */
  function squared(signal, [height, width]) {
    const z = grid(signal, "signal");
    require(z[0].length <= width, "signal: expected no more columns than U has");
    require(z.length === height, "the point has another number of rows than the model");
    return M.product(z, M.transposed(z));
  }

  /** U U^T - M. */
  function residual(a, u, target) {
    return target.map((row, i) =>
      row.map((value, j) => {
        const products = u[i].map((x, k) => a.times(x, u[j][k]));
        return a.minus(a.sum(products), a.constant(value));
      }),
    );
  }

  /** A quarter of a weighted sum of squares. */
  function quarter(a, values, weights) {
    const parts = values.map((x, k) => [x, weights ? weights[k] : ONE]).filter(([, weight]) => !Q.isZero(weight));
    return a.scaled(a.sum(parts.map(([x, weight]) => a.scaled(a.square(x), weight))), QUARTER);
  }

  /** 1/4 |U U^T - M|^2 for any symmetric M. */
  function factorization(said, [height]) {
    const target = symmetric(said.target, height, "target");
    return { turns: true, f: (a, u) => quarter(a, residual(a, u, target).flat()) };
  }

  /** 1/4 of the sum of N_ij^2 over the observed entries, those with a 1 in the pattern. */
  function completion(said, shape) {
    const pattern = symmetric(said.pattern, shape[0], "pattern");
    const target = squared(said.signal, shape);
    const bits = pattern.flat().every((x) => Q.equal(x, ZERO) || Q.equal(x, ONE));
    require(bits, "pattern: expected zeros and ones");
    return { turns: true, solution: target, f: (a, u) => quarter(a, residual(a, u, target).flat(), pattern.flat()) };
  }

  /**
   * delta is the least number with |T X - X| <= delta |X| for every symmetric X: delta^2 is the largest eigenvalue of
   * the square of L = (T - I) P on all matrices, P X = (X + X^T)/2.
   */
  function isometry(said, matrices, weights, size, steps) {
    const cells = range(size).flatMap((i) => range(size).map((j) => [i, j]));
    const flat = matrices.map((b) => b.flat());
    const c = Q.minus(number(said.identity), ONE);
    const half = quotient(1n, 2n);
    const away = cells.map(([i, j]) =>
      cells.map(([k, m]) => {
        const kept = [i === k && j === m, i === m && j === k].filter(Boolean).length;
        return Q.times(c, Q.times(half, whole(kept)));
      }),
    );
    const form = M.plus(away, M.product(M.transposed(flat), weights, flat));
    const root = said.delta.startsWith("sqrt ");
    const value = number(said.delta.replace("sqrt ", ""));
    const square = root ? value : Q.times(value, value);
    const rest = M.minus(M.scaled(M.identity(cells.length), square), M.product(form, form));
    steps.stated(
      `delta = ${said.delta} is the least with |T X - X| <= delta |X| for symmetric X`,
      M.leastEigenvalue(rest, ZERO) === 0,
      "delta is not the least such number for T",
    );
    steps.numbers("delta^2", square, "<", ONE);
  }

  /** 1/4 <N, T N>, T X = c X + sum_ab C_ab B_a <B_b, X>. */
  function sensing(said, shape, steps) {
    const c = number(said.identity);
    const target = squared(said.signal, shape);
    const matrices = said.matrices.map((rows) => symmetric(rows, shape[0], "matrices"));
    const weights = symmetric(said.coefficients, matrices.length, "coefficients");
    isometry(said, matrices, weights, shape[0], steps);
    const f = (a, u) => {
      const n = residual(a, u, target).flat();
      const measured = matrices.map((b) => a.dot(b.flat(), n));
      const mixed = weights
        .flatMap((row, i) => row.map((w, j) => [w, i, j]))
        .filter(([w]) => !Q.isZero(w))
        .map(([w, i, j]) => a.scaled(a.times(measured[i], measured[j]), Q.times(w, QUARTER)));
      return a.sum([
        quarter(
          a,
          n,
          n.map(() => c),
        ),
        ...mixed,
      ]);
    };
    return { turns: true, solution: target, f };
  }

  /** All lists of so many of the numbers from 0 on. */
  function* choices(count, of, from = 0) {
    if (count === 0) yield [];
    else
      for (let k = from; k <= of - count; k += 1) for (const rest of choices(count - 1, of, k + 1)) yield [k, ...rest];
  }

  /** Any n of the vectors are independent. */
  function fullSpark(vectors, n) {
    if (vectors.length < n) return false;
    for (const chosen of choices(n, vectors.length)) if (M.rank(chosen.map((k) => vectors[k])) < n) return false;
    return true;
  }

  /** 1/4 sum_l ((a_l.z)^2 - (a_l.x)^2)^2. */
  function phase(said, shape, steps) {
    const vectors = grid(said.vectors, "vectors");
    const target = squared(said.signal, shape);
    const fits = shape[1] === 1 && vectors[0].length === shape[0];
    require(fits, "expected one column, and vectors of its length");
    const spark = fullSpark(vectors, shape[0]);
    steps.stated(
      `${spark ? "any" : "not any"} ${shape[0]} of the vectors are independent, as the file says`,
      spark === said.full_spark,
      `full_spark: it is ${spark}`,
    );
    const seen = vectors.map((row) => M.product([row], target, M.transposed([row]))[0][0]);
    const f = (a, u) => {
      const z = u.map(([x]) => x);
      return quarter(
        a,
        vectors.map((row, l) => a.minus(a.square(a.dot(row, z)), a.constant(seen[l]))),
      );
    };
    return { turns: false, solution: target, f };
  }

  /** sum_l loss_l(|U^T x_l|^2); with fewer columns than inputs the losses are convex, of degree 2 at most. */
  function quadratic(said, [height, width]) {
    const inputs = grid(said.inputs, "inputs");
    require(said.losses.length === inputs.length, "losses: expected one for each input");
    require(inputs[0].length === height, "the point has another number of rows than the model");
    for (const text of said.losses) {
      const loss = P.evaluated(text, new Map([["s", P.variable("s")]]));
      const low = [...loss.keys()].every((key) => ["", "s", "s^2"].includes(key));
      const convex = low && Q.sign(P.coefficient(loss, "s^2")) >= 0;
      require(convex || width >= height, "losses: expected convex ones of degree 2");
    }
    const f = (a, u) =>
      a.sum(
        inputs.map((row, l) => {
          const outputs = range(width).map((k) =>
            a.dot(
              row,
              u.map((line) => line[k]),
            ),
          );
          return P.evaluated(said.losses[l], new Map([["s", a.sum(outputs.map(a.square))]]), a);
        }),
      );
    return { turns: true, f };
  }

  /** sum_i lambda_i <a_i, u>^p on |u| = 1, lambda_i > 0, a_i orthonormal. */
  function tensor(said, [height, width], steps) {
    const components = grid(said.components, "components");
    const weights = said.coefficients.map(number);
    const good = said.order >= 3 && said.order <= 9 && weights.length === components.length;
    require(good, "expected an order from 3 to 9");
    require(components[0].length === height, "the point has another number of rows than the model");
    const gram = M.product(components, M.transposed(components));
    steps.compared(
      "the products of the components, which are orthonormal",
      M.written(gram),
      "=",
      "I",
      M.equal(gram, M.identity(components.length)),
    );
    require(weights.every((x) => Q.sign(x) > 0) && width === 1, "expected positive coefficients, and one column");
    const f = (a, u) =>
      a.sum(
        components.map((row, i) => {
          return a.scaled(
            P.power(
              a.dot(
                row,
                u.map(([x]) => x),
              ),
              said.order,
              a,
            ),
            weights[i],
          );
        }),
      );
    return { degree: said.order, f };
  }

  /** A homogeneous polynomial, on |u| = 1. */
  function form(said, [height, width]) {
    const { names } = said;
    const fits = width === 1 && names.length === height && new Set(names).size === height;
    require(fits, "names: expected one for each entry of u");
    const p = P.evaluated(said.polynomial, new Map(names.map((name) => [name, P.variable(name)])));
    const degreeOf = (key) => key.split("*").reduce((sum, factor) => sum + Number(factor.split("^")[1] ?? 1), 0);
    const degrees = new Set([...p.keys()].map((key) => (key ? degreeOf(key) : 0)));
    const [degree] = degrees;
    require(degrees.size === 1 && degree >= 1, "polynomial: expected a homogeneous one");
    const f = (a, u) => P.evaluated(said.polynomial, new Map(names.map((name, i) => [name, u[i][0]])), a);
    return { degree, f };
  }

  const MODELS = { factorization, completion, sensing, phase, quadratic, tensor, form };

  /** The objective of a model for points of a shape; its own facts are checked as it is made. */
  function landscape(said, shape, steps) {
    const { degree = 0, turns = false, solution = null, f } = MODELS[said.model](said, shape, steps);
    return { degree, turns, solution, f: (ring, point) => f(algebra(ring), point) };
  }

  DLC.landscape = { landscape, grid };
});
