"""Theorem 1 does not depend on units."""

import pytest
from flint import fmpq

from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.guarantees import theorem_one
from solvers.network import Problem


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """Its hypotheses, and its conclusion after two steps."""
    return [*theorem_one.hypotheses(problem, margin), theorem_one.after_steps(problem, margin, 2)]


@exact
@pytest.mark.parametrize("widths", [(3, 2), (2, 3, 2), (2, 2, 3, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """At a start without a margin: the ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50)), fmpq(1, 4))
