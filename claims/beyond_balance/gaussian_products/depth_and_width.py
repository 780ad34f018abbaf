"""Statement 2: how far the norm of a Gaussian product spreads, and what follows for its probability."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.beyond_balance.gaussian_products import CLAIM
from claims.beyond_balance.gaussian_products.moments import fourth_moments, mean_square
from claims.suite import exact, sampled, symbolic
from claims.suite.statistics import consistent, gaussian_networks, generator, positive, squared_norms
from solvers.arithmetic import Comparison, Enclosure, Scalar, attained, settle
from solvers.network import end_to_end


def spread(width: int, depth: int) -> fmpq:
    """rho for equal widths."""
    return ((1 + fmpq(2, width)) ** (depth + 1) + 2 * (1 - fmpq(1, width)) ** (depth + 1)) / 3


def limit_of_spread(quotient: Scalar, *, rate: int = 2) -> arb:
    """(e^{2x} + 2 e^{-x}) / 3, x = (N + 1)/d."""
    return ((rate * arb(quotient)).exp() + 2 * (-arb(quotient)).exp()) / 3


@symbolic
def test_spread_is_the_quotient_for_every_width_and_depth() -> None:
    """d^{N+1} to the second power divides both products, for symbolic d and N; at d = 1 it is 3^N."""
    d, depth = sympy.symbols("d N", positive=True)
    closed = ((1 + 2 / d) ** (depth + 1) + 2 * (1 - 1 / d) ** (depth + 1)) / 3
    for factor, share in ((d * (d + 2), 1 + 2 / d), (d * (d - 1), 1 - 1 / d)):
        exponents = factor ** (depth + 1) / (d ** (depth + 1)) ** 2 / sympy.together(share) ** (depth + 1)
        assert sympy.simplify(sympy.expand_log(sympy.log(exponents), force=True)) == 0
    assert sympy.simplify(closed.subs(d, 1) - 3**depth) == 0
    x = sympy.Symbol("x", positive=True)
    limit = sympy.limit(closed.subs(depth, x * d - 1), d, sympy.oo)
    assert sympy.simplify(limit - (sympy.exp(2 * x) + 2 * sympy.exp(-x)) / 3) == 0


@exact
@given(st.integers(1, 300), st.integers(1, 300))
def test_spread_within_its_bounds(width: int, depth: int) -> None:
    """Both bounds, any width and depth to 300, and the quotient of the moments themselves."""
    dimensions = (width,) * (depth + 1)
    assert fourth_moments(dimensions)[0] == spread(width, depth) * fmpq(mean_square(dimensions)) ** 2
    assert 3 * spread(width, depth) >= (1 + fmpq(2, width)) ** (depth + 1)
    above = partial(limit_of_spread, fmpq(depth + 1, width))
    verdict = settle(lambda: Comparison(spread(width, depth), "<=", above(), f"spread at {width}, {depth}"))
    assert verdict.holds, verdict


@exact
def test_the_limit_of_spread_is_attained() -> None:
    """Width 2000 and depth 1999: within 1 in 500 of e^2/3 + 2/(3e)."""
    limit = partial(limit_of_spread, fmpq(1))
    assert settle(lambda: attained(Comparison(spread(2000, 1999), "<=", limit(), "spread"), fmpq(1, 500))).holds


COUNT, QUARTER = 8000, (1 - fmpq(1, 2)) ** 2


def large_products(dimensions: Sequence[int]) -> int:
    """Of COUNT networks, s = 1, how many certainly have ||W||_F^2 >= E ||W||_F^2 / 2; the others certainly have not."""
    weights = gaussian_networks(dimensions, 1.0, COUNT, generator(CLAIM.uid, *dimensions))
    norms = squared_norms(end_to_end([Enclosure.of(layer) for layer in weights]))
    return int(positive(norms - Enclosure.of(np.full(COUNT, mean_square(dimensions) / 2))).sum())


def least_share(dimensions: Sequence[int], *, of: fmpq = QUARTER) -> fmpq:
    """1 / (4 rho), ``of`` for the quarter: of Paley and Zygmund, (1 - 1/2)^2."""
    found: fmpq = of * fmpq(mean_square(dimensions)) ** 2 / fourth_moments(dimensions)[0]
    return found


@sampled
@pytest.mark.parametrize("dimensions", [(8, 8), (16,) * 9, (4,) * 9, (3, 5, 2, 4), (1, 1), (12, 1, 12)])
def test_frequency_of_large_products(dimensions: tuple[int, ...]) -> None:
    """P(||W||_F^2 >= E/2) >= 1/(4 rho). Notices a probability that is a quarter of that."""
    promised, found = least_share(dimensions), large_products(dimensions)
    assert consistent(found, COUNT, ">=", promised, f"large products {dimensions}", notices=promised * 3 / 4).holds


GROUPS, GROUP = 120, 500


def groups_that_agree(dimensions: Sequence[int], claimed: int) -> int:
    """In how many of GROUPS groups the mean of ||W||_F^2 is within t of ``claimed``, t^2 = 4 Var / GROUP.

    By Chebyshev's inequality with the exact variance, that of statement 1, each is with probability at least 3/4.
    """
    weights = gaussian_networks(dimensions, 1.0, GROUPS * GROUP, generator(CLAIM.uid, "mean", *dimensions))
    norms = squared_norms(end_to_end([Enclosure.of(layer) for layer in weights]))
    total, radius = (part.reshape(GROUPS, GROUP) for part in (norms.value, norms.radius))
    deviation = Enclosure(total, radius) @ Enclosure.of(np.ones((GROUP, 1)))
    deviation = deviation - Enclosure.of(np.full((GROUPS, 1), float(GROUP * claimed)))
    squared = squared_norms(Enclosure(deviation.value[:, :, None], deviation.radius[:, :, None]))
    variance = fourth_moments(dimensions)[0] - fmpq(mean_square(dimensions)) ** 2
    allowed = Enclosure.of(np.full(GROUPS, float(4 * GROUP * variance)))
    return int(positive(allowed - squared).sum())


@sampled
@pytest.mark.parametrize("dimensions", [(1, 1), (3, 2), (4, 4, 4, 4), (2, 6, 1, 5), (1,) * 4])
def test_mean_of_the_squared_norm(dimensions: tuple[int, ...]) -> None:
    """Statement 1 on 120 groups of 500 networks. Notices a chance of agreement that is lower by 0.37."""
    agree = groups_that_agree(dimensions, mean_square(dimensions))
    what = f"groups that agree at {dimensions}"
    assert consistent(agree, GROUPS, ">=", fmpq(3, 4), what, notices=fmpq(37, 100)).holds
