"""Balanced factors: their product, their imbalances, and the singular values they share."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from solvers import balanced_factors, end_to_end, frobenius_squared, imbalances
from solvers.arithmetic import UNIT, exact, gamma
from strategies import dimensions, dyadic_matrices


@st.composite
def factorisations(draw):
    """A matrix, and widths without a bottleneck that begin and end with its own."""
    widths = draw(dimensions(bottleneck=False))
    return draw(dyadic_matrices(widths[-1], widths[0])) / 3, widths


def norm(matrix) -> arb:
    """||A||_F of an exact matrix."""
    return arb(frobenius_squared(matrix)).sqrt()


def factorisation_errors(matrix):
    """How far LAPACK's U, S, V are from a factorisation, exactly: (||A - U S V^T||, ||U^T U - I||, ||V^T V - I||)."""
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    u, v = exact(left), exact(right)
    identity = exact(np.eye(len(values)))
    residual = norm(exact(matrix) - u @ exact(np.diag(values)) @ v)
    return residual, norm(u.T @ u - identity), norm(v @ v.T - identity), values


@given(factorisations())
def test_factors_multiply_to_the_matrix_and_are_balanced(drawn):
    """Up to LAPACK's own errors, measured, and the rounding of roots and products, bounded.

    A root s^(1/N) is off by an ulp (2u), and by |log s| u / N since 1/N is rounded: after N powers by
    (2N + |log s|) u. A layer is two products of inner dimension k, off by gamma_2k of its factors' norms.
    """
    matrix, widths = drawn
    weights = balanced_factors(matrix, widths)
    assert [layer.shape for layer in weights] == list(zip(widths[1:], widths, strict=False))
    depth, rank = len(weights), min(matrix.shape)
    residual, left, right, values = factorisation_errors(matrix)
    basis = rank * (1 + left) * (1 + right)  # bounds ||U||_F ||V||_F
    roots = sum((2 * depth + abs(math.log(s))) * UNIT * s for s in values if s > 0) * (1 + 2.0**-20)
    top = arb(float(values[0])) ** (arb(1) / depth) * (1 + arb(2) ** -40)  # bounds every layer's root
    layer_rounding = gamma(2 * max(widths)) * max(widths) ** 2 * top * (1 + left) * (1 + right)
    product_error = depth * layer_rounding * (top + layer_rounding) ** (depth - 1) * (1 + left) * (1 + right)
    gap = norm(end_to_end(tuple(map(exact, weights))) - exact(matrix))
    assert gap <= residual + basis * roots + product_error
    allowed = top**2 * (left + right) + 4 * (top * (1 + left + right) + layer_rounding) * layer_rounding
    for imbalance in imbalances(tuple(map(exact, weights))):
        assert norm(imbalance) <= allowed


@given(factorisations())
def test_every_layer_has_the_roots_of_the_singular_values(drawn):
    """s^(1/N), and zeros beyond; half of the digits tell a wrong root from a rounded one."""
    matrix, widths = drawn
    depth, rank = len(widths) - 1, min(matrix.shape)
    values = np.linalg.svd(matrix, compute_uv=False)
    scale = max(1.0, values[0])
    for layer in balanced_factors(matrix, widths):
        found = np.linalg.svd(layer, compute_uv=False)
        assert (abs(found[:rank] ** depth - values) <= scale * 2.0**-26).all()
        assert (found[rank:] <= scale * 2.0**-26).all()


def test_factors_of_a_power_by_hand():
    """diag(8, 1) in three layers of width 3 is diag(2, 1), padded, three times: up to signs and the order of bases."""
    weights = balanced_factors(np.diag([8.0, 1.0]), (2, 3, 3, 2))
    assert np.allclose(abs(weights[0]), [[2, 0], [0, 1], [0, 0]], rtol=0, atol=2.0**-40)
    assert np.allclose(weights[1], np.diag([2, 1, 0]), rtol=0, atol=2.0**-40)
    assert np.allclose(abs(weights[2]), [[2, 0, 0], [0, 1, 0]], rtol=0, atol=2.0**-40)


@pytest.mark.parametrize("widths", [(2, 1, 2), (2, 3, 1, 2)])
def test_a_bottleneck_is_refused(widths):
    """A hidden width below min(d_0, d_N) cannot carry the matrix."""
    with pytest.raises(ValueError, match=r"dimensions .* bottleneck; expected every width at least 2"):
        balanced_factors(np.eye(2), widths)
