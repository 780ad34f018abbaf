"""Part 2 does not depend on units."""

import pytest
from flint import fmpq

from claims.initialization.initialization_trade_off.bound import largest_after_a_step, least_steps
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar, rational
from solvers.network import Problem


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """Both bounds of a step, and the least steps to an accuracy of margin squared, which is a number."""
    least = least_steps(problem.weights, problem.target, rational(problem.learning_rate), margin * margin)
    steps = [found for contracted in (False, True) for found in largest_after_a_step(problem, contracted=contracted)]
    return [*steps, Comparison(fmpq(9), ">=", least, "steps")]


@exact
@pytest.mark.parametrize("widths", [(3, 2), (2, 3, 2), (2, 2, 3, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """The ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50)), fmpq(1, 4))
