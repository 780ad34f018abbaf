"""A conjecture: the user's predicate, with its hypotheses, decided for one problem at a time.

An expression has been read (:mod:`~claims.suite.hunting.reading`) so that each of its names is an attribute of the
trajectory, computed when it is reached. ``module:function`` names a function of (problem, trajectory). Hypotheses are
the expressions given as such, and in ``A or B`` whatever the alternatives before the last one exclude.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from types import CodeType
from typing import Any

import numpy as np
from flint import ctx

from claims.suite.hunting.explained import explained
from claims.suite.hunting.numbers import (
    Fact,
    Number,
    Undecided,
    exact_enumerate,
    exact_len,
    exact_sum,
    recorded,
    sqrt,
    whole_range,
)
from claims.suite.hunting.reading import ConjectureError, is_function, read, read_alternatives, stated
from claims.suite.hunting.trajectory import Orbit, Standstill, Trajectory, determinant, identity, norm
from solvers import Problem
from solvers.arithmetic.verdict import PRECISIONS

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": sqrt,
    "norm": norm,
    "determinant": determinant,
    "identity": identity,
    "Fraction": Fraction,
    "abs": abs,
    "all": all,
    "any": any,
    "float": float,
    "list": list,
    "max": max,
    "min": min,
    "reversed": reversed,
    "sorted": sorted,
    "sum": exact_sum,
    "tuple": tuple,
    "zip": zip,
    "len": exact_len,
    "range": whole_range,
    "enumerate": exact_enumerate,
}
"""What the names of :data:`~claims.suite.hunting.names.FUNCTIONS` stand for."""

Predicate = Callable[[Problem, Trajectory], bool]


class Fate(Enum):
    """What one problem says of a conjecture."""

    HOLDS = "holds"
    FAILS = "fails"
    VACUOUS = "hypotheses not met"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Decision:
    """The fate of a problem, the arithmetic that settled it, and what floats alone would have said (None: nothing)."""

    fate: Fate
    arithmetic: str
    in_floats: Fate | None


@dataclass(frozen=True)
class Refutation:
    """Why a problem refutes a conjecture: comparisons that hold, or a run that is seen to stand still."""

    facts: tuple[Fact, ...]
    steps: int
    standstill: Standstill | None


@dataclass(frozen=True)
class Conjecture:
    """Predicates that a problem must pass to count, alternatives that let it off, and what is then claimed of it."""

    statement: str
    hypotheses: tuple[Predicate, ...]
    conclusion: Predicate
    steps: int

    def decide(self, problem: Problem) -> Decision:
        """Decide in exact arithmetic; floats are asked too, and never believed."""
        fate, arithmetic = self._decided(problem.exact())
        return Decision(fate, arithmetic, self._in_floats(problem))

    def _decided(self, problem: Problem) -> tuple[Fate, str]:
        orbit = Orbit(problem)
        for bits in PRECISIONS:
            try:
                with ctx.workprec(bits):
                    return self._fate(Trajectory(orbit, self.steps, bits)), f"rationals with balls of {bits} bits"
            except Undecided:
                pass
        return Fate.UNDECIDED, f"not decided with balls of {PRECISIONS[-1]} bits"

    def refutation(self, problem: Problem) -> Refutation:
        """The facts behind a problem's failure, which :meth:`decide` has found."""
        orbit = Orbit(problem.exact())
        for bits in PRECISIONS:
            trajectory = Trajectory(orbit, self.steps, bits)
            try:
                with ctx.workprec(bits), recorded() as facts:
                    self._fate(trajectory)
            except Undecided:
                continue
            return Refutation(tuple(facts.values()), trajectory.last_step, trajectory.standstill)
        raise ValueError("the problem does not refute the conjecture")

    def _in_floats(self, problem: Problem) -> Fate | None:
        with np.errstate(all="ignore"):
            try:
                return self._fate(Trajectory(Orbit(problem.nearest()), self.steps, 53))
            except (Undecided, ConjectureError, ValueError, ArithmeticError, np.linalg.LinAlgError):
                return None  # a run that leaves the range of floats says nothing

    def _fate(self, trajectory: Trajectory) -> Fate:
        problem = trajectory.problem()
        if not all(_truth(hypothesis, problem, trajectory) for hypothesis in self.hypotheses):
            return Fate.VACUOUS
        return Fate.HOLDS if _truth(self.conclusion, problem, trajectory) else Fate.FAILS


def _truth(predicate: Predicate, problem: Problem, trajectory: Trajectory) -> bool:
    """What the user's predicate says; ConjectureError where it raises or says neither True nor False."""
    try:
        answer = predicate(problem, trajectory)
    except ConjectureError:
        raise
    except (Exception, SystemExit) as error:  # the user's code may raise anything: it is told, and ends the hunt
        raise ConjectureError(explained(error)) from error
    if not isinstance(answer, bool | np.bool_):
        shown = "an array" if isinstance(answer, np.ndarray) else f"{answer!r:.60}"
        hint = "; expected True or False (for matrices, (a == b).all())"
        raise ConjectureError(f"returned {shown}, of type {type(answer).__name__}{hint}")
    return bool(answer)


def conjecture(text: str, given: Sequence[str], steps: int) -> Conjecture:
    """Compile a conjecture and its hypotheses, each an expression or ``module:function``.

    Raises ConjectureError with a sentence for what does not parse, import or know its names.
    """
    hypotheses = [_all_of(one) for one in given]
    *excluded, conclusion = _predicates(text)
    return Conjecture(stated(text, given), (*hypotheses, *excluded), conclusion, steps)


def _all_of(text: str) -> Predicate:
    """A hypothesis: an expression as it stands, ``or`` and all."""
    return _function(text) if is_function(text) else _evaluated(read(text))


def _predicates(text: str) -> list[Predicate]:
    return [_function(text)] if is_function(text) else [_evaluated(code) for code in read_alternatives(text)]


def _function(text: str) -> Predicate:
    """The function that ``module:function`` names; modules of the working directory are found too."""
    module, _, name = text.strip().partition(":")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found = getattr(importlib.import_module(module), name, None)
    except (Exception, SystemExit) as error:
        raise ConjectureError(f"{text}: importing {module} raised {type(error).__name__}: {error}") from error
    if not callable(found):
        raise ConjectureError(f"{text}: {module} has no function {name}; expected one of (problem, trajectory)")
    return found  # type: ignore[no-any-return]


def _evaluated(code: CodeType) -> Predicate:
    names = {"__builtins__": {}, "_number": Number.of} | FUNCTIONS

    def predicate(problem: Problem, trajectory: Trajectory) -> bool:
        return eval(code, {**names, "_trajectory": trajectory})  # type: ignore[no-any-return]  # read: nothing but names

    return predicate
