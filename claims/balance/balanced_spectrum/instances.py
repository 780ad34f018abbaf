"""Balanced networks: exact ones of every rank and width, and float64 ones that are balanced up to rounding."""

from functools import reduce
from itertools import pairwise

import pytest
from flint import fmpq, fmpq_poly
from hypothesis import given

import strategies
from claims.balance.balanced_spectrum import spectra
from claims.suite import exact, sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, decide_all, square_root
from solvers.network import Problem, end_to_end, frobenius_squared, imbalances, squared_singular_values

small = strategies.dimensions(max_depth=5, max_width=5)


@exact
@given(small.flatmap(strategies.balanced_networks))
def test_networks_of_known_singular_values(network: strategies.BalancedNetwork) -> None:
    """Statements 1 to 3 in rationals: rectangular, rank-deficient, narrow and zero networks, depths 1 to 5."""
    assert spectra.is_balanced(network.weights)
    assert spectra.powers_of_the_ends(network.weights)
    assert spectra.shares_its_spectrum(network.weights)
    squares = [s * s for s in network.layer_singular_values]
    factors = [fmpq_poly([-square, 1]) for square in squares if square != 0]
    assert spectra.squared_spectrum(network.weights[0]) == reduce(lambda x, y: x * y, factors, fmpq_poly([1]))
    assert spectra.spaces_meet(network.weights, squares)


@exact
@given(strategies.there_and_back())
def test_networks_of_irrational_singular_values(weights: tuple[ObjectArray, ...]) -> None:
    """Statements 1 and 2 through characteristic polynomials, whose roots need not be rational."""
    assert spectra.is_balanced(weights)
    assert spectra.powers_of_the_ends(weights)
    assert spectra.shares_its_spectrum(weights)


def spectrum_up_to_imbalance(problem: Problem) -> list[Comparison]:
    """|s_i(W_{j+1})^2 - s_i(W_j)^2| <= delta, |s_i(W)^2 - s_i(W_1)^{2N}| <= N(N-1)/2 delta M^{2(N-1)} where delta =
    sum_j ||B_j||_F: at delta = 0 the claim. (By Mirsky's inequality and ``approximately_balanced_spectrum``.)
    """
    depth, count = problem.depth, min(problem.dimensions)
    layers = [squared_singular_values(matrix)[:count] for matrix in problem.weights]
    delta: Scalar = sum((square_root(frobenius_squared(b)) for b in imbalances(problem.weights)), start=fmpq(0))
    squared_norm = arithmetic.rational(max(arithmetic.upper_float(values[0]) for values in layers))
    bound = fmpq(depth * (depth - 1), 2) * delta * squared_norm ** (depth - 1)
    found = [
        within(after - before, delta, f"s_{i + 1}^2 of neighbouring layers")
        for lower, upper in pairwise(layers)
        for i, (before, after) in enumerate(zip(lower, upper, strict=True))
    ]
    product = squared_singular_values(end_to_end(problem.weights))[:count]
    return found + [
        within(whole - one**depth, bound, f"s_{i + 1}^2 of W against the 2N-th power of a layer's")
        for i, (whole, one) in enumerate(zip(product, layers[0], strict=True))
    ]


def within(difference: Scalar, limit: Scalar, sentence: str) -> Comparison:
    return Comparison(difference * difference, "<=", limit * limit, sentence)


@sampled
@given(
    strategies.margin_problems(
        dimensions=strategies.dimensions(min_depth=2, max_depth=4, max_width=3, bottleneck=False), perturb=False
    )
)
def test_float_networks_balanced_up_to_rounding(drawn: strategies.MarginProblem) -> None:
    """Procedure 1's float64 factors in rotated bases: the spectrum is off by no more than the exact imbalance allows;
    factors that happen to be exactly balanced meet the exact statement."""
    weights = drawn.problem.exact().weights
    if spectra.is_balanced(weights):
        assert spectra.powers_of_the_ends(weights)
        assert spectra.shares_its_spectrum(weights)
    else:
        verdicts = decide_all(spectrum_up_to_imbalance, drawn.problem)
        assert all(verdict.holds for verdict in verdicts), verdicts


@sampled
@pytest.mark.parametrize("name", strategies.DATASETS)
@pytest.mark.parametrize("hidden", [(3,), (4, 3), (3, 5, 4)])
def test_real_data(name: str, hidden: tuple[int, ...]) -> None:
    """The balanced factors of a real target, which are balanced up to 2^-48 or so, in the same way."""
    problem = strategies.real_problem(name, hidden, start=0.75, learning_rate=0.0)
    assert all(verdict.holds for verdict in decide_all(spectrum_up_to_imbalance, problem))
