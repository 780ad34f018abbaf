"""Powers of balls: they contain the powers of what the balls contain, those about 0 too, of which ** is no number."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from solvers import shallow
from solvers.arithmetic import Comparison, compare, exact, power, settle, whole_power
from solvers.guarantees import residual
from solvers.shallow.sphere import sum_of_powers
from solvers.shallow.wishart import edges


@pytest.mark.parametrize("middle", [0, 1, -1, 3])
@pytest.mark.parametrize("exponent", range(1, 8))
def test_a_power_contains_the_powers(middle, exponent):
    """Of the ends, of 0 and of what lies between; and it is no wider than the powers of |x|."""
    found = whole_power(arb(middle, 1), exponent)
    for k in range(-8, 9):
        assert found.contains(arb(fmpq(8 * middle + k, 8) ** exponent))
    assert found.is_finite()
    assert abs(found).upper() <= arb(abs(middle) + 1) ** exponent * fmpq(1001, 1000)


@pytest.mark.parametrize("exponent", range(1, 8))
def test_rationals_have_the_power_that_they_have(exponent):
    """The same as **, exactly."""
    assert whole_power(fmpq(-3, 7), exponent) == fmpq(-3, 7) ** exponent


@pytest.mark.parametrize("exponent", [0, -1])
def test_other_powers_are_refused(exponent):
    """x^0 and 1/x are no products of x."""
    with pytest.raises(ValueError, match=f"exponent is {exponent}; expected a whole number >= 1"):
        whole_power(arb(2), exponent)


@pytest.mark.parametrize("exponent", [Fraction(1, 2), Fraction(2), Fraction(3, 2), Fraction(5, 3)])
def test_powers_of_what_is_not_negative_are_cut_at_zero(exponent):
    """[-1/4, 1/4] for a number >= 0: from 0 to the power of 1/4."""
    found = power(arb(0, 0.25), exponent)
    assert found.contains(0)
    assert found.contains(power(fmpq(1, 4), exponent))
    assert found.upper() <= power(arb(0.26), exponent)
    assert found.lower() > -(arb(2) ** -20)


def test_the_loss_of_a_filter_as_long_as_the_truth():
    """|w| and |w*| are both the root of 2: the ball of their difference is about 0, and l(w) is decided."""
    one, other = exact([[1, 1]])[0], exact([[1, -1]])[0]

    def below_one():
        return Comparison(shallow.filter_loss(one, other, patches=2), "<", fmpq(2), "l(w)")

    assert settle(below_one).holds


def test_eigenvalues_about_one_bound_the_loss():
    """[[1, e], [e, 1 + e]] for e = 2^-100: no ball of 64 bits tells its eigenvalues from 1."""
    e = fmpq(1, 2**100)
    target = np.array([[1 + 0 * e, e], [e, 1 + e]], dtype=object)
    with ctx.workprec(64):
        bound = residual.loss_bound(target, 2, fmpq(1, 100), 3)
    assert compare(Comparison(bound, "<", fmpq(1, 2**60), "the bound on the loss")).holds


def test_the_edges_where_the_ratio_is_near_one():
    """c = 1 + 2^-200: l_- is at least 0 and tiny."""
    with ctx.workprec(64):
        least, most = edges(1 + fmpq(1, 2**200))
    assert abs(least) < fmpq(1, 2**100)
    assert abs(most - 4) < fmpq(1, 2**50)


def test_forms_of_vectors_with_an_entry_about_zero():
    """(e x + y)^3 for e of a ball about 0: its coefficients are balls about 0, and 1."""
    polynomial = sum_of_powers([1], np.array([[arb(0, 2.0**-60), fmpq(1)]], dtype=object), 3)
    for exponents, coefficient in polynomial.table.items():
        assert abs(coefficient - (exponents == (0, 3))) < fmpq(1, 2**40)
