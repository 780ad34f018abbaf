"""The theorem of two layers does not depend on units."""

import pytest
from flint import fmpq

from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.guarantees import any_imbalance
from solvers.network import Problem


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """The hypotheses, and the conclusion after two steps."""
    return [*any_imbalance.hypotheses(problem), any_imbalance.after_steps(problem, 2)]


@exact
@pytest.mark.parametrize("widths", [(1, 3, 1), (2, 5, 2), (2, 4, 1)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """At a start with any imbalance: the ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50)))
