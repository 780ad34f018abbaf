"""Which claim uses which: what a claim rests on, what rests on it, and that nothing rests on itself.

A graph is a mapping from a claim's uid to the uids in its ``uses``. Nothing here imports a claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from claims.book import CHAPTERS
from claims.command_line.claim_files import ClaimFile
from claims.command_line.errors import UsageError

Graph = Mapping[str, Sequence[str]]


def graph_of(claims: Mapping[str, ClaimFile]) -> Graph:
    """The graph of some claims. Raises UsageError as :func:`checked` does."""
    return checked({uid: claim.uses for uid, claim in claims.items()})


def checked(uses: Graph) -> Graph:
    """The graph itself. Raises UsageError where a claim uses what is no claim, or, step by step, itself."""
    for uid, used in uses.items():
        if unknown := [each for each in used if each not in uses]:
            raise UsageError(f"{uid} uses {', '.join(unknown)}; expected the uids of claims that there are")
    if circle := _circle(uses):
        raise UsageError(f"{' uses '.join(circle)}: a circle; expected no claim to rest on itself")
    return uses


def _circle(uses: Graph) -> list[str]:
    """The first circle there is, its first uid once more at its end; empty where there is none."""
    safe: set[str] = set()

    def from_(way: list[str]) -> list[str]:
        *before, uid = way
        if uid in before:
            return way[before.index(uid) :]
        found = next(filter(None, (from_([*way, used]) for used in uses[uid] if used not in safe)), [])
        safe.add(uid)
        return found

    return next(filter(None, (from_([uid]) for uid in uses if uid not in safe)), [])


def rests_on(uid: str, uses: Graph) -> set[str]:
    """All that a claim rests on: what it uses, what that uses, and so on; what is not in the graph uses nothing."""
    found: set[str] = set()
    waiting = [uid]
    while waiting:
        new = set(uses.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found


def used_by(uid: str, uses: Graph) -> list[str]:
    """The claims that name it in their ``uses``."""
    return [other for other, used in uses.items() if uid in used]


def by_chapter(claims: Mapping[str, ClaimFile]) -> Iterator[tuple[str, list[ClaimFile]]]:
    """The chapters in the book's order, each with its claims by uid."""
    for chapter in CHAPTERS:
        if found := [claim for claim in claims.values() if claim.chapter == chapter]:
            yield chapter, found


def dot(claims: Mapping[str, ClaimFile]) -> str:
    """The graph for Graphviz, a cluster a chapter; an arrow goes from a claim to one that it uses."""
    uses = graph_of(claims)
    lines = ["digraph claims {", "  rankdir=BT;", "  node [shape=box];"]
    for chapter, found in by_chapter(claims):
        nodes = [f"    {_quoted(claim.uid)} [label={_quoted(claim.uid, claim.title)}];" for claim in found]
        lines += [f"  subgraph {_quoted(f'cluster_{chapter}')} {{", f"    label={_quoted(chapter)};", *nodes, "  }"]
    lines += [f"  {_quoted(uid)} -> {_quoted(used)};" for uid, every in uses.items() for used in every]
    return "\n".join([*lines, "}"])


def _quoted(*lines: str) -> str:
    """A string of the DOT language, of some lines."""
    return '"' + r"\n".join(line.replace("\\", "\\\\").replace('"', r"\"") for line in lines) + '"'
