"""The probes: small networks on which one step of gradient descent tells most deviations apart.

Widths are 4 at most and depth 3, since the bound of a step grows with both: a relative error of the gradient of 3e-15
shows there in float64, and in large networks does not. What a probe is there for stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, pairwise

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from solvers.arithmetic.formats import Format

FloatArray = NDArray[np.float64]
GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Probe:
    """Numbers of the trainer's format: ``weights[j]`` (d_{j+1}, d_j), ``inputs`` (d_0, m), ``outputs`` (d_N, m)."""

    name: str
    weights: tuple[FloatArray, ...]
    inputs: FloatArray
    outputs: FloatArray
    learning_rate: float


@cache
def probes(format: Format) -> tuple[Probe, ...]:
    """All that a trainer in ``format`` is asked; made once, and read-only."""
    short = [
        # Scale, sign, decay, clipping and Adam in step 1; momentum, stale gradients and biases in step 2.
        _scalars("scalar, depth 1", [1.5], 1.0, 0.25, 0.125),
        # Layers that are updated one after another; layers that stay.
        _scalars("scalar, depth 2", [1.5, -0.75], 1.0, 0.25, 0.125),
        _scalars("scalar, depth 3", [1.25, -0.5, 1.75], 0.5, -1.5, 0.25),
        # Thresholds: on gradients that are large, and on such as might count as none.
        _scalars("scalar, large gradient", [1.5, 80.0], 1.0, 0.25, 2.0**-13),
        _scalars("scalar, small gradient", [1.5, 2.0**-6], 2.0**-6, 2.0**-12, 8.0),
        # Whether inputs and outputs keep their places, and what the loss is divided by.
        _matrices("3-2, four samples", (3, 2), 4, 0.125, 0),
        _matrices("2-3-2, identity inputs", (2, 3, 2), None, 0.125, 20),
        _matrices("2-3-2, three samples", (2, 3, 2), 3, 0.0625, 40),
        _matrices("3-2-4, two samples", (3, 2, 4), 2, 0.0625, 60),
        # Transposes and the order of layers: with other shapes these would not even fit.
        _matrices("2-2-2-2, two samples", (2, 2, 2, 2), 2, 0.125, 80),
    ]
    # Products and learning rates in a lower precision: the numbers above have few bits, and theirs are exact.
    full = [
        _matrices("2-3-2, full mantissas", (2, 3, 2), 3, 2.0**-4, 100, format),
        _matrices("2-2-2-2, full mantissas", (2, 2, 2, 2), 2, 2.0**-3, 120, format),
    ]
    # More samples than a usual batch.
    many = [_matrices("2-1, 130 samples", (2, 1), 130, 2.0**-9, 200)] if format.precision >= 24 else []
    return (*short, *full, *many)


def _scalars(name: str, weights: Sequence[float], given: float, wanted: float, rate: float) -> Probe:
    return Probe(name, tuple(_fixed([[weight]]) for weight in weights), _fixed([[given]]), _fixed([[wanted]]), rate)


def _fixed(entries: Sequence[Sequence[float]]) -> FloatArray:
    matrix = np.array(entries)
    matrix.setflags(write=False)
    return matrix


def _matrices(
    name: str,
    dimensions: Sequence[int],
    samples: int | None,
    rate: float,
    start: int,
    format: Format | None = None,
) -> Probe:
    """Entries of both signs between 1/2 and 3/2 in eighths, or, given a format, with all its bits."""
    numbers = _numbers(start, format)
    columns = dimensions[0] if samples is None else samples

    def matrix(rows: int, columns: int) -> FloatArray:
        return _fixed([[next(numbers) for _ in range(columns)] for _ in range(rows)])

    weights = tuple(matrix(after, before) for before, after in pairwise(dimensions))
    inputs = _fixed(np.eye(columns).tolist()) if samples is None else matrix(dimensions[0], columns)
    outputs = matrix(dimensions[-1], columns)
    return Probe(name, weights, inputs, outputs, rate if format is None else abs(next(numbers)) * rate)


def _numbers(start: int, format: Format | None) -> Iterator[float]:
    """Multiples of the golden ratio modulo 1, which lie evenly, in a fixed order that has no pattern."""
    for k in count(start + 1):
        fraction = (k * GOLDEN) % 1
        sign = -1 if (k * k * GOLDEN) % 1 < 0.5 else 1
        size = fmpq(1, 2) + (fmpq(int(8 * fraction), 8) if format is None else fmpq(*fraction.as_integer_ratio()))
        yield sign * float(size if format is None else format.nearest(size))
