"""Statement 2: for every K, as identities whose coefficients depend on coincidences of indices only; and in balls.

A form in the entries of A is invariant under permutations of units: the coefficient of A_ij A_kl depends on which of
i, j, k, l are equal, and on which of the columns are beyond the K-th. K = 4 units in R^5 have all such patterns, so an
identity there is one for every K and d.
"""

from functools import cache, partial
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq

from claims.shallow_trajectories.relu_teachers.two_units import above, is_eigenvector
from claims.suite import control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, elementary, settle
from solvers.network import least_pivot
from solvers.shallow import gated_covariance, population_hessian

QUARTER = sympy.Rational(1, 4)


def teachers(units: int, size: int) -> ObjectArray:
    """e_1, ..., e_K in R^d."""
    return arithmetic.exact(np.eye(units, size, dtype=int))


def least_eigenvalue(like: Any = None, *, quarter: Any = None) -> Any:
    """1/4 - 1/2pi."""
    one = arb(1) if like is None else like
    return (one / 4 if quarter is None else quarter) - 1 / (2 * elementary.pi(one))


def top_matrix(units: Any) -> tuple[Any, Any, Any]:
    """[[a, b], [b, c]] = [[(K-1+pi)/2pi, (K-1)^{1/2}/4], [., (pi K + 2)/4pi]] as (a, b, c)."""
    pi = elementary.pi(units)
    return (units - 1 + pi) / (2 * pi), elementary.sqrt(units - 1) / 4, (pi * units + 2) / (4 * pi)


def largest_eigenvalue(units: Any) -> Any:
    """lambda_max: (a + c)/2 + ((a - c)^2/4 + b^2)^{1/2}."""
    a, b, c = top_matrix(units)
    return (a + c) / 2 + elementary.sqrt((a - c) * (a - c) / 4 + b * b)


def excess(like: Any) -> Any:
    """kappa = 1/2pi + pi/(4 (pi - 2))."""
    pi = elementary.pi(like)
    return 1 / (2 * pi) + pi / (4 * (pi - 2))


@cache
def patterns() -> tuple[ObjectArray, ObjectArray]:
    """H at the truth with K = 4, d = 5, in SymPy's numbers, from its blocks M(e_j, e_k) and I/2; and A of symbols."""
    truth = np.array([[sympy.Integer(i == j) for j in range(5)] for i in range(4)])
    symbols = np.array([[sympy.Symbol(f"a{i}{j}") for j in range(5)] for i in range(4)])
    half = np.array(sympy.eye(5).tolist()) / 2
    blocks = [[half if i == j else gated_covariance(truth[i], truth[j]) for j in range(4)] for i in range(4)]
    return np.block(blocks), symbols


def squares(a: ObjectArray, *, least: Any, antisymmetric: int = 1) -> Any:
    """least ||A||^2 + |c|^2/4 + (||O + O^T||^2/2 + (tr A)^2 + ||B||^2)/2pi, as the proof has it."""
    units = len(a)
    first, rest = a[:, :units], a[:, units:]
    off = first - np.diag(first.diagonal())
    symmetric = ((off + antisymmetric * off.T) ** 2).sum() / sympy.Integer(2)
    inside = symmetric + first.trace() ** 2 + (rest**2).sum()
    return least * (a**2).sum() + QUARTER * (a.sum(axis=0) ** 2).sum() + inside / (2 * sympy.pi)


@symbolic
def test_the_form_is_a_sum_of_squares_for_every_k() -> None:
    """<A, H A> = (1/4 - 1/2pi) ||A||^2 + squares; other numbers for 1/4, or O - O^T, are not it."""
    hessian, a = patterns()
    form = sympy.expand(a.ravel() @ hessian @ a.ravel())
    least = least_eigenvalue(sympy.Integer(1))
    assert sympy.expand(form - squares(a, least=least)) == 0
    assert sympy.expand(form - squares(a, least=least, antisymmetric=-1)) != 0
    assert sympy.expand(form - squares(a, least=least + sympy.Rational(1, 100))) != 0


@symbolic
def test_the_kernel_of_the_squares() -> None:
    """O antisymmetric and D = -diag of its column sums: tr A = 0 of itself, K (K-1)/2 numbers; K = 2 to 5."""
    for units in (2, 3, 4, 5):
        upper = {pair: sympy.Symbol(f"o{pair[0]}{pair[1]}") for pair in combinations(range(units), 2)}
        a = sympy.zeros(units, units)
        for (i, j), entry in upper.items():
            a[i, j], a[j, i] = entry, -entry
        for column in range(units):
            a[column, column] = -sum(a[row, column] for row in range(units) if row != column)
        assert sympy.expand(a.trace()) == 0
        assert sympy.expand(squares(np.array(a.tolist()), least=sympy.Integer(0))) == 0
        assert len(upper) == units * (units - 1) // 2


@symbolic
def test_the_largest_eigenvalue_for_every_k() -> None:
    """No entry of H is negative; on p I + q (J - I) it is the 2 x 2 matrix, after scaling by ||J - I||/||I||; on the
    columns beyond the K-th it is I/4 + J/4; and J has more than (K+1)/4, and p q > 0. The first three are linear in K
    and so checked at K = 4 and, in balls, at K = 2 and 3 below."""
    hessian, _ = patterns()
    assert all(sympy.simplify(entry) >= 0 for entry in hessian.ravel())
    p, q, k = sympy.symbols("p q K", positive=True)
    a, b, c = top_matrix(k)
    layer = np.array([[p if i == j else q if j < 4 else 0 for j in range(5)] for i in range(4)])
    image = (hessian @ layer.ravel()).reshape(4, 5)
    assert sympy.expand(image[1, 1] - (a * p + b * sympy.sqrt(k - 1) * q).subs(k, 4)) == 0
    assert sympy.expand(image[0, 1] - (b / sympy.sqrt(k - 1) * p + c * q).subs(k, 4)) == 0
    assert not image[:, 4].any()
    last = hessian.reshape(4, 5, 4, 5)[:, 4, :, 4]
    assert all(sympy.expand(last[i, j] - QUARTER * (1 + (i == j))) == 0 for i in range(4) for j in range(4))
    whole = (a + 2 * b * sympy.sqrt(k - 1) + c * (k - 1)) / k  # <J, H J> / ||J||^2
    assert sympy.simplify(whole - (k + 1) / 4 - (k - 1) / (sympy.pi * k)) == 0


@symbolic
def test_the_excess_over_a_quarter_of_k_is_the_least_for_every_k() -> None:
    """(K/4 + kappa - a)(K/4 + kappa - c) - b^2 has no term in K, and is positive, and so is the second factor: so
    lambda_max < K/4 + kappa for all K >= 1; and the term in K is negative for less than kappa."""
    k, less = sympy.symbols("K less", positive=True)
    a, b, c = top_matrix(k)
    kappa = excess(sympy.Integer(1))
    determinant = sympy.Poly(sympy.expand((k / 4 + kappa - a) * (k / 4 + kappa - c) - b**2), k)
    assert determinant.degree() <= 1
    assert sympy.simplify(determinant.coeff_monomial(k)) == 0
    assert determinant.coeff_monomial(1).evalf() > 0
    assert sympy.simplify(k / 4 + kappa - c - sympy.pi / (4 * (sympy.pi - 2))) == 0
    smaller = kappa - less
    slope = sympy.expand((k / 4 + smaller - a) * (k / 4 + smaller - c) - b**2).coeff(k, 1)
    assert sympy.simplify(slope + less * least_eigenvalue(sympy.Integer(1))) == 0


@exact
@pytest.mark.parametrize(("units", "size"), [(2, 2), (2, 3), (3, 3), (3, 4), (4, 4), (5, 5)])
def test_the_ends_of_the_spectrum(units: int, size: int) -> None:
    """In balls: the antisymmetric directions are eigenvectors, H is above anything less and H - lambda_max below."""
    hessian, near = population_hessian(teachers(units, size), teachers(units, size)), fmpq(1, 2**30)
    for i, j in combinations(range(units), 2):
        move = 0 * teachers(units, size)
        move[i, j], move[j, i], move[j, j], move[i, i] = fmpq(1), fmpq(-1), fmpq(-1), fmpq(1)
        assert is_eigenvector(hessian, least_eigenvalue(), move.ravel())
    assert compare(above(hessian, rounded(least_eigenvalue()) - near)).holds
    assert compare(above(hessian, rounded(least_eigenvalue()) + near)).fails
    top = rounded(largest_eigenvalue(fmpq(units)))
    assert compare(above(-hessian, -top - near)).holds
    assert compare(above(-hessian, -top + near)).fails


def rounded(number: Scalar) -> fmpq:
    """A rational within 2^-40."""
    return arithmetic.rational(float(number))


def below(units: int, thousandths: int = 0) -> Comparison:
    """lambda_max < K/4 + kappa, with so many thousandths less."""
    bound = excess(arb(1)) - fmpq(thousandths, 1000) + fmpq(units, 4)
    return Comparison(largest_eigenvalue(fmpq(units)), "<", bound, f"lambda_max at K = {units}")


@exact
def test_below_a_quarter_of_k_and_kappa() -> None:
    """K = 1 to 300, and 10^3, 10^6, 10^9."""
    assert all(settle(partial(below, k)).holds for k in [*range(1, 301), 10**3, 10**6, 10**9])


@sampled
@pytest.mark.parametrize("units", [7, 10])
def test_turned_teachers_have_the_same_spectrum(units: int) -> None:
    """K = d, teachers turned at random in float64: the least eigenvalue has multiplicity K (K-1)/2, within 2^-30
    by LAPACK; by pivots of balls no eigenvalue is less by 2^-20, K = 7."""
    random, near = np.random.default_rng(units), fmpq(1, 2**30)
    turned = np.linalg.qr(random.standard_normal((units, units)))[0]
    values = np.linalg.eigvalsh(population_hessian(turned, turned))
    multiplicity = units * (units - 1) // 2
    assert compare(Comparison(rational_gap(values[multiplicity - 1]), "<", near, "the last of them")).holds
    assert compare(Comparison(rational_gap(values[multiplicity]), ">", fmpq(1, 10), "the next one")).holds
    if units == 7:
        known = arithmetic.exact(turned)
        bound = rounded(least_eigenvalue()) - fmpq(1, 2**20)
        assert settle(lambda: above(population_hessian(known, known), bound)).holds


def rational_gap(value: float) -> Scalar:
    """From 1/4 - 1/2pi."""
    gap: Scalar = abs(least_eigenvalue() - arithmetic.rational(value))
    return gap


@control
@pytest.mark.parametrize("quarter", [fmpq(24, 100), fmpq(26, 100)])
def test_refuted_with_another_least_eigenvalue(quarter: fmpq) -> None:
    """26/100 for 1/4 is not below the spectrum; 24/100 is no eigenvalue."""
    hessian = population_hessian(teachers(3, 3), teachers(3, 3))
    changed = rounded(least_eigenvalue(quarter=quarter))
    assert compare(above(hessian, changed)).holds == (quarter < fmpq(1, 4))
    move = arithmetic.exact([[0, 1, -1], [-1, 0, 1], [1, -1, 0]]).ravel()
    assert is_eigenvector(hessian, least_eigenvalue(), move)
    assert not is_eigenvector(hessian, least_eigenvalue(quarter=quarter), move)


@control
def test_refuted_with_less_than_kappa() -> None:
    """kappa - 1/1000 fails at K = 10^5 and 10^6, though not at K = 2."""
    for units, fails in ((2, False), (10**5, True), (10**6, True)):
        assert settle(partial(below, units, 1)).fails == fails


@control
def test_refuted_for_one_unit() -> None:
    """K = 1: H = I/2, whose least eigenvalue is not 1/4 - 1/2pi; and [[1/2, 0], [0, .]] has 1/2."""
    hessian = population_hessian(teachers(1, 2), teachers(1, 2))
    assert compare(above(hessian, fmpq(49, 100))).holds
    assert compare(Comparison(largest_eigenvalue(fmpq(1)), "==", fmpq(1, 2), "lambda_max")).fails is False


@witness
def test_two_units_and_a_right_angle() -> None:
    """K = 2: lambda_max = 1/4 + 1/2 + 1/2pi, as 1/2 + (pi - th + sin th)/2pi at th = pi/2."""
    assert (largest_eigenvalue(fmpq(2)) - fmpq(3, 4) - 1 / (2 * arb.pi())).contains(0)
    assert least_pivot(population_hessian(teachers(2, 2), teachers(2, 2))) > 0
