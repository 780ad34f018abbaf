"""The search: Hypothesis draws problems and shrinks them; each is decided exactly, the smallest refutation is kept."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

from claims.command_line.interrupts import listening
from claims.suite.hunting.conjecture import Conjecture, Fate
from claims.suite.hunting.reading import ConjectureError
from solvers import Problem
from solvers.arithmetic import rational

PATIENCE = 60
"""Shrinking ends after so many problems of which none is a smaller counterexample."""


@dataclass
class Hunt:
    """What was tried and what came of it."""

    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    until_found: int | None = None
    smallest: Problem | None = None
    arithmetic: str = ""
    only_in_floats: int = 0
    missed_by_floats: int = 0
    artefact: Problem | None = None
    seconds: float = 0.0
    interrupted: bool = False
    out_of_time: bool = False
    failed: str | None = None
    """What the predicate raised, where it had refuted before."""

    @property
    def examples(self) -> int:
        return sum(self.fates.values())

    @property
    def met(self) -> int:
        """Examples that met the hypotheses."""
        return self.fates[Fate.HOLDS] + self.fates[Fate.FAILS]


class _End(BaseException):
    """The time is over; leaves Hypothesis's engine, which would take an Exception for a finding."""


class _Shrunk(BaseException):
    """The same, where shrinking has come to its end."""


class _Stuck(BaseException):
    """The same for a predicate that failed."""

    def __init__(self, error: ConjectureError) -> None:
        self.error = error


Space = Callable[[int, int, int], SearchStrategy[Problem]]
"""Least depth, largest depth, largest width -> problems."""


def hunt(
    conjecture: Conjecture,
    space: Space,
    *,
    depths: tuple[int, int],
    max_width: int,
    examples: int,
    seconds: float,
    seed: int,
    least_width: int = 1,
    drawing: float = inf,
    tell: Callable[[Hunt], object] = lambda _: None,
    begin: Callable[[Problem], object] = lambda _: None,
) -> Hunt:
    """Look for a problem that refutes the conjecture: widths up to 1 first, then up to 2, ..., each with its share of
    at most ``examples`` problems and ``seconds`` seconds; where one is found Hypothesis shrinks it, and then smaller
    depths are tried as long again. An island of several (:mod:`~claims.suite.hunting.islands`) begins with widths up to
    ``least_width``, and has ``drawing`` seconds until it has found one.

    ``begin`` is called before each problem, ``tell`` after it. The same seed gives the same course as long as time does
    not run out. Ctrl-C ends the hunt, and what was found stays. Raises ConjectureError where the predicate fails on a
    problem before it refuted one.
    """
    found, started = Hunt(), time.monotonic()
    source = random.Random(seed)
    share = -(-examples // (max_width + 1 - least_width))

    def search(low: int, high: int, width: int, until: float, limit: int) -> None:
        improved: int | None = None  # when this search last found a smaller one

        def refutes(problem: Problem) -> bool:
            nonlocal improved
            if pressed:
                raise KeyboardInterrupt
            if time.monotonic() - started > (until if found.smallest is None else seconds):
                raise _End
            if improved is not None and found.examples - improved >= PATIENCE:
                raise _Shrunk
            before = found.smallest
            begin(problem)
            fails = _tried(conjecture, problem, found)
            if found.smallest is not before:
                improved = found.examples
            tell(found)
            return fails

        with suppress(NoSuchExample, _Shrunk):
            find(space(low, high, width), refutes, settings=_settings(limit), random=source)

    try:
        with listening() as pressed:
            for width in range(least_width, max_width + 1):
                passed = time.monotonic() - started
                until = min(drawing, passed + (seconds - passed) / (max_width + 1 - width))
                with suppress(_End):
                    search(*depths, width, until, share)
                if found.smallest is not None:
                    for depth in range(depths[0], found.smallest.depth):
                        search(depth, depth, width, seconds, max(1, found.until_found or 0))
                        if found.smallest.depth == depth:
                            break
                    break
    except _End:
        pass
    except _Stuck as stuck:
        if found.smallest is None:
            raise stuck.error from None
        found.failed = str(stuck.error)
    except KeyboardInterrupt:
        found.interrupted = True
    found.seconds = time.monotonic() - started
    found.out_of_time = found.seconds > (seconds if found.smallest is not None else min(seconds, drawing))
    return found


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )


def _tried(conjecture: Conjecture, problem: Problem, found: Hunt) -> bool:
    """Decide one problem and count it."""
    try:
        decision = conjecture.decide(problem)
    except ConjectureError as error:
        raise _Stuck(ConjectureError(f"{conjecture.statement!r} {error}\n{described(problem)}")) from error
    fails = decision.fate is Fate.FAILS
    found.fates[decision.fate] += 1
    if decision.in_floats is Fate.FAILS and decision.fate in (Fate.HOLDS, Fate.VACUOUS):
        found.only_in_floats += 1
        if found.artefact is None or size(problem) < size(found.artefact):
            found.artefact = problem
    if fails and decision.in_floats in (Fate.HOLDS, Fate.VACUOUS):
        found.missed_by_floats += 1
    if fails and found.until_found is None:
        found.until_found = found.examples
    if fails and (found.smallest is None or size(problem) < size(found.smallest)):
        found.smallest, found.arithmetic = problem, decision.arithmetic
    return fails


def size(problem: Problem) -> tuple[int, int, int]:
    """What makes a problem small: few entries, then short ones, then few negative ones."""
    posed = problem.exact()
    numbers = [entry for matrix in (*posed.weights, posed.target) for entry in matrix.flat] + [posed.learning_rate]
    bits = sum(int(abs(number.p)).bit_length() + int(number.q).bit_length() for number in numbers)
    return len(numbers), bits, sum(number < 0 for number in numbers)


def described(problem: Problem) -> str:
    """The problem in exact numbers, one line a matrix."""
    posed = problem.exact()
    widths = ", ".join(map(str, posed.dimensions))
    lines = [f"depth {posed.depth}, widths ({widths}), learning rate {rational(posed.learning_rate)}"]
    lines += [f"W_{j} = {_rows(matrix)}" for j, matrix in enumerate(posed.weights, start=1)]
    return "\n".join(f"  {line}" for line in [*lines, f"target = {_rows(posed.target)}"])


def _rows(matrix: Any) -> str:
    return "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in matrix) + "]"
