"""A page for every claim."""

from __future__ import annotations

from collections.abc import Iterator

from claims.site.material import Material
from claims.site.pages import Page


def pages(material: Material) -> Iterator[Page]:
    """In the order of the uids."""
    for claim in material.claims.values():
        yield Page(
            claim.uid,
            f"{claim.uid} {claim.title}",
            "claim.html",
            {"claim": claim},
            kind="claim",
            summary=claim.title,
            words=claim.statement,
        )
