"""The rate that two layers' imbalance promises: against NumPy, under rescaling, at its limits, and what is refused."""

import numpy as np
import pytest
from flint import fmpq

from solvers import Problem, gradient_descent, loss
from solvers.arithmetic import exact
from solvers.guarantees import any_imbalance

CASES = [(1, 1, 1), (2, 5, 2), (3, 2, 1), (1, 4, 3), (2, 2, 2)]


def problem_of(seed: int, widths: tuple[int, int, int], rate: float = 0.001) -> Problem:
    random = np.random.default_rng(seed)
    before, hidden, after = widths
    weights = (random.standard_normal((hidden, before)), random.standard_normal((after, hidden)))
    return Problem(weights, random.standard_normal((after, before)), rate)


@pytest.mark.parametrize("widths", CASES)
def test_rate_against_numpy(widths):
    """alpha_0 of floats, of rationals and of enclosures."""
    problem = problem_of(sum(widths), widths)
    first, second = problem.weights
    values = np.sort(np.linalg.eigvalsh(second.T @ second - first @ first.T))[::-1]
    m, n, h = len(second), first.shape[1], len(first)
    top = values[m - 1] if m <= h else 0.0
    bottom = -values[h - n] if n <= h else 0.0
    expected = max(top, 0) + max(bottom, 0)
    for posed in (problem.exact(), problem.enclosed()):
        assert float(any_imbalance.imbalance_rate(posed.weights)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("factor", [2, 16])
def test_rescaling_changes_no_verdict(factor):
    """W_j by c, Phi by c^2, eta by c^-2: alpha_0 by c^2 and the limit by c^-2, exactly for powers of 2."""
    problem = problem_of(3, (1, 3, 1)).exact()
    scale = fmpq(factor)
    scaled = Problem(tuple(layer * scale for layer in problem.weights), problem.target * scale**2, fmpq(1))
    ratio = any_imbalance.imbalance_rate(scaled.weights) / any_imbalance.imbalance_rate(problem.weights)
    assert abs(ratio - scale**2) < 1e-9
    limits = [any_imbalance.largest_learning_rate(posed) for posed in (problem, scaled)]
    assert limits[0] / limits[1] == pytest.approx(factor**2, rel=1e-12)


@pytest.mark.parametrize("widths", [(1, 2, 1), (2, 4, 2)])
def test_the_limit_is_met_and_not_passed(widths):
    problem = problem_of(8, widths)
    limit = any_imbalance.largest_learning_rate(problem)
    assert not any_imbalance.violated(Problem(problem.weights, problem.target, limit))
    beyond = any_imbalance.violated(Problem(problem.weights, problem.target, limit * (1 + 1e-9)))
    assert list(beyond) == ["learning rate against its limit"]
    at_zero = any_imbalance.violated(Problem(problem.weights, problem.target, 0.0))
    assert list(at_zero) == ["learning rate"]


def test_either_term_limits_the_learning_rate():
    """Of alpha_0 / (12 L_0) and the other: large losses take the first, small ones the second."""
    one, norm = fmpq(1), fmpq(1)
    large = any_imbalance.learning_rate_limit(one, norm, norm, fmpq(200))
    assert abs(large - one / (12 * 200)) < 1e-15
    small = any_imbalance.learning_rate_limit(one, norm, fmpq(0), fmpq(0))
    assert small == fmpq(1, 3)


def test_the_guarantee_after_so_many_steps_is_a_power():
    """Of 1 - eta alpha_0 / 3 = 4/5, alpha_0 = 3 and eta = 1/5: L_0 after no step, then four fifths of it each."""
    problem = Problem((exact([[2]]), exact([[1]])), exact([[5]]), fmpq(1, 5))
    bounds = [any_imbalance.after_steps(problem, steps) for steps in range(3)]
    assert bounds[0].left == bounds[0].right == fmpq(9, 2)
    assert [bound.right for bound in bounds[1:]] == [fmpq(9, 2) * fmpq(4, 5), fmpq(9, 2) * fmpq(4, 5) ** 2]
    assert any_imbalance.after_steps(problem, 1, times=2).right == fmpq(9, 2) * fmpq(3, 5)


def test_enough_steps_are_enough():
    problem = problem_of(8, (1, 2, 1))
    problem = Problem(problem.weights, problem.target, any_imbalance.largest_learning_rate(problem))
    wanted = loss(problem.weights, problem.target) / 1000
    steps = any_imbalance.enough_steps(problem.exact(), exact(np.array([[wanted]]))[0, 0])
    assert gradient_descent(problem, steps=steps).loss[-1] <= wanted
    assert any_imbalance.enough_steps(problem.exact(), fmpq(10**6)) == 0


def test_what_is_refused():
    problem = problem_of(1, (2, 2, 2))
    with pytest.raises(ValueError, match="weights has 1 layers; expected 2"):
        any_imbalance.imbalance_rate(problem.weights[:1])
    balanced = Problem((np.eye(2), np.eye(2)), np.eye(2), 0.1)
    with pytest.raises(ValueError, match="alpha_0 of the problem's imbalance is 0; expected a positive one"):
        any_imbalance.largest_learning_rate(balanced)
    assert list(any_imbalance.violated(balanced)) == ["the rate alpha_0 of the imbalance"]
    masked = Problem(problem.weights, problem.target, 0.1, mask=np.eye(2))
    with pytest.raises(ValueError, match="problem has a mask; expected none"):
        any_imbalance.hypotheses(masked)
