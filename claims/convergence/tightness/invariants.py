"""Searches for states where the invariants are nearly broken: imbalance and norms of layers, 2.3 and 4.4."""

import pytest

from claims.balance.balancedness.laws import stays_within
from claims.convergence.descent_lemma.step import drift, layer_norm
from claims.convergence.tightness.states import DEEP, WITH_HIDDEN, Enter, check_state, measured
from claims.suite import sampled
from solvers.arithmetic import compare, lower_float, square_root, upper_float
from solvers.descent import gradient_descent
from solvers.guarantees import theorem_one
from solvers.network import frobenius_squared, imbalances
from strategies.looseness import imbalance_on_the_way, norm_after_a_step, one_step_drift
from strategies.worst_states import worst


@sampled
@pytest.mark.parametrize("depth", WITH_HIDDEN)
def test_drift_in_one_step(depth: int, tightness: Enter) -> None:
    """4.4, A'."""
    states, how = worst(one_step_drift, WITH_HIDDEN[depth], lemma=True)
    problem, margin = states.one()
    check_state(problem, margin, lemma=True)
    sides = [measured(drift(problem.exact(), layer), root=2) for layer in range(depth - 1)]
    observed, guaranteed = max(sides, key=lambda pair: pair[0] / pair[1])
    assert observed / guaranteed > float(one_step_drift(states)[0]) * (1 - 2.0**-10)
    tightness(f"4.4 drift of the imbalance in one step, depth {depth}", observed, guaranteed, how)


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_norms_of_layers(depth: int, tightness: Enter) -> None:
    """4.4, C, from Theorem 1's starts."""
    states, how = worst(norm_after_a_step, DEEP[depth], lemma=False)
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    with_balls = [layer_norm(problem.exact(), layer) for layer in range(depth)]
    sides = [measured(comparison, root=2 * depth) for comparison in with_balls]
    observed, guaranteed = max(sides, key=lambda pair: pair[0] / pair[1])
    tightness(f"4.4 norms of layers, depth {depth}", observed, guaranteed, how)


@sampled
@pytest.mark.parametrize("depth", WITH_HIDDEN)
def test_imbalance_along_the_way(depth: int, tightness: Enter) -> None:
    """2.3: delta at the start is 1/2; the search looks for what drift adds to it, 1/648 to first order. The bound
    is certified after 20 thousand steps; "observed" is the start's."""
    states, how = worst(imbalance_on_the_way, WITH_HIDDEN[depth], lemma=False)
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    posed = problem.exact()
    limit = 2 * theorem_one.imbalance_limit(depth, margin, square_root(frobenius_squared(posed.target)))
    trajectory = gradient_descent(problem, steps=20_000, certify=True)
    assert all(compare(comparison).holds for comparison in stays_within(trajectory, limit))
    start = max(lower_float(square_root(frobenius_squared(b))) for b in imbalances(posed.weights))
    tightness(f"2.3 imbalance, depth {depth}", start, upper_float(limit), how)
