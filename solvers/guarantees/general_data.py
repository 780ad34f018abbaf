"""Theorem 1 for data that are not white (DL-072): a linear rate for l = 1/(2m) ||W X - Y||_F^2 with any covariance S.

S = X X^T / m is positive definite with extreme eigenvalues s_1 and s_d, Phi = Y X^T S^{-1} / m, G = W - Phi, |A|_S =
||A S^{1/2}||_F, and E = 1/2 |G|_S^2 is the loss less its minimum. With a margin c > 0 in one of two senses, a balance
in one of two senses and eta at most a limit, E(t+1) <= (1 - eta s_d c^{2-2/N}) E(t) for every t.

- ``margin_in`` says where the margin is measured. "weights": |G(0)|_S <= sqrt(s_d) (sigma_min(Phi) - c), with F =
  |Phi|_2. "data": |G(0)|_S <= sigma_min(Phi S^{1/2}) - c sqrt(s_1), with F = max(|Phi|_2, c + |G(0)|_S / sqrt(s_d)).
- ``balance`` says of what there is little. "each": every ||B_j||_F <= c^{2/N} / (2 N^2), and
  eta <= c^{2/N} / (2 N^2 s_1 F^2). "sum": b = sum_j |B_j|_2 <= c^{2/N} / (7 N), and eta <= c^{2/N} / (15 N s_1 F^2).
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import reduce
from operator import add
from typing import Any, Literal

from flint import arb, fmpq

from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, Verdict, exact, rational, square_root, violated_by
from solvers.descent.descent import Trajectory
from solvers.descent.error_bound import check_trajectory, loss_ball
from solvers.guarantees.limits import root
from solvers.network.network import Matrix, Weights, frobenius_squared, imbalances, loss
from solvers.network.problem import Problem
from solvers.network.spectrum import sigma_min, spectral_norm, symmetric_eigenvalues, weighted_singular_values
from solvers.network.stacks import largest

Balance = Literal["each", "sum"]
MarginIn = Literal["weights", "data"]
BALANCES: tuple[Balance, ...] = ("each", "sum")
MARGINS: tuple[MarginIn, ...] = ("weights", "data")


def imbalance_limit(depth: Any, margin: Any, balance: Balance) -> Any:
    """c^{2/N} / (2 N^2) for every ||B_j||_F; c^{2/N} / (7 N) for the sum of the |B_j|_2."""
    return root(margin, 2, depth) / (2 * depth**2 if _each(balance) else 7 * depth)


def learning_rate_limit(depth: Any, margin: Any, norm: Any, most: Any, balance: Balance) -> Any:
    """c^{2/N} / (2 N^2 s_1 F^2); or c^{2/N} / (15 N s_1 F^2), where it is the sum of the |B_j|_2 that is small."""
    return root(margin, 2, depth) / ((2 * depth**2 if _each(balance) else 15 * depth) * most * norm**2)


def kept_imbalance(depth: Any, margin: Any, condition: Any, balance: Balance) -> Any:
    """What holds for ever: every ||B_j||_F <= (1 + 1/kappa) c^{2/N} / (2 N^2); the sum <= c^{2/N} / (4 N)."""
    if _each(balance):
        return (1 + 1 / condition) * imbalance_limit(depth, margin, balance)
    return root(margin, 2, depth) / (4 * depth)


def decay_exponent(depth: Any, margin: Any, least: Any) -> Any:
    """s_d c^{2-2/N}: a step takes at least eta times so much of E."""
    return least * root(margin, 2 * (depth - 1), depth)


def extreme_eigenvalues(covariance: Matrix) -> tuple[Any, Any]:
    """s_d and s_1, in the arithmetic of S."""
    values = symmetric_eigenvalues(covariance)
    return values[-1], values[0]


def excess(problem: Problem) -> Any:
    """E = 1/2 |W - Phi|_S^2, the loss less its minimum: that of a problem with a covariance."""
    return loss(problem.weights, problem.target, covariance=_data(problem))


def norm_bound(problem: Problem, margin: Scalar, margin_in: MarginIn) -> Scalar:
    """F: |Phi|_2, or with the margin in the data max(|Phi|_2, c + |G(0)|_S / sqrt(s_d)), which is infinite where S is
    singular."""
    norm: Scalar = spectral_norm(problem.target)
    if _in_weights(margin_in):
        return norm
    least, _ = _scales(problem)
    if least == 0:
        return arb.pos_inf()
    found: Scalar = largest([norm, margin + _distance(problem) / least])
    return found


def room(problem: Problem, margin: Scalar, margin_in: MarginIn) -> Scalar:
    """What |G(0)|_S may be at most: sqrt(s_d) (sigma_min(Phi) - c), or sigma_min(Phi S^{1/2}) - c sqrt(s_1)."""
    least, most = _scales(problem)
    if _in_weights(margin_in):
        found: Scalar = least * (sigma_min(problem.target) - margin)
        return found
    smallest: Scalar = weighted_singular_values(problem.target, _data(problem))[-1]
    return smallest - margin * most


def total_imbalance(weights: Weights) -> Any:
    """b = sum_j |B_j|_2; 0 at depth 1."""
    norms = list(map(spectral_norm, imbalances(weights)))
    return reduce(add, norms) if norms else fmpq(0)


def balance_of(weights: Weights, limit: Scalar, balance: Balance) -> list[Comparison]:
    """Every ||B_j||_F, or the sum of all |B_j|_2, against a limit; nothing at depth 1."""
    if len(weights) == 1:
        return []
    if not _each(balance):
        return [Comparison(total_imbalance(weights), "<=", limit, "sum of |B_j|_2 against its limit")]
    return [
        Comparison(square_root(frobenius_squared(b)), "<=", limit, f"||B_{j + 1}||_F against delta")
        for j, b in enumerate(imbalances(weights))
    ]


def hypotheses(
    problem: Problem, margin: Scalar | float, *, balance: Balance = "sum", margin_in: MarginIn = "weights"
) -> list[Comparison]:
    """What the theorem assumes of a problem with a covariance, for a margin c, in the problem's arithmetic."""
    margin, depth = _scalar(margin), problem.depth
    least, most = extreme_eigenvalues(_data(problem))
    rate = rational(problem.learning_rate)
    norm = norm_bound(problem, margin, margin_in)
    free = isinstance(most, fmpq) and most == 0  # S = 0, where nothing moves at any rate
    limit = arb.pos_inf() if free else learning_rate_limit(depth, margin, norm, most, balance)
    return [
        Comparison(margin, ">", fmpq(0), "margin c"),
        Comparison(least, ">", fmpq(0), "least eigenvalue of the covariance"),
        Comparison(_distance(problem), "<=", room(problem, margin, margin_in), "|G(0)|_S against the margin"),
        *balance_of(problem.weights, imbalance_limit(depth, margin, balance), balance),
        Comparison(rate, ">", fmpq(0), "learning rate"),
        Comparison(rate, "<=", limit, "learning rate against its limit"),
    ]


def violated(
    problem: Problem, margin: Scalar | float, *, balance: Balance = "sum", margin_in: MarginIn = "weights"
) -> dict[str, Verdict]:
    """The hypotheses that fail, by their sentences. ArithmeticError where one cannot be decided."""
    return violated_by(lambda posed: hypotheses(posed, margin, balance=balance, margin_in=margin_in), problem)


def certain_margin(problem: Problem, margin_in: MarginIn = "weights") -> float:
    """A float that the largest margin c of the start certainly is at least; negative where there is none."""
    posed = problem.enclosed() if problem.is_float64 else problem
    least, most = _scales(posed)
    if _in_weights(margin_in):
        return arithmetic.lower_float(sigma_min(posed.target) - _distance(posed) / least)
    return arithmetic.lower_float(room(posed, fmpq(0), margin_in) / most - _distance(posed) / most)


def with_largest_learning_rate(
    problem: Problem, margin: Scalar | float, *, balance: Balance = "sum", margin_in: MarginIn = "weights"
) -> Problem:
    """The same float64 problem with the largest learning rate that the theorem certainly allows."""
    posed, margin = problem.enclosed(), _scalar(margin)
    norm, most = norm_bound(posed, margin, margin_in), extreme_eigenvalues(_data(posed))[1]
    limit = learning_rate_limit(problem.depth, margin, norm, most, balance)
    return replace(problem, learning_rate=arithmetic.lower_float(limit))


def after_steps(
    problem: Problem, margin: Scalar | float, steps: int, *, times: fmpq | int | float = 1, least: Any = None
) -> Comparison:
    """E(t) <= (1 - eta s_d c^{2-2/N})^t E(0) after so many steps in the arithmetic of the problem; with the decay so
    many times as large, or another number for s_d, where that is asked."""
    moved = problem
    for _ in range(steps):
        moved = moved.step()
    least = extreme_eigenvalues(_data(problem))[0] if least is None else least
    decay = rational(times) * rational(problem.learning_rate) * decay_exponent(problem.depth, _scalar(margin), least)
    return Comparison(
        excess(moved), "<=", excess(problem) * (1 - decay) ** steps, f"E at step {steps} against the guarantee"
    )


def guarantee(trajectory: Trajectory, problem: Problem, margin: Scalar | float) -> Comparison:
    """E(T) <= (1 - eta s_d c^{2-2/N})^T E(0) at the last step of a certified float64 run of a problem, for the exact
    descent's E, which :func:`solvers.loss_ball` encloses with the rounding counted."""
    check_trajectory(trajectory)
    posed, steps = problem.exact(), trajectory.steps
    decay = posed.learning_rate * decay_exponent(posed.depth, _scalar(margin), extreme_eigenvalues(_data(posed))[0])
    bound = excess(posed) * (1 - arb(decay)) ** steps
    return Comparison(loss_ball(trajectory), "<=", bound, f"E after {steps} steps against the guarantee")


def enough_steps(problem: Problem, margin: Scalar | float, initial: Scalar, accuracy: Scalar) -> int:
    """The least whole T with T >= ln(E(0)/eps) / (eta s_d c^{2-2/N}), or one more where a ball cannot tell."""
    least = extreme_eigenvalues(_data(problem if not problem.is_float64 else problem.exact()))[0]
    decay = rational(problem.learning_rate) * decay_exponent(problem.depth, _scalar(margin), least)
    return max(0, math.ceil(arithmetic.upper_float(arb(initial / accuracy).log() / decay)))


def on_the_range(problem: Problem, basis: Matrix) -> Problem:
    """The problem of (W_1 V, W_2, ..., W_N), for V with orthonormal columns that span the range of a singular S.

    Descent is descent there: its covariance V^T S V is positive definite, its target Phi V, and E is the same. On the
    kernel of S W_1 never moves. Exact problems only; ValueError where V^T V is not the identity or S V V^T is not S.
    """
    basis, covariance = exact(basis), _data(problem)
    if not (
        basis.T @ basis == exact([[int(i == j) for j in range(basis.shape[1])] for i in range(basis.shape[1])])
    ).all():
        raise ValueError("basis has columns that are not orthonormal; expected V^T V = I, in rationals")
    if not (covariance @ basis @ basis.T == covariance).all():
        raise ValueError("basis does not span the range of the covariance; expected S V V^T = S")
    first, *rest = problem.weights
    weights, inner = (first @ basis, *rest), basis.T @ covariance @ basis
    return Problem(weights, problem.target @ basis, problem.learning_rate, covariance=inner)


def _scales(problem: Problem) -> tuple[Scalar, Scalar]:
    """sqrt(s_d) and sqrt(s_1), where rounding left an s_d < 0 that of 0."""
    least, most = (square_root(largest([fmpq(0), value])) for value in extreme_eigenvalues(_data(problem)))
    return least, most


def _distance(problem: Problem) -> Scalar:
    """|G|_S."""
    found: Scalar = square_root(2 * excess(problem))
    return found


def _data(problem: Problem) -> Matrix:
    if problem.covariance is None:
        raise ValueError("problem has no covariance; expected one, the identity for data that are white")
    return problem.covariance


def _scalar(margin: Scalar | float) -> Scalar:
    """A margin that limits can be asked for, in the arithmetic that decides."""
    if margin < 0:
        raise ValueError(f"margin is {margin}; expected a number >= 0")
    return margin if isinstance(margin, arb | arithmetic.Algebraic) else rational(margin)


def _each(balance: str) -> bool:
    if balance not in BALANCES:
        raise ValueError(f"balance is {balance!r}; expected one of {', '.join(BALANCES)}")
    return balance == "each"


def _in_weights(margin_in: str) -> bool:
    if margin_in not in MARGINS:
        raise ValueError(f"margin_in is {margin_in!r}; expected one of {', '.join(MARGINS)}")
    return margin_in == "weights"
