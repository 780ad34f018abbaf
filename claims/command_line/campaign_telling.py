"""What a campaign says: as it goes, and at the end."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from claims.campaigns.places import here
from claims.campaigns.planning import UNBOUNDED, Plan
from claims.campaigns.records import Fate, Record
from claims.campaigns.telling import readable
from claims.campaigns.totals import Totals
from claims.command_line.claim_files import ClaimFile
from claims.command_line.records import version
from claims.command_line.terminal import bold, columns, fill, table, warning
from claims.suite.telling import lines_of

BRIEF = 360.0
"""Seconds; what takes longer is told in hours."""


class Telling:
    """The words of a campaign; ``aside`` they are on standard error."""

    def __init__(self, plan: Plan, claims: Sequence[ClaimFile], ledger: Path, *, aside: bool) -> None:
        self._plan, self._ledger, self._aside = plan, ledger, aside
        self._titles = {claim.uid: claim.title for claim in claims}
        self._drawing = {progress.check.uid for progress in plan.progress.values()}
        self._last = ""
        self._done: set[str] = set()

    def _say(self, *lines: str) -> None:
        print(*lines, sep="\n", file=sys.stderr if self._aside else sys.stdout, flush=True)  # as they are now: a bar's

    def begun(self) -> None:
        plan = self._plan
        what = ", ".join(self._drawing) if len(self._drawing) == 1 else f"{len(self._drawing)} claims"
        wanted = [f"{plan.expected():,} instances"] if plan.examples < UNBOUNDED else []
        wanted += [hours(plan.core_seconds)] if plan.core_seconds < float("inf") else []
        self._say(
            f"{what}: {' or '.join(wanted)} of {counted(len(plan.progress), 'check')} that draw; seed {plan.seed}",
            f"{plan.decided:,} instances of this version are in {self._ledger}",
        )
        silent = [uid for uid in self._titles if uid not in self._drawing]
        if silent:
            self._say(f"{', '.join(silent)}: no check draws; `check` runs those that there are")

    def record(self, record: Record) -> None:
        """What is worth a line: a failure, a piece that is broken, a claim that has its share."""
        uid = self._last = record.piece.uid
        if record.fate is Fate.FAILED:
            for failure in record.failures:
                self._say(warning(f"FAILED {uid} {self._titles[uid]}: {name(record)}"), *lines_of(failure.told))
        if record.fate is Fate.BROKEN:
            self._say(warning(f"broken: {uid} {name(record)}: {readable(record.reason)}"))
        if uid not in self._done and self._plan.finished(uid):
            self._done.add(uid)
            instances = sum(each.decided for each in self._plan.progress.values() if each.check.uid == uid)
            number = f"{len(self._done)} of {len(self._drawing)}"
            self._say(f"{uid} {self._titles[uid]}: {instances:,} instances ({number})")

    def words(self) -> str:
        """Beside the bar."""
        return f"{self._plan.decided:,} instances, {self._last}"

    def stopped(self) -> None:
        print(
            f"stopped: {self._plan.decided:,} instances are in {self._ledger}; the same command goes on from there",
            file=sys.stderr,
        )

    def complaint(self, sentence: str) -> None:
        print(warning(sentence), file=sys.stderr, flush=True)

    def totals(self, found: Sequence[Totals], *, kept: bool = True) -> None:
        """By claim, and of all; and where they are ``kept``."""
        self._say("", *self._table(found), "", *self._sums(found))
        if kept:
            where = f"kept in {self._ledger}; --examples says how many there are to be, and a larger number adds"
            self._say(fill(where, columns()))

    def _table(self, found: Sequence[Totals]) -> list[str]:
        """ "time" is of processors, "tightest" the worst ratio of an inequality: 1 where equality is attained."""
        header = ["uid", "claim", "instances", "pieces", "time", "tightest"]
        body = [
            [
                total.uid,
                self._titles[total.uid],
                f"{total.decided:,}" + (f" ({total.failed} FAILED)" if total.failed else ""),
                f"{total.pieces}",
                f"{total.seconds:.1f} s" if total.seconds < BRIEF else f"{total.seconds / 3600:.2f} h",
                f"{total.worst[0].value:.4g}" if total.worst else "-",
            ]
            for total in found
        ]
        failed = [number + 1 for number, total in enumerate(found) if total.failed]
        return table([header, *body], columns(), shrinks=(1,), warnings=failed)

    def _sums(self, found: Sequence[Totals]) -> list[str]:
        verdicts: Counter[str] = Counter()
        for total in found:
            verdicts.update(total.verdicts)
        broken = sum(total.broken for total in found)
        ended = [each for each in self._plan.progress.values() if each.exhausted]
        instances = sum(total.decided for total in found)
        claims, checks = counted(len(found), "claim"), counted(sum(total.checks for total in found), "check")
        time = hours(sum(total.seconds for total in found))
        lines = [
            bold(f"decided: {instances:,} instances of {claims} by {checks}, in {time}"),
            *(f"  {number:,} comparisons by {readable(arithmetic)}" for arithmetic, number in verdicts.most_common()),
        ]
        if ended:
            lines.append(f"without more instances to draw: {counted(len(ended), 'check')}")
        if broken:
            lines.append(warning(f"broken: {counted(broken, 'piece')}, of which nothing counts"))
        failed = sum(total.failed for total in found)
        lines.append(warning(f"failed: {counted(failed, 'piece')}") if failed else "failed: none")
        return lines


def counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def hours(seconds: float) -> str:
    """Of processors."""
    return f"{seconds:.1f} core-seconds" if seconds < BRIEF else f"{seconds / 3600:,.2f} core-hours"


def name(record: Record) -> str:
    return record.piece.check.partition("::")[2]


def as_json(plan: Plan, found: Sequence[Totals]) -> dict[str, Any]:
    """For a program: the totals of the ledger by claim, and what this run was."""
    return {
        "version": version(),
        "files": here().files,
        "seed": plan.seed,
        "core_seconds_of_this_run": round(plan.spent, 3),
        "decided": sum(total.decided for total in found),
        "failed": sum(total.failed for total in found),
        "broken": sum(total.broken for total in found),
        "claims": [total.as_json() for total in found],
    }
