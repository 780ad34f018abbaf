"""Each row with a stronger constant, or without a hypothesis, refuted; and the states at which rows are attained."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.convergence.proof_ledger.lemmas import FACTS, HYPOTHESES, LEDGER, ONE, kept
from claims.convergence.proof_ledger.state import HALF, State
from claims.suite import Fate, ablates, control, fewer, witness
from claims.suite.ledger import Row, check, check_stack
from solvers.arithmetic import Comparison, Relation, compare, rational, settle
from solvers.guarantees import theorem_one
from solvers.guarantees.limits import at_most
from solvers.network import end_to_end, imbalances, loss
from strategies import MarginProblem, StateStack, state_stacks

I3 = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
I2, TILTED = [[1.0, 0.0], [0.0, 1.0]], [[1.0, -0.5], [0.0, 1.0]]
HALFWAY = State.of([1, 1], HALF, theorem_one.learning_rate_limit(2, fmpq(1), HALF))  # x = 2, |G| = Phi_F, sigma = c
ALONE = State.of([2], 1, theorem_one.learning_rate_limit(1, fmpq(1), fmpq(1)))
THREE = State.of([1, 1, 1], 0.5, fmpq(1, 1000))
ACROSS = State.of([1, [[2], [0]]], [[2], [-1]], fmpq(1, 1000))  # G is orthogonal to W
ROOTS = State.of([[[1], [1]], [[1, 1]]], 1, fmpq(1, 6144 * 4), fmpq(1))  # |W_j|_2 is the root of 2
TWISTED = State.of([I2, I2], TILTED, rational(2.0**-20))  # G = E_12 / 2 is not normal
UNEQUAL = State.of([2, 1], 1, fmpq(1, 1000))
FIRST, SECOND = fmpq(1449, 1024), fmpq(1448, 1024)
TWICE = FIRST * SECOND  # 2 Phi_F = c: W_1 is a little larger than a half of it, and than the limit takes off in a step
UNEVEN = State.of([FIRST, SECOND], TWICE / 2, theorem_one.learning_rate_limit(2, TWICE, TWICE / 2), TWICE)

SMALLER = {
    "layer norms": (HALF, UNEQUAL),
    "end layers": (HALF, UNEQUAL),
    "first order": (HALF, ACROSS),
    "preconditioner": (fmpq(99, 100), HALFWAY),
    "remainder": (fmpq(99, 100), HALFWAY),
    "descent": (fmpq(49, 100), HALFWAY),
    "drift": (fmpq(99, 100), State.of([1, 0], 1, fmpq(1, 10))),
    "small imbalance": (fmpq(1, 513), HALFWAY),
    "norms": (fmpq(4), UNEVEN),
    "kept": (fmpq(99999, 100000), ALONE),
    "lemma 7": (fmpq(1), ALONE),
    "remainder of 4.6": (fmpq(33, 100), THREE),
    "norms after a step": (fmpq(2), UNEVEN),
    "drift in the set": (fmpq(1, 4), TWISTED),
    "potential": (HALF, TWISTED),
    "total drift": (fmpq(1, 5), HALFWAY),
    "theorem": (fmpq(2), ALONE),
}
"""For each row a stronger constant, and a state that refutes it; the row's own constant holds there."""


@control
@pytest.mark.parametrize("row", LEDGER, ids=lambda row: row.name)
def test_refuted_with_a_stronger_constant(row: Row) -> None:
    """Each row's constant is a constant that matters: a stated stronger one fails at an explicit state."""
    constant, state = SMALLER[row.name]
    assert all(compare(comparison).holds for comparison in row.says(state))
    assert any(compare(comparison).fails for comparison in row.statement(state, constant))


def fails(name: str, state: State) -> bool:
    """Whether a row certainly fails at a state outside its premises."""
    (row,) = (row for row in LEDGER if row.name == name)
    return any(compare(comparison).fails for comparison in row.says(state))


@control
@ablates("DL-012", "balance", "dropped", Fate.REFUTED)
def test_refuted_without_balance() -> None:
    """Layers (9, 1/9) break the norms. W_1 = diag(20/9, 9/20), W_2 its inverse and G along E_12 break Lemma 7: both
    ends are weak where G is; every other premise holds."""
    uneven = State.of([9.0, fmpq(1, 9)], 1, theorem_one.learning_rate_limit(2, fmpq(1), fmpq(1)))
    assert fails("norms", uneven)
    strong, weak = fmpq(20, 9), fmpq(9, 20)
    layers = [[[strong, 0], [0, weak]], [[weak, 0], [0, strong]]]
    state = State.of(layers, [[1, -HALF], [0, 1]], theorem_one.learning_rate_limit(2, fmpq(1), fmpq(3, 2)))
    assert fails("lemma 7", state)
    assert compare(Comparison(state.sigma, "==", fmpq(1), "sigma_min(W)")).holds
    assert compare(Comparison(state.reach, "<=", state.target_norm, "|G|_2")).holds


@control
@ablates("DL-012", "learning rate", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("name", ["kept", "lemma 7", "norms after a step", "total drift", "theorem"])
def test_refuted_without_the_learning_rate(name: str) -> None:
    """eta = 8 at depth 1, w = 2, Phi = 1."""
    assert fails(name, State.of([2], 1, 8))


@control
@ablates("DL-012", "margin", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("name", ["small imbalance", "theorem"])
def test_refuted_without_sigma_at_least_c(name: str) -> None:
    """c = 1 while sigma_min(W) = 2^-20: delta is too large for W, and the rate is missed."""
    assert fails(name, State.of([2.0**-10, 2.0**-10], 1, theorem_one.learning_rate_limit(2, fmpq(1), fmpq(1))))


@control
@fewer(5)
@given(state_stacks(size=50))
def test_refuted_on_stacks_when_nothing_may_be_lost(stack: StateStack) -> None:
    """kept >= 1 fails at every state: a whole stack is refused as a single state is, and so is each of its states."""
    row = Row("kept", kept, ONE)
    with pytest.raises(AssertionError, match="1 - kept"):
        check_stack(stack, (row,), State)
    with pytest.raises(AssertionError, match="1 - kept"):
        check(stack[0], (row,), State)


@control
def test_refuted_remainder_of_4_6_beyond_its_range() -> None:
    """N y' = 6: the series' later terms take over, and 4.6 fails with this constant."""
    assert fails("remainder of 4.6", State.of([1, 1, 1, 1, 1, 1], 3, 2))


@witness
@fewer(5)
@given(state_stacks(size=2000, dimensions=st.just((2, 3, 2))))
def test_stacks_sit_on_every_boundary(stack: StateStack) -> None:
    """A good part of the drawn states within a hundredth of each limit, one at a time and all at once."""
    weights, target, rate = stack.problem.weights, stack.problem.target, stack.problem.learning_rate
    norm, product = np.linalg.norm(target, axis=(-2, -1)), end_to_end(weights)
    (b,) = imbalances(weights)
    near = [
        np.linalg.norm(b, axis=(-2, -1)) > 0.99 * 2 * at_most(theorem_one.imbalance_limit, 2, stack.margin, norm),
        stack.margin > 0.99 * np.linalg.svd(product, compute_uv=False)[:, -1],
        rate > 0.99 * at_most(theorem_one.learning_rate_limit, 2, stack.margin, norm),
        np.linalg.norm(product - target, 2, axis=(-2, -1)) > 0.99 * norm,
    ]
    assert len(stack) > 1800
    assert all(where.sum() > 100 for where in near)
    assert np.logical_and.reduce(near).any()


@witness
@pytest.mark.parametrize(
    ("layers", "target"),
    [([2], 5), ([2, 1], 5), ([[[1, 2]], [[3], [-1]]], [[5, 0], [1, 1]]), ([1, 2, -1], 5)],
    ids=["one layer", "two", "rank one", "three"],
)
def test_the_fall_is_that_of_the_loss(layers: list[object], target: object) -> None:
    """eta = 1/4, where the remainder is no small part of the step: L(t) - L(t+1), exactly."""
    state = State.of(layers, target, fmpq(1, 4))
    moved = state.problem.step()
    assert state.fall == loss(state.problem.weights, state.problem.target) - loss(moved.weights, moved.target)


@witness
def test_rows_are_attained() -> None:
    """Equal scalar layers attain rows 1, 2, 4, 5, at a state on every boundary of Lemma 7's set."""
    state = HALFWAY
    attained = ("layer norms", "end layers", "preconditioner", "remainder")
    for row in (row for row in LEDGER if row.name in attained):
        for left, _, right, sentence in row.says(state):
            assert compare(Comparison(left, "==", right, sentence)).holds
    assert compare(Comparison(state.reach, "==", state.target_norm, "|G|_2")).holds
    assert compare(Comparison(state.sigma, "==", state.margin, "sigma_min(W)")).holds
    assert compare(Comparison(state.sigma, "==", 2 * state.target_norm, "x = 2")).holds


@witness
def test_rows_are_attained_where_norms_are_irrational() -> None:
    """Layers (1, 1), whose norms are the root of 2: what a row says of their squares is decided in rationals."""
    check(MarginProblem(ROOTS.problem, 1.0), (*FACTS, *LEDGER), State)
    for row in (row for row in LEDGER if row.name in ("layer norms", "end layers", "preconditioner")):
        for left, _, right, sentence in row.says(ROOTS):
            assert left == right, sentence


@witness
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_rows_are_attained_where_squared_norms_are_irrational(depth: int) -> None:
    """Equal symmetric layers, whose eigenvalues are of degree 3: balls leave the equalities open, algebraic numbers
    do not."""
    layer = [[2, 1, 0], [1, 3, 1], [0, 1, 5]]
    for row in (row for row in LEDGER if row.name in ("layer norms", "end layers")):

        def said(relation: Relation, row: Row = row) -> Comparison:
            (comparison,) = row.says(State.of([layer] * depth, I3, fmpq(1, 2**10)))
            return comparison._replace(relation=relation)

        assert settle(lambda: said("==")).holds
        assert settle(lambda: said("<")).fails


@witness
def test_unequal_layers_are_in_the_set() -> None:
    """UNEVEN, where the constants of rows 9 and 12 are nearly reached: every hypothesis of Lemma 7 holds."""
    assert all(compare(found).holds for says in HYPOTHESES.values() for found in says(UNEVEN))


@witness
def test_nothing_moves_at_the_target() -> None:
    """W = Phi: every row in the set holds with S = 0."""
    state = State.of([1, 1, 1], 1, theorem_one.learning_rate_limit(3, fmpq(1), fmpq(1)))
    assert state.total == 0
    assert all(compare(found).holds for row in LEDGER for found in row.says(state))
