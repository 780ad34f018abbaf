"""Gaussian data drawn: how often two units are active together, and the mean of a product."""

import numpy as np
from flint import arb, ctx, fmpq
from hypothesis import given

from claims.suite import control, fewer, sampled
from claims.suite.means import has_mean
from claims.suite.statistics import BITS, consistent, generator, positive
from solvers import Enclosure
from solvers.arithmetic import nearest
from solvers.shallow import half_space_probability, relu_kernel
from strategies import VectorPair, vector_pairs

COUNT, SCALE = 100_000, 2**20


def active(pair: VectorPair, name: str) -> int:
    """Of COUNT Gaussian vectors, those at which both units are active."""
    x = generator("DL-043", name, len(pair.u)).standard_normal((COUNT, len(pair.u)))
    signs = [positive(Enclosure.of(x) @ Enclosure.of(nearest(vector)[:, None])) for vector in (pair.u, pair.v)]
    return int((signs[0] & signs[1]).sum())


@sampled
@fewer(5)
@given(vector_pairs(opposite=False, parallel=False, min_dimension=2))
def test_how_often_both_are_active(pair: VectorPair) -> None:
    """J_0, of 100,000 vectors in dimensions 2 to 4: notices a probability that is off by 0.02."""
    with ctx.workprec(BITS):
        expected = half_space_probability(pair.u, pair.v)
    assert consistent(active(pair, "both"), COUNT, "==", expected, "both units active", notices=fmpq(2, 100)).holds


@control
def test_the_count_notices_half_of_the_angle() -> None:
    """th/2 in place of th, at a right angle: 3/8 is not 1/4."""
    pair = VectorPair(np.array([fmpq(1), fmpq(0)]), np.array([fmpq(0), fmpq(1)]), fmpq(1), fmpq(1), (fmpq(1), fmpq(1)))
    with ctx.workprec(BITS):
        expected = (arb.pi() - pair.angle.radians / 2) / (2 * arb.pi())
    assert consistent(active(pair, "half"), COUNT, "==", expected, "both units active").fails


@sampled
@fewer(5)
@given(vector_pairs(unit=True))
def test_the_mean_of_a_product(pair: VectorPair) -> None:
    """J_1 = d E s(u.y) s(v.y) with y = x/|x|, a number in [0, 1] in units of 2^-20; 100,000 vectors, d = 1 to 4. A mean
    that is off by .0145 is noticed with probability .99, since the variance is at most 1/4."""
    size = len(pair.u)
    x = generator("DL-043", "mean", size).standard_normal((COUNT, size))
    y = x / np.sqrt((x**2).sum(axis=1, keepdims=True))
    products = np.maximum(y @ nearest(pair.u), 0) * np.maximum(y @ nearest(pair.v), 0)
    numbers = np.minimum(np.rint(products * SCALE), SCALE).astype(int).tolist()
    with ctx.workprec(BITS):
        expected = arb(relu_kernel(pair.u, pair.v)) / size * SCALE
    assert has_mean(numbers, expected, SCALE, "s(u.y) s(v.y)").holds
