"""The Hessian of l(W_1, ..., W_N) = 1/2 ||W - Phi||_F^2, as a product with a direction and as a matrix.

With A_j = W_{j+1:N}, C_j = W_{1:j-1}, dX the derivative of a product X along V (one factor replaced at a time),

    (H V)_j = dA_j^T G C_j^T + A_j^T dG C_j^T + A_j^T G dC_j^T,

where G = W - Phi and dG = dW; with a covariance S, G = (W - Phi) S and dG = dW S; with a mask M, G = M * (W - Phi) and
dG = M * dW.

Runs in the arithmetic of the weights (float64, rationals, balls).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solvers.network.checks import check_chain, check_single_matrix, check_target
from solvers.network.data_checks import check_data
from solvers.network.network import Matrix, Weights, _product, outer_gradient, transpose


def hessian_vector_product(
    weights: Weights,
    target: Matrix,
    direction: Weights,
    *,
    covariance: Matrix | None = None,
    mask: Matrix | None = None,
) -> tuple[Matrix, ...]:
    """(H V)_j for a direction V of the weights' shapes; H is the second derivative of the loss.

    Raises ValueError where ``direction`` does not have the shapes of ``weights``.
    """
    check_chain(weights)
    check_target(weights, target)
    check_data(weights, covariance, mask)
    shapes, expected = [getattr(v, "shape", None) for v in direction], [matrix.shape for matrix in weights]
    if shapes != expected:
        raise ValueError(f"direction has shapes {shapes}; expected those of weights, {expected}")
    residual, moved = (
        outer_gradient(matrix, covariance=covariance, mask=mask)
        for matrix in (_product(weights) - target, _derivative(weights, direction))
    )
    result = []
    for j in range(len(weights)):
        terms = [(weights[:j], moved, weights[j + 1 :])]
        terms += [(swapped, residual, weights[j + 1 :]) for swapped in _replacements(weights[:j], direction[:j])]
        terms += [(weights[:j], residual, swapped) for swapped in _replacements(weights[j + 1 :], direction[j + 1 :])]
        result.append(sum((_sandwich(*term) for term in terms[1:]), start=_sandwich(*terms[0])))
    return tuple(result)


def curvature(
    weights: Weights,
    target: Matrix,
    direction: Weights,
    *,
    covariance: Matrix | None = None,
    mask: Matrix | None = None,
) -> Any:
    """<V, H V>, the second derivative of the loss along a direction V of the weights' shapes."""
    product = hessian_vector_product(weights, target, direction, covariance=covariance, mask=mask)
    return sum((v * h).sum() for v, h in zip(direction, product, strict=True))


def hessian(
    weights: Weights, target: Matrix, *, covariance: Matrix | None = None, mask: Matrix | None = None
) -> Matrix:
    """The Hessian as a matrix over the concatenated rows of W_1, ..., W_N, block by block.

    In the rows of V_j and the columns of V_i, i <= j, stands J_j^T K J_i with J_i = A_i x C_i^T, x the Kronecker
    product, and K what takes dW to dG; and where i < j also E_ab M_cd at the places (a, c) of V_j and (d, b) of V_i,
    E = A_j^T G C_i^T, M = W_{i+1:j-1}.
    """
    check_chain(weights)
    check_target(weights, target)
    check_data(weights, covariance, mask)
    for j, matrix in enumerate(weights):
        check_single_matrix(matrix, f"weights[{j}]")
    depth, residual = len(weights), outer_gradient(_product(weights) - target, covariance=covariance, mask=mask)
    before = [_identity(weights[0].T)] + [_product(weights[:j]) for j in range(1, depth)]
    after = [_product(weights[j + 1 :]) for j in range(depth - 1)] + [_identity(weights[-1])]
    moved = [np.kron(a, c.T).T.reshape(-1, *target.shape) for a, c in zip(after, before, strict=True)]
    seen = [outer_gradient(each, covariance=covariance, mask=mask) for each in moved]
    rows: list[list[Matrix]] = [[None] * depth for _ in range(depth)]
    for j in range(depth):
        for i in range(j + 1):
            block = moved[j].reshape(len(moved[j]), -1) @ seen[i].reshape(len(seen[i]), -1).T
            if i < j:
                middle = _product(weights[i + 1 : j]) if j > i + 1 else _identity(weights[i])
                outer = np.multiply.outer(after[j].T @ residual @ before[i].T, middle)
                block = block + outer.transpose(0, 2, 3, 1).reshape(block.shape)
            rows[j][i], rows[i][j] = block, block.T
    return np.block(rows)


def _identity(matrix: Matrix) -> Matrix:
    """I of the number of rows, in the matrix's arithmetic."""
    return np.eye(len(matrix), dtype=int).astype(matrix.dtype) + 0 * matrix[:, :1]


def _replacements(weights: Weights, direction: Weights) -> list[Sequence[Matrix]]:
    return [[*weights[:k], direction[k], *weights[k + 1 :]] for k in range(len(weights))]


def _derivative(weights: Weights, direction: Weights) -> Matrix:
    terms = [_product(swapped) for swapped in _replacements(weights, direction)]
    return sum(terms[1:], start=terms[0])


def _sandwich(before: Weights, middle: Matrix, after: Weights) -> Matrix:
    """(product of after)^T middle (product of before)^T, an empty product being the identity."""
    result = transpose(_product(after)) @ middle if len(after) else middle
    return result @ transpose(_product(before)) if len(before) else result
