"""Statements 2, 4 and 5 do not depend on units."""

import pytest
from flint import fmpq

from claims.saddles.saddle_escape.escape_times import largest_squared
from claims.saddles.saddle_escape.scalar_layers import most_steps
from claims.saddles.saddle_escape.slow_escape import largest_rate, no_faster
from claims.saddles.saddle_escape.third_derivative import largest_norm, lipschitz, third_derivative
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar, rational, square_root
from solvers.network import Problem, end_to_end, frobenius_squared, spectral_norm


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """The largest learning rate, the steps from the network's own m to twice that, the third derivative along W."""
    weights, target, depth, rate = problem.weights, problem.target, problem.depth, rational(problem.learning_rate)
    square = largest_squared(weights)
    size, norm = square_root(square), spectral_norm(target)
    found = [
        Comparison(rate, "<=", largest_rate(depth, square), "the learning rate against the largest"),
        no_faster(depth, 9, size, 2 * size, rate, norm),
        Comparison(fmpq(9), "<=", most_steps(depth - 2, size, 2 * size, rate * norm), "steps against the most"),
    ]
    gap = square_root(frobenius_squared(end_to_end(weights) - target))
    length = sum((frobenius_squared(matrix) for matrix in weights), start=fmpq(0))
    bound = lipschitz(depth, largest_norm(weights), gap) ** 2 * length**3
    return [*found, Comparison(third_derivative(weights, target, weights) ** 2, "<=", bound, "third derivative")]


@exact
@pytest.mark.parametrize("widths", [(2, 3, 2, 2), (2, 2, 2, 2, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """The ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50)))
