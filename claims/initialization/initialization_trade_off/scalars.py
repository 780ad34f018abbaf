"""N equal scalars need one to four times the steps of the bound: its constant, its power, its hypothesis."""

from collections.abc import Iterator

import pytest
from flint import arb, fmpq

from claims.initialization.initialization_trade_off.bound import least_steps
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, compare
from solvers.network import end_to_end, frobenius_squared

ONE = arithmetic.exact([[1]])
HALF, ACCURACY = fmpq(1, 2), fmpq(1, 8)
SCALARS = [
    (1, fmpq(1, 16), fmpq(1, 64)),
    (2, fmpq(1, 2**20), fmpq(1, 2)),
    (3, fmpq(1, 16), fmpq(1, 2)),
    (8, fmpq(1, 2), fmpq(1, 4)),
]
"""N equal scalars: depth, start, learning rate; Phi = 1."""


def losses(depth: int, start: fmpq, rate: fmpq) -> Iterator[arb]:
    """1/2 (w^N - 1)^2 along w <- w - eta w^{N-1} (w^N - 1), in balls."""
    weight = arb(start)
    while True:
        yield (weight**depth - 1) ** 2 / 2
        weight -= rate * weight ** (depth - 1) * (weight**depth - 1)


def scalar_bound(depth: int, start: fmpq, rate: fmpq) -> Scalar:
    """Part 2 for the same."""
    return least_steps((start * ONE,) * depth, ONE, rate, ACCURACY)


def steps_to(depth: int, start: fmpq, rate: fmpq) -> int:
    """The first step whose loss is certainly at most ACCURACY, where those before are certainly above it."""
    steps, last = next((t, loss) for t, loss in enumerate(losses(depth, start, rate)) if not loss > ACCURACY)
    assert last <= ACCURACY
    return steps


@control
@pytest.mark.parametrize(("depth", "start", "rate"), SCALARS)
def test_refuted_with_a_bound_four_times_as_large(depth: int, start: fmpq, rate: fmpq) -> None:
    """At each depth descent is there before four times the bound."""
    steps, bound = fmpq(steps_to(depth, start, rate)), scalar_bound(depth, start, rate)
    assert compare(Comparison(steps, ">=", 4 * bound, "steps against four times the bound")).fails


@control
@pytest.mark.parametrize(("depth", "start"), [(2, fmpq(1, 2**200)), (3, fmpq(1, 2**9)), (4, fmpq(1, 2**4))])
def test_refuted_with_a_larger_bound_at_a_small_rate(depth: int, start: fmpq) -> None:
    """eta M^{2N-2} <= 2: without the factor 2 the bound holds; a twentieth more does not."""
    rate = fmpq(1, 16)
    steps = fmpq(steps_to(depth, start, rate))
    bound = least_steps((start * ONE,) * depth, ONE, rate, ACCURACY, factor=1)
    assert compare(Comparison(steps, ">=", bound, "steps")).holds
    assert compare(Comparison(steps, ">=", fmpq(21, 20) * bound, "steps against a twentieth more")).fails


@control
def test_refuted_that_a_power_of_s_bounds_depth_two_as_well() -> None:
    """At depth 2 a start of 2^{-20} costs fewer than 100 steps; 1 / s, as at depth 3, would ask for 10^6."""
    depth, start, rate = SCALARS[1]
    assert steps_to(depth, start, rate) < 100
    assert compare(Comparison(scalar_bound(3, start, rate), ">", fmpq(10**6), "the bound of depth 3")).holds


@control
@ablates("DL-017", "accuracy", "dropped", Fate.REFUTED)
def test_refuted_without_the_condition_on_the_accuracy() -> None:
    """eps = 2 ||Phi||^2 is met by W(0) near 0 at once, though M^N = | ||Phi|| - sqrt(2 eps) | would ask for steps."""
    weights, accuracy = (ONE / 4,) * 3, fmpq(2)
    assert frobenius_squared(end_to_end(weights) - ONE) / 2 <= accuracy
    assert compare(Comparison(least_steps(weights, ONE, fmpq(1), accuracy), ">", fmpq(1), "bound")).holds


@witness
def test_the_accuracy_met_at_the_start_asks_for_no_step() -> None:
    """Depth 1, w = 1/2, Phi = 1: l(0) = 1/8 = eps, so that M = m, as M is 1 - (2 eps)^{1/2} and not 1 - eps^{1/2}."""
    assert (HALF - 1) ** 2 / 2 == ACCURACY
    assert least_steps((HALF * ONE,), ONE, fmpq(1), ACCURACY) == 0
    assert compare(Comparison(least_steps((HALF * ONE,), ONE, fmpq(1), ACCURACY / 2), ">", fmpq(0), "bound")).holds


@witness
@pytest.mark.parametrize(("depth", "start", "rate"), SCALARS)
def test_the_bound_is_met_and_within_four_of_the_truth(depth: int, start: fmpq, rate: fmpq) -> None:
    """A start from which it asks for more than ten steps, at depths 1, 2, 3 and 8; descent needs 1 to 4 times them."""
    steps, bound = fmpq(steps_to(depth, start, rate)), scalar_bound(depth, start, rate)
    assert compare(Comparison(bound, ">", fmpq(10), "bound")).holds
    assert compare(Comparison(steps, ">=", bound, "steps")).holds
    assert compare(Comparison(steps, "<=", 4 * bound, "steps")).holds
