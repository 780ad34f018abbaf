"""Statements 1 and 2 in rationals: second order against the sign of G, at critical points of networks of both signs."""

from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import exact
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import frobenius_squared, inertia, null_space
from strategies import QuadraticPoint, dyadic_matrices, quadratic_points

ENOUGH = st.integers(1, 3).flatmap(
    lambda d: st.integers(d, d + 1).flatmap(lambda k: quadratic_points(size=d, positive=k))
)
"""k >= d."""

DEFICIENT = st.integers(2, 3).flatmap(
    lambda k: st.integers(0, k - 1).flatmap(lambda r: quadratic_points(size=3, positive=k, rank=r))
)
"""rank W < k <= d."""

BOTH = st.integers(1, 2).flatmap(
    lambda d: st.tuples(st.integers(d, d + 1), st.integers(d, d + 1)).flatmap(
        lambda units: quadratic_points(size=d, positive=units[0], negative=units[1])
    )
)
"""At least d of each sign."""


def is_critical(point: QuadraticPoint) -> bool:
    """G W = 0, by the objective's gradient."""
    return all(entry == 0 for entry in point.objective.gradient(point.factor).ravel())


def is_second_order(point: QuadraticPoint) -> bool:
    """Critical, and no eigenvalue of the Hessian is negative."""
    return is_critical(point) and inertia(point.objective.hessian(point.factor))[1] == 0


def escape(point: QuadraticPoint, sign: int = 1) -> ObjectArray | None:
    """1's direction V = v p^T, W p = 0, for the least of sign x the slopes if negative: of the units of that sign, p
    orthogonal to their rows. None where no slope has the other sign."""
    if not any(sign * slope < 0 for slope in point.slopes):
        return None
    a = min(range(len(point.slopes)), key=lambda i: sign * point.slopes[i])
    v = point.basis[:, [point.rank + a]]
    units = [j for j, each in enumerate(point.signs) if each == sign]
    kernel = null_space(point.factor[:, units])
    direction: ObjectArray = point.factor * 0
    direction[:, units] = v @ kernel[:, :1].T
    return direction


def no_lower(point: QuadraticPoint, other: ObjectArray) -> Comparison:
    """F at another matrix is not below F(Y)."""
    here = point.objective.value(point.factor)
    return Comparison(point.outer.outer(other), ">=", here, "F elsewhere")


@exact
@given(st.one_of(ENOUGH, DEFICIENT), st.data())
def test_second_order_points_are_global_with_enough_units(point: QuadraticPoint, data: st.DataObject) -> None:
    """1: second order iff G >= 0; then F is not lower at any A A^T; else <V, H V> = 2 v^T G v |p|^2 < 0 for V = v p^T.
    d, k <= 4, any rank but k < d (or G = 0 where it is d); losses up to the fourth power, C of any signs."""
    assert is_critical(point)
    assert (point.outer.outer_gradient(point.objective.square(point.factor)) == point.slope).all()
    direction = escape(point)
    assert is_second_order(point) == (direction is None)
    if direction is not None:
        form = point.objective.hessian_form(point.factor, direction)
        assert compare(Comparison(form, "<", fmpq(0), "curvature along v p^T")).holds
        expected = 2 * min(point.slopes) * frobenius_squared(direction)
        assert compare(Comparison(form, "==", expected, "curvature along v p^T")).holds
        return
    size = len(point.factor)
    for width in (1, size):
        root = arithmetic.exact(data.draw(dyadic_matrices(size, width)))
        assert compare(no_lower(point, root @ root.T)).holds


@exact
@given(BOTH, st.data())
def test_second_order_points_are_global_among_all_symmetric_matrices_with_both_signs(
    point: QuadraticPoint, data: st.DataObject
) -> None:
    """2: second order iff G = 0; then F is not lower at any symmetric matrix. d = 1, 2, d or d + 1 of each sign."""
    assert is_critical(point)
    assert is_second_order(point) == all(slope == 0 for slope in point.slopes)
    for sign in (1, -1):
        direction = escape(point, sign)
        if direction is not None:
            form = point.objective.hessian_form(point.factor, direction)
            assert compare(Comparison(form, "<", fmpq(0), "curvature along v p^T")).holds
    if is_second_order(point):
        half = arithmetic.exact(data.draw(dyadic_matrices(len(point.factor), len(point.factor))))
        assert compare(no_lower(point, half + half.T)).holds
