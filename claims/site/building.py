"""The whole site: pages from every part, rendered, beside the files that they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from claims.site import (
    about,
    catalogue_list,
    chapters,
    claim_pages,
    code_pages,
    counterexamples,
    experiments,
    home,
    hypotheses,
    open_questions,
    reference_pages,
    search,
    sources,
    tightness,
)
from claims.site.material import Material
from claims.site.pages import File, Page, checked
from claims.site.placing import place, replaceable
from claims.site.templating import rendered, static_files

Part = Callable[[Material], Iterable[Page | File]]

PARTS: tuple[Part, ...] = (
    home.pages,
    chapters.pages,
    claim_pages.pages,
    code_pages.pages,
    hypotheses.pages,
    tightness.pages,
    sources.pages,
    experiments.pages,
    open_questions.pages,
    counterexamples.pages,
    catalogue_list.pages,
    reference_pages.pages,
    about.pages,
)
"""What makes pages, and files beside them; a name is a page's in one part only."""


def build(out: Path, material: Material) -> int:
    """Write the site into ``out``; the number of its pages. UsageError where something else is there."""
    replaceable(out.absolute())
    files = written(material)
    place(out, files)
    return sum(path.endswith(".html") for path, _ in files)


def written(material: Material) -> list[tuple[str, bytes]]:
    """Every file of the site by its path, in the order of the paths: the same material gives the same bytes."""
    parts: list[Page | File] = [each for part in PARTS for each in part(material)]
    parts.append(search.index([part for part in parts if isinstance(part, Page)], material))
    parts = checked([*parts, *static_files()])
    names = {part.name if isinstance(part, Page) else part.path for part in parts}
    return sorted((part.path, rendered(part, names) if isinstance(part, Page) else part.content) for part in parts)
