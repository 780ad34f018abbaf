"""Every row at states on the new limits."""

from typing import Any

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given

from claims.convergence.proof_ledger.state import State
from claims.convergence.sharper_constants.rows import SHARPER, SharperState
from claims.suite import exact, fewer, sampled
from claims.suite.ledger import check, check_stack
from solvers.arithmetic import lower_float, rational
from solvers.guarantees import sharper_constants
from strategies import MarginProblem, StateStack, state_stacks


@exact
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("x", [fmpq(1, 64), fmpq(1, 4), fmpq(1, 2), fmpq(63, 64)])
def test_single_step_at_the_limits(depth: int, x: fmpq) -> None:
    """Phi = 1, layers of ratios as uneven as 2 delta allows, product 2 - x and x, eta at its limit."""
    for product in (2 - x, x):
        step = float(sharper_constants.imbalance_limit(depth, x, fmpq(1))) * 2 * 0.999
        layers = np.sqrt(_uneven(depth, float(product), step))
        margin = min(float(x), float(np.prod(layers))) * (1 - 2.0**-30)
        rate = lower_float(sharper_constants.learning_rate_limit(depth, rational(margin), fmpq(1)))
        problem = State.of([float(layer) for layer in layers], 1, rate).problem
        check(MarginProblem(problem, margin), SHARPER, SharperState)


def _uneven(depth: int, product: float, step: float) -> Any:
    """Squares in arithmetic progression of a step at most ``step``, rising, with the given root of their product."""
    low, high = 0.0, 16.0
    slope = step * np.arange(depth)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.prod(middle + slope) < product**2 else (low, middle)
    return high + slope if high > 2.0**-20 else np.full(depth, product ** (2 / depth))


@sampled
@fewer(5)
@given(
    state_stacks(
        size=2000,
        imbalance=sharper_constants.imbalance_limit,
        learning_rate=sharper_constants.learning_rate_limit,
        room=True,
    )
)
def test_single_steps_on_stacks(stack: StateStack) -> None:
    """Every row on 2000 states at once, at the new limits; 10^4 states, and 10^6 in the thorough profile."""
    check_stack(stack, SHARPER, SharperState)
