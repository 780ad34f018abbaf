"""One filter on patches: against simulation, automatic differentiation and known numbers; bad input."""

from __future__ import annotations

import math

import jax
import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers.arithmetic import exact, nearest
from solvers.shallow import (
    filter_gradient,
    filter_hessian,
    filter_loss,
    opposite_filter,
    patch_maps,
    sliding_gradient,
    sliding_hessian,
    sliding_loss,
    unit_descent,
)
from strategies import vector_pairs

jax.config.update("jax_enable_x64", True)
OVERLAP = patch_maps(2, 2, 1)


def loss_in_jax(w, target, maps):
    """From Cho and Saul's formula of each pair, with arccos: no line of the solver."""

    def kernel(u, v):
        sizes = jax.numpy.linalg.norm(u) * jax.numpy.linalg.norm(v)
        cosine = u @ v / sizes
        sine = jax.numpy.sqrt(1 - cosine**2)
        return sizes * (sine + (math.pi - jax.numpy.arccos(cosine)) * cosine) / (2 * math.pi)

    total = 0.0
    for i, p in enumerate(maps):
        for j, q in enumerate(maps):
            same = (p @ w) @ (p @ w) / 2 if i == j else kernel(p @ w, q @ w)
            known = (p @ target) @ (p @ target) / 2 if i == j else kernel(p @ target, q @ target)
            total = total + same + known - 2 * kernel(p @ w, q @ target)
    return total / len(maps) ** 2


@pytest.mark.parametrize(
    ("patches", "size", "stride"), [(1, 3, 3), (2, 2, 2), (2, 2, 1), (3, 3, 1), (3, 3, 2), (3, 2, 4)]
)
def test_losses_and_derivatives_are_those_of_automatic_differentiation(patches, size, stride):
    """Three filters each; those that do not overlap by the closed form too."""
    random = np.random.default_rng(patches * 10 + stride)
    filters, target, maps = (
        random.standard_normal((3, size)),
        random.standard_normal(size),
        patch_maps(patches, size, stride),
    )
    functions = [(sliding_loss, sliding_gradient, sliding_hessian, {"maps": maps})]
    if stride >= size:
        functions.append((filter_loss, filter_gradient, filter_hessian, {"patches": patches}))
    for value, gradient, hessian, options in functions:
        for k, w in enumerate(filters):
            expected = loss_in_jax(w, target, maps)
            assert value(filters, target, **options)[k] == pytest.approx(float(expected), abs=1e-14)
            slope = jax.grad(loss_in_jax)(w, target, maps)
            np.testing.assert_allclose(gradient(filters, target, **options)[k], slope, rtol=0, atol=1e-13)
            bend = jax.hessian(loss_in_jax)(w, target, maps)
            np.testing.assert_allclose(hessian(filters, target, **options)[k], bend, rtol=0, atol=1e-12)
            np.testing.assert_array_equal(gradient(w, target, **options), gradient(filters, target, **options)[k])


@pytest.mark.parametrize("maps", [OVERLAP, patch_maps(3, 2, 2)], ids=["overlap", "apart"])
def test_a_large_sample_has_nearly_the_same_loss(maps):
    """400,000 inputs, within 6 standard errors: one of 9, below .03 of the loss, is noticed with probability .99."""
    random = np.random.default_rng(7)
    w, target = np.array([1.0, -0.5]), np.array([-0.25, 1.0])
    x = random.standard_normal((400_000, maps.shape[1]))
    outputs = [np.maximum(x @ (maps @ v).T, 0).mean(axis=1) for v in (w, target)]
    squares = (outputs[0] - outputs[1]) ** 2
    expected, error = sliding_loss(w, target, maps), squares.std() / math.sqrt(len(x))
    assert 9 * error < 0.03 * expected
    assert abs(squares.mean() - expected) <= 6 * error


@given(vector_pairs(), st.integers(1, 5))
def test_exact_filters_give_balls_around_the_floats(pair, patches):
    """Rationals, parallel and opposite ones too; in dimensions 1 to 4."""
    scale = max(1.0, float(pair.u_length), float(pair.v_length)) ** 2 / min(1.0, float(pair.u_length)) ** 2
    for function in (filter_loss, filter_gradient, filter_hessian):
        balls = np.asarray(function(pair.u, pair.v, patches=patches))
        floats = np.asarray(function(nearest(pair.u), nearest(pair.v), patches=patches))
        assert all(isinstance(x, arb) for x in balls.ravel())
        assert abs(floats - np.array([float(x) for x in balls.ravel()]).reshape(balls.shape)).max() <= 1e-12 * scale


@given(vector_pairs(), st.integers(1, 3))
def test_both_forms_are_one_where_patches_are_apart(pair, patches):
    """In balls, which overlap and are no wider than 2^-20 of the lengths."""
    maps, size = patch_maps(patches, len(pair.u), len(pair.u)), max(pair.u_length, pair.v_length, fmpq(1)) ** 2
    for one, other in (
        (filter_loss, sliding_loss),
        (filter_gradient, sliding_gradient),
        (filter_hessian, sliding_hessian),
    ):
        closed, general = one(pair.u, pair.v, patches=patches), other(pair.u, pair.v, maps)
        for a, b in zip(np.ravel(closed), np.ravel(general), strict=True):
            assert abs(arb(a) - arb(b)) < size / min(pair.u_length, fmpq(1)) / 2**20


def test_in_symbols():
    """d = 1, k patches apart: r^2/2k + 1/2k + (k-1)(r-1)^2/2pi k for w = -r, and (r-1)^2 S/2 for w = r."""
    r = sympy.Symbol("r", positive=True)
    one = np.array([sympy.Integer(1)], dtype=object)
    assert sympy.simplify(filter_loss(one * -r, one, patches=3) - (r**2 + 1) / 6 - (r - 1) ** 2 / (3 * sympy.pi)) == 0
    assert sympy.simplify(filter_loss(one * r, one, patches=3) - (r - 1) ** 2 * (1 + 2 / sympy.pi) / 6) == 0
    assert (
        sympy.simplify(sliding_gradient(one * r, one, patch_maps(3, 1, 1))[0] - (r - 1) * (1 + 2 / sympy.pi) / 3) == 0
    )


def test_the_opposite_filter_is_critical():
    for patches in (2, 3, 10):  # a ball around an angle of pi has half of the digits
        target = exact([3, -4])
        gradient = filter_gradient(opposite_filter(target, patches=patches), target, patches=patches)
        assert all(abs(entry) < fmpq(1, 2**20) for entry in gradient)
    np.testing.assert_allclose(opposite_filter(np.array([2.0]), patches=2), [-2 / (1 + math.pi)], rtol=1e-15)


def test_a_step_of_descent_is_along_the_gradient():
    random = np.random.default_rng(0)
    starts, target = random.standard_normal((5, 3)), random.standard_normal(3)
    run = unit_descent(starts, target, learning_rate=0.25, steps=1, patches=4)
    np.testing.assert_allclose(
        run.point, starts - 0.25 * filter_gradient(starts, target, patches=4), rtol=0, atol=1e-14
    )


def test_maps_take_patches():
    """Five numbers, patches of two, three apart: x_0, x_1 and x_3, x_4."""
    maps, x, w = patch_maps(2, 2, 3), np.array([1.0, 2, 3, 5, 7]), np.array([10.0, 1])
    assert (maps @ w @ x).tolist() == [12, 57]
    assert patch_maps(3, 2, 1).shape == (3, 4, 2)


VECTOR = np.array([1.0, 2.0])
BAD = {
    "a list": (([1.0, 2.0], VECTOR), TypeError, "filters is a list"),
    "a zero filter": ((np.zeros(2), VECTOR), ValueError, "filters has a zero vector"),
    "a zero target": ((VECTOR, np.zeros(2)), ValueError, "target has a zero vector"),
    "a target of another size": ((VECTOR, np.ones(3)), ValueError, r"target has shape \(3,\); expected \(2,\)"),
    "many targets": ((VECTOR, np.ones((2, 2))), ValueError, r"target has shape \(2, 2\)"),
    "a target in another arithmetic": ((VECTOR, exact([1, 2])), TypeError, "target has dtype object"),
    "an infinite filter": ((np.array([1.0, math.inf]), VECTOR), ValueError, "expected finite"),
    "whole numbers": ((np.array([1, 2]), VECTOR), TypeError, "expected float64"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_filters_are_refused(name):
    arguments, error, sentence = BAD[name]
    for function in (filter_loss, filter_gradient, filter_hessian):
        with pytest.raises(error, match=sentence):
            function(*arguments, patches=2)
    for function in (sliding_loss, sliding_gradient, sliding_hessian):
        with pytest.raises(error, match=sentence):
            function(*arguments, OVERLAP)


def test_bad_patches_and_maps_are_refused():
    for patches in (0, 1.5, True, "2"):
        with pytest.raises(ValueError, match=r"patches is .*; expected a whole number >= 1"):
            filter_loss(VECTOR, VECTOR, patches=patches)
    with pytest.raises(ValueError, match="patches is 1; expected a whole number >= 2"):
        opposite_filter(VECTOR, patches=1)
    with pytest.raises(ValueError, match="target has a zero vector"):
        opposite_filter(0 * VECTOR, patches=2)
    for name in ("patches", "size", "stride"):
        with pytest.raises(ValueError, match=f"{name} is 0; expected a whole number >= 1"):
            patch_maps(**({"patches": 2, "size": 2, "stride": 1} | {name: 0}))
    with pytest.raises(ValueError, match=r"maps has shape \(2, 3\); expected \(k, n, d\)"):
        sliding_loss(VECTOR, VECTOR, OVERLAP[0].T)
    with pytest.raises(ValueError, match=r"maps has shape \(2, 4, 3\); expected \(k, n, 2\)"):
        sliding_loss(VECTOR, VECTOR, patch_maps(2, 3, 1))
    with pytest.raises(ValueError, match="maps @ filters has a zero vector"):
        sliding_loss(np.array([0.0, 1]), VECTOR, np.array([[[1.0, 0]]]))
