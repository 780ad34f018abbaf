"""What is false: other numbers in the moments, the spread and the bases; entries not normal or not independent; layers
not square or of two factors. And the smallest parameters."""

from functools import partial
from itertools import product

import numpy as np
import pytest
from flint import arb, fmpq

from claims.beyond_balance.gaussian_products import depth_and_width, moments, width_one
from claims.beyond_balance.gaussian_products.orthogonal_starts import as_fast_as
from claims.suite import Fate, ablates, control, witness
from claims.suite.cubature import gaussian_mean_of
from claims.suite.statistics import consistent
from solvers import arithmetic, frobenius_squared, imbalances
from solvers.arithmetic import Comparison, compare, settle


@control
@pytest.mark.parametrize(("up", "down"), [(1, 1), (3, 1), (2, 0), (2, 2)])
def test_refuted_with_other_factors(up: int, down: int) -> None:
    """d + 1 or d + 3 for d + 2, d or d - 2 for d - 1: both moments of networks of widths 2-2-2 say no."""
    wrong = moments.fourth_moments((2, 2, 2), up=up, down=down)
    found = (
        moments.in_full((2, 2, 2), lambda matrix: moments.norm_squared(matrix) ** 2, 4, 1),
        moments.in_full((2, 2, 2), moments.trace_of_square, 4, 1),
    )
    for left, right in zip(found, wrong, strict=True):
        assert compare(Comparison(left, "==", right, f"moment with d + {up} and d - {down}")).fails


@control
@pytest.mark.parametrize("dimensions", [(1, 1), (4, 4, 4, 4)])
def test_refuted_with_half_of_the_mean(dimensions: tuple[int, ...]) -> None:
    """The groups of networks that agree with E ||W||^2 are too few for half of it."""
    agree = depth_and_width.groups_that_agree(dimensions, moments.mean_square(dimensions) / 2)
    assert consistent(agree, depth_and_width.GROUPS, ">=", fmpq(3, 4), f"half of the mean at {dimensions}").fails


@control
def test_refuted_with_more_spread_or_less() -> None:
    """(e^x + 2 e^{-x})/3 is too small from d = 1, N = 1 on; (1 + 2/d)^{N+1}/2 is too large there, where a
    third is attained."""
    too_small = settle(
        lambda: Comparison(
            depth_and_width.spread(1, 1), "<=", depth_and_width.limit_of_spread(fmpq(2), rate=1), "rate 1"
        )
    )
    assert too_small.fails
    narrow, power = depth_and_width.spread(1, 1), (1 + fmpq(2)) ** 2
    assert compare(Comparison(narrow, ">=", power / 2, "a half for a third")).fails
    assert compare(Comparison(narrow, "==", power / 3, "a third at width 1")).holds


@control
def test_refuted_with_twice_the_inverse_of_the_spread() -> None:
    """2/rho for 1/(4 rho) at d = 1, N = 1: 2/3, where P(u^2 >= 1/2) is 0.48."""
    found, count = depth_and_width.large_products((1, 1)), depth_and_width.COUNT
    assert depth_and_width.least_share((1, 1)) == fmpq(1, 12)
    promised = depth_and_width.least_share((1, 1), of=fmpq(2))
    assert consistent(found, count, ">=", promised, "large products (1, 1)").fails


@control
@ablates("DL-073", "normal entries", "dropped", Fate.REFUTED)
def test_refuted_for_signs() -> None:
    """Entries +1 and -1 have the variance 1 too, but ||W||_F^4 of widths 1-1-1 is 1, not 9."""
    signs = np.array(list(product((1.0, -1.0), repeat=2))).reshape(2, -1, 1, 1)
    found = (moments.norm_squared(signs[1] @ signs[0]) ** 2).mean()
    fourth, _ = moments.fourth_moments((1, 1, 1))
    assert compare(Comparison(arithmetic.rational(found), "==", fourth, "fourth moment of signs")).fails


@control
@ablates("DL-073", "independent entries", "dropped", Fate.REFUTED)
def test_refuted_for_layers_that_are_equal() -> None:
    """W_2 = W_1 = u of width 1: E ||W||_F^2 = E u^4 = 3, not 1."""
    found = gaussian_mean_of((1, 1), lambda layer: moments.norm_squared(layer @ layer))
    claimed = fmpq(moments.mean_square((1, 1, 1)))
    assert compare(Comparison(found, "==", claimed, "one layer twice")).fails


@control
@ablates("DL-073", "one factor", "dropped", Fate.REFUTED)
def test_refuted_for_layers_of_two_factors() -> None:
    """W_1 = I, W_2 = 4 I of width 2: sigma_min(W)^{1/2} = 2, and the loss falls at 17 ||G||^2, not at 8 ||G||^2."""
    identity = arithmetic.exact(np.eye(2))
    weights, target = (identity, 4 * identity), 0 * identity
    assert compare(as_fast_as(weights, target, fmpq(2))).fails
    assert compare(as_fast_as((2 * identity, 2 * identity), target, fmpq(2))).holds


@control
@ablates("DL-073", "square layers", "dropped", Fate.REFUTED)
def test_refuted_for_layers_that_are_not_square() -> None:
    """Widths 2-2-1, orthonormal rows in each layer: the imbalance is diag(0, -1)."""
    weights = (arithmetic.exact(np.eye(2)), arithmetic.exact([[1, 0]]))
    (imbalance,) = imbalances(weights)
    assert compare(Comparison(frobenius_squared(imbalance), "==", fmpq(0), "orthonormal rows")).fails


@control
def test_refuted_with_smaller_bases() -> None:
    """By Markov's inequality q = 1 gives no 881/1000, and 2/3 no 857/1000; (36/100)^N fails at N = 1."""
    assert settle(partial(width_one.markov, fmpq(1), width_one.BASE - fmpq(1, 1000))).fails
    assert settle(partial(width_one.markov, width_one.ORDER, width_one.BETTER - fmpq(1, 1000))).fails
    assert settle(lambda: Comparison(width_one.tail(1), "<=", fmpq(36, 100), "base 36/100 at depth 1")).fails


@control
def test_refuted_with_the_next_gamma_function() -> None:
    """Gamma((q + 2)/2) for Gamma((q + 1)/2), which is the moment of order q + 1 over 2^{1/2}: at q = 2 it is not 1."""
    assert settle(lambda: Comparison(width_one.moment(fmpq(2)), ">", fmpq(999, 1000), "E u^2")).holds
    shifted = partial(width_one.moment, fmpq(3))
    verdict = settle(lambda: Comparison(shifted() / arb(2).sqrt(), "<=", fmpq(1), "E u^2 with the next Gamma function"))
    assert verdict.fails


@witness
def test_smallest_parameters() -> None:
    """Width 1: the spread is 3^N, and both fourth moments are one number. Depth 1, width 2: 8 and 6 s^4."""
    assert [depth_and_width.spread(1, depth) for depth in (1, 2, 5)] == [3, 9, 243]
    assert moments.fourth_moments((1, 1, 1)) == (9, 9)
    assert moments.fourth_moments((2, 1)) == (8, 8)
    assert moments.fourth_moments((2, 2)) == (24, 20)
