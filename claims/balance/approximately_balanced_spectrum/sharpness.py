"""Where 3 and 4 are attained, what smaller constants fail on, and what is left at the boundary."""

from fractions import Fraction
from functools import partial, reduce

import pytest
from flint import arb, fmpq

from claims.balance.approximately_balanced_spectrum import layers
from claims.suite import control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, decide
from solvers.network import Problem, end_to_end
from solvers.network.stacks import largest
from strategies import diagonal, scalar_weights


def staircase(depth: int, step: fmpq) -> Problem:
    """Diagonal layers of squares 1, (1 - step)^2, (1 - 2 step)^2, ...: delta is near 2 step, and M = 1."""
    return layers.posed(scalar_weights(*(1 - j * step for j in range(depth))))


@control
@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_refuted_with_a_smaller_constant_in_the_third_statement(count: int) -> None:
    """99/100 of k(k-1)/2 is too little for a staircase of small steps, in both directions; the whole is enough."""
    problem = staircase(count, fmpq(1, 10000))
    mirror = layers.posed(layers.reversed_network(problem.weights))
    assert decide(partial(layers.gram_power, count=count), problem).holds
    assert decide(partial(layers.gram_power, count=count, share=Fraction(99, 100)), problem).fails
    assert decide(partial(layers.gram_power, count=count, share=Fraction(99, 100), mirror=True), mirror).fails


@control
def test_refuted_norm_bound_with_one_half_in_place_of_three() -> None:
    """Five squares 23/20 falling by delta = 2/25 = C^{2/5} / 12.5, C = 1: the product is below 1, yet (23/20)^5 > 2."""
    assert refuted_norm_bound(5, fmpq(23, 20), fmpq(2, 25), Fraction(1, 2))
    assert not refuted_norm_bound(5, fmpq(23, 20), fmpq(2, 25), Fraction(3))
    assert not refuted_norm_bound(5, fmpq(57, 50), fmpq(2, 25), Fraction(1, 2))


@control
def test_refuted_norm_bound_with_seven_tenths_in_place_of_three() -> None:
    """A staircase of a hundred steps of 705 / 10^7: |W|_2^2 and (7000 delta)^100 are below 1/2, and |W_1|_2 = 1."""
    problem = staircase(100, fmpq(705, 10**7))
    assert decide(partial(layers.layer_norm, layer=0), problem).holds
    assert decide(partial(layers.layer_norm, layer=0, constant=Fraction(7, 10)), problem).fails


@control
@pytest.mark.parametrize("depth", [6, 7, 12])
def test_refuted_norm_bound_with_the_depth_in_place_of_its_square(depth: int) -> None:
    """A staircase of steps 7 / (48 N), |W_1|_2 = 1. Both numbers of which C^2 is the larger are below 1/2 for N >= 6:
    |W|_2^2 is at most exp(-7 (N-1) / 48), and (3 N delta)^N at most (7/8)^N. With N^2 statement 4 holds."""
    assert (arb(-7 * 5) / 48).exp() < fmpq(1, 2)
    assert fmpq(7, 8) ** 6 < fmpq(1, 2)
    problem = staircase(depth, fmpq(7, 48 * depth))
    assert all(decide(partial(layers.layer_norm, layer=j), problem).holds for j in range(depth))
    assert decide(partial(layers.layer_norm, layer=0, power=1), problem).fails


@control
def test_refuted_norm_bound_when_imbalance_is_not_limited() -> None:
    """Scalars 4 and 1/4: W = 1, delta = 255/16, and 4^4 > 2."""
    problem = layers.posed(scalar_weights(4, fmpq(1, 4)))
    assert decide(partial(layers.layer_norm, layer=0), problem).holds
    assert decide(partial(layers.layer_norm, layer=0, constant=Fraction(0)), problem).fails


def refuted_norm_bound(depth: int, square: fmpq, step: fmpq, constant: Fraction) -> bool:
    """Whether a^N > 2 C^2 for scalars of squares a, a - step, ... (weights are irrational, what counts is rational),
    C^2 = max(|W|_2^2, (constant N^2 step)^N) as in :func:`layer_norm`."""
    product = reduce(lambda x, y: x * y, [square - j * step for j in range(depth)])
    limit = largest([product, (arithmetic.rational(constant) * depth**2 * step) ** depth])
    return compare(Comparison(square**depth, "<=", 2 * limit, "|W_1|_2^(2N)")).fails


@witness
def test_the_third_statement_is_attained_at_two_layers() -> None:
    """Scalars 2 and 1: 16 - 4 = 1 * 3 * 4. With a third layer it is attained no more."""
    left, _, right, sentence = layers.gram_power(layers.posed(scalar_weights(2, 1)), 2)
    assert compare(Comparison(left, "==", right, sentence)).holds
    left, _, right, sentence = layers.gram_power(layers.posed(scalar_weights(5, 4, 3)), 3)
    assert compare(Comparison(left, "<", right, sentence)).holds


@witness
@pytest.mark.parametrize(("constant", "values"), [(3, (fmpq(1, 3), fmpq(1, 6))), (30, (fmpq(31, 120), fmpq(29, 120)))])
def test_the_hypotheses_of_the_fourth_statement_can_be_met_with_equality(
    constant: int, values: tuple[fmpq, fmpq]
) -> None:
    """diag(1, p), diag(1, q) with p^2 - q^2 = 1/(constant N^2), C = |W|_2 = 1: ours and the source's largest delta."""
    weights = [diagonal(2, 2, [1, value]) for value in values]
    assert layers.squared_imbalance(weights) == fmpq(1, constant * 2**2) ** 2
    assert layers.squared_norm(end_to_end(weights)) == 1
    assert all(
        decide(partial(layers.layer_norm, layer=j, constant=Fraction(constant)), layers.posed(weights)).holds
        for j in (0, 1)
    )


@witness
def test_the_fourth_statement_in_numbers() -> None:
    """N = 2, scalars (1, 0): W = 0 and delta = 1, so C = 3 N^2 delta = 12 and |W_1|_2^4 <= 2 C^2 = 288. (Between 7/10,
    refuted above, and 3 nothing is known.)"""
    assert layers.layer_norm(layers.posed(scalar_weights(1, 0)), 0).right == 288


@witness
def test_the_fourth_statement_at_zero() -> None:
    """C = 0 leaves only zero layers: both sides are zero."""
    left, _, right, _ = layers.layer_norm(layers.posed(scalar_weights(0, 0)), 0)
    assert left == right == 0


@witness
def test_one_layer_and_balance_leave_nothing() -> None:
    """k = 1 and delta = 0: both sides of 3 are zero."""
    for count, weights in ((1, scalar_weights(2, 1)), (3, scalar_weights(2, 2, 2))):
        left, _, right, _ = layers.gram_power(layers.posed(weights), count)
        assert left == right == 0


@witness
def test_the_halves_of_the_third_statement_differ() -> None:
    """Scalars 2 and 0: W_1^T W_1 squared is 16 away from W^T W = 0, W_2 W_2^T squared is not."""
    problem = layers.posed(scalar_weights(2, 0))
    assert layers.gram_power(problem, 2).left == 16**2
    assert layers.gram_power(problem, 2, mirror=True).left == 0
