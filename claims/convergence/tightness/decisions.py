"""What is decided at a state that a search found: its hypotheses, and the two sides of the inequality, exactly.

Each returns what was observed and what is guaranteed, and raises AssertionError where the state is none, or where the
inequality fails at it.
"""

from dataclasses import replace
from functools import partial

from flint import fmpq

from claims.balance.balancedness.laws import stays_within
from claims.convergence.descent_lemma.step import decrease, drift, layer_norm
from claims.convergence.tightness.states import check_state, measured
from solvers.arithmetic import compare, decide, lower_float, square_root, upper_float
from solvers.descent import gradient_descent
from solvers.guarantees import theorem_one
from solvers.network import Problem, frobenius_squared, imbalances
from strategies.looseness import RUN, converges, descends, exponent, first_failure, one_step_drift
from strategies.worst_states import FloatArray, States

Sides = tuple[float, float]


def drift_in_one_step(states: States) -> Sides:
    """4.4, A'."""
    problem, margin = states.one()
    check_state(problem, margin, lemma=True)
    drifts = [drift(problem.exact(), layer, squared=4, size=8) for layer in range(problem.depth - 1)]
    sides = [measured(comparison, root=2) for comparison in drifts]
    observed, guaranteed = max(sides, key=lambda pair: pair[0] / pair[1])
    assert abs(observed / guaranteed / float(one_step_drift(states)[0]) - 1) < 2.0**-10
    return observed, guaranteed


def norms_of_layers(states: States) -> Sides:
    """4.4, C, from Theorem 1's starts."""
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    with_balls = [layer_norm(problem.exact(), layer, constant=fmpq(4)) for layer in range(problem.depth)]
    sides = [measured(comparison, root=2 * problem.depth) for comparison in with_balls]
    return max(sides, key=lambda pair: pair[0] / pair[1])


def imbalance_along_the_way(states: States) -> Sides:
    """2.3: the bound is certified after 20 thousand steps; what is observed is the start's."""
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    posed = problem.exact()
    limit = 2 * theorem_one.imbalance_limit(problem.depth, margin, square_root(frobenius_squared(posed.target)))
    trajectory = gradient_descent(problem, steps=20_000, certify=True)
    assert all(compare(comparison).holds for comparison in stays_within(trajectory, limit))
    start = max(lower_float(square_root(frobenius_squared(b))) for b in imbalances(posed.weights))
    return start, upper_float(limit)


def around(multiple: FloatArray, problem: Problem) -> tuple[Problem, Problem]:
    """The problem at learning rates just below and just above a multiple of its own."""
    rate = float(multiple[0]) * problem.learning_rate
    return replace(problem, learning_rate=rate * (1 - 2.0**-20)), replace(problem, learning_rate=rate * (1 + 2.0**-20))


def learning_rate_of_the_descent_lemma(states: States) -> Sides:
    """4.3: the least learning rate that breaks Lemma 7's inequality, over the largest that it allows."""
    problem, margin = states.one()
    check_state(problem, margin, lemma=True)
    assert decide(decrease, problem).holds
    below, above = around(first_failure(states, descends, 40), problem)
    assert decide(decrease, below).holds
    assert decide(decrease, above).fails
    return above.learning_rate, problem.learning_rate


def learning_rate_of_the_whole_theorem(states: States) -> Sides:
    """4: the least learning rate that misses the guarantee in 2 steps, over the largest that is allowed."""
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    below, above = around(first_failure(states, converges, 40), problem)
    for steps in range(1, RUN + 1):
        assert decide(partial(theorem_one.after_steps, margin=margin, steps=steps), problem).holds
        assert decide(partial(theorem_one.after_steps, margin=margin, steps=steps), below).holds
    assert any(decide(partial(theorem_one.after_steps, margin=margin, steps=t), above).fails for t in range(1, RUN + 1))
    return above.learning_rate, problem.learning_rate


def decay_exponent(states: States) -> Sides:
    """4: an r such that the loss falls in one step by less than exp(-r eta c^{2(N-1)/N})."""
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    reported = float(exponent(states)[0]) * (1 + 2.0**-10)
    assert decide(partial(theorem_one.after_steps, margin=margin, steps=1), problem).holds
    assert decide(partial(theorem_one.after_steps, margin=margin, steps=1, times=reported), problem).fails
    return reported, 1.0
