"""Statement 3: poor minima at every delta above 1/2, rational ones down to 1/2, and none at or below, in one family."""

from itertools import islice, pairwise

import numpy as np
import pytest
import sympy
from flint import ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_landscapes.matrix_sensing.isometry import Kind, has_isometry, kind
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.shallow import FactoredObjective, from_form, is_strict, nearest_to_identity, plane_critical_points

T, K, U1, U2 = sympy.symbols("t K u_1 u_2", real=True)
Z = arithmetic.exact([[0], [1]])


def value(form: sympy.Matrix, truth: sympy.Matrix) -> sympy.Expr:
    """1/4 <N, T N> for a form of 3 x 3 on (X_11, X_12, X_22), at u = (u_1, u_2)."""
    u = sympy.Matrix([U1, U2])
    residual = u * u.T - truth * truth.T
    x = sympy.Matrix([residual[0, 0], residual[0, 1], residual[1, 1]])
    return sympy.expand((x.T * form * x)[0] / 4)


def spiked(t: fmpq) -> FactoredObjective:
    """T = [[1, t], [t, 1]] on (X_11, X_22), 1 + t on X_12; z = e_2."""
    return FactoredObjective(Z @ Z.T, from_form(arithmetic.exact([[1, 0, t], [0, 2 * (1 + t), 0], [t, 0, 1]])))


def point(root: fmpq) -> ObjectArray:
    """u = (t^{1/2}, 0)."""
    return arithmetic.exact([[root], [0]])


def weighted(k: fmpq) -> FactoredObjective:
    """Weights K : 1 : K on the entries 11, 12, 22 of the all-ones matrix."""
    ones = arithmetic.exact([[1, 1], [1, 1]])
    return FactoredObjective(ones, from_form(arithmetic.exact([[k, 0, 0], [0, 2, 0], [0, 0, k]])))


@symbolic
def test_gradient_hessian_and_value_for_every_t() -> None:
    """At (t^{1/2}, 0): 0, diag(2t, 2t^2 + t - 1) = diag(2t, (2t - 1)(t + 1)), and (1 - t^2)/4."""
    form = sympy.Matrix([[1, 0, T], [0, 2 * (1 + T), 0], [T, 0, 1]])
    f = value(form, sympy.Matrix([0, 1]))
    t = sympy.Symbol("t", positive=True)
    at = {T: t, U1: sympy.sqrt(t), U2: 0}
    assert [sympy.simplify(f.diff(u).subs(at)) for u in (U1, U2)] == [0, 0]
    found = sympy.hessian(f, (U1, U2)).subs(at)
    assert (found - sympy.diag(2 * t, (2 * t - 1) * (t + 1))).expand() == sympy.zeros(2, 2)
    assert sympy.expand((2 * t - 1) * (t + 1) - (2 * t**2 + t - 1)) == 0
    assert sympy.expand(f.subs(at) - (1 - t**2) / 4) == 0


@symbolic
def test_the_weighted_form_and_all_of_its_critical_points() -> None:
    """u_1 f_1 - u_2 f_2 = K (u_1^2 - u_2^2)(u_1^2 + u_2^2 - 1). So u_1 = u_2, which gives 0 and +-z; u_1 = -u_2 with
    u_1^2 = (K - 1)/(K + 1); or |u| = 1 and, u_1 u_2 != 0, (K - 1) u_1 u_2 = -1, where |u_1 u_2| <= 1/2 asks for K >= 3
    (or K <= -1). At u_1 = -u_2 the Hessian has 2 (K - 1) along u and 2K (K - 3)/(K + 1) along z: strict for
    1 < K < 3; K = 3 has delta = 1/2, statement 2's."""
    form = sympy.diag(K, 2, K)
    f = value(form, sympy.Matrix([1, 1]))
    first, second = f.diff(U1), f.diff(U2)
    product = K * (U1**2 - U2**2) * (U1**2 + U2**2 - 1)
    assert sympy.expand(U1 * first - U2 * second - product) == 0
    assert sympy.factor(first.subs(U2, U1)) == sympy.factor((K + 1) * U1 * (U1**2 - 1))
    assert sympy.expand(first.subs(U2, -U1) - U1 * ((K + 1) * U1**2 - (K - 1))) == 0
    circle = first - K * U1 * (U1**2 + U2**2 - 1)
    assert sympy.expand(circle - U2 * (-(K - 1) * U1 * U2 - 1)) == 0
    on_axis = [first.subs({U1: 0, U2: 1}), second.subs({U1: 1, U2: 0})]
    assert on_axis == [-1, -1]  # u_2 = 0 or u_1 = 0 on the circle is not critical
    square = (K - 1) / (K + 1)
    hessian = sympy.hessian(f, (U1, U2)).subs(U2, -U1)
    along = [(v.T * hessian * v)[0] / 2 for v in (sympy.Matrix([1, -1]), sympy.Matrix([1, 1]))]
    values = [sympy.factor(sympy.expand(form).subs(U1**2, square)) for form in along]
    assert values == [sympy.factor(2 * (K - 1)), sympy.factor(2 * K * (K - 3) / (K + 1))]


NEAR_HALF = st.sampled_from([fmpq(12, 17), fmpq(17, 24), fmpq(29, 41), fmpq(70, 99), fmpq(5, 7)])  # r^2 = .498 to .510
ANY = st.integers(1, 40).flatmap(lambda q: st.integers(1, q).map(lambda p: fmpq(2 * p - 1, 2 * q)))
ROOTS = st.one_of(NEAR_HALF, ANY)


@exact
@given(ROOTS)
def test_poor_exactly_above_one_half(root: fmpq) -> None:
    """t = r^2, r any rational in (0, 1): delta is t, no less, and u is poor for t > 1/2 and strict for t < 1/2."""
    t = root**2
    objective = spiked(t)
    assert has_isometry(objective.linear_map, 2, t**2)
    assert not has_isometry(objective.linear_map, 2, t**2 * fmpq(999, 1000))
    assert kind(objective, point(root)) is (Kind.POOR if t > fmpq(1, 2) else Kind.STRICT)
    assert objective.value(point(root)) == (1 - t**2) / 4


def pell() -> list[tuple[int, int]]:
    """(p, q) with 2 p^2 - q^2 = 1, from (5, 7): (p, q) -> (3p + 2q, 4p + 3q)."""
    found = [(5, 7)]
    for _ in range(5):
        p, q = found[-1]
        found.append((3 * p + 2 * q, 4 * p + 3 * q))
    return found


@exact
def test_rational_minima_as_near_to_one_half_as_one_likes() -> None:
    """t = p^2/q^2 = 1/2 + 1/(2 q^2) for the first six solutions after (1, 1): q = 7, 41, 239, 1393, 8119, 47321."""
    solutions = pell()
    assert [q for _, q in solutions] == [7, 41, 239, 1393, 8119, 47321]
    for p, q in solutions:
        assert 2 * p * p - q * q == 1
        t = fmpq(p * p, q * q)
        assert t == fmpq(1, 2) + fmpq(1, 2 * q * q)
        assert kind(spiked(t), point(fmpq(p, q))) is Kind.POOR
    assert all(after[1] > before[1] for before, after in pairwise(islice(solutions, 6)))


@symbolic
def test_the_recurrence_keeps_pells_equation() -> None:
    """2 (3p + 2q)^2 - (4p + 3q)^2 = 2 p^2 - q^2."""
    p, q = sympy.symbols("p q")
    assert sympy.expand(2 * (3 * p + 2 * q) ** 2 - (4 * p + 3 * q) ** 2 - 2 * p**2 + q**2) == 0


NEAR_THREE = st.sampled_from([fmpq(299, 100), fmpq(301, 100), fmpq(99, 100), fmpq(1), fmpq(101, 100)])
OTHERS = st.integers(1, 12).flatmap(lambda q: st.integers(1, 8 * q).map(lambda p: fmpq(p, q))).filter(lambda k: k != 3)
WEIGHTS = st.one_of(NEAR_THREE, OTHERS)


@exact
@given(WEIGHTS)
def test_weights_are_poor_exactly_above_three(k: fmpq) -> None:
    """All critical points, with proof: 9, 5 or 3 of them for K > 3, 1 < K < 3, K <= 1; two are poor, or none is."""
    objective = weighted(k)
    points = plane_critical_points(objective)
    with ctx.workprec(256):
        balls = objective.balls()
        poor = [u for u in points if balls.value(u) > 0 and not is_strict(balls.hessian(u))]
    assert (len(points), len(poor)) == ((9, 2) if k > 3 else (5 if k > 1 else 3, 0))


@exact
@given(ROOTS, st.integers(-9, 9), st.integers(-9, 9))
def test_the_weights_are_the_family_turned(root: fmpq, first: int, second: int) -> None:
    """By 45 degrees and a length of 2^{1/2}: K = (1 + t)/(1 - t), f is 4 / (1 - t) times that of 3 at every point, e_2
    goes to the column of ones, and (r, 0) to r (1, -1)."""
    t, turn = root**2, arithmetic.exact([[1, 1], [-1, 1]])
    turned, u = weighted((1 + t) / (1 - t)), turn @ point(root)
    assert kind(turned, u) is kind(spiked(t), point(root))
    assert (turn @ Z == 1).all()
    for at in (point(root), arithmetic.exact([[first], [second]]) / 4):
        assert turned.value(turn @ at) * (1 - t) == 4 * spiked(t).value(at)


@control
@ablates("DL-041", "isometry", "dropped", Fate.REFUTED)
def test_refuted_at_nine_sixteenths() -> None:
    """diag(9/8, 25/128), f = 175/1024, and nine critical points, two of them poor."""
    objective, u = spiked(fmpq(9, 16)), point(fmpq(3, 4))
    assert objective.hessian(u).tolist() == [[fmpq(9, 8), 0], [0, fmpq(25, 128)]]
    assert compare(Comparison(objective.value(u), "==", fmpq(175, 1024), "f at u")).holds
    assert kind(objective, u) is Kind.POOR
    assert len(plane_critical_points(objective)) == 9


@control
@ablates("DL-041", "isometry", "delta < 1/2 + 10^-9 in place of 1/2", Fate.REFUTED)
def test_refuted_for_a_larger_number_than_one_half() -> None:
    """p/q = 33461/47321: delta = 1/2 + 2.3e-10."""
    p, q = pell()[-1]
    t = fmpq(p * p, q * q)
    assert compare(Comparison(t, "<", fmpq(1, 2) + fmpq(1, 10**9), "delta")).holds
    assert kind(spiked(t), point(fmpq(p, q))) is Kind.POOR


@control
@pytest.mark.parametrize(("k", "outcome"), [(fmpq(25, 7), Kind.POOR), (fmpq(17, 8), Kind.STRICT)])
def test_refuted_that_four_or_two_is_the_threshold_of_the_weights(k: fmpq, outcome: Kind) -> None:
    """25 : 7 : 25 at (3/4, -3/4) is poor below K = 4; 17 : 8 : 17 at (3/5, -3/5) is strict above K = 2."""
    root = {fmpq(25, 7): fmpq(3, 4), fmpq(17, 8): fmpq(3, 5)}[k]
    assert kind(weighted(k), arithmetic.exact([[root], [-root]])) is outcome
    assert (k > 3) is (outcome is Kind.POOR)


@witness
def test_it_is_the_map_nearest_to_the_identity() -> None:
    """delta cannot be less with this u, z and T(N) = (t^2 - 1) F_2."""
    t = fmpq(9, 16)
    objective, u = spiked(t), point(fmpq(3, 4))
    residual = u @ u.T - Z @ Z.T
    found = nearest_to_identity(residual, (t**2 - 1) * Z @ Z.T, elsewhere=1 + t)
    assert found.delta_squared == t**2
    assert (found.linear_map.form(2) == objective.linear_map.form(2)).all()
    assert np.array_equal(found.linear_map(residual), objective.linear_map(residual))


@witness
def test_at_t_one_it_is_a_global_minimum() -> None:
    """delta = 1: T(N) = 0 at u = (1, 0), f = 0."""
    assert kind(spiked(fmpq(1)), point(fmpq(1))) is Kind.GLOBAL
