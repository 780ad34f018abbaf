"""Everything long is a list of independent pieces, and :func:`spread` gives them to an executor.

    with executor(jobs=2) as workers:
        for outcome in spread(function, items, workers):
            ...

The executor is the cores of this machine (:mod:`~claims.campaigns.processes`), or the workers of a Dask scheduler
(:mod:`~claims.campaigns.cluster`); nothing else knows which. ``function`` is that of a module, takes an item and is
pickled by its name; an item and its result are plain data.
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Generic, TypeVar

from claims.campaigns.workers import Workers
from claims.command_line.interrupts import listening
from claims.command_line.numbers import whole_number

Item = TypeVar("Item")
Result = TypeVar("Result")

DEATHS = 3
"""A piece at which so many workers have died is not tried again."""
TIMES = 10
"""Nor is one that was given out so often and came back without an answer."""
LOOK = 0.1
"""Seconds between two looks at whether Ctrl-C was pressed."""


class PieceError(RuntimeError):
    """A piece that has no result, and why."""


@dataclass(frozen=True)
class Outcome(Generic[Item, Result]):
    """What came of a piece: its ``result``, or ``error``, what the function raised, with the traceback behind the first
    line, or ``lost``, why it never answered."""

    item: Item
    result: Result | None = None
    error: str = ""
    lost: str = ""

    @property
    def done(self) -> bool:
        return not (self.error or self.lost)

    def value(self) -> Result:
        """The result; PieceError where there is none."""
        if not self.done:
            raise PieceError(self.error or self.lost)
        return self.result  # type: ignore[return-value]  # None too, where the function returns it


@dataclass(frozen=True)
class _Attempt(Generic[Item]):
    item: Item
    deaths: int = 0
    times: int = 1


@contextmanager
def executor(jobs: int | None = None, scheduler: str | None = None) -> Iterator[Workers]:
    """``jobs`` processes of this machine, all its cores where that is None; or the workers of a Dask ``scheduler``, an
    address or a scheduler file.

    At the end of the block whatever is still running is ended, or on a cluster forgotten. UsageError where there is no
    such scheduler.
    """
    if scheduler is None:
        from claims.campaigns.processes import Processes, cores

        workers: Workers = Processes(jobs or cores())
    else:
        from claims.campaigns.cluster import Cluster

        workers = Cluster(scheduler)
    try:
        yield workers
    finally:
        workers.shutdown()


def spread(
    function: Callable[[Item], Result], items: Iterable[Item], workers: Workers
) -> Iterator[Outcome[Item, Result]]:
    """Each item's outcome, in the order in which they come. Items are drawn as there is room for them, after what has
    come was taken, so that there may be any number, and the next may depend on what came.

    What the function raises is an outcome. A piece whose worker has died (killed, or out of memory) is run again, and
    is lost at the third death. Where an executor cannot tell which of several pieces was to blame, those are run once
    more at the end, each alone. After a lost connection what was out is given out again: then a piece may be run twice,
    and has one outcome.

    Ctrl-C: nothing more is given out, what has come is yielded, then KeyboardInterrupt is raised; pressed twice, at
    once.
    """
    course: _Course[Item, Result] = _Course(function, workers)
    source, more = iter(items), True
    with listening() as pressed:
        while more or course.flying:
            while more and course.room() and not pressed:
                try:
                    course.give(_Attempt(next(source)))
                except StopIteration:
                    more = False
            yield from course.come(LOOK)
            if pressed:
                yield from course.rest(workers.stop())
                raise KeyboardInterrupt
            if not more and not course.flying:
                yield from course.suspected()


def each(
    function: Callable[[Item], Result], items: Iterable[Item], jobs: int | None, scheduler: str | None
) -> Iterator[Outcome[Item, Result]]:
    """The outcomes of :func:`spread`; for one job here and now, in order, where what the function raises is raised."""
    if jobs == 1 and scheduler is None:
        for item in items:
            yield Outcome(item, function(item))
    else:
        with executor(jobs, scheduler) as workers:
            yield from spread(function, items, workers)


class _Course(Generic[Item, Result]):
    """What is out, and what has come of it."""

    def __init__(self, function: Callable[[Item], Result], workers: Workers) -> None:
        self._function, self._workers = function, workers
        self._done: Queue[Future[Any]] = Queue()  # a SimpleQueue waits for ever if a signal comes as its time ends
        self.flying: dict[Future[Any], _Attempt[Item]] = {}
        self.suspects: list[_Attempt[Item]] = []
        self.alone = workers.exact

    def room(self) -> bool:
        return len(self.flying) < self._workers.ahead()

    def give(self, attempt: _Attempt[Item]) -> None:
        future = self._workers.submit(_called, self._function, attempt.item)
        self.flying[future] = attempt
        future.add_done_callback(self._done.put)

    def come(self, seconds: float) -> Iterator[Outcome[Item, Result]]:
        """What has come, and what comes first within so many seconds."""
        while self.flying:
            try:
                future = self._done.get(timeout=seconds)
            except Empty:
                return self._workers.look()
            seconds = 0.0
            outcome = self._outcome(future, self.flying.pop(future))
            if outcome is not None:
                yield outcome

    def rest(self, seconds: float) -> Iterator[Outcome[Item, Result]]:
        """What has come, and what still comes within so many seconds."""
        until = time.monotonic() + seconds
        yield from self.come(0.0)
        while self.flying and time.monotonic() < until:
            yield from self.come(LOOK)

    def _outcome(self, future: Future[Any], attempt: _Attempt[Item]) -> Outcome[Item, Result] | None:
        """None where it is to be run again."""
        failed = CancelledError() if future.cancelled() else future.exception()
        if failed is not None:
            return self._failed(failed, attempt)
        result, error = future.result()
        if error:
            return Outcome(attempt.item, error=error)
        try:
            return Outcome(attempt.item, pickle.loads(result))
        except Exception as unread:
            return Outcome(attempt.item, error=f"its result cannot be made again here: {_named(unread)}")

    def _failed(self, failed: BaseException, attempt: _Attempt[Item]) -> Outcome[Item, Result] | None:
        deaths = self._workers.deaths(failed)
        if deaths is None:
            return Outcome(attempt.item, error=f"it could not be run: {_named(failed)}")
        attempt = replace(attempt, deaths=attempt.deaths + deaths, times=attempt.times + 1)
        if attempt.times > TIMES:
            return Outcome(attempt.item, lost=f"it was given out {TIMES} times and has not come back")
        if attempt.deaths < DEATHS:
            self.give(attempt)
        elif self.alone:
            return _dead(attempt)
        else:
            self.suspects.append(attempt)
        return None

    def suspected(self) -> Iterator[Outcome[Item, Result]]:
        """When all else has come: one that is suspected alone is to blame, of several each is given out alone."""
        if self.suspects and not self.alone:
            self.alone = True
            if len(self.suspects) == 1:
                yield _dead(self.suspects.pop())
        if self.suspects:
            self.give(replace(self.suspects.pop(), deaths=0))


def _dead(attempt: _Attempt[Item]) -> Outcome[Item, Any]:
    return Outcome(attempt.item, lost=f"{attempt.deaths} workers have died as they ran it: out of memory?")


def _called(function: Callable[[Item], Result], item: Item) -> tuple[bytes, str]:
    """In the worker: the result as it can be sent, or what was raised, in words: not every exception can be sent."""
    try:
        return pickle.dumps(function(item)), ""
    except BaseException as error:
        return b"", f"{_named(error)}\n{traceback.format_exc()}"


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def add_executor_arguments(
    parser: argparse.ArgumentParser, *, what: str = "pieces", default: str = "all cores"
) -> None:
    """``--jobs N`` and ``--scheduler ADDRESS|FILE``, for :func:`executor`: how many of ``what`` at a time."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--jobs", type=whole_number(1, 1024), metavar="N", help=f"{what} at a time, here (default: {default})"
    )
    group.add_argument(
        "--scheduler",
        type=_scheduler,
        metavar="ADDRESS|FILE",
        help="the workers of a Dask scheduler in place of this machine's: tcp://HOST:8786, or its scheduler file",
    )


def _scheduler(text: str) -> str:
    if re.fullmatch(r"\w+://\S+", text):
        return text
    try:
        content = json.loads(Path(text).read_text(encoding="utf-8"))
        address = content["address"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise argparse.ArgumentTypeError(
            f"{text!r}, which is neither an address nor a scheduler file ({_named(error)}); expected one as in "
            "tcp://host:8786, or the file that `dask scheduler --scheduler-file` wrote"
        ) from None
    if not isinstance(address, str):
        raise argparse.ArgumentTypeError(f"{text!r}, a scheduler file without an address; expected one that Dask wrote")
    return text
