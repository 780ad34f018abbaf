"""Measures of stacks: every interval contains what exact arithmetic says of that matrix alone."""

import numpy as np
import pytest
from containment import contains as in_ball
from flint import arb, ctx, fmpq

from solvers import frobenius_squared, singular_values
from solvers.arithmetic import UNIT, Enclosure, Interval, exact, rational
from solvers.network import stacks

SHAPES = [(1, 1), (2, 2), (3, 2), (2, 4), (4, 4)]


def stack(shape: tuple[int, int], seed: int = 0) -> np.ndarray:
    """Forty random matrices, of sizes from 2^-8 to 2^8; the last of them singular where it can be."""
    rng = np.random.default_rng(seed)
    matrices = rng.standard_normal((40, *shape)) * 2.0 ** rng.uniform(-8, 8, (40, 1, 1))
    matrices[-1, -1] = matrices[-1, 0]
    return matrices


def contains(interval: Interval, k: int, number: fmpq | arb) -> bool:
    """Whether the k-th interval certainly contains the number; of a rational, decided in rationals."""
    low, high = rational(float(interval.low[k])), rational(float(interval.high[k]))
    return bool(low <= number <= high)


@pytest.mark.parametrize("shape", SHAPES)
def test_norms_and_inner_products_contain_the_exact_ones(shape):
    """||A||_F^2 and <A, B>, and 3/8 times A."""
    left, right = stack(shape), stack(shape, seed=1)
    norms = stacks.frobenius_squared(Enclosure.of(left))
    products = stacks.inner(Enclosure.of(left), Enclosure.of(right))
    scaled = stacks.frobenius_squared(stacks.times(np.full(len(left), 3 / 8), Enclosure.of(left)))
    for k, (a, b) in enumerate(zip(left, right, strict=True)):
        assert contains(norms, k, frobenius_squared(exact(a)))
        assert contains(products, k, (exact(a) * exact(b)).sum())
        assert contains(scaled, k, frobenius_squared(exact(a)) * fmpq(9, 64))


@pytest.mark.parametrize("shape", SHAPES)
def test_extreme_singular_values_are_enclosed_closely(shape):
    """sigma_min and |.|_2 of each matrix, to within 2^-40 of the norm."""
    matrices = stack(shape)[:-1]
    least, most = stacks.extreme_singular_values(Enclosure.of(matrices))
    for k, matrix in enumerate(matrices):
        with ctx.workprec(300):
            values = singular_values(exact(matrix))
            assert contains(least, k, stacks.largest([-value for value in values]) * -1)
            assert contains(most, k, stacks.largest(values))
    assert (least.high - least.low < 2.0**-40 * most.high).all()
    assert (most.high - most.low < 2.0**-40 * most.high).all()


def test_the_least_singular_value_of_a_singular_matrix_may_be_zero():
    """Its interval reaches down to 0, and no further."""
    least, _ = stacks.extreme_singular_values(Enclosure.of(stack((3, 3))[-1:]))
    assert least.low[0] == 0 < least.high[0] < 2.0**-30


# Operands that are wide, and sums that lose as much as rounding can


def wide(shape, seed):
    """Forty enclosures, and of each the matrices of rationals that are largest and smallest in every entry."""
    value = stack(shape, seed)
    rng = np.random.default_rng(seed + 100)
    radius = abs(value) * 2.0 ** rng.integers(-60, 3, value.shape) * rng.integers(0, 2, value.shape)
    outward = np.where(value < 0, -1, 1)
    ends = [
        [exact(v) + exact(side * s) * exact(r) for v, s, r in zip(value, outward, radius, strict=True)]
        for side in (1, -1)
    ]
    return Enclosure(value, radius), ends


@pytest.mark.parametrize("shape", SHAPES)
def test_wide_norms_and_inner_products_contain_those_of_every_corner(shape):
    """||A||_F^2 with every entry farthest from 0, or moved towards it; <A, B> with every pair of corners."""
    (left, corners), (right, others) = wide(shape, 0), wide(shape, 1)
    norms, products = stacks.frobenius_squared(left), stacks.inner(left, right)
    for k in range(len(left.value)):
        for corner in (each[k] for each in corners):
            assert contains(norms, k, frobenius_squared(corner))
            for other in (each[k] for each in others):
                assert contains(products, k, (corner * other).sum())
        signs = np.vectorize(lambda x: 1 if x >= 0 else -1)(left.value[k] * right.value[k])
        for side in (0, 1):  # every product of entries as large as it can be, or every one as small
            chosen = np.where(signs > 0, others[side][k], others[1 - side][k])
            assert contains(products, k, (corners[side][k] * chosen).sum())


def test_multiples_are_no_wider_than_they_must_be():
    """-3/2 times a stack: the radius is 3/2 times as large, and what rounding can add."""
    matrices, _ = wide((2, 3), 5)
    found = stacks.times(np.full(len(matrices.value), -1.5), matrices)
    assert (found.value == -1.5 * matrices.value).all()
    added = found.radius - 1.5 * matrices.radius
    assert (added >= 0).all()
    assert (added <= 2.0**-46 * (abs(found.value) + found.radius)).all()


def test_an_inner_product_of_rationals_is_one():
    """<A, B> of (1, 2) and (3, 1/2) is 4."""
    assert stacks.inner(exact(np.array([[1.0, 2.0]])), exact(np.array([[3.0, 0.5]]))) == fmpq(4)


def half_lost(size: int, count: int) -> np.ndarray:
    """1, and numbers whose products with themselves are just below or just above half a unit of 1 (u, where 1 + u is a
    tie): each is lost, or counted twice, when it is added to 1."""
    found = np.full((count, size), 2.0**-26.5 * (1 - 2.0**-20))
    found[1::2] = 2.0**-26.5 * (1 + 2.0**-20)
    found[:, 0] = 1
    return found


@pytest.mark.parametrize("shape", [(1, 7), (7, 1), (2, 30), (30, 2), (1, 200), (200, 1), (9, 9)])
def test_sums_of_numbers_that_rounding_loses_are_contained(shape):
    """1 + n u in truth, and 1 in float64: no bound of fewer roundings than there are entries would hold."""
    entries = half_lost(shape[0] * shape[1], 4)
    matrices = Enclosure.of(entries.reshape(4, *shape))
    norms, products = stacks.frobenius_squared(matrices), stacks.inner(matrices, matrices)
    for k, row in enumerate(entries):
        square = (exact(row) * exact(row)).sum()
        assert contains(norms, k, square)
        assert contains(products, k, square)
        single = Enclosure.of(row.reshape(shape))
        for ball in (single.frobenius_squared(), single.inner(single)):
            assert in_ball(ball, square)


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (20, 10)])
def test_sums_of_products_that_underflow_are_contained(shape):
    """Each is 0 in float64 and a third of the smallest subnormal in truth."""
    row = np.full(shape, 2.0**-537 * 0.57)
    matrices = Enclosure.of(np.stack([row, -row]))
    norms, products = stacks.frobenius_squared(matrices), stacks.inner(matrices, Enclosure.of(np.stack([row, row])))
    for k, sign in enumerate((1, -1)):
        assert contains(norms, k, frobenius_squared(exact(row)))
        assert contains(products, k, sign * frobenius_squared(exact(row)))
    assert in_ball(Enclosure.of(row).frobenius_squared(), frobenius_squared(exact(row)))
    assert in_ball(Enclosure.of(row).inner(Enclosure.of(-row)), -frobenius_squared(exact(row)))


def test_what_float64_loses_there_is_more_than_the_roundings_of_one_side():
    """The case is one: a bound of gamma_rows or gamma_columns in place of gamma_{rows columns} would not hold."""
    for row in half_lost(7, 2):
        lost = (exact(row) * exact(row)).sum() - rational(float((row.reshape(1, 7) * row.reshape(1, 7)).sum()))
        assert abs(lost) > 5 * rational(UNIT)


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 4), (4, 2)])
def test_extreme_singular_values_of_wide_enclosures_are_attained(shape):
    """diag(3, 2, ..., 1) with one entry uncertain by 1/8: the norm may be 3 + 1/8, and the least value 1 - 1/8."""
    size = min(shape)
    diagonal = np.zeros((2, *shape))
    for k in range(size):
        diagonal[:, k, k] = 3 if k == 0 else 1 if k == size - 1 else 2
    for place in {0, size - 1}:
        radius = np.zeros_like(diagonal)
        radius[:, place, place] = 1 / 8
        for side in (fmpq(-1, 8), fmpq(0), fmpq(1, 8)):
            corner = exact(diagonal[0])
            corner[place, place] += side
            values = singular_values(corner)
            least, most = stacks.extreme_singular_values(Enclosure(diagonal, radius))
            for k in range(2):
                assert contains(least, k, values[-1])
                assert contains(most, k, values[0])
            assert most.high[0] - most.low[0] < 0.251
            assert least.high[0] - least.low[0] < 0.251


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_poor_factorisation_of_a_stack_proposes_and_does_not_decide(side, monkeypatch):
    """A = U S V^T with no residual but U or V far from orthogonal, too long or too short: still contained."""
    for factor in (1.25, 0.75):
        matrix = np.array([[1.0, 0.5], [0.0, 1.0]]) * factor
        values = singular_values(exact(matrix))
        one, moved = np.eye(2)[None], matrix[None]
        bases = (moved, one) if side == "left" else (one, moved)
        monkeypatch.setattr(np.linalg, "svd", lambda _, bases=bases, **__: (bases[0], np.ones((1, 2)), bases[1]))
        least, most = stacks.extreme_singular_values(Enclosure.of(moved))
        monkeypatch.undo()
        for interval, value in ((least, values[-1]), (most, values[0])):
            assert not interval.low[0] > float(arb(value).upper())
            assert not interval.high[0] < float(arb(value).lower())


@pytest.mark.parametrize("factor", [3 / 8, 1 / 3, -1.7, 1e-300, 3e-320])
def test_multiples_of_wide_stacks_contain_those_of_every_corner(factor):
    """c A, one number for each matrix; products that underflow too."""
    enclosed, corners = wide((2, 2), 3)
    found = stacks.times(np.full(len(enclosed.value), factor), enclosed)
    for k in range(len(enclosed.value)):
        for corner in (each[k] for each in corners):
            gap = abs(exact(found.value[k]) - rational(factor) * corner)
            assert (gap <= exact(found.radius[k])).all()


def test_extreme_squares_are_rational_wherever_they_are():
    """diag(2, 3) has 4 and 9; (1, 1)^T has 2 twice, whose roots are not; of an enclosure the balls hold them."""
    for matrix, least, most in ((np.diag([2, 3]), 4, 9), (np.ones((2, 1), dtype=int), 2, 2)):
        assert stacks.extreme_squares(exact(matrix)) == (fmpq(least), fmpq(most))
        low, high = stacks.extreme_squares(Enclosure.of(matrix.astype(float)))
        assert in_ball(low, fmpq(least))
        assert in_ball(high, fmpq(most))
