"""Where a piece is run, and with what: :func:`here`."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
from functools import cache
from pathlib import Path

from claims.book import CLAIMS
from claims.campaigns.records import Place
from claims.command_line.pieces import ROOMS, files_hash
from claims.command_line.records import version

ROOT = CLAIMS.parent
TOOLS = ("numpy", "scipy", "python-flint", "sympy", "hypothesis", "pytest", "scikit-learn")


@cache
def here() -> Place:
    """Of this process, once: files that change later are seen by whoever runs a piece."""
    tools = {name: importlib.metadata.version(name) for name in TOOLS}
    return Place(files_hash(), version(), _commit(), platform.python_version(), tools, _machine())


def _commit() -> str:
    """Of the checkout, with ``+`` behind it where the packages differ from it; empty where it is none."""
    if not (ROOT / ".git").exists():
        return ""
    commit, changed = _git("rev-parse", "HEAD"), _git("status", "--porcelain", "--", *ROOMS)
    return f"{commit}+" if commit and changed else commit


def _git(*arguments: str) -> str:
    """What git says; nothing where there is no git, or it does not want to."""
    command = ["git", "-C", str(ROOT), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def _machine() -> str:
    return ", ".join(filter(None, [platform.system(), platform.machine(), _processor()]))


def _processor() -> str:
    """Its model, where Linux tells it or Python does."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8", errors="replace").splitlines() if told.is_file() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor())
