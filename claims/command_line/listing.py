"""``list``: every claim and every counterexample, one a line."""

from __future__ import annotations

import argparse

from claims.command_line.claim_files import claim_files
from claims.command_line.counterexample_files import counterexample_files
from claims.command_line.terminal import columns, print_json, table

EXAMPLES = """\
examples:
  %(prog)s
  %(prog)s | grep open
  %(prog)s --json | jq '.claims[].uid'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "List every claim (DL-0xx) and every counterexample (DLX-0xx). The uid is what\nthe other commands take."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("--json", action="store_true", help="for a program to read")


def run(arguments: argparse.Namespace) -> int:
    claims, counterexamples = claim_files(), counterexample_files()
    if arguments.json:
        print_json(
            {
                "claims": [claim.as_json() for claim in claims.values()],
                "counterexamples": [entry.content | {"path": str(entry.path)} for entry in counterexamples.values()],
            }
        )
        return 0
    width = columns()
    rows = [[claim.uid, claim.status, claim.title, claim.chapter, claim.source] for claim in claims.values()]
    print(*table([["uid", "status", "claim", "chapter", "source"], *rows], width, shrinks=(2,)), sep="\n")
    if counterexamples:
        rows = [
            [entry.uid, entry.claim or "-", entry.hypothesis or "-", entry.title] for entry in counterexamples.values()
        ]
        print("", *table([["uid", "bears on", "hypothesis", "counterexample"], *rows], width, shrinks=(3,)), sep="\n")
    return 0
