"""Two layers of any imbalance: a linear rate that needs neither a margin nor balance (DL-069).

W_1 is h x n and W_2 is m x h; D = W_2^T W_2 - W_1 W_1^T has the eigenvalues lam_1 >= ... >= lam_h, where lam_k is 0 for
k > h, and x^+ = max(x, 0). The imbalance alone promises the rate

    alpha_0 = lam_m(D)^+ + (-lam_{h-n+1}(D))^+ ,

which gradient flow conserves. For descent let L_0 be the loss at the start, C = |Phi|_2 + (2 L_0)^{1/2} and
d = 3/2 |D|_2. If alpha_0 > 0 and

    0 < eta <= min(1 / (d + (d^2 + 4 C^2)^{1/2} + (2 L_0)^{1/2}), alpha_0 / (12 L_0)),

then L(t) <= (1 - eta alpha_0 / 3)^t L_0 for every t.
"""

from __future__ import annotations

import math
from typing import Any

from flint import arb, fmpq

from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, Verdict, rational, square_root, violated_by
from solvers.network.network import Weights, imbalances, loss
from solvers.network.problem import Problem, check_white
from solvers.network.spectrum import spectral_norm, symmetric_eigenvalues
from solvers.network.stacks import largest


def positive_part(number: Any) -> Any:
    """x^+ = max(x, 0); of a ball that reaches below 0 the part that does not."""
    return largest([number, fmpq(0)])


def eigenvalue(values: list[Any], k: int) -> Any:
    """lam_k of lam_1 >= ... >= lam_h, k from 1 on; 0 beyond h, and below 1."""
    return values[k - 1] if 1 <= k <= len(values) else fmpq(0)


def positive_gap(values: list[Any], outputs: int) -> Any:
    """lam_m(D)^+ for the eigenvalues of D."""
    return positive_part(eigenvalue(values, outputs))


def negative_gap(values: list[Any], inputs: int) -> Any:
    """(-lam_{h-n+1}(D))^+ for the eigenvalues of D."""
    return positive_part(-eigenvalue(values, len(values) - inputs + 1))


def imbalance_rate(weights: Weights) -> Any:
    """alpha_0 of two layers. ValueError for another depth."""
    (imbalance,) = imbalances(check_two(weights))
    values = symmetric_eigenvalues(imbalance)
    return positive_gap(values, weights[1].shape[0]) + negative_gap(values, weights[0].shape[1])


def squared_singular_value(gap: Any, opposite: Any, singular: Any) -> Any:
    """f(mu, nu, s) = (mu - nu + ((mu + nu)^2 + 4 s^2)^{1/2}) / 2, which sigma_m(W_2)^2 is at least."""
    return (gap - opposite + square_root((gap + opposite) ** 2 + 4 * singular**2)) / 2


def learning_rate_limit(rate: Any, imbalance: Any, target_norm: Any, initial: Any) -> Any:
    """min(1 / (d + (d^2 + 4 C^2)^{1/2} + (2 L_0)^{1/2}), alpha_0 / (12 L_0)) from alpha_0, |D|_2, |Phi|_2 and L_0."""
    residual = square_root(2 * initial)
    d, reach = 3 * imbalance / 2, target_norm + residual
    stable = d + square_root(d**2 + 4 * reach**2) + residual
    terms = [stable, 12 * initial / rate]
    return 1 / largest(terms)


def hypotheses(problem: Problem) -> list[Comparison]:
    """What the theorem assumes of two layers, in the problem's arithmetic. ValueError for another depth or loss; where
    alpha_0 is not certainly positive, only that is said."""
    check_white(problem, "the theorem of any imbalance")
    rate, eta = imbalance_rate(problem.weights), rational(problem.learning_rate)
    positive = Comparison(rate, ">", fmpq(0), "the rate alpha_0 of the imbalance")
    if not rate > 0:
        return [positive]
    limit = _limit(problem, rate)
    return [
        positive,
        Comparison(eta, ">", fmpq(0), "learning rate"),
        Comparison(eta, "<=", limit, "learning rate against its limit"),
    ]


def violated(problem: Problem) -> dict[str, Verdict]:
    """The hypotheses that fail, by their sentences. ArithmeticError where one cannot be decided."""
    return violated_by(hypotheses, problem)


def largest_learning_rate(problem: Problem) -> float:
    """A float that the limit is certainly at least, for a problem whose alpha_0 > 0. ValueError where it is not."""
    check_white(problem, "the theorem of any imbalance")
    exactly = problem.exact()
    rate = imbalance_rate(exactly.weights)
    if not rate > 0:
        raise ValueError(f"the rate alpha_0 of the problem's imbalance is {rate}; expected a positive one")
    return arithmetic.lower_float(_limit(exactly, rate))


def after_steps(problem: Problem, steps: int, *, times: fmpq | int = 1) -> Comparison:
    """L(t) <= (1 - eta alpha_0 / 3)^t L_0 after so many steps in the arithmetic of the problem; with alpha_0 so many
    times as large, where that is asked."""
    moved = problem
    for _ in range(steps):
        moved = moved.step()
    share = rational(times) * rational(problem.learning_rate) * imbalance_rate(problem.weights) / 3
    bound = loss(problem.weights, problem.target) * (1 - share) ** steps
    return Comparison(loss(moved.weights, moved.target), "<=", bound, f"loss at step {steps} against the guarantee")


def enough_steps(problem: Problem, accuracy: Scalar) -> int:
    """The least whole T with (1 - eta alpha_0 / 3)^T L_0 <= eps, or one more where a ball cannot tell."""
    share = rational(problem.learning_rate) * imbalance_rate(problem.weights) / 3
    ratio = arb(loss(problem.weights, problem.target)) / arb(accuracy)
    return max(0, math.ceil(arithmetic.upper_float(ratio.log() / -(1 - arb(share)).log())))


def check_two(weights: Weights) -> Weights:
    """The weights. ValueError where they are not two layers."""
    if len(weights) != 2:
        raise ValueError(f"weights has {len(weights)} layers; expected 2")
    return weights


def _limit(problem: Problem, rate: Any) -> Any:
    (imbalance,) = imbalances(problem.weights)
    initial = loss(problem.weights, problem.target)
    return learning_rate_limit(rate, spectral_norm(imbalance), spectral_norm(problem.target), initial)
