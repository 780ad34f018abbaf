"""Perturbed gradient descent (Jin, Ge, Netrapalli, Kakade, Jordan 2017, arXiv:1703.00887, Algorithm 2).

    x_{t+1} = x_t - eta grad l(x_t),   x = (W_1, ..., W_N),

and before that step, where ||grad l(x_t)|| is small and no noise was added in the last ``wait`` steps, x_t <- x_t + xi
with xi uniform in the ball of a given radius. Where ``wait`` steps after that the loss has not fallen by
``least_decrease``, the point before the noise is returned: no saddle that descent would leave fast.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.descent.descent import DivergenceError, InterruptedRun, Trajectory, _check, _plan
from solvers.descent.march import Plan
from solvers.descent.observe import Values, observe
from solvers.network.checks import check_number, check_steps
from solvers.network.network import end_to_end, frobenius_squared, layer_gradients, loss_of
from solvers.network.problem import Problem

FloatArray = NDArray[np.float64]
Layers = tuple[FloatArray, ...]


@dataclass(frozen=True)
class PerturbedTrajectory:
    """What perturbed gradient descent did.

    ``trajectory`` is as gradient descent's; its values at a step are those before the noise of that step.
    ``perturbed`` holds the steps at which noise was added. ``settled`` tells that the loss did not fall after the last
    of them: the trajectory ends there, with the weights before the noise.
    """

    trajectory: Trajectory
    perturbed: NDArray[np.int64]
    settled: bool


@dataclass
class _Run:
    """Where a run is, and what was recorded on the way."""

    weights: Layers
    step: int = 0
    seen: list[tuple[int, Values]] = field(default_factory=list)
    perturbed: list[int] = field(default_factory=list)


def perturbed_gradient_descent(
    problem: Problem,
    *,
    steps: int,
    radius: float,
    gradient_threshold: float,
    wait: int,
    seed: int | np.random.Generator,
    least_decrease: float | None = None,
    record: Iterable[int] = (),
    stop_at_loss: float | None = None,
) -> PerturbedTrajectory:
    """Run ``steps`` steps on one float64 Problem, with noise where the gradient is small.

    Noise uniform in the ball of ``radius`` >= 0, over all layers together, is added before a step where
    (sum_j ||D_j||_F^2)^{1/2} <= ``gradient_threshold`` and no noise was added in the last ``wait`` >= 1 steps. ``seed``
    is a whole number >= 0 or a NumPy generator, which is used up as the run goes on. With ``least_decrease`` (>= 0) the
    run ends where the loss, ``wait`` steps after the noise, is not lower by that much than before it.

    ``steps``, ``record`` and ``stop_at_loss`` are as in :func:`solvers.gradient_descent`, and so are the errors:
    TypeError or ValueError for bad input, :class:`solvers.DivergenceError` at the first step at which an entry is not
    finite, :class:`solvers.InterruptedRun` for Ctrl-C. With radius 0 it is gradient descent. The arrays passed in are
    not changed.
    """
    if not isinstance(problem, Problem):
        raise TypeError(f"problem is a {type(problem).__name__}; expected a Problem")
    _check(problem, "", stacked=False)
    plan = _plan(steps, record, stop_at_loss, certify=False)
    size = check_number(radius, "radius")
    small = check_number(gradient_threshold, "gradient_threshold")
    if check_steps(wait, "wait") == 0:
        raise ValueError("wait is 0; expected at least 1")
    wanted = None if least_decrease is None else check_number(least_decrease, "least_decrease")
    generator = _generator(seed)
    run = _Run(tuple(matrix.copy() for matrix in problem.weights))
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            settled, diverged = _march(problem, plan, run, size, small, int(wait), wanted, generator)
    except KeyboardInterrupt:
        raise InterruptedRun(_trajectory(problem, run, diverged=False)) from None
    trajectory = _trajectory(problem, run, diverged)
    if diverged:
        raise DivergenceError(run.step + 1, trajectory)
    return PerturbedTrajectory(trajectory, np.array(run.perturbed, dtype=np.int64), settled)


def _march(
    problem: Problem,
    plan: Plan,
    run: _Run,
    radius: float,
    small: float,
    wait: int,
    wanted: float | None,
    generator: np.random.Generator,
) -> tuple[bool, bool]:
    """Move ``run`` until the plan ends, the loss has not fallen (settled), or an entry is not finite (diverged)."""
    rate, wish = float(problem.learning_rate), set(plan.record.tolist())
    noise_at, before, loss_before = -wait - 1, run.weights, math.inf
    while True:
        value = _loss(run.weights, problem)
        if run.step in wish:
            _look(run, problem)
        if run.step >= plan.steps or value <= plan.stop_at_loss:
            return False, False
        gradients = layer_gradients(run.weights, problem.target, **problem.data)
        current = run.weights
        if run.step - noise_at > wait and _norm(gradients) <= small:
            noise_at, before, loss_before = run.step, current, value
            run.perturbed.append(run.step)
            noise = _uniform_in_ball(generator, current, radius)
            current = tuple(matrix + move for matrix, move in zip(current, noise, strict=True))
            gradients = layer_gradients(current, problem.target, **problem.data)
        elif wanted is not None and run.step - noise_at == wait and value > loss_before - wanted:
            run.weights, run.step = before, noise_at
            run.seen = [entry for entry in run.seen if entry[0] < noise_at]
            return True, False
        moved = tuple(matrix - rate * d for matrix, d in zip(current, gradients, strict=True))
        if not all(np.isfinite(matrix).all() for matrix in moved):
            return False, True
        run.weights, run.step = moved, run.step + 1


def _uniform_in_ball(generator: np.random.Generator, weights: Layers, radius: float) -> Layers:
    """A Gaussian direction, at a distance radius U^{1/D} for D entries in all."""
    gaussian = [generator.standard_normal(matrix.shape) for matrix in weights]
    entries = sum(matrix.size for matrix in weights)
    scale = radius * generator.random() ** (1 / entries) / _norm(tuple(gaussian))
    return tuple(scale * matrix for matrix in gaussian)


def _norm(matrices: Layers) -> float:
    return math.sqrt(sum(float(frobenius_squared(matrix)) for matrix in matrices))


def _loss(weights: Layers, problem: Problem) -> float:
    value = float(loss_of(end_to_end(weights) - problem.target, **problem.data))
    return 0.0 if value < 0 else value  # by rounding, with a covariance; what is not a number stays so


def _look(run: _Run, problem: Problem) -> None:
    run.seen.append((run.step, observe(run.weights, problem.target, **problem.data)))


def _trajectory(problem: Problem, run: _Run, diverged: bool) -> Trajectory:
    run.seen = [entry for entry in run.seen if entry[0] < run.step]
    with np.errstate(over="ignore", invalid="ignore"):
        _look(run, problem)
    steps, looks = zip(*run.seen, strict=True)
    values = Values(*(np.stack(column) for column in zip(*looks, strict=True)))
    return Trajectory(
        tuple(matrix.copy() for matrix in run.weights),
        problem.target.copy(),
        float(problem.learning_rate),
        run.step,
        np.array(steps, dtype=np.int64),
        *values,
        diverged,
        "reference",
        covariance=None if problem.covariance is None else problem.covariance.copy(),
        mask=None if problem.mask is None else problem.mask.copy(),
    )


def _generator(seed: Any) -> np.random.Generator:
    if isinstance(seed, np.random.Generator):
        return seed
    expected = "expected a whole number >= 0, or a numpy.random.Generator"
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise TypeError(f"seed is {seed!r}; {expected}")
    if seed < 0:
        raise ValueError(f"seed is {seed}; {expected}")
    return np.random.default_rng(int(seed))
