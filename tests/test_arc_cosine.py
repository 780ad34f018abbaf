"""Kernels of ReLU units: against polar integrals, automatic differentiation and simulation; bad input."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy
from flint import acb, arb, fmpq
from hypothesis import find, given
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import elementary, exact, nearest
from solvers.shallow import (
    Angle,
    angle_between,
    gated_covariance,
    gated_eigenvalues,
    half_space_probability,
    mean_relu,
    relu_kernel,
    relu_kernel_gradient,
    relu_kernel_hessian,
    squared_relu_kernel,
    unit_kernel,
)
from strategies import half_angles, vector_pairs

jax.config.update("jax_enable_x64", True)
KERNELS = (half_space_probability, relu_kernel, squared_relu_kernel)


def encloses(ball, number):
    """Whether two enclosures of one number can both be right."""
    return arb(ball).overlaps(arb(number))


def polar(degree, radians):
    """E (a.x)_+^n (b.x)_+^n for unit vectors: 2^n n!/2pi times the integral over the cone where both are positive."""
    if degree == 0:
        return (arb.pi() - radians) / (2 * arb.pi())
    half_turn = arb.pi() / 2
    area = acb.integral(lambda t, _: (t.cos() * (t - radians).cos()) ** degree, radians - half_turn, half_turn).real
    return area * 2**degree * math.factorial(degree) / (2 * arb.pi())


@given(vector_pairs())
def test_kernels_are_the_polar_integrals(pair):
    """In balls; the lengths come out in the powers that they should."""
    for degree, kernel in enumerate(KERNELS):
        expected = polar(degree, pair.angle.radians) * (pair.u_length * pair.v_length) ** degree
        assert encloses(kernel(pair.u, pair.v), expected)


@given(vector_pairs())
def test_angles_are_those_drawn(pair):
    """Sine and cosine exactly, th and pi - th in balls; both ends exactly; float64 to a few roundings."""
    angle = angle_between(pair.u, pair.v)
    assert (angle.sine, angle.cosine) == (pair.angle.sine, pair.angle.cosine)
    assert encloses(angle.radians, pair.angle.radians)
    assert encloses(angle.supplement, pair.angle.supplement)
    assert (angle.radians == 0) == pair.is_parallel
    assert (angle.supplement == 0) == pair.is_opposite
    rounded = angle_between(nearest(pair.u), nearest(pair.v))
    assert abs(rounded.radians - float(arb(angle.radians))) <= 16 * len(pair.u) * 2.0**-53
    assert abs(rounded.supplement - float(arb(angle.supplement))) <= 16 * len(pair.u) * 2.0**-53


@given(vector_pairs())
def test_floats_agree_with_balls(pair):
    """Entries of every kernel and derivative, to 64 d roundings of the largest that there can be."""
    u, v = nearest(pair.u), nearest(pair.v)
    r, s = float(pair.u_length), float(pair.v_length)
    sizes = {
        half_space_probability: 1.0,
        relu_kernel: r * s,
        squared_relu_kernel: 3 * (r * s) ** 2,
        relu_kernel_gradient: s,
        gated_covariance: 1.0,
        relu_kernel_hessian: s / r,
    }
    for function, size in sizes.items():
        error = abs(np.asarray(function(u, v)) - nearest(function(pair.u, pair.v))).max()
        assert error <= 64 * len(u) * 2.0**-53 * size


def by_arc_cosine(u, v):
    """J_1 as in the source, with an arc cosine; for angles away from 0 and pi."""
    lengths = jnp.sqrt((u @ u) * (v @ v))
    th = jnp.arccos(u @ v / lengths)
    return lengths * (jnp.sin(th) + (jnp.pi - th) * jnp.cos(th)) / (2 * jnp.pi)


@pytest.mark.parametrize("size", [2, 5])
def test_derivatives_are_those_of_automatic_differentiation(size):
    """K, dK/dv = M and d^2 J_1/du^2; 50 pairs at once. The arc cosine loses at most 1/sin^3 th of its digits."""
    random = np.random.default_rng(size)
    u, v = random.standard_normal((2, 50, size))
    worst = float((1 / angle_between(u, v).sine ** 3).max())
    bound = 2.0**-53 * 100 * size * worst * float((1 + (v**2).sum(-1)).max() / min(1, (u**2).sum(-1).min()))
    gradient = jax.vmap(jax.grad(by_arc_cosine))(u, v)
    assert abs(relu_kernel_gradient(u, v) - gradient).max() <= bound
    mixed = jax.vmap(jax.jacobian(jax.grad(by_arc_cosine), 1))(u, v)
    assert abs(gated_covariance(u, v) - mixed).max() <= bound
    second = jax.vmap(jax.hessian(by_arc_cosine))(u, v)
    assert abs(relu_kernel_hessian(u, v) - second).max() <= bound


def test_the_gated_covariance_is_the_covariance_where_both_are_active():
    """400,000 Gaussian vectors in R^3, within 6 standard errors: an error of 9 of them, at most 0.015, is seen
    with probability above .99."""
    random = np.random.default_rng(11)
    u, v = np.array([1.0, 0.5, -0.25]), np.array([-0.5, 2.0, 1.0])
    x = random.standard_normal((400_000, 3))
    seen = x[:, :, None] * x[:, None, :] * ((x @ u > 0) & (x @ v > 0))[:, None, None]
    errors = seen.std(axis=0) / math.sqrt(len(x))
    assert errors.max() * 9 <= 0.015
    assert (abs(seen.mean(axis=0) - gated_covariance(u, v)) <= 6 * errors).all()


@given(vector_pairs())
def test_a_mean_and_the_eigenvalues(pair):
    """E s(u.x) = |u|/(2pi)^{1/2}, both ways; M has trace and square as its three eigenvalues say."""
    assert encloses(mean_relu(pair.u), pair.u_length / (2 * arb.pi()).sqrt())
    assert abs(mean_relu(nearest(pair.u)) - float(mean_relu(pair.u))) <= 1e-15 * 8 * float(pair.u_length)
    size = len(pair.u)
    least, middle, largest = gated_eigenvalues(pair.angle)
    listed = [least, largest, *[middle] * (size - 2)] if size > 1 else [middle if pair.is_opposite else largest]
    matrix = gated_covariance(pair.u, pair.v)
    assert encloses(np.trace(matrix), sum(listed))
    assert encloses(np.trace(matrix @ matrix), sum(value**2 for value in listed))


@pytest.mark.parametrize("size", [1, 2])
def test_balls_near_parallel_enclose_what_is_near(size):
    """Balls that contain parallel vectors and others: the entries of M and of the Hessian contain both."""
    u = np.array([arb(1, 1e-9)] + [arb(0, 1e-9)] * (size - 1), dtype=object)
    for sign in (1, -1):
        centre, tilted = np.eye(size)[0], np.eye(size)[0] + 1e-10 * np.ones(size)
        for function in (gated_covariance, relu_kernel_hessian):
            wide = function(u, sign * u)
            for inside in (
                function(exact(centre), sign * exact(centre)),
                function(exact(tilted), exact(sign * centre)),
            ):
                assert all(a.overlaps(arb(b)) for a, b in zip(wide.ravel(), inside.ravel(), strict=True))


def test_leading_axes_broadcast():
    """(5, 1, 3) and (4, 3) give (5, 4, ...); each as alone."""
    random = np.random.default_rng(0)
    u, v = random.standard_normal((5, 1, 3)), random.standard_normal((4, 3))
    for function, more in ((relu_kernel, ()), (relu_kernel_gradient, (3,)), (gated_covariance, (3, 3))):
        stack = function(u, v)
        assert stack.shape == (5, 4, *more)
        assert (stack[2, 1] == function(u[2, 0], v[1])).all()
    assert relu_kernel_hessian(u, v).shape == (5, 4, 3, 3)
    assert relu_kernel(exact(u), exact(v)).shape == (5, 4)


def test_very_short_and_very_long_vectors_are_no_zero_vectors():
    """No square underflows or overflows."""
    u, v = np.array([3e-200, 4e-200]), np.array([1e200, 0.0])
    assert relu_kernel_gradient(u, v) == pytest.approx(relu_kernel_gradient(u * 1e200, v), rel=1e-14)
    assert relu_kernel(u, v) == pytest.approx(5 * relu_kernel(u * 2e199, v * 1e-200), rel=1e-14)


def test_the_same_lines_run_on_symbols():
    """J_1 of unit vectors at the angle th, and of two vectors in the plane."""
    th, a, b, c = sympy.symbols("th a b c", positive=True)
    angle = Angle.of(th)
    assert unit_kernel(1, angle) == (sympy.sin(th) + (sympy.pi - th) * sympy.cos(th)) / (2 * sympy.pi)
    symbolic = relu_kernel(np.array([a, sympy.S.Zero]), np.array([b, c]))
    number = symbolic.subs({a: 2, b: 1, c: 3}).evalf(15)
    assert float(number) == pytest.approx(relu_kernel(np.array([2.0, 0.0]), np.array([1.0, 3.0])), rel=1e-13)
    assert elementary.is_symbolic(symbolic)
    assert not elementary.is_symbolic(fmpq(1, 2))


U = np.array([1.0, 2.0])
BAD = {
    "a list": (([1.0, 2.0], U), TypeError, r"u is a list; expected an array of shape \(..., d\)"),
    "whole numbers": ((np.array([1, 2]), U), TypeError, "u has dtype int64; expected float64, or object"),
    "zero": ((U, np.zeros(2)), ValueError, "v has a zero vector; expected none, since it has no angle"),
    "one zero of two": ((np.array([[1.0, 0.0], [0.0, 0.0]]), U), ValueError, "u has a zero vector"),
    "a number": ((np.array(1.0), U), ValueError, r"u has shape \(\); expected \(..., d\), d >= 1"),
    "empty": ((np.zeros((0, 2)), U), ValueError, r"u has shape \(0, 2\); expected"),
    "NaN": ((np.array([1.0, np.nan]), U), ValueError, "u has the entry nan at"),
    "other sizes": ((U, np.ones(3)), ValueError, r"u has shape \(2,\) but v has shape \(3,\); expected vectors of the"),
    "other arithmetic": ((U, exact(U)), TypeError, "u has dtype float64 but v has dtype object; expected the same"),
}


@pytest.mark.parametrize("function", [*KERNELS, relu_kernel_gradient, gated_covariance, relu_kernel_hessian])
@pytest.mark.parametrize("bad", BAD)
def test_bad_vectors_are_refused(function, bad):
    """By name, with what would be right."""
    arguments, error, sentence = BAD[bad]
    with pytest.raises(error, match=sentence):
        function(*arguments)


def test_a_degree_that_is_none():
    """Three kernels."""
    with pytest.raises(ValueError, match="degree is 3; expected 0, 1 or 2"):
        unit_kernel(3, Angle.of(1.0))


@given(vector_pairs(unit=True), st.booleans())
def test_unit_pairs_are_of_length_one(pair, first):
    """Both."""
    vector = pair.u if first else pair.v
    assert vector @ vector == 1


@given(vector_pairs())
def test_pairs_are_what_they_say(pair):
    """Lengths and the cosine, exactly."""
    assert pair.u @ pair.u == pair.u_length**2
    assert pair.v @ pair.v == pair.v_length**2
    assert pair.u @ pair.v == pair.u_length * pair.v_length * pair.angle.cosine


@given(vector_pairs(opposite=False), vector_pairs(parallel=False), vector_pairs(min_dimension=2, opposite=False))
def test_ends_are_left_out_where_asked(first, second, third):
    """th < pi; th > 0; th < pi from the plane on."""
    assert not first.is_opposite
    assert not second.is_parallel
    assert not third.is_opposite
    assert len(third.u) >= 2


@pytest.mark.parametrize(
    "condition",
    [
        lambda p: p.is_parallel and len(p.u) == 1,
        lambda p: p.is_opposite and len(p.u) == 4,
        lambda p: p.angle.sine < fmpq(1, 10**9) and p.angle.cosine > 0 and not p.is_parallel,
        lambda p: p.angle.sine < fmpq(1, 10**9) and p.angle.cosine < 0 and not p.is_opposite,
        lambda p: p.u_length > 100 * p.v_length and p.angle.cosine < 0,
    ],
)
def test_pairs_reach(condition):
    """Both ends, next to both ends, lengths far apart."""
    find(vector_pairs(), condition)


def test_pairs_shrink_to_one_number():
    """u = v = (1,)."""
    simplest = find(vector_pairs(), lambda p: True)
    assert simplest.u.tolist() == simplest.v.tolist() == [1]


def test_a_pair_in_dimension_one_has_an_angle():
    """0 or pi."""
    with pytest.raises(InvalidArgument, match="parallel and opposite are both False"):
        find(vector_pairs(parallel=False, opposite=False), lambda pair: True)


def test_angles_shrink_to_the_simplest():
    """th = 0, and pi/2 where neither end is asked for."""
    assert find(half_angles(), lambda half: True) == (0, 1)
    assert find(half_angles(parallel=False, opposite=False), lambda half: True) == (1, 1)
