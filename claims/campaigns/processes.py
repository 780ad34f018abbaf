"""The cores of this machine as an executor: each is a process pool of one, so that whose worker dies is known."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from claims.campaigns.workers import Workers

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""One each, where the user does not say otherwise: the other cores have pieces of their own."""


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Processes(Workers):
    """``jobs`` processes of this machine; they are started when they are needed, and import what their piece needs.

    A worker is the head of a session of its own: it hears no Ctrl-C, and ends with everything that it has started when
    this process ends, however that comes.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._idle: deque[ProcessPoolExecutor | None] = deque([None] * jobs)  # None: one that is to be made
        self._busy: dict[Future[Any], ProcessPoolExecutor] = {}
        self._context = get_context("spawn")
        self._ear, self._life = self._context.Pipe(duplex=False)

    def ahead(self) -> int:
        return self._jobs

    def deaths(self, error: BaseException) -> int | None:
        return 1 if isinstance(error, BrokenExecutor) else None

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """To a worker that is idle; RuntimeError where there is none, since what waits with a piece dies with it."""
        if not self._idle:
            raise RuntimeError(f"{self._jobs} pieces are running; expected no more than that at a time")
        pool = self._idle.pop()
        try:
            future = self._given(pool or self._pool(), function, *arguments, **named)
        except BrokenExecutor:  # its worker died, of its last piece or since
            future = self._given(self._pool(), function, *arguments, **named)
        future.add_done_callback(self._done)
        return future

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=self._context, initializer=_begin, initargs=(self._ear,))

    def _given(
        self, pool: ProcessPoolExecutor, function: Callable[..., Any], /, *arguments: Any, **named: Any
    ) -> Future[Any]:
        with deaf():
            future = pool.submit(function, *arguments, **named)
        self._busy[future] = pool
        return future

    def _done(self, future: Future[Any]) -> None:
        self._idle.append(self._busy.pop(future))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """What is running is ended, and so are the workers."""
        pools = [*self._busy.values(), *filter(None, self._idle)]
        if self._busy:
            self._life.close()
        for pool in pools:
            pool.shutdown(wait=wait, cancel_futures=True)
        self._life.close()
        self._ear.close()


@contextmanager
def deaf() -> Iterator[None]:
    """What is started meanwhile does not hear Ctrl-C, until it says so itself; this process hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(ear: Connection) -> None:
    """In the worker, before its first piece."""
    apart(ear)
    for name in THREADS:
        os.environ.setdefault(name, "1")


def apart(ear: Connection) -> None:
    """In a process that was started :func:`deaf`: it hears no Ctrl-C, and ends with what it has started when the other
    end of ``ear`` is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if hasattr(os, "setsid"):
        os.setsid()
    threading.Thread(target=_listen, args=(ear,), daemon=True).start()


def _listen(ear: Connection) -> None:
    """Nothing is ever said; the end of it means that nobody wants the result."""
    with suppress(EOFError, OSError):
        ear.recv_bytes()
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
