"""Every path that moves networks, each by a name, and the bounds that tie what two of them find together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import fields
from itertools import pairwise
from unittest.mock import patch

import numpy as np
from flint import arb

from solvers import Problem, Trajectory, frobenius_squared, gradient_descent, kernel, weight_error_bound
from solvers.arithmetic import UNIT, exact, gamma
from solvers.descent import dispatch

MANY = 10**9
FORCED = {
    "reference": ("reference", {}),
    "kernel lanes": ("kernel", {"LANES": 0, "ABREAST": MANY, "ABREAST_ENTRIES": MANY}),
    "kernel one": ("kernel", {"ABREAST": 0}),
    "lanes": ("lanes", {}),
    "tiles": ("tiles", {}),
    "dots": ("dots", {}),
}
"""For each way of taking single steps: the path to ask for, and what in solvers.descent.dispatch makes it that
variant."""

WAYS = tuple(way for way, (path, _) in FORCED.items() if path != "kernel" or kernel() is not None)
FAST_WAYS = WAYS[1:]


def run(way: str, problems: Problem | Sequence[Problem], steps: int, **options):
    """gradient_descent on one of the WAYS, or by the path of that name."""
    path, constants = FORCED.get(way, (way, {}))
    with ExitStack() as stack:
        for name, value in constants.items():
            stack.enter_context(patch.object(dispatch, name, value))
        return gradient_descent(problems, steps=steps, path=path, **options)


def stacked(problems: Sequence[Problem]) -> Problem:
    """Problems of one shape as one stack."""
    layers = zip(*(problem.weights for problem in problems), strict=True)
    rates = np.array([problem.learning_rate for problem in problems], dtype=np.float64)
    data = {
        name: np.stack([problem.data[name] for problem in problems])
        for name, part in problems[0].data.items()
        if part is not None
    }
    return Problem(tuple(map(np.stack, layers)), np.stack([problem.target for problem in problems]), rates, **data)


def scalar(*weights: float, target: float, rate: float) -> Problem:
    """A network of width 1."""
    return Problem(tuple(np.array([[float(w)]]) for w in weights), np.array([[float(target)]]), rate)


def network(*dimensions: int, seed: int, rate: float = 0.01) -> Problem:
    """Entries of 53 bits of order one, layers of norm about one."""
    normal = np.random.default_rng(seed).standard_normal
    weights = tuple(normal((b, a)) / (2 * math.sqrt(max(a, b))) for a, b in pairwise(dimensions))
    return Problem(weights, normal((dimensions[-1], dimensions[0])) / 2, rate)


def slowed(problem: Problem) -> Problem:
    """Entries of 53 bits, and the largest power of two for a learning rate that the curvature allows."""
    thirds = tuple(matrix / 3 for matrix in problem.weights)
    return with_safe_rate(Problem(thirds, problem.target / 3, 0.0, **problem.data))


def seen_norm(problem: Problem | Trajectory) -> float:
    """At least the norm of R -> R S, R -> M * R or the identity."""
    return 1.0 if problem.covariance is None else float(np.linalg.norm(problem.covariance)) * (1 + 2.0**-40)


def with_safe_rate(problem: Problem) -> Problem:
    """A learning rate <= 1 / curvature for layers one longer than all layers together: room for what they may move."""
    depth, norm = problem.depth, 1 + math.hypot(*(np.linalg.norm(matrix) for matrix in problem.weights))
    residual = norm**depth + np.linalg.norm(problem.target)
    curvature = depth * norm ** (2 * depth - 2) + (depth - 1) * norm ** (depth - 2) * residual
    rate = 2.0 ** -math.ceil(math.log2(curvature * max(1.0, seen_norm(problem))))
    return Problem(problem.weights, problem.target, rate, **problem.data)


def same(left: object, right: object) -> bool:
    """Equal bit for bit up to the sign of zero, not-a-numbers included."""
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return np.array_equal(left, right, equal_nan=isinstance(left, float | np.ndarray))


def differences(left: Trajectory, right: Trajectory, *, apart: Sequence[str] = ()) -> list[str]:
    """The fields, but those in ``apart``, in which two trajectories are not the same bit for bit."""
    names = (field.name for field in fields(Trajectory) if field.name not in apart)
    return [name for name in names if not same(getattr(left, name), getattr(right, name))]


def check_same_run(left: Trajectory, right: Trajectory) -> None:
    """The same bits, but for the sum of residuals: blocks of steps, whose length is a matter of time, are added up one
    by one and then to one another, each time within gamma_T of the sum."""
    assert differences(left, right, apart=("residual_sum",)) == []
    if left.residual_sum is not None:
        assert abs(left.residual_sum - right.residual_sum) <= 2 * gamma(left.steps) * right.residual_sum


def distance(left: Sequence, right: Sequence) -> arb:
    """sqrt(sum_j ||W_j - W'_j||_F^2), of float64 or exact matrices, as a narrow ball."""
    gaps = [exact(a) - exact(b) for a, b in zip(left, right, strict=True)]
    return arb(sum(map(frobenius_squared, gaps))).sqrt()


def bound_of(*runs: Trajectory) -> arb:
    """The sum of the runs' bounds on their distances from the exact ones; finite, or it would allow everything."""
    allowed = sum(map(weight_error_bound, runs), arb(0))
    assert allowed.is_finite()
    return allowed


def check_close(left: Trajectory, right: Trajectory) -> arb:
    """Two certified runs of one problem: each is within its bound of the exact one."""
    allowed = bound_of(left, right)
    assert distance(left.weights, right.weights) <= allowed
    assert left.steps == right.steps
    check_values_close(left, right, float(allowed.upper()))
    return allowed


def check_values_close(left: Trajectory, right: Trajectory, error: float) -> None:
    """What two runs record, at every step, where their weights are at most ``error`` apart all along.

    With layers of norm at most M, W moves by N M^{N-1} E, and ||B_j||_F by 4 M E (each layer enters squared, twice).
    The singular values and sqrt(2 l) = ||W - Phi||_F move by at most what W does; with a covariance sqrt(2 l) moves by
    up to |S|^{1/2} times as much, and its evaluation by the root of gamma_n |S| ||W - Phi||_F^2. Evaluating adds
    gamma_n times the norms that enter, n counting the roundings on the way; for LAPACK's singular values 10 d u ||W||
    (Users' Guide, Section 4.9, with its modest p(n) at most 10 n). Each bound on evaluation counts twice, once for each
    run. What underflows is below TINY, and its square root below 2^-500.
    """
    depth = len(left.weights)
    norm = max(left.largest_norm, right.largest_norm) * (1 + 2.0**-40)
    whole, target = norm**depth, float(np.linalg.norm(left.target))
    roundings = 2 * sum(sum(matrix.shape) + matrix.size for matrix in left.weights) + left.target.size
    drift = depth * norm ** (depth - 1) * error
    evaluation = 2 * gamma(roundings) * (whole + target) + 2.0**-500
    assert left.recorded.tolist() == right.recorded.tolist()
    root = evaluation
    if left.covariance is not None:
        root = evaluation * seen_norm(left) ** 0.5 + 2 * (gamma(roundings) * seen_norm(left)) ** 0.5 * (whole + target)
    root += drift * seen_norm(left) ** 0.5
    assert (abs(np.sqrt(2 * left.loss) - np.sqrt(2 * right.loss)) <= root).all()
    svd = 20 * max(left.target.shape) * UNIT * whole
    assert (abs(left.sigma_min - right.sigma_min) <= drift + evaluation + svd).all()
    squares = 2 * gamma(roundings) * 2 * norm**2 + 2.0**-500
    assert (abs(left.imbalance - right.imbalance) <= 4 * norm * error + squares).all()
    assert abs(left.largest_norm - right.largest_norm) <= error + gamma(roundings) * norm + 2.0**-500
    total = left.steps * root + 2 * gamma(2 * left.steps) * left.residual_sum
    assert abs(left.residual_sum - right.residual_sum) <= total
