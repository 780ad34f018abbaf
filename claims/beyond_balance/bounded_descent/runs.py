"""Along trajectories, in balls; where they come to rest; and that no more is promised."""

import pytest
from flint import ctx, fmpq
from hypothesis import given

from claims.beyond_balance.bounded_descent.starts import scalars
from claims.suite import control, fewer, sampled, witness
from solvers.arithmetic import Comparison, balls, compare, exact, rational
from solvers.guarantees import bounded_descent
from solvers.guarantees.bounded_descent import along, energy, falls, gradients_squared
from solvers.guarantees.stability import largest_stable_rate
from solvers.network import Problem, balanced_factors, end_to_end, spectral_norm
from strategies import DATASETS, StateStack, dimensions, start_stacks
from strategies.datasets import real_regression

BITS, STEPS = 256, 10


def in_balls(problem: Problem) -> Problem:
    """The same problem in balls, for runs of more than a few steps."""
    seen = None if problem.covariance is None else balls(problem.covariance)
    rate = balls([[rational(problem.learning_rate)]])[0, 0]
    return Problem(tuple(map(balls, problem.weights)), balls(problem.target), rate, covariance=seen)


def follow(problem: Problem, steps: int) -> None:
    """Assert every conclusion at every step, and the bound on the least gradient."""
    with ctx.workprec(BITS):
        posed = in_balls(problem)
        least = gradients_squared(posed)
        for moved, said in along(posed, steps):
            least = least.min(gradients_squared(moved))
            for each in said:
                verdict = compare(each)
                assert verdict.holds, verdict
        bound = bounded_descent.gradient_bound(posed, steps)
        assert compare(Comparison(least, "<=", bound, "the least S_t")).holds


@sampled
@fewer(8)
@given(start_stacks(size=1, dimensions=dimensions(max_depth=3, max_width=3)))
def test_runs_from_any_start(stack: StateStack) -> None:
    """10 steps at the largest learning rate, depths 1 to 3, on data of any covariance."""
    follow(bounded_descent.with_safe_learning_rate(stack[0].problem), STEPS)


@witness
@pytest.mark.parametrize("name", DATASETS)
def test_runs_on_real_data_that_are_not_whitened(name: str) -> None:
    """Depth 2 from 3/4 Phi, features standardised: a learning rate is found, and 4 steps are followed."""
    seen = real_regression(name)
    outputs, inputs = seen.target.shape
    start = seen.problem(balanced_factors(seen.target * 0.75, (inputs, 3, outputs)), 0.0)
    problem = bounded_descent.with_safe_learning_rate(start)
    assert problem.learning_rate > 0
    follow(problem, 4)


@witness
def test_descent_may_rest_at_a_saddle() -> None:
    """Layers 0 and 0, Phi = 1, at the limit of eta: nothing moves, every conclusion holds, and the loss stays 1/2."""
    problem = scalars([0, 0], 1, fmpq(1, 18))
    assert bounded_descent.largest_rate(problem) == fmpq(1, 18)
    assert gradients_squared(problem) == 0
    ((moved, said),) = along(problem, 1)
    assert all(compare(each).holds for each in said)
    assert energy(moved.step()) == energy(problem) == fmpq(1, 2)


@control
def test_refuted_that_the_loss_goes_to_zero() -> None:
    """Widths 2, 1, 2 and Phi = I: whatever the steps, rank W <= 1 and so E >= 1/2; after 150 of them E is within 1/50
    of that."""
    half = fmpq(1, 2)
    weights = exact([[half, fmpq(1, 3)]]), exact([[half], [half]])
    problem = bounded_descent.with_safe_learning_rate(Problem(weights, exact([[1, 0], [0, 1]]), half).nearest())
    with ctx.workprec(BITS):
        moved = in_balls(problem)
        for _ in range(150):
            moved = moved.step()
            assert end_to_end(moved.weights).shape == (2, 2)
        assert compare(Comparison(energy(moved), ">=", half, "E at a bottleneck")).holds
        assert compare(Comparison(energy(moved), "<=", half + fmpq(1, 50), "E at a bottleneck")).holds


@witness
def test_nothing_moves_where_all_is_zero() -> None:
    """Layers and Phi are 0: any learning rate will do."""
    problem = scalars([0, 0, 0], 0, fmpq(1000))
    assert not bounded_descent.violated(problem)
    assert compare(falls(problem)).holds


@control
def test_refuted_that_every_balanced_minimum_is_as_sharp_on_data() -> None:
    """3 needs S = s_1 I: S = diag(1/4, 1), Phi = (1, 0), layers near (1, 0) and 1. At eta = 3/2, beyond the 1 of
    2 / (N s_1 C^{2-2/N}), 20 steps bring the loss below 10^-6 of what it was; for S = I it rises at the first."""
    weights = exact([[fmpq(101, 100), fmpq(1, 100)]]), exact([[1]])
    target, rate = exact([[1, 0]]), fmpq(3, 2)
    assert rate > largest_stable_rate(2, spectral_norm(target)) == 1
    with ctx.workprec(BITS):
        before = moved = in_balls(Problem(weights, target, rate, covariance=exact([[fmpq(1, 4), 0], [0, 1]])))
        for _ in range(20):
            moved = moved.step()
        assert energy(moved) < energy(before) / 10**6
    white = Problem(weights, target, rate, covariance=exact([[1, 0], [0, 1]]))
    assert energy(white.step()) > energy(white)
