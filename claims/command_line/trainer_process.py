"""A trainer is checked in a process of its own, which is ended where a call of the trainer does not return.

What was found until then is not lost: the check is made once more, but for that call, which is then answered with a
sentence, and the calls that would have come after it. So a trainer that loops, or leaves Python, has a report too.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from claims.campaigns.processes import apart, deaf
from claims.command_line.errors import UsageError

LOOK = 0.1
"""Seconds between two looks at whether the process is still there."""
LEAVING = 10.0
"""Seconds that it may take to end, when it has answered."""


@dataclass(frozen=True)
class Asked:
    """What the command line says, unread; a call of the trainer, or its import, may take so many ``seconds``."""

    trainer: str
    dtype: str
    loss: str
    steps: int
    transposed: bool
    up_to_scale: bool
    seconds: float


@dataclass(frozen=True)
class Called:
    """The trainer is called for the ``number``-th time, for the 0th where it is imported; or it has returned."""

    number: int
    returned: bool = False


@dataclass(frozen=True)
class Answer:
    """The verdict, and the report as text and in JSON's types."""

    conforms: bool
    text: str
    report: dict[str, Any]


@dataclass(frozen=True)
class Refused:
    """What was asked for and could not be understood, as a sentence."""

    sentence: str


@dataclass(frozen=True)
class Failed:
    """A mistake of the check itself: its traceback."""

    traceback: str


@dataclass(frozen=True)
class Ended:
    """From the ``number``-th call the trainer did not come back: the ``sentence`` goes on from its name."""

    number: int
    sentence: str


def checked(asked: Asked) -> Answer | Refused:
    """The report on a trainer, whatever it does, or why there is none."""
    try:
        return check_apart(asked)
    except UsageError as error:
        return Refused(str(error))


def check_apart(asked: Asked) -> Answer:
    """The report on a trainer. UsageError for what cannot be understood, or imported in time."""
    ended: Ended | None = None
    while True:
        found = _once(asked, ended)
        if isinstance(found, Answer):
            return found
        if found.number == 0:
            raise UsageError(f"MODULE:FUNCTION: importing {asked.trainer.partition(':')[0]} {found.sentence}")
        ended = found  # of an earlier call each time: those from it on were not made


def _once(asked: Asked, ended: Ended | None) -> Answer | Ended:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_check, args=(theirs, asked, ended))
    with deaf():
        process.start()
    theirs.close()
    try:
        return _heard(process, ours, asked.seconds)
    finally:
        _end(process)
        ours.close()


def _heard(process: SpawnProcess, ours: Connection, seconds: float) -> Answer | Ended:
    last, until = Called(0, returned=True), float("inf")
    while True:
        if not ours.poll(LOOK):
            if time.monotonic() > until:
                return Ended(last.number, f"had not returned after {seconds:g} s; --seconds gives it more")
            if process.is_alive() or ours.poll(0):
                continue
            return _left(process, last)  # what it has started may hold the other end, so that no EOFError ever comes
        try:
            message = ours.recv()
        except EOFError:
            return _left(process, last)
        match message:
            case Called():
                last = message
                until = float("inf") if message.returned else time.monotonic() + seconds
            case Answer():
                process.join(LEAVING)
                return message
            case Refused():
                raise UsageError(message.sentence)
            case Failed():
                raise RuntimeError(f"the check itself failed:\n{message.traceback}")


def _left(process: SpawnProcess, last: Called) -> Ended:
    from claims.campaigns.running import named

    process.join()
    assert process.exitcode is not None
    return Ended(last.number, f"ended the process, with {named(process.exitcode)}; expected it to return or to raise")


def _end(process: SpawnProcess) -> None:
    """With whatever it has started."""
    assert process.pid is not None
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _check(theirs: Connection, asked: Asked, ended: Ended | None) -> None:
    """In the process: what is heavy is imported here alone."""
    apart(theirs)
    from claims.conformance.watched import answered

    theirs.send(answered(asked, ended, theirs.send))
