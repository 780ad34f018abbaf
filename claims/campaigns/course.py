"""A campaign as it goes: pieces are given out, what comes is entered in the plan and in the ledger, and told.

**Scale**, measured on one core (tests/test_campaign_scale.py, 10^5 pieces), and from there on paper. A piece of a
minute costs a third of a second beside what it counts, for a fork, pytest and the imports of its claim: 0.6 %. Two
cores decide twice as much as one does (1.76, 1.87 and 2.21 times, on a machine that others used). A thousand workers
finish 17 pieces a second, some 140 messages of a few kilobytes for a scheduler; the one process that
plans and keeps them does 4000 a second. 10^9 instances are about 10^5 pieces of 2 kilobytes: a ledger of 200 to 300
megabytes, of which a command that goes on reads 12,000 records a second. What breaks first is the ledger, which is not
read beyond a gigabyte or 10^6 records (:mod:`~claims.campaigns.storage`): near 4 * 10^9 instances of one version.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from claims.campaigns.errors import LedgerError
from claims.campaigns.executors import Outcome, spread
from claims.campaigns.ledger import Ledger
from claims.campaigns.places import here
from claims.campaigns.planning import Plan
from claims.campaigns.records import Fate, Piece, Record
from claims.campaigns.running import run
from claims.campaigns.workers import Workers

IN_A_ROW = 20
"""So many broken pieces one after another are no fault of theirs."""


class CampaignEndedError(RuntimeError):
    """A campaign that cannot go on, and why; what came before is in the ledger."""


class NotKeptError(OSError):
    """``record`` could not be written to the ledger, which has what came before."""

    def __init__(self, record: Record, why: str) -> None:
        super().__init__(why)
        self.record = record


def course(plan: Plan, ledger: Ledger, workers: Workers) -> Iterator[Record]:
    """Each record, once the ledger has it; pieces are given out until the plan has no more.

    CampaignEndedError where a worker has other files, or nothing can be run; NotKeptError where the ledger cannot be
    written; KeyboardInterrupt after Ctrl-C, when what had come is in the ledger.
    """
    files, broken, more = here().files, 0, True
    while more:
        more = False
        for outcome in spread(partial(run, files=files), plan.pieces(), workers):
            more = True
            record = _record(outcome)
            if record.place.files != files:
                raise CampaignEndedError(f"on {record.place.machine}: {record.reason}; expected one version everywhere")
            plan.enter(record)
            try:
                ledger.add([record])
            except (OSError, LedgerError) as error:
                raise NotKeptError(record, str(error)) from error
            yield record
            broken = broken + 1 if record.fate is Fate.BROKEN else 0
            if broken == IN_A_ROW:
                raise CampaignEndedError(f"{broken} pieces in a row are broken; the last: {record.reason}")


def _record(outcome: Outcome[Piece, Record]) -> Record:
    """What a worker tells, or that it told nothing."""
    if outcome.result is not None:
        return outcome.result
    why = (outcome.lost or outcome.error).partition("\n")[0]
    return Record(outcome.item, here(), Fate.BROKEN, 0, 0.0, time.time(), reason=why)
