"""Gradient descent: the recurrence, what is recorded on the way, where it stops and where it overflows."""

from __future__ import annotations

import math
import pickle
from dataclasses import fields

import numpy as np
import pytest
from containment import contains
from flint import arb, ctx, fmpq
from hypothesis import assume, example, given
from hypothesis import strategies as st

from solvers import (
    DivergenceError,
    Problem,
    Trajectory,
    end_to_end,
    frobenius_squared,
    gradient_descent,
    gradient_step,
    imbalances,
    loss,
    sigma_min,
)
from solvers.arithmetic import exact, rational
from solvers.enclosure import gamma
from strategies import dimensions, problems


def descend(problem: Problem, steps: int, **options) -> Trajectory:
    """Run a problem's own network, target and learning rate."""
    return gradient_descent(
        problem.weights, problem.target, learning_rate=problem.learning_rate, steps=steps, **options
    )


def near_identity(problem: Problem) -> Problem:
    """Layers I + W/24 (norm at most 5/3) with a small learning rate: far from overflow, all 53 bits in use."""
    weights = tuple(np.eye(*matrix.shape) + matrix / 24 for matrix in problem.weights)
    return Problem(weights, problem.target, problem.learning_rate / 2**13)


calm = problems().map(near_identity)


def identical(left, right) -> bool:
    """Whether two trajectories agree bit for bit in everything."""
    pairs = [(getattr(left, field.name), getattr(right, field.name)) for field in fields(Trajectory)]
    return all(all(map(np.array_equal, a, b)) if isinstance(a, tuple) else np.array_equal(a, b) for a, b in pairs)


def naive_loop(weights, target, rate, steps):
    """Gradient descent written out, and the first step whose squares overflow (None if there is none)."""
    depth = len(weights)
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps + 1):
            whole = weights[0]
            for matrix in weights[1:]:
                whole = matrix @ whole
            squares = [(matrix**2).sum() for matrix in (*weights, whole - target)]
            if not np.isfinite(squares).all():
                return step
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


@given(problems(dimensions=dimensions(max_depth=4)))
def test_one_step_is_the_exact_one_on_dyadic_networks(problem):
    """Up to depth 4 no entry of W_j - eta D_j needs more than 53 bits: the float64 step is the rational one."""
    rationals = problem.exact()
    expected = gradient_step(rationals.weights, rationals.target, rationals.learning_rate)
    found = descend(problem, 1).weights
    assert all((exact(a) == b).all() for a, b in zip(found, expected, strict=True))


@given(problems(dimensions=dimensions(max_depth=2, max_width=2)))
def test_two_steps_are_the_exact_ones_while_arithmetic_is_dyadic(problem):
    """At depth and width 2 with eta = 1/2, two steps need fewer than 53 bits."""
    problem = Problem(problem.weights, problem.target, 0.5)
    rationals = problem.exact()
    expected = rationals.weights
    for _ in range(2):
        expected = gradient_step(expected, rationals.target, rationals.learning_rate)
    found = descend(problem, 2).weights
    assert all((exact(a) == b).all() for a, b in zip(found, expected, strict=True))


@given(problems(dimensions=dimensions(max_depth=1)), st.integers(0, 30))
def test_a_single_layer_contracts_to_the_target(problem, steps):
    """At depth 1, W(t) = Phi + (1 - eta)^t (W(0) - Phi): exact in float64 for eta = 1/2 and t <= 30."""
    weight, target = problem.weights[0], problem.target
    found = gradient_descent((weight,), target, learning_rate=0.5, steps=steps)
    assert (found.weights[0] == target + (weight - target) / 2.0**steps).all()
    assert found.loss[-1] == found.loss[0] / 4.0**steps


@given(calm, st.integers(0, 20), st.integers(0, 20))
def test_a_run_in_two_parts_is_bit_for_bit_one_run(problem, first, second):
    """Nothing but the weights is carried from step to step."""
    whole, part = descend(problem, first + second), descend(problem, first)
    rest = descend(Problem(part.weights, problem.target, problem.learning_rate), second)
    assert all(map(np.array_equal, whole.weights, rest.weights))
    assert (whole.loss[-1], whole.imbalance[-1], whole.sigma_min[-1]) == (
        rest.loss[-1],
        rest.imbalance[-1],
        rest.sigma_min[-1],
    )
    assert whole.steps == first + second


@given(calm, st.sets(st.integers(0, 12)))
def test_recorded_values_are_those_of_shorter_runs(problem, record):
    """Steps 0, the last and the named ones are recorded in order; each with the values that a run to it ends with."""
    found = descend(problem, 12, record=record)
    assert found.recorded.tolist() == sorted(record | {0, 12})
    for k, step in enumerate(found.recorded):
        shorter = descend(problem, int(step))
        assert found.loss[k] == shorter.loss[-1]
        assert found.imbalance[k] == shorter.imbalance[-1]
        assert found.sigma_min[k] == shorter.sigma_min[-1]


@given(calm)
def test_recorded_loss_is_that_of_the_weights(problem):
    """The loss is the exact one of the float64 weights, within twice what an enclosure allows one evaluation."""
    found = descend(problem, 5)
    final = Problem(found.weights, problem.target, 0.0)
    with ctx.workprec(200):
        allowed = loss(final.enclosed().weights, final.enclosed().target).rad()
        truth = loss(final.exact().weights, final.exact().target)
        assert abs(arb(float(found.loss[-1])) - truth) <= 2 * allowed


@given(problems(dimensions=dimensions(max_depth=3)))
def test_recorded_loss_of_a_dyadic_network_is_exact(problem):
    """Up to depth 3 the loss needs fewer than 53 bits."""
    rationals = problem.exact()
    assert rational(float(descend(problem, 0).loss[0])) == loss(rationals.weights, rationals.target)


@given(problems())
def test_recorded_sigma_min_is_that_of_the_end_to_end_matrix(problem):
    """W is exact for dyadic entries at every depth, so that both are LAPACK's answer to the same question."""
    assert descend(problem, 0).sigma_min[0] == sigma_min(end_to_end(problem.weights))


@given(problems() | calm)
def test_recorded_imbalance_is_the_largest_of_all_pairs(problem):
    """max_j ||B_j||_F: a sum of squares and a root, within gamma_n of the exact one, plus what B_j rounds."""
    found = rational(float(descend(problem, 0).imbalance[0]))
    with ctx.workprec(200):
        norms = [arb(frobenius_squared(b)).sqrt() for b in imbalances(problem.exact().weights)]
        slack = [arb(frobenius_squared(exact(b.radius))).sqrt() for b in imbalances(problem.enclosed().weights)]
        for norm, rounding in zip(norms, slack, strict=True):
            assert found >= norm * (1 - gamma(80)) - 2 * rounding
        ceilings = [norm * (1 + gamma(80)) + 2 * rounding for norm, rounding in zip(norms, slack, strict=True)]
        assert any(found <= ceiling for ceiling in ceilings) or (not norms and found == 0)


@given(calm, st.integers(1, 8))
def test_residual_sum_and_largest_norm_are_those_of_the_path(problem, steps):
    """sum_{t < T} ||W(t) - Phi||_F and max_{t <= T, j} ||W_j(t)||_F, within their own rounding."""
    path = [descend(problem, step).weights for step in range(steps + 1)]
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
        found = descend(problem, steps)
        entries = sum(matrix.size for matrix in (*problem.weights, problem.target))
        assert abs(arb(found.residual_sum) - total) <= allowed + gamma(2 * entries + steps) * (total + allowed)
        assert abs(arb(found.largest_norm) - largest) <= gamma(2 * entries) * largest


@given(calm, st.integers(0, 15))
def test_stops_at_the_first_loss_that_is_small_enough(problem, step):
    """The run ends at the first step whose loss is <= stop_at_loss, equality included, and records it."""
    full = descend(problem, 15, record=range(16))
    enough = float(full.loss[step])
    found = descend(problem, 15, stop_at_loss=enough)
    first = int(np.argmax(full.loss <= enough))
    assert found.steps == found.recorded[-1] == first
    assert identical(found, descend(problem, first))


def test_a_loss_never_reached_stops_nothing():
    """stop_at_loss below every loss is as none at all."""
    weights, target = (np.array([[1.0]]),), np.array([[3.0]])
    found = gradient_descent(weights, target, learning_rate=0.25, steps=7, stop_at_loss=-1.0)
    assert found.steps == 7
    assert identical(found, gradient_descent(weights, target, learning_rate=0.25, steps=7))


@given(problems(), st.integers(0, 3))
def test_arguments_are_not_changed_nor_kept(problem, steps):
    """Neither the run nor a later change of the arguments reaches the other."""
    copies = tuple(matrix.copy() for matrix in problem.weights)
    target = problem.target.copy()
    found = gradient_descent(problem.weights, problem.target, learning_rate=2.0**-40, steps=steps)
    assert all(map(np.array_equal, problem.weights, copies))
    assert np.array_equal(problem.target, target)
    assert not any(np.shares_memory(a, b) for a in found.weights for b in problem.weights)
    assert not np.shares_memory(found.target, problem.target)


@given(problems(), st.integers(0, 5))
def test_learning_rate_zero_stays(problem, steps):
    """Weights and every recorded value keep their bits."""
    found = gradient_descent(problem.weights, problem.target, learning_rate=0, steps=steps, record=range(steps))
    assert all(map(np.array_equal, found.weights, problem.weights))
    assert len(found.recorded) == steps + 1
    assert len(set(found.loss)) == len(set(found.imbalance)) == len(set(found.sigma_min)) == 1


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_zero_target(depth):
    """With Phi = 0 and all weights w, one step gives w - eta w^(2N-1)."""
    weights = tuple(np.array([[0.5]]) for _ in range(depth))
    found = gradient_descent(weights, np.array([[0.0]]), learning_rate=0.25, steps=1)
    assert all(matrix[0, 0] == 0.5 - 0.25 * 0.5 ** (2 * depth - 1) for matrix in found.weights)
    assert found.loss[0] == 0.5 ** (2 * depth) / 2


def test_rectangular_step_by_hand():
    """R^1 -> R^2 -> R^1: W = 3*1 + 1*2 = 5, G = 5 - 4 = 1, D_1 = W_2^T, D_2 = W_1^T."""
    weights = (np.array([[1.0], [2.0]]), np.array([[3.0, 1.0]]))
    found = gradient_descent(weights, np.array([[4.0]]), learning_rate=0.5, steps=1)
    assert found.weights[0].tolist() == [[-0.5], [1.5]]
    assert found.weights[1].tolist() == [[2.5, 0.0]]
    assert found.loss.tolist() == [0.5, (-0.5 * 2.5 - 4.0) ** 2 / 2]
    assert found.sigma_min.tolist() == [5.0, 1.25]
    assert (found.steps, found.learning_rate) == (1, 0.5)


def test_a_doubling_run_overflows_at_step_512():
    """W(t) = (-2)^t: the loss 2^(2t-1) is the largest finite one at t = 511, and 2^(2*512) overflows."""
    with pytest.raises(DivergenceError, match=r"step 512 \(learning_rate 3\); .*the 512 steps before it") as caught:
        gradient_descent((np.array([[1.0]]),), np.array([[0.0]]), learning_rate=3.0, steps=10_000)
    error = caught.value
    assert error.step == 512
    assert error.trajectory.steps == 511
    assert error.trajectory.weights[0].tolist() == [[-(2.0**511)]]
    assert error.trajectory.recorded.tolist() == [0, 511]
    assert error.trajectory.loss.tolist() == [0.5, 2.0**1021]
    assert error.trajectory.sigma_min[-1] == 2.0**511
    assert error.trajectory.residual_sum == 2.0**511  # 1 + 2 + ... + 2^510, rounded
    assert error.trajectory.largest_norm == 2.0**511


EXPLOSIONS = {
    "scalar, three layers": ((np.array([[1.5]]), np.array([[2.0]]), np.array([[-1.0]])), np.eye(1), 1.0),
    "two by three": ((np.arange(6.0).reshape(3, 2), np.ones((2, 3))), np.zeros((2, 2)), 0.5),
    "slow start": ((np.array([[1.0, 0.5]]), np.array([[0.25]])), np.array([[9.0, 1.0]]), 0.75),
    "large entries": ((np.array([[1e70]]), np.array([[1e70]])), np.array([[0.0]]), 1.0),
    "huge beside tiny": ((np.array([[1e150]]), np.array([[1e-150]])), np.array([[0.0]]), 1.0),
    "first loss overflows": ((np.array([[1e160]]), np.array([[1e160]])), np.array([[0.0]]), 1.0),
    "first norm overflows": ((np.array([[1e160]]), np.array([[1e-160]])), np.array([[0.0]]), 1.0),
}


@pytest.mark.parametrize("name", EXPLOSIONS)
def test_divergence_is_where_a_plain_loop_has_it(name):
    """The error's step is the plain loop's, and all that it carries is finite."""
    weights, target, rate = EXPLOSIONS[name]
    expected = naive_loop(list(weights), target, rate, 500)
    assert expected is not None
    with pytest.raises(DivergenceError, match=f"at step {expected} ") as caught:
        gradient_descent(weights, target, learning_rate=rate, steps=500)
    check_divergence(caught.value, expected, weights, target, rate)


def check_divergence(error, step, weights, target, rate):
    """The trajectory before the overflow is finite, and is what a run that ends there gives."""
    before = error.trajectory
    assert error.step == step
    values = (before.loss, before.imbalance, before.sigma_min, before.residual_sum, before.largest_norm)
    assert all(np.isfinite(value).all() for value in (*before.weights, *values))
    if step > 0:
        assert identical(before, gradient_descent(weights, target, learning_rate=rate, steps=step - 1))
    else:
        assert all(map(np.array_equal, before.weights, weights))
        assert (before.steps, len(before.recorded)) == (0, 0)


@given(problems(dimensions=dimensions(min_depth=2)))
@example(Problem((np.full((2, 2), 2.0),) * 3, np.zeros((2, 2)), 8.0))
def test_a_diverging_run_carries_the_run_before(problem):
    """Whatever the network: step k is the first that no run of k - 1 steps meets."""
    fast = Problem(problem.weights, problem.target, 8.0)
    try:
        descend(fast, 40)
    except DivergenceError as error:
        check_divergence(error, error.step, fast.weights, fast.target, 8.0)
        with pytest.raises(DivergenceError, match=f"at step {error.step} "):
            descend(fast, error.step)
    else:
        assume(False)


def test_recording_of_the_last_finite_step_is_not_doubled():
    """A step that was asked for and is the last finite one appears once."""
    with pytest.raises(DivergenceError) as caught:
        gradient_descent((np.array([[1.0]]),), np.array([[0.0]]), learning_rate=3.0, steps=600, record=(510, 511))
    assert caught.value.trajectory.recorded.tolist() == [0, 510, 511]


def test_a_divergence_travels_between_processes():
    """The error survives pickling with its step, its trajectory and its sentence."""
    with pytest.raises(DivergenceError) as caught:
        gradient_descent((np.array([[1.0]]),), np.array([[0.0]]), learning_rate=3.0, steps=600)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.step == caught.value.step
    assert str(copy) == str(caught.value)
    assert identical(copy.trajectory, caught.value.trajectory)


def test_imbalance_of_large_entries_is_finite():
    """||B||_F = 1e300 where its square would overflow."""
    weights = (np.array([[1e150]]), np.array([[1e-150]]))
    found = gradient_descent(weights, np.array([[0.0]]), learning_rate=0.0, steps=0)
    assert math.isclose(found.imbalance[0], 1e300, rel_tol=gamma(8))
    assert contains(arb(found.largest_norm, 1e150 * gamma(8)), fmpq(10**150))
