"""What is left of each theorem without one of its hypotheses: the rows of a claim's page, and a matrix of all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from claims.command_line.claim_files import ClaimFile, checks, claim_files
from claims.site.code_pages import Place, place_of
from claims.site.material import Material
from claims.site.pages import Page

DROPPED = "dropped"
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Cell:
    """``change`` of a hypothesis, what then becomes of the theorem, and who says so: checks by their places, and
    counterexamples. ``seen`` is whether it came of the run, None without one."""

    hypothesis: str
    change: str
    fate: str
    checks: tuple[Place, ...] = ()
    counterexamples: tuple[str, ...] = ()
    seen: bool | None = None


@dataclass(frozen=True)
class Row:
    """A hypothesis of a claim; ``anchor`` is where it stands on the claim's page."""

    hypothesis: str
    anchor: str
    cells: tuple[Cell, ...]

    @property
    def dropped(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.change == DROPPED]

    @property
    def counterexamples(self) -> list[str]:
        """All of them, each once."""
        return list(dict.fromkeys(uid for cell in self.cells for uid in cell.counterexamples))

    @property
    def weakened(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.change != DROPPED]


def pages(material: Material) -> Iterator[Page]:
    """The ablation matrix."""
    found = [(claim, rows(material, claim)) for claim in material.claims.values() if claim.hypotheses]
    yield Page(
        "hypotheses",
        "Hypotheses",
        "hypotheses.html",
        {"theorems": found, "run": material.run},
        summary="What is left of each theorem when one of its hypotheses is dropped or weakened.",
        words="ablation matrix hypotheses dropped weakened",
    )


def rows(material: Material, claim: ClaimFile) -> list[Row]:
    """A row for each hypothesis, its cells with "dropped" first."""
    cells = _cells(material, claim)
    return [
        Row(name, anchor(name), tuple(cell for cell in cells if cell.hypothesis == name)) for name in claim.hypotheses
    ]


def anchor(hypothesis: str) -> str:
    """``without-learning-rate``: letters, digits and hyphens, with words for what is neither."""
    for sign, word in ((">=", " least "), ("<=", " most "), ("<", " below "), (">", " above "), ("/", " over ")):
        hypothesis = hypothesis.replace(sign, word)
    return "without-" + re.sub(r"[^A-Za-z0-9]+", "-", hypothesis).strip("-")


def _cells(material: Material, claim: ClaimFile) -> list[Cell]:
    found = {key: Cell(*key, checks=tuple(places)) for key, places in _decided().get(claim.uid, {}).items()}
    for entry in material.counterexamples.values():
        if entry.claim == claim.uid and entry.hypothesis:
            key = (entry.hypothesis, str(entry.content["refutes"]["change"]), entry.fate)
            cell = found.get(key, Cell(*key))
            found[key] = replace(cell, counterexamples=(*cell.counterexamples, entry.uid))
    cells = [replace(cell, seen=_seen(material, claim, cell)) for cell in found.values()]
    return sorted(cells, key=lambda cell: (cell.hypothesis, cell.change != DROPPED, _natural(cell.change), cell.fate))


@cache
def _decided() -> dict[str, dict[Key, list[Place]]]:
    """By theorem and by (hypothesis, change, fate), the places of the checks, in any claim, that say so."""
    found: dict[str, dict[Key, list[Place]]] = {}
    for claim in claim_files().values():
        for check in checks(claim.path):
            place = place_of(claim.uid, check.path, check.line, check.name)
            for cell in check.ablations:
                places = found.setdefault(cell.theorem, {}).setdefault((cell.hypothesis, cell.change, cell.fate), [])
                places += [place] * (place not in places)
    return found


def _seen(material: Material, claim: ClaimFile, cell: Cell) -> bool | None:
    """Whether a check that passed, or a counterexample that was verified, says so in the run."""
    if material.run is None:
        return None
    deciders = {*(place.uid for place in cell.checks), *cell.counterexamples}
    known = material.run.ablations
    return any((claim.uid, cell.hypothesis, cell.change, cell.fate, uid) in known for uid in deciders)


def _natural(text: str) -> list[tuple[int, str]]:
    """So that "x 9" stands before "x 46"."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", text)]
