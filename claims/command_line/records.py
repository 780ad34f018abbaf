"""From what a user types to a claim or a counterexample, or to a sentence with the nearest names."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from claims.book import evidence_paths
from claims.command_line import counterexample_files as counterexamples
from claims.command_line.claim_files import ClaimFile, claim_files
from claims.command_line.counterexample_files import CounterexampleFile, counterexample_files
from claims.command_line.errors import UsageError

PROJECT = "Deep Linear Claims"

Record = ClaimFile | CounterexampleFile


@cache
def version() -> str:
    """This project's, as it is installed."""
    try:
        return importlib.metadata.version("deep-linear-claims")
    except importlib.metadata.PackageNotFoundError as error:
        raise UsageError("deep-linear-claims is not installed; expected `pip install .` in its directory") from error


def is_catalogued(entry: CounterexampleFile) -> bool:
    """Whether the counterexample is one of those that are shipped, whatever it calls itself."""
    shipped = counterexample_files().get(entry.uid)
    return shipped is not None and shipped.sha256 == entry.sha256


def origin(record: Record) -> str:
    """Where it is from, for a citation: a counterexample that the catalogue does not have is not this project's."""
    if isinstance(record, CounterexampleFile) and not is_catalogued(record):
        return f"a counterexample in the format of {PROJECT} {version()}"
    return f"{record.uid} of {PROJECT} {version()}"


def find(name: str) -> Record:
    """The claim or counterexample of a uid (in any case, its number as a number: DL-4), or of a path to a
    counterexample file.

    Raises UsageError with the nearest uids for any other name, and with the reason for a file that is none.
    """
    if name.endswith(".json"):
        return _in_file(own_file(name))
    known: dict[str, Record] = {**claim_files(), **counterexample_files()}
    uid = in_full(name)
    if uid not in known:
        raise UsageError(f"there is no {name!r}; {_suggestion(name, known)}")
    return known[uid]


def in_full(name: str) -> str:
    """``dl-4`` as DL-004, and anything else in capitals."""
    match = re.fullmatch(r"(DLX?)-?([0-9]+)", name.upper())
    return f"{match[1]}-{match[2]:0>3}" if match else name.upper()


def own_file(name: str) -> Path:
    """The path to a file of the user's own, which must be there."""
    if not Path(name).is_file():
        raise UsageError(f"there is no file {name}")
    return Path(name)


def _in_file(path: Path) -> CounterexampleFile:
    """A counterexample of the user's own: its form is looked at before any of it is used."""
    from claims.counterexamples.catalogue import load  # imports the solvers, which the shipped ones need not wait for

    try:
        load(path)
        return counterexamples.read(path)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _suggestion(name: str, known: dict[str, Record]) -> str:
    """What was perhaps meant: the nearest uids, or those of claims whose module or title is near."""
    called = {uid: uid for uid in known}
    for uid, record in known.items():
        module = place(record).stem if isinstance(record, ClaimFile) else record.path.stem
        called |= {record.title.upper(): uid, module.upper(): uid}
    near = dict.fromkeys(called[match] for match in get_close_matches(name.upper(), called, n=3))
    meant = " or ".join(f"{uid} ({known[uid].title})" for uid in near)
    return f"did you mean {meant}?" if near else "`list` shows every uid"


def place(claim: ClaimFile) -> Path:
    """The file or the directory that a claim is."""
    return claim.path.parent if claim.path.stem == "__init__" else claim.path


def shown(path: Path) -> str:
    """Relative to the working directory where it is below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def content_hash(record: Record) -> str:
    """What a citation pins: a counterexample's own digest; for a claim the SHA-256 of its module, or of its package's
    modules one after another in alphabetical order, the opening page among them."""
    if isinstance(record, CounterexampleFile):
        return record.sha256
    files = sorted({record.path, *evidence_paths(record.path)})
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
