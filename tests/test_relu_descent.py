"""Descent of one unit in the plane: against plain descent, against balls, on the ray; rates, records, bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers.arithmetic import exact
from solvers.shallow import (
    angle_between,
    plane_coordinates,
    plane_descent,
    population_gradient,
    relu_kernel_gradient,
    step_coefficients,
    unit_descent,
)
from strategies import vector_pairs

RATES = st.sampled_from([fmpq(1, 8), fmpq(1, 2), fmpq(1), fmpq(3, 2)])


def plain(start, target, rate, steps, patches=1):
    """w - eta grad l with grad l = S w + ... from the kernels: grad J_1 = K, and |w| - 1 for the means of patches."""
    for _ in range(steps):
        unit = start / np.linalg.norm(start)
        own = (start / 2 - relu_kernel_gradient(start, target)) * 2 / patches
        means = (patches - 1) / (math.pi * patches) * (start - unit * np.linalg.norm(target))
        start = start - rate * (own + means)
    return start


@pytest.mark.parametrize("patches", [1, 2, 7])
def test_descent_is_that_of_the_gradient(patches):
    """Four steps from 20 starts in R^5, |w*| = 2."""
    random = np.random.default_rng(patches)
    starts, target = random.standard_normal((20, 5)), np.array([2.0, 0, 0, 0, 0])
    run = unit_descent(starts, target, learning_rate=0.3, steps=4, patches=patches, record=[1, 3])
    assert run.recorded.tolist() == [0, 1, 3, 4]
    for k, start in enumerate(starts):
        for column, step in enumerate(run.recorded):
            point = plain(start, target, 0.3, int(step), patches)
            assert run.length[k, column] == pytest.approx(np.linalg.norm(point), rel=1e-13)
            assert run.distance[k, column] == pytest.approx(np.linalg.norm(point - target), rel=1e-13)
            assert run.angle[k, column] == pytest.approx(angle_between(point, target).radians, rel=1e-12)
        np.testing.assert_allclose(run.point[k], point, rtol=0, atol=1e-13)


def test_half_the_loss_has_twice_the_rate():
    """1/2 E (s(w.x) - s(w*.x))^2 with eta is unit_descent with eta/2."""
    start, target = np.array([[0.5, -1.0]]), np.array([1.0, 2.0])
    run = unit_descent(start, target, learning_rate=0.25, steps=1)
    np.testing.assert_allclose(run.point, start - 0.5 * population_gradient(start, target[None]), atol=1e-15)


@given(vector_pairs(min_dimension=2, parallel=False, opposite=False, unit=True), RATES, st.integers(1, 4))
def test_a_step_of_balls_is_the_step_of_floats(pair, rate, patches):
    """(along, across) after one step, to 20 roundings; the angle keeps its digits near 0."""
    with ctx.workprec(300):
        angle = pair.angle
        a, b = step_coefficients(pair.u_length, angle.sine, angle.supplement, rate, patches)
        along, across = a * angle.cosine + b, a * angle.sine
        run = plane_descent(
            np.array([float(angle.cosine)]), np.array([float(angle.sine)]),
            learning_rate=float(rate), steps=1, patches=patches,
        )  # fmt: skip
        assert abs(run.point[0, 0] - float(along)) <= 20 * 2.0**-53
        if abs(float(a)) > 0.01:
            assert abs(run.point[0, 1] / float(across) - 1) <= 2000 * 2.0**-53


def test_the_angle_keeps_its_digits_to_the_end():
    """k = 1, eta = 1/2: near w* the angle halves a step, and is 2^-900 or so rather than 0 in the end."""
    run = plane_descent(np.array([0.5]), np.array([0.5]), learning_rate=0.5, steps=900, record=[899])
    before, after = run.angle[0, 1:]
    assert 2.0**-910 < after < 2.0**-890
    assert after == before / 2


def test_the_ray_stays_the_ray():
    """w = -c w*, k = 1: c (1 - eta)^t exactly for eta = 1/2; it ends at 0 for eta = 1 and stays there."""
    run = plane_descent(np.array([-3.0]), np.array([0.0]), learning_rate=0.5, steps=10)
    assert run.point.tolist() == [[-3 / 2**10, 0.0]]
    assert (run.angle == math.pi).all()
    assert plane_descent(np.array([-3.0]), np.array([0.0]), learning_rate=1.0, steps=3).point.tolist() == [[0.0, 0.0]]


def test_rates_of_their_own():
    """One for each start; as alone."""
    along, across, rates = np.array([1.0, -0.5]), np.array([1.0, 0.25]), np.array([0.25, 0.75])
    both = plane_descent(along, across, learning_rate=rates, steps=5)
    for k in range(2):
        alone = plane_descent(along[k : k + 1], across[k : k + 1], learning_rate=float(rates[k]), steps=5)
        assert (alone.point == both.point[k]).all()


def test_coordinates_are_those_of_the_plane():
    """w = |w*| (along hat w* + across side), and side a unit vector at right angles to w*, also next to the ray."""
    target = np.array([3.0, 4.0, 0.0])
    starts = np.array([[1.0, 2.0, 3.0], [-3.0, -4.0, 1e-13], [6.0, 8.0, 0.0]])
    along, across, side = plane_coordinates(starts, target)
    np.testing.assert_allclose(along[:, None] * target + 5 * across[:, None] * side, starts, atol=1e-14)
    assert across[1] == pytest.approx(2e-14, rel=1e-12)
    assert abs(side @ target).max() <= 1e-14
    assert across[2] <= 1e-15


def test_one_start_is_a_batch_of_one():
    """And dimension 1."""
    run = unit_descent(np.array([0.5]), np.array([1.0]), learning_rate=0.5, steps=1)
    assert run.point.tolist() == [[0.75]]


def test_coefficients_in_rationals():
    """k = 1, r = 1, th = pi/2, eta = 1: a = 1/pi and b = 1/2."""
    a, b = step_coefficients(fmpq(1), fmpq(1), arb.pi() / 2, fmpq(1))
    assert (a - 1 / arb.pi()).contains(0)
    assert (b - fmpq(1, 2)).contains(0)


T = np.array([1.0, 0.0])
BAD = {
    "target": ((np.ones(2), np.zeros(2)), {}, ValueError, "target has a zero vector"),
    "targets": ((np.ones(2), np.ones((2, 2))), {}, ValueError, r"target has shape \(2, 2\); expected \(d,\)"),
    "start": ((np.zeros((1, 2)), T), {}, ValueError, "start has a zero vector"),
    "size": ((np.ones(3), T), {}, ValueError, r"start has shape \(3,\); expected \(2,\)"),
    "exact": ((exact(np.ones(2)), T), {}, TypeError, "start is an array of dtype object; expected float64"),
    "rate": ((np.ones(2), T), {"learning_rate": -1.0}, ValueError, "learning_rate is -1.0; expected"),
    "rates": ((np.ones(2), T), {"learning_rate": np.ones(2)}, ValueError, r"learning_rate has shape \(2,\)"),
    "steps": ((np.ones(2), T), {"steps": -1}, ValueError, "steps is -1; expected a whole number >= 0"),
    "record": ((np.ones(2), T), {"record": [9]}, ValueError, "record asks for step 9; expected none beyond"),
    "patches": ((np.ones(2), T), {"patches": 0}, ValueError, "patches is 0; expected a whole number >= 1"),
    "half a patch": ((np.ones(2), T), {"patches": 0.5}, ValueError, "patches is 0.5; expected a whole number >= 1"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_refused(bad):
    """By name, with what would be right."""
    arguments, more, error, sentence = BAD[bad]
    with pytest.raises(error, match=sentence):
        unit_descent(*arguments, **({"learning_rate": 0.5, "steps": 2} | more))


def test_bad_states_are_refused():
    """Shapes and zero."""
    with pytest.raises(ValueError, match=r"across has shape \(1,\); expected \(2,\), as along has"):
        plane_descent(np.ones(2), np.ones(1), learning_rate=0.5, steps=1)
    with pytest.raises(ValueError, match="along and across are both 0 for a start; expected none at w = 0"):
        plane_descent(np.zeros(2), np.zeros(2), learning_rate=0.5, steps=1)
