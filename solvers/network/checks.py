"""What a network, a target and a learning rate must be; each error names the argument and what would be right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from numbers import Real
from typing import Any

import numpy as np


def check_chain(weights: Sequence[Any]) -> None:
    """Layers exist and fit one another; in any arithmetic, SymPy's symbolic sizes included."""
    if isinstance(weights, np.ndarray) or not isinstance(weights, Sequence):
        raise TypeError(f"weights is a {type(weights).__name__}; expected a tuple of matrices, input side first")
    if len(weights) == 0:
        raise ValueError("weights is empty; expected at least one matrix, since depth starts at 1")
    for j, matrix in enumerate(weights):
        _check_matrix(matrix, f"weights[{j}]")
    for j, (before, after) in enumerate(pairwise(weights)):
        if after.shape[-1] != before.shape[-2]:
            raise ValueError(
                f"weights[{j + 1}] has shape {after.shape} but weights[{j}] of shape {before.shape} gives "
                f"{before.shape[-2]} values; expected {before.shape[-2]} columns"
            )


def check_target(weights: Sequence[Any], target: Any, *, name: str = "target") -> None:
    """``target`` has the shape of the end-to-end matrix of ``weights``."""
    _check_matrix(target, name)
    outputs, inputs = weights[-1].shape[-2], weights[0].shape[-1]
    if target.shape[-2:] != (outputs, inputs):
        raise ValueError(
            f"{name} has shape {target.shape} but the network maps R^{inputs} to R^{outputs}; "
            f"expected ({outputs}, {inputs})"
        )


def _check_matrix(matrix: Any, name: str) -> None:
    shape = getattr(matrix, "shape", None)
    if shape is None:
        raise TypeError(f"{name} is a {type(matrix).__name__}; expected a matrix")
    if len(shape) < 2:
        raise ValueError(f"{name} has shape {shape}; expected two axes, (rows, columns)")
    if 0 in shape[-2:]:
        raise ValueError(f"{name} has shape {shape}; expected at least one row and one column")
    dtype = getattr(matrix, "dtype", None)
    if dtype is not None and dtype not in (np.dtype(np.float64), np.dtype(object)):
        raise TypeError(
            f"{name} has dtype {dtype}; expected float64, or object for exact entries "
            f"(convert with .astype(np.float64))"
        )


def check_single_matrix(matrix: Any, name: str) -> None:
    """One matrix, in any arithmetic: no batch axes."""
    _check_matrix(matrix, name)
    _check_single(matrix, name)


def _check_single(matrix: Any, name: str) -> None:
    if len(matrix.shape) != 2:
        raise ValueError(f"{name} has shape {matrix.shape}; expected two axes, (rows, columns)")


def check_float_matrix(matrix: Any, name: str) -> None:
    """A single finite float64 matrix."""
    check_single_matrix(matrix, name)
    _check_float(matrix, name)
    _check_finite(matrix, name)


def check_float_problem(weights: Sequence[Any], target: Any) -> None:
    """A single network in finite float64 matrices, and its target."""
    check_chain(weights)
    check_target(weights, target)
    check_float_network(weights, target, 0)


def check_float_network(weights: Sequence[Any], target: Any, learning_rate: Any) -> None:
    """The same, and a learning rate, for parts that are known to fit, as those of a Problem."""
    for name, matrix in [*((f"weights[{j}]", matrix) for j, matrix in enumerate(weights)), ("target", target)]:
        _check_float(matrix, name)
        _check_single(matrix, name)
        _check_finite(matrix, name)
    check_learning_rate(learning_rate)


def check_float_stack(weights: Sequence[Any], target: Any, learning_rate: Any) -> None:
    """Networks of one shape, B >= 0 of them: finite float64 arrays, ``weights[j]`` of shape (B, d_{j+1}, d_j),
    ``target`` (d_N, d_0) or (B, d_N, d_0), ``learning_rate`` a number or an array (B,)."""
    check_chain(weights)
    check_target(weights, target)
    count = len(weights[0])
    for name, matrix in [*((f"weights[{j}]", matrix) for j, matrix in enumerate(weights)), ("target", target)]:
        _check_float(matrix, name)
        if matrix.ndim != 3 and (name, matrix.ndim) != ("target", 2):
            raise ValueError(f"{name} has shape {matrix.shape}; expected three axes, (networks, rows, columns)")
        if matrix.ndim == 3 and len(matrix) != count:
            raise ValueError(f"{name} holds {len(matrix)} networks but weights[0] holds {count}; expected {count}")
        _check_finite(matrix, name)
    if not isinstance(learning_rate, np.ndarray):
        check_learning_rate(learning_rate)
    elif learning_rate.shape != (count,) or learning_rate.dtype != np.dtype(np.float64):
        raise ValueError(
            f"learning_rate has shape {learning_rate.shape} and dtype {learning_rate.dtype}; expected a number, or "
            f"float64 of shape ({count},), one for each network"
        )
    elif not (np.isfinite(learning_rate) & (learning_rate >= 0)).all():
        worst = learning_rate[~(np.isfinite(learning_rate) & (learning_rate >= 0))][0]
        raise ValueError(f"learning_rate has the entry {worst}; expected finite numbers >= 0")


def _check_float(matrix: Any, name: str) -> None:
    if getattr(matrix, "dtype", None) != np.dtype(np.float64):
        raise TypeError(f"{name} is not a float64 array; expected dtype float64")


def _check_finite(matrix: Any, name: str) -> None:
    if not np.isfinite(matrix).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(matrix))[0])
        raise ValueError(f"{name} has the entry {matrix[place]} at {place}; expected finite entries")


def check_learning_rate(learning_rate: Any) -> float:
    """A finite real number >= 0, as a float."""
    if isinstance(learning_rate, bool) or not isinstance(learning_rate, Real):
        raise TypeError(f"learning_rate is {learning_rate!r}; expected a finite number >= 0")
    rate = float(learning_rate)
    if not math.isfinite(rate) or rate < 0:
        raise ValueError(f"learning_rate is {rate!r}; expected a finite number >= 0")
    return rate


def check_stop_at_loss(stop_at_loss: Any) -> float:
    """A real number, or None for one that no loss reaches."""
    if stop_at_loss is None:
        return -math.inf
    if isinstance(stop_at_loss, bool) or not isinstance(stop_at_loss, Real):
        raise TypeError(f"stop_at_loss is {stop_at_loss!r}; expected a number, or None")
    if math.isnan(stop_at_loss):
        raise ValueError("stop_at_loss is nan; expected a number, or None")
    return float(stop_at_loss)


def check_steps(steps: Any, name: str = "steps") -> int:
    """A whole number >= 0."""
    if isinstance(steps, bool) or not isinstance(steps, int | np.integer):
        raise TypeError(f"{name} is {steps!r}; expected a whole number >= 0")
    if steps < 0:
        raise ValueError(f"{name} is {steps}; expected a whole number >= 0")
    return int(steps)


def check_number(value: Any, name: str) -> float:
    """A finite real number >= 0, as a float."""
    expected = "expected a finite number >= 0"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} is {value!r}; {expected}")
    number = float(value)
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{name} is {number!r}; {expected}")
    return number
