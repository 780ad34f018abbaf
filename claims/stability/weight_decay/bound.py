"""Statement 4: no weights have a lower F than their singular values allow; minima attain it, and descents end there."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.stability.weight_decay.minima import MINIMA, modes_cost, value
from claims.suite import control, exact, sampled, witness
from claims.suite.agreement import AGREEMENT
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, Scalar, compare, decide, power, rational
from solvers.guarantees.weight_decay import cost, existence, roots
from solvers.network import Matrix, Problem, Weights, decayed_loss, decayed_step, end_to_end, singular_values
from strategies import DATASETS, DecayPoint, diagonal, dimensions, problems, real_problem, scalar_weights


def lower_bound(weights: Weights, target: Matrix, decay: fmpq, factor: int | fmpq = 1, shift: int = 0) -> Scalar:
    """sum_i g_i(sigma_i(W)), in rationals where they are, else in balls. ``factor`` times the N of g_i, and N + shift
    for the N of its exponent, are for what is false nearby."""
    n, total = len(weights), fmpq(0)
    for a, sigma in zip(singular_values(end_to_end(weights)), singular_values(target), strict=True):
        gap = a - sigma  # a product: the square of a ball about 0 is NaN
        total = total + gap * gap / 2 + factor * n * decay / 2 * power(a, Fraction(2, n + shift))
    return total


def bound(problem: Problem, decay: float) -> Comparison:
    """F > sum_i g_i(sigma_i(W)) - 2^-60: the two are equal where the weights are balanced, and a ball cannot tell."""
    lam = decay if isinstance(problem.learning_rate, float) else rational(decay)
    found = decayed_loss(problem.weights, problem.target, lam)
    least = lower_bound(problem.weights, problem.target, rational(decay))
    return Comparison(arb(found) + AGREEMENT, ">", arb(least), "F against the bound of its singular values")


@sampled
@given(problems(dimensions=dimensions(min_depth=2, max_depth=5, max_width=4)), st.sampled_from([1.0, 0.25, 4.0]))
@example(Problem((np.array([[1.0, 1.0]]), np.array([[1.0]])), np.array([[1.0, 1.0]]), 1.0), 1.0)
def test_the_bound_for_any_weights(problem: Problem, decay: float) -> None:
    """Any weights and targets, rectangular and with bottlenecks, float64 first. The example: W = Phi with an irrational
    singular value, and a ball about 0 for their difference."""
    assert decide(lambda posed: bound(posed, decay), problem).holds


@exact
@given(MINIMA)
def test_the_bound_is_attained(point: DecayPoint) -> None:
    """At minima, in rationals: with N = 2 too. With 101/100 times the N of g_i it fails there but at zero."""
    least = lower_bound(point.weights, point.target, point.decay)
    assert compare(Comparison(value(point), "==", least, "F against the bound")).holds
    assert modes_cost(point) == least
    more = lower_bound(point.weights, point.target, point.decay, factor=fmpq(101, 100))
    assert compare(Comparison(value(point), ">=", more, "F against 101/100 of it")).fails == (point.rank > 0)


@exact
@given(MINIMA, st.sampled_from([fmpq(2), fmpq(1, 3), fmpq(5, 2)]))
def test_nothing_depends_on_units(point: DecayPoint, unit: fmpq) -> None:
    """W_j -> c W_j, Phi -> c^N Phi, lambda -> c^{2N-2} lambda: F is multiplied by c^{2N}, gradients stay zero, and
    thresholds scale as lambda does."""
    depth = point.depth
    weights, target = tuple(unit * w for w in point.weights), unit**depth * point.target
    decay = unit ** (2 * depth - 2) * point.decay
    assert not any(entry != 0 for d in network.decayed_gradients(weights, target, decay) for entry in d.flat)
    before = decayed_loss(point.weights, point.target, point.decay)
    assert decayed_loss(weights, target, decay) == unit ** (2 * depth) * before
    for sigma in point.caught:
        scaled = existence(unit**depth * sigma, depth) / unit ** (2 * depth - 2)
        assert compare(Comparison(point.decay, "<", scaled, "lambda against lambda_c in other units")).holds


def descents(target: np.ndarray, decay: float, depth: int, rate: float, size: float, steps: int) -> Weights:
    """A stack of 20 descents from Gaussian layers; square layers of the target's inputs, and then its outputs."""
    random = np.random.default_rng(66)
    outputs, inputs = target.shape
    shapes = [*([(inputs, inputs)] * (depth - 1)), (outputs, inputs)]
    weights: Weights = tuple(size * random.standard_normal((20, *shape)) / inputs**0.5 for shape in shapes)
    for _ in range(steps):
        weights = decayed_step(weights, target, decay, rate)
    return weights


NEAR = fmpq(1, 2**16)
"""How near to the value of a minimum a descent must end."""


def prefix_values(values: list[fmpq], decay: fmpq, depth: int) -> list[Scalar]:
    """F at the minima of 5, N >= 3: modes in order, carried at their larger roots."""
    left = sum((sigma**2 / 2 for sigma in values), start=fmpq(0))
    found: list[Scalar] = [left]
    for sigma in values:
        pair = roots(sigma, decay, depth)
        if len(pair) < 2:
            break
        found.append(found[-1] - sigma**2 / 2 + cost(pair[-1], sigma, decay, depth))
    return found


@sampled
def test_descents_end_at_prefixes() -> None:
    """N = 3, Phi = diag(3, 3/2), lambda = 1/4, 20 Gaussian starts of each of two sizes, 1500 steps of 1/50: each ends
    within 2^-16 of F at zero, one mode or both; all three are seen."""
    decay, target = fmpq(1, 4), diagonal(2, 2, [3, fmpq(3, 2)])
    minima = prefix_values([fmpq(3), fmpq(3, 2)], decay, 3)
    met = []
    for size in (0.1, 0.7):
        ends = descents(arithmetic.nearest(target), 0.25, 3, 0.02, size, 1500)
        for k in range(20):
            end = decayed_loss(tuple(arithmetic.exact(layer[k]) for layer in ends), target, decay)
            met += [i for i, known in enumerate(minima) if compare(Comparison(abs(end - known), "<", NEAR, "F")).holds]
    assert len(met) == 40
    assert set(met) == {0, 1, 2}


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_descents_on_real_data_end_at_the_bound(name: str) -> None:
    """N = 3, lambda = 1/16: F at the end is at least the bound, and within 2^-16 of it."""
    target = real_problem(name, (3, 3), start=1.0, learning_rate=0.0).target
    ends = descents(target, 0.0625, 3, 0.1, 0.7, 1000)
    for k in range(3):
        problem = Problem(tuple(layer[k] for layer in ends), target, 0.0)
        assert decide(lambda posed: bound(posed, 0.0625), problem).holds
        exactly = problem.exact()
        found = decayed_loss(exactly.weights, exactly.target, fmpq(1, 16))
        least = lower_bound(exactly.weights, exactly.target, fmpq(1, 16))
        assert compare(Comparison(found - least, "<", NEAR, "F above the bound")).holds


@control
@pytest.mark.parametrize(("shift", "layer"), [(1, fmpq(8)), (-1, fmpq(1, 8))])
def test_refuted_with_another_exponent(shift: int, layer: fmpq) -> None:
    """Widths 1, N = 3, Phi = W: a^{2/4} is too much at small a, and a^{2/2} at large."""
    for size in (layer, 1 / layer):
        weights = scalar_weights(size, size, size)
        target = end_to_end(weights)
        found = decayed_loss(weights, target, fmpq(1))
        assert found == lower_bound(weights, target, fmpq(1))
        verdict = compare(Comparison(found, ">=", lower_bound(weights, target, fmpq(1), shift=shift), "F"))
        assert verdict.fails == (size != layer)
        assert verdict.holds == (size == layer)


@control
def test_refuted_that_unbalanced_weights_attain_it() -> None:
    """w = (1, 4), N = 2, W = Phi = 4: lambda/2 (1 + 16) > lambda 4."""
    weights = scalar_weights(1, 4)
    target = end_to_end(weights)
    least = lower_bound(weights, target, fmpq(1))
    assert decayed_loss(weights, target, fmpq(1)) == fmpq(17, 2)
    assert least == 4


@witness
def test_zero_weights_and_zero_targets() -> None:
    """W = 0: F = sum sigma_i^2 / 2, which is the bound, whatever lambda; with Phi = 0 too, both are 0."""
    weights = (diagonal(3, 2, [0, 0]), diagonal(2, 3, [0, 0]))
    for values in ([2, 1], [0, 0]):
        target = diagonal(2, 2, values)
        total = fmpq(sum(s**2 for s in values), 2)
        assert decayed_loss(weights, target, fmpq(5)) == lower_bound(weights, target, fmpq(5)) == total
