"""What a complete run can refute, and where there is nothing to run."""

from functools import partial

import numpy as np
import pytest
from flint import arb, fmpq

from claims.convergence.linear_rate_complete.runs import LONGEST, Run, after_steps, own_steps
from claims.suite import control, witness
from solvers.arithmetic import Comparison, Scalar, compare, rational, settle, upper_float
from solvers.guarantees import theorem_one
from solvers.network import Problem, balanced_factors, loss
from strategies import real_problem


def diabetes() -> tuple[Problem, fmpq]:
    """10-3-2-1 from 31/32 Phi at the largest learning rate, and its margin."""
    problem = Run("diabetes", (10, 3, 2, 1), 31 / 32, 2, LONGEST).problem()
    margin = rational(theorem_one.certain_margin(problem))
    return theorem_one.with_largest_learning_rate(problem, margin), margin


@control
@pytest.mark.parametrize("part", [1000, 10])
def test_refuted_with_a_part_of_the_steps(part: int) -> None:
    """T / 1000 steps do not halve the loss, and neither do T / 10: on this run the theorem gives
    away less than a factor of ten."""
    problem, margin = diabetes()
    verdict = after_steps(problem, margin, own_steps(problem, margin, fall=2) // part, fall=2)
    assert verdict.fails, verdict


@control
def test_refuted_with_the_exponent_doubled() -> None:
    """Phi = W(0) + 1/2 = 32, three equal layers: with c^{4(N-1)/N} for c^{2(N-1)/N} T is a hundredth, too few."""
    target = np.array([[32.0]])
    problem = Problem(balanced_factors(target - 0.5, (1, 1, 1, 1)), target, 0.0)
    margin = rational(theorem_one.certain_margin(problem))
    problem = theorem_one.with_largest_learning_rate(problem, margin)
    assert not theorem_one.violated(problem.exact(), margin)
    decay = rational(problem.learning_rate) * theorem_one.decay_exponent(3, margin) ** 2
    steps = int(np.ceil(upper_float(arb(2).log() / decay)))
    assert steps * 90 < own_steps(problem, margin, fall=2)
    verdict = after_steps(problem, margin, steps, fall=2)
    assert verdict.fails, verdict


@control
def test_refuted_without_the_margin_after_all_its_steps() -> None:
    """Phi = -1, w = (1, 1, 1), as if c were 1: all T = 115 thousand steps leave l above 1/2, a quarter of l(0)."""
    one = np.ones((1, 1))
    problem = theorem_one.with_largest_learning_rate(Problem((one, one, one), -one, 0.0), fmpq(1))
    verdict = after_steps(problem, fmpq(1), own_steps(problem, fmpq(1), fall=4), fall=4)
    assert verdict.fails, verdict


@control
def test_refuted_that_a_large_learning_rate_needs_fewer_steps() -> None:
    """eta = 3/2, Phi = 1, three layers of (9/8)^{1/3}: T would be 1, so that every l(t), t >= 1, is at most l(0) / 2;
    l(2) is not."""
    one = np.ones((1, 1))
    problem = Problem(((9 / 8) ** (1 / 3) * one,) * 3, one, 1.5)
    margin = rational(theorem_one.certain_margin(problem))
    assert own_steps(problem, margin, fall=2) == 1
    start = problem.exact()
    moved = start
    for _ in range(2):
        moved = moved.step()
    bound = loss(start.weights, start.target) / 2
    assert compare(Comparison(loss(moved.weights, moved.target), "<=", bound, "loss after two steps")).fails


@witness
def test_nothing_to_do_for_an_accuracy_already_reached() -> None:
    """eps >= l(0) needs T = 0 steps, and T is the least whole number that does: one less is not enough."""
    problem, margin = diabetes()
    assert theorem_one.enough_steps(problem, margin, fmpq(1), fmpq(1)) == 0
    assert theorem_one.enough_steps(problem, margin, fmpq(1), fmpq(2)) == 0
    steps = own_steps(problem, margin, fall=2)
    decay = rational(problem.learning_rate) * theorem_one.decay_exponent(problem.depth, margin)
    promised = partial(_promised, decay)
    assert settle(partial(promised, steps)).holds
    assert settle(partial(promised, steps - 1)).fails


def _promised(decay: Scalar, steps: int) -> Comparison:
    return Comparison((-arb(decay) * steps).exp(), "<=", fmpq(1, 2), f"exp(-eta c^(2(N-1)/N) T) at T = {steps}")


@witness
def test_linnerud_meets_the_hypotheses_but_its_own_steps_are_out_of_reach() -> None:
    """Depth 3 on real data with three outputs: T is above 10^9."""
    problem = real_problem("linnerud", (4, 3), start=127 / 128, learning_rate=0.0)
    margin = rational(theorem_one.certain_margin(problem))
    problem = theorem_one.with_largest_learning_rate(problem, margin)
    assert not theorem_one.violated(problem.exact(), margin)
    assert own_steps(problem, margin, fall=2) > 10**9
