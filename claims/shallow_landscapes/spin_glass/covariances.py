"""Statement 3 and the integrals of statement 4, for every order: covariances by differentiation, means by Kac-Rice."""

from functools import cache
from itertools import product

import sympy

from claims.suite import control, symbolic, witness

P = sympy.Symbol("p", positive=True)
U, V = sympy.symbols("u1:6"), sympy.symbols("v1:6")
POLE = {**dict(zip(U, (1, 0, 0, 0, 0), strict=True)), **dict(zip(V, (1, 0, 0, 0, 0), strict=True))}
TANGENTS = range(1, 5)
Q = sympy.Symbol("Q", positive=True)


def covariance(first: tuple[int, ...], second: tuple[int, ...], degree: sympy.Expr = P) -> sympy.Expr:
    """E d_first f(u) d_second f(v) at u = v = e_1: those derivatives of <u, v>^p."""
    kernel = sum(a * b for a, b in zip(U, V, strict=True)) ** degree
    by = [U[index] for index in first] + [V[index] for index in second]
    return sympy.expand((sympy.diff(kernel, *by) if by else kernel).subs(POLE))


def same(left: sympy.Expr, right: sympy.Expr) -> bool:
    """Whether two expressions in p are equal."""
    return bool(sympy.simplify(sympy.expand(left - right)) == 0)


@symbolic
def test_value_gradient_and_second_derivatives_are_independent_for_every_order() -> None:
    """p symbolic, e_1 and tangents e_2..e_5. Four tangents are all that a covariance names, so this is every d; jointly
    Gaussian numbers without covariance are independent. Second derivatives have p (p-1) (d_ik d_jl + d_il d_jk)."""
    pairs = [(1, 1), (1, 2)]
    assert covariance((), ()) == 1
    assert all(covariance((), (i,)) == 0 for i in TANGENTS[:2])
    assert same(covariance((1,), (1,)), P)
    assert covariance((1,), (2,)) == 0
    assert all(covariance((), pair) == 0 for pair in pairs)
    assert all(covariance((k,), pair) == 0 for k in TANGENTS[:3] for pair in pairs)
    seen = set()
    for i, j in ((1, 1), (2, 2), (1, 2), (2, 3), (3, 4)):
        for k, m in ((1, 1), (1, 2), (3, 4)):
            expected = P * (P - 1) * ((i == k) * (j == m) + (i == m) * (j == k))
            assert same(covariance((i, j), (k, m)), expected)
            seen.add(sympy.cancel(expected / (P * (P - 1))))
    assert seen == {0, 1, 2}  # M: variances 2 on and 1 off the diagonal


def normal_mean(integrand: sympy.Expr, variable: sympy.Symbol, variance: sympy.Expr) -> sympy.Expr:
    """E of a function of a normal number."""
    density = sympy.exp(-(variable**2) / (2 * variance)) / sympy.sqrt(2 * sympy.pi * variance)
    return sympy.integrate(integrand * density, (variable, -sympy.oo, sympy.oo))


def along_the_circle() -> tuple[sympy.Expr, sympy.Expr]:
    """The variance of f'' = (second derivative along the tangent) - p f, and its covariance with f."""
    second, mixed, value = covariance((1, 1), (1, 1)), covariance((1, 1), ()), covariance((), ())
    return sympy.expand(second - 2 * P * mixed + P**2 * value), sympy.expand(mixed - P * value)


@symbolic
def test_the_mean_number_on_the_circle_for_every_order() -> None:
    """2 pi (2 pi p)^{-1/2} E |X| with X of variance 2 p (p-1) + p^2; and by Rice for the circle's own process, whose
    correlation cos^p has the fourth derivative 3 p^2 - 2 p."""
    variance, x, t = sympy.Symbol("V", positive=True), sympy.Symbol("x", real=True), sympy.Symbol("t")
    mean = normal_mean(sympy.Abs(x), x, variance)
    hessian = along_the_circle()[0]
    assert same(hessian, 2 * P * (P - 1) + P**2)
    number = (2 * sympy.pi / sympy.sqrt(2 * sympy.pi * covariance((1,), (1,))) * mean).subs(variance, hessian)
    assert sympy.simplify(number**2 - 4 * (3 * P - 2)) == 0
    even = sympy.series(sympy.exp(P * sympy.series(sympy.log(sympy.cos(t)), t, 0, 6).removeO()), t, 0, 6).removeO()
    second, fourth = (sympy.expand(even).coeff(t, k) * sympy.factorial(k) for k in (2, 4))
    assert same(-second, P)  # zeros of f on half a circle: pi (-r'')^{1/2} / pi = p^{1/2}
    assert same(fourth / -second, 3 * P - 2)


@symbolic
def test_the_share_of_positive_maxima_for_every_order() -> None:
    """In polar coordinates X = R cos(theta - a), Y = R cos(theta), r = cos a: X^+ over Y > 0 is the part 1 + cos a of
    2. The correlation of -f'' with f is p / (p (3p-2))^{1/2}; the share is also (lines + zeros) / (2 lines)."""
    theta, a = sympy.symbols("theta a", positive=True)
    part = sympy.integrate(sympy.cos(theta - a), (theta, a - sympy.pi / 2, sympy.pi / 2))
    whole = sympy.integrate(sympy.cos(theta - a), (theta, a - sympy.pi / 2, a + sympy.pi / 2))
    assert sympy.simplify(part / whole - (1 + sympy.cos(a)) / 2) == 0
    variance, with_value = along_the_circle()
    assert same(-with_value, P)
    correlation = -with_value / sympy.sqrt(variance)
    assert sympy.simplify(correlation**2 - P / (3 * P - 2)) == 0
    lines, zeros = sympy.sqrt(3 * P - 2), sympy.sqrt(P)
    assert sympy.simplify((zeros / lines) ** 2 - correlation**2) == 0
    assert sympy.expand((1 + zeros / lines) / 2 * 2 * lines - (lines + zeros)) == 0


@cache
def below_zero() -> sympy.Expr:
    """E (R - y^2)^+ for y of variance Q and R exponential of mean 2, by R = y^2 + r."""
    y, r = sympy.Symbol("y", real=True), sympy.Symbol("r", positive=True)
    inner = sympy.integrate(r * sympy.exp(-(r + y**2) / 2) / 2, (r, 0, sympy.oo))
    return normal_mean(inner, y, Q)


def sphere_means(degree: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """(E saddles, E sum (-1)^index) at d = 3, by Kac-Rice."""
    factor = 4 * sympy.pi / (2 * sympy.pi * degree) * degree * (degree - 1)
    variance = (2 * degree - 1) / (degree - 1)
    return tuple(sympy.simplify((factor * part).subs(Q, variance)) for part in (below_zero(), Q - 2))


@symbolic
def test_the_mean_numbers_on_the_sphere_for_every_order() -> None:
    """M - x I = [[m + v - x, w], [w, m - v - x]] with m, v, w standard: determinant (m - x)^2 - (v^2 + w^2), variances
    of M 2 and 1. The variance of m - x is 1 + p/(p-1). Poincare-Hopf's 2 comes out of the same integral."""
    m, v, w, x = sympy.symbols("m v w x")
    matrix = sympy.Matrix([[m + v - x, w], [w, m - v - x]])
    assert sympy.expand(matrix.det() - ((m - x) ** 2 - (v**2 + w**2))) == 0
    degree = 1 + sympy.Symbol("n", positive=True)
    assert sympy.simplify(1 + degree / (degree - 1) - (2 * degree - 1) / (degree - 1)) == 0
    saddles, signs = sphere_means(degree)
    assert sympy.simplify(saddles**2 - 16 * (degree - 1) ** 3 / (3 * degree - 2)) == 0
    assert sympy.simplify(signs - 2) == 0
    count = sympy.Symbol("s")  # extrema - saddles = 2, and maxima as many as minima on average
    assert sympy.expand(2 * (1 + count / 2) - count) == 2


@control
def test_refuted_covariances_and_means_with_other_constants() -> None:
    """p = 3: the second derivatives' variance is not that of independent entries of one variance, the sphere's own
    Hessian is not independent of f, and s is not 4 (p-1)^{3/2} (3p-1)^{-1/2} or with (p-1)^{1/2}, (p-1)^2."""
    three = sympy.Integer(3)
    assert covariance((1, 1), (1, 1), three) == 2 * covariance((1, 2), (1, 2), three) != 0
    assert covariance((), (1, 1), three) - three * covariance((), (), three) == -3  # of f with D^2 f - p f
    saddles, _ = sphere_means(three)
    assert sympy.simplify(saddles - 8 * sympy.sqrt(sympy.Rational(2, 7))) == 0
    for power, shift in product((1, 2, 3, 4), (1, 2, 3)):
        claimed = 4 * sympy.Integer(2) ** sympy.Rational(power, 2) / sympy.sqrt(9 - shift)
        assert bool(sympy.simplify(saddles - claimed) == 0) is ((power, shift) == (3, 2))


@witness
def test_order_two_has_no_chance_in_it() -> None:
    """p = 2, eigenvectors of a symmetric matrix: E N = 4 at d = 2 and s = 2, E N = 6 at d = 3, which are N."""
    assert 2 * sympy.sqrt(3 * 2 - 2) == 4
    assert sphere_means(sympy.Integer(2)) == (2, 2)
