"""Starts that meet the hypotheses with equality, at depth one and in one dimension too, and one where nothing moves."""

import pytest
from flint import fmpq

from claims.beyond_balance.general_data.rows import ANYWHERE, HYPOTHESES, READ, ROWS
from claims.beyond_balance.general_data.starts import ONE, start
from claims.suite import witness
from solvers.arithmetic import compare
from solvers.guarantees.general_data import BALANCES, MARGINS, Balance, MarginIn, learning_rate_limit, violated
from solvers.network import Problem, imbalances


@witness
@pytest.mark.parametrize("margin_in", MARGINS)
@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_margin_and_learning_rate_with_equality(depth: int, balance: Balance, margin_in: MarginIn) -> None:
    """Phi = 1, S = 9, equal layers of root a square, c = W: and nothing more is allowed of either."""
    layer = fmpq(4, 9) if depth == 1 else fmpq(2, 3) if depth == 2 else fmpq(4, 5)
    c, tiny = layer**depth, fmpq(1, 10**12)

    def at(rate: fmpq) -> Problem:
        return start([layer] * depth, 1, rate, 9)

    limit = learning_rate_limit(depth, c, ONE, 9, balance)
    assert isinstance(limit, fmpq)
    assert not violated(at(limit), c, balance=balance, margin_in=margin_in)
    too_fast = violated(at(limit + tiny), c, balance=balance, margin_in=margin_in)
    assert too_fast.keys() == {"learning rate against its limit"}
    too_wide = violated(at(limit / 2), c + tiny, balance=balance, margin_in=margin_in)
    assert too_wide.keys() == {"|G(0)|_S against the margin"}


@witness
@pytest.mark.parametrize("balance", BALANCES)
def test_nothing_moves_at_the_target(balance: Balance) -> None:
    """W = Phi = 1, S = 2, c = 1, a state in the set: every row holds with S_t = 0, and E stays 0."""
    problem = start([1, 1, 1], 1, learning_rate_limit(3, ONE, ONE, 2, balance), 2)
    assert not violated(problem, ONE, balance=balance)
    state = READ[balance](problem, ONE)
    assert state.total == state.energy == 0
    assert all(compare(said).holds for assumed in HYPOTHESES.values() for said in assumed(state))
    assert all(compare(said).holds for row in (*ANYWHERE, *ROWS[balance]) for said in row.says(state))


@witness
def test_drifts_are_those_of_a_step() -> None:
    """Layers 1, 2, 3 and Phi = 5, S = 2: rows 10 speak of the B_j after a step less those before it."""
    problem = start([1, 2, 3], 5, fmpq(1, 100), 2)
    before, after = (imbalances(each.weights) for each in (problem, problem.step()))
    moved = [abs((later - earlier)[0, 0]) for earlier, later in zip(before, after, strict=True)]
    state = READ["sum"](problem, ONE)
    assert state.total_drift == sum(moved)
    assert state.drift_norms == moved
    assert len(moved) == 2
