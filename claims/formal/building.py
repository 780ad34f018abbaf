"""Compiled files, each built once for all processes and runs of a user, under a digest of all that it depends on."""

from __future__ import annotations

import contextlib
import tempfile
import time
from pathlib import Path

from claims.formal.coq import Coq
from claims.formal.sources import Sources, digests, unfit
from claims.formal.store import alone, folder

TOOK = "seconds"
"""The file beside a compiled one that says how long it took."""


class UnprovedError(Exception):
    """What Coq does not accept, or what it was asked in a way that it must not be."""


def built(file: str, sources: Sources, coq: Coq) -> list[Path]:
    """The folders of the compiled file and of all that it rests on, which are built where they are not there.

    UnprovedError where Coq refuses one of them, or it might change how a statement is read; TimeLimitError where it
    takes too long.
    """
    folders: list[Path] = []
    for name, digest in digests(file, sources, coq.digest).items():
        if why := unfit(sources[name]):
            raise UnprovedError(f"{name} is not compiled: {why}")
        place = folder() / digest[:32]
        if not place.is_dir():
            with alone(digest[:32]):
                if not place.is_dir():
                    _build(name, sources[name], folders, place, coq)
        folders.append(place)
    return folders


def build_seconds(sources: Sources, coq: Coq) -> dict[str, float]:
    """What building took, for each file that is built."""
    found = {}
    for file in sources:
        place = folder() / digests(file, sources, coq.digest)[file][:32] / TOOK
        if place.is_file():
            found[file] = float(place.read_text(encoding="utf-8"))
    return found


def _build(name: str, text: str, folders: list[Path], place: Path, coq: Coq) -> None:
    """Compile a file in a folder of its own, which then comes into its place at once."""
    with tempfile.TemporaryDirectory(dir=folder(), prefix="building-") as scratch:
        work = Path(scratch) / "work"
        work.mkdir()
        (work / name).write_text(text, encoding="utf-8")
        started = time.monotonic()
        run = coq.run(work / name, folders)
        (work / TOOK).write_text(f"{time.monotonic() - started:.3f}", encoding="utf-8")
        if run.returncode:
            raise UnprovedError(f"Coq does not accept {name}:\n{indented(run.stderr)}")
        with contextlib.suppress(OSError):  # where nobody waits, another may have been faster
            work.rename(place)
        if not place.is_dir():
            raise OSError(f"{place} cannot be made")


def indented(text: str) -> str:
    """Each line by four spaces."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines())
