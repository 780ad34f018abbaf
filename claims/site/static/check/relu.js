/** One ReLU unit on data: 1/2 sum (w_2 max(w_1 x + b_1, 0) + b_2 - y)^2 at points (w_1, b_1, w_2, b_2). */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require } = DLC;
  const { ZERO, number } = DLC.rational;
  const Q = DLC.rational;

  /** Activation and residual of each sample. */
  function samples(data, [w1, b1, w2, b2]) {
    return data.map(([x, y]) => {
      const active = Q.plus(Q.times(w1, x), b1);
      const output = Q.plus(Q.times(w2, Q.largest([active, ZERO])), b2);
      return { x, active, residual: Q.minus(output, y) };
    });
  }

  const sum = (values) => values.reduce(Q.plus, ZERO);
  const loss = (data, point) => DLC.network.half(sum(samples(data, point).map(({ residual: r }) => Q.times(r, r))));

  /**
   * Where no activation is 0 the output is a line for the inputs whose unit is on, and b_2 for the others, near the
   * point; and no line and no number is better: the residuals are orthogonal to 1 and x, and to 1.
   */
  DLC.reluMinimum = function (said, cert, point, other, steps) {
    const data = DLC.landscape.grid(said.data, "data");
    const fits = point.length === 4 && point[0].length === 1 && data[0].length === 2;
    require(fits, "expected pairs, and (w_1, b_1, w_2, b_2)");
    require(cert.sense === "minimum", "sense: expected minimum");
    const [here, there] = [point, other].map((rows) => rows.map(([x]) => x));
    steps.numbers("f at the point", loss(data, here), "=", number(cert.value));
    steps.numbers("f at the other point", loss(data, there), "=", number(cert.better_value));
    steps.numbers("f at the other point is better", loss(data, there), "<", loss(data, here));
    const all = samples(data, here);
    all.forEach(({ x, active }) => steps.numbers(`the activation at x = ${x}`, active, "≠", ZERO));
    const [on, off] = [all.filter(({ active: a }) => Q.sign(a) > 0), all.filter(({ active: a }) => Q.sign(a) < 0)];
    const residuals = (list) => sum(list.map(({ residual }) => residual));
    steps.numbers(
      "the residuals where the unit is on: no other height of the line is better",
      residuals(on),
      "=",
      ZERO,
    );
    const moments = sum(on.map(({ x, residual }) => Q.times(x, residual)));
    steps.numbers("times x: no other slope of the line is better", moments, "=", ZERO);
    steps.numbers("the residuals where it is off: no other number is better", residuals(off), "=", ZERO);
    return `a local minimum, ${cert.value} where ${cert.better_value} is possible`;
  };
});
