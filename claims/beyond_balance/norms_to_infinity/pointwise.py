"""Statement 1: the bound for every matrix of small loss, its proof, and its sharpness."""

import pytest
import sympy
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.beyond_balance.norms_to_infinity import completion
from claims.suite import exact, symbolic, witness
from solvers.arithmetic import Comparison, ObjectArray, compare, settle

G, ROOT = sympy.symbols("g rho", positive=True)
TWICE_LOSS = ROOT * (1 + ROOT)


def difference(least_sum: sympy.Expr) -> sympy.Expr:
    """rho g^4 - (1 - rho)^3 z^2 for z^2 at the least u + v that is possible."""
    return ROOT * G**4 - (1 - ROOT) ** 3 * (TWICE_LOSS - 1 + 2 * G**2 - (least_sum - 1) ** 2)


@symbolic
def test_the_residual_in_the_sum_and_the_product() -> None:
    """z^2 = 2L - (1 - u)^2 - (1 - v)^2 in terms of u + v and g^2 = u v, for all u and v; and 2L = rho (1 + rho)."""
    u, v, value = sympy.symbols("u v L", positive=True)
    rest = (1 - u) ** 2 + (1 - v) ** 2
    assert sympy.expand(rest - (1 - 2 * u * v + (u + v - 1) ** 2)) == 0
    root = (sympy.sqrt(1 + 8 * value) - 1) / 2
    assert sympy.expand(TWICE_LOSS.subs(ROOT, root) - 2 * value) == 0
    assert root.subs(value, sympy.Rational(3, 8)) == sympy.Rational(1, 2)


@symbolic
def test_large_products_for_every_loss() -> None:
    """g >= 1/2, where (u + v - 1)^2 >= (2g - 1)^2: a square times a polynomial whose coefficients are not negative."""
    rest = ROOT * G**2 + 2 * ROOT * (1 - ROOT) * G + (1 - ROOT) ** 2 * (2 + ROOT)
    assert sympy.expand(difference(2 * G) - (G - 1 + ROOT) ** 2 * rest) == 0


@symbolic
def test_small_products_for_every_loss() -> None:
    """g < 1/2, where (u + v - 1)^2 >= 0: with y = g^2 the derivative 2 rho y - 2 (1 - rho)^3 is not positive up to
    y = 1/4 for rho <= 1/2, with t = 1/2 - rho >= 0; at g = 1/2 both cases are one."""
    t = sympy.Symbol("t", nonnegative=True)
    assert sympy.expand((difference(sympy.Integer(1)) - difference(2 * G)).subs(G, sympy.Rational(1, 2))) == 0
    slope = sympy.diff(difference(sympy.Integer(1)).subs(G, sympy.sqrt(sympy.Symbol("y", positive=True))), "y")
    at_end = -slope.subs("y", sympy.Rational(1, 4)).subs(ROOT, sympy.Rational(1, 2) - t)
    assert all(coefficient >= 0 for coefficient in sympy.Poly(sympy.expand(at_end), t).coeffs())


@symbolic
def test_beyond_three_eighths_the_bound_is_false() -> None:
    """At u + v = 1 and u v = (1 - rho)^2 the difference is -(1 - rho)^3 (2 rho - 1)^2, and z^2 > 0 has no real root."""
    found = difference(sympy.Integer(1)).subs(G, 1 - ROOT)
    assert sympy.expand(found + (1 - ROOT) ** 3 * (1 - 2 * ROOT) ** 2) == 0
    squared_entry = TWICE_LOSS - 1 + 2 * (1 - ROOT) ** 2
    assert sympy.discriminant(sympy.expand(squared_entry), ROOT) == -3


@exact
@given(completion.low_losses())
@example(completion.attaining(fmpq(1, 2)))
def test_the_bound(matrix: ObjectArray) -> None:
    """Both lines, for rational W with det W >= 0 and 0 < L <= 3/8."""
    assert completion.determinant(matrix) >= 0
    assert 0 < completion.completion_loss(matrix) <= completion.LARGEST
    verdict = settle(lambda: completion.entry_is_large(matrix))
    assert verdict.holds, verdict
    verdict = compare(completion.near_rank_one(matrix))
    assert verdict.holds, verdict
    assert matrix[1, 1] ** 2 <= 2 * completion.completion_loss(matrix)


@exact
@pytest.mark.parametrize("root", [fmpq(1, 2), fmpq(1, 5), fmpq(1, 10), fmpq(4, 13), fmpq(1, 10**8 + 1)])
def test_the_bound_is_attained(root: fmpq) -> None:
    """At rho with rational (rho - rho^2)^{1/2}: equality in rationals, down to a loss of 5 * 10^-9."""
    matrix = completion.attaining(root)
    assert completion.determinant(matrix) == 0
    assert completion.rho(completion.completion_loss(matrix)) == root
    bound = completion.least_entry(completion.completion_loss(matrix))
    assert compare(Comparison(matrix[0, 0] ** 2, "==", bound**2, "the bound, squared")).holds


@exact
@given(st.integers(2, 400).map(lambda k: fmpq(1, 2) + fmpq(k, 4000)))
def test_beyond_three_eighths_some_entry_is_smaller(root: fmpq) -> None:
    """rho in [0.5005, 0.6]: u, v = 1/2 +- h, u v = (1 - rho)^2, W_11 = u v / z; in squares, which are rational."""
    product = (1 - root) ** 2
    assert 0 < product < fmpq(1, 4)
    squared_last = root * (1 + root) - 1 + 2 * product
    assert compare(Comparison(product**2 / squared_last, "<", (1 - root) ** 3 / root, "W_11^2")).holds


@witness
def test_entries_of_a_small_loss() -> None:
    """rho = 1/10: L = 11/200, W_12 = W_21 = 9/10, W_22 = 3/10 and W_11 = 27/10; times (2L)^{1/2} the entry is between
    1 - 2 rho and 1, so that it behaves as (2L)^{-1/2}."""
    assert completion.attaining(fmpq(1, 10)).tolist() == [[fmpq(27, 10), fmpq(9, 10)], [fmpq(9, 10), fmpq(3, 10)]]
    for power_of_ten in range(2, 12):
        root = fmpq(1, 10**power_of_ten)
        scaled = (1 - root) ** 3 / root * root * (1 + root)
        assert (1 - 2 * root) ** 2 <= scaled < 1
