"""What a covariance and a mask must be; each error names the argument and what would be right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.arithmetic import Enclosure
from solvers.network.checks import FLOAT, _check_finite, _check_leading_axes, _check_matrix, check_held, check_plain


def check_data(weights: Sequence[Any], covariance: Any, mask: Any) -> None:
    """A symmetric covariance of the inputs, a mask of the target's shape, or neither; in any arithmetic. That a
    covariance is positive semidefinite is asked by those who make a problem of it."""
    if covariance is not None and mask is not None:
        raise ValueError("mask is given beside covariance; expected one of the two, or neither")
    if covariance is not None:
        _check_covariance(weights, covariance)
    if mask is not None:
        _check_mask_shape(weights, mask)
        if not hasattr(mask, "free_symbols"):
            check_mask(mask)


def check_mask(mask: Any) -> NDArray[np.bool_]:
    """An array of 0 and 1, in any dtype, as one of booleans."""
    if mask.dtype == np.bool_:
        observed: NDArray[np.bool_] = mask
        return observed
    ones = np.asarray(mask == 1)
    wrong = np.argwhere(~(ones | np.asarray(mask == 0)))
    if len(wrong):
        place = tuple(int(i) for i in wrong[0])
        raise ValueError(
            f"mask has the entry {mask[place]} at {place}; expected 0 or 1, 1 where the target is observed"
        )
    return ones.astype(np.bool_)


def _check_covariance(weights: Sequence[Any], covariance: Any) -> None:
    _check_matrix(covariance, "covariance")
    inputs = weights[0].shape[-1]
    if covariance.shape[-2:] != (inputs, inputs):
        raise ValueError(
            f"covariance has shape {covariance.shape} but the network takes inputs from R^{inputs}; "
            f"expected ({inputs}, {inputs})"
        )
    if len(covariance.shape) > 2:
        _check_leading_axes(weights, covariance, "covariance")
    check_held(covariance, "covariance")
    if hasattr(covariance, "free_symbols"):
        return
    parts = (covariance.value, covariance.radius) if isinstance(covariance, Enclosure) else (covariance,)
    for part in parts:
        differ = np.argwhere(np.asarray(part != part.mT))
        if len(differ):
            place = tuple(int(i) for i in differ[0])
            raise ValueError(
                f"covariance is not symmetric: its entry at {place} is not the one across the diagonal; expected "
                f"S = S^T exactly (as X @ X.T is, or (S + S.T) / 2)"
            )


def _check_mask_shape(weights: Sequence[Any], mask: Any) -> None:
    check_plain(mask, "mask")
    shape = getattr(mask, "shape", None)
    if shape is None:
        raise TypeError(f"mask is a {type(mask).__name__}; expected an array of 0 and 1, of the target's shape")
    outputs, inputs = weights[-1].shape[-2], weights[0].shape[-1]
    if len(shape) < 2 or shape[-2:] != (outputs, inputs):
        raise ValueError(f"mask has shape {shape}; expected that of the target, ({outputs}, {inputs})")
    if len(shape) > 2:
        _check_leading_axes(weights, mask, "mask")
    if not isinstance(mask, np.ndarray) and not hasattr(mask, "free_symbols"):
        raise TypeError(f"mask is a {type(mask).__name__}; expected a NumPy array (convert with np.asarray)")


def check_float_data(covariance: Any, mask: Any, count: int | None = None) -> None:
    """Those of a Problem, for one float64 network, or for a stack of ``count``: of two axes, or three; finite float64,
    and booleans."""
    if covariance is not None:
        if not isinstance(covariance, np.ndarray) or covariance.dtype != FLOAT:
            raise TypeError("covariance is not a float64 array; expected dtype float64")
        _check_axes(covariance, "covariance", count)
        _check_finite(covariance, "covariance")
    if mask is not None:
        if not isinstance(mask, np.ndarray):
            raise TypeError(f"mask is a {type(mask).__name__}; expected a NumPy array")
        _check_axes(mask, "mask", count)


def _check_axes(matrix: Any, name: str, count: int | None) -> None:
    if matrix.ndim == 2 or (count is not None and matrix.ndim == 3 and len(matrix) == count):
        return
    if count is None:
        raise ValueError(f"{name} has shape {matrix.shape}; expected two axes, (rows, columns)")
    if matrix.ndim == 3:
        raise ValueError(f"{name} holds {len(matrix)} networks but weights[0] holds {count}; expected {count}")
    raise ValueError(f"{name} has shape {matrix.shape}; expected two or three axes, (networks, rows, columns)")
