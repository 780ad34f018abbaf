"""The proof: identities whose every term has a factor that balance makes zero, for matrices of symbolic size."""

from functools import reduce
from operator import matmul

import pytest
import sympy

from claims.suite import symbolic
from claims.suite.symbols import is_zero, matrix_power, network_symbols
from solvers.network import end_to_end, imbalances, transpose


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_the_gram_matrix_is_a_power_up_to_terms_with_an_imbalance(depth: int) -> None:
    """W^T W - (W_1^T W_1)^N is a sum of products that each contain some B_j, for every width: its value at B = 0."""
    weights, _ = network_symbols(depth)
    difference = transpose(end_to_end(weights)) @ end_to_end(weights) - matrix_power(weights[0].T @ weights[0], depth)
    for j, b in enumerate(imbalances(weights)):  # W_{1:j}^T ((X + B)^m - X^m) W_{1:j}, with X + B the next layer's
        head, after, before = end_to_end(weights[: j + 1]), weights[j + 1].T @ weights[j + 1], weights[j] @ weights[j].T
        size = depth - j - 1
        for r in range(size):
            middle = [after] * r + [b] + [before] * (size - 1 - r)
            difference -= head.T @ reduce(matmul, middle) @ head
    assert is_zero(difference)


@symbolic
def test_the_inductive_step_for_every_depth_and_width() -> None:
    """With P = (A A^T)^n, Q = (A^T A)^n: P A = A Q gives the same for n + 1, and V^T V = P gives (V A)^T V A = A^T A Q.

    Each difference is a combination of the hypotheses' differences, A = W_1 and V the product of n layers above it.
    """
    d = sympy.symbols("d:3", integer=True, positive=True)
    a, v = sympy.MatrixSymbol("A", d[1], d[0]), sympy.MatrixSymbol("V", d[2], d[1])
    p, q = sympy.MatrixSymbol("P", d[1], d[1]), sympy.MatrixSymbol("Q", d[0], d[0])
    pushed, assumed = p @ a - a @ q, v.T @ v - p
    assert is_zero((a @ a.T @ p) @ a - a @ (a.T @ a @ q) - a @ a.T @ pushed)
    assert is_zero((v @ a).T @ (v @ a) - (a.T @ a) @ q - a.T @ assumed @ a - a.T @ pushed)


@symbolic
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 4), (2, 2), (3, 2), (3, 3)])
def test_both_gram_matrices_have_the_same_non_zero_eigenvalues(rows: int, columns: int) -> None:
    """Sylvester's identity with a symbol for each entry; for all sizes it is the classical determinant identity."""
    a, x = sympy.Matrix(rows, columns, sympy.symbols(f"a:{rows * columns}")), sympy.Symbol("x")
    left = (a * a.T).charpoly(x).as_expr() * x**columns
    right = (a.T * a).charpoly(x).as_expr() * x**rows
    assert sympy.expand(left - right) == 0
