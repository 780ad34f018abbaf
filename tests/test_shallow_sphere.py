"""Homogeneous polynomials on the sphere: against SymPy's derivatives, closed forms and exact identities; bad input."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from solvers.arithmetic import balls, exact, gamma, nearest
from solvers.shallow import (
    HomogeneousPolynomial,
    all_exponents,
    log_ratio_velocity,
    multinomial,
    polynomial_from_text,
    power_map,
    sphere_flow,
    spin_glass,
    sum_of_powers,
)
from strategies import unit_vectors


@st.composite
def polynomials(draw, dimension=3):
    """Any number of terms, of any degree up to 5, with small rational coefficients."""
    exponents = all_exponents(dimension, draw(st.integers(1, 5)))
    chosen = draw(st.lists(st.sampled_from(exponents), min_size=1, max_size=6, unique=True))
    return HomogeneousPolynomial({e: Fraction(draw(st.integers(-9, 9)), draw(st.integers(1, 4))) for e in chosen})


WHOLE = st.lists(st.integers(-3, 3), min_size=3, max_size=3).map(lambda entries: exact(np.array(entries, dtype=float)))
SYMBOLS = np.array(sympy.symbols("x y z"), dtype=object)


def rational(number):
    """An fmpq as SymPy's rational."""
    return sympy.Rational(int(number.p), int(number.q))


@given(polynomials(), WHOLE)
def test_derivatives_against_sympy(polynomial, point):
    """f, Df and D^2 f as SymPy differentiates sum c_e u^e, in rationals; f is homogeneous, u . Df = p f."""
    terms = (
        rational(c) * sympy.prod(s**e for s, e in zip(SYMBOLS, exponents, strict=True))
        for exponents, c in polynomial.table.items()
    )
    f = sympy.Add(*terms)
    at = dict(zip(SYMBOLS, map(rational, point), strict=True))
    assert rational(polynomial.value(point)) == f.subs(at)
    assert [rational(entry) for entry in polynomial.gradient(point)] == [f.diff(s).subs(at) for s in SYMBOLS]
    hessian = polynomial.hessian(point)
    for i, s in enumerate(SYMBOLS):
        for j, t in enumerate(SYMBOLS):
            assert rational(hessian[i, j]) == f.diff(s, t).subs(at)
    assert point @ polynomial.gradient(point) == polynomial.degree * polynomial.value(point)
    assert polynomial.laplacian(point) == hessian[0, 0] + hessian[1, 1] + hessian[2, 2]
    assert sympy.expand(polynomial.value(SYMBOLS) - f) == 0


@given(polynomials(), unit_vectors(3))
def test_riemannian_derivatives_are_the_projected_ones(polynomial, u):
    """P Df and P (D^2 f - p f I) P with u in their kernel; v^T Hess f v is the second derivative of f along the great
    circle u cos a + v sin a, which is v^T D^2 f v - u . Df for a unit tangent v."""
    p, unit = polynomial.degree, exact(np.eye(3))
    projection = unit - np.outer(u, u)
    gradient, hessian = polynomial.riemannian_gradient(u), polynomial.riemannian_hessian(u)
    assert (gradient == projection @ polynomial.gradient(u)).all()
    plain = polynomial.hessian(u) - unit * p * polynomial.value(u)
    assert (hessian == projection @ plain @ projection).all()
    assert u @ gradient == 0
    assert (hessian @ u == exact(np.zeros(3))).all()
    v = np.array([u[1], -u[0], fmpq(0)], dtype=object)
    square = v @ v
    assert v @ hessian @ v == v @ polynomial.hessian(u) @ v - u @ polynomial.gradient(u) * square


NAMES = ("value", "gradient", "hessian", "riemannian_gradient", "riemannian_hessian")


def rounding_bounds(polynomial, point):
    """For each of NAMES a bound on the rounding of its entries at a float64 point: a term passes through fewer than 100
    roundings (powers, products, sums of at most 21 terms, projections), and gamma_100 times the same sums of absolute
    values bounds what they do (Higham, Section 3.1)."""
    absolute = HomogeneousPolynomial({e: abs(c) for e, c in polynomial.table.items()})
    size, p, unit = np.abs(point), polynomial.degree, np.eye(3)
    value, gradient, hessian = absolute.value(size), absolute.gradient(size), absolute.hessian(size)
    projection = unit + np.outer(size, size)
    found = (
        value,
        gradient,
        hessian,
        gradient + p * value * size,
        projection @ (hessian + p * value * unit) @ projection,
    )
    return [2 * gamma(100) * entry for entry in found]


@given(polynomials(), st.lists(WHOLE, min_size=2, max_size=4))
def test_one_formula_in_every_arithmetic(polynomial, points):
    """A float64 batch within its rounding of the rationals, and balls that hold them."""
    batch = np.stack([nearest(point) for point in points])
    for place, name in enumerate(NAMES):
        found = getattr(polynomial, name)(batch)
        for row, point in zip(found, points, strict=True):
            exactly = np.asarray(getattr(polynomial, name)(point), dtype=object)
            bound = rounding_bounds(polynomial, nearest(point))[place]
            assert (np.abs(row - nearest(exactly)) <= bound).all()
            within = np.asarray(getattr(polynomial, name)(balls(point)), dtype=object)
            with ctx.workprec(400):
                assert all(ball.contains(arb(b)) for ball, b in zip(within.ravel(), exactly.ravel(), strict=True))


@given(st.data(), st.integers(1, 5))
def test_sums_of_powers_are_what_they_say(data, degree):
    """sum lambda_i <a_i, u>^p at a point, for any vectors."""
    rows = data.draw(st.lists(WHOLE, min_size=1, max_size=4))
    scales = data.draw(st.lists(st.fractions(-3, 3, max_denominator=5), min_size=len(rows), max_size=len(rows)))
    point = data.draw(WHOLE)
    terms = (fmpq(s.numerator, s.denominator) * (a @ point) ** degree for s, a in zip(scales, rows, strict=True))
    assert sum_of_powers(scales, np.stack(rows), degree).value(point) == sum(terms, start=fmpq(0))


def test_spin_glasses_have_the_covariance_they_name():
    """E f(u) f(v) = <u, v>^p since Var c_e = multinomial(e): the sum over e exactly, the draws by a chi-square test."""
    for dimension, degree in ((2, 3), (3, 4)):
        u, v = sympy.symbols(f"u:{dimension}"), sympy.symbols(f"v:{dimension}")
        dot = sum(a * b for a, b in zip(u, v, strict=True))
        total = sum(
            multinomial(e) * sympy.prod((a * b) ** k for a, b, k in zip(u, v, e, strict=True))
            for e in all_exponents(dimension, degree)
        )
        assert sympy.expand(total - dot**degree) == 0
    draws = [spin_glass(3, 4, seed).table for seed in range(60)]
    squares = sum(float(c) ** 2 / multinomial(e) for table in draws for e, c in table.items())
    assert 1e-4 < chi2.cdf(squares, 60 * 15) < 1 - 1e-4
    assert spin_glass(3, 4, 7).table == spin_glass(3, 4, np.random.default_rng(7)).table


def test_the_flow_of_a_quadratic_form_has_its_closed_form():
    """f = sum lambda_i u_i^2: u(t) is along (e^{2 lambda_i t} u_i(0)); within the integrator's tolerance."""
    scales, start, times = np.array([1.0, 0.5, -0.25]), np.array([0.2, 1.0, -0.7]), np.array([0.0, 0.5, 2.0])
    found = sphere_flow(sum_of_powers(scales, np.eye(3), 2), start, times=times)
    expected = np.exp(2 * scales * times[:, None]) * start
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.abs(found - expected).max() < 1e-8


@given(unit_vectors(3), st.integers(3, 5))
def test_log_ratios_of_orthogonal_tensors(u, degree):
    """(ln |u_i / u_j|)' = p (lambda_i u_i^{p-2} - lambda_j u_j^{p-2}), and it is that of the flow u' = Df - p f u."""
    scales = [fmpq(1), fmpq(2), fmpq(1, 3)]
    f = sum_of_powers(scales, exact(np.eye(3)), degree)
    expected = degree * (scales[0] * u[0] ** (degree - 2) - scales[1] * u[1] ** (degree - 2))
    velocity = f.riemannian_gradient(u)
    assert log_ratio_velocity(f, u, 0, 1) == expected == velocity[0] / u[0] - velocity[1] / u[1]


def test_the_power_map_of_an_orthogonal_tensor():
    """Df / |Df|: rational where the norm is, a ball where it is not, float64 in a batch; w_i/w_j -> (w_i/w_j)^{p-1}."""
    f = sum_of_powers([1, 1], exact(np.eye(2)), 3)
    u = exact(np.array([3.0, 4.0])) / 5
    image = power_map(f, u)  # along (9, 16)
    assert all(isinstance(entry, arb) for entry in image)
    assert (image[0] / image[1]).contains(arb(9) / 16)
    assert power_map(f, exact(np.array([0.0, 2.0]))).tolist() == [0, 1]
    batch = power_map(f, np.array([[0.6, 0.8], [1.0, 0.0]]))
    assert np.abs(batch - np.array([[9, 16], [np.sqrt(337), 0]]) / np.sqrt(337)).max() < 1e-15
    with pytest.raises(ZeroDivisionError):
        power_map(f, exact(np.zeros(2)))


def test_laplacians_and_power_maps_of_a_stack_are_those_of_its_points():
    """f = x^3 y: 6 x y, and along (3 x^2 y, x^3); float64 points with 0, 1, 2 leading axes, in a shape that is no
    square."""
    f = HomogeneousPolynomial({(3, 1): 1})
    points = np.array([[[1.0, 2.0], [3.0, -1.0], [2.0, 5.0]], [[-1.0, 4.0], [0.5, 0.25], [1.0, 1.0]]])
    x, y = points[..., 0], points[..., 1]
    steepest = np.stack([3 * x**2 * y, x**3], axis=-1)
    steepest /= np.hypot(steepest[..., 0], steepest[..., 1])[..., None]
    for place in [(), (1,), (1, 2)]:
        np.testing.assert_array_equal(f.laplacian(points[place]), 6 * (x * y)[place])
        np.testing.assert_allclose(power_map(f, points[place]), steepest[place], rtol=1e-14)


def test_polynomials_as_text():
    """Exponents and coefficients, by commas or spaces."""
    found = polynomial_from_text("400:4, 301:-12 022:1/3,  040:0.5")
    expected = {(4, 0, 0): fmpq(4), (3, 0, 1): fmpq(-12), (0, 2, 2): fmpq(1, 3), (0, 4, 0): fmpq(1, 2)}
    assert found.table == expected


F = sum_of_powers([1, 1], np.eye(2), 3)
DEGREE = "expected a whole number >= 1"
BAD = {
    "list": (lambda: HomogeneousPolynomial([1]), TypeError, "table is a list; expected a dictionary"),
    "empty": (lambda: HomogeneousPolynomial({}), ValueError, "table is empty; expected at least one term"),
    "key": (lambda: HomogeneousPolynomial({3: 1}), TypeError, "table has the key 3; expected a tuple of whole numbers"),
    "half": (lambda: HomogeneousPolynomial({(1, 0.5): 1}), TypeError, "table has the key (1, 0.5); expected a tuple"),
    "negative": (lambda: HomogeneousPolynomial({(2, -1): 1}), TypeError, "table has the key (2, -1); expected a tuple"),
    "lengths": (lambda: HomogeneousPolynomial({(1,): 1, (1, 0): 1}), ValueError, "exponents (1,) and (1, 0); expected"),
    "degrees": (
        lambda: HomogeneousPolynomial({(1, 0): 1, (1, 1): 1}),
        ValueError,
        "table has the exponents (1, 0) and (1, 1), of degrees 1 and 2; expected one degree >= 1",
    ),
    "constant": (lambda: HomogeneousPolynomial({(0, 0): 1}), ValueError, "degrees 0 and 0; expected one degree"),
    "text": (lambda: HomogeneousPolynomial({(1,): "1"}), TypeError, "coefficient of (1,) is '1'; expected a finite"),
    "nan": (lambda: HomogeneousPolynomial({(1,): np.nan}), TypeError, "coefficient of (1,) is nan; expected a finite"),
    "point list": (lambda: F.value([1.0, 0.0]), TypeError, "point is a list; expected an array of 2 numbers"),
    "point size": (lambda: F.gradient(np.ones(3)), ValueError, "point has shape (3,); expected 2 numbers on the last"),
    "point integers": (lambda: F.hessian(np.ones(2, dtype=int)), TypeError, "point has dtype int64; expected float64"),
    "scalar": (lambda: F.value(np.array(1.0)), ValueError, "point has shape (); expected 2 numbers on the last axis"),
    "no colon": (lambda: polynomial_from_text("400 4"), ValueError, "text has the term '400'; expected exponents"),
    "letters": (lambda: polynomial_from_text("x3:1"), ValueError, "text has the term 'x3:1'; expected exponents"),
    "over zero": (lambda: polynomial_from_text("3:1/0"), ValueError, "text has the term '3:1/0'; expected exponents"),
    "twice": (lambda: polynomial_from_text("30:1, 30:2"), ValueError, "text has the exponents 30 twice; expected each"),
    "no text": (lambda: polynomial_from_text(""), ValueError, "table is empty; expected at least one term"),
    "a number": (lambda: polynomial_from_text(3), TypeError, "text is a int; expected terms such as '30:1, 12:-3'"),
    "vectors": (lambda: sum_of_powers([1], np.ones(2), 3), ValueError, "vectors has shape (2,); expected (r, d)"),
    "scales": (lambda: sum_of_powers([1], np.eye(2), 3), ValueError, "coefficients has 1 entries but there are 2"),
    "power": (lambda: sum_of_powers([1, 1], np.eye(2), 0), ValueError, f"degree is 0; {DEGREE}"),
    "half a power": (lambda: spin_glass(2, 0.5, 0), ValueError, f"degree is 0.5; {DEGREE}"),
    "no dimension": (lambda: spin_glass(0, 2, 0), ValueError, f"dimension is 0; {DEGREE}"),
    "start": (lambda: sphere_flow(F, np.zeros(2), times=[0]), ValueError, "start is zero; expected a direction"),
    "starts": (lambda: sphere_flow(F, np.ones((2, 2)), times=[0]), ValueError, "start has shape (2, 2); expected (2,)"),
    "times": (lambda: sphere_flow(F, np.ones(2), times=[-1.0]), ValueError, "times[0] is -1.0; expected times >= 0"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_name(case):
    """The argument, what was wrong with it, and what would be right."""
    call, error, sentence = BAD[case]
    with pytest.raises(error, match=re.escape(sentence)):
        call()
