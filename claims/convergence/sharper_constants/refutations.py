"""Larger constants, and theorems without a hypothesis, refuted; the states at which every limit is met."""

from dataclasses import replace
from typing import Any

import pytest
from flint import fmpq

from claims.convergence.proof_ledger.state import HALF, State
from claims.convergence.sharper_constants.rows import SHARPER, SharperState
from claims.suite import Fate, ablates, control, witness
from claims.suite.ledger import Row
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
        pytest.param(1, 3, marks=ablates("DL-013", "learning rate", "x 3 at depth 1", Fate.RATE)),
        pytest.param(2, 7, marks=ablates("DL-013", "learning rate", "x 7 at depth 2", Fate.RATE)),
        pytest.param(3, 11, marks=ablates("DL-013", "learning rate", "x 11 at depth 3", Fate.RATE)),
        pytest.param(6, 23, marks=ablates("DL-013", "learning rate", "x 23 at depth 6", Fate.RATE)),
    ],
)
def test_refuted_with_a_larger_learning_rate(depth: int, times: int) -> None:
    """W = 1 + 2^-12, Phi = 1, equal layers, c = 1 - 2^-11: a first step of ``times`` the limit misses the guarantee."""
    layer = arithmetic.exact([[(1 + 2.0**-12) ** (1 / depth)]])
    margin = 1 - fmpq(1, 2**11)
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


def at_the_limit(layers: list[Any], target: Any = 1, rate: fmpq | None = None) -> State:
    """c = 1 and eta at its limit for Phi_F = 1, or another."""
    largest = sharper_constants.learning_rate_limit(len(layers), fmpq(1), fmpq(1))
    return SharperState(State.of(layers, target, rate or largest).problem, fmpq(1))


ALONE, EVEN = at_the_limit([2]), at_the_limit([1, 1])
LAYER = fmpq(10643, 10000)
PAIR = at_the_limit([LAYER, 1 / LAYER])  # of imbalance just below 2 delta = 1/4
TWISTED = at_the_limit([[[1, 0], [0, 1]]] * 2, [[1, -HALF], [0, 1]], fmpq(1, 10**4))
SMALLER = {
    "small imbalance": (fmpq(99, 400), EVEN),
    "norms": (fmpq(53, 100), PAIR),
    "kept": (fmpq(76, 100), ALONE),
    "lemma": (fmpq(76, 100), ALONE),
    "potential": (fmpq(7, 10), TWISTED),
    "total drift": (fmpq(99, 100), EVEN),
    "theorem": (fmpq(151, 100), ALONE),
}
"""For each row a stronger constant, and a state that refutes it; "small imbalance" and "total drift" are attained."""


@control
@pytest.mark.parametrize("row", SHARPER, ids=lambda row: row.name)
def test_refuted_with_a_stronger_constant(row: Row) -> None:
    """Each row's own constant holds at the state, and the imbalance there is at most 2 delta."""
    constant, state = SMALLER[row.name]
    assert compare(Comparison(state.imbalance, "<=", 2 * state.delta, "||B_1||_F")).holds
    assert row.says(state)
    assert all(compare(said).holds for said in row.says(state))
    assert any(compare(said).fails for said in row.statement(state, constant))


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
