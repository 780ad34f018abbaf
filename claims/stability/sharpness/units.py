"""The least sharpness does not depend on units."""

import pytest
from flint import fmpq

from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar, rational
from solvers.guarantees.stability import largest_stable_rate, least_sharpness
from solvers.network import Problem, curvature, spectral_norm


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """The Hessian along W against it, with <V, V> as ||W||^2 has it, and the learning rate against the largest."""
    norm, rate = spectral_norm(problem.target), rational(problem.learning_rate)
    bent = curvature(problem.weights, problem.target, problem.weights)
    length = sum(((matrix * matrix).sum() for matrix in problem.weights), start=fmpq(0))
    return [
        Comparison(bent, ">=", least_sharpness(problem.depth, norm) * length, "<W, H W> against the least sharpness"),
        Comparison(rate, "<=", largest_stable_rate(problem.depth, norm), "the learning rate"),
    ]


@exact
@pytest.mark.parametrize("widths", [(3, 2), (2, 3, 2), (2, 2, 3, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """Away from minima: the ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50)))
