"""The ledger on states that are drawn: rationals, single float64 states, and stacks of thousands of them."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.convergence.proof_ledger.lemmas import ANYWHERE, FACTS, LEDGER
from claims.convergence.proof_ledger.state import State
from claims.suite import exact, fewer, sampled
from claims.suite.ledger import check, check_stack
from solvers import arithmetic
from solvers.arithmetic import Interval, rational, square_root
from solvers.guarantees.limits import root
from solvers.network import Problem
from strategies import MarginProblem, StateStack, descent_states, dimensions, margin_problems, state_stacks


def anything(depth: int, margin: Any, target_norm: Any) -> Any:
    """An imbalance of the order of the layers themselves."""
    return 2 * root(margin, 2, depth)


def any_rate(depth: int, margin: Any, target_norm: Any) -> Any:
    """Up to where a step moves a layer by as much as it is long."""
    return root(target_norm, 2 - 2 * depth, depth)


@exact
@given(st.data())
def test_rows_anywhere_in_rationals(data: st.DataObject) -> None:
    """Exactly balanced networks, where many rows are equalities, any target and learning rate."""
    widths = data.draw(dimensions(min_depth=2, max_depth=4, max_width=3, bottleneck=False))
    target = arithmetic.exact(data.draw(strategies.dyadic_matrices(widths[-1], widths[0])))
    problem = Problem(
        data.draw(strategies.balanced_weights(widths)), target, rational(data.draw(strategies.learning_rates()))
    )
    check(MarginProblem(problem, 1.0), (*FACTS, *ANYWHERE), State)


@sampled
@given(descent_states())
def test_the_ledger_on_single_states(drawn: MarginProblem) -> None:
    """Every row, widths to 8, the states of ``descent_lemma``."""
    check(drawn, (*FACTS, *LEDGER), State)


@sampled
@fewer(2)
@given(margin_problems())
def test_the_ledger_on_the_states_of_theorem_one(drawn: MarginProblem) -> None:
    """Every row, where Theorem 1 starts."""
    check(drawn, (*FACTS, *LEDGER), State)


@sampled
@fewer(5)
@given(state_stacks(size=2000))
def test_the_ledger_on_stacks(stack: StateStack) -> None:
    """Every row on 2000 states at once, half of them on each boundary; in all 10^4 states, thorough 10^6."""
    check_stack(stack, LEDGER, State)


@sampled
@fewer(5)
@given(state_stacks(size=1000, imbalance=anything, learning_rate=any_rate))
def test_rows_anywhere_on_stacks(stack: StateStack) -> None:
    """Layers out of balance by their own size, learning rates that overshoot."""
    check_stack(stack, ANYWHERE, State)


@sampled
@fewer(5)
@given(state_stacks(size=200, imbalance=anything, learning_rate=any_rate))
def test_the_remainder_of_4_6_up_to_its_range(stack: StateStack) -> None:
    """The largest learning rates in float64 at which N y' <= 1/2."""
    state = State(stack.enclosed(), Interval.of(stack.margin))
    most = 1 / (2 * state.depth * state.layer_norm ** (state.depth - 2) * square_root(state.gap))
    (row,) = (row for row in LEDGER if row.name == "remainder of 4.6")
    check_stack(replace(stack, problem=replace(stack.problem, learning_rate=most.low)), (row,), State)
