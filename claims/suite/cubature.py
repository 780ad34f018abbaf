"""Means of polynomials in independent normal numbers as finite sums of rationals.

The distribution on -3, ..., 3 below has the moments 0, 1, 0, 3, 0, 15, 0 of N(0, 1). So a polynomial of degree at most
7 in each of some independent numbers has the same mean under both, and the finite one can be added up. Up to degree 5
the points 0 and +-3^{1/2} will do, with probabilities 2/3, 1/6 and 1/6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import prod
from typing import Any

import numpy as np
from flint import fmpq

NODES = (-3, -2, -1, 0, 1, 2, 3)
WEIGHTS = (2, 18, 90, 140, 90, 18, 2)
"""Of each node, in parts of 360."""

MOST_ENTRIES = 6
MOST_OF_THREE = 10


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


def three_point_mean(shapes: Sequence[tuple[int, int]], values: Callable[[Any], Any], *, degree: int) -> fmpq:
    """E f of independent matrices of ``shapes`` with N(0, 1) entries, f a polynomial of degree <= 5 in each entry.

    f is homogeneous, of an even ``degree`` in all entries together. ``values`` takes stacks of the matrices, one for
    each shape, with entries -1, 0 and 1 in float64, and returns f of each: whole numbers. Raises ValueError for more
    than ten entries (3^10 is 59049), or an odd degree.
    """
    sizes = [prod(shape) for shape in shapes]
    if not 1 <= sum(sizes) <= MOST_OF_THREE:
        raise ValueError(f"shapes is {shapes}; expected 1 to {MOST_OF_THREE} entries together")
    if degree % 2:
        raise ValueError(f"degree is {degree}; expected an even number")
    entries = np.array(list(product((0.0, 1.0, -1.0), repeat=sum(sizes))))
    parts = np.split(entries, np.cumsum(sizes)[:-1], axis=1)
    found = values([part.reshape(-1, *shape) for part, shape in zip(parts, shapes, strict=True)])
    probability = 4.0 ** (entries == 0).sum(axis=1)  # in units of 6^-count
    return fmpq(3 ** (degree // 2) * int(probability @ found), 6 ** sum(sizes))
