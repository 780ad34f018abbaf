"""How far a computed step is from the exact one in units of a bound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import fmpq

from solvers.arithmetic import Comparison, ObjectArray, Verdict, compare
from solvers.descent.rounded_step import Step


def largest_ratio(step: Step, computed: Sequence[Any], bounds: Sequence[Any], layers: Sequence[int] = ()) -> fmpq:
    """max |computed - exact| / bound over all entries, or over those of some layers."""
    chosen = layers or range(len(step.weights))
    found: fmpq = max(
        abs(computed[layer][place] - step.moved[layer][place]) / bounds[layer][place]
        for layer in chosen
        for place in np.ndindex(step.weights[layer].shape)
    )
    return found


def within(step: Step, computed: Sequence[Any], bounds: Sequence[Any], layers: Sequence[int] = ()) -> Verdict:
    """Whether every entry is within its bound."""
    ratio = largest_ratio(step, computed, bounds, layers)
    return compare(Comparison(ratio, "<=", fmpq(1), "the largest error in units of its bound"))


def column(*numbers: Any) -> ObjectArray:
    """A matrix of one column."""
    return np.array(numbers, dtype=object).reshape(len(numbers), 1)
