/**
 * A counterexample's page: the file that it holds is checked when it is opened, and any file of the reader's own that is
 * chosen or dropped. DLC.run decides; here is shown what it says.
 */
(function () {
  "use strict";
  const LONG = 48;
  const LARGEST = 1 << 20;
  const WORDS = {
    verified: ["✓", "Verified in this browser"],
    refused: ["✕", "Not verified"],
    unchecked: ["○", "Not checked here"],
  };

  function element(name, className, text = "") {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  /** A number, shortened in its middle where it is long: a button shows all of it. */
  function number(text) {
    if (text.length <= LONG) return element("code", "", text);
    const short = `${text.slice(0, 20)}…${text.slice(-12)} (${text.length} signs)`;
    const made = element("button", "long", short);
    made.type = "button";
    made.title = "Show all of it";
    made.setAttribute("aria-expanded", "false");
    made.addEventListener("click", () => {
      const open = made.getAttribute("aria-expanded") === "false";
      made.setAttribute("aria-expanded", String(open));
      made.textContent = open ? text : short;
    });
    return made;
  }

  function step({ sentence, left, relation, right, holds }) {
    const made = element("li", holds ? "holds" : "fails");
    made.append(element("span", "sign", holds ? "✓" : "✕"), element("span", "for-readers", holds ? " holds: " : " fails: "));
    made.append(` ${sentence} `);
    if (relation) made.append(number(String(left)), ` ${relation} `, number(String(right)));
    return made;
  }

  /** Words in which no line ends within a uid. */
  function sentence(text) {
    const made = element("span", "said");
    made.append(...text.split(/(DLX?-\d{3})/).map((part, k) => (k % 2 ? element("span", "nobreak", part) : part)));
    return made;
  }

  /** What was found, in a report's place on the page. */
  function show(report, answer) {
    const [sign, words] = WORDS[answer.state];
    const reason = answer.reason.replace(/^not checked here: /, "");
    report.dataset.state = answer.state;
    const verdict = report.querySelector(".verdict");
    verdict.replaceChildren(element("span", "sign", sign), " ", sentence(`${words}: ${report.name}${reason}.`));
    verdict.firstChild.setAttribute("aria-hidden", "true");
    const steps = report.querySelector("details");
    steps.hidden = answer.steps.length === 0;
    steps.querySelector(".count").textContent = `: ${answer.steps.length} step${answer.steps.length === 1 ? "" : "s"}`;
    steps.querySelector(".steps").replaceChildren(...answer.steps.map(step));
    if (answer.state === "refused") steps.open = true; // what a reader has opened stays open
  }

  const refused = (reason) => ({ state: "refused", reason, steps: [] });

  async function check(report, source, name) {
    try {
      show(report, await globalThis.DLC.run(source, name));
    } catch (error) {
      show(report, { state: "unchecked", reason: `the script failed, ${error.name}`, steps: [] });
    }
  }

  const reports = Object.fromEntries([...document.querySelectorAll("[data-report]")].map((each) => [each.dataset.report, each]));
  reports.embedded.name = "";

  let last = 0;
  async function checkFile(file) {
    const turn = (last += 1);
    reports.own.name = `${file.name}: `;
    if (file.size > LARGEST) {
      show(reports.own, refused(`the file has ${file.size} bytes, more than a counterexample may have`));
      return;
    }
    const bytes = await file.arrayBuffer().catch(() => null);
    if (turn !== last) return; // another file was chosen meanwhile
    if (bytes === null) show(reports.own, refused("the browser could not read the file"));
    else await check(reports.own, bytes, file.name.replace(/ \(\d+\)(?=\.json$)/, "")); // a second download has a number
  }

  const zone = document.getElementById("drop");
  const chooser = document.getElementById("own-file");
  chooser.addEventListener("change", () => {
    if (chooser.files.length) checkFile(chooser.files[0]);
  });
  for (const event of ["dragenter", "dragover"]) {
    zone.addEventListener(event, (dragged) => {
      dragged.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (dropped) => {
    dropped.preventDefault();
    zone.classList.remove("over");
    if (dropped.dataTransfer.files.length) checkFile(dropped.dataTransfer.files[0]);
  });

  const embedded = document.getElementById("embedded");
  check(reports.embedded, embedded.textContent, embedded.dataset.name);
})();
