"""Means of polynomials in independent normal numbers as finite sums of rationals.

The distribution on -3, ..., 3 below has the moments 0, 1, 0, 3, 0, 15, 0 of N(0, 1). So a polynomial of degree at most
7 in each of some independent numbers has the same mean under both, and the finite one can be added up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import fmpq

NODES = (-3, -2, -1, 0, 1, 2, 3)
WEIGHTS = (2, 18, 90, 140, 90, 18, 2)
"""Of each node, in parts of 360."""

MOST_ENTRIES = 6


def gaussian_mean_of(shape: tuple[int, ...], values: Callable[[Any], Any]) -> fmpq:
    """E f(X) for X of a shape with independent N(0, 1) entries, f a polynomial of degree <= 7 in each of them.

    ``values`` takes a stack (count, *shape) of whole numbers (int64) and returns f of each, whole numbers too: scale f
    by a common denominator. Raises ValueError for more than six entries (7^6 is 117649).
    """
    entries = int(np.prod(shape))
    if not 1 <= entries <= MOST_ENTRIES:
        raise ValueError(f"shape is {shape}; expected 1 to {MOST_ENTRIES} entries")
    grids = np.meshgrid(*[np.arange(len(NODES))] * entries, indexing="ij")
    chosen = np.stack([grid.ravel() for grid in grids], axis=1)
    weights = np.array(WEIGHTS, dtype=object)[chosen].prod(axis=1)
    found = values(np.array(NODES, dtype=np.int64)[chosen].reshape(-1, *shape))
    return fmpq(int((weights * found.astype(object)).sum()), 360**entries)
