"""Larger constants, and theorems without a hypothesis, refuted; the states at which every limit is met."""

from dataclasses import replace

import pytest
from flint import fmpq

from claims.convergence.proof_ledger.state import HALF, State
from claims.convergence.sharper_constants.rows import SHARPER, SharperState
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, decide, lower_float, rational, square_root
from solvers.descent import gradient_descent, loss_ball
from solvers.guarantees import sharper_constants, theorem_one
from solvers.network import Problem, frobenius_squared, loss
from strategies import DATASETS, real_problem


@control
@ablates("DL-013", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_without_a_limit_of_the_learning_rate() -> None:
    """Phi = 4, w = (5/2, 5/2), eta = 8/9, margin 7/4, balanced: w and -w in turn for ever, with l = 81/32."""
    problem = State.of([fmpq(5, 2)] * 2, 4, fmpq(8, 9)).problem
    assert sharper_constants.violated(problem, fmpq(7, 4)).keys() == {"learning rate against its limit"}
    mirrored = problem.step()
    assert all((now == -before).all() for now, before in zip(mirrored.weights, problem.weights, strict=True))
    assert all((now == then).all() for now, then in zip(mirrored.step().weights, problem.weights, strict=True))
    assert loss(problem.weights, problem.target) == loss(mirrored.weights, problem.target) == fmpq(81, 32)


@control
@pytest.mark.parametrize(
    ("depth", "times"),
    [
        pytest.param(1, 4, marks=ablates("DL-013", "learning rate", "x 4 at depth 1", Fate.RATE)),
        pytest.param(2, 8, marks=ablates("DL-013", "learning rate", "x 8 at depth 2", Fate.RATE)),
        pytest.param(3, 12, marks=ablates("DL-013", "learning rate", "x 12 at depth 3", Fate.RATE)),
        pytest.param(6, 24, marks=ablates("DL-013", "learning rate", "x 24 at depth 6", Fate.RATE)),
    ],
)
def test_refuted_with_a_larger_learning_rate(depth: int, times: int) -> None:
    """W = 65/64, Phi = 1, equal layers, c = 62/64: a first step of ``times`` the limit misses the guarantee."""
    layer = arithmetic.exact([[(65 / 64) ** (1 / depth)]])
    margin = fmpq(62, 64)
    rate = rational(lower_float(sharper_constants.learning_rate_limit(depth, margin, fmpq(1))))
    problem = Problem((layer,) * depth, arithmetic.exact([[1]]), rate)
    assert not sharper_constants.violated(problem, margin)
    assert decide(lambda exact_problem: theorem_one.after_one_step(exact_problem, margin), problem).holds
    larger = replace(problem, learning_rate=times * rate)
    assert sharper_constants.violated(larger, margin).keys() == {"learning rate against its limit"}
    assert decide(lambda exact_problem: theorem_one.after_one_step(exact_problem, margin), larger).fails


@control
@ablates("DL-013", "balance", "dropped", Fate.REFUTED)
def test_refuted_without_balance() -> None:
    """Phi = 1, w = (1/9, 1/9, 108), eta = 1/36, margin 2/3: one step puts w_1 = w_2 = 0, with l = 1/2 for ever."""
    rate, small = fmpq(1, 36), fmpq(1, 9)
    large = 1 / (rate * fmpq(1, 3))
    problem = State.of([small, small, large], 1, rate).problem
    assert sharper_constants.violated(problem, fmpq(2, 3)).keys() == {"||B_2||_F against delta"}
    after = problem.step().weights
    assert after[0] == after[1] == 0


@control
@ablates("DL-013", "margin", "dropped", Fate.REFUTED)
def test_refuted_without_the_margin() -> None:
    """Phi = -1, w = (1, 1), eta = 1/8 as for c = 1: after 50 steps l is above 1/2, the guarantee far below; and l stays
    above 1/2 for ever, since eta < 1/2 (``margin_needed``, DL-006)."""
    problem = State.of([1, 1], -1, fmpq(1, 8)).problem
    assert sharper_constants.violated(problem, fmpq(1)).keys() == {"deficiency margin at step 0"}
    trajectory = gradient_descent(problem.nearest(), steps=50, certify=True)
    assert compare(Comparison(loss_ball(trajectory), ">", HALF, "loss without a margin")).holds
    assert compare(theorem_one.guarantee(trajectory, fmpq(1), fmpq(2))).fails


@control
def test_refuted_rows_with_stronger_constants() -> None:
    """Layers (w, 1/w) of imbalance just below 2 delta = 1/4 need more than 1/2 for 3/2 in the norms; eta at its limit
    needs all of delta for the drift."""
    layer = fmpq(10643, 10000)
    state = SharperState(State.of([layer, 1 / layer], 1, fmpq(1, 8)).problem, fmpq(1))
    assert compare(Comparison(state.imbalance, "<=", 2 * state.delta, "||B_1||_F")).holds
    for row in (row for row in SHARPER if row.name in ("norms", "total drift")):
        assert all(compare(found).holds for found in row.says(state))
        assert all(compare(found).fails for found in row.statement(state, HALF))


@witness
def test_hypotheses_can_be_met_at_every_limit() -> None:
    """Phi = 1: w = (1, 1) with c = 1 and eta = 1/8 exactly; and w = (19/20, 1) out of balance, with c = 9/10."""
    one = State.of([1, 1], 1, fmpq(1, 8)).problem
    assert sharper_constants.learning_rate_limit(2, fmpq(1), fmpq(1)) == fmpq(1, 8)
    assert not sharper_constants.violated(one, fmpq(1))
    layers = [fmpq(19, 20), fmpq(1)]
    assert not sharper_constants.violated(State.of(layers, 1, fmpq(9, 80)).problem, fmpq(9, 10))


@witness
@pytest.mark.parametrize("name", DATASETS)
def test_hypotheses_are_met_by_real_data_with_a_larger_learning_rate(name: str) -> None:
    """At depth 3 from 63/64 Phi the new learning rate is over 9216 times ACGH19's, both allowed by their theorems."""
    problem = real_problem(name, (4, 3), start=63 / 64, learning_rate=0.0)
    margin = rational(theorem_one.certain_margin(problem))
    norm = square_root(frobenius_squared(problem.exact().target))
    assert sharper_constants.learning_rate_limit(3, margin, norm) > 9216 * theorem_one.learning_rate_limit(
        3, margin, norm
    )
    assert not sharper_constants.violated(sharper_constants.with_largest_learning_rate(problem, margin), margin)
