"""Saddles of real targets: their modes are balls around irrational numbers, and so are the curvatures."""

import itertools

import numpy as np
import pytest
from flint import fmpq

from claims.suite import sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import curvature, hessian, inertia, layer_gradients, negative_curvature
from strategies import DATASETS, real_modes, regression, zero_weights


def subsets(count: int) -> list[tuple[int, ...]]:
    """All proper subsets of range(count)."""
    return [which for size in range(count) for which in itertools.combinations(range(count), size)]


@sampled
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("captured", subsets(3))
def test_real_data_with_room_in_the_middle(captured: tuple[int, ...], depth: int) -> None:
    """linnerud, all hidden widths 3, W the captured modes, identities in the middle: W_N = [q_i, 0], W_1 = W_N^T Phi.
    For the first mode b left, V = (e q_b^T Phi, q_b e^T) with an idle unit e has <V, H V> = -2 s_b^2: in balls."""
    values, vectors, target = real_modes("linnerud")
    zero = arithmetic.balls(np.zeros((3, 1)))
    last = np.hstack([vectors[i] if i in captured else zero for i in range(3)])
    b = next(i for i in range(3) if i not in captured)
    idle = arithmetic.balls(np.eye(3))[:, b : b + 1]
    middle = (arithmetic.balls(np.eye(3)),) * (depth - 2)
    weights = (last.T @ target, *middle, last)
    still = tuple(0 * matrix for matrix in middle)
    direction = (idle @ (vectors[b].T @ target), *still, vectors[b] @ idle.T)
    assert all(entry.contains(0) for d in layer_gradients(weights, target) for entry in d.flat)
    form = curvature(weights, target, direction)
    assert compare(Comparison(form, "<", fmpq(0), "curvature")).holds
    assert (form + 2 * values[b] ** 2).contains(0)


@sampled
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize(("kept", "left"), [(1, 0), (2, 0), (2, 1)])
def test_real_data_with_the_wrong_modes_across_a_bottleneck(kept: int, left: int, depth: int) -> None:
    """linnerud through width 1, mode a in W and a larger b left out: W_N = q_a, W_1 = q_a^T Phi; the swap
    V = (s_a / s_b q_b^T Phi, s_b / s_a q_b) has curvature s_a^2 - s_b^2 < 0: in balls."""
    values, vectors, target = real_modes("linnerud")
    one = arithmetic.balls(np.eye(1))
    weights = (vectors[kept].T @ target, *((one,) * (depth - 2)), vectors[kept])
    ratio = values[kept] / values[left]
    direction = (ratio * (vectors[left].T @ target), *((0 * one,) * (depth - 2)), vectors[left] / ratio)
    form = curvature(weights, target, direction)
    assert compare(Comparison(form, "<", fmpq(0), "curvature")).holds
    assert (form - values[kept] ** 2 + values[left] ** 2).contains(0)


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_at_zero(name: str) -> None:
    """Exactly, in rationals: strict at depth 2, where an explicit direction is found; at depth 3 it is not."""
    target = arithmetic.exact(regression(name).target)
    outputs, inputs = target.shape
    weights = zero_weights((inputs, 2, outputs))
    direction = negative_curvature(weights, target)
    assert direction is not None
    assert compare(Comparison(curvature(weights, target, direction), "<", fmpq(0), "curvature")).holds
    assert inertia(hessian(weights, target))[1] > 0
    deeper = zero_weights((inputs, 1, 1, outputs))
    assert negative_curvature(deeper, target) is None
    assert inertia(hessian(deeper, target))[1] == 0
