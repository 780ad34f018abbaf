"""Enclosures: every point of the operands gives a point of the result, in rationals."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from containment import all_contain, contains, dyadic
from flint import arb, fmpq
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from solvers import Enclosure
from solvers.arithmetic import TINY, UNIT, exact, gamma, rational

entries = st.floats(-1e60, 1e60) | st.floats(-1, 1) | st.floats(-1e-160, 1e-160)
radii = st.just(0.0) | st.floats(0, 1e-3) | st.floats(0, 1e40)


def float_matrices(rows, columns, elements=entries):
    """float64 matrices, subnormal entries included."""
    return hnp.arrays(np.float64, (rows, columns), elements=elements, fill=st.nothing())


@st.composite
def points(draw, rows, columns):
    """An enclosure, and one exact matrix in it: often on its boundary."""
    value, radius = draw(float_matrices(rows, columns)), draw(float_matrices(rows, columns, radii))
    place = draw(hnp.arrays(np.int64, (rows, columns), elements=st.integers(-2, 2), fill=st.nothing()))
    return Enclosure(value, radius), exact(value) + exact(radius) * exact(place) / 2


sizes = st.integers(1, 4)
single = st.tuples(sizes, sizes).flatmap(lambda shape: points(*shape))
pairs = st.tuples(sizes, sizes).flatmap(lambda shape: st.tuples(points(*shape), points(*shape)))
chains = st.tuples(sizes, sizes, sizes).flatmap(
    lambda shape: st.tuples(points(shape[0], shape[1]), points(shape[1], shape[2]))
)


def covers(enclosure, matrix) -> bool:
    """|matrix - value| <= radius in rationals, entry by entry."""
    assert enclosure.shape == matrix.shape
    return bool((abs(exact(enclosure.value) - matrix) <= exact(enclosure.radius)).all())


def scalar(value, radius=0.0):
    """A 1 x 1 enclosure and its upper end."""
    enclosure = Enclosure(np.array([[value]]), np.array([[radius]]))
    return enclosure, exact(enclosure.value) + exact(enclosure.radius)


def test_a_float_matrix_is_exactly_itself():
    """Radius zero, and nothing copied into another value."""
    matrix = np.array([[0.1, -2.0]])
    enclosure = Enclosure.of(matrix)
    assert covers(enclosure, exact(matrix))
    assert not enclosure.radius.any()


@given(pairs)
@example((scalar(1 / 3), scalar(1e-17)))
@example((scalar(1.0, 2.0**-60), scalar(-1.0, 2.0**-61)))
def test_sums_and_differences(drawn):
    """(A + B) and (A - B) of any two points."""
    (left, a), (right, b) = drawn
    assert covers(left + right, a + b)
    assert covers(left - right, a - b)


@given(chains)
@example((scalar(1 / 3), scalar(1 / 7)))
@example((scalar(1e-200), scalar(3e-124)))
@example((scalar(1.5 * TINY / UNIT), scalar(0.7 * UNIT)))
@example((scalar(1.0, 0.5), scalar(1.0, 0.25)))
def test_products(drawn):
    """A B of any two points, underflow included."""
    (left, a), (right, b) = drawn
    assert covers(left @ right, a @ b)


@given(single, st.floats(-1e10, 1e10))
@example(scalar(1 / 3), 1 / 7)
@example(scalar(3e-310), 1e-10)
def test_multiples(drawn, factor):
    """c A of any point, for a float c."""
    enclosure, point = drawn
    assert covers(factor * enclosure, rational(factor) * point)


@given(single)
def test_transposes(drawn):
    """A^T of any point, with its radius."""
    enclosure, point = drawn
    assert covers(enclosure.mT, point.T)


@given(single)
@example(scalar(1 / 3))
@example(scalar(1e-170))
@example(scalar(1.0, 0.5))
def test_squared_norm_is_in_the_ball(drawn):
    """||A||_F^2 of any point."""
    enclosure, point = drawn
    assert contains(enclosure.frobenius_squared(), sum(entry * entry for entry in point.ravel()))


@given(pairs)
@example((scalar(1 / 3), scalar(1 / 7)))
@example((scalar(1e-170), scalar(3e-154)))
@example((scalar(1.0, 0.5), scalar(1.0, 0.25)))
def test_inner_product_is_in_the_ball(drawn):
    """<A, B> of any two points."""
    (left, a), (right, b) = drawn
    assert contains(left.inner(right), (a * b).sum())


VALUES, RADII = np.array([[3.0, 0.5]]), np.array([[0.25, 0.125]])
ROUNDED = fmpq(1, 2**26)
"""More than rounding adds to a radius here (a ball's has 30 bits), and far less than anything else."""


def extreme(enclosure):
    """Its extreme points, in rationals."""
    for signs in product((1, -1), repeat=2):
        yield exact(enclosure.value) + exact(enclosure.radius) * np.array(signs).reshape(enclosure.shape)


def is_as_wide_as(radius, distances) -> bool:
    """Whether a radius is the largest of the distances, and hardly more."""
    return max(distances) <= radius <= max(distances) * (1 + ROUNDED) + ROUNDED


@pytest.mark.parametrize("turn", [1.0, -1.0])
@pytest.mark.parametrize("signs", list(product((1.0, -1.0), repeat=2)))
def test_radii_reach_the_extreme_points_and_no_farther(signs, turn):
    """(3, 1/2) and (2, 3/4) with all signs, and radii: what the result's distance from the computed one can be at most
    is attained at extreme points of the operands, in rationals. (Of products, where their terms have one sign.)"""
    left = Enclosure(np.array([signs]) * VALUES, RADII)
    right = Enclosure(turn * np.array([signs]) * np.array([[2.0, 0.75]]), np.array([[0.0625, 0.5]]))
    pairs = list(product(extreme(left), extreme(right)))
    for found, exactly in (
        (left + right, [a + b for a, b in pairs]),
        (left - right, [a - b for a, b in pairs]),
        (-1.5 * left, [fmpq(-3, 2) * a for a, _ in pairs]),
        (left @ right.mT, [a @ b.T for a, b in pairs]),
    ):
        for place in np.ndindex(found.shape):
            distances = [abs(each[place] - rational(found.value[place])) for each in exactly]
            assert is_as_wide_as(rational(found.radius[place]), distances)
    for ball, numbers in (
        (left.frobenius_squared(), [(a * a).sum() for a in extreme(left)]),
        (left.inner(right), [(a * b).sum() for a, b in pairs]),
    ):
        middle = dyadic(ball.mid())
        assert is_as_wide_as(dyadic(ball.rad()), [abs(number - middle) for number in numbers])


def test_what_underflows_is_covered():
    """Eight entries in [0, 2^-537]: the products of midpoints and radii are all lost, and their sum is 8 of 2^-1074."""
    row = Enclosure(np.full((1, 8), 2.0**-538), np.full((1, 8), 2.0**-538))
    largest = exact(row.value) + exact(row.radius)
    assert not (row.value @ row.value.T).any()
    assert covers(row @ row.mT, largest @ largest.T)
    for ball in (row.frobenius_squared(), row.inner(row)):
        assert contains(ball, 8 * rational(TINY))
    assert covers(2.0**-538 * row, fmpq(1, 2**538) * largest)


def test_what_rounding_takes_from_a_long_radius_is_covered():
    """128 ones and 8064 halves of their last places, which are lost one by one where ones come first: the sum is
    128 + 8064 * 2^-53, and is attained."""
    radius = np.where(np.arange(8192) < 128, 1.0, UNIT)[np.newaxis]
    ones, spread = Enclosure.of(np.ones((1, 8192))), Enclosure(np.zeros((1, 8192)), radius)
    true = 128 + 8064 * rational(UNIT)
    assert rational((ones @ spread.mT).radius[0, 0]) >= true
    assert rational((spread @ ones.mT).radius[0, 0]) >= true
    for ball in (ones.inner(spread), spread.inner(ones)):
        assert contains(ball, true)


def test_what_rounding_takes_from_a_sum_that_cancels_is_covered():
    """64 ones, 64 of 2^-54 and 64 minus ones: the small ones are lost where they come second, and are the sum."""
    ones, row = np.ones((1, 192)), np.repeat([1.0, UNIT / 2, -1.0], 64)[np.newaxis]
    for left, right in ((Enclosure.of(ones), Enclosure.of(row)), (Enclosure.of(row), Enclosure.of(-ones))):
        true = (exact(left.value) * exact(right.value)).sum()
        assert abs(true) == fmpq(1, 2**48)
        assert contains(left.inner(right), true)
        assert contains((left @ right.mT)[0, 0], true)


@given(single)
def test_entries_are_balls_around_every_point(drawn):
    """The same set, as an array of balls."""
    enclosure, point = drawn
    assert all_contain(enclosure.entries(), point)


@given(single)
@example(scalar(1.0, 0.5))
def test_every_entry_is_a_ball_around_every_point(drawn):
    """[i, j] of any point, counted from either end."""
    enclosure, point = drawn
    rows, columns = enclosure.shape
    for i, j in np.ndindex(rows, columns):
        for ball in (enclosure[i, j], enclosure[i - rows, j - columns], enclosure[np.int64(i), j]):
            assert isinstance(ball, arb)
            assert contains(ball, point[i, j])


slices = st.builds(slice, *[st.none() | st.integers(-5, 5)] * 2, st.none() | st.sampled_from([1, 2, -1]))


@given(single, slices, slices)
def test_slices_are_those_of_every_point(drawn, rows, columns):
    """[a:b, c:d] of any point, and [a:b]; a row is an enclosure too."""
    enclosure, point = drawn
    for place in ((rows, columns), rows, (slice(None), 0), 0):
        part = enclosure[place]
        assert isinstance(part, Enclosure)
        assert covers(part, point[place])


def test_the_entry_of_a_stack_is_a_ball_by_three_indices():
    """Two leave a vector."""
    stack = Enclosure(np.arange(8.0).reshape(2, 2, 2), np.full((2, 2, 2), 0.25))
    assert contains(stack[1, 0, 1], fmpq(21, 4))
    assert stack[1, 0].shape == (2,)


@pytest.mark.parametrize("place", [None, ..., [0], np.array([True]), 0.0, (0, None), True])
def test_other_indices_are_refused(place):
    """NumPy would broadcast or copy; here nothing is guessed."""
    with pytest.raises(TypeError, match="expected integers and slices"):
        Enclosure.of(np.eye(1))[place]


def test_an_entry_that_overflowed_is_no_number():
    """An infinite value or radius encloses nothing that is known."""
    for enclosure in (Enclosure.of(np.array([[np.inf]])), Enclosure(np.eye(1), np.array([[np.inf]]))):
        assert enclosure[0, 0].is_nan()
        assert enclosure.entries()[0, 0].is_nan()


def test_iteration_ends():
    """By rows, and an index beyond the last is an IndexError."""
    rows = list(Enclosure.of(np.eye(2)))
    assert [row.shape for row in rows] == [(2,), (2,)]
    with pytest.raises(IndexError):
        Enclosure.of(np.eye(2))[2, 0]


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=40))
def test_long_inner_products(numbers):
    """The bound grows with the length, as gamma_n does."""
    row = np.array([numbers])
    enclosure = Enclosure.of(row) @ Enclosure.of(row.T)
    assert covers(enclosure, exact(row) @ exact(row.T))


@given(chains)
def test_radius_of_a_product_of_exact_matrices_is_no_larger_than_twice_the_standard_bound(drawn):
    """gamma_n |A| |B| bounds the rounding; the radius is that, inflated by less than two, plus subnormals."""
    (left, _), (right, _) = drawn
    found = Enclosure.of(left.value) @ Enclosure.of(right.value)
    inner = left.shape[1]
    standard = exact(abs(left.value)) @ exact(abs(right.value)) * rational(gamma(inner))
    assert (exact(found.radius) <= 2 * standard + 6 * inner * rational(TINY)).all()


def test_an_overflowing_norm_is_no_number():
    """Where float64 overflows nothing is claimed."""
    with np.errstate(over="ignore"):
        assert Enclosure.of(np.full((1, 1), 1e200)).frobenius_squared().is_nan()


@pytest.mark.parametrize("operations", [1, 2, 7, 1000, 10**6])
def test_gamma_is_rounded_up(operations):
    """n u / (1 - n u), u = 2^-53, never below and at most four roundings above."""
    unit = fmpq(1, 2**53)
    true = operations * unit / (1 - operations * unit)
    assert true <= rational(gamma(operations)) <= true * (1 + 8 * unit)
    assert math.isclose(UNIT, float(unit), rel_tol=0)
