"""The index of the search: every page of the site with its title, what it is known by, and the words that it has.

It is a script, since a page that was opened from a disk may fetch no data; it is loaded when a reader first searches.
``static/search.js`` has the ranking.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

from claims.command_line.atlas import TITLES
from claims.command_line.claim_files import ClaimFile
from claims.command_line.counterexample_files import CounterexampleFile
from claims.site.catalogue_list import values
from claims.site.material import Material
from claims.site.pages import File, Page

PATH = "static/search-index.js"
KINDS = ("claim", "counterexample", "chapter", "source", "reference", "page")
"""Of pages that are found; listings of code are not."""
WORD = re.compile(r"[a-z0-9]+")
LEAST = 2
"""Letters of a word of a text that is kept; a letter alone is a symbol."""


def index(pages: Iterable[Page], material: Material) -> File:
    """[name, kind, title, what it is known by, words of its text] for each page; the text's words sorted, each once."""
    found = [_entry(page, material) for page in pages if page.kind in KINDS]
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return File(PATH, f"globalThis.DLCSearch.index({text});\n".encode())


def _entry(page: Page, material: Material) -> list[str]:
    known = "|".join(dict.fromkeys(filter(None, _known_by(page, material))))
    kept = {word for word in words(f"{page.summary} {page.words}") if len(word) >= LEAST}
    return [page.name, page.kind, page.title, known, " ".join(sorted(kept - set(words(f"{page.title} {known}"))))]


def words(text: str) -> list[str]:
    """In small letters, without accents: "Dominé" is found by "domine". Everything but letters and digits is between
    words."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(each))
    return WORD.findall(plain)


def _known_by(page: Page, material: Material) -> list[str]:
    """Short names and phrases for which it is a good answer."""
    if page.name in material.claims:
        return _claim(material.claims[page.name])
    if page.name in material.counterexamples:
        return _counterexample(material.counterexamples[page.name])
    if page.kind == "reference":
        return page.words.split()
    return [page.name.rpartition("/")[2]]


def _claim(claim: ClaimFile) -> list[str]:
    """Its place in its papers, their keys and authors, and its items in the atlas."""
    places = [
        phrase
        for source in claim.sources
        for phrase in (source["place"], source["key"], f"{source['key']} {source['place']}".strip())
    ]
    authors = [source["authors"] for source in claim.sources if source["venue"] != "this project"]
    return [*places, *(TITLES[item] for item in claim.items), claim.module.rpartition(".")[2], *authors]


def _counterexample(entry: CounterexampleFile) -> list[str]:
    """Its facets, with their words where they are numbers."""
    facets = values(entry)
    numbers = [f"{word} {facets[word]}" for word in ("depth", "period", "widths") if facets[word]]
    return [facets["kind"], *numbers, facets["model"], facets["claim"], entry.change]
