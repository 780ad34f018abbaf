"""What every peer is given: seeded networks that gradient descent neither blows up nor leaves at rest."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers import balanced_factors

FloatMatrix = NDArray[np.float64]


class Instance(NamedTuple):
    """One network, or a stack of networks of one shape along a leading axis of every array."""

    weights: tuple[FloatMatrix, ...]
    target: FloatMatrix
    rate: float

    @property
    def dimensions(self) -> tuple[int, ...]:
        """(d_0, ..., d_N)."""
        return (self.weights[0].shape[-1], *(matrix.shape[-2] for matrix in self.weights))

    @property
    def networks(self) -> int:
        """How many networks there are: 1, or the length of the stack."""
        return self.weights[0].shape[0] if self.weights[0].ndim == 3 else 1


def near_identity(dimensions: tuple[int, ...], *, stack: tuple[int, ...] = (), seed: int = 0) -> Instance:
    """Layers and target near the identity, so that singular values are near 1 and no learning rate here diverges."""
    rng = np.random.default_rng([seed, *dimensions])

    def matrix(rows: int, columns: int) -> FloatMatrix:
        noise = rng.standard_normal((*stack, rows, columns))
        return np.eye(rows, columns) + noise * (0.2 / np.sqrt(max(rows, columns)))

    weights = tuple(matrix(after, before) for before, after in pairwise(dimensions))
    return Instance(weights, matrix(dimensions[-1], dimensions[0]), 0.02 / len(weights))


def mixed(count: int = 100, *, seed: int = 1) -> list[Instance]:
    """Random shapes: depths 1..6, widths 1..8, one network each."""
    rng = np.random.default_rng(seed)
    shapes = [tuple(int(d) for d in rng.integers(1, 9, size=rng.integers(2, 8))) for _ in range(count)]
    return [near_identity(shape, seed=index) for index, shape in enumerate(shapes)]


def balanced(dimensions: tuple[int, ...], *, seed: int = 0) -> Instance:
    """Layers balanced by the singular value decomposition of a random end-to-end matrix of norm about 1."""
    rng = np.random.default_rng([seed, *dimensions])
    shape = (dimensions[-1], dimensions[0])
    start, target = rng.standard_normal((2, *shape)) / np.sqrt(max(shape))
    return Instance(balanced_factors(start, dimensions), target, 0.01)
