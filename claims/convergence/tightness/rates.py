"""Searches for starts where a larger learning rate, or a faster decay, is too much: 4 and 4.3."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from claims.convergence.descent_lemma.step import decrease
from claims.convergence.tightness.states import DEEP, Enter, check_state
from claims.suite import sampled
from solvers.arithmetic import decide
from solvers.guarantees import theorem_one
from solvers.network import Problem
from strategies.looseness import RUN, converges, descends, exponent, first_failure
from strategies.worst_states import worst


def around(multiple: NDArray[np.float64], problem: Problem) -> tuple[Problem, Problem]:
    """The problem at learning rates just below and just above a multiple of its own."""
    rate = float(multiple[0]) * problem.learning_rate
    return replace(problem, learning_rate=rate * (1 - 2.0**-20)), replace(problem, learning_rate=rate * (1 + 2.0**-20))


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_learning_rate_of_the_descent_lemma(depth: int, tightness: Enter) -> None:
    """4.3: a state of Lemma 7 where a learning rate larger by the reported factor breaks the inequality."""
    states, how = worst(lambda s: 1 / first_failure(s, descends), DEEP[depth], lemma=True)
    problem, margin = states.one()
    check_state(problem, margin, lemma=True)
    assert decide(decrease, problem).holds
    below, above = around(first_failure(states, descends, 40), problem)
    assert decide(decrease, below).holds
    assert decide(decrease, above).fails
    tightness(f"4.3 learning rate, depth {depth}", above.learning_rate, problem.learning_rate, how)


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_learning_rate_of_the_whole_theorem(depth: int, tightness: Enter) -> None:
    """4: a start where a learning rate above the theorem's by the reported factor misses the guarantee in 2 steps."""
    states, how = worst(lambda s: 1 / first_failure(s, converges), DEEP[depth], lemma=False)
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    below, above = around(first_failure(states, converges, 40), problem)
    for steps in range(1, RUN + 1):
        assert decide(partial(theorem_one.after_steps, margin=margin, steps=steps), problem).holds
        assert decide(partial(theorem_one.after_steps, margin=margin, steps=steps), below).holds
    assert any(decide(partial(theorem_one.after_steps, margin=margin, steps=t), above).fails for t in range(1, RUN + 1))
    tightness(f"4 learning rate, depth {depth}", above.learning_rate, problem.learning_rate, how)


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_decay_exponent(depth: int, tightness: Enter) -> None:
    """4: a start whose loss falls in one step by less than exp(-r eta c^{2(N-1)/N}), for the reported r."""
    states, how = worst(lambda s: 1 / exponent(s), (*DEEP[depth], (3, *(1,) * depth)), lemma=False)
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    reported = float(exponent(states)[0]) * (1 + 2.0**-10)
    assert decide(partial(theorem_one.after_steps, margin=margin, steps=1), problem).holds
    assert decide(partial(theorem_one.after_steps, margin=margin, steps=1, times=reported), problem).fails
    tightness(f"4 decay exponent, depth {depth}", reported, 1.0, how)
