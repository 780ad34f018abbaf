"""``formal``: every theorem that Coq's kernel checks, with its claim, file and axioms, and what it took to build."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from claims.command_line.claim_files import ClaimFile, claim_files
from claims.command_line.errors import UsageError
from claims.command_line.records import find, shown
from claims.command_line.terminal import columns, fill, print_json, table, warning
from claims.formal.building import build_seconds
from claims.formal.coq import MissingProverError, prover
from claims.formal.sources import FORMAL, in_order, line_of, shipped
from claims.formal.statements import Stated, stated

EXAMPLES = """\
examples:
  %(prog)s
  %(prog)s DL-004 DL-021
  %(prog)s --json

The seconds are those that a file took to build in this user's cache, and `-`
where it has not been built; `pytest claims -m formal` builds and asks all.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "List the theorems that are stated in Coq and checked by its kernel: the claim\n"
        "that asks for each, its file, the axioms that it rests on beyond Coq's logic."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("uids", metavar="UID", nargs="*", help="only those of these claims (default: of all)")
    parser.add_argument("--json", action="store_true", help="for a program to read")


def run(arguments: argparse.Namespace) -> int:
    uids = {claim.path: claim.uid for claim in claim_files().values()}
    wanted = {_claim(name) for name in arguments.uids}
    found = [each for each in stated() if not wanted or each.claim in wanted]
    found.sort(key=lambda each: uids[each.claim])
    seconds, missing = _seconds()
    if arguments.json:
        print_json({"theorems": [_json(each, uids[each.claim], seconds) for each in found]})
        return 0
    width = columns()
    if found:
        print(*_table([_row(each, uids[each.claim], seconds) for each in found], width), "", sep="\n")
    print(fill(_in_short(found, seconds), width))
    if missing:
        print(warning(fill(f"not checked here: {missing}", width)))
    return 0


def _claim(name: str) -> Path:
    """The file that opens a claim. UsageError for what is none."""
    record = find(name)
    if not isinstance(record, ClaimFile):
        raise UsageError(f"{record.uid} is a counterexample; expected the uid of a claim, as in DL-004")
    return record.path


def _seconds() -> tuple[Mapping[str, float], str]:
    """What each file took to build, for those that were, and why none could be."""
    try:
        coq = prover()
    except MissingProverError as error:
        return {}, str(error)
    return build_seconds(shipped(), coq), ""


def _table(rows: list[list[str]], width: int | None) -> list[str]:
    """What does not fit in ``width`` is left out: times first, then files."""
    header = ["uid", "theorem", "axioms", "file", "built in"]
    lines: list[str] = []
    for kept in (5, 4, 3):
        lines = table([each[:kept] for each in [header, *rows]], width)
        if width is None or max(map(len, lines)) <= width:
            break
    return lines


def _row(each: Stated, uid: str, seconds: Mapping[str, float]) -> list[str]:
    axioms = f"{len(each.question.axioms)} classical" if each.question.axioms else "none"
    return [uid, each.question.theorem, axioms, each.file, _time(seconds.get(each.file))]


def _time(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f} s"


def _in_short(found: Sequence[Stated], seconds: Mapping[str, float]) -> str:
    """How many, in how many lines of Coq, and which axioms."""
    if not found:
        return "no formal proofs"
    files = list(dict.fromkeys(name for each in found for name in in_order(each.file, shipped())))
    lines = sum(len(shipped()[name].splitlines()) for name in files)
    theorems = {(each.file, each.question.theorem) for each in found}
    claims = {each.claim for each in found}
    of = f"{_number(len(theorems), 'theorem')} of {_number(len(claims), 'claim')}"
    said = f"{of}, in {_number(len(files), 'file')} with {lines} lines"
    if all(name in seconds for name in files):
        said += f", built in {sum(seconds[name] for name in files):.0f} s"
    if axioms := list(dict.fromkeys(axiom for each in found for axiom in each.question.axioms)):
        said += f"; the classical axioms: {', '.join(axioms)}"
    return said


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _json(each: Stated, uid: str, seconds: Mapping[str, float]) -> dict[str, Any]:
    return {
        "claim": uid,
        "theorem": each.question.theorem,
        "file": shown(FORMAL / each.file),
        "line": line_of(each.question.theorem, shipped()[each.file]),
        "axioms": list(each.question.axioms),
        "statement": each.question.statement.strip(),
        "says": each.said,
        "check": f"{shown(each.path)}::{each.check}",
        "seconds": seconds.get(each.file),
    }
