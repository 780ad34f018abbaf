"""What a run records, how it is interrupted and what it says of its progress, and which path runs which shape."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from every_path import WAYS, check_close, differences, network, run, scalar, stacked

from solvers import (
    InterruptedRun,
    Problem,
    balanced_factors,
    end_to_end,
    geometric_steps,
    gradient_descent,
    imbalances,
    kernel,
    loss,
)
from solvers.arithmetic import UNIT, gamma
from solvers.descent import descent, dispatch, march

BATCH = [network(2, 3, 2, seed=1), network(4, 2, seed=2), network(2, 3, 2, seed=3), network(1, 2, 3, 2, seed=4)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "record", [range(0), range(61), range(0, 60, 7), [60], [0], [59, 3, 3], geometric_steps(60)], ids=str
)
def test_recorded_values_are_those_of_shorter_runs(way, record):
    """Loss, imbalances and sigma_min, from the weights that runs to each recorded step end with.

    The same float64 operations on the same weights in another batch: bit for bit but for NumPy's order of summation,
    which gamma_n of the terms bounds; singular values by LAPACK within 10 d u ||W|| twice.
    """
    found = run(way, BATCH, 60, record=record)
    steps = sorted({0, 60, *record})
    assert all(each.recorded.tolist() == steps for each in found)
    for column in {0, len(steps) // 2, len(steps) - 1}:
        for each, shorter in zip(found, run(way, BATCH, steps[column]), strict=True):
            norm = max(np.linalg.norm(matrix) for matrix in shorter.weights)
            whole = norm ** len(shorter.weights)
            slack = gamma(200) * (whole + np.linalg.norm(shorter.target))
            expected = float(loss(shorter.weights, shorter.target))
            assert abs(np.sqrt(2 * each.loss[column]) - np.sqrt(2 * expected)) <= slack
            norms = [np.linalg.norm(matrix) for matrix in imbalances(shorter.weights)]
            assert (abs(each.imbalance[column] - norms) <= gamma(200) * 2 * norm**2).all()
            smallest = np.linalg.svd(end_to_end(shorter.weights), compute_uv=False)[-1]
            assert abs(each.sigma_min[column] - smallest) <= slack + 20 * 4 * UNIT * whole


def test_sigma_min_has_the_digits_that_the_gram_matrix_loses():
    """Condition 2^33: |error| <= 10 d u ||W|| is 2^-15 of sigma_min; a Gram matrix would leave nothing of it."""
    two = np.array([[1.0, 1.0], [1.0, -1.0]])
    rotation = np.kron(two, two) / 2
    weights = (np.diag([1.0, 0.5, 0.75, 2.0**-33]) @ rotation.T, rotation[[1, 0, 2, 3]])  # exact, and so is the product
    found = gradient_descent([Problem(weights, np.eye(4), 0.0)] * 3, steps=5, record=[2])
    for each in found:
        assert (abs(each.sigma_min - 2.0**-33) <= 10 * 4 * UNIT).all()


def test_values_that_overflow_are_recorded_as_such():
    """Finite weights whose products are not: the loss is infinite, sigma_min not a number, and nothing is raised."""
    weights = (np.array([[1e200, 0.0], [0.0, 1.0]]), np.array([[1e200, 0.0], [0.0, 1.0]]))
    found = gradient_descent(Problem(weights, np.eye(2), 0.0), steps=0, certify=True, stop_at_loss=1.0)
    assert found.loss.tolist() == [np.inf]
    assert np.isnan(found.sigma_min).all()
    assert not np.isfinite(found.imbalance).all()
    assert np.isfinite(found.weights[0]).all()
    fine = gradient_descent(scalar(1e150, 1e-150, target=0.0, rate=0.0), steps=0)
    assert abs(fine.imbalance[0, 0] - 1e300) <= gamma(8) * 1e300, "||B|| is finite where its square is not"


def test_all_of_many_steps_are_recorded():
    """2 10^5 snapshots, observed in parts: every step once, in order, and the losses of a converging run decrease."""
    steps = 200_000
    found = gradient_descent(scalar(0.5, 2.0, target=1.5, rate=2.0**-20), steps=steps, record=range(steps))  # takes 3 s
    assert np.array_equal(found.recorded, np.arange(steps + 1))
    assert found.loss.shape == found.sigma_min.shape == (steps + 1,)
    assert (np.diff(found.loss) < 0).all()
    assert not np.isnan(found.sigma_min).any()


def test_snapshots_are_observed_before_they_fill_the_memory(monkeypatch):
    """At no time do they take more than SNAPSHOT_BYTES and one more."""
    sizes = []
    observe = march.observe

    def counted(weights, target, **data):
        sizes.append(len(weights[0]))
        return observe(weights, target, **data)

    monkeypatch.setattr(march, "observe", counted)
    monkeypatch.setattr(march, "SNAPSHOT_BYTES", 64 * 100)
    found = run("dots", scalar(0.5, 2.0, 1.0, 1.0, target=1.5, rate=0.01), 1000, record=range(1000))  # 32 bytes each
    assert max(sizes) == 200
    assert len(found.loss) == 1001


def interrupt_after(calls):
    """A progress callback that is Ctrl-C at its k-th call."""
    done = []

    def progress(*numbers):
        done.append(numbers)
        if len(done) == calls:
            raise KeyboardInterrupt

    return progress


@pytest.fixture
def short_blocks(monkeypatch):
    """Progress is told after every block, and blocks do not grow."""
    monkeypatch.setattr(descent, "TELL_SECONDS", 0.0)
    monkeypatch.setattr(march, "BLOCK_SECONDS", 0.0)


@pytest.mark.usefixtures("short_blocks")
@pytest.mark.parametrize("calls", [1, 2, 9])
@pytest.mark.parametrize("way", WAYS)
def test_an_interrupted_run_holds_a_shorter_run(way, calls):
    """Single, stack and sequence: each network's trajectory is that of ``steps`` steps, bit for bit."""
    options = {"record": range(0, 1000, 5), "stop_at_loss": 0.0}
    with pytest.raises(InterruptedRun) as caught:
        run(way, BATCH[0], 1000, progress=interrupt_after(calls), **options)
    single = caught.value.trajectory
    assert 0 <= single.steps < 1000
    assert differences(single, shorter(way, BATCH[0], single.steps)) == []
    with pytest.raises(InterruptedRun) as caught:
        run(way, stacked([BATCH[0], BATCH[2]]), 1000, progress=interrupt_after(calls), **options)
    stack = caught.value.trajectory
    for i, problem in enumerate((BATCH[0], BATCH[2])):
        expected = shorter(way, [BATCH[0], BATCH[2]], int(stack.steps[i]))[i]
        if stack.loss[i, -1] == stack.loss[i, -1]:  # its turn had come
            assert all(map(np.array_equal, (matrix[i] for matrix in stack.weights), expected.weights))
            assert stack.sigma_min[i, -1] == expected.sigma_min[-1]
        else:
            assert stack.steps[i] == 0
            assert all(map(np.array_equal, (matrix[i] for matrix in stack.weights), problem.weights))


def shorter(way, problems, steps):
    return run(way, problems, steps, record=range(0, steps, 5))


@pytest.mark.usefixtures("short_blocks")
@pytest.mark.parametrize("way", WAYS)
def test_networks_whose_turn_had_not_come_have_no_values(way):
    """Steps 0, the weights they began with, and values that are not a number; the others as in a shorter run."""
    batch = [BATCH[0], network(9, 9, seed=5), BATCH[3]]
    with pytest.raises(InterruptedRun) as caught:
        run(way, batch, 100, progress=interrupt_after(3))
    found = caught.value.trajectory
    assert len(found) == 3
    assert any(0 < each.steps < 100 for each in found)
    assert way in ("tiles", "kernel one") or np.isnan(found[-1].loss).all(), "these move mixed shapes together"
    for k, (each, problem) in enumerate(zip(found, batch, strict=True)):
        assert each.diverged is False
        if np.isnan(each.loss[-1]):
            assert each.steps == 0
            assert np.isnan(each.sigma_min).all()
            assert all(map(np.array_equal, each.weights, problem.weights))
        else:
            assert all(map(np.array_equal, each.weights, run(way, batch, each.steps)[k].weights))


@pytest.mark.usefixtures("short_blocks")
@pytest.mark.parametrize("way", WAYS)
def test_an_interrupted_run_certifies_the_steps_that_it_did(way):
    """The sum of residuals and the largest norm are those of the steps in the trajectory, no more."""
    growing = network(2, 3, 2, seed=6, rate=0.05)
    with pytest.raises(InterruptedRun) as caught:
        run(way, growing, 1000, progress=interrupt_after(4), certify=True)
    found = caught.value.trajectory
    expected = run(way, growing, found.steps, certify=True)
    assert abs(found.residual_sum - expected.residual_sum) <= 2 * gamma(1000) * expected.residual_sum
    assert found.largest_norm == expected.largest_norm


def test_ctrl_c_is_heard_in_the_kernel():
    """A signal in the middle of 10^12 steps ends them within seconds, and the steps done are there to print."""
    script = """
        import sys
        from every_path import network
        from solvers import InterruptedRun, gradient_descent
        def progress(done, total):
            print("running", flush=True)
        try:
            gradient_descent([network(2, 3, 2, seed=k) for k in range(9)], steps=10**12, progress=progress)
        except InterruptedRun as interrupted:
            print("steps", *(each.steps for each in interrupted.trajectory))
    """
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True, env=paths
    )
    try:
        assert process.stdout.readline() == "running\n"
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    words = rest.splitlines()[-1].split()
    assert words[0] == "steps"
    assert len(words) == 10
    assert all(0 < int(word) < 10**12 for word in words[1:])


@pytest.mark.usefixtures("short_blocks")
def test_an_error_in_the_callback_passes_through():
    """It is the caller's own, and not an interrupt."""

    def progress(done, total):
        raise LookupError(done)

    with pytest.raises(LookupError):
        gradient_descent(BATCH, steps=100, progress=progress)


@pytest.mark.usefixtures("short_blocks")
@pytest.mark.parametrize("way", WAYS)
def test_progress_counts_up_to_the_total(way):
    """In steps of one network: never back, and to the end where nothing stops early."""
    told = []
    run(way, BATCH, 100, progress=lambda *numbers: told.append(numbers), record=range(0, 100, 9))
    assert {total for _, total in told} == {400}
    done = [done for done, _ in told]
    assert done == sorted(done)
    assert done[-1] == 400
    assert len(done) > 4


def test_the_end_is_told_however_soon_it_comes():
    """A run that takes less than the time between two reports still ends with one."""
    told = []
    gradient_descent(BATCH, steps=3, progress=lambda *numbers: told.append(numbers))
    assert told[-1] == (12, 12)


def path_of(problems, **options):
    """The path or paths that a run reports."""
    found = gradient_descent(problems, **{"steps": 20, **options})
    return [each.path for each in found] if isinstance(found, list) else found.path


@pytest.mark.parametrize("compiled", [False, *([True] if kernel() else [])])
def test_the_path_is_chosen_by_shape(compiled, monkeypatch):
    """With the kernel and without: what the docstring of solvers.descent.dispatch says."""
    if not compiled:
        monkeypatch.setattr(dispatch, "kernel", lambda: None)
    small, medium, flat = network(2, 3, 2, seed=1), network(20, 20, 20, seed=1), network(3, 2, seed=1)
    skinny = network(1, 20, 20, seed=1)
    wide = network(40, 40, 40, seed=1)
    assert path_of(flat) == "closed form"
    assert path_of(flat, certify=True) == ("kernel" if compiled else "dots")
    assert path_of(small) == path_of([small])[0] == path_of(medium) == ("kernel" if compiled else "dots")
    assert path_of([small] * 15) == ["kernel" if compiled else "tiles"] * 15
    assert path_of(stacked([small] * 16)) == path_of(stacked([skinny] * 16)) == ("kernel" if compiled else "lanes")
    assert path_of([medium] * 16) == ["kernel" if compiled else "tiles"] * 16
    mixed = path_of([small, flat, medium, wide])
    assert mixed == ["kernel" if compiled else "tiles", "closed form", "kernel" if compiled else "tiles", "dots"]
    assert path_of(wide, certify=True) == path_of(wide, steps=3) == path_of(wide) == "dots"


@pytest.mark.parametrize("path", dispatch.PATHS)
def test_a_named_path_is_taken_and_reported(path, monkeypatch):
    """Or refused, in a sentence, where it cannot take the network."""
    flat, deep = network(3, 2, seed=1), network(2, 3, 2, seed=1)
    if path != "kernel" or kernel():
        assert path_of([flat, flat], path=path) == [path] * 2
    if path == "closed form":
        with pytest.raises(ValueError, match="'closed form' but the network has depth 2; expected depth 1"):
            path_of(deep, path=path)
    if path == "kernel":
        monkeypatch.setattr(dispatch, "kernel", lambda: None)
        with pytest.raises(ValueError, match="'kernel' but the package was installed without a compiler"):
            path_of(deep, path=path)


def test_what_a_compression_leaves_out_is_recorded_too():
    """Blocks of width 2 that move, and multiples of the identity of width 38, not balanced, that meet their target."""
    still = [np.eye(38) * factor for factor in (1.0, 2.0, 0.5)]
    blocks = network(2, 2, 2, 2, seed=7).weights
    weights = tuple(
        np.block([[a, np.zeros((2, 38))], [np.zeros((38, 2)), b]]) for a, b in zip(blocks, still, strict=True)
    )
    problem = Problem(weights, np.diag([0.5, 0.25, *np.ones(38)]), 2.0**-9)
    found = gradient_descent(problem, steps=50, record=range(50))
    assert found.path.startswith("compress, ")
    inner = run("dots", Problem(blocks, np.diag([0.5, 0.25]), 2.0**-9), 50, record=range(50))
    rounding = 50 * 8 * 160**2 * UNIT * 20  # as in the next test, for layers of norm at most 2 sqrt(40) and a step more
    left_out = np.sqrt(38) * np.array([3.0, 3.75])  # ||(2^2 - 1) I|| and ||(1/4 - 4) I||
    assert (abs(found.imbalance - np.hypot(inner.imbalance, left_out)) <= 4 * 13 * rounding).all()
    assert (abs(found.sigma_min - np.minimum(inner.sigma_min, 1.0)) <= 3 * 13**2 * rounding).all()


@pytest.mark.parametrize("smallest", [0.5, 0.0])
def test_a_wide_balanced_network_is_compressed(smallest):
    """Rank 3 of width 40, and what comes out agrees with every step taken in full.

    The compressed start is within the compression's backward error of the given one, a multiple n^2 u of its norm
    (solvers.descent.compress), n = 160; each of the 300 steps adds its rounding, and errors grow by at most 1 + eta N
    M^N a step: less than e^2 in all here. The sum is below 300 e^2 n^2 u ||W||.
    """
    dims, rng = (40, 40, 40, 40), np.random.default_rng(0)
    left, right = (np.linalg.qr(rng.standard_normal((40, 3)))[0] for _ in range(2))
    start, target = left * np.array([1.0, 0.8, 0.6]) @ right.T, left * np.array([0.5, 1.0, smallest]) @ right.T
    problem = Problem(balanced_factors(start, dims), target, 2.0**-9)
    found = gradient_descent(problem, steps=300, record=range(0, 300, 50))
    expected = run("dots", problem, 300, record=range(0, 300, 50), certify=True)
    assert found.path.startswith("compress, ")
    norm = np.sqrt(sum(np.linalg.norm(matrix) ** 2 for matrix in problem.weights))
    allowed = 300 * 8 * 160**2 * UNIT * norm
    gap = np.sqrt(sum(np.linalg.norm(a - b) ** 2 for a, b in zip(found.weights, expected.weights, strict=True)))
    assert gap <= allowed
    assert (abs(np.sqrt(2 * found.loss) - np.sqrt(2 * expected.loss)) <= 3 * expected.largest_norm**2 * allowed).all()
    assert (abs(found.imbalance - expected.imbalance) <= 4 * expected.largest_norm * allowed).all()
    assert (abs(found.sigma_min - expected.sigma_min) <= 3 * expected.largest_norm**2 * allowed).all()
    check_close(gradient_descent(problem, steps=300, record=range(0, 300, 50), certify=True), expected)
