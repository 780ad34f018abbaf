"""Theorem 1 with better constants (DL-013): 2 N^2 in place of both 256 N^3 and 6144 N^3, and smaller powers of c.

The conclusion is that of :mod:`solvers.guarantees.theorem_one`, whose ``decay_exponent``, ``enough_steps``,
``guarantee`` and ``after_one_step`` serve both.
"""

from __future__ import annotations

from typing import Any

from solvers.arithmetic import Comparison, Scalar, Verdict, violated_by
from solvers.guarantees import theorem_one
from solvers.guarantees.limits import root
from solvers.network.problem import Problem


def imbalance_limit(depth: Any, margin: Any, target_norm: Any) -> Any:
    """delta = c^{2/N} / (2 N^2)."""
    return root(margin, 2, depth) / (2 * depth**2)


def learning_rate_limit(depth: Any, margin: Any, target_norm: Any) -> Any:
    """delta / Phi_F^2 = c^{2/N} / (2 N^2 Phi_F^2)."""
    return root(margin, 2, depth) / (2 * depth**2 * target_norm**2)


def hypotheses(problem: Problem, margin: Scalar | float) -> list[Comparison]:
    """What the sharper theorem assumes of a problem, for a margin c, in the problem's arithmetic."""
    return theorem_one.hypotheses_within(problem, margin, imbalance_limit, learning_rate_limit)


def violated(problem: Problem, margin: Scalar | float) -> dict[str, Verdict]:
    """The hypotheses that fail, by their sentences. ArithmeticError where one cannot be decided."""
    return violated_by(lambda posed: hypotheses(posed, margin), problem)


def with_largest_learning_rate(problem: Problem, margin: Scalar | float) -> Problem:
    """The same float64 problem with the largest learning rate that the sharper theorem certainly allows."""
    return theorem_one.with_largest_learning_rate(problem, margin, learning_rate_limit)
