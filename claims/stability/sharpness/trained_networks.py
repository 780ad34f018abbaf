"""Minima where random networks are, and where descent ends on real data: never flatter than the bound, in balls."""

from itertools import pairwise

import pytest
from flint import arb

from claims.stability.sharpness.lower_bound import bound
from claims.suite import sampled
from claims.suite.statistics import generator
from solvers import Problem, arithmetic, gradient_descent, sharpness
from solvers.arithmetic import Comparison, compare
from solvers.network import Weights, end_to_end, spectral_norm
from strategies import DATASETS, regression


def sharper(weights: Weights) -> Comparison:
    """lambda_max(H) > N |W|_2^{2-2/N} at float64 weights, read exactly, for Phi = W."""
    layers = tuple(map(arithmetic.exact, weights))
    product = end_to_end(layers)
    return Comparison(sharpness(layers, product), ">", bound(len(layers), spectral_norm(product)), "sharpness")


@sampled
@pytest.mark.parametrize("widths", [(3, 2), (2, 3, 2), (3, 1, 2), (3, 2, 2, 3), (1, 1, 1, 1), (2, 2, 2, 2, 2)])
def test_gaussian_networks_are_not_flatter(widths: tuple[int, ...]) -> None:
    """Five each, Phi = W; one layer has the sharpness 1, which is the bound, and balls that agree."""
    random = generator("DL-062", *widths)
    for _ in range(5):
        weights = tuple(random.standard_normal((after, before)) for before, after in pairwise(widths))
        comparison = sharper(weights)
        if len(weights) == 1:
            assert arb(comparison.left).contains(1)
            assert comparison.right == 1
        else:
            assert compare(comparison).holds


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_where_descent_ends(name: str) -> None:
    """Three layers, hidden widths 3, from ten Gaussian starts: 2000 steps at eta = 1/20. The network that each ends at
    is a minimum for Phi = W, and sharper than the bound."""
    target = regression(name).target
    random, rate = generator("DL-062", name), 0.05
    shapes = [(3, target.shape[1]), (3, 3), (len(target), 3)]
    stack = tuple(random.standard_normal((10, *shape)) / 2 for shape in shapes)
    ended = gradient_descent(Problem(stack, target, rate), steps=2000)
    for k in range(10):
        assert compare(sharper(tuple(matrix[k] for matrix in ended.weights))).holds
