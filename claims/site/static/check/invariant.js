/**
 * Invariant sets of networks of width 1: polynomials that are >= 0 at some step are >= 0 after every further one, since
 * each is then a sum of products of them.
 */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, shorten } = DLC;
  const { ZERO, number, quotient } = DLC.rational;
  const Q = DLC.rational;
  const P = DLC.polynomial;

  /** The weights of width 1 after a step, as polynomials in the names: w_j - eta (w_1 ... w_N - Phi) w_1 ... w_N / w_j. */
  function moved(names, x, target) {
    const all = names.map((name) => x.get(name));
    const product = (factors) => factors.reduce(P.times, P.constant(Q.ONE));
    const residual = P.minus(product(all), P.constant(target));
    const after = new Map([["eta", x.get("eta")]]);
    names.forEach((name, j) => {
      const others = product([x.get("eta"), ...all.slice(0, j), ...all.slice(j + 1)]);
      const next = P.minus(all[j], P.times(others, residual));
      const same = !after.has(name) || P.equal(after.get(name), next);
      require(same, "layers of one name do not stay equal");
      after.set(name, next);
    });
    return { after, residual };
  }

  /** A sum of products of the letters: no minus, and letters of either sign in even powers alone. */
  function nonnegativeSum(proof, squares) {
    const even = ([name, power]) => !squares.has(name) || power % 2 === 0;
    const good = !proof.includes("-") && P.terms(proof).every(({ powers }) => powers.every(even));
    require(good, `${shorten(proof)} is not a sum of products that are >= 0`);
  }

  /** A polynomial of degree 1 in the learning rate is >= 0 at every one that is meant: at 0, and at the end. */
  function atEveryRate(value, most) {
    const plain = [...value.keys()].every((key) => key === "" || key === "eta");
    const [start, slope] = [P.coefficient(value, ""), P.coefficient(value, "eta")];
    const end = most ? Q.plus(start, Q.times(slope, most)) : slope;
    return plain && Q.sign(start) >= 0 && Q.sign(end) >= 0;
  }

  /** The least loss on the set. */
  function invariant(net, said, steps) {
    const mode = DLC.network.alongMode(net, said.mode, steps);
    const { names } = said;
    const fits = mode.widths.every((d) => d === 1) && names.length === mode.depth;
    require(fits && !names.includes("eta"), "names: expected one for each weight of width 1");
    require(names.every((name) => /^[a-z]+$/.test(name)), "names: expected small letters");
    require(said.steps === 0 || mode.rate, "steps: expected 0, or a rational learning rate");
    const now = mode.after(mode.weights, said.steps).map((w) => w[0][0]);
    const eta = mode.rate ? P.constant(mode.rate) : P.variable("eta");
    const here = new Map([["eta", eta]]);
    names.forEach((name, j) => {
      require(!here.has(name) || P.equal(here.get(name), P.constant(now[j])), "names: expected one for each value");
      here.set(name, P.constant(now[j]));
    });
    const x = new Map([["eta", eta], ...names.map((name) => [name, P.variable(name)])]);
    const { after, residual } = moved(names, x, mode.target[0][0]);
    const all = [...said.set, ...said.growth];
    const fitting = all.every((row) => row.length === 3) && said.squares.every((row) => row.length === 2);
    require(fitting && said.loss.length === 2, "set, squares, loss and growth: expected their parts");
    const letters = new Map([...said.set, ...said.squares].map(([letter, text]) => [letter, P.evaluated(text, x)]));
    const squares = new Set(said.squares.map(([letter]) => letter));

    const show = (sentence, value, proof) => {
      nonnegativeSum(proof, squares);
      const equal = P.equal(value, P.evaluated(proof, letters));
      steps.compared(
        `${sentence} is this sum of products, by the identity of two polynomials`,
        P.written(value),
        "=",
        proof,
        equal,
      );
    };

    for (const [letter, text, proof] of said.set) {
      const value = P.evaluated(text, here);
      steps.compared(
        `at step ${said.steps}: ${letter} = ${text}`,
        P.written(value),
        "≥",
        0,
        atEveryRate(value, mode.most),
      );
      const depends = [...P.names(P.evaluated(text, x))].some((name) => name !== "eta");
      if (proof || depends) show(`${letter} after a step`, P.evaluated(text, after), proof);
    }
    const [least, proof] = said.loss;
    const loss = P.times(P.constant(quotient(1n, 2n)), P.times(residual, residual));
    show(`the loss, less ${least},`, P.minus(loss, P.constant(number(least))), proof);
    for (const [text, factor, reason] of said.growth) grows(text, factor, reason);

    /** A polynomial > 0 that more than a factor > 1 of itself is left of after each step. */
    function grows(text, factor, reason) {
      const value = P.evaluated(text, here);
      const plain = [...value.keys()].every((key) => key === "");
      require(plain, "growth: expected a polynomial > 0 at the start and a factor > 1");
      steps.numbers(`at step ${said.steps}: ${text}`, P.coefficient(value, ""), ">", ZERO);
      steps.numbers("it grows in each step by the factor", number(factor), ">", Q.ONE);
      const scaled = P.times(P.constant(number(factor)), P.evaluated(text, x));
      show(`${text} after a step, less ${factor} times itself,`, P.minus(P.evaluated(text, after), scaled), reason);
    }
    return number(least);
  }

  DLC.lasting.invariant = invariant;
});
