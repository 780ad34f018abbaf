"""Measures of stacks: every interval contains what exact arithmetic says of that matrix alone."""

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from solvers import frobenius_squared, singular_values
from solvers.arithmetic import Enclosure, Interval, exact, rational
from solvers.network import stacks

SHAPES = [(1, 1), (2, 2), (3, 2), (2, 4), (4, 4)]


def stack(shape: tuple[int, int], seed: int = 0) -> np.ndarray:
    """Forty random matrices, of sizes from 2^-8 to 2^8; the last of them singular where it can be."""
    rng = np.random.default_rng(seed)
    matrices = rng.standard_normal((40, *shape)) * 2.0 ** rng.uniform(-8, 8, (40, 1, 1))
    matrices[-1, -1] = matrices[-1, 0]
    return matrices


def contains(interval: Interval, k: int, number: fmpq | arb) -> bool:
    """Whether the k-th interval certainly contains the number."""
    low, high = arb(rational(float(interval.low[k]))), arb(rational(float(interval.high[k])))
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
