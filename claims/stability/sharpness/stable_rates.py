"""Statement 4: eigenvalues of I - eta H in rationals, and descent beside a minimum just below and above the rate."""

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.sharpness.equality import is_attained
from claims.stability.sharpness.lower_bound import MINIMA, SADDLES, proof_direction, quotient, top_pair
from claims.suite import control, exact, fewer, sampled
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, ObjectArray, compare, settle
from solvers.guarantees.stability import largest_stable_rate
from solvers.network import Weights, hessian, inertia, spectral_norm, top_curvature
from strategies import DATASETS, CriticalPoint, FlatPoint, balanced_points, real_problem, regression, scalar_weights


def multipliers_within(weights: Weights, target: ObjectArray, rate: fmpq) -> bool:
    """Whether all eigenvalues of I - eta H are in (-1, 1]."""
    matrix = hessian(weights, target)
    identity = arithmetic.exact(np.eye(len(matrix)))
    step = identity - rate * matrix
    return inertia(step + identity)[0] == len(matrix) and inertia(identity - step)[1] == 0


@exact
@fewer(2)
@given(st.one_of(MINIMA, SADDLES), st.sampled_from([fmpq(101, 100), fmpq(2)]))
def test_no_larger_rate_is_stable(point: CriticalPoint, factor: fmpq) -> None:
    """1 - eta <V, H V> / ||V||^2 < -1 along the proof's direction, for eta = 101/100 and 2 times the rate."""
    u, v, norm = top_pair(point)
    curved, depth = quotient(point.weights, point.target, proof_direction(point.weights, u, v)), len(point.weights)
    verdict = settle(lambda: Comparison(1 - factor * largest_stable_rate(depth, norm) * curved, "<", fmpq(-1), "step"))
    assert verdict.holds


@exact
@fewer(2)
@given(balanced_points(), st.sampled_from([fmpq(1, 100), fmpq(99, 100)]))
def test_every_smaller_rate_is_stable_where_layers_are_balanced(point: FlatPoint, factor: fmpq) -> None:
    """All eigenvalues of I - eta H in (-1, 1]; at the rate itself one is -1, above it below."""
    depth = len(point.weights)
    rate = largest_stable_rate(depth, point.layer_norm**depth)
    assert multipliers_within(point.weights, point.target, factor * rate)
    assert not multipliers_within(point.weights, point.target, rate)


@control
@pytest.mark.parametrize("factor", [fmpq(11, 10), fmpq(2)])
def test_refuted_with_a_larger_rate(factor: fmpq) -> None:
    """Two scalars 3, Phi = 9, eta = factor times the rate 1/9: not within (-1, 1]."""
    weights = scalar_weights(3, 3)
    target, rate = network.end_to_end(weights), largest_stable_rate(2, fmpq(9))
    assert rate == fmpq(1, 9)
    assert multipliers_within(weights, target, rate * fmpq(99, 100))
    assert not multipliers_within(weights, target, rate * factor)


@control
def test_refuted_at_a_strict_saddle() -> None:
    """Two scalars 0, Phi = 1: at every rate a multiplier is above 1, and the others are in (-1, 1] below the rate."""
    weights, target = scalar_weights(0, 0), arithmetic.exact([[1]])
    for rate in (fmpq(1, 1000), largest_stable_rate(2, fmpq(1)) / 2):
        assert not multipliers_within(weights, target, rate)
        assert multipliers_within(weights, 0 * target, rate)


@control
def test_refuted_without_balance() -> None:
    """Scalars 10, 1/10, Phi = 1: at half of the rate, 1/2, a multiplier is 1 - 10001/200 < -1."""
    weights = scalar_weights(10, fmpq(1, 10))
    assert is_attained(weights, network.end_to_end(weights), 100 + fmpq(1, 100))
    assert not multipliers_within(weights, network.end_to_end(weights), largest_stable_rate(2, fmpq(1)) / 2)


def losses_beside(name: str, hidden: tuple[int, ...], share: float) -> tuple[arb, arb]:
    """The loss at first and after 60 steps of exact descent, in balls of 1024 bits, at ``share`` times the largest
    stable rate, from 2^-20 beside balanced factors of a real Phi along the top direction."""
    norm = spectral_norm(arithmetic.exact(regression(name).target))
    rate = share * float(largest_stable_rate(len(hidden) + 1, norm))
    minimum = real_problem(name, hidden, start=1.0, learning_rate=rate)
    direction = top_curvature(minimum.weights, minimum.target).direction
    with ctx.workprec(1024):
        target = arithmetic.balls(minimum.target)
        weights = tuple(arithmetic.balls(w + 2.0**-20 * v) for w, v in zip(minimum.weights, direction, strict=True))
        before = network.loss(weights, target)
        for _ in range(60):
            weights = network.gradient_step(weights, target, arb(rate))
        return before, network.loss(weights, target)


@sampled
@pytest.mark.parametrize("hidden", [(3,), (4, 3)])
@pytest.mark.parametrize("name", DATASETS)
def test_descent_beside_real_minima(name: str, hidden: tuple[int, ...]) -> None:
    """At .98 of the rate the loss falls by more than 100, as .96^120 says; at 1.02 it grows by more: 1.04^120 = 110."""
    before, after = losses_beside(name, hidden, 0.98)
    assert compare(Comparison(after, "<", before / 100, "loss after 60 steps at .98 of the rate")).holds
    before, after = losses_beside(name, hidden, 1.02)
    assert compare(Comparison(after, ">", before * 100, "loss after 60 steps at 1.02 of the rate")).holds
