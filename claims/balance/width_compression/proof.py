"""The proof for blocks of any size: S = W_{1:j-1}, A = W_j, P = W_{j+1:N}, block diagonal products of any length."""

import pytest
import sympy

from claims.suite import control, symbolic
from solvers.network import backpropagate, end_to_end, gradient_step, imbalances, transpose


def block_networks(names: str) -> tuple[tuple[sympy.Expr, ...], tuple[sympy.Expr, ...], tuple[sympy.Expr, ...]]:
    """(diag(V_j, C_j) for each name, the V_j, the C_j), all sizes symbols."""
    count = len(names) + 1
    inner, outer = (sympy.symbols(f"{letter}:{count}", integer=True, positive=True) for letter in "kc")
    first, second = (
        tuple(sympy.MatrixSymbol(name + part, sizes[j + 1], sizes[j]) for j, name in enumerate(names))
        for part, sizes in (("V", inner), ("C", outer))
    )
    return tuple(sympy.BlockDiagMatrix(v, c) for v, c in zip(first, second, strict=True)), first, second


def collapsed(expression: sympy.Expr) -> sympy.Expr:
    """Products and sums of blocks, as one matrix of blocks."""
    return sympy.block_collapse(expression.doit()).doit()


def is_block_diagonal(expression: sympy.Expr, first: sympy.Expr, second: sympy.Expr) -> bool:
    """Whether an expression is diag(first, second), block by block."""
    blocks = collapsed(expression).blocks
    expected = [[first, sympy.ZeroMatrix(first.rows, second.cols)], [sympy.ZeroMatrix(second.rows, first.cols), second]]
    return all(
        (blocks[i, j] - expected[i][j]).expand().doit() == sympy.ZeroMatrix(*blocks[i, j].shape)
        for i in range(2)
        for j in range(2)
    )


@symbolic
def test_products_of_block_networks_are_block_networks_in_any_dimension() -> None:
    """The induction over the layers: diag(V_2, C_2) diag(V_1, C_1) = diag(V_2 V_1, C_2 C_1)."""
    (before, after), inner, outer = block_networks("SA")
    assert is_block_diagonal(after @ before, inner[1] @ inner[0], outer[1] @ outer[0])


@control
def test_refuted_where_one_block_is_another() -> None:
    """Each of the four blocks is compared: diag(A, C) is not diag(2 A, C), diag(A, 2 C), nor what is not diagonal."""
    (layer,), (inner,), (outer,) = block_networks("A")
    assert is_block_diagonal(layer, inner, outer)
    assert not is_block_diagonal(layer, 2 * inner, outer)
    assert not is_block_diagonal(layer, inner, 2 * outer)
    for beside in ((1, 0), (0, 1)):
        corner = sympy.BlockMatrix(
            [
                [inner, beside[0] * sympy.MatrixSymbol("X", inner.rows, outer.cols)],
                [beside[1] * sympy.MatrixSymbol("Y", outer.rows, inner.cols), outer],
            ]
        )
        assert not is_block_diagonal(corner, inner, outer)


@symbolic
@pytest.mark.parametrize("names", ["SAP", "AP", "SA", "A"])
def test_layer_gradients_are_those_of_the_small_network_for_every_depth(names: str) -> None:
    """D_j = diag(D_j(V), 0) for R = diag(S, 0): the prefix and the suffix of layer j are blocks of any length."""
    weights, inner, outer = block_networks(names)
    small = sympy.MatrixSymbol("R", inner[-1].rows, inner[0].cols)
    whole = sympy.BlockDiagMatrix(small, sympy.ZeroMatrix(outer[-1].rows, outer[0].cols))
    j = names.index("A")
    gradient = backpropagate(weights, whole)[j]
    assert is_block_diagonal(gradient, backpropagate(inner, small)[j], sympy.ZeroMatrix(*outer[j].shape))


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_step_keeps_the_form_in_any_dimension(depth: int) -> None:
    """W_j - eta D_j = diag(V_j - eta D_j(V), C_j) with Phi = diag(Phi_V, C_N ... C_1), R's own form included: N = 1,
    2, 3, and for every N by the two checks above, layer by layer."""
    weights, inner, outer = block_networks("ABC"[:depth])
    eta = sympy.Symbol("eta", positive=True)
    small = sympy.MatrixSymbol("Phi", inner[-1].rows, inner[0].cols)
    residual = collapsed(end_to_end(weights) - sympy.BlockDiagMatrix(small, end_to_end(outer)))
    assert is_block_diagonal(residual, end_to_end(inner) - small, sympy.ZeroMatrix(outer[-1].rows, outer[0].cols))
    whole = sympy.BlockDiagMatrix(end_to_end(inner) - small, sympy.ZeroMatrix(outer[-1].rows, outer[0].cols))
    moved = gradient_step(inner, small, eta)
    for j, (weight, gradient) in enumerate(zip(weights, backpropagate(weights, whole), strict=True)):
        assert is_block_diagonal(weight - eta * collapsed(gradient), moved[j], outer[j])


@symbolic
def test_imbalances_and_gram_matrices_are_block_diagonal_in_any_dimension() -> None:
    """B_j(W) = diag(B_j(V), B_j(C)) and W^T W = diag(V^T V, C^T C): squared norms add, singular values unite."""
    weights, inner, outer = block_networks("AB")
    assert is_block_diagonal(imbalances(weights)[0], imbalances(inner)[0], imbalances(outer)[0])
    (single,), (small,), (rest,) = block_networks("A")
    assert is_block_diagonal(transpose(single) @ single, transpose(small) @ small, transpose(rest) @ rest)
