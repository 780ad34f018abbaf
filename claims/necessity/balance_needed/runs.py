"""What float64 runs do without balance: the starts of statement 3, and real data with one layer too large."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.necessity.balance_needed.divergence import one_large_weight
from claims.suite import sampled
from solvers.arithmetic import rational
from solvers.descent import DivergenceError, gradient_descent
from solvers.guarantees import theorem_one
from solvers.network import end_to_end
from strategies import real_problem


@sampled
@given(st.integers(2, 4), st.integers(1, 7).map(lambda k: k / 8), st.integers(0, 3).map(lambda k: 2.0**-k))
def test_float_runs_diverge(depth: int, margin: float, rate: float) -> None:
    """The same starts in float64 leave its range within a few steps."""
    problem = one_large_weight(depth, rational(margin), rational(rate)).nearest()
    with pytest.raises(DivergenceError) as found:
        gradient_descent(problem, steps=20)
    assert found.value.step <= 15


@sampled
def test_real_data_out_of_balance() -> None:
    """linnerud, depth 2, from 63/64 Phi at eta = 1/100: balanced, the loss falls to a hundredth of its start in 10^4
    steps; with W_1 times 2^5 and W_2 divided by it, the same W and the same margin, it diverges."""
    problem = real_problem("linnerud", (4,), start=63 / 64, learning_rate=0.01)
    trajectory = gradient_descent(problem, steps=10**4)
    assert trajectory.loss[-1] < trajectory.loss[0] / 100
    first, second = problem.weights
    uneven = replace(problem, weights=(first * 32, second / 32))
    assert np.array_equal(end_to_end(uneven.weights), end_to_end(problem.weights))
    assert theorem_one.certain_margin(uneven) > 0
    with pytest.raises(DivergenceError):
        gradient_descent(uneven, steps=10**4)
