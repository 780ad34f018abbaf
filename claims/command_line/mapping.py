"""``atlas``: every statement of the theory with the claims that cover it, so that what is missing can be seen."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from claims.book import CHAPTERS
from claims.command_line.atlas import ATLAS, PAPERS, SURVEY, TITLES
from claims.command_line.claim_files import ClaimFile, claim_files
from claims.command_line.errors import UsageError
from claims.command_line.graph import by_chapter, dot, graph_of, used_by
from claims.command_line.ledger_totals import VersionTotals, add_ledger_argument, read_versions
from claims.command_line.terminal import columns, fill, print_json, table

NONE = "no claim yet"
EXAMPLES = """\
examples:
  %(prog)s
  %(prog)s | grep 'no claim yet'
  %(prog)s --json
  %(prog)s --graph
  %(prog)s --graph --dot | dot -Tsvg > claims.svg
  %(prog)s --ledger claims/campaigns/run_one.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "List every statement of the theory, section by section, with the claims that\n"
        "cover it and the chapters of those. Sections 1 to 10 are deep linear networks,\n"
        "11 and 12 the shallow models that the survey names beside them. Or list the\n"
        "claims, chapter by chapter, with those that each of them uses: --graph."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("--json", action="store_true", help="for a program to read; the graph is in it")
    parser.add_argument("--graph", action="store_true", help="which claim uses which, in the order of the chapters")
    add_ledger_argument(parser)
    parser.add_argument("--dot", action="store_true", help="with --graph: for Graphviz, an arrow to each that is used")


def run(arguments: argparse.Namespace) -> int:
    claims = claim_files()
    if arguments.dot and (arguments.json or not arguments.graph):
        raise UsageError("--dot is a form of --graph; expected --graph --dot, without --json")
    if arguments.ledger and arguments.graph:
        raise UsageError("--ledger is told beside the statements; expected it without --graph")
    versions = read_versions(arguments.ledger) if arguments.ledger else []
    if arguments.dot:
        print(dot(claims))
    elif arguments.json:
        graph = graph_json(claims)
        told = {"campaigns": [each.as_json() for each in versions]} if arguments.ledger else {}
        print_json(graph if arguments.graph else chart(claims) | {"graph": graph} | told)
    elif arguments.graph:
        _print_graph(claims, columns())
    else:
        _print(chart(claims), versions, columns())
    return 0


def graph_json(claims: dict[str, ClaimFile]) -> list[dict[str, Any]]:
    """The graph of the claims in JSON's types, in the order of the book."""
    uses = graph_of(claims)
    return [
        {
            "uid": claim.uid,
            "title": claim.title,
            "chapter": chapter,
            "uses": list(claim.uses),
            "used_by": used_by(claim.uid, uses),
        }
        for chapter, found in by_chapter(claims)
        for claim in found
    ]


def _print_graph(claims: dict[str, ClaimFile], width: int | None) -> None:
    graph_of(claims)
    rows = [["uid", "claim", "uses"]]
    headings = [0]
    for chapter, found in by_chapter(claims):
        headings.append(len(rows) + 1)
        rows += [["", "", ""], ["", chapter, ""]]
        rows += [[claim.uid, claim.title, f"uses {', '.join(claim.uses)}" if claim.uses else ""] for claim in found]
    print(*table(rows, width, shrinks=(1, 2), headings=headings), sep="\n")


def chart(claims: dict[str, ClaimFile]) -> dict[str, Any]:
    """The atlas in JSON's types. ValueError where a claim covers an item that there is not."""
    covered = covering(claims)
    if unknown := covered.keys() - TITLES.keys():
        known = ", ".join(TITLES)
        raise ValueError(f"no item {', '.join(sorted(unknown))}, as claims have it in items=; expected some of {known}")
    sections = [
        {
            "section": section.number,
            "title": section.title,
            "chapters": _chapters(claim for number, _, _ in section.items for claim in covered.get(number, [])),
            "items": [
                {
                    "item": number,
                    "title": title,
                    "source": source,
                    "state": _state(covered.get(number, [])),
                    "claims": [_named(claim) for claim in covered.get(number, [])],
                }
                for number, title, source in section.items
            ],
        }
        for section in ATLAS
    ]
    beyond = [_named(claim) for claim in claims.values() if not claim.items]
    return {
        "survey": SURVEY,
        "items": len(TITLES),
        "covered": sum(number in covered for number in TITLES),
        "sections": sections,
        "beyond": beyond,
        "papers": PAPERS,
    }


def covering(claims: dict[str, ClaimFile]) -> dict[str, list[ClaimFile]]:
    """The claims that cover a statement, by its number."""
    found: dict[str, list[ClaimFile]] = {}
    for claim in claims.values():
        for item in claim.items:
            found.setdefault(item, []).append(claim)
    return found


def _named(claim: ClaimFile) -> dict[str, str]:
    return {"uid": claim.uid, "status": claim.status, "chapter": claim.chapter}


def _state(claims: list[ClaimFile]) -> str:
    """A theorem where one claim of it is; else refuted, else open."""
    found = {claim.status for claim in claims}
    return next((status for status in ("theorem", "refuted", "open") if status in found), NONE)


def _print(atlas: dict[str, Any], versions: list[VersionTotals], width: int | None) -> None:
    rows = [["item", "statement", "source", "claims"]]
    headings, warnings = [0], []
    for section in atlas["sections"]:
        headings.append(len(rows) + 1)
        rows += [["", "", "", ""], [section["section"], section["title"], "", ", ".join(section["chapters"])]]
        for item in section["items"]:
            if not item["claims"]:
                warnings.append(len(rows))
            rows.append([item["item"], item["title"], item["source"], _claims(item)])
    print(*table(rows, width, shrinks=(1, 3), headings=headings, warnings=warnings), sep="\n")
    missing = atlas["items"] - atlas["covered"]
    print(f"\n{atlas['covered']} of {atlas['items']} statements have a claim, {missing or 'no'} others have none yet.")
    print("A claim is a theorem where nothing else is said.")
    print("Beside a section stand the chapters of its claims.")
    for each in versions:
        print(fill(f"Campaigns of {each.words()} decided {each.in_all()}.", width))
    if atlas["beyond"]:
        print(fill(f"Claims of this project beside them: {' '.join(each['uid'] for each in atlas['beyond'])}.", width))
    print("\n" + fill("Sources: " + "; ".join(f"{key} {paper}" for key, paper in PAPERS.items()) + ".", width))
    print(fill(f"The survey: {SURVEY}", width))


def _claims(item: dict[str, Any]) -> str:
    """Their uids, and where none of them is a theorem the state."""
    state = "" if item["state"] in ("theorem", NONE) else f"{item['state']}: "
    return state + " ".join(claim["uid"] for claim in item["claims"]) if item["claims"] else NONE


def _chapters(claims: Iterable[ClaimFile]) -> list[str]:
    """Where claims stand, in the order of the book."""
    found = {claim.chapter for claim in claims}
    return [chapter for chapter in CHAPTERS if chapter in found]
