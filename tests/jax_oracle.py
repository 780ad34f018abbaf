"""Gradients and Hessians by automatic differentiation (JAX, float64): an oracle that shares no line with solvers/.

Networks are padded with zeros to WIDTH x WIDTH, which changes no derivative by an entry that is kept, so that one
compiled function a depth serves every shape.

Tolerances: an entry of a derivative is a sum of products of entries of the weights and of W - Phi. Every way of
evaluating it by matrix products and sums is within gamma_n of the sum of the products' absolute values (Higham,
Accuracy and Stability of Numerical Algorithms, Section 3.5), n being the most roundings that one product passes
through. That sum is the same derivative at the weights |W_j| and the target -|Phi|.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from solvers.arithmetic import gamma

jax.config.update("jax_enable_x64", True)

WIDTH = 8

FloatMatrix = NDArray[np.float64]


def _loss(weights: tuple[Any, ...], target: Any) -> Any:
    product = weights[0]
    for matrix in weights[1:]:
        product = matrix @ product
    return 0.5 * ((product - target) ** 2).sum()


_gradient = jax.jit(jax.grad(_loss))
_hessian = jax.jit(jax.hessian(_loss))


def _padded(matrix: FloatMatrix) -> FloatMatrix:
    rows, columns = matrix.shape
    return np.pad(matrix, ((0, WIDTH - rows), (0, WIDTH - columns)))


def gradients(weights: Sequence[FloatMatrix], target: FloatMatrix) -> tuple[FloatMatrix, ...]:
    """The derivative of the loss by each layer."""
    found = _gradient(tuple(map(_padded, weights)), _padded(target))
    return tuple(np.asarray(matrix)[: own.shape[0], : own.shape[1]] for matrix, own in zip(found, weights, strict=True))


def hessian(weights: Sequence[FloatMatrix], target: FloatMatrix) -> FloatMatrix:
    """The second derivative of the loss over the concatenated rows of all layers."""
    found = _hessian(tuple(map(_padded, weights)), _padded(target))
    return np.block(
        [
            [
                np.asarray(block)[: a.shape[0], : a.shape[1], : b.shape[0], : b.shape[1]].reshape(a.size, b.size)
                for block, b in zip(row, weights, strict=True)
            ]
            for row, a in zip(found, weights, strict=True)
        ]
    )


def gradient_tolerance(weights: Sequence[FloatMatrix], target: FloatMatrix) -> tuple[FloatMatrix, ...]:
    """What two evaluations of the gradient can be apart, entry by entry."""
    bound = gamma(3 * _roundings(len(weights)))
    return tuple(bound * matrix for matrix in gradients(*_absolute(weights, target)))


def hessian_tolerance(weights: Sequence[FloatMatrix], target: FloatMatrix) -> FloatMatrix:
    """What two evaluations of the Hessian can be apart, entry by entry."""
    return gamma(3 * _roundings(len(weights))) * hessian(*_absolute(weights, target))


def _roundings(depth: int) -> int:
    """A term passes through at most 2N products (WIDTH roundings each), W - Phi, and a sum over the N layers after
    each; tripled by the callers: two evaluations, and the bound's own."""
    return 2 * depth * (WIDTH + depth) + 2


def _absolute(weights: Sequence[FloatMatrix], target: FloatMatrix) -> tuple[tuple[FloatMatrix, ...], FloatMatrix]:
    return tuple(map(np.abs, weights)), -np.abs(target)
