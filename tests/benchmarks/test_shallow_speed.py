"""Many starts of a matrix factorisation to convergence: one batched call against loops over starts.

1000 random starts of f(U) = 1/4 ||U U^T - M||_F^2 with U of 20 x 5, each until ||grad f||_F <= 1e-8: M of rank 5, and
M of rank 20 with lambda_5 / lambda_6 = 2, largest eigenvalue 1, learning rate 1/10. Each peer's points are checked
against those of the NumPy loop before anything is entered.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
import speed_report

from solvers.shallow import FactoredObjective, factored_descent

try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    raise ImportError("the benchmarks compare with JAX: pip install '.[bench]'") from error

jax.config.update("jax_enable_x64", True)

ROWS = ("1000 starts, rank M = 5", "1000 starts, rank M = 20")
RATE, SMALL, MOST = 0.1, 1e-8, 20_000
AGREEMENT = 1e-7
"""A point with a gradient of 1e-8 is within 1e-8 / 0.25 of the minima, and all peers follow one path to it."""

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


class Ends(NamedTuple):
    """The last point of each start, and the steps it took."""

    points: FloatArray
    steps: FloatArray


@cache
def instance(row: str) -> tuple[FloatArray, FloatArray]:
    """M in a random basis, eigenvalues 1, 7/8, ..., 1/2 and then 0, or from 1/4 down to 1/64; Gaussian starts."""
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.standard_normal((20, 20)))[0]
    values = np.zeros(20)
    values[:5] = np.linspace(1, 1 / 2, 5)
    if row == ROWS[1]:
        values[5:] = np.linspace(1 / 4, 1 / 64, 15)
    product = basis * values @ basis.T
    return (product + product.T) / 2, rng.standard_normal((1000, 20, 5)) / np.sqrt(80)


def naive(target: FloatArray, starts: FloatArray) -> Ends:
    """A Python loop over starts, NumPy as one writes it inside."""
    ends = []
    for point in starts:
        step = 0
        while step < MOST:
            gradient = (point @ point.T - target) @ point
            if np.linalg.norm(gradient) <= SMALL:
                break
            point, step = point - RATE * gradient, step + 1  # noqa: PLW2901
        ends.append((point, step))
    points, steps = zip(*ends, strict=True)
    return Ends(np.stack(points), np.array(steps))


def compiled() -> Callable[[FloatArray, FloatArray], Ends]:
    """jax.jit of a vmapped while_loop, the gradient by hand."""

    def descend(target: Any, start: Any) -> Any:
        def gradient(point: Any) -> Any:
            return (point @ point.T - target) @ point

        def goes_on(state: Any) -> Any:
            point, step = state
            return (jnp.linalg.norm(gradient(point)) > SMALL) & (step < MOST)

        return jax.lax.while_loop(goes_on, lambda s: (s[0] - RATE * gradient(s[0]), s[1] + 1), (start, 0))

    run = jax.jit(jax.vmap(descend, in_axes=(None, 0)))
    return lambda target, starts: Ends(*map(np.asarray, run(target, starts)))


def ours(target: FloatArray, starts: FloatArray) -> Ends:
    """factored_descent as a user calls it."""
    found = factored_descent(FactoredObjective(target), starts, learning_rate=RATE, steps=MOST, stop_at_gradient=SMALL)
    return Ends(found.point, found.steps)


PEERS: dict[str, tuple[Callable[[], Any], int]] = {
    "naive": (lambda: naive, 3),
    "jax": (compiled, 3),
    "ours": (lambda: ours, 10),
}
"""How to prepare each, and how often to time it."""


@cache
def reference(row: str) -> Ends:
    """What the NumPy loop finds."""
    return naive(*instance(row))


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("peer", PEERS)
def test_starts_to_convergence(benchmark: Any, peer: str, row: str) -> None:
    """Check the peer, time it (compilation included), and enter start-steps a second."""
    prepare, rounds = PEERS[peer]
    found: list[Ends] = []
    benchmark.group = row
    benchmark.extra_info.update(peer=peer, starts=1000, compile_included=True)
    benchmark.pedantic(lambda: found.append(prepare()(*instance(row))), rounds=rounds, iterations=1)
    for ends in found:
        np.testing.assert_allclose(ends.points, reference(row).points, rtol=0, atol=AGREEMENT)
        assert np.abs(ends.steps - reference(row).steps).max() <= 1  # where rounding decides between two steps
    speed_report.rates[row, peer] = float(reference(row).steps.sum()) / benchmark.stats.stats.min
