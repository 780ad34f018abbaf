"""Who stops, who overflows, and what the others notice of it: nothing, bit for bit, on every path."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from every_path import (
    WAYS,
    check_same_run,
    check_values_close,
    differences,
    network,
    run,
    same,
    scalar,
    stacked,
)
from hypothesis import given
from hypothesis import strategies as st

from solvers import DivergenceError, Problem, gradient_descent, weight_error_bound
from solvers.descent import march
from strategies import dimensions, problems


def on_the_diagonal(dims, *entries, rate) -> Problem:
    """A network that is one of width 1, with target zero; beside it, zeros with target one."""
    weights = tuple(np.zeros((b, a)) for a, b in pairwise(dims))
    for matrix, entry in zip(weights, entries, strict=True):
        matrix[0, 0] = entry
    target = np.zeros((dims[-1], dims[0]))
    target[-1, -1] = 1.0
    return Problem(weights, target, rate)


SMALL = (2, 2, 2)
FAILING = {
    "in step 1": on_the_diagonal(SMALL, 1e150, 1e150, rate=1.0),
    "within ten steps": replace(network(*SMALL, seed=40), learning_rate=8.0),
    "after hundreds": on_the_diagonal(SMALL, 2.0**-1000, 3.0, rate=4.25 / 9),  # a grows by 1 - eta b^2 = -3.25 a step
    "in step 2, again once cleared": on_the_diagonal((2, 2), 1.0, rate=1e200),
    "in step 1, into its neighbours": on_the_diagonal(
        (2, 2, 2, 2), *[1e150] * 3, rate=1.0
    ),  # infinity times their zeros
    "after thousands": on_the_diagonal((2, 2), 1.0, rate=2.25),  # W grows by 1 - eta = -1.25 a step
}
STEPS = 3300


def failing_step(problem: Problem) -> int:
    """Where the reference, on its own, leaves the range of float64."""
    with pytest.raises(DivergenceError) as caught:
        run("reference", problem, STEPS)
    assert caught.value.trajectory.diverged is True
    return caught.value.step


def test_the_examples_fail_where_their_names_say():
    """All ranges of steps are there: at once, before the first long block, within one, and deep in one."""
    first, few, hundreds, again, wide, thousands = (failing_step(problem) for problem in FAILING.values())
    assert (first, again, wide) == (1, 2, 1)
    assert 1 < few <= 10 < 300 < hundreds < 1000 < 3000 < thousands


def others(dims, count=9):
    """Networks of one shape: they converge at different rates, every third hardly at all."""
    return [network(*dims, seed=seed, rate=(0.04, 0.02, 1e-8)[seed % 3]) for seed in range(count)]


OPTIONS = {"record": range(0, STEPS, 500), "stop_at_loss": 0.05, "certify": True}


def check_failed(way, batch, k, found):
    """Network k of a batch ended one step before the reference overflows, in the state of a run that ends there."""
    step = failing_step(batch[k])
    assert found.diverged is True
    assert found.steps == found.recorded[-1] == step - 1
    before = run(way, batch, step - 1)[k]
    assert before.diverged is False
    assert all(np.isfinite(matrix).all() for matrix in found.weights)
    assert all(map(np.array_equal, found.weights, before.weights))
    assert same((found.loss[-1:], found.sigma_min[-1:]), (before.loss[-1:], before.sigma_min[-1:]))


@pytest.mark.parametrize("name", FAILING)
@pytest.mark.parametrize("way", WAYS)
def test_one_that_fails_leaves_the_others_their_bits(way, name):
    """Ten networks of one shape: replaced by a harmless one, the failing one takes nothing with it but itself."""
    bad, place = FAILING[name], 4
    good = others(bad.dimensions)
    harmless = replace(network(*bad.dimensions, seed=50), learning_rate=0.01)
    found = run(way, [*good[:place], bad, *good[place:]], STEPS, **OPTIONS)
    expected = run(way, [*good[:place], harmless, *good[place:]], STEPS, **OPTIONS)
    assert {each.steps for each in expected} > {STEPS}, "some stop early, some do not"
    check_failed(way, [*good[:place], bad, *good[place:]], place, found[place])
    for k in {*range(10)} - {place}:
        check_same_run(found[k], expected[k])


@pytest.mark.parametrize("name", FAILING)
@pytest.mark.parametrize(("way", "wide"), [*((way, 0) for way in WAYS), ("tiles", 1)])
def test_one_that_fails_in_a_mixed_batch(way, wide, name):
    """Neighbours in one tile, of other shapes and depths, on all sides of the failing one."""
    shapes = [(1, 2, 1), (2, 1, 1), (1, 1), (2, 3), (1, 1, 1, 1), (2, 2, 2), (2, 2), (2, 2, 1, 2)]
    good = [network(*dims, seed=k) for k, dims in enumerate(shapes)] * 2 + [network(9, 2, 3, seed=9)] * wide
    bad = FAILING[name]
    harmless = network(*bad.dimensions, seed=50)
    found = run(way, [*good[:5], bad, *good[5:]], STEPS, **OPTIONS)
    expected = run(way, [*good[:5], harmless, *good[5:]], STEPS, **OPTIONS)
    check_failed(way, [*good[:5], bad, *good[5:]], 5, found[5])
    for k in {*range(len(good) + 1)} - {5}:
        check_same_run(found[k], expected[k])


@pytest.mark.parametrize("survivors", [0, 2, 9])
@pytest.mark.parametrize("way", WAYS)
def test_several_fail_each_at_its_own_step(way, survivors):
    """Two at once, and others later; with and without any that go on to the end."""
    names = ["after hundreds", "within ten steps", "in step 1", "after hundreds", "in step 1", "within ten steps"]
    bad = [FAILING[name] for name in names]
    bad[3] = replace(bad[3], learning_rate=5.0 / 9)
    good = others(SMALL, survivors)
    batch = [*bad[:3], *good, *bad[3:]]
    found = run(way, batch, 1000, record=range(0, 1000, 7), certify=True)
    steps = [failing_step(problem) for problem in bad]
    assert [each.steps + 1 for each in found if each.diverged] == steps
    expected = run(way, good, 1000, record=range(0, 1000, 7), certify=True)
    for left, right in zip(found[3 : 3 + survivors], expected, strict=True):
        check_same_run(left, right)
    whole = run(way, stacked(batch), 1000)
    assert whole.diverged.tolist() == [each.diverged for each in found]
    assert whole.steps.tolist() == [each.steps for each in found]


@pytest.mark.parametrize("way", WAYS)
def test_alone_it_is_an_error_that_carries_the_same(way):
    """DivergenceError for one Problem; in a sequence of one, a Trajectory with ``diverged`` set."""
    for name in ("in step 1", "after hundreds"):
        with pytest.raises(DivergenceError) as caught:
            run(way, FAILING[name], 1000, record=range(0, 1000, 10), certify=True)
        (found,) = run(way, [FAILING[name]], 1000, record=range(0, 1000, 10), certify=True)
        assert caught.value.step == found.steps + 1 == failing_step(FAILING[name])
        check_same_run(caught.value.trajectory, found)


@pytest.mark.parametrize("way", [*WAYS, "closed form"])
def test_doubling_overflows_at_step_1024(way):
    """W(t) = (-2)^t is exact, so that every path has to stop at t = 1023; losses from t = 512 on are infinite."""
    doubling = scalar(1.0, target=0.0, rate=3.0)
    with pytest.raises(DivergenceError, match=r"step 1024 \(learning_rate 3\)") as caught:
        run(way, doubling, 5000, record=(511, 512))
    assert caught.value.trajectory.weights[0].tolist() == [[-(2.0**1023)]]
    assert caught.value.trajectory.loss.tolist() == [0.5, 2.0**1021, np.inf, np.inf]
    first, second = run(way, [doubling, scalar(1.0, target=0.0, rate=0.5)], 1100, record=(511, 512))
    assert (first.steps, first.diverged, second.steps, second.diverged) == (1023, True, 1100, False)
    assert second.sigma_min[:3].tolist() == [1.0, 2.0**-511, 2.0**-512]


def first_steps(batch, enough, steps):
    """The reference's first step with a loss <= ``enough``, ``steps`` where there is none; no loss near ``enough`` by
    less than two runs may be apart (the bounds of :func:`check_values_close`, times ten)."""
    found = run("reference", batch, steps, record=range(steps), certify=True)
    for each in found:
        error = 10 * float(weight_error_bound(each).upper()) + 1e-12 * each.largest_norm ** len(each.weights)
        assert (abs(np.sqrt(2 * each.loss) - np.sqrt(2 * enough)) > error).all()
    return [int(np.argmax(each.loss <= enough)) if (each.loss <= enough).any() else steps for each in found]


MIXED = [*others((2, 3, 2), 6) * 2, *others((4, 1), 3), *others((2, 2, 2, 2), 2)]


@pytest.mark.parametrize("way", WAYS)
def test_each_stops_at_its_own_first_step(way):
    """And holds what a run of so many steps gives, while others go on, also beyond half of them being done."""
    record = [0, 3, 50, 120, 200, 290]
    found = run(way, MIXED, 300, stop_at_loss=0.05, record=record, certify=True)
    expected = first_steps(MIXED, 0.05, 300)
    assert [each.steps for each in found] == expected
    assert len(set(expected)) >= 6
    assert 2 * sum(step < 300 for step in expected) > len(expected)
    for k, each in enumerate(found):
        shorter = run(way, MIXED, each.steps, record=[step for step in record if step <= each.steps], certify=True)[k]
        assert differences(each, shorter, apart=("loss", "residual_sum")) == []
        assert np.array_equal(each.loss[:-1], shorter.loss[:-1])
        check_values_close(each, shorter, 0.0)
        assert (each.loss[-1] <= 0.05) == (each.steps < 300)


@pytest.mark.parametrize("way", WAYS)
def test_a_stack_repeats_the_last_values_of_who_stopped(way):
    """Columns after a network's end hold its last values; before it, those of the single runs."""
    batch = MIXED[:12]
    options = {"stop_at_loss": 0.05, "record": range(0, 300, 20)}
    whole, singles = run(way, stacked(batch), 300, **options), run(way, batch, 300, **options)
    assert whole.recorded.shape == (12, 16)
    for i, single in enumerate(singles):
        seen = len(single.recorded)
        last = max(seen - 1, 0)
        for name in ("recorded", "loss", "imbalance", "sigma_min"):
            row, values = getattr(whole, name)[i], getattr(single, name)
            assert np.array_equal(row[:last], values[:last])
            assert (row[last:] == values[-1]).all()


@pytest.mark.parametrize("way", WAYS)
def test_who_has_stopped_cannot_fail_any_more(way):
    """A network whose loss is small enough at step 0 stays there, though it would overflow hundreds of steps later."""
    bad = replace(FAILING["after hundreds"], target=np.zeros((2, 2)))
    assert failing_step(bad) < 1000
    first, *rest = run(way, [bad, *others(SMALL)], 1000, stop_at_loss=1e-6, certify=True)
    assert (first.steps, first.diverged, first.residual_sum) == (0, False, 0.0)
    assert all(map(np.array_equal, first.weights, bad.weights))
    for left, right in zip(rest, run(way, others(SMALL), 1000, stop_at_loss=1e-6, certify=True), strict=True):
        check_same_run(left, right)


@pytest.mark.parametrize("way", [*WAYS, "closed form"])
@pytest.mark.parametrize("step", [0, 1, 17, 400])
def test_equality_is_enough_to_stop(way, step):
    """W(t) = 2^-t: the loss 2^(-2t-1) is exact on every path, and stops the run where it is stop_at_loss."""
    batch = [scalar(1.0, target=0.0, rate=0.5), scalar(2.0, target=0.0, rate=0.5)]
    first, second = run(way, batch, 1000, record=range(1000), stop_at_loss=2.0 ** (-2 * step - 1))
    assert first.recorded.tolist() == [*range(step + 1)], "the last one once, asked for or not"
    assert (first.steps, second.steps) == (step, step + 1)
    assert first.loss[-1] == second.loss[-1] == 2.0 ** (-2 * step - 1)
    assert first.weights[0][0, 0] == second.weights[0][0, 0] == 2.0**-step


@pytest.mark.parametrize("way", WAYS)
@given(batch=st.lists(problems(dimensions=dimensions(max_depth=3, max_width=4)), min_size=1, max_size=4))
def test_any_batch_ends_as_each_network_ends(way, batch):
    """Learning rates from far too large to very small: who diverges or stops does so where it does alone."""
    options = {"stop_at_loss": 0.5, "record": range(0, 40, 3), "certify": True}
    for problem, found in zip(batch, run(way, batch, 40, **options), strict=True):
        (alone,) = run(way, [problem], 40, **options)
        if way == "lanes":  # where NumPy sums a single lane in another order
            continue
        assert differences(found, alone, apart=("residual_sum",)) == []


@pytest.mark.parametrize("way", WAYS)
def test_the_length_of_blocks_changes_nothing(way, monkeypatch):
    """Blocks are as long as time allows, snapshots as many as fit: both at their extremes give the same bits."""
    batch = [*MIXED[:6], *MIXED[12:15], FAILING["after hundreds"], FAILING["within ten steps"]]
    options = {"record": range(0, 400, 3), "stop_at_loss": 0.05, "certify": True}
    expected = run(way, batch, 400, **options)
    for constants in ({"BLOCK_SECONDS": 0.0, "SNAPSHOT_BYTES": 1}, {"BLOCK_SECONDS": 1e9}, {"LOOKS": 1}):
        with monkeypatch.context() as patched:
            for name, value in constants.items():
                patched.setattr(march, name, value)
            for left, right in zip(run(way, batch, 400, **options), expected, strict=True):
                check_same_run(left, right)


def test_a_loss_never_reached_stops_nothing():
    """stop_at_loss below every loss is as none at all, but for what looking at losses leaves alone."""
    batch = others(SMALL)
    for left, right in zip(
        gradient_descent(batch, steps=50, stop_at_loss=-1.0), gradient_descent(batch, steps=50), strict=True
    ):
        assert differences(left, right) == []
