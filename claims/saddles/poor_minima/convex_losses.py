"""Statement 3: even powers with weights on the entries, without a bottleneck; a square with weights, across one."""

import numpy as np
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.poor_minima.every_critical_point import is_within
from claims.suite import Fate, ablates, control, exact, fewer, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import Weights, backpropagate, end_to_end, frobenius_squared, lower_nearby
from strategies import critical_points, diagonal, dimensions


def weighted_loss(weights: Weights, target: ObjectArray, importance: ObjectArray, power: int = 2) -> fmpq:
    """1/p sum_ij k_ij (W_ij - Phi_ij)^p, p even: convex in W."""
    difference = end_to_end(weights) - target
    value: fmpq = (importance * difference**power).sum() / power
    return value


def same_slope(residual: ObjectArray, difference: ObjectArray, power: int) -> ObjectArray:
    """Weights k_ij > 0 with k_ij e_ij^{p-1} = g_ij, for e_ij of the sign of g_ij; 1 where both are 0."""
    pairs = zip(residual.ravel().tolist(), difference.ravel().tolist(), strict=True)
    found = [fmpq(1) if g == 0 else g / e ** (power - 1) for g, e in pairs]
    return np.array(found, dtype=object).reshape(residual.shape)


DISTANCES = st.sampled_from([fmpq(1), fmpq(2), fmpq(1, 3), fmpq(1, 16)])


@exact
@fewer(2)
@ablates("DL-023", "square loss", "dropped", Fate.TRUE)
@given(
    st.data(),
    dimensions(bottleneck=False, min_depth=2, max_depth=4, max_width=3),
    st.sampled_from([2, 4, 6]),
    st.integers(0, 30).map(lambda k: fmpq(1, 2**k)),
)
def test_another_convex_loss_without_a_bottleneck(
    data: st.DataObject, widths: tuple[int, ...], power: int, distance: fmpq
) -> None:
    """Statement 3 for l_2, l_4 and l_6 with a weight k_ij on each entry, below 1 and above: the weights and the target
    are such that its gradient is the square loss's. What lowers that one, near enough, lowers this one too."""
    point = data.draw(critical_points(dimensions=st.just(widths)))
    residual = end_to_end(point.weights) - point.target
    drawn = data.draw(st.lists(DISTANCES, min_size=residual.size, max_size=residual.size))
    signs = [(g > 0) - (g < 0) for g in residual.flat]
    difference = np.array([e * sign for e, sign in zip(drawn, signs, strict=True)], dtype=object)
    difference = difference.reshape(residual.shape)
    importance, target = same_slope(residual, difference, power), end_to_end(point.weights) - difference
    assert (importance > 0).all()
    gradient = importance * (end_to_end(point.weights) - target) ** (power - 1)
    assert (gradient == residual).all()
    assert all(frobenius_squared(d) == 0 for d in backpropagate(point.weights, gradient))
    now = weighted_loss(point.weights, target, importance, power)
    for halvings in range(100):
        low = lower_nearby(point.weights, point.target, within=distance / 2**halvings)
        if low is None or weighted_loss(low, target, importance, power) < now:
            break
    if low is None:
        assert now == 0
        return
    assert is_within(low, point.weights, distance)
    lowered = weighted_loss(low, target, importance, power)
    assert compare(Comparison(lowered, "<", now, "convex loss nearby")).holds


@witness
def test_the_weighted_loss_of_two_entries() -> None:
    """1/4 (5 * 2^4 + 3 * 1^4) at W = (3, 2) towards (1, 1), which is critical towards it with the slope (5 * 8, 3)."""
    product, target, weights = (arithmetic.exact([row]) for row in ([3, 2], [1, 1], [5, 3]))
    assert weighted_loss((product,), target, weights, 4) == fmpq(83, 4)
    assert (same_slope(arithmetic.exact([[40, 3]]), product - target, 4) == weights).all()
    nothing = 0 * product
    assert (same_slope(nothing, nothing, 4) == 1 + nothing).all()


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
    here, there = (weighted_loss(weights, UNEVEN, IMPORTANCE) for weights in (poor, better))
    assert (here, there) == (fmpq(1, 2), fmpq(1, 8))
    assert compare(Comparison(here, "<=", there, "loss at the local minimum")).fails
