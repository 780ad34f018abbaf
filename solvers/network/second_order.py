"""What kind of critical point of l = 1/2 ||W_N ... W_1 - Phi||_F^2 some weights are, exactly, in rationals.

Let A_j = W_{j+1:N}, C_j = W_{1:j-1}, G = W - Phi, r = rank W, g = |G|_2 and s = sigma_r(W). A *pivot* is a pair i < j
of layers. It is *tight* if rank W_{i+1:j-1} = r (which is d_i = r for j = i + 1) or rank C_i Phi^T A_j = r, and
otherwise *loose*. A critical point is

- a global minimum iff G = 0, or r is the least width and g <= s;
- else a strict saddle (the Hessian has a negative eigenvalue) iff r >= 1 and g > s, or some pivot is loose;
- else a non-strict saddle.

Statement and proof: :mod:`claims.stability.second_order_landscape`. The negative curvature is explicit.

- *Turn*, g > s. For u in the range of W and y in its kernel with |W^T u|^2 |y|^2 < |Phi y|^2 |u|^2 let
  V_1 = W_1 W^+ u y^T, V_N = c Phi y u^T W_N, c = |u|^2 / |W^T u|^2. The curvature is |u|^2 (|y|^2 - c |Phi y|^2) < 0.
- *Pivot*, (i, j) loose. Some w with w^T C_j = 0 and w^T M != 0, M = W_{i+1:j-1}, or some x with A_i x = 0 and
  M x != 0. V_i = x y^T, V_j = t z w^T with w^T M x != 0 and z^T A_j^T G C_i^T y != 0 have the curvature
  ||A_i x y^T C_i||^2 + 2 t (w^T M x)(z^T A_j^T G C_i^T y) in the first case, the same with t^2 ||A_j z w^T C_j||^2 in
  place of the square in the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import combinations

import numpy as np
from flint import fmpq

from solvers.arithmetic import ObjectArray, exact
from solvers.network.checks import check_single_matrix
from solvers.network.network import Matrix, end_to_end, frobenius_squared
from solvers.network.pivots import positive_direction
from solvers.network.saddles import (
    Layers,
    _after,
    _before,
    _critical,
    _flint,
    _inverse,
    _is_zero,
    _square,
    _unit,
    null_space,
    rank,
)
from solvers.network.spectrum import inertia

Pivot = tuple[int, int]
"""Two layers i < j, numbered from 1."""


class CriticalKind(Enum):
    """What a critical point is; no critical point is a maximum, and no local minimum is poor (DL-023)."""

    GLOBAL_MINIMUM = "global minimum"
    STRICT_SADDLE = "strict saddle"
    NON_STRICT_SADDLE = "non-strict saddle"


def critical_kind(weights: Sequence[Matrix], target: Matrix) -> CriticalKind:
    """Which of the three kinds a critical point is, by the theorem above: ranks and one inertia of rationals.

    Needs no Hessian. Raises TypeError where an entry is not rational, ValueError where the shapes do not fit or the
    point is not critical.
    """
    layers = _critical(weights, target)
    width = min(layers[0].shape[1], *(len(matrix) for matrix in layers))
    if _is_zero(end_to_end(layers) - target):
        return CriticalKind.GLOBAL_MINIMUM
    larger = _leaves_out_a_larger_mode(layers, target)
    if rank(end_to_end(layers)) == width and not larger:
        return CriticalKind.GLOBAL_MINIMUM
    if larger or _loose(layers, target):
        return CriticalKind.STRICT_SADDLE
    return CriticalKind.NON_STRICT_SADDLE


def loose_pivots(weights: Sequence[Matrix], target: Matrix) -> list[Pivot]:
    """The pivots (i, j) that are not tight, layers numbered from 1. Raises as :func:`critical_kind`."""
    return _loose(_critical(weights, target), target)


def leaves_out_a_larger_mode(weights: Sequence[Matrix], target: Matrix) -> bool:
    """Whether r >= 1 and g > s: W carries a mode of Phi, and not one of the largest. Ties are decided.

    On x in the row space and y in the kernel of W the form |W x|^2 |y|^2 - |Phi y|^2 |x|^2 has a negative eigenvalue.
    Raises as :func:`critical_kind`.
    """
    return _leaves_out_a_larger_mode(_critical(weights, target), target)


def negative_curvature(weights: Sequence[Matrix], target: Matrix) -> Layers | None:
    """A direction V with <V, H V> < 0 at a strict saddle; None at every other critical point.

    Two layers of it are not zero: the first and the last wherever W_{N-1} ... W_2 has the rank of its narrowest layer,
    as in every network of depth 2. Raises as :func:`critical_kind`.
    """
    layers = _critical(weights, target)
    pivots = _loose(layers, target)
    if pivots:
        return _through(layers, target, max(pivots, key=lambda pivot: pivot[1] - pivot[0]))
    return _turn(layers, target) if _leaves_out_a_larger_mode(layers, target) else None


def pseudo_inverse(matrix: ObjectArray) -> ObjectArray:
    """A^+ of a matrix of rationals: E (F^T A E)^{-1} F^T, the columns of F spanning its range, those of E its rows."""
    check_single_matrix(matrix, "matrix")
    if _is_zero(matrix):
        zeros: ObjectArray = matrix.T.copy()
        return zeros
    columns, rows = _column_space(matrix), _column_space(matrix.T)
    inverse: ObjectArray = rows @ _inverse(columns.T @ matrix @ rows) @ columns.T
    return inverse


def _loose(layers: Layers, target: ObjectArray) -> list[Pivot]:
    carried = rank(end_to_end(layers))
    pairs = combinations(range(1, len(layers) + 1), 2)
    return [
        (i, j)
        for i, j in pairs
        if rank(_between(layers, i, j)) > carried
        and rank(_before(layers, i - 1) @ target.T @ _after(layers, j)) > carried
    ]


def _between(layers: Layers, i: int, j: int) -> ObjectArray:
    """W_{i+1:j-1}, I for j = i + 1."""
    product: ObjectArray = end_to_end(layers[i : j - 1]) if j > i + 1 else exact(np.eye(len(layers[i - 1])))
    return product


def _leaves_out_a_larger_mode(layers: Layers, target: ObjectArray) -> bool:
    product = end_to_end(layers)
    kernel = null_space(product)
    if _is_zero(product) or not kernel.size:
        return False
    rows = _column_space(product.T)
    read, left = product @ rows, target @ kernel
    form = np.kron(read.T @ read, kernel.T @ kernel) - np.kron(rows.T @ rows, left.T @ left)
    return inertia(form)[1] > 0


def _column_space(matrix: ObjectArray) -> ObjectArray:
    """A basis of the range of a matrix that is not zero, as columns."""
    reduced, found = _flint(matrix.T).rref()
    basis: ObjectArray = np.array(reduced.tolist(), dtype=object).reshape(matrix.T.shape)[:found].T
    return basis


def _through(layers: Layers, target: ObjectArray, pivot: Pivot) -> Layers:
    """The pivot's direction, t such that the curvature is negative."""
    i, j = pivot
    middle, source, sink = _between(layers, i, j), _before(layers, i - 1), _after(layers, j)
    seen = sink.T @ (end_to_end(layers) - target) @ source.T
    row, column = divmod(int(np.argmax([entry != 0 for entry in seen.ravel()])), seen.shape[1])
    y, z, slope = _unit(seen.shape[1], column), _unit(seen.shape[0], row), seen[row, column]
    unread, unwritten = null_space(_before(layers, j - 1).T), null_space(_after(layers, i))
    w = _not_sent_to_zero(middle.T, unread)
    if w is not None:
        x = middle.T @ w
        own = frobenius_squared(_after(layers, i) @ x @ y.T @ source)
        first, last = x @ y.T, z @ w.T * (-(1 + own) / (_square(x) * slope))
    else:
        x = _not_sent_to_zero(middle, unwritten)
        w = middle @ x
        own = frobenius_squared(sink @ z @ w.T @ _before(layers, j - 1))
        first, last = x @ y.T * (-(1 + own) / (_square(w) * slope)), z @ w.T
    direction = [matrix * fmpq(0) for matrix in layers]
    direction[i - 1], direction[j - 1] = first, last
    return tuple(direction)


def _not_sent_to_zero(matrix: ObjectArray, vectors: ObjectArray) -> ObjectArray | None:
    """A column v of ``vectors`` with A v != 0."""
    for k in range(vectors.shape[1]):
        if not _is_zero(matrix @ vectors[:, k : k + 1]):
            vector: ObjectArray = vectors[:, k : k + 1]
            return vector
    return None


def _turn(layers: Layers, target: ObjectArray) -> Layers:
    """Halve [0, ||Phi||_F^2] until some u has |W^T u|^2 < t |u|^2 and some y has |Phi y|^2 > t |y|^2."""
    product = end_to_end(layers)
    columns, kernel = _column_space(product), null_space(product)
    written, left = product.T @ columns, target @ kernel
    low, high = fmpq(0), frobenius_squared(target)
    while True:
        t = (low + high) / 2
        u = positive_direction(t * (columns.T @ columns) - written.T @ written)
        y = positive_direction(left.T @ left - t * (kernel.T @ kernel))
        if u is not None and y is not None:
            break
        low, high = (t, high) if u is None else (low, t)
    out, back, a, y = columns @ u, written @ u, left @ y, kernel @ y
    direction = [matrix * fmpq(0) for matrix in layers]
    direction[0] = layers[0] @ pseudo_inverse(product) @ out @ y.T
    direction[-1] = a @ out.T @ layers[-1] * (_square(out) / _square(back))
    return tuple(direction)
