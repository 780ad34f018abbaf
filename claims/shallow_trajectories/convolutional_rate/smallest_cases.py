"""Each hypothesis is needed: cycles, starts that fall on the ray, patches that overlap, other data, zero; samples."""

import math
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_trajectories.convolutional_rate.one_step import learning_rate
from claims.shallow_trajectories.convolutional_rate.ray import RAY, at, rest
from claims.suite import Fate, ablates, control, sampled
from claims.suite.agreement import agree
from claims.suite.statistics import binomial_tail, generator
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, settle

FRONT = (fmpq(0), fmpq(1))
"""th = 0."""


def on_the_line(along: fmpq, share: fmpq) -> fmpq:
    """w = along w* after a step for k = 1: on the side of w* 1 + (1 - eta S)(along - 1), beyond 0 (1 - eta S) along."""
    return 1 + (1 - share) * (along - 1) if along > 0 else (1 - share) * along


@control
@given(st.integers(-12, 12).map(lambda k: fmpq(k, 4)), st.integers(1, 16).map(lambda k: fmpq(k, 4)))
def test_the_line_is_that_of_the_solver(along: fmpq, share: fmpq) -> None:
    """By a and b in balls, at th = 0 and th = pi; the sign changes where a < 0."""
    if along == 0:
        return
    side = 1 if along > 0 else -1

    def moved() -> arb:
        a, b = at(abs(along), FRONT if along > 0 else RAY, share, 1).coefficients
        return arb(side * a + b)

    assert agree(moved, lambda: on_the_line(along, share)).holds


@control
@ablates("DL-046", "step size", "eta = 2/S", Fate.REFUTED)
@pytest.mark.parametrize("patches", [1, 2, 10])
@pytest.mark.parametrize("part", [fmpq(1, 1000), fmpq(1, 2), fmpq(999, 1000)])
def test_refuted_at_twice_the_inverse(patches: int, part: fmpq) -> None:
    """w* (1 + e) and w* (1 - e) in turn, for every k; at 1/S both go to w* in one step."""
    for length in (1 + part, 1 - part):
        for share, image in ((fmpq(2), 2 - length), (fmpq(1), fmpq(1))):
            assert agree(lambda: sum(at(length, FRONT, share, patches).coefficients), lambda: image).holds  # noqa: B023
    assert on_the_line(on_the_line(1 + part, fmpq(2)), fmpq(2)) == 1 + part


@control
@ablates("DL-046", "step size", "1/S < eta < 2/S", Fate.REFUTED)
@pytest.mark.parametrize("patches", [1, 2, 10])
@pytest.mark.parametrize("share", [fmpq(1001, 1000), fmpq(3, 2), fmpq(1999, 1000)])
def test_refuted_with_a_longer_step(patches: int, share: fmpq) -> None:
    """r = 1 + (1 + c_s)/(eta S - 1) leads to -c_s w*, which is critical, for k >= 2; r + 1 leads to the ray for k = 1
    too, so that th_1 = pi > th_0 = 0. A step of 1/S leads to w* from both."""
    assert agree(lambda: from_far(patches, share, share), lambda: -rest(patches)).holds
    assert agree(lambda: at(rest(patches), RAY, share, patches).coefficients[0], lambda: rest(patches)).holds
    assert settle(lambda: Comparison(from_far(patches, share, share, more=1), "<", fmpq(0), "the part along w*")).holds
    for more in (0, 1):
        assert agree(lambda more=more: from_far(patches, share, fmpq(1), more=more), lambda: 1).holds  # type: ignore[misc]


def from_far(patches: int, aim: fmpq, share: fmpq, *, more: int = 0) -> Scalar:
    """The part along w* of w' from (1 + (1 + c_s)/(aim - 1) + more) w*; eta S = ``share``."""
    a, b = at(1 + (1 + rest(patches)) / (aim - 1) + more, FRONT, share, patches).coefficients
    found: Scalar = a + b
    return found


@control
@ablates("DL-046", "step size", "dropped", Fate.REFUTED)
def test_refuted_with_any_step() -> None:
    """k = 1, eta = 4: -w*/2 and 3/2 w* in turn, exactly."""
    assert on_the_line(fmpq(-1, 2), fmpq(4)) == fmpq(3, 2)
    assert on_the_line(fmpq(3, 2), fmpq(4)) == fmpq(-1, 2)


@control
@ablates("DL-046", "angle below pi", "d = 1", Fate.REFUTED)
def test_half_of_the_line_is_lost() -> None:
    """d = 1, k = 5: from -2, -1/2 and -1/1000 to -4/(pi + 4), from 1/1000 and 2 to w* = 1."""
    starts = np.array([[-2.0], [-0.5], [-0.001], [0.001], [2.0]])
    run = shallow.unit_descent(starts, np.array([1.0]), learning_rate=1.0, steps=200, patches=5)
    assert (run.angle[:, -1] == np.array([math.pi, math.pi, math.pi, 0, 0])).all()
    ends = np.array([-4 / (math.pi + 4)] * 3 + [1] * 2)
    assert (abs(run.point[:, 0] - ends) < 1e-9 * abs(starts[:, 0] - ends)).all()


@control
@ablates("DL-046", "patches apart", "dropped", Fate.REFUTED)
def test_refuted_for_patches_that_overlap() -> None:
    """w* = (1, -1), w = -c w* + (1, 1)/100, c = 11/20: a step of 1/2 turns w away from w*, to a poor minimum on the
    ray (DL-045); with patches apart it turns to w*."""
    truth = arithmetic.exact([1, -1])
    point = -fmpq(11, 20) * truth + fmpq(1, 100) * arithmetic.exact([1, 1])
    maps = shallow.patch_maps(2, 2, 1)

    def moved(gradient: ObjectArray) -> ObjectArray:
        found: ObjectArray = point - fmpq(1, 2) * gradient[0]
        return found

    assert settle(lambda: across(moved(shallow.sliding_gradient(point[None], truth, maps)), "<")).holds
    assert settle(lambda: across(moved(shallow.filter_gradient(point[None], truth, patches=2)), ">")).holds


def across(moved: ObjectArray, relation: Any) -> Comparison:
    """|w'.(1, 1)| / |w'.(1, -1)| against 1/55, which it is before the step."""
    side, along = moved[0] + moved[1], moved[0] - moved[1]
    return Comparison(abs(arb(side / along)), relation, fmpq(1, 55), "the tangent of pi - th'")


@control
@ablates("DL-046", "Gaussian data", "dropped", Fate.REFUTED)
def test_refuted_for_other_data() -> None:
    """x = (1, 0) always, k = 1, w* = (1, 0), w_0 = (-1, 1): th_0 = 3pi/4, and the gradient is 0 for ever."""
    samples = shallow.PatchSamples.of_filter(arithmetic.exact([[[1, 0]]]), arithmetic.exact([1, 0]))
    start = arithmetic.exact([[-1, 1]])
    assert (samples.gradient(start) == 0 * start).all()
    assert samples.value(start)[0] == 1


@control
@ablates("DL-046", "start not zero", "dropped", Fate.REFUTED)
def test_refuted_from_zero() -> None:
    """With s'(0) = 0 the gradient at w = 0 is 0 for any data: here three samples of two patches."""
    patches = arithmetic.exact(np.array([1, 2, -1, 0, 0, -3, 2, -2, 1, 1, -1, 2]).reshape(3, 2, 2))
    samples = shallow.PatchSamples.of_filter(patches, arithmetic.exact([1, 0]))
    zero = arithmetic.exact(np.zeros((1, 2)))
    assert (samples.gradient(zero) == zero).all()
    assert compare(Comparison(samples.value(zero)[0], ">", fmpq(0), "l at zero")).holds


SETTINGS = ((1, 6, 400), (4, 6, 400), (4, 6, 60), (10, 5, 400))
"""(k, d, n)."""


def recovered(patches: int, size: int, count: int) -> int:
    """Of 30 starts N(0, I/d), how many are within 10^-6 of w* after 250 steps of 1/(2S) on n samples."""
    random = generator("DL-046", patches, size, count)
    truth = np.eye(size)[0]
    samples = shallow.PatchSamples.of_filter(random.standard_normal((count, patches, size)), truth)
    points = random.standard_normal((30, size)) / math.sqrt(size)
    rate = float(learning_rate(fmpq(1, 2), patches))
    for _ in range(250):
        points = points - rate * samples.gradient(points)
    return int((np.linalg.norm(points - truth, axis=1) < 1e-6).sum())


@sampled
def test_descent_on_samples_finds_the_truth() -> None:
    """120 of 120 starts. A probability of failure of 1/25 or more would have been seen with probability .99."""
    found = sum(recovered(*setting) for setting in SETTINGS)
    assert found == 30 * len(SETTINGS)
    assert compare(Comparison(binomial_tail(found, found, fmpq(24, 25), ">="), "<", fmpq(1, 100), "a miss")).holds
