"""Counts of real roots and critical lines against isolated roots; high degrees; means of bounded numbers."""

import pytest
from flint import arb, fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.suite.means import has_mean, mean_bound
from solvers.shallow import (
    HomogeneousPolynomial,
    UncertifiedLandscape,
    certify_landscape,
    count_critical_lines,
    spin_glass,
)
from solvers.shallow.critical_lines import critical_lines
from solvers.shallow.real_roots import real_roots, simple_real_roots


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=9), st.integers(-3, 3), st.integers(0, 2))
def test_sturm_counts_what_flint_isolates_or_does_not_tell(coefficients, root, multiplicity):
    polynomial = fmpz_poly(coefficients) * fmpz_poly([root, 1]) ** multiplicity
    if polynomial == 0:
        return
    count = simple_real_roots(polynomial)
    simple, repeated = real_roots(polynomial)
    assert count in (None, len(simple))
    assert not repeated or count is None


@pytest.mark.parametrize(
    ("coefficients", "expected"),
    [
        ([5], 0),
        ([1, 1], 1),
        ([-1, 0, 1], 2),
        ([1, 1, 1], 0),
        ([1, 2, 1], None),
        ([-6, 11, -6, 1], 3),
        ([2, -1, -2, 1], 3),
    ],
)
def test_sturm_by_hand(coefficients, expected):
    assert simple_real_roots(fmpz_poly(coefficients)) == expected


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([(2, 1), (2, 2), (2, 5), (2, 16), (3, 1), (3, 2), (3, 3), (3, 4), (3, 5)]), st.integers(0, 2**32)
)
def test_counts_are_those_of_isolated_lines(shape, seed):
    polynomial = spin_glass(*shape, seed)
    assert count_critical_lines(polynomial) == critical_lines(polynomial).count


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({(2, 0): 1, (0, 2): 2}, 2),
        ({(3, 0, 0): 1, (0, 3, 0): 1, (0, 0, 3): 1}, 7),
        ({(1, 1, 1): 1}, 7),
        ({(4, 0, 0): 1, (0, 4, 0): 2, (0, 0, 4): 3}, 13),
        ({(0, 0, 1): 1}, 1),
    ],
)
def test_counts_where_the_first_chart_does_not_tell(table, expected):
    assert count_critical_lines(HomogeneousPolynomial(table)) == expected


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({(3, 0): 1, (0, 3): 0}, "degenerate"),
        ({(3, 0): 0, (0, 3): 1}, "degenerate"),
        ({(3, 0, 0): 1}, "infinitely many"),
        ({(2, 0): 1, (0, 2): 1}, "constant"),
        ({(1, 0, 0, 0): 1}, "dimension 4; expected 2 or 3"),
        ({(3, 0): arb(1), (0, 3): 1}, "balls"),
    ],
)
def test_what_cannot_be_counted_is_refused(table, sentence):
    with pytest.raises(UncertifiedLandscape, match=sentence):
        count_critical_lines(HomogeneousPolynomial(table))


def test_lines_that_float64_does_not_find_are_found_with_more_bits():
    """d = 3, p = 8: np.roots takes one root of g_1 for another."""
    landscape = certify_landscape(spin_glass(3, 8, 1))
    assert (landscape.lines, len(landscape.points)) == (19, 38)


def test_a_large_common_factor_does_no_harm():
    """Values scale, points do not."""
    landscape = certify_landscape(HomogeneousPolynomial({(3, 0): 10**400, (0, 3): 2 * 10**400}))
    assert landscape.counts == {"maximum": 3, "minimum": 3}
    assert landscape.points[0].value.overlaps(arb(2 * 10**400))


def test_means_of_bounded_numbers():
    fair = [0, 1] * 1000
    assert has_mean(fair, arb(1) / 2, 1, "coins").holds
    assert has_mean(fair, arb(1) / 2 + mean_bound(fair, 1) * arb("1.001"), 1, "coins").fails
    assert has_mean(fair, arb(1) / 2 - mean_bound(fair, 1) * arb("0.999"), 1, "coins").holds
    n, logarithm = 2000, (arb(4) * 10**9).log()
    variance = arb(n) / (4 * (n - 1))
    assert mean_bound(fair, 3).overlaps((2 * variance * logarithm / n).sqrt() + 7 * logarithm / (n - 1))
    for numbers, length in (([1], 1), ([0, 3], 2)):
        with pytest.raises(ValueError, match="two at least"):
            mean_bound(numbers, length)
