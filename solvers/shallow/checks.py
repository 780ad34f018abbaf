"""What the parts of a shallow objective must be; each error names the argument and what would be right."""

from __future__ import annotations

from typing import Any

import numpy as np

from solvers.arithmetic import Enclosure
from solvers.network.checks import check_plain


def check_array(array: Any, name: str, *, axes: int, expected: str) -> None:
    """A float64 or object array with that number of axes, none of them empty, its float64 entries finite."""
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} is a {type(array).__name__}; expected an array of shape {expected}")
    check_plain(array, name)
    if array.dtype not in (np.dtype(np.float64), np.dtype(object)):
        raise TypeError(f"{name} has dtype {array.dtype}; expected float64, or object for exact entries")
    if array.ndim != axes or 0 in array.shape:
        raise ValueError(f"{name} has shape {array.shape}; expected {expected}")
    check_finite(array, name)


def check_stack(array: Any, name: str, *, axes: int, expected: str) -> None:
    """The same with any leading axes."""
    check_array(array, name, axes=max(getattr(array, "ndim", axes), axes), expected=expected)


def check_finite(array: Any, name: str) -> None:
    """No NaN and no infinity in a float64 array."""
    if array.dtype == np.dtype(np.float64) and not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name} has the entry {array[place]} at {place}; expected finite entries")


def check_symmetric(matrix: Any, name: str) -> None:
    """Square symmetric matrices over the last two axes; of enclosures and symbols only the shape is looked at."""
    shape = getattr(matrix, "shape", None)
    if shape is None:
        raise TypeError(f"{name} is a {type(matrix).__name__}; expected a matrix")
    if len(shape) < 2 or shape[-1] != shape[-2] or shape[-1] == 0:
        raise ValueError(f"{name} has shape {shape}; expected a square matrix")
    if isinstance(matrix, Enclosure) or not isinstance(matrix, np.ndarray):
        return
    check_array(matrix, name, axes=matrix.ndim, expected="(n, n)")
    if not (matrix == matrix.mT).all() and not _overlap(matrix):
        raise ValueError(f"{name} is not symmetric; expected A = A^T")


def _overlap(matrix: Any) -> bool:
    """Whether entries are balls that may be equal to those across the diagonal."""
    pairs = zip(matrix.ravel(), matrix.mT.ravel(), strict=True)
    return all(hasattr(a, "overlaps") and a.overlaps(b) for a, b in pairs)


def check_factor(factor: Any, size: Any, name: str = "factor") -> None:
    """An n x k matrix (or a stack of them), k >= 1, in any arithmetic."""
    check_plain(factor, name)
    shape = getattr(factor, "shape", None)
    if shape is None:
        raise TypeError(f"{name} is a {type(factor).__name__}; expected a matrix of {size} rows")
    if len(shape) < 2 or shape[-2] != size or shape[-1] == 0:
        raise ValueError(f"{name} has shape {shape}; expected {size} rows and at least one column")
    dtype = getattr(factor, "dtype", None)
    if dtype is not None and dtype not in (np.dtype(np.float64), np.dtype(object)):
        raise TypeError(f"{name} has dtype {dtype}; expected float64, or object for exact entries")


def check_whole(number: Any, name: str, *, least: int) -> None:
    """A whole number, at least ``least``; True is none. Raises ValueError, for what is no number too."""
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < least:
        raise ValueError(f"{name} is {number!r}; expected a whole number >= {least}")


def check_vectors(vectors: Any, name: str) -> None:
    """Vectors (..., d), none of them zero; of balls and symbols only what is certain is looked at."""
    check_stack(vectors, name, axes=1, expected="(..., d), d >= 1")
    if (vectors == 0).all(axis=-1).any():
        raise ValueError(f"{name} has a zero vector; expected none, since it has no angle with another")


def check_coordinates(state: Any) -> None:
    """A tuple of numbers, or of arrays of them, that are nowhere all 0; of balls and symbols only what is certain."""
    zero = np.asarray(state[0] == 0)
    for coordinate in state[1:]:
        zero = zero & np.asarray(coordinate == 0)
    if zero.any():
        raise ValueError(f"state is {tuple(map(str, state))}; expected not all of its numbers to be 0")
