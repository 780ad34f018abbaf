"""A hunt within bounds: it runs in a process of its own, which is ended where its time is over or its memory is.

Whatever the predicate does, a loop without end or ten to the power of ten to the ten, what was found before stands. The
process is a new one on every system; what it tells is in :mod:`~claims.suite.hunting.worker`.
"""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from claims.command_line.interrupts import listening
from claims.suite.hunting.explained import NEEDS_MEMORY
from claims.suite.hunting.reading import is_function

GRACE = 2.0
"""Seconds that a single problem may take beyond the hunt's time, or after Ctrl-C."""
STARTING = 120.0
"""Seconds that the process may take to start."""
OUT_OF_MEMORY = 77
"""Its exit code where it has seen that it has taken too much."""

START = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from claims.suite.hunting.worker import serve
serve()"""

Report = dict[str, Any]


def bounded(
    request: dict[str, Any], tell: Callable[[Report], object], stopped: Callable[[], bool] = lambda: False
) -> Report:
    """The report of a hunt, told of as it grows.

    A report with ``refused`` is a conjecture that could not be used; one with ``ended`` says why the hunt went no
    further. Ctrl-C ends the hunt at the next problem, or within two seconds; so does ``stopped``, which is asked all
    the time.
    """
    with _process() as process, listening(twice=False) as pressed:
        return _followed(process, request, tell, pressed, stopped)


def _followed(
    process: subprocess.Popen[str],
    request: dict[str, Any],
    tell: Callable[[Report], object],
    pressed: list[int],
    stopped: Callable[[], bool],
) -> Report:
    aloud = any(map(is_function, [request["conjecture"], *request["given"]]))
    lines, errors = _read(process.stdout), _Last(process.stderr, aloud=aloud)
    _said(process, json.dumps(request))
    report: Report = {}
    trying, until, begun, stopping = "", time.monotonic() + STARTING, None, False
    while True:
        message = _next(lines)
        if message is None:
            return report | {"seconds": _since(begun)} | _died(process, request, errors.line(), trying)
        if message.get("begun"):
            begun = time.monotonic()
            until = begun + request["seconds"] + GRACE
        report |= message.get("report", {})
        trying = message.get("trying", trying)
        if message.get("end"):
            return report | {key: message[key] for key in ("refused",) if key in message}
        try:
            if "report" in message:
                tell(report)
        except KeyboardInterrupt:
            pressed.append(signal.SIGINT)
        if (pressed or stopped()) and not stopping:
            stopping, until = True, min(until, time.monotonic() + GRACE)
            _said(process, "stop")
        if time.monotonic() > until or len(pressed) > 1:
            return report | _given_up(begun, trying, stopping)


def _given_up(begun: float | None, trying: str, stopping: bool) -> Report:
    """What there is to say where the process did not end by itself."""
    if begun is None:
        return {"interrupted": True} if stopping else {"refused": f"the hunt did not start within {STARTING:.0f} s"}
    return {
        "seconds": _since(begun),
        "interrupted": stopping,
        "out_of_time": not stopping,
        "ended": f"the predicate had not returned {GRACE:.0f} s after that, on\n{trying}",
    }


def _since(begun: float | None) -> float:
    return 0.0 if begun is None else round(time.monotonic() - begun, 2)


def _died(process: subprocess.Popen[str], request: dict[str, Any], last: str, trying: str) -> Report:
    """What there is to say where the process came to its end without a last word."""
    code = process.wait()
    aborted = code in (-getattr(signal, "SIGABRT", 6), -getattr(signal, "SIGKILL", 9))
    if code == OUT_OF_MEMORY or aborted or "memory" in last.lower():
        why = NEEDS_MEMORY
    else:
        why = f"ended the hunt's process, with {_named(code)}{f': {last:.200}' if last else ''}"
    return {"ended": f"{request['conjecture']!r} {why}{' on' if trying else ''}\n{trying}".rstrip(), "died": True}


def _named(code: int) -> str:
    try:
        return f"exit code {code}" if code >= 0 else f"the signal {signal.Signals(-code).name}"
    except ValueError:
        return f"the signal {-code}"


@contextmanager
def _process() -> Iterator[subprocess.Popen[str]]:
    """The hunt's process; it does not outlive the block, and hears of no Ctrl-C but through us."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", START, json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _said(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    with suppress(OSError):  # it has ended, which is seen from its answers
        process.stdin.write(f"{line}\n")
        process.stdin.flush()


def _read(pipe: IO[str] | None) -> queue.Queue[str | None]:
    """Lines as they come, and None after the last."""
    lines: queue.Queue[str | None] = queue.Queue()  # a SimpleQueue waits for ever if a signal comes as its time ends

    def read() -> None:
        with suppress(OSError, ValueError):  # the pipe was closed
            for line in pipe or ():
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _next(lines: queue.Queue[str | None]) -> dict[str, Any] | None:
    """The next message, an empty one where there is none for a while, None after the last."""
    try:
        line = lines.get(timeout=0.05)
    except queue.Empty:
        return {}
    try:
        return None if line is None else dict(json.loads(line))
    except ValueError:
        return None  # half a line: the process ended as it wrote it


class _Last:
    """The last line of an output, which is passed on where it may be a user's own."""

    def __init__(self, pipe: IO[str] | None, *, aloud: bool) -> None:
        self._pipe, self._aloud, self._last = pipe, aloud, ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with suppress(OSError, ValueError):  # the pipe was closed
            for line in self._pipe or ():
                self._last = line.strip() or self._last
                if self._aloud:
                    print(line, end="", file=sys.stderr, flush=True)

    def line(self) -> str:
        """When the process has ended."""
        self._reader.join(timeout=1)
        return self._last
