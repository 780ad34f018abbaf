"""Theorem 1's hypotheses and guarantee, each constant, exponent and strictness pinned from both sides."""

from dataclasses import replace

import numpy as np
import pytest
from flint import arb, fmpq

from solvers import arithmetic
from solvers.arithmetic import compare, lower_float, rational, upper_float
from solvers.descent import gradient_descent
from solvers.guarantees import theorem_one
from solvers.network import Problem, loss

# Widths 2-1-1-1, W_1 = (x, 0), W_2 = W_3 = x, so that W = (x^3, 0) is exactly balanced and has length c = x^3. The
# residual (0, r) is orthogonal to W, and only the first layer can follow it: the loss decays by exp(-2 eta c^{4/3}) a
# step, which leaves the guarantee a factor of 2 and no more, at any size of c.

ACROSS = fmpq(1, 2**20)


def network(x: fmpq) -> tuple[Problem, fmpq]:
    """The network of length x^3 with the largest learning rate for its margin, and the margin less a thousandth."""
    weights = tuple(arithmetic.exact(np.array(rows)) for rows in ([[1.0, 0.0]], [[1.0]], [[1.0]]))
    target = arithmetic.exact(np.array([[1.0, 0.0]])) * x**3 + arithmetic.exact(np.array([[0.0, 1.0]])) * ACROSS * x**3
    margin = fmpq(999, 1000) * x**3
    posed = Problem(tuple(x * layer for layer in weights), target, fmpq(0))
    rate = lower_float(theorem_one.learning_rate_limit(3, margin, (1 + rational(1) / 2**39) * x**3))
    return replace(posed, learning_rate=rational(rate)), margin


SIZES = [fmpq(1, 4), fmpq(1), fmpq(4)]


@pytest.mark.parametrize("x", SIZES, ids=str)
def test_the_decay_is_within_a_factor_of_two(x):
    """After one step, in rationals, for c = 1/64, 1 and 64: the guarantee holds, and 2.01 times its decay does not; nor
    does N = 3 times, nor the exponents (N-1)/N, 3(N-1)/N and 2 in place of 2(N-1)/N, where c is not 1."""
    problem, margin = network(x)
    assert theorem_one.violated(problem, margin) == {}
    assert compare(theorem_one.after_one_step(problem, margin)).holds
    assert compare(theorem_one.after_steps(problem, margin, 1, times=fmpq(199, 100))).holds
    for times in (fmpq(201, 100), 3):
        assert compare(theorem_one.after_steps(problem, margin, 1, times=times)).fails
    stated = arb(theorem_one.decay_exponent(3, margin))
    wrong = [arb(margin) ** (arb(power) / 3) / stated for power in (2, 6, 8)]
    too_fast = [quotient for quotient in wrong if quotient > fmpq(201, 100)]
    assert len(too_fast) == {fmpq(1, 4): 1, fmpq(1): 0, fmpq(4): 2}[x]
    for quotient in too_fast:
        times = rational(lower_float(quotient))
        assert compare(theorem_one.after_steps(problem, margin, 1, times=times)).fails


@pytest.mark.parametrize("x", SIZES, ids=str)
def test_the_guarantee_of_a_run_is_that_of_its_steps(x):
    """``guarantee`` of 1000 float steps is the bound of ``after_steps``, and so is pinned as it is: it holds, and with
    half of the initial loss, or as if 2.01 times the steps had been made, it would not."""
    problem, margin = network(x)
    trajectory = gradient_descent(problem.nearest(), steps=1000, certify=True)
    start = loss(problem.weights, problem.target)
    said = theorem_one.guarantee(trajectory, margin, start)
    assert compare(said).holds
    decay = problem.learning_rate * theorem_one.decay_exponent(3, margin)
    assert abs(arb(said.right) / (start * (-arb(decay) * 1000).exp()) - 1) < arb(2) ** -40
    assert compare(said._replace(right=start * (-arb(decay) * 2010).exp())).fails
    assert compare(said._replace(right=said.right / 2)).fails


NAMES = {
    "margin": "deficiency margin at step 0",
    "balance": "||B_1||_F against delta",
    "rate": "learning rate against its limit",
    "positive": "learning rate",
}


def scalars(*layers: fmpq, rate: fmpq) -> Problem:
    """Phi = 1."""
    one = arithmetic.exact(np.eye(1))
    return Problem(tuple(layer * one for layer in layers), one, rate)


def test_each_hypothesis_is_once_the_only_one_that_fails():
    """Depth 2, c = 3/4 or near it: each at its limit to a part in 10^9, and just beyond, alone."""
    small, first, c = fmpq(1, 10**9), fmpq(866, 1000), fmpq(3, 4)
    limit = theorem_one.learning_rate_limit(2, c, fmpq(1))
    rates = [rational(round_(limit)) * (1 + sign * small) for round_, sign in ((lower_float, -1), (upper_float, 1))]
    delta = theorem_one.imbalance_limit(2, c, fmpq(1))
    seconds = [rational(lower_float((arb(first) ** 2 + arb(delta) * (1 + sign * small)).sqrt())) for sign in (-1, 1)]
    assert first * seconds[0] > c
    within = [
        (scalars(first, seconds[0], rate=rates[0]), c),
        (scalars(fmpq(7, 8), fmpq(7, 8), rate=rates[0] / 2), fmpq(49, 64)),
    ]
    beyond = {
        "rate": (scalars(first, seconds[0], rate=rates[1]), c),
        "positive": (scalars(first, seconds[0], rate=fmpq(0)), c),
        "balance": (scalars(first, seconds[1], rate=rates[0]), c),
        "margin": (scalars(fmpq(7, 8), fmpq(7, 8), rate=rates[0] / 2), fmpq(49, 64) + small),
    }
    for problem, margin in within:
        assert theorem_one.violated(problem, margin) == {}
    for name, (problem, margin) in beyond.items():
        assert theorem_one.violated(problem, margin).keys() == {NAMES[name]}, name
