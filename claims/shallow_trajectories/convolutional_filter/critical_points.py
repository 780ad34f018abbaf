"""w*, w_s and 0: Hessians, values, and what the loss does near them."""

from collections.abc import Callable
from functools import partial

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_trajectories.convolutional_filter.closed_form import Filter
from claims.suite import control, exact, witness
from claims.suite.agreement import agree
from solvers import shallow
from solvers.arithmetic import Comparison, Scalar, settle, whole_power
from solvers.shallow import Angle
from strategies import VectorPair, vector_pairs

COUNTS = st.integers(2, 50)
"""k >= 2."""


def c_s(patches: int, *, factor: fmpq | int = 1) -> arb:
    """(k - 1)/(pi + k - 1)."""
    return factor * (patches - 1) / (arb.pi() + patches - 1)


def loss(r: Scalar, angle: Angle, patches: int) -> arb:
    """S (r - 1)^2/2 + r h(th)/(pi k)."""
    pi = arb.pi()
    h = pi - angle.sine - angle.supplement * angle.cosine
    value: arb = (pi + patches - 1) * (r - 1) * (r - 1) / (2 * pi * patches) + r * h / (pi * patches)
    return value


def opposite() -> Angle:
    """th = pi."""
    return Angle.of_half(fmpq(1), fmpq(0))


def near(half: tuple[fmpq, fmpq]) -> Angle:
    """The angle with phi = pi - th twice the angle of ``half``."""
    return Angle.of_half(half[1], half[0])


@exact
@given(vector_pairs(unit=True), COUNTS)
def test_the_hessians_at_both_points(pair: VectorPair, patches: int) -> None:
    """By the eigenvalues of the closed form, at sin th = 0: at w* 1/k across; at w_s, r = c_s, 0. d = 1 to 4."""
    at = Filter(VectorPair(pair.v, pair.v, fmpq(1), fmpq(1), (fmpq(0), fmpq(1))), patches)
    matrix = partial(shallow.filter_hessian, at.w, at.truth, patches=patches)
    for e in pair.u, pair.v:
        rest = e - at.truth * (e @ at.truth)
        assert agree(lambda rest=rest: rest @ matrix() @ rest, lambda rest=rest: rest @ rest / arb(patches)).holds  # type: ignore[misc]
        assert agree(lambda rest=rest: at.truth @ matrix() @ rest, lambda: 0).holds  # type: ignore[misc]
    assert agree(lambda: at.truth @ matrix() @ at.truth, lambda: at.s).holds
    assert agree(lambda: at.s - (patches - 1) / (arb.pi() * patches * c_s(patches)), lambda: 0).holds
    assert settle(lambda: Comparison(at.s, ">", fmpq(0), "S")).holds


@exact
@given(COUNTS, st.integers(1, 30))
def test_the_value_at_the_saddle_and_the_parabola_on_its_ray(patches: int, tenths: int) -> None:
    """l(w_s) = (2k + pi - 2)/(2k (pi + k - 1)), and l(-c w*) = l(w_s) + S (c - c_s)^2/2 for every c > 0."""
    value = partial(saddle_value, patches)
    assert agree(lambda: loss(c_s(patches), opposite(), patches), value).holds
    c = fmpq(tenths, 10)

    def on_the_ray() -> arb:
        return value() + (arb.pi() + patches - 1) / (2 * arb.pi() * patches) * whole_power(c - c_s(patches), 2)

    assert agree(lambda: loss(c, opposite(), patches), on_the_ray).holds


def saddle_value(patches: int, *, two: fmpq | int = 2) -> arb:
    """(2k + pi - 2)/(2k (pi + k - 1))."""
    return (2 * patches + arb.pi() - two) / (2 * patches * (arb.pi() + patches - 1))


def drop(angle: Angle, patches: int) -> arb:
    """c_s (sin phi - phi cos phi)/(pi k)."""
    value: arb = c_s(patches) * fallen(angle) / (arb.pi() * patches)
    return value


def fallen(angle: Angle) -> arb:
    """sin phi - phi cos phi, phi = pi - th."""
    value: arb = angle.sine + angle.supplement * angle.cosine
    return value


HALVES = st.one_of(
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.integers(4, 40).map(lambda k: (1, 2**k)),
    st.integers(4, 40).map(lambda k: (2**k, 1)),
).map(lambda pair: (fmpq(pair[0]), fmpq(pair[1])))
"""phi/2 in (0, pi/2), 2^-40 from both ends too."""


def at_most(half: tuple[fmpq, fmpq], *, factor: fmpq | int = 1, power: int = 3) -> Comparison:
    """sin phi - phi cos phi <= phi^3/3."""
    angle = near(half)
    return Comparison(fallen(angle), "<=", factor * angle.supplement**power / 3, "sin phi - phi cos phi")


def at_least(half: tuple[fmpq, fmpq], *, factor: fmpq | int = 1, power: int = 3) -> Comparison:
    """sin phi - phi cos phi >= pi (phi/pi)^3."""
    angle = near(half)
    bound = factor * arb.pi() * (angle.supplement / arb.pi()) ** power
    return Comparison(fallen(angle), ">=", bound, "sin phi - phi cos phi")


@exact
@given(st.lists(st.tuples(HALVES, COUNTS), min_size=4, max_size=4))
def test_the_loss_falls_off_the_ray(states: list[tuple[tuple[fmpq, fmpq], int]]) -> None:
    """By the cube of phi, on the sphere r = c_s; strictly below l(w_s), so that w_s is a saddle for d >= 2."""
    for half, patches in states:
        assert agree(partial(lost, half, patches), partial(stated_drop, half, patches)).holds
        for inequality in (partial(falls, half, patches), partial(at_most, half), partial(at_least, half)):
            assert settle(inequality).holds


def stated_drop(half: tuple[fmpq, fmpq], patches: int) -> arb:
    """c_s (sin phi - phi cos phi)/(pi k)."""
    return drop(near(half), patches)


def falls(half: tuple[fmpq, fmpq], patches: int) -> Comparison:
    """It is above 0."""
    return Comparison(stated_drop(half, patches), ">", fmpq(0), "l(w_s) - l(w)")


def lost(half: tuple[fmpq, fmpq], patches: int) -> arb:
    """l(w_s) - l(w) at r = c_s."""
    return loss(c_s(patches), opposite(), patches) - loss(c_s(patches), near(half), patches)


@control
def test_refuted_with_other_numbers_of_the_cube() -> None:
    """.332 for 1/3 as phi -> 0, .1 per cent more than 1/pi^2 as phi -> pi; the square below, the fourth power above."""
    start, end = (fmpq(1), fmpq(2**12)), (fmpq(2**12), fmpq(1))
    assert settle(partial(at_most, start, factor=fmpq(996, 1000))).fails
    assert settle(partial(at_least, end, factor=fmpq(1001, 1000))).fails
    assert settle(partial(at_least, start, power=2)).fails
    assert settle(partial(at_most, start, power=4)).fails
    assert at_most(start).right < at_most(start, factor=fmpq(1001, 1000)).right
    assert at_least(start).right > at_least(start, power=4).right


@control
@given(COUNTS)
def test_refuted_with_another_saddle(patches: int) -> None:
    """.1 per cent more or less than c_s: S c - (k - 1)/(pi k), the gradient along the ray, is not 0; another value."""

    assert agree(partial(ray_slope, patches, fmpq(1)), lambda: 0).holds
    for factor in (fmpq(999, 1000), fmpq(1001, 1000)):
        assert agree(partial(ray_slope, patches, factor), lambda: 0).fails
    for two in (fmpq(1), fmpq(2001, 1000)):
        assert agree(lambda: loss(c_s(patches), opposite(), patches), partial(saddle_value, patches, two=two)).fails


def ray_slope(patches: int, factor: fmpq) -> arb:
    """S c - (k - 1)/(pi k), the gradient along the ray, at c = factor c_s."""
    pi = arb.pi()
    return (pi + patches - 1) / (pi * patches) * c_s(patches, factor=factor) - (patches - 1) / (pi * patches)


def below_zero(share: fmpq, half: tuple[fmpq, fmpq], patches: int, *, ball: fmpq | int = 2) -> Comparison:
    """l(w) < l(0) = S/2 at r = share 2 c_s, phi twice the angle of ``half``."""
    r = share * ball * c_s(patches)
    return Comparison(loss(r, near(half), patches), "<", (arb.pi() + patches - 1) / (2 * arb.pi() * patches), "l")


RAY = (fmpq(0), fmpq(1))
"""phi = 0."""
SHARES = st.one_of(st.integers(1, 9).map(lambda k: fmpq(k, 10)), st.just(1 - fmpq(1, 2**20)), st.just(fmpq(1, 2**30)))


@exact
@given(st.lists(st.tuples(SHARES, HALVES, COUNTS), min_size=4, max_size=4))
def test_zero_is_a_strict_maximum(states: list[tuple[fmpq, tuple[fmpq, fmpq], int]]) -> None:
    """r from 2^-30 of 2 c_s to 1 - 2^-20 of it; th = pi, near it and 0, and between; at 2 c_s and th = pi l = l(0)."""
    for share, half, patches in states:
        assert settle(partial(below_zero, share, half, patches)).holds
        assert settle(partial(below_zero, share, RAY, patches)).holds
        end = partial(below_zero, fmpq(1), RAY, patches)
        assert agree(partial(side, end, "left"), partial(side, end, "right")).holds


def side(sides: Callable[[], Comparison], name: str) -> Scalar:
    """Left or right of a comparison."""
    found: Scalar = getattr(sides(), name)
    return found


@control
@given(COUNTS)
def test_refuted_in_a_larger_ball(patches: int) -> None:
    """.1 per cent larger, on the ray."""
    assert settle(partial(below_zero, 1 - fmpq(1, 2**20), RAY, patches, ball=fmpq(2002, 1000))).fails


@witness
@pytest.mark.parametrize("e", [fmpq(1, 10**6), fmpq(1, 2), fmpq(1)])
def test_for_one_patch_zero_is_no_extremum(e: fmpq) -> None:
    """l(e w*) - l(0) = e^2/2 - e < 0 and l(-e w*) - l(0) = e^2/2 > 0, k = 1."""
    assert agree(lambda: loss(e, Angle.of_half(fmpq(0), fmpq(1)), 1) - fmpq(1, 2), lambda: e**2 / 2 - e).holds
    assert agree(lambda: loss(e, opposite(), 1) - fmpq(1, 2), lambda: e**2 / 2).holds
