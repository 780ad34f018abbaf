"""Two published set-ups, from their public formulas, against implementations that share no line with solvers/.

Matrix completion by a deep linear network from a small balanced start: Arora, Cohen, Hu, Luo (2019), arXiv:1905.13655,
Section 3.3 (cited from memory): 1/2 sum over observed (i, k) of (W_ik - Phi_ik)^2, depth 3, a target of low rank.

Learning from correlated inputs: Saxe, McClelland, Ganguli (2014), arXiv:1312.6120, Section 1 (their equation (3) before
the inputs are made white). Where S = V diag(l) V^T and Psi = U diag(s) V^T, two aligned layers keep
W = U diag(u) V^T, and each mode follows du/dt = 2 u (s - l u):

    u(t) = (s / l) / (1 + (s / (l u_0) - 1) e^{-2 s t}).

Two runs of single steps are compared as two paths are: the bound of :mod:`solvers.descent.error_bound` holds for
whoever computes steps by matrix products, so that what another implementation did is certified by the same formula.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import jax_oracle
import numpy as np
import pytest
from every_path import WAYS, check_close, run
from flint import arb
from jax_oracle import jax

from solvers import (
    Problem,
    Trajectory,
    balanced_factors,
    end_to_end,
    gradient_descent,
    gradient_flow,
    loss,
    regression,
    weight_error_bound,
)

SIZE = 8


def norms(weights):
    """max_j ||W_j||_F."""
    return max(float(np.linalg.norm(matrix)) for matrix in weights)


def as_trajectory(problem, weights, losses, most):
    """What another implementation did, in the form of ours: last weights, and the loss before every step and last."""
    product = end_to_end(weights)
    imbalance = [np.linalg.norm(b.T @ b - a @ a.T) for a, b in pairwise(weights)]
    return Trajectory(
        tuple(weights),
        problem.target,
        problem.learning_rate,
        len(losses) - 1,
        np.array([0, len(losses) - 1]),
        np.array([losses[0], losses[-1]]),
        np.array([imbalance, imbalance]),
        np.full(2, np.linalg.svd(product, compute_uv=False)[-1]),
        False,
        "another",
        float(np.sqrt(2 * np.array(losses[:-1])).sum()),
        most,
        **problem.data,
    )


def check_same_end(found, other):
    """Weights and last losses within the two bounds; what the other did not keep of step 0 is not compared."""
    for field in ("imbalance", "sigma_min"):
        getattr(other, field)[0] = getattr(found, field)[0]
    return check_close(found, other)


@cache
def completion(scale: float, rate: float, observed: int = 40) -> Problem:
    """A target of rank one, ||Phi||_F = 2, of which ``observed`` of 64 entries are seen; depth 3, balanced, W(0) of
    norm ``scale`` in a random direction."""
    generator = np.random.default_rng(0)
    left, right = generator.standard_normal((2, SIZE))
    target = 2 * np.outer(left, right) / np.linalg.norm(left) / np.linalg.norm(right)
    start = generator.standard_normal((SIZE, SIZE))
    mask = np.zeros(SIZE * SIZE, dtype=bool)
    mask[generator.permutation(SIZE * SIZE)[:observed]] = True
    weights = balanced_factors(scale * start / np.linalg.norm(start), (SIZE,) * 4)
    return Problem(weights, target, rate, mask=mask.reshape(SIZE, SIZE))


def completed_by_jax(problem: Problem, steps: int):
    """Automatic differentiation of the sum over the list of observed entries, in one compiled loop."""
    rows, columns = np.nonzero(problem.mask)
    values = problem.target[rows, columns]

    def of(weights):
        first, second, third = weights
        return ((((third @ second) @ first)[rows, columns] - values) ** 2).sum() / 2

    def step(weights, _):
        value, slopes = jax.value_and_grad(of)(weights)
        largest = jax.numpy.stack([jax.numpy.sqrt((w**2).sum()) for w in weights]).max()
        moved = tuple(w - problem.learning_rate * d for w, d in zip(weights, slopes, strict=True))
        return moved, (value, largest)

    end, (values_seen, largest) = jax.jit(lambda start: jax.lax.scan(step, start, length=steps))(problem.weights)
    losses = [*np.asarray(values_seen).tolist(), float(of(end))]
    weights = [np.asarray(matrix) for matrix in end]
    return weights, losses, max(float(np.asarray(largest).max()), norms(weights))


def test_completion_is_that_of_automatic_differentiation():
    """Every path, until the target's mode is being learnt: within two certified bounds, together below 1e-6."""
    problem, steps = completion(0.5, 1 / 64), 200
    other = as_trajectory(problem, *completed_by_jax(problem, steps))
    for way in WAYS:
        found = run(way, problem, steps, certify=True)
        assert check_same_end(found, other) < arb(10) ** -6
    assert found.loss[-1] < found.loss[0] / 2


def test_completion_from_a_small_start_over_the_whole_run():
    """From W(0) of norm 1/100 the loss stands still for 50 steps and falls in the next 50; two implementations agree to
    ten digits all along, of the sixteen that they start from. Then what is not observed is completed: depth 3 is within
    a tenth of the target there, where depth 1, which never moves there, is as far off as at the start."""
    problem, steps = completion(0.01, 1 / 16), 3000
    found = gradient_descent(problem, steps=steps, record=range(steps))
    _, losses, _ = completed_by_jax(problem, steps)
    assert np.allclose(found.loss, losses, rtol=1e-10, atol=0)
    assert found.loss[50] > 0.9 * found.loss[0]
    assert found.loss[100] < 0.01 * found.loss[0]
    assert found.loss[-1] < 1e-4 * found.loss[0]
    hidden = ~problem.mask
    unseen = np.linalg.norm(problem.target[hidden])
    gap = np.linalg.norm((end_to_end(found.weights) - problem.target)[hidden])
    shallow = Problem((end_to_end(problem.weights),), problem.target, 1 / 16, mask=problem.mask)
    flat = gradient_descent(shallow, steps=steps)
    assert flat.loss[-1] < 1e-20
    assert np.array_equal(flat.weights[0][hidden], shallow.weights[0][hidden])
    assert gap < 0.1 * unseen < 0.9 * np.linalg.norm((flat.weights[0] - problem.target)[hidden])


INPUTS, OUTPUTS, SAMPLES = 4, 3, 12


@cache
def teacher() -> tuple[np.ndarray, np.ndarray]:
    """Correlated inputs and outputs of a noisy teacher."""
    generator = np.random.default_rng(1)
    mixing = np.eye(INPUTS) + 0.5 * np.eye(INPUTS, k=1)
    inputs = mixing @ generator.standard_normal((INPUTS, SAMPLES))
    outputs = generator.standard_normal((OUTPUTS, INPUTS)) @ inputs / 2
    return inputs, outputs + 0.1 * generator.standard_normal(outputs.shape)


def sample_after_sample(weights, inputs, outputs, rate, steps):
    """Two layers, full batches, each gradient a sum over the samples of outer products of vectors."""
    first, second = (matrix.copy() for matrix in weights)
    losses, most = [], 0.0
    for step in range(steps + 1):
        most = max(most, norms((first, second)))
        total, by_first, by_second = 0.0, np.zeros_like(first), np.zeros_like(second)
        for x, y in zip(inputs.T, outputs.T, strict=True):
            hidden = first @ x
            error = second @ hidden - y
            total += error @ error / (2 * SAMPLES)
            by_second += np.outer(error, hidden) / SAMPLES
            by_first += np.outer(second.T @ error, x) / SAMPLES
        losses.append(total)
        if step < steps:
            first, second = first - rate * by_first, second - rate * by_second
    return (first, second), losses, most


def test_regression_is_that_of_a_loop_over_samples():
    """Descent with S and Phi, and on the samples: the same losses up to l_0, and the same weights.

    The loop's gradient is that of the data, which float64 forms S and Phi of: no bound of one problem covers both, so
    that this is agreement to ten digits, after 600 steps in which the loss falls by half and more.
    """
    inputs, outputs = teacher()
    generator = np.random.default_rng(2)
    weights = tuple(generator.standard_normal(shape) / 4 for shape in ((5, INPUTS), (OUTPUTS, 5)))
    data = regression(inputs, outputs)
    problem = data.problem(weights, 1 / 32)
    other, losses, _ = sample_after_sample(weights, inputs, outputs, 1 / 32, 600)
    for way in WAYS:
        found = run(way, problem, 600, record=range(600))
        assert np.allclose(found.loss + data.least_loss, losses, rtol=1e-10, atol=0)
        assert all(np.allclose(a, b, rtol=0, atol=1e-10) for a, b in zip(found.weights, other, strict=True))
    assert found.loss[-1] < found.loss[0] / 10
    wrong = Problem(weights, data.target, 1 / 32)
    assert not np.allclose(gradient_descent(wrong, steps=600).loss[-1] + data.least_loss, losses[-1], rtol=1e-2)


COVARIANCES = np.array([2.0, 1.0, 0.5, 0.0])
"""l: the last input is seen by no mode."""
STRENGTHS = np.array([1.5, 0.5, 0.25])
"""s."""


def aligned(start: float) -> tuple[Problem, np.ndarray, np.ndarray]:
    """Two layers with W = U diag(u_0) V^T, u_0 = ``start`` for every mode, and U, V of rational entries."""
    v = np.eye(4) - np.full((4, 4), 0.5)
    w = np.array([1.0, 2.0, 2.0])
    u = np.eye(3) - 2 * np.outer(w, w) / 9
    root = np.sqrt(start) * np.eye(3)
    weights = (root @ v[:, :3].T, u @ root)
    target = u @ np.diag(STRENGTHS / COVARIANCES[:3]) @ v[:, :3].T
    return Problem(weights, target, 0.0, covariance=v @ np.diag(COVARIANCES) @ v.T), u, v


def solution(times, strengths, covariances, start):
    """u(t) of each mode."""
    final = strengths / covariances
    return final / (1 + (final / start - 1) * np.exp(-2 * strengths * np.asarray(times)[:, None]))


@pytest.mark.parametrize("start", [0.01, 2.0])
def test_modes_of_a_correlated_teacher(start):
    """The flow's modes are the exact ones at times before, in and after each mode's rise, or fall; the others are 0.

    The error allowed is a hundred times what two tolerances differ by, and a modest multiple of the finer one.
    """
    problem, u, v = aligned(start)
    times = [0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0]
    coarse, fine = (gradient_flow(problem, times=times, rtol=rtol, atol=rtol / 100) for rtol in (1e-8, 1e-11))
    modes = u.T @ fine.end_to_end @ v
    expected = np.zeros_like(modes)
    expected[:, range(3), range(3)] = solution(times, STRENGTHS, COVARIANCES[:3], start)
    allowed = 100 * abs(coarse.end_to_end - fine.end_to_end).max() + 1e-9
    assert abs(modes - expected).max() <= allowed < 1e-4
    white = solution(times, STRENGTHS, np.ones(3), start)
    assert abs(modes[:, range(3), range(3)] - white).max() > 100 * allowed


def test_descent_follows_the_modes_of_a_correlated_teacher():
    """Euler's method for the same equation: one mode a step, u <- u (1 + eta (s - l u))^2, to rounding."""
    problem, u, v = aligned(0.01)
    problem = Problem(problem.weights, problem.target, 1 / 64, **problem.data)
    steps = 1500
    found = gradient_descent(problem, steps=steps, certify=True)
    modes = np.full(3, 0.01)
    for _ in range(steps):
        modes = modes * (1 + (STRENGTHS - COVARIANCES[:3] * modes) / 64) ** 2
    assert np.allclose(u.T @ end_to_end(found.weights) @ v, np.diag(modes) @ np.eye(3, 4), rtol=0, atol=1e-11)
    assert (modes > 0.9 * STRENGTHS / COVARIANCES[:3]).all()
    assert weight_error_bound(found).is_finite()
    assert found.loss[-1] == pytest.approx(float(loss(found.weights, problem.target, **problem.data)), abs=1e-15)


def test_jax_is_in_double_precision():
    """What everything here rests on."""
    assert jax.numpy.ones(1).dtype == np.float64
    assert jax_oracle.WIDTH >= SIZE
