"""A page a source, with all claims of the paper by the number of the statement; and the list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.command_line.atlas import ATLAS, PAPERS
from claims.command_line.claim_files import ClaimFile
from claims.command_line.mapping import covering
from claims.site.material import Material
from claims.site.pages import Page

OWN = "DLC"
STATEMENTS = re.compile(
    r"(?P<kind>[Ll]emma|[Tt]heorem|[Cc]laim|[Ss]ection|[Aa]ppendix|[Dd]efinition|[Cc]orollary|[Ff]igure|[Pp]rocedure"
    r"|[Aa]lgorithm|[Ff]ootnote|[Pp]roposition)(?:s|ces)? "
    r"(?P<numbers>NUMBER(?:(?:, (?:and )?| and |-| to )NUMBER)*)".replace("NUMBER", r"(?:\d[\d.]*|[A-Z]\b)")
)
"""As in "Lemmas 1, 2, 7" and "footnotes 3-4"."""
ORDER = ("Section", "Definition", "Claim", "Lemma", "Proposition", "Theorem", "Corollary", "Procedure", "Algorithm",
         "Figure", "Footnote", "Appendix")  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A source: what it is, claims by the statement in it, statements of the atlas with the claims that cover them."""

    key: str
    about: dict[str, str]
    statements: list[tuple[str, list[ClaimFile]]]
    items: list[tuple[str, str, list[ClaimFile]]]

    @property
    def claims(self) -> list[ClaimFile]:
        found = [
            claim for _, claims in [*self.statements, *((0, claims) for _, _, claims in self.items)] for claim in claims
        ]
        return sorted({claim.uid: claim for claim in found}.values(), key=lambda claim: claim.uid)


def pages(material: Material) -> Iterator[Page]:
    """The list first."""
    papers = list(_papers(material))
    yield Page(
        "sources",
        "Sources",
        "sources.html",
        {"papers": papers, "who": PAPERS},
        summary="The papers, and the claims of each.",
    )
    for paper in papers:
        who = PAPERS.get(paper.key, paper.about.get("authors", ""))
        yield Page(
            f"sources/{paper.key}",
            f"{paper.key}: {who}",
            "source.html",
            {"paper": paper, "who": who, "own": paper.key == OWN},
            kind="source",
            summary=paper.about.get("title", who),
            words=" ".join([*paper.about.values(), *(name for name, _ in paper.statements)]),
        )


def _papers(material: Material) -> Iterator[Paper]:
    known = {source["key"]: source for claim in material.claims.values() for source in claim.sources}
    covered = covering(material.claims)
    for key in sorted({*known, *PAPERS}, key=lambda key: (key == OWN, key)):
        about = {name: value for name, value in known.get(key, {}).items() if name not in ("key", "place") and value}
        items = [
            (number, title, covered.get(number, []))
            for section in ATLAS for number, title, source in section.items if source == key
        ]  # fmt: skip
        yield Paper(key, about, _statements(material, key), items)


def _statements(material: Material, key: str) -> list[tuple[str, list[ClaimFile]]]:
    found: dict[str, list[ClaimFile]] = {}
    for claim in material.claims.values():
        for source in claim.sources:
            for name in named(source["place"]) if source["key"] == key else []:
                found.setdefault(name, []).append(claim)
    return sorted(found.items(), key=lambda each: _order(each[0]))


def named(place: str) -> list[str]:
    """The statements in a place, one by one: "Lemmas 1-3, Theorem 1" has four; a place without a number is its own."""
    found = [
        f"{match['kind'].capitalize()} {number}"
        for match in STATEMENTS.finditer(place)
        for number in _numbers(match["numbers"])
    ]
    return found or [place]


def _numbers(text: str) -> Iterator[str]:
    for part in re.split(r", (?:and )?| and ", text):
        begin, _, end = re.sub(" to ", "-", part).partition("-")
        whole = begin.isdigit() and end.isdigit()
        yield from map(str, range(int(begin), int(end) + 1)) if whole else [part.rstrip(".")]


def _order(statement: str) -> tuple[int, list[tuple[int, str]]]:
    kind, _, number = statement.partition(" ")
    parts = [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", number)]
    return (ORDER.index(kind) if kind in ORDER else len(ORDER) if statement else -1), parts
