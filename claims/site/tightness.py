"""How far the theorems' constants are from the worst that was found: a row a constant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import inf, log

from claims.book import CLAIMS
from claims.command_line.claim_files import ClaimFile
from claims.site.material import Material
from claims.site.pages import Page

ABOUT = re.compile(r"(DL-\d{3}|[\d.]+)? ?(.*)", re.DOTALL)
"""A quantity begins with the claim, or the statement of the atlas, whose constant it is."""
SEARCHED = "a state of this project's own searches, decided again for this page"
BUILT = "built by the claim itself"


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
    """What this project keeps, each state decided again, and what the run saw where that is tighter; by quantity."""
    found = dict(kept())
    for entry in material.run.tightness if material.run else ():
        seen = _constant(entry["claim"], entry["quantity"], entry["observed"], entry["guaranteed"], entry["how"])
        if _looseness(seen) < _looseness(found.get(entry["quantity"])):
            found[entry["quantity"]] = seen
    return [found[quantity] for quantity in sorted(found)]


@cache
def kept() -> dict[str, Constant]:
    """By quantity, the tightest state of the ledger that comes with this project, and what the claims build
    themselves; nothing of the ledger is believed that its state does not show once more."""
    from claims.campaigns.exporting import imported
    from claims.campaigns.tightness import KEPT, UID, Worst
    from claims.command_line.tightening import check_asserts
    from claims.convergence.tightness.states import measured
    from claims.convergence.tightness.suprema import ATTAINED
    from claims.necessity.balance_needed import CLAIM
    from claims.necessity.balance_needed.too_little_balance import REFUTED

    check_asserts()
    known = Worst(imported(CLAIMS.parent / KEPT)).known
    ratios = {quantity: each.ratio for quantity, each in known.items() if each.ratio}
    found = {name: _constant(UID, name, each.observed, each.guaranteed, SEARCHED) for name, each in ratios.items()}
    found |= {name: _constant(UID, name, *measured(bound()), BUILT) for name, bound in ATTAINED.items()}
    return found | {name: _constant(CLAIM.uid, name, *sides(), BUILT) for name, sides in REFUTED.items()}


def _constant(claim: str, quantity: str, observed: float, guaranteed: float, how: str) -> Constant:
    match = ABOUT.fullmatch(quantity)
    about, name = (match[1] or "", match[2]) if match else ("", quantity)
    return Constant(claim, about, name, observed, guaranteed, how)


def _looseness(constant: Constant | None) -> float:
    """How far from 1 the ratio is, as often as it may be."""
    return abs(log(constant.observed / constant.guaranteed)) if constant else inf


def constants_of(claim: ClaimFile, found: list[Constant]) -> list[Constant]:
    """Those of a claim: found by its own checks, and others' by the statement that it covers."""
    return [each for each in found if claim.uid in (each.claim, each.about) or each.about in claim.items]
