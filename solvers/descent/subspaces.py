"""Subspaces in float64, each as an orthonormal basis: what is clearly in one, and what is outside it.

Which directions count is decided against a rounding level that the caller derives (:mod:`solvers.descent.compress`):
singular values at most the level are rounding, those of at least CLEAR times the level are there.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FloatMatrix = NDArray[np.float64]

CLEAR = 2.0**16
"""How far above the rounding level a singular value must be to count: its vector is then right to 16 bits at least."""

_SKETCH = 16


def absolute_norm(matrix: FloatMatrix) -> float:
    """b(A) = min(||A||_F, sqrt(|A|_1 |A|_inf)), scaled so that it overflows only where it must."""
    scale = float(abs(matrix).max())
    if scale == 0:
        return 0.0
    entries = abs(matrix) / scale
    mixed = math.sqrt(float(entries.sum(axis=0).max()) * float(entries.sum(axis=1).max()))
    return scale * min(mixed, float(np.linalg.norm(entries)))


def is_independent(matrix: FloatMatrix, least: float) -> bool:
    """Whether A clearly has full rank, sigma_min(A) >= max(least, ||A||_F / CLEAR) up to rounding.

    Cholesky's factorisation succeeds on the smaller Gram matrix minus that bound squared: rounding, some n u ||A||_F^2
    against ||A||_F^2 / CLEAR^2, cannot bring that about where A is singular.
    """
    size = float(np.linalg.norm(matrix))
    if not 0 < size < math.inf:
        return False
    unit = (matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T) / size
    gram = unit.T @ unit
    gram[np.diag_indices_from(gram)] -= max(1 / CLEAR, least / size) ** 2
    try:
        np.linalg.cholesky(gram)
    except np.linalg.LinAlgError:
        return False
    return True


def singular_bases(residual: FloatMatrix, level: float) -> tuple[FloatMatrix, FloatMatrix]:
    """Bases of the spans of left and of right singular vectors for the singular values >= CLEAR level.

    Full rank is certified without their help. A sketch R X of some columns (Halko, Martinsson, Tropp 2011) spares the
    decomposition of R where what is left outside its range turns out to be at most ``level``: chance decides on time,
    not on the result.
    """
    rows, size = residual.shape
    if is_independent(residual, CLEAR * level):
        return column_space(residual), column_space(residual.T)
    left: FloatMatrix = np.eye(rows)
    columns, generator, inner = _SKETCH, np.random.default_rng(0), residual
    while 4 * columns <= min(rows, size):
        sketch = column_space(residual @ generator.standard_normal((size, columns)))
        if absolute_norm(outside(sketch, residual)) <= level:
            left, inner = sketch, sketch.T @ residual
            break
        columns *= 4
    first, values, second = np.linalg.svd(inner, full_matrices=False)
    kept = int(((values >= CLEAR * level) & (values > 0)).sum())
    return left @ first[:, :kept], second[:kept].T


def column_space(matrix: FloatMatrix) -> FloatMatrix:
    """An orthonormal basis of the column space of a matrix of full rank."""
    rows, columns = matrix.shape
    return np.eye(rows) if columns >= rows else np.linalg.qr(matrix)[0]


def outside(basis: FloatMatrix, images: FloatMatrix) -> FloatMatrix:
    """(I - Q Q^T) A."""
    return images - basis @ (basis.T @ images)


def extended(basis: FloatMatrix, images: FloatMatrix, clear: float) -> FloatMatrix:
    """Q and orthonormal columns for the singular values >= ``clear`` of what ``images`` has outside its span."""
    room = len(basis) - basis.shape[1]
    if room == 0 or images.shape[1] == 0:
        return basis
    fresh = outside(basis, outside(basis, images))  # twice: once leaves rounding of the images, not of what is new
    if is_independent(fresh, clear) and fresh.shape[1] <= room:
        fresh = column_space(fresh)  # all are new: no need to know their singular values
    else:
        left, values, _ = np.linalg.svd(fresh, full_matrices=False)
        fresh = left[:, : min(room, int(((values >= clear) & (values > 0)).sum()))]
    # What was short has lost some of its orthogonality to Q: once more, at length one.
    fresh, _ = np.linalg.qr(outside(basis, fresh))
    return np.hstack([basis, fresh])


def outer_norm(basis: FloatMatrix, images: FloatMatrix, level: float) -> float:
    """|(I - Q Q^T) A|_2, or a bound on it that is at most ``level``."""
    if basis.shape[1] == len(basis) or images.shape[1] == 0:
        return 0.0
    rest = outside(basis, images)
    bound = absolute_norm(rest)
    return bound if bound <= level else float(np.linalg.norm(rest, 2))


def outer_part(matrix: FloatMatrix, before: FloatMatrix, after: FloatMatrix, level: float) -> FloatMatrix:
    """(I - Q_j Q_j^T) W_j (I - Q_{j-1} Q_{j-1}^T), zero where it is at most the rounding level."""
    rest = outside(before, outside(after, matrix).T).T
    return rest if np.linalg.norm(rest) > level else np.zeros_like(rest)


def presentable(basis: FloatMatrix) -> FloatMatrix:
    """The identity for the whole space, one zero column for {0}."""
    size, rank = basis.shape
    if rank == size:
        return np.eye(size)
    return basis if rank > 0 else np.zeros((size, 1))
