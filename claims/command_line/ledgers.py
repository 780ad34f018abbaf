"""``ledger``: what campaigns have decided, of this version and of others; several ledgers into one; JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from claims.campaigns.errors import LedgerError, LedgerWriteError
from claims.campaigns.telling import counted, in_all, processor_time, readable, sentence
from claims.campaigns.totals import Totals
from claims.command_line.claim_files import ClaimFile, claim_files
from claims.command_line.errors import UsageError
from claims.command_line.ledger_totals import VersionTotals, read_versions
from claims.command_line.records import find, version
from claims.command_line.terminal import bold, columns, fill, print_json, table, warning

EXAMPLES = """\
examples:
  %(prog)s show evidence.sqlite          every claim, a line each
  %(prog)s show evidence.sqlite DL-004   one of them in full
  %(prog)s merge all.sqlite mine.sqlite yours.sqlite
  %(prog)s export evidence.sqlite > evidence.json
  %(prog)s tightness claims/campaigns/tightness.json
"""
NOT_WRITTEN = 3
WORST = 12
"""Ratios of a claim that are shown."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "A ledger is what campaigns have decided: a set of records in one file. Instances\n"
        "are counted as they were drawn, one version of the files at a time, and a piece\n"
        "that was run twice counts once. Merging is a union: whatever the order, and\n"
        "however often, the same comes of it. The worst ratio is the nearest to 1 that\n"
        "the two sides of an inequality came. A ledger is data, and nothing in it is run;\n"
        "its digests tell damage from data, and are no signature."
    )
    parser.epilog = EXAMPLES
    commands = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = commands.add_parser("show", help="how often a claim was decided, how nearly it failed, and whether it did")
    show.add_argument("file", metavar="FILE", type=Path)
    show.add_argument("names", metavar="UID", nargs="*", help="DL-0xx, in full; without one every claim, a line each")
    merge = commands.add_parser("merge", help="add ledgers to that in OUT: all of them or, if one is refused, none")
    merge.add_argument("out", metavar="OUT", type=Path)
    merge.add_argument("files", metavar="FILE", nargs="+", type=Path)
    for each in (show, merge):
        each.add_argument("--json", action="store_true", help="for a program to read")
    export = commands.add_parser("export", help="its records as JSON, of which claims/campaigns has the schema")
    export.add_argument("file", metavar="FILE", type=Path)
    tightness = commands.add_parser("tightness", help="how far constants are from the worst, decided again: a table")
    tightness.add_argument("file", metavar="FILE", type=Path, help="a ledger, or its export")


def run(arguments: argparse.Namespace) -> int:
    action = {"show": _show, "merge": _merge, "export": _export, "tightness": _tightness}[arguments.action]
    try:
        return action(arguments)
    except LedgerError as error:
        raise UsageError(readable(str(error))) from error
    except LedgerWriteError as error:
        print(f"not written: {readable(str(error))}", file=sys.stderr)
        return NOT_WRITTEN


def _export(arguments: argparse.Namespace) -> int:
    from claims.campaigns.exporting import exported
    from claims.campaigns.ledger import Ledger

    with Ledger(arguments.file, read_only=True) as ledger:
        for line in exported(ledger):
            print(line)
    return 0


def _tightness(arguments: argparse.Namespace) -> int:
    from claims.command_line.tightening import check_asserts

    check_asserts()
    from claims.campaigns.exporting import opened
    from claims.campaigns.tightness import Worst
    from claims.campaigns.tightness import table as rows_of

    with ExitStack() as files:
        known = Worst(opened(arguments.file, files)()).known
    rows = [["constant", "observed / guaranteed"], *map(list, rows_of(known))]
    print(*table(rows, columns(), shrinks=(0,)), sep="\n")
    for why in (each for found in known.values() for each in found.refused):
        print(warning(f"not believed: {readable(why)}"), file=sys.stderr)
    return 0


def _merge(arguments: argparse.Namespace) -> int:
    from claims.campaigns.exporting import merge

    new, number = merge(arguments.out, arguments.files)
    if arguments.json:
        print_json({"out": str(arguments.out), "records": number, "new": new})
    else:
        print(f"{arguments.out} has {counted(number, 'record')}, {new:,} of them new")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    claims = [_claim(name) for name in arguments.names]
    versions = read_versions(arguments.file, tuple(claim.uid for claim in claims))
    if arguments.json:
        found = [each.as_json() for each in versions]
        print_json({"version": version(), "file": str(arguments.file), "versions": found})
        return 0
    print(*_told(versions, claims), sep="\n")
    return 0


def _claim(name: str) -> ClaimFile:
    found = find(name)
    if not isinstance(found, ClaimFile):
        raise UsageError(f"{name} is a counterexample, which is verified once for all; expected a claim, as DL-004")
    return found


def _told(versions: list[VersionTotals], claims: list[ClaimFile]) -> Iterator[str]:
    if not any(each.here for each in versions):
        yield warning("Nothing of this version is in the ledger.")
    for number, each in enumerate(versions):
        yield from [""] * (number > 0)
        yield bold(fill(each.words(), columns()))
        if claims:
            for claim in claims:
                yield from _in_full(claim, each.totals.get(claim.uid))
        else:
            yield from _table(each.totals)


def _table(totals: Mapping[str, Totals]) -> list[str]:
    """A row a claim, and a line for all."""
    titles = {uid: claim.title for uid, claim in claim_files().items()}
    rows = [["uid", "claim", "instances", "pieces", "CPU time", "worst ratio", "failed", "broken"]]
    rows += [_row(titles.get(uid, "none of this version"), found) for uid, found in totals.items()]
    failed = [number for number, row in enumerate(rows) if number and row[-2]]
    columns_kept = [n for n in range(len(rows[0])) if n < len(rows[0]) - 2 or any(row[n] for row in rows[1:])]
    return [
        *table([[row[n] for n in columns_kept] for row in rows], columns(), shrinks=(1,), warnings=failed),
        in_all(totals.values()),
    ]


def _row(title: str, found: Totals) -> list[str]:
    time = processor_time(found.seconds).replace("CPU-", "")
    worst = f"{found.worst[0].value:.4g}" if found.worst else "-"
    fates = [f"{number:,}" if number else "" for number in (found.failed, found.broken)]
    return [found.uid, title, f"{found.decided:,}", f"{found.pieces:,}", time, worst, *fates]


def _in_full(claim: ClaimFile, found: Totals | None) -> Iterator[str]:
    width = columns()
    if found is None:
        yield fill(f"{claim.uid} {claim.title}: nothing", width)
        return
    yield fill(f"{claim.uid} {claim.title}: {sentence(found)}", width)
    yield f"  {counted(found.checks, 'check')} in {counted(found.pieces, 'piece')}"
    for arithmetic, number in found.verdicts.items():
        yield f"  {number:,} comparisons by {readable(arithmetic)}"
    if found.worst:
        rows = [[f"{each.value:.4g}", readable(each.ratio.quantity)] for each in found.worst[:WORST]]
        yield from (f"  {line}" for line in table([["ratio", "quantity"], *rows], width and width - 2, shrinks=(1,)))
        if more := len(found.worst) - WORST:
            yield from [f"  and {more:,} looser"] * (more > 0)
    for piece, failure in found.failures:
        yield warning(f"  FAILED {readable(piece.check)}, seed {piece.seed}")
        for label, text in failure.told.items():
            for line in text.splitlines():
                yield f"    {readable(label)}: {readable(line)}"
        yield f"    again: {readable(failure.reproduce)}"
