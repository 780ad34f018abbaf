"""A finding's file: whether it can be written, before the hunt; written, and verified by ``check.py``, after it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from claims.counterexamples.check import check
from claims.counterexamples.rationals import NotVerified
from claims.suite.hunting.names import UNASSIGNED


def unwritable(path: Path) -> str | None:
    """Why there cannot be a new file at this path; None where there can. An old one stays as it is."""
    path = path.resolve()  # of a link, what it points to
    if path.exists() and not os.access(path, os.W_OK):
        return "the file that is there is read-only"
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}."):
            return None
    except OSError as error:
        return _reason(error)


def certified(text: str | None, not_verified: str | None, out: Path | None) -> dict[str, Any]:
    """Where the file is, what ``check.py`` says of it or why it says nothing, and why it could not be written."""
    result: dict[str, Any] = {"file": None, "verified": None, "not_verified": not_verified, "unwritten": None}
    if text is None:
        return result
    try:
        if out is not None:
            _write(text, out)
            return result | {"file": str(out)} | _checked(out)
    except OSError as error:
        result["unwritten"] = _reason(error)
    try:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / f"{UNASSIGNED}.json"
            path.write_text(text, encoding="utf-8")
            return result | _checked(path)
    except OSError as error:
        return result | {"not_verified": f"NOT VERIFIED: no place for a temporary file: {_reason(error)}"}


def _write(text: str, path: Path) -> None:
    from claims.suite.evidence import replacing

    with replacing(path.resolve()) as file:
        file.write(text.encode())


def _checked(path: Path) -> dict[str, Any]:
    try:
        return {"verified": "{} verified: {}".format(*check(path))}
    except NotVerified as error:
        return {"not_verified": f"NOT VERIFIED: check.py does not verify it: {error}"}


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
