"""What is false: each hypothesis dropped, and other constants."""

from fractions import Fraction
from math import isqrt

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from claims.beyond_balance.norms_to_infinity import completion, flow
from claims.beyond_balance.norms_to_infinity.descent import identity
from claims.suite import Fate, ablates, control
from solvers.arithmetic import Comparison, ObjectArray, balls, compare, settle
from solvers.arithmetic import exact as rationals
from solvers.network import end_to_end

BITS = 2000


def run(weights: tuple[ObjectArray, ...], rate: fmpq, steps: int) -> ObjectArray:
    """The end-to-end matrix after so many steps of gradient descent, in balls."""
    layers = tuple(balls(layer) for layer in weights)
    for _ in range(steps):
        layers = completion.descent_step(layers, arb(rate))
    found: ObjectArray = end_to_end(layers)
    return found


def misses_the_bound(weights: tuple[ObjectArray, ...], rate: fmpq, steps: int) -> None:
    """Asserts that after the run 0 < L <= 3/8, det W < 0, and |W_11| is below the bound: for certain, in balls."""
    with ctx.workprec(BITS):
        matrix = run(weights, rate, steps)
        value = completion.completion_loss(matrix)
        assert compare(Comparison(value, "<=", completion.LARGEST, "L")).holds
        assert compare(Comparison(completion.determinant(matrix), "<", fmpq(0), "det W")).holds
        assert compare(completion.entry_is_large(matrix)).fails


@control
@ablates("DL-068", "det W >= 0", "dropped", Fate.REFUTED)
def test_refuted_where_the_determinant_is_negative() -> None:
    """W = [[0, 1], [1, 1/100]]: the loss is 1/20000 and the entry 0."""
    matrix = rationals([[0, 1], [1, fmpq(1, 100)]])
    assert completion.determinant(matrix) == -1
    assert settle(lambda: completion.entry_is_large(matrix)).fails


@control
@ablates("DL-068", "L <= 3/8", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("excess", [fmpq(1, 12), fmpq(1, 100), fmpq(1, 10**6)])
def test_refuted_beyond_three_eighths(excess: fmpq) -> None:
    """rho = 1/2 + excess, u, v = 1/2 +- h with u v just above (1 - rho)^3/rho, W_22 just below what the loss has left,
    det W = 0."""
    root = fmpq(1, 2) + excess
    h = below_root(fmpq(1, 4) - (1 - root) ** 3 / root)
    first, second = fmpq(1, 2) + h, fmpq(1, 2) - h
    last = below_root(root * (1 + root) - (1 - first) ** 2 - (1 - second) ** 2)
    matrix = rationals([[first * second / last, first], [second, last]])
    assert completion.determinant(matrix) == 0
    assert completion.completion_loss(matrix) > completion.LARGEST
    assert settle(lambda: completion.entry_is_large(matrix)).fails


def below_root(number: fmpq) -> fmpq:
    """A rational just below its square root."""
    return fmpq(isqrt(int((number * 2**160).floor())), 2**80)


@control
@ablates("DL-068", "depth two or more", "dropped", Fate.REFUTED)
def test_refuted_for_one_layer() -> None:
    """N = 1 from I: W_11 = 1 for ever under descent, L goes to 0 as (1 - eta)^{2t}, and det W is negative; 20 steps of
    eta = 1/2. And one layer's determinant of 0 does not stay 0 under flow."""
    misses_the_bound(identity(1), fmpq(1, 2), 20)
    singular, gradient = (rationals([[1, 1], [1, 1]]),), rationals([[1, 0], [0, 0]])
    assert compare(Comparison(flow.rate_of_determinant(singular, gradient), "==", fmpq(0), "rate of det W = 0")).fails


@control
@ablates("DL-068", "balance of the flow", "dropped", Fate.REFUTED)
def test_refuted_for_layers_that_are_not_balanced() -> None:
    """W_1 of ones, W_2 = I, under the flow of L itself: det W is 0 and falls at the rate 1, so it was positive a moment
    before and is negative a moment after."""
    weights = (rationals([[1, 1], [1, 1]]), rationals(np.eye(2)))
    product = end_to_end(weights)
    rate = flow.rate_of_determinant(weights, completion.completion_gradient(product))
    assert completion.determinant(product) == 0
    assert compare(Comparison(rate, ">=", fmpq(0), "rate of det W")).fails


@control
@ablates("DL-068", "W_2 = W_1^T", "dropped", Fate.REFUTED)
def test_refuted_for_layers_that_mirror_each_other_but_for_one_bit() -> None:
    """W_1 = I, W_2 = I but for 2^-52 in a corner, eta = 1/2: after 300 steps the loss is small and det W negative."""
    nearly = rationals([[1, 0], [fmpq(1, 2**52), 1]])
    misses_the_bound((rationals(np.eye(2)), nearly), fmpq(1, 2), 300)


@control
def test_refuted_for_descent_of_three_layers() -> None:
    """From I with eta = 7/10, which is past (5^{1/2} - 1)/2: at step 21 L = 0.1105 and W_11 = 1.215, where the bound is
    1.70."""
    misses_the_bound(identity(3), fmpq(7, 10), 21)


@control
def test_refuted_with_another_exponent() -> None:
    """(1 - rho)^1 for (1 - rho)^{3/2}: where the bound is attained that is larger."""
    matrix = completion.attaining(fmpq(1, 5))
    assert settle(lambda: completion.entry_is_large(matrix)).holds
    assert settle(lambda: completion.entry_is_large(matrix, exponent=Fraction(1))).fails
    assert settle(lambda: completion.entry_is_large(matrix, exponent=Fraction(149, 100))).fails


@control
def test_refuted_with_a_smaller_second_singular_value() -> None:
    """sigma_2 < 99/100 |W_22| is false where W_11 is large: W_11 = 1000, L = 11/200. Of diag(3, 1/2), which has
    too large a loss, the two are equal."""
    assert compare(completion.near_rank_one(rationals(np.diag([3.0, 0.5])))).fails
    matrix = completion.attaining(fmpq(1, 10))
    matrix[0, 0] = fmpq(1000)
    assert compare(completion.near_rank_one(matrix)).holds
    assert compare(completion.near_rank_one(matrix, of=fmpq(99, 100) ** 2)).fails


@control
@pytest.mark.parametrize("depth", [2, 4])
def test_refuted_with_another_number_of_layers(depth: int) -> None:
    """N - 1 for N in the rate of det W: layers 2 I and dL/dW = I."""
    weights, gradient = identity(depth, 2), rationals(np.eye(2))
    stated = flow.stated_rate(weights, gradient)
    assert compare(Comparison(flow.rate_of_determinant(weights, gradient), "==", stated, "rate")).holds
    fewer = stated * fmpq(depth - 1, depth)
    assert compare(Comparison(flow.rate_of_determinant(weights, gradient), "==", fewer, "rate of N - 1")).fails
