"""What a site is made of: pages, and files beside them; and how one page links to another.

A page is ``name/index.html``, so that its address outlives the technique. Links are relative and end in
``index.html``: they work from a disk, below any path of a host, and without a server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from claims.command_line.errors import UsageError


@dataclass(frozen=True)
class Page:
    """``template`` rendered with ``context``; ``name`` is its address, as in "DL-004", empty for the home page.

    ``kind`` says what it is of ("claim", "counterexample", "chapter", "source", or "page"), ``summary`` is a sentence
    in plain text, for search results; ``words`` is all that a search may find it by.
    """

    name: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "page"
    summary: str = ""
    words: str = ""

    @property
    def path(self) -> str:
        return f"{self.name}/index.html" if self.name else "index.html"


@dataclass(frozen=True)
class File:
    """Something beside the pages, at ``path``: a style sheet, a script, a download."""

    path: str
    content: bytes


def link(page: str, to: str, anchor: str = "") -> str:
    """The address of ``to``, the name of a page or the path of a file (which has a dot in its last part), as it stands
    in the page of that name."""
    behind = f"#{anchor}" if anchor else ""
    if page == to and anchor:
        return behind
    is_file = "." in to.rpartition("/")[2]
    root = "../" * (page.count("/") + 1 if page else 0)
    return root + (to if is_file else Page(to, "", "").path) + behind


def checked(parts: list[Page | File]) -> list[Page | File]:
    """The same. UsageError where two would be at one place, on a disk that does not tell capitals either."""
    taken: dict[str, str] = {}
    for path in (part.path for part in parts):
        if (other := taken.setdefault(path.lower(), path)) is not path:
            raise UsageError(f"two parts of the site are {other} and {path}; expected each place once")
    return parts
