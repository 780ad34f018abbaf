"""Statements 3 and 4 do not depend on units."""

import pytest
from flint import fmpq

from claims.balance.approximately_balanced_spectrum.layers import gram_power, layer_norm
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.network import Problem


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """3 for each k >= 2, in both directions, and 4 for each layer."""
    powers = [(count, mirror) for count in range(2, problem.depth + 1) for mirror in (False, True)]
    return [
        *(gram_power(problem, count, mirror=mirror) for count, mirror in powers),
        *(layer_norm(problem, layer) for layer in range(problem.depth)),
    ]


@exact
@pytest.mark.parametrize("widths", [(2, 3, 2), (2, 2, 3, 2), (1, 2, 2, 2, 1)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """Far from balance: the ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(0)))
