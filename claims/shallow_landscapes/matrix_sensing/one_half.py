"""Statement 2: every step of its proof by SymPy, every critical point of generated instances in the plane."""

import numpy as np
import pytest
import sympy
from flint import ctx, fmpq
from hypothesis import given, reject
from hypothesis import strategies as st

import strategies
from claims.shallow_landscapes.matrix_sensing.isometry import Kind, has_isometry, kind
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import frobenius_squared
from solvers.shallow import FactoredObjective, UncertifiedLandscape, from_form, nearest_to_identity
from solvers.shallow.plane_lines import is_strict, plane_critical_points

X, Y, G, DELTA, W, E = sympy.symbols("x y g delta w e", real=True)
HALF = sympy.Rational(1, 2)


def residual_squared(x: sympy.Expr, y: sympy.Expr) -> sympy.Expr:
    """P = (x - y)^2 + 2y + 1."""
    return (x - y) ** 2 + 2 * y + 1


def excess(x: sympy.Expr, y: sympy.Expr, g: sympy.Expr, delta: sympy.Expr) -> sympy.Expr:
    """q = g^2 - 2g + (1 - delta^2) P."""
    return g**2 - 2 * g + (1 - delta**2) * residual_squared(x, y)


def is_nothing(expression: sympy.Expr) -> bool:
    """Whether a rational function is zero."""
    return bool(sympy.expand(sympy.together(expression).as_numer_denom()[0]) == 0)


@symbolic
def test_what_the_isometry_asks_of_a_critical_point() -> None:
    """P = |N|^2, q = |-gF - N|^2 - delta^2 |N|^2, <V, H V> = 1/2 <S, T S> - g and |S|^2 = 2 a^2 for V = e_2."""
    a, b = sympy.symbols("a b", real=True)
    u, z, v = sympy.Matrix([a, 0]), sympy.Matrix([b, 1]), sympy.Matrix([0, 1])
    residual, seen = u * u.T - z * z.T, -G * v * v.T
    norm = (residual * residual).trace()
    assert sympy.expand(norm - residual_squared(a**2, b**2)) == 0
    assert sympy.expand(((seen - residual) ** 2).trace() - DELTA**2 * norm - excess(a**2, b**2, G, DELTA)) == 0
    moved = u * v.T + v * u.T
    assert (moved * moved).trace() == 2 * a**2
    assert (seen * v * v.T).trace() == -G
    assert seen * u == sympy.zeros(2, 1)
    m = sympy.Matrix([[sympy.Symbol("m11"), sympy.Symbol("m12")], [sympy.Symbol("m12"), sympy.Symbol("m22")]])
    assert sympy.solve(list(m * u), [m[0, 0], m[0, 1]], dict=True) == [{m[0, 0]: 0, m[0, 1]: 0}]  # a != 0: m = -gF


@symbolic
def test_u_and_z_parallel_or_u_zero() -> None:
    """u = c z, c != 0: N is a multiple of u u^T, so <N, T N> is one of <T(N) u, u> = 0. u = 0: S = 0 for V = z."""
    c = sympy.Symbol("c", nonzero=True)
    z = sympy.Matrix(sympy.symbols("z:3", real=True))
    u = c * z
    scale = (c**2 - 1) / c**2
    assert (u * u.T - z * z.T - scale * u * u.T).applyfunc(sympy.simplify) == sympy.zeros(3, 3)
    zero = 0 * z
    assert zero * z.T + z * zero.T == sympy.zeros(3, 3)


@symbolic
def test_case_x_at_least_one() -> None:
    """q is a sum of terms >= 0 and 1 - 2 delta^2, which is positive below 2^{-1/2}."""
    parts = (G - 1) ** 2 + (1 - DELTA**2) * ((X - Y - 1) ** 2 + 2 * (X - 1)) + 1 - 2 * DELTA**2
    assert sympy.expand(excess(X, Y, G, DELTA) - parts) == 0
    below = sympy.expand((1 - 2 * DELTA**2).subs(DELTA, HALF - E))  # e = 1/2 - delta in [0, 1/2]
    assert sympy.expand(below - HALF - 2 * E * (1 - E)) == 0


@symbolic
def test_case_x_below_one_and_h_above() -> None:
    """With x = (1 + w) / (1 + delta), w >= 0, what is left is (1 - d - d^2 - d^3 + (1 - d)(2w + w^2)) / (1 + d), and
    1 - d - d^2 - d^3 = 1/8 + e (11/4 - 5e/2 + e^2) for d = 1/2 - e."""
    rest = (1 - DELTA**2) * (1 + X**2) - 1
    parts = (G - 1) ** 2 + (1 - DELTA**2) * (Y**2 + 2 * Y * (1 - X)) + rest
    assert sympy.expand(excess(X, Y, G, DELTA) - parts) == 0
    left = 1 - DELTA - DELTA**2 - DELTA**3
    assert is_nothing(rest.subs(X, (1 + W) / (1 + DELTA)) - (left + (1 - DELTA) * (2 * W + W**2)) / (1 + DELTA))
    assert sympy.expand(left.subs(DELTA, HALF - E) - sympy.Rational(1, 8)) == sympy.expand(
        E * (sympy.Rational(11, 4) - 5 * E / 2 + E**2)
    )
    assert sympy.Rational(11, 4) - 5 * HALF / 2 > 0


@symbolic
def test_case_x_below_one_and_h_at_most_one() -> None:
    """With g = h - w, w >= 0; the last term is that of 2 x^2 - 2x + 1 - delta, of discriminant 8 delta - 4."""
    h = (1 + DELTA) * X
    last = (1 + DELTA) * (2 * (X - HALF) ** 2 + HALF - DELTA)
    parts = (1 - DELTA**2) * (Y**2 + 2 * Y * (1 - X)) + W**2 + 2 * W * (1 - h) + last
    assert sympy.expand(excess(X, Y, h - W, DELTA) - parts) == 0
    assert sympy.expand(last - (1 + DELTA) * (2 * X**2 - 2 * X + 1 - DELTA)) == 0
    assert sympy.expand(sympy.discriminant(2 * X**2 - 2 * X + 1 - DELTA, X) - (8 * DELTA - 4)) == 0


@symbolic
def test_at_one_half_the_compression_is_determined() -> None:
    """x = 1/2, y = 0, g = 3/4: K = T - id on (F_1, F_2, Y) takes N = (1/2, -1, 0) to (-1/2, 1/4, 0), of half its norm,
    and Y, which is S / a, to Y / 2. As |K| <= 1/2, K^2 N = N / 4. K is that of statement 4."""
    entries = sympy.symbols("k:6")
    k = sympy.Matrix(3, 3, lambda i, j: entries[min(i, j) * (5 - min(i, j)) // 2 + max(i, j)])
    residual, image = sympy.Matrix([HALF, -1, 0]), sympy.Matrix([-HALF, HALF / 2, 0])
    assert image.dot(image) == residual.dot(residual) / 4
    assert excess(HALF, 0, sympy.Rational(3, 4), HALF) == 0
    last = sympy.Matrix([0, 0, 1])
    asked = [*(k * residual - image), *(k * image - residual / 4), *(k * last - last / 2)]
    (found,) = sympy.solve(asked, entries, dict=True)
    assert k.subs(found) == sympy.Matrix([[0, HALF, 0], [HALF, 0, 0], [0, 0, HALF]])


def plane_objective(isometry: strategies.NearIsometry, z: tuple[int, int]) -> FactoredObjective:
    """f in the plane for a generated T."""
    column = arithmetic.exact([[z[0]], [z[1]]])
    return FactoredObjective(column @ column.T, isometry.linear_map)


def poor_in_the_plane(objective: FactoredObjective, z: ObjectArray) -> list[ObjectArray]:
    """The critical points other than +-z without a negative eigenvalue, from the complete list, in balls.

    The list's balls are disjoint, so that two of them hold z or -z.
    """
    points = plane_critical_points(objective)
    with ctx.workprec(256):
        true = [any(all((point - sign * z)[i, 0].contains(0) for i in (0, 1)) for sign in (1, -1)) for point in points]
        assert true.count(True) == 2
        others = [point for point, known in zip(points, true, strict=True) if not known]
        return [point for point in others if not is_strict(objective.balls().hessian(point))]


TRUTHS = st.tuples(st.integers(-3, 3), st.integers(1, 3))


@exact
@given(strategies.near_isometries(2, delta=fmpq(49, 100)), TRUTHS)
def test_every_critical_point_in_the_plane_is_strict_but_the_truth(
    isometry: strategies.NearIsometry, z: tuple[int, int]
) -> None:
    """T with eigenvalues from 51/100 to 149/100, turned at random: all critical points of f, with proof."""
    assert has_isometry(isometry.linear_map, 2, isometry.delta**2)
    try:
        assert poor_in_the_plane(plane_objective(isometry, z), arithmetic.exact([[z[0]], [z[1]]])) == []
    except UncertifiedLandscape:  # two critical lines coincide, by chance
        reject()


SMALL = st.sampled_from([fmpq(1, 2), fmpq(1, 3), fmpq(2, 5), fmpq(1, 7), fmpq(1, 50)])
SHIFTS = st.sampled_from([fmpq(0), fmpq(1, 4), fmpq(-1, 5), fmpq(1, 30)])
PULLS = st.sampled_from([fmpq(3, 4), fmpq(1), fmpq(5, 4), fmpq(8, 9)])


def critical_instance(
    basis: ObjectArray, a: fmpq, b: fmpq, g: fmpq, above: fmpq
) -> tuple[FactoredObjective, ObjectArray, fmpq]:
    """u = a q_1, z = b q_1 + q_2 and the T nearest to the identity with T(N) = -g q_2 q_2^T; delta^2.

    Elsewhere T is 1 + ``above``: as much as delta^2 allows, at most.
    """
    first, second = basis[:, :1], basis[:, 1:2]
    u, z = a * first, b * first + second
    residual, image = u @ u.T - z @ z.T, -g * second @ second.T
    delta_squared = nearest_to_identity(residual, image).delta_squared
    shift = above if above**2 <= delta_squared else fmpq(0)
    found = nearest_to_identity(residual, image, elsewhere=1 + shift)
    return FactoredObjective(z @ z.T, found.linear_map), u, found.delta_squared


@exact
@given(st.sampled_from([2, 3]).flatmap(strategies.orthogonal_matrices), SMALL, SHIFTS, PULLS, st.integers(-9, 9))
def test_points_made_critical_are_strict_below_one_half(
    basis: ObjectArray, a: fmpq, b: fmpq, g: fmpq, above: int
) -> None:
    """u critical by construction in R^2 and R^3, with the least delta that allows it: always below 1/2."""
    objective, u, delta_squared = critical_instance(basis, a, b, g, fmpq(above, 20))
    assert compare(Comparison(delta_squared, "<", fmpq(1, 4), "delta^2")).holds
    assert has_isometry(objective.linear_map, len(basis), delta_squared)
    assert kind(objective, u) is Kind.STRICT


@control
@ablates("DL-041", "isometry", "delta < 9/16 + 1/1000 in place of 1/2", Fate.REFUTED)
def test_refuted_at_nine_sixteenths() -> None:
    """The same construction at a = 3/4, b = 0, g = 1 - (9/16)^2: delta = 9/16 exactly, and a poor strict minimum."""
    t = fmpq(9, 16)
    objective, u, delta_squared = critical_instance(arithmetic.exact(np.eye(2)), fmpq(3, 4), fmpq(0), 1 - t**2, t)
    assert delta_squared == t**2
    assert kind(objective, u) is Kind.POOR


@control
@pytest.mark.parametrize("z", [(0, 1), (1, 1), (2, -1)])
def test_refuted_in_the_plane_at_three_quarters(z: tuple[int, int]) -> None:
    """The complete list of critical points holds two poor minima, +-u, at T's delta = 3/4 in the frame of z."""
    t = fmpq(3, 4)
    column = arithmetic.exact([[z[0]], [z[1]]])
    across = arithmetic.exact([[-z[1]], [z[0]]])
    length = frobenius_squared(column)
    image = -(1 - t**2) * column @ column.T / length
    found = nearest_to_identity((t * across @ across.T - column @ column.T) / length, image, elsewhere=1 + t)
    assert found.delta_squared == t**2
    assert len(poor_in_the_plane(FactoredObjective(column @ column.T, found.linear_map), column)) == 2


@control
@ablates("DL-041", "rank 2k", "dropped", Fate.REFUTED)
def test_refuted_with_an_isometry_on_rank_one_only() -> None:
    """T of statement 3 at t = 9/16: <x x^T, T x x^T> = |x|^4 + 4t x_1^2 x_2^2 is in [1, 1 + t] |x|^4. Scaled by
    2 / (2 + t) its delta over rank 1 is t / (2 + t) = 9/41 < 1/2. The minimum stays poor."""
    t = fmpq(9, 16)
    scale = 2 / (2 + t)
    form = scale * arithmetic.exact([[1, 0, t], [0, 2 * (1 + t), 0], [t, 0, 1]])
    x, y = sympy.symbols("x y", real=True)
    seen = sympy.Matrix([x**2, x * y, y**2])
    rational = sympy.Matrix(3, 3, lambda i, j: sympy.Rational(int(form[i, j].p), int(form[i, j].q)))
    value, ratio = (seen.T * rational * seen)[0], sympy.Rational(9, 41)
    square = (x**2 + y**2) ** 2
    assert sympy.expand(value - (1 - ratio) * square - 4 * ratio * 2 * x**2 * y**2) == 0
    assert sympy.expand((1 + ratio) * square - value - 2 * ratio * (x**2 - y**2) ** 2) == 0
    assert compare(Comparison(t / (2 + t), "<", fmpq(1, 4), "delta over rank 1")).holds
    objective = FactoredObjective(arithmetic.exact([[0, 0], [0, 1]]), from_form(form))
    assert kind(objective, arithmetic.exact([[fmpq(3, 4)], [0]])) is Kind.POOR


@control
def test_refuted_that_the_gap_is_positive_beyond_one_half() -> None:
    """q at x = 1/2, y = 0, g = h is (1 + delta)(1/2 - delta): negative at delta = 1/2 + 1/1000."""
    for delta, sign in ((fmpq(499, 1000), 1), (fmpq(501, 1000), -1)):
        value = excess(fmpq(1, 2), fmpq(0), (1 + delta) / 2, delta)
        assert compare(Comparison(sign * value, ">", fmpq(0), "q at delta near 1/2")).holds


@witness
def test_the_zero_target() -> None:
    """z = 0: the only critical point is u = 0 = z, since <u u^T, T u u^T> > 0; f(0) = 0."""
    objective = FactoredObjective(arithmetic.exact([[0, 0], [0, 0]]))
    assert kind(objective, arithmetic.exact([[0], [0]])) is Kind.GLOBAL
    assert kind(objective, arithmetic.exact([[1], [0]])) is Kind.REGULAR


@witness
def test_zero_is_strict_up_to_delta_one() -> None:
    """u = 0 has the curvature -<z z^T, T z z^T>: strict at delta = 9/10, flat where T does not see z z^T at all."""
    z = arithmetic.exact([[1], [0]])
    for seen, expected in ((fmpq(1, 10), Kind.STRICT), (fmpq(0), Kind.GLOBAL)):
        form = arithmetic.exact([[seen, 0, 0], [0, 2, 0], [0, 0, 1]])
        assert kind(FactoredObjective(z @ z.T, from_form(form)), 0 * z) is expected
