"""Each row with a stronger constant, refuted at a state where its own constant holds."""

from typing import Any

import pytest
from flint import fmpq

from claims.beyond_balance.general_data.rows import ANYWHERE, READ, ROWS, ROWS_EACH, ROWS_SUM
from claims.beyond_balance.general_data.starts import ONE, limit, start
from claims.beyond_balance.general_data.state import DataState
from claims.suite import control
from claims.suite.ledger import Row
from solvers.arithmetic import compare
from solvers.guarantees.general_data import BALANCES, Balance


def at_the_limit(layers: Any, balance: Balance, target: Any = 1, norm: Any = ONE) -> DataState:
    """S = 3 and c = 1, eta at its limit for F."""
    covariance = [[3]]
    return READ[balance](start(layers, target, limit(len(layers), ONE, norm, covariance, balance), covariance), ONE)


HALFWAY = READ["each"](start([1, 1], fmpq(1, 2), fmpq(1, 100), 1), ONE)
ALONE = {balance: at_the_limit([2], balance, 1, fmpq(2)) for balance in BALANCES}  # F = c + |G|
PAIR = {
    "each": at_the_limit([fmpq(10643, 10000), 1 / fmpq(10643, 10000)], "each"),
    "sum": at_the_limit([fmpq(10317, 10000), 1 / fmpq(10317, 10000)], "sum"),
}
ACROSS = READ["each"](start([1, [[2], [0]]], [[2], [-1]], fmpq(1, 1000), 1), ONE)
TWISTED = start([[[1, 0], [0, 1]]] * 2, [[1, fmpq(-1, 2)], [0, 1]], fmpq(1, 10**4), [[1, 0], [0, 1]])

ONES = {
    "layer norms": (fmpq(99, 100), READ["each"](start([3, 3, 0], 1, fmpq(1, 1000), 1), ONE)),
    "first order": (fmpq(3, 5), ACROSS),
    "conditioning": (fmpq(201, 100), HALFWAY),
    "preconditioner": (fmpq(99, 100), HALFWAY),
    "remainder": (fmpq(99, 100), HALFWAY),
    "descent": (fmpq(49, 100), HALFWAY),
    "law": (fmpq(99, 100), READ["each"](start([1, 0], 1, fmpq(1, 10), 1), ONE)),
}
EACH = {
    "small imbalance": (fmpq(24, 100), at_the_limit([1, 1], "each")),
    "norms": (fmpq(1, 2), PAIR["each"]),
    "kept": (fmpq(94, 100), ALONE["each"]),
    "lemma": (fmpq(94, 100), ALONE["each"]),
    "drift": (fmpq(1, 2), READ["each"](TWISTED, ONE)),
    "total drift": (fmpq(99, 100), at_the_limit([1, 1], "each")),
    "theorem": (fmpq(188, 100), ALONE["each"]),
}
SUM = {
    "small imbalance": (fmpq(24, 100), at_the_limit([1], "sum")),
    "norms": (fmpq(1, 10), PAIR["sum"]),
    "kept": (fmpq(992, 1000), ALONE["sum"]),
    "lemma": (fmpq(992, 1000), ALONE["sum"]),
    "drift": (fmpq(1, 2), READ["sum"](TWISTED, ONE)),
    "total drift": (fmpq(99, 100), at_the_limit([1, 1], "sum")),
    "theorem": (fmpq(1984, 1000), ALONE["sum"]),
}
"""For each row a stronger constant, and a state that refutes it."""
CASES = [(row, *ONES[row.name]) for row in ANYWHERE]
CASES += [(row, *EACH[row.name]) for row in ROWS_EACH] + [(row, *SUM[row.name]) for row in ROWS_SUM]


@control
@pytest.mark.parametrize(("row", "constant", "state"), CASES, ids=lambda each: getattr(each, "name", ""))
def test_refuted_with_a_stronger_constant(row: Row, constant: fmpq, state: DataState) -> None:
    """Each constant is one that matters; none of those in the set is attained but the total drift."""
    assert len(CASES) == len(ANYWHERE) + sum(map(len, ROWS.values()))
    assert row.says(state)
    assert all(compare(comparison).holds for comparison in row.says(state))
    assert any(compare(comparison).fails for comparison in row.statement(state, constant))
