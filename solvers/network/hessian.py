"""The Hessian of l(W_1, ..., W_N) = 1/2 ||W - Phi||_F^2, as a product with a direction and as a matrix.

With A_j = W_{j+1:N}, C_j = W_{1:j-1}, dX the derivative of a product X along V (one factor replaced at a time),

    (H V)_j = dA_j^T G C_j^T + A_j^T dG C_j^T + A_j^T G dC_j^T,

where G = W - Phi and dG = dW; with a covariance S, G = (W - Phi) S and dG = dW S; with a mask M, G = M * (W - Phi) and
dG = M * dW.

Runs in the arithmetic of the weights (float64, rationals, balls).
"""

from __future__ import annotations

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
    before, moved_before = [weights[0]], [direction[0]]  # W_{1:j} and dW_{1:j}
    for matrix, move in zip(weights[1:], direction[1:], strict=True):
        moved_before.append(move @ before[-1] + matrix @ moved_before[-1])
        before.append(matrix @ before[-1])
    back, moved_back = (  # A_j^T G and its derivative, from j = N down
        outer_gradient(matrix, covariance=covariance, mask=mask) for matrix in (before[-1] - target, moved_before[-1])
    )
    result = []
    for j in range(len(weights) - 1, 0, -1):
        result.append(moved_back @ transpose(before[j - 1]) + back @ transpose(moved_before[j - 1]))
        moved_back = transpose(weights[j]) @ moved_back + transpose(direction[j]) @ back
        back = transpose(weights[j]) @ back
    return (moved_back, *reversed(result))


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
