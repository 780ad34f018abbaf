"""What a ledger says of claims: of the version at hand first, and of each other with the commit that it is of."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.command_line.errors import UsageError
from claims.command_line.pieces import files_hash

if TYPE_CHECKING:
    from claims.campaigns.records import Place
    from claims.campaigns.totals import Totals


@dataclass(frozen=True)
class VersionTotals:
    """What the records of one version come to, by claim; ``here`` says whether its files are those at hand."""

    files: str
    places: tuple[Place, ...]
    here: bool
    totals: Mapping[str, Totals]

    def words(self) -> str:
        from claims.campaigns.telling import version_words

        return f"{'this' if self.here else 'another'} version ({version_words(self.files, self.places)})"

    def as_json(self) -> dict[str, Any]:
        return {
            "files": self.files,
            "here": self.here,
            "places": [vars(place) for place in self.places],
            "claims": [total.as_json() for total in self.totals.values()],
        }


def add_ledger_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ledger", metavar="FILE", type=Path, help="what campaigns have decided: a ledger, whose totals are told too"
    )


def read_versions(path: Path, uids: tuple[str, ...] = ()) -> list[VersionTotals]:
    """The version at hand first; all claims where none is named. UsageError where the file is no ledger."""
    from claims.campaigns.errors import LedgerError
    from claims.campaigns.ledger import Ledger
    from claims.campaigns.telling import readable

    try:
        with Ledger(path, read_only=True) as ledger:
            found = [_read(ledger, *version, uids) for version in ledger.versions().items()]
    except LedgerError as error:
        raise UsageError(readable(str(error))) from error
    return sorted(found, key=lambda version: not version.here)


def _read(ledger: Any, files: str, places: tuple[Place, ...], uids: tuple[str, ...]) -> VersionTotals:
    by_claim = [ledger.totals(files, uid) for uid in uids] if uids else [ledger.totals(files)]
    totals = {uid: total for each in by_claim for uid, total in each.items()}
    return VersionTotals(files, places, files == files_hash(), totals)


def sentences(path: Path, uid: str) -> Iterator[str]:
    """Of one claim: the version at hand, even where nothing is known of it, then others that have decided it."""
    from claims.campaigns.telling import sentence

    versions = read_versions(path, (uid,))
    if not any(each.here and uid in each.totals for each in versions):
        yield "Campaigns of this version: none in the ledger"
    for each in versions:
        if uid in each.totals:
            yield f"Campaigns of {each.words()}: {sentence(each.totals[uid])}"


def as_json(path: Path, uid: str) -> list[dict[str, Any]]:
    """The same for a program."""
    return [each.as_json() for each in read_versions(path, (uid,)) if each.here or uid in each.totals]
