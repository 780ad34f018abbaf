"""Statement 5: one relu unit, three points of data, and a poor local minimum."""

from collections.abc import Callable

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, sampled, symbolic, witness
from solvers.arithmetic import Comparison, Scalar, compare
from solvers.arithmetic import exact as rationals

Weights = tuple[fmpq, fmpq, fmpq, fmpq]

DATA = ((-1, 1), (0, 0), (1, 1))
POOR: Weights = (fmpq(1), fmpq(2), fmpq(0), fmpq(2, 3))
BETTER: Weights = (fmpq(1), fmpq(0), fmpq(1, 2), fmpq(1, 2))


def relu(x: fmpq) -> fmpq:
    """max(x, 0)."""
    return max(x, fmpq(0))


def squares(weights: Weights, unit: Callable[[fmpq], fmpq] = relu) -> fmpq:
    """l = 1/2 sum (w_2 unit(w_1 x + b_1) + b_2 - y)^2."""
    first, bias, second, last = weights
    errors = (second * unit(first * x + bias) + last - y for x, y in DATA)
    return sum((error**2 for error in errors), start=fmpq(0)) / 2


def least(weights: Weights, unit: Callable[[fmpq], fmpq] = relu) -> Comparison:
    """l >= 1/3, the value at the poor minimum."""
    return Comparison(squares(weights, unit), ">=", squares(POOR), "l nearby against l at the minimum")


@symbolic
def test_least_squares_where_the_unit_is_on() -> None:
    """l = 1/3 + a^2 + 3/2 (c - 2/3)^2 for the output a x + c."""
    a, c = sympy.symbols("a c", real=True)
    value = sum((a * x + c - y) ** 2 for x, y in DATA) / sympy.Integer(2)
    third = sympy.Rational(1, 3)
    assert sympy.expand(value - third - a**2 - sympy.Rational(3, 2) * (c - 2 * third) ** 2) == 0


@st.composite
def neighbours(draw: st.DrawFn) -> Weights:
    """Within a distance of 2^-k, all four weights moved, with |w_1 - 1| + |b_1 - 2| < 1, so b_1 > |w_1|."""
    scale = fmpq(1, 2 ** draw(st.integers(1, 40)))
    moves = draw(st.lists(st.integers(-63, 63), min_size=4, max_size=4))
    first, bias, second, last = (at + scale * fmpq(move, 64) for at, move in zip(POOR, moves, strict=True))
    return first, bias, second, last


@exact
@given(neighbours())
def test_nothing_nearby_is_lower(weights: Weights) -> None:
    """The unit is on at all of the data, and l is what least squares says, never below 1/3."""
    first, bias, second, last = weights
    assert all(first * x + bias > 0 for x, _ in DATA)
    assert compare(least(weights)).holds
    expected = fmpq(1, 3) + (first * second) ** 2 + fmpq(3, 2) * (second * bias + last - fmpq(2, 3)) ** 2
    assert squares(weights) == expected


@exact
@given(st.lists(st.integers(-200, 200), min_size=4, max_size=4))
def test_a_linear_unit_has_no_better_weights(entries: list[int]) -> None:
    """With the identity for relu 1/3 is the least anywhere: the first half holds there."""
    first, bias, second, last = (fmpq(entry, 50) for entry in entries)
    assert compare(least((first, bias, second, last), unit=lambda x: x)).holds


@sampled
@pytest.mark.parametrize("seed", range(4))
def test_descent_from_nearby_stays(seed: int) -> None:
    """400 float64 steps from starts within 1/4: at the end l >= 1/3 exactly, and within 10^-6 of it."""
    x, y = (np.array(column, dtype=np.float64) for column in zip(*DATA, strict=True))
    at = np.array([1.0, 2.0, 0.0, 2 / 3]) + np.random.default_rng(seed).uniform(-0.25, 0.25, 4)
    for _ in range(400):
        first, bias, second, last = at
        inner = first * x + bias
        on, error = (inner > 0).astype(np.float64), second * np.maximum(inner, 0) + last - y
        slopes = [second * (error * on) @ x, second * (error * on).sum(), error @ np.maximum(inner, 0), error.sum()]
        at = at - 0.05 * np.array(slopes)
    end = tuple(rationals(at))
    assert compare(least(end)).holds
    assert compare(Comparison(squares(end), "<", fmpq(1, 3) + fmpq(1, 10**6), "l at the end")).holds


@control
def test_refuted_that_every_local_minimum_is_global() -> None:
    """1/4 at (1, 0, 1/2, 1/2)."""
    value: Scalar = squares(BETTER)
    assert compare(Comparison(value, "==", fmpq(1, 4), "l at (1, 0, 1/2, 1/2)")).holds
    assert compare(least(BETTER)).fails


@control
@pytest.mark.parametrize("shift", [fmpq(1, 100), fmpq(-1, 100)])
def test_refuted_for_another_bias(shift: fmpq) -> None:
    """b_2 = 2/3 +- 1/100 is no local minimum: l is lower at 2/3, by 3/2 10^-4."""
    first, bias, second, last = POOR
    there = squares((first, bias, second, last + shift))
    assert compare(Comparison(squares(POOR), ">=", there, "l at 2/3 against l nearby")).fails


@control
def test_refuted_where_the_unit_may_be_off() -> None:
    """b_1 = 0 = w_1 x at one of the data: from (1, 0, 0, 2/3), l = 1/3, the direction (0, 0, 1, -1/3) leads down."""
    corner: Weights = (fmpq(1), fmpq(0), fmpq(0), fmpq(2, 3))
    assert squares(corner) == fmpq(1, 3)
    step = fmpq(1, 1000)
    assert compare(least((corner[0], corner[1], step, corner[3] - step / 3))).fails


@witness
def test_it_is_critical_with_a_positive_loss() -> None:
    """l = 1/3; the four derivatives, by differences along the axes, which are quadratic there, are 0."""
    assert squares(POOR) == fmpq(1, 3)
    h = fmpq(1, 8)
    for place in range(4):
        ends = []
        for sign in (1, -1):
            moved = list(POOR)
            moved[place] += sign * h
            ends.append(squares((moved[0], moved[1], moved[2], moved[3])))
        assert ends[0] == ends[1]
