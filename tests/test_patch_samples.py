"""One filter on patches of samples: against automatic differentiation, in rationals, the mean over many; bad input."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import fmpq

from solvers.arithmetic import exact, gamma
from solvers.shallow import PatchSamples, relu_kernel_gradient

jax.config.update("jax_enable_x64", True)


def by_hand(point, patches, truth):
    """l by JAX."""

    def outputs(w):
        return jax.nn.relu(patches @ w).mean(axis=1)

    return ((outputs(point) - outputs(truth)) ** 2).mean()


@pytest.mark.parametrize(("count", "patches", "size"), [(1, 1, 1), (7, 1, 3), (5, 4, 2)])
def test_loss_and_gradient_against_differentiation(count, patches, size):
    """Six filters at once; within the roundings of the sums of absolute values."""
    random = np.random.default_rng(count)
    inputs, truth = random.standard_normal((count, patches, size)), random.standard_normal(size)
    points = random.standard_normal((6, size))
    samples = PatchSamples.of_filter(inputs, truth)
    bound = gamma(count + patches + 2 * size + 10) * 40 * abs(inputs).sum() ** 2
    for point, value, slope in zip(points, samples.value(points), samples.gradient(points), strict=True):
        assert abs(value - by_hand(point, inputs, truth)) <= bound
        assert abs(slope - jax.grad(by_hand)(jnp.array(point), inputs, truth)).max() <= bound


def test_rationals():
    """Two samples of two patches: f = 3/2 and 1, where w* has 1/2 and 1."""
    patches = exact([[[1, 0], [2, 5]], [[-1, 0], [0, 1]]])
    samples = PatchSamples(patches, exact(np.array([fmpq(1, 2), fmpq(1)])))
    point = exact([[1, 0]])
    assert samples.outputs_of(point).tolist() == [[fmpq(3, 2), 0]]
    assert samples.value(point).tolist() == [1]
    assert samples.gradient(point).tolist() == [[fmpq(3, 2), fmpq(5, 2)]]


def test_the_mean_over_many_samples_is_the_expectation():
    """10^5 samples of three patches: within six standard errors, from the samples themselves."""
    random = np.random.default_rng(0)
    point, truth = np.array([1.0, 0.5]), np.array([-0.3, 1.0])
    patches = random.standard_normal((100_000, 3, 2))
    parts = np.array([
        PatchSamples.of_filter(part, truth).gradient(point[None])[0] for part in patches.reshape(100, 1000, 3, 2)
    ])  # fmt: skip
    ratio = np.linalg.norm(truth) / np.linalg.norm(point)
    mean = (point / 2 - relu_kernel_gradient(point, truth)) * 2 / 3 + 2 / (3 * math.pi) * (1 - ratio) * point
    assert (abs(parts.mean(axis=0) - mean) < 6 * parts.std(axis=0) / 10).all()


P, Y = np.ones((2, 3, 4)), np.ones(2)
BAD = {
    "axes": (lambda: PatchSamples(np.ones((2, 3)), Y), ValueError, r"patches has shape \(2, 3\); expected \(n, k, d\)"),
    "outputs": (lambda: PatchSamples(P, np.ones(3)), ValueError, r"outputs has shape \(3,\); expected \(2,\)"),
    "nan": (lambda: PatchSamples(P * np.nan, Y), ValueError, "patches has the entry nan"),
    "list": (lambda: PatchSamples([[1.0]], Y), TypeError, "patches is a list; expected an array"),
    "truth": (
        lambda: PatchSamples.of_filter(P, np.ones(3)),
        ValueError,
        r"truth has shape .*; expected \(B, 4\)",
    ),
    "one": (lambda: PatchSamples(P, Y).value(np.ones(4)), ValueError, r"filters has shape \(4,\); expected \(B, d\)"),
    "size": (lambda: PatchSamples(P, Y).gradient(np.ones((1, 2))), ValueError, r"expected \(B, 4\), as patches has"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_refused(bad):
    """By name, with what would be right."""
    call, error, sentence = BAD[bad]
    with pytest.raises(error, match=sentence):
        call()
