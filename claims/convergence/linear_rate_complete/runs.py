"""All T steps on real data, rotations and generated problems, by float64 runs that carry their error bound."""

from dataclasses import dataclass

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.suite import fewer, sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, Verdict, compare, lower_float, rational, square_root
from solvers.descent import gradient_descent, kernel, loss_ball
from solvers.guarantees import theorem_one
from solvers.network import Matrix, Problem, balanced_factors, frobenius_squared, loss
from strategies.whole_problems import hidden_bases, rotated


def after_steps(problem: Problem, margin: Scalar, steps: int, *, fall: int) -> Verdict:
    """Whether l <= l(0) / fall after so many steps, for the exact descent, by a certified float64 run."""
    posed = problem.exact()
    trajectory = gradient_descent(problem, steps=steps, certify=True)
    bound = loss(posed.weights, posed.target) / fall
    return compare(
        Comparison(loss_ball(trajectory), "<=", bound, f"loss after {steps} steps for c = {float(margin):g}")
    )


def own_steps(problem: Problem, margin: Scalar, *, fall: int) -> int:
    """The theorem's T for eps = l(0) / fall."""
    return theorem_one.enough_steps(problem, margin, fmpq(fall), fmpq(1))


def check_complete_run(problem: Problem, margin: Scalar, *, fall: int) -> int:
    """Every hypothesis decided, all T steps at the largest learning rate, the conclusion decided; T."""
    problem = theorem_one.with_largest_learning_rate(problem, margin)
    assert not theorem_one.violated(problem.exact(), margin)
    steps = own_steps(problem, margin, fall=fall)
    verdict = after_steps(problem, margin, steps, fall=fall)
    assert verdict.holds, verdict
    return steps


@dataclass(frozen=True)
class Run:
    """Towards ``target`` from the balanced factors of start * target, to eps = l(0) / fall, T <= ``at_most``."""

    target: str
    widths: tuple[int, ...]
    start: float
    fall: int
    at_most: int

    def problem(self) -> Problem:
        matrix = strategies.regression("diabetes").target if self.target == "diabetes" else rotation(self.widths[0])
        return Problem(balanced_factors(self.start * matrix, self.widths), matrix, 0.0)

    def __str__(self) -> str:
        return f"{self.target}-{'x'.join(map(str, self.widths))}"


def rotation(size: int) -> Matrix:
    """I - (2 / size) e e^T with all of its entries in float64: all singular values are 1, up to rounding."""
    matrix: Matrix = np.eye(size) - np.full((size, size), 2 / size)
    return matrix


LONGEST = 10**7 if kernel() else 5 * 10**5
"""NumPy takes 20 to 40 thousand steps a second, the kernel a hundred times as many."""

RUNS = [
    Run("diabetes", (10, 1), 31 / 32, 4, 10**4),
    Run("diabetes", (10, 3, 1), 15 / 16, 4, 10**5),
    Run("diabetes", (10, 3, 2, 1), 31 / 32, 2, 2 * 10**5),
    Run("diabetes", (10, 8, 8, 1), 7 / 8, 4, 10**6),
    Run("diabetes", (10, 2, 3, 2, 1), 31 / 32, 2, 4 * 10**5),
    Run("diabetes", (10, 4, 4, 4, 1), 15 / 16, 4, 10**6),
    Run("rotation", (2, 2, 2), 63 / 64, 2, 2 * 10**5),
    Run("rotation", (2, 3, 2, 2), 63 / 64, 2, 10**6),
    Run("rotation", (2, 2, 3, 2, 2), 63 / 64, 2, 2 * 10**6),
    Run("rotation", (3, 4, 3), 63 / 64, 2, 10**6),
    Run("rotation", (3, 4, 3, 3), 63 / 64, 2, 2 * 10**6),
    Run("rotation", (3, 3, 4, 3, 3), 63 / 64, 2, 5 * 10**6),
]


@sampled
@pytest.mark.parametrize("run", [run for run in RUNS if run.at_most <= LONGEST], ids=str)
def test_complete_run(run: Run) -> None:
    """Real data and rotations at depths 1 to 4."""
    problem = run.problem()
    margin = rational(theorem_one.certain_margin(problem))
    assert run.at_most / 10 < check_complete_run(problem, margin, fall=run.fall) <= run.at_most


@st.composite
def well_conditioned(draw: st.DrawFn, *, shapes: list[tuple[int, ...]]) -> strategies.MarginProblem:
    """Targets with all singular values 1/2, 1 or 2 in rational bases, W(0) within 1/32 of them, perturbed within delta;
    the learning rate is left at 0."""
    widths = draw(st.sampled_from(shapes))
    count, scale = min(widths[0], widths[-1]), draw(st.sampled_from([1.0, 0.5, 2.0]))
    values = [int(4 * scale)] * count
    target = arithmetic.nearest(draw(strategies.targets(widths[-1], widths[0], singular_values=values))) / 4
    start = target + scale / 32 * draw(strategies.directions(target.shape, least=1 / 2))
    weights = rotated(balanced_factors(start, widths), draw(hidden_bases(widths)))
    norm = square_root(frobenius_squared(arithmetic.exact(target)))
    delta = theorem_one.imbalance_limit(len(widths) - 1, rational(0.96 * scale), norm)
    weights = draw(strategies.networks.perturbed(weights, imbalance=lower_float(delta)))
    problem = Problem(weights, target, 0.0)
    return strategies.MarginProblem(problem, theorem_one.certain_margin(problem))


SHAPES = [(1, 2, 1, 1), (3, 2, 1, 1), (1, 1, 2, 4), (2, 1, 1, 2, 1), (1, 2, 3, 1, 1), (2, 2, 3, 2), (2, 3, 3, 2)]
"""At depths 3 and 4, rank one first: T is 0.2 to 1.3 million."""


@sampled
@fewer(8)
@given(well_conditioned(shapes=SHAPES if kernel() else SHAPES[:3]))
def test_complete_runs_at_depths_three_and_four(drawn: strategies.MarginProblem) -> None:
    """Generated targets, bases, directions and imbalances: all T steps to eps = l(0) / 2."""
    check_complete_run(drawn.problem, rational(drawn.margin), fall=2)
