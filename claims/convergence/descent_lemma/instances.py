"""The flow in rationals, and a step from states anywhere in Lemma 7's set, from Theorem 1's starts, on real data."""

from functools import partial

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.convergence.descent_lemma.step import decrease, drift, layer_norm, squared_gradients
from claims.suite import exact, sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, decide, square_root
from solvers.guarantees import theorem_one
from solvers.network import Problem, frobenius_squared, sigma_min
from strategies import DATASETS, BalancedNetwork, MarginProblem


@exact
@given(st.data())
def test_flow_on_exactly_balanced_networks(data: st.DataObject) -> None:
    """sum_j ||D_j||_F^2 against the known singular values, in rationals; the factor N where it is claimed."""
    widths = data.draw(strategies.dimensions(bottleneck=False))
    network: BalancedNetwork = data.draw(strategies.balanced_networks(widths))
    depth, smallest = len(widths) - 1, network.layer_singular_values[min(widths[0], widths[-1]) - 1]
    gradient = arithmetic.exact(data.draw(strategies.dyadic_matrices(widths[-1], widths[0])))
    invertible = widths[0] == widths[-1] == min(widths) and smallest > 0
    factor = depth if invertible else 1
    bound = factor * smallest ** (2 * (depth - 1)) * frobenius_squared(gradient)
    rate = squared_gradients(network.weights, gradient)
    assert compare(Comparison(rate, ">=", bound, "-dL/dt on a balanced network")).holds


@exact
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 6])
def test_at_the_largest_learning_rate_and_margin(depth: int) -> None:
    """The boundary case c = Phi_F = 1, scalar, w = (9/8)^{1/N} up to rounding, at exactly the largest learning rate."""
    one = np.array([[1.0]])
    weight = np.array([[(9 / 8) ** (1 / depth)]])
    rate = theorem_one.learning_rate_limit(depth, fmpq(1), fmpq(1))
    assert rate == fmpq(1, 6144 * depth**3)
    problem = Problem((weight,) * depth, one, 0.0).exact()
    at_limit = Problem(problem.weights, problem.target, rate)
    assert decide(decrease, at_limit).holds


@sampled
@given(strategies.descent_states())
def test_single_step_anywhere_in_the_set(drawn: MarginProblem) -> None:
    """Statement 2 on states drawn anywhere in Lemma 7's set; statement 3's norm bound and drift with it."""
    assert decide(decrease, drawn.problem).holds
    for layer in range(drawn.problem.depth):
        assert decide(partial(layer_norm, layer=layer), drawn.problem).holds
    for layer in range(drawn.problem.depth - 1):
        assert decide(partial(drift, layer=layer), drawn.problem).holds


@sampled
@given(strategies.margin_problems())
def test_first_step_of_theorem_one(drawn: MarginProblem) -> None:
    """The states that Theorem 1 starts from lie in the set: the base case of the induction."""
    assert decide(decrease, drawn.problem).holds


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("hidden", [(), (4,), (3, 5)])
def test_real_data(name: str, hidden: tuple[int, ...]) -> None:
    """One step on real data from 31/32 Phi, at the largest learning rate that Theorem 1 allows."""
    problem = strategies.real_problem(name, hidden, start=31 / 32, learning_rate=0.0)
    norm = square_root(frobenius_squared(problem.exact().target))
    margin = sigma_min(problem.exact().target) - norm / 32
    rate = arithmetic.lower_float(theorem_one.learning_rate_limit(problem.depth, margin, norm))
    assert rate > 0
    assert decide(decrease, Problem(problem.weights, problem.target, rate)).holds
