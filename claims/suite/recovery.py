"""Whether descent found what it was to find: M, from factors U with U U^T near it, decided outside a rounding bound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from claims.suite.statistics import positive, squared_norms
from solvers import Enclosure

FloatArray = NDArray[np.float64]


def recovered(factors: FloatArray, targets: FloatArray, *, within: int = 1000) -> NDArray[np.bool_]:
    """||U U^T - M||_F < ||M||_F / within for each of a stack of U (B, n, k) and M (B, n, n).

    ArithmeticError where rounding leaves one undecided.
    """
    moved, there = Enclosure.of(factors), Enclosure.of(targets)
    miss, size = squared_norms(moved @ moved.mT - there), squared_norms(there)
    return positive(size - float(within**2) * miss)


def recovered_up_to_phase(points: FloatArray, truths: FloatArray, *, within: int = 1000) -> NDArray[np.bool_]:
    """||z z* - x x*||_F < ||x x*||_F / within for complex z and x, (B, n, 2) as real and imaginary parts.

    With U = (Re z, Im z) the real part of z z* is U U^T, and the imaginary part U J U^T, J a turn by 90 degrees.
    """
    miss, size = None, None
    for turn in (np.eye(2), np.array([[0.0, -1.0], [1.0, 0.0]])):  # exact: entries are moved, not rounded
        found, there = (Enclosure.of(part @ turn) @ Enclosure.of(part).mT for part in (points, truths))
        apart, length = squared_norms(found - there), squared_norms(there)
        miss, size = (apart, length) if miss is None or size is None else (miss + apart, size + length)
    assert miss is not None
    assert size is not None
    return positive(size - float(within**2) * miss)
