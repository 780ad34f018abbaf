"""No row depends on units, nor on those of the data."""

from functools import partial

import pytest
from flint import fmpq

from claims.beyond_balance.general_data.rows import ANYWHERE, READ, ROWS
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.guarantees.general_data import BALANCES, MARGINS, Balance, after_steps, hypotheses
from solvers.network import Problem


def said(problem: Problem, margin: Scalar, balance: Balance) -> list[Comparison]:
    """Every row, the hypotheses in both senses of a margin, and the conclusion after two steps."""
    state = READ[balance](problem, margin)
    found = [each for row in (*ANYWHERE, *ROWS[balance]) for each in row.says(state)]
    for margin_in in MARGINS:
        found += hypotheses(problem, margin, balance=balance, margin_in=margin_in)
    return [*found, after_steps(problem, margin, 2)]


@exact
@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("widths", [(3, 2), (2, 3, 2), (2, 2, 3, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...], balance: Balance) -> None:
    """At a state outside the set: the ratios of both sides are the same in other units."""
    check_units(partial(said, balance=balance), drawn_problem(widths, fmpq(1, 50), covariance=True), fmpq(1, 4))
