"""Near the identity: from W_j(0) = I Theorem 1 applies to every target with ||Phi - I||_F < 1/2 (ACGH19, Section 3.2).

Let Phi be any square matrix with ||Phi - I||_F < 1/2, symmetric or not, and W_1(0) = ... = W_N(0) = I. Then the
hypotheses of :mod:`solvers.guarantees.theorem_one` hold with the deficiency margin

    sigma_min(Phi) - ||Phi - I||_F  >=  1 - 2 ||Phi - I||_F  >  0,

exact balance, and any learning rate within Theorem 1's limit for this margin. So do its conclusions, by its own
``enough_steps``, ``guarantee`` and ``after_one_step``. (DL-032, statement 5.)
"""

from __future__ import annotations

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from solvers.arithmetic import Comparison, Verdict, exact, rational, square_root, violated_by
from solvers.guarantees import theorem_one
from solvers.guarantees.residual import at_the_identity
from solvers.network.network import frobenius_squared
from solvers.network.problem import Problem
from solvers.network.spectrum import deficiency_margin


def hypotheses(problem: Problem) -> list[Comparison]:
    """W_j(0) = I and ||Phi - I||_F^2 < 1/4, of a problem of rationals, or of float64 numbers as the rationals that they
    are."""
    posed = problem.exact()
    start = at_the_identity(posed)
    if len(start) == 1:  # widths differ
        return start
    distance_squared = frobenius_squared(posed.target - exact(np.eye(len(posed.target))))
    return [*start, Comparison(distance_squared, "<", fmpq(1, 4), "||Phi - I||_F^2 against 1/4")]


def violated(problem: Problem) -> dict[str, Verdict]:
    """The hypotheses that fail, by their sentences; all are decided in rationals."""
    return violated_by(hypotheses, problem.exact())


def margin_bound(problem: Problem) -> Comparison:
    """sigma_min(Phi) - ||Phi - I||_F >= 1 - 2 ||Phi - I||_F, for layers W_j = I, in the arithmetic of the problem."""
    distance = square_root(frobenius_squared(problem.target - problem.weights[0]))
    return Comparison(deficiency_margin(problem.weights, problem.target), ">=", 1 - 2 * distance, "margin of I")


def from_identity(target: NDArray[np.float64], depth: int) -> Problem:
    """The layers I, the target, and the largest learning rate that Theorem 1 certainly allows for their margin, which
    is :func:`solvers.guarantees.theorem_one.certain_margin` of the problem."""
    problem = Problem((np.eye(len(target)),) * depth, target, 0.0)
    return theorem_one.with_largest_learning_rate(problem, rational(theorem_one.certain_margin(problem)))
