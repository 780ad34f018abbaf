"""What a run on a shallow objective did, for one start or a batch of them, and the checks that it begins with."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.descent.descent import DivergenceError, InterruptedRun
from solvers.network.checks import check_learning_rate, check_number, check_record, check_steps, check_stop_at_loss
from solvers.shallow.checks import check_array

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class ShallowTrajectory:
    """What gradient descent, or ascent on the sphere, did from one start.

    ``point`` is the last one. ``recorded`` holds the steps at which ``value`` and ``gradient_norm`` (Frobenius; on the
    sphere that of the Riemannian gradient) were taken; the first is 0 and the last is ``steps``. ``converged`` tells
    that a ``stop_at_...`` was met, ``diverged`` that the point overflows in step ``steps + 1``.

    For a batch of B starts every field but ``learning_rate`` has a leading axis of length B; a start that ended before
    the others keeps its last values in the columns that are left.
    """

    point: FloatArray
    learning_rate: float
    steps: Any
    recorded: IntArray
    value: FloatArray
    gradient_norm: FloatArray
    converged: Any
    diverged: Any


@dataclass(frozen=True)
class Plan:
    """When to look and when to stop. ``stop_at_value`` NaN or a negative ``stop_at_gradient`` stops nothing."""

    learning_rate: float
    steps: int
    record: IntArray
    stop_at_value: float
    stop_at_gradient: float


def checked_plan(learning_rate: Any, steps: Any, record: Any, stop_at_value: Any, stop_at_gradient: Any) -> Plan:
    """The plan of a run; TypeError or ValueError names the argument that is wrong."""
    last = check_steps(steps)
    before = np.array(check_record(record, last), dtype=np.int64)
    value = math.nan if stop_at_value is None else check_stop_at_loss(stop_at_value, "stop_at_value")
    small = -1.0 if stop_at_gradient is None else check_number(stop_at_gradient, "stop_at_gradient")
    rate = check_learning_rate(learning_rate)
    return Plan(rate, last, before, value, small)


def checked_start(start: Any, shape: tuple[int | None, ...], expected: str) -> FloatArray:
    """``start`` as a batch: finite float64, of that shape (None for any length) with or without a leading axis."""
    if not isinstance(start, np.ndarray) or start.dtype != np.dtype(np.float64):
        kind = f"an array of dtype {start.dtype}" if isinstance(start, np.ndarray) else f"a {type(start).__name__}"
        raise TypeError(f"start is {kind}; expected float64 of shape {expected}, or a batch of them")
    inner = start.shape[-len(shape) :]
    fits = len(inner) == len(shape) and all(want in (None, have) for want, have in zip(shape, inner, strict=True))
    if not fits or 0 in start.shape or start.ndim > len(shape) + 1:
        raise ValueError(f"start has shape {start.shape}; expected {expected}, or a batch of them on one leading axis")
    check_array(start, "start", axes=start.ndim, expected=expected)
    return start if start.ndim > len(shape) else start[None]


class Book:
    """What is known of a batch of runs while it goes on; rows are starts, columns are looks."""

    def __init__(self, points: FloatArray, plan: Plan) -> None:
        count, looks = len(points), len(plan.record) + 1
        self.plan = plan
        self.points = points.copy()
        self.steps = np.zeros(count, dtype=np.int64)
        self.recorded, self.last_norms = np.full((count, looks), NEVER), np.full(count, np.nan)
        self.values, self.norms = np.full((count, looks), np.nan), np.full((count, looks), np.nan)
        self.converged, self.diverged = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        self.wanted = {int(step): column for column, step in enumerate(plan.record)}

    def look(self, rows: IntArray, step: int, values: FloatArray, norms: FloatArray) -> None:
        """Enter what the runs of ``rows`` are at a step that was asked for."""
        column = self.wanted[step]
        self.recorded[rows, column] = step
        self.values[rows, column] = values
        self.norms[rows, column] = norms

    def finish(self, rows: Any, steps: Any, points: FloatArray, norms: FloatArray) -> None:
        """Enter the end of the runs of ``rows``."""
        self.points[rows], self.steps[rows], self.last_norms[rows] = points, steps, norms

    def close(self, value: Callable[[FloatArray], FloatArray]) -> None:
        """All runs have ended: looks at the last step of a run or later are its end, where f is ``value`` of points."""
        ends = self.steps[:, None]
        left = self.recorded >= ends
        with np.errstate(over="ignore", invalid="ignore"):
            last = value(self.points)[:, None]
        self.recorded = np.where(left, ends, self.recorded)
        self.values = np.where(left, last, self.values)
        self.norms = np.where(left, self.last_norms[:, None], self.norms)

    def trajectory(self, *, single: bool) -> ShallowTrajectory:
        """All of it."""
        rate = self.plan.learning_rate
        if not single:
            return ShallowTrajectory(
                self.points, rate, self.steps, self.recorded, self.values, self.norms, self.converged, self.diverged
            )
        columns = int(np.argmax(self.recorded[0] == self.steps[0])) + 1
        return ShallowTrajectory(
            self.points[0],
            rate,
            int(self.steps[0]),
            self.recorded[0, :columns],
            self.values[0, :columns],
            self.norms[0, :columns],
            bool(self.converged[0]),
            bool(self.diverged[0]),
        )

    def result(self, *, single: bool, interrupted: bool) -> ShallowTrajectory:
        """The trajectory, or the error that brings it."""
        trajectory = self.trajectory(single=single)
        if interrupted:
            raise InterruptedRun(trajectory)
        if trajectory.diverged is True:
            raise DivergenceError(trajectory.steps + 1, trajectory)
        return trajectory
