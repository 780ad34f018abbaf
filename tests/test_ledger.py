"""The ledger's rows on stacks: a comparison of intervals holds where it certainly does, and nowhere else; and what a
state says of the fall of the loss."""

import random
from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq

from claims.convergence.proof_ledger.state import State
from claims.suite.ledger import undecided
from solvers import Problem, frobenius_squared, layer_gradients, loss
from solvers.arithmetic import Comparison, Enclosure, Interval, exact, rational


def intervals(*ends: tuple[float, float]) -> Interval:
    return Interval(*(np.array(side) for side in zip(*ends, strict=True)))


@pytest.mark.parametrize("relation", ["<=", ">="])
def test_a_comparison_is_decided_only_where_the_intervals_are_apart(relation):
    """Apart or touching, overlapping, the wrong way round, and where nothing is known."""
    small = intervals((0, 1), (0, 1), (0, 2), (3, 4), (0, np.nan))
    large = intervals((2, 3), (1, 3), (1, 3), (1, 2), (1, 2))
    sides = (small, large) if relation == "<=" else (large, small)
    found = undecided(Comparison(sides[0], relation, sides[1], "a row"))
    assert found.tolist() == [False, False, True, True, True]


# What a step of descent loses


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("rate", [fmpq(1, 10**6), fmpq(1, 7), fmpq(3), fmpq(10**4)])
@pytest.mark.parametrize("widths", [(1, 1), (2, 3), (3, 2)])
def test_what_falls_is_the_loss_before_less_the_loss_after(depth, rate, widths):
    """L(t) - L(t+1) of a state against the two losses, in rationals: where the step is small, and where it overshoots
    by so much that the loss grows many times over; and in float64 that bounds its rounding."""
    draw = random.Random(depth)
    dimensions = [widths[0], *[draw.randint(1, 3) for _ in range(depth - 1)], widths[1]]
    layers = tuple(
        exact(np.array([[draw.randint(-8, 8) / 8 for _ in range(before)] for _ in range(after)]))
        for before, after in pairwise(dimensions)
    )
    target = exact(np.array([[draw.randint(-8, 8) / 4 for _ in range(widths[0])] for _ in range(widths[1])]))
    problem = Problem(layers, target, rate)
    expected = loss(layers, target) - loss(problem.step().weights, target)
    state = State(problem, fmpq(1))
    assert state.fall == expected
    assert state.lost == rate * sum(frobenius_squared(d) for d in layer_gradients(layers, target)) - expected
    near = problem.nearest()
    stack = Problem(tuple(w[None] for w in near.weights), near.target[None], np.array([near.learning_rate]))
    enclosed = Problem(tuple(map(Enclosure.of, stack.weights)), Enclosure.of(stack.target), stack.learning_rate)
    posed = Problem(layers, target, rational(near.learning_rate))
    found, fell = State(enclosed, fmpq(1)).fall, State(posed, fmpq(1)).fall
    assert rational(float(found.low[0])) <= fell <= rational(float(found.high[0]))
