"""Pivots against eigenvalues by LAPACK and inertia by characteristic polynomials."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb, fmpq

from solvers import arithmetic
from solvers.network import inertia, least_pivot


@pytest.mark.parametrize("seed", range(20))
def test_positive_exactly_where_all_eigenvalues_are(seed):
    random = np.random.default_rng(seed)
    half = random.integers(-4, 5, (4, 4))
    symmetric = arithmetic.exact(half + half.T + 2 * seed * np.eye(4, dtype=int))
    assert bool(least_pivot(symmetric) > 0) == (inertia(symmetric) == (4, 0, 0))
    assert bool(least_pivot(symmetric) > 0) == bool(np.linalg.eigvalsh(symmetric.astype(float)).min() > 1e-9)


def test_both_answers_are_among_the_draws():
    seen = set()
    for seed in range(20):
        half = np.random.default_rng(seed).integers(-4, 5, (4, 4))
        seen.add(bool(least_pivot(arithmetic.exact(half + half.T + 2 * seed * np.eye(4, dtype=int))) > 0))
    assert seen == {True, False}


def test_singular_and_indefinite_matrices_stop_early():
    assert least_pivot(arithmetic.exact([[1, 1], [1, 1]])) == 0
    assert least_pivot(arithmetic.exact([[0, 1], [1, 0]])) == 0
    assert least_pivot(arithmetic.exact([[2, 3], [3, 1]])) == fmpq(-7, 2)
    assert least_pivot(arithmetic.exact([[fmpq(1, 3)]])) == fmpq(1, 3)


def test_balls_around_zero_tell_nothing():
    """[[1, 1 +- 1/8], [., 1]] may or may not be positive definite."""
    wide = arb(1) + arb(0, 1) / 8
    pivot = least_pivot(np.array([[arb(1), wide], [wide, arb(1)]]))
    assert not pivot > 0
    assert not pivot <= 0
    assert least_pivot(np.array([[arb(2), wide], [wide, arb(2)]])) > 0


@pytest.mark.parametrize(
    ("matrix", "kind", "message"),
    [
        (np.eye(2), TypeError, "expected object"),
        (arithmetic.exact([[1, 2, 3], [2, 1, 3]]), ValueError, "expected a square matrix"),
    ],
)
def test_bad_matrices(matrix, kind, message):
    with pytest.raises(kind, match=f"symmetric .*{message}"):
        least_pivot(matrix)
