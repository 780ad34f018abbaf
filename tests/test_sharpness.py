"""The sharpness: Lanczos and balls against JAX's Hessian and LAPACK, exact inertias, closed forms; bad input."""

from __future__ import annotations

import re

import jax_oracle
import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import fewer
from solvers import hessian, inertia, sharpness, top_curvature
from solvers.arithmetic import exact, nearest, square_root
from solvers.guarantees.stability import largest_stable_rate, least_sharpness
from solvers.network import curvature, fitted_kernel, fitted_sharpness
from strategies import balanced_points, capped_minima, diagonal, dimensions, dyadic_matrices, problems, scalar_weights

EYE = np.eye(2)


def norm_squared(direction):
    """Over all layers together."""
    return sum((v * v).sum() for v in direction)


@fewer(2)
@given(problems(dimensions=dimensions(max_depth=3, max_width=4)))
def test_three_ways_agree(problem):
    """JAX's Hessian by LAPACK, Lanczos and the ball, for dyadic entries: exact Hessians up to depth 3."""
    reference = np.linalg.eigvalsh(jax_oracle.hessian(problem.weights, problem.target))
    slack = 2.0**-40 * (1 + abs(reference).max())
    value, direction = top_curvature(problem.weights, problem.target)
    assert abs(value - reference[-1]) <= slack
    assert abs(norm_squared(direction) - 1) <= 2.0**-40
    found = sharpness(problem.weights, problem.target)
    assert abs(float(found.mid()) - reference[-1]) <= slack
    assert float(found.rad()) <= slack


@fewer(2)
@given(problems(dimensions=dimensions(max_depth=3, max_width=3)))
def test_the_ball_holds_the_largest_eigenvalue(problem):
    """By Descartes' rule: none is above the ball, one is not below it."""
    rationals = problem.exact()
    matrix = hessian(rationals.weights, rationals.target)
    found = sharpness(rationals.weights, rationals.target)
    low, high = (exact_end(end) for end in (found.lower(), found.upper()))
    size = len(matrix)
    assert inertia(matrix - diagonal(size, size, [high] * size))[0] == 0
    assert inertia(matrix - diagonal(size, size, [low] * size))[1] < size


def exact_end(end):
    """An end of a ball as a rational."""
    mantissa, exponent = end.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def test_stacks_are_one_call():
    """Seven networks with a target each, and with one for all: as one after another."""
    random = np.random.default_rng(0)
    weights = tuple(random.standard_normal((7, *shape)) for shape in ((4, 3), (5, 4), (2, 5)))
    targets = random.standard_normal((7, 2, 3))
    together, shared = top_curvature(weights, targets), top_curvature(weights, targets[0])
    for k in range(7):
        alone = top_curvature(tuple(matrix[k] for matrix in weights), targets[k])
        assert abs(together.value[k] - alone.value) <= 1e-9 * alone.value
        assert [matrix[k].shape for matrix in together.direction] == [matrix.shape for matrix in alone.direction]
        common = top_curvature(tuple(matrix[k] for matrix in weights), targets[0])
        assert abs(shared.value[k] - common.value) <= 1e-9 * common.value


def test_few_steps_are_a_lower_bound():
    """For a network of 120 weights each step is nearer, and never above by more than rounding."""
    random = np.random.default_rng(1)
    weights = tuple(random.standard_normal(shape) for shape in ((8, 5), (6, 8), (6, 6)))
    target = random.standard_normal((6, 5))
    top = float(sharpness(weights, target).mid())
    values = [top_curvature(weights, target, steps=steps).value for steps in (1, 3, 10, 30)]
    assert values == sorted(values)
    assert values[0] < values[1] < top * (1 + 1e-12)
    assert abs(values[-1] - top) <= 1e-9 * top


def test_a_hessian_that_is_zero_and_one_that_is_the_identity():
    """Three layers of zeros; one layer."""
    zeros = (np.zeros((2, 2)),) * 3
    assert top_curvature(zeros, EYE).value == 0
    assert abs(norm_squared(top_curvature(zeros, EYE).direction) - 1) < 1e-12
    assert sharpness(zeros, EYE) == 0
    assert abs(top_curvature((EYE,), 2 * EYE).value - 1) < 1e-12
    assert sharpness((EYE,), 2 * EYE).overlaps(arb(1))


@given(st.lists(st.integers(-4, 4).filter(bool), min_size=1, max_size=5))
def test_scalars_that_fit_have_a_closed_form(values):
    """Phi^2 sum w_j^-2, exactly; and the ball holds it."""
    weights = scalar_weights(*values)
    phi = fmpq(int(np.prod(values)))
    expected = sum((phi**2 / fmpq(w) ** 2 for w in values), start=fmpq(0))
    assert fitted_sharpness(weights) == expected
    assert sharpness(weights, diagonal(1, 1, [phi])).contains(expected)


@fewer(2)
@given(st.data(), dimensions(max_depth=4, max_width=3))
def test_fitted_weights_have_the_kernels_spectrum(data, widths):
    """H = J^T J and J J^T have the same characteristic polynomial but for zeros, in rationals."""
    shapes = zip(widths[1:], widths, strict=False)
    weights = tuple(exact(data.draw(dyadic_matrices(a, b, bound=1, bits=1))) for a, b in shapes)
    target = weights[0]
    for matrix in weights[1:]:
        target = matrix @ target
    full, small = hessian(weights, target), fitted_kernel(weights)
    x = [fmpq(k, 7) for k in range(1, 4)]
    for t in x:  # the numbers of eigenvalues above a few levels, exactly
        above = [inertia(a - diagonal(len(a), len(a), [t] * len(a)))[0] for a in (full, small)]
        assert above[0] == above[1]
    top = fitted_sharpness(weights)
    assert sharpness(weights, target).overlaps(arb(top))


@given(st.one_of(balanced_points(), capped_minima()))
def test_flat_points_are_what_they_say(point):
    """Critical, of no negative curvature; the norm of every layer and of Phi; the top pair; the sharpness."""
    weights, target, norm, depth = point.weights, point.target, point.layer_norm, len(point.weights)
    matrix = hessian(weights, target)
    size = len(matrix)
    assert inertia(matrix)[1] == 0
    for layer in weights:
        gram = layer @ layer.T
        assert inertia(gram - diagonal(len(gram), len(gram), [norm**2] * len(gram)))[0] == 0
    sigma = norm**depth
    assert (target @ point.right == sigma * point.left).all()
    assert (target.T @ point.left == sigma * point.right).all()
    bound = least_sharpness(depth, sigma)
    assert bound == depth * norm ** (2 * depth - 2)
    counts = inertia(matrix - diagonal(size, size, [bound] * size))
    assert counts[0] == 0 < counts[2]
    assert sharpness(weights, target).contains(bound)


def test_constants_of_stability():
    """N |Phi|_2^{2-2/N} and 2 over it: numbers, roots, symbols."""
    assert least_sharpness(1, fmpq(3)) == 1
    assert least_sharpness(2, fmpq(3)) == 6
    assert least_sharpness(3, fmpq(8)) == 48
    assert largest_stable_rate(3, fmpq(8)) == fmpq(1, 24)
    assert least_sharpness(4, fmpq(2)).overlaps(4 * square_root(fmpq(8)))
    depth, norm = sympy.symbols("N Phi", positive=True)
    assert sympy.simplify(largest_stable_rate(depth, norm) * depth * norm ** (2 - 2 / depth) - 2) == 0


def test_the_direction_has_the_curvature():
    """In rationals, a float64 direction is a number of its own: a lower bound that is certain."""
    weights = (np.array([[1.0, 2.0]]), np.array([[0.5], [1.0]]))
    value, direction = top_curvature(weights, EYE)
    along = tuple(map(exact, direction))
    quotient = curvature(tuple(map(exact, weights)), exact(EYE), along) / norm_squared(along)
    assert abs(float(arb(quotient)) - value) < 1e-12
    assert quotient <= sharpness(weights, EYE).upper()
    assert nearest(along[0]).tolist() == direction[0].tolist()


W = (EYE, EYE)
STACK = np.zeros((3, 2, 2))
BAD = {
    "no layers": (lambda: top_curvature((), EYE), ValueError, "weights is empty; expected at least one matrix"),
    "rationals": (lambda: top_curvature((exact(EYE),), EYE), TypeError, "weights[0] is not a float64 array; expected"),
    "nan": (lambda: top_curvature((EYE, EYE * np.nan), EYE), ValueError, "weights[1] has entries that are not finite"),
    "no steps": (lambda: top_curvature(W, EYE, steps=0), ValueError, "steps is 0; expected a whole number >= 1"),
    "half a step": (lambda: top_curvature(W, EYE, steps=0.5), TypeError, "steps is 0.5; expected a whole number"),
    "axes": (lambda: top_curvature((STACK, EYE), EYE), ValueError, "weights[1] has the leading axes (); expected (3,)"),
    "other target": (lambda: sharpness(W, EYE[:1]), ValueError, "target has shape (1, 2) but the network maps"),
    "infinite": (lambda: sharpness((EYE, EYE / 0.0), EYE), ValueError, "weights[1]"),
    "a stack": (lambda: sharpness((STACK,), EYE), ValueError, "weights[0] has shape (3, 2, 2); expected two axes"),
    "kernel of a stack": (lambda: fitted_kernel((STACK,)), ValueError, "weights[0] has shape (3, 2, 2); expected two"),
}


@pytest.mark.filterwarnings("ignore:(divide by zero|invalid value):RuntimeWarning")
@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_name(case):
    """The argument, what was wrong with it, and what would be right."""
    call, error, sentence = BAD[case]
    with pytest.raises(error, match=re.escape(sentence)):
        call()
