"""The bounds of layers do not depend on units."""

import pytest
from flint import fmpq

from claims.shallow_trajectories.bounded_trajectories.depth_two import depth_two
from claims.shallow_trajectories.bounded_trajectories.every_depth import every_depth
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.network import Problem


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """Statement 2, and statement 1 at depth 2."""
    return [*every_depth(problem), *(depth_two(problem) if problem.depth == 2 else [])]


@exact
@pytest.mark.parametrize("widths", [(3, 2), (2, 3, 2), (2, 2, 3, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """The ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(0)))
