"""Networks of one unit a layer, in rationals."""

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from solvers.arithmetic import exact
from solvers.network import Problem

ONE = fmpq(1)


def scalars(layers: Sequence[Any], target: Any = ONE, rate: Any = ONE, covariance: Any = None) -> Problem:
    """Layers and target are numbers, the covariance one too, or none."""
    weights = tuple(exact([[layer]]) for layer in layers)
    seen = None if covariance is None else exact([[covariance]])
    return Problem(weights, exact([[target]]), rate, covariance=seen)
