"""Whitening: regression data brought to X X^T / m = I, where the loss becomes 1/2 ||W - Phi||_F^2 plus a constant.

Source: ACGH19 (arXiv:1810.02281), Section 2 and Appendix A.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.network.checks import check_float_matrix

FloatMatrix = NDArray[np.float64]


@dataclass(frozen=True)
class WhitenedRegression:
    """Whitened inputs X (d_0 x m, X X^T / m = I up to rounding), outputs Y (d_N x m) and target Phi = Y X^T / m."""

    inputs: FloatMatrix
    outputs: FloatMatrix
    target: FloatMatrix


def whiten(inputs: FloatMatrix) -> FloatMatrix:
    """S^{-1/2} X for inputs X of shape (d_0, m), one column a sample, and S = X X^T / m (not centred: no intercept).

    Computed from the singular value decomposition X = U diag(s) V^T: sqrt(m) U V^T.

    Raises ValueError if S does not have full rank, that is if a singular value of X is not above
    max(d_0, m) * 2^-52 times the largest (the rank decision of ``numpy.linalg.matrix_rank``).
    """
    check_float_matrix(inputs, "inputs")
    features, samples = inputs.shape
    left, values, right = np.linalg.svd(inputs, full_matrices=False)
    threshold = max(features, samples) * np.finfo(np.float64).eps * values[0]
    rank = int((values > threshold).sum())
    if rank < features:
        raise ValueError(
            f"inputs of shape {inputs.shape} has a singular covariance X X^T / m: rank {rank}; expected full rank "
            f"{features}, so drop dependent or constant features, or add samples"
        )
    white: FloatMatrix = math.sqrt(samples) * (left @ right)
    return white


def whitened_regression(inputs: FloatMatrix, outputs: FloatMatrix) -> WhitenedRegression:
    """Whiten the inputs (d_0 x m) of a regression and form its target for the outputs (d_N x m).

    Raises TypeError or ValueError for bad arrays, for differing numbers of samples, and for a singular covariance.
    """
    check_float_matrix(outputs, "outputs")
    white = whiten(inputs)
    if outputs.shape[1] != white.shape[1]:
        raise ValueError(
            f"outputs has {outputs.shape[1]} samples but inputs has {white.shape[1]}; expected one column a sample "
            f"in both"
        )
    return WhitenedRegression(white, outputs, outputs @ white.T / white.shape[1])
