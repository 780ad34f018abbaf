"""Intervals that are wide: every pair of numbers in the operands has its result in the result, and none is too wide."""

from __future__ import annotations

import operator

import numpy as np
import pytest
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from solvers.arithmetic import Interval, rational

ends = st.integers(-64, 64).map(lambda k: k / 16) | st.floats(-4, 4, allow_subnormal=True)
share = st.sampled_from([fmpq(0), fmpq(1), fmpq(1, 3), fmpq(1, 2)])


@st.composite
def places(draw, *, positive: bool = False):
    """An interval, and a number in it, often one of its ends."""
    low, high = sorted((draw(ends), draw(ends)))
    if positive:
        low, high = sorted((abs(low) + 2.0**-20, abs(high) + 2.0**-20))
    part = draw(share)
    return Interval(np.float64(low), np.float64(high)), rational(low) * (1 - part) + rational(high) * part


def holds(interval: Interval, number: fmpq) -> bool:
    """Whether the number is certainly in it."""
    return bool(rational(float(interval.low)) <= number <= rational(float(interval.high)))


def interval(low, high):
    return Interval(np.float64(low), np.float64(high))


@given(places(), places())
@example((interval(-3, 2), fmpq(-3)), (interval(-1, 5), fmpq(5)))
@example((interval(-3, -2), fmpq(-3)), (interval(-1, 5), fmpq(-1)))
def test_sums_differences_and_products(first, second):
    """Signs of all kinds; the other way round, and negated."""
    (a, x), (b, y) = first, second
    assert holds(a + b, x + y)
    assert holds(a - b, x - y)
    assert holds(a * b, x * y)
    assert holds(-a, -x)


@given(places(), places(positive=True))
@example((interval(-3, 2), fmpq(2)), (interval(0.125, 5), fmpq(1, 8)))
@example((interval(1, 2), fmpq(1)), (interval(0.125, 5), fmpq(5)))
def test_quotients_and_negative_powers(first, second):
    """By an interval above zero; of it; and of a number by it."""
    (a, x), (b, y) = first, second
    assert holds(a / b, x / y)
    assert holds(b**-2, 1 / (y * y))
    assert holds(-0.75 / b, fmpq(-3, 4) / y)


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_a_quotient_by_what_may_be_zero_is_no_number(low):
    """[1, 2] / [0, 1] has no upper end, and [1, 2] / [-1, 1] no end at all: nothing is known of either."""
    for quotient in (interval(1, 2) / interval(low, 1), 1.0 / interval(low, 1), interval(low, 1) ** -1):
        assert np.isnan([quotient.low, quotient.high]).all()


@given(places(), st.integers(-48, 48).map(lambda k: k / 16))
def test_a_number_on_the_left(drawn, number):
    """c + I, c - I, c I, for a float and for a rational."""
    (a, x), c = drawn, rational(number)
    for of in (float, np.float64, rational):
        assert holds(of(number) + a, c + x)
        assert holds(of(number) - a, c - x)
        assert holds(of(number) * a, c * x)


@given(places(positive=True), st.integers(0, 5), st.integers(1, 5))
def test_powers_and_roots(drawn, power, degree):
    """x^n; and the n-th power of each end of the root is beyond the interval's own."""
    a, x = drawn
    assert holds(a**power, x**power)
    root = a.root(degree)
    assert rational(float(root.low)) ** degree <= rational(float(a.low))
    assert rational(float(root.high)) ** degree >= rational(float(a.high))


@pytest.mark.parametrize("degree", [1, 2, 3, 7])
def test_roots_are_hardly_wider_than_they_must_be(degree):
    """Of [2^degree, 3^degree]: 2 and 3 up to the 2^-45 that is added, and roundings; of [0, 0] it is [0, 0]."""
    root = interval(2.0**degree, 3.0**degree).root(degree)
    room = 2.0**-45 + 2.0**-49
    assert 2 * (1 - room) <= root.low <= 2
    assert 3 <= root.high <= 3 * (1 + room)
    for exponent in (-1000, -600):
        high = interval(0, 2.0**exponent).root(2).high
        assert 2.0 ** (exponent // 2) <= high <= 2.0 ** (exponent // 2) * (1 + room)
    nothing = interval(0, 0).root(degree)
    assert nothing.low == nothing.high == 0


def test_the_root_of_a_subnormal_number_has_a_bound():
    """3 * 2^-1074 has no room for a rounding of its root's square: the bound of the root is twice it, and finite."""
    high = rational(float(interval(0, 3 * 2.0**-1074).root(2).high))
    assert 3 <= high**2 * fmpq(2) ** 1074 <= fmpq(25, 2)


@given(places())
def test_what_is_not_negative_is_cut_at_zero(drawn):
    """Of the numbers of the interval those that are >= 0 stay."""
    a, x = drawn
    assert holds(a.nonnegative_part(), max(x, fmpq(0)))
    assert a.nonnegative_part().low >= 0


OPERATIONS = {
    "+": (operator.add, 5.0, 9.0),
    "-": (operator.sub, -3.0, 1.0),
    "*": (operator.mul, 6.0, 20.0),
    "/": (operator.truediv, 0.4, 4 / 3),
}


@pytest.mark.parametrize("sign", OPERATIONS)
def test_no_end_is_farther_out_than_two_roundings(sign):
    """[2, 4] and [3, 5], by hand: that everything is enclosed is not all that an operation is for."""
    operation, low, high = OPERATIONS[sign]
    found = operation(interval(2, 4), interval(3, 5))
    assert abs(found.low - low) <= 2.0**-51 * abs(low)
    assert abs(found.high - high) <= 2.0**-51 * abs(high)
