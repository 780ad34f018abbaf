"""Statement 5, and what is left of 1-3 without each of their hypotheses."""

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_landscapes.tensor_decomposition.critical_points import has_spectrum, level, spectrum
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.arithmetic import exact as rationals
from solvers.network import inertia
from solvers.shallow import HomogeneousPolynomial, UncertifiedLandscape, certify_landscape, sum_of_powers
from strategies import TensorPoint, diagonal, orthogonal_matrices, unit_vectors

UID = "DL-037"
HALF = fmpq(1, 2)
TANGENTS = [fmpq(*t) for t in ((1, 9), (3, 11), (4, 15), (11, 41), (15, 56), (2, 5), (1, 2), (9, 10))]
E_1, E_2 = rationals([1, 0]), rationals([0, 1])


def is_local_maximum(polynomial: HomogeneousPolynomial, u: ObjectArray) -> bool:
    """Whether u is critical, and the Riemannian Hessian negative on the tangent space (True), or positive somewhere."""
    assert not polynomial.riemannian_gradient(u).any()
    positive, negative, _ = inertia(polynomial.riemannian_hessian(u))
    assert positive > 0 or negative == len(u) - 1
    return bool(positive == 0)


def pair(tangent: fmpq) -> tuple[HomogeneousPolynomial, fmpq]:
    """<a_1, u>^4 + <a_2, u>^4 with a_1, a_2 = (cos, +-sin) of an angle whose half has this tangent; and <a_1, a_2>."""
    c, s = (1 - tangent**2) / (1 + tangent**2), 2 * tangent / (1 + tangent**2)
    return sum_of_powers([1, 1], rationals([[c, s], [c, -s]]), 4), c * c - s * s


def pairs_of_maxima(tangent: fmpq) -> int:
    """Of the complete landscape."""
    return len(certify_landscape(pair(tangent)[0]).maxima) // 2


def two_pairs(cosine: fmpq, bound: fmpq = HALF) -> bool:
    """Statement 5's condition."""
    return compare(Comparison(abs(cosine), "<", bound, "|<a_1, a_2>| < 1/2")).holds


@symbolic
def test_two_fourth_powers_for_every_angle() -> None:
    """Components (c, +-s) and u = (x, y): the value as a polynomial in x^2 - y^2 = cos(2 theta) and C = c^2 - s^2,
    where both are unit vectors; its derivative by the first, and where that vanishes inside (-1, 1)."""
    x, y, c, s, first, cosine = sympy.symbols("x y c s S C")
    value = (c * x + s * y) ** 4 + (c * x - s * y) ** 4
    one, other = x**2 + y**2, c**2 + s**2
    closed = sympy.Rational(3, 4) + first * cosine + (2 * first**2 - 1) * (2 * cosine**2 - 1) / 4
    scaled = one**2 * other**2 * closed.subs({first: (x**2 - y**2) / one, cosine: (c**2 - s**2) / other})
    assert sympy.expand(value - sympy.cancel(scaled)) == 0
    assert sympy.expand(sympy.diff(closed, first) - (cosine + first * (2 * cosine**2 - 1))) == 0
    assert sympy.expand((1 - 2 * c**2) - c - (1 - 2 * c) * (1 + c)) == 0  # |C| < 1 - 2 C^2 iff |C| < 1/2
    assert sympy.expand((2 * c**2 - 1) - c - (2 * c + 1) * (c - 1)) == 0  # |C| < 2 C^2 - 1 iff |C| > 1


@symbolic
def test_three_fourth_powers_at_sixty_degrees_are_constant() -> None:
    """9/8 at every angle."""
    theta = sympy.Symbol("theta", real=True)
    value = sum(sympy.cos(theta - k * sympy.pi / 3) ** 4 for k in range(3))
    assert sympy.simplify(sympy.expand_trig(value) - sympy.Rational(9, 8)) == 0


@exact
@pytest.mark.parametrize("tangent", TANGENTS)
def test_two_pairs_of_maxima_below_a_half_alone(tangent: fmpq) -> None:
    """The complete landscape on the circle; 3/11, 11/41 and 4/15, 15/56 are convergents of 2 - 3^{1/2}, the tangent of
    15 degrees, from above and below: |<a_1, a_2>| = 0.4989 and 0.5003 are among them."""
    cosine = pair(tangent)[1]
    assert pairs_of_maxima(tangent) == (2 if two_pairs(cosine) else 1)
    if not two_pairs(cosine):
        (first, _) = certify_landscape(pair(tangent)[0]).maxima
        bisector = first.point[1 if cosine > 0 else 0]
        assert abs(bisector) < arb(2) ** -40


@exact
@given(unit_vectors(2))
def test_a_component_is_critical_only_if_the_other_is_orthogonal_or_parallel(other: ObjectArray) -> None:
    """a_1 = e_1 and any rational unit a_2, neither entry 0."""
    polynomial = sum_of_powers([1, 1], rationals([E_1, other]), 4)
    assert polynomial.riemannian_gradient(E_1).any()


@exact
@given(st.data(), st.integers(2, 4), st.integers(3, 6))
def test_with_fewer_components_there_is_a_flat_critical_point(data: st.DataObject, dimension: int, degree: int) -> None:
    """r = 1 to d-1 components of a rational basis, p = 3..6, at a vector left out: f = 0, gradient and Hessian 0."""
    r = data.draw(st.integers(1, dimension - 1))
    basis = data.draw(orthogonal_matrices(dimension))
    polynomial = sum_of_powers([1] * r, basis[1 : r + 1], degree)
    u = basis[0]
    assert polynomial.value(u) == 0
    assert not polynomial.riemannian_gradient(u).any()
    assert not polynomial.riemannian_hessian(u).any()
    near, other = ((u + sign * basis[1] / 1000) for sign in (1, -1))
    assert polynomial.value(near) > 0
    assert (polynomial.value(other) > 0) is (degree % 2 == 0)


@control
@ablates(UID, "even order", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("dimension", [4, 9])
def test_refuted_that_all_maxima_of_odd_order_are_global(dimension: int) -> None:
    """p = 3, lambda = 1, u = -(1, ..., 1) / d^{1/2}: a strict maximum with f = -d^{-1/2}, where e_1 has 1."""
    root = {4: 2, 9: 3}[dimension]
    polynomial = sum_of_powers([1] * dimension, diagonal(dimension, dimension, [1] * dimension), 3)
    u = rationals([fmpq(-1, root)] * dimension)
    assert is_local_maximum(polynomial, u)
    value = polynomial.value(u)
    assert compare(Comparison(value, "==", -level([fmpq(1)] * dimension, 3), "f")).holds
    assert value == fmpq(-1, root)


@control
@ablates(UID, "equal weights", "dropped", Fate.REFUTED)
def test_refuted_that_all_maxima_are_global_for_other_weights() -> None:
    """p = 4, lambda = (1, 1/2): e_2 is a strict maximum, of half the value of e_1."""
    polynomial = sum_of_powers([1, fmpq(1, 2)], diagonal(2, 2, [1, 1]), 4)
    assert is_local_maximum(polynomial, E_1)
    assert is_local_maximum(polynomial, E_2)
    assert compare(Comparison(polynomial.value(E_2), ">=", polynomial.value(E_1), "global")).fails


@control
@ablates(UID, "complete", "dropped", Fate.REFUTED)
def test_refuted_that_every_other_point_is_strict_with_fewer_components() -> None:
    """u_1^4 in R^2: e_2 is no maximum, and its Hessian is 0; nor has it the eigenvalue -p c of a nonzero c."""
    polynomial = HomogeneousPolynomial({(4, 0): 1, (0, 4): 0})
    assert not polynomial.riemannian_gradient(E_2).any()
    assert inertia(polynomial.riemannian_hessian(E_2)) == (0, 0, 2)
    with pytest.raises(UncertifiedLandscape, match="degenerate"):
        certify_landscape(polynomial)


@control
@ablates(UID, "orthogonal", "dropped", Fate.REFUTED)
def test_refuted_that_maxima_are_the_components_where_they_are_not_orthogonal() -> None:
    """a = (12, +-5) / 13: one pair of maxima, e_1 in the middle. a_1 = e_1, a_2 = (3, 4) / 5: e_1 is not critical."""
    tangent = fmpq(1, 5)
    polynomial, cosine = pair(tangent)
    assert cosine == fmpq(119, 169)
    assert not two_pairs(cosine)
    assert pairs_of_maxima(tangent) == 1
    assert is_local_maximum(polynomial, E_1)
    assert polynomial.riemannian_gradient(rationals([fmpq(12, 13), fmpq(5, 13)])).any()
    other = sum_of_powers([1, 1], rationals([E_1, [fmpq(3, 5), fmpq(4, 5)]]), 4)
    assert other.riemannian_gradient(E_1).any()


@control
@ablates(UID, "positive", "dropped", Fate.REFUTED)
def test_refuted_that_components_are_maxima_where_a_weight_is_negative() -> None:
    """u_1^4 - u_2^4: e_2 is a minimum. At odd p a negative weight only turns a_i into -a_i."""
    polynomial = sum_of_powers([1, -1], diagonal(2, 2, [1, 1]), 4)
    assert is_local_maximum(polynomial, E_1)
    assert not is_local_maximum(polynomial, E_2)
    assert is_local_maximum(sum_of_powers([1, -1], diagonal(2, 2, [1, 1]), 3), -E_2)


@control
@ablates(UID, "order three", "dropped", Fate.REFUTED)
def test_refuted_that_components_are_maxima_at_order_two() -> None:
    """2 u_1^2 + u_2^2: e_2 is critical and no maximum; its Hessian 2 (2 - 1) is not -p c."""
    weights, identity = (fmpq(2), fmpq(1)), diagonal(2, 2, [1, 1])
    polynomial = sum_of_powers(weights, identity, 2)
    assert not is_local_maximum(polynomial, E_2)
    point = TensorPoint(polynomial, E_2, weights, identity, (1,), fmpq(1))
    assert not has_spectrum(point, spectrum(fmpq(1), 1, 2, 2))


@control
@pytest.mark.parametrize(("bound", "tangent"), [(fmpq(501, 1000), fmpq(15, 56)), (fmpq(498, 1000), fmpq(11, 41))])
def test_refuted_that_the_bound_is_not_a_half(bound: fmpq, tangent: fmpq) -> None:
    """Larger: 15/56 has |<a_1, a_2>| in [1/2, 0.501) and one pair. Smaller: 11/41 is in [0.498, 1/2), with two."""
    cosine = pair(tangent)[1]
    assert two_pairs(cosine, bound) is not two_pairs(cosine)
    assert pairs_of_maxima(tangent) == (2 if two_pairs(cosine) else 1)


@witness
def test_at_a_half_itself_the_one_pair_is_degenerate() -> None:
    """a = (3^{1/2}, +-1) / 2: f = 9/8 u_1^4 + 9/4 u_1^2 u_2^2 + 1/8 u_2^4, which on the circle is 9/8 - u_2^4: largest
    at +-e_1 alone, where the Hessian is 0."""
    x, y = sympy.symbols("x y", real=True)
    c, s = sympy.sqrt(3) / 2, sympy.Rational(1, 2)
    value = sympy.expand((c * x + s * y) ** 4 + (c * x - s * y) ** 4)
    v = sympy.Symbol("v", positive=True)
    on_circle = sympy.expand(value.subs({y: sympy.sqrt(v), x: sympy.sqrt(1 - v)}))
    assert sympy.expand(on_circle - (sympy.Rational(9, 8) - v**2)) == 0
    coefficients: dict[tuple[int, ...], fmpq] = {(4, 0): fmpq(9, 8), (2, 2): fmpq(9, 4), (0, 4): fmpq(1, 8)}
    assert sympy.Poly(value, x, y).as_dict() == {e: sympy.Rational(int(q.p), int(q.q)) for e, q in coefficients.items()}
    polynomial = HomogeneousPolynomial(coefficients)
    assert inertia(polynomial.riemannian_hessian(E_1)) == (0, 0, 2)
    assert polynomial.value(E_1) == fmpq(9, 8)
    assert c**2 - s**2 == sympy.Rational(1, 2)
    assert not two_pairs(HALF)
