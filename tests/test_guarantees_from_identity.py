"""From the identity up to the edge: hypotheses violated one by one, limits by hand, descent on both sides of them."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers.arithmetic import exact, lower_float, rational
from solvers.descent import gradient_descent
from solvers.guarantees import from_identity, residual
from solvers.network import Problem, singular_values

EDGE = "learning rate against the edge"
LEAST = "eigenvalues with eta (1 - lambda) < 1 against all"


def at_identity(target, depth=2, rate=1 / 4):
    """Float64 layers I."""
    target = np.array(target, dtype=float)
    return Problem((np.eye(len(target)),) * depth, target, rate)


GOOD = at_identity([[2, 1], [1, 3]])


@pytest.mark.parametrize("problem", [GOOD, GOOD.exact()], ids=["float64", "rationals"])
def test_all_hypotheses_can_hold(problem):
    """Where the slower theorem's do not."""
    assert from_identity.violated(problem) == {}
    assert residual.violated(problem).keys() == {"learning rate against its limit"}


@pytest.mark.parametrize(
    ("problem", "sentences"),
    [
        (replace(GOOD, weights=(np.eye(2), np.eye(2) * 1.25)), {"||W_2 - I||_F^2 at step 0"}),
        (at_identity([[2, 1], [1 + 2.0**-50, 3]]), {"||Phi - Phi^T||_F^2"}),
        (
            at_identity([[2, 2], [2, 2]]),
            {"positive eigenvalues of Phi's symmetric part against all"},
        ),
        (replace(GOOD, learning_rate=0.5), {EDGE}),
        (replace(GOOD, learning_rate=0.0), {"learning rate against 0"}),
        (at_identity([[0.5]], rate=2.0), {LEAST}),
        (at_identity([[0.5]], rate=2.0 + 2.0**-50), {LEAST, EDGE}),
        (at_identity([[4.0]], rate=0.25), set()),
        (at_identity([[4.0]], rate=0.25 + 2.0**-54), {EDGE}),
        (at_identity([[4.0]], depth=1, rate=0.25), {"depth against 2"}),
        (Problem((np.ones((3, 2)), np.ones((2, 3))), np.eye(2), 0.25), {"largest width against the smallest"}),
    ],
)
def test_each_hypothesis_is_violated_alone(problem, sentences):
    """By one bit, where that can be."""
    assert from_identity.violated(problem).keys() == sentences
    assert from_identity.violated(problem.exact()).keys() == sentences


@pytest.mark.parametrize(
    ("eigenvalues", "depth", "limit"),
    [
        ([4], 2, fmpq(1, 4)),
        ([1], 2, fmpq(1)),
        ([fmpq(1, 4)], 2, fmpq(4, 3)),
        ([4, fmpq(1, 4)], 2, fmpq(1, 4)),
        ([8], 3, fmpq(1, 24)),
        ([fmpq(1, 8)], 3, fmpq(8, 7)),
        ([fmpq(1, 2)], 2, fmpq(2)),
    ],
)
def test_limits_by_hand(eigenvalues, depth, limit):
    """2 / (N lambda^{2-2/N}) or 1 / (1 - lambda), rational ones as rationals."""
    assert from_identity.learning_rate_limit([fmpq(1) * value for value in eigenvalues], depth) == limit


@given(st.lists(st.integers(1, 40), min_size=1, max_size=3), st.integers(2, 5))
def test_the_largest_rate_is_allowed_and_a_little_more_is_not(eighths, depth):
    """On diagonal targets, whose eigenvalues are exact; more by 2^-48, as limits are balls of 53 bits."""
    problem = at_identity(np.diag([value / 8 for value in eighths]), depth)
    largest = from_identity.with_largest_learning_rate(problem)
    assert from_identity.violated(largest) == {}
    limit = from_identity.learning_rate_limit(singular_values(exact(problem.target)), depth)
    assert rational(largest.learning_rate) <= limit
    assert from_identity.violated(replace(largest, learning_rate=largest.learning_rate * (1 + 2.0**-48)))


def test_balls_that_cannot_be_told_apart_give_a_ball_around_both():
    """1/(1 - lambda) and the edge of lambda = 1/2 are both 2 at N = 2; a lambda known to a few bits."""
    limit = from_identity.learning_rate_limit([arb(0.5, 2.0**-20)], 2)
    assert limit.contains(2)
    assert lower_float(limit) < 2


@pytest.mark.parametrize("depth", [2, 3])
def test_descent_on_both_sides(depth):
    """Eigenvalues 1/2 and 3: at 63/64 of the edge the loss after 2000 steps is that of rounding; at 65/64 it is not."""
    limit = float(arb(from_identity.edge(fmpq(3), depth)))
    losses = []
    for factor in (63 / 64, 65 / 64):
        problem = at_identity(np.diag([0.5, 3.0]), depth, factor * limit)
        losses.append(float(gradient_descent(problem, steps=2000).loss[-1]))
    assert losses[0] < 1e-25
    assert losses[1] > 1e-4


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: from_identity.learning_rate_limit([fmpq(1)], 1), "depth is 1; expected at least 2"),
        (lambda: from_identity.learning_rate_limit([], 2), "eigenvalues is empty; expected at least one"),
        (lambda: from_identity.learning_rate_limit([fmpq(0)], 2), "eigenvalues has 0; expected numbers > 0"),
    ],
)
def test_bad_input_is_named(call, sentence):
    """The argument, what was wrong, what would be right."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
