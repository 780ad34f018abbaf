"""A long check in pieces, one a claim: each that is done is kept, and a run that was stopped goes on from there.

What is kept counts for the version, the files, the profile and pytest's options with which it was found, and no others.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from claims.book import CLAIMS
from claims.command_line.claim_files import ClaimFile
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


def check_in_pieces(
    claims: Sequence[ClaimFile], profile: str, options: list[str], state: Path | None, *, silent: bool
) -> dict[str, Any]:
    """What each claim's piece came to, by uid; the state is written after each. KeyboardInterrupt if it is stopped."""
    from claims.suite.evidence import write_atomically

    path = state or default_state(profile)
    key = {"version": version(), "sha256": files_hash(), "profile": profile, "options": options}
    pieces = load(path, key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path.absolute(), {"key": key, "pieces": pieces})
    except OSError as error:
        raise UsageError(f"--state is {path}, which cannot be written: {error}") from error
    try:
        with progress(stays=True) as show:
            for number, claim in enumerate(claims):
                show(number / len(claims), f"{claim.uid} {claim.title}")
                kept = claim.uid in pieces
                if not kept:
                    pieces[claim.uid] = _piece(claim, [f"--hypothesis-profile={PROFILES[profile]}", *options])
                    write_atomically(path.absolute(), {"key": key, "pieces": pieces})
                if not silent:
                    _print(claim, pieces[claim.uid], f"{number + 1} of {len(claims)}", kept=kept)
            show(1.0, "")
    except KeyboardInterrupt:
        done = sum(claim.uid in pieces for claim in claims)
        print(
            f"stopped: {done} of {len(claims)} are kept in {path}; the same command goes on from there", file=sys.stderr
        )
        raise
    return {claim.uid: pieces[claim.uid] for claim in claims}


def _piece(claim: ClaimFile, options: list[str]) -> dict[str, Any]:
    """One claim by pytest; what it prints is shown where it fails."""
    from claims.command_line.checking import pytest_as_json

    start = time.monotonic()
    with tempfile.TemporaryFile() as output:
        code, evidence = pytest_as_json([claim.path], options, output.fileno())
        if code != 0:
            output.seek(0)
            print(output.read().decode(errors="replace"), file=sys.stderr)
    return {"verified": code == 0, "seconds": round(time.monotonic() - start, 1), "evidence": evidence}


def _print(claim: ClaimFile, piece: dict[str, Any], place: str, *, kept: bool) -> None:
    tallies = list(_tallies(piece["evidence"] or {"claims": []}))
    counted = f"{sum(t['checks'] for t in tallies)} checks, {sum(t['examples'] for t in tallies)} generated instances"
    says = "verified" if piece["verified"] else warning("not verified")
    when = "kept" if kept else f"{piece['seconds']:.0f} s"
    print(f"{claim.uid} {claim.title} {says}: {counted} ({place}, {when})", flush=True)


def _tallies(evidence: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for claim in evidence["claims"]:
        yield from claim["evidence"].values()
