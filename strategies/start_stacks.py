"""Stacks of starts of which nothing is asked: any widths, bottlenecks too, any balance, any target, any covariance.

The learning rate is what :mod:`solvers.guarantees.bounded_descent` allows for the least C and b(0) that a state leaves
open, times a factor; half of the states have the most. Layers have sizes that differ by up to 2^6 and any direction,
some are of rank one, some networks are nearly balanced; targets are 0, near W, or anything. Layers of 0, exact balance
and W = Phi, where statements are equalities that no interval decides, are for exact draws.
"""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from solvers.arithmetic import Enclosure
from solvers.guarantees.bounded_descent import imbalance_rise, layer_bound_squared, learning_rate_limit
from solvers.network import stacks
from solvers.network.network import end_to_end, imbalances
from solvers.network.problem import Problem
from strategies.arguments import check_dimensions, check_positive, check_strategy, check_whole
from strategies.data_stacks import covariance_stack
from strategies.state_stacks import INSIDE, StateStack, balanced_stack, fraction_stack
from strategies.widths import dimensions as all_dimensions

FloatArray = NDArray[np.float64]


@st.composite
def start_stacks(
    draw: st.DrawFn,
    *,
    size: int,
    learning_rate: float = 1,
    dimensions: st.SearchStrategy[tuple[int, ...]] | None = None,
) -> StateStack:
    """A stack of ``size`` states; their ``margin`` is 0. ``learning_rate`` is a factor of its limit."""
    check_whole(size, "size", least=1)
    check_positive(learning_rate, "learning_rate")
    widths = check_dimensions(draw(check_strategy(dimensions, "dimensions", _narrow)))
    return _stack(draw(st.integers(0, 2**32 - 1)), widths, size, learning_rate)


def _narrow() -> st.SearchStrategy[tuple[int, ...]]:
    return all_dimensions(max_width=4)


def least_bound(depth: int, norm: Any, distance: Any, imbalance: Any) -> tuple[Any, Any, Any]:
    """C = |Phi|_2 + |G|_2, and M^2 for it and for the least b(0) from which the imbalance may have come, which is the
    third: of a state, in its arithmetic."""
    reach = norm + distance
    start = stacks.largest([0 * imbalance, imbalance - imbalance_rise(depth, reach)])
    return reach, layer_bound_squared(depth, reach, start), start


def _stack(seed: int, widths: tuple[int, ...], size: int, factor: float) -> StateStack:
    rng, depth = np.random.default_rng(seed), len(widths) - 1
    weights = _layers(rng, widths, size)
    product = end_to_end(weights)
    kind = rng.integers(0, 8, size)[:, None, None]
    noise = rng.standard_normal(product.shape) * 2.0 ** rng.uniform(-8, 3, (size, 1, 1))
    target = np.where(kind == 0, 0.0, np.where(kind < 4, product + noise, noise))
    covariance = covariance_stack(rng, product - target, product)
    enclosed_weights = tuple(map(Enclosure.of, weights))
    gap = end_to_end(enclosed_weights) - Enclosure.of(target)
    (_, norm), (_, distance), (_, most) = map(
        stacks.extreme_singular_values, (Enclosure.of(target), gap, Enclosure.of(covariance))
    )
    norms = [stacks.extreme_singular_values(b)[1] for b in imbalances(enclosed_weights)]
    total = reduce(lambda a, b: a + b, norms) if norms else 0 * norm
    _, bound, _ = least_bound(depth, norm, distance, total)
    rate = np.minimum(learning_rate_limit(depth, bound, most).low, 2.0**40) * fraction_stack(rng, size, near=INSIDE)
    rate = np.where(np.isfinite(rate), rate, 1.0) * factor
    return StateStack(Problem(weights, target, rate, covariance=covariance), np.zeros(size), seed)


def _layers(rng: np.random.Generator, widths: tuple[int, ...], size: int) -> tuple[FloatArray, ...]:
    """Gaussian layers, of sizes from 2^-3 to 2^3, some of rank one; every fourth network balanced but for 2^-6."""
    balanced = balanced_stack(rng, widths, size)
    found = []
    for matrix, (before, after) in zip(balanced, pairwise(widths), strict=True):
        scale = 2.0 ** rng.uniform(-3, 3, (size, 1, 1))
        gaussian = rng.standard_normal((size, after, before))
        single = rng.standard_normal((size, after, 1)) * rng.standard_normal((size, 1, before))
        kind = rng.integers(0, 8, (size, 1, 1))
        any_layer = scale * np.where(kind < 3, single, gaussian)
        found.append(np.where((np.arange(size) % 4 == 0)[:, None, None], matrix + gaussian / 64, any_layer))
    return tuple(found)
