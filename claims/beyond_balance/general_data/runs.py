"""The theorem along trajectories, in balls: to its own T from generated starts, and on real data not whitened."""

from collections.abc import Iterator
from typing import Any

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import fewer, sampled, witness
from solvers.arithmetic import Comparison, balls, compare, rational
from solvers.guarantees import general_data
from solvers.guarantees.general_data import BALANCES, MARGINS, Balance, MarginIn, violated
from solvers.network import Problem, balanced_factors, end_to_end, gradient_step, loss, sigma_min
from strategies import DATASETS, MarginProblem, data_problems, dimensions
from strategies.datasets import real_regression

BITS, MOST = 256, 300


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
    """All T steps to eps = E(0)/2, or the first 300 of them; kappa up to 16, depths 1 to 3."""
    widths = dimensions(bottleneck=False, max_depth=3, max_width=2)
    start = data_problems(
        balance=balance, margin_in=margin_in, dimensions=widths, least_share=1 / 2, most=2, largest_rate=True
    )
    drawn: MarginProblem = data.draw(start)
    steps = general_data.enough_steps(drawn.problem, drawn.margin, fmpq(2), fmpq(1))
    follow(drawn.problem, drawn.margin, min(steps, MOST), balance)


@witness
@pytest.mark.parametrize("scaled", [True, False], ids=["standardised", "as they are"])
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_that_are_not_whitened(name: str, scaled: bool) -> None:
    """Depth 2 from 1 - 2^-12 times Phi, kappa from 9 to 10^6: the hypotheses are met for either margin, and 20 steps
    followed."""
    seen = real_regression(name, scaled=scaled)
    outputs, inputs = seen.target.shape
    start = seen.problem(balanced_factors((1 - 2.0**-12) * seen.target, (inputs, 3, outputs)), 0.0)
    for margin_in in MARGINS:
        margin = general_data.certain_margin(start, margin_in)
        assert margin > 0
        problem = general_data.with_largest_learning_rate(start, margin, margin_in=margin_in)
        assert not violated(problem, margin, margin_in=margin_in)
        follow(problem, margin, 20, "sum")
