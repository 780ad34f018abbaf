"""Theorem 1 of ACGH19 (arXiv:1810.02281): gradient descent converges to the global minimum at a linear rate.

Let W(0) have deficiency margin c > 0, the weights be delta-balanced at step 0, and eta be at most its limit. Then
l(T) <= l(0) exp(-eta c^{2(N-1)/N} T) for every T. Here c is the margin, Phi_F = ||Phi||_F, N the depth. Each constant
is a line of its own, so that it can be read, and broken.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from flint import arb, fmpq

from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, Verdict, rational, square_root, violated_by
from solvers.descent.descent import Trajectory
from solvers.descent.error_bound import check_trajectory, loss_ball
from solvers.guarantees.limits import Limit, root
from solvers.network.network import frobenius_squared, imbalances, loss
from solvers.network.problem import Problem, check_white
from solvers.network.spectrum import deficiency_margin


def imbalance_limit(depth: Any, margin: Any, target_norm: Any) -> Any:
    """delta = c^2 / (256 N^3 Phi_F^{2(N-1)/N})."""
    return margin**2 / (256 * depth**3 * root(target_norm, 2 * (depth - 1), depth))


def learning_rate_limit(depth: Any, margin: Any, target_norm: Any) -> Any:
    """c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}), the largest learning rate the theorem allows."""
    return root(margin, 4 * depth - 2, depth) / (6144 * depth**3 * root(target_norm, 6 * depth - 4, depth))


def decay_exponent(depth: Any, margin: Any) -> Any:
    """c^{2(N-1)/N}: the theorem promises l(T) <= l(0) exp(-eta c^{2(N-1)/N} T)."""
    return root(margin, 2 * (depth - 1), depth)


def tau(y: Any, depth: Any) -> Any:
    """(N-1)/2 y (1+y)^{N-2}, for y = eta M^{N-2} |W - Phi|_2 and M = max_j |W_j|_2: what a step's remainder of second
    order is at most, as a share of its first order (DL-012, row 5)."""
    return (depth - 1) * y * (1 + y) ** (depth - 2) / 2


def hypotheses(problem: Problem, margin: Scalar | float) -> list[Comparison]:
    """What the theorem assumes of a problem, for a margin c, in the problem's arithmetic."""
    return hypotheses_within(problem, margin, imbalance_limit, learning_rate_limit)


def hypotheses_within(problem: Problem, margin: Scalar | float, imbalance: Limit, rate: Limit) -> list[Comparison]:
    """The same for any limits of the imbalance and of the learning rate. ValueError for another loss than the white."""
    check_white(problem, "Theorem 1")
    margin = _scalar(margin)
    depth, norm, eta = problem.depth, square_root(frobenius_squared(problem.target)), rational(problem.learning_rate)
    delta = imbalance(depth, margin, norm)
    return [
        Comparison(margin, ">", fmpq(0), "margin c"),
        Comparison(deficiency_margin(problem.weights, problem.target), ">=", margin, "deficiency margin at step 0"),
        *(
            Comparison(square_root(frobenius_squared(b)), "<=", delta, f"||B_{j + 1}||_F against delta")
            for j, b in enumerate(imbalances(problem.weights))
        ),
        Comparison(eta, ">", fmpq(0), "learning rate"),
        Comparison(eta, "<=", rate(depth, margin, norm), "learning rate against its limit"),
    ]


def violated(problem: Problem, margin: Scalar | float) -> dict[str, Verdict]:
    """The hypotheses that fail, by their sentences. ArithmeticError where one cannot be decided."""
    return violated_by(lambda posed: hypotheses(posed, margin), problem)


def enough_steps(problem: Problem, margin: Scalar, initial: Scalar, accuracy: Scalar) -> int:
    """The least whole T with T >= ln(l(0)/eps) / (eta c^{2(N-1)/N}), or one more where a ball cannot tell."""
    decay = rational(problem.learning_rate) * decay_exponent(problem.depth, margin)
    return max(0, math.ceil(arithmetic.upper_float(arb(initial / accuracy).log() / decay)))


def guarantee(trajectory: Trajectory, margin: Scalar, initial: Scalar) -> Comparison:
    """l(T) <= l(0) exp(-eta c^{2(N-1)/N} T) at the last step of a float64 run, for the exact descent's loss, which
    :func:`solvers.loss_ball` encloses with the rounding counted."""
    check_trajectory(trajectory)
    decay = rational(trajectory.learning_rate) * decay_exponent(len(trajectory.weights), margin)
    bound = initial * (-arb(decay) * trajectory.steps).exp()
    return Comparison(loss_ball(trajectory), "<=", bound, f"loss after {trajectory.steps} steps against the guarantee")


def after_steps(problem: Problem, margin: Scalar, steps: int, *, times: fmpq | int | float = 1) -> Comparison:
    """l(t) <= l(0) exp(-eta c^{2(N-1)/N} t) after so many steps in the arithmetic of the problem; with the decay
    exponent so many times as large, where that is asked. ValueError for another loss than the white."""
    check_white(problem, "Theorem 1")
    moved = problem
    for _ in range(steps):
        moved = moved.step()
    decay = rational(times) * rational(problem.learning_rate) * decay_exponent(problem.depth, margin) * steps
    bound = loss(problem.weights, problem.target) * (-arb(decay)).exp()
    return Comparison(loss(moved.weights, moved.target), "<=", bound, f"loss at step {steps} against the guarantee")


def after_one_step(problem: Problem, margin: Scalar) -> Comparison:
    """l(1) <= l(0) exp(-eta c^{2(N-1)/N}), in the arithmetic of the problem."""
    return after_steps(problem, margin, 1)


def certain_margin(problem: Problem) -> float:
    """A float that the deficiency margin of a float64 problem at step 0 is certainly at least."""
    enclosed = problem.enclosed()
    return arithmetic.lower_float(deficiency_margin(enclosed.weights, enclosed.target))


def with_largest_learning_rate(problem: Problem, margin: Scalar | float, limit: Limit = learning_rate_limit) -> Problem:
    """The same float64 problem with the largest learning rate that the theorem (or another limit) certainly allows."""
    norm = square_root(frobenius_squared(arithmetic.exact(problem.target)))
    return replace(problem, learning_rate=arithmetic.lower_float(limit(problem.depth, _scalar(margin), norm)))


def _scalar(margin: Scalar | float) -> Scalar:
    """A margin that limits can be asked for, in the arithmetic that decides."""
    if margin < 0:
        raise ValueError(f"margin is {margin}; expected a number >= 0")
    return margin if isinstance(margin, arb | arithmetic.Algebraic) else rational(margin)
