"""Balanced initialisation, Procedure 1 of ACGH19 (arXiv:1810.02281)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solvers.network.checks import check_float_matrix

FloatMatrix = NDArray[np.float64]


def balanced_factors(matrix: FloatMatrix, dimensions: Sequence[int]) -> tuple[FloatMatrix, ...]:
    """W_1, ..., W_N with product ``matrix`` and zero imbalances, both up to rounding.

    With the singular value decomposition A = U S V^T: W_1 = S^{1/N} V^T, W_j = S^{1/N}, W_N = U S^{1/N}, padded with
    zeros to the widths ``dimensions`` = (d_0, ..., d_N). Raises ValueError where ``dimensions`` does not begin and
    end with the matrix's, or has a hidden width below its rank's bound min(d_0, d_N).
    """
    check_float_matrix(matrix, "matrix")
    outputs, inputs = matrix.shape
    widths = tuple(dimensions)
    if len(widths) < 2 or (widths[0], widths[-1]) != (inputs, outputs):
        raise ValueError(
            f"dimensions is {widths}; expected ({inputs}, ..., {outputs}) for a matrix of shape {matrix.shape}"
        )
    rank = min(inputs, outputs)
    if min(widths) < rank:
        raise ValueError(f"dimensions {widths} has a bottleneck; expected every width at least {rank}")
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    roots = np.diag(values ** (1 / (len(widths) - 1)))
    bases = [right.T, *(np.eye(width, rank) for width in widths[1:-1]), left]
    return tuple(after @ roots @ before.T for before, after in itertools.pairwise(bases))
