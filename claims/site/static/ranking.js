/**
 * Which pages a search finds, best first.
 *
 * Every word that was typed is looked for in the title of a page, in what it is known by and in its text: as it is, as
 * the beginning of a word, or with a letter wrong (two in a long word). Pages that have all words come before those that
 * have some; titles count more than texts; a whole phrase counts more than its words.
 */
globalThis.DLCSearch = (function () {
  "use strict";
  const WEIGHTS = [12, 8, 2];
  const [WHOLE, BEGINNING, WRONG] = [1, 0.7, 0.35];
  const MOST = 12;
  const KINDS = ["claim", "counterexample", "chapter", "source", "reference", "page"];
  let pages = null;
  let vocabulary = [];
  const answered = new Map();

  /** Words in small letters without accents, as search.py has them; DL-4 is DL-004. */
  function words(text) {
    const plain = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    const uids = plain.replace(/\b(dlx?)[- ]?(\d{1,3})(?!\d)/g, (_, letters, digits) => `${letters} ${digits.padStart(3, "0")}`);
    return uids.match(/[a-z0-9]+/g) ?? [];
  }

  /** Takes the index: [name, kind, title, what it is known by, words of its text] for each page. */
  function index(entries) {
    pages = entries.map(([name, kind, title, known, text]) => {
      const phrases = known.split("|").filter(Boolean).map((phrase) => words(phrase).join(" "));
      const fields = [words(title), phrases.join(" ").split(" "), text.split(" ")].map((field) => new Set(field));
      const uid = words(name).join(" ");
      const plain = words(title).join(" ").replace(`${uid} `, "");
      return { name, kind, title, uid, plain, phrases, fields };
    });
    answered.clear();
    vocabulary = [...new Set(pages.flatMap((page) => page.fields.flatMap((field) => [...field])))].filter(Boolean);
  }

  /** Whether two words are at most so many letters apart: one left out, put in, another, or two exchanged. */
  function near(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return false;
    let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, j) => j)];
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        const exchanged = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
        if (exchanged) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return false;
      [before, last] = [last, row];
    }
    return last[other.length] <= most;
  }

  /** How well each known word answers a typed one: a map with what is not 0. Numbers have no typing errors. */
  function answers(typed) {
    if (answered.has(typed)) return answered.get(typed);
    const found = new Map();
    const most = /\d/.test(typed) || typed.length < 4 ? 0 : typed.length < 8 ? 1 : 2;
    for (const word of vocabulary) {
      if (word === typed) found.set(word, WHOLE);
      else if (word.startsWith(typed)) found.set(word, BEGINNING);
      else if (most && near(typed, word, most)) found.set(word, WRONG);
    }
    answered.set(typed, found);
    return found;
  }

  /** The best of a field's words for a typed one. */
  function best(field, found) {
    let value = 0;
    for (const [word, quality] of found) if (quality > value && field.has(word)) value = quality;
    return value;
  }

  /** What a whole phrase adds: its uid, its title, or what it is known by, more so where that is little. */
  function phrase(page, typed) {
    if (page.uid === typed) return 60;
    if (page.plain === typed) return 40;
    let value = 0;
    if (page.plain.includes(typed)) value = page.plain.startsWith(typed) ? 20 : 15;
    if (page.phrases.includes(typed)) value = Math.max(value, 25 + 10 / page.phrases.length);
    return value;
  }

  function score(page, typed, found) {
    const values = found.map((each) => Math.max(...page.fields.map((field, k) => WEIGHTS[k] * best(field, each))));
    const matched = values.filter((value) => value > 0).length;
    const total = values.reduce((sum, value) => sum + value, 0) + (matched ? phrase(page, typed.join(" ")) : 0);
    return { page, matched, total };
  }

  /** At most twelve pages, { name, kind, title }, best first; none where nothing was typed. */
  function search(text) {
    const typed = words(text);
    if (!pages || typed.length === 0) return [];
    const found = typed.map(answers);
    return pages
      .map((page, place) => ({ ...score(page, typed, found), place }))
      .filter(({ matched }) => matched > 0)
      .sort(
        (a, b) =>
          b.matched - a.matched ||
          b.total - a.total ||
          KINDS.indexOf(a.page.kind) - KINDS.indexOf(b.page.kind) ||
          a.place - b.place,
      )
      .slice(0, MOST)
      .map(({ page: { name, kind, title } }) => ({ name, kind, title }));
  }

  return { index, search, words, near, loaded: () => pages !== null };
})();
