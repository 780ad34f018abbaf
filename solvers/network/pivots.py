"""Whether a symmetric matrix is positive definite, and where it is positive at all, by elimination."""

from __future__ import annotations

import numpy as np
from flint import fmpq

from solvers.arithmetic import ObjectArray, Scalar
from solvers.network.checks import check_single_matrix


def least_pivot(symmetric: ObjectArray) -> Scalar:
    """A number that is positive if A is positive definite, and only then: of A = L D L^T the least entry of D.

    Elimination stops at the first pivot that is not certainly positive, which is then returned. So a ball below zero
    says that A is not positive definite, and one around zero that the precision does not tell. Only the lower triangle
    is read. Raises TypeError or ValueError for what is not a single square matrix of exact numbers.
    """
    _check(symmetric)
    rest: ObjectArray = symmetric.copy()
    pivots: list[Scalar] = []
    for size in range(len(rest), 0, -1):
        pivot: Scalar = rest[0, 0]
        if not pivot > 0:
            return pivot
        pivots.append(pivot)
        column = rest[1:, :1]
        rest = rest[1:, 1:] - column @ column.T / pivot if size > 1 else rest
    return min(pivots, key=float)


def positive_direction(symmetric: ObjectArray) -> ObjectArray | None:
    """A column x with x^T A x > 0, for a symmetric matrix of rationals; None where no eigenvalue is positive.

    A positive diagonal entry gives a unit vector. If all are <= 0, a non-zero entry of a row with zero diagonal gives
    one of two coordinates; else a row with a negative diagonal is eliminated, and what its Schur complement gives is
    carried back. Raises as :func:`least_pivot`.
    """
    _check(symmetric)
    size = len(symmetric)
    result = np.array([fmpq(0)] * size, dtype=object)[:, None]
    for i in range(size):
        if symmetric[i, i] > 0:
            result[i, 0] = fmpq(1)
            return result
    if size == 1:
        return None
    head, column, rest = symmetric[0, 0], symmetric[1:, :1], symmetric[1:, 1:]
    if head == 0:
        for j, entry in enumerate(column[:, 0]):
            if entry != 0:  # x = (c, e_j): 2 c a_0j + a_jj = 1
                result[0, 0], result[j + 1, 0] = (1 - rest[j, j]) / (2 * entry), fmpq(1)
                return result
        inner = positive_direction(rest)
    else:
        inner = positive_direction(rest - column @ column.T / head)
    if inner is None:
        return None
    result[1:] = inner
    if head != 0:
        result[0, 0] = -(column.T @ inner)[0, 0] / head
    return result


def _check(symmetric: ObjectArray) -> None:
    check_single_matrix(symmetric, "symmetric")
    if symmetric.dtype != np.dtype(object):
        raise TypeError(f"symmetric has dtype {symmetric.dtype}; expected object, with rationals or balls for entries")
    if symmetric.shape[0] != symmetric.shape[1]:
        raise ValueError(f"symmetric has shape {symmetric.shape}; expected a square matrix")
