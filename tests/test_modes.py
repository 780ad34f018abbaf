"""Modes: against whole networks, automatic differentiation, balls and integrated flows; and what they refuse."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from claims.modes.mode_solutions.times import time_between
from solvers import Problem, gradient_descent, weight_error_bound
from solvers.arithmetic import rational
from solvers.flow.modes import (
    ModeDivergenceError,
    ModeTrajectory,
    balanced_flow,
    half_time,
    mode_descent,
    mode_gradients,
    mode_step,
    mode_time,
    two_layer_flow,
)
from strategies import dyadic_matrices
from tests import jax_oracle

UNIT = 2.0**-53
LAYERS, TARGETS = np.array([[0.5, 1.0, -1.0], [0.5, 0.25, 1.0]]), np.array([1.0, 0.5, 2.0])


def diagonal_network(layers):
    """The network whose modes these are."""
    return tuple(np.diag(layer) for layer in layers)


@given(st.integers(1, 5), st.integers(1, 4), st.data())
def test_gradients_agree_with_automatic_differentiation(depth, modes, data):
    """Of the whole diagonal network, off the diagonal too, within the bound on two evaluations."""
    layers = data.draw(dyadic_matrices(depth, modes))
    targets = data.draw(dyadic_matrices(1, modes))[0]
    weights, target = diagonal_network(layers), np.diag(targets)
    found = mode_gradients(layers, targets)
    expected = jax_oracle.gradients(weights, target)
    tolerance = jax_oracle.gradient_tolerance(weights, target)
    for own, theirs, bound in zip(found, expected, tolerance, strict=True):
        assert (abs(np.diag(own) - theirs) <= bound).all()


def test_one_step_in_every_arithmetic():
    """w = (3, 2), s = 5, eta = 1/4: (3 - 2/4, 2 - 3/4), as numbers, rationals, balls and arrays."""
    for number in (float, fmpq, arb):
        moved = mode_step([number(3), number(2)], number(5), number(1) / 4)
        assert moved == [number(5) / 2, number(5) / 4]
    moved = mode_step(np.array([[3.0, 1.0], [2.0, 1.0]]), np.array([5.0, 1.0]), 0.25)
    assert np.array(moved).tolist() == [[2.5, 1.0], [1.25, 1.0]]


@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 40), st.data())
def test_descent_of_modes_is_that_of_whole_networks(depth, modes, steps, data):
    """Each entry, within the rounding bounds of the whole network's run and of the single mode's."""
    layers, targets = data.draw(dyadic_matrices(depth, modes)) / 2, data.draw(dyadic_matrices(1, modes))[0] / 2
    rate = 1 / 64
    trajectory = mode_descent(layers, targets, learning_rate=rate, steps=steps)
    whole = gradient_descent(Problem(diagonal_network(layers), np.diag(targets), rate), steps=steps, certify=True)
    for i in range(modes):
        one = Problem(tuple(layer[i].reshape(1, 1) for layer in layers), targets[i].reshape(1, 1), rate)
        single = gradient_descent(one, steps=steps, certify=True)
        bound = weight_error_bound(whole) + weight_error_bound(single)
        assert bound.is_finite()
        for j in range(depth):
            assert abs(arb(trajectory.layers[-1, j, i]) - arb(whole.weights[j][i, i])) <= bound


@given(st.integers(1, 3), st.integers(1, 3), st.data())
def test_descent_is_exact_where_rationals_fit(depth, modes, data):
    """Entries k/4 and eta = 1/2: one step is exact in float64, and equal to the rationals'."""
    layers, targets = data.draw(dyadic_matrices(depth, modes, bits=2)), data.draw(dyadic_matrices(1, modes, bits=2))[0]
    found = mode_descent(layers, targets, learning_rate=0.5, steps=1).layers[1]
    for i in range(modes):
        moved = mode_step([rational(a) for a in layers[:, i]], rational(targets[i]), fmpq(1, 2))
        assert [rational(a) for a in found[:, i]] == moved


def test_what_is_recorded():
    """Steps 0, those asked for, and the last; strengths are products; the input stays what it was."""
    before = LAYERS.copy()
    found = mode_descent(LAYERS, TARGETS, learning_rate=0.25, steps=5, record=[2, 5, 3])
    assert found.recorded.tolist() == [0, 2, 3, 5]
    assert found.layers.shape == (4, 2, 3)
    assert (found.layers[0] == before).all()
    assert (before == LAYERS).all()
    assert (found.strengths == found.layers[:, 0] * found.layers[:, 1]).all()
    again = mode_descent(found.layers[1], TARGETS, learning_rate=0.25, steps=1)
    assert (again.layers[-1] == found.layers[2]).all()
    still = mode_descent(LAYERS, TARGETS, learning_rate=0.25, steps=0)
    assert (still.recorded.tolist(), still.layers.shape) == ([0], (1, 2, 3))


def test_divergence_is_told_with_what_came_before():
    """The first step that overflows; the error survives pickling."""
    layers, targets = np.full((2, 1), 1e3), np.zeros(1)
    with pytest.raises(ModeDivergenceError, match="left the range of float64 at step 5 ") as caught:
        mode_descent(layers, targets, learning_rate=1.0, steps=100, record=range(0, 101, 2))
    trajectory = caught.value.trajectory
    assert isinstance(trajectory, ModeTrajectory)
    assert (caught.value.step, trajectory.steps, trajectory.recorded.tolist()) == (5, 4, [0, 2, 4])
    assert np.isfinite(trajectory.layers).all()
    again = mode_descent(layers, targets, learning_rate=1.0, steps=4, record=[2])
    assert (again.layers == trajectory.layers).all()
    assert pickle.loads(pickle.dumps(caught.value)).step == 5


NUMBERS = st.builds(lambda k, j: k / 8 + j / 2**20, st.integers(-16, 16), st.sampled_from([0, 0, 1, -3]))
"""Nearly balanced and nearly zero too: there a careless formula cancels."""


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=4), st.integers(0, 64).map(lambda k: k / 4))
@example([(1.0, -1.0 + 2.0**-20, 1.0)], 16.0)
@example([(1.0, 1.0 - 2.0**-20, -1.0)], 16.0)
def test_two_layers_agree_with_balls(modes, time):
    """From every start, balanced, zero and of the wrong sign: the closed form in 512 bits, within the bound stated."""
    first, second, targets = (np.array(part) for part in zip(*modes, strict=True))
    found = two_layer_flow(np.array([first, second]), targets, np.array([time]))[0]
    with ctx.workprec(512):
        for i, (a, b, s) in enumerate(modes):
            expected = closed_form(rational(a), rational(b), rational(s), arb(time))
            rate = np.hypot(2 * s, a * a - b * b)
            size = sum(abs(value) for value in expected)
            for own, value in zip(found[:, i], expected, strict=True):
                assert abs(arb(own) - value) <= (64 + 8 * rate * time) * UNIT * size + arb(2) ** -500


def closed_form(a, b, s, time):
    """a and b in balls, by the quotient of statement 2 of DL-030 as it stands there, sign by sign."""
    c, roots = a * a - b * b, []
    rate = arb(4 * s * s + c * c).sqrt()
    if 4 * s * s + c * c == 0:
        return [arb(part) / arb(1 + 2 * abs(a * b) * time).sqrt() for part in (a, b)]
    for start, sign in ((a + b, s), (a - b, -s)):
        if start == 0:
            roots.append(arb(0))
            continue
        up, down, decay = 2 * sign + rate, 2 * sign - rate, (-rate * time).exp()
        above = start * start * (up - down * decay) + c * c * (1 - decay)
        y = above / (start * start * (1 - decay) + up * decay - down)
        roots.append(y.nonnegative_part().sqrt() * (1 if start > 0 else -1))
    return [(roots[0] + roots[1]) / 2, (roots[0] - roots[1]) / 2]


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=3))
def test_two_layers_agree_with_an_integrated_flow(modes):
    """SciPy, at two tolerances: the finer is nearer to the closed form than to the coarser, or both agree to 2^-40."""
    first, second, targets = (np.array(part) for part in zip(*modes, strict=True))
    layers, times = np.array([first, second]), np.array([0.0, 0.5, 1.0, 3.0])
    found = two_layer_flow(layers, targets, times)

    def velocity(_, state):
        return -np.array(mode_gradients(state.reshape(2, -1), targets)).ravel()

    coarse, fine = (
        solve_ivp(velocity, (0, 3), layers.ravel(), method="DOP853", t_eval=times, rtol=tolerance, atol=tolerance).y.T
        for tolerance in (1e-7, 1e-11)
    )
    gap = abs(fine - found.reshape(fine.shape)).max()
    assert gap <= max(abs(fine - coarse).max(), 2.0**-40)


@given(
    st.lists(st.tuples(st.integers(1, 96), st.integers(1, 32)), min_size=1, max_size=3),
    st.sampled_from([1, 2, 3, 4, 7, 12]),
)
def test_balanced_flow_agrees_with_an_integrated_one(modes, depth):
    """Starts below, at and above the target; at two tolerances too."""
    start, targets = (np.array(part) / 16 for part in zip(*modes, strict=True))
    times = np.array([0.0, 0.25, 1.0, 2.0])
    found = balanced_flow(start, targets, times, depth=depth)

    def velocity(_, u):
        return depth * u ** (2 - 2 / depth) * (targets - u)

    coarse, fine = (
        solve_ivp(velocity, (0, 2), start, method="DOP853", t_eval=times, rtol=tolerance, atol=tolerance).y.T
        for tolerance in (1e-7, 1e-11)
    )
    assert abs(fine - found).max() <= max(abs(fine - coarse).max(), 2.0**-40)
    assert (abs(found[0] - start) <= 64 * UNIT * (start + targets) * (1 + abs(np.log(start / targets)))).all()


@given(st.integers(1, 63), st.integers(1, 63), st.integers(1, 32), st.integers(1, 9), st.booleans())
def test_times_agree_with_balls(place, further, target, depth, above):
    """Of the implicit solution, from below and above: within the rounding of its terms and of x = (u/s)^{1/N}."""
    s = target / 8
    start = s * (2 + place / 16 if above else place / 128)
    end = s * (1 + further / 64 if above else 0.5 + further / 256)
    found = mode_time(np.array([end]), np.array([start]), np.array([s]), depth=depth)[0]
    with ctx.workprec(256):
        expected = time_between(rational(start), rational(end), rational(s), depth)
    size = sum(
        (depth + abs(np.log(u / s))) * ((u / s) ** (2 / depth - 1) / abs(1 - u / s) + (u / s) ** (2 / depth) + 1)
        for u in (start, end)
    )
    assert abs(arb(found) - expected) <= 64 * UNIT * size / s ** (2 - 2 / depth)
    (back,) = balanced_flow(np.array([start]), np.array([s]), np.array([found]), depth=depth)[0]
    speed = depth * max(start, end, s) ** (2 - 2 / depth) * abs(s - end)
    assert abs(back - end) <= 64 * UNIT * size / s ** (2 - 2 / depth) * speed + 256 * UNIT * (start + s) * depth


def test_half_times_of_two_layers():
    """ln(s/u_0 - 1) / (2 s): s/u_0 - 1 = 3 and 7, and 0 at s = 2 u_0; every mode is at half at its half-time."""
    start, targets = np.array([0.25, 0.25, 0.5]), np.array([1.0, 2.0, 1.0])
    expected = np.log([3.0, 7.0, 1.0]) / (2 * targets)
    assert (abs(half_time(start, targets, depth=2) - expected) <= 4 * UNIT * (1 + expected)).all()
    for depth in (1, 2, 3, 6):
        times = half_time(start, targets, depth=depth)
        reached = balanced_flow(start, targets, times, depth=depth).diagonal()
        assert (abs(reached - targets / 2) <= 1e-12).all()


def test_limits_of_the_flow():
    """At time 0 the start; long after, the target, from every unbalanced start; zero and a = -b never get there."""
    layers, targets = np.array([[0.5, -0.25, 1.0, 0.0]] * 2), np.array([2.0, 1.0, 0.0, 3.0])
    layers[1] = [0.25, 0.5, -1.0, 0.0]
    found = two_layer_flow(layers, targets, np.array([0.0, 1e3, 1e6]))
    assert (abs(found[0] - layers) <= 4 * UNIT).all()
    strengths = found.prod(axis=1)
    assert (abs(strengths[1:, :2] - targets[:2]) <= 64 * UNIT).all()
    assert strengths[1, 2] == pytest.approx(-1 / 2001, rel=1e-12)  # s = 0, u_0 = -1: u_0 / (1 + 2 |u_0| t)
    assert (strengths[:, 3] == 0).all()
    wrong = two_layer_flow(np.array([[1.0], [-1.0]]), np.array([1.0]), np.array([1.0, 50.0, 1e4])).prod(axis=1)[:, 0]
    assert (wrong <= 0).all()
    assert wrong[1] > -1e-40
    same = balanced_flow(np.array([2.0, 0.5]), np.array([2.0, 2.0]), np.array([0.0, 1.0]), depth=5)
    assert (same[:, 0] == 2).all()


ONES = np.ones(2)
BAD = [
    (mode_descent, {"layers": np.ones(2)}, ValueError, r"layers has shape (2,); expected (layers, modes)"),
    (mode_descent, {"layers": np.ones((0, 2))}, ValueError, "layers has shape (0, 2)"),
    (mode_descent, {"layers": np.ones((2, 2), dtype=int)}, TypeError, "layers is not a float64 array"),
    (mode_descent, {"layers": np.ones((2, 2)) * 1j}, TypeError, "layers is not a float64 array"),
    (mode_descent, {"layers": [[1.0, 1.0]]}, TypeError, "layers is not a float64 array; expected dtype float64"),
    (mode_descent, {"layers": np.array([[1.0, np.nan]])}, ValueError, "layers has the entry nan at (0, 1)"),
    (mode_descent, {"targets": np.ones(3)}, ValueError, "targets has shape (3,) but layers has 2 modes; expected (2,)"),
    (mode_descent, {"targets": np.array([1.0, np.inf])}, ValueError, "targets has the entry inf at (1,)"),
    (mode_descent, {"targets": np.ones((1, 2))}, ValueError, "targets has shape (1, 2); expected (modes,)"),
    (mode_descent, {"learning_rate": -0.5}, ValueError, "learning_rate is -0.5; expected a finite number >= 0"),
    (mode_descent, {"learning_rate": "1"}, TypeError, "learning_rate is '1'"),
    (mode_descent, {"steps": -1}, ValueError, "steps is -1; expected a whole number >= 0"),
    (mode_descent, {"steps": 1.5}, TypeError, "steps is 1.5"),
    (mode_descent, {"record": 3}, TypeError, "record is 3; expected the steps to record"),
    (mode_descent, {"record": [4]}, ValueError, "record asks for step 4; expected none beyond steps = 3"),
    (two_layer_flow, {"layers": np.ones((3, 2))}, ValueError, "layers has shape (3, 2); expected two layers, (2, 2)"),
    (two_layer_flow, {"times": np.array([-1.0])}, ValueError, "times has the entry -1.0; expected times >= 0"),
    (two_layer_flow, {"times": np.array([])}, ValueError, "times has shape (0,)"),
    (two_layer_flow, {"times": 1.0}, TypeError, "times is not a float64 array"),
    (balanced_flow, {"start": np.array([0.0, 1.0])}, ValueError, "start has the entry 0.0; expected entries > 0"),
    (balanced_flow, {"targets": np.array([-1.0, 1.0])}, ValueError, "targets has the entry -1.0; expected entries > 0"),
    (balanced_flow, {"start": np.ones(3)}, ValueError, "start has shape (3,); expected (2,), an entry a mode"),
    (balanced_flow, {"depth": 0}, ValueError, "depth is 0; expected a whole number >= 1"),
    (balanced_flow, {"depth": 2.0}, TypeError, "depth is 2.0"),
    (mode_time, {"strengths": np.array([3.0, 1.0])}, ValueError, "strengths has an entry that the flow does not reach"),
    (mode_time, {"start": 2 * ONES}, ValueError, "expected start and it on one side of s"),
    (mode_time, {"start": np.array([0.5, 2.0])}, ValueError, "expected start and it on one side of s"),
    (mode_time, {"strengths": np.ones(1)}, ValueError, "strengths has shape (1,); expected (2,)"),
]
GOOD = {
    mode_descent: {"layers": np.ones((2, 2)), "targets": ONES, "learning_rate": 0.1, "steps": 3},
    two_layer_flow: {"layers": np.ones((2, 2)), "targets": ONES, "times": ONES},
    balanced_flow: {"start": ONES, "targets": ONES, "times": ONES, "depth": 3},
    mode_time: {"strengths": ONES, "start": ONES / 2, "targets": 2 * ONES, "depth": 3},
}


@pytest.mark.parametrize(("function", "bad", "error", "sentence"), BAD)
def test_bad_input_is_refused(function, bad, error, sentence):
    """By the argument's name, with what would be right."""
    function(**GOOD[function])
    with pytest.raises(error, match=re.escape(sentence)):
        function(**(GOOD[function] | bad))


def test_no_layers_are_refused():
    """Depth starts at 1."""
    with pytest.raises(ValueError, match="layers is empty; expected at least one"):
        mode_gradients([], 1.0)
