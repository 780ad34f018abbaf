"""The algebra of a deep linear network, written once for every arithmetic.

A network of depth N is a sequence of matrices ``weights``, input side first; ``weights[j]`` has shape
(d_{j+1}, d_j). Nothing but the Frobenius norm uses more than ``@``, ``+``, ``-`` and the transpose, so that the
same lines run on

- float64 arrays (with leading batch axes, broadcast as ``@`` broadcasts them),
- NumPy object arrays of exact rationals (``flint.fmpq``) or of balls (``flint.arb``),
- :class:`solvers.arithmetic.enclosure.Enclosure`, float64 with a rigorous rounding bound,
- SymPy matrices and ``MatrixSymbol`` expressions of symbolic size.

Source of the notation: Arora, Cohen, Golowich, Hu (2019), arXiv:1810.02281, Section 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import matmul
from typing import Any, TypeAlias

from solvers.network.checks import check_chain, check_step_rate, check_target

Matrix: TypeAlias = Any
"""A matrix in any of the arithmetics above."""

Weights: TypeAlias = Sequence[Matrix]


def transpose(matrix: Matrix) -> Matrix:
    """The transpose of the last two axes: ``.mT`` where batches are possible, ``.T`` in SymPy."""
    return matrix.mT if hasattr(matrix, "mT") else matrix.T


def frobenius_squared(matrix: Matrix) -> Any:
    """||A||_F^2 in the arithmetic of A (of each matrix, for a batch)."""
    if hasattr(matrix, "frobenius_squared"):
        return matrix.frobenius_squared()
    if not hasattr(matrix, "sum"):  # SymPy, whose * is the matrix product
        from sympy import trace  # only those who bring symbols pay for the import

        return trace(transpose(matrix) @ matrix)
    return (matrix * matrix).sum(axis=(-2, -1))


def end_to_end(weights: Weights) -> Matrix:
    """The end-to-end matrix W = W_N ... W_1, of shape (d_N, d_0).

    Raises ValueError if ``weights`` is empty or two layers do not fit.
    """
    check_chain(weights)
    return _product(weights)


def loss(weights: Weights, target: Matrix) -> Any:
    """l(W_1, ..., W_N) = 1/2 ||W_N ... W_1 - Phi||_F^2."""
    check_chain(weights)
    check_target(weights, target)
    return frobenius_squared(_product(weights) - target) / 2


def backpropagate(weights: Weights, gradient: Matrix) -> tuple[Matrix, ...]:
    """Layer gradients D_j = W_{j+1:N}^T G W_{1:j-1}^T of any loss whose end-to-end gradient is G = dL/dW.

    ``gradient`` has the shape (d_N, d_0) of the end-to-end matrix; D_j has the shape of W_j.
    """
    check_chain(weights)
    check_target(weights, gradient, name="gradient")
    return _backpropagate(weights, gradient)


def layer_gradients(weights: Weights, target: Matrix) -> tuple[Matrix, ...]:
    """D_j = W_{j+1:N}^T (W - Phi) W_{1:j-1}^T, the gradient of the loss with respect to W_j."""
    check_chain(weights)
    check_target(weights, target)
    return _backpropagate(weights, _product(weights) - target)


def gradient_step(weights: Weights, target: Matrix, learning_rate: Any) -> tuple[Matrix, ...]:
    """One step of gradient descent, W_j - eta D_j, on all layers at once.

    ``learning_rate`` is a scalar of the weights' arithmetic (a float for float64 arrays), or for a batch an array of
    them of shape (B, 1, 1).
    """
    gradients = layer_gradients(weights, target)
    check_step_rate(learning_rate, weights)
    return tuple(matrix - learning_rate * gradient for matrix, gradient in zip(weights, gradients, strict=True))


def imbalances(weights: Weights) -> tuple[Matrix, ...]:
    """B_j = W_{j+1}^T W_{j+1} - W_j W_j^T for j = 1..N-1, each d_j x d_j; empty for depth 1."""
    check_chain(weights)
    return tuple(transpose(after) @ after - before @ transpose(before) for before, after in pairwise(weights))


def _product(weights: Weights) -> Matrix:
    return reduce(lambda product, matrix: matmul(matrix, product), weights)


def _backpropagate(weights: Weights, gradient: Matrix) -> tuple[Matrix, ...]:
    """Sweep from the output: D_j needs W_{j+1:N}^T G, which grows by one factor a layer, and W_{1:j-1}^T."""
    prefixes = [weights[0]]  # prefixes[j - 1] = W_{1:j}
    for matrix in weights[1:-1]:
        prefixes.append(matrix @ prefixes[-1])
    back = gradient
    gradients = []
    for j in range(len(weights) - 1, 0, -1):
        gradients.append(back @ transpose(prefixes[j - 1]))
        back = transpose(weights[j]) @ back
    gradients.append(back)
    return tuple(reversed(gradients))
