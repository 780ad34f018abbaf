"""What campaigns have decided of a claim, from a ledger: its text is anybody's, and is cut to what a page can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.campaigns.telling import readable, sentence
from claims.campaigns.totals import Totals
from claims.command_line.ledger_totals import VersionTotals

WORST, FAILURES, LONGEST = 12, 3, 2000
"""Ratios and failures of a claim that are shown, and characters of a text."""


@dataclass(frozen=True)
class Campaign:
    """Of one version: ``version`` and ``said`` are sentences, ``worst`` has (ratio, quantity, check, seed), the
    tightest first, and ``failures`` (check, seed, what was told)."""

    here: bool
    version: str
    said: str
    worst: tuple[tuple[str, str, str, int], ...]
    failures: tuple[tuple[str, int, str], ...]


def campaigns_of(uid: str, versions: Sequence[VersionTotals]) -> list[Campaign]:
    """The version at hand first, where it has the claim."""
    return [_campaign(version, version.totals[uid]) for version in versions if uid in version.totals]


def _campaign(version: VersionTotals, found: Totals) -> Campaign:
    return Campaign(
        version.here,
        readable(version.words()),
        sentence(found),
        tuple(
            (f"{each.value:.4g}", _cut(each.ratio.quantity), _cut(each.piece.check), each.piece.seed)
            for each in found.worst[:WORST]
        ),
        tuple(
            (_cut(piece.check), piece.seed, _cut("\n".join(f"{name}: {text}" for name, text in failure.told.items())))
            for piece, failure in found.failures[:FAILURES]
        ),
    )


def _cut(text: str) -> str:
    """Every line readable, and no more than a page can hold."""
    lines = "\n".join(map(readable, text.splitlines()))
    return lines if len(lines) <= LONGEST else f"{lines[:LONGEST]} ..."
