/**
 * The list of counterexamples, of which a reader chooses: what is chosen stands in the address, as in
 * #kind=cycle&depth=2, so that it can be kept, sent and gone back to.
 */
(function () {
  "use strict";
  const form = document.getElementById("facets");
  const rows = [...document.querySelectorAll("#catalogue tbody tr")];
  const keys = [...form.querySelectorAll("select")].map((select) => select.name);

  /** What the address asks for; a value that no entry has is "any". */
  function read() {
    const asked = new URLSearchParams(location.hash.slice(1));
    form.q.value = asked.get("q") ?? "";
    for (const key of keys) {
      form[key].value = asked.get(key) ?? "";
      if (form[key].selectedIndex < 0) form[key].value = "";
    }
  }

  /** The address of what is chosen, in the place of the one before. */
  function write() {
    const chosen = new URLSearchParams();
    for (const key of ["q", ...keys]) if (form[key].value) chosen.set(key, form[key].value);
    const fragment = chosen.toString();
    history.replaceState(null, "", fragment ? `#${fragment}` : location.href.split("#")[0]);
  }

  function fits(row, words) {
    const text = row.textContent.toLowerCase();
    return keys.every((key) => !form[key].value || row.dataset[key] === form[key].value) && words.every((word) => text.includes(word));
  }

  function show() {
    const words = form.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of rows) {
      row.hidden = !fits(row, words);
      if (!row.hidden) found += 1;
    }
    form.found.value = found ? `${found} of ${rows.length}` : "none of them: choose less";
  }

  form.addEventListener("input", () => {
    write();
    show();
  });
  form.addEventListener("reset", () => {
    setTimeout(() => {
      write();
      show();
    });
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => {
    read();
    show();
  });
  read();
  show();
})();
