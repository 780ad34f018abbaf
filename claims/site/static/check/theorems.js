/** The hypotheses of Theorem 1 (DL-004, and DL-013 with its sharper constants) at a start, and how far one fails. */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, shorten } = DLC;
  const { ZERO, ONE, Rational, whole, number, quotient } = DLC.rational;
  const Q = DLC.rational;
  const M = DLC.matrix;

  const BITS = 128n;
  const THEOREMS = ["DL-004", "DL-013"];

  /** A root, or a number above it by at most 2^{-128}: [number, whether it is the root]. */
  function rootAbove(square) {
    const exact = Q.exactRoot(square);
    if (exact) return [exact, true];
    const below = quotient(Q.wholeRoot((square.top * square.bottom) << (2n * BITS)), square.bottom << BITS);
    return [Q.plus(below, quotient(1n, 1n << BITS)), false];
  }

  /**
   * sigma_min(Phi) - |W - Phi|_F, as the file names it: a number, "at least" one, or "negative".
   * @returns {{value: Rational|null, exact: boolean}} null where it is negative
   */
  function margin(net, text, steps) {
    const square = Q.times(whole(2), net.loss(net.weights));
    if (text === "negative") {
      const below = M.leastEigenvalue(net.gram(), square) < 0;
      steps.stated(
        "the margin sigma_min(Phi) - |W - Phi| at the start is negative",
        below,
        "the margin at the start is not negative",
      );
      return { value: null, exact: false };
    }
    const least = text.startsWith("at least ");
    const value = number(text.replace("at least ", ""));
    const [distance, isRoot] = rootAbove(square);
    const sum = Q.plus(value, distance);
    const place = Q.sign(sum) >= 0 ? M.leastEigenvalue(net.gram(), Q.times(sum, sum)) : -1;
    const holds = least ? place >= 0 : isRoot && place === 0;
    steps.stated(
      `the margin sigma_min(Phi) - |W - Phi| at the start is ${text}`,
      holds,
      `the margin at the start is not ${shorten(text)}`,
    );
    return { value, exact: !least };
  }

  /** delta^{2N} and eta^N, the powers of the theorem's limits, at a depth, a margin c and |Phi|_F^2. */
  function limits(theorem, depth, c, square) {
    const n = BigInt(depth);
    const scale = (factor, power) => whole((factor * n ** power) ** n);
    const raised = Q.power;
    if (theorem === "DL-013") {
      const [twice, once] = [whole((2n * n ** 2n) ** (2n * n)), Q.times(scale(2n, 2n), raised(square, depth))];
      return { delta: Q.over(raised(c, 4), twice), rate: Q.over(raised(c, 2), once) };
    }
    require(theorem === "DL-004", `${shorten(theorem)} is no theorem with these hypotheses; expected DL-004 or DL-013`);
    const below = Q.times(whole((256n * n ** 3n) ** (2n * n)), raised(square, 2 * depth - 2));
    const under = Q.times(scale(6144n, 3n), raised(square, 3 * depth - 2));
    return { delta: Q.over(raised(c, 4 * depth), below), rate: Q.over(raised(c, 4 * depth - 2), under) };
  }

  /** A missing margin, or a layer that is too narrow: balance is exact, and any learning rate is meant. */
  function withoutMargin(net, refutes, { value: c, exact }, steps) {
    const { hypothesis, change } = refutes;
    const ends = Math.min(net.widths[0], net.widths.at(-1));
    const lacking = ends - Math.min(ends, ...net.widths.slice(1, -1));
    const zero = c !== null && exact && Q.isZero(c);
    const expected = {
      "margin dropped": c === null || Q.sign(c) < 0,
      "margin exactly 0": zero,
      "width one less, margin exactly 0": zero,
    };
    const name = `${hypothesis} ${change}`;
    const wrong = `the start is not as it should be for ${refutes.claim} with ${name}`;
    require(THEOREMS.includes(refutes.claim), `${shorten(refutes.claim)} is no theorem with these hypotheses`);
    steps.numbers("the layers are balanced: imbalance", net.imbalance(net.weights), "=", ZERO);
    steps.stated("every learning rate is meant, or every small one", net.rate === null, wrong);
    const missing = hypothesis === "width" ? 1 : 0;
    steps.compared(
      "units that the narrowest layer has less than inputs and outputs",
      lacking,
      "=",
      missing,
      lacking === missing,
    );
    steps.stated(`the margin is as in "${name}"`, Object.hasOwn(expected, name) && expected[name], wrong);
  }

  /** Too large an imbalance, or learning rate: the other is within its limit, and the margin is positive. */
  function beyondLimit(net, refutes, { value: c }, steps) {
    const { hypothesis, change, claim } = refutes;
    require(c !== null && Q.sign(c) > 0 && net.rate, "expected a positive margin and a rational learning rate");
    const n = net.depth;
    const limit = limits(claim, n, c, M.inner(net.target, net.target));
    const quotients = {
      balance: [
        `the imbalance divided by its limit in ${claim}, to the power ${2 * n}`,
        Q.over(Q.power(net.imbalance(net.weights), n), limit.delta),
        2 * n,
      ],
      "learning rate": [
        `the learning rate divided by its limit in ${claim}, to the power ${n}`,
        Q.over(Q.power(net.rate, n), limit.rate),
        n,
      ],
    };
    const [sentence, found, power] = quotients[hypothesis];
    const [other, within] = quotients[hypothesis === "balance" ? "learning rate" : "balance"];
    steps.numbers(`the other hypothesis holds: ${other}`, within, "≤", ONE);
    steps.numbers(`the hypothesis fails: ${sentence}`, found, ">", ONE);
    if (change === "dropped") return;
    require(change.startsWith("x "), `the start is not as it should be for ${claim} with ${hypothesis} ${change}`);
    const most = Q.power(number(change.slice(2)), power);
    steps.numbers(`it fails by no more than the change, ${change}: ${sentence}`, found, "≤", most);
  }

  /** The named hypothesis fails, by no more than the change, and the theorem's others hold. */
  function hypotheses(net, refutes, found, steps) {
    const narrow = ["margin", "width"].includes(refutes.hypothesis);
    return (narrow ? withoutMargin : beyondLimit)(net, refutes, found, steps);
  }

  DLC.theorem = { margin, limits, hypotheses, Rational };
});
