"""A ledger as JSON, of which the schema is ledger.schema.json beside this file: places by digest, and a record a line.

Two ledgers with the same records have the same export, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator

from claims.campaigns.canonical import canonical
from claims.campaigns.ledger import Ledger, place_row, record_row
from claims.campaigns.storage import SCHEMA


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
