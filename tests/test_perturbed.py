"""Perturbed gradient descent: gradient descent at radius 0, the linear recurrence at a saddle, noise, stops, errors."""

from __future__ import annotations

import pickle
import re
from itertools import pairwise

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from claims.suite import fewer
from solvers import (
    DivergenceError,
    InterruptedRun,
    Problem,
    gradient_descent,
    gradient_step,
    layer_gradients,
    perturbed_gradient_descent,
    weight_error_bound,
)
from solvers.arithmetic import exact, gamma
from solvers.descent import perturbed
from solvers.descent.observe import Values, observe
from solvers.network.network import loss_of
from strategies import dimensions, problems

QUIET = {"radius": 0.0, "gradient_threshold": 0.0, "wait": 1, "seed": 0}
NOISY = {"radius": 0.5, "gradient_threshold": 10.0, "wait": 3, "seed": 0}


def scalar(*values, target=1.0, learning_rate=0.125):
    """A network of width 1."""
    return Problem(tuple(np.array([[float(value)]]) for value in values), np.array([[target]]), learning_rate)


def small(problem):
    """The same problem with a learning rate at which nothing overflows in a few steps."""
    return Problem(tuple(matrix / 4 for matrix in problem.weights), problem.target / 4, 1 / 64)


@given(problems(dimensions=dimensions(max_depth=4, max_width=4)), st.integers(0, 12))
def test_without_noise_it_is_gradient_descent_step_by_step(problem, steps):
    """Bit for bit the iterated gradient step."""
    posed = small(problem)
    found = perturbed_gradient_descent(posed, steps=steps, **QUIET)
    weights = posed.weights
    for _ in range(steps):
        weights = gradient_step(weights, posed.target, posed.learning_rate)
    assert all(np.array_equal(a, b) for a, b in zip(found.trajectory.weights, weights, strict=True))
    assert found.trajectory.steps == steps
    assert not found.settled


@fewer(2)
@given(problems(dimensions=dimensions(max_depth=4, max_width=4)), st.sampled_from([None, 0.01, 1e9]))
def test_without_noise_it_records_what_gradient_descent_does(problem, stop):
    """The same steps, records and stops; weights within both runs' rounding; values are those of the weights then."""
    posed = small(problem)
    options = {"steps": 40, "record": range(0, 40, 7), "stop_at_loss": stop}
    found = perturbed_gradient_descent(posed, **options, **QUIET).trajectory
    expected = gradient_descent(posed, certify=True, **options)
    assert (found.steps, found.recorded.tolist()) == (expected.steps, expected.recorded.tolist())
    assert [getattr(found, name).shape for name in Values._fields] == [
        getattr(expected, name).shape for name in Values._fields
    ]
    error = float(2 * weight_error_bound(expected))
    assert all(np.abs(a - b).max() <= error for a, b in zip(found.weights, expected.weights, strict=True))
    for place, step in enumerate(found.recorded):
        then = perturbed_gradient_descent(posed, steps=int(step), **QUIET).trajectory.weights
        for name, value in observe(then, posed.target)._asdict().items():
            assert np.array_equal(getattr(found, name)[place], value)


def test_the_saddle_at_zero_is_a_linear_recurrence():
    """Noise of 2^-200 at w = (0, 0), Phi = 1: w_1 + w_2 grows by 9/8 a step and w_1 - w_2 shrinks by 7/8, cubic terms
    being 2^-400 times smaller; within the rounding of T steps, two roundings each and two for the sums."""
    options = {"radius": 2.0**-200, "gradient_threshold": 0.0, "wait": 10**6, "seed": 5}
    first, last = (
        perturbed_gradient_descent(scalar(0, 0), steps=steps, **options).trajectory.weights for steps in (1, 61)
    )
    start = [float(matrix[0, 0]) for matrix in first]
    end = [float(matrix[0, 0]) for matrix in last]
    assert 0 < abs(start[0]) + abs(start[1]) < 2.0**-198
    grown, shrunk = (start[0] + start[1]) * (9 / 8) ** 60, (start[0] - start[1]) * (7 / 8) ** 60
    bound = gamma(4 * 61) * (abs(start[0]) + abs(start[1])) * (9 / 8) ** 60
    assert abs(end[0] + end[1] - grown) <= bound
    assert abs(end[0] - end[1] - shrunk) <= bound
    assert abs(grown) > 1000 * bound


def noise(count, widths, radius, seed=0):
    """Noise vectors: what one step at learning rate 0 adds to zero weights."""
    generator = np.random.default_rng(seed)
    zeros = tuple(np.zeros((b, a)) for a, b in pairwise(widths))
    problem = Problem(zeros, np.zeros((widths[-1], widths[0])), 0.0)
    options = {"steps": 1, "radius": radius, "gradient_threshold": 0.0, "wait": 1, "seed": generator}
    runs = [perturbed_gradient_descent(problem, **options).trajectory.weights for _ in range(count)]
    return np.array([np.concatenate([matrix.ravel() for matrix in run]) for run in runs])


def test_noise_is_uniform_in_the_ball_of_all_layers_together():
    """(|xi| / r)^D is uniform on [0, 1], and every entry of the direction symmetric, at a level of 1e-4; seed fixed."""
    found = noise(600, (2, 1, 3), radius=3.0)
    assert found.shape == (600, 5)
    lengths = np.linalg.norm(found, axis=1)
    assert (lengths <= 3.0 * (1 + 1e-12)).all()
    assert kstest((lengths / 3.0) ** 5, "uniform").pvalue > 1e-4
    squares = found**2 / lengths[:, None] ** 2
    for entry in range(5):  # of a uniform direction the square is Beta(1/2, 2)
        assert kstest(squares[:, entry], "beta", args=(0.5, 2.0)).pvalue > 1e-4
        assert abs(int((found[:, entry] > 0).sum()) - 300) <= 48  # 3.9 standard deviations of Binomial(600, 1/2)


def test_noise_comes_where_the_gradient_is_small_and_not_sooner_than_wait_allows():
    """At rest: at steps 0, wait + 1, 2 (wait + 1); with a gradient above the threshold never."""
    rest = scalar(0, 0, target=0.0, learning_rate=0.0)
    found = perturbed_gradient_descent(rest, steps=10, radius=0.0, gradient_threshold=0.0, wait=3, seed=0)
    assert found.perturbed.tolist() == [0, 4, 8]
    moving = scalar(2, 1)
    norm = np.sqrt(sum(float(d[0, 0]) ** 2 for d in layer_gradients(moving.weights, moving.target)))
    for threshold, expected in ((norm * 0.999, []), (norm * 1.001, [0])):
        options = {"steps": 1, "radius": 0.1, "gradient_threshold": threshold, "wait": 1, "seed": 0}
        assert perturbed_gradient_descent(moving, **options).perturbed.tolist() == expected


def test_the_gradient_after_the_noise_is_taken_at_the_noisy_point():
    """One step from noise: x + xi - eta grad l(x + xi), with xi read off a run at learning rate 0."""
    moving, still = scalar(2, 1), scalar(2, 1, learning_rate=0.0)
    there = perturbed_gradient_descent(still, steps=1, **NOISY).trajectory.weights
    found = perturbed_gradient_descent(moving, steps=1, **NOISY).trajectory.weights
    expected = gradient_step(there, moving.target, moving.learning_rate)
    assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
    assert there[0] != 2


def test_a_minimum_is_settled_and_a_saddle_is_left():
    """At (1, 1), l = 0, the run ends with the weights before the noise and the records up to it; not from (0, 0)."""
    options = {"radius": 0.01, "gradient_threshold": 1e-6, "wait": 50, "seed": 1, "least_decrease": 1e-3}
    found = perturbed_gradient_descent(scalar(1, 1), steps=1000, record=range(0, 1000, 10), **options)
    assert found.settled
    assert found.trajectory.steps == 0
    assert found.trajectory.recorded.tolist() == [0]
    assert [matrix[0, 0] for matrix in found.trajectory.weights] == [1, 1]
    left = perturbed_gradient_descent(scalar(0, 0), steps=1000, record=range(0, 1000, 10), **options)
    assert left.perturbed[0] == 0
    assert left.settled
    assert left.trajectory.steps == left.perturbed[-1] > 50
    assert left.trajectory.recorded[-1] == left.trajectory.steps
    assert (np.diff(left.trajectory.recorded) > 0).all()
    assert left.trajectory.loss[-1] < 1e-6


def test_a_decrease_that_is_exactly_as_wanted_goes_on():
    """l = 1/2 before and after at a flat point: a wanted decrease of 0 is met, 1/2^20 is not."""
    flat = scalar(0, 0, 0)
    options = {"radius": 0.0, "gradient_threshold": 0.0, "wait": 2, "seed": 0}
    assert not perturbed_gradient_descent(flat, steps=9, least_decrease=0.0, **options).settled
    assert perturbed_gradient_descent(flat, steps=9, least_decrease=2.0**-20, **options).settled


def test_a_loss_that_rounding_takes_below_zero_is_zero():
    """S = v v^T with v = (1/3, 1) and R = (11, -11/3): v^T R = 0 but for rounding, which leaves -3e-17."""
    v, residual = np.array([[1 / 3, 1.0]]), np.array([[11.0, -11 / 3]])
    assert loss_of(residual, covariance=v.T @ v) < 0
    problem = Problem((residual,), 0 * residual, 0.1, covariance=v.T @ v)
    assert perturbed._loss(problem.weights, problem) == 0


def test_a_seed_decides_and_a_generator_goes_on():
    """The same seed, the same run; another seed or the same generator again, another."""

    def end(seed):
        return perturbed_gradient_descent(scalar(0, 0), steps=5, **(NOISY | {"seed": seed})).trajectory.weights[0][0, 0]

    generator = np.random.default_rng(3)
    assert end(3) == end(np.int64(3)) == end(generator)
    assert end(generator) not in (end(3), end(4))
    assert end(3) != end(4)


def test_the_arguments_are_not_changed():
    """Neither weights nor target, and the result shares no memory with them."""
    problem = scalar(2, 1)
    found = perturbed_gradient_descent(problem, steps=0, **NOISY).trajectory
    found.weights[0][0, 0] = found.target[0, 0] = 99.0
    assert (problem.weights[0][0, 0], problem.target[0, 0]) == (2, 1)
    perturbed_gradient_descent(problem, steps=5, **NOISY)
    assert [matrix[0, 0] for matrix in problem.weights] == [2, 1]


def test_divergence_is_gradient_descents():
    """The same step, the same sentence, and a trajectory that survives pickling."""
    problem = scalar(100, 100, learning_rate=1.0)
    with pytest.raises(DivergenceError) as expected:
        gradient_descent(problem, steps=50)
    with pytest.raises(DivergenceError) as found:
        perturbed_gradient_descent(problem, steps=50, **QUIET)
    assert found.value.step == expected.value.step
    assert str(found.value) == str(expected.value)
    again = pickle.loads(pickle.dumps(found.value))
    assert again.trajectory.steps == found.value.step - 1
    assert again.trajectory.diverged


def test_an_interrupt_brings_what_was_done(monkeypatch):
    """Ctrl-C in the third gradient: two steps are in the error's trajectory."""
    calls = []

    def interrupted(weights, target, **data):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return layer_gradients(weights, target, **data)

    monkeypatch.setattr(perturbed, "layer_gradients", interrupted)
    with pytest.raises(InterruptedRun) as found:
        perturbed_gradient_descent(scalar(2, 1), steps=50, **QUIET)
    assert found.value.trajectory.steps == 2
    assert not found.value.trajectory.diverged


A, B, PHI = np.ones((3, 2)), np.ones((4, 3)), np.ones((4, 2))


def run(weights=(A, B), target=PHI, learning_rate=0.1, **options):
    """One argument wrong."""
    return perturbed_gradient_descent(Problem(weights, target, learning_rate), **({"steps": 3} | NOISY | options))


NUMBER = "expected a finite number >= 0"
SEED = "expected a whole number >= 0, or a numpy.random.Generator"
BAD = {
    "no problem": (lambda: perturbed_gradient_descent((A, B), steps=1, **NOISY), TypeError, "problem is a tuple"),
    "a list": (
        lambda: perturbed_gradient_descent([], steps=1, **NOISY),
        TypeError,
        "problem is a list; expected a Problem",
    ),
    "a stack": (lambda: run((A[None], B[None]), PHI[None]), ValueError, "weights[0] has shape (1, 3, 2); expected two"),
    "rationals": (lambda: run((exact(A), B)), TypeError, "weights[0] is not a float64 array; expected dtype float64"),
    "nan": (
        lambda: run((A, B * np.nan)),
        ValueError,
        "weights[1] has the entry nan at (0, 0); expected finite entries",
    ),
    "infinite target": (lambda: run(target=PHI * np.inf), ValueError, "target has the entry inf at (0, 0); expected"),
    "learning rate": (lambda: run(learning_rate=-1.0), ValueError, f"learning_rate is -1.0; {NUMBER}"),
    "steps": (lambda: run(steps=1.5), TypeError, "steps is 1.5; expected a whole number >= 0"),
    "record": (lambda: run(record=[4]), ValueError, "record asks for step 4; expected none beyond steps = 3"),
    "no record": (lambda: run(record=3), TypeError, "record is 3; expected the steps to record"),
    "stop": (lambda: run(stop_at_loss=np.nan), ValueError, "stop_at_loss is nan; expected a number, or None"),
    "wait of zero": (lambda: run(wait=0), ValueError, "wait is 0; expected at least 1"),
    "negative wait": (lambda: run(wait=-1), ValueError, "wait is -1; expected a whole number >= 0"),
    "half a step of wait": (lambda: run(wait=0.5), TypeError, "wait is 0.5; expected a whole number >= 0"),
    "negative seed": (lambda: run(seed=-1), ValueError, f"seed is -1; {SEED}"),
    "seed of text": (lambda: run(seed="a"), TypeError, f"seed is 'a'; {SEED}"),
    "no seed": (lambda: run(seed=None), TypeError, f"seed is None; {SEED}"),
    "boolean seed": (lambda: run(seed=True), TypeError, f"seed is True; {SEED}"),
} | {
    f"{name} {value!r}": (lambda name=name, value=value: run(**{name: value}), error, f"{name} is {value!r}; {NUMBER}")
    for name in ("radius", "gradient_threshold", "least_decrease")
    for value, error in ((-1.0, ValueError), (np.inf, ValueError), (1j, TypeError), (True, TypeError), ("1", TypeError))
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_name(case):
    """The argument, what was wrong with it, and what would be right."""
    call, error, sentence = BAD[case]
    with pytest.raises(error, match=re.escape(sentence)):
        call()


def test_the_bound_used_above_is_finite():
    """The comparison with gradient descent would be empty if no run could be certified."""
    assert weight_error_bound(gradient_descent(scalar(0.5, 0.25), steps=40, certify=True)) < arb(2) ** -40
