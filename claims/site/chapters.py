"""A page a chapter, with its opening page and its claims; the list of them; and the atlas, statement by statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from claims.book import CLAIMS
from claims.command_line.claim_files import kinds
from claims.command_line.graph import by_chapter
from claims.command_line.mapping import chart
from claims.site.evidence_rows import counts
from claims.site.material import Material
from claims.site.pages import Page

MODULE = re.compile(r"^( {4}(?:DL-\d{3} +)?)([a-z]+(?:_[a-z]+)*)(?= {2,}\S)")
"""In a chapter's list: the uid first, or the module."""
BELOW = " " * 4
"""As wide as the marks of code."""


def pages(material: Material) -> Iterator[Page]:
    """In the order of the book."""
    chapters = [(name, *opening(name), claims) for name, claims in by_chapter(material.claims)]
    yield Page("chapters", "Chapters", "chapters.html", {"chapters": chapters}, summary="The book, chapter by chapter.")
    for number, (name, title, text, claims) in enumerate(chapters):
        beside = {"before": chapters[number - 1] if number else None, "after": (*chapters, None, None)[number + 1]}
        yield Page(
            f"chapters/{name}",
            title,
            "chapter.html",
            {
                "name": name,
                "text": text,
                "rows": [(claim, counts(claim)) for claim in claims],
                "kinds": kinds(),
                **beside,
            },
            kind="chapter",
            summary=title,
            words=f"{name} {text}",
        )
    yield Page(
        "atlas",
        "The atlas",
        "atlas.html",
        {"atlas": chart(material.claims)},
        summary="Every statement of the theory, with the claims that cover it.",
    )


def opening(chapter: str) -> tuple[str, str]:
    """The first line of a chapter's opening page, and all that stands below it."""
    text = (CLAIMS / chapter / "__init__.py").read_text(encoding="utf-8")
    title, _, rest = (ast.get_docstring(ast.parse(text)) or "").partition("\n\n")
    return title.replace("\n", " ").removesuffix("."), "\n".join(map(_with_code, rest.splitlines()))


def _with_code(line: str) -> str:
    """A line of a page's list with the name of its module marked as code; what goes on below it stays below it."""
    marked = MODULE.sub(r"\1``\2``", line)
    return f"{BELOW}{line}" if marked == line and line.startswith(" " * 2 * len(BELOW)) else marked
