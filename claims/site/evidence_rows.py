"""The evidence of a claim by kind: how much of it there is, what ran, and the code of every check."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from claims.command_line.claim_files import Check, ClaimFile, checks, kinds
from claims.formal.statements import stated_by
from claims.site.code import code_of, coq, functions
from claims.site.code_pages import Place, place_of
from claims.site.material import Material
from claims.site.running import Tally

MOST_CODE = 40_000
"""Characters of HTML, statements in Coq among them: the longest checks of a claim that has more are shown on the pages
of its files alone."""


Theorems = tuple[tuple[str, str], ...]
"""Anchors and names."""


@dataclass(frozen=True)
class CheckRow:
    """A check: its name as a sentence, the first paragraph of its docstring, where it stands, and its code (empty where
    that is shown elsewhere). One by Coq has ``theorems`` in place of both, which the page has a section of."""

    sentence: str
    said: str
    place: Place
    code: Markup
    anchor: str
    theorems: Theorems = ()


@dataclass(frozen=True)
class KindRow:
    """A kind of evidence, what it means, the checks of it, and what ran of them (None where nothing is known)."""

    kind: str
    meaning: str
    checks: tuple[CheckRow, ...]
    tally: Tally | None


def evidence_rows(material: Material, claim: ClaimFile) -> list[KindRow]:
    """In the order of the evidence table; kinds that the claim has none of are there too, empty."""
    ran = material.run.tallies.get(claim.uid, {}) if material.run else {}
    found = checks(claim.path)
    theorems: dict[tuple[Path, str], Theorems] = {}
    room = MOST_CODE
    for each in stated_by(claim.path):
        check, name = (each.path, each.check), each.question.theorem
        theorems[check] = (*theorems.get(check, ()), (f"formal-{each.check}-{name}", name))
        room -= len(coq(each.question.statement))
    shown = _shown([check for check in found if (check.path, check.name) not in theorems], room)
    return [
        KindRow(
            kind,
            meaning,
            tuple(_rows(claim, [each for each in found if each.kind == kind], shown, theorems)),
            ran.get(kind),
        )
        for kind, meaning in kinds().items()
    ]


def counts(claim: ClaimFile) -> dict[str, int]:
    """How many checks of each kind a claim has."""
    found = [check.kind for check in checks(claim.path)]
    return {kind: found.count(kind) for kind in kinds()}


def _shown(found: Collection[Check], room: int) -> dict[Check, Markup]:
    """The code that a page has so much room for, the shorter functions first."""
    shown: dict[Check, Markup] = {}
    for check in sorted(found, key=lambda each: len(code_of(each.path, each.name))):
        code = code_of(check.path, check.name)
        room -= len(code)
        shown[check] = code if room >= 0 else Markup()
    return shown


def _rows(
    claim: ClaimFile, found: list[Check], shown: Mapping[Check, Markup], theorems: Mapping[tuple[Path, str], Theorems]
) -> Iterator[CheckRow]:
    for check in found:
        place = place_of(claim.uid, check.path, check.line, check.name)
        anchor = f"{check.path.stem}-{check.name}"
        if proved := theorems.get((check.path, check.name)):
            yield CheckRow(sentence(check.name), "", place, Markup(), anchor, proved)
        else:
            said = functions(check.path)[check.name].said.partition("\n\n")[0].replace("\n", " ")
            yield CheckRow(sentence(check.name), said, place, shown[check], anchor)


def sentence(name: str) -> str:
    """``test_one_step_changes_it`` as "One step changes it"."""
    words = name.removeprefix("test_").replace("_", " ")
    return words[:1].upper() + words[1:]
