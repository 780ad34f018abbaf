"""Each hypothesis is needed; d = 1; and where descent ends."""

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq

from claims.shallow_trajectories.convolutional_filter import critical_points as points
from claims.suite import Fate, ablates, control, sampled, witness
from claims.suite.statistics import generator
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, settle
from solvers.shallow import Angle


def is_minimum(c: fmpq, patches: int, *, dimension: int) -> bool:
    """Whether l is larger around -c c_s w* than there: along the ray, for d >= 2 across too, phi = 2 atan(2^-12)."""

    def larger(size: fmpq, angle: Callable[[], Angle]) -> Comparison:
        here = points.loss(c * points.c_s(patches), points.opposite(), patches)
        return Comparison(points.loss(size * points.c_s(patches), angle(), patches), ">", here, "l around the point")

    around = [settle(partial(larger, c * (1 + sign * fmpq(1, 1000)), points.opposite)).holds for sign in (1, -1)]
    across = partial(points.near, (fmpq(1), fmpq(2**12)))
    return all(around) and (dimension == 1 or settle(partial(larger, c, across)).holds)


@control
@ablates("DL-045", "dimension two or more", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("patches", [2, 3, 10])
def test_refuted_in_dimension_one(patches: int) -> None:
    """w_s is a strict minimum, of a value above 0; beside it, and across for d = 2, it is none."""
    assert is_minimum(fmpq(1), patches, dimension=1)
    assert settle(lambda: Comparison(points.saddle_value(patches), ">", fmpq(0), "l(w_s)")).holds
    assert not is_minimum(fmpq(1), patches, dimension=2)
    assert not is_minimum(fmpq(1002, 1000), patches, dimension=1)


@control
@ablates("DL-045", "Gaussian data", "dropped", Fate.REFUTED)
def test_refuted_for_other_data() -> None:
    """x[1] = (1, 0), x[2] = (1, 1) always, w* = (2, 1): all w with w.x[i] < 0 have l = 25/4, exactly."""
    patches, truth = arithmetic.exact([[1, 0], [1, 1]]), arithmetic.exact([2, 1])
    for w in arithmetic.exact([[-1, 0], [-1, fmpq(1, 2)], [-3, 1]]):
        outputs = [sum(max(x @ v, fmpq(0)) for x in patches) / 2 for v in (w, truth)]
        assert all(x @ w < 0 for x in patches)
        assert (outputs[0] - outputs[1]) ** 2 == fmpq(25, 4)


@witness
@pytest.mark.parametrize("patches", [2, 5])
def test_the_saddle_has_a_way_down(patches: int) -> None:
    """On the sphere from w_s to c_s w*: the loss falls all the way, at 20 angles."""
    values = [points.loss(points.c_s(patches), points.near((fmpq(k), fmpq(20 - k))), patches) for k in range(1, 20)]
    assert all(one > other for one, other in pairwise(values))
    assert settle(
        lambda: Comparison(points.drop(points.near((fmpq(1), fmpq(10**9))), patches), ">", fmpq(0), "drop")
    ).holds


@sampled
@pytest.mark.parametrize("patches", [1, 2, 10])
def test_descent_from_random_starts_ends_at_the_truth(patches: int) -> None:
    """200 Gaussian starts in R^4, 4000 steps of 1: all within 10^-6 of w*."""
    starts, target = generator("DL-045 descent", patches).standard_normal((200, 4)), np.eye(4)[0]
    run = shallow.unit_descent(starts, target, learning_rate=1.0, steps=4000, patches=patches)
    assert (run.distance[:, -1] < 1e-6).all()


@sampled
def test_descent_on_patches_that_overlap_ends_at_the_poor_minimum_too() -> None:
    """w* = (1, -1): of 64 directions around the circle some lead to w* and some to -c w*, and no others."""
    maps, target = shallow.patch_maps(2, 2, 1), np.array([1.0, -1.0])
    angles = (np.arange(64) + 0.5) * math.pi / 32
    w = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for _ in range(400):
        w = w - shallow.sliding_gradient(w, target, maps)
    root = math.sqrt(3)
    poor = -(3 * root + 2 * math.pi) / (3 * root + 5 * math.pi) * target
    at = [abs(w - end).max(axis=1) < 1e-6 for end in (target, poor)]
    assert (at[0] | at[1]).all()
    assert all(ends.sum() >= 8 for ends in at)
