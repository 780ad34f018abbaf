"""What is not known: open claims, open cells of the ablation matrix, and what would settle each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.command_line.atlas import ATLAS
from claims.command_line.claim_files import ClaimFile
from claims.command_line.mapping import covering
from claims.site.code import functions
from claims.site.hypotheses import Cell, anchor, rows
from claims.site.material import Material
from claims.site.pages import Page

OPENS = re.compile(r"(?:Open|Open here|Status|What is open|Not known|Not sharp|Not covered|Not covered here)[.:] ")
"""How a paragraph of a statement begins that says what is left."""


@dataclass(frozen=True)
class OpenCell:
    """A cell that no check decides; ``searched`` is what the checks behind it say that they did."""

    claim: ClaimFile
    cell: Cell
    anchor: str
    searched: tuple[str, ...]


def pages(material: Material) -> Iterator[Page]:
    covered = covering(material.claims)
    yield Page(
        "open",
        "Open questions",
        "open.html",
        {
            "claims": [claim for claim in material.claims.values() if claim.status == "open"],
            "cells": list(_cells(material)),
            "undecided": list(_undecided(material)),
            "said": list(_said(material)),
            "uncovered": [item for section in ATLAS for item in section.items if item[0] not in covered],
        },
        summary="Every open claim and every open cell of the ablation matrix, and what would settle it.",
        words="open questions not known conjecture settle",
    )


def _cells(material: Material) -> Iterator[OpenCell]:
    for claim in material.claims.values():
        for row in rows(material, claim):
            for cell in row.cells:
                if cell.fate == "open":
                    yield OpenCell(claim, cell, row.anchor, tuple(_searched(claim, material, cell)))


def _searched(claim: ClaimFile, material: Material, cell: Cell) -> Iterator[str]:
    for place in cell.checks:
        other = material.claims[place.uid]
        path = other.path.with_name(place.file)
        said = functions(path)[place.check].said.partition("\n\n")[0].replace("\n", " ")
        if said:
            yield said


def _undecided(material: Material) -> Iterator[tuple[ClaimFile, str, str]]:
    """Hypotheses that nothing drops or weakens."""
    for claim in material.claims.values():
        for row in rows(material, claim):
            if not row.cells:
                yield claim, row.hypothesis, anchor(row.hypothesis)


def _said(material: Material) -> Iterator[tuple[ClaimFile, str]]:
    """The paragraphs in which claims say what they leave open."""
    for claim in material.claims.values():
        for paragraph in re.split(r"\n\s*\n", claim.statement):
            if OPENS.match(paragraph):
                yield claim, paragraph
