"""Every row at states drawn anywhere in the set, and a search for one that refutes more than is proved."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.beyond_balance.general_data.rows import ANYWHERE, FACTS, NEARLY, READ, ROWS
from claims.beyond_balance.general_data.starts import ONE, limit, start
from claims.suite import Fate, ablates, exact, fewer, sampled
from claims.suite.ledger import check, check_stack
from solvers.arithmetic import compare, rational
from solvers.guarantees.general_data import BALANCES, MARGINS, Balance, MarginIn, after_steps, kept_imbalance, violated
from strategies import MarginProblem, StateStack, data_problems, data_stacks

ON_STACKS = tuple(row for row in ANYWHERE if row.name != "conditioning")
"""Conditioning is an equality too often for rounding."""
THE_RATE = ROWS["sum"][-1:]


@exact
@fewer(4)
@given(st.data())
@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("margin_in", MARGINS)
def test_one_step_from_the_hypotheses(margin_in: MarginIn, balance: Balance, data: st.DataObject) -> None:
    """Every row in the set, and the theorem's step, at starts up to each boundary; depths 1 to 4, widths to 3."""
    drawn = data.draw(data_problems(balance=balance, margin_in=margin_in))
    assert not violated(drawn.problem, drawn.margin, balance=balance, margin_in=margin_in)
    check(drawn, (*FACTS, *ANYWHERE, *ROWS[balance]), READ[balance])
    assert compare(after_steps(drawn.problem.exact(), drawn.margin, 1)).holds


@sampled
@fewer(5)
@given(st.data())
@pytest.mark.parametrize("balance", BALANCES)
def test_rows_on_stacks(balance: Balance, data: st.DataObject) -> None:
    """Every row on 300 states at once, half of them on each boundary."""
    stack = data.draw(data_stacks(size=300, balance=balance))
    check_stack(stack, (*NEARLY, *ON_STACKS, *ROWS[balance]), READ[balance])


@sampled
@fewer(5)
@given(data_stacks(size=200, balance="each", imbalance=64, learning_rate=256))
def test_rows_anywhere_on_stacks(stack: StateStack) -> None:
    """Layers out of balance by far more than their own size, learning rates that overshoot."""
    check_stack(stack, ON_STACKS, READ["each"])


@sampled
@ablates("DL-072", "learning rate", "15 N, x 15", Fate.OPEN)
@fewer(8)
@given(data_stacks(size=400, balance="sum", learning_rate=15))
def test_no_single_step_refutes_more(stack: StateStack) -> None:
    """A search: the rate of one step, from states that the theorem's invariants would allow at 15 times eta."""
    check_stack(stack, THE_RATE, READ["sum"])


@exact
@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("x", [fmpq(1, 64), fmpq(1, 2), fmpq(63, 64)])
def test_single_step_at_the_limits(balance: Balance, depth: int, x: fmpq) -> None:
    """Phi = 1, S = 3 and layers as uneven as the invariants allow, of product 2 - x and x; eta at its limit."""
    allowed = float(kept_imbalance(depth, x, ONE, balance))
    slope = allowed / (1 if balance == "each" else max(1, depth - 1)) * (1 - 2.0**-20)
    for product in (2 - x, x):
        layers = np.sqrt(_uneven(depth, float(product), slope))
        margin = min(float(x), float(np.prod(layers))) * (1 - 2.0**-30)
        problem = start([float(layer) for layer in layers], 1, 1, 3)
        problem = replace(problem, learning_rate=limit(depth, rational(margin), ONE, 3, balance))
        check(MarginProblem(problem, margin), (*ANYWHERE, *ROWS[balance]), READ[balance])


def _uneven(depth: int, product: float, slope: float) -> Any:
    """Squares that rise by ``slope`` from each to the next, with the given root of their product; or equal ones where
    so much would leave none for the first."""
    low, high = 0.0, 16.0
    rising = slope * np.arange(depth)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.prod(middle + rising) < product**2 else (low, middle)
    return high + rising if high > 2.0**-20 else np.full(depth, product ** (2 / depth))
