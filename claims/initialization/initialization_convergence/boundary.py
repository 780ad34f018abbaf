"""How near the constants are: half of the one in eta, a sixteenth of the steps; nothing to do; equality throughout."""

import numpy as np
from flint import arb, fmpq

from claims.initialization.initialization_convergence.starts import Setting
from claims.suite import control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, Outcome, compare, lower_float, rational, settle
from solvers.guarantees import theorem_one, theorem_two
from solvers.network import Problem, deficiency_margin


@control
def test_refuted_that_half_of_the_constant_in_eta_meets_theorem_one() -> None:
    """5 * 10^4 in place of 10^5 is above the limit of Theorem 1 at depth 3; 10^5 is not."""
    limit = theorem_one.learning_rate_limit(3, fmpq(1, 8), fmpq(1))
    for factor, outcome in ((1, Outcome.HOLDS), (2, Outcome.FAILS)):
        rate = factor * theorem_two.learning_rate_limit(3, fmpq(1, 4), fmpq(1))
        assert compare(Comparison(rate, "<=", limit, f"{factor} times eta")).outcome is outcome


@control
def test_refuted_with_a_sixteenth_of_the_steps() -> None:
    """T / 16 at depth 1 from A = 1/2 (margin exactly c for Phi = s = d_0 = 1) leaves l above eps = 1/100."""
    rate, accuracy = rational(lower_float(theorem_two.learning_rate_limit(1, fmpq(1), fmpq(1)))), fmpq(1, 100)
    steps = theorem_two.steps_to(1, rate, fmpq(1), fmpq(1), accuracy)
    left = [(2 * count * (1 - arb(rate)).log()).exp() / 8 for count in (steps, steps // 16)]
    assert compare(Comparison(left[0], "<=", accuracy, "loss after T")).holds
    assert compare(Comparison(left[1], "<=", accuracy, "loss after T / 16")).fails


@witness
def test_nothing_to_do_for_a_large_accuracy() -> None:
    """At depth 1 T falls to 0 at eps = ||Phi||^2 / 2, which bounds l(0) where the margin is not negative."""
    rate = fmpq(1, 10**5)
    assert theorem_two.steps_to(1, rate, fmpq(1), fmpq(1), fmpq(49, 100)) > 0
    assert theorem_two.steps_to(1, rate, fmpq(1), fmpq(1), fmpq(51, 100)) == 0
    assert theorem_two.steps_to(2, rate, fmpq(1, 4), fmpq(1), fmpq(10**9)) == 0


@witness
def test_hypotheses_with_equality() -> None:
    """d_0 = 1, Phi = s = 1, depth 1, A = 1/2: the margin is exactly c = v / (2 ||Phi||), and eta at its limit. Real
    data: A = Phi has twice the margin that is asked for, and more."""
    half, one = fmpq(1, 2), arithmetic.exact(np.eye(1))
    problem = Problem((half * one,), one, theorem_two.learning_rate_limit(1, fmpq(1), fmpq(1)))
    assert deficiency_margin(problem.weights, problem.target) == half
    assert not theorem_one.violated(problem, half)
    assert not theorem_two.violated(problem, fmpq(1), fmpq(1))
    setting = Setting.of((10, 1), theorem_two.learning_rate_limit)
    start = Problem((setting.target,), setting.target, 0.0)
    assert settle(lambda: theorem_two.has_margin(start.exact(), 2 * setting.margin)).holds
