"""No row depends on units, nor on those of the data."""

import pytest
from flint import fmpq

from claims.beyond_balance.bounded_descent.rows import ROWS
from claims.beyond_balance.bounded_descent.state import AnyState
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.guarantees import bounded_descent
from solvers.network import Problem


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """Every row, the hypotheses, what is said of the first two steps, and the bound of the gradients."""
    rows = [found for row in ROWS for found in row.says(AnyState(problem, margin))]
    steps = [found for _, each in bounded_descent.along(problem, 2) for found in each]
    size, bound = bounded_descent.gradients_squared(problem), bounded_descent.gradient_bound(problem, 3)
    return [*rows, *bounded_descent.hypotheses(problem), *steps, Comparison(size, "<=", bound, "sum of ||D_j||^2")]


@exact
@pytest.mark.parametrize("widths", [(3, 2), (2, 1, 2), (2, 2, 3, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """At a start with a covariance: the ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50), covariance=True))
