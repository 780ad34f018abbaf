/** Shallow models that move rational weights: one unit on samples, and pairs of units with the hinge loss. */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require } = DLC;
  const { ZERO, ONE, whole, number, quotient } = DLC.rational;
  const Q = DLC.rational;
  const M = DLC.matrix;
  const { grid } = DLC.landscape;

  const sum = (values) => values.reduce(Q.plus, ZERO);
  const mean = (values) => Q.over(sum(values), whole(values.length));

  /** A unit with the slopes 1 and another one: [output, slope]. At its kink it is refused. */
  function unit(slope, z) {
    require(!Q.isZero(z), "a unit is at its kink");
    const rate = Q.sign(z) > 0 ? ONE : slope;
    return [Q.times(rate, z), rate];
  }

  function slopeOf(said) {
    const slope = number(said.slope);
    require(Q.sign(slope) >= 0 && Q.compare(slope, ONE) <= 0, "slope: expected one from 0 to 1");
    return slope;
  }

  /** 1/2 mean (s(w . x) - s(truth . x))^2 over the rows x of the data. */
  function samples(said) {
    const [slope, data, truth] = [slopeOf(said), grid(said.data, "data"), grid(said.truth, "truth")];
    require(truth[0].length === 1 && data[0].length === truth.length, "truth: expected a column for the samples");
    const wanted = data.map((x) => M.product([x], truth)[0][0]).map((z) => (Q.sign(z) > 0 ? z : Q.times(slope, z)));
    const parts = (w) =>
      data.map((x, i) => {
        const [output, rate] = unit(slope, M.product([x], w)[0][0]);
        return { residual: Q.minus(output, wanted[i]), rate, x };
      });
    return {
      shape: [truth.length, 1],
      pass: 1,
      loss: (w) => DLC.network.half(mean(parts(w).map(({ residual: r }) => Q.times(r, r)))),
      gradient(w) {
        const all = parts(w);
        return truth.map((_, k) => [mean(all.map(({ residual, rate, x }) => Q.times(Q.times(residual, rate), x[k])))]);
      },
    };
  }

  /** max(0, 1 - y N(x)), N(x) = (2k)^{-1/2} (sum_{i <= k} s(w_i . x) - sum_{i > k} s(w_i . x)); a sample at a time. */
  function perceptron(said) {
    const [slope, data, labels] = [slopeOf(said), grid(said.data, "data"), said.labels.map(number)];
    const good = labels.length === data.length && labels.every((y) => Q.equal(Q.magnitude(y), ONE));
    require(good, "labels: expected 1 or -1 for each sample");
    const k = said.pairs;
    require(k === 2 || k === 8, "pairs: expected 2 or 8, so that 2k is a square");
    const size = quotient(1n, BigInt(Math.sqrt(2 * k)));
    const signs = [...Array(2 * k)].map((_, i) => (i < k ? size : Q.negative(size)));

    /** y N(x), and the slopes of it by each w_i . x. */
    function margin(w, sample) {
      const [x, y] = [data[sample], labels[sample]];
      const all = w.map((row) => unit(slope, M.dot(row, x)));
      const factors = signs.map((v) => Q.times(v, y));
      const value = sum(all.map(([output], i) => Q.times(factors[i], output)));
      require(!Q.equal(value, ONE), "a sample is at the hinge's kink");
      return { value, slopes: all.map(([, rate], i) => Q.times(factors[i], rate)) };
    }

    return {
      shape: [2 * k, data[0].length],
      pass: data.length,
      loss: (w) => mean(data.map((_, i) => Q.largest([Q.minus(ONE, margin(w, i).value), ZERO]))),
      gradient(w, step) {
        const sample = step % data.length;
        const { value, slopes } = margin(w, sample);
        const on = Q.compare(value, ONE) < 0 ? whole(-1) : ZERO;
        return slopes.map((rate) => data[sample].map((x) => Q.times(Q.times(on, rate), x)));
      },
    };
  }

  DLC.stepper = { samples, perceptron };
});
