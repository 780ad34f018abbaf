"""Statement 3, n = 2: no poor minimum for any of the 8 graphs where a b != 0, and one, not strict, where b = 0."""

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_landscapes.matrix_completion.first_basis_vector import identifies_e1
from claims.shallow_landscapes.matrix_completion.identifiability import identifiable
from claims.shallow_landscapes.matrix_completion.poor_minimum import objective
from claims.suite import control, exact, fewer, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import inertia
from solvers.shallow import plane_landscape

A, B = sympy.symbols("a b", real=True, nonzero=True)
X, Y = sympy.symbols("x y", real=True)
PLACES = ((0, 0), (0, 1), (1, 1))
GRAPHS = [tuple(p for k, p in enumerate(PLACES) if bits >> k & 1) for bits in range(8)]
NONZERO = st.sampled_from([fmpq(1), fmpq(-1), fmpq(2), fmpq(-1, 3), fmpq(5, 2)])


def symbolic_f(graph: tuple[tuple[int, int], ...]) -> sympy.Expr:
    """1/4 sum over the observed places, the two off the diagonal together."""
    u, z = (X, Y), (A, B)
    return sum(
        ((1 if i == j else 2) * (u[i] * u[j] - z[i] * z[j]) ** 2 for i, j in graph), start=sympy.Integer(0)
    ) / sympy.Integer(4)


def gradient(f: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    return sympy.diff(f, X), sympy.diff(f, Y)


def at(f: sympy.Expr, x: sympy.Expr, y: sympy.Expr) -> tuple[sympy.Expr, sympy.Matrix]:
    """(f, Hessian), and that the gradient is 0 there."""
    here = {X: x, Y: y}
    assert all(sympy.expand(part.subs(here, simultaneous=True)) == 0 for part in gradient(f))
    return sympy.expand(f.subs(here, simultaneous=True)), sympy.hessian(f, (X, Y)).subs(here, simultaneous=True)


@symbolic
def test_one_row_has_three_critical_points_for_every_a_and_b() -> None:
    """Omega = {11, 12}: f_y = (x y - a b) x. If x = 0 then f_x = -a b y, so y = 0; else x y = a b and f_x =
    (x^2 - a^2) x, so x = +-a. det H is -a^2 b^2 at 0 and 2 a^4 at +-z; the trace at +-z is 3 a^2 + b^2 > 0."""
    f = symbolic_f(((0, 0), (0, 1)))
    fx, fy = gradient(f)
    assert sympy.expand(fy - (X * Y - A * B) * X) == 0
    assert sympy.expand(fx.subs(X, 0) + A * B * Y) == 0
    assert sympy.expand(fx - (X * Y - A * B) * Y - (X**2 - A**2) * X) == 0
    value, hessian = at(f, sympy.Integer(0), sympy.Integer(0))
    assert sympy.expand(hessian.det() + A**2 * B**2) == 0
    assert value.is_positive
    for sign in (1, -1):
        value, hessian = at(f, sign * A, sign * B)
        assert value == 0
        assert sympy.expand(hessian.det() - 2 * A**4) == 0
        assert sympy.expand(hessian.trace() - 3 * A**2 - B**2) == 0


@symbolic
def test_the_other_graphs_have_no_poor_minimum_for_any_a_and_b() -> None:
    """Each gradient as a product, so that all critical points are read off it; where f > 0 a curvature is negative.

    - {}: f = 0.   {11}: f_x = x (x^2 - a^2), f_y = 0; on x = 0 the curvature along x is -a^2.
    - {11, 22}: f_x = x (x^2 - a^2), f_y = y (y^2 - b^2); on x = 0 or y = 0 that curvature is -a^2 or -b^2.
    - {12}: (f_x, f_y) = (x y - a b) (y, x), so f = 0 or u = 0, where det H = -a^2 b^2.
    - all: x f_y - y f_x = -(a x + b y) (b x - a y) = 0. If a x + b y = 0 then x f_x + y f_y = |u|^4, so u = 0, where
      H = -z z^T. Else u = c z, and f_x = c (c^2 - 1) a |z|^2.
    - {22} and {12, 22} are {11} and {11, 12} with the coordinates exchanged.
    """
    fx, fy = gradient(symbolic_f(((0, 0),)))
    assert sympy.expand(fx - X * (X**2 - A**2)) == 0
    assert fy == 0
    assert sympy.diff(fx, X).subs(X, 0) == -(A**2)
    fx, fy = gradient(symbolic_f(((0, 0), (1, 1))))
    assert sympy.expand(fx - X * (X**2 - A**2)) == sympy.expand(fy - Y * (Y**2 - B**2)) == 0
    assert (sympy.diff(fx, X).subs(X, 0), sympy.diff(fy, Y).subs(Y, 0)) == (-(A**2), -(B**2))
    f = symbolic_f(((0, 1),))
    fx, fy = gradient(f)
    assert sympy.expand(fx - (X * Y - A * B) * Y) == sympy.expand(fy - (X * Y - A * B) * X) == 0
    assert sympy.expand(at(f, sympy.Integer(0), sympy.Integer(0))[1].det() + A**2 * B**2) == 0
    f = symbolic_f(PLACES)
    fx, fy = gradient(f)
    assert sympy.expand(X * fy - Y * fx + (A * X + B * Y) * (B * X - A * Y)) == 0
    radial = sympy.expand(X * fx + Y * fy - (X**2 + Y**2) ** 2 + (A * X + B * Y) ** 2)
    assert radial == 0
    c = sympy.Symbol("c", real=True)
    along = fx.subs({X: c * A, Y: c * B}, simultaneous=True)
    assert sympy.expand(along - c * (c**2 - 1) * A * (A**2 + B**2)) == 0
    hessian = at(f, sympy.Integer(0), sympy.Integer(0))[1]
    assert hessian == -sympy.Matrix([[A**2, A * B], [A * B, B**2]])
    swapped = {X: Y, Y: X, A: B, B: A}
    for graph, other in ((((1, 1),), ((0, 0),)), (((0, 1), (1, 1)), ((0, 0), (0, 1)))):
        assert sympy.expand(symbolic_f(graph).subs(swapped, simultaneous=True) - symbolic_f(other)) == 0


@exact
@fewer(6)
@pytest.mark.parametrize("graph", [((0, 0), (0, 1)), ((0, 1), (1, 1))])
@given(NONZERO, NONZERO)
def test_complete_landscapes_of_one_row(graph: tuple[tuple[int, int], ...], a: fmpq, b: fmpq) -> None:
    """All critical points, certified: +-z are the only minima, and 0 is the only other point."""
    f = objective(graph, arithmetic.exact([[a], [b]]))
    assert identifiable(f.linear_map.arrays[0])
    points = plane_landscape(f)
    assert [point.kind for point in points] == ["minimum", "minimum", "saddle"]
    for point in points[:2]:
        sign = 1 if point.point[0, 0] * a > 0 else -1
        assert all(
            box.overlaps(arb(sign * entry)) for box, entry in zip(point.point[:, 0].tolist(), (a, b), strict=True)
        )


@control
@given(NONZERO, st.integers(1, 50), st.sampled_from([1, -1]))
def test_refuted_for_b_zero(a: fmpq, more: int, sign: int) -> None:
    """Omega = {11, 12}, z = (a, 0), which is identifiable: at (0, y), y^2 > a^2, f = a^4 / 4 is least nearby, as

    f(x, y + h) - a^4 / 4 = x^2 (x^2 + 2 (y + h)^2 - 2 a^2) / 4 >= 0 while (y + h)^2 >= a^2;

    the Hessian diag(y^2 - a^2, 0) is psd and f > 0. So "a local minimum has f = 0" fails."""
    f = objective(((0, 0), (0, 1)), arithmetic.exact([[a], [0]]))
    assert identifies_e1(f.linear_map.arrays[0])
    y = sign * (abs(a) + fmpq(more, 10))
    u = arithmetic.exact([[0], [y]])
    assert (f.gradient(u) == 0).all()
    assert (f.hessian(u) == arithmetic.exact([[y**2 - a**2, 0], [0, 0]])).all()
    assert compare(Comparison(f.value(u), "==", fmpq(0), "f at a local minimum")).fails
    assert f.value(u) == a**4 / 4
    for x, h in ((fmpq(1, 10), fmpq(more, 20)), (fmpq(-1, 1000), fmpq(-more, 20))):
        near = arithmetic.exact([[x], [y + h]])
        assert f.value(near) - f.value(u) == x**2 * (x**2 + 2 * (y + h) ** 2 - 2 * a**2) / 4
        assert compare(Comparison(f.value(near), ">=", f.value(u), "f nearby")).holds


@witness
@given(NONZERO)
def test_where_those_minima_begin(a: fmpq) -> None:
    """|y| = |a| is the edge: at (0, a) the curvature is 0 and f is lower nearby, at every distance tried."""
    f = objective(((0, 0), (0, 1)), arithmetic.exact([[a], [0]]))
    u = arithmetic.exact([[0], [a]])
    assert inertia(f.hessian(u)) == (0, 0, 2)
    for t in (fmpq(1, 8), fmpq(1, 10**6)):
        near = arithmetic.exact([[a * t], [a * (1 - t)]])
        assert compare(Comparison(f.value(near), "<", f.value(u), "f nearby")).holds


@witness
def test_there_are_eight_graphs_and_three_identify() -> None:
    """For a b != 0."""
    assert len(set(GRAPHS)) == 8
    f = [objective(graph, arithmetic.exact([[1], [1]])) for graph in GRAPHS]
    assert sum(identifiable(each.linear_map.arrays[0]) for each in f) == 3
    assert np.all([each.value(arithmetic.exact([[1], [1]])) == 0 for each in f])
