"""The theorem along trajectories: in balls, every step; to its own T with rounding bounded; real data not whitened."""

from collections.abc import Iterator
from typing import Any

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import fewer, sampled, witness
from solvers.arithmetic import Comparison, Outcome, balls, compare, rational
from solvers.descent import gradient_descent
from solvers.guarantees import general_data
from solvers.guarantees.general_data import BALANCES, MARGINS, Balance, MarginIn, violated
from solvers.network import Problem, balanced_factors, end_to_end, gradient_step, loss, sigma_min
from strategies import DATASETS, MarginProblem, data_problems, dimensions
from strategies.datasets import real_regression

BITS, MOST = 256, 100


def trajectory(problem: Problem) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """(weights, E) at t = 0, 1, ..., in balls."""
    weights, target, seen = (tuple(map(balls, problem.weights)), balls(problem.target), balls(problem.covariance))
    rate = arb(rational(problem.learning_rate))
    while True:
        yield weights, loss(weights, target, covariance=seen)
        weights = gradient_step(weights, target, rate, covariance=seen)


def follow(problem: Problem, margin: float, steps: int, balance: Balance) -> None:
    """Assert the rate at every step, and sigma_min(W) >= c and the balance at the last."""
    c, depth = rational(margin), problem.depth
    least, most = general_data.extreme_eigenvalues(problem.exact().covariance)
    kept = 1 - rational(problem.learning_rate) * general_data.decay_exponent(depth, c, least)
    with ctx.workprec(BITS):
        states = trajectory(problem)
        weights, before = next(states)
        for t in range(1, steps + 1):
            weights, energy = next(states)
            assert compare(Comparison(energy, "<=", kept * before, f"E at step {t} against E before")).holds
            before = energy
        assert compare(Comparison(sigma_min(end_to_end(weights)), ">=", c, "sigma_min(W)")).holds
        limit = general_data.kept_imbalance(depth, c, most / least, balance)
        for said in general_data.balance_of(weights, limit, balance):
            assert compare(said).holds


@sampled
@fewer(5)
@given(st.data())
@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("margin_in", MARGINS)
def test_runs(margin_in: MarginIn, balance: Balance, data: st.DataObject) -> None:
    """All T steps to eps = E(0)/2, or the first 100 of them; kappa up to 16, depths 1 to 3."""
    widths = dimensions(bottleneck=False, max_depth=3, max_width=2)
    start = data_problems(
        balance=balance, margin_in=margin_in, dimensions=widths, least_share=1 / 2, most=2, largest_rate=True
    )
    drawn: MarginProblem = data.draw(start)
    steps = general_data.enough_steps(drawn.problem, drawn.margin, fmpq(2), fmpq(1))
    follow(drawn.problem, drawn.margin, min(steps, MOST), balance)


@sampled
@fewer(3)
@given(st.data())
@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("margin_in", MARGINS)
def test_complete_runs(margin_in: MarginIn, balance: Balance, data: st.DataObject) -> None:
    """All T steps to eps = E(0)/4 in float64 with the rounding bounded, or 20 thousand of them; kappa up to 2^10."""
    start = data_problems(
        balance=balance, margin_in=margin_in, least_share=1 / 4, most=8, least_distance=1 / 8, largest_rate=True
    )
    complete(data.draw(start), balance, 20_000)


@sampled
@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("hidden", [(3,), (4, 3)])
@pytest.mark.parametrize("name", DATASETS)
def test_complete_runs_on_real_data(name: str, hidden: tuple[int, ...], balance: Balance) -> None:
    """Standardised, not whitened: diabetes of kappa = 470 from 31/32 Phi, linnerud of kappa = 9 from 255/256 Phi;
    depths 2 and 3, all T steps to eps = E(0)/4."""
    seen = real_regression(name)
    outputs, inputs = seen.target.shape
    near = 31 / 32 if name == "diabetes" else 255 / 256
    start = seen.problem(balanced_factors(near * seen.target, (inputs, *hidden, outputs)), 0.0)
    margin = general_data.certain_margin(start)
    problem = general_data.with_largest_learning_rate(start, margin, balance=balance)
    assert not violated(problem, margin, balance=balance)
    complete(MarginProblem(problem, margin), balance, 200_000)


def complete(drawn: MarginProblem, balance: Balance, most: int) -> None:
    """Assert the guarantee after T steps; where rounding hides it, that a single step keeps it."""
    problem, margin = drawn.problem, drawn.margin
    steps = min(most, general_data.enough_steps(problem, margin, fmpq(4), fmpq(1)))
    trajectory = gradient_descent(problem, steps=steps, certify=True)
    verdict = compare(general_data.guarantee(trajectory, problem, margin))
    if verdict.outcome is Outcome.UNDECIDED:
        verdict = compare(general_data.after_steps(problem.exact(), margin, 1))
    assert verdict.holds, verdict


@witness
@pytest.mark.parametrize("scaled", [True, False], ids=["standardised", "as they are"])
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_that_are_not_whitened(name: str, scaled: bool) -> None:
    """Depth 2 from 1 - 2^-12 times Phi, kappa from 9 to 10^6: the hypotheses are met for either margin, and 8 steps
    followed."""
    seen = real_regression(name, scaled=scaled)
    outputs, inputs = seen.target.shape
    start = seen.problem(balanced_factors((1 - 2.0**-12) * seen.target, (inputs, 3, outputs)), 0.0)
    for margin_in in MARGINS:
        margin = general_data.certain_margin(start, margin_in)
        assert margin > 0
        problem = general_data.with_largest_learning_rate(start, margin, margin_in=margin_in)
        assert not violated(problem, margin, margin_in=margin_in)
        follow(problem, margin, 8, "sum")
