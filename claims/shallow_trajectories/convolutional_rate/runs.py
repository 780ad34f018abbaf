"""Runs: some steps in balls, decided; complete ones in float64, thousands of starts at once."""

import math
from functools import partial

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.shallow_trajectories.convolutional_rate.one_step import BETWEEN, COUNTS, SHARES, Step, on_angle
from claims.suite import control, exact, fewer, sampled
from claims.suite.statistics import generator
from solvers import shallow
from solvers.arithmetic import Comparison, Scalar, elementary, settle
from strategies import VectorPair


def states(pair: VectorPair, share: fmpq, patches: int, steps: int) -> list[tuple[Scalar, Scalar]]:
    """(r_t, tan(th_t/2)) for t = 0, ..., steps, each step from its own angle: th = 2 atan(tangent)."""
    step = Step.of(pair, share, patches)
    found = [(step.length, step.tangent)]
    for _ in range(steps):
        length, tangent = step.next_length, step.next_tangent
        angle = shallow.Angle.of_half(arb(tangent), arb(1))
        step = Step(length, tangent, angle, step.rate, step.kept, patches)
        found.append((length, tangent))
    return found


def factor(step: Step, *, transient: int | None = None) -> Scalar:
    """q; or with 1 + p^{t+1} (R - 1) for R, t = ``transient``."""
    most = max(step.length, fmpq(1))
    if transient is not None:
        most = 1 + step.kept ** (transient + 1) * (most - 1)
    found: Scalar = 1 - step.unit * step.angle.supplement / most
    return found


def bounds(
    pair: VectorPair, share: fmpq, patches: int, steps: int, *, part: fmpq | int = 1, power: int = 2
) -> list[Comparison]:
    """The linear rate at the last step; ``part`` multiplies the bound's term in tan(th_0/2)^2, whose powers of q^s have
    the exponent ``power``."""
    step, p = Step.of(pair, share, patches), 1 - share
    length, tangent = states(pair, share, patches, steps)[-1]
    q: Scalar = factor(step)
    sharper: Scalar = fmpq(1)
    tail: Scalar = fmpq(0)
    for t in range(steps):
        sharper = sharper * factor(step, transient=t)
        tail = tail + p ** (steps - 1 - t) * q ** (power * t)
    most = 1 + p**steps * (max(step.length, fmpq(1)) - 1)
    room = p**steps * abs(step.length - 1) + part * 2 * step.rate / patches * step.tangent**2 * tail
    return [
        Comparison(tangent, "<=", q**steps * step.tangent, f"tan(th_t/2), t = {steps}"),
        Comparison(tangent, "<=", sharper * step.tangent, f"tan(th_t/2) against the product, t = {steps}"),
        Comparison(length, "<=", most, f"r_t, t = {steps}"),
        Comparison(abs(arb(length - 1)), "<=", room, f"|r_t - 1|, t = {steps}"),
        Comparison(sharper, "<=", q**steps, "the product against q^t"),
    ]


@exact
@fewer(2)
@given(BETWEEN, SHARES, COUNTS, st.sampled_from([1, 2, 3, 7]))
@example(on_angle(fmpq(1), (fmpq(1), fmpq(2**21))), fmpq(1), 1, 7)
def test_the_linear_rate(pair: VectorPair, share: fmpq, patches: int, steps: int) -> None:
    """Up to 7 steps in balls; th_0 down to 2^-60 from 0 and pi, r_0 from 10^-6 to 10^6.

    Up to 3 where k = 1 and eta S = 1: a step squares the angle there, and 7 leave r_t nearer to 1 than balls can tell.
    """
    steps = min(steps, 3) if patches == 1 and share == 1 else steps
    for index in range(5):
        if index == 4 and (share == 1 or pair.u_length <= pair.v_length):
            continue  # R = 1, or p^{t+1} (R - 1) = 0 already
        verdict = settle(lambda: bounds(pair, share, patches, steps)[index])  # noqa: B023
        assert verdict.holds


@control
def test_refuted_with_less_of_the_angle() -> None:
    """From |w| = 1, tan(th/2) = 1/1000: after a short step 2 eta/k is right and .999 of it is not, after twenty
    q^{2s} is and q^{3s} is not."""
    pair = on_angle(fmpq(1), (fmpq(1), fmpq(1000)))
    assert settle(lambda: bounds(pair, fmpq(1, 2**20), 3, 1)[3]).holds
    assert settle(lambda: bounds(pair, fmpq(1, 2**20), 3, 1, part=fmpq(999, 1000))[3]).fails
    assert settle(lambda: bounds(pair, fmpq(1, 2**10), 3, 20)[3]).holds
    assert settle(lambda: bounds(pair, fmpq(1, 2**10), 3, 20, power=3)[3]).fails
    assert bounds(pair, fmpq(1, 2**10), 3, 20)[3].right < bounds(pair, fmpq(1, 2**10), 3, 20, power=1)[3].right


@control
def test_refuted_with_less_of_the_length() -> None:
    """From |w| = R = 2, tan(th/2) = 2^-21: after two steps r_t is 1 + p^t (R - 1) up to 2^-30."""
    pair = on_angle(fmpq(2), (fmpq(1), fmpq(2**21)))

    def length(less: fmpq | int) -> Comparison:
        left, relation, right, sentence = bounds(pair, fmpq(1, 4), 3, 2)[2]
        return Comparison(left, relation, right - less, sentence)

    assert settle(partial(length, 0)).holds
    assert settle(partial(length, fmpq(1, 2**30))).fails


@exact
@given(BETWEEN, SHARES, COUNTS)
def test_the_distance_from_length_and_angle(pair: VectorPair, share: fmpq, patches: int) -> None:
    """|w - w*| <= |r - 1| + 2 r^{1/2} tan(th/2), for w with rational parts."""
    assert settle(partial(apart, Step.of(pair, share, patches))).holds


def apart(step: Step) -> Comparison:
    """From (along - 1)^2 + across^2."""
    along, across = step.length * step.angle.cosine - 1, step.length * step.angle.sine
    distance = elementary.sqrt(arb(along * along + across * across))
    return Comparison(distance, "<=", abs(step.length - 1) + 2 * arb(step.length).sqrt() * step.tangent, "|w - w*|")


def descended(share: float, patches: int, size: int, steps: int) -> shallow.UnitTrajectory:
    """300 Gaussian starts in R^size of length about 2, every step recorded."""
    starts = generator("DL-046", patches, size).standard_normal((300, size)) * 2 / math.sqrt(size)
    rate = share * math.pi * patches / (math.pi + patches - 1)
    return shallow.unit_descent(
        starts, np.eye(size)[0], learning_rate=rate, steps=steps, patches=patches, record=range(steps)
    )


@sampled
@pytest.mark.parametrize("share", [0.25, 1.0])
@pytest.mark.parametrize("patches", [1, 4, 20])
@pytest.mark.parametrize("size", [2, 10])
def test_runs_keep_the_bound(size: int, patches: int, share: float) -> None:
    """200 steps in float64: the tangent below its bound at every step as long as the bound is above 2^-900, where the
    angle still has all its digits; and the distance, as long as its bound is above 2^-30."""
    run = descended(share, patches, size, 200)
    tangent = np.tan(run.angle / 2)
    most = np.maximum(run.length[:, 0], 1)
    q = 1 - share * (math.pi - run.angle[:, 0]) / ((math.pi + patches - 1) * most)
    bound = q[:, None] ** run.recorded * tangent[:, :1]
    counted = (bound > 2.0**-900) & (run.recorded > 0)
    assert counted.sum() > 300 * 20
    assert (tangent < bound)[counted].all()
    assert ((np.diff(run.angle, axis=1) < 0) | (run.angle[:, :-1] < 1e-150)).all()
    room = [abs(run.length[:, 0] - 1)]
    for column in bound.T[:-1]:
        room.append((1 - share) * room[-1] + 2 * math.pi * share / (math.pi + patches - 1) * column**2)
    apart = np.array(room).T + 2 * np.sqrt(most)[:, None] * bound
    counted = (apart > 2.0**-30) & (run.recorded > 0)
    assert counted.sum() > 300 * 20
    assert (run.distance < apart)[counted].all()
