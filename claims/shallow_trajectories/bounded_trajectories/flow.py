"""Statements 3 and 4: the bound along gradient flow, and what it needs."""

from itertools import pairwise

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from numpy.typing import NDArray

from claims.shallow_trajectories.bounded_trajectories.every_depth import every_depth
from claims.suite import Fate, ablates, control, sampled, symbolic, witness
from claims.suite.statistics import generator
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, compare, square_root
from solvers.flow import gradient_flow
from solvers.network import Problem, frobenius_squared, imbalances, loss, transpose

TIMES = np.array([0.0, 0.1, 1.0, 10.0])


def bound_for_all_times(problem: Problem) -> arb:
    """(||B||_F + sqrt(||B||_F^2 + 4 C^2)) / 2 at depth 2, C = ||Phi||_F + sqrt(2 l), of an exact state."""
    squared = frobenius_squared(imbalances(problem.weights)[0])
    most = square_root(frobenius_squared(problem.target)) + square_root(2 * loss(problem.weights, problem.target))
    found: arb = (arb(square_root(squared)) + square_root(squared + 4 * most**2)) / 2
    return found


def largest_gram(problem: Problem) -> fmpq:
    """max(||W_1 W_1^T||_F, ||W_2^T W_2||_F)^2 of an exact state."""
    first, second = problem.weights
    found: fmpq = max(frobenius_squared(first @ transpose(first)), frobenius_squared(transpose(second) @ second))
    return found


def random_problem(widths: tuple[int, int, int], seed: int, scale: float) -> Problem:
    """Unbalanced layers, the first of size ``scale``, the second of 1 / scale, and a target; entries N(0, 1)."""
    random = generator("DL-057", *widths, seed)
    first, second = (random.standard_normal(shape) for shape in ((widths[1], widths[0]), (widths[2], widths[1])))
    target: NDArray[np.float64] = random.standard_normal((widths[2], widths[0]))
    return Problem((scale * first, second / scale), target, 0.0)


@symbolic
def test_the_product_cannot_leave_a_ball() -> None:
    """||W||_F <= ||Phi||_F + sqrt(2 l) is the triangle inequality, and d l/dt = - sum ||D_j||^2 along the flow: for
    scalars u, v of symbols, l' = -(u^2 + v^2) (u v - phi)^2."""
    u, v, phi = sympy.symbols("u v phi", real=True)
    value = (u * v - phi) ** 2 / 2
    velocity = [-sympy.diff(value, name) for name in (u, v)]
    change = sum(sympy.diff(value, name) * move for name, move in zip((u, v), velocity, strict=True))
    assert sympy.expand(change + (u**2 + v**2) * (u * v - phi) ** 2) == 0


@sampled
@pytest.mark.parametrize("widths", [(1, 2, 1), (3, 2, 4), (2, 5, 3), (4, 1, 2)])
@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_flow_stays_within_the_bound(widths: tuple[int, int, int], scale: float) -> None:
    """Until t = 10, integrated at two tolerances: at each time both states are within the bound of time 0, and farther
    from it than they are from each other. Bottlenecks included."""
    problem = random_problem(widths, 0, scale)
    limit = bound_for_all_times(problem.exact())
    coarse, fine = (gradient_flow(problem, times=TIMES, rtol=rtol, atol=rtol) for rtol in (1e-9, 1e-11))
    for step in range(len(TIMES)):
        sizes = []
        for flow in (coarse, fine):
            now = Problem(tuple(layer[step] for layer in flow.weights), problem.target, 0.0)
            sizes.append(arb(largest_gram(now.exact())).sqrt())
        apart = abs(sizes[0] - sizes[1])
        for size in sizes:
            assert compare(Comparison(size + apart, "<=", limit, f"layers at time {TIMES[step]}")).holds


@sampled
@pytest.mark.parametrize("widths", [(1, 1, 1, 1), (2, 3, 2, 3)])
def test_flow_of_three_layers_stays_within_the_bound(widths: tuple[int, ...]) -> None:
    """Statement 3 with 2 in place of 1, until t = 10, at two tolerances, as above: layers of sizes 2, 1 and 1/2."""
    random = generator("DL-057", *widths)
    weights = tuple(
        scale * random.standard_normal((rows, columns))
        for scale, (columns, rows) in zip((2.0, 1.0, 0.5), pairwise(widths), strict=True)
    )
    problem = Problem(weights, random.standard_normal((widths[-1], widths[0])), 0.0)
    posed = problem.exact()
    most = network.spectral_norm(posed.target) + square_root(2 * loss(posed.weights, posed.target))
    limits = [right for _, _, right, _ in every_depth(posed, product=most)]
    coarse, fine = (gradient_flow(problem, times=TIMES, rtol=rtol, atol=rtol).weights for rtol in (1e-9, 1e-11))
    for one, other, limit in zip(coarse, fine, limits, strict=True):
        for step, time in enumerate(TIMES):
            sizes = [arb(network.spectral_norm(arithmetic.exact(layer[step]))) ** 2 for layer in (one, other)]
            apart = abs(sizes[0] - sizes[1])
            for size in sizes:
                assert compare(Comparison(size + apart, "<=", limit, f"a layer at time {time}")).holds


@sampled
def test_depth_two_reaches_a_global_minimum() -> None:
    """Statement 4, sampled: flow from 6 random starts, widths 3-3-3, ends at a loss below 10^-6 at t = 400."""
    ends = [
        gradient_flow(random_problem((3, 3, 3), seed, 1.0), times=np.array([0.0, 400.0]), rtol=1e-9, atol=1e-9).loss[-1]
        for seed in range(6)
    ]
    assert len(ends) == 6
    assert max(ends) < 1e-6


@control
@ablates("DL-057", "flow", "dropped", Fate.REFUTED)
def test_refuted_for_descent() -> None:
    """One step from layers 2 and 2 to the target 0 at eta = 1: layers -6, and 36 > 4."""
    two, zero = np.array([[2.0]]), np.array([[0.0]])
    problem = Problem((two, two), zero, 1.0).exact()
    limit = bound_for_all_times(problem)
    assert compare(Comparison(limit, "==", fmpq(4), "the bound")).holds
    assert compare(Comparison(largest_gram(problem), "<=", limit**2, "at step 0")).holds
    assert compare(Comparison(largest_gram(problem.step()), "<=", limit**2, "at step 1")).fails


@control
@ablates("DL-057", "a loss that bounds W", "dropped", Fate.REFUTED)
def test_refuted_for_a_loss_that_does_not_bound_the_product() -> None:
    """l = -u v: the flow u' = v, v' = u from (1, 1) is e^t in both, balanced, and l falls for ever."""
    t = sympy.Symbol("t", positive=True)
    layers = (sympy.Matrix([[sympy.exp(t)]]),) * 2
    for layer, slope in zip(layers, network.backpropagate(layers, sympy.Matrix([[-1]])), strict=True):
        assert layer.diff(t) == -slope
    assert imbalances(layers)[0] == sympy.zeros(1, 1)
    assert sympy.limit(layers[0][0, 0] ** 2, t, sympy.oo) == sympy.oo


@control
def test_refuted_with_the_distance_for_the_product() -> None:
    """sqrt(2 l(0)) alone in place of ||Phi||_F + sqrt(2 l(0)): at the target, layers 2 and 2, it would be 0."""
    two = np.array([[2.0]])
    problem = Problem((two, two), 4 * np.array([[1.0]]), 0.0).exact()
    assert loss(problem.weights, problem.target) == 0
    limit = bound_for_all_times(problem)
    assert compare(Comparison(largest_gram(problem), "<=", limit**2, "at the target")).holds
    other = Problem(problem.weights, 0 * problem.target, fmpq(0))
    assert frobenius_squared(network.end_to_end(other.weights)) == 16
    without = limit - square_root(frobenius_squared(problem.target))
    assert compare(Comparison(largest_gram(problem), "<=", without**2, "without ||Phi||_F")).fails


@witness
def test_attained_at_time_zero() -> None:
    """W(0) = s Phi, s >= 1, attains the bound where layers have width 1 and are balanced: layers 2 and 2, Phi = 1."""
    two, one = np.array([[2.0]]), np.array([[1.0]])
    problem = Problem((two, two), one, 0.0).exact()
    gap = abs(arb(bound_for_all_times(problem)) - square_root(largest_gram(problem)))
    assert compare(Comparison(gap, "==", fmpq(0), "4 = 1 + 3")).holds
