"""Real positive semidefinite matrices of low rank, from data sets that are bundled with scikit-learn.

- ``digits``: Z is 64 x 10, the mean image of each digit (1797 images of 8 x 8 pixels; Kaynak 1995), one a column, and
  M = Z Z^T is 64 x 64 of rank 10.
- ``linnerud``: Z is 20 x 6, three exercises and three physiological measures of 20 men, centred and scaled to unit
  variance (Tenenhaus 1998), and M = Z Z^T is 20 x 20 of rank 6.

Both are scaled so that the largest eigenvalue of M is 1, up to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

FloatMatrix = NDArray[np.float64]

GRAMS = ("digits", "linnerud")


@dataclass(frozen=True)
class RealGram:
    """M = ``matrix`` (n, n), exactly symmetric, within rounding of Z Z^T for Z = ``factor`` (n, rank)."""

    matrix: FloatMatrix
    factor: FloatMatrix

    @property
    def rank(self) -> int:
        """The number of columns of Z, which are independent."""
        return int(self.factor.shape[1])


@cache
def real_gram(name: str) -> RealGram:
    """The matrix of that name; ValueError names the known ones."""
    if name not in GRAMS:
        raise ValueError(f"name is {name!r}; expected one of {', '.join(GRAMS)}")
    raw = _digits() if name == "digits" else _linnerud()
    factor = raw / np.linalg.norm(raw, 2)
    product = factor @ factor.T
    result = RealGram((product + product.T) / 2, factor)
    for array in (result.matrix, result.factor):
        array.flags.writeable = False  # cached: shared by every caller
    return result


def _digits() -> FloatMatrix:
    from sklearn.datasets import load_digits  # a second, for those who use real data only

    images, digits = load_digits(return_X_y=True)
    return np.stack([np.asarray(images[digits == digit], dtype=np.float64).mean(axis=0) for digit in range(10)], axis=1)


def _linnerud() -> FloatMatrix:
    from sklearn.datasets import load_linnerud

    columns = np.hstack([np.asarray(part, dtype=np.float64) for part in load_linnerud(return_X_y=True)])
    scaled: FloatMatrix = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    return scaled
