"""The ledger of evidence: a set of records in one file (SQLite), to which campaigns add, and of which unions are taken.

What a record is of, its identity, is the files, the check, the seed and the number of examples. Of two records of one
identity one stays: one that failed before one that passed, so that no failure is hidden, one that ran before one that
is broken, and else that of the larger digest. So adding is a union: whatever is added in whatever order, once or
twice, the ledger is the same. Records of other files are kept apart.

Every record is checked when it is written and when it is read: its form, its limits, that the columns repeat what the
text says, and that the digest fits (:mod:`~claims.campaigns.canonical`). One that is not right is refused, and with it
the file. Nothing of a ledger is ever executed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from claims.campaigns.canonical import checked, digest, place_text, read_place, read_record, record_text
from claims.campaigns.errors import LedgerError, LedgerWriteError
from claims.campaigns.records import Fate, Piece, Place, Record
from claims.campaigns.storage import has_moved, settle, to_read, to_write, told, transaction
from claims.campaigns.totals import Totals, totals

COLUMNS = ("files", "name", "seed", "examples", "uid", "fate", "decided", "seconds", "place", "digest", "content")
IDENTITY = "files, name, seed, examples"
WORSE = "CASE {0}.fate WHEN 'failed' THEN 2 WHEN 'passed' THEN 1 ELSE 0 END, {0}.digest"
ADD_PLACE = "INSERT INTO places VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
ADD = (
    f"INSERT INTO records ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    f"ON CONFLICT ({IDENTITY}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS[4:])} "
    f"WHERE ({WORSE.format('excluded')}) > ({WORSE.format('records')})"
)


class Ledger:
    """A ledger's file, open: to add to, made whole where there is none yet; or with ``read_only`` a snapshot of it.

    Raises LedgerError for a file that is none or holds what no ledger may, and LedgerWriteError (an OSError) where it
    cannot be written; then nothing of what was to be added is in it, and all that was before is.
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = Path(path)
        self.read_only = read_only
        self._connection = to_read(self.path) if read_only else to_write(self.path)
        self._file = self.path.stat()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Leave one file behind."""
        try:
            if not self.read_only:
                with told(self.path, writing=True):
                    settle(self._connection, moved=has_moved(self.path, self._file))
        finally:
            self._connection.close()

    def __len__(self) -> int:
        with told(self.path):
            ((number,),) = self._connection.execute("SELECT count(*) FROM records")
        return int(number)

    def add(self, records: Iterable[Record]) -> int:
        """The union with ``records``, all of them or none; how many were new, or took the place of another."""
        if self.read_only:
            raise LedgerWriteError(f"{self.path} is open for reading alone")
        with told(self.path, writing=True), transaction(self._connection):
            number = sum(self._changed(record) for record in records)
            if has_moved(self.path, self._file):
                raise LedgerWriteError(f"{self.path} was moved, deleted or replaced, with all that it held")
            return number

    def _changed(self, record: Record) -> int:
        place = place_row(record.place)
        self._connection.execute(ADD_PLACE, place)
        return self._connection.execute(ADD, record_row(checked(record), place[0])).rowcount

    def records(self, *, files: str | None = None, uid: str | None = None) -> Iterator[Record]:
        """Those of a version, of a claim, of both, or all, in the order of their identities."""
        wanted = {name: value for name, value in (("files", files), ("uid", uid)) if value is not None}
        where = f"WHERE {' AND '.join(f'{name} = ?' for name in wanted)}" if wanted else ""
        with told(self.path):
            places = self._places()
            statement = f"SELECT {', '.join(COLUMNS)} FROM records {where} ORDER BY {IDENTITY}"
            for row in self._connection.execute(statement, tuple(wanted.values())):
                yield self._record(row, places)

    def _record(self, row: tuple[object, ...], places: Mapping[str, Place]) -> Record:
        *_, place, _, content = row
        if place not in places:
            raise LedgerError(f"{self.path} has a record of no place: {str(row[1])[:200]!r}")
        try:
            record = read_record(content, places[str(place)])
            fits = record_row(record, str(place)) == row
        except LedgerError as error:
            raise LedgerError(f"{self.path}: {error}") from None
        if not fits:
            raise LedgerError(f"{self.path}: a record of {str(row[1])[:200]!r} does not fit its digest, or columns")
        return record

    def _places(self) -> dict[str, Place]:
        found = {}
        for row in self._connection.execute("SELECT digest, files, content FROM places"):
            try:
                place = read_place(row[2])
                fits = place_row(place) == row
            except LedgerError as error:
                raise LedgerError(f"{self.path}: {error}") from None
            if not fits:
                raise LedgerError(f"{self.path}: a place does not fit its digest")
            found[row[0]] = place
        return found

    def fates(self, files: str) -> dict[Piece, Fate]:
        """What became of each piece of a version, so that a campaign does the others."""
        statement = "SELECT uid, name, seed, examples, fate FROM records WHERE files = ?"
        with told(self.path):
            return {Piece(*piece): Fate(fate) for *piece, fate in self._connection.execute(statement, (files,))}

    def totals(self, files: str, uid: str | None = None) -> dict[str, Totals]:
        """Of one version, by claim."""
        return totals(self.records(files=files, uid=uid))


def place_row(place: Place) -> tuple[str, str, str]:
    text = place_text(place)
    return digest(text), place.files, text


def identity(record: Record) -> tuple[str, str, int, int]:
    """Of two records with the same one stays."""
    piece = record.piece
    return record.place.files, piece.check, piece.seed, piece.examples


def record_row(record: Record, place: str) -> tuple[object, ...]:
    """The columns of a record, ``place`` being the digest of its place."""
    text, piece = record_text(record, place), record.piece
    said = (piece.uid, record.fate.value, record.decided, record.seconds)
    return (*identity(record), *said, place, digest(text), text)
