/**
 * DLC.check: what a counterexample file shows, step by step, and whether all of it is so.
 *
 *     DLC.check(source, name) -> { state, verified, uid, kind, reason, steps: [{ sentence, left, relation, right, holds }] }
 *
 * ``state`` is "verified", "refused" (something is not so; ``reason`` says what, and the last step is the one that does
 * not hold) or "unchecked" (nothing is said: too large for a page, or of a form that only check.py reads).
 */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, Refused, Unchecked, Steps } = DLC;
  const { ZERO, number } = DLC.rational;

  const LARGEST = 65536;
  const LASTING = ["stationary", "cycle", "structure", "invariant"];
  const STRONGER = {
    rank: "DL-020",
    loss: "DL-007",
    curl: "DL-027",
    "loss rises": "DL-003",
    "balance is lost": "DL-002",
    "imbalance beyond 2 delta": "DL-002",
    "weights beyond eta C^(2N-1)": "DL-018",
  };

  /** The text of a file: UTF-8, to the letter, and not longer than a counterexample may be. */
  function textOf(source) {
    const bytes = typeof source === "string" ? new TextEncoder().encode(source) : new Uint8Array(source);
    require(bytes.length <= LARGEST, `the file has ${bytes.length} bytes; expected at most ${LARGEST}`);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Refused("no text in UTF-8");
    }
  }

  /** What a text of JSON holds, if its digest is that of its content. */
  function opened(text, steps) {
    const entry = DLC.readJson(text);
    require(entry && typeof entry === "object" && !Array.isArray(entry), "expected one JSON object");
    const rest = Object.assign(Object.create(null), entry);
    delete rest.sha256;
    const found = DLC.sha256(DLC.canonical(rest));
    const named = typeof entry.sha256 === "string" ? entry.sha256 : "none";
    const changed = "the file was changed: its sha256 is not that of its content";
    steps.compared("the digest (SHA-256) of the content", found, "=", named, found === named, changed);
    return entry;
  }

  /** What the certificate of a network shows: [what it is called, a sentence]. */
  function shown(net, said, margin, steps) {
    const { kind } = said;
    if (kind === "finite") {
      DLC.finite(net, said, margin, steps);
      return [said.violates, `${said.violates} at step ${said.steps}`];
    }
    const value = DLC.lasting[kind](net, said, steps);
    if (kind === "identity") {
      steps.numbers("this number, as the file names it", value, "=", number(said.value));
      return [said.of, `${said.of}, ${value}`];
    }
    const loss = kind === "invariant" ? said.loss[0] : said.loss;
    steps.numbers("the least loss, as the file names it", value, "=", number(loss));
    steps.numbers("so the loss never goes to 0", value, ">", ZERO);
    return [kind, `${kind}, the loss is at least ${value} for ever`];
  }

  /** A file about a network. */
  function checkNetwork(entry, steps) {
    const { certificate: said, refutes } = entry;
    const net = DLC.network.network(entry);
    steps.numbers("the loss at the start", net.loss(net.weights), "=", number(said.start.loss));
    const imbalance = number(said.start.imbalance_squared);
    steps.numbers("the imbalance at the start, squared", net.imbalance(net.weights), "=", imbalance);
    const margin = DLC.theorem.margin(net, said.start.margin, steps);
    const [what, sentence] = shown(net, said, margin, steps);
    if (refutes.hypothesis) {
      const name = `${refutes.claim} with ${refutes.hypothesis} ${refutes.change}`;
      require([...LASTING, "guarantee is missed"].includes(what), `${what} does not refute ${name}`);
      DLC.theorem.hypotheses(net, refutes, margin, steps);
      return `${sentence}; refutes ${name}`;
    }
    const bears = Object.hasOwn(STRONGER, what) ? STRONGER[what] : "";
    const name = refutes.claim ? `a stronger ${refutes.claim}` : "a conjecture";
    require(bears === refutes.claim, `${what} does not refute ${name}`);
    return `${sentence}; refutes ${name}`;
  }

  /** What a file shows, in a sentence. */
  function verified(source, name, found) {
    const entry = opened(textOf(source), found.steps);
    found.uid = typeof entry.uid === "string" ? entry.uid : "";
    found.kind = typeof entry.certificate?.kind === "string" ? entry.certificate.kind : "";
    const fits = !/^DLX-/.test(name) || name === `${found.uid}.json`;
    require(fits, "the file has the name of another counterexample");
    DLC.checkForm(entry);
    found.steps.stated("its form: keys, texts, and numbers in lowest terms", true);
    return (DLC.models[entry.schema] ?? checkNetwork)(entry, found.steps);
  }

  /** A refusal without numbers becomes a step of its own, so that the last step is the one that does not hold. */
  function refused(steps, reason) {
    if (steps.all.at(-1)?.holds === false) return;
    steps.all.push({ sentence: reason, left: "", relation: "", right: "", holds: false });
  }

  /**
   * @param {string|ArrayBuffer|Uint8Array} source the file's text, or its bytes
   * @param {string} name the file's, which may not be that of another counterexample
   */
  DLC.check = function (source, name = "") {
    const found = { state: "unchecked", verified: false, uid: "", kind: "", reason: "", steps: new Steps() };
    DLC.refill();
    try {
      found.reason = verified(source, name, found);
      found.state = "verified";
    } catch (error) {
      found.reason = error.message;
      if (error instanceof Refused) {
        found.state = "refused";
        refused(found.steps, error.message);
      } else if (!(error instanceof Unchecked)) {
        found.reason = `the script failed: ${error.name}, ${DLC.shorten(error.message)}`;
      }
    }
    return { ...found, verified: found.state === "verified", steps: found.steps.all };
  };
});
