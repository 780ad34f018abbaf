"""Stacks of states: what an Interval contains, and that every state of a stack is where it is said to be."""

from __future__ import annotations

import operator

import numpy as np
from flint import arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from solvers import end_to_end, frobenius_squared, imbalances, sigma_min, spectral_norm
from solvers.arithmetic import Interval, rational, square_root
from solvers.guarantees.theorem_one import imbalance_limit, learning_rate_limit
from solvers.network.stacks import largest
from strategies import StateStack, state_stacks

numbers = st.floats(-(2.0**40), 2.0**40, allow_subnormal=True)


def ends(interval: Interval) -> tuple[fmpq, fmpq]:
    """Both ends as rationals."""
    return rational(float(interval.low)), rational(float(interval.high))


@given(numbers, numbers, numbers, st.sampled_from([operator.add, operator.sub, operator.mul]))
def test_an_operation_contains_the_rational_result(a, b, c, operation):
    """Two operations one after another, on numbers of any size."""
    low, high = ends(operation(operation(Interval.of(a), b), c))
    exact = operation(operation(rational(a), rational(b)), rational(c))
    assert low <= exact <= high


@given(numbers, st.floats(2.0**-40, 2.0**40))
def test_a_quotient_contains_the_rational_one(a, b):
    """For a positive divisor; for any other nothing is claimed."""
    low, high = ends(Interval.of(a) / b)
    assert low <= rational(a) / rational(b) <= high
    assert np.isnan((Interval.of(a) / -b).low)
    assert np.isnan((Interval.of(a) / Interval(np.float64(-b), np.float64(b))).high)


@given(st.floats(0, 2.0**40), st.integers(1, 7))
@example(0.0, 2)
@example(2.0**-1074, 7)
def test_a_root_contains_the_true_one(a, degree):
    """And the power of the root contains the number."""
    low, high = ends(Interval.of(a).root(degree))
    assert low**degree <= rational(a) <= high**degree
    room = 3 if a < 2.0**-1000 else rational(1 + 2.0**-43)
    assert high**degree <= room**degree * rational(a)
    low, high = ends(Interval.of(a) ** degree)
    assert low <= rational(a) ** degree <= high


@given(st.lists(numbers, min_size=1, max_size=4))
def test_the_largest_of_intervals_is_the_largest_of_numbers(values):
    """Also among rationals."""
    low, high = ends(largest([Interval.of(value) for value in values]))
    assert low == high == max(map(rational, values)) == largest([rational(value) for value in values])


@given(state_stacks(size=12), st.booleans())
def test_states_are_in_the_set_of_lemma_7(stack: StateStack, all_of_them):
    """|W - Phi|_2 <= Phi_F, sigma_min(W) >= c > 0, balance and learning rate, decided exactly."""
    for k in range(len(stack) if all_of_them else min(1, len(stack))):
        problem, c = stack[k].problem.exact(), rational(stack[k].margin)
        product = end_to_end(problem.weights)
        with ctx.workprec(200):
            norm = square_root(frobenius_squared(problem.target))
            assert c > 0
            assert sigma_min(product) >= c
            assert arb(spectral_norm(product - problem.target)) <= norm
            limit = 2 * imbalance_limit(problem.depth, c, norm)
            assert all(square_root(frobenius_squared(b)) <= limit for b in imbalances(problem.weights))
            assert 0 < problem.learning_rate <= learning_rate_limit(problem.depth, c, norm)


@given(state_stacks(size=12, room=True))
def test_room_leaves_a_margin(stack: StateStack):
    """|W - Phi|_2 + c <= Phi_F."""
    for k in range(len(stack)):
        problem, c = stack[k].problem.exact(), rational(stack[k].margin)
        with ctx.workprec(200):
            norm = square_root(frobenius_squared(problem.target))
            assert arb(spectral_norm(end_to_end(problem.weights) - problem.target)) + c <= norm


@given(state_stacks(size=3))
def test_a_stack_prints_its_seed_and_widths(stack: StateStack):
    """Not its numbers."""
    assert repr(stack) == f"<{len(stack)} states of widths {stack.problem.dimensions} from seed {stack.seed}>"
