"""The sharpness at which the flow ends: by the flow itself, by automatic differentiation and bisection in fractions;
what the strategy of chains promises and reaches; bad input."""

from __future__ import annotations

import re
from fractions import Fraction
from math import prod

import jax
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument, NoSuchExample

from solvers import Problem
from solvers.arithmetic import rational
from solvers.flow import gradient_flow, limit_sharpness, limit_squares, pair_factor, sharpness_change
from strategies import scalar_chains, small_shares

jax.config.update("jax_enable_x64", True)

FRACTIONS = st.fractions(-4, 4, max_denominator=8)
TARGETS = st.fractions(Fraction(1, 8), 5, max_denominator=8)


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_the_flow_ends_where_it_is_said_to(depth):
    """Integrated by SciPy's solver until the loss is below 1e-24, from products of both signs: the Hessian's largest
    eigenvalue there, by automatic differentiation, to 1e-6, which is what the flow's tolerance of 1e-10 leaves."""
    random = np.random.default_rng(depth)
    for _ in range(3):
        weights = random.uniform(0.4, 1.6, depth) * random.choice([-1, 1], depth)
        target = float(random.uniform(0.5, 2))
        layers = tuple(np.array([[w]]) for w in weights)
        problem = Problem(layers, np.array([[target]]), 1.0)
        end = gradient_flow(problem, times=[0.0, 100.0], rtol=1e-10, atol=1e-12).weights
        last = np.array([np.asarray(layer).ravel()[-1] for layer in end])
        assert abs(last.prod() - target) < 1e-7
        hessian = jax.hessian(lambda w, phi=target: (w.prod() - phi) ** 2 / 2)(last)
        largest = float(np.linalg.eigvalsh(np.asarray(hessian))[-1])
        assert float(limit_sharpness(weights.tolist(), target)) == pytest.approx(largest, rel=1e-6)


@given(st.lists(FRACTIONS, min_size=1, max_size=5), TARGETS, st.sampled_from([30, 64, 200]))
def test_the_squares_solve_their_equations(weights, target, bits):
    """Forty halvings in rationals; weights 0 and ties included; balls of a few bits less than asked for."""
    with ctx.workprec(bits):
        squares = limit_squares(weights, target)
        assert all(square.rel_accuracy_bits() > bits - 6 for square in squares)
    offsets = [rational(weight**2 - min(w**2 for w in weights)) for weight in weights]
    low, high = fmpq(0), rational(target) ** 2 + 1
    for _ in range(40):
        middle = (low + high) / 2
        small = prod((middle + offset for offset in offsets), start=fmpq(1)) <= rational(target) ** 2
        low, high = (middle, high) if small else (low, middle)
    for square, offset in zip(squares, offsets, strict=True):
        assert square.overlaps(arb(low + offset).union(arb(high + offset)))


@given(st.lists(FRACTIONS, min_size=2, max_size=5), TARGETS)
def test_phi_depends_on_differences_and_scales(weights, target):
    """Signs and order do not matter; w times c, Phi times c^N: phi times c^{2N-2}. The change is 0 exactly for them."""
    turned = [-weight for weight in reversed(weights)]
    assert sharpness_change(weights, turned, target) == fmpq(0)
    assert isinstance(sharpness_change(weights, turned, target), fmpq)
    depth = len(weights)
    larger = limit_sharpness([3 * weight for weight in weights], 3**depth * target)
    assert larger.overlaps(3 ** (2 * depth - 2) * limit_sharpness(weights, target))
    moved = [*weights[:-1], weights[-1] + 1]
    difference = limit_sharpness(moved, target) - limit_sharpness(weights, target)
    assert difference.overlaps(0 + difference * 0 + sharpness_change(weights, moved, target))


@given(st.lists(FRACTIONS, min_size=2, max_size=5), FRACTIONS, FRACTIONS)
def test_the_pair_factor_is_that_of_the_gradient(weights, target, rate):
    """eta dl/dw_i = e_ij w_j, the derivative taken as a difference quotient, which is exact for a square."""
    numbers = [rational(weight) for weight in weights]
    goal, eta = rational(target), rational(rate)

    def loss(i, value):
        others = prod((w for k, w in enumerate(numbers) if k != i), start=fmpq(1))
        return (value * others - goal) ** 2 / 2

    slope = (loss(0, numbers[0] + 1) - loss(0, numbers[0] - 1)) / 2
    assert eta * slope == pair_factor(numbers, goal, eta, 0, 1) * numbers[1]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: limit_squares([], 1), "weights is empty; expected at least one number"),
        (lambda: limit_sharpness([1, 2], 0), "target is 0; expected a number > 0"),
        (lambda: limit_sharpness([1, 2], -1.5), "target is -1.5; expected a number > 0"),
        (lambda: limit_sharpness([1.0, float("nan")], 1), "nan is not a rational number; expected a finite one"),
        (lambda: sharpness_change([1, 2], [1], 1), "after has 1 weights and before 2; expected the same number"),
        (lambda: pair_factor([1, 2], 1, 1, 0, 0), "i and j are 0 and 0; expected two different indices in 0..1"),
        (lambda: pair_factor([1, 2], 1, 1, 0, 2), "i and j are 0 and 2; expected two different indices in 0..1"),
    ],
)
def test_bad_input_is_named(call, sentence):
    """The argument, what was wrong, what would be right."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()


def pair_size(problem):
    """|e| at the two smallest weights."""
    weights = [layer[0, 0] for layer in problem.weights]
    i, j, *_ = sorted(range(len(weights)), key=lambda k: abs(weights[k]))
    return abs(pair_factor(weights, problem.target[0, 0], problem.learning_rate, i, j))


@given(st.booleans().flatmap(lambda below: st.tuples(st.just(below), scalar_chains(below=below))))
def test_chains_keep_their_promises(drawn):
    """eta > 0, Phi > 0, |e| <= 1; below: 0 < product < Phi and e is not 0."""
    below, problem = drawn
    product = prod((layer[0, 0] for layer in problem.weights), start=fmpq(1))
    assert problem.learning_rate > 0 < problem.target[0, 0]
    assert 2 <= problem.depth <= 6
    assert pair_size(problem) <= 1
    if below:
        assert 0 < product < problem.target[0, 0]
        assert pair_size(problem) > 0


REACHED = {
    "an e of 1": lambda p: pair_size(p) == 1,
    "an e of 0": lambda p: pair_size(p) == 0,
    "a weight 0": lambda p: any(layer[0, 0] == 0 for layer in p.weights),
    "a tie": lambda p: abs(p.weights[0][0, 0]) == abs(p.weights[1][0, 0]) != 0,
    "a negative product": lambda p: prod((layer[0, 0] for layer in p.weights), start=fmpq(1)) < 0,
    "a product above the target": lambda p: prod((w[0, 0] for w in p.weights), start=fmpq(1)) > p.target[0, 0],
    "six layers": lambda p: p.depth == 6,
}


@pytest.mark.parametrize("kind", REACHED)
def test_chains_reach(kind):
    """Corners of what the statement covers."""
    quick = settings(max_examples=2000, database=None, phases=[Phase.generate])
    try:
        find(scalar_chains(), REACHED[kind], settings=quick)
    except NoSuchExample:
        pytest.fail(f"never drawn: {kind}")


def test_chains_shrink_to_ones():
    """Two layers."""
    quick = settings(database=None, phases=[Phase.generate, Phase.shrink])
    found = find(scalar_chains(), lambda p: True, settings=quick)
    assert [layer[0, 0] for layer in found.weights] == [1, 1]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: scalar_chains(min_depth=1), "min_depth is 1; expected a whole number >= 2"),
        (lambda: scalar_chains(shares=1), "shares is 1; expected a strategy"),
        (lambda: scalar_chains(shares=st.just(0)), "shares has drawn 0; expected numbers > 0"),
        (lambda: scalar_chains(below=1), "below is 1; expected True or False"),
        (lambda: scalar_chains(shares=small_shares().map(lambda x: -x)), "expected numbers > 0"),
    ],
)
def test_bad_arguments_of_chains(call, sentence):
    """As InvalidArgument."""
    with pytest.raises(InvalidArgument, match=re.escape(sentence)):
        find(call(), lambda p: True, settings=settings(database=None))
