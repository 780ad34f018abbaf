"""Statement 1: where every gradient is zero descent stays, at any learning rate."""

import sympy
from hypothesis import given

from claims.suite import exact, fewer, symbolic
from claims.suite.symbols import is_zero, network_symbols
from solvers.arithmetic import rational
from solvers.network import Problem, gradient_step, layer_gradients
from strategies import CriticalPoint, critical_points, dimensions, learning_rates


@symbolic
def test_a_critical_point_is_a_fixed_point_of_descent_in_any_dimension() -> None:
    """1: W_j - eta D_j - W_j = -eta D_j, so where D_j = 0 nothing moves, whatever eta: three layers of symbolic
    sizes, of which the first and the last stand for any number."""
    (weights, target), eta = network_symbols(3), sympy.Symbol("eta")
    moved, gradients = gradient_step(weights, target, eta), layer_gradients(weights, target)
    assert all(is_zero(after - before + eta * d) for after, before, d in zip(moved, weights, gradients, strict=True))


@exact
@fewer(2)
@given(critical_points(dimensions=dimensions(max_depth=4, max_width=3)), learning_rates())
def test_descent_never_leaves_a_critical_point(point: CriticalPoint, rate: float) -> None:
    """1, exactly, for every kind of critical point."""
    problem = Problem(point.weights, point.target, rational(rate))
    assert all((after == before).all() for after, before in zip(problem.step().weights, point.weights, strict=True))
