"""A ledger's file: its tables, and the two ways to open it. Nothing in a file is trusted, and nothing is executed.

To write: whoever has the file may, one at a time, and waits for the others (a write-ahead log; a campaign's records are
safe from everything but a power cut, which may cost the last seconds). To read: a snapshot, through a connection that
cannot write, and that refuses whatever is not exactly a ledger: other tables, a view, a trigger, damaged pages, a file
or rows beyond the limits below.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from claims.campaigns.canonical import LONGEST_RECORD
from claims.campaigns.errors import LedgerError, LedgerWriteError

APPLICATION, SCHEMA = 0x444C4345, 1
"""What the file's header says: that it is a ledger of this project, and of which form."""
LARGEST_FILE = 2**30
"""Bytes of a ledger that is read, its log included."""
MOST_RECORDS = 10**6
WAIT = 30.0
"""Seconds to wait for another process that is writing."""

TABLES = (
    "CREATE TABLE places (digest TEXT PRIMARY KEY, files TEXT NOT NULL, content TEXT NOT NULL)",
    "CREATE TABLE records (files TEXT NOT NULL, name TEXT NOT NULL, seed INTEGER NOT NULL, examples INTEGER NOT NULL, "
    "uid TEXT NOT NULL, fate TEXT NOT NULL, decided INTEGER NOT NULL, seconds REAL NOT NULL, "
    "place TEXT NOT NULL REFERENCES places, digest TEXT NOT NULL, content TEXT NOT NULL, "
    "PRIMARY KEY (files, name, seed, examples))",
    "CREATE INDEX records_by_uid ON records (uid, files, name, seed, examples)",
)
"""``content`` is the canonical JSON that ``digest`` pins; the other columns repeat what is in it, for SQL to find."""

REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: f"another process has been writing it for more than {WAIT:.0f} s",
    sqlite3.SQLITE_LOCKED: "it is locked",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_PERM: "permission is denied",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_IOERR: "the system cannot write there, or no more of it",
}
READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_TRANSACTION}
"""All that a reader's statements may do."""


def to_write(path: Path) -> sqlite3.Connection:
    """The file open for writing, made whole where there is none or an empty one; what is no ledger is left alone."""
    if path.exists() and not path.is_file():
        raise LedgerError(f"{path} is no file; expected a ledger, or the name of a new one")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerWriteError(f"{path} cannot be written: {error.strerror}") from error
    with told(path, writing=True):
        connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            with transaction(connection):
                if not _objects(connection) and _header(connection) == (0, 0):
                    _create(connection)
                check_form(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
    return connection


def to_read(path: Path) -> sqlite3.Connection:
    """A snapshot of the file; LedgerError where it is none that may be believed."""
    check_file(path)
    with told(path):
        connection = sqlite3.connect(_address(path), uri=True, timeout=WAIT, isolation_level=None)
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * LONGEST_RECORD)
            for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("BEGIN")
            check_form(connection, path)
            _check_pages(connection, path)
            connection.set_authorizer(_authorized)
        except BaseException:
            connection.close()
            raise
    return connection


def check_file(path: Path) -> None:
    """LedgerError unless it is a regular file of a size that is read; nothing else is opened, as a pipe that waits."""
    try:
        found = path.stat()
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode) or found.st_size == 0:
        raise LedgerError(f"{path} is no regular file, or an empty one; expected a ledger")
    beside = [path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm", "-journal")]
    for each in beside:
        if each.exists() and not each.is_file():
            raise LedgerError(f"{each} is no regular file; SQLite would open it with {path.name}")
    log = _log(path)
    size = found.st_size + (log.stat().st_size if log.exists() else 0)
    if size > LARGEST_FILE:
        raise LedgerError(f"{path} has {size:,} bytes; expected at most {LARGEST_FILE:,}")


def has_moved(path: Path, opened: os.stat_result) -> bool:
    """Whether the file that was opened has its name no more: SQLite would go on writing to it, and nobody find it."""
    try:
        return not os.path.samestat(path.stat(), opened)
    except OSError:
        return True


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """LedgerError where pages are damaged, or there are too many records."""
    ((found,),) = connection.execute("PRAGMA quick_check(1)")
    if found != "ok":
        raise LedgerError(f"{path} is damaged: {str(found)[:200]!r}")
    ((number,),) = connection.execute("SELECT count(*) FROM records")
    if number > MOST_RECORDS:
        raise LedgerError(f"{path} has {number:,} records; expected at most {MOST_RECORDS:,}")


def _authorized(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _address(path: Path) -> str:
    """Read-only. Where no lock can be placed beside the file, and nobody has a log there, it is what it is."""
    unchanging = not os.access(path.parent, os.W_OK) and not _log(path).exists()
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if unchanging else ''}"


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")
    for statement in TABLES:
        connection.execute(statement)


def _header(connection: sqlite3.Connection) -> tuple[int, int]:
    ((application,),) = connection.execute("PRAGMA application_id")
    ((schema,),) = connection.execute("PRAGMA user_version")
    return application, schema


def _objects(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name LIMIT 100").fetchall()


@cache
def _expected() -> list[tuple[object, ...]]:
    connection = sqlite3.connect(":memory:")
    _create(connection)
    found = _objects(connection)
    connection.close()
    return found


def check_form(connection: sqlite3.Connection, path: Path) -> None:
    """LedgerError unless the header is a ledger's, and the tables are, and no more."""
    application, schema = _header(connection)
    if application != APPLICATION:
        raise LedgerError(f"{path} is a database, but no ledger of this project")
    if schema > SCHEMA:
        raise LedgerError(f"{path} is a ledger of form {schema}; this version reads {SCHEMA}, a newer one may read it")
    if (found := _objects(connection)) != _expected():
        names = ", ".join(f"{kind} {name!r}" for kind, name, *_ in found if (kind, name) not in _names())
        raise LedgerError(f"{path} has other tables than a ledger ({names[:200] or 'or fewer'}); expected those alone")


def _names() -> set[tuple[object, object]]:
    return {(kind, name) for kind, name, *_ in _expected()}


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def told(path: Path, *, writing: bool = False) -> Iterator[None]:
    """SQLite's errors in a sentence that names the file."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if writing and code in REASONS:
            raise LedgerWriteError(f"{path} cannot be written: {REASONS[code]}; what it held is kept") from error
        raise LedgerError(f"{path} is no ledger that can be read: {REASONS.get(code, error)}") from error


def settle(connection: sqlite3.Connection, *, moved: bool = False) -> None:
    """Bring the log into the file, so that it is one file; where others have it open, the last of them does. The log of
    one that has ``moved`` stays: by its name it is another's."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)" if moved else "PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
