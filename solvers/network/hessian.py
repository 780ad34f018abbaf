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
    """The Hessian as a matrix over the concatenated rows of W_1, ..., W_N; one product a column."""
    check_chain(weights)
    for j, matrix in enumerate(weights):
        check_single_matrix(matrix, f"weights[{j}]")
    sizes = [matrix.size for matrix in weights]
    columns = []
    for column in range(sum(sizes)):
        unit = np.zeros(sum(sizes), dtype=int).astype(weights[0].dtype)
        unit[column] = 1
        pieces = np.split(unit, np.cumsum(sizes)[:-1])
        direction = [matrix * 0 + piece.reshape(matrix.shape) for matrix, piece in zip(weights, pieces, strict=True)]
        product = hessian_vector_product(weights, target, direction, covariance=covariance, mask=mask)
        columns.append(np.concatenate([matrix.ravel() for matrix in product]))
    return np.array(columns).T


def _replacements(weights: Weights, direction: Weights) -> list[Sequence[Matrix]]:
    return [[*weights[:k], direction[k], *weights[k + 1 :]] for k in range(len(weights))]


def _derivative(weights: Weights, direction: Weights) -> Matrix:
    terms = [_product(swapped) for swapped in _replacements(weights, direction)]
    return sum(terms[1:], start=terms[0])


def _sandwich(before: Weights, middle: Matrix, after: Weights) -> Matrix:
    """(product of after)^T middle (product of before)^T, an empty product being the identity."""
    result = transpose(_product(after)) @ middle if len(after) else middle
    return result @ transpose(_product(before)) if len(before) else result
