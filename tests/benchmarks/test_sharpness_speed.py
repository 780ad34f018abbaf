"""The sharpness of many networks, and of a larger one: Lanczos on products with the Hessian against dense Hessians.

dense: ``solvers.hessian`` of one network after another and LAPACK's eigenvalues; jax: ``jax.jit`` of a ``vmap`` of
``jax.hessian``, compilation included, and the same eigenvalues; ours: one call of ``top_curvature``. Rates are networks
a second. Every peer's values are checked against the dense ones before anything is entered.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import speed_report

from solvers import hessian, top_curvature

try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    raise ImportError("the benchmarks compare with JAX: pip install '.[bench]'") from error

jax.config.update("jax_enable_x64", True)

ROWS = {"1000 sharpnesses, 4-4-4-4": (1000, 4, 3), "4 sharpnesses, 16-16-16-16": (4, 16, 3)}
"""Networks, width, depth."""
AGREEMENT = 1e-9

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
Stack = tuple[tuple[FloatArray, ...], FloatArray]


@cache
def stack(row: str) -> Stack:
    """Gaussian weights of singular values about 1, Gaussian targets."""
    count, width, depth = ROWS[row]
    random = np.random.default_rng(0)
    widths = [width] * (depth + 1)
    weights = tuple(random.standard_normal((count, b, a)) / np.sqrt(width) for a, b in pairwise(widths))
    return weights, random.standard_normal((count, width, width))


def dense(weights: tuple[FloatArray, ...], targets: FloatArray) -> FloatArray:
    """One after another."""
    networks = [tuple(matrix[k] for matrix in weights) for k in range(len(targets))]
    return np.array(
        [np.linalg.eigvalsh(hessian(layers, target))[-1] for layers, target in zip(networks, targets, strict=True)]
    )


def by_jax(weights: tuple[FloatArray, ...], targets: FloatArray) -> FloatArray:
    """Automatic differentiation of the loss of a flat vector."""
    shapes = [matrix.shape[1:] for matrix in weights]
    ends = np.cumsum([rows * columns for rows, columns in shapes])[:-1]
    flat = np.concatenate([matrix.reshape(len(targets), -1) for matrix in weights], axis=1)

    def loss(vector: Any, target: Any) -> Any:
        product = jnp.eye(target.shape[1])
        for piece, shape in zip(jnp.split(vector, ends), shapes, strict=True):
            product = piece.reshape(shape) @ product
        return ((product - target) ** 2).sum() / 2

    found = jax.jit(jax.vmap(jax.hessian(loss)))(flat, targets)
    return np.linalg.eigvalsh(np.asarray(found))[:, -1]


def ours(weights: tuple[FloatArray, ...], targets: FloatArray) -> FloatArray:
    """One call."""
    return np.asarray(top_curvature(weights, targets).value)


PEERS: dict[str, Callable[[tuple[FloatArray, ...], FloatArray], FloatArray]] = {
    "naive": dense,
    "jax": by_jax,
    "ours": ours,
}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("peer", PEERS)
def test_sharpness_of_stacks(benchmark: Any, peer: str, row: str) -> None:
    """Check the peer, time it, and enter networks a second."""
    weights, targets = stack(row)
    found: list[FloatArray] = []
    benchmark.group = row
    benchmark.extra_info.update(peer=peer, networks=len(targets), compile_included=True)
    benchmark.pedantic(lambda: found.append(PEERS[peer](weights, targets)), rounds=3, iterations=1)
    for values in found:
        np.testing.assert_allclose(values, dense(weights, targets), rtol=AGREEMENT)
    speed_report.rates[row, peer] = len(targets) / benchmark.stats.stats.min
