"""What is false: without the square term, with smaller constants, for entries not normal or not independent; and the
smallest parameters."""

import numpy as np
import pytest
from flint import fmpq

from claims.initialization.random_layers.frequencies import COUNT, GROUPS, balanced_count, groups_that_agree
from claims.initialization.random_layers.moments import moment, third_point_mean
from claims.initialization.random_layers.probabilities import bound, certain_probability
from claims.suite import Fate, ablates, control, witness
from claims.suite.statistics import consistent, gaussian_networks, generator
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import frobenius_squared, imbalances


@control
@pytest.mark.parametrize("dimensions", [(1, 3, 5), (6, 2, 2), (4, 2, 1)])
def test_refuted_without_the_square_term(dimensions: tuple[int, int, int]) -> None:
    """With (d_{j+1} - d_{j-1})^2 d_j left out, both the groups and the exact quadrature say no."""
    before, width, after = dimensions
    agree = groups_that_agree(dimensions, moment(after, width, before, square=0))
    assert consistent(agree, GROUPS, ">=", fmpq(3, 4), f"groups that agree at {dimensions}").fails
    wrong = fmpq(moment(2, 2, 1, square=0))
    assert compare(Comparison(third_point_mean((1, 2, 2)), "==", wrong, "moment at 1-2-2")).fails


@control
def test_refuted_with_constant_one_tenth() -> None:
    """Widths 2-1-2 at delta = 4 s^2: 1 - 16 C / 16 = 9/10, but the probability is 1 - exp(-2) = 0.865."""
    limit = bound((2, 1, 2), fmpq(1), fmpq(16), constant=fmpq(1, 10))
    assert compare(Comparison(certain_probability((2, 1, 2), fmpq(4)), ">=", limit, "constant 1/10")).fails
    found = balanced_count((2, 1, 2), 1.0, 16.0, 10 * COUNT)
    assert consistent(found, 10 * COUNT, ">=", limit, "constant 1/10").fails


@control
def test_refuted_with_constant_one_half() -> None:
    """Widths 1-1-1 at delta = 7/2 s^2: 1 - 2 C / (49/4) = 45/49 = 0.918, but the probability is 0.90."""
    limit = bound((1, 1, 1), fmpq(1), fmpq(49, 4), constant=fmpq(1, 2))
    assert compare(Comparison(certain_probability((1, 1, 1), fmpq(7, 2)), ">=", limit, "constant 1/2")).fails


@control
def test_refuted_with_the_square_of_s() -> None:
    """s^2 in place of s^4: at s = 32, delta = s^2, widths 2-1-2, the bound -159 turns into 1 - 160 / 1024 = 0.84, but
    the probability is 0.39."""
    scale, ratio = fmpq(32), fmpq(1)
    wrong = bound((2, 1, 2), scale, (ratio * scale**2) ** 2, constant=fmpq(10), power=2)
    assert compare(Comparison(certain_probability((2, 1, 2), ratio), ">=", wrong, "with s^2")).fails


@control
@ablates("DL-014", "normal entries", "dropped", Fate.REFUTED)
def test_refuted_for_entries_that_only_share_the_variance() -> None:
    """Entries 0 or +-s/sqrt(q) of probabilities 1 - q, q/2, q/2 at q = 1/20: of widths 1-1-1, |B_1| = s^2/q with
    probability 2 q (1 - q) = 0.095, but the bound at delta just below s^2/q leaves 20 q^2 = 0.05: normality is used."""
    q = fmpq(1, 20)
    not_balanced = 2 * q * (1 - q)
    delta = fmpq(999, 1000) / q
    limit = bound((1, 1, 1), fmpq(1), delta**2, constant=fmpq(10))
    assert compare(Comparison(1 - not_balanced, ">=", limit, "entries of the same variance")).fails


@control
@ablates("DL-014", "independent entries", "dropped", Fate.REFUTED)
def test_refuted_for_entries_that_are_equal_within_a_layer() -> None:
    """Normal entries, all u in W_1 and all v in W_2, widths d-d-d at d = 100: B_1 is d (v^2 - u^2) times the matrix of
    ones, and v^2 - u^2 = 2 u' v' with u', v' normal and independent; at delta = s^2 d^2 the bound is 4/5, but
    P(|v^2 - u^2| <= 1) is 0.6."""
    width = 100
    limit = bound((width,) * 3, fmpq(1), fmpq(width) ** 4, constant=fmpq(10))
    assert limit == fmpq(4, 5)
    small = arithmetic.exact(np.ones((3, 3)))
    (imbalance,) = imbalances((2 * small, 5 * small))
    assert frobenius_squared(imbalance) == (3 * 3 * (5**2 - 2**2)) ** 2
    verdict = compare(Comparison(certain_probability((1, 1, 1), fmpq(1)), ">=", limit, "entries equal within a layer"))
    assert verdict.fails, verdict


@witness
def test_smallest_parameters() -> None:
    """Depth 1 has no imbalance and the bound is below 1; at depth 2 and width 1 the expectation is 4 s^4, that of
    statement 3 with equality; the bound says something from delta^2 = 20 s^4 on."""
    assert imbalances(gaussian_networks((2, 3), 1.0, 1, generator("depth one"))) == ()
    assert bound((2, 3), fmpq(1), fmpq(1), constant=fmpq(10)) < 1
    assert third_point_mean((1, 1, 1)) == moment(1, 1, 1) == 2 * 1 * 2 == 4
    assert bound((1, 1, 1), fmpq(1), fmpq(20), constant=fmpq(10)) == 0
