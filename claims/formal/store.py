"""Where built files and verdicts are kept, for all runs of a user, and how two processes keep off each other's work."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "DLC_FORMAL_CACHE"


def folder() -> Path:
    """The folder that the environment variable DLC_FORMAL_CACHE names, or one of ours in the user's cache; made where
    it is missing. A run with an empty one builds and asks everything anew."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    chosen = Path(os.environ.get(VARIABLE) or Path(cache) / "deep-linear-claims" / "formal").absolute()
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Inside, no other process is inside under the same name. The system lets go of it where a process dies.

    Without ``fcntl`` (on Windows) nobody waits, and work may be done twice; what is stored is right all the same, as
    it comes into its place at once and whole.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
