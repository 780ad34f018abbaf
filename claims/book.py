"""The book's contents: its chapters in order, and where their claims stand. Imports nothing, so that anyone can ask.

A chapter is a package beside this file. A claim in it is a module, or, where one file cannot hold it, a package: its
statement and ``CLAIM`` are the package's opening page, its evidence the modules beside that page. A chapter's
``experiments`` are no claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

CLAIMS = Path(__file__).resolve().parent

CHAPTERS = (
    "balance",
    "convergence",
    "necessity",
    "initialization",
    "saddles",
    "end_to_end",
    "modes",
    "residual",
    "shallow_landscapes",
    "shallow_trajectories",
    "stability",
    "beyond_balance",
    "rounding",
)
"""In the order in which the book is read: a chapter uses earlier ones only."""


def claim_paths(claims: Path = CLAIMS) -> Iterator[Path]:
    """The file that opens each claim, chapter by chapter: its module, or the ``__init__.py`` of its package."""
    for chapter in CHAPTERS:
        for path in sorted((claims / chapter).glob("*")):
            opening = path / "__init__.py"
            if path.suffix == ".py" and path.stem != "__init__":
                yield path
            elif opening.is_file() and path.stem != "experiments":
                yield opening


def evidence_paths(claim: Path) -> list[Path]:
    """The files that hold the evidence of a claim: its module, or the modules of its package in alphabetical order."""
    if claim.stem != "__init__":
        return [claim]
    return sorted(path for path in claim.parent.glob("*.py") if path != claim)


def chapter_of(claim: Path) -> str:
    """The chapter of a claim, by the path of the file that opens it."""
    return (claim.parent if claim.stem == "__init__" else claim).parent.name


def module_name(path: Path) -> str:
    """``claims.convergence.linear_rate`` for its file; the name of a package for the package's ``__init__.py``."""
    parts = path.resolve().relative_to(CLAIMS.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
