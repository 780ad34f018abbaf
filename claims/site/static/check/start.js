/**
 * The checker of counterexamples that runs in a browser: exact rational numbers, no dependency, nothing fetched.
 *
 * Each file adds a part of the one object DLC. A part is a function that knows nothing but its argument, so that the
 * same parts also run in a worker, to which they are handed as text (run.js): a page opened from a disk can load none.
 */
globalThis.DLC = {
  /** @type {Function[]} what has been added so far, in this order */
  parts: [],

  /** Add a part. @param {function(Object): void} make */
  part(make) {
    this.parts.push(make);
    make(this);
  },
};

globalThis.DLC.part(function (DLC) {
  "use strict";

  /** What a file says is not so: it is not verified. */
  class Refused extends Error {}

  /** Nothing is said of the file: it is too large for this checker, or of a form that only check.py knows. */
  class Unchecked extends Error {}

  const LIMIT = 2_000_000;
  let left = LIMIT;

  /** Go on only if so. */
  function require(condition, sentence) {
    if (!condition) throw new Refused(sentence);
  }

  /** Charge products of numbers to the budget of a file, so that none keeps the reader's machine busy for long. */
  function spend(units) {
    left -= units;
    if (left < 0) throw new Unchecked("too large for this page: the numbers grow too long, or are too many");
  }

  /** Give the next file a budget of its own. */
  function refill() {
    left = LIMIT;
  }

  /** How much of the budget the file has used. */
  const spent = () => LIMIT - left;

  /** A text with its middle left out where it is long, for a sentence. */
  function shorten(text, longest = 60) {
    const characters = [...String(text)];
    if (characters.length <= longest) return characters.join("");
    const half = (longest - 3) >> 1;
    return `${characters.slice(0, half).join("")}...${characters.slice(-half).join("")}`;
  }

  /** The steps of a verification, in order; the first one that does not hold ends it. */
  class Steps {
    constructor() {
      /** @type {{sentence: string, left: string, relation: string, right: string, holds: boolean}[]} */
      this.all = [];
    }

    /** Two things compared, as texts. */
    compared(sentence, first, relation, second, holds, refusal = "") {
      const [from, to] = [String(first), String(second)];
      this.all.push({ sentence, left: from, relation, right: to, holds: Boolean(holds) });
      require(holds, refusal || `${sentence}: ${shorten(from)} ${relation} ${shorten(to)} does not hold`);
    }

    /** Something that is so, or is not, in words. */
    stated(sentence, holds, refusal = `not so: ${sentence}`) {
      this.all.push({ sentence, left: "", relation: "", right: "", holds: Boolean(holds) });
      require(holds, refusal);
    }
  }

  Object.assign(DLC, { Refused, Unchecked, Steps, require, spend, refill, spent, shorten });
});
