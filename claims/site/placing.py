"""A directory that is written beside its place and moved into it whole; what stands there and is no site is left alone.

A site has a file ``site.json`` that names all its files, so that the next one may replace it, and nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from claims.command_line.errors import UsageError

SITE = "site.json"
FORM = "deep-linear-claims/site/1"


def place(out: Path, files: Sequence[tuple[str, bytes]]) -> None:
    """Write ``files`` (path, content) as the directory ``out``, all or nothing. UsageError where something else is
    there; OSError where it cannot be written."""
    out = out.absolute()
    replaceable(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        _write(new, [*files, _list_of(files)])
        _swap(new, out)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def replaceable(out: Path) -> None:
    """UsageError where ``out`` is there and neither empty nor a site of ours without anything else in it."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UsageError(f"OUT is {out}, which is no directory; expected one that is empty, a site, or not there yet")
    if out.exists() and out.resolve() in (Path.cwd().resolve(), *Path.cwd().resolve().parents):
        raise UsageError(f"OUT is {out}, in which this is running; expected a directory of its own, as in `site out`")
    entries = [path for path in out.rglob("*") if path.is_symlink() or not path.is_dir()]
    if strangers := sorted({path.relative_to(out).as_posix() for path in entries} - _listed(out)):
        more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
        raise UsageError(
            f"OUT is {out}, where {strangers[0]}{more} is no part of a site; expected a directory that is empty, "
            "a site, or not there yet"
        )


def _listed(out: Path) -> set[str]:
    """The files that a site says it has, itself among them; none where there is no site."""
    try:
        site = json.loads((out / SITE).read_text(encoding="utf-8"))
        return {SITE, *map(str, site["files"])} if site["form"] == FORM else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _list_of(files: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    content = {"form": FORM, "files": sorted(path for path, _ in files)}
    return SITE, (json.dumps(content, indent=0) + "\n").encode()


def _write(directory: Path, files: Sequence[tuple[str, bytes]]) -> None:
    umask = os.umask(0)
    os.umask(umask)
    directory.chmod(0o777 & ~umask)  # a temporary directory is nobody else's, a site is everybody's
    for path, content in files:
        place = directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _swap(new: Path, out: Path) -> None:
    """``new`` in the place of ``out``; what was there comes back where that fails."""
    old = new.with_name(f"{new.name}.old")
    if not out.exists():
        new.rename(out)
        return
    out.rename(old)
    try:
        new.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old)
