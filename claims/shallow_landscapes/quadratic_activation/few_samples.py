"""Statement 5 in rationals: generic C by Groebner bases, every C by an explicit direction, and its sharpness."""

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact
from claims.suite.statistics import generator
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import frobenius_squared, inertia, null_space, sigma_min_at_most
from solvers.shallow import ConvexObjective, sampled_objective, tilted
from strategies import QuadraticPoint, quadratic_points


def downward(factor: ObjectArray, vectors: ObjectArray, v: ObjectArray) -> ObjectArray | None:
    """V = v c^T + W B, c != 0, B symmetric, with x_l^T (W V^T + V W^T) x_l = 0 for all l; None where there is none."""
    k = factor.shape[1]
    rows, columns = np.triu_indices(k)
    seen, along = vectors @ factor, vectors @ v  # y_l and x_l . v
    quadratic = np.where(rows == columns, 1, 2) * seen[:, rows] * seen[:, columns]
    kernel = null_space(np.hstack([along * seen, quadratic]))
    for column in kernel.T:
        if any(entry != 0 for entry in column[:k]):
            bend = arithmetic.exact(np.zeros((k, k)))
            bend[rows, columns] = bend[columns, rows] = column[k:]
            direction: ObjectArray = v @ column[None, :k] + factor @ bend
            return direction
    return None


FEW = st.tuples(st.integers(1, 3), st.integers(1, 2)).flatmap(
    lambda sizes: st.integers(1, 2 * sizes[0] - 1).flatmap(
        lambda n: quadratic_points(size=sum(sizes), positive=sizes[0], rank=sizes[0], samples=n)
    )
)
"""d = k + 1 or k + 2, rank W = k, n < 2k."""


@exact
@given(FEW)
def test_with_fewer_than_2k_samples_what_is_not_global_has_a_way_down(point: QuadraticPoint) -> None:
    """5, every C: k <= 3, any data and losses; C is tilted so that v^T G v < 0. <V, H V> = 2 |c|^2 v^T G v, c != 0."""
    v = point.basis[:, [point.rank]]
    objective = tilted(point.outer, -2 * v @ v.T)
    assert all(entry == 0 for entry in objective.gradient(point.factor).ravel())
    direction = downward(point.factor, point.vectors, v)
    assert direction is not None
    c = v.T @ direction
    form = objective.hessian_form(point.factor, direction)
    expected = 2 * (point.slopes[0] - 2) * frobenius_squared(c)
    assert compare(Comparison(form, "==", expected, "curvature along V")).holds
    assert compare(Comparison(form, "<", fmpq(0), "curvature along V")).holds


def pairs(k: int) -> ObjectArray:
    """x = e_i + e_{k+1} and e_i - e_{k+1}, 2k rows."""
    units = np.eye(k + 1)
    return arithmetic.exact(np.vstack([units[:k] + units[k], units[:k] - units[k]]))


def two_each(k: int, g: fmpq, *, ridge: bool) -> ConvexObjective:
    """5, sharp, at q = 1: squared losses and C = c I with (k - 1) c = g, or C = -g e_{k+1} e_{k+1}^T."""
    c = g / (k - 1) if ridge else fmpq(0)
    vectors, y = pairs(k), 1 + c / 2
    count = len(vectors)
    objective = sampled_objective(
        vectors, lambda u: (u - y) ** 2 * count / 2, lambda u: (u - y) * count, lambda u: u * 0 + count, ridge=c
    )
    last = arithmetic.exact(np.diag([0.0] * k + [1.0]))
    return objective if ridge else tilted(objective, -g * last)


def frame(k: int) -> ObjectArray:
    """w_i = e_i, z = 0."""
    return arithmetic.exact(np.eye(k + 1, k))


def far(k: int) -> ObjectArray:
    """w_i = 0, |z| = 1."""
    result: ObjectArray = 0 * frame(k)
    result[k, 0] = fmpq(1)
    return result


def near(k: int, g: fmpq, move: ObjectArray) -> Comparison | None:
    """L(W + V) >= L(W), where 4 sigma_min(w_i)^2 >= g; None where that is not so."""
    objective, here = two_each(k, g, ridge=k > 1), frame(k)
    moved = here + move
    if sigma_min_at_most(moved[:k], g / 4):
        return None
    return Comparison(objective.value(moved), ">=", objective.value(here), "L nearby")


def is_poor(k: int, g: fmpq, *, ridge: bool) -> bool:
    """Critical, no negative eigenvalue, 4 sigma_min^2 > g, so that L is nowhere lower near it, but it is at `far`."""
    objective, here = two_each(k, g, ridge=ridge), frame(k)
    assert all(entry == 0 for entry in objective.gradient(here).ravel())
    lower = objective.value(far(k)) - objective.value(here)
    assert lower == -g
    nowhere_lower = not sigma_min_at_most(here[:k], g / 4)
    assert nowhere_lower == (inertia(objective.hessian(here))[1] == 0)  # but for g = 4, where this decides nothing
    return nowhere_lower and bool(lower < 0)


KINDS = [(k, ridge) for k in (1, 2, 3, 4) for ridge in (False, True) if k > 1 or not ridge]


@exact
@pytest.mark.parametrize(("k", "ridge"), KINDS)
def test_with_2k_samples_there_are_poor_local_minima(k: int, ridge: bool) -> None:
    """5, sharp: for 0 < g < 4, C = c I or not; at g < 0 L is not lower, at g > 4 there is a way down; and no V of the
    proof for n < 2k exists."""
    for g in (fmpq(1, 1000), fmpq(3), fmpq(3999, 1000)):
        assert is_poor(k, g, ridge=ridge)
    assert not is_poor(k, fmpq(4001, 1000), ridge=ridge)
    assert not is_poor(k, fmpq(-1, 1000), ridge=ridge)
    last = arithmetic.exact(np.eye(k + 1))[:, [k]]
    assert downward(frame(k), pairs(k), last) is None
    assert downward(frame(k), pairs(k)[1:], last) is not None


@exact
@given(st.integers(1, 3), st.sampled_from([fmpq(1), fmpq(3)]), st.data())
def test_nowhere_lower_near_by(k: int, g: fmpq, data: st.DataObject) -> None:
    """5, sharp: for V with entries up to 1/32, rows w_i along which the Hessian is 0 included."""
    entries = st.lists(st.integers(-16, 16), min_size=k * (k + 1), max_size=k * (k + 1))
    move = arithmetic.exact(np.array(data.draw(entries)).reshape(k + 1, k)) / 512
    comparison = near(k, g, move)
    assert comparison is not None
    assert compare(comparison).holds


@control
@ablates("DL-039", "generic", "dropped", Fate.REFUTED)
def test_refuted_without_genericity_of_the_linear_term() -> None:
    """5: k = 4, n = 8 < k (k + 1) / 2 = 10, C = I, g = 3: a poor local minimum of rank 4."""
    k = 4
    assert len(pairs(k)) == 8 < k * (k + 1) // 2
    assert is_poor(k, fmpq(3), ridge=True)


@control
@ablates("DL-039", "samples", "dropped", Fate.REFUTED)
def test_refuted_with_more_samples() -> None:
    """5: k = 1, n = 2: the poor minimum has a positive definite Hessian, so that it stays for all C nearby."""
    assert is_poor(1, fmpq(1), ridge=False)
    assert inertia(two_each(1, fmpq(1), ridge=False).hessian(frame(1))) == (2, 0, 0)


def low_rank_is_met(vectors: ObjectArray, matrix: ObjectArray) -> bool:
    """Whether C + sum_l rho_l x_l x_l^T, 3 x 3, has rank <= 1 (nullity >= 2) for some complex rho: whether its 2 x 2
    minors have a common zero, by a Groebner basis."""
    rho = sympy.symbols(f"rho:{len(vectors)}")
    whole = sympy.Matrix(3, 3, [sympy.Rational(str(entry)) for entry in matrix.ravel()])
    for scale, x in zip(rho, vectors, strict=True):
        column = sympy.Matrix([sympy.Rational(str(entry)) for entry in x])
        whole += scale * column * column.T
    places = [(0, 1), (0, 2), (1, 2)]
    minors = [whole[list(rows), list(columns)].det(method="berkowitz") for rows in places for columns in places]
    return bool(sympy.groebner(minors, *rho, order="grevlex").exprs != [1])


def drawn(samples: int, seed: int) -> tuple[ObjectArray, ObjectArray]:
    """Data and C of whole numbers."""
    random = generator("DL-039", "generic", samples, seed)
    half = random.integers(-20, 21, (3, 3))
    return arithmetic.exact(random.integers(-3, 4, (samples, 3))), arithmetic.exact(half + half.T)


@exact
@pytest.mark.parametrize("seed", range(5))
def test_generic_linear_terms_leave_no_critical_point_of_full_rank(seed: int) -> None:
    """5: d = 3, k = 2, n = 2 < 3: no G has nullity 2. One sample more, or C = w w^T - x_1 x_1^T, and one has."""
    vectors, matrix = drawn(2, seed)
    assert not low_rank_is_met(vectors, matrix)
    assert low_rank_is_met(*drawn(3, seed))
    w = arithmetic.exact([[1], [2], [-1]])
    assert low_rank_is_met(vectors, w @ w.T - vectors[:1].T @ vectors[:1])
