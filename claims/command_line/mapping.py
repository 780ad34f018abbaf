"""``atlas``: every statement of the theory with the claims that cover it, so that what is missing can be seen."""

from __future__ import annotations

import argparse
from typing import Any

from claims.command_line.atlas import ATLAS, PAPERS, SURVEY, TITLES
from claims.command_line.claim_files import ClaimFile, claim_files
from claims.command_line.terminal import bold, columns, fill, print_json, table, warning

NONE = "no claim yet"
EXAMPLES = """\
examples:
  %(prog)s
  %(prog)s | grep 'no claim yet'
  %(prog)s --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "List every statement of the theory, section by section, with the claims that\n"
        "cover it. Sections 1 to 10 are deep linear networks, 11 and 12 the shallow\n"
        "models that the survey names beside them."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("--json", action="store_true", help="for a program to read")


def run(arguments: argparse.Namespace) -> int:
    atlas = chart(claim_files())
    if arguments.json:
        print_json(atlas)
    else:
        _print(atlas, columns())
    return 0


def chart(claims: dict[str, ClaimFile]) -> dict[str, Any]:
    """The atlas in JSON's types. ValueError where a claim covers an item that there is not."""
    covering: dict[str, list[ClaimFile]] = {}
    for claim in claims.values():
        for item in claim.items:
            covering.setdefault(item, []).append(claim)
    if unknown := covering.keys() - TITLES.keys():
        known = ", ".join(TITLES)
        raise ValueError(f"no item {', '.join(sorted(unknown))}, as claims have it in items=; expected some of {known}")
    sections = [
        {
            "section": section.number,
            "title": section.title,
            "items": [
                {
                    "item": number,
                    "title": title,
                    "source": source,
                    "state": _state(covering.get(number, [])),
                    "claims": [{"uid": claim.uid, "status": claim.status} for claim in covering.get(number, [])],
                }
                for number, title, source in section.items
            ],
        }
        for section in ATLAS
    ]
    beyond = [{"uid": claim.uid, "status": claim.status} for claim in claims.values() if not claim.items]
    return {
        "survey": SURVEY,
        "items": len(TITLES),
        "covered": sum(number in covering for number in TITLES),
        "sections": sections,
        "beyond": beyond,
        "papers": PAPERS,
    }


def _state(claims: list[ClaimFile]) -> str:
    """A theorem where one claim of it is; else refuted, else open."""
    found = {claim.status for claim in claims}
    return next((status for status in ("theorem", "refuted", "open") if status in found), NONE)


def _print(atlas: dict[str, Any], width: int | None) -> None:
    items = [item for section in atlas["sections"] for item in section["items"]]
    rows = [[item["item"], item["title"], item["source"], _claims(item)] for item in items]
    lines = iter(table([["item", "statement", "source", "claims"], *rows], width, shrinks=(1, 3)))
    print(bold(next(lines)))
    for section in atlas["sections"]:
        print("\n" + bold(f"{section['section']} {section['title']}"))
        for item in section["items"]:
            print(next(lines) if item["claims"] else warning(next(lines)))
    missing = atlas["items"] - atlas["covered"]
    print(f"\n{atlas['covered']} of {atlas['items']} statements have a claim, {missing or 'no'} others have none yet.")
    print("A claim is a theorem where nothing else is said.")
    if atlas["beyond"]:
        print(fill(f"Claims of this project beside them: {' '.join(each['uid'] for each in atlas['beyond'])}.", width))
    print("\n" + fill("Sources: " + "; ".join(f"{key} {paper}" for key, paper in PAPERS.items()) + ".", width))
    print(fill(f"The survey: {SURVEY}", width))


def _claims(item: dict[str, Any]) -> str:
    """Their uids, and where none of them is a theorem the state."""
    state = "" if item["state"] in ("theorem", NONE) else f"{item['state']}: "
    return state + " ".join(claim["uid"] for claim in item["claims"]) if item["claims"] else NONE
