"""A learning rate at which descent from any start lowers the loss at every step, for ever (DL-071).

No margin and no balance is asked for.

Let G = W - Phi, E the loss (with a covariance S of extreme eigenvalues s_d and s_1: 1/2 |G|_S^2; else s_d = s_1 = 1),
b = sum_j |B_j|_2, S_t = sum_j ||D_j(t)||_F^2, and

    C = |Phi|_2 + sqrt(2 E(0) / s_d),    M^2 = (1 + 1/N) C^{2/N} + 3/2 b(0),    0 < eta <= 1 / (3 N s_1 M^{2N-2}).

Then for every t  E(t+1) <= E(t) - eta/2 S_t,  every |W_j(t)|_2 <= M  and  b(t) <= b(0) + 2 C^{2/N} s_d / (3 N s_1).
So some S_t with t < T is at most 2 E(0) / (eta T). The loss need not go to 0: descent comes to rest where it may.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from operator import add
from typing import Any

from flint import arb, fmpq

from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, Verdict, rational, square_root, violated_by
from solvers.guarantees.general_data import total_imbalance
from solvers.guarantees.limits import root
from solvers.network.network import frobenius_squared, layer_gradients, loss
from solvers.network.problem import Problem
from solvers.network.spectrum import spectral_norm, symmetric_eigenvalues

HALF = fmpq(1, 2)


def layer_bound_squared(depth: Any, reach: Any, imbalance: Any) -> Any:
    """M^2 = (1 + 1/N) C^{2/N} + 3/2 b(0)."""
    return (depth + 1) * root(reach, 2, depth) / depth + 3 * imbalance / 2


def imbalance_rise(depth: Any, reach: Any, condition: Any = 1) -> Any:
    """2 C^{2/N} / (3 N kappa), which b may rise by in all; kappa = s_1 / s_d is 1 without a covariance."""
    return 2 * root(reach, 2, depth) / (3 * depth * condition)


def learning_rate_limit(depth: Any, bound_squared: Any, most: Any) -> Any:
    """1 / (3 N s_1 M^{2N-2}), for M^2."""
    return 1 / (3 * depth * most * bound_squared ** (depth - 1))


def extremes(problem: Problem) -> tuple[Any, Any]:
    """s_d and s_1, both 1 for a problem without a covariance. ValueError for one with a mask, which bounds no W."""
    if problem.mask is not None:
        raise ValueError("problem has a mask; expected a covariance, or neither: entries that are not seen bound no W")
    if problem.covariance is None:
        return fmpq(1), fmpq(1)
    values = symmetric_eigenvalues(problem.covariance)
    return values[-1], values[0]


def energy(problem: Problem) -> Any:
    """E, the loss of a problem."""
    return loss(problem.weights, problem.target, **problem.data)


def reach(problem: Problem) -> Scalar:
    """C = |Phi|_2 + sqrt(2 E(0) / s_d), which |W|_2 never exceeds. ValueError where S is certainly not positive."""
    least, _ = extremes(problem)
    if least <= 0:
        raise ValueError(f"covariance has the least eigenvalue {least}; expected one > 0, as on the range of S")
    found: Scalar = spectral_norm(problem.target) + square_root(2 * energy(problem) / least)
    return found


def layer_bound(problem: Problem) -> Scalar:
    """M^2 of a start."""
    found: Scalar = layer_bound_squared(problem.depth, reach(problem), total_imbalance(problem.weights))
    return found


def largest_rate(problem: Problem) -> Scalar:
    """The limit on eta at a start; infinite where nothing ever moves, all layers and the target being 0."""
    bound, (_, most) = layer_bound(problem), extremes(problem)
    if problem.depth > 1 and isinstance(bound, fmpq) and bound == 0:
        return arb.pos_inf()
    found: Scalar = learning_rate_limit(problem.depth, bound, most)
    return found


def safe_learning_rate(problem: Problem) -> float:
    """The largest float that the limit certainly is at least, whatever the problem's own learning rate is."""
    found = arithmetic.lower_float(largest_rate(problem.enclosed() if problem.is_float64 else problem))
    return found if math.isfinite(found) else arithmetic.lower_float(largest_rate(problem.exact()))


def with_safe_learning_rate(problem: Problem) -> Problem:
    """The same float64 problem with :func:`safe_learning_rate`."""
    return replace(problem, learning_rate=safe_learning_rate(problem))


def hypotheses(problem: Problem) -> list[Comparison]:
    """All that is assumed: a learning rate > 0 within the limit, and of a covariance that it is positive definite."""
    rate = _rate(problem)
    return [
        Comparison(rate, ">", fmpq(0), "learning rate"),
        Comparison(rate, "<=", largest_rate(problem), "learning rate against its limit"),
    ]


def violated(problem: Problem) -> dict[str, Verdict]:
    """The hypotheses that fail, by their sentences. ArithmeticError where one cannot be decided, ValueError for a
    covariance that is not positive definite."""
    return violated_by(hypotheses, problem)


def gradients_squared(problem: Problem) -> Any:
    """S_t = sum_j ||D_j||_F^2."""
    return reduce(add, map(frobenius_squared, layer_gradients(problem.weights, problem.target, **problem.data)))


def falls(problem: Problem, *, share: fmpq = HALF) -> Comparison:
    """E(t+1) <= E(t) - share eta S_t; the theorem's share is 1/2."""
    gain = share * _rate(problem) * gradients_squared(problem)
    return Comparison(energy(problem.step()), "<=", energy(problem) - gain, "E after a step, from any start")


def along(problem: Problem, steps: int) -> Iterator[tuple[Problem, list[Comparison]]]:
    """The conclusions at t = 0, 1, ..., each with the problem there: E falls, layers are bounded, and the imbalance is,
    from t = 1 on."""
    bound, (least, largest) = layer_bound(problem), extremes(problem)
    rise = imbalance_rise(problem.depth, reach(problem), largest / least)
    most = total_imbalance(problem.weights) + rise
    for t in range(steps):
        said = [falls(problem)]
        for j, layer in enumerate(problem.weights):
            said.append(Comparison(spectral_norm(layer) ** 2, "<=", bound, f"|W_{j + 1}|_2^2 at step {t}"))
        if t:
            said.append(Comparison(total_imbalance(problem.weights), "<=", most, f"sum of |B_j|_2 at step {t}"))
        yield problem, said
        problem = problem.step()


def gradient_bound(problem: Problem, steps: int) -> Scalar:
    """2 E(0) / (eta T): some S_t with t < T is at most that. ValueError for T < 1."""
    if steps < 1:
        raise ValueError(f"steps is {steps}; expected a whole number >= 1")
    found: Scalar = 2 * energy(problem) / (_rate(problem) * steps)
    return found


def _rate(problem: Problem) -> Scalar:
    """eta, in the arithmetic that decides."""
    rate = problem.learning_rate
    return rate if isinstance(rate, arb) else rational(rate)
