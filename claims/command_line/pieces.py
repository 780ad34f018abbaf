"""A long check in pieces, one a claim: each that is done is kept, and a run that was stopped goes on from there.

What is kept counts for the version, the files, the profile and pytest's options with which it was found, and no others.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.book import CLAIMS
from claims.campaigns.executors import Outcome, each
from claims.campaigns.telling import counted, processor_time
from claims.command_line.claim_files import ClaimFile, claim_files
from claims.command_line.errors import UsageError
from claims.command_line.records import version
from claims.command_line.terminal import progress, warning

PROFILES = {"default": "claims", "ci": "claims-ci", "thorough": "claims-thorough"}
"""From the word on the command line to Hypothesis's profile."""

ROOMS = ("claims", "solvers", "strategies")


def default_state(profile: str) -> Path:
    """Where pieces are kept if nothing else is said: below the working directory, as Hypothesis's examples are."""
    return Path(".claims") / f"{profile}.json"


def files_hash(root: Path = CLAIMS.parent) -> str:
    """The SHA-256 of all that a check depends on here: the names and the bytes of the three packages' files."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".json", ".c"):
                digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def expect_files(sha256: str) -> None:
    """ValueError where a worker has other files than those that it is asked about."""
    if files_hash() != sha256:
        raise ValueError(f"version {version()} of this worker has other files than the run; expected the same ones")


def load(path: Path, key: dict[str, Any]) -> dict[str, Any]:
    """The pieces that were verified under the same key. UsageError for a file that is no state of such a run."""
    if not path.exists():
        return {}
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        known, pieces = state["key"], dict(state["pieces"])
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"--state is {path}, which keeps no such run; expected another file, or none yet") from error
    return {uid: piece for uid, piece in pieces.items() if piece["verified"]} if known == key else {}


@dataclass(frozen=True)
class Asked:
    """A piece: a claim, what pytest is told, and the files for which it counts."""

    uid: str
    options: tuple[str, ...]
    sha256: str


def check_in_pieces(
    claims: Sequence[ClaimFile],
    profile: str,
    options: list[str],
    state: Path | None,
    *,
    silent: bool,
    jobs: int | None = 1,
    scheduler: str | None = None,
) -> dict[str, Any]:
    """What each claim's piece came to, by uid; the state is written after each, by this process, whoever runs them.
    KeyboardInterrupt if it is stopped."""
    from claims.suite.evidence import write_atomically

    path = state or default_state(profile)
    key = {"version": version(), "sha256": files_hash(), "profile": profile, "options": options}
    pieces = load(path, key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path.absolute(), {"key": key, "pieces": pieces})
    except OSError as error:
        raise UsageError(f"--state is {path}, which cannot be written: {error}") from error
    of_uid, passed_on = {claim.uid: claim for claim in claims}, (f"--hypothesis-profile={PROFILES[profile]}", *options)
    kept = [uid for uid in of_uid if uid in pieces]
    asked = [Asked(uid, passed_on, str(key["sha256"])) for uid in of_uid if uid not in pieces]
    places = (f"{number} of {len(of_uid)}" for number in range(1, len(of_uid) + 1))
    try:
        with progress(stays=True) as show:

            def begun(piece: Asked) -> Asked:
                done = sum(uid in pieces for uid in of_uid)
                show(done / len(of_uid), f"{piece.uid} {of_uid[piece.uid].title}")
                return piece

            for uid in () if silent else kept:
                _print(of_uid[uid], pieces[uid], next(places), kept=True)
            for outcome in each(run_piece, map(begun, asked), jobs, scheduler):
                uid = outcome.item.uid
                pieces[uid] = _told(outcome)
                write_atomically(path.absolute(), {"key": key, "pieces": pieces})
                if not silent:
                    _print(of_uid[uid], pieces[uid], next(places), kept=False)
            show(1.0, "")
    except KeyboardInterrupt:
        done = sum(uid in pieces and pieces[uid]["verified"] for uid in of_uid)
        print(
            f"stopped: {done} of {len(of_uid)} are kept in {path}; the same command goes on from there", file=sys.stderr
        )
        raise
    found = {uid: pieces[uid] for uid in of_uid}
    if not silent:
        _print_sum(found)
    return found


def run_piece(asked: Asked) -> dict[str, Any]:
    """One claim by pytest, in whatever process; with what it printed where it fails.

    ValueError where the files here are not those that it would count for.
    """
    from claims.command_line.checking import pytest_as_json

    expect_files(asked.sha256)
    start, used = time.monotonic(), _processors()
    with tempfile.TemporaryFile() as output:
        code, evidence = pytest_as_json([claim_files()[asked.uid].path], list(asked.options), output.fileno())
        output.seek(0)
        printed = output.read().decode(errors="replace") if code != 0 else ""
    piece = {"verified": code == 0, "seconds": round(time.monotonic() - start, 1), "evidence": evidence}
    return piece | {"processor_seconds": round(_processors() - used, 1), "printed": printed}


def _processors() -> float:
    """Seconds that processes took which this one has started and seen end; 0 where the system does not tell."""
    times = os.times()
    return times.children_user + times.children_system


def _told(outcome: Outcome[Asked, dict[str, Any]]) -> dict[str, Any]:
    """What is kept of a piece, after what there is to say of it was said."""
    if not outcome.done:
        print(f"{outcome.item.uid} was not checked: {outcome.error or outcome.lost}", file=sys.stderr)
        return {"verified": False, "seconds": 0.0, "processor_seconds": 0.0, "evidence": None}
    piece = dict(outcome.value())
    if printed := piece.pop("printed"):
        print(printed, file=sys.stderr)
    return piece


def _print(claim: ClaimFile, piece: dict[str, Any], place: str, *, kept: bool) -> None:
    says = "verified" if piece["verified"] else warning("not verified")
    when = "kept" if kept else f"{piece['seconds']:.0f} s"
    print(f"{claim.uid} {claim.title} {says}: {_counted([piece])} ({place}, {when})", flush=True)


def _print_sum(pieces: dict[str, dict[str, Any]]) -> None:
    """The last line: of how many, and in how much time, those that are kept included."""
    failed = [uid for uid, piece in pieces.items() if not piece["verified"]]
    took = processor_time(sum(piece["processor_seconds"] for piece in pieces.values()))
    print(f"verified: {len(pieces) - len(failed)} of {len(pieces)}: {_counted(pieces.values())}, in {took}")
    if failed:
        print(warning(f"not verified: {', '.join(failed)}"))


def _counted(pieces: Iterable[dict[str, Any]]) -> str:
    tallies = [tally for piece in pieces for tally in _tallies(piece["evidence"] or {"claims": []})]
    checks, examples = (sum(tally[what] for tally in tallies) for what in ("checks", "examples"))
    return f"{counted(checks, 'check')}, {counted(examples, 'generated instance')}"


def _tallies(evidence: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for claim in evidence["claims"]:
        yield from claim["evidence"].values()
