"""Float64 runs of the whole and of the small network, side by side: derived rounding bounds decide."""

import math
from itertools import pairwise

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given

from claims.balance.width_compression.planted import Planted, plant, planted_problems
from claims.balance.width_compression.subspaces import equal
from claims.suite import sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, square_root
from solvers.descent import gradient_descent, weight_error_bound
from solvers.network import Problem, frobenius_squared
from strategies import DATASETS, regression


def slowed(problem: Problem) -> Problem:
    """A float64 problem with the largest power of two for a learning rate that the curvature allows."""
    norm = math.hypot(1.0, *(float(np.linalg.norm(matrix)) for matrix in problem.weights))
    residual = norm**problem.depth + float(np.linalg.norm(problem.target))
    curvature = problem.depth * norm ** (2 * problem.depth) + problem.depth * norm**problem.depth * residual
    return Problem(problem.weights, problem.target, 2.0 ** -math.ceil(math.log2(curvature)))


def float_run_stays_near(planted: Planted, steps: int) -> None:
    """Float64 runs of the whole and of the small network, from the same numbers: what exact descent keeps equal is
    at most both runs' error bounds apart, and C has moved by no more than the first."""
    whole = slowed(planted.problem.nearest())
    inner = Problem(planted.inner.nearest().weights, planted.inner.nearest().target, whole.learning_rate)
    assert equal(whole.exact().weights, planted.problem.weights)  # dyadic: no rounding at step 0
    runs = [gradient_descent(problem, steps=steps, certify=True) for problem in (whole, inner)]
    errors = [weight_error_bound(trajectory) for trajectory in runs]
    assert all(error.is_finite() for error in errors)
    found, small = ([arithmetic.exact(matrix) for matrix in trajectory.weights] for trajectory in runs)
    gaps = [a - b for a, b in zip(found, planted.blocks(small), strict=True)]
    for j, gap in enumerate(gaps):
        distance = square_root(frobenius_squared(gap))
        assert compare(Comparison(distance, "<=", arb(sum(errors)), f"gap of layer {j + 1} after {steps} steps")).holds
        after, before = (planted.bases[i].T[planted.inner.dimensions[i] :] for i in (j + 1, j))
        if len(after) and len(before):
            moved = square_root(frobenius_squared(after @ gap @ before.T))
            assert compare(Comparison(moved, "<=", errors[0], f"motion of C_{j + 1} after {steps} steps")).holds


@sampled
@given(planted_problems(max_depth=4, max_width=8, dyadic=True, scale=4))
def test_float_runs_of_both_networks_agree(planted: Planted) -> None:
    """100 steps in dyadic bases, where the float64 networks are planted exactly; derived rounding bounds decide."""
    float_run_stays_near(planted, 100)


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data(name: str) -> None:
    """A real target behind two hidden layers of width 8, of which at most 4 and 5 are in reach: 500 steps."""
    target = arithmetic.exact(regression(name).target)
    widths = (target.shape[1], 4, 5, target.shape[0])
    layers = tuple(arithmetic.exact(np.eye(rows, columns)) / 2 for columns, rows in pairwise(widths))
    rest = (None, arithmetic.exact(np.arange(12.0).reshape(3, 4) - 4) / 8, None)
    identity, v = arithmetic.exact(np.eye(8)), arithmetic.exact(np.array([1, -1, 0, 1, 0, 0, 0, 1]))
    hidden = identity - np.outer(v, v) / 2
    ends = [arithmetic.exact(np.eye(width)) for width in (widths[0], widths[-1])]
    planted = plant(Problem(layers, target, fmpq(1)), rest, [ends[0], hidden, hidden[::-1], ends[1]])
    float_run_stays_near(planted, 500)
