"""Verdicts of networks of any size: float64 with its rounding bounded first, rationals where that does not tell and the
network is small enough for them; "undecided" else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb, fmpq

from claims.auditing.report import Answer, Hypothesis, Rigour
from solvers import Problem
from solvers.arithmetic import Comparison, Scalar, Verdict, compare, decide_all, lower_float, upper_float

LARGEST_EXACT = 50_000
"""Products of numbers in W_N ... W_1 and in its Gram matrix; with more of them rationals take minutes."""
WIDEST_EXACT = 24
"""The least side of the target up to which the roots of its characteristic polynomial are isolated."""


def is_small(problem: Problem) -> bool:
    """Whether rationals can decide of the network."""
    outputs, inputs = problem.target.shape
    least = min(outputs, inputs)
    products = sum(matrix.size for matrix in problem.weights) * inputs + least * outputs * inputs
    if problem.covariance is not None:
        products, least = products + outputs * inputs**2, inputs
    return bool(products <= LARGEST_EXACT and least <= WIDEST_EXACT)


def decided(
    statements: Callable[[Problem], list[Comparison]], problem: Problem, rationals: bool = True
) -> list[Verdict]:
    """One verdict for each comparison made of a problem, in ``rationals`` where these are wanted and affordable."""
    if (rationals and is_small(problem)) or not problem.is_float64:
        return decide_all(statements, problem)
    return [compare(each, "float64 with a rounding bound") for each in enclosed_comparisons(statements, problem)]


def enclosed_comparisons(statements: Callable[[Problem], list[Comparison]], problem: Problem) -> list[Comparison]:
    """The comparisons in float64 that bounds its rounding; what overflows is not a number, and decides nothing."""
    with np.errstate(over="ignore", invalid="ignore"):
        return statements(problem.enclosed())


def measured(function: Callable[[Problem], Scalar], problem: Problem) -> tuple[Scalar, Rigour]:
    """A number of a float64 problem: the rational that it is, or a ball around it."""
    if is_small(problem):
        value = function(problem.exact())
        if isinstance(value, fmpq):
            return value, Rigour.EXACT
        return value, Rigour.CERTIFIED
    with np.errstate(over="ignore", invalid="ignore"):
        return function(problem.enclosed()), Rigour.CERTIFIED


def ends(value: Scalar) -> tuple[float, float]:
    """Floats certainly below and above; infinite ones where nothing is known."""
    if isinstance(value, arb) and not value.is_finite():
        return -np.inf, np.inf
    return lower_float(value), upper_float(value)


def hypothesis(verdict: Verdict) -> Hypothesis:
    """A verdict, for the report. Balls settle what is not rational, and so is told."""
    answer = Answer(verdict.outcome.value)
    left, relation, right, sentence = verdict.left, verdict.relation, verdict.right, verdict.sentence
    return Hypothesis(sentence, left, relation, right, answer, Rigour.CERTIFIED)


def all_of(hypotheses: Any) -> Answer:
    """Fails where one does, else undecided where one is."""
    answers = {each.answer for each in hypotheses}
    return next((each for each in (Answer.FAILS, Answer.UNDECIDED) if each in answers), Answer.HOLDS)
