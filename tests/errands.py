"""What the tests give to executors: functions of an item that a worker can import."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from claims.campaigns.places import here
from claims.campaigns.records import Fate, Record


def square(number):
    return number * number


def same(item):
    return item


def where(_):
    """The process, the session that it heads, how it takes Ctrl-C, and what it has imported."""
    heavy = {"numpy", "scipy", "sympy", "hypothesis", "pytest", "distributed", "rich"} & sys.modules.keys()
    return os.getpid(), os.getsid(0), signal.getsignal(signal.SIGINT) == signal.SIG_IGN, sorted(heavy)


def threads(_):
    return os.environ.get("OPENBLAS_NUM_THREADS")


def killed(number):
    """5 kills its worker every time, and takes its time about it."""
    if number == 5:
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.02)
    return number


def killed_once(path):
    """The first time only."""
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("run\n")
    if len(Path(path).read_text(encoding="utf-8").splitlines()) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


class TwoWordsError(Exception):
    """What can be pickled and not be made again."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def bad(path):
    """Raises, and writes down that it was run."""
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("run\n")
    raise TwoWordsError("this", "that")


def leaves(_):
    sys.exit(3)


def unsendable(_):
    return threading.Lock()


def unreadable(_):
    return TwoWordsError("this", "that")


def nothing(_):
    return None


def sleeps(path):
    """Item "0" is done at once; others start a program of their own, write down both, and take ten minutes."""
    if path == "0":
        return path
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(path + ".part").write_text(f"{os.getpid()} {program.pid}", encoding="utf-8")
    Path(path + ".part").rename(path)
    time.sleep(600)
    return path


RUNS = "DLC_TEST_RUNS"
"""The variable that names a directory in which each run of a piece leaves a file."""


def passed(piece, files):
    """In place of ``claims.campaigns.running.run``: a piece that takes a moment, and decides what it was asked for."""
    with tempfile.NamedTemporaryFile("w", dir=os.environ[RUNS], prefix=f"{piece.seed}-", delete=False) as file:
        file.write(str(os.getpid()))
    started = time.time()
    time.sleep(0.2)
    place = replace(here(), files=files)
    return Record(piece, place, Fate.PASSED, piece.examples, 0.25, started, {"exact": piece.examples})


def kills_once(piece, files):
    """The same, but for a worker's first piece of all, which kills it in the middle."""
    first = Path(os.environ[RUNS]) / "killed"
    try:
        first.touch(exist_ok=False)
    except FileExistsError:
        return passed(piece, files)
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def waits(seconds, result):
    time.sleep(seconds)
    return result
