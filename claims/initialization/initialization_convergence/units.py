"""Both theorems of a balanced random start do not depend on units."""

import pytest
from flint import fmpq

from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.guarantees import theorem_two
from solvers.network import Problem


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """The hypotheses with either limit of the learning rate, where s is a margin's size, and the event."""
    limits = (theorem_two.learning_rate_limit, theorem_two.sharper_learning_rate_limit)
    found = [each for limit in limits for each in theorem_two.hypotheses(problem, margin, fmpq(4), limit)]
    return [*found, theorem_two.has_margin(problem, margin)]


@exact
@pytest.mark.parametrize("widths", [(3, 1), (2, 3, 1), (2, 2, 3, 1)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """At an unbalanced start: the ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50)), fmpq(1, 4))
