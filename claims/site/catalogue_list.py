"""All counterexamples in one table, with what a reader may choose them by: without a script it is the whole table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from claims.command_line.counterexample_files import CounterexampleFile
from claims.site.material import Material
from claims.site.pages import Page

FACETS = (
    ("kind", "Certificate"),
    ("model", "Model"),
    ("depth", "Depth"),
    ("widths", "Widths"),
    ("period", "Period"),
    ("claim", "Bears on"),
    ("hypothesis", "Hypothesis"),
)
"""Keys in the address's fragment, and words; an entry that has no such thing has an empty value."""


@dataclass(frozen=True)
class Row:
    """An entry and its value for each facet."""

    entry: CounterexampleFile
    values: dict[str, str]


@dataclass(frozen=True)
class Facet:
    """What a reader may choose: values with the number of entries that have each."""

    key: str
    word: str
    options: list[tuple[str, int]]


def pages(material: Material) -> Iterator[Page]:
    """The list."""
    found = [Row(entry, values(entry)) for entry in material.counterexamples.values()]
    yield Page(
        "counterexamples",
        "Counterexamples",
        "counterexamples.html",
        {"rows": found, "facets": [facet(key, word, found) for key, word in FACETS], "claims": material.claims},
        summary="Every counterexample in exact numbers, by depth, widths, certificate, period and what it refutes.",
        words="catalogue depth widths period certificate hypothesis",
    )


def values(entry: CounterexampleFile) -> dict[str, str]:
    """For each facet, as text; depth and widths are those of networks."""
    widths = entry.content.get("widths", [])
    return {
        "kind": entry.kind,
        "model": entry.model or "network",
        "depth": str(len(widths) - 1) if widths else "",
        "widths": " ".join(map(str, widths)),
        "period": period(entry),
        "claim": entry.claim,
        "hypothesis": entry.hypothesis,
    }


def period(entry: CounterexampleFile) -> str:
    """After how many steps it is back, where it comes back; of points that are listed their number."""
    said = entry.content["certificate"]
    points = len(said.get("directions", [])) if entry.kind == "returns" else 0
    return str(said.get("period") or (points if points > 1 else ""))


def facet(key: str, word: str, rows: list[Row]) -> Facet:
    counts = Counter(row.values[key] for row in rows if row.values[key])
    return Facet(key, word, sorted(counts.items(), key=lambda each: _natural(each[0])))


def _natural(text: str) -> list[tuple[int, str]]:
    """Numbers by size, words by their letters."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in text.split()]
