"""Statement 2: layers of any network in general position; where it is an equality."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given

from claims.shallow_trajectories.bounded_trajectories.spreads import Spread, spreads
from claims.suite import control, exact, sampled, symbolic, witness
from claims.suite.symbols import network_symbols
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, compare, decide_all
from solvers.network import Problem, end_to_end, imbalances, spectral_norm
from strategies import DATASETS, real_problem


def every_depth(problem: Problem, power: Fraction | None = None, product: Scalar | None = None) -> list[Comparison]:
    """Statement 2, layer by layer; ``power`` stands for 2/N, ``product`` for |W|_2."""
    drifts = [spectral_norm(b) for b in imbalances(problem.weights)]
    total = sum(drifts, start=fmpq(0))
    size = spectral_norm(end_to_end(problem.weights)) if product is None else product
    root = arithmetic.power(size, power or Fraction(2, problem.depth))
    found = []
    for j, layer in enumerate(problem.weights):
        ends = sum(drifts[:j], start=fmpq(0)), sum(drifts[j:], start=fmpq(0))
        bound = root + total + arb(ends[0]).min(arb(ends[1]))
        found.append(Comparison(spectral_norm(layer) ** 2, "<=", bound, f"|W_{j + 1}|_2^2 at depth {problem.depth}"))
    return found


@symbolic
def test_ratios_fall_by_the_imbalance_at_most() -> None:
    """W_{k+1}^T W_{k+1} = W_k W_k^T + B_k, so <y, .> of it differ by <y, B_k y>; and <z, W_k^T W_k z> = |W_k z|^2."""
    weights, _ = network_symbols(2)
    first, second = weights
    y = sympy.MatrixSymbol("y", first.rows, 1)
    gap = y.T * (second.T * second - first * first.T - imbalances(weights)[0]) * y
    assert gap.doit().expand() == sympy.ZeroMatrix(1, 1)


@sampled
@given(spreads())
def test_every_depth(spread: Spread) -> None:
    """Statement 2 in general position, where it is strict: floats that bound their rounding, then balls."""
    assert all(verdict.holds for verdict in decide_all(every_depth, spread.problem()))


@exact
@pytest.mark.parametrize("name", DATASETS)
def test_real_start(name: str) -> None:
    """Depth 3: the layers from which descent on real data starts."""
    problem = real_problem(name, (4, 3), start=0.75, learning_rate=0.01)
    assert all(verdict.holds for verdict in decide_all(every_depth, problem))


@control
@pytest.mark.parametrize(("layer", "power"), [(2.0, Fraction(19, 30)), (0.5, Fraction(21, 30))])
def test_refuted_with_another_power(layer: float, power: Fraction) -> None:
    """Three layers 2 I: 4 = 8^{2/3} is above 8^{19/30}; three layers I/2: 1/4 is above 8^{-21/30}."""
    same = Problem((layer * np.eye(2),) * 3, np.zeros((2, 2)), 0.0).exact()
    assert [verdict.fails for verdict in decide_all(lambda posed: every_depth(posed, power), same)] == [True] * 3


@witness
def test_equal_for_balanced_layers_and_for_one() -> None:
    """Three layers 2 I of 2 x 2, and depth 1, where b = 0 and W_1 = W."""
    for problem in (Problem((2.0 * np.eye(2),) * 3, np.zeros((2, 2)), 0.0), Problem((np.eye(2),), np.eye(2), 0.0)):
        posed = problem.exact()
        for left, _, right, sentence in every_depth(posed):
            assert compare(Comparison(abs(arb(left) - arb(right)), "<", arb(2) ** -40, sentence)).holds
