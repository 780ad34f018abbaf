"""Statements 1 and 2 in rationals, at critical points of every kind: weights nearby that are higher, and lower."""

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.suite import Fate, ablates, exact, fewer, sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import Weights, frobenius_squared, higher_nearby, layer_gradients, loss, lower_nearby
from strategies import CriticalPoint, dimensions

NEAR = st.integers(0, 60).map(lambda k: fmpq(1, 2**k))


ANY = strategies.critical_points(dimensions=dimensions(max_depth=4, max_width=3))


BOTTLENECKS = strategies.critical_points(dimensions=dimensions(bottleneck=True, max_depth=4, max_width=3))


def is_within(weights: Weights, others: Weights, distance: fmpq) -> bool:
    """Whether the distance over all layers together is at most ``distance``."""
    return bool(sum(frobenius_squared(a - b) for a, b in zip(weights, others, strict=True)) <= distance**2)


def decided(point: CriticalPoint, distance: fmpq) -> None:
    """Statements 1 and 2 at one point: higher weights within the distance; lower ones, or the least loss there is."""
    high = higher_nearby(point.weights, point.target, within=distance)
    assert is_within(high, point.weights, distance)
    assert compare(Comparison(loss(high, point.target), ">", point.loss, "loss nearby")).holds
    low = lower_nearby(point.weights, point.target, within=distance)
    if point.is_global:
        assert low is None
        return
    assert low is not None
    assert is_within(low, point.weights, distance)
    assert compare(Comparison(loss(low, point.target), "<", point.loss, "loss nearby")).holds


@exact
@given(ANY, NEAR)
def test_every_critical_point_is_global_or_a_saddle(point: CriticalPoint, distance: fmpq) -> None:
    """Any widths of 1-3, N = 1..4, any subset of modes, any rank of Phi, down to a distance of 2^-60."""
    assert loss(point.weights, point.target) == point.loss
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(point.weights, point.target))
    decided(point, distance)


@exact
@fewer(2)
@ablates("DL-023", "width", "dropped", Fate.TRUE)
@given(BOTTLENECKS, NEAR)
def test_every_critical_point_across_a_bottleneck_is_global_or_a_saddle(point: CriticalPoint, distance: fmpq) -> None:
    """The same with some width below min(d_0, d_N): "global" is then the tail."""
    decided(point, distance)


@exact
@fewer(2)
@given(st.data(), dimensions(max_depth=4, max_width=3))
def test_nothing_is_a_local_maximum(data: st.DataObject, widths: tuple[int, ...]) -> None:
    """Statement 1 at weights that are not critical."""
    weights = tuple(arithmetic.exact(matrix) for matrix in data.draw(strategies.generic_weights(widths)))
    target, distance = arithmetic.exact(data.draw(strategies.dyadic_matrices(widths[-1], widths[0]))), data.draw(NEAR)
    high = higher_nearby(weights, target, within=distance)
    assert is_within(high, weights, distance)
    assert loss(high, target) > loss(weights, target)


@sampled
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("name", strategies.DATASETS)
def test_real_data(name: str, depth: int) -> None:
    """Saddles of real targets with W = 0: lower and higher weights within 2^-20, exactly."""
    points, target = strategies.real_saddles(name, depth)
    for weights in points:
        assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
        distance, here = fmpq(1, 2**20), loss(weights, target)
        low = lower_nearby(weights, target, within=distance)
        assert low is not None
        assert is_within(low, weights, distance)
        assert compare(Comparison(loss(low, target), "<", here, "loss nearby")).holds
        high = higher_nearby(weights, target, within=distance)
        assert compare(Comparison(loss(high, target), ">", here, "loss nearby")).holds
