/** Certificates of networks that speak of every later step: each returns the number that the file must name. */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require } = DLC;
  const { ZERO, whole, number, quotient } = DLC.rational;
  const Q = DLC.rational;
  const M = DLC.matrix;
  const { alongMode, written, same, half } = DLC.network;

  const named = (count) => (count === 1 ? "1 step" : `${count} steps`);

  /** No learning rate moves weights whose gradients are all 0. */
  function stationary(net, said, steps) {
    const mode = alongMode(net, said.mode, steps);
    require(said.steps === 0 || mode.rate, "steps: expected 0, or a rational learning rate");
    const weights = mode.after(mode.weights, said.steps);
    const gradients = mode.gradients(weights);
    const zero = gradients.every(M.isZero);
    steps.compared(`the gradients after ${named(said.steps)}`, written(gradients), "=", "0", zero);
    return mode.loss(weights);
  }

  /** What recurs once recurs for ever. */
  function cycle(net, said, steps) {
    const mode = alongMode(net, said.mode, steps);
    require(mode.rate, "steps: expected a rational learning rate");
    require(said.period >= 1, "period: expected 1 or more");
    const first = mode.after(mode.weights, said.steps);
    const losses = [];
    let weights = first;
    for (let t = said.steps; t < said.steps + said.period; t += 1) {
      const shorter = t > said.steps && same(weights, first);
      if (t > said.steps) {
        steps.compared(
          `step ${t}: the weights are not the first, so that the period is not shorter`,
          written(weights),
          "≠",
          written(first),
          !shorter,
        );
      }
      losses.push(mode.loss(weights));
      steps.numbers(`step ${t}: loss`, losses.at(-1), "≥", number(said.loss));
      weights = mode.step(weights);
    }
    const end = said.steps + said.period;
    steps.compared(
      `step ${end}: the weights are those of step ${said.steps}, and so for ever`,
      written(weights),
      "=",
      written(first),
      same(weights, first),
    );
    return Q.least(losses);
  }

  /** Width 1, N even, all weights equal: they stay so, w^N >= 0 for ever, and 0 is nearer to a negative target. */
  function structure(net, said, steps) {
    const mode = alongMode(net, said.mode, steps);
    const narrow = mode.widths.every((d) => d === 1) && mode.depth % 2 === 0;
    require(narrow, "expected equal weights of width 1 and an even depth");
    const [[[weight]]] = mode.weights;
    const equal = mode.weights.every((w) => Q.equal(w[0][0], weight));
    steps.compared(
      "the weights are equal, as they stay under every learning rate",
      written(mode.weights),
      "=",
      `[${weight}] in each`,
      equal,
    );
    const [[target]] = mode.target;
    steps.numbers(
      `the depth ${mode.depth} is even, so that W = w^${mode.depth} ≥ 0 for ever, but the target`,
      target,
      "<",
      ZERO,
    );
    const loss = half(Q.times(target, target));
    steps.numbers("the loss is least at W = 0, where it is Phi^2 / 2", loss, ">", ZERO);
    return loss;
  }

  /**
   * W has a rank of at most a hidden width k, so |W - Phi|_F^2 is at least the sum of the n - k least squared singular
   * values of Phi (Eckart and Young), and each of these at least the least one.
   */
  function rank(net, said, steps) {
    const inner = net.widths.slice(1, -1);
    const tail = Math.min(net.widths[0], net.widths.at(-1)) - Math.min(...inner);
    require(inner.length && tail > 0, "expected a hidden layer with fewer units than inputs and outputs");
    const loss = number(said.loss);
    const square = Q.over(Q.times(loss, whole(2)), whole(tail));
    const place = M.leastEigenvalue(net.gram(), square);
    steps.stated(
      `sigma_min(Phi)^2 is ${square}, by the signs of the eigenvalues of Phi Phi^T less it`,
      place === 0,
      "expected (n - k) sigma_min(Phi)^2 / 2",
    );
    steps.numbers(
      `W has a rank of ${tail} less than Phi may have, so the loss is at least ${tail}/2 sigma_min(Phi)^2`,
      loss,
      ">",
      ZERO,
    );
    return loss;
  }

  /** Three layers are 0: l(W + t V) = l(W) - t^k <Phi, V_{1:N}> + O(t^{2k}), k >= 3. */
  function flatLoss(net, said, steps) {
    const zero = net.weights.map(M.isZero);
    const count = zero.filter(Boolean).length;
    steps.compared("layers that are 0, so that gradient and Hessian are 0", count, "≥", 3, count >= 3);
    require(said.direction.length === net.depth, "direction: expected a matrix for every layer");
    const layers = net.weights.map((w, j) => (zero[j] ? M.matrix(said.direction[j], ...M.shape(w), "direction") : w));
    const value = M.inner(net.target, net.endToEnd(layers));
    steps.numbers(`along the direction the loss falls by t^${count} times`, value, ">", ZERO);
    return value;
  }

  /**
   * The end-to-end field of two inputs, one output and balanced layers is minus
   * F = |W|^p (g + (N - 1) <g, W> W / |W|^2) with p = 2 - 2/N and g = W - Phi; at |W| = 1,
   * dF_1/dW_2 - dF_2/dW_1 = (p - (N - 1)) (W_2 g_1 - W_1 g_2).
   */
  function curl(net, steps) {
    const weight = net.endToEnd(net.weights);
    require(weight.length === 1 && weight[0].length === 2, "expected two inputs and one output");
    steps.numbers("the norm of W, squared", M.inner(weight, weight), "=", whole(1));
    steps.numbers("the imbalance", net.imbalance(net.weights), "=", ZERO);
    const [[w1, w2]] = weight;
    const [[g1, g2]] = M.minus(weight, net.target);
    const factor = Q.minus(Q.minus(whole(2), quotient(2n, BigInt(net.depth))), whole(net.depth - 1));
    const value = Q.times(factor, Q.minus(Q.times(w2, g1), Q.times(w1, g2)));
    steps.numbers("the curl of the end-to-end field", value, "≠", ZERO);
    return value;
  }

  function identity(net, said, steps) {
    require(net.rate === null && net.most === null, "no learning rate matters here; expected every");
    require(said.of === "loss" || said.of === "curl", "of: expected loss or curl");
    return said.of === "loss" ? flatLoss(net, said, steps) : curl(net, steps);
  }

  DLC.lasting = { stationary, cycle, structure, rank, identity };
});
