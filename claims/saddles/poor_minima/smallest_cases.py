"""What is not true of these landscapes; the chain, the lift and the swap in the smallest networks that have them."""

from dataclasses import replace

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.poor_minima.every_critical_point import is_within
from claims.suite import control, witness
from solvers import arithmetic, gradient_descent
from solvers.arithmetic import Comparison, compare, rational
from solvers.network import Problem, frobenius_squared, higher_nearby, layer_gradients, loss, lower_nearby
from strategies import CriticalPoint, critical_points, diagonal, dimensions, dyadic_matrices

ONE = arithmetic.exact([[1]])


TWO_AND_ONE = diagonal(2, 2, [2, 1])


@control
def test_refuted_that_every_critical_point_is_global() -> None:
    """Widths 1, Phi = 1: (0, 0) is critical, with loss 1/2, and (1, 1) has loss 0."""
    point = (0 * ONE, 0 * ONE)
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(point, ONE))
    assert compare(Comparison(loss(point, ONE), "<=", loss((ONE, ONE), ONE), "loss at the critical point")).fails


@control
def test_refuted_that_the_loss_is_convex() -> None:
    """(1, 1) and (-1, -1) have loss 0, half way between it is 1/2."""
    assert loss((ONE, ONE), ONE) == loss((-ONE, -ONE), ONE) == 0
    assert compare(Comparison(loss((0 * ONE, 0 * ONE), ONE), "<=", fmpq(0), "loss half way")).fails


@control
def test_refuted_that_a_local_minimum_across_a_bottleneck_has_zero_loss() -> None:
    """Phi = diag(2, 1) through width 1: l = 1/2 at W = diag(2, 0), and DL-020 bounds it by 1/2 everywhere."""
    weights = (diagonal(1, 2, [1]), diagonal(2, 1, [2]))
    assert lower_nearby(weights, TWO_AND_ONE, within=fmpq(1)) is None
    assert compare(Comparison(loss(weights, TWO_AND_ONE), "<=", fmpq(0), "loss at the least")).fails


@control
@given(critical_points(dimensions=dimensions(min_depth=2, max_depth=3, max_width=3), rank_left=True), st.data())
def test_refuted_that_one_layer_alone_leads_down(point: CriticalPoint, data: st.DataObject) -> None:
    """At a critical point the loss is nowhere lower if all layers but one stay, since it is convex in one: what is the
    least in each layer need not be the least."""
    layer = data.draw(st.integers(0, len(point.weights) - 1))
    move = arithmetic.exact(data.draw(dyadic_matrices(*point.weights[layer].shape)))
    moved = (*point.weights[:layer], point.weights[layer] + move, *point.weights[layer + 1 :])
    assert not point.is_global
    assert compare(Comparison(loss(moved, point.target), "<", point.loss, "loss with one layer moved")).fails


@witness
def test_a_chain_in_the_smallest_case() -> None:
    """2 (a): zero at widths 1-1-1, Phi = 1: P_1 = 0 has no full row rank, and (s, s') is lower."""
    low = lower_nearby((0 * ONE, 0 * ONE), ONE, within=fmpq(1))
    assert low is not None
    assert all(matrix[0, 0] != 0 for matrix in low)


@witness
def test_a_lift_in_the_smallest_case() -> None:
    """2 (b): Phi = (1, 0), W_1 = (0, 1), W_2 = W_3 = 0: P_1 has full row rank, G P_1^T = 0, and Q_1 = 0."""
    target, first = diagonal(1, 2, [1]), arithmetic.exact([[0, 1]])
    weights = (first, 0 * ONE, 0 * ONE)
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
    low = lower_nearby(weights, target, within=fmpq(1))
    assert low is not None
    assert low[0][0, 0] != 0
    assert loss(low, target) < fmpq(1, 2)


@witness
@pytest.mark.parametrize("depth", [2, 3, 5])
def test_a_swap_in_the_smallest_case(depth: int) -> None:
    """2 (c): Phi = diag(2, 1) through width 1 at W = diag(0, 1), the smaller mode: only W_1 and W_N move."""
    small = arithmetic.exact([[0, 1]])
    weights = (small, *([ONE] * (depth - 2)), small.T)
    assert loss(weights, TWO_AND_ONE) == 2
    low = lower_nearby(weights, TWO_AND_ONE, within=fmpq(1, 100))
    assert low is not None
    assert loss(low, TWO_AND_ONE) < 2
    assert all((a == b).all() for a, b in zip(low[1:-1], weights[1:-1], strict=True))


@witness
@pytest.mark.parametrize("x", [(fmpq(1), fmpq(0)), (fmpq(3, 5), fmpq(4, 5)), (fmpq(-5, 13), fmpq(12, 13))])
def test_equal_singular_values_make_every_choice_global(x: tuple[fmpq, fmpq]) -> None:
    """Phi = I through width 1: W = x x^T is global for every unit x, a case that K16 leaves out."""
    column = arithmetic.exact([[x[0]], [x[1]]])
    weights, target = (column.T, column), diagonal(2, 2, [1, 1])
    assert loss(weights, target) == fmpq(1, 2)
    assert lower_nearby(weights, target, within=fmpq(1)) is None
    assert loss(higher_nearby(weights, target, within=fmpq(1)), target) > fmpq(1, 2)


@witness
def test_depth_one_has_one_critical_point() -> None:
    """D_1 = W - Phi: no saddle, and the descent that a step of 1 makes is to Phi."""
    problem = Problem((diagonal(2, 2, [5, 0]),), TWO_AND_ONE, fmpq(1))
    assert (problem.step().weights[0] == TWO_AND_ONE).all()
    assert gradient_descent(replace(problem.nearest(), learning_rate=1.0), steps=1).loss[-1] == 0
    assert lower_nearby(problem.step().weights, TWO_AND_ONE, within=rational(1.0)) is None


@witness
def test_what_is_within_a_distance() -> None:
    """Over both layers together: (3, 4) is 5 away from zero, and no less."""
    far, zero = (3 * ONE, 4 * ONE), (0 * ONE, 0 * ONE)
    assert is_within(far, zero, fmpq(5))
    assert not is_within(far, zero, fmpq(499, 100))
