"""``campaign``: evidence that adds up, on the cores of this machine or of a cluster, kept in a ledger."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from claims.book import CHAPTERS
from claims.campaigns.course import CampaignEndedError, NotKeptError, course
from claims.campaigns.errors import LedgerError, LedgerWriteError
from claims.campaigns.executors import add_executor_arguments, executor
from claims.campaigns.ledger import Ledger
from claims.campaigns.places import here
from claims.campaigns.planning import UNBOUNDED, Check, Plan
from claims.campaigns.running import NotCollectedError, collect, end_servers
from claims.campaigns.telling import readable
from claims.command_line.campaign_telling import Telling, as_json, counted
from claims.command_line.claim_files import ClaimFile, claim_files
from claims.command_line.errors import UsageError
from claims.command_line.numbers import whole_number
from claims.command_line.records import find, place
from claims.command_line.terminal import print_json, progress

LEDGER = Path(".claims") / "evidence.sqlite"
INSTANCES = 10_000
NOT_WRITTEN = 3

EXAMPLES = """\
examples:
  %(prog)s DL-002 --examples 10000
  %(prog)s balance --examples 10^6 --jobs 4
  %(prog)s --core-hours 2           every claim
  %(prog)s --scheduler tcp://HOST:8786 --examples 1e9
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Run the checks of claims with many seeds, and keep what came of them in a\n"
        "ledger. What is run is what `pytest claims` runs, piece by piece; the same\n"
        "command goes on where it was stopped. A check that fails is told, and the\n"
        "others go on.\n"
        "Exit code 1 if one failed or could not be run, 3 if the ledger could not be\n"
        "written."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("names", metavar="UID|CHAPTER", nargs="*", help="DL-0xx or a chapter (default: every claim)")
    parser.add_argument(
        "--examples",
        type=whole_number(1, UNBOUNDED),
        metavar="N",
        help="instances that the ledger is to have of them at this version: 10000, 10^6, 1e6 "
        f"(default: {INSTANCES}, without a limit where --core-hours is given); none draws less than `pytest claims`",
    )
    parser.add_argument("--core-hours", type=_hours, metavar="H", help="no more pieces once so much was spent")
    add_executor_arguments(parser)
    parser.add_argument("--out", metavar="FILE", type=Path, default=LEDGER, help=f"the ledger (default: {LEDGER})")
    parser.add_argument(
        "--seed", type=whole_number(0, 10**18), metavar="K", help="the campaign's own (default: a new one each time)"
    )
    parser.add_argument("--json", action="store_true", help="for a program to read; what happens is on stderr")


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours < 10**9:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a number of hours greater than 0, as in 2 or 0.5")
    return hours


def run(arguments: argparse.Namespace) -> int:
    claims = chosen(arguments.names)
    try:
        with Ledger(arguments.out) as ledger:
            return _run(arguments, claims, ledger)
    except LedgerError as error:
        raise UsageError(f"--out: {readable(str(error))}") from error
    except LedgerWriteError as error:
        print(f"not kept: {readable(str(error))}", file=sys.stderr)
        return NOT_WRITTEN


def _run(arguments: argparse.Namespace, claims: Sequence[ClaimFile], ledger: Ledger) -> int:
    """The exit code of a campaign on a ledger that is open."""
    plan = _plan(arguments, claims, ledger)
    told = Telling(plan, claims, arguments.out, aside=arguments.json)
    code = 0
    with executor(arguments.jobs, arguments.scheduler) as workers:
        try:
            told.begun()
            with progress(stays=True) as show:
                show(plan.fraction(), "")
                for record in course(plan, ledger, workers):
                    told.record(record)
                    show(plan.fraction(), told.words())
        except KeyboardInterrupt:
            told.stopped()
            raise
        except NotKeptError as error:
            told.record(error.record)
            told.complaint(f"not kept: {readable(str(error))}")
            told.complaint(f"It lacks the piece of {error.record.piece.check}, and no other that was told.")
            code = NOT_WRITTEN
        except CampaignEndedError as error:
            told.complaint(f"ended: {readable(str(error))}")
            code = 1
    totals = ledger.totals(here().files)
    found = [totals[claim.uid] for claim in claims if claim.uid in totals]
    if arguments.json:
        print_json(as_json(plan, found))
    else:
        told.totals(found, kept=code != NOT_WRITTEN)
    return code or int(any(total.failed for total in found) or plan.broken)


def _plan(arguments: argparse.Namespace, claims: Sequence[ClaimFile], ledger: Ledger) -> Plan:
    with progress() as show:
        show(0.0, f"collecting the checks of {counted(len(claims), 'claim')}")
        checks = _checks(arguments, claims)
    return Plan(
        checks,
        arguments.examples or (INSTANCES if arguments.core_hours is None else UNBOUNDED),
        secrets.randbits(48) if arguments.seed is None else arguments.seed,
        (record for claim in claims for record in ledger.records(files=here().files, uid=claim.uid)),
        float("inf") if arguments.core_hours is None else 3600 * arguments.core_hours,
    )


def _checks(arguments: argparse.Namespace, claims: Sequence[ClaimFile]) -> list[Check]:
    try:
        found = collect([place(claim) for claim in claims])
    except NotCollectedError as error:
        raise UsageError(f"the checks could not be collected: {error}; expected a `pytest claims` that runs") from error
    finally:
        end_servers()
    checks = [Check(**check) for check in found]
    if not checks:
        raise UsageError(f"{', '.join(arguments.names)}: no check draws anything; `check` runs those that there are")
    return checks


def chosen(names: Sequence[str]) -> list[ClaimFile]:
    """The claims of uids and of chapters, each once; all of them where nothing is named."""
    known = claim_files()
    if not names:
        return list(known.values())
    found: dict[str, ClaimFile] = {}
    for name in names:
        chapter = name.strip("/").removeprefix("claims/").lower()
        if chapter in CHAPTERS:
            found |= {uid: claim for uid, claim in known.items() if claim.chapter == chapter}
            continue
        try:
            record = find(name)
        except UsageError as error:
            raise UsageError(f"{error}; the chapters are {', '.join(CHAPTERS)}") from None
        if not isinstance(record, ClaimFile):
            raise UsageError(f"{name} is a counterexample, of which nothing is drawn; expected claims or chapters")
        found[record.uid] = record
    return [found[uid] for uid in sorted(found)]
