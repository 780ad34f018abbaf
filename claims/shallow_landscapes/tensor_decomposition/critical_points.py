"""Statements 1, 2 and 3: conditions and Hessian for every order, spectra in rationals, complete lists in the plane and
in space."""

from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
import sympy
from flint import arb, fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, fewer, symbolic, witness
from solvers.arithmetic import Comparison, Scalar, compare, power, settle
from solvers.arithmetic import exact as rationals
from solvers.network.spectrum import characteristic_polynomial, inertia
from solvers.shallow import HomogeneousPolynomial, certify_landscape, sum_of_powers
from strategies import TensorPoint, diagonal, orthogonal_matrices, tensor_points

WEIGHTS = st.sampled_from([fmpq(1), fmpq(2), fmpq(1, 2), fmpq(5, 3), fmpq(1, 4)])
Spectrum = list[tuple[fmpq, int]]


def level(weights: list[fmpq], degree: int, shift: int = 0) -> Scalar:
    """|c| on a support with these lambda_i; ``shift`` falsifies the exponent outside."""
    total = sum((power(weight, Fraction(-2, degree - 2)) for weight in weights), start=fmpq(0))
    return power(total, Fraction(-(degree - 2) + shift, 2))


def spectrum(c: fmpq, size: int, dimension: int, degree: int) -> Spectrum:
    """(eigenvalue, multiplicity) of statement 1."""
    return [(c * (degree * (degree - 2)), size - 1), (c * -degree, dimension - size)]


def index(positive: bool, size: int, dimension: int) -> int:
    """The number of negative eigenvalues."""
    return dimension - size if positive else size - 1


def points(dimension: int, degree: int) -> list[tuple[bool, int, int]]:
    """(whether c > 0, k, how many points) of the list."""
    if degree % 2 == 0:
        return [(True, k, comb(dimension, k) * 2**k) for k in range(1, dimension + 1)]
    return [(positive, k, comb(dimension, k)) for positive in (True, False) for k in range(1, dimension + 1)]


def has_spectrum(point: TensorPoint, expected: Spectrum) -> bool:
    """Whether the Riemannian Hessian has these eigenvalues, and 0 along u."""
    product = fmpq_poly([0, 1])
    for value, multiplicity in expected:
        product *= fmpq_poly([-value, 1]) ** multiplicity
    return bool(characteristic_polynomial(point.polynomial.riemannian_hessian(point.point)) == product)


@symbolic
def test_lagrange_and_hessian_for_every_order_and_dimension() -> None:
    """Coordinate by coordinate, p symbolic: with u_i = (c / lambda)^{1/(p-2)} the i-th of Df - p c u is 0, and that of
    D^2 f - p c is p (p-2) c; D^2 f is diagonal, and at u_i = 0 is 0 for p > 2, which leaves -p c."""
    weight, c, entry = sympy.symbols("lambda c u", positive=True)
    p = sympy.Symbol("m", positive=True) + 2
    term = weight * entry**p
    here = (c / weight) ** (1 / (p - 2))
    first, second = sympy.diff(term, entry) - p * c * entry, sympy.diff(term, entry, 2) - p * c
    assert sympy.simplify(sympy.powsimp(sympy.expand_power_base(first.subs(entry, here), force=True))) == 0
    assert sympy.simplify(sympy.expand_power_base(second.subs(entry, here), force=True) - p * (p - 2) * c) == 0
    assert sympy.limit(sympy.diff(entry**p, entry, 2), entry, 0) == 0
    other = sympy.Symbol("v", positive=True)
    assert sympy.diff(term + weight * other**p, entry, other) == 0
    total = sympy.Symbol("T", positive=True)  # of lambda^{-2/(p-2)}: |u|^2 = c^{2/(p-2)} T = 1
    assert sympy.simplify(sympy.powdenest((total ** (-(p - 2) / 2)) ** (2 / (p - 2)), force=True) * total) == 1


@symbolic
def test_numbers_and_signs_for_every_dimension() -> None:
    """By induction over d. A point of d+1 components has the last one off its support (index + 1 if c > 0), on it
    beside others (index + 1 if c < 0; two signs if p is even), or alone (index d if c > 0, else 0)."""
    d = sympy.Symbol("d", integer=True, positive=True)
    sign = sympy.Integer(-1) ** d
    even, odd = 3**d - 1, 2 * (2**d - 1)
    even_sum, above, below = 1 - sign, -sign, sympy.Integer(1)  # c > 0 and c < 0 at odd p: 1 - sign together
    steps = [
        (even, even + 2 * even + 2),
        (odd, odd + odd + 2),
        (even_sum, -even_sum + 2 * even_sum + 2 * sign),
        (above, -above + above + sign),
        (below, below - below + 1),
    ]
    for closed, step in steps:
        assert sympy.expand(closed.subs(d, d + 1) - step) == 0
    assert [closed.subs(d, 1) for closed, _ in steps] == [2, 2, 2, 1, 1]


@exact
@pytest.mark.parametrize("degree", [3, 4, 5, 6])
@pytest.mark.parametrize("dimension", range(1, 9))
def test_numbers_and_signs_add_up(dimension: int, degree: int) -> None:
    """The list as it is used below, d <= 8: how many, and Poincare-Hopf."""
    found = points(dimension, degree)
    expected = 2 * (2**dimension - 1) if degree % 2 else 3**dimension - 1
    assert sum(many for *_, many in found) == expected
    total = sum(many * (-1) ** index(positive, k, dimension) for positive, k, many in found)
    assert total == 1 - (-1) ** dimension


@exact
@given(tensor_points())
def test_spectrum_and_level_at_points_of_every_kind(point: TensorPoint) -> None:
    """Every support and sign, d <= 4, p = 3..6, any rational basis: gradient 0, charpoly of the Hessian, c."""
    assert not point.polynomial.riemannian_gradient(point.point).any()
    assert has_spectrum(point, spectrum(point.level, len(point.support), point.dimension, point.degree))
    found = level([point.coefficients[i] for i in point.support], point.degree)
    assert compare(Comparison(abs(point.level), "==", found, "|f| at the point")).holds


@exact
@given(tensor_points())
def test_maxima_are_the_components_and_one_more_at_odd_order(point: TensorPoint) -> None:
    """2 and 3: no positive eigenvalue iff k = 1 and c > 0, or k = d and c < 0, which needs odd p; and then d-1 negative
    ones: a strict maximum."""
    positive, negative, _ = inertia(point.polynomial.riemannian_hessian(point.point))
    size, d = len(point.support), point.dimension
    is_maximum = (size == 1 and point.level > 0) or (size == d and point.level < 0)
    assert (positive == 0) is is_maximum
    assert negative == index(point.level > 0, size, d)
    assert point.degree % 2 == 1 or point.level > 0
    assert not is_maximum or negative == d - 1


def listed(weights: list[fmpq], degree: int) -> list[tuple[int, Scalar]]:
    """(index, value) of every point of the list, for these lambda_i."""
    d, found = len(weights), []
    for positive, k, many in points(d, degree):
        for support in combinations(weights, k):
            value = level(list(support), degree) * (1 if positive else -1)
            found += [(index(positive, k, d), value)] * (many // comb(d, k))
    return sorted(found, key=lambda entry: (entry[0], float(arb(entry[1]))))


def agrees_with_the_list(polynomial: HomogeneousPolynomial, expected: list[tuple[int, Scalar]]) -> bool:
    """Whether the complete landscape, certified by resultants and boxes, has these indices, and values to the balls."""
    certified = certify_landscape(polynomial)
    found = sorted(((p.index, p.value) for p in certified.points), key=lambda entry: (entry[0], float(entry[1])))
    return len(found) == len(expected) == 2 * certified.lines and all(
        i == j and abs(arb(w) - v) < arb(2) ** -40 for (i, v), (j, w) in zip(found, expected, strict=True)
    )


@exact
@fewer(5)
@given(st.data(), st.integers(2, 3), st.integers(3, 6))
def test_the_list_is_complete_in_the_plane_and_in_space(data: st.DataObject, dimension: int, degree: int) -> None:
    """d = 2, 3 and p = 3..6, any rational basis: every point there is, found without the list, is on it. Values whose
    balls are 2^-40 apart are told apart; those of one support and other signs are equal."""
    weights = data.draw(st.lists(WEIGHTS, min_size=dimension, max_size=dimension))
    polynomial = sum_of_powers(weights, data.draw(orthogonal_matrices(dimension)), degree)
    assert agrees_with_the_list(polynomial, listed(weights, degree))


@control
@pytest.mark.parametrize("degree", [3, 4, 5])
def test_refuted_spectra_and_levels_with_other_constants(degree: int) -> None:
    """At u = (3, 4, 0) / 5, lambda_i = u_i^{2-p}: p (p-1) c, -(p-1) c, one direction more or less on the support, c
    with another exponent."""
    u = [fmpq(3, 5), fmpq(4, 5), fmpq(0)]
    weights = [entry ** (2 - degree) if entry else fmpq(1) for entry in u]
    identity = diagonal(3, 3, [1, 1, 1])
    polynomial = sum_of_powers(weights, identity, degree)
    point = TensorPoint(polynomial, rationals(u), tuple(weights), identity, (0, 1), fmpq(1))
    true = spectrum(fmpq(1), 2, 3, degree)
    assert has_spectrum(point, true)
    (along, _), (off, _) = true
    assert not has_spectrum(point, [(along + degree, 1), (off, 1)])
    assert not has_spectrum(point, [(along, 1), (off + 1, 1)])
    assert not has_spectrum(point, spectrum(fmpq(1), 1, 3, degree))
    assert not has_spectrum(point, spectrum(fmpq(1), 3, 3, degree))
    on_support = weights[:2]
    assert compare(Comparison(level(on_support, degree), "==", fmpq(1), "c")).holds
    scale = fmpq(2) ** (degree - 2)  # where the sum is not 1 the outer exponent counts
    scaled = [weight * scale for weight in on_support]
    assert compare(Comparison(level(scaled, degree), "==", scale, "c, scaled")).holds
    assert settle(lambda: Comparison(level(scaled, degree, 1), "==", scale, "c, another exponent")).fails


@control
def test_refuted_that_a_point_may_be_missing_or_have_another_index() -> None:
    """lambda = (1, 2, 3): the list with a point less, or with one index changed, does not agree with the landscape."""
    weights = [fmpq(1), fmpq(2), fmpq(3)]
    polynomial = sum_of_powers(weights, diagonal(3, 3, [1, 1, 1]), 4)
    full = listed(weights, 4)
    assert agrees_with_the_list(polynomial, full)
    assert not agrees_with_the_list(polynomial, full[1:])
    assert not agrees_with_the_list(polynomial, [(full[0][0] + 1, full[0][1]), *full[1:]])
    assert not agrees_with_the_list(polynomial, listed([fmpq(1), fmpq(2), fmpq(3001, 1000)], 4))


@witness
def test_in_one_dimension_the_sphere_has_two_points() -> None:
    """d = 1: 2 critical points, index 0 of a space without directions: maxima and minima at once, c = +-lambda."""
    assert [sum(many for *_, many in points(1, degree)) for degree in (3, 4)] == [2, 2]
    assert level([fmpq(5)], 3) == 5
    assert spectrum(fmpq(5), 1, 1, 3) == [(fmpq(15), 0), (fmpq(-15), 0)]
