"""The hunt's own process: it takes a request, and tells what it does and finds in lines of JSON as it goes.

``{"trying": ...}`` comes before each problem and ``{"report": ...}`` after each that is a smaller counterexample and at
the end, which is an ``{"end": ...}``. So whatever becomes of the process, what it found has been told.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from claims.counterexamples import catalogue
from claims.suite.hunting.bounded import OUT_OF_MEMORY
from claims.suite.hunting.conjecture import Conjecture, Fate, Refutation, conjecture
from claims.suite.hunting.explained import MEMORY, NEEDS_MEMORY
from claims.suite.hunting.finding import entry, uncertified
from claims.suite.hunting.names import SPACES as PLACES
from claims.suite.hunting.reading import ConjectureError
from claims.suite.hunting.search import Hunt, described, hunt, size
from claims.suite.hunting.spaces import SPACES
from solvers import Problem

Message = dict[str, Any]


def work(request: dict[str, Any], tell: Callable[[Message], None], stopped: Callable[[], bool]) -> None:
    """Hunt as the request says: the arguments of :func:`~claims.suite.hunting.search.hunt`, by name, and the texts."""
    try:
        posed = conjecture(request["conjecture"], request["given"], request["steps"])
        tell({"begun": True})
        told = _Telling(posed, request, tell, stopped)
        found = hunt(
            posed,
            SPACES[request["strategy"]],
            depths=tuple(request["depths"]),
            max_width=request["max_width"],
            examples=request["examples"],
            seconds=request["seconds"],
            seed=request["seed"],
            **{key: request[key] for key in ("least_width", "drawing") if key in request},
            begin=told.begin,
            tell=told.tried,
        )
        tell({"report": counted(found) | told.finding(found), "end": True})
    except ConjectureError as error:
        tell({"refused": str(error), "end": True})
    except MemoryError:
        tell({"refused": f"{request['conjecture']!r} {NEEDS_MEMORY}", "end": True})


class _Telling:
    """What is told of a hunt as it goes."""

    def __init__(
        self, posed: Conjecture, request: dict[str, Any], tell: Callable[[Message], None], stopped: Callable[[], bool]
    ) -> None:
        self._posed, self._request, self._tell, self._stopped = posed, request, tell, stopped
        self._seed = request.get("discoverer", request["seed"])
        self._of: Problem | None = None
        self._finding: dict[str, Any] = {}
        self._found = Hunt()

    def begin(self, problem: Problem) -> None:
        """Before a problem: what is known up to it, and the problem itself."""
        if self._stopped():
            raise KeyboardInterrupt
        self._tell({"report": counted(self._found), "trying": described(problem)})

    def tried(self, found: Hunt) -> None:
        """After it: whatever is smaller than before."""
        self._found = found
        if found.smallest is not self._of:
            self._tell({"report": counted(found) | self.finding(found)})

    def finding(self, found: Hunt) -> dict[str, Any]:
        """The smallest counterexample with its reasons and the text of its file."""
        if found.smallest is not None and found.smallest is not self._of:
            among = PLACES[self._request["strategy"]]
            self._of, self._finding = found.smallest, _finding(self._posed, found, among, self._seed)
        return self._finding


def counted(found: Hunt) -> dict[str, Any]:
    """What a hunt has come to in JSON's types, but for the counterexample."""
    return {
        "refuted": found.smallest is not None,
        "examples": found.examples,
        "met_the_hypotheses": found.met,
        "undecided": found.fates[Fate.UNDECIDED],
        "refuting": found.fates[Fate.FAILS],
        "only_in_floats": found.only_in_floats,
        "missed_by_floats": found.missed_by_floats,
        "until_found": found.until_found,
        "seconds": round(found.seconds, 2),
        "interrupted": found.interrupted,
        "out_of_time": found.out_of_time,
        "ended": found.failed,
        "artefact": found.artefact and described(found.artefact),
    }


def _finding(posed: Conjecture, found: Hunt, among: str, seed: int | str) -> dict[str, Any]:
    assert found.smallest is not None
    not_verified, text = None, None
    try:
        refutation = posed.refutation(found.smallest)
        not_verified = uncertified(refutation)
    except (ConjectureError, ValueError) as error:
        refutation = Refutation((), 0, None)
        not_verified = f"not certified: asked again the predicate said something else ({error})"
    content = entry(posed, found.smallest, refutation, among=among, seed=seed)
    if not_verified is None:
        try:
            text = catalogue.text(content)
        except ValueError as error:
            not_verified = f"NOT VERIFIED: no file holds it: {error}"
    return {
        "smallest": described(found.smallest),
        "widths": list(found.smallest.dimensions),
        "size": size(found.smallest),
        "arithmetic": found.arithmetic,
        "because": [fact._asdict() for fact in refutation.facts],
        "counterexample": content,
        "text": text,
        "not_verified": not_verified,
    }


def serve() -> None:
    """Take a request from standard input, as one line, and answer on standard output. "stop", or the end of the input,
    ends the hunt; what a predicate prints goes to standard error."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this says when to stop
    orders, answers = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, encoding="utf-8") as nothing:  # what a predicate reads
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    request = json.loads(orders.readline())
    stop = threading.Event()
    threading.Thread(target=_listen, args=(orders, stop), daemon=True).start()
    limit_memory(MEMORY)

    def tell(message: Message) -> None:
        answers.write(f"{json.dumps(message)}\n")
        answers.flush()

    try:
        work(request, tell, stop.is_set)
    except BaseException:
        traceback.print_exc()
        code = 1
    else:
        code = 0
    sys.stderr.flush()
    os._exit(code)  # the listener is still there, for which Python would wait


def _listen(orders: IO[str], stop: threading.Event) -> None:
    if orders.readline():
        stop.set()
        orders.readline()
    os._exit(0)  # nobody is listening any more


def limit_memory(more: int) -> str:
    """Let this process take so many bytes more than it has; the means, if the system has one.

    A limit of the system's makes allocations fail, as MemoryError or, in GMP and FLINT, by the end of the process.
    Where there is none (macOS) a thread looks four times a second.
    """
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = size + more if hard == resource.RLIM_INFINITY else min(size + more, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except ImportError:
        return "none"
    except (OSError, ValueError):
        most = resident() + more
        threading.Thread(target=_watch, args=(resident, most, os._exit), daemon=True).start()
        return "watched"
    return "limited"


def resident() -> int:
    """Bytes of memory that this process has held at most."""
    import resource

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024


def _watch(held: Callable[[], int], most: int, leave: Callable[[int], object]) -> None:
    while held() <= most:
        time.sleep(0.25)
    leave(OUT_OF_MEMORY)
