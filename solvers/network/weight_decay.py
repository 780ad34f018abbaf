"""Weight decay: the loss, its derivatives and a step of descent with a penalty on every layer.

    F(W_1, ..., W_N) = 1/2 ||W_N ... W_1 - Phi||_F^2 + 1/2 sum_j lambda_j ||W_j||_F^2

so that the gradient by W_j is D_j + lambda_j W_j, and the Hessian is that of the loss plus lambda_j on layer j.
``decay`` is one lambda for all layers or a sequence of N, one a layer, of the weights' arithmetic (float64, rationals,
balls; a float for enclosures; SymPy's symbols).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solvers.network.checks import check_step_rate
from solvers.network.hessian import hessian, hessian_vector_product
from solvers.network.network import Matrix, Weights, frobenius_squared, layer_gradients, loss


def decayed_loss(weights: Weights, target: Matrix, decay: Any) -> Any:
    """F(W_1, ..., W_N); raises ValueError or TypeError as :func:`solvers.loss`, and for a ``decay`` that does not fit.

    A decay may be of any sign, though F is bounded below only for lambda_j >= 0.
    """
    unpenalised, rates = loss(weights, target), _rates(weights, decay)
    penalties = [rate * frobenius_squared(matrix) / 2 for rate, matrix in zip(rates, weights, strict=True)]
    return sum(penalties, start=unpenalised)


def decayed_gradients(weights: Weights, target: Matrix, decay: Any) -> tuple[Matrix, ...]:
    """D_j + lambda_j W_j, the gradient of F by W_j."""
    gradients, rates = layer_gradients(weights, target), _rates(weights, decay)
    return tuple(d + rate * matrix for d, rate, matrix in zip(gradients, rates, weights, strict=True))


def decayed_step(weights: Weights, target: Matrix, decay: Any, learning_rate: Any) -> tuple[Matrix, ...]:
    """One step of gradient descent on F: W_j - eta (D_j + lambda_j W_j), on all layers at once."""
    gradients = decayed_gradients(weights, target, decay)
    check_step_rate(learning_rate, weights)
    return tuple(matrix - learning_rate * gradient for matrix, gradient in zip(weights, gradients, strict=True))


def decayed_hessian_vector_product(
    weights: Weights, target: Matrix, decay: Any, direction: Weights
) -> tuple[Matrix, ...]:
    """(H V)_j + lambda_j V_j, H the Hessian of the loss, for a direction V of the weights' shapes."""
    products, rates = hessian_vector_product(weights, target, direction), _rates(weights, decay)
    return tuple(h + rate * v for h, rate, v in zip(products, rates, direction, strict=True))


def decayed_hessian(weights: Weights, target: Matrix, decay: Any) -> Matrix:
    """The Hessian of F as a matrix over the concatenated rows of W_1, ..., W_N."""
    matrix, rates = hessian(weights, target), _rates(weights, decay)
    sizes = [layer.size for layer in weights]
    for place, rate in enumerate(rate for rate, size in zip(rates, sizes, strict=True) for _ in range(size)):
        matrix[place, place] = matrix[place, place] + rate
    return matrix


def _rates(weights: Weights, decay: Any) -> Sequence[Any]:
    """lambda_1, ..., lambda_N."""
    expected = f"expected a number, or a sequence of {len(weights)}, one a layer"
    if isinstance(decay, list | tuple):
        if len(decay) != len(weights):
            raise ValueError(f"decay has {len(decay)} entries; {expected}")
        rates: Sequence[Any] = decay
    else:
        rates = [decay] * len(weights)
    for rate in rates:
        if isinstance(rate, bool | str | bytes | complex | np.ndarray | None) or not hasattr(rate, "__rmul__"):
            raise TypeError(f"decay is {decay!r}; {expected}")
        if isinstance(rate, float) and not np.isfinite(rate):
            raise ValueError(f"decay is {decay!r}; {expected}, finite")
    return rates
