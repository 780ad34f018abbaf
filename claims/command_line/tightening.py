"""``tightness``: look further for the worst states of each constant of Theorem 1, from those that a ledger has."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from claims.campaigns.errors import LedgerError, LedgerWriteError
from claims.campaigns.executors import add_executor_arguments, executor, spread
from claims.campaigns.telling import counted, readable
from claims.command_line.errors import UsageError
from claims.command_line.numbers import whole_number
from claims.command_line.terminal import progress, warning

if TYPE_CHECKING:
    from claims.campaigns.executors import Outcome
    from claims.campaigns.ledger import Ledger
    from claims.campaigns.records import Record
    from claims.campaigns.tightness import Task, Worst

EXAMPLES = """\
examples:
  %(prog)s --out tight.sqlite
  %(prog)s --out tight.sqlite --rounds 10 --examples 250
  python -m claims ledger merge tight.sqlite claims/campaigns/tightness.json
  python -m claims ledger tightness tight.sqlite
"""
NOT_WRITTEN = 3
MOST = 10**6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "How far are the constants of Theorem 1, and of its lemmas, from the worst that\n"
        "can be found? In each round every constant (DL-022) is searched once more: from\n"
        "states that Hypothesis draws, and from the worst state that the ledger has, of\n"
        "whatever version, decided again before it is believed. What is found is decided\n"
        "exactly and kept. Run it again to go on from there."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="the ledger, made where there is none")
    parser.add_argument(
        "--rounds", type=whole_number(1, 10**18), default=1, metavar="N", help="searches of each constant (default: 1)"
    )
    parser.add_argument(
        "--examples",
        type=whole_number(1, 10**18),
        default=25,
        metavar="N",
        help="the effort of a search, as Hypothesis's (default: 25)",
    )
    parser.add_argument(
        "--seed", type=whole_number(1, 10**18), metavar="K", help="the campaign's own (default: a new one each time)"
    )
    add_executor_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    from claims.campaigns.ledger import Ledger

    check_asserts()
    try:
        with Ledger(arguments.out) as ledger:
            return _run(arguments, ledger)
    except LedgerError as error:
        raise UsageError(f"--out: {readable(str(error))}") from error
    except LedgerWriteError as error:
        print(f"not kept: {readable(str(error))}", file=sys.stderr)
        return NOT_WRITTEN


def check_asserts() -> None:
    """UsageError under python -O, which decides nothing."""
    if not __debug__:
        raise UsageError("python -O drops the asserts that decide a state; run it without -O")


def _run(arguments: argparse.Namespace, ledger: Ledger) -> int:
    """The exit code of a campaign on a ledger that is open."""
    from claims.campaigns.places import here
    from claims.campaigns.records import Fate
    from claims.campaigns.tightness import Worst, run, tasks
    from claims.convergence.tightness.searches import SEARCHES

    seed = arguments.seed or secrets.randbelow(MOST) + 1
    worst = Worst(ledger.records())
    done = {piece for piece, fate in ledger.fates(here().files).items() if fate is not Fate.BROKEN}
    wanted = tasks(worst, done, rounds=arguments.rounds, examples=arguments.examples, seed=seed)
    of = arguments.rounds * len(SEARCHES)
    print(f"{counted(len(SEARCHES), 'constant')}, {counted(arguments.rounds, 'round')}; seed {seed}", flush=True)
    number = failed = 0
    try:
        with executor(arguments.jobs, arguments.scheduler) as workers, progress(stays=True) as show:
            show(0.0, "")
            for outcome in spread(run, wanted, workers):
                record = _record(outcome)
                ledger.add([record])
                number, failed = number + 1, failed + (record.fate is not Fate.PASSED)
                show(number / of, outcome.item.quantity)
                for line in _told(outcome.item.quantity, record, worst):
                    print(line, flush=True)
    except KeyboardInterrupt:
        print(f"stopped: {number} of {of} searches are kept in {arguments.out}", file=sys.stderr)
        raise
    print(f"{number} of {of} searches are new, {failed} of them failed or are broken; kept in {arguments.out}")
    return int(bool(failed))


def _record(outcome: Outcome[Task, Record]) -> Record:
    from claims.campaigns.tightness import lost

    return outcome.value() if outcome.done else lost(outcome.item, outcome.error or outcome.lost)


def _told(quantity: str, record: Record, worst: Worst) -> Iterator[str]:
    """What is worth a line: a constant that is known to be tighter, a failure, a piece that is broken."""
    if learned := worst.learn(record):
        before, after = (f"{each.observed / each.guaranteed:.4g}" if each else "" for each in learned)
        if before != after:
            yield f"{quantity}: {after}" + (f", before {before}" if before else "")
    for failure in record.failures:
        yield warning(f"FAILED {quantity}: {readable(failure.told['sentence'])}")
        yield f"  again: {readable(failure.reproduce)}"
    if record.reason:
        yield warning(f"broken: {quantity}: {readable(record.reason)}")
