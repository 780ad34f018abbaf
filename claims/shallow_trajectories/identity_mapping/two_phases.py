"""Statement 2: limits by symbols, trajectories in balls, and what the width and the potential are for."""

from itertools import pairwise
from typing import Any

import pytest
import sympy
from flint import arb, ctx, fmpq

from claims.suite import Fate, ablates, control, exact, symbolic
from solvers import shallow
from solvers.arithmetic import Comparison, Scalar, compare, elementary

TANGENT = fmpq(1, 12)
"""t: tan(phi/2) = 3^{1/2} t."""

BITS = 256


def row(tangent: Any) -> tuple[list[Any], list[Any]]:
    """sin psi and psi for the first row r = cos psi of a turned block."""
    entries = shallow.rotated_blocks(1 + 0 * tangent, tangent)[:3]
    sines = [elementary.sqrt(1 - entry * entry) for entry in entries]
    return sines, [elementary.atan2(sine, entry) for sine, entry in zip(sines, entries, strict=True)]


def resting(tangent: Any) -> Any:
    """gamma."""
    entries, (sines, angles) = shallow.rotated_blocks(1 + 0 * tangent, tangent)[:3], row(tangent)
    pi = elementary.pi(sines[0])
    total = sum(s + (pi - angle) * r for s, angle, r in zip(sines, angles, entries, strict=True))
    return pi + 2 - total


def turning_point(tangent: Any) -> Any:
    """4 pi rho_0, where rho_0 = <grad, u - e> / |u - e|^2 of R's own block."""
    entries, (sines, angles) = shallow.rotated_blocks(1 + 0 * tangent, tangent)[:3], row(tangent)
    pi, h = elementary.pi(sines[0]), 1 - entries[0]
    block = (pi + 2 - sum(sines)) * h - pi / 2 * h + (pi - angles[0]) * h
    block -= sum((pi - angle) * r for angle, r in zip(angles[1:], entries[1:], strict=True))
    return block / h


def next_potential(g: Any, tangent: Any, h: Any, two: int = 2) -> Any:
    """gamma + (1 - h/2pi)(g - gamma)."""
    gamma = resting(tangent)
    return gamma + (1 - h / (two * elementary.pi(gamma))) * (g - gamma)


def growth(g: Any, tangent: Any, h: Any) -> Any:
    """(h/pi)(1 - r_0)(g - 4pi rho_0)."""
    middle = turning_point(tangent)
    return h / elementary.pi(middle) * (1 - shallow.rotated_blocks(1 + 0 * tangent, tangent).own) * (g - middle)


def trajectory(units: int, g: fmpq, h: fmpq, steps: int) -> list[tuple[Scalar, Scalar]]:
    """g_t and ||U_t - U*||_F^2 for t = 0, ..., ``steps``, in balls."""
    k, state = fmpq(units), shallow.rotated_blocks(1 - g / units, TANGENT)
    found: list[tuple[Scalar, Scalar]] = []
    for _ in range(steps + 1):
        found.append((arb(shallow.block_potential(state, k)), arb(k * shallow.block_distance_squared(state, k))))
        state = shallow.block_step(state, k, h / units)
    return found


def rises(units: int, g: fmpq, h: fmpq, steps: int) -> list[bool]:
    """For each step whether the distance certainly grows; where not, it certainly shrinks."""
    with ctx.workprec(BITS):
        distances = [distance for _, distance in trajectory(units, g, h, steps)]
        verdicts = [
            compare(Comparison(later, ">", before, f"the distance after step {t + 1}"))
            for t, (before, later) in enumerate(pairwise(distances))
        ]
    assert all(verdict.holds or verdict.fails for verdict in verdicts)
    return [verdict.holds for verdict in verdicts]


@symbolic
@pytest.mark.parametrize("tangent", [sympy.Rational(1, 12), sympy.Rational(-1, 3)])
def test_the_first_step_in_the_limit(tangent: sympy.Rational) -> None:
    """Two turns: -2pi <grad, hat u> -> g - gamma, -2h <grad, u - e> -> the growth, and K (h/K)^2 |grad|^2 -> 0.

    In c = 1 - g/K and K these are A(c) K + B(c) with A(1) = 0, whose limit is B(1) - g A'(1); to 40 digits.
    """
    g, h, k, c = sympy.symbols("g h K c", positive=True)
    state = shallow.rotated_blocks(c, tangent)
    slope = shallow.block_gradient(state, k)
    assert sympy.expand(shallow.block_length_squared(state, k) - c**2) == 0

    def limit(expression: Any) -> Any:
        whole = sympy.expand(expression)
        first = whole.coeff(k, 1)
        rest = sympy.expand(whole - first * k)
        assert not rest.has(k)
        assert abs(sympy.N(first.subs(c, 1), 40)) < 1e-35
        return rest.subs(c, 1) - g * sympy.diff(first, c).subs(c, 1)

    def same(one: Any, other: Any) -> bool:
        return bool(abs(sympy.N((one - other).subs({g: 2, h: 3}), 40)) < 1e-35)

    assert same(limit(-2 * sympy.pi * shallow.block_inner(slope, state, k) / c), g - resting(tangent))
    moved = state._replace(own=state.own - 1)
    assert same(-2 * h * limit(shallow.block_inner(slope, moved, k)), growth(g, tangent, h))
    for entry in slope[:3]:
        limit(entry)  # it has one, so its square over K tends to 0
    assert sympy.expand(slope.others - (c - 1) / 4) == 0  # and K (g/4K)^2 / K does


@exact
@pytest.mark.parametrize("h", [fmpq(1), fmpq(1, 4), fmpq(5), fmpq(9)])
def test_trajectories_near_the_limit(h: fmpq) -> None:
    """12 steps at K = 3 10^3, 3 10^6 and 3 10^9, in balls: both limits within 200/K, for h below and above 2pi."""
    for units in (3 * 10**3, 3 * 10**6, 3 * 10**9):
        with ctx.workprec(BITS):
            found = trajectory(units, fmpq(2), h, 12)
            assert len(found) == 13
            for (g, distance), (later, after) in pairwise(found):
                for gap in (later - next_potential(g, TANGENT, h), after - distance - growth(g, TANGENT, h)):
                    assert compare(Comparison(abs(gap), "<", fmpq(200, units), f"from the limit, K = {units}")).holds


@exact
def test_two_phases_at_600_units() -> None:
    """g_0 = 2, h = 1: g falls in each of 60 steps; the distance grows in the first 6 and shrinks in the others."""
    assert rises(600, fmpq(2), fmpq(1), 60) == [True] * 6 + [False] * 54
    with ctx.workprec(BITS):
        potentials = [g for g, _ in trajectory(600, fmpq(2), fmpq(1), 60)]
    assert all(compare(Comparison(b, "<", a, "g")).holds for a, b in pairwise(potentials))
    for value, digits in zip(potentials[:6], ("2.0", "1.682", "1.415", "1.191", "1.003", "0.845"), strict=True):
        assert str(float(value)).startswith(digits)
    assert str(float(resting(TANGENT))).startswith("0.0116")
    assert str(float(turning_point(TANGENT))).startswith("0.7211")


@exact
@pytest.mark.parametrize(("g", "number"), [(fmpq(2), 6), (fmpq(1), 2), (fmpq(5), 12), (fmpq(3, 4), 1)])
def test_how_many_steps_lead_away(g: fmpq, number: int) -> None:
    """K = 3 10^6, h = 1: as many as the limit's recursion stays above 4pi rho_0."""
    with ctx.workprec(BITS):
        value: Scalar = arb(g)
        expected = 0
        while compare(Comparison(value, ">", turning_point(TANGENT), "g_t in the limit")).holds:
            value, expected = next_potential(value, TANGENT, fmpq(1)), expected + 1
    assert expected == number
    assert rises(3 * 10**6, g, fmpq(1), 20) == [True] * number + [False] * (20 - number)


@control
@ablates("DL-051", "large potential", "dropped", Fate.REFUTED)
def test_refuted_for_a_small_potential() -> None:
    """g_0 = 1/2 < 4pi rho_0: the distance never grows."""
    assert not any(rises(600, fmpq(1, 2), fmpq(1), 20))


@control
@ablates("DL-051", "large width", "dropped", Fate.REFUTED)
def test_refuted_at_a_small_width() -> None:
    """K = 30: the distance does not grow as it does at K = 600."""
    assert rises(30, fmpq(2), fmpq(1), 6) != rises(600, fmpq(2), fmpq(1), 6)


@control
def test_refuted_with_another_factor() -> None:
    """1 - h/3pi, or 4pi rho_0 + 1/10: off by more than 200/K."""
    with ctx.workprec(BITS):
        (g, distance), (later, after) = trajectory(3 * 10**6, fmpq(2), fmpq(1), 1)
        near = fmpq(200, 3 * 10**6)
        wrong = abs(later - next_potential(g, TANGENT, fmpq(1), 3))
        assert compare(Comparison(wrong, "<", near, "g")).fails
        shifted = abs(after - distance - growth(g - fmpq(1, 10), TANGENT, fmpq(1)))
        assert compare(Comparison(shifted, "<", near, "the distance")).fails
