"""The home page: what this is, Theorem 1 and what it needs, and the atlas as a map of chapters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from claims.command_line.atlas import TITLES
from claims.command_line.claim_files import kinds
from claims.command_line.graph import by_chapter
from claims.command_line.mapping import covering
from claims.command_line.records import PROJECT
from claims.site.chapters import opening
from claims.site.evidence_rows import counts
from claims.site.hypotheses import rows
from claims.site.material import Material
from claims.site.pages import Page

FIRST = "DL-004"
"""The theorem that a reader who knows nothing is led to."""
WORDS = {"margin": "a margin", "learning rate": "a small learning rate", "width": "enough width"}


def pages(material: Material) -> Iterator[Page]:
    claims = material.claims
    yield Page(
        "",
        PROJECT,
        "home.html",
        {
            "material": material,
            "claims": claims,
            "first": claims[FIRST],
            "needs": rows(material, claims[FIRST]),
            "words": WORDS,
            "tally": Counter(claim.status for claim in claims.values()),
            "covered": len(covering(claims)),
            "items": len(TITLES),
            "kinds": list(kinds()),
            "run": material.run,
            "chapters": [
                (name, opening(name)[0], [(claim, counts(claim)) for claim in found])
                for name, found in by_chapter(claims)
            ],
        },
        summary="The theory of gradient descent on deep linear networks, verified claim by claim.",
        words="home atlas theorem 1",
    )
