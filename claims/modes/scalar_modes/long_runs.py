"""Long runs follow their modes: float64 descent against modes run in balls, an integrated flow against closed forms.

The starts are aligned with any target at all, without its singular vectors: W_j = a_j I and W_N = a_N Phi.
"""

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import fewer, sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.descent import gradient_descent, weight_error_bound
from solvers.flow import gradient_flow, mode_step, two_layer_flow
from solvers.network import Problem, singular_values
from strategies import DATASETS, dimensions, dyadic_matrices, regression


def scaled_start(target: np.ndarray, scales: list[float], learning_rate: float) -> Problem:
    """Mode i begins with (a_1, ..., a_{N-1}, a_N s_i): exact in float64 for powers of two."""
    identity = np.eye(target.shape[1])
    weights = (*(a * identity for a in scales[:-1]), scales[-1] * target)
    return Problem(weights, target, learning_rate)


BITS = 512


def ball_modes(problem: Problem, scales: list[float], steps: int) -> list[ObjectArray]:
    """The d_0 entries of every layer after so many steps, in balls; where Phi has fewer singular values, zeros."""
    values = singular_values(arithmetic.exact(problem.target))
    targets = np.array([arb(0)] * problem.target.shape[1], dtype=object)
    targets[: len(values)] = [arb(value) for value in values]
    layers = [np.array([arb(a)] * len(targets), dtype=object) for a in scales]
    layers[-1] = layers[-1] * targets
    for _ in range(steps):
        layers = mode_step(layers, targets, arb(problem.learning_rate))
    return layers


def check_a_long_run(problem: Problem, scales: list[float], steps: int) -> None:
    """The singular values of every layer that a certified float64 run ends with are the modes' entries, within the
    bound on its distance from the exact descent (Weyl's inequality)."""
    trajectory = gradient_descent(problem, steps=steps, certify=True)
    bound = weight_error_bound(trajectory)
    assert bound.is_finite()
    with ctx.workprec(BITS):
        for matrix, layer in zip(trajectory.weights, ball_modes(problem, scales, steps), strict=True):
            expected = sorted((abs(entry) for entry in layer), key=float, reverse=True)
            for value, own in zip(singular_values(arithmetic.exact(matrix)), expected, strict=False):
                verdict = compare(Comparison(abs(arb(value) - own), "<=", bound, "a singular value and its mode"))
                assert verdict.holds, verdict


@sampled
@fewer(3)
@given(dimensions(max_depth=1, max_width=3), st.integers(1, 4), st.data())
def test_long_runs_follow_their_modes(shape: tuple[int, ...], depth: int, data: st.DataObject) -> None:
    """200 float64 steps towards any dyadic target, every layer's singular values against modes run in balls."""
    target = data.draw(dyadic_matrices(shape[1], shape[0])) / 4
    sizes, rate = ([0.5, 0.25, -0.5, 1.0], 1 / 32) if depth < 3 else ([0.5, 0.25, -0.5], 1 / 128)
    scales = data.draw(st.lists(st.sampled_from(sizes), min_size=depth, max_size=depth))
    check_a_long_run(scaled_start(target, scales, rate), scales, 200)  # at this rate the rounding bound is finite


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("depth", [2, 3])
def test_real_data(name: str, depth: int) -> None:
    """20 and 1000 steps towards a real target, whose singular values are balls."""
    scales = [0.5] * depth
    for steps in (20, 1000):
        check_a_long_run(scaled_start(regression(name).target, scales, 1 / 32), scales, steps)


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_the_flow_of_a_network_is_that_of_its_modes(name: str) -> None:
    """W_1 = I / 4, W_2 = Phi, integrated to time 20 by SciPy, whose error is not bounded: at two tolerances. The
    finer run is nearer to the modes' closed form than to the coarser run."""
    target, times = regression(name).target, np.linspace(0.0, 20.0, 21)
    problem = scaled_start(target, [0.25, 1.0], 0.0)
    left, values, right = np.linalg.svd(target, full_matrices=False)
    modes = two_layer_flow(np.stack([np.full(len(values), 0.25), values]), values, times)
    closed = left @ (modes.prod(axis=1)[:, :, None] * right)
    coarse, fine = (gradient_flow(problem, times=times, rtol=rtol, atol=rtol).end_to_end for rtol in (1e-10, 1e-12))
    assert abs(fine - closed).max() < abs(fine - coarse).max()
