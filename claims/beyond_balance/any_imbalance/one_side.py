"""The last form of statement 6: a rate from the m eigenvalues of D(0) that are positive, at every step."""

from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.beyond_balance.any_imbalance.lemma import two_layers
from claims.beyond_balance.any_imbalance.refutations import scalars
from claims.suite import control, exact, witness
from solvers import Problem, imbalances, loss
from solvers.arithmetic import Comparison, Scalar, compare, lower_float, rational, settle, square_root
from solvers.arithmetic import exact as rationals
from solvers.guarantees.any_imbalance import positive_gap
from solvers.network import spectral_norm, symmetric_eigenvalues


def gap(problem: Problem) -> Scalar:
    """mu = lam_m(D)^+."""
    (imbalance,) = imbalances(problem.weights)
    found: Scalar = positive_gap(symmetric_eigenvalues(imbalance), len(problem.target))
    return found


def limits(problem: Problem) -> tuple[Scalar, Scalar]:
    """1 / (9 (|Phi|_2 + ||G||_F + |D|_2)), and mu / (4 L) for L > 0: eta may be at most both."""
    (imbalance,) = imbalances(problem.weights)
    initial = loss(problem.weights, problem.target)
    size = spectral_norm(problem.target) + square_root(2 * initial) + spectral_norm(imbalance)
    return 1 / (9 * size), gap(problem) / (4 * initial)


def a_step(problem: Problem, mu: Scalar, *, times: fmpq | int = 1) -> Comparison:
    """L(t+1) <= (1 - times eta mu / 2) L(t), mu that of the start."""
    moved, before = problem.step(), loss(problem.weights, problem.target)
    kept = 1 - times * problem.learning_rate * mu / 2
    return Comparison(loss(moved.weights, moved.target), "<=", kept * before, "the loss after a step")


@exact
@given(two_layers(), st.integers(1, 16))
def test_two_steps_from_a_gap_on_one_side(drawn: Any, sixteenths: int) -> None:
    """Drawn layers over 32, the hidden width at least m, and 4 I added to the second: so mu > 0, whatever the target. A
    sixteenth to all of the learning rate, two steps in rationals."""
    outputs, inputs, hidden = drawn.outputs, drawn.inputs, max(drawn.outputs, len(drawn.weights[0]))
    first, second = (rationals(np.zeros(shape)) for shape in ((hidden, inputs), (outputs, hidden)))
    first[: len(drawn.weights[0])] += drawn.weights[0] / 32
    second[:, : drawn.weights[1].shape[1]] += drawn.weights[1] / 32
    start = Problem((first, second + 4 * rationals(np.eye(outputs, hidden))), drawn.target, fmpq(1))
    assert settle(lambda: Comparison(gap(start), ">", fmpq(0), "mu")).holds
    most = min(lower_float(limit) for limit in limits(start)) if loss(start.weights, start.target) else 1 / 2**10
    problem = replace(start, learning_rate=rational(most) * fmpq(sixteenths, 16))
    for _ in range(2):
        if loss(problem.weights, problem.target) == 0:
            break
        verdict = settle(lambda posed=problem: a_step(posed, gap(start)))  # type: ignore[misc]
        assert verdict.holds, verdict
        problem = problem.step()


def near_the_target(times: fmpq | int) -> tuple[Problem, Scalar]:
    """Scalars 1 and 101/100, W a little above Phi, at ``times`` the learning rate; and mu."""
    layers = scalars(1, fmpq(101, 100), fmpq(101, 100) - fmpq(1, 10**6))
    problem = Problem(layers.weights, layers.target, fmpq(1))
    return replace(problem, learning_rate=rational(min(map(lower_float, limits(problem)))) * times), gap(problem)


@control
def test_refuted_with_ten_times_the_learning_rate() -> None:
    """Beside a nearly balanced minimum the loss falls as said, and at ten times the learning rate it does not."""
    assert compare(a_step(*near_the_target(1))).holds
    assert compare(a_step(*near_the_target(10))).fails


@control
def test_refuted_with_four_times_the_rate() -> None:
    """w_1 = 0, w_2 = 1, Phi = 1/1000: a step keeps (1 - eta)^2 of the loss; 7/2 times the rate holds, 4 times not."""
    layers = scalars(0, 1, fmpq(1, 1000))
    start = Problem(layers.weights, layers.target, fmpq(1))
    problem = replace(start, learning_rate=rational(min(map(lower_float, limits(start)))))
    assert compare(a_step(problem, gap(start), times=fmpq(7, 2))).holds
    assert compare(a_step(problem, gap(start), times=4)).fails


@control
def test_refuted_without_the_limit_of_the_loss() -> None:
    """w_1 = -1, w_2 = 1 + 2^-160, Phi = 1: mu is 2^-159, and without 4 eta L(0) <= mu, on the way past the saddle at 0,
    D has lost so much of itself after 1480 steps that the loss falls by less than eta mu / 2 of it."""
    with ctx.workprec(400):
        one, other, rate = arb(-1), 1 + arb(2) ** -160, arb(fmpq(1, 27)) * (1 - arb(2) ** -100)
        start = Problem(tuple(np.array([[w]], dtype=object) for w in (one, other)), rationals([[1]]), rate)
        mu = gap(start)
        first, second = limits(start)
        assert compare(Comparison(rate, "<=", first, "eta")).holds
        assert compare(Comparison(rate, "<=", second, "eta against mu / (4 L)")).fails
        problem = start
        for _ in range(1470):
            problem = problem.step()
        assert compare(a_step(problem, mu)).holds
        for _ in range(20):
            problem = problem.step()
        assert compare(a_step(problem, mu)).fails


@witness
def test_the_limits_in_small_numbers() -> None:
    """w_1 = 0, w_2 = 1, Phi = 1: 1/(9 (1 + 1 + 1)) and 1/2; mu = 1."""
    layers = scalars(0, 1, 1)
    problem = Problem(layers.weights, layers.target, fmpq(1, 27))
    assert [gap(problem), *limits(problem)] == [1, fmpq(1, 27), fmpq(1, 2)]
    assert compare(a_step(problem, fmpq(1))).holds
