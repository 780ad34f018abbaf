"""The sharpness: the largest eigenvalue of the Hessian of l = 1/2 ||W_N ... W_1 - Phi||_F^2.

- :func:`top_curvature`: by Lanczos in float64, from products of the Hessian with directions alone, for stacks of
  networks at once; a lower bound but for rounding.
- :func:`sharpness`: a ball around it, from the Hessian as a matrix of exact entries.
- :func:`fitted_sharpness`: where W = Phi. There H = J^T J with J V = sum_j A_j V_j C_j, A_j = W_{j+1:N},
  C_j = W_{1:j-1}, and the largest eigenvalue is that of J J^T = sum_j (A_j A_j^T) x (C_j^T C_j), of d_N d_0 rows.

It is never negative, since the trace of H is sum_j ||A_j||_F^2 ||C_j||_F^2.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from flint import arb
from numpy.typing import NDArray

from solvers.arithmetic import exact
from solvers.network.checks import check_chain, check_float_matrix, check_single_matrix, check_steps, check_target
from solvers.network.hessian import _identity, hessian, hessian_vector_product
from solvers.network.network import Matrix, Weights, _product
from solvers.network.spectrum import spectral_norm, symmetric_eigenvalues

FloatArray = NDArray[np.float64]


class TopCurvature(NamedTuple):
    """<V, H V> and V, of norm 1 over all layers together; for a stack an array of values, and V's with its axes."""

    value: Any
    direction: tuple[FloatArray, ...]


def top_curvature(weights: Weights, target: Matrix, *, steps: int = 60) -> TopCurvature:
    """The largest eigenvalue of H and its direction, by at most ``steps`` steps of Lanczos in float64.

    ``weights`` may have leading axes, all the same, and ``target`` these or none. Each step is one product with H and
    two projections off all former vectors; they end early where H V is near enough to a multiple of V. The value is a
    Rayleigh quotient: at most the sharpness, but for rounding. For fewer than about 50 weights the Hessian as a matrix
    is as fast.

    Raises TypeError or ValueError for what is not float64, not finite, of unequal leading axes, or steps < 1.
    """
    _check_stack(weights, target)
    if check_steps(steps) < 1:
        raise ValueError(f"steps is {steps}; expected a whole number >= 1")
    batch, size = weights[0].shape[:-2], sum(matrix.shape[-2] * matrix.shape[-1] for matrix in weights)
    start = np.random.default_rng(0).standard_normal(size)
    basis = np.empty((*batch, min(steps, size), size))
    tridiagonal = np.zeros((*batch, *[min(steps, size)] * 2))
    vector = np.broadcast_to(start / np.linalg.norm(start), (*batch, size))
    for k in range(min(steps, size)):
        basis[..., k, :] = vector
        image = _flat(hessian_vector_product(weights, target, _layers(vector, weights)), batch)
        tridiagonal[..., k, k] = (vector * image).sum(axis=-1)
        for _ in range(2):  # off all former vectors, twice for rounding
            image = image - _combined(basis[..., : k + 1, :], basis[..., : k + 1, :] @ image[..., None])
        length = np.linalg.norm(image, axis=-1)
        coordinates = np.linalg.eigh(tridiagonal[..., : k + 1, : k + 1])[1][..., -1] if k % 5 == 4 else None
        if k + 1 == min(steps, size) or (coordinates is not None and _is_enough(length, coordinates, tridiagonal)):
            break
        tridiagonal[..., k, k + 1] = tridiagonal[..., k + 1, k] = length
        vector = np.divide(image, length[..., None], out=np.zeros_like(image), where=length[..., None] > 0)
    coordinates = np.linalg.eigh(tridiagonal[..., : k + 1, : k + 1])[1][..., -1:]
    top = _combined(basis[..., : k + 1, :], coordinates)
    length = np.linalg.norm(top, axis=-1, keepdims=True)
    top = np.where(length > 0, top / np.where(length > 0, length, 1), basis[..., 0, :])  # 0 only where H is
    direction = _layers(top, weights)
    value = (top * _flat(hessian_vector_product(weights, target, direction), batch)).sum(axis=-1)
    return TopCurvature(value if batch else float(value), direction)


def sharpness(weights: Weights, target: Matrix) -> arb:
    """A ball around the largest eigenvalue of H, for float64, read exactly, rationals or balls.

    As wide as :func:`~solvers.network.spectrum.symmetric_eigenvalues` says; H is built as a matrix. Raises as
    :func:`~solvers.network.hessian.hessian`, and ValueError for entries that are not finite.
    """
    check_chain(weights)
    check_target(weights, target)
    for name, matrix in [*((f"weights[{j}]", matrix) for j, matrix in enumerate(weights)), ("target", target)]:
        check_single_matrix(matrix, name)
        if getattr(matrix, "dtype", None) != np.dtype(object):
            check_float_matrix(matrix, name)
    as_given = [matrix if matrix.dtype == np.dtype(object) else exact(matrix) for matrix in (*weights, target)]
    matrix = hessian(tuple(as_given[:-1]), as_given[-1])
    top: arb = symmetric_eigenvalues(np.frompyfunc(arb, 1, 1)(matrix))[0]
    return top


def fitted_kernel(weights: Weights) -> Matrix:
    """J J^T = sum_j (A_j A_j^T) x (C_j^T C_j) over the rows of d_N x d_0 matrices, in the arithmetic of the weights."""
    check_chain(weights)
    for j, matrix in enumerate(weights):
        check_single_matrix(matrix, f"weights[{j}]")
    depth = len(weights)
    terms = []
    for j in range(depth):
        after = _product(weights[j + 1 :]) if j + 1 < depth else _identity(weights[-1])
        before = _product(weights[:j]) if j else _identity(weights[0].T)
        terms.append(np.kron(after @ after.T, before.T @ before))
    return sum(terms[1:], start=terms[0])


def fitted_sharpness(weights: Weights) -> Any:
    """The largest eigenvalue of H where W = Phi: a float for float64; exact for rationals where it is rational, else a
    ball. For scalar layers it is Phi^2 sum_j w_j^-2, for two layers |W_1|_2^2 + |W_2|_2^2."""
    return spectral_norm(fitted_kernel(weights))


def _check_stack(weights: Weights, target: Matrix) -> None:
    check_chain(weights)
    check_target(weights, target)
    axes = weights[0].shape[:-2]
    for name, matrix in [*((f"weights[{j}]", matrix) for j, matrix in enumerate(weights)), ("target", target)]:
        if not isinstance(matrix, np.ndarray) or matrix.dtype != np.float64:
            raise TypeError(f"{name} is not a float64 array; expected one, as sharpness takes other arithmetics")
        if not np.isfinite(matrix).all():
            raise ValueError(f"{name} has entries that are not finite; expected finite ones")
        if matrix.shape[:-2] != axes and (name != "target" or matrix.ndim > 2):
            raise ValueError(f"{name} has the leading axes {matrix.shape[:-2]}; expected {axes}, as weights[0]")


def _flat(layers: Weights, batch: tuple[int, ...]) -> FloatArray:
    return np.concatenate([matrix.reshape(*batch, -1) for matrix in layers], axis=-1)


def _layers(vector: FloatArray, weights: Weights) -> tuple[FloatArray, ...]:
    ends = np.cumsum([matrix.shape[-2] * matrix.shape[-1] for matrix in weights])[:-1]
    pieces = np.split(vector, ends, axis=-1)
    return tuple(piece.reshape(matrix.shape) for piece, matrix in zip(pieces, weights, strict=True))


def _combined(basis: FloatArray, coordinates: FloatArray) -> FloatArray:
    """sum_k c_k q_k, the q_k being rows and c a column."""
    combination: FloatArray = (basis.mT @ coordinates)[..., 0]
    return combination


def _is_enough(length: FloatArray, coordinates: FloatArray, tridiagonal: FloatArray) -> bool:
    """Whether every Ritz vector's residual, |r| times its last coordinate, is at most 2^-40 of the largest entry: then
    the value is nearer still, as its error is of second order."""
    return bool((length * abs(coordinates[..., -1]) <= 2.0**-40 * abs(tridiagonal).max(axis=(-2, -1))).all())
