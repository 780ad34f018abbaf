"""What a ledger says of claims: of the version at hand first, and of each other with the commit that it is of."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.command_line.errors import UsageError

if TYPE_CHECKING:
    from claims.campaigns.records import Place, Record
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

    def in_all(self) -> str:
        """As in: 3,214,000 instances of 72 claims, 12 CPU-hours."""
        from claims.campaigns.telling import in_all

        return in_all(self.totals.values())

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
    from claims.campaigns.exporting import opened
    from claims.campaigns.telling import readable
    from claims.command_line.pieces import files_hash

    at_hand = files_hash()
    try:
        with ExitStack() as files:
            by_version = groupby(opened(path, files)(), key=lambda record: record.place.files)
            found = [_read(version, records, uids, here=version == at_hand) for version, records in by_version]
    except LedgerError as error:
        raise UsageError(readable(str(error))) from error
    return sorted(found, key=lambda version: (not version.here, version.files))


def _read(files: str, records: Iterable[Record], uids: tuple[str, ...], *, here: bool) -> VersionTotals:
    """All records are looked at, so that a ledger is refused whole; those of other claims are not counted."""
    from claims.campaigns.totals import totals

    places: dict[int, Place] = {}  # a ledger has one object for each

    def of_claims() -> Iterator[Record]:
        for record in records:
            places[id(record.place)] = record.place
            if not uids or record.piece.uid in uids:
                yield record

    found = totals(of_claims())
    return VersionTotals(files, tuple(places.values()), here, found)


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
