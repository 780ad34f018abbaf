"""Sums of ReLU units: loss, gradient and Hessian against simulation, differentiation and exact samples; bad input."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers.arithmetic import exact, nearest
from solvers.shallow import (
    LeakySamples,
    gated_covariance,
    population_gradient,
    population_hessian,
    population_loss,
    relu_kernel_hessian,
)
from strategies import dyadic_matrices, vector_pairs

jax.config.update("jax_enable_x64", True)


def by_arc_cosines(units, teachers):
    """The loss as a sum of kernels with an arc cosine, each unit's own being |w|^2/4."""

    def kernel(u, v):
        length = jnp.sqrt((u @ u) * (v @ v))
        th = jnp.arccos(u @ v / length)
        return length * (jnp.sin(th) + (jnp.pi - th) * jnp.cos(th)) / (2 * jnp.pi)

    total = (units**2).sum() / 4 + (teachers**2).sum() / 4
    pairs = range(len(units))
    total += sum(kernel(units[i], units[j]) for i in pairs for j in pairs if i < j)
    own = range(len(teachers))
    total += sum(kernel(teachers[i], teachers[j]) for i in own for j in own if i < j)
    return total - sum(kernel(u, v) for u in units for v in teachers)


@pytest.mark.parametrize(("count", "teachers", "size"), [(1, 1, 2), (3, 2, 4)])
def test_derivatives_are_those_of_automatic_differentiation(count, teachers, size):
    """20 draws at once; angles of Gaussian vectors in the plane and in R^4, at least 1/100."""
    random = np.random.default_rng(count)
    units, truth = random.standard_normal((20, count, size)), random.standard_normal((20, teachers, size))
    value = jax.jit(jax.vmap(by_arc_cosines))(units, truth)
    np.testing.assert_allclose(population_loss(units, truth), value, rtol=0, atol=1e-13 * count * size)
    slope = jax.jit(jax.vmap(jax.grad(by_arc_cosines)))(units, truth)
    np.testing.assert_allclose(population_gradient(units, truth), slope, rtol=0, atol=1e-11)
    bend = jax.jit(jax.vmap(jax.hessian(by_arc_cosines)))(units, truth).reshape(20, count * size, count * size)
    np.testing.assert_allclose(population_hessian(units, truth), bend, rtol=0, atol=1e-8)


def test_the_loss_is_that_of_a_large_sample():
    """400,000 Gaussian inputs, K = 2, L = 1: within 6 standard errors; one of 9 (2.5 per cent) is seen with
    probability .99."""
    random = np.random.default_rng(5)
    units, teachers = random.standard_normal((2, 3)), random.standard_normal((1, 3))
    x = random.standard_normal((400_000, 3))
    half_squares = (np.maximum(x @ units.T, 0).sum(1) - np.maximum(x @ teachers.T, 0).sum(1)) ** 2 / 2
    expected, error = population_loss(units, teachers), half_squares.std() / math.sqrt(len(x))
    assert 9 * error < 0.025 * expected
    assert abs(half_squares.mean() - expected) <= 6 * error


@given(vector_pairs(min_dimension=2), st.booleans())
def test_exact_units_give_balls_around_the_floats(pair, same):
    """Two units and a teacher in rationals; where a unit is parallel to another too."""
    units = np.stack([pair.u, pair.u * 2 if same else pair.v])
    teachers = pair.v[None]
    scale = max(1.0, float(pair.u_length), float(pair.v_length)) ** 2 / min(1.0, float(pair.u_length)) ** 2
    for function in (population_loss, population_gradient, population_hessian):
        balls = function(units, teachers)
        error = abs(np.asarray(function(nearest(units), nearest(teachers))) - nearest(balls)).max()
        assert error <= 1e-13 * scale * len(pair.u)


def test_at_the_truth_the_hessian_has_the_blocks_m():
    """And loss and gradient are 0, within balls."""
    teachers = exact([[1, 2, 2], [2, -1, 0]])
    matrix = population_hessian(teachers, teachers)
    for i in range(2):
        for j in range(2):
            block = matrix[3 * i : 3 * i + 3, 3 * j : 3 * j + 3]
            expected = gated_covariance(teachers[i], teachers[j])
            assert all((a - b).contains(0) for a, b in zip(block.ravel(), expected.ravel(), strict=True))
    assert population_loss(teachers, teachers).contains(0)
    assert all(entry.contains(0) for entry in population_gradient(teachers, teachers).ravel())


def test_stacks_are_single_ones_one_after_another():
    """Units (4, 2, 3) and teachers (1, 3), or (4, 1, 3)."""
    random = np.random.default_rng(2)
    units, teachers = random.standard_normal((4, 2, 3)), random.standard_normal((4, 1, 3))
    for function in (population_loss, population_gradient, population_hessian):
        np.testing.assert_array_equal(function(units, teachers)[2], function(units[2], teachers[2]))
        np.testing.assert_array_equal(function(units, teachers[0])[3], function(units[3], teachers[0]))
    assert population_hessian(units[0], teachers).shape == (4, 6, 6)


@given(dyadic_matrices(5, 3), dyadic_matrices(2, 3), st.sampled_from([fmpq(0), fmpq(1, 3), fmpq(1)]))
def test_gradients_of_samples_are_differences_where_the_loss_is_a_polynomial(inputs, units, slope):
    """Exactly, on a line so short that no input changes side; inputs on a kink take the slope asked for."""
    samples = LeakySamples(exact(inputs), exact(np.arange(5) - 2.0), slope, at_kink=slope)
    weights = exact(units)
    before = weights @ samples.inputs.T
    room = [abs(z) for z in before.ravel() if z != 0]
    direction = exact(np.array([[1, 0, -1], [2, 1, 1]]))
    moved = direction @ samples.inputs.T
    if any(z == 0 and step != 0 for z, step in zip(before.ravel(), moved.ravel(), strict=True)):
        assert samples.gradient(weights).shape == (2, 3)  # no derivative along this line
        return
    small = min(room, default=fmpq(1)) / (1 + max(abs(step) for step in moved.ravel()))
    up, down = (samples.value(weights + sign * small * direction) for sign in (1, -1))
    assert (samples.gradient(weights) * direction).sum() == (up - down) / (2 * small)


def test_a_large_sample_has_nearly_the_population_gradient():
    """400,000 inputs: within 6 standard errors; one of 9, below 0.05, is seen with probability .99."""
    random = np.random.default_rng(3)
    units, teachers = random.standard_normal((1, 3)), random.standard_normal((1, 3))
    x = random.standard_normal((400_000, 3))
    samples = LeakySamples(x, np.maximum(x @ teachers[0], 0))
    error = abs(samples.gradient(units) - population_gradient(units, teachers)).max()
    residuals = np.maximum(x @ units[0], 0) - samples.outputs
    deviation = (((x @ units[0] > 0) * residuals)[:, None] * x).std(axis=0).max() / math.sqrt(len(x))
    assert 9 * deviation < 0.05
    assert error <= 6 * deviation
    np.testing.assert_allclose(samples.covariance(), np.eye(3), atol=0.02)


def test_one_point_by_hand():
    """x = 2, y = 3, w = -1, alpha = 1/2: s = -1, residual -4, gradient 1/2 * -4 * 2, rho = 1/2 * 16."""
    samples = LeakySamples(np.array([[2.0]]), np.array([3.0]), 0.5)
    unit = np.array([[-1.0]])
    assert samples.outputs_of(unit) == -1
    assert samples.value(unit) == 8
    assert samples.gradient(unit) == -4
    assert samples.gated_value(unit) == 8
    assert samples.value(np.array([[[-1.0]], [[1.5]]])).tolist() == [8, 0]
    assert samples.gradient(np.zeros((1, 1))) == 0
    assert LeakySamples(np.array([[2.0]]), np.array([3.0]), 0.5, at_kink=1.0).gradient(np.zeros((1, 1))) == -6


def test_nearest_units_bend_as_their_own_blocks_do():
    """A unit alone: I/2 - d^2 J_1/du^2 with the teacher."""
    u, v = np.array([[1.0, 2.0]]), np.array([[2.0, -1.0]])
    np.testing.assert_array_equal(population_hessian(u, v), np.eye(2) / 2 - relu_kernel_hessian(u[0], v[0]))


W = np.ones((2, 3))
BAD = {
    "a vector": ((np.ones(3), W), ValueError, r"units has shape \(3,\); expected \(..., K, d\)"),
    "teacher vector": ((W, np.ones(3)), ValueError, r"teachers has shape \(3,\); expected \(..., L, d\)"),
    "sizes": ((W, np.ones((2, 2))), ValueError, r"teachers has shape \(2, 2\); expected \(..., L, 3\), as units has"),
    "leading": ((np.ones((4, 2, 3)), np.ones((3, 2, 3))), ValueError, "expected leading axes that fit"),
    "zero": ((W, np.zeros((1, 3))), ValueError, "teachers has a zero vector"),
    "list": (([[1.0]], W), TypeError, "units is a list"),
}


@pytest.mark.parametrize("function", [population_loss, population_gradient, population_hessian])
@pytest.mark.parametrize("bad", BAD)
def test_bad_units_are_refused(function, bad):
    """By name, with what would be right."""
    arguments, error, sentence = BAD[bad]
    with pytest.raises(error, match=sentence):
        function(*arguments)


def test_bad_samples_are_refused():
    """By name, with what would be right."""
    x, y = np.ones((4, 3)), np.ones(4)
    with pytest.raises(ValueError, match=r"inputs has shape \(4,\); expected \(n, d\)"):
        LeakySamples(y, y)
    with pytest.raises(ValueError, match=r"outputs has shape \(3,\); expected \(4,\), one for each of the inputs"):
        LeakySamples(x, y[:3])
    with pytest.raises(TypeError, match="outputs is a list"):
        LeakySamples(x, [1.0] * 4)
    with pytest.raises(ValueError, match=r"units has shape \(2, 2\); expected \(..., K, 3\)"):
        LeakySamples(x, y).gradient(np.ones((2, 2)))
