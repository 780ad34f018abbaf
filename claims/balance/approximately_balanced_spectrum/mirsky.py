"""Statements 1 and 2: singular values move no more than their matrix, and what that says of rotated diagonals."""

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.suite import control, exact, sampled, symbolic
from claims.suite.symbols import as_words, is_zero
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, settle
from solvers.network import frobenius_squared, singular_values, squared_singular_values


def mirsky(left: ObjectArray, right: ObjectArray) -> Comparison:
    """<A, B> <= sum_i s_i t_i, which is statement 1 squared."""
    total: Scalar = sum((s * t for s, t in zip(*map(singular_values, (left, right)), strict=True)), start=fmpq(0))
    return Comparison((left * right).sum(), "<=", total, "<A, B> against the product of the singular values")


def rotations(first: ObjectArray, second: ObjectArray, basis: ObjectArray) -> list[Comparison]:
    """Statement 2, squared: ||D1 - D2||_F <= e and ||D1 - O D1 O^T||_F <= 2 e."""
    squared = frobenius_squared(first - basis @ second @ basis.T)
    moved = frobenius_squared(first - basis @ first @ basis.T)
    return [
        Comparison(frobenius_squared(first - second), "<=", squared, "||D1 - D2||_F^2"),
        Comparison(moved, "<=", 4 * squared, "||D1 - O D1 O^T||_F^2"),
    ]


@symbolic
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_sum_behind_mirsky(size: int) -> None:
    """Abel's summation in the proof of 1, and min(k, l) - sum_{i<=k, j<=l} p_ij >= 0 for any slack in the rows."""
    a, b = sympy.symbols(f"a:{size}", nonnegative=True), sympy.symbols(f"b:{size}", nonnegative=True)
    p = sympy.Matrix(size, size, sympy.symbols(f"p:{size * size}", nonnegative=True))
    s, t = ([sum(steps[i:]) for i in range(size)] for steps in (a, b))
    gain = sum(s[i] * (int(i == j) - p[i, j]) * t[j] for i in range(size) for j in range(size))
    corners = sum(a[k] * b[m] * (min(k, m) + 1 - sum(p[: k + 1, : m + 1])) for k in range(size) for m in range(size))
    assert sympy.expand(gain - corners) == 0
    slack = sympy.symbols(f"u:{size}", nonnegative=True)  # what a row lacks of 1 (k <= l; a column if l <= k)
    for k in range(size):
        for m in range(k, size):
            rows = {p[i, 0]: 1 - slack[i] - sum(p[i, 1:]) for i in range(k + 1)}
            left = sympy.expand((k + 1 - sum(p[: k + 1, : m + 1])).subs(rows))
            assert left == sum(slack[: k + 1]) + sum(p[: k + 1, m + 1 :])


@symbolic
def test_products_of_entries_are_below_mean_squares() -> None:
    """(u^2 + v^2)/2 - u v = (u - v)^2 / 2: with orthogonal U and V, p_ij has rows and columns of sum at most 1."""
    u, v = sympy.symbols("u v", real=True)
    assert sympy.expand((u**2 + v**2) / 2 - u * v - (u - v) ** 2 / 2) == 0


@symbolic
def test_the_triangle_behind_the_second_statement() -> None:
    """D1 - O D1 O^T = (D1 - O D2 O^T) + O (D2 - D1) O^T, and ||O E O^T||_F^2 = ||E||_F^2, for symbolic size.

    The latter: O^T O = I turns (O E O^T)^T (O E O^T) = O (E^T (O^T O) E) O^T into O E^T E O^T, of the trace of E^T E.
    """
    n = sympy.Symbol("n", integer=True, positive=True)
    first, second, basis, e = (sympy.MatrixSymbol(name, n, n) for name in ("D1", "D2", "O", "E"))
    triangle = first - basis @ second @ basis.T + basis @ (second - first) @ basis.T
    assert is_zero(first - basis @ first @ basis.T - triangle)
    rotated, defect = basis @ e @ basis.T, basis.T @ basis - sympy.Identity(n)
    assert is_zero(rotated.T @ rotated - basis @ e.T @ (defect @ e + e) @ basis.T)
    letters, moved = (as_words(word).args for word in (basis @ e.T @ e @ basis.T, e.T @ e @ basis.T @ basis))
    assert (*letters[1:], letters[0]) == moved  # cyclic words have one trace


@exact
@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_mirsky_for_known_singular_values(rows: int, columns: int, data: st.DataObject) -> None:
    """Rational A and B of known rational singular values in any rational bases, rank-deficient and equal ones too."""
    left, right = data.draw(strategies.targets(rows, columns)), data.draw(strategies.targets(rows, columns))
    for other in (right, left, -left, 2 * left):
        assert compare(mirsky(left, other)).holds


@exact
@given(st.integers(1, 5), st.data())
def test_rotated_diagonals(size: int, data: st.DataObject) -> None:
    """Statement 2 for rational D1, D2 and exactly orthogonal rational O."""
    values = [data.draw(strategies.singular_value_lists(size)) for _ in range(2)]
    first, second = (strategies.diagonal(size, size, drawn) for drawn in values)
    basis = data.draw(strategies.orthogonal_matrices(size))
    assert all(compare(comparison).holds for comparison in rotations(first, second, basis))


@sampled
@given(st.sampled_from(strategies.DATASETS), st.data())
def test_mirsky_on_perturbed_real_data(name: str, data: st.DataObject) -> None:
    """A real target Phi against Phi + E, E dyadic and not 0 (where both sides are equal and irrational)."""
    target = arithmetic.exact(strategies.regression(name).target)
    move = arithmetic.exact(data.draw(strategies.dyadic_matrices(*target.shape).filter(np.any)))
    assert settle(lambda: mirsky(target, target + move)).holds


ONE_ZERO, IDENTITY = (strategies.diagonal(2, 2, values) for values in ([1, 0], [1, 1]))
SWAP = arithmetic.exact([[0, 1], [1, 0]])


@control
def test_refuted_mirsky_unsorted_or_in_the_spectral_norm() -> None:
    """diag(1, 0) against diag(0, 1) paired as they stand; I against 0, at Frobenius distance sqrt 2 and spectral 1."""
    other = SWAP @ ONE_ZERO @ SWAP
    assert compare(Comparison((other * other).sum(), "<=", (ONE_ZERO * other).sum(), "unsorted")).fails
    spectral = squared_singular_values(IDENTITY)[0]
    assert compare(Comparison(frobenius_squared(IDENTITY), "<=", spectral, "spectral norm")).fails


@control
def test_refuted_when_the_diagonals_are_not_sorted_or_the_basis_not_orthogonal() -> None:
    """diag(1, 0) = O diag(0, 1) O^T with the swap O; 1 = 2 (1/4) 2."""
    assert compare(rotations(ONE_ZERO, SWAP @ ONE_ZERO @ SWAP, SWAP)[0]).fails
    assert compare(rotations(*strategies.scalar_weights(4, 1), *strategies.scalar_weights(2))[0]).fails


@control
def test_refuted_with_smaller_constants_in_the_second_statement() -> None:
    """D1 = diag(1, 0), D2 = diag(1/2, 1/2), O the swap: both inequalities are equalities."""
    for left, _, right, sentence in rotations(ONE_ZERO, strategies.diagonal(2, 2, [fmpq(1, 2)] * 2), SWAP):
        assert compare(Comparison(left, "==", right, sentence)).holds
        assert compare(Comparison(left, "<=", right * fmpq(99, 100), sentence)).fails
