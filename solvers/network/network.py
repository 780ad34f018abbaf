"""The algebra of a deep linear network, written once for every arithmetic.

A network of depth N is a sequence of matrices ``weights``, input side first; ``weights[j]`` has shape
(d_{j+1}, d_j). Its loss is that of the residual R = W - Phi of the end-to-end matrix W = W_N ... W_1, in one of three
forms, with G = dL/dW:

    white        1/2 ||R||_F^2           G = R
    covariance   1/2 tr(R S R^T)         G = R S      S = X X^T / m, the inputs' second moments: psd, d_0 x d_0
    mask         1/2 ||M * R||_F^2       G = M * R    M of 0 and 1, d_N x d_0, * entry by entry: M = 1 is observed

Where S is singular, or M has zeros, the loss has minima beside Phi, and a target that differs from Phi by what S or M
does not see is the same problem: for data X, Y that are not fitted exactly, see :mod:`solvers.network.regression`.
S = I and M = 1 are the white loss, in the very same numbers.

Nothing but the norms and M * R uses more than ``@``, ``+``, ``-`` and the transpose, so that the same lines run on

- float64 arrays (with leading batch axes, broadcast as ``@`` broadcasts them),
- NumPy object arrays of exact rationals (``flint.fmpq``) or of balls (``flint.arb``),
- :class:`solvers.arithmetic.enclosure.Enclosure`, float64 with a rigorous rounding bound,
- SymPy matrices and ``MatrixSymbol`` expressions of symbolic size.

Source of the notation: Arora, Cohen, Golowich, Hu (2019), arXiv:1810.02281, Section 2; the covariance is that of Saxe,
McClelland, Ganguli (2014), arXiv:1312.6120, Section 1, the mask that of Arora, Cohen, Hu, Luo (2019), arXiv:1905.13655.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import matmul
from typing import Any, TypeAlias

import numpy as np

from solvers.arithmetic import Enclosure
from solvers.network.checks import check_chain, check_step_rate, check_target
from solvers.network.data_checks import check_data

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


def inner(left: Matrix, right: Matrix) -> Any:
    """<A, B> = trace(A^T B) in the arithmetic of A and B (of each pair, for a batch)."""
    if hasattr(left, "inner"):
        return left.inner(right)
    if not hasattr(left, "sum"):
        from sympy import trace

        return trace(transpose(left) @ right)
    return (left * right).sum(axis=(-2, -1))


def outer_gradient(residual: Matrix, *, covariance: Matrix | None = None, mask: Matrix | None = None) -> Matrix:
    """G = dL/dW at the residual R = W - Phi: R S, M * R, or R itself where neither is given."""
    if covariance is not None:
        return residual @ covariance
    return residual if mask is None else _observed(mask, residual)


def loss_of(residual: Matrix, *, covariance: Matrix | None = None, mask: Matrix | None = None) -> Any:
    """1/2 <R, G> of a residual R: 1/2 tr(R S R^T), 1/2 ||M * R||_F^2 or 1/2 ||R||_F^2."""
    if covariance is not None:
        return inner(residual, residual @ covariance) / 2
    return frobenius_squared(residual if mask is None else _observed(mask, residual)) / 2


def loss(weights: Weights, target: Matrix, *, covariance: Matrix | None = None, mask: Matrix | None = None) -> Any:
    """l(W_1, ..., W_N) = 1/2 ||W_N ... W_1 - Phi||_F^2, or that of a covariance S or mask M.

    ``covariance`` is symmetric, of shape (d_0, d_0); ``mask`` an array of 0 and 1, of the target's shape. Raises
    TypeError or ValueError for others, and where both are given.
    """
    check_chain(weights)
    check_target(weights, target)
    check_data(weights, covariance, mask)
    return loss_of(_product(weights) - target, covariance=covariance, mask=mask)


def backpropagate(weights: Weights, gradient: Matrix) -> tuple[Matrix, ...]:
    """Layer gradients D_j = W_{j+1:N}^T G W_{1:j-1}^T of any loss whose end-to-end gradient is G = dL/dW.

    ``gradient`` has the shape (d_N, d_0) of the end-to-end matrix; D_j has the shape of W_j.
    """
    check_chain(weights)
    check_target(weights, gradient, name="gradient")
    return _backpropagate(weights, gradient)


def layer_gradients(
    weights: Weights, target: Matrix, *, covariance: Matrix | None = None, mask: Matrix | None = None
) -> tuple[Matrix, ...]:
    """D_j = W_{j+1:N}^T G W_{1:j-1}^T, the gradient of :func:`loss` with respect to W_j; G = W - Phi, or that of a
    covariance or mask (:func:`outer_gradient`)."""
    check_chain(weights)
    check_target(weights, target)
    check_data(weights, covariance, mask)
    return _backpropagate(weights, outer_gradient(_product(weights) - target, covariance=covariance, mask=mask))


def gradient_step(
    weights: Weights,
    target: Matrix,
    learning_rate: Any,
    *,
    covariance: Matrix | None = None,
    mask: Matrix | None = None,
) -> tuple[Matrix, ...]:
    """One step of gradient descent on :func:`loss`, W_j - eta D_j, on all layers at once.

    ``learning_rate`` is a scalar of the weights' arithmetic (a float for float64 arrays), or for a batch an array of
    them of shape (B, 1, 1).
    """
    gradients = layer_gradients(weights, target, covariance=covariance, mask=mask)
    check_step_rate(learning_rate, weights)
    return tuple(matrix - learning_rate * gradient for matrix, gradient in zip(weights, gradients, strict=True))


def imbalances(weights: Weights) -> tuple[Matrix, ...]:
    """B_j = W_{j+1}^T W_{j+1} - W_j W_j^T for j = 1..N-1, each d_j x d_j; empty for depth 1."""
    check_chain(weights)
    return tuple(transpose(after) @ after - before @ transpose(before) for before, after in pairwise(weights))


def _observed(mask: Matrix, matrix: Matrix) -> Matrix:
    """M * A, entry by entry; 0 and 1 are exact in every arithmetic."""
    if isinstance(matrix, Enclosure):
        return Enclosure(mask * matrix.value, mask * matrix.radius)
    if isinstance(matrix, np.ndarray):
        return mask * matrix
    from sympy import Matrix as Explicit
    from sympy.matrices.expressions import hadamard_product

    if hasattr(matrix, "multiply_elementwise"):
        return matrix.multiply_elementwise(Explicit(mask.astype(int)) if isinstance(mask, np.ndarray) else mask)
    return hadamard_product(mask, matrix)


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
