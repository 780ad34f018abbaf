"""The bound on a run's rounding is one: against the same run in balls of 2000 bits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from containment import contains
from every_path import WAYS, run, slowed, stacked
from flint import arb, ctx
from hypothesis import example, given
from hypothesis import strategies as st

from solvers import (
    DivergenceError,
    Problem,
    frobenius_squared,
    gradient_descent,
    gradient_step,
    loss,
    loss_ball,
    weight_error_bound,
)
from solvers.arithmetic import balls, exact, rational
from strategies import dimensions, margin_problems, problems

RUNS = st.sampled_from([1, 3, 20, 100, 300])


def run_twice(problem, steps, way):
    """The float64 trajectory, and ||difference||_F and the loss of the true one as balls far narrower than either."""
    found = run(way, problem, steps, certify=True)
    with ctx.workprec(2000):
        weights, target = tuple(map(balls, problem.weights)), balls(problem.target)
        for _ in range(steps):
            weights = gradient_step(weights, target, rational(problem.learning_rate))
        gaps = [true - exact(ours) for true, ours in zip(weights, found.weights, strict=True)]
        distance = sum((frobenius_squared(gap) for gap in gaps), start=arb(0)).nonnegative_part().sqrt()
        value = loss(weights, target)
    assert distance.rad() < 1e-200
    return found, distance, value


def check(problem, steps, way=None, *, finite=True):
    """Both bounds hold for one run; where they must be finite they are, and the true numbers are not vacuous."""
    found, distance, value = run_twice(problem, steps, way)
    bound, ball = weight_error_bound(found), loss_ball(found)
    assert distance <= bound
    assert bound.is_finite() == ball.is_finite()
    if ball.is_finite():
        assert ball.contains(value)
    if finite:
        assert bound.is_finite()
    return distance, bound


def scalar(*weights, target, learning_rate):
    """A network of width 1."""
    return Problem(tuple(np.array([[w]]) for w in weights), np.array([[target]]), learning_rate)


small = dimensions(max_depth=4, max_width=3)


@given(problems(dimensions=small).map(slowed), RUNS, st.sampled_from(WAYS))
@example(scalar(1 / 3, target=2 / 3, learning_rate=1 / 7), 1, None)
@example(scalar(1 / 3, -1 / 7, target=5 / 3, learning_rate=1 / 7), 100, None)
def test_the_true_weights_are_within_the_bound(problem, steps, way):
    """Distance and loss of the true run, for any network with a learning rate that the derivation allows, whatever
    moves it."""
    check(problem, steps, way)


@given(margin_problems(dimensions=dimensions(max_depth=3, max_width=3, bottleneck=False)), RUNS)
def test_runs_under_the_hypotheses_of_the_linear_rate_have_a_finite_bound(drawn, steps):
    """The learning rates of ACGH19's Theorem 1 are small enough for the bound."""
    check(drawn.problem, steps)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("steps", [1, 20, 300])
def test_a_run_that_stands_still_uses_half_of_its_bound(way, steps):
    """W = 1 moves by 2^-54 a step, and rounds back: T 2^-54 away from the truth, with a bound near T 2^-53."""
    problem = scalar(1.0, target=2.0, learning_rate=2.0**-54)
    distance, bound = check(problem, steps, way)
    assert steps * 2.0**-55 < distance < bound < steps * 2.0**-52


@pytest.mark.parametrize("steps", [1, 50])
def test_the_true_loss_may_be_above_the_computed_one(steps):
    """W = 1 moves by 1.25 * 2^-53 a step, and rounds to 2^-52: the float run is ahead, the ball knows."""
    problem = scalar(1.0, target=2.0, learning_rate=1.25 * 2.0**-53)
    found, _, value = run_twice(problem, steps, None)
    assert value > loss(tuple(map(exact, found.weights)), exact(found.target))
    check(problem, steps)


def test_the_roundings_of_one_step_may_add_up():
    """Residual, update and sum each round towards the same side: 1.19 times what the bound would be without the
    update's own rounding, eta (2 M + |Phi|) u + M u with M = max(|W|, |W'|)."""
    start, target, rate = map(float.fromhex, ("-0x1.860226978ed1ep-4", "0x1.0056b78c582e2p+2", "0x1.f5655fe7f06c9p-4"))
    distance, bound = check(scalar(start, target=target, learning_rate=rate), 1)
    largest = max(abs(start), abs(start - rate * (start - target)))
    assert 1.19 * (rate * (2 * largest + target) + largest) * 2.0**-53 < distance <= bound


@pytest.mark.parametrize("exponent", [-7, 7])
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_the_bound_is_in_the_units_of_the_weights(depth, exponent):
    """W_j -> s W_j, Phi -> s^N Phi and eta -> eta / s^{2N-2} take a run to s times itself; a power of 2 for s rounds
    nothing, so the bound is s times what it was."""
    weights, target = [np.array([[3 / 4, -1 / 3], [1 / 5, 1.0]])] * depth, np.array([[1.0, 0.3], [-0.7, 2.0]])
    covariance = np.array([[2.0, 0.5], [0.5, 1.0]])

    def bound(s):
        posed = [matrix * s for matrix in weights], target * s**depth, 2.0**-7 / s ** (2 * depth - 2)
        return weight_error_bound(gradient_descent(Problem(*posed, covariance=covariance), steps=9, certify=True))

    scale = 2.0**exponent
    assert 0 < bound(1.0) < 2.0**-40
    assert abs(bound(scale) / (scale * bound(1.0)) - 1) < 2.0**-40


def test_errors_grow_near_a_saddle():
    """W = (1, -1) slides to the saddle 0, errors grow by 1 + eta Phi a step there: far beyond T roundings of 2^-53."""
    problem = scalar(1.0, -1.0 + 2.0**-30, target=1.0, learning_rate=1 / 16)
    distance, _ = check(problem, 250)
    assert distance > 250 * 2.0**-45


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "problem",
    [
        scalar(1e-170, 1e-170, target=1.0, learning_rate=1 / 3),
        scalar(3e-320, 1e-320, target=1 / 3, learning_rate=1 / 3),
        scalar(1e-150, 1e-150, target=0.0, learning_rate=1e298),
        scalar(1e-160, target=0.0, learning_rate=1 / 3),
        scalar(1e-150, 1e-150, target=2e-174, learning_rate=1e160),
        scalar(1e-120, 1e-120, 1e-120, target=1e-200, learning_rate=1 / 3),
    ],
)
def test_underflow_is_bounded_too(problem, way):
    """Squares, products and gradients below the smallest float vanish in the run and not in the truth."""
    check(problem, 3, way, finite=False)


def test_a_network_at_rest_has_a_finite_bound():
    """All weights zero: a critical point, which both runs keep."""
    distance, bound = check(scalar(0.0, 0.0, target=1.0, learning_rate=1 / 4), 20)
    assert distance == 0
    assert bound < 1e-100


def test_no_bound_is_claimed_beyond_the_derivation():
    """A learning rate above 2 / curvature, or steps without end, give infinity and not a wrong number."""
    wild = gradient_descent(scalar(2.0, 2.0, target=0.0, learning_rate=1.0), steps=1, certify=True)
    assert weight_error_bound(wild) == arb.pos_inf()
    assert loss_ball(wild).is_nan()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("learning_rate", [3.0, 2.0**-1000])
def test_no_bound_is_claimed_where_squares_overflow(way, learning_rate):
    """A norm or a sum of residuals that is infinite bounds nothing, whether the run diverges or not."""
    problem = scalar(1e200, target=0.0, learning_rate=learning_rate)
    try:
        found = run(way, problem, 2000, certify=True)
    except DivergenceError as error:
        found = error.trajectory
    assert found.diverged == (learning_rate == 3.0)
    assert found.largest_norm == found.residual_sum == math.inf
    assert weight_error_bound(found) == arb.pos_inf()
    assert loss_ball(found).is_nan()


PAIR = scalar(1.0, 0.5, target=2.0, learning_rate=1 / 16)
NOT_CERTIFIED = {
    "not asked for": lambda: gradient_descent(PAIR, steps=3),
    "one of a sequence": lambda: gradient_descent([PAIR, PAIR], steps=3)[0],
    "a stack": lambda: gradient_descent(stacked([PAIR, PAIR]), steps=3, certify=True),
    "a stack of one": lambda: gradient_descent(stacked([PAIR]), steps=3, certify=True),
}


@pytest.mark.parametrize("case", NOT_CERTIFIED)
@pytest.mark.parametrize("bound", [weight_error_bound, loss_ball])
def test_what_was_not_certified_is_refused(bound, case):
    """The bounds need what ``certify`` keeps, of one network; a network of a certified sequence has it."""
    with pytest.raises(ValueError, match="expected that of one network, run with certify=True"):
        bound(NOT_CERTIFIED[case]())
    assert bound(gradient_descent([PAIR, PAIR], steps=3, certify=True)[1]).is_finite()


@given(problems(dimensions=small).map(slowed))
def test_no_step_has_no_error(problem):
    """At T = 0 the bound is zero, and the ball is the loss up to its own rounding."""
    found = gradient_descent(problem, steps=0, certify=True)
    assert weight_error_bound(found) == 0
    value = loss(problem.exact().weights, problem.exact().target)
    ball = loss_ball(found)
    assert contains(ball, value)
    assert ball.rad() <= arb(2) ** -46 * arb(value)


@pytest.mark.parametrize(("target", "mask"), [(0.0, None), (0.25, np.zeros((1, 1))), (0.0, np.ones((1, 1)))])
def test_weights_that_stay_at_zero_have_a_bound(target, mask):
    """Nothing to learn, or nothing of it observed: the run is exact, and the bound of the size of rounding."""
    start = Problem((np.zeros((1, 1)),), np.full((1, 1), target), 1.0, mask=mask)
    found = gradient_descent(start, steps=3, certify=True)
    assert found.weights[0].tolist() == [[0.0]]
    bound = weight_error_bound(found)
    assert bound < 2.0**-40
    assert bound > 0
    assert loss_ball(found).contains(0)
