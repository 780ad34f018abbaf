"""The sharper theorem run to its own T, on generated problems and on real data."""

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import fewer, sampled
from solvers.arithmetic import Comparison, Outcome, compare, decide, lower_float, rational
from solvers.descent import gradient_descent, loss_ball
from solvers.guarantees import sharper_constants, theorem_one
from solvers.network import Problem, loss
from strategies import DATASETS, MarginProblem, dimensions, margin_problems, real_problem
from strategies.networks import perturbed


@st.composite
def sharper_problems(draw: st.DrawFn) -> MarginProblem:
    """Problems that meet the sharper theorem's hypotheses: as far out of balance as its delta and their margin allow,
    eta at its limit."""
    widths = dimensions(bottleneck=False, max_depth=4, max_width=3)
    start = draw(margin_problems(dimensions=widths, perturb=False, least_fraction=1 / 4, least_distance=1 / 8))
    weights, target, margin = start.problem.weights, start.problem.target, start.margin * 0.9
    delta = lower_float(sharper_constants.imbalance_limit(start.problem.depth, rational(margin), fmpq(1)))
    far = draw(perturbed(weights, imbalance=delta))
    for halvings in range(20):
        moved = tuple(a + (b - a) / 2**halvings for a, b in zip(weights, far, strict=True))
        problem = sharper_constants.with_largest_learning_rate(Problem(moved, target, 0.0), rational(margin))
        if theorem_one.certain_margin(Problem(moved, target, 0.0)) >= margin and not sharper_constants.violated(
            problem, rational(margin)
        ):
            return MarginProblem(problem, margin)
    return MarginProblem(sharper_constants.with_largest_learning_rate(start.problem, rational(margin)), margin)


@sampled
@fewer(5)
@given(sharper_problems())
def test_complete_runs(drawn: MarginProblem) -> None:
    """Depths 1 to 4: all T steps to eps = l(0) / 2, or 20 thousand of them."""
    margin = rational(drawn.margin)
    problem = drawn.problem.exact()
    assert not sharper_constants.violated(problem, margin)
    initial = loss(problem.weights, problem.target)
    steps = min(20_000, theorem_one.enough_steps(problem, margin, initial, initial / 2))
    trajectory = gradient_descent(drawn.problem, steps=steps, certify=True)
    verdict = compare(theorem_one.guarantee(trajectory, margin, initial))
    if verdict.outcome is Outcome.UNDECIDED:
        verdict = decide(lambda exact_problem: theorem_one.after_one_step(exact_problem, margin), drawn.problem)
    assert verdict.holds, verdict


@sampled
@pytest.mark.parametrize("hidden", [(3,), (4, 3)])
@pytest.mark.parametrize("name", DATASETS)
def test_complete_runs_on_real_data(name: str, hidden: tuple[int, ...]) -> None:
    """Depths 2 and 3 on both real data sets, all T steps to eps = l(0) / 4; ACGH19's T is up to 10^10."""
    problem = real_problem(name, hidden, start=31 / 32 if name == "diabetes" else 63 / 64, learning_rate=0.0)
    margin = rational(theorem_one.certain_margin(problem))
    problem = sharper_constants.with_largest_learning_rate(problem, margin)
    assert not sharper_constants.violated(problem, margin)
    exact_problem = problem.exact()
    initial = loss(exact_problem.weights, exact_problem.target)
    steps = theorem_one.enough_steps(problem, margin, initial, initial / 4)
    trajectory = gradient_descent(problem, steps=steps, certify=True)
    assert compare(Comparison(loss_ball(trajectory), "<=", initial / 4, f"loss after T = {steps} steps")).holds
