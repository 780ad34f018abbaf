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


def _loss_of_data(weights: tuple[Any, ...], target: Any, covariance: Any, mask: Any) -> Any:
    """1/2 <M * R, (M * R) S>: with M = 1 that of a covariance, with S = I that of a mask."""
    product = weights[0]
    for matrix in weights[1:]:
        product = matrix @ product
    seen = mask * (product - target)
    return 0.5 * (seen * (seen @ covariance)).sum()


_gradient = jax.jit(jax.grad(_loss))
_hessian = jax.jit(jax.hessian(_loss))
_data_gradient = jax.jit(jax.grad(_loss_of_data))
_data_hessian = jax.jit(jax.hessian(_loss_of_data))


def _padded(matrix: FloatMatrix) -> FloatMatrix:
    rows, columns = matrix.shape
    return np.pad(matrix, ((0, WIDTH - rows), (0, WIDTH - columns)))


def gradients(weights: Sequence[FloatMatrix], target: FloatMatrix) -> tuple[FloatMatrix, ...]:
    """The derivative of the loss by each layer."""
    found = _gradient(tuple(map(_padded, weights)), _padded(target))
    return tuple(np.asarray(matrix)[: own.shape[0], : own.shape[1]] for matrix, own in zip(found, weights, strict=True))


def hessian(weights: Sequence[FloatMatrix], target: FloatMatrix) -> FloatMatrix:
    """The second derivative of the loss over the concatenated rows of all layers."""
    return _blocks(weights, _hessian(tuple(map(_padded, weights)), _padded(target)))


def data_gradients(
    weights: Sequence[FloatMatrix], target: FloatMatrix, covariance: Any = None, mask: Any = None
) -> tuple[FloatMatrix, ...]:
    """The derivative of the loss of a covariance or a mask by each layer."""
    found = _data_gradient(tuple(map(_padded, weights)), _padded(target), *_padded_data(covariance, mask))
    return tuple(np.asarray(matrix)[: own.shape[0], : own.shape[1]] for matrix, own in zip(found, weights, strict=True))


def data_hessian(
    weights: Sequence[FloatMatrix], target: FloatMatrix, covariance: Any = None, mask: Any = None
) -> FloatMatrix:
    """The second derivative of the loss of a covariance or a mask over the concatenated rows of all layers."""
    return _blocks(
        weights, _data_hessian(tuple(map(_padded, weights)), _padded(target), *_padded_data(covariance, mask))
    )


def _padded_data(covariance: Any, mask: Any) -> tuple[FloatMatrix, FloatMatrix]:
    seen = np.ones((WIDTH, WIDTH)) if mask is None else _padded(mask.astype(np.float64))
    return np.eye(WIDTH) if covariance is None else _padded(covariance), seen


def _blocks(weights: Sequence[FloatMatrix], found: Any) -> FloatMatrix:
    """A derivative by pairs of padded layers as one matrix of the layers as they are."""
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


def data_gradient_tolerance(
    weights: Sequence[FloatMatrix], target: FloatMatrix, covariance: Any = None, mask: Any = None
) -> tuple[FloatMatrix, ...]:
    """The same for a covariance or a mask: two more products, WIDTH roundings each, and of absolute values."""
    bound = gamma(3 * (_roundings(len(weights)) + 2 * WIDTH))
    sizes = None if covariance is None else np.abs(covariance)
    return tuple(bound * matrix for matrix in data_gradients(*_absolute(weights, target), sizes, mask))


def data_hessian_tolerance(
    weights: Sequence[FloatMatrix], target: FloatMatrix, covariance: Any = None, mask: Any = None
) -> FloatMatrix:
    """The same for a covariance or a mask."""
    sizes = None if covariance is None else np.abs(covariance)
    bound = gamma(3 * (_roundings(len(weights)) + 2 * WIDTH))
    return bound * data_hessian(*_absolute(weights, target), sizes, mask)


def hessian_tolerance(weights: Sequence[FloatMatrix], target: FloatMatrix) -> FloatMatrix:
    """What two evaluations of the Hessian can be apart, entry by entry."""
    return gamma(3 * _roundings(len(weights))) * hessian(*_absolute(weights, target))


def _roundings(depth: int) -> int:
    """A term passes through at most 2N products (WIDTH roundings each), W - Phi, and a sum over the N layers after
    each; tripled by the callers: two evaluations, and the bound's own."""
    return 2 * depth * (WIDTH + depth) + 2


def _absolute(weights: Sequence[FloatMatrix], target: FloatMatrix) -> tuple[tuple[FloatMatrix, ...], FloatMatrix]:
    return tuple(map(np.abs, weights)), -np.abs(target)
