"""Statement 4: at delta = 1/2 a second-order critical point that is not the truth, and no local minimum."""

import pytest
import sympy
from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_landscapes.matrix_sensing.isometry import Kind, has_isometry, kind
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import characteristic_polynomial, inertia
from solvers.shallow import FactoredObjective, combination

U = arithmetic.exact([[0], [0], [1]])
Z = arithmetic.exact([[1], [1], [0]])
FIRST, SECOND, ACROSS = U @ U.T, Z @ Z.T / 2, (U @ Z.T + Z @ U.T) / 2


def instance(size: fmpq) -> FactoredObjective:
    """T = id + ``size`` (F_1 <F_2, .> + F_2 <F_1, .> + Y <Y, .>)."""
    zero = fmpq(0)
    coefficients = arithmetic.exact([[zero, size, zero], [size, zero, zero], [zero, zero, size]])
    basis = arithmetic.exact([FIRST.tolist(), SECOND.tolist(), ACROSS.tolist()])
    return FactoredObjective(Z @ Z.T, combination(basis, coefficients, identity=1))


def on_the_curve(t: fmpq) -> ObjectArray:
    """(t, t, 1 - 2 t^2)."""
    curve: ObjectArray = (1 - 2 * t**2) * U + t * Z
    return curve


AT_HALF = instance(fmpq(1, 2))
NEAR = st.integers(1, 200).map(lambda k: fmpq(1, 2**k))


def above_on_the_curve(objective: FactoredObjective, t: fmpq) -> Comparison:
    """What a local minimum at u has for all small t."""
    return Comparison(objective.value(on_the_curve(t)), ">=", objective.value(U), f"f along the curve at {t}")


@symbolic
@ablates("DL-041", "isometry", "delta = 1/2: no poor local minimum", Fate.TRUE)
def test_f_along_the_curve() -> None:
    """3/4 - 3 t^4 + 4 t^8, from the definition."""
    t = sympy.Symbol("t", real=True)
    u, z = sympy.Matrix([0, 0, 1]), sympy.Matrix([1, 1, 0])
    moved = (1 - 2 * t**2) * u + t * z
    first, second, across = u * u.T, z * z.T / 2, (u * z.T + z * u.T) / 2
    residual = moved * moved.T - z * z.T
    with_first, with_second, with_across = ((residual * part).trace() for part in (first, second, across))
    value = (residual**2).trace() + with_first * with_second + with_across**2 / 2
    assert sympy.expand(value / 4 - (sympy.Rational(3, 4) - 3 * t**4 + 4 * t**8)) == 0


@exact
def test_delta_is_one_half_exactly() -> None:
    """On all of Sym(3), and not 1/2 - 1/1000; the F's and Y are orthonormal."""
    assert has_isometry(AT_HALF.linear_map, 3, fmpq(1, 4))
    assert not has_isometry(AT_HALF.linear_map, 3, fmpq(499, 1000) ** 2)
    parts = (FIRST, SECOND, ACROSS)
    assert [[(a * b).sum() for b in parts] for a in parts] == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


@exact
def test_second_order_with_eigenvalues_zero_one_two() -> None:
    """The gradient is 0 and the characteristic polynomial x (x - 1)(x - 2); f = 3/4."""
    assert kind(AT_HALF, U) is Kind.FLAT
    expected = fmpq_poly([0, 1]) * fmpq_poly([-1, 1]) * fmpq_poly([-2, 1])
    assert characteristic_polynomial(AT_HALF.hessian(U)) == expected
    assert AT_HALF.value(U) == fmpq(3, 4)


@control
@ablates("DL-041", "isometry", "delta = 1/2: no poor local minimum", Fate.TRUE)
@given(NEAR)
def test_refuted_that_it_is_a_local_minimum(t: fmpq) -> None:
    """f is lower at every t = 2^-k along the curve, so arbitrarily near to u; by 3 t^4 - 4 t^8."""
    verdict = compare(above_on_the_curve(AT_HALF, t))
    assert verdict.fails
    assert AT_HALF.value(on_the_curve(t)) == fmpq(3, 4) - 3 * t**4 + 4 * t**8


@control
@ablates("DL-041", "isometry", "delta = 1/2: every critical u is strict or the truth", Fate.REFUTED)
def test_refuted_that_every_second_order_point_is_the_truth() -> None:
    """H has no negative eigenvalue at u, and u is neither z nor -z."""
    assert inertia(AT_HALF.hessian(U))[1] == 0
    assert kind(AT_HALF, U) is not Kind.GLOBAL


@control
@pytest.mark.parametrize(("length", "outcome"), [(fmpq(999, 1000), Kind.STRICT), (fmpq(1001, 1000), Kind.POOR)])
def test_refuted_for_another_size_of_the_change(length: fmpq, outcome: Kind) -> None:
    """With 0.999^2 / 2 or 1.001^2 / 2 in place of 1/2 the point is not critical. At 0.999 u or 1.001 u it is, and it is
    strict below 1/2 and has no zero eigenvalue above."""
    objective = instance(length**2 / 2)
    assert kind(objective, U) is Kind.REGULAR
    assert kind(objective, length * U) is outcome


@control
@given(NEAR)
def test_refuted_along_the_straight_line(t: fmpq) -> None:
    """Along u + t z, without the bend, f is higher: it is 4th order, and its sign needs the curve."""
    line = Comparison(AT_HALF.value(U + t * Z), "<", AT_HALF.value(U), f"f along the line at {t}")
    assert compare(line).fails


@witness
def test_the_truth_is_global() -> None:
    """f(z) = 0, and z is another critical point."""
    assert kind(AT_HALF, Z) is Kind.GLOBAL
