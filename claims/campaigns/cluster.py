"""The workers of a Dask scheduler as an executor."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from functools import partial
from typing import Any

from claims.campaigns.workers import Workers
from claims.command_line.errors import UsageError

ANSWERS = 10.0
"""Seconds within which a scheduler answers, at the beginning."""
RETURNS = 300.0
"""Seconds within which it is back after the connection was lost."""
COUNTED = 5.0
"""Seconds after which its workers are counted anew."""


class SchedulerLostError(ConnectionError):
    """The scheduler has not come back in time."""


class Cluster(Workers):
    """The workers of the scheduler with an address (``tcp://host:8786``), or of a scheduler file.

    They are given two pieces a thread. Dask runs a piece again whose worker was lost, three times as it comes, and its
    KilledWorker, after that, tells of all pieces that these workers held. A piece that is running where this process
    has been stopped is run to its end there, and nobody hears of it.
    """

    exact = False

    def __init__(self, scheduler: str) -> None:
        self._scheduler = scheduler
        try:
            import distributed
        except ImportError as error:
            raise UsageError(
                f"--scheduler {scheduler} needs Dask, which is not installed ({error}); "
                "expected: pip install 'deep-linear-claims[cluster]'"
            ) from None
        self._distributed: Any = distributed
        self._out: set[Future[Any]] = set()
        _quiet()
        try:
            self._connect()
        except (OSError, ValueError) as error:
            raise UsageError(
                f"--scheduler is {scheduler}, where no Dask scheduler answers within {ANSWERS:.0f} s ({error}); "
                "expected its address, as in tcp://host:8786, or the file that `dask scheduler --scheduler-file` wrote"
            ) from None

    def _connect(self) -> None:
        where = {"address": self._scheduler} if "://" in self._scheduler else {"scheduler_file": self._scheduler}
        self._client: Any = self._distributed.Client(**where, timeout=ANSWERS, set_as_default=False)
        self._connection = self._client.scheduler_comm
        self._executor: Any = self._client.get_executor(pure=False)
        self._threads, self._counted = 0, -COUNTED

    def ahead(self) -> int:
        if time.monotonic() - self._counted >= COUNTED:
            with suppress(OSError, ValueError, RuntimeError):  # not connected: the next submit sees to it
                self._threads = sum(self._client.nthreads().values())
            self._counted = time.monotonic()
        return 2 * max(1, self._threads)

    def deaths(self, error: BaseException) -> int | None:
        if isinstance(error, CancelledError):
            return 0
        return int(error.allowed_failures) if isinstance(error, self._distributed.KilledWorker) else None

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """SchedulerLostError where the connection was lost, and the scheduler has not come back in time."""
        self.look()
        future: Future[Any] = Future()
        self._out.add(future)
        future.add_done_callback(self._out.discard)
        self._executor.submit(function, *arguments, **named).add_done_callback(partial(_pass_on, future))
        return future

    def look(self) -> None:
        """Dask forgets what was out when a connection is lost, and may never say so; here it is cancelled."""
        if self._client.status != "running" or self._client.scheduler_comm is not self._connection:
            self._reconnect()

    def _reconnect(self) -> None:
        self._close()
        for future in list(self._out):
            future.cancel()
        lost = f"the scheduler {self._scheduler} is gone"
        print(f"{lost}; waiting {RETURNS:.0f} s for it to come back", file=sys.stderr)
        until = time.monotonic() + RETURNS
        while True:
            try:
                return self._connect()
            except (OSError, ValueError) as error:
                if time.monotonic() > until:
                    raise SchedulerLostError(f"{lost} and has not come back; what was finished is kept") from error
                time.sleep(0.5)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with suppress(OSError, RuntimeError):
            self._executor.shutdown(wait=False)
        self._close()

    def _close(self) -> None:
        with suppress(OSError, RuntimeError):
            self._client.close(timeout=ANSWERS)


def _pass_on(future: Future[Any], of: Future[Any]) -> None:
    with suppress(InvalidStateError):  # it was cancelled meanwhile
        if of.cancelled():
            future.cancel()
        elif (error := of.exception()) is not None:
            future.set_exception(error)
        else:
            future.set_result(of.result())


def _quiet() -> None:
    """Dask's own tracebacks of lost connections, each of which is said here in a sentence."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
