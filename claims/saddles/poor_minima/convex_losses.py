"""Statement 3: the square loss with a weight on each entry, without a bottleneck and across one."""

import numpy as np
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.poor_minima.every_critical_point import NEAR, is_within
from claims.suite import Fate, ablates, control, exact, fewer
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import Weights, backpropagate, end_to_end, frobenius_squared, lower_nearby
from strategies import critical_points, diagonal, dimensions


def weighted_loss(weights: Weights, target: ObjectArray, importance: ObjectArray) -> fmpq:
    """1/2 sum_ij k_ij (W_ij - Phi_ij)^2, convex in W."""
    difference = end_to_end(weights) - target
    value: fmpq = (importance * difference * difference).sum() / 2
    return value


@exact
@fewer(2)
@ablates("DL-023", "square loss", "dropped", Fate.TRUE)
@given(st.data(), dimensions(bottleneck=False, min_depth=2, max_depth=4, max_width=3), NEAR)
def test_another_convex_loss_without_a_bottleneck(data: st.DataObject, widths: tuple[int, ...], distance: fmpq) -> None:
    """Statement 3 with entries weighted by k_ij <= 1 and a target of the same G at the point: what lowers the square
    loss by -<G, E> - ||E||^2 / 2 > 0 lowers this one by at least as much."""
    point = data.draw(critical_points(dimensions=st.just(widths)))
    residual = end_to_end(point.weights) - point.target
    powers = data.draw(st.lists(st.integers(0, 3), min_size=residual.size, max_size=residual.size))
    importance = np.array([fmpq(1, 2**k) for k in powers], dtype=object).reshape(residual.shape)
    target = end_to_end(point.weights) - residual / importance
    gradient = importance * (end_to_end(point.weights) - target)
    assert all(frobenius_squared(d) == 0 for d in backpropagate(point.weights, gradient))
    low = lower_nearby(point.weights, point.target, within=distance)
    now = weighted_loss(point.weights, target, importance)
    if low is None:
        assert now == 0
        return
    assert is_within(low, point.weights, distance)
    assert compare(Comparison(weighted_loss(low, target, importance), "<", now, "weighted loss nearby")).holds


IMPORTANCE = arithmetic.exact([[1, 4], [4, 1]])


UNEVEN = diagonal(2, 2, [1, fmpq(1, 2)])


@control
@ablates("DL-023", "square loss", "dropped together with the width", Fate.REFUTED)
def test_refuted_for_a_weighted_square_loss_across_a_bottleneck() -> None:
    """Widths 2-1-2, Phi = diag(1, 1/2), off-diagonal entries with weight 4, W = a b^T. At a = (0, 1/2), b = (0, 1) the
    loss is 1/2, at a = b = (1, 0) it is 1/8. With z = a_1 b_1, w = a_2 b_2 it is 1/2 plus
    z^2/2 + z (4 w - 1) + 2 (a_1 b_2 - a_2 b_1)^2 + (w - 1/2)^2 / 2, or z^2/2 - z + 2 (a_1 b_2)^2 + 2 (a_2 b_1)^2 + ...:
    for w >= 1/4 one of them is a sum of squares and non-negative terms, whatever the sign of z: a local minimum."""
    a1, a2, b1, b2 = sympy.symbols("a1 a2 b1 b2", real=True)
    product = sympy.Matrix([a1, a2]) * sympy.Matrix([[b1, b2]])
    z, w, half = a1 * b1, a2 * b2, sympy.Rational(1, 2)
    difference = product - sympy.diag(1, half)
    value = sum(int(IMPORTANCE[i, j].p) * difference[i, j] ** 2 for i in (0, 1) for j in (0, 1)) / 2
    common = half + z**2 / 2 + (w - half) ** 2 / 2
    assert sympy.expand(value - common - z * (4 * w - 1) - 2 * (a1 * b2 - a2 * b1) ** 2) == 0
    assert sympy.expand(value - common + z - 2 * (a1 * b2) ** 2 - 2 * (a2 * b1) ** 2) == 0
    poor = (arithmetic.exact([[0, 1]]), arithmetic.exact([[0], [0.5]]))
    better = (diagonal(1, 2, [1]), diagonal(2, 1, [1]))
    assert end_to_end(poor)[1, 1] > fmpq(1, 4)  # so it is in a neighbourhood where w >= 1/4
    verdict = compare(
        Comparison(
            weighted_loss(poor, UNEVEN, IMPORTANCE),
            "<=",
            weighted_loss(better, UNEVEN, IMPORTANCE),
            "loss at the local minimum",
        )
    )
    assert verdict.fails
