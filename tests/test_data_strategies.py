"""Strategies of data that are not white: what they promise holds of every draw, and the boundaries come up."""

from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from solvers import Problem, end_to_end, imbalances
from solvers.arithmetic import Interval, exact, rational
from solvers.guarantees import bounded_descent, general_data
from solvers.guarantees.general_data import BALANCES, MARGINS, violated
from solvers.network import stacks
from solvers.network.spectrum import inertia
from strategies import data_problems, data_stacks, positive_covariances, safe_starts, start_stacks
from strategies.data_problems import _moved
from strategies.data_stacks import allowed
from strategies.start_stacks import least_bound

DRAWN = settings(max_examples=2000, phases=[Phase.generate], database=None)


@given(st.integers(1, 4).flatmap(positive_covariances))
def test_positive_covariances(covariance):
    """Symmetric and positive definite, in rationals, and again when rounded to float64."""
    assert (covariance == covariance.T).all()
    for posed in (covariance, exact(np.array(covariance, dtype=np.float64))):
        assert inertia(posed) == (len(posed), 0, 0)


def test_positive_covariances_reach_the_identity_and_ill_conditioned_ones():
    """And shrink to the identity."""
    assert (find(positive_covariances(2), lambda s: True) == exact(np.eye(2))).all()
    find(positive_covariances(2), lambda s: np.linalg.cond(np.array(s, dtype=np.float64)) > 2**20, settings=DRAWN)


@pytest.mark.parametrize("margin_in", MARGINS)
@pytest.mark.parametrize("balance", BALANCES)
@settings(max_examples=20)
@given(st.data())
def test_data_problems_meet_the_hypotheses_at_the_margin(balance, margin_in, data):
    """Decided exactly; and the margin is the largest but for rounding."""
    drawn = data.draw(data_problems(balance=balance, margin_in=margin_in))
    c = rational(drawn.margin)
    assert not violated(drawn.problem, c, balance=balance, margin_in=margin_in)
    more = violated(drawn.problem, c + fmpq(1, 2**20), balance=balance, margin_in=margin_in)
    assert "|G(0)|_S against the margin" in more


@pytest.mark.parametrize("margin_in", MARGINS)
def test_data_problems_reach(margin_in):
    """Starts off the target and out of balance, far from white, with one input, and with more outputs than inputs."""
    kinds = {
        "far": lambda drawn: general_data.excess(drawn.problem) > 0,
        "uneven": lambda drawn: drawn.problem.depth > 1 and general_data.total_imbalance(drawn.problem.weights) > 1e-4,
        "ill": lambda drawn: np.linalg.cond(drawn.problem.covariance) > 1000,
        "high": lambda drawn: drawn.problem.target.shape[0] > drawn.problem.target.shape[1],
        "one": lambda drawn: drawn.problem.target.shape == (1, 1),
    }
    for kind in kinds.values():
        find(data_problems(balance="each", margin_in=margin_in), kind, settings=DRAWN)


@pytest.mark.parametrize(("least", "most"), [(0.5, 4.0), (0.0, 0.25)])
def test_data_problems_reach_the_limit_of_imbalance(least, most):
    """Two scalar layers, one B: more than 3/5 of what is allowed, at a margin above 1/2, where three layers' limit is
    less than that, and at one below 1/4."""

    def is_near(drawn):
        limit = general_data.imbalance_limit(2, rational(drawn.margin), "each")
        return least < drawn.margin < most and general_data.total_imbalance(drawn.problem.weights) > 0.6 * float(limit)

    scalar_pairs = data_problems(balance="each", margin_in="weights", dimensions=st.just((1, 1, 1)))
    find(scalar_pairs, is_near, settings=DRAWN)


@settings(max_examples=20)
@given(data_problems(balance="sum", margin_in="data", dimensions=st.just((1, 1, 1)), largest_rate=True))
def test_the_largest_rate_is_allowed_and_the_largest(drawn):
    """No hypothesis fails; at a rate larger by 2^-10 one does."""
    asked = {"balance": "sum", "margin_in": "data"}
    assert not violated(drawn.problem, rational(drawn.margin), **asked)
    faster = replace(drawn.problem, learning_rate=drawn.problem.learning_rate * (1 + 2.0**-10))
    assert list(violated(faster, rational(drawn.margin), **asked)) == ["learning rate against its limit"]


def test_a_way_that_leads_too_far_is_halved():
    """Layers 1 and 1, the first moved by 1/2, 1/4, ...: (1 + s)^2 - 1 <= 1/4 from s = 1/16 on, and 17/64 at 1/8."""
    problem = Problem((np.eye(1), np.eye(1)), np.eye(1), 0.0, covariance=np.eye(1))
    found, margin = _moved(problem, (1.5 * np.eye(1), np.eye(1)), 0.25, 0.0, "weights")
    assert found.weights[0] == 1 + 1 / 16
    assert 0.9 < margin < 1


@pytest.mark.parametrize("balance", BALANCES)
@settings(max_examples=10)
@given(st.data())
def test_every_state_of_a_stack_is_in_the_set(balance, data):
    """By certain bounds: sigma_min(W) >= c, the imbalance within what it may become, eta within its limit; and few of
    the states that are drawn are left out."""
    stack = data.draw(data_stacks(size=60, balance=balance))
    assert len(stack) >= 50
    problem, depth = stack.enclosed(), stack.problem.depth
    c = Interval.of(stack.margin)
    sigma, _ = stacks.extreme_singular_values(end_to_end(problem.weights))
    assert (sigma.low >= stack.margin).all()
    for k in (0, len(stack) // 2, len(stack) - 1):
        drawn = stack[k]
        posed, margin = drawn.problem.exact(), rational(drawn.margin)
        distance = stacks.extreme_singular_values(end_to_end(posed.weights) - posed.target)[1]
        norm = stacks.largest([stacks.extreme_singular_values(posed.target)[1], margin + distance])
        most = general_data.extreme_eigenvalues(posed.covariance)[1]
        limit = general_data.learning_rate_limit(depth, margin, norm, most, balance)
        assert posed.learning_rate <= limit
        assert all(
            not said.left > said.right
            for said in general_data.balance_of(posed.weights, allowed(depth, margin, balance), balance)
        )
    assert (c.low > 0).all()


def test_stacks_reach_their_boundaries():
    """Of states of one shape more than 50 of 600 are within 1/100 of each limit, and some states of them all; S is the
    identity's multiple, and ill-conditioned."""
    stack = find(
        data_stacks(size=600, balance="sum", dimensions=st.just((2, 3, 2))),
        lambda stack: stack.seed > 0,
        settings=DRAWN,
    )
    weights = stack.problem.weights
    sigma = np.linalg.svd(end_to_end(weights), compute_uv=False)[:, -1]
    b = np.linalg.norm(weights[1].mT @ weights[1] - weights[0] @ weights[0].mT, 2, axis=(-2, -1))
    values = np.linalg.eigvalsh(stack.problem.covariance)
    gap = np.linalg.norm(end_to_end(weights) - stack.problem.target, 2, axis=(-2, -1))
    norm = np.maximum(np.linalg.norm(stack.problem.target, 2, axis=(-2, -1)), gap + stack.margin)
    near = [
        stack.margin > 0.99 * sigma,
        b > 0.99 * stack.margin / 8,
        stack.problem.learning_rate > 0.99 * stack.margin / (30 * values[:, -1] * norm**2),
    ]
    assert all(where.sum() > 50 for where in near)
    assert np.logical_and.reduce(near).any()
    condition = values[:, -1] / values[:, 0]
    assert (condition > 2**15).any()
    assert (condition < 1 + 2**-20).any()


def test_safe_starts_reach():
    """Zeros, exact balance, W(0) = Phi, a bottleneck, with and without a covariance; and shrink to zeros."""
    smallest = find(safe_starts(dimensions=st.just((2, 1, 2))), lambda problem: True)
    assert all((layer == 0).all() for layer in smallest.weights)
    assert smallest.covariance is None
    kinds = [
        lambda p: p.depth > 1 and (p.weights[0] != 0).any() and all((b == 0).all() for b in imbalances(p.weights)),
        lambda p: (end_to_end(p.weights) == p.target).all() and (p.target != 0).any(),
        lambda p: p.covariance is not None and (p.covariance != exact(np.eye(len(p.covariance)))).any(),
        lambda p: p.depth > 1 and (p.weights[0] == 0).all() and (p.weights[1] != 0).any(),
    ]
    for kind in kinds:
        find(safe_starts(dimensions=st.just((2, 1, 2))), kind, settings=DRAWN)


@pytest.mark.parametrize("depth", [1, 2])
def test_the_least_start_is_what_an_imbalance_may_have_risen_from(depth):
    """C = |Phi|_2 + |G|_2 = 4, so b has risen by 2 C^{2/N} / (3 N) at most: from 5 by 32/3 or 4/3; not from below 0."""
    rise = {1: fmpq(32, 3), 2: fmpq(4, 3)}[depth]
    for imbalance, least in ((rise + 5, fmpq(5)), (rise / 2, fmpq(0))):
        reach, bound, start = least_bound(depth, fmpq(1), fmpq(3), imbalance)
        assert (reach, start) == (4, least)
        assert bound == bounded_descent.layer_bound_squared(depth, fmpq(4), least)


@settings(max_examples=10)
@given(start_stacks(size=40))
def test_start_stacks_keep_the_limit_and_reach_it(stack):
    """For the least C and b(0) that the state leaves open; half of them at it, but for rounding."""
    problem, depth = stack.enclosed(), stack.problem.depth
    gap = end_to_end(problem.weights) - problem.target
    norm, distance, most = (
        stacks.extreme_singular_values(each)[1] for each in (problem.target, gap, problem.covariance)
    )
    norms = [stacks.extreme_singular_values(b)[1] for b in imbalances(problem.weights)]
    total = sum(norms[1:], norms[0]) if norms else 0 * norm
    _, bound, _ = least_bound(depth, norm, distance, total)
    limit = bounded_descent.learning_rate_limit(depth, bound, most)
    assert (stack.problem.learning_rate <= limit.high).all()
    assert (stack.problem.learning_rate > 0).all()
    near = stack.problem.learning_rate > (1 - 2.0**-10) * limit.low
    assert 5 < near.sum() < 35
