"""A page a chapter, with its opening page and its claims; the list of them; and the atlas, statement by statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from claims.book import CLAIMS
from claims.command_line.claim_files import kinds
from claims.command_line.graph import by_chapter
from claims.command_line.mapping import chart
from claims.site.evidence_rows import counts
from claims.site.material import Material
from claims.site.pages import Page


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
    return title.replace("\n", " ").removesuffix("."), rest
