"""Gradient descent: the recurrence, what is recorded on the way, where it stops and where it overflows."""

from __future__ import annotations

import math
import pickle
from itertools import pairwise

import numpy as np
import pytest
from containment import contains
from every_path import WAYS, check_same_run, differences, run, scalar, stacked
from flint import arb, ctx, fmpq
from hypothesis import assume, example, given
from hypothesis import strategies as st

from solvers import (
    DivergenceError,
    InterruptedRun,
    Problem,
    end_to_end,
    frobenius_squared,
    geometric_steps,
    gradient_descent,
    gradient_step,
    imbalances,
    loss,
    sigma_min,
)
from solvers.arithmetic import exact, gamma, rational
from solvers.descent import descent
from strategies import dimensions, problems

every_way = pytest.mark.parametrize("way", WAYS)
every_way_and_the_closed_form = pytest.mark.parametrize("way", ["closed form", *WAYS])


def near_identity(problem: Problem) -> Problem:
    """Layers I + W/24 (norm at most 5/3) with a small learning rate: far from overflow, all 53 bits in use."""
    weights = tuple(np.eye(*matrix.shape) + matrix / 24 for matrix in problem.weights)
    return Problem(weights, problem.target, problem.learning_rate / 2**13)


calm = problems().map(near_identity)


def naive_loop(weights, target, rate, steps):
    """Gradient descent written out, and the first step with an entry that is not finite (None if there is none)."""
    depth = len(weights)
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps + 1):
            if not all(np.isfinite(matrix).all() for matrix in weights):
                return step
            whole = weights[0]
            for matrix in weights[1:]:
                whole = matrix @ whole
            new = []
            for j in range(depth):
                gradient = whole - target
                for matrix in weights[:j:-1]:
                    gradient = matrix.T @ gradient
                for matrix in weights[:j]:
                    gradient = gradient @ matrix.T
                new.append(weights[j] - rate * gradient)
            weights = new
    return None


def loss_rounding(weights, target) -> float:
    """How far two evaluations of the loss of float64 weights can be apart."""
    enclosed = Problem(weights, target, 0.0).enclosed()
    return 4 * float(loss(enclosed.weights, enclosed.target).rad())


@given(problems(dimensions=dimensions(max_depth=4)))
def test_one_step_is_the_exact_one_on_dyadic_networks(problem):
    """Up to depth 4 no entry of W_j - eta D_j needs more than 53 bits: the float64 step is the rational one."""
    rationals = problem.exact()
    expected = gradient_step(rationals.weights, rationals.target, rationals.learning_rate)
    for certify in (False, True):
        found = gradient_descent(problem, steps=1, certify=certify).weights
        assert all((exact(a) == b).all() for a, b in zip(found, expected, strict=True))


@given(problems(dimensions=dimensions(max_depth=2, max_width=2)))
def test_two_steps_are_the_exact_ones_while_arithmetic_is_dyadic(problem):
    """At depth and width 2 with eta = 1/2, two steps need fewer than 53 bits."""
    problem = Problem(problem.weights, problem.target, 0.5)
    rationals = problem.exact()
    expected = rationals.weights
    for _ in range(2):
        expected = gradient_step(expected, rationals.target, rationals.learning_rate)
    found = gradient_descent(problem, steps=2).weights
    assert all((exact(a) == b).all() for a, b in zip(found, expected, strict=True))


@every_way_and_the_closed_form
@given(problem=problems(dimensions=dimensions(max_depth=1)), steps=st.integers(0, 30))
def test_a_single_layer_contracts_to_the_target(way, problem, steps):
    """At depth 1, W(t) = Phi + (1 - eta)^t (W(0) - Phi): exact in float64 for eta = 1/2 and t <= 30."""
    weight, target = problem.weights[0], problem.target
    found = run(way, Problem((weight,), target, 0.5), steps)
    assert (found.weights[0] == target + (weight - target) / 2.0**steps).all()
    assert found.loss[-1] == found.loss[0] / 4.0**steps


@given(problems(dimensions=dimensions(min_depth=2)).map(near_identity), st.integers(0, 20), st.integers(0, 20))
def test_a_run_in_two_parts_is_bit_for_bit_one_run(problem, first, second):
    """Nothing but the weights is carried from step to step, and what is chosen unasked does not depend on the rest."""
    whole, part = gradient_descent(problem, steps=first + second), gradient_descent(problem, steps=first)
    rest = gradient_descent(Problem(part.weights, problem.target, problem.learning_rate), steps=second)
    assert all(map(np.array_equal, whole.weights, rest.weights))
    assert np.array_equal(whole.imbalance[-1], rest.imbalance[-1])
    assert (whole.loss[-1], whole.sigma_min[-1]) == (rest.loss[-1], rest.sigma_min[-1])
    assert whole.steps == first + second


@every_way
@given(problem=calm, record=st.sets(st.integers(0, 12)), certify=st.booleans())
def test_recorded_values_are_those_of_shorter_runs(way, problem, record, certify):
    """Steps 0, the last and the named ones are recorded in order; each with the values that a run to it ends with."""
    found = run(way, problem, 12, record=record, certify=certify)
    assert found.recorded.tolist() == sorted(record | {0, 12})
    assert found.imbalance.shape == (len(found.recorded), problem.depth - 1)
    for k, step in enumerate(found.recorded):
        shorter = run(way, problem, int(step))
        assert found.loss[k] == shorter.loss[-1]
        assert np.array_equal(found.imbalance[k], shorter.imbalance[-1])
        assert found.sigma_min[k] == shorter.sigma_min[-1]


@every_way
@given(problem=calm)
def test_what_is_recorded_or_kept_changes_nothing_else(way, problem):
    """The last weights, and what is recorded of them, have the same bits whatever else was asked for."""
    plain = run(way, problem, 9)
    assert plain.residual_sum is plain.largest_norm is None
    for options in ({"record": (3, 4, 8)}, {"certify": True}, {"stop_at_loss": -1.0}):
        found = run(way, problem, 9, **options)
        apart = ("recorded", "loss", "imbalance", "sigma_min", "residual_sum", "largest_norm")
        assert differences(plain, found, apart=apart) == []
        ends = [(each.loss[-1], each.sigma_min[-1], *each.imbalance[-1]) for each in (plain, found)]
        assert ends[0] == ends[1]


@every_way
@given(problem=calm)
def test_recorded_loss_is_that_of_the_weights(way, problem):
    """The loss is the exact one of the float64 weights, within twice what an enclosure allows one evaluation; so is
    the loss that ends a run."""
    for stop_at_loss in (None, math.inf):
        found = run(way, problem, 5, stop_at_loss=stop_at_loss)
        final = Problem(found.weights, problem.target, 0.0)
        with ctx.workprec(200):
            allowed = loss(final.enclosed().weights, final.enclosed().target).rad()
            truth = loss(final.exact().weights, final.exact().target)
            assert abs(arb(float(found.loss[-1])) - truth) <= 2 * allowed


@every_way
@given(problem=problems(dimensions=dimensions(max_depth=3)))
def test_recorded_loss_of_a_dyadic_network_is_exact(way, problem):
    """Up to depth 3 the loss needs fewer than 53 bits, in whatever order it is summed."""
    rationals = problem.exact()
    expected = loss(rationals.weights, rationals.target)
    assert rational(float(run(way, problem, 0).loss[0])) == expected
    assert rational(float(run(way, problem, 1, stop_at_loss=math.inf).loss[0])) == expected


@given(problems())
def test_recorded_sigma_min_is_that_of_the_end_to_end_matrix(problem):
    """W is exact for dyadic entries at every depth. Both are LAPACK's answer to the same question, but for a single
    row or column, where the recorded one is the norm: within gamma_n of the exact one."""
    found, whole = gradient_descent(problem, steps=0).sigma_min[0], end_to_end(problem.weights)
    if min(whole.shape) > 1:
        assert found == sigma_min(whole)
    else:
        with ctx.workprec(200):
            norm = arb(frobenius_squared(exact(whole))).sqrt()
            assert abs(arb(float(found)) - norm) <= gamma(whole.size + 4) * norm


@given(problems() | calm)
def test_recorded_imbalances_are_those_of_all_pairs(problem):
    """||B_j||_F, a column each: a sum of squares and a root, within gamma_n of the exact one, plus what B_j rounds."""
    found = gradient_descent(problem, steps=0).imbalance[0]
    with ctx.workprec(200):
        norms = [arb(frobenius_squared(b)).sqrt() for b in imbalances(problem.exact().weights)]
        slack = [arb(frobenius_squared(exact(b.radius))).sqrt() for b in imbalances(problem.enclosed().weights)]
        for value, norm, rounding in zip(found, norms, slack, strict=True):
            assert abs(arb(float(value)) - norm) <= gamma(80) * norm + 2 * rounding


@every_way
@given(problem=calm, steps=st.integers(1, 8))
def test_residual_sum_and_largest_norm_are_those_of_the_path(way, problem, steps):
    """sum_{t < T} ||W(t) - Phi||_F and max_{t <= T, j} ||W_j(t)||_F, within their own rounding."""
    path = [run(way, problem, step).weights for step in range(steps + 1)]
    with ctx.workprec(200):
        total, allowed, largest = arb(0), arb(0), arb(0)
        for weights in path[:-1]:
            at = Problem(weights, problem.target, 0.0)
            total += arb(frobenius_squared(end_to_end(at.exact().weights) - at.exact().target)).sqrt()
            residual = end_to_end(at.enclosed().weights) - at.enclosed().target
            allowed += 2 * arb(frobenius_squared(exact(residual.radius))).sqrt()
        for weights in path:
            for matrix in weights:
                largest = largest.max(arb(frobenius_squared(exact(matrix))).sqrt())
        found = run(way, problem, steps, certify=True)
        entries = sum(matrix.size for matrix in (*problem.weights, problem.target))
        assert abs(arb(found.residual_sum) - total) <= allowed + gamma(2 * entries + steps) * (total + allowed)
        assert abs(arb(found.largest_norm) - largest) <= gamma(2 * entries) * largest


@given(calm, st.integers(0, 15), st.booleans())
def test_the_reference_stops_at_the_first_loss_that_is_small_enough(problem, step, certify):
    """The run ends at the first step whose loss is <= stop_at_loss, equality included, and records it."""
    full = run("reference", problem, 15, record=range(16))
    enough = float(full.loss[step])
    found = run("reference", problem, 15, stop_at_loss=enough, certify=certify)
    first = int(np.argmax(full.loss <= enough))
    assert found.steps == found.recorded[-1] == first
    check_same_run(found, run("reference", problem, first, certify=certify))


@every_way
@given(problem=calm, step=st.integers(0, 15), certify=st.booleans())
def test_stops_where_the_loss_is_small_enough_up_to_its_rounding(way, problem, step, certify):
    """Every path sums the loss in its own order: it stops at the first step, or at one whose loss it sees otherwise.
    Weights and values before the end are those of a run without a stop."""
    record = range(16)
    full = run(way, problem, 15, record=record)
    enough = float(full.loss[step])
    found = run(way, problem, 15, record=record, stop_at_loss=enough, certify=certify)
    last = found.steps
    assert found.recorded.tolist() == list(range(last + 1))
    check_same_run_but_for_the_last_loss(found, run(way, problem, last, record=range(last + 1), certify=certify))
    assert found.loss[-1] <= enough or last == 15
    for earlier in np.flatnonzero(full.loss[:last] <= enough):
        weights = run(way, problem, int(earlier)).weights
        assert full.loss[earlier] + loss_rounding(weights, problem.target) > enough
    assert full.loss[last] <= enough + loss_rounding(found.weights, problem.target)


def check_same_run_but_for_the_last_loss(left, right):
    """The loss that ended a run is the one that its path saw."""
    assert np.array_equal(left.loss[:-1], right.loss[:-1])
    assert differences(left, right, apart=("loss", "residual_sum", "largest_norm")) == []
    if left.largest_norm is not None:  # the path's sum of the last weights' squares, or the observer's
        entries = max(matrix.size for matrix in left.weights)
        assert abs(left.largest_norm - right.largest_norm) <= gamma(2 * entries) * right.largest_norm
        assert abs(left.residual_sum - right.residual_sum) <= 2 * gamma(left.steps) * right.residual_sum


@every_way_and_the_closed_form
@given(problem=problems(dimensions=dimensions(max_depth=1)), step=st.integers(0, 15))
def test_stops_at_the_very_loss_where_all_is_exact(way, problem, step):
    """At depth 1 with eta = 1/2 the loss is l(0) / 4^t in every order: equality stops, one bit less does not."""
    problem = Problem(problem.weights, problem.target, 0.5)
    start = run(way, problem, 0).loss[0]
    enough = start / 4.0**step
    found = run(way, problem, 20, stop_at_loss=enough)
    assert found.steps == (step if start > 0 else 0)
    assert found.recorded.tolist() == sorted({0, found.steps})
    assert found.loss[-1] == enough
    assert differences(found, run(way, problem, found.steps)) == []
    below = run(way, problem, 20, stop_at_loss=np.nextafter(enough, -1.0))
    assert below.steps == (step + 1 if start > 0 else 20)


@every_way
def test_a_loss_never_reached_stops_nothing(way):
    """stop_at_loss below every loss is as none at all."""
    problem = scalar(1, target=3, rate=0.25)
    found = run(way, problem, 7, stop_at_loss=-1.0)
    assert found.steps == 7
    assert differences(found, run(way, problem, 7)) == []


@every_way_and_the_closed_form
@given(problem=problems(dimensions=dimensions(max_depth=1)), steps=st.integers(0, 3))
@example(problem=scalar(1, target=1, rate=0.5), steps=3)
def test_arguments_are_not_changed_nor_kept_at_depth_one(way, problem, steps):
    """Neither the run nor a later change of the arguments reaches the other."""
    check_nothing_is_shared(way, problem, steps)


@every_way
@given(problem=problems(), steps=st.integers(0, 3))
def test_arguments_are_not_changed_nor_kept(way, problem, steps):
    """Neither the run nor a later change of the arguments reaches the other; alone, in a sequence and in a stack."""
    check_nothing_is_shared(way, problem, steps)


def check_nothing_is_shared(way, problem, steps):
    slow = Problem(problem.weights, problem.target, 2.0**-40)
    for argument in (slow, [slow, slow], stacked([slow, slow])):
        given_in = [argument] if isinstance(argument, Problem) else argument
        arrays = [array for each in given_in for array in (*each.weights, each.target)]
        copies = [array.copy() for array in arrays]
        found = run(way, argument, steps)
        assert all(map(np.array_equal, arrays, copies))
        results = found if isinstance(found, list) else [found]
        kept = [array for each in results for array in (*each.weights, each.target)]
        assert not any(np.shares_memory(a, b) for a in kept for b in arrays)


@every_way_and_the_closed_form
@given(problem=problems(dimensions=dimensions(max_depth=1)) | problems(), steps=st.integers(0, 5))
def test_learning_rate_zero_stays(way, problem, steps):
    """Weights and every recorded value keep their bits."""
    assume(way != "closed form" or problem.depth == 1)
    found = run(way, Problem(problem.weights, problem.target, 0), steps, record=range(steps))
    assert all(map(np.array_equal, found.weights, problem.weights))
    assert len(found.recorded) == steps + 1
    assert len(set(found.loss)) == len({tuple(row) for row in found.imbalance}) == len(set(found.sigma_min)) == 1


@every_way
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_zero_target(way, depth):
    """With Phi = 0 and all weights w, one step gives w - eta w^(2N-1)."""
    found = run(way, scalar(*[0.5] * depth, target=0, rate=0.25), 1)
    assert all(matrix[0, 0] == 0.5 - 0.25 * 0.5 ** (2 * depth - 1) for matrix in found.weights)
    assert found.loss[0] == 0.5 ** (2 * depth) / 2


@every_way
def test_rectangular_step_by_hand(way):
    """R^1 -> R^2 -> R^1: W = 3*1 + 1*2 = 5, G = 5 - 4 = 1, D_1 = W_2^T, D_2 = W_1^T."""
    weights = (np.array([[1.0], [2.0]]), np.array([[3.0, 1.0]]))
    found = run(way, Problem(weights, np.array([[4.0]]), 0.5), 1)
    assert found.weights[0].tolist() == [[-0.5], [1.5]]
    assert found.weights[1].tolist() == [[2.5, 0.0]]
    assert found.loss.tolist() == [0.5, (-0.5 * 2.5 - 4.0) ** 2 / 2]
    assert found.sigma_min.tolist() == [5.0, 1.25]
    assert found.imbalance[:, 0] == pytest.approx([math.hypot(8, 1, 1, 3), math.hypot(6, 0.75, 0.75, 2.25)], rel=1e-15)
    assert (found.steps, found.learning_rate, found.diverged) == (1, 0.5, False)


DOUBLING = scalar(1, target=0, rate=3)
"""W(t) = (-2)^t: the last finite one is at t = 1023. Its loss 2^(2t-1) comes from W^2, finite up to t = 511."""


@every_way_and_the_closed_form
def test_a_doubling_run_overflows_at_step_1024(way):
    """Where the weights overflow, not where their squares do: losses recorded in between are infinite."""
    sentence = r"step 1024 \(learning_rate 3\); .*the 1024 steps before it"
    with pytest.raises(DivergenceError, match=sentence) as caught:
        run(way, DOUBLING, 10_000, record=(511, 512))
    error = caught.value
    assert error.step == 1024
    assert error.trajectory.steps == 1023
    assert error.trajectory.diverged is True
    assert error.trajectory.weights[0].tolist() == [[-(2.0**1023)]]
    assert error.trajectory.recorded.tolist() == [0, 511, 512, 1023]
    assert error.trajectory.loss.tolist() == [0.5, 2.0**1021, math.inf, math.inf]
    assert error.trajectory.sigma_min.tolist() == [1.0, 2.0**511, 2.0**512, 2.0**1023]
    last = run(way, DOUBLING, 1023)
    assert last.diverged is False
    assert differences(last, run(way, DOUBLING, 1023, record=(1,)), apart=("recorded", "loss", "sigma_min")) == [
        "imbalance"  # of shape (2, 0) and (3, 0)
    ]


@every_way
def test_what_certifies_a_doubling_run_is_infinite_once_squares_are(way):
    """Up to W^2 = 2^1022 the numbers are finite: 1 + 2 + ... + 2^510, rounded, and 2^511."""
    found = run(way, DOUBLING, 511, certify=True)
    assert abs(found.residual_sum - 2.0**511) <= 2.0**511 * gamma(1022)
    assert found.largest_norm == 2.0**511
    beyond = run(way, DOUBLING, 513, certify=True)
    assert beyond.residual_sum == beyond.largest_norm == math.inf


EXPLOSIONS = {
    "scalar, three layers": scalar(1.5, 2, -1, target=1, rate=1.0),
    "two by three": Problem((np.arange(6.0).reshape(3, 2), np.ones((2, 3))), np.zeros((2, 2)), 0.5),
    "slow start": Problem((np.array([[1.0, 0.5]]), np.array([[0.25]])), np.array([[9.0, 1.0]]), 0.75),
    "large entries": scalar(1e70, 1e70, target=0, rate=1.0),
    "huge beside tiny": scalar(1e150, 1e-150, target=0, rate=1.0),
    "first loss overflows": scalar(1e160, 1e160, target=0, rate=1.0),
    "first norm overflows": scalar(1e160, 1e-160, target=0, rate=1.0),
}


@every_way
@pytest.mark.parametrize("name", EXPLOSIONS)
def test_divergence_is_where_a_plain_loop_has_it(way, name):
    """The error's step is the plain loop's, and the weights that it carries are finite."""
    problem = EXPLOSIONS[name]
    expected = naive_loop(list(problem.weights), problem.target, problem.learning_rate, 500)
    assert expected is not None
    for certify in (False, True):
        with pytest.raises(DivergenceError, match=f"at step {expected} ") as caught:
            run(way, problem, 500, certify=certify)
        check_divergence(caught.value, expected, way, problem, certify=certify)


def check_divergence(error, step, way, problem, *, certify=False):
    """The weights before the overflow are finite, one more step is not, and the trajectory is what a run that ends
    there gives."""
    before = error.trajectory
    assert error.step == step == before.steps + 1
    assert before.diverged is True
    assert all(np.isfinite(matrix).all() for matrix in before.weights)
    with np.errstate(over="ignore", invalid="ignore"):
        after = Problem(before.weights, problem.target, problem.learning_rate).step().weights
    assert not all(np.isfinite(matrix).all() for matrix in after)
    shorter = run(way, problem, step - 1, certify=certify)
    assert shorter.diverged is False
    assert differences(before, shorter, apart=("diverged", "residual_sum")) == []
    if certify:
        assert before.residual_sum == pytest.approx(shorter.residual_sum, rel=2 * gamma(step), abs=0.0)
    if step == 1:
        assert all(map(np.array_equal, before.weights, problem.weights))
        assert before.recorded.tolist() == [0]


@every_way
@given(problem=problems(dimensions=dimensions(min_depth=2)))
@example(problem=Problem((np.full((2, 2), 2.0),) * 3, np.zeros((2, 2)), 8.0))
def test_a_diverging_run_carries_the_run_before(way, problem):
    """Whatever the network: step k is the first that no run of k - 1 steps meets."""
    fast = Problem(problem.weights, problem.target, 8.0)
    try:
        run(way, fast, 40)
    except DivergenceError as error:
        check_divergence(error, error.step, way, fast)
        with pytest.raises(DivergenceError, match=f"at step {error.step} "):
            run(way, fast, error.step)
    else:
        assume(False)


@every_way_and_the_closed_form
def test_recording_of_the_last_finite_step_is_not_doubled(way):
    """A step that was asked for and is the last finite one appears once; those after it do not."""
    with pytest.raises(DivergenceError) as caught:
        run(way, DOUBLING, 1100, record=(1022, 1023, 1024, 1050))
    assert caught.value.trajectory.recorded.tolist() == [0, 1022, 1023]


@every_way_and_the_closed_form
def test_in_company_a_diverging_network_stops_and_the_others_go_on(way):
    """Beside W(t) = (-2)^t halves W(t) = 2^-t, exactly and down to the subnormal numbers; in a sequence and in a stack
    no error is raised."""
    halving = scalar(1, target=0, rate=0.5)
    diverged, halved = run(way, [DOUBLING, halving], 1060, record=(1023, 1050))
    assert (diverged.diverged, diverged.steps, diverged.recorded.tolist()) == (True, 1023, [0, 1023])
    assert diverged.weights[0].tolist() == [[-(2.0**1023)]]
    assert (halved.diverged, halved.steps, halved.recorded.tolist()) == (False, 1060, [0, 1023, 1050, 1060])
    assert halved.weights[0].tolist() == [[2.0**-1060]]
    assert halved.sigma_min.tolist() == [1.0, 2.0**-1023, 2.0**-1050, 2.0**-1060]
    both = run(way, stacked([DOUBLING, halving]), 1060, record=(1023, 1050))
    assert (both.diverged.tolist(), both.steps.tolist()) == ([True, False], [1023, 1060])
    assert both.recorded.tolist() == [[0, 1023, 1023, 1023], [0, 1023, 1050, 1060]]
    assert both.weights[0].tolist() == [[[-(2.0**1023)]], [[2.0**-1060]]]
    assert both.sigma_min.tolist() == [[1.0, 2.0**1023, 2.0**1023, 2.0**1023], halved.sigma_min.tolist()]


@every_way_and_the_closed_form
def test_in_company_each_network_stops_at_its_own_loss(way):
    """W(t) = w 2^-t meets the same loss at another step for each w, and is exact."""
    starts = [1.0, 8.0, 0.25, 64.0]
    batch = [scalar(w, target=0, rate=0.5) for w in starts]
    steps = [5, 8, 3, 11]
    found = run(way, batch, 10, stop_at_loss=2.0**-11)  # 1/2 (2^-5)^2
    assert [each.steps for each in found] == [*steps[:3], 10]
    assert [each.recorded.tolist() for each in found] == [[0, 5], [0, 8], [0, 3], [0, 10]]
    assert [each.weights[0].item() for each in found] == [2.0**-5, 2.0**-5, 2.0**-5, 2.0**-4]
    together = run(way, stacked(batch), 20, stop_at_loss=2.0**-11, record=(4,))
    assert together.steps.tolist() == steps
    assert together.recorded.tolist() == [[0, 4, 5], [0, 4, 8], [0, 3, 3], [0, 4, 11]]
    assert together.loss[:, 2].tolist() == [2.0**-11] * 4
    assert together.loss[:, 1].tolist() == [2.0**-9, 2.0**-3, 2.0**-11, 8.0]


def test_a_divergence_travels_between_processes():
    """The error survives pickling with its step, its trajectory and its sentence."""
    with pytest.raises(DivergenceError) as caught:
        gradient_descent(DOUBLING, steps=1100, certify=True)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.step == caught.value.step
    assert str(copy) == str(caught.value)
    assert differences(copy.trajectory, caught.value.trajectory) == []


def test_imbalance_of_large_entries_is_finite():
    """||B||_F = 1e300 where its square would overflow."""
    found = gradient_descent(scalar(1e150, 1e-150, target=0, rate=0), steps=0, certify=True)
    assert math.isclose(found.imbalance[0, 0], 1e300, rel_tol=gamma(8))
    assert contains(arb(found.largest_norm, 1e150 * gamma(8)), fmpq(10**150))


@every_way
def test_progress_is_told_to_the_end(way, monkeypatch):
    """In steps of one network, never backwards, and the last time with everything done."""
    monkeypatch.setattr(descent, "TELL_SECONDS", 0.0)
    told = []
    run(way, [scalar(1, 1, target=0, rate=0.01)] * 3, 500, record=(7, 100), progress=lambda *done: told.append(done))
    assert {total for _, total in told} == {1500}
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (1500, 1500)
    assert len(told) > 3


@every_way
@pytest.mark.parametrize("calls", [1, 3])
def test_an_interrupted_run_is_the_run_to_where_it_came(way, calls, monkeypatch):
    """Ctrl-C in the middle: the trajectory is what a run of as many steps gives."""
    monkeypatch.setattr(descent, "TELL_SECONDS", 0.0)
    left = iter(range(calls - 1))

    def interrupt(done, total):
        if next(left, None) is None:
            raise KeyboardInterrupt

    problem = scalar(1, 0.5, target=2, rate=2.0**-10)
    with pytest.raises(InterruptedRun) as caught:
        run(way, problem, 10**6, record=(2, 10, 40, 10**5), progress=interrupt)
    found = caught.value.trajectory
    assert found.steps == {1: 16, 3: 112}[calls]
    record = [step for step in (2, 10, 40) if step <= found.steps]
    assert differences(found, run(way, problem, found.steps, record=record)) == []
    monkeypatch.setattr(descent, "TELL_SECONDS", math.inf)
    assert run(way, problem, 10).steps == 10


def test_geometric_steps():
    """0 and the last always, and about each_decade of them in every factor of ten, none twice."""
    assert geometric_steps(0) == [0]
    assert geometric_steps(1) == [0, 1]
    assert geometric_steps(1000, each_decade=1) == [0, 1, 10, 100, 1000]
    assert geometric_steps(50, each_decade=2) == [0, 1, 3, 10, 32, 50]
    assert geometric_steps(12, each_decade=10) == [0, 1, 2, 3, 4, 5, 6, 8, 10, 12]


@given(st.integers(0, 10**9), st.integers(1, 40))
def test_geometric_steps_are_dense_and_few(steps, each_decade):
    """Neighbours are a factor 10^(1/each_decade) apart, up to rounding to whole steps; they can all be recorded."""
    found = geometric_steps(steps, each_decade=each_decade)
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (0, steps)
    assert len(found) <= 3 + each_decade * math.log10(max(steps, 1))
    factor = 10 ** (1 / each_decade)
    assert all(after <= factor * (before + 0.5) + 0.5 for before, after in pairwise(found[1:]))
