/** Statements that are violated after a number of steps. */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, shorten } = DLC;
  const { ZERO, whole, number, quotient } = DLC.rational;
  const Q = DLC.rational;

  /** The loss exceeds that of the step before. */
  function lossRises({ net, said, before, after, steps }) {
    steps.numbers(`the loss at step ${said.steps}, and at the one before`, net.loss(after), ">", net.loss(before));
  }

  /** Exact balance at the start, and not here. */
  function balanceIsLost({ net, said, after, steps }) {
    steps.numbers("the imbalance at the start", net.imbalance(net.weights), "=", ZERO);
    steps.numbers(`the imbalance at step ${said.steps}, squared`, net.imbalance(after), ">", ZERO);
  }

  /** Width 1, one step from |w_j| in [B, C] with B >= 2 and eta B^{2N-1} >= 20 C. */
  function weightsBeyond({ net, said, after, steps }) {
    const sizes = (weights) => weights.map((w) => Q.magnitude(w[0][0]));
    require(net.widths.every((d) => d === 1) && said.steps === 1, "expected layers of width 1 and one step");
    const [low, high] = [Q.least(sizes(net.weights)), Q.largest(sizes(net.weights))];
    const bound = (size) => Q.times(net.rate, Q.power(size, 2 * net.depth - 1));
    steps.numbers("B, the least of |w_j|", low, "≥", whole(2));
    steps.numbers("eta B^(2N-1) against 20 C, C the largest", bound(low), "≥", Q.times(whole(20), high));
    steps.numbers("after the step the largest weight, against eta C^(2N-1)", Q.largest(sizes(after)), ">", bound(high));
  }

  /** Within delta of DL-004 at the start, beyond 2 delta here. */
  function imbalanceBeyond({ net, said, margin, after, steps }) {
    const n = net.depth;
    const { delta } = DLC.theorem.limits("DL-004", n, margin, DLC.matrix.inner(net.target, net.target));
    const raised = (weights) => Q.power(net.imbalance(weights), n);
    steps.numbers(`the imbalance at the start against delta, to the power ${2 * n}`, raised(net.weights), "≤", delta);
    steps.numbers(
      `the imbalance at step ${said.steps} against 2 delta, to the power ${2 * n}`,
      raised(after),
      ">",
      Q.times(whole(4n ** BigInt(n)), delta),
    );
  }

  /** l > l(0) exp(-eta c^{2(N-1)/N} t), by a rational exponent that is at most that one. */
  function guaranteeIsMissed({ net, said, margin, after, steps }) {
    const [n, x] = [net.depth, number(said.exponent)];
    steps.numbers("the exponent x", x, ">", ZERO);
    const promised = Q.times(Q.power(net.rate, n), Q.power(margin, 2 * n - 2));
    steps.numbers(
      `x is at most the promised eta c^(2(N-1)/N) t: x/t against it, to the power ${n}`,
      Q.power(Q.over(x, whole(said.steps)), n),
      "≤",
      promised,
    );
    let sum = whole(1);
    for (let k = 24n; k > 0n; k -= 1n) sum = Q.plus(whole(1), Q.times(Q.times(x, quotient(1n, k)), sum));
    steps.numbers(
      "the loss times exp(x), of which 25 terms, against the loss at the start",
      Q.times(net.loss(after), sum),
      ">",
      net.loss(net.weights),
    );
  }

  const STATEMENTS = {
    "loss rises": lossRises,
    "balance is lost": balanceIsLost,
    "weights beyond eta C^(2N-1)": weightsBeyond,
    "imbalance beyond 2 delta": imbalanceBeyond,
    "guarantee is missed": guaranteeIsMissed,
  };

  /** At this step something is not so that a statement says of every step. */
  DLC.finite = function (net, said, { value: margin }, steps) {
    const what = said.violates;
    const own = /[<=>]/.test(what);
    require(said.steps >= (own ? 0 : 1) && net.rate, "expected steps and a rational learning rate");
    require((what === "guarantee is missed") === (said.exponent !== ""), "exponent: expected one for the guarantee");
    if (own) return DLC.compareFacts(what, net, said.steps, steps);
    require(Object.hasOwn(STATEMENTS, what), `${shorten(what)} is none of the statements that can be violated`);
    const positive = margin !== null && Q.sign(margin) > 0;
    require(positive || !/^(imbalance|guarantee)/.test(what), "expected a positive margin");
    const before = net.after(net.weights, said.steps - 1);
    STATEMENTS[what]({ net, said, margin, before, after: net.step(before), steps });
  };
});
