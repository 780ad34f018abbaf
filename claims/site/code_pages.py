"""The modules of a claim as pages, ``DL-004/runs/``, each line with an anchor: where a link to a check's code leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claims.book import CLAIMS, evidence_paths
from claims.command_line.claim_files import ClaimFile
from claims.site.code import python_lines
from claims.site.material import Material
from claims.site.pages import Page


@dataclass(frozen=True)
class Place:
    """A line of a claim's code: ``page`` and ``anchor`` are where the site has it; ``check`` names the function."""

    uid: str
    file: str
    line: int
    check: str
    page: str

    @property
    def anchor(self) -> str:
        return f"L{self.line}"


def pages(material: Material) -> Iterator[Page]:
    """The file that opens each claim, and those with its evidence."""
    for claim in material.claims.values():
        for path in files_of(claim):
            name = path.relative_to(CLAIMS.parent).as_posix()
            yield Page(
                page_of(claim.uid, path), f"{claim.uid} {path.name}", "code.html",
                {"claim": claim, "file": name, "lines": python_lines(path)}, kind="code",
            )  # fmt: skip


def files_of(claim: ClaimFile) -> list[Path]:
    return list(dict.fromkeys([claim.path, *evidence_paths(claim.path)]))


def page_of(uid: str, path: Path) -> str:
    """The name of the page of a file: the one that opens a package is called ``opening``."""
    return f"{uid}/{'opening' if path.stem == '__init__' else path.stem}"


def place_of(uid: str, path: str | Path, line: int, check: str = "") -> Place:
    """Where the site has a line of one of a claim's files."""
    path = Path(path)
    return Place(uid, path.name, line, check, page_of(uid, path))
