"""The process that runs pieces, one after another, each in a fork of its own.

It imports what takes long, and that once; a fork has nothing of the pieces before it, and imports the claims under its
own profile as any pytest does. So a piece draws the same examples wherever it is run, and whenever. Where there is no
fork the process is good for one piece.

Requests come as lines of JSON on the standard input, answers go to what was the standard output.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

from claims.campaigns.records import Piece
from claims.campaigns.running import named
from claims.campaigns.watching import Answer, collected, watched
from claims.command_line.pieces import files_hash

ROOM = "claims"


def serve() -> None:
    """Answer until nobody asks any more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _preload()
    while line := sys.stdin.readline():
        answers.write(f"{json.dumps(_answer(json.loads(line)))}\n")
        answers.flush()
        if not hasattr(os, "fork"):
            return


def _preload() -> None:
    """What most checks import, and what pytest does in a piece's profile at the latest."""
    import scipy.linalg  # noqa: F401
    import sympy  # noqa: F401

    import strategies  # noqa: F401

    gc.collect()
    gc.freeze()  # what is there is not looked through again in each fork, and its pages stay shared


def _answer(request: dict[str, Any]) -> Answer:
    if "collect" in request:
        return _apart(lambda: collected(request["collect"]))
    found = files_hash()
    if found != request["files"]:
        return {
            "fate": "broken",
            "files": found,
            "reason": "the files of claims, solvers and strategies are others here than those of the campaign "
            f"(SHA-256 {found[:12]}, expected {request['files'][:12]})",
        }
    return _apart(lambda: watched(Piece(**request["piece"])))


def _apart(work: Callable[[], Answer]) -> Answer:
    """The answer of a fork, or why it has none."""
    if not hasattr(os, "fork"):
        return _safely(work)
    life, lives = os.pipe()
    answer, answers = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(lives)
        os.close(answer)
        _run(work, answers, life)
    os.close(life)
    os.close(answers)
    with os.fdopen(answer, "rb") as pipe:
        text = _read(pipe, child)
    _, status = os.waitpid(child, 0)
    os.close(lives)
    code = os.waitstatus_to_exitcode(status)
    if code == 0 and text:
        return dict(json.loads(text))
    return {"fate": "broken", "reason": f"the piece's process came to its end with {named(code)}"}


def _run(work: Callable[[], Answer], answers: int, life: int) -> None:
    """In the fork, which does not return."""
    code = 1
    try:
        threading.Thread(target=_end_with, args=(life,), daemon=True).start()
        for name in [name for name in sys.modules if name == ROOM or name.startswith(f"{ROOM}.")]:
            del sys.modules[name]
        text = json.dumps(_safely(work), allow_nan=False)
        with os.fdopen(answers, "w", encoding="utf-8") as pipe:
            pipe.write(text)
        code = 0
    finally:
        os._exit(code)


def _safely(work: Callable[[], Answer]) -> Answer:
    """What goes wrong outside of a check, in pytest or in ours, is a reason too."""
    try:
        return work()
    except Exception as error:
        return {"fate": "broken", "reason": f"{type(error).__name__}: {error}"}


def _end_with(life: int) -> None:
    """End this process where the server has ended: it holds the other side of the pipe."""
    os.read(life, 1)
    os._exit(1)


def _read(pipe: IO[bytes], child: int) -> bytes:
    """All that a fork writes; the end of both where nobody waits for it any more."""
    text = b""
    while True:
        ready, _, _ = select.select([pipe, sys.stdin], [], [])
        if sys.stdin in ready:  # nobody asks before the answer: this is the end of the input
            os.kill(child, signal.SIGKILL)
            os._exit(0)
        part = os.read(pipe.fileno(), 65536)
        if not part:
            return text
        text += part
