"""How far the theorems' constants are from the worst that was found: a row a constant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.command_line.claim_files import ClaimFile
from claims.site.material import Material
from claims.site.pages import Page

ABOUT = re.compile(r"(DL-\d{3}|[\d.]+)? ?(.*)", re.DOTALL)
"""A quantity begins with the claim, or the statement of the atlas, whose constant it is."""


@dataclass(frozen=True)
class Constant:
    """What a search saw at worst, over what is guaranteed: 1 where it is attained."""

    claim: str
    about: str
    quantity: str
    observed: float
    guaranteed: float
    how: str

    @property
    def ratio(self) -> str:
        return f"{self.observed / self.guaranteed:.4g}"


def pages(material: Material) -> Iterator[Page]:
    yield Page(
        "tightness",
        "Tightness of the constants",
        "tightness.html",
        {"constants": constants(material), "run": material.run},
        summary="The worst that searches found, over what the theorems guarantee.",
        words="tightness constants observed guaranteed worst search",
    )


def constants(material: Material) -> list[Constant]:
    """Those of the run, in its order; none without one."""
    found = []
    for entry in material.run.tightness if material.run else ():
        match = ABOUT.fullmatch(entry["quantity"])
        about, quantity = (match[1] or "", match[2]) if match else ("", entry["quantity"])
        found.append(Constant(entry["claim"], about, quantity, entry["observed"], entry["guaranteed"], entry["how"]))
    return found


def constants_of(claim: ClaimFile, found: list[Constant]) -> list[Constant]:
    """Those of a claim: the run's by its own checks, and others' by the statement that it covers."""
    return [each for each in found if claim.uid in (each.claim, each.about) or each.about in claim.items]
