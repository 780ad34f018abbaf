"""All T steps of equal scalar layers in integers, every step rounded down: no float, and no bound on its rounding."""

import pytest
from flint import fmpq

from claims.convergence.linear_rate_complete.runs import own_steps
from claims.suite import exact, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, lower_float, rational
from solvers.guarantees import theorem_one
from solvers.network import Problem

BITS = 96


def scalar_run_from_below(depth: int, start: fmpq, rate: fmpq, steps: int) -> fmpq:
    """A rational certainly <= w(steps) for w(t+1) = f(w(t)), f(w) = w + eta w^{N-1} (1 - w^N), w(0) = start < 1: N
    equal scalar layers with Phi = 1, in whole multiples of 2^-96, every step rounded down.

    f is increasing on [0, 1] where eta (N + (N - 1)) < 1, so that a lower bound goes to a lower bound.
    """
    assert 0 < start < 1
    assert rate * (2 * depth - 1) < 1
    one = 1 << BITS
    w, eta = (int((number * one).floor()) for number in (start, rate))
    for _ in range(steps):
        sweep = one
        for _ in range(depth - 1):
            sweep = sweep * w >> BITS
        up = -(-sweep * w >> BITS) + depth  # w^N from above: each product lost less than one unit
        w += (eta * sweep >> BITS) * (one - up) >> BITS
    return fmpq(w, one)


@witness
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 9])
def test_the_run_from_below_is_gradient_descent_rounded_down(depth: int) -> None:
    """Three steps of N equal scalar layers in rationals, from 2/3 at eta = 1/1000, are above it by at most 2^-80."""
    one = arithmetic.exact([[1]])
    problem = Problem((fmpq(2, 3) * one,) * depth, one, fmpq(1, 1000))
    for steps in range(4):
        layer = problem.weights[0][0, 0]
        assert 0 <= layer - scalar_run_from_below(depth, fmpq(2, 3), fmpq(1, 1000), steps) <= fmpq(1, 2**80)
        problem = problem.step()


@exact
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_scalar_run_in_whole_numbers(depth: int) -> None:
    """Equal layers, Phi = 1, w = (N 1000 - 15) / (N 1000) so that W(0) is about 63/64: all T steps in integers, with
    no float and no rounding bound but "down"."""
    start = fmpq(1000 * depth - 15, 1000 * depth)
    one = arithmetic.exact([[1]])
    margin = start**depth
    problem = Problem(
        (start * one,) * depth, one, rational(lower_float(theorem_one.learning_rate_limit(depth, margin, fmpq(1))))
    )
    assert not theorem_one.violated(problem, margin)
    steps = own_steps(problem, margin, fall=2)
    reached = scalar_run_from_below(depth, start, problem.learning_rate, steps)
    left = (1 - reached**depth) ** 2 / 2
    assert reached > start
    assert compare(Comparison(left, "<=", (1 - margin) ** 2 / 4, f"loss after T = {steps}")).holds
