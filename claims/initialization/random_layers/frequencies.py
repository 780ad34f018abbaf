"""Random networks counted: how many are delta-balanced, and whether their mean imbalance is the one stated."""

from collections.abc import Sequence

import numpy as np
import pytest
from flint import fmpq

from claims.initialization.random_layers import CLAIM
from claims.initialization.random_layers.moments import SIZES, moment, total_moment, variance
from claims.initialization.random_layers.probabilities import certain_probability
from claims.suite import sampled
from claims.suite.statistics import consistent, gaussian_networks, generator, positive, squared_norms
from solvers.arithmetic import Enclosure, rational
from solvers.network import imbalances

SHAPES = [(1, 1, 1), (2, 1, 2), (4, 1, 1, 4), (3, 4, 2), (1, 2, 3, 2, 1), (5, 1, 6, 1, 3), (6,) * 5]
COUNT = 2000


def balanced_count(dimensions: Sequence[int], scale: float, delta_squared: float, count: int = COUNT) -> int:
    """How many of ``count`` random networks are certainly delta-balanced; the others certainly are not."""
    weights = gaussian_networks(dimensions, scale, count, generator(CLAIM.uid, *dimensions))
    within = np.ones(count, dtype=bool)
    for imbalance in imbalances([Enclosure.of(layer) for layer in weights]):
        within &= positive(Enclosure.of(np.full(count, delta_squared)) - squared_norms(imbalance))
    return int(within.sum())


@sampled
@pytest.mark.parametrize("dimensions", SHAPES)
@pytest.mark.parametrize("promised", [0.5, 0.95])
def test_frequency_of_balanced_networks(dimensions: tuple[int, ...], promised: float) -> None:
    """delta is chosen so that statement 2, and then statement 3, promise a half or 95 per cent; s = 1/4. Notices a
    probability that is lower by 0.1."""
    scale = 0.25
    leading = 10 * (len(dimensions) - 1) * max(dimensions) ** 3
    for amount in (leading, total_moment(dimensions)):
        delta_squared = amount * scale**4 / (1 - promised)
        limit = 1 - amount * rational(scale) ** 4 / rational(delta_squared)
        found = balanced_count(dimensions, scale, delta_squared)
        assert consistent(found, COUNT, ">=", limit, f"delta-balanced {dimensions}", notices=fmpq(1, 10)).holds


@sampled
@pytest.mark.parametrize("dimensions", [(2, 1, 2), (1, 1, 1)])
@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_frequency_where_the_probability_is_known(dimensions: tuple[int, ...], ratio: float) -> None:
    """Both tails: the networks sampled have the law that the exact checks use; s = 1/2. Notices a probability that
    is off by 0.1."""
    found = balanced_count(dimensions, 0.5, ratio**2 * 0.5**4)
    probability = certain_probability(dimensions, rational(ratio))
    assert consistent(found, COUNT, "==", probability, f"|B_1| <= {ratio} for {dimensions}", notices=fmpq(1, 10)).holds


GROUPS, GROUP = 120, 500


def groups_that_agree(dimensions: tuple[int, int, int], claimed: int) -> int:
    """In how many of GROUPS groups the mean of ||B||_F^2 is within t of ``claimed``, t^2 = 4 Var / GROUP.

    By Chebyshev's inequality with the exact variance, each is with probability at least 3/4 where the claim is true.
    """
    before, width, after = dimensions
    weights = gaussian_networks(dimensions, 1.0, GROUPS * GROUP, generator(CLAIM.uid, "moment", *dimensions))
    norms = squared_norms(*imbalances([Enclosure.of(layer) for layer in weights]))
    total, radius = (part.reshape(GROUPS, GROUP) for part in (norms.value, norms.radius))
    ones = Enclosure.of(np.ones((GROUP, 1)))
    deviation = (Enclosure(total, radius) @ ones) - Enclosure.of(np.full((GROUPS, 1), float(GROUP * claimed)))
    squared = squared_norms(Enclosure(deviation.value[:, :, None], deviation.radius[:, :, None]))
    allowed = float(4 * GROUP * variance().subs(dict(zip(SIZES, (after, width, before), strict=True))))
    return int(positive(Enclosure.of(np.full(GROUPS, allowed)) - squared).sum())


MOMENT_SHAPES = [(1, 1, 1), (2, 1, 2), (1, 3, 5), (4, 2, 1), (3, 3, 3), (1, 4, 1), (6, 2, 2)]


@sampled
@pytest.mark.parametrize("dimensions", MOMENT_SHAPES)
def test_mean_of_the_squared_imbalance(dimensions: tuple[int, int, int]) -> None:
    """Statement 1 on 120 groups of 500 networks: at least three quarters of the groups agree, says Chebyshev. Notices a
    chance of agreement that is lower by 0.37."""
    before, width, after = dimensions
    agree = groups_that_agree(dimensions, moment(after, width, before))
    assert consistent(
        agree, GROUPS, ">=", fmpq(3, 4), f"groups that agree at {dimensions}", notices=fmpq(37, 100)
    ).holds
