"""A conjecture: the user's predicate, with its hypotheses, decided for one problem at a time.

An expression is compiled so that each name of :data:`~claims.suite.hunting.trajectory.NAMES` is an attribute of the
trajectory, computed when it is reached, and each number that is written in it is exact: 0.1 is a tenth and 1 / 3 a
third. ``module:function`` names a function of (problem, trajectory). Hypotheses are the expressions given as such, and
in ``A or B`` whatever the alternatives before the last one exclude.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np
from flint import ctx

from claims.suite.hunting.numbers import Fact, Number, Undecided, recorded, sqrt, whole_range
from claims.suite.hunting.trajectory import NAMES, Orbit, Standstill, Trajectory, determinant, identity, norm
from solvers import Problem
from solvers.arithmetic.verdict import PRECISIONS

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": sqrt,
    "norm": norm,
    "determinant": determinant,
    "identity": identity,
}
"""What an expression may call, beside Python's own functions."""

Predicate = Callable[[Problem, Trajectory], bool]


class ConjectureError(Exception):
    """A predicate that cannot be used, or that fails on a problem; the sentence is for its author."""


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
    except Exception as error:  # the user's code may raise anything: it is told, with the problem, and ends the hunt
        raise ConjectureError(f"raised {type(error).__name__}: {error}") from error
    if not isinstance(answer, bool | np.bool_):
        shown = "an array" if isinstance(answer, np.ndarray) else f"{answer!r:.60}"
        hint = "; expected True or False (for matrices, (a == b).all())"
        raise ConjectureError(f"returned {shown}, of type {type(answer).__name__}{hint}")
    return bool(answer)


def conjecture(text: str, given: Sequence[str], steps: int) -> Conjecture:
    """Compile a conjecture and its hypotheses, each an expression or ``module:function``.

    Raises ConjectureError with a sentence for what does not parse, import or know its names.
    """
    hypotheses = [_predicate(one) for one in given]
    said = text if len(given) == 0 else f"{' and '.join(f'({one})' for one in given)} implies ({text})"
    statement = " ".join(said.split())
    if _is_function(text):
        return Conjecture(statement, tuple(hypotheses), _function(text), steps)
    parsed = _parsed(text)
    if isinstance(parsed, ast.BoolOp) and isinstance(parsed.op, ast.Or):
        excluded = [ast.UnaryOp(ast.Not(), alternative) for alternative in parsed.values[:-1]]
        hypotheses += [_compiled(text, ast.copy_location(node, node.operand)) for node in excluded]
        parsed = parsed.values[-1]
    return Conjecture(statement, tuple(hypotheses), _compiled(text, parsed), steps)


def _predicate(text: str) -> Predicate:
    return _function(text) if _is_function(text) else _compiled(text, _parsed(text))


def _is_function(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", text.strip()) is not None


def _function(text: str) -> Predicate:
    """The function that ``module:function`` names; modules of the working directory are found too."""
    module, _, name = text.strip().partition(":")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found = getattr(importlib.import_module(module), name, None)
    except Exception as error:
        raise ConjectureError(f"{text}: importing {module} raised {type(error).__name__}: {error}") from error
    if not callable(found):
        raise ConjectureError(f"{text}: {module} has no function {name}; expected one of (problem, trajectory)")
    return found  # type: ignore[no-any-return]


def _parsed(text: str) -> ast.expr:
    try:
        parsed = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        place = f" at column {error.offset}" if isinstance(error, SyntaxError) and error.offset else ""
        raise ConjectureError(
            f"{text!r} does not parse{place}: {getattr(error, 'msg', error)}; expected a Python expression, as in "
            f"loss[1] <= loss[0], or module:function"
        ) from None
    _check_names(text, parsed)
    return parsed


def _check_names(text: str, parsed: ast.expr) -> None:
    names = [node for node in ast.walk(parsed) if isinstance(node, ast.Name)]
    bound = _bound(parsed)
    known = bound | set(NAMES) | set(FUNCTIONS) | set(dir(builtins))
    unknown = sorted({node.id for node in names if isinstance(node.ctx, ast.Load)} - known)
    if unknown:
        raise ConjectureError(
            f"{text!r} uses {', '.join(unknown)}, which is not known; expected {', '.join(NAMES)}, "
            f"the functions {', '.join(FUNCTIONS)}, or Python's own"
        )
    shadowed = sorted(bound & (set(NAMES) | set(FUNCTIONS)))
    if shadowed:
        raise ConjectureError(f"{text!r} gives {', '.join(shadowed)} another meaning; expected another name")


def _bound(parsed: ast.expr) -> set[str]:
    stored = {node.id for node in ast.walk(parsed) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.arg for node in ast.walk(parsed) if isinstance(node, ast.arg)}


class _Exact(ast.NodeTransformer):
    """Names of the trajectory become its attributes; numbers become exact ones, from the text as written."""

    def __init__(self, source: str) -> None:
        self._source = source

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in NAMES:
            return node
        whole = ast.Name("_trajectory", ast.Load())
        return ast.copy_location(ast.Attribute(whole, node.id, ast.Load()), node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, complex):
            raise ConjectureError(f"{self._source!r} has the complex number {node.value}; expected real ones")
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            return node
        text = str(node.value) if isinstance(node.value, int) else ast.get_source_segment(self._source, node)
        call = ast.Call(ast.Name("_number", ast.Load()), [ast.Constant(str(Fraction(text or node.value)))], [])
        return ast.copy_location(call, node)


def _compiled(text: str, parsed: ast.expr) -> Predicate:
    body = ast.fix_missing_locations(ast.Expression(_Exact(text.strip()).visit(parsed)))
    code = compile(body, "<conjecture>", "eval")
    names = FUNCTIONS | {"_number": Number.of, "range": whole_range, "Fraction": Fraction}

    def predicate(problem: Problem, trajectory: Trajectory) -> bool:
        return eval(code, {**names, "_trajectory": trajectory})  # type: ignore[no-any-return]  # the user's own Python

    return predicate
