"""A hunt on several islands: each draws with seeds of its own, in rounds, and the smallest refutation wins.

In a round every island draws equally many problems of equal widths, and finishes it, whatever another has found; one
that has found something shrinks it there. After a round with a refutation nothing more is drawn. So the seed and the
number of islands decide what is found, and neither the number of processes nor their speed does, as long as time does
not run out. An island's part of a round is a piece for an executor, and a hunt within bounds of its own
(:mod:`~claims.suite.hunting.bounded`); islands share nothing.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from claims.campaigns.executors import executor, spread
from claims.campaigns.workers import Workers
from claims.command_line.pieces import expect_files, files_hash
from claims.suite.hunting.bounded import GRACE, Report, bounded

FIRST = 100
"""Problems that an island draws in the first round of a width; each later round has twice as many."""
COUNTS = ("examples", "met_the_hypotheses", "undecided", "refuting", "only_in_floats", "missed_by_floats")
FINDING = ("smallest", "widths", "size", "arithmetic", "because", "counterexample", "text", "not_verified")

Show = Callable[[float, str], None]


@dataclass(frozen=True)
class Dig:
    """An island's part of a round: what is asked of its process, and the files that it is asked of."""

    island: int
    request: dict[str, Any]
    sha256: str = ""


@dataclass
class Course:
    """What came of the rounds: for each the widths, and the islands' reports."""

    request: dict[str, Any]
    islands: int
    show: Show
    rounds: list[tuple[int, dict[int, Report]]] = field(default_factory=list)
    interrupted: bool = False
    started: float = field(default_factory=time.monotonic)

    @property
    def passed(self) -> float:
        return time.monotonic() - self.started

    @property
    def last(self) -> dict[int, Report]:
        """The reports of the round that is or was the last one."""
        return dict(sorted(self.rounds[-1][1].items()))

    @property
    def over(self) -> bool:
        ends = ("refuted", "refused", "ended", "interrupted")
        return self.interrupted or any(report.get(end) for report in self.last.values() for end in ends)

    def told(self, dig: Dig, report: Report) -> None:
        """What an island of this round has come to, for the progress bar too."""
        self.rounds[-1][1][dig.island] = report
        reports = [each for _, found in list(self.rounds) for each in list(found.values())]
        examples, met = (sum(each.get(count, 0) for each in reports) for count in COUNTS[:2])
        found = sum(bool(each.get("refuted")) for each in reports)
        words = f"refuted on {found} of {self.islands} islands; shrinking" if found else f"{self.islands} islands"
        fraction = 1.0 if found else min(1.0, examples / self.request["examples"])
        self.show(fraction, f"{words}, {examples} examples, {met} met the hypotheses")


def hunt_on_islands(
    request: dict[str, Any], islands: int, show: Show, *, jobs: int | None = None, scheduler: str | None = None
) -> Report:
    """The report of a hunt, as that of :func:`~claims.suite.hunting.bounded.bounded`, with ``islands``: who found what.

    ``jobs`` islands draw at a time, or as many as a scheduler's workers can take. Ctrl-C ends all of them, and what
    they found stays; on a cluster, what they found in rounds that were finished.
    """
    course = Course(request, islands, show)
    with _workers(jobs or islands, scheduler, course) as (dig, workers):
        width = 0
        for wide, examples in rounds(request["examples"], request["max_width"], islands):
            if wide > width:
                width, passed = wide, course.passed
                until = passed + (request["seconds"] - passed) / (request["max_width"] + 1 - width)
            if course.passed > until:
                continue
            course.rounds.append((width, {}))
            _round(course, dig, workers, partial(_digs, course, width, examples, until, bool(scheduler)))
            if course.over:
                break
    return together(course)


def rounds(examples: int, max_width: int, islands: int) -> Iterator[tuple[int, int]]:
    """(largest width, problems of each island), round by round: every width has its share."""
    share = -(-examples // (max_width * islands))
    for width in range(1, max_width + 1):
        left, size = share, FIRST
        while left > 0:
            yield width, min(size, left)
            left, size = left - size, 2 * size


def seed_of(seed: int, number: int, island: int) -> int:
    """That of an island's part of a round."""
    return random.Random(f"{seed} {number} {island}").getrandbits(64)


def _digs(course: Course, width: int, examples: int, until: float, far: bool) -> Iterator[Dig]:
    """A round's pieces, with the time that is left when each is given out."""
    request, number = course.request, len(course.rounds)
    sha256 = files_hash() if far else ""
    for island in range(1, course.islands + 1):
        left = {"seconds": request["seconds"] - course.passed, "drawing": until - course.passed}
        asked = {
            "least_width": width,
            "max_width": width,
            "examples": examples,
            "seed": seed_of(request["seed"], number, island),
            "discoverer": f"{request['seed']}, {course.islands} islands",
        }
        yield Dig(island, request | asked | {key: max(0.01, value) for key, value in left.items()}, sha256)


def _round(course: Course, dig: Callable[[Dig], Report], workers: Workers, digs: Callable[[], Iterator[Dig]]) -> None:
    """All of its pieces, until Ctrl-C."""
    try:
        for outcome in spread(dig, digs(), workers):
            lost = {"ended": f"island {outcome.item.island} was lost: {outcome.error or outcome.lost}", "died": True}
            course.told(outcome.item, outcome.value() if outcome.done else lost)
    except KeyboardInterrupt:
        course.interrupted = True


class _Threads(Workers):
    """Of this process; each waits for a hunt's process, which comes to its end when it is told to."""

    def __init__(self, jobs: int) -> None:
        self._jobs, self._pool = jobs, ThreadPoolExecutor(jobs)
        self.stopped = threading.Event()

    def ahead(self) -> int:
        return self._jobs

    def deaths(self, error: BaseException) -> int | None:
        return None

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        return self._pool.submit(function, *arguments, **named)

    def stop(self) -> float:
        self.stopped.set()
        return 2 * GRACE

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.stopped.set()
        self._pool.shutdown(wait, cancel_futures=True)


@contextmanager
def _workers(jobs: int, scheduler: str | None, course: Course) -> Iterator[tuple[Callable[[Dig], Report], Workers]]:
    """What does a piece, and where."""
    if scheduler is not None:
        with executor(scheduler=scheduler) as far:
            yield dig_there, far
        return
    threads = _Threads(jobs)

    def dig_here(dig: Dig) -> Report:
        return bounded(dig.request, partial(course.told, dig), threads.stopped.is_set)

    try:
        yield dig_here, threads
    finally:
        threads.shutdown()


def dig_there(dig: Dig) -> Report:
    """On another machine. ValueError where it has other files."""
    expect_files(dig.sha256)
    return bounded(dig.request, lambda _: None)


def together(course: Course) -> Report:
    """One report of all rounds. The smallest refutation wins, then the one whose text comes first."""
    reports = [report for _, found in course.rounds for _, report in sorted(found.items())]
    last = course.last if course.rounds else {}
    report: Report = {count: sum(each.get(count, 0) for each in reports) for count in COUNTS}
    report |= {"seconds": round(course.passed, 2), "interrupted": course.interrupted}
    report["out_of_time"] = not course.interrupted and course.passed > course.request["seconds"]
    report["artefact"] = next((each["artefact"] for each in reports if each.get("artefact")), None)
    found = {island: each for island, each in last.items() if each.get("refuted")}
    winner = min(found, key=lambda island: (found[island]["size"], found[island]["smallest"], island), default=None)
    report["refuted"] = winner is not None
    if winner is not None:
        before = report["examples"] - sum(each["examples"] for each in last.values() if "examples" in each)
        report |= {key: found[winner][key] for key in FINDING}
        report["until_found"] = before + min(each["until_found"] for each in found.values())
    report |= _ends(last, winner)
    sizes = {island: {key: each[key] for key in ("widths", "size")} for island, each in found.items()}
    return report | {
        "islands": {
            "number": course.islands,
            "rounds": len(course.rounds),
            "found_by": winner,
            "found": [{"island": island} | size for island, size in sizes.items()],
        }
    }


def _ends(last: dict[int, Report], winner: int | None) -> Report:
    """Why it went no further, where there is more to say than that it is over: what the winner says, or the first."""
    asked = [*([last[winner]] if winner is not None else []), *last.values()]
    saying = next((each for each in asked if each.get("ended") or each.get("refused")), {})
    if winner is not None:
        return {"ended": saying.get("ended") or saying.get("refused")}
    return {"ended": None} | {key: saying[key] for key in ("ended", "refused", "died", "out_of_time") if key in saying}
