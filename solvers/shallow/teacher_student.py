"""Sums of ReLU units that learn a sum of ReLU units: loss, gradient and Hessian over Gaussian data, and over samples.

Over x ~ N(0, I), with units w_j (the rows of W) and teachers w*_k:

    l(W)      = 1/2 E (sum_j s(w_j.x) - sum_k s(w*_k.x))^2
              = 1/2 sum J_1(w_i, w_j) - sum J_1(w_j, w*_k) + 1/2 sum J_1(w*_i, w*_k)
    dl/dw_j   = w_j/2 + sum_{i != j} K(w_j, w_i) - sum_k K(w_j, w*_k)
    Hessian   = M(w_i, w_j) in block (i, j), i != j;
                I/2 + sum_{i != j} d^2 J_1/du^2 (w_j, w_i) - sum_k d^2 J_1/du^2 (w_j, w*_k) in block (j, j)

Over samples, with slopes 1 and alpha on the two sides of 0 (ReLU: alpha = 0), the same with a mean in place of E.

Source: Tian (2017) for the gradient, Zhong et al. (2017) for the Hessian; the kernels are those of
:mod:`solvers.shallow.arc_cosine`, and run in the same arithmetics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from solvers.arithmetic import elementary
from solvers.network import Matrix
from solvers.network.homogeneous import Activation, piecewise_linear
from solvers.shallow.arc_cosine import gated_covariance, relu_kernel, relu_kernel_gradient, relu_kernel_hessian
from solvers.shallow.checks import check_array, check_vectors


def population_loss(units: Matrix, teachers: Matrix) -> Any:
    """l(W), shape (...,), of units (..., K, d) and teachers (..., L, d) with leading axes that broadcast.

    In float64 it is accurate to some roundings of sum |w_i| |w_j|, not of l itself. Raises ValueError for a zero
    vector or shapes that do not fit, as the functions below.
    """
    _check_units(units, teachers)
    return _total(units, units) / 2 - _total(units, teachers) + _total(teachers, teachers) / 2


def population_gradient(units: Matrix, teachers: Matrix) -> Matrix:
    """dl/dW, shape (..., K, d)."""
    _check_units(units, teachers)
    between = relu_kernel_gradient(units[..., :, None, :], units[..., None, :, :])
    own = np.arange(units.shape[-2])
    between[..., own, own, :] = units / 2
    return between.sum(axis=-2) - relu_kernel_gradient(units[..., :, None, :], teachers[..., None, :, :]).sum(axis=-2)


def population_hessian(units: Matrix, teachers: Matrix) -> Matrix:
    """The Hessian over the concatenated rows of W, shape (..., K d, K d)."""
    _check_units(units, teachers)
    *leading, count, size = np.broadcast_shapes(units.shape, (*teachers.shape[:-2], 1, 1))
    units = np.broadcast_to(units, (*leading, count, size))
    one, other = units[..., :, None, :], units[..., None, :, :]
    own, half = np.arange(count), _half_identity(units)
    bent = relu_kernel_hessian(one, other)
    bent[..., own, own, :, :] = half
    diagonal = bent.sum(axis=-3) - relu_kernel_hessian(one, teachers[..., None, :, :]).sum(axis=-3)
    blocks = gated_covariance(one, other)
    blocks[..., own, own, :, :] = diagonal
    hessian: Matrix = np.swapaxes(blocks, -3, -2).reshape(*leading, count * size, count * size)
    return hessian


@dataclass(frozen=True)
class LeakySamples:
    """l(W) = 1/2n sum_i (sum_j s(w_j.x_i) - y_i)^2, s(z) = z for z > 0 and alpha z for z <= 0.

    ``inputs`` (n, d) are the x_i and ``outputs`` (n,) the y_i, float64 or exact rationals; ``slope`` is alpha, and
    ``at_kink`` the slope that a gradient takes at z = 0. Raises TypeError or ValueError for anything else.
    """

    inputs: Matrix
    outputs: Matrix
    slope: Any = 0
    at_kink: Any = 0

    def __post_init__(self) -> None:
        check_array(self.inputs, "inputs", axes=2, expected="(n, d)")
        check_array(self.outputs, "outputs", axes=1, expected="(n,)")
        if len(self.outputs) != len(self.inputs):
            raise ValueError(
                f"outputs has shape {self.outputs.shape}; expected ({len(self.inputs)},), one for each of the inputs"
            )

    @property
    def unit(self) -> Activation:
        """s."""
        return piecewise_linear(1, self.slope, self.at_kink)

    def outputs_of(self, units: Matrix) -> Matrix:
        """sum_j s(w_j.x_i), shape (..., n), of units (..., K, d)."""
        self._check(units)
        return self.unit.value(units @ self.inputs.T).sum(axis=-2)

    def value(self, units: Matrix) -> Any:
        """l(W), shape (...,)."""
        return ((self.outputs_of(units) - self.outputs) ** 2).sum(axis=-1) / (2 * len(self.outputs))

    def gradient(self, units: Matrix) -> Matrix:
        """dl/dW, shape (..., K, d): (1/n) sum_i s'(w_j.x_i) r_i x_i, r_i the residuals."""
        self._check(units)
        before = units @ self.inputs.T
        residuals = self.unit.value(before).sum(axis=-2, keepdims=True) - self.outputs
        return (self.unit.derivative(before) * residuals) @ self.inputs / len(self.outputs)

    def gated_value(self, units: Matrix) -> Any:
        """rho = (1/n) sum_i s'(w_j.x_i) r_i^2 for each unit, shape (..., K)."""
        self._check(units)
        before = units @ self.inputs.T
        residuals = self.unit.value(before).sum(axis=-2, keepdims=True) - self.outputs
        return (self.unit.derivative(before) * residuals**2).sum(axis=-1) / len(self.outputs)

    def covariance(self) -> Matrix:
        """S = (1/n) sum_i x_i x_i^T."""
        return self.inputs.T @ self.inputs / len(self.inputs)

    def _check(self, units: Matrix) -> None:
        check_array(units, "units", axes=max(units.ndim, 2), expected="(..., K, d)")
        if units.shape[-1] != self.inputs.shape[1]:
            raise ValueError(f"units has shape {units.shape}; expected (..., K, {self.inputs.shape[1]})")


def _total(one: Matrix, other: Matrix) -> Any:
    return relu_kernel(one[..., :, None, :], other[..., None, :, :]).sum(axis=(-2, -1))


def _half_identity(units: Matrix) -> Matrix:
    if elementary.is_float64(units):
        return np.eye(units.shape[-1]) / 2
    return np.eye(units.shape[-1], dtype=object) * fmpq(1, 2)


def _check_units(units: Matrix, teachers: Matrix) -> None:
    for array, name, letter in ((units, "units", "K"), (teachers, "teachers", "L")):
        check_vectors(array, name)
        if array.ndim < 2:
            raise ValueError(f"{name} has shape {array.shape}; expected (..., {letter}, d)")
    if units.shape[-1] != teachers.shape[-1]:
        raise ValueError(f"teachers has shape {teachers.shape}; expected (..., L, {units.shape[-1]}), as units has")
    try:
        np.broadcast_shapes(units.shape[:-2], teachers.shape[:-2])
    except ValueError:
        raise ValueError(
            f"units has shape {units.shape} but teachers has shape {teachers.shape}; expected leading axes that fit"
        ) from None
