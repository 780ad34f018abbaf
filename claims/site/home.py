"""The home page."""

from __future__ import annotations

from collections.abc import Iterator

from claims.command_line.graph import by_chapter
from claims.site.material import Material
from claims.site.pages import Page


def pages(material: Material) -> Iterator[Page]:
    """What this is, and the atlas as a map of chapters."""
    yield Page("", "Deep Linear Claims", "home.html", {"chapters": list(by_chapter(material.claims))})
