"""A page for every counterexample, which the reader's own browser checks, with its pictures and its files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup, escape

from claims.command_line.counterexample_files import CounterexampleFile
from claims.command_line.showing import KINDS, certificate_lines
from claims.counterexamples import check
from claims.counterexamples.catalogue import Entry, catalogue
from claims.counterexamples.formal import stated
from claims.counterexamples.formal_terms import UnstatedError
from claims.site.checker import SCRIPTS
from claims.site.citations import cited
from claims.site.code import coq
from claims.site.downloads import downloads
from claims.site.exact_matrices import matrix_math
from claims.site.hypotheses import anchor
from claims.site.material import Material
from claims.site.pages import File, Page
from claims.site.pictures.drawn import plots
from claims.site.pictures.plots import svg
from claims.site.templating import UID

SECTIONS = (
    ("numbers", "Exact numbers"),
    ("certificate", "Certificate"),
    ("check", "Check it here"),
    ("pictures", "Pictures"),
    ("formal", "In Coq"),
    ("downloads", "Take it along"),
    ("cite", "Cite"),
)
"""Anchors and words, in the order of the page."""
START = {
    "margin": "margin sigma_min(Phi) - ||W - Phi||_F",
    "imbalance_squared": "largest imbalance ||B_j||_F^2",
    "loss": "loss 1/2 ||W - Phi||_F^2",
}
"""The facts of a network's start, in words."""


def pages(material: Material) -> Iterator[Page | File]:
    """In the order of the uids, each with the files beside it."""
    exact = catalogue()
    for entry in material.counterexamples.values():
        offered = downloads(entry)
        yield Page(
            entry.uid,
            f"{entry.uid} {entry.title}",
            "counterexample.html",
            {**_context(material, entry), **_drawn(exact[entry.uid]), "downloads": offered},
            kind="counterexample",
            summary=entry.title,
            words=f"{entry.content['refutes']['statement']} {entry.objective[0] if entry.model else ''}",
        )
        yield from (each.beside(entry.uid) for each in offered if each.content)


def _context(material: Material, entry: CounterexampleFile) -> dict[str, Any]:
    return {
        "entry": entry,
        "claim": material.claims.get(entry.claim),
        "hypothesis": anchor(entry.hypothesis) if entry.hypothesis else "",
        "others": [other for other in _alike(material, entry) if other.uid != entry.uid],
        "matrices": [(", ".join(names), matrix_math(names, rows)) for names, rows in entry.matrices],
        "start": [] if entry.model else _start(entry),
        "meaning": KINDS[entry.kind],
        "rate": _rate(entry),
        "shown": Markup(UID.sub(r'<span class="nobreak">\g<0></span>', str(escape(check.check(entry.path)[1])))),
        "fields": "\n".join(certificate_lines(entry.content["certificate"], None, "")),
        "embedded": Markup(entry.path.read_text(encoding="utf-8").strip().replace("<", "\\u003c")),
        "scripts": SCRIPTS,
        "formal": _formal(entry),
        "citations": cited(entry),
        "contents": SECTIONS,
        "verified": None if material.run is None else material.run.verified.get(entry.uid),
    }


def _rate(entry: CounterexampleFile) -> str:
    """The learning rate of a network in words, as in "every learning rate at most 1/2"."""
    said = str(entry.content.get("learning_rate", ""))
    return said.replace("every", "every learning rate") if said.startswith("every") else f"learning rate {said}"


def _start(entry: CounterexampleFile) -> list[tuple[str, str]]:
    """The facts of the start, in words and numbers."""
    return [(words, entry.content["certificate"]["start"][key]) for key, words in START.items()]


def _drawn(entry: Entry) -> dict[str, Any]:
    """Pictures as SVG, and why others are not there."""
    pictures, reasons = plots(entry)
    return {
        "pictures": [(plot, svg(plot, f"picture-{k}")) for k, plot in enumerate(pictures, start=1)],
        "reasons": reasons,
    }


def _alike(material: Material, entry: CounterexampleFile) -> list[CounterexampleFile]:
    """Those that bear on the same claim, with the same hypothesis."""
    same = (entry.claim, entry.hypothesis)
    return [other for other in material.counterexamples.values() if (other.claim, other.hypothesis) == same]


def _formal(entry: CounterexampleFile) -> dict[str, Any]:
    """The theorem that Coq's kernel checks, in its own words, or why there is none."""
    try:
        theorem = stated(entry.content)
    except UnstatedError as error:
        return {"code": "", "words": str(error)}
    code = coq(f"{theorem.definitions}Theorem {theorem.name} : {theorem.statement}.")
    return {"code": code, "words": theorem.words, "leaves_out": theorem.leaves_out}
