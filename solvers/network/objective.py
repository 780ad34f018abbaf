"""Losses L of the end-to-end matrix W: their value and their gradient dL/dW.

- :func:`squared_distance`: 1/2 ||W - Phi||_F^2, and with a covariance or a mask the other losses of a Problem.
- :func:`power_regression`: sum of |W x - y|^p / (p m) over m samples, the l_p regression of ACH18 (arXiv:1802.06509),
  Section 8.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.network.checks import as_float, check_float_matrix
from solvers.network.data_checks import check_data, check_mask
from solvers.network.definiteness import check_positive_semidefinite
from solvers.network.network import loss_of, outer_gradient

FloatMatrix = NDArray[np.float64]


@dataclass(frozen=True)
class Objective:
    """``value`` takes W of shape (d_N, d_0) to L(W), ``gradient`` takes it to dL/dW, of the same shape.

    Those made here take a stack of matrices too, (B, d_N, d_0), to one value and one gradient each.
    """

    value: Callable[[FloatMatrix], Any]
    gradient: Callable[[FloatMatrix], FloatMatrix]


def squared_distance(target: FloatMatrix, *, covariance: FloatMatrix | None = None, mask: Any = None) -> Objective:
    """1/2 ||W - Phi||_F^2 for a float64 ``target`` Phi; 1/2 tr(R S R^T) with R = W - Phi for a float64 ``covariance``
    S; 1/2 ||M * R||_F^2 for a ``mask`` M of 0 and 1. TypeError or ValueError for what is no such finite matrix, and
    where both are given."""
    check_float_matrix(target, "target")
    check_data([target], covariance, mask)
    if covariance is not None:
        check_float_matrix(covariance, "covariance")
        check_positive_semidefinite(covariance)
    observed = None if mask is None else check_mask(mask)
    return Objective(
        lambda matrix: loss_of(matrix - target, covariance=covariance, mask=observed),
        lambda matrix: outer_gradient(matrix - target, covariance=covariance, mask=observed),
    )


def power_regression(inputs: FloatMatrix, outputs: FloatMatrix, *, power: float) -> Objective:
    """1/(p m) sum_{i,n} |(W X - Y)_{in}|^p for inputs X (d_0, m), outputs Y (d_N, m) and p = ``power`` > 1.

    The gradient is 1/m (|R|^{p-1} sign R) X^T with R = W X - Y. Raises TypeError or ValueError for bad arrays, for
    differing numbers of samples, and for a power that is not a finite number > 1, below which there is no gradient.
    """
    check_float_matrix(inputs, "inputs")
    check_float_matrix(outputs, "outputs")
    samples = inputs.shape[1]
    if outputs.shape[1] != samples:
        raise ValueError(
            f"outputs has {outputs.shape[1]} samples but inputs has {samples}; expected one column a sample in both"
        )
    if isinstance(power, bool) or not isinstance(power, Real):
        raise TypeError(f"power is {power!r}; expected a finite number > 1")
    p = as_float(power, "power", "a finite number > 1")
    if not (math.isfinite(p) and p > 1):
        raise ValueError(f"power is {p!r}; expected a finite number > 1")

    def value(matrix: FloatMatrix) -> Any:
        return _power(np.abs(matrix @ inputs - outputs), p).sum(axis=(-2, -1)) / (p * samples)

    def gradient(matrix: FloatMatrix) -> FloatMatrix:
        residual = matrix @ inputs - outputs
        found: FloatMatrix = (np.sign(residual) * _power(np.abs(residual), p - 1)) @ inputs.T / samples
        return found

    return Objective(value, gradient)


def _power(numbers: FloatMatrix, exponent: float) -> FloatMatrix:
    """``numbers`` ** ``exponent``; for a whole one up to 8 as a product, which is many times faster."""
    if exponent not in range(1, 9):
        result: FloatMatrix = numbers**exponent
        return result
    product = numbers
    for _ in range(int(exponent) - 1):
        product = product * numbers
    return product
