"""No row of the ledger depends on units."""

import pytest
from flint import fmpq

from claims.convergence.proof_ledger.lemmas import FACTS, HYPOTHESES, LEDGER
from claims.convergence.proof_ledger.state import State
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.network import Problem


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """Every row, what every proof may use, and the set of Lemma 7."""
    state = State(problem, margin)
    rows = [found for row in (*FACTS, *LEDGER) for found in row.says(state)]
    return rows + [found for hypothesis in HYPOTHESES.values() for found in hypothesis(state)]


@exact
@pytest.mark.parametrize("widths", [(3, 2), (2, 3, 2), (2, 2, 3, 2)])
def test_no_row_depends_on_units(widths: tuple[int, ...]) -> None:
    """At a state outside the set and far from balance: the ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50)), fmpq(1, 4))
