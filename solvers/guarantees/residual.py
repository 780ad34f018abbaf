"""Residual networks: from W_j(0) = I gradient descent learns a positive definite target at a linear rate (DL-032).

Let Phi be symmetric and positive definite, W_1(0) = ... = W_N(0) = I, and, lambda running through Phi's eigenvalues,

    u = max(1, lambda_max^{1/N}),  m = min(1, lambda_min^{1/N}),  0 < eta <= 1 / (N u^{2N-2}),  q = 1 - eta N m^{2N-2}.

Then all layers stay equal, symmetric and commuting with Phi. The layers' eigenvalue w that belongs to lambda starts at
1, moves by w' = w - eta w^{N-1} (w^N - lambda) and ends at r = lambda^{1/N}: for every t

    |w(t+1) - r| <= q |w(t) - r|,  and so  l(T) <= 1/2 (N u^{N-1} q^T)^2 sum (1 - r)^2  over all eigenvalues,

the latter since |w^N - r^N| <= N u^{N-1} |w - r| for w and r in [0, u].

Source: after P. Bartlett, D. Helmbold, P. Long (2018), arXiv:1802.06093; the rate is this project's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, fmpq

from solvers.arithmetic import (
    Comparison,
    Scalar,
    Verdict,
    exact,
    lower_float,
    power,
    rational,
    upper_float,
    violated_by,
    whole_power,
)
from solvers.descent.descent import Trajectory
from solvers.descent.error_bound import check_trajectory, loss_ball
from solvers.flow.modes import mode_step
from solvers.network.network import Matrix, frobenius_squared, transpose
from solvers.network.problem import Problem, check_white
from solvers.network.spectrum import inertia, singular_values


@dataclass(frozen=True)
class Bounds:
    """u and m of a spectrum, as the numbers u^N = max(1, lambda_max) and m^N = min(1, lambda_min), and the depth N."""

    largest: Scalar
    smallest: Scalar
    depth: int

    @classmethod
    def of(cls, eigenvalues: Sequence[Scalar], depth: int) -> Bounds:
        """Of all eigenvalues, none of them negative; of balls too."""
        largest: Scalar = fmpq(1)
        smallest: Scalar = fmpq(1)
        for value in eigenvalues:
            largest, smallest = _larger(largest, value), -_larger(-smallest, -value)
        return cls(largest, smallest, depth)

    @classmethod
    def of_target(cls, target: Matrix, depth: int) -> Bounds:
        """Of a positive definite Phi, whose singular values are its eigenvalues; of any other Phi, of those."""
        return cls.of(singular_values(target), depth)

    @property
    def upper(self) -> Scalar:
        """u = max(1, lambda_max^{1/N})."""
        return power(self.largest, Fraction(1, self.depth))

    @property
    def lower(self) -> Scalar:
        """m = min(1, lambda_min^{1/N})."""
        return power(self.smallest, Fraction(1, self.depth))

    @property
    def learning_rate(self) -> Scalar:
        """1 / (N u^{2N-2}), the largest learning rate that the theorem allows."""
        return 1 / (self.depth * self._squared_slope(self.largest))

    def rate(self, learning_rate: Scalar) -> Scalar:
        """q = 1 - eta N m^{2N-2}, where m^0 = 1."""
        return 1 - learning_rate * self.depth * self._squared_slope(self.smallest)

    def _squared_slope(self, eigenvalue: Scalar) -> Scalar:
        """r^{2N-2} for r^N = lambda: a rational where it is one."""
        return power(eigenvalue, Fraction(2 * self.depth - 2, self.depth))


def _larger(one: Scalar, other: Scalar) -> Scalar:
    """The larger of two scalars; a ball around both where that is not certain."""
    if one >= other:
        return one
    return other if other >= one else arb(one).union(arb(other))


def moved(w: Any, eigenvalue: Scalar, depth: int, learning_rate: Scalar) -> Any:
    """w - eta w^{N-1} (w^N - lambda), by the modes' recurrence for N equal layers."""
    return mode_step([w] * depth, eigenvalue, learning_rate)[0]


def contraction(w: Any, r: Any, after: Any, rate: Scalar) -> Comparison:
    """|w' - r| <= q |w - r|."""
    return Comparison(abs(after - r), "<=", rate * abs(w - r), "distance of w from r after a step")


def at_the_identity(problem: Problem) -> list[Comparison]:
    """W_j(0) = I for every j, of a problem of rationals; where widths differ there is no I, and only that is said.
    ValueError for another loss than the white."""
    check_white(problem, "the theorem")
    widths = problem.dimensions
    same = Comparison(fmpq(max(widths)), "==", fmpq(min(widths)), "largest width against the smallest")
    if same.left != same.right:
        return [same]
    identity = exact(np.eye(widths[0]))
    return [
        same,
        *(
            Comparison(frobenius_squared(matrix - identity), "==", fmpq(0), f"||W_{j + 1} - I||_F^2 at step 0")
            for j, matrix in enumerate(problem.weights)
        ),
    ]


def hypotheses(problem: Problem) -> list[Comparison]:
    """What the theorem assumes of a problem of rationals, or of float64 numbers as the rationals that they are.

    Equality with I, symmetry and definiteness are decided exactly: the latter by the inertia of Phi's symmetric part,
    so that it is asked of any Phi. The limit of eta is that of Phi's singular values.
    """
    posed = problem.exact()
    start = at_the_identity(posed)
    if len(start) == 1:
        return start
    target, eta = posed.target, rational(posed.learning_rate)
    positive, _, _ = inertia((target + transpose(target)) / 2)
    skew = frobenius_squared(target - transpose(target))
    limit = Bounds.of_target(target, posed.depth).learning_rate
    return [
        *start,
        Comparison(skew, "==", fmpq(0), "||Phi - Phi^T||_F^2"),
        Comparison(fmpq(positive), "==", fmpq(len(target)), "positive eigenvalues of Phi's symmetric part against all"),
        Comparison(eta, ">", fmpq(0), "learning rate against 0"),
        Comparison(eta, "<=", limit, "learning rate against its limit"),
    ]


def violated(problem: Problem) -> dict[str, Verdict]:
    """The hypotheses that fail, by their sentences. ArithmeticError where one cannot be decided."""
    return violated_by(hypotheses, problem.exact())


def loss_bound(target: Matrix, depth: int, learning_rate: Scalar, steps: int) -> Scalar:
    """1/2 (N u^{N-1} q^T)^2 sum (1 - r)^2, in rationals and balls; ``target`` in float64 or rationals."""
    eigenvalues = singular_values(exact(target))
    bounds = Bounds.of(eigenvalues, depth)
    distance: Scalar = fmpq(0)
    for value in eigenvalues:
        distance = distance + whole_power(1 - power(value, Fraction(1, depth)), 2)
    reach = depth * bounds.upper ** (depth - 1) * bounds.rate(learning_rate) ** steps
    return reach**2 * distance / 2


def guarantee(trajectory: Trajectory) -> Comparison:
    """l(T) <= 1/2 (N u^{N-1} q^T)^2 sum (1 - r)^2 at the last step of a float64 run, for the exact descent's loss,
    which :func:`solvers.loss_ball` encloses with the rounding counted."""
    check_trajectory(trajectory)
    depth, steps = len(trajectory.weights), int(trajectory.steps)
    bound = loss_bound(trajectory.target, depth, rational(trajectory.learning_rate), steps)
    return Comparison(loss_ball(trajectory), "<=", bound, f"loss after {steps} steps against the guarantee")


def enough_steps(problem: Problem, accuracy: Scalar) -> int:
    """The least whole T with 1/2 (N u^{N-1} q^T)^2 sum (1 - r)^2 <= eps, or one more where a ball cannot tell."""
    eta = rational(problem.learning_rate)
    start = loss_bound(problem.target, problem.depth, eta, 0)
    rate = Bounds.of_target(exact(problem.target), problem.depth).rate(eta)
    if start <= accuracy:
        return 0
    if rate == 0:
        return 1
    return max(0, math.ceil(upper_float(arb(start / accuracy).log() / (-2 * arb(rate).log()))))


def with_largest_learning_rate(problem: Problem) -> Problem:
    """The same float64 problem with the largest learning rate that the theorem certainly allows."""
    bounds = Bounds.of_target(exact(problem.target), problem.depth)
    return replace(problem, learning_rate=lower_float(bounds.learning_rate))
