"""Perturbed gradient descent on objectives of U U^T, for one start or many (arXiv:1703.00887, Algorithm 2).

    U_{t+1} = U_t - eta grad f(U_t),

and before that step, where ||grad f(U_t)||_F is small and the start had no noise in the last ``wait`` steps,
U_t <- U_t + xi with xi uniform in a ball. Where ``wait`` steps after that f has not fallen by ``least_decrease``, the
point before the noise is returned. As :func:`solvers.perturbed_gradient_descent`, each start with its own noise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.descent.descent import DivergenceError, InterruptedRun
from solvers.network.checks import check_number, check_steps
from solvers.shallow.descent import checked_factors, norms_of
from solvers.shallow.factored import ConvexObjective, FactoredObjective
from solvers.shallow.trajectory import Book, ShallowTrajectory, checked_plan

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class PerturbedRun:
    """``trajectory`` is as descent's; its values at a step are those before the noise of that step.

    ``perturbed`` holds the steps at which noise was added (a list of such arrays for a batch); ``settled`` tells that f
    did not fall after the last of them: the trajectory ends there, with the point before the noise.
    """

    trajectory: ShallowTrajectory
    perturbed: Any
    settled: Any


@dataclass(frozen=True)
class _Noise:
    radius: float
    threshold: float
    wait: int
    least_decrease: float | None
    generators: list[np.random.Generator]

    def drawn(self, row: int, shape: tuple[int, ...]) -> FloatArray:
        """A Gaussian direction, at a distance radius V^{1/D} for D entries, V uniform."""
        generator = self.generators[row]
        gaussian = generator.standard_normal(shape)
        found: FloatArray = gaussian * (
            self.radius * generator.random() ** (1 / gaussian.size) / np.linalg.norm(gaussian)
        )
        return found


def perturbed_factored_descent(
    objective: FactoredObjective | ConvexObjective,
    start: FloatArray,
    *,
    learning_rate: float,
    steps: int,
    radius: float,
    gradient_threshold: float,
    wait: int,
    seed: int | np.random.Generator,
    least_decrease: float | None = None,
    record: Iterable[int] = (),
    stop_at_value: float | None = None,
) -> PerturbedRun:
    """Run ``steps`` steps from ``start`` (n, k), or a batch (B, n, k), with noise where the gradient is small.

    ``radius``, ``gradient_threshold`` and ``least_decrease`` are finite and >= 0, ``wait`` >= 1. ``seed`` is a whole
    number >= 0 or a NumPy generator; in a batch each start has a child of it, so that its noise does not depend on the
    others'. The rest, and errors, as in :func:`solvers.shallow.factored_descent`.
    """
    plan = checked_plan(learning_rate, steps, record, stop_at_value, None)
    if check_steps(wait, "wait") == 0:
        raise ValueError("wait is 0; expected at least 1")
    states = checked_factors(objective, start).copy()
    single = start.ndim == 2
    noise = _Noise(
        check_number(radius, "radius"),
        check_number(gradient_threshold, "gradient_threshold"),
        int(wait),
        None if least_decrease is None else check_number(least_decrease, "least_decrease"),
        _generators(seed, len(states), single),
    )
    run = _Run(objective, states, Book(states, plan), noise)
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            run.march()
    except KeyboardInterrupt:
        with np.errstate(over="ignore", invalid="ignore"):
            run.end(np.arange(len(run.rows)))
        raise InterruptedRun(run.result(single)) from None
    result = run.result(single)
    if single and result.trajectory.diverged:
        raise DivergenceError(result.trajectory.steps + 1, result.trajectory)
    return result


class _Run:
    """Where the live starts are: ``rows`` of the batch, their ``states``, and what was before their last noise."""

    def __init__(self, objective: Any, states: FloatArray, book: Book, noise: _Noise) -> None:
        count = len(states)
        self.objective, self.book, self.noise = objective, book, noise
        self.rows, self.states, self.step = np.arange(count), states, 0
        self.noise_at = np.full(count, -noise.wait - 1)
        self.before, self.value_before = states.copy(), np.full(count, np.inf)
        self.perturbed: list[list[int]] = [[] for _ in range(count)]
        self.settled = np.zeros(count, dtype=bool)

    def march(self) -> None:
        """Step until every start has ended."""
        plan, noise = self.book.plan, self.noise
        while len(self.rows):
            values = self.objective.value(self.states)
            met = values <= plan.stop_at_value
            if self.step == plan.steps or met.any():
                self.book.converged[self.rows[met]] = True
                ended: Any = met if self.step < plan.steps else np.ones(len(met), dtype=bool)
                self.end(np.flatnonzero(ended))
                self.keep(~ended)
                continue
            gradients = self.objective.gradient(self.states)
            norms = norms_of(gradients)
            if self.step in self.book.wanted:
                self.book.look(self.rows, self.step, values, norms)
            noisy = (self.step - self.noise_at > noise.wait) & (norms <= noise.threshold)
            if noise.least_decrease is not None:
                stuck = ~noisy & (self.step - self.noise_at == noise.wait)
                stuck &= values > self.value_before - noise.least_decrease
                if stuck.any():
                    self.settle(np.flatnonzero(stuck))
                    self.keep(~stuck)
                    continue
            moved = self.states
            if noisy.any():
                moved, gradients = self.perturb(np.flatnonzero(noisy), values, gradients)
            self.advance(moved - plan.learning_rate * gradients)

    def perturb(self, places: Any, values: FloatArray, gradients: FloatArray) -> tuple[FloatArray, FloatArray]:
        """States with noise at ``places``, and the gradients there."""
        moved, gradients = self.states.copy(), gradients.copy()
        for place in places:
            moved[place] += self.noise.drawn(self.rows[place], moved.shape[1:])
            self.perturbed[self.rows[place]].append(self.step)
        self.noise_at[places], self.value_before[places] = self.step, values[places]
        self.before[places] = self.states[places]
        gradients[places] = self.objective.gradient(moved[places])
        return moved, gradients

    def advance(self, ahead: FloatArray) -> None:
        """One step to ``ahead``; a start that overflows ends before it."""
        finite: Any = np.isfinite(ahead).reshape(len(ahead), -1).all(axis=1)
        if not finite.all():
            self.book.diverged[self.rows[~finite]] = True
            self.end(np.flatnonzero(~finite))
            self.states = ahead
            self.keep(finite)
            ahead = self.states
        self.states, self.step = ahead, self.step + 1

    def settle(self, places: Any) -> None:
        """The starts at ``places`` end where they were before the noise."""
        rows, points = self.rows[places], self.before[places]
        self.settled[rows] = True
        norms = norms_of(self.objective.gradient(points))
        self.book.finish(rows, self.noise_at[places], points, norms)

    def end(self, places: Any) -> None:
        """The starts at ``places`` end where they are."""
        norms = norms_of(self.objective.gradient(self.states[places]))
        self.book.finish(self.rows[places], self.step, self.states[places], norms)

    def keep(self, live: NDArray[np.bool_]) -> None:
        """Leave out all starts but the ``live`` ones."""
        self.rows, self.states = self.rows[live], self.states[live]
        self.noise_at, self.before = self.noise_at[live], self.before[live]
        self.value_before = self.value_before[live]

    def result(self, single: bool) -> PerturbedRun:
        self.book.close(self.objective.value)
        trajectory = self.book.trajectory(single=single)
        steps = [np.array(each, dtype=np.int64) for each in self.perturbed]
        return (
            PerturbedRun(trajectory, steps[0], bool(self.settled[0]))
            if single
            else PerturbedRun(trajectory, steps, self.settled)
        )


def _generators(seed: Any, count: int, single: bool) -> list[np.random.Generator]:
    expected = "expected a whole number >= 0, or a numpy.random.Generator"
    if not isinstance(seed, np.random.Generator):
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
            raise TypeError(f"seed is {seed!r}; {expected}")
        if seed < 0:
            raise ValueError(f"seed is {seed}; {expected}")
    generator = np.random.default_rng(seed)
    return [generator] if single else generator.spawn(count)
