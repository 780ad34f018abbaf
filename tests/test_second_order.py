"""Kinds of critical points: against inertias of Hessians by automatic differentiation, and by hand; bad input."""

from __future__ import annotations

import re

import jax_oracle
import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import fewer
from solvers import CriticalKind, critical_kind, negative_curvature
from solvers.arithmetic import exact, nearest
from solvers.network import curvature, leaves_out_a_larger_mode, loose_pivots, positive_direction, pseudo_inverse
from strategies import critical_points, diagonal, dimensions, dyadic_matrices, scalar_weights, zero_weights

GLOBAL, STRICT, FLAT = CriticalKind.GLOBAL_MINIMUM, CriticalKind.STRICT_SADDLE, CriticalKind.NON_STRICT_SADDLE
PHI = exact(np.eye(2))
ONE = exact(np.array([[1.0]]))


def layers(*thirds):
    """diag(2, z_1), diag(1, z_2), ...: of Phi = diag(2, 1) the first mode is carried."""
    return tuple(diagonal(2, 2, [2 if j == 0 else 1, z]) for j, z in enumerate(thirds))


@fewer(2)
@given(critical_points(dimensions=dimensions(max_depth=4, max_width=3)))
def test_kinds_are_those_of_jaxs_hessian(point):
    """Strict where the least eigenvalue is below what rounding can be; global where no weights have a lower loss."""
    weights, target = tuple(map(nearest, point.weights)), nearest(point.target)
    slack = np.linalg.norm(jax_oracle.hessian_tolerance(weights, target))
    least = np.linalg.eigvalsh(jax_oracle.hessian(weights, target)).min()
    kind = critical_kind(point.weights, point.target)
    assert (kind is GLOBAL) == point.is_global
    if least < -slack - 1e-6:
        assert kind is STRICT
    else:
        assert kind is not STRICT


KINDS = {
    "zero, depth 2": (zero_weights((2, 2, 2)), PHI, STRICT, [(1, 2)]),
    "zero, depth 3": (zero_weights((2, 2, 2, 2)), PHI, FLAT, []),
    "zero, no target": (zero_weights((2, 2, 2)), 0 * PHI, GLOBAL, []),
    "one layer": ((PHI,), PHI, GLOBAL, []),
    "nothing left": (layers(0, 0, 0), diagonal(2, 2, [2, 1]), FLAT, []),
    "the first reads": (layers(1, 0, 0), diagonal(2, 2, [2, 1]), STRICT, [(2, 3)]),
    "the middle is open": (layers(0, 1, 0), diagonal(2, 2, [2, 1]), STRICT, [(1, 3)]),
    "the last writes": (layers(0, 0, 1), diagonal(2, 2, [2, 1]), STRICT, [(1, 2)]),
    "a larger mode is left": (layers(0, 0, 0), diagonal(2, 2, [2, 3]), STRICT, []),
    "a tie": (layers(0, 0, 0), diagonal(2, 2, [2, 2]), FLAT, []),
    "bottleneck, larger": ((diagonal(1, 2, [2]), diagonal(2, 1, [1])), diagonal(2, 2, [2, 1]), GLOBAL, []),
    "bottleneck, smaller": ((diagonal(1, 2, [2]), diagonal(2, 1, [1])), diagonal(2, 2, [2, 3]), STRICT, []),
    "bottleneck, a tie": ((diagonal(1, 2, [2]), diagonal(2, 1, [1])), diagonal(2, 2, [2, 2]), GLOBAL, []),
    "scalars, two zero": (scalar_weights(0, 1, 0, 1), ONE, STRICT, [(1, 3)]),
    "scalars, three zero": (scalar_weights(0, 0, 0, 1), ONE, FLAT, []),
}


@pytest.mark.parametrize("case", KINDS)
def test_small_cases_by_hand(case):
    """Kind, loose pivots, and a direction of negative curvature where the kind says so."""
    weights, target, kind, pivots = KINDS[case]
    assert critical_kind(weights, target) is kind
    assert loose_pivots(weights, target) == pivots
    assert leaves_out_a_larger_mode(weights, target) == (kind is STRICT and not pivots)
    direction = negative_curvature(weights, target)
    assert (direction is not None) == (kind is STRICT)
    if direction is not None:
        assert curvature(weights, target, direction) < 0


@pytest.mark.parametrize("sign", [1, 0, -1])
def test_modes_that_float64_cannot_tell_apart(sign):
    """Phi = diag(1, 1 + sign 2^-70) through width 1: a strict saddle, or one of its minima."""
    target = diagonal(2, 2, [1, 1 + fmpq(sign, 2**70)])
    weights = (diagonal(1, 2, [1]), diagonal(2, 1, [1]))
    assert critical_kind(weights, target) is (STRICT if sign > 0 else GLOBAL)
    direction = negative_curvature(weights, target)
    assert (direction is not None) == (sign > 0)
    if direction is not None:
        assert curvature(weights, target, direction) < 0


@pytest.mark.parametrize("values", [(2, 2), (2, 2, 2), (3, 2, 2), (3, 3, 2, 2), (0, 0), (0, 0, 0)])
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_at_minima_with_tied_singular_values_there_is_no_way_down(values, depth):
    """Through a bottleneck, the least value that is carried being one that is left out too; in rotated bases. Where
    what is left out is larger by 2^-70 there is one."""
    width, size = len(values) - 1, len(values)
    turn = exact(np.eye(size))
    turn[:2, :2] = np.array([[fmpq(3, 5), fmpq(4, 5)], [fmpq(-4, 5), fmpq(3, 5)]])
    back = np.roll(turn, 1, axis=0)  # orthogonal too

    def layers_and_target(left_out):
        target = turn @ diagonal(size, size, [*values[:width], *[left_out] * (size - width)]) @ back
        first, last = diagonal(width, size, [1] * width) @ back, turn @ diagonal(size, width, values[:width])
        return (first, *[exact(np.eye(width))] * (depth - 2), last), target

    weights, target = layers_and_target(values[-1])
    assert critical_kind(weights, target) is GLOBAL
    assert negative_curvature(weights, target) is None
    assert not leaves_out_a_larger_mode(weights, target)
    if any(values):
        weights, target = layers_and_target(values[-1] + fmpq(1, 2**70))
        assert critical_kind(weights, target) is STRICT
        assert curvature(weights, target, negative_curvature(weights, target)) < 0


@given(st.data(), st.integers(1, 4), st.integers(1, 4))
def test_pseudo_inverses_are_sympys(data, rows, columns):
    """Of any rank, zero included."""
    matrix = exact(data.draw(dyadic_matrices(rows, columns, bound=1, bits=0)))
    reference = sympy.Matrix(rows, columns, [sympy.Rational(str(entry)) for entry in matrix.ravel()]).pinv()
    found = pseudo_inverse(matrix)
    assert found.shape == (columns, rows)
    assert [str(entry) for entry in found.ravel()] == [str(entry) for entry in reference]


@given(st.data(), st.integers(1, 5))
def test_positive_directions_exist_where_eigenvalues_are_positive(data, size):
    """x^T A x > 0, or no eigenvalue of LAPACK's above what rounding can be; entries -1, 0, 1 make zeros common."""
    half = exact(data.draw(dyadic_matrices(size, size, bound=1, bits=0)))
    symmetric = half + half.T - exact(np.eye(size)) * data.draw(st.integers(0, 2))
    x = positive_direction(symmetric)
    if x is not None:
        assert (x.T @ symmetric @ x)[0, 0] > 0
    assert (x is not None) == bool(np.linalg.eigvalsh(nearest(symmetric)).max() > 1e-9)


FLOATS = tuple(map(nearest, layers(0, 0)))
BAD = {
    "not critical": (
        lambda: critical_kind((ONE, ONE * 2), ONE),
        ValueError,
        "weights is not a critical point: the gra",
    ),
    "curvature elsewhere": (lambda: negative_curvature((ONE, ONE * 2), ONE), ValueError, "weights is not a critical"),
    "pivots elsewhere": (lambda: loose_pivots((ONE, ONE * 2), ONE), ValueError, "weights is not a critical point"),
    "modes elsewhere": (lambda: leaves_out_a_larger_mode((ONE * 2,), ONE), ValueError, "weights is not a critical"),
    "floats": (lambda: critical_kind(FLOATS, PHI), TypeError, "weights[0] is not a matrix of rationals; expected fmpq"),
    "no layers": (lambda: negative_curvature((), PHI), ValueError, "weights is empty; expected at least one matrix"),
    "other target": (lambda: critical_kind(layers(0, 0), PHI[:1]), ValueError, "target has shape (1, 2) but the net"),
    "a batch": (lambda: pseudo_inverse(PHI[None]), ValueError, "matrix has shape (1, 2, 2); expected two axes"),
    "not square": (lambda: positive_direction(PHI[:1]), ValueError, "symmetric has shape (1, 2); expected a square"),
    "float form": (lambda: positive_direction(np.eye(2)), TypeError, "symmetric has dtype float64; expected object"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_name(case):
    """The argument, what was wrong with it, and what would be right."""
    call, error, sentence = BAD[case]
    with pytest.raises(error, match=re.escape(sentence)):
        call()
