"""Statement 5: single steps, on stacks of states and in rationals."""

from typing import Any

import numpy as np
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.beyond_balance.any_imbalance.lemma import two_layers
from claims.suite import exact, fewer, sampled, witness
from solvers import Problem, end_to_end, frobenius_squared, gradient_step, imbalances, layer_gradients, loss
from solvers.arithmetic import Comparison, Enclosure, Interval, compare, rational
from solvers.network.stacks import extreme_singular_values, inner, times

SHARE = fmpq(1, 3)
SIZE = 500


def states(seed: int, widths: tuple[int, int, int], *, reach: float = 1.0) -> Problem:
    """Stacks of two layers and targets whose sizes differ by up to 2^8; eta (|W_1|^2 + |W_2|^2 + |G|) is at most
    ``reach``, and just below it in half of the states."""
    random = np.random.default_rng(seed)
    before, hidden, after = widths

    def drawn(rows: int, columns: int) -> Any:
        return random.standard_normal((SIZE, rows, columns)) * 2.0 ** random.integers(-4, 5, (SIZE, 1, 1))

    weights, offset = (drawn(hidden, before), drawn(after, hidden)), drawn(after, before)
    target = weights[1] @ weights[0] - offset
    norms = [extreme_singular_values(Enclosure.of(layer))[1] for layer in weights]
    residual = extreme_singular_values(end_to_end(tuple(map(Enclosure.of, weights))) - Enclosure.of(target))[1]
    most = (reach / (norms[0] * norms[0] + norms[1] * norms[1] + residual)).low
    share = np.where(random.random(SIZE) < 0.5, 1 - 2.0**-32, random.random(SIZE))
    return Problem(weights, target, most * share)


def falls(problem: Problem, share: fmpq) -> tuple[Interval, Interval]:
    """L(t) - L(t+1), and share times eta S, of each state."""
    weights, target = tuple(map(Enclosure.of, problem.weights)), Enclosure.of(problem.target)
    gradients = layer_gradients(weights, target)
    moved = tuple(
        layer - times(problem.learning_rate, gradient) for layer, gradient in zip(weights, gradients, strict=True)
    )
    before, after = (end_to_end(layers) - target for layers in (weights, moved))
    fall = (inner(before, before) - inner(after, after)) / Interval.of(2.0)
    squares = inner(gradients[0], gradients[0]) + inner(gradients[1], gradients[1])
    return fall, Interval.of(problem.learning_rate) * squares * Interval.of(share)


def kept(problem: Problem, share: fmpq) -> Comparison:
    """L(t+1) <= L(t) - share eta S of one network, in any arithmetic."""
    after = gradient_step(problem.weights, problem.target, rational(problem.learning_rate))
    squares = sum(frobenius_squared(gradient) for gradient in layer_gradients(problem.weights, problem.target))
    bound = loss(problem.weights, problem.target) - share * rational(problem.learning_rate) * squares
    return Comparison(loss(after, problem.target), "<=", bound, "the loss after a step")


@sampled
@fewer(5)
@given(st.integers(0, 2**32 - 1), st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 3)))
def test_single_steps_on_stacks(seed: int, widths: tuple[int, int, int]) -> None:
    """500 states at once, at the limit of the learning rate or below; what intervals leave open is decided exactly."""
    problem = states(seed, widths)
    fall, needed = falls(problem, SHARE)
    for k in np.flatnonzero(~(needed.high <= fall.low)):
        weights = tuple(layer[k] for layer in problem.weights)
        one = Problem(weights, problem.target[k], float(problem.learning_rate[k]))
        verdict = compare(kept(one.exact(), SHARE))
        assert verdict.holds, verdict


@witness
def test_what_the_stacks_compare_is_what_the_statement_says() -> None:
    """Both sides of the first ten of 500 states of widths 2-3-2 lie in their intervals, which are narrow."""
    problem = states(1, (2, 3, 2))
    sides = falls(problem, SHARE)
    for k in range(10):
        weights = tuple(layer[k] for layer in problem.weights)
        one = Problem(weights, problem.target[k], float(problem.learning_rate[k])).exact()
        after, _, bound, _ = kept(one, SHARE)
        start = loss(one.weights, one.target)
        for side, found in zip(sides, (start - after, start - bound), strict=True):
            low, high = (rational(float(end[k])) for end in (side.low, side.high))
            assert low <= found <= high
            assert high - low <= abs(found) / 2**20


@exact
@given(two_layers(), st.integers(0, 64).map(lambda k: fmpq(k, 64)))
def test_single_steps(layers: Any, part: fmpq) -> None:
    """Any drawn layers, eta a part of its limit with Frobenius norms for the spectral ones; and what one step does to
    the imbalance: ||D(t+1) - D(t)||_F <= eta^2 S."""
    residual = end_to_end(layers.weights) - layers.target
    norms = sum(frobenius_squared(layer) for layer in layers.weights) + frobenius_squared(residual) + 1
    problem = Problem(layers.weights, layers.target, part / norms)
    verdict = compare(kept(problem, SHARE))
    assert verdict.holds, verdict
    (before,), (after,) = imbalances(problem.weights), imbalances(problem.step().weights)
    moved = (problem.learning_rate**2 * layers.descent) ** 2
    assert compare(Comparison(frobenius_squared(after - before), "<=", moved, "drift of the imbalance")).holds
