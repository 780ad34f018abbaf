"""Compiled files, each built once for all processes and runs of a user, under a digest of all that it depends on.

Each stands in a folder of its own, with a seal by which a run knows that it was built and not put there.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
import time
from pathlib import Path

from claims.formal.coq import Coq
from claims.formal.sources import Sources, digests, unfit
from claims.formal.store import alone, folder, seal

TOOK, SEAL = "seconds", "seal"
"""The files beside a compiled one that say how long it took, and that it was built here."""


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
        place = place_of(name, digest)
        if not _sealed(place, digest):
            with alone(place.name):
                if not _sealed(place, digest):
                    _build(name, sources[name], folders, place, digest, coq)
        folders.append(place)
    return folders


def compiled(file: str, sources: Sources, coq: Coq) -> str | None:
    """A digest of the compiled file and of all that it rests on; None where one of them is not built."""
    places = [(place_of(name, digest), digest) for name, digest in digests(file, sources, coq.digest).items()]
    return "\n".join(_fingerprint(place) for place, _ in places) if all(_sealed(*each) for each in places) else None


def place_of(name: str, digest: str) -> Path:
    """The folder of a compiled file."""
    return folder() / f"{Path(name).stem}-{digest[:32]}"


def _sealed(place: Path, digest: str) -> bool:
    """Whether what stands there was built, under this digest, and is what it was."""
    try:
        return (place / SEAL).read_text(encoding="utf-8") == seal(digest, _fingerprint(place))
    except (OSError, ValueError):
        return False


def _fingerprint(place: Path) -> str:
    """A digest of what is compiled there."""
    (file,) = place.glob("*.vo")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def build_seconds(sources: Sources, coq: Coq) -> dict[str, float]:
    """What building took, for each file that is built."""
    found = {}
    for file in sources:
        place = place_of(file, digests(file, sources, coq.digest)[file]) / TOOK
        if place.is_file():
            found[file] = float(place.read_text(encoding="utf-8"))
    return found


def _build(name: str, text: str, folders: list[Path], place: Path, digest: str, coq: Coq) -> None:
    """Compile a file in a folder of its own, which then comes into its place at once, for whatever stood there."""
    with tempfile.TemporaryDirectory(dir=folder(), prefix="building-") as scratch:
        work = Path(scratch) / "work"
        work.mkdir()
        (work / name).write_text(text, encoding="utf-8")
        started = time.monotonic()
        run = coq.run(work / name, folders)
        (work / TOOK).write_text(f"{time.monotonic() - started:.3f}", encoding="utf-8")
        if run.returncode:
            raise UnprovedError(f"Coq does not accept {name}:\n{indented(run.stderr)}")
        (work / SEAL).write_text(seal(digest, _fingerprint(work)), encoding="utf-8")
        if place.exists():
            shutil.move(place, Path(scratch) / "unknown")
        with contextlib.suppress(OSError):  # where nobody waits, another may have been faster
            work.rename(place)
        if not place.is_dir():
            raise OSError(f"{place} cannot be made")


def indented(text: str) -> str:
    """Each line by four spaces."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines())
