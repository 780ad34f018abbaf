"""Statement 6: runs to the end, certified, and the first steps in rationals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.beyond_balance.any_imbalance.lemma import two_layers
from claims.suite import exact, sampled, witness
from solvers import Problem, gradient_descent, loss, loss_ball
from solvers.arithmetic import Comparison, compare, decide, rational
from solvers.guarantees import any_imbalance as theorem
from strategies.datasets import regression


def wide(seed: int, widths: tuple[int, int, int], scale: float, target: Any = None) -> Problem:
    """A random start with the largest learning rate that the theorem certainly allows; its target is random where none
    is given."""
    random = np.random.default_rng(seed)
    before, hidden, after = widths
    weights = (scale * random.standard_normal((hidden, before)), scale * random.standard_normal((after, hidden)))
    phi = random.standard_normal((after, before)) if target is None else target
    start = Problem(weights, phi, 0.0)
    return Problem(weights, phi, theorem.largest_learning_rate(start))


def guarantee(problem: Problem, steps: int) -> Comparison:
    """L(t) <= (1 - eta alpha_0 / 3)^t L(0) of the exact descent, whose loss a ball encloses."""
    exactly = problem.exact()
    share = exactly.learning_rate * theorem.imbalance_rate(exactly.weights) / 3
    bound = (1 - arb(share)) ** steps * loss(exactly.weights, exactly.target)
    return Comparison(
        loss_ball(gradient_descent(problem, steps=steps, certify=True)), "<=", bound, "the loss at the end"
    )


@sampled
@pytest.mark.parametrize("widths", [(1, 2, 1), (2, 4, 2), (1, 3, 2), (3, 5, 1), (1, 1, 1)])
@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_runs_without_margin_or_balance(widths: tuple[int, int, int], scale: float) -> None:
    """400 steps from random starts, far from balanced, towards random targets: certified at steps 40 and 400. At widths
    1-1-1, h < m + n, the imbalance has a gap too, on one side."""
    problem = wide(sum(widths), widths, scale)
    assert not theorem.violated(problem)
    for steps in (40, 400):
        verdict = compare(guarantee(problem, steps))
        assert verdict.holds, verdict


@exact
@given(two_layers(outputs=1, inputs=1), st.integers(1, 16))
def test_three_exact_steps(layers: Any, parts: int) -> None:
    """m = n = 1 and any h, where alpha_0 > 0: a sixteenth to all of the learning rate, three steps in rationals."""
    rate = theorem.imbalance_rate(layers.weights)
    if not rate > 0:
        assert not decide(lambda posed: theorem.hypotheses(posed)[0], Problem(*_parts(layers), fmpq(1))).holds
        return
    limit = theorem.largest_learning_rate(Problem(*_parts(layers), fmpq(1)))
    problem = Problem(*_parts(layers), rational(limit) * fmpq(parts, 16))
    assert not theorem.violated(problem)
    verdict = decide(lambda posed: theorem.after_steps(posed, 3), problem)
    assert verdict.holds or loss(problem.weights, problem.target) == 0, verdict


def _parts(layers: Any) -> tuple[Any, Any]:
    return layers.weights, layers.target


@witness
def test_real_data() -> None:
    """Diabetes, whitened: ten inputs, one output and 12 hidden units from a random start whose imbalance is far from 0,
    a quarter of the learning rate; certified after 200 steps."""
    problem = wide(7, (10, 12, 1), 1.0, regression("diabetes").target)
    problem = replace(problem, learning_rate=problem.learning_rate / 4)
    assert theorem.imbalance_rate(problem.enclosed().weights) > 0
    verdict = compare(guarantee(problem, 200))
    assert verdict.holds, verdict
