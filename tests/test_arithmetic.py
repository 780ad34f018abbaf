"""Exact numbers: conversions, roots, and floats that bound."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from containment import contains
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers.arithmetic import (
    Interval,
    balls,
    exact,
    lower_float,
    nearest,
    power,
    rational,
    square_root,
    upper_float,
)

finite = st.floats(allow_nan=False, allow_infinity=False)
fractions = st.fractions(max_denominator=10**6)
positive = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000)


def as_fraction(number: fmpq) -> Fraction:
    """The same number in the standard library's type."""
    return Fraction(int(number.p), int(number.q))


@given(finite)
def test_a_float_is_exactly_its_rational(number):
    """No rounding either way, subnormal and huge ones included."""
    assert as_fraction(rational(number)) == Fraction(number)
    assert nearest(exact(np.array([[number]])))[0, 0] == number


@pytest.mark.parametrize("number", [3, np.int64(3), np.int8(3), np.float32(3), Fraction(3), fmpq(3), np.float64(3)])
def test_every_kind_of_number_is_its_rational(number):
    """Python's, NumPy's and FLINT's numbers alike."""
    assert isinstance(rational(number), fmpq)
    assert rational(number) == fmpq(3)
    assert exact([[number]])[0, 0] == fmpq(3)


def test_matrices_of_integers_become_rationals():
    """An integer array is as exact as a float64 one."""
    assert (exact(np.array([[1, -2]])) == exact(np.array([[1.0, -2.0]]))).all()


@given(fractions)
def test_nearest_rounds_correctly(number):
    """Python's own division of a Fraction is correctly rounded."""
    matrix = np.array([[rational(number)]], dtype=object)
    assert nearest(matrix)[0, 0] == float(number)


@given(finite, st.sampled_from([10, 53, 2000]))
def test_balls_contain_their_number(number, precision):
    """Whatever the precision is."""
    with ctx.workprec(precision):
        ball = balls(np.array([[number]]))[0, 0]
    assert contains(ball, rational(number))


@given(fractions | finite.map(Fraction), st.sampled_from([20, 53, 300]))
def test_float_bounds_enclose_and_are_close(number, precision):
    """lower <= x <= upper; with 53 bits or more each is one of the two floats at its side of x, or next to it."""
    with ctx.workprec(precision):
        low, high = lower_float(rational(number)), upper_float(rational(number))
    assert low <= number <= high
    if precision >= 53:
        assert low >= math.nextafter(math.nextafter(float(number), -math.inf), -math.inf)
        assert high <= math.nextafter(math.nextafter(float(number), math.inf), math.inf)


def test_float_bounds_beyond_the_range_of_float64():
    """What is too large or too small for a float is bounded by the extreme ones."""
    top = float(np.finfo(np.float64).max)
    assert (lower_float(fmpq(10**400)), upper_float(fmpq(10**400))) == (top, np.inf)
    assert (lower_float(fmpq(-(10**400))), upper_float(fmpq(-(10**400)))) == (-np.inf, -top)
    beyond = rational(top) + fmpq(2) ** 900
    with ctx.workprec(2000):
        assert (lower_float(beyond), upper_float(beyond)) == (top, np.inf)
    assert (lower_float(fmpq(1, 10**400)), upper_float(fmpq(1, 10**400))) == (0.0, 2.0**-1074)


@given(finite, finite)
def test_float_bounds_enclose_a_whole_ball(a, b):
    """Both ends of a ball lie between the bounds."""
    low, high = min(a, b), max(a, b)
    ball = arb(low).union(arb(high))
    assert lower_float(ball) <= low
    assert upper_float(ball) >= high


@given(positive, st.integers(1, 5), st.integers(-4, 4))
def test_a_power_with_a_rational_value_is_rational(base, degree, exponent):
    """(x^q)^{p/q} = x^p, as a rational."""
    result = power(rational(base**degree), Fraction(exponent, degree))
    assert isinstance(result, fmpq)
    assert as_fraction(result) == base**exponent


@given(positive, st.integers(2, 5), st.integers(-4, 4).filter(bool))
def test_a_power_in_balls_contains_the_true_one(base, degree, exponent):
    """y = x^{p/q} is the positive number with y^q = x^p: the ball's ends have q-th powers on both sides of x^p."""
    ball = power(arb(rational(base)), Fraction(exponent, degree))
    low, high = rational(lower_float(ball)), rational(upper_float(ball))
    assert 0 < low**degree <= rational(base) ** exponent <= high**degree
    assert high - low <= low * fmpq(1, 2**40)


def test_irrational_roots_are_balls():
    """sqrt(2) has 1.41421356 for its first digits, and its square is not 2 times anything else."""
    root = square_root(fmpq(2))
    assert isinstance(root, arb)
    assert fmpq(141421356, 10**8) < root < fmpq(141421357, 10**8)
    assert square_root(fmpq(9, 4)) == fmpq(3, 2)


@pytest.mark.parametrize("exponent", [Fraction(2), Fraction(3), Fraction(2, 3), Fraction(5, 2), Fraction(1, 3)])
def test_powers_of_a_ball_about_zero_are_numbers(exponent):
    """Where ``**`` and a cube root are NaN: the ball of all x^{p/q}, 0 <= x <= 2^-20, and hardly wider; NaN stays."""
    found = power(arb(0, 2.0**-20), exponent)
    assert found.contains(arb(0))
    assert found.contains(power(fmpq(1, 2**20), exponent) * fmpq(2**20 - 1, 2**20))
    assert found.upper() <= power(fmpq(1, 2**20), exponent) * fmpq(1025, 1024)
    assert power(arb.nan(), exponent).is_nan()
    assert power(arb(0), exponent) == 0


def test_the_power_0_of_a_ball_is_1():
    """Of one about zero as well, where 0^0 = 1."""
    for ball in (arb(0, 2.0**-20), arb(0), arb(3, 1)):
        assert power(ball, 0) == 1


@pytest.mark.parametrize("exponent", [Fraction(2), Fraction(2, 3), Fraction(5, 2)])
def test_powers_of_intervals(exponent):
    """Bounds of every entry: x^{p/q} of 0 and of 1/4 is in them."""
    found = power(Interval.of(np.array([0.0, 0.25])), exponent)
    for k, number in enumerate((fmpq(0), fmpq(1, 4))):
        least, most = (rational(float(end[k])) for end in (found.low, found.high))
        assert least <= power(number, exponent) <= most


def test_powers_of_zero():
    """0^0 = 1, 0^x = 0 for x > 0, and a negative exponent is refused."""
    assert power(fmpq(0), 0) == 1
    assert power(fmpq(0), Fraction(1, 3)) == 0
    with pytest.raises(ZeroDivisionError, match=r"exponent -1/2; expected"):
        power(fmpq(0), Fraction(-1, 2))


def test_a_ball_that_reaches_below_zero_is_cut_there():
    """What is known to be non-negative has a root although its ball reaches below zero."""
    root = power(arb(0, 2.0**-20), Fraction(1, 2))
    assert root.is_finite()
    assert contains(root, fmpq(0))
    assert contains(root, fmpq(1, 2**10))
