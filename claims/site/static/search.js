/**
 * The search field of every page: a combobox with a list of pages. The index is loaded when the field is first used; a
 * script does that, since a page that was opened from a disk may fetch nothing.
 */
(function () {
  "use strict";
  const form = document.getElementById("search");
  const field = form.querySelector("input[role=combobox]");
  const panel = form.querySelector(".found");
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[role=status]");
  const slash = document.getElementById("search-key"); // a key alone may be in the way of those who speak to a page
  const SLASH = "dlc-search-slash";
  let active = -1;
  let asked = false;
  let entered = false;

  const options = () => [...list.children];

  /** What is kept in this browser; null where it keeps nothing. */
  function kept() {
    try {
      return localStorage.getItem(SLASH);
    } catch {
      return null;
    }
  }

  function load() {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = form.dataset.index;
    script.addEventListener("load", () => {
      show();
      if (entered) go(list.firstChild);
    });
    script.addEventListener("error", () => {
      asked = false;
      status.textContent = "The index could not be loaded.";
    });
    document.head.append(script);
  }

  /** The option in this place, from the end where it is below 0, is the one that Enter goes to. */
  function activate(place) {
    const all = options();
    active = all.length ? (place + all.length) % all.length : -1;
    all.forEach((option, k) => option.setAttribute("aria-selected", String(k === active)));
    if (active < 0) return;
    field.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  function option({ name, kind, title }, k) {
    const made = document.createElement("li");
    made.id = `search-${k}`;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.dataset.address = `${form.dataset.root}${name ? `${name}/` : ""}index.html`;
    const what = document.createElement("span");
    what.className = "what";
    what.textContent = kind;
    made.append(title, " ", what);
    return made;
  }

  function open(shown) {
    panel.hidden = !shown;
    field.setAttribute("aria-expanded", String(shown && list.children.length > 0));
  }

  /** The pages for what is typed. */
  function show() {
    const found = globalThis.DLCSearch.search(field.value);
    list.replaceChildren(...found.map(option));
    active = -1;
    field.removeAttribute("aria-activedescendant");
    const typed = field.value.trim() !== "";
    if (!globalThis.DLCSearch.loaded()) status.textContent = "Loading the index …";
    else if (!typed) status.textContent = "A uid, a theorem, a paper, a word: try “cycle” or “theorem 1”.";
    else status.textContent = found.length ? `${found.length} page${found.length > 1 ? "s" : ""}` : "Nothing has these words.";
    open(document.activeElement === field);
  }

  function go(option) {
    if (option) location.href = option.dataset.address;
  }

  field.addEventListener("focus", () => {
    load();
    show();
  });
  field.addEventListener("input", () => {
    entered = false;
    show();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (panel.hidden) show();
      activate(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (panel.hidden) field.value = "";
      open(false);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    entered = !globalThis.DLCSearch.loaded(); // then when it is
    go(options()[Math.max(active, 0)]);
  });
  panel.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
  field.addEventListener("blur", () => open(false));

  slash.checked = kept() !== "off";
  slash.addEventListener("change", () => {
    try {
      localStorage.setItem(SLASH, slash.checked ? "on" : "off");
    } catch {
      // it is off for this page alone
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (event.key !== "/" || !slash.checked || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
