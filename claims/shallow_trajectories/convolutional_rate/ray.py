"""On the ray and near it: descent stays on the ray, and how long it takes to leave its neighbourhood."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_trajectories.convolutional_rate.one_step import SHARES, Step, learning_rate
from claims.suite import Fate, ablates, control, exact, sampled, witness
from claims.suite.agreement import agree
from solvers import shallow
from solvers.arithmetic import Comparison, Scalar, settle


def rest(patches: int) -> arb:
    """c_s."""
    return (patches - 1) / (arb.pi() + patches - 1)


def at(length: Scalar, half: tuple[fmpq, fmpq], share: fmpq, patches: int) -> Step:
    """A state; tan(th/2) is infinite on the ray."""
    tangent = half[0] / half[1] if half[1] else arb("inf")
    return Step(length, tangent, shallow.Angle.of_half(*half), learning_rate(share, patches), 1 - share, patches)


RAY = (fmpq(1), fmpq(0))


@control
@ablates("DL-046", "angle below pi", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("patches", [1, 2, 10])
@pytest.mark.parametrize("share", [fmpq(1, 3), fmpq(1, 2), fmpq(9, 10)])
def test_refuted_on_the_ray(patches: int, share: fmpq) -> None:
    """b = 0 and a > 0 by the solver, so that th stays pi; a is p c + (1 - p) c_s; after 40 steps |c - c_s| is p^40 of
    what it was. For d = 1 this is half of the line."""
    assert agree(lambda: along_the_ray(share, patches, 1)[-1], lambda: 3 * (1 - share) + share * rest(patches)).holds
    least = settle(lambda: Comparison(min(along_the_ray(share, patches, 40)), ">", fmpq(0), "c_t"))
    assert least.holds
    gap = (1 - share) ** 40
    assert agree(lambda: along_the_ray(share, patches, 40)[-1] - rest(patches), lambda: gap * (3 - rest(patches))).holds


def along_the_ray(share: fmpq, patches: int, steps: int) -> list[Scalar]:
    """c_1, ..., c_t from c_0 = 3 by the solver's a; its b is 0."""
    found, c = [], arb(3)
    for _ in range(steps):
        c, b = at(c, RAY, share, patches).coefficients
        assert abs(arb(b)) < fmpq(1, 2**40)
        found.append(c)
    return found


@dataclass(frozen=True)
class Neighbourhood:
    """The bounds m and M for ``patches`` k, r_0 = ``start`` c_s, and F with tan(F/2) = ``reach``."""

    patches: int
    start: fmpq
    reach: fmpq

    @property
    def angle(self) -> Scalar:
        """F."""
        return 2 * arb(self.reach).atan()

    @property
    def length(self) -> arb:
        """r_0."""
        return self.start * rest(self.patches)

    @property
    def least(self) -> arb:
        """m = min(r_0, c_s)."""
        return min(self.length, rest(self.patches))

    @property
    def most(self) -> arb:
        """M = max(r_0, c_s) + 2F/(pi + k - 1)."""
        return max(self.length, rest(self.patches)) + 2 * self.angle / (arb.pi() + self.patches - 1)

    def escape_bounds(self, tangent: fmpq, rate: Any) -> tuple[arb, arb]:
        """What eta T is between, from tan(phi_0/2) = ``tangent`` until phi > F: with C = cot(phi_0/2) - cot(F/2),
        pi k m C sin F/(2F) and eta + pi k M C/(F cot(F/2))."""
        away, k, f = 1 / arb(tangent) - 1 / arb(self.reach), self.patches, arb(self.angle)
        low = arb.pi() * k * self.least * away * f.sin() / (2 * f)
        return low, rate + arb.pi() * k * self.most * away * self.reach / f


def near(place: Neighbourhood, part: fmpq, between: fmpq, share: fmpq, *, half: fmpq | int = 1) -> list[Comparison]:
    """What a step does where tan(phi/2) = part tan(F/2), r = m + between (M - m): it keeps m and M; cot(phi/2) falls
    by at most 2 eta phi/(pi k m sin phi), at least eta phi cot(phi/2)/(pi k M). ``half`` multiplies M, divides m."""
    least, most = place.least, place.most
    step = at(least + between * (most - least), (fmpq(1), part * place.reach), share, place.patches)
    (a, b), fall = step.coefficients, step.tangent - step.next_tangent
    ratio = step.unit * step.angle.supplement
    return [
        Comparison(a, ">", least, "a against m"),
        Comparison(step.next_length, ">", least, "r' against m"),
        Comparison(a + b, "<", most, "a + b against M"),
        Comparison(fall, "<=", 2 * ratio * half / (least * step.angle.sine), "the fall of cot(phi/2), at most"),
        Comparison(fall, ">=", ratio * step.tangent * half / most, "the fall of cot(phi/2), at least"),
    ]


PLACES = st.builds(
    Neighbourhood,
    patches=st.sampled_from([2, 3, 10, 1000]),
    start=st.sampled_from([fmpq(1), fmpq(4, 5), fmpq(3), fmpq(1, 1000), fmpq(1000)]),
    reach=st.sampled_from([fmpq(1), fmpq(1, 2), fmpq(1, 3), fmpq(1, 2**10), fmpq(1, 2**30)]),
)
PARTS = st.sampled_from([fmpq(1), fmpq(9, 10), fmpq(1, 2), fmpq(1, 1000), fmpq(1, 2**30)])


@exact
@given(PLACES, PARTS, st.integers(0, 4).map(lambda k: fmpq(k, 4)), SHARES)
def test_a_step_near_the_ray(place: Neighbourhood, part: fmpq, between: fmpq, share: fmpq) -> None:
    """F from pi/2 to 2^-29, phi from F to 2^-30 F, r from m to M; eta S from 2^-40 to 1."""
    assert settle(lambda: Comparison(place.least, ">", fmpq(0), "m")).holds
    for index in range(5):
        assert settle(lambda: near(place, part, between, share)[index]).holds  # noqa: B023


@exact
@pytest.mark.parametrize(
    ("start", "length", "least", "most"), [(fmpq(3), 3, 1, 3), (fmpq(1, 2), fmpq(1, 2), fmpq(1, 2), 1)]
)
def test_a_neighbourhood_in_numbers(start: fmpq, length: Scalar, least: Scalar, most: Scalar) -> None:
    """k = 2 and F = pi/2: r_0, m and M - 2F/(pi + k - 1), in units of c_s = 1/(pi + 1)."""
    place = Neighbourhood(2, start, fmpq(1))
    assert agree(lambda: place.length * (arb.pi() + 1), lambda: length).holds
    assert agree(lambda: place.least * (arb.pi() + 1), lambda: least).holds
    assert agree(lambda: place.most * (arb.pi() + 1), lambda: most + arb.pi()).holds


@control
@pytest.mark.parametrize("share", [fmpq(1, 2), fmpq(1)])
def test_both_falls_are_right_in_the_limit(share: fmpq) -> None:
    """At r = c_s and small angles both are equalities in the limit: with .999 and 1.001 of them they are refuted."""
    place = Neighbourhood(5, fmpq(1), fmpq(1, 2**20))
    for index, half in ((3, fmpq(999, 1000)), (4, fmpq(1001, 1000))):
        assert settle(lambda: near(place, fmpq(1), fmpq(1, 2), share)[index]).holds  # noqa: B023
        assert settle(lambda: near(place, fmpq(1), fmpq(1, 2), share, half=half)[index]).fails  # noqa: B023


def escapes(patches: int, start: list[float], phi: list[float], reach: float, share: float, steps: int) -> list[int]:
    """The first steps at which pi - th > F = ``reach``, of several starts at once, in float64."""
    rate = float(learning_rate(share, patches))
    length, angle = np.array(start), np.array(phi)
    along, across = -length * np.cos(angle), length * np.sin(angle)
    run = shallow.plane_descent(along, across, learning_rate=rate, steps=steps, patches=patches, record=range(steps))
    gone = math.pi - run.angle > reach
    assert gone.any(axis=1).all(), f"after {steps} steps a start is still near the ray"
    found: list[int] = gone.argmax(axis=1).tolist()
    return found


RATIOS, TANGENTS = (fmpq(4, 5), fmpq(1), fmpq(3)), (fmpq(1, 20), fmpq(1, 200))
REACH = fmpq(1, 10)
"""Of r_0/c_s, tan(phi_0/2) and tan(F/2)."""


@cache
def escaped(patches: int, share: float) -> dict[tuple[fmpq, fmpq], tuple[float, float, float]]:
    """By r_0/c_s and tan(phi_0/2): eta T, counted in float64, and its bounds. No start has more steps than these say,
    nor more than 4000 / (eta S)."""
    rate = float(learning_rate(share, patches))
    cases = [(ratio, tangent) for ratio in RATIOS for tangent in TANGENTS]
    places = [Neighbourhood(patches, ratio, REACH) for ratio, _ in cases]
    bounds = [place.escape_bounds(tangent, rate) for place, (_, tangent) in zip(places, cases, strict=True)]
    steps = min(round(4000 / share), math.ceil(max(float(high) for _, high in bounds) / rate))
    starts = [float(place.length) for place in places]
    angles = [2 * math.atan(float(tangent)) for _, tangent in cases]
    times = escapes(patches, starts, angles, float(2 * arb(REACH).atan()), share, steps)
    return {
        case: (rate * time, float(low), float(high))
        for case, time, (low, high) in zip(cases, times, bounds, strict=True)
    }


@sampled
@pytest.mark.parametrize("patches", [2, 5, 20])
@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("tangent", TANGENTS)
@pytest.mark.parametrize("share", [1.0, 0.25])
def test_escape_times(patches: int, ratio: fmpq, tangent: fmpq, share: float) -> None:
    """eta S = 1 and 1/4: T between its bounds."""
    found, low, high = escaped(patches, share)[ratio, tangent]
    assert low <= found <= high


@control
@pytest.mark.parametrize("patches", [2, 5, 20])
def test_refuted_with_other_factors_of_the_escape_time(patches: int) -> None:
    """From c_s, tan(phi_0/2) = 1/200, eta S = 1/4: 8/5 of the lower bound, and 5/8 of the upper one, are refuted."""
    found, low, high = escaped(patches, 0.25)[fmpq(1), fmpq(1, 200)]
    assert low <= found <= high
    assert not 1.6 * low <= found
    assert not found <= 0.625 * high


@witness
def test_a_power_for_two_patches_and_a_logarithm_for_one() -> None:
    """From phi_0 and phi_0/16 the times to F = 1 differ sixteenfold (within a tenth) for k = 5; for k = 1, where w
    shrinks to 0 on the ray (to half by a step of 1/2), 2^70 times as near means 70 steps more (within 5)."""
    fixed = 4 / (math.pi + 4)
    long, short = escapes(5, [fixed, fixed], [0.1 / 64, 0.1 / 4], 1.0, 1.0, 8000)
    assert 16 * 0.9 < long / short < 16 * 1.1
    one, other = escapes(1, [1.0, 1.0], [2.0**-10, 2.0**-80], 1.0, 0.5, 200)
    assert 65 < other - one < 75
