"""A page for every claim: what it says, what it needs, its evidence with the code, what it rests on, how to cite it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claims.command_line.atlas import TITLES
from claims.command_line.claim_files import ClaimFile
from claims.command_line.graph import rests_on, used_by
from claims.command_line.showing import refuting
from claims.formal.statements import stated_by
from claims.site import neighbours
from claims.site.campaigns import campaigns_of
from claims.site.chapters import opening
from claims.site.citations import cited
from claims.site.code import coq
from claims.site.code_pages import files_of, page_of
from claims.site.evidence_rows import evidence_rows
from claims.site.hypotheses import rows
from claims.site.material import Material
from claims.site.pages import Page
from claims.site.statement_parts import statement_parts
from claims.site.tightness import constants, constants_of

SECTIONS = (
    ("statement", "Statement"),
    ("proof", "Proof outline"),
    ("source", "Source"),
    ("hypotheses", "Hypotheses"),
    ("counterexamples", "Counterexamples"),
    ("evidence", "Evidence"),
    ("formal", "In Coq"),
    ("tightness", "Constants"),
    ("uses", "What it rests on"),
    ("cite", "Cite"),
)
"""Anchors and words, in the order of the page; those that a claim has nothing for are left out."""


def pages(material: Material) -> Iterator[Page]:
    """In the order of the uids."""
    for claim in material.claims.values():
        sources = " ".join(f"{source['key']} {source['place']}" for source in claim.sources)
        items = " ".join(TITLES[item] for item in claim.items)
        yield Page(
            claim.uid,
            f"{claim.uid} {claim.title}",
            "claim.html",
            _context(material, claim),
            kind="claim",
            summary=claim.title,
            words=f"{sources} {items} {claim.chapter} {' '.join(claim.hypotheses)} {claim.statement}",
        )


def _context(material: Material, claim: ClaimFile) -> dict[str, Any]:
    said = statement_parts(claim.statement)
    found = {
        "proof": said.proof,
        "hypotheses": said.hypotheses or rows(material, claim),
        "counterexamples": refuting(claim),
        "formal": [(each, coq(each.question.statement)) for each in stated_by(claim.path)],
        "tightness": constants_of(claim, constants(material)),
    }
    return {
        "claim": claim,
        "chapter": opening(claim.chapter)[0],
        "items": [(item, TITLES[item]) for item in claim.items],
        "said": said,
        "rows": rows(material, claim),
        "entries": found["counterexamples"],
        "formal": found["formal"],
        "constants": found["tightness"],
        "contents": [(name, word) for name, word in SECTIONS if found.get(name, True)],
        "evidence": evidence_rows(material, claim),
        "files": [(page_of(claim.uid, path), path.name) for path in files_of(claim)],
        "citations": cited(claim),
        "campaigns": campaigns_of(claim.uid, material.versions),
        **_run(material, claim),
        **_neighbours(material, claim),
    }


def _run(material: Material, claim: ClaimFile) -> dict[str, Any]:
    run = material.run
    return {
        "run": run,
        "tallied": run is not None and claim.uid in run.tallies,
        "rests_on_failed": run.rests_on_failed.get(claim.uid, ()) if run else (),
    }


def _neighbours(material: Material, claim: ClaimFile) -> dict[str, Any]:
    users = used_by(claim.uid, material.uses)
    return {
        "uses": [material.claims[uid] for uid in claim.uses],
        "users": [material.claims[uid] for uid in users],
        "behind": len(rests_on(claim.uid, material.uses)),
        "picture": neighbours.picture(claim.uid, claim.uses, users),
        "box_width": neighbours.WIDTH,
        "box_height": neighbours.HEIGHT,
    }
