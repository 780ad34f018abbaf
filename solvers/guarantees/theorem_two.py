"""Theorem 2 of ACGH19 (arXiv:1810.02281): with one output, balanced initialisation converges, likely enough.

Let d_N = 1, A (1 x d_0) have independent N(0, s^2) entries, and let the layers at step 0 be exactly balanced factors of
A. Write Phi_F = ||Phi||_F, v = s^2 d_0 and c = v / (2 Phi_F). If 0 < s <= Phi_F / sqrt(a d_0^2), so that Phi != 0, and
eta is at most its limit, then wherever the margin at step 0 is at least c, for every eps > 0: l(T) <= eps from
:func:`enough_steps` on. That takes any a with a d_0 >= 1, by which v <= Phi_F^2. The event has probability at least p
for a = (e + 2)^2 / (2 pi e^4), e = 1/2 - p, where 0 < p < 1/2; and for a = 1 and p = 1/20 (DL-034).

Float64 factors are balanced up to rounding only, so that they miss "exactly": :mod:`solvers.guarantees.theorem_one`,
whose delta forgives that, is what to ask of them, with c for its margin.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from flint import arb, fmpq

from solvers.arithmetic import Comparison, Scalar, Verdict, power, rational, square_root, upper_float, violated_by
from solvers.descent.descent import Trajectory
from solvers.descent.error_bound import check_trajectory, loss_ball
from solvers.network.network import frobenius_squared, imbalances
from solvers.network.problem import Problem, check_white
from solvers.network.spectrum import deficiency_margin

Limit = Callable[[int, Scalar, Scalar], Scalar]
"""(N, v, Phi_F) to a limit, in the arithmetic of v and Phi_F."""

TWENTIETH = fmpq(1, 20)
"""The p for which a = 1 will do."""


def spread(scale: Scalar, inputs: int) -> Scalar:
    """v = s^2 d_0, the mean of ||A||^2."""
    return scale**2 * inputs


def promised_margin(spread: Scalar, target_norm: Scalar) -> Scalar:
    """c = v / (2 Phi_F)."""
    return spread / (2 * target_norm)


def scale_limit(inputs: int, target_norm: Scalar, constant: Scalar) -> Scalar:
    """Phi_F / sqrt(a d_0^2), the largest s the theorem allows."""
    return target_norm / (square_root(constant) * inputs)


def learning_rate_limit(depth: int, spread: Scalar, target_norm: Scalar) -> Scalar:
    """v^{4-2/N} / (10^5 N^3 Phi_F^{10-6/N}), the largest learning rate the theorem allows."""
    below = 10**5 * depth**3 * power(target_norm, Fraction(10 * depth - 6, depth))
    return power(spread, Fraction(4 * depth - 2, depth)) / below


def sharper_learning_rate_limit(depth: int, spread: Scalar, target_norm: Scalar) -> Scalar:
    """c^{2/N} / (2 N^2 Phi_F^2) (DL-033), which will do: at least 12500 N times as large where v <= Phi_F^2."""
    margin = promised_margin(spread, target_norm)
    return power(margin, Fraction(2, depth)) / (2 * depth**2 * power(target_norm, 2))


def steps_to(depth: int, rate: Scalar, spread: Scalar, target_norm: Scalar, accuracy: Scalar) -> int:
    """The least whole T >= 0 with T >= (4/eta) ( ln 4 (Phi_F / v)^{2-2/N} + Phi_F^{2/N-2} ln(Phi_F^2 / (8 eps)) ), or
    one more where a ball cannot tell."""
    exponent = Fraction(2 * depth - 2, depth)
    first = arb(4).log() * power(target_norm / spread, exponent)
    second = (arb(target_norm) ** 2 / (8 * arb(accuracy))).log() / power(target_norm, exponent)
    return max(0, math.ceil(upper_float(4 / arb(rate) * (first + second))))


def enough_steps(problem: Problem, scale: Scalar, accuracy: Scalar) -> int:
    """The T of :func:`steps_to` for a problem whose A has entries of deviation s."""
    norm = square_root(frobenius_squared(problem.exact().target))
    v = spread(scale, problem.target.shape[1])
    return steps_to(problem.depth, rational(problem.learning_rate), v, norm, accuracy)


def loss_bound(depth: int, rate: Scalar, spread: Scalar, target_norm: Scalar, steps: int) -> arb:
    """Phi_F^2 / 8 exp(Phi_F^{2-2/N} ( ln 4 (Phi_F / v)^{2-2/N} - eta T / 4 )), the eps that T steps are enough for."""
    exponent = Fraction(2 * depth - 2, depth)
    grown = arb(4).log() * power(target_norm / spread, exponent) - arb(rate) * steps / 4
    return arb(target_norm) ** 2 / 8 * (power(target_norm, exponent) * grown).exp()


def hypotheses(
    problem: Problem, scale: Scalar, constant: Scalar, limit: Limit = learning_rate_limit
) -> list[Comparison]:
    """What the theorem assumes of a problem, for a deviation s and an a, in the problem's arithmetic: all but that A is
    random, and but the event :func:`has_margin`. ValueError for a target of zero, which leaves no s, and for another
    loss than the white."""
    check_white(problem, "Theorem 2")
    outputs, inputs = problem.target.shape
    norm = square_root(frobenius_squared(problem.target))
    if norm == 0:
        raise ValueError("target is 0; Theorem 2 is about Phi != 0")
    rate = rational(problem.learning_rate)
    return [
        Comparison(fmpq(outputs), "==", fmpq(1), "number of outputs"),
        Comparison(scale, ">", fmpq(0), "deviation s of the entries"),
        Comparison(constant * inputs, ">=", fmpq(1), "a d_0"),
        Comparison(scale, "<=", scale_limit(inputs, norm, constant), "deviation s against its limit"),
        *(
            Comparison(frobenius_squared(b), "==", fmpq(0), f"||B_{j + 1}||_F^2 of balanced layers")
            for j, b in enumerate(imbalances(problem.weights))
        ),
        Comparison(rate, ">", fmpq(0), "learning rate"),
        Comparison(rate, "<=", limit(problem.depth, spread(scale, inputs), norm), "learning rate against its limit"),
    ]


def violated(
    problem: Problem, scale: Scalar, constant: Scalar, limit: Limit = learning_rate_limit
) -> dict[str, Verdict]:
    """The hypotheses that fail, by their sentences. ArithmeticError where one cannot be decided."""
    return violated_by(lambda posed: hypotheses(posed, scale, constant, limit), problem)


def has_margin(problem: Problem, margin: Scalar) -> Comparison:
    """The event that the theorem bounds the probability of: the margin at step 0 is at least c."""
    return Comparison(deficiency_margin(problem.weights, problem.target), ">=", margin, "margin of a random start")


def guarantee(trajectory: Trajectory, accuracy: Scalar) -> Comparison:
    """l(T) <= eps at the last step of a float64 run of enough steps, for the exact descent's loss, which
    :func:`solvers.loss_ball` encloses with the rounding counted."""
    check_trajectory(trajectory)
    return Comparison(loss_ball(trajectory), "<=", accuracy, f"loss after T = {trajectory.steps} steps")
