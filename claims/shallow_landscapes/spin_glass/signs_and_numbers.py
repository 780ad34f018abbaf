"""Statements 1 and 2: traces, signs at extrema of harmonic polynomials, numbers of points in certified landscapes."""

import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, fewer, symbolic, witness
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare
from solvers.arithmetic import exact as rationals
from solvers.shallow import HomogeneousPolynomial, Landscape, UncertifiedLandscape, certify_landscape, spin_glass
from strategies import unit_vectors

UID = "DL-040"
SEEDS = st.integers(0, 2**32 - 1)


def trace(polynomial: HomogeneousPolynomial, u: ObjectArray) -> Scalar:
    """That of the Riemannian Hessian, by statement 1's formula."""
    p, d = polynomial.degree, polynomial.dimension
    found: Scalar = polynomial.laplacian(u) - polynomial.value(u) * (p * (p + d - 2))
    return found


def most(dimension: int, degree: int) -> int:
    """Statement 2's bound, sum_{k < d} 2 (p-1)^k."""
    return 2 * sum(int((degree - 1) ** k) for k in range(dimension))


def numbers_agree(landscape: Landscape) -> bool:
    """Statement 2 of a complete landscape."""
    d, p, count = landscape.polynomial.dimension, landscape.polynomial.degree, len(landscape.points)
    signs = sum((-1) ** point.index for point in landscape.points)
    modulus = (count - (2 * p if d == 2 else 2)) % 4
    return count <= most(d, p) and signs == 1 - (-1) ** d and modulus == 0


def signs_agree(landscape: Landscape) -> bool:
    """Statement 1: f >= 0 at maxima, f <= 0 at minima; ArithmeticError where balls do not tell."""
    verdicts = [compare(Comparison(point.value, ">", fmpq(0), "f at a maximum")) for point in landscape.maxima]
    verdicts += [compare(Comparison(point.value, "<", fmpq(0), "f at a minimum")) for point in landscape.minima]
    if not verdicts or not all(verdict.holds or verdict.fails for verdict in verdicts):
        raise ArithmeticError("a sign is undecided")
    return all(verdict.holds for verdict in verdicts)


@symbolic
def test_euler_for_every_degree_and_dimension() -> None:
    """Monomials u^a v^b, exponents symbolic: u d_u and u^2 d_u^2 and u v d_u d_v are a, a (a-1), a b times it. Added up
    over all variables, with sum e_i = p: u . Df = p f, u . D^2 f u = (sum e_i)^2 - sum e_i = p (p-1) f. That sum is by
    induction: a further variable e beside a sum s adds 2 s e + e (e-1)."""
    u, v = sympy.symbols("u v", positive=True)
    a, b, p, d, f, laplacian = sympy.symbols("a b p d f L")
    term = u**a * v**b
    assert sympy.simplify(u * sympy.diff(term, u) / term - a) == 0
    assert sympy.simplify(u**2 * sympy.diff(term, u, 2) / term - a * (a - 1)) == 0
    assert sympy.simplify(u * v * sympy.diff(term, u, v) / term - a * b) == 0
    s, e = sympy.symbols("s e")
    assert sympy.expand((s**2 - s) + 2 * s * e + e * (e - 1) - ((s + e) ** 2 - (s + e))) == 0
    assert sympy.expand((laplacian - p * (p - 1) * f) - (d - 1) * p * f - (laplacian - p * (p + d - 2) * f)) == 0


@symbolic
def test_the_bound_for_every_degree() -> None:
    """(1 + q + ... + q^{d-1}) (q - 1) = q^d - 1 by induction, q = p - 1; degrees p and p^2 - p + 1 at d = 2, 3; odd and
    even with p, and odd."""
    p, d = sympy.symbols("p d", integer=True, positive=True)
    q = p - 1
    assert sympy.simplify(sympy.expand((q ** (d + 1) - 1) - (q**d - 1) - q**d * (q - 1))) == 0
    assert sympy.cancel((q**2 - 1) / (p - 2)) == p
    assert sympy.expand(sympy.cancel((q**3 - 1) / (p - 2)) - (p**2 - p + 1)) == 0
    assert (p * (p - 1)).subs(p, 2 * d).is_even
    assert (p * (p - 1)).subs(p, 2 * d + 1).is_even


@exact
@given(st.integers(2, 4).flatmap(unit_vectors), st.integers(2, 5), SEEDS)
def test_the_trace_at_any_point_of_the_sphere(u: ObjectArray, degree: int, seed: int) -> None:
    """As a polynomial identity it holds off the critical points too; d = 2..4, p = 2..5, rational u."""
    polynomial = spin_glass(len(u), degree, seed)
    found = polynomial.riemannian_hessian(u).trace()
    assert compare(Comparison(found, "==", trace(polynomial, u), "trace of the Riemannian Hessian")).holds


def harmonic(dimension: int, degree: int, seed: int) -> HomogeneousPolynomial:
    """A spin glass less its part with |u|^2: any p at d = 2, p <= 3 at d = 3."""
    polynomial = spin_glass(dimension, degree, seed)
    if dimension == 2:
        a, b = list(polynomial.table.values())[:2]
        z = [sympy.binomial(degree, k) * sympy.I**k for k in range(degree + 1)]
        parts = [(int(sympy.re(c)), int(sympy.im(c))) for c in z]
        return HomogeneousPolynomial({(degree - k, k): a * r + b * i for k, (r, i) in enumerate(parts)})
    table = dict(polynomial.table)
    linear = polynomial.laplacian(rationals([[1, 0, 0], [0, 1, 0], [0, 0, 1]])) / (10 if degree == 3 else 18)
    for i, scale in enumerate(linear):  # |u|^2 sum l_i u_i, or at p = 2 the trace over three, from each u_j^2
        for j in range(3):
            exponents = tuple(2 * (k == j) + (degree - 2) * (k == i) for k in range(3))
            table[exponents] = table.get(exponents, fmpq(0)) - scale
    return HomogeneousPolynomial(table)


@exact
@fewer(3)
@given(SEEDS, st.sampled_from([(2, 2), (2, 3), (2, 4), (2, 7), (3, 2), (3, 3)]))
def test_harmonic_polynomials_are_positive_at_maxima(seed: int, shape: tuple[int, int]) -> None:
    """d = 2 and 3, complete landscapes; the Laplacian is 0 as a polynomial."""
    polynomial = harmonic(*shape, seed)
    d = shape[0]
    second = [polynomial.laplacian(rationals([k + 1, *range(d - 1)])) for k in range(5)]
    assert all(value == 0 for value in second)
    assert signs_agree(certify_landscape(polynomial))


@exact
@fewer(2)
@given(SEEDS, st.integers(1, 9))
def test_numbers_on_the_circle(seed: int, degree: int) -> None:
    """p = 1..9: the bound, the sum of signs, N modulo 4; complete landscapes."""
    assert numbers_agree(certify_landscape(spin_glass(2, degree, seed)))


@exact
@fewer(3)
@given(SEEDS, st.integers(1, 5))
def test_numbers_on_the_sphere(seed: int, degree: int) -> None:
    """d = 3, p = 1..5."""
    landscape = certify_landscape(spin_glass(3, degree, seed))
    assert numbers_agree(landscape)
    assert degree != 2 or len(landscape.points) == most(3, 2)


@control
@ablates(UID, "harmonic", "dropped", Fate.REFUTED)
def test_refuted_signs_without_harmonicity() -> None:
    """-(u_1^4 + 2 u_2^4) has maxima, all negative; u_1^3 + u_2^3 a poor one at p odd. The real part of z^3 has not."""
    tables: list[dict[tuple[int, ...], int]] = [{(4, 0): -1, (0, 4): -2}, {(3, 0): 1, (0, 3): 1}]
    for table in tables:
        assert not signs_agree(certify_landscape(HomogeneousPolynomial(table)))
    assert signs_agree(certify_landscape(HomogeneousPolynomial({(3, 0): 1, (1, 2): -3})))


@control
@ablates(UID, "nondegenerate", "dropped", Fate.REFUTED)
def test_refuted_numbers_where_a_point_is_degenerate() -> None:
    """u_1^3 on the circle: critical at +-e_1 and +-e_2 alone, 4 points where 2 modulo 4 are asked for. |u|^4
    has infinitely many."""
    x, y = sympy.symbols("x y", real=True)
    tangent = sympy.Poly(x * sympy.diff(x**3, y) - y * sympy.diff(x**3, x), x, y)
    assert {factor.as_expr() for factor, _ in tangent.factor_list()[1]} == {x, y}
    assert (4 - 2 * 3) % 4 != 0
    degenerate: dict[tuple[int, ...], int] = {(3, 0): 1, (0, 3): 0}
    constant: dict[tuple[int, ...], int] = {(4, 0): 1, (2, 2): 2, (0, 4): 1}
    for table, complaint in ((degenerate, "degenerate"), (constant, "constant")):
        with pytest.raises(UncertifiedLandscape, match=complaint):
            certify_landscape(HomogeneousPolynomial(table))


@control
def test_refuted_that_fewer_points_are_the_most() -> None:
    """3^d - 1 at p = 4 and 2 (2^d - 1) at p = 3 are attained, so no smaller bound is true: one with p-2 for p-1, or d-1
    for d, fails; and the trace with p + d - 1 or p + d - 3 does."""
    for d in (2, 3):
        for p in (3, 4):
            places = [tuple(p * (i == j) for j in range(d)) for i in range(d)]
            count = len(certify_landscape(HomogeneousPolynomial(dict(zip(places, (1, 2, 3), strict=False)))).points)
            assert count == most(d, p)
            assert count > max(most(d, p - 1), most(d - 1, p))
    u, polynomial = rationals([fmpq(3, 5), fmpq(4, 5)]), spin_glass(2, 3, 0)
    found = polynomial.riemannian_hessian(u).trace()
    for wrong in (1, -1):
        claimed = trace(polynomial, u) - polynomial.value(u) * 3 * wrong
        assert compare(Comparison(found, "==", claimed, "trace of the Riemannian Hessian")).fails


@witness
@pytest.mark.parametrize("degree", [1, 2, 3, 5, 14])
def test_every_line_may_be_real_on_the_circle(degree: int) -> None:
    """Re (u_1 + i u_2)^p: 2p points, all values 1 or -1; p = 2: 2d points, always."""
    parts = [int(sympy.re(sympy.binomial(degree, k) * sympy.I**k)) for k in range(degree + 1)]
    landscape = certify_landscape(HomogeneousPolynomial({(degree - k, k): c for k, c in enumerate(parts)}))
    assert len(landscape.points) == most(2, degree) == 2 * degree
    assert all(abs(point.value).overlaps(1) for point in landscape.points)
