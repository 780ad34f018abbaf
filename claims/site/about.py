"""How to read evidence, and how to cite."""

from __future__ import annotations

from collections.abc import Iterator

from claims.command_line.citing import DEVELOPERS, RELEASED
from claims.command_line.claim_files import kinds
from claims.command_line.records import PROJECT, version
from claims.command_line.showing import KINDS
from claims.site.citations import cited
from claims.site.material import Material
from claims.site.pages import Page


def pages(material: Material) -> Iterator[Page]:
    yield Page(
        "evidence",
        "How to read evidence",
        "evidence.html",
        {"kinds": kinds(), "certificates": KINDS, "run": material.run},
        summary="What theorem, refuted and open mean; what each kind of evidence proves, and what it does not.",
        words=" ".join([*kinds(), *KINDS]),
    )
    yield Page(
        "cite",
        "How to cite",
        "cite.html",
        {"software": _software(), "example": cited(material.claims["DL-004"])},
        summary="BibTeX, LaTeX and text for claims, counterexamples and the software.",
        words="cite citation bibtex latex doi",
    )


def _software() -> str:
    """The software itself, as CITATION.cff has it."""
    title = f"{PROJECT}: the theory of gradient descent on deep linear networks, verified claim by claim"
    fields = {"author": f"{{{DEVELOPERS}}}", "title": f"{{{title}}}", "year": str(RELEASED), "version": version()}
    lines = ",\n".join(f"  {name:<7} = {{{value}}}" for name, value in fields.items())
    return f"@software{{deep-linear-claims,\n{lines}\n}}"
