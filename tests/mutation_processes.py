"""Children that tell lines of JSON, and that the kernel ends where they take too long, or too much."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEMORY = 6 << 30
"""The most bytes that a child may have; a mutated loop may ask for any number."""


def in_child(work: Callable[[Callable[[Any], None]], None], seconds: float, folder: str) -> tuple[int, Path]:
    """Start some work in a child, which tells lines of JSON; its process, and where what it tells will be.

    The kernel ends it after so many seconds of its own time, or six times as many of everybody's.
    """
    told = Path(tempfile.mkdtemp(dir=folder))
    process = os.fork()
    if process:
        return process, told
    status = 3
    try:
        os.setpgid(0, 0)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(told)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        for kind, number, limit in ((signal.ITIMER_PROF, signal.SIGPROF, 1), (signal.ITIMER_REAL, signal.SIGALRM, 6)):
            signal.signal(number, signal.SIG_DFL)
            signal.setitimer(kind, limit * seconds)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        with (told / "told").open("w", encoding="utf-8") as file:

            def tell(line: Any) -> None:
                print(json.dumps(line), file=file, flush=True)

            work(tell)
        status = 0
    except BaseException:
        (told / "error").write_text(traceback.format_exc(), encoding="utf-8")
        raise
    finally:
        os._exit(status)


def ended(process: int, told: Path) -> tuple[int, list[Any], str, float]:
    """Of a child that is waited for: its status, what it told, its error, the seconds of processor time it took."""
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    os.killpg(process, signal.SIGKILL)  # what it has started, if that still runs
    _, status, usage = os.wait4(process, 0)
    lines, error = ((told / name).read_text("utf-8") if (told / name).exists() else "" for name in ("told", "error"))
    shutil.rmtree(told, ignore_errors=True)
    return status, [json.loads(line) for line in lines.splitlines()], error, usage.ru_utime + usage.ru_stime
