"""Every row at any state: in rationals, and on stacks of hundreds at once."""

import pytest
from flint import fmpq
from hypothesis import given

from claims.beyond_balance.bounded_descent.rows import HYPOTHESES, NEARLY, ROWS
from claims.beyond_balance.bounded_descent.starts import ONE, scalars
from claims.beyond_balance.bounded_descent.state import AnyState
from claims.suite import exact, fewer, sampled, witness
from claims.suite.ledger import check_stack
from solvers.arithmetic import Comparison, compare, decide_all
from solvers.guarantees import bounded_descent
from solvers.network import Problem
from strategies import DATASETS, StateStack, real_problem, safe_starts, start_stacks


def hold(problem: Problem) -> bool:
    """Whether all is so at step 0, and of the imbalance after it: but where nothing moves nothing is said of that."""
    moves = bounded_descent.gradients_squared(problem.exact()) != 0

    def said(posed: Problem) -> list[Comparison]:
        (_, before), (_, after) = bounded_descent.along(posed, 2)
        return [*before, *(after[-1:] if moves else [])]

    return all(verdict.holds for verdict in decide_all(said, problem))


@exact
@given(safe_starts())
def test_the_first_step_from_any_start(problem: Problem) -> None:
    """Depths 1 to 4, widths to 3, bottlenecks, zeros, exact balance and W(0) = Phi among them; with or without S."""
    assert not bounded_descent.violated(problem)
    assert hold(problem)


@sampled
@fewer(5)
@given(start_stacks(size=400))
def test_rows_on_stacks(stack: StateStack) -> None:
    """Every row on 400 states at once, layers of very different sizes, half at the largest learning rate."""
    check_stack(stack, (*NEARLY, *ROWS), AnyState)


@exact
@pytest.mark.parametrize("name", DATASETS)
def test_the_first_step_from_real_starts(name: str) -> None:
    """Depth 3 from 3/4 Phi of whitened real data."""
    problem = real_problem(name, (4, 3), start=0.75, learning_rate=0.0)
    posed = bounded_descent.with_safe_learning_rate(problem)
    assert posed.learning_rate > 0
    assert not bounded_descent.violated(posed)
    assert hold(posed)


@exact
@pytest.mark.parametrize("depth", [1, 2, 3, 5, 8])
def test_scalars_at_the_limit(depth: int) -> None:
    """Equal layers, one layer a hundred times the others, all but one 0: Phi = 1 and -1."""
    for layers in ([fmpq(9, 8)] * depth, [fmpq(100), *[fmpq(1)] * (depth - 1)], [fmpq(5), *[fmpq(0)] * (depth - 1)]):
        for target in (1, -1):
            problem = bounded_descent.with_safe_learning_rate(scalars(layers, target).nearest())
            assert hold(problem)


@witness
def test_a_state_that_is_as_the_proof_assumes() -> None:
    """Layers 1 and 1, Phi = 2, S = 1: C = 3, M^2 = 9/2, b = 0, and eta = 1/27 is the limit."""
    state = AnyState(scalars([1, 1], 2, fmpq(1, 27), 1), ONE)
    assert (state.product_bound, state.bound_squared, state.start_imbalance) == (3, fmpq(9, 2), 0)
    assert all(compare(said).holds for assumed in HYPOTHESES.values() for said in assumed(state))
