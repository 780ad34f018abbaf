"""Whether a symmetric matrix of rationals or balls is positive definite, by elimination."""

from __future__ import annotations

import numpy as np

from solvers.arithmetic import ObjectArray, Scalar
from solvers.network.checks import check_single_matrix


def least_pivot(symmetric: ObjectArray) -> Scalar:
    """A number that is positive if A is positive definite, and only then: of A = L D L^T the least entry of D.

    Elimination stops at the first pivot that is not certainly positive, which is then returned. So a ball below zero
    says that A is not positive definite, and one around zero that the precision does not tell. Only the lower triangle
    is read. Raises TypeError or ValueError for what is not a single square matrix of exact numbers.
    """
    check_single_matrix(symmetric, "symmetric")
    if symmetric.dtype != np.dtype(object):
        raise TypeError(f"symmetric has dtype {symmetric.dtype}; expected object, with rationals or balls for entries")
    if symmetric.shape[0] != symmetric.shape[1]:
        raise ValueError(f"symmetric has shape {symmetric.shape}; expected a square matrix")
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
