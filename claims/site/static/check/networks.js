/**
 * A deep linear network W = W_N ... W_1 with its target Phi and learning rate, in rational numbers.
 *
 * l = 1/2 |W - Phi|_F^2, B_j = W_{j+1}^T W_{j+1} - W_j W_j^T, and a step subtracts eta times
 * W_{j+1:N}^T (W - Phi) W_{1:j-1}^T from each layer.
 */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require } = DLC;
  const { ZERO, number, quotient } = DLC.rational;
  const Q = DLC.rational;
  const M = DLC.matrix;

  const half = (a) => Q.times(a, quotient(1n, 2n));

  class Network {
    /** @param rate a rational, or null where any is meant; `most` is the largest that is, null where all are. */
    constructor(widths, weights, target, rate, most) {
      Object.assign(this, { widths, weights, target, rate, most, depth: weights.length });
    }

    /** W. */
    endToEnd(weights) {
      return M.product(...[...weights].reverse());
    }

    residual(weights) {
      return M.minus(this.endToEnd(weights), this.target);
    }

    loss(weights) {
      const residual = this.residual(weights);
      return half(M.inner(residual, residual));
    }

    gradients(weights) {
      const residual = this.residual(weights);
      const back = weights.map(M.transposed);
      return weights.map((_, j) => M.product(...back.slice(j + 1), residual, ...back.slice(0, j)));
    }

    /** The weights after one step. */
    step(weights) {
      require(this.rate, "steps: expected a rational learning rate");
      const gradients = this.gradients(weights);
      return weights.map((w, j) => M.minus(w, M.scaled(gradients[j], this.rate)));
    }

    after(weights, steps) {
      for (let t = 0; t < steps; t += 1) weights = this.step(weights);
      return weights;
    }

    /** max_j |B_j|_F^2, which is 0 at depth 1. */
    imbalance(weights) {
      const squares = weights.slice(1).map((above, j) => {
        const below = weights[j];
        const b = M.minus(M.product(M.transposed(above), above), M.product(below, M.transposed(below)));
        return M.inner(b, b);
      });
      return Q.largest([ZERO, ...squares]);
    }

    /** The smaller one of Phi Phi^T and Phi^T Phi: its eigenvalues are the squared singular values of Phi. */
    gram() {
      const [height, width] = M.shape(this.target);
      const back = M.transposed(this.target);
      return height < width ? M.product(this.target, back) : M.product(back, this.target);
    }
  }

  /** The network of a file. */
  function network(entry) {
    const { widths, weights, target, learning_rate: said } = entry;
    const fits = widths.length >= 2 && widths.length <= 9 && widths.every((d) => d >= 1 && d <= 16);
    require(fits, "widths: expected 2 to 9 whole numbers from 1 to 16");
    require(weights.length === widths.length - 1, `weights: expected ${widths.length - 1} matrices`);
    const layers = weights.map((rows, j) => M.matrix(rows, widths[j + 1], widths[j], `weights[${j}]`));
    const wanted = M.matrix(target, widths.at(-1), widths[0], "target");
    const last = said === "every" ? null : number(said.replace("every at most ", ""));
    require(last === null || Q.sign(last) > 0, "learning_rate: expected one > 0, or every");
    const any = said.startsWith("every");
    return new Network(widths, layers, wanted, any ? null : last, any ? last : null);
  }

  /** W_j v = w u and W_j^T u = w v: the number w. */
  function along(steps, name, a, v, u) {
    const value = Q.over(M.product(M.transposed(u), a, v)[0][0], M.inner(v, v));
    const ahead = M.minus(M.product(a, v), M.scaled(u, value));
    const back = M.minus(M.product(M.transposed(a), u), M.scaled(v, value));
    const holds = M.isZero(ahead) && M.isZero(back);
    steps.stated(
      `${name} maps its vector to ${value} times the next, and back`,
      holds,
      "the vectors are no mode of the network",
    );
    return [[value]];
  }

  /**
   * The network of width 1 along vectors v_0, ..., v_N of one length; the network itself where a file has none. A step
   * keeps W_j v_{j-1} = w_j v_j and W_j^T v_j = w_j v_{j-1}, moves the w_j as it moves width 1, and l is at least the
   * loss of width 1.
   */
  function alongMode(net, mode, steps) {
    if (!mode.length) return net;
    require(mode.length === net.widths.length, "mode: expected a vector for each width");
    const columns = mode.map((v, j) => M.transposed(M.matrix([v], 1, net.widths[j], "mode")));
    const sizes = columns.map((v) => M.inner(v, v));
    require(Q.sign(sizes[0]) > 0, "mode: expected vectors that are not 0");
    require(sizes.every((size) => Q.equal(size, sizes[0])), "the vectors are no mode of the network");
    const weights = net.weights.map((w, j) => along(steps, `layer ${j + 1}`, w, columns[j], columns[j + 1]));
    const target = along(steps, "the target", net.target, columns[0], columns.at(-1));
    return new Network(
      mode.map(() => 1),
      weights,
      target,
      net.rate,
      net.most,
    );
  }

  /** Weights in a line. */
  const written = (weights) => weights.map((w) => `[${M.written(w)}]`).join(" ");
  const same = (a, b) => a.every((w, j) => M.equal(w, b[j]));

  DLC.network = { network, alongMode, written, same, half };
});
