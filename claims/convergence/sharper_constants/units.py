"""Nothing that the sharper theorem says depends on units."""

import pytest
from flint import fmpq

from claims.convergence.sharper_constants.rows import SHARPER, SharperState
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.guarantees import sharper_constants
from solvers.network import Problem


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """Every row with its own constant, and the hypotheses."""
    state = SharperState(problem, margin)
    return [found for row in SHARPER for found in row.says(state)] + sharper_constants.hypotheses(problem, margin)


@exact
@pytest.mark.parametrize("widths", [(3, 2), (2, 3, 2), (2, 2, 3, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """At a state outside the set: the ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50)), fmpq(1, 4))
