"""The counts are the least: steps in float32 of which nearly every rounding is as bad as can be, and in one direction.

Entries whose indices are all the first are 1 + k 2^-23, with k such that each product on the way loses nearly u; the
others are 2^-12 (1 - 2^-8), so that sums lose what is nearly half a unit in the last place in every addition. Y loses
as much again, and eta is nearly 1, so that W_j+ is small. The k were found by a search.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from claims.rounding.rounded_step.distances import column, largest_ratio, within
from claims.suite import control, exact, witness
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.arithmetic.formats import FORMATS
from solvers.descent.rounded_step import Step, rounding_bound, roundings
from solvers.descent.simulated_step import Machine, Plain, simulated_step

SINGLE = FORMATS["float32"]
MACHINE = Machine(SINGLE, Plain())

Shape = tuple[tuple[int, ...], int | None, int]
"""Dimensions, m or None for a target, and the layer, from 0."""

WORST: dict[Shape, list[int]] = {
    ((1, 1), 1, 0): [7576, 518, 5357],
    ((2, 1), 3, 0): [1466, 2846, 2921],
    ((2, 3, 2), 2, 0): [7508, 3853, 6981, 5884],
    ((2, 3, 2), 2, 1): [2190, 1824, 823, 518],
    ((2, 3, 2), None, 0): [1449, 2870, 4076],
    ((2, 3, 2), None, 1): [4086, 1025, 1358],
    ((2, 2, 2, 2), None, 0): [3198, 4720, 4434, 1358],
    ((2, 2, 2, 2), None, 1): [3324, 2013, 1715, 1011],
    ((2, 2, 2, 2), None, 2): [2891, 2107, 1964, 346],
}
"""The k of the weights, of X where there is data, and of eta."""
SCALED = [6929, 2930, 4238, 223]
"""The same at 1 <- 1, m = 1, with one part of kappa more, at the end."""


def leading(k: int) -> fmpq:
    """1 + k 2^-23."""
    return 1 + fmpq(k, 2**23)


def matrix(rows: int, columns: int, first: fmpq) -> ObjectArray:
    """``first`` at the first place, small everywhere else."""
    found = np.full((rows, columns), fmpq(1, 2**12) * (1 - fmpq(1, 2**8)), dtype=object)
    found[0, 0] = first
    return found


def worst_step(dimensions: tuple[int, ...], samples: int | None, found: list[int], scale: Any = 1) -> Step:
    """The step of a row of WORST."""
    numbers = iter(map(leading, found))
    weights = [matrix(after, before, next(numbers)) for before, after in pairwise(dimensions)]
    inputs = None if samples is None else matrix(dimensions[0], samples, next(numbers))
    outputs = np.full((dimensions[-1], samples or dimensions[0]), fmpq(0), dtype=object)
    outputs[0, 0] = -fmpq(1, 2**24) * (1 - fmpq(1, 2**24))
    return Step.of(weights, outputs, next(numbers), inputs=inputs, scale=scale)


Counts = Callable[[Step, int], tuple[int, ...]]


def less(part: Callable[[tuple[int, ...], int, int], int]) -> Counts:
    """The counts of the statement without a part of them, a function of dimensions, m (0 for a target) and layer."""

    def count(step: Step, scalings: int) -> tuple[int, ...]:
        return tuple(
            number - part(step.dimensions, step.samples or 0, layer)
            for layer, number in enumerate(roundings(step, scalings))
        )

    return count


ONE_LESS = less(lambda dimensions, samples, layer: 1)

PARTS: dict[str, Counts] = {
    "d_{j+1} + ... + d_N": less(lambda dimensions, samples, layer: sum(dimensions[layer + 2 :])),
    "d_1 + ... + d_{N-1}": less(lambda dimensions, samples, layer: sum(dimensions[1:-1])),
    "d_0, with data": less(lambda dimensions, samples, layer: dimensions[0] if samples else 0),
    "m, with data": less(lambda dimensions, samples, layer: samples),
    "d_0 + ... + d_{j-2}": less(lambda dimensions, samples, layer: sum(dimensions[:layer])),
    "one of d_0 + ... + d_{j-2}": less(lambda dimensions, samples, layer: dimensions[max(layer - 1, 0)] * (layer > 0)),
    "one of d_{j+1} + ... + d_N": less(lambda dimensions, samples, layer: sum(dimensions[layer + 2 :][:1])),
}
"""Falsified counts: what each leaves out."""


@exact
@pytest.mark.parametrize("shape", WORST, ids=str)
def test_the_bound_holds_there(shape: Shape) -> None:
    """Nine layers of five shapes, each with more than 0.94 of the bound."""
    dimensions, samples, layer = shape
    step = worst_step(dimensions, samples, WORST[shape])
    bounds, computed = rounding_bound(step, SINGLE, scalings=1), simulated_step(step, MACHINE)
    assert within(step, computed, bounds).holds
    ratio = largest_ratio(step, computed, bounds, [layer])
    assert compare(Comparison(ratio, ">", fmpq(94, 100), "the largest error in units of its bound")).holds


@witness
def test_the_largest_error_that_was_seen() -> None:
    """0.989 of the bound, and not 0.990, over the nine."""
    seen = []
    for (dimensions, samples, layer), found in WORST.items():
        step = worst_step(dimensions, samples, found)
        bounds, computed = rounding_bound(step, SINGLE, scalings=1), simulated_step(step, MACHINE)
        seen.append(largest_ratio(step, computed, bounds, [layer]))
    assert fmpq(989, 1000) <= max(seen) < fmpq(990, 1000)


@control
@pytest.mark.parametrize("shape", WORST, ids=str)
def test_one_rounding_less_is_refuted(shape: Shape) -> None:
    """n_j - 1 for n_j, at each of the nine."""
    dimensions, samples, layer = shape
    step = worst_step(dimensions, samples, WORST[shape])
    bounds = rounding_bound(step, SINGLE, scalings=1, count=ONE_LESS)
    assert within(step, simulated_step(step, MACHINE), bounds, [layer]).fails


@control
@pytest.mark.parametrize("part", PARTS)
def test_no_sum_of_dimensions_can_be_left_out(part: str) -> None:
    """Counts without it are refuted wherever they are smaller, and they are somewhere."""
    refuted = []
    for (dimensions, samples, layer), found in WORST.items():
        step = worst_step(dimensions, samples, found)
        if PARTS[part](step, 1)[layer] < roundings(step, 1)[layer]:
            bounds = rounding_bound(step, SINGLE, scalings=1, count=PARTS[part])
            refuted.append(within(step, simulated_step(step, MACHINE), bounds, [layer]).fails)
    assert refuted
    assert all(refuted)


@control
@pytest.mark.parametrize("scalings", [1, 2])
def test_each_scaling_counts(scalings: int) -> None:
    """eta and one part of kappa: q = 2 holds and q = 1 is refuted."""
    part = leading(SCALED[-1])
    step = worst_step((1, 1), 1, SCALED[:-1], part)
    verdict = within(step, simulated_step(step, MACHINE, [part]), rounding_bound(step, SINGLE, scalings=scalings))
    assert verdict.holds if scalings == 2 else verdict.fails


@control
def test_the_rounding_of_the_weights_counts() -> None:
    """Without u |W_j+|: W = 1 loses the whole of a small eta D, which alone is all that the bound would have."""
    step = Step.of([column(fmpq(1))], column(fmpq(0)), fmpq(1, 2**25), inputs=column(fmpq(1)))
    bounds = rounding_bound(step, SINGLE, scalings=1)
    computed = simulated_step(step, MACHINE)
    assert within(step, computed, bounds).holds
    without = [bound - SINGLE.unit * abs(moved) for bound, moved in zip(bounds, step.moved, strict=True)]
    assert within(step, computed, without).fails


@witness
def test_the_smallest_case() -> None:
    """1 <- 1 with a target, n_1 = 1 + q; at learning rate 0 the step is exact, and the bound is not 0."""
    for rate in (fmpq(1), fmpq(0)):
        step = Step.of([column(fmpq(3, 2))], column(fmpq(1, 4)), rate)
        assert roundings(step, 1) == (2,)
        assert within(step, simulated_step(step, MACHINE), rounding_bound(step, SINGLE, scalings=1)).holds
    assert (simulated_step(step, MACHINE)[0] == step.weights[0]).all()
