"""Whether Theorem 1's own margin is enough for the number of steps: a search, on data that are far from white."""

from dataclasses import replace
from itertools import islice

import numpy as np
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.beyond_balance.general_data.runs import BITS, trajectory
from claims.suite import Fate, ablates, fewer, sampled, witness
from solvers.arithmetic import Outcome, Verdict, compare, nearest, rational
from solvers.descent import gradient_descent
from solvers.guarantees import general_data
from solvers.network import Problem
from strategies import margin_problems, positive_covariances


@sampled
@ablates("DL-072", "margin", "(i) in Frobenius's norm: the number of steps", Fate.OPEN)
@fewer(2)
@given(st.data())
def test_no_run_refutes_the_number_of_steps(data: st.DataObject) -> None:
    """sigma_min(Phi) - ||W(0) - Phi||_F >= c, eta at the limit of (B), kappa up to 2^8, up to 5000 steps to E(0)/4."""
    drawn = data.draw(margin_problems(max_depth=4, least_fraction=1 / 4, least_distance=1 / 2, perturb=False))
    covariance = nearest(data.draw(positive_covariances(drawn.problem.dimensions[0], most=6)))
    start = replace(drawn.problem, covariance=covariance)
    problem = general_data.with_largest_learning_rate(start, drawn.margin)
    broken = general_data.violated(problem, drawn.margin)
    assert broken.keys() <= {"|G(0)|_S against the margin"}
    steps = min(5000, general_data.enough_steps(problem, drawn.margin, fmpq(4), fmpq(1)))
    run = gradient_descent(problem, steps=steps, certify=True)
    verdict = compare(general_data.guarantee(run, problem, drawn.margin))
    if verdict.outcome is Outcome.UNDECIDED:
        verdict = in_balls(problem, drawn.margin, min(steps, 300))
    assert verdict.holds, verdict


def in_balls(problem: Problem, margin: float, steps: int) -> Verdict:
    """The guarantee after fewer steps, where float64's bound on its rounding is none."""
    with ctx.workprec(BITS):
        _, energy = next(islice(trajectory(problem), steps, None))
        posed = general_data.after_steps(problem.exact(), margin, 0)
        least, _ = general_data.extreme_eigenvalues(problem.exact().covariance)
        decay = rational(problem.learning_rate) * general_data.decay_exponent(problem.depth, rational(margin), least)
        return compare(posed._replace(left=energy, right=posed.left * (1 - arb(decay)) ** steps))


@witness
def test_balls_decide_the_guarantee_of_a_short_run() -> None:
    """Layers 31/32 and 31/32, Phi = 1, variance 1/4, c = 7/8: three steps, whose bound is E(0) (1 - eta r)^3."""
    weight, one = np.array([[31 / 32]]), np.array([[1.0]])
    problem = general_data.with_largest_learning_rate(Problem((weight, weight), one, 0.0, np.array([[0.25]])), 7 / 8)
    verdict = in_balls(problem, 7 / 8, 3)
    assert verdict.holds
    expected = general_data.after_steps(problem.exact(), 7 / 8, 3)
    assert abs(verdict.left - float(expected.left)) <= 2.0**-40 * verdict.left
    assert abs(verdict.right - float(expected.right)) <= 2.0**-40 * verdict.right
