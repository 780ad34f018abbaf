"""Lower points, higher points, negative curvature: against plain fractions, SymPy and automatic differentiation."""

from __future__ import annotations

import re
from fractions import Fraction

import jax_oracle
import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import fewer
from solvers import end_to_end, hessian_vector_product, higher_nearby, lower_nearby, negative_curvature
from solvers.arithmetic import exact, nearest
from solvers.network import saddles
from solvers.network.saddles import null_space, rank
from strategies import critical_points, diagonal, dimensions, dyadic_matrices, zero_weights

TWO_LAYERS = dimensions(min_depth=2, max_depth=2, max_width=3)
small = dimensions(max_depth=4, max_width=3)


def fractions(matrix):
    """The matrix as lists of fractions."""
    return [[Fraction(int(entry.p), int(entry.q)) for entry in row] for row in matrix]


def plain_loss(weights, target):
    """The loss in plain Python."""
    product = fractions(weights[0])
    for matrix in map(fractions, weights[1:]):
        product = [
            [sum(a * b for a, b in zip(row, c, strict=True)) for c in zip(*product, strict=True)] for row in matrix
        ]
    return (
        sum((a - b) ** 2 for p, t in zip(product, fractions(target), strict=True) for a, b in zip(p, t, strict=True))
        / 2
    )


def distance_squared(weights, others):
    """Over all layers together."""
    return sum((x - y) ** 2 for a, b in zip(weights, others, strict=True) for x, y in zip(a.flat, b.flat, strict=True))


@given(st.data(), st.integers(1, 4), st.integers(1, 4))
def test_null_space_and_rank_are_sympys(data, rows, columns):
    """As many columns as SymPy finds, independent, each sent to zero."""
    matrix = exact(data.draw(dyadic_matrices(rows, columns, bound=1, bits=0)))
    basis = null_space(matrix)
    reference = sympy.Matrix(rows, columns, [sympy.Rational(str(entry)) for entry in matrix.ravel()])
    assert rank(matrix) == reference.rank()
    assert basis.shape == (columns, len(reference.nullspace()))
    assert all(entry == 0 for entry in (matrix @ basis).flat)
    assert not basis.size or rank(basis) == basis.shape[1]


@given(critical_points(dimensions=small), st.integers(0, 30))
def test_lower_and_higher_weights_are_so_and_near(point, halvings):
    """By plain fractions; lower unless the point is global."""
    within = fmpq(1, 2**halvings)
    here = plain_loss(point.weights, point.target)
    high = higher_nearby(point.weights, point.target, within=within)
    assert plain_loss(high, point.target) > here
    assert distance_squared(high, point.weights) <= within**2
    low = lower_nearby(point.weights, point.target, within=within)
    assert (low is None) == point.is_global
    if low is not None:
        assert plain_loss(low, point.target) < here
        assert distance_squared(low, point.weights) <= within**2


@fewer(2)
@given(critical_points(dimensions=TWO_LAYERS))
def test_curvature_is_negative_by_automatic_differentiation(point):
    """v^T H v below minus what rounding can be, with the Hessian of JAX."""
    direction = negative_curvature(point.weights, point.target)
    assert (direction is None) == point.is_global
    if direction is None:
        return
    flat = np.concatenate([nearest(matrix).ravel() for matrix in direction])
    weights, target = tuple(map(nearest, point.weights)), nearest(point.target)
    matrix = jax_oracle.hessian(weights, target)
    slack = jax_oracle.hessian_tolerance(weights, target) + 2.0**-45 * abs(matrix)
    assert flat @ matrix @ flat < -(abs(flat) @ slack @ abs(flat))


@pytest.mark.parametrize("size", [0, 1, 100])
@pytest.mark.parametrize("transposed", [False, True])
def test_curvature_is_negative_beside_a_large_layer(transposed, size):
    """Widths 1-1-2, W_1 = 0, W_2 = (0, size), Phi = (1, 0), the least eigenvalue near -1 / size^2; and 2-1-1."""
    weights, target = (exact(np.array([[0.0]])), exact(np.array([[0.0], [size]]))), exact(np.array([[1.0], [0.0]]))
    if transposed:
        weights, target = tuple(matrix.T for matrix in reversed(weights)), target.T
    direction = negative_curvature(weights, target)
    product = hessian_vector_product(weights, target, direction)
    assert sum((v * h).sum() for v, h in zip(direction, product, strict=True)) < 0


@fewer(2)
@given(critical_points(dimensions=dimensions(min_depth=3, max_depth=4, max_width=3), rest="full middle"))
def test_curvature_needs_the_ends_alone(point):
    """Every inner layer of the direction is zero."""
    direction = negative_curvature(point.weights, point.target)
    assert (direction is None) == point.is_global
    if direction is not None:
        assert [matrix.shape for matrix in direction] == [matrix.shape for matrix in point.weights]
        assert all(entry == 0 for matrix in direction[1:-1] for entry in matrix.flat)


def test_a_lift_keeps_the_product_where_the_layers_after_it_have_a_kernel():
    """Widths 4-2-2-2, Phi = (e_1, e_2, 0, 0), one mode carried, W_1's second row reading e_3: W_3 W_2 = diag(1, 0) has
    the kernel e_2, W stays, and P_1 sees the residual."""
    first = diagonal(2, 4, [1, 0])
    first[1, 2] = fmpq(1)
    weights, target = (first, diagonal(2, 2, [1, 0]), diagonal(2, 2, [1, 0])), diagonal(2, 4, [1, 1])
    residual = end_to_end(weights) - target
    lifted = saddles._lift(weights, residual, 1, fmpq(1, 8))
    assert (end_to_end(lifted) == end_to_end(weights)).all()
    assert not (residual @ weights[0].T).any()
    assert (residual @ lifted[0].T).any()
    low = lower_nearby(weights, target, within=fmpq(1, 8))
    assert plain_loss(low, target) < plain_loss(weights, target) == Fraction(1, 2)


@pytest.mark.parametrize("scale", [fmpq(1, 8), fmpq(1), fmpq(8)])
def test_a_swap_is_found_in_any_units(scale):
    """Phi = s diag(2, 1), of which the smaller mode is carried: less than 1, or more, either is a strict saddle."""
    target = diagonal(2, 2, [2 * scale, scale])
    weights = (exact(np.array([[0.0, 1.0]])), target[:, 1:])
    direction = saddles._swap(weights, target, 1)
    product = hessian_vector_product(weights, target, direction)
    assert sum((v * h).sum() for v, h in zip(direction, product, strict=True)) < 0
    larger = (exact(np.array([[1.0, 0.0]])), target[:, :1])
    assert saddles._swap(larger, target, 1) is None


def test_down_a_steep_gradient_goes_no_farther_than_asked():
    """W = 0, Phi = 8: the gradient is 8, the way at most 1/4, and the loss lower."""
    weights, target = (ONE * 0,), ONE * 8
    low = saddles._down_the_gradient(weights, target, fmpq(1, 4))
    assert 0 < distance_squared(low, weights) <= fmpq(1, 16)
    assert plain_loss(low, target) < plain_loss(weights, target)


ONE = exact(np.array([[1.0]]))
ZEROS, PHI = zero_weights((2, 2, 2)), exact(np.eye(2))
FLOATS = tuple(map(nearest, ZEROS))
NOT_CRITICAL = "weights is not a critical point: the gradient of layer 1 is not zero; expected all 0"
AT = {"within": fmpq(1)}
BAD = {
    "not critical": (lambda: lower_nearby((ONE, ONE * 2), ONE, **AT), ValueError, NOT_CRITICAL),
    "curvature elsewhere": (lambda: negative_curvature((ONE, ONE * 2), ONE), ValueError, NOT_CRITICAL),
    "no distance": (lambda: lower_nearby(ZEROS, PHI, within=fmpq(0)), ValueError, "within is 0; expected a number > 0"),
    "negative distance": (lambda: higher_nearby(ZEROS, PHI, within=fmpq(-1)), ValueError, "within is -1; expected a"),
    "text distance": (lambda: higher_nearby(ZEROS, PHI, within="1"), TypeError, "number is '1'; expected a rational"),
    "floats": (lambda: higher_nearby(FLOATS, PHI, **AT), TypeError, "weights[0] is not a matrix of rationals; exp"),
    "float target": (lambda: lower_nearby(ZEROS, np.eye(2), **AT), TypeError, "target is not a matrix of rationals"),
    "no layers": (lambda: negative_curvature((), PHI), ValueError, "weights is empty; expected at least one matrix"),
    "other target": (lambda: negative_curvature(ZEROS, PHI[:1]), ValueError, "target has shape (1, 2) but the network"),
    "a batch": (lambda: rank(PHI[None]), ValueError, "matrix has shape (1, 2, 2); expected two axes"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_name(case):
    """The argument, what was wrong with it, and what would be right."""
    call, error, sentence = BAD[case]
    with pytest.raises(error, match=re.escape(sentence)):
        call()


def test_nothing_passed_in_is_changed():
    """Weights are copied where they move."""
    weights = zero_weights((2, 1, 2))
    lower_nearby(weights, PHI, within=fmpq(1))
    higher_nearby(weights, PHI, within=fmpq(1))
    assert all(entry == 0 for matrix in weights for entry in matrix.flat)
