"""Statements 1 to 3 decided in rationals: inertias of Hessians at critical points of each kind, and directions."""

import numpy as np
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, exact, fewer
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, compare
from solvers.network import Weights, curvature, frobenius_squared, hessian, inertia
from strategies import CriticalPoint, critical_points, dimensions

SLOPES = st.integers(-16, 64).map(lambda k: fmpq(k, 8))


TWO_LAYERS = critical_points(dimensions=dimensions(min_depth=2, max_depth=2, max_width=3))


FULL_MIDDLE = critical_points(dimensions=dimensions(min_depth=3, max_depth=4, max_width=3), rest="full middle")


NOT_STRICT = critical_points(
    dimensions=dimensions(min_depth=3, max_depth=4, max_width=3), rest="zero", leading=True, rank_left=True
)


def middle_rank(weights: Weights) -> int:
    """The rank of W_{N-1} ... W_2; d_1 for N = 2."""
    return network.rank(network.end_to_end(weights[1:-1])) if len(weights) > 2 else len(weights[0])


def least_hidden_width(weights: Weights) -> int:
    """p."""
    return min(len(matrix) for matrix in weights[:-1])


def is_strict(point: CriticalPoint) -> bool:
    """Whether an eigenvalue is negative, by Descartes' rule on the characteristic polynomial."""
    return inertia(hessian(point.weights, point.target))[1] > 0


def strict(point: CriticalPoint) -> None:
    """An explicit direction of negative curvature, or a global minimum with none at all."""
    direction = network.negative_curvature(point.weights, point.target)
    if point.is_global:
        assert direction is None
        assert not is_strict(point)
        return
    assert direction is not None
    form = curvature(point.weights, point.target, direction)
    assert compare(Comparison(form, "<", fmpq(0), "curvature along the direction")).holds
    assert is_strict(point)


@exact
@given(TWO_LAYERS)
def test_two_layers_are_strict(point: CriticalPoint) -> None:
    """1: a direction and the Hessian's inertia, in rationals; widths 1-3, with a bottleneck and without."""
    strict(point)


@exact
@fewer(2)
@given(critical_points(dimensions=dimensions(min_depth=2, max_depth=2, max_width=3), rank_left=True), SLOPES)
def test_the_least_eigenvalue_of_two_layers_is_below_the_bound(point: CriticalPoint, a: fmpq) -> None:
    """1 with v from the kernel of W_1^T, or of W_2 where that is 0: V = (v y^T, -a u v^T) or (-a v y^T, u v^T) has
    <V, H V> = |v|^2 (c - 2 a s) and ||V||^2 = |v|^2 (1 + a^2); and H + s^2 / (c + s) I is not positive definite."""
    first, second = point.weights
    unread = network.null_space(first.T)
    v = unread[:, :1] if unread.size else network.null_space(second)[:, :1]
    square = frobenius_squared(v)
    c = frobenius_squared(second @ v if unread.size else first.T @ v) / square
    left = next(i for i in range(len(point.singular_values)) if i not in point.captured)
    s = point.singular_values[left]  # |G|_2, the largest mode left
    u, y = -point.left[:, left : left + 1], point.right[:, left : left + 1]  # G y = s u
    direction = (v @ y.T, -a * u @ v.T) if unread.size else (-a * v @ y.T, u @ v.T)
    assert curvature(point.weights, point.target, direction) == square * (c - 2 * a * s)
    assert sum(frobenius_squared(part) for part in direction) == square * (1 + a**2)
    matrix = hessian(point.weights, point.target)
    shifted = matrix + arithmetic.exact(np.eye(len(matrix))) * (s**2 / (c + s))
    assert inertia(shifted)[0] < len(matrix)


@exact
@fewer(2)
@given(FULL_MIDDLE)
def test_deep_networks_with_a_full_middle_are_strict(point: CriticalPoint) -> None:
    """2: N = 3 and 4, widths 1-3."""
    assert middle_rank(point.weights) == least_hidden_width(point.weights)
    strict(point)


@exact
@fewer(2)
@ablates("DL-024", "middle rank", "dropped", Fate.REFUTED)
@given(NOT_STRICT, st.integers(0, 30))
def test_deep_networks_with_less_in_the_middle_may_not_be(point: CriticalPoint, halvings: int) -> None:
    """3: not global, no negative eigenvalue, in any bases of the hidden layers; and l is lower within 2^-k."""
    assert middle_rank(point.weights) == point.rank < least_hidden_width(point.weights)
    assert not point.is_global
    assert not is_strict(point)
    low = network.lower_nearby(point.weights, point.target, within=fmpq(1, 2**halvings))
    assert low is not None
    assert compare(Comparison(network.loss(low, point.target), "<", point.loss, "loss nearby")).holds
