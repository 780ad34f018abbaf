"""Where built files and verdicts are kept for all runs of a user, how two processes keep off each other's work, and the
seals by which one run knows what another has kept."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
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


def seal(*parts: str) -> str:
    """What a run writes beside what it keeps, made of these parts and of a key that is the folder's own.

    What was changed since, was put there by hand, or comes from another folder has another one, and is not believed. It
    keeps out no one who reads the key: an empty folder does.
    """
    return hmac.new(_key(), "\0".join(parts).encode(), "sha256").hexdigest()


def _key() -> bytes:
    """Made at random where it is missing, and then in its place at once and whole."""
    place = folder() / "key"
    if not place.is_file():
        with alone("key"):
            if not place.is_file():
                scratch = folder() / f"key-{os.getpid()}"
                scratch.touch(mode=0o600)
                scratch.write_bytes(secrets.token_bytes(32))
                scratch.replace(place)
    return place.read_bytes()
