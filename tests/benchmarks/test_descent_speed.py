"""Gradient descent on deep linear networks: ours against its peers, side by side in one run.

A case is a row (workload), a peer, and how many steps to time; slow peers get fewer, and rates compare. Each computes
CHECKED steps that must agree with naive NumPy, or nothing is entered; the fastest of some rounds counts. ``cold`` peers
are compiled anew in every round, inside the time; for the others compilation is over before the first round. Ours
checks its input and takes loss, imbalance and sigma_min at the first and last step, inside the time: it gets enough
steps for that to be small, as it is in use.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import peers_c
import peers_jax
import pytest
import speed_report
from instances import Instance, balanced, mixed, near_identity
from peers_numpy import naive, products_alone, torch_sgd

import solvers

CHECKED = 50
AGREEMENT = 1e-9
"""Relative to the largest entry. Rounding is below 1e-12 here (CHECKED steps, dimensions <= 512, no instability);
leaving out or changing a term of a gradient shows above 1e-4."""

Run = Callable[[Any, int], Any]


@dataclass(frozen=True)
class Case:
    """One cell of the table: ``prepare()`` gives the function (instances, steps) -> weights that is timed."""

    row: str
    peer: str
    prepare: Callable[[], Run]
    steps: int
    rounds: int = 5
    cold: bool = False


def ours(path: str | None = None) -> Run:
    """gradient_descent as a user calls it, Problems built inside the time."""

    def run(instances: Instance | list[Instance], steps: int) -> Any:
        if isinstance(instances, Instance):
            return solvers.gradient_descent(solvers.Problem(*instances), steps=steps, path=path).weights
        problems = [solvers.Problem(*instance) for instance in instances]
        return [trajectory.weights for trajectory in solvers.gradient_descent(problems, steps=steps, path=path)]

    return run


def each(prepare: Callable[[], Run]) -> Run:
    """One network of a list after another, each with its own ``prepare()``, which later calls use again."""
    runs: list[Run] = []

    def run(instances: list[Instance], steps: int) -> Any:
        runs.extend(prepare() for _ in instances[len(runs) :])
        return [one(instance, steps) for one, instance in zip(runs, instances, strict=True)]

    return run


MORE_SHAPES = ("2-2-2", "8-8-8-8-8", "10-5-3-1", "7-3-5", "3-2-1")
"""Of single networks, which only the kernel and C compiled for them run; and the last two of stacks."""


def shape_of(row: str) -> tuple[int, ...]:
    """The dimensions in a row's name."""
    return tuple(int(d) for d in row.split()[-1].split("-"))


WORKLOADS: dict[str, Callable[[], Any]] = {
    "mixed 100": mixed,
    "1024 x 2-2-2": lambda: near_identity((2,) * 3, stack=(1024,)),
    "1024 x 4-4-4-4": lambda: near_identity((4,) * 4, stack=(1024,)),
    "1024 x 8-8-8-8-8": lambda: near_identity((8,) * 5, stack=(1024,)),
    "1024 x 10-5-3-1": lambda: near_identity((10, 5, 3, 1), stack=(1024,)),
    **{f"1024 x {row}": partial(near_identity, shape_of(row), stack=(1024,)) for row in MORE_SHAPES[-2:]},
    "4-4-4-4": lambda: near_identity((4,) * 4),
    **{row: partial(near_identity, shape_of(row)) for row in MORE_SHAPES},
    "64-64-64-64-64-64": lambda: near_identity((64,) * 6),
    "256-256-256-256": lambda: near_identity((256,) * 4),
    "512-512-512-512": lambda: near_identity((512,) * 4),
    "balanced 512-512-512-4": lambda: balanced((512, 512, 512, 4)),
}


def _cases() -> list[Case]:
    cases = [
        Case("mixed 100", "naive", lambda: each(lambda: naive), 200, rounds=3),
        Case("mixed 100", "torch", lambda: each(lambda: torch_sgd), 50, rounds=2),
        Case("mixed 100", "jax", lambda: each(peers_jax.compiled_per_shape), 1000, rounds=1, cold=True),
        Case("mixed 100", "jax tuned", peers_jax.compiled_padded, 1000, rounds=3, cold=True),
        Case("mixed 100", "ours", ours, 1000),
    ]
    for row, paths, slow, fast in (
        ("1024 x 2-2-2", ("lanes", "tiles"), 200, 10_000),
        ("1024 x 4-4-4-4", ("lanes", "tiles"), 100, 2000),
        ("1024 x 8-8-8-8-8", ("tiles",), 30, 300),
        ("1024 x 10-5-3-1", ("lanes",), 100, 2000),
    ):
        shape = shape_of(row)
        cases += [
            Case(row, "naive", lambda: naive, slow, rounds=3),
            Case(row, "torch", lambda: torch_sgd, slow, rounds=3),
            Case(row, "jax", peers_jax.compiled_per_shape, slow, rounds=3),
            Case(row, "no dots", peers_jax.compiled_without_dots, 10 * slow, rounds=3),
            Case(row, "jax tuned", peers_jax.compiled_by_hand, fast, rounds=3),
            Case(row, "C", partial(peers_c.compiled_per_shape, shape, single=False), fast),
            Case(row, "kernel", lambda: ours("kernel"), 5 * fast, rounds=3),
            *(Case(row, path, partial(ours, path), 50 * slow, rounds=3) for path in paths),
        ]
    cases += [
        Case("4-4-4-4", "naive", lambda: naive, 20_000, rounds=3),
        Case("4-4-4-4", "torch", lambda: torch_sgd, 1000, rounds=3),
        Case("4-4-4-4", "jax", peers_jax.compiled_per_shape, 10**6, rounds=1, cold=True),
        Case("4-4-4-4", "jax tuned", peers_jax.compiled_by_hand, 10**6, rounds=3, cold=True),
        Case("4-4-4-4", "C", partial(peers_c.compiled_per_shape, (4,) * 4, single=True), 10**6),
        Case("4-4-4-4", "kernel", lambda: ours("kernel"), 10**6),
    ]
    for row in (*MORE_SHAPES, *(f"1024 x {row}" for row in MORE_SHAPES[-2:])):
        single, steps = row in MORE_SHAPES, 10**6 if row in MORE_SHAPES else 5000
        peer = partial(peers_c.compiled_per_shape, shape_of(row), single=single)
        cases += [Case(row, "C", peer, steps), Case(row, "kernel", lambda: ours("kernel"), steps)]
    for row, steps in (("64-64-64-64-64-64", 500), ("256-256-256-256", 50), ("512-512-512-512", 20)):
        cases += [
            Case(row, "naive", lambda: naive, steps, rounds=3),
            Case(row, "torch", lambda: torch_sgd, steps, rounds=3),
            Case(row, "jax", peers_jax.compiled_per_shape, steps, rounds=3),
            Case(row, "ours", ours, 10 * steps, rounds=2),
            Case(row, "dgemm", lambda: roof, 4 * steps),
        ]
    return [
        *cases,
        Case("balanced 512-512-512-4", "naive", lambda: naive, 20, rounds=3),
        Case("balanced 512-512-512-4", "ours", ours, 10_000, rounds=3),
    ]


def roof(instance: Instance, steps: int) -> None:
    """Matrix products of the sizes of ``instance``, which compute nothing that could be checked."""
    products_alone(instance.dimensions, steps)


@cache
def workload(row: str) -> Any:
    """The instances of a row, made once."""
    return WORKLOADS[row]()


@cache
def reference(row: str) -> Any:
    """Weights after CHECKED steps of naive NumPy."""
    instances = workload(row)
    return naive(instances, CHECKED) if isinstance(instances, Instance) else each(lambda: naive)(instances, CHECKED)


def assert_agrees(found: Any, expected: Any) -> None:
    """Weights, or lists of weights, equal to within AGREEMENT of the largest expected entry."""
    if isinstance(expected, list):
        for one, other in zip(found, expected, strict=True):
            assert_agrees(one, other)
        return
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=AGREEMENT * np.abs(other).max())


CASES = _cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.row}/{case.peer}" for case in CASES])
def test_network_steps(benchmark: Any, case: Case) -> None:
    """Check the peer, time it, and enter network-steps a second."""
    instances = workload(case.row)
    run = case.prepare()

    def work() -> None:
        nonlocal run
        if case.cold:
            run = case.prepare()
        run(instances, case.steps)

    def check() -> None:
        if case.peer != "dgemm":
            assert_agrees(run(instances, CHECKED), reference(case.row))

    networks = instances.networks if isinstance(instances, Instance) else len(instances)
    benchmark.group = case.row
    benchmark.extra_info.update(peer=case.peer, steps=case.steps, networks=networks, compile_included=case.cold)
    if not case.cold:
        check()
    benchmark.pedantic(work, rounds=case.rounds, iterations=1)
    if case.cold:  # with what the last round has compiled
        check()
    speed_report.rates[case.row, case.peer] = networks * case.steps / benchmark.stats.stats.min


@pytest.mark.parametrize("count", [1, 2])
def test_two_threads(benchmark: Any, one_core: set[int], count: int) -> None:
    """Python threads, each with its own batch: compiled code must run without the interpreter's lock."""
    stacks = [near_identity((4,) * 4, stack=(1024,), seed=seed) for seed in range(count)]
    run, steps = ours("kernel"), 10_000
    for stack in stacks:
        assert_agrees(run(stack, CHECKED), naive(stack, CHECKED))

    seconds = []

    def work() -> None:
        start = time.perf_counter()  # whatever --benchmark-timer says: processor time of two threads adds up
        threads = [threading.Thread(target=run, args=(stack, steps)) for stack in stacks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds.append(time.perf_counter() - start)

    pinned = os.sched_getaffinity(0)
    os.sched_setaffinity(0, one_core)
    try:
        benchmark.pedantic(work, rounds=5, iterations=1)
    finally:
        os.sched_setaffinity(0, pinned)
    speed_report.two_threads[count] = count * 1024 * steps / min(seconds)


MILLION = """
import numpy as np
from solvers import Problem, gradient_descent, gradient_step
rng = np.random.default_rng(0)
weights = tuple(rng.random((10**6, 4, 4)) for _ in range(3))
target, rate, steps = np.eye(4), 0.001, 3
trajectory = gradient_descent(Problem(weights, target, rate), steps=steps)
expected = tuple(matrix[-1] for matrix in weights)
for _ in range(steps):
    expected = gradient_step(expected, target, rate)
for found, wanted in zip(trajectory.weights, expected, strict=True):
    np.testing.assert_allclose(found[-1], wanted, rtol=1e-9)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_peak_memory(benchmark: Any) -> None:
    """Peak resident size of a process that runs 10^6 networks for 3 steps, its input and results included."""
    command = [sys.executable, "-c", MILLION]
    done = benchmark.pedantic(
        subprocess.run, (command,), {"check": True, "capture_output": True, "text": True}, rounds=1
    )
    speed_report.peak_memory.append(int(done.stdout) * 1024)
