"""Theorem 1 of ACGH19 (arXiv:1810.02281): gradient descent converges to the global minimum at a linear rate.

Let W(0) have deficiency margin c > 0, the weights be delta-balanced at step 0, and eta be at most its limit. Then
l(T) <= l(0) exp(-eta c^{2(N-1)/N} T) for every T. Here c is the margin, Phi_F = ||Phi||_F, N the depth. Each constant
is a line of its own, so that it can be read, and broken.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from flint import arb, fmpq

from solvers.arithmetic import (
    Comparison,
    Scalar,
    Verdict,
    exact,
    lower_float,
    power,
    rational,
    square_root,
    upper_float,
    violated_by,
)
from solvers.descent.descent import Trajectory
from solvers.descent.error_bound import loss_ball
from solvers.network.network import frobenius_squared, gradient_step, imbalances, loss
from solvers.network.problem import Problem
from solvers.network.spectrum import deficiency_margin

Limit = Callable[[int, Scalar, Scalar], Scalar]
"""(N, c, Phi_F) to a limit, in the arithmetic of c and Phi_F."""


def imbalance_limit(depth: int, margin: Scalar, target_norm: Scalar) -> Scalar:
    """delta = c^2 / (256 N^3 Phi_F^{2(N-1)/N})."""
    return power(margin, 2) / (256 * depth**3 * power(target_norm, Fraction(2 * (depth - 1), depth)))


def learning_rate_limit(depth: int, margin: Scalar, target_norm: Scalar) -> Scalar:
    """c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}), the largest learning rate the theorem allows."""
    return power(margin, Fraction(4 * depth - 2, depth)) / (
        6144 * depth**3 * power(target_norm, Fraction(6 * depth - 4, depth))
    )


def decay_exponent(depth: int, margin: Scalar) -> Scalar:
    """c^{2(N-1)/N}: the theorem promises l(T) <= l(0) exp(-eta c^{2(N-1)/N} T)."""
    return power(margin, Fraction(2 * (depth - 1), depth))


def hypotheses(problem: Problem, margin: Scalar | float) -> list[Comparison]:
    """What the theorem assumes of a problem, for a margin c, in the problem's arithmetic."""
    return hypotheses_within(problem, margin, imbalance_limit, learning_rate_limit)


def hypotheses_within(problem: Problem, margin: Scalar | float, imbalance: Limit, rate: Limit) -> list[Comparison]:
    """The same for any limits of the imbalance and of the learning rate."""
    margin = _scalar(margin)
    norm = square_root(frobenius_squared(problem.target))
    delta = imbalance(problem.depth, margin, norm)
    return [
        Comparison(margin, ">", fmpq(0), "margin c"),
        Comparison(deficiency_margin(problem.weights, problem.target), ">=", margin, "deficiency margin at step 0"),
        *(
            Comparison(square_root(frobenius_squared(b)), "<=", delta, f"||B_{j + 1}||_F against delta")
            for j, b in enumerate(imbalances(problem.weights))
        ),
        Comparison(
            rational(problem.learning_rate), "<=", rate(problem.depth, margin, norm), "learning rate against its limit"
        ),
    ]


def violated(problem: Problem, margin: Scalar | float) -> dict[str, Verdict]:
    """The hypotheses that fail, by their sentences. ArithmeticError where one cannot be decided."""
    return violated_by(lambda posed: hypotheses(posed, margin), problem)


def enough_steps(problem: Problem, margin: Scalar, initial: Scalar, accuracy: Scalar) -> int:
    """The least whole T with T >= ln(l(0)/eps) / (eta c^{2(N-1)/N}), or one more where a ball cannot tell."""
    decay = rational(problem.learning_rate) * decay_exponent(problem.depth, margin)
    return max(0, math.ceil(upper_float(arb(initial / accuracy).log() / decay)))


def guarantee(trajectory: Trajectory, margin: Scalar, initial: Scalar) -> Comparison:
    """l(T) <= l(0) exp(-eta c^{2(N-1)/N} T) at the last step of a float64 run, for the exact descent's loss, which
    :func:`solvers.loss_ball` encloses with the rounding counted."""
    decay = rational(trajectory.learning_rate) * decay_exponent(len(trajectory.weights), margin)
    bound = initial * (-arb(decay) * trajectory.steps).exp()
    return Comparison(loss_ball(trajectory), "<=", bound, f"loss after {trajectory.steps} steps against the guarantee")


def after_one_step(problem: Problem, margin: Scalar) -> Comparison:
    """l(1) <= l(0) exp(-eta c^{2(N-1)/N}), in the arithmetic of the problem."""
    after = gradient_step(problem.weights, problem.target, problem.learning_rate)
    decay = rational(problem.learning_rate) * decay_exponent(problem.depth, margin)
    bound = loss(problem.weights, problem.target) * (-arb(decay)).exp()
    return Comparison(loss(after, problem.target), "<=", bound, "loss after one step against the guarantee")


def certain_margin(problem: Problem) -> float:
    """A float that the deficiency margin of a float64 problem at step 0 is certainly at least."""
    enclosed = problem.enclosed()
    return lower_float(deficiency_margin(enclosed.weights, enclosed.target))


def with_largest_learning_rate(problem: Problem, margin: Scalar | float, limit: Limit = learning_rate_limit) -> Problem:
    """The same float64 problem with the largest learning rate that the theorem (or another limit) certainly allows."""
    norm = square_root(frobenius_squared(exact(problem.target)))
    return replace(problem, learning_rate=lower_float(limit(problem.depth, _scalar(margin), norm)))


def _scalar(number: Scalar | float) -> Scalar:
    return number if isinstance(number, arb) else rational(number)
