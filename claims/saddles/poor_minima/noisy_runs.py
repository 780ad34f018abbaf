"""Descent from the saddle at zero, with noise once, ends at the least loss: on real targets and on generated ones."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import fewer, sampled
from solvers import arithmetic, perturbed_gradient_descent
from solvers.arithmetic import Comparison, compare
from solvers.network import Problem, frobenius_squared, loss
from strategies import CriticalPoint, critical_points, dimensions, regression, zero_weights


@sampled
@pytest.mark.parametrize(("name", "width"), [("diabetes", 1), ("linnerud", 3), ("linnerud", 2)])
def test_real_runs_from_the_saddle_end_at_the_least_loss(name: str, width: int) -> None:
    """Noise of radius 1/8 once, then descent: within a hundredth of Phi_F^2 / 2 above the tail, the last one
    across a bottleneck."""
    target = regression(name).target
    outputs, inputs = target.shape
    start = tuple(arithmetic.nearest(matrix) for matrix in zero_weights((inputs, width, outputs)))
    run = perturbed_gradient_descent(
        Problem(start, target, 1 / 8), steps=3000, radius=1 / 8, gradient_threshold=1e-3, wait=3000, seed=7
    )
    assert run.perturbed.tolist() == [0]
    values = np.linalg.svd(target, compute_uv=False)
    assert run.trajectory.loss[-1] <= np.sum(values[width:] ** 2) / 2 + np.sum(values**2) / 200


@sampled
@fewer(6)
@given(
    critical_points(dimensions=dimensions(min_depth=2, max_depth=2, max_width=3), rank_left=True), st.integers(0, 99)
)
def test_runs_from_the_saddle_end_at_the_least_loss(point: CriticalPoint, seed: int) -> None:
    """Depth 2, with bottlenecks and without: noise at zero, then 2000 steps of 1/16: the exact loss of the last weights
    is at most the tail plus a hundredth of Phi_F^2 / 2."""
    start = Problem(tuple(0 * matrix for matrix in point.weights), point.target, fmpq(1, 16)).nearest()
    run = perturbed_gradient_descent(start, steps=2000, radius=1 / 8, gradient_threshold=1e-9, wait=2000, seed=seed)
    last = tuple(arithmetic.exact(matrix) for matrix in run.trajectory.weights)
    most = point.least_loss + frobenius_squared(point.target) / 200
    assert compare(Comparison(loss(last, point.target), "<=", most, "loss at the end")).holds
