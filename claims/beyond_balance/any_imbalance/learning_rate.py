"""Statement 6: its learning rate from both sides, and how far the imbalance drifts."""

from dataclasses import replace

import pytest
from flint import arb, fmpq

from claims.beyond_balance.any_imbalance.refutations import scalars
from claims.necessity.balance_needed.divergence import in_the_set
from claims.suite import Fate, ablates, control, exact, witness
from solvers import Problem, frobenius_squared, imbalances, loss
from solvers.arithmetic import Comparison, balls, compare, rational
from solvers.arithmetic import exact as rationals
from solvers.guarantees import any_imbalance as theorem


def at_the_limit(first: fmpq | int, second: fmpq | int, target: fmpq | int) -> Problem:
    """Widths 1-1-1, at the largest learning rate that the theorem certainly allows, as a rational."""
    layers = scalars(first, second, target)
    limit = theorem.largest_learning_rate(Problem(layers.weights, layers.target, fmpq(1)))
    return Problem(layers.weights, layers.target, rational(limit))


DRIFT = fmpq(3)
"""||D(t) - D(0)||_F is at most that many times eta L(0)."""


def drift(problem: Problem, steps: int, *, of: fmpq | int = DRIFT) -> Comparison:
    """||D(t) - D(0)||_F <= ``of`` eta L(0), squared, after so many steps in balls."""
    moved = Problem(tuple(map(balls, problem.weights)), balls(problem.target), arb(problem.learning_rate))
    (before,) = imbalances(moved.weights)
    bound = of * moved.learning_rate * loss(moved.weights, moved.target)
    for _ in range(steps):
        moved = moved.step()
    (after,) = imbalances(moved.weights)
    return Comparison(frobenius_squared(after - before), "<=", bound**2, "||D(t) - D(0)||_F^2")


@witness
def test_the_learning_rate_in_small_numbers() -> None:
    """W_1 = 0 and W_2 = (1, 1): |D|_2 = alpha_0 = 2 and d = 3. For Phi = 1, C = 2 and eta may be 1/(3 + 5 + 1); for
    Phi = p = 189/64 it may be alpha_0/(12 L(0)) = 1/(3 p^2). No more is allowed of either."""
    weights, p = (rationals([[0], [0]]), rationals([[1, 1]])), fmpq(189, 64)
    for target, limit in ((fmpq(1), fmpq(1, 9)), (p, 1 / (3 * p**2))):
        problem = Problem(weights, rationals([[target]]), limit)
        assert not theorem.violated(problem)
        more = replace(problem, learning_rate=limit + fmpq(1, 10**12))
        assert theorem.violated(more).keys() == {"learning rate against its limit"}


@control
@ablates("DL-069", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_without_a_limit_of_the_learning_rate() -> None:
    """Scalars 2 and 3, Phi = 1, eta = 15/2: in the set of divergence of DL-018 (``balance_needed``, statement 2), where
    |w_1|, |w_2| are in [B, C], B >= 2 and eta B^3 >= 20 C: so they are after the step, and l grows for ever."""
    problem = Problem((rationals([[2]]), rationals([[3]])), rationals([[1]]), fmpq(15, 2))
    assert theorem.violated(problem).keys() == {"learning rate against its limit"}
    for _ in range(3):
        sizes = sorted(abs(layer[0, 0]) for layer in problem.weights)
        assert in_the_set(problem.learning_rate, 2, *sizes)
        moved = problem.step()
        assert loss(moved.weights, moved.target) > loss(problem.weights, problem.target)
        problem = moved


@control
@ablates("DL-069", "learning rate", "x 21/10", Fate.RATE)
@pytest.mark.parametrize("scale", [fmpq(1, 16), fmpq(1), fmpq(16)], ids=str)
def test_refuted_with_a_larger_learning_rate(scale: fmpq) -> None:
    """Scalars 1 and 101/100, W a little above Phi, in three units: at 21/10 of the limit the loss rises."""
    problem = at_the_limit(scale, fmpq(101, 100) * scale, (fmpq(101, 100) - fmpq(1, 10**6)) * scale**2)
    assert not theorem.violated(problem)
    assert compare(theorem.after_steps(problem, 1)).holds
    larger = replace(problem, learning_rate=problem.learning_rate * fmpq(21, 10))
    assert theorem.violated(larger).keys() == {"learning rate against its limit"}
    assert compare(theorem.after_steps(larger, 1)).fails
    after = larger.step()
    assert loss(after.weights, after.target) > loss(larger.weights, larger.target)


@exact
@pytest.mark.parametrize(
    ("first", "second", "target"),
    [(0, 1, fmpq(1, 1000)), (0, 1, 1), (3, fmpq(1, 2), -1), (fmpq(1, 8), 4, 2), (-1, 2, 5)],
)
def test_the_drift_of_the_imbalance(first: fmpq | int, second: fmpq | int, target: fmpq | int) -> None:
    """Five starts of widths 1-1-1 at the largest learning rate: 1, 5 and 40 steps."""
    problem = at_the_limit(first, second, target)
    for steps in (1, 5, 40):
        verdict = compare(drift(problem, steps))
        assert verdict.holds, verdict


@control
def test_refuted_with_less_than_the_loss_in_the_drift() -> None:
    """W_1 = 0, W_2 = 1, Phi = 1/1000: after 40 steps the drift is above eta L(0), if below 3 of it."""
    problem = at_the_limit(0, 1, fmpq(1, 1000))
    assert compare(drift(problem, 40)).holds
    assert compare(drift(problem, 40, of=1)).fails
