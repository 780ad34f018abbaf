"""The flow of two layers of equal imbalances: its closed form in floats against balls and the integrator, long times,
and what is refused."""

import numpy as np
import pytest
from flint import ctx, fmpq

from solvers import Problem, gradient_flow
from solvers.arithmetic import exact, nearest, rational
from solvers.flow import common_imbalance, lambda_balanced_ball, lambda_balanced_flow
from solvers.flow.lambda_balanced import _at_rest


def start(imbalance: float, size: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Layers p -+ c/p over 2 times the identity, p = 2."""
    p = 2.0
    return np.eye(size) * (p - imbalance / p) / 2, np.eye(size) * (p + imbalance / p) / 2


TARGETS = [np.array([[0.5, -1.0], [2.0, 0.25]]), np.diag([1.0, 0.0]), np.zeros((2, 2)), np.diag([3.0, -1.0])]


@pytest.mark.parametrize("imbalance", [-2.0, 0.0, 0.5])
@pytest.mark.parametrize("target", TARGETS)
def test_floats_against_balls(imbalance, target):
    """To 2^-40 at times 0, 1/8, 1 and 6; the balls at 256 bits are narrower than that."""
    weights = start(imbalance)
    assert common_imbalance(weights) == imbalance
    times = [0.0, 0.125, 1.0, 6.0]
    found = lambda_balanced_flow(weights, target, times)
    with ctx.workprec(256):
        for k, time in enumerate(times):
            ball = lambda_balanced_ball(tuple(map(exact, weights)), exact(target), fmpq(int(time * 8), 8))
            assert max(float(entry.rad()) for entry in ball.ravel()) < 2.0**-60
            assert np.allclose(found[k], nearest(ball), rtol=2.0**-40, atol=2.0**-40)


@pytest.mark.parametrize("target", TARGETS[:2])
def test_the_order_of_times_does_not_matter(target):
    weights, times = start(0.5), [3.0, 0.0, 1.0, 3.0]
    found = lambda_balanced_flow(weights, target, times)
    alone = np.concatenate([lambda_balanced_flow(weights, target, [time]) for time in times])
    assert np.allclose(found, alone, rtol=2.0**-40, atol=2.0**-40)
    assert np.allclose(found[1], weights[1] @ weights[0], rtol=2.0**-50)


def test_long_times_come_to_rest():
    """At 10^6, where e^{F t} has no float: W is the target; a mode of 0 falls as 1/(2t), as the integrator has it."""
    weights = start(0.5)
    assert np.allclose(lambda_balanced_flow(weights, TARGETS[0], [1e6])[0], TARGETS[0], atol=1e-12)
    balanced = start(0.0)
    found = lambda_balanced_flow(balanced, TARGETS[1], [50.0])[0]
    integrated = gradient_flow(Problem(balanced, TARGETS[1], 1.0), times=[50.0], rtol=1e-12, atol=1e-14).end_to_end[0]
    assert np.allclose(found, integrated, rtol=1e-9, atol=1e-12)
    for time in (50.0, 1e4):
        assert lambda_balanced_flow(balanced, TARGETS[1], [time])[0, 1, 1] == pytest.approx(
            1 / (2 * time + 1), rel=1e-9
        )


@pytest.mark.parametrize("size", [1.0, 2.0**-40])
def test_at_rest_is_so_for_each_mode_by_its_own_size(size):
    """One mode of two moves by a part of itself: at rest where that is rounding, however small the mode is."""
    before = np.array([[1.0, 0.5], [size, -size]])
    for part, rest in ((2.0**-51, True), (2.0**-44, False)):
        after = before * np.array([[1.0], [1 + part]])
        assert _at_rest(after, before) is rest


def test_a_ball_that_knows_nothing():
    """At a precision that is too small for the time the entries are NaN, and with more bits they are narrow."""
    weights, target = tuple(map(exact, start(0.0))), exact(TARGETS[0])
    with ctx.workprec(30):
        assert all(entry.is_nan() for entry in lambda_balanced_ball(weights, target, fmpq(200)).ravel())
    with ctx.workprec(4000):
        assert all(float(entry.rad()) < 1e-9 for entry in lambda_balanced_ball(weights, target, fmpq(200)).ravel())


def test_what_is_refused():
    first, second = start(0.5)
    with pytest.raises(ValueError, match="weights has 3 layers; expected 2"):
        common_imbalance((first, second, second))
    with pytest.raises(ValueError, match="weights has an imbalance that is no multiple of I"):
        lambda_balanced_flow((first, second + np.diag([1e-9, 0.0])), TARGETS[0], [1.0])
    with pytest.raises(ValueError, match="weights has an imbalance that is no multiple of I"):
        common_imbalance((exact(first), exact(second + np.diag([2.0**-40, 0.0]))))
    for times in ([-1.0], [np.nan], [[1.0]]):
        with pytest.raises(ValueError, match="times is not a list of finite numbers >= 0"):
            lambda_balanced_flow((first, second), TARGETS[0], times)
    with pytest.raises((TypeError, ValueError), match="target"):
        lambda_balanced_flow((first, second), np.ones((3, 2)), [1.0])


def test_modes_that_hardly_grow():
    """Phi = 2^-28, w = (1, 1): e^{2 F t} - 1 is left to its first two terms, and W(1) is that of the ball."""
    weights, target = (np.ones((1, 1)), np.ones((1, 1))), np.full((1, 1), 2.0**-28)
    found = lambda_balanced_flow(weights, target, [1.0])[0, 0, 0]
    ball = lambda_balanced_ball(tuple(map(exact, weights)), exact(target), 1)[0, 0]
    assert abs(ball - rational(float(found))) < fmpq(1, 2**48)
