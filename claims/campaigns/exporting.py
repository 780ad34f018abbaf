"""A ledger as JSON, of which the schema is ledger.schema.json beside this file: places by digest, and a record a line.

Two ledgers with the same records have the same export, byte for byte; it is read as strictly as a ledger's file is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

from claims.campaigns.canonical import canonical, read_place, read_record
from claims.campaigns.errors import LedgerError
from claims.campaigns.ledger import Ledger, identity, place_row, record_row
from claims.campaigns.records import Record
from claims.campaigns.storage import MOST_RECORDS, SCHEMA, check_file


def exported(ledger: Ledger) -> Iterator[str]:
    """Lines, without their ends; the first of them comes after each record was checked."""
    places = {}
    for record in ledger.records():
        digest, _, text = place_row(record.place)
        places[digest] = text
    yield f'{{"schema":{SCHEMA},'
    yield '"places":{'
    yield from _separated(f"{canonical(digest)}:{places[digest]}" for digest in sorted(places))
    yield "},"
    yield '"records":['
    yield from _separated(_record(record_row(record, place_row(record.place)[0])) for record in ledger.records())
    yield "]}"


def _record(row: tuple[object, ...]) -> str:
    return f'{{"sha256":{canonical(row[-2])},"record":{row[-1]}}}'


def _separated(items: Iterator[str]) -> Iterator[str]:
    """With a comma after each but the last."""
    last = next(items, None)
    for item in items:
        yield f"{last},"
        last = item
    if last is not None:
        yield last


Records = Callable[[], Iterable[Record]]
"""What gives the records of a ledger, as often as it is called, each checked, in the order of their identities."""


def opened(path: Path, files: ExitStack) -> Records:
    """A ledger's file, which ``files`` closes, or an export. LedgerError where it is neither."""
    check_file(path)
    with path.open("rb") as file:
        is_export = file.read(1) == b"{"
    if is_export:
        found = imported(path)
        return lambda: found
    return files.enter_context(Ledger(path, read_only=True)).records


def imported(path: Path) -> list[Record]:
    """The records of an export. LedgerError where it is none, or a record is not what its digest says."""
    try:
        content = json.loads(path.read_text(encoding="ascii"))
        if content["schema"] != SCHEMA or len(content["records"]) > MOST_RECORDS:
            raise LedgerError(f"it is of another form than {SCHEMA}, or has more than {MOST_RECORDS:,} records")
        places = {digest: read_place(canonical(value)) for digest, value in content["places"].items()}
        if any(place_row(place)[0] != digest for digest, place in places.items()):
            raise LedgerError("a place does not fit its digest")
        found = [_imported(each, places) for each in content["records"]]
        if any(identity(one) >= identity(two) for one, two in pairwise(found)):
            raise LedgerError("records are not in the order of their identities, or one is there twice")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LedgerError(f"{path} is no export of a ledger that can be read: {error}") from error
    return found


def _imported(entry: dict[str, Any], places: dict[str, Any]) -> Record:
    text = canonical(entry["record"])
    record = read_record(text, places[entry["record"]["place"]])
    *_, digest, again = record_row(record, entry["record"]["place"])
    if (digest, again) != (entry["sha256"], text):
        raise LedgerError(f"a record of {record.piece.check} does not fit its digest")
    return record


def _same(one: Path, two: Path) -> bool:
    """Whether two paths, of which either may lead nowhere, lead to one file."""
    return one.exists() and two.exists() and one.samefile(two)


def merge(out: str | Path, paths: Iterable[str | Path]) -> tuple[int, int]:
    """Add all records of some ledgers, or exports, to the ledger in ``out``: how many were new or took another's place,
    and how many it has. If one is refused nothing is merged, and ``out`` is what it was, or is not."""
    others = [Path(path) for path in paths if not _same(Path(path), Path(out))]
    with ExitStack() as files:
        found = [opened(path, files) for path in others]
        for records in found:
            for _ in records():  # each is checked before anything is written
                pass
        with Ledger(out) as ledger:
            return ledger.add(record for records in found for record in records()), len(ledger)
