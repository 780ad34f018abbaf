"""The proof for matrices of symbolic size: bases cancel, diagonal matrices stay so, a mode is a scalar network."""

from functools import reduce
from operator import mul

import pytest
import sympy

from claims.suite import symbolic
from solvers.flow import mode_gradients
from solvers.network import end_to_end, layer_gradients

SIZES = sympy.symbols("d:6", integer=True, positive=True)

BASES = [sympy.MatrixSymbol(f"Q{j}", size, size) for j, size in enumerate(SIZES)]


def cancelled(expression: sympy.MatrixExpr) -> sympy.MatrixExpr:
    """The expression, expanded, with I for every Q_j^T Q_j."""
    total = []
    for term in sympy.MatAdd.make_args(expression.expand().doit()):
        coefficient, factors = term.as_coeff_matrices()
        left: list[sympy.MatrixExpr] = []
        for factor in factors:
            if factor in BASES and left and left[-1] == factor.T:
                left.pop()
            else:
                left.append(factor)
        total.append(coefficient * sympy.MatMul(*left))
    return sympy.MatAdd(*total).doit()


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_gradients_keep_the_bases_for_every_depth_and_dimension(depth: int) -> None:
    """D_j = Q_j E_j Q_{j-1}^T for symbolic sizes and any S_j; so W_j - eta D_j is Q_j (S_j - eta E_j) Q_{j-1}^T. A
    layer with a block before it and one after it, or none: blocks of any number of layers, since a product of two
    layers, or blocks, in matching bases is in those of its ends."""
    inner = tuple(sympy.MatrixSymbol(f"S{j}", SIZES[j], SIZES[j - 1]) for j in range(1, depth + 1))
    target = sympy.MatrixSymbol("S", SIZES[depth], SIZES[0])
    weights = tuple(BASES[j + 1] * matrix * BASES[j].T for j, matrix in enumerate(inner))
    gradients = layer_gradients(weights, BASES[depth] * target * BASES[0].T)
    for j, (found, own) in enumerate(zip(gradients, layer_gradients(inner, target), strict=True)):
        expected = (BASES[j + 1] * own * BASES[j].T).expand().doit()
        assert (cancelled(found) - expected).doit() == sympy.ZeroMatrix(*found.shape)
    if depth == 2:
        assert cancelled(end_to_end(weights)) == (BASES[2] * end_to_end(inner) * BASES[0].T).doit()


@symbolic
def test_products_of_diagonal_matrices_are_diagonal_in_any_dimension() -> None:
    """(A B)_{ik} for A = diag(a) (m x n) and B = diag(b) (n x p), sizes symbolic: a_i b_i where i = k < n, else 0. So
    by induction entry i of a product is the product of entries i, and 0 where a width inside is at most i."""
    i, k, middle = sympy.symbols("i k j", integer=True, nonnegative=True)
    inner = sympy.Symbol("n", integer=True, positive=True)
    a, b = sympy.Function("a"), sympy.Function("b")
    delta = sympy.KroneckerDelta
    total = sympy.Sum(a(i) * delta(i, middle) * b(middle) * delta(middle, k), (middle, 0, inner - 1)).doit()
    expected = sympy.Piecewise((a(i) * b(i) * delta(i, k), i <= inner - 1), (0, True))
    assert sympy.simplify(total - expected) == 0
    assert (a(i) * delta(i, k)).subs(i, k) == (a(k) * delta(i, k)).subs(i, k)  # the transpose is diagonal, with a


@symbolic
@pytest.mark.parametrize("depth", range(1, 8))
def test_the_scalar_recurrence_is_the_gradient_of_a_modes_loss(depth: int) -> None:
    """dl/da_j of l = (a_1 ... a_N - s)^2 / 2; and the network's own gradients of width 1."""
    layers, s = sympy.symbols(f"a1:{depth + 1}", real=True), sympy.Symbol("s", real=True)
    value = (reduce(mul, layers) - s) ** 2 / 2
    network = layer_gradients(tuple(sympy.Matrix([[a]]) for a in layers), sympy.Matrix([[s]]))
    for a, found, matrix in zip(layers, mode_gradients(layers, s), network, strict=True):
        assert sympy.expand(found - sympy.diff(value, a)) == 0
        assert sympy.expand(found - matrix[0]) == 0


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_the_flow_of_the_modes_solves_the_networks_equation(depth: int) -> None:
    """For any functions with a_j' = -(prod of the others) (u - s) the S_j(t) = diag(a_j(t)) have dS_j/dt = -E_j;
    so W_j(t) = Q_j S_j(t) Q_{j-1}^T, Q_j constant, has dW_j/dt = -Q_j E_j Q_{j-1}^T = -D_j by the test above."""
    t, targets = sympy.Symbol("t", real=True), sympy.symbols("s1:3", real=True)
    modes = [[sympy.Function(f"a{j}{i}")(t) for j in range(depth)] for i in range(2)]
    law = {
        a.diff(t): -gradient
        for mode, s in zip(modes, targets, strict=True)
        for a, gradient in zip(mode, mode_gradients(mode, s), strict=True)
    }
    layers = tuple(sympy.diag(modes[0][j], modes[1][j]) for j in range(depth))
    for matrix, gradient in zip(layers, layer_gradients(layers, sympy.diag(*targets)), strict=True):
        assert (matrix.diff(t).subs(law) + gradient).expand() == sympy.zeros(2, 2)
