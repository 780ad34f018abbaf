"""The search for the worst states, and what it makes large: against single networks, rationals and known suprema."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers import Problem, deficiency_margin, frobenius_squared, gradient_step, imbalances, layer_gradients, loss
from solvers.arithmetic import decide
from solvers.guarantees import theorem_one
from strategies.looseness import (
    converges,
    descends,
    exponent,
    first_failure,
    imbalance_on_the_way,
    norm_after_a_step,
    one_step_drift,
)
from strategies.worst_states import NEAR, States, frobenius, worst

WIDTHS = [(1, 1), (2, 3), (1, 1, 1), (3, 2, 2), (2, 2, 3, 2)]
DEEP = [widths for widths in WIDTHS if len(widths) > 2]
ROUNDING = 2.0**-40  # far above what a dozen products of matrices of size 3 and order one can lose


def points(widths, count=6, seed=0):
    """Random points of the search."""
    return np.random.default_rng(seed).standard_normal((count, States.numbers(widths))) / 2


def states(widths, *, lemma=False):
    """A stack of states, and each of them alone."""
    stack = States.at(points(widths), widths, lemma=lemma)
    alone = [States.at(points(widths)[k : k + 1], widths, lemma=lemma) for k in range(len(points(widths)))]
    return stack, alone


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("lemma", [False, True])
def test_points_become_states_inside_the_set(widths, lemma):
    """c is the margin (sigma_min(W) for Lemma 7's set), and no imbalance is above delta (2 delta)."""
    stack, _ = states(widths, lemma=lemma)
    assert (stack.imbalance <= (2 if lemma else 1) * stack.delta).all()
    for k, margin in enumerate(stack.margin):
        weights = [layer[k] for layer in stack.weights]
        product = weights[0]
        for layer in weights[1:]:
            product = layer @ product
        least = np.linalg.svd(product, compute_uv=False)[-1]
        wanted = least if lemma else deficiency_margin(weights, stack.target[k])
        assert abs(margin - NEAR * wanted) <= ROUNDING


@pytest.mark.parametrize("widths", DEEP)
def test_a_point_reaches_the_share_of_delta_that_it_asks_for(widths):
    """Its last number decides: far up, max_j ||B_j||_F is nearly delta; far down it is a sliver of it."""
    up, down = points(widths), points(widths)
    up[:, -1], down[:, -1] = 9, -9
    high, low = (States.at(one, widths, lemma=False) for one in (up, down))
    assert (high.imbalance > 0.99 * high.delta).all()
    assert (low.imbalance < 0.01 * low.delta).all()


@pytest.mark.parametrize("widths", WIDTHS)
def test_a_stack_is_its_states_side_by_side(widths):
    """Every ratio of a stack is that of each state alone."""
    stack, alone = states(widths)
    ratios = [
        exponent,
        norm_after_a_step,
        partial(first_failure, holds=converges),
        partial(first_failure, holds=descends),
    ]
    for ratio in ratios + [one_step_drift, imbalance_on_the_way] * (len(widths) > 2):
        np.testing.assert_allclose(ratio(stack), [ratio(one)[0] for one in alone], rtol=ROUNDING)


@pytest.mark.parametrize("widths", WIDTHS)
def test_exponent_is_the_decay_of_a_small_step(widths):
    """(L(0) - L(1)) / (eta L(0) c^{2-2/N}) as eta -> 0, to first order in eta."""
    stack, _ = states(widths)
    for k, found in enumerate(exponent(stack)):
        weights, target = [layer[k] for layer in stack.weights], stack.target[k]
        rate = 2.0**-20
        before, after = loss(weights, target), loss(gradient_step(weights, target, rate), target)
        measured = (before - after) / (rate * before * stack.margin[k] ** (2 - 2 / len(weights)))
        assert abs(measured / found - 1) < 2.0**-10


@pytest.mark.parametrize("widths", DEEP)
def test_drift_is_that_of_one_step(widths):
    """The largest change of an imbalance in one step of gradient descent over eta^2, and the bound of 4.4."""
    stack, _ = states(widths)
    for k, found in enumerate(one_step_drift(stack)):
        problem = Problem(tuple(layer[k] for layer in stack.weights), stack.target[k], 2.0**-10).exact()
        pairs = zip(imbalances(problem.weights), imbalances(problem.step().weights), strict=True)
        moved = max(float(frobenius_squared(after - before)) ** 0.5 for before, after in pairs) * 2.0**20
        target, depth = stack.target[k], problem.depth
        size = (8 * np.sum(target**2)) ** ((depth - 1) / depth) * 2 * float(loss(problem.weights, problem.target))
        assert abs(moved / (2 * size) / found - 1) < 2.0**-30  # W - Phi loses bits to cancellation


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("holds", [converges, descends])
def test_first_failure_is_where_the_conclusion_begins_to_fail(widths, holds):
    """It fails there, and not two thousandths below; most states fail below 2^30 times the theorem's rate."""
    stack, _ = states(widths)
    multiple = first_failure(stack, holds)
    found = np.isfinite(multiple)
    assert found.sum() >= 4
    at = np.where(found, multiple, 1) * stack.rate
    assert (holds(stack, at) == ~found).all()
    assert holds(stack, at / 1.002).all()


def test_the_guarantee_is_held_to_two_steps():
    """As two steps of each network say; some keep it for one step and not for two."""
    stack = States.at(points((1, 1, 1), count=400), (1, 1, 1), lemma=False)
    later = 0
    for multiple in 2.0 ** np.arange(14, 20):
        rates = multiple * stack.rate
        for k, found in enumerate(converges(stack, rates)):
            problem = Problem(tuple(layer[k] for layer in stack.weights), stack.target[k], float(rates[k]))
            once, start = problem.step(), loss(problem.weights, problem.target)
            shrink = np.exp(-rates[k] * stack.margin[k])
            kept = [
                loss(after.weights, after.target) <= start * shrink**t for t, after in ((1, once), (2, once.step()))
            ]
            assert found == all(kept)
            later += kept == [True, False]
    assert later > 0


def test_first_failure_of_a_quadratic_is_known():
    """Depth 1: (1 - eta)^2 <= 1 - eta ends at eta = 1; 1 / 6144 of c = Phi_F is the theorem's."""
    stack = States((np.array([[[1.0 + 2.0**-9]]]),), np.array([[[1.0]]]), np.array([1.0]))
    assert abs(first_failure(stack, descends)[0] / 6144 - 1) < 2.0**-8


@given(st.integers(1, 4))
def test_what_never_fails_is_infinite(depth):
    """Beyond 2^30 times the theorem's learning rate the search stops looking."""
    one = np.ones((1, 1, 1))
    stack = States((one,) * depth, one * 2, np.array([1.0]))
    assert np.isinf(first_failure(stack, lambda states, rate: np.ones(len(rate), dtype=bool))[0])


def test_the_imbalance_on_the_way_is_at_least_the_start_of_a_settled_run():
    """At the target nothing drifts: the ratio is the start's imbalance over 2 delta."""
    weights = (np.array([[[1.0]]]), np.array([[[1.0 + 2.0**-14]]]))
    stack = States(weights, weights[1] @ weights[0], np.array([1.0]))
    (found,) = imbalance_on_the_way(stack)
    assert abs(found / (stack.imbalance[0] / (2 * stack.delta[0])) - 1) < ROUNDING


@pytest.mark.parametrize("lemma", [False, True])
def test_the_search_finds_a_supremum_that_is_known(lemma):
    """max_j ||B_j||_F / delta has supremum 1, or 2 in Lemma 7's set, and a point may come as near as floats allow."""
    found, how = worst(lambda states: states.imbalance / states.delta, ((1, 1, 1),), lemma=lemma)
    assert found.imbalance[0] / found.delta[0] > (2 if lemma else 1) * (1 - 2.0**-8)
    assert how.startswith("1-1-1: ")


def test_the_search_is_the_same_every_time():
    """Seeds are fixed."""
    first, second = (worst(exponent, ((1, 1, 1),), lemma=False)[0] for _ in range(2))
    assert all((a == b).all() for a, b in zip(first.weights, second.weights, strict=True))


def test_states_that_do_not_exist_are_never_found():
    """A ratio that is nan, or infinite, is not a best one."""
    found, _ = worst(
        lambda states: np.where(frobenius(states.target) > 1, np.nan, states.margin), ((1, 1),), lemma=False
    )
    assert frobenius(found.target)[0] <= 1
    assert all(np.isfinite(frobenius(d)).all() for d in layer_gradients(found.weights, found.target))


def test_rounding_near_the_target_is_no_failure():
    """Where a step changes less of the loss than rounding does, exact arithmetic finds the guarantee kept."""
    widths = (2, 2, 2, 2)
    near = np.random.default_rng(0).standard_normal((20, States.numbers(widths)))
    near[:, :4] = [1, 2, 2, 4 + 2.0**-6]  # a target of small sigma_min
    near[:, -2] = -9  # W is as near to it as the search comes
    found = States.at(near, widths, lemma=False)
    assert converges(found, 2.0**12 * found.rate).all()
    problem, margin = States.at(near[:1], widths, lemma=False).one()
    faster = replace(problem, learning_rate=2.0**12 * problem.learning_rate)
    assert all(decide(partial(theorem_one.after_steps, margin=margin, steps=t), faster).holds for t in (1, 2))


def test_a_state_without_a_margin_has_a_learning_rate():
    """Its limit underflows; the search leaves the state out, and must not stop at it."""
    found = States((np.ones((1, 1, 1)),) * 3, np.ones((1, 1, 1)), np.array([1e-100]))
    assert found.rate >= 0
    found.stepped(found.rate)
