"""Many starts of one ReLU unit and of one filter on patches: one batched call against loops over starts.

10^4 Gaussian starts in R^10, 1000 steps each: one unit with eta = 1 for 1/2 E (.)^2 (DL-047), and a filter on 5 patches
with eta = 1/(2S) (DL-046). The Python loop takes 20 of the starts; its rate counts start-steps as the others' do. Each
peer's points are checked against the loop's before anything is entered.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import speed_report

from solvers.shallow import unit_descent

try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    raise ImportError("the benchmarks compare with JAX: pip install '.[bench]'") from error

jax.config.update("jax_enable_x64", True)

PATCHES = {"10^4 starts, one unit": 1, "10^4 starts, 5 patches": 5}
STARTS, FEW, STEPS, SIZE = 10_000, 20, 1000, 10
AGREEMENT = 1e-6
"""An angle by an arc cosine is off by 1e-8 or so near w*, and a step forgets a part of that."""

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
Descent = Callable[[FloatArray, int], FloatArray]


def rate_of(patches: int) -> float:
    """1/(2S), which for one unit is 1/2: 1 for half of the loss."""
    return math.pi * patches / (2 * (math.pi + patches - 1))


@cache
def starts() -> FloatArray:
    """Gaussian, of length about 1; w* = e_1."""
    return np.random.default_rng(0).standard_normal((STARTS, SIZE)) / np.sqrt(SIZE)


def naive(points: FloatArray, patches: int) -> FloatArray:
    """A Python loop over starts and steps, NumPy inside."""
    target, rate = np.eye(SIZE)[0], rate_of(patches)
    scale = (math.pi + patches - 1) / (math.pi * patches)
    ends = []
    for point in points:
        for _ in range(STEPS):
            length = np.linalg.norm(point)
            angle = np.arccos(np.clip(point @ target / length, -1, 1))
            pull = (np.sin(angle) + patches - 1) / length * point + (math.pi - angle) * target
            point = point - rate * (scale * point - pull / (math.pi * patches))  # noqa: PLW2901
        ends.append(point)
    return np.stack(ends)


def compiled() -> Descent:
    """jax.jit of a vmapped fori_loop, the gradient by hand."""

    def descend(point: Any, patches: Any) -> Any:
        target = jnp.eye(SIZE)[0]
        scale = (math.pi + patches - 1) / (math.pi * patches)
        rate = 1 / (2 * scale)

        def step(_: int, w: Any) -> Any:
            length = jnp.linalg.norm(w)
            angle = jnp.arccos(jnp.clip(w @ target / length, -1, 1))
            pull = (jnp.sin(angle) + patches - 1) / length * w + (math.pi - angle) * target
            return w - rate * (scale * w - pull / (math.pi * patches))

        return jax.lax.fori_loop(0, STEPS, step, point)

    run = jax.jit(jax.vmap(descend, in_axes=(0, None)))
    return lambda points, patches: np.asarray(run(points, patches))


def ours(points: FloatArray, patches: int) -> FloatArray:
    """unit_descent as a user calls it."""
    rate = rate_of(patches)
    return unit_descent(points, np.eye(SIZE)[0], learning_rate=rate, steps=STEPS, patches=patches).point


PEERS: dict[str, tuple[Callable[[], Descent], int, int]] = {
    "naive": (lambda: naive, FEW, 3),
    "jax": (compiled, STARTS, 3),
    "ours": (lambda: ours, STARTS, 3),
}
"""How to prepare each, from how many starts, and how often to time it."""


@cache
def reference(row: str) -> FloatArray:
    """Where the first starts of the loop end."""
    return naive(starts()[:FEW], PATCHES[row])


@pytest.mark.parametrize("row", PATCHES)
@pytest.mark.parametrize("peer", PEERS)
def test_starts_of_one_unit(benchmark: Any, peer: str, row: str) -> None:
    """Check the peer, time it (compilation included), and enter start-steps a second."""
    prepare, count, rounds = PEERS[peer]
    found: list[FloatArray] = []
    benchmark.group = row
    benchmark.extra_info.update(peer=peer, starts=count, steps=STEPS, compile_included=True)
    points = starts()[:count]
    benchmark.pedantic(lambda: found.append(prepare()(points, PATCHES[row])), rounds=rounds, iterations=1)
    for ends in found:
        np.testing.assert_allclose(ends[:FEW], reference(row), rtol=0, atol=AGREEMENT)
    speed_report.rates[row, peer] = count * STEPS / benchmark.stats.stats.min
