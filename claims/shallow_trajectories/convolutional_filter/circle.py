"""Overlapping patches and w* = (1, b): every local minimum, by balls around the circle of directions.

For u = (cos phi, sin phi) l(r u) = a r^2 - 2 c r + l(0), a and c of u (called own and shared here), both > 0. So minima
of l are those of -shared^2/own, whose derivative is -shared/own^2 times D = 2 shared' own - shared own'. A minimum is
where D goes from + to -. With F(c) = ((1 - c^2)^{1/2} + (pi - acos c) c)/2pi, rho = (1 + b^2)^{1/2} and the angle de
of u and w*,

    own    = (1 + 2 F(sin phi cos phi))/4,
    shared = rho (2 F(cos de) + F(sin phi/rho) + F(b cos phi/rho))/4.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, fewer
from claims.suite.agreement import agree
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, ObjectArray, settle
from solvers.shallow import Angle
from strategies import half_angles

MAPS = shallow.patch_maps(2, 2, 1)
STARTS, DEPTH = (fmpq(-6, 7), fmpq(-9, 10)), 12
"""Of the circle, in units of pi from w*, so that halving never meets w*; halvings at most. Where a zero is at an end of
an interval of the first circle it is at none of the second."""


@dataclass(frozen=True)
class Kernel:
    """F(c(phi)) and its derivatives, from c, c' and c'', and (1 - c^2)^{1/2} with c'^2 divided by it."""

    value: arb
    slope: arb
    bend: arb

    @classmethod
    def of(cls, cosine: arb, sine: arb, slope: arb, slope_squared_over_sine: arb, bend: arb) -> "Kernel":
        supplement = arb.pi() - arb.atan2(sine, cosine) if cosine > 0 else arb.atan2(sine, -cosine)
        twice = 2 * arb.pi()
        return cls(
            (sine + supplement * cosine) / twice,
            supplement * slope / twice,
            (slope_squared_over_sine + supplement * bend) / twice,
        )


def kernels(place: arb, b: arb) -> tuple[Kernel, Kernel, Kernel, Kernel]:
    """Of u and w* for patches of their own, for the two mixed pairs, and of the two patches of u; w* is at ``place`` 0,
    -w* at 1 and -1."""
    rho_squared = 1 + b * b
    rho = rho_squared.sqrt()
    delta = place * arb.pi()
    distance = arb.pi() * (1 - abs(1 - abs(place)))  # the angle of u and w*
    turn = arb.pi() - distance
    same = Kernel(
        (distance.sin() + turn * delta.cos()) / (2 * arb.pi()),
        -turn * delta.sin() / (2 * arb.pi()),
        (distance.sin() - turn * delta.cos()) / (2 * arb.pi()),
    )
    phi = delta + arb.atan2(b, arb(1))
    sine, cosine = phi.sin(), phi.cos()
    left = size(b, cosine)
    right = (1 + b * b * sine * sine).sqrt()
    first = Kernel.of(sine / rho, left / rho, cosine / rho, ratio(b, cosine, left) / rho, -sine / rho)
    second = Kernel.of(
        b * cosine / rho, right / rho, -b * sine / rho, b * b * sine * sine / right / rho, -b * cosine / rho
    )
    twice = (2 * phi).sin()
    wide = (1 - twice * twice / 4).sqrt()
    own = Kernel.of(twice / 2, wide, (2 * phi).cos(), (2 * phi).cos() ** 2 / wide, -2 * twice)
    return same, first, second, own


def size(b: arb, cosine: arb) -> arb:
    """(b^2 + cos^2 phi)^{1/2}, which is |cos phi| for b = 0; a ball that may be below 0 is cut there."""
    if b == 0:
        return abs(cosine)
    return arb(arithmetic.square_root(b * b + cosine * cosine))


def ratio(b: arb, cosine: arb, left: arb) -> arb:
    """cos^2 phi over that, which is in [0, |cos phi|]."""
    if b == 0:
        return abs(cosine)
    return cosine * cosine / left if left > 0 else arb(0).union(abs(cosine))


def sums(place: arb, b: arb) -> tuple[Kernel, Kernel]:
    """own and shared with their derivatives."""
    same, first, second, pair = kernels(place, b)
    rho = (1 + b * b).sqrt() / 4
    own = Kernel((1 + 2 * pair.value) / 4, pair.slope / 2, pair.bend / 2)
    shared = Kernel(
        rho * (2 * same.value + first.value + second.value),
        rho * (2 * same.slope + first.slope + second.slope),
        rho * (2 * same.bend + first.bend + second.bend),
    )
    return own, shared


def turned(place: arb, b: arb) -> arb:
    """D."""
    own, shared = sums(place, b)
    return 2 * shared.slope * own.value - shared.value * own.slope


def turned_slope(place: arb, b: arb) -> arb:
    """D'."""
    own, shared = sums(place, b)
    return 2 * shared.bend * own.value + shared.slope * own.slope - shared.value * own.bend


def between(low: fmpq, high: fmpq) -> arb:
    """A ball that holds the interval."""
    return arb((low + high) / 2, (high - low) / 2)


def changes(b: arb, start: fmpq) -> list[tuple[fmpq, fmpq, int]] | None:
    """Every interval where D changes its sign, once, with the sign before, for all b in a ball; on all others D is not
    0, or D' is not and the signs at both ends are one. None where balls leave that open."""
    found: list[tuple[fmpq, fmpq, int]] = []
    waiting = [(start, start + 2, 0)]
    while waiting:
        low, high, depth = waiting.pop()
        if turned(between(low, high), b) != 0:
            continue
        if turned_slope(between(low, high), b) != 0:
            ends = [turned(arb(x), b) for x in (low, high)]
            if not all(end != 0 for end in ends):
                return None
            if (ends[0] > 0) != (ends[1] > 0):
                found.append((low, high, 1 if ends[0] > 0 else -1))
            continue
        if depth == DEPTH:
            return None
        middle = (low + high) / 2
        waiting += [(low, middle, depth + 1), (middle, high, depth + 1)]
    return sorted(found)


def others(b: arb) -> list[tuple[fmpq, fmpq]] | None:
    """Intervals of directions with one local minimum each, for all b in the ball: all of them but w*, which is at 0."""
    found = next((found for start in STARTS if (found := changes(b, start)) is not None), None)
    if found is None:
        return None
    assert all(one != other for (*_, one), (*_, other) in pairwise(found))
    least = [(low, high) for low, high, sign in found if sign > 0]
    assert sum(low < 0 < high for low, high in least) == 1
    return [(low, high) for low, high in least if not low < 0 < high]


def count(low: fmpq, high: fmpq) -> set[int]:
    """How many local minima there are besides w*, over all b from ``low`` to ``high``: in pieces, as fine as needed."""
    found, waiting = set(), [(low, high)]
    while waiting:
        low, high = waiting.pop()
        there = others(between(low, high))
        if there is not None:
            found.add(len(there))
            continue
        assert high - low > fmpq(1, 2**20)
        waiting += [(low, (low + high) / 2), ((low + high) / 2, high)]
    return found


@exact
def test_no_other_minimum_for_every_b_from_there_on() -> None:
    """-63/100 <= b <= 1; b and 1/b are alike, so for b >= 1 and b <= -100/63 too."""
    assert count(fmpq(-63, 100), fmpq(1)) == {0}


@exact
def test_one_other_minimum_for_every_b_in_the_range() -> None:
    """-1 <= b <= -13/20; b and 1/b are alike, so from -20/13 on. For b = -1 it is opposite to w*."""
    assert count(fmpq(-1), fmpq(-13, 20)) == {1}
    assert [low < 1 < high for low, high in others(arb(-1)) or []] == [True]


@control
def test_refuted_a_little_farther() -> None:
    """One at b = -16/25 and none at b = -63/100; so at -25/16 and -100/63, by the circle of these."""
    for inside, outside in ((fmpq(-16, 25), fmpq(-63, 100)), (fmpq(-25, 16), fmpq(-100, 63))):
        assert count(inside, inside) == {1}
        assert count(outside, outside) == {0}


B = st.one_of(st.integers(-24, 24).map(lambda n: fmpq(n, 12)), st.sampled_from([fmpq(-16, 25), fmpq(-63, 100)]))


@exact
@fewer(2)
@given(half_angles(), B, st.sampled_from([fmpq(1), fmpq(1, 3), fmpq(5)]), st.booleans())
def test_the_circle_is_that_of_the_loss(half: tuple[fmpq, fmpq], b: fmpq, r: fmpq, below: bool) -> None:
    """l(r u) = a r^2 - 2 c r + l(0); across, its gradient is a' r - 2 c', its curvature a'' + 2 a - 2 (c'' + c)/r."""
    angle = Angle.of_half(*half)
    sign = -1 if below else 1
    u, across = exactly(angle.cosine, sign * angle.sine), exactly(-sign * angle.sine, angle.cosine)
    truth = exactly(fmpq(1), b)

    def place() -> arb:
        delta = sign * Angle.of_half(*half).radians - arb.atan2(arb(b), arb(1))
        turns: arb = delta / arb.pi()
        return turns

    def stated(what: int) -> arb:
        own, shared = sums(place(), arb(b))
        zero = sums(arb(0), arb(b))[1].value * (1 + arb(b) ** 2).sqrt()
        return (
            own.value * r**2 - 2 * shared.value * r + zero,
            own.slope * r - 2 * shared.slope,
            own.bend + 2 * own.value - 2 * (shared.bend + shared.value) / r,
        )[what]

    assert agree(lambda: shallow.sliding_loss(r * u, truth, MAPS), lambda: stated(0)).holds
    assert agree(lambda: shallow.sliding_gradient(r * u, truth, MAPS) @ across, lambda: stated(1)).holds
    assert agree(lambda: across @ shallow.sliding_hessian(r * u, truth, MAPS) @ across, lambda: stated(2)).holds
    assert settle(lambda: Comparison(sums(place(), arb(b))[0].value, ">", fmpq(0), "a")).holds
    assert settle(lambda: Comparison(sums(place(), arb(b))[1].value, ">", fmpq(0), "c")).holds
    if b != 0:
        turned_around = exactly(b, fmpq(1)) / b
        assert agree(
            lambda: shallow.sliding_loss(r * u, truth, MAPS),
            lambda: b**2 * shallow.sliding_loss(r * u[::-1] / b, turned_around, MAPS),
        ).holds


def exactly(one: fmpq, other: fmpq) -> ObjectArray:
    """A vector."""
    return np.array([one, other], dtype=object)
