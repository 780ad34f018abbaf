/**
 * DLC.run: the answer of DLC.check, beside the page. The parts are handed to a worker as text, since a page that was
 * opened from a disk may load no script into one; a file that keeps it busy for too long is left unchecked.
 */
globalThis.DLC.part(function (DLC) {
  "use strict";

  const SECONDS = 20;

  /** The text of a worker that has every part, and answers one message. */
  function workerText() {
    const start = "globalThis.DLC = { parts: [], part(make) { make(this); } };";
    const parts = DLC.parts.map((make) => `globalThis.DLC.part(${make});`);
    const answer = "onmessage = ({ data }) => postMessage(globalThis.DLC.check(data.source, data.name));";
    return [start, ...parts, answer].join("\n");
  }

  /** The answer of a file of which nothing is said. */
  function unchecked(reason) {
    return { state: "unchecked", verified: false, uid: "", kind: "", reason, steps: [] };
  }

  /** A worker, or null where the browser makes none. */
  function started() {
    try {
      const place = URL.createObjectURL(new Blob([workerText()], { type: "text/javascript" }));
      const worker = new Worker(place);
      URL.revokeObjectURL(place);
      return worker;
    } catch {
      return null;
    }
  }

  /**
   * @param {string|ArrayBuffer|Uint8Array} source the file's text, or its bytes
   * @param {string} name the file's
   * @param {number} seconds after which it is left unchecked
   * @returns {Promise<Object>} what DLC.check returns; it never fails
   */
  DLC.run = function (source, name = "", seconds = SECONDS) {
    return new Promise((resolve) => {
      const worker = started();
      if (!worker) {
        setTimeout(() => resolve(DLC.check(source, name)));
        return;
      }
      const end = (answer) => {
        clearTimeout(clock);
        worker.terminate();
        resolve(answer);
      };
      const late = () => end(unchecked(`it takes more than ${seconds} seconds; check.py checks it`));
      const clock = setTimeout(late, 1000 * seconds);
      worker.onmessage = ({ data }) => end(data);
      worker.onerror = () => end(DLC.check(source, name));
      worker.postMessage({ source, name });
    });
  };
});
