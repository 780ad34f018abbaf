// Buttons that copy the text of an element. They are there only where scripts run.
"use strict";

(function () {
  const SHOWN_FOR = 2000; // milliseconds

  /** Through the clipboard where the browser has one, else by selecting the text and copying the selection. */
  async function copy(element) {
    const text = element.textContent;
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return;
    }
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    if (!document.execCommand("copy")) {
      throw new Error("the browser does not copy");
    }
  }

  const said = document.createElement("p");
  said.className = "for-readers";
  said.setAttribute("role", "status");
  document.body.append(said);

  for (const button of document.querySelectorAll("button[data-copy]")) {
    const words = button.innerHTML;
    button.hidden = false;
    button.addEventListener("click", async function () {
      let result = "Copied";
      try {
        await copy(document.getElementById(button.dataset.copy));
      } catch (error) {
        result = "Not copied: select it by hand";
      }
      button.textContent = result;
      said.textContent = result;
      setTimeout(function () {
        button.innerHTML = words;
        said.textContent = "";
      }, SHOWN_FOR);
    });
  }
})();
