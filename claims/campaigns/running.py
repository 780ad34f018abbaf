"""A piece becomes a record: :func:`run`, in any process and any thread, by a server that stays (:mod:`~.server`).

An exception never comes out of it: what could not be run is a record that is broken, with its reason.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from claims.campaigns.places import ROOT, here
from claims.campaigns.records import Failure, Fate, Piece, Ratio, Record

LIMIT = 1800.0
"""Seconds that a piece may take: thirty times what it is sized for, shrinking included."""
COLLECTING = 600.0

START = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from claims.campaigns.server import serve
serve()"""

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""A campaign has its cores by its pieces."""


class EndedError(RuntimeError):
    """A server that came to its end before it answered: why."""


class NotCollectedError(RuntimeError):
    """The checks could not be collected: why."""


def run(piece: Piece, files: str, limit: float = LIMIT) -> Record:
    """What came of a piece here, where ``files`` (``Place.files`` of the campaign) are the same."""
    started = time.time()
    try:
        answer = _ask({"piece": asdict(piece), "files": files}, limit)
    except EndedError as error:
        answer = {"fate": "broken", "reason": str(error)}
    return _record(piece, started, answer)


def _record(piece: Piece, started: float, answer: dict[str, Any]) -> Record:
    """Of the files that the server found: the campaign sees that they are others."""
    return Record(
        piece,
        replace(here(), files=answer.get("files", here().files)),
        Fate(answer["fate"]),
        decided=answer.get("decided", 0),
        seconds=answer.get("seconds", 0.0),
        started=started,
        verdicts=answer.get("verdicts", {}),
        ratios=tuple(Ratio(**ratio) for ratio in answer.get("ratios", ())),
        failures=tuple(Failure(**failure) for failure in answer.get("failures", ())),
        reason=answer.get("reason", ""),
    )


def collect(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The checks in files of claims that draw, as :func:`claims.campaigns.watching.collected` tells them.

    NotCollectedError where pytest cannot collect them.
    """
    try:
        answer = _ask({"collect": [str(path) for path in paths]}, COLLECTING)
    except EndedError as error:
        raise NotCollectedError(str(error)) from error
    if "checks" not in answer:
        raise NotCollectedError(answer["reason"])
    return list(answer["checks"])


_idle: list[_Server] = []
"""Servers that wait for a piece: as many as there were ever pieces at one time in this process."""


def _ask(request: dict[str, Any], limit: float) -> dict[str, Any]:
    """An idle server's answer, or that of a new one. EndedError; the next piece has another server then."""
    try:
        server = _idle.pop()
    except IndexError:  # asked first, another thread could have it by then
        server = _Server()
    answer = server.ask(request, limit)
    if hasattr(os, "fork"):
        _idle.append(server)
    else:
        server.end()
    return answer


@atexit.register
def end_servers() -> None:
    """Those that are idle."""
    while _idle:
        _idle.pop().end()


class _Server:
    """A process that ends where this one does: its input is then at its end."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed when the process has ended
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", START, json.dumps([str(ROOT), *sys.path])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=os.environ | ONE_THREAD,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is the campaign's
        )

    def ask(self, request: dict[str, Any], limit: float) -> dict[str, Any]:
        """EndedError where there is no answer within ``limit`` seconds, or never will be."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        late = threading.Event()
        timer = threading.Timer(limit, self._kill, (late,))
        timer.daemon = True
        timer.start()
        try:
            with suppress(OSError):  # it has ended, which is seen from its answer
                self._process.stdin.write(f"{json.dumps(request)}\n")
                self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BaseException:
            self.end()
            raise
        finally:
            timer.cancel()
        if not line.endswith("\n"):
            code, last = self.end()
            raise EndedError(f"it took longer than {limit:g} s" if late.is_set() else _why_ended(code, last))
        return dict(json.loads(line))

    def _kill(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def end(self) -> tuple[int, str]:
        """The exit code, and the last line that it wrote to its standard error."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(OSError):
            self._process.stdout.close()
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        with self._errors as errors:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").split("\n")
        return code, next((line.strip() for line in reversed(lines) if line.strip()), "")


def _why_ended(code: int, last: str) -> str:
    return f"the server of pieces came to its end with {named(code)}{f': {last:.200}' if last else ''}"


def named(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"the signal {signal.Signals(-code).name}"
    except ValueError:
        return f"the signal {-code}"
