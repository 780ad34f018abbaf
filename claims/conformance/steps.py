"""The steps of a trainer, each held against the exact step from the trainer's own previous iterate."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, fmpq

from claims.conformance.losses import Loss
from claims.conformance.probes import FloatArray, Probe
from claims.conformance.report import Check, Deviation, Outcome
from claims.conformance.running import Given, Trainer, TrainerError, called
from solvers.arithmetic import ObjectArray, exact, rational, upper_float
from solvers.arithmetic.formats import FORMATS, Format
from solvers.descent.rounded_step import Step, rounding_bound

LARGEST = sys.float_info.max


@dataclass(frozen=True)
class Course:
    """What a trainer did on a probe: its weights after 0, 1, 2, ... steps, and the sentence where it stopped, or ""."""

    probe: Probe
    iterates: tuple[tuple[FloatArray, ...], ...]
    ended: str


def course(train: Trainer, given: Given, probe: Probe, steps: int) -> Course:
    """Runs of 1, 2, ..., ``steps`` steps, each from a fresh start."""
    iterates: list[tuple[FloatArray, ...]] = [probe.weights]
    for step in range(1, steps + 1):
        try:
            iterates.append(called(train, given, probe, step))
        except TrainerError as error:
            return Course(probe, tuple(iterates), str(error))
    return Course(probe, tuple(iterates), "")


def posed(probe: Probe, weights: tuple[FloatArray, ...], scale: fmpq) -> Step:
    """The exact step of a probe from given weights."""
    return Step.of(weights, probe.outputs, probe.learning_rate, inputs=probe.inputs, scale=scale)


def scale_of(probe: Probe, loss: Loss) -> fmpq:
    """kappa of a loss on a probe."""
    outputs, samples = probe.outputs.shape
    return loss.scale(samples, outputs)


def checked(ran: Course, limits: Format, loss: Loss, steps: int) -> Iterator[Check]:
    """One check for each of the steps 1, ..., ``steps``."""
    for step in range(1, steps + 1):
        name = f"{ran.probe.name}, step {step}"
        if step < len(ran.iterates):
            yield _checked(ran, step, limits, loss, name)
        elif step == len(ran.iterates):
            yield Check(name, Outcome.WRONG, f"{ran.ended} (steps={step})", ran.probe.name, step)
        else:
            yield Check(name, Outcome.UNDECIDED, f"step {step - 1} has no answer", ran.probe.name, step)


def _checked(ran: Course, step: int, limits: Format, loss: Loss, name: str) -> Check:
    before, yours = ran.iterates[step - 1], ran.iterates[step]
    if not all(np.isfinite(matrix).all() for matrix in before):
        return Check(name, Outcome.UNDECIDED, f"step {step - 1} left numbers that are not finite", ran.probe.name, step)
    if not all(np.isfinite(matrix).all() for matrix in yours):
        return Check(
            name, Outcome.WRONG, "left entries that are not finite; expected finite ones", ran.probe.name, step
        )
    right = posed(ran.probe, before, scale_of(ran.probe, loss))
    try:
        bounds = rounding_bound(right, limits, flush=flushes(before, limits))
    except ValueError as error:
        return Check(name, Outcome.UNDECIDED, f"no bound: {error}", ran.probe.name, step)
    worst = _worst(before, yours, right, bounds)
    outcome = Outcome.WRONG if worst.error > worst.bound else Outcome.RIGHT
    ratio = _shown(worst.error / worst.bound)
    found = worst.told(before, right, ratio) if outcome is Outcome.WRONG else None
    sentence = f"error {_shown(worst.error):.2g} = {ratio:.2g} times the bound {_shown(worst.bound):.2g}"
    return Check(name, outcome, sentence, ran.probe.name, step, ratio, _least_seen(right, bounds), found)


@dataclass(frozen=True)
class Worst:
    """The entry whose error is the most in units of its bound."""

    layer: int
    row: int
    column: int
    error: fmpq
    bound: fmpq
    yours: float

    def told(self, before: tuple[FloatArray, ...], right: Step, ratio: float) -> Deviation:
        """In floats, to be read."""
        place = (self.row, self.column)
        exactly = right.moved[self.layer][place]
        return Deviation(
            self.layer + 1,
            self.row,
            self.column,
            float(before[self.layer][place]),
            _shown(exactly),
            self.yours,
            upper_float(self.bound),
            ratio,
            -_below(self.bound - exactly),
            _below(exactly + self.bound),
        )


def _worst(
    before: tuple[FloatArray, ...], yours: tuple[FloatArray, ...], right: Step, bounds: tuple[Any, ...]
) -> Worst:
    entries: list[Worst] = []
    for layer, (mine, moved, bound) in enumerate(zip(yours, right.moved, bounds, strict=True)):
        errors: Any = abs(exact(mine) - moved)
        entries += [
            Worst(layer, row, column, errors[row, column], bound[row, column], float(mine[row, column]))
            for row, column in np.ndindex(*mine.shape)
        ]
    return max(entries, key=lambda entry: entry.error / entry.bound)


def _least_seen(right: Step, bounds: tuple[ObjectArray, ...]) -> float | None:
    """The least relative error of D_j that certainly shows in an entry: twice its bound, over eta |D_j|."""
    moves = [
        (right.learning_rate * abs(gradient), bound)
        for gradients, bounds_of_layer in zip(right.gradients, bounds, strict=True)
        for gradient, bound in zip(gradients.ravel(), bounds_of_layer.ravel(), strict=True)
    ]
    return min((_shown(2 * bound / move) for move, bound in moves if move > 0), default=None)


def _shown(number: fmpq) -> float:
    """The nearest float64 number; the largest one in place of an infinity."""
    return max(-LARGEST, min(LARGEST, float(arb(number))))


def _below(number: fmpq) -> float:
    """The largest float64 that is at most a rational number."""
    nearest = _shown(number)
    return nearest if rational(nearest) <= number else math.nextafter(nearest, -math.inf)


def flushes(weights: tuple[FloatArray, ...], limits: Format) -> bool:
    """Whether subnormals may be flushed to zero: in formats with at least the exponents of float32, by many compilers;
    by no trainer that has returned one."""
    smallest = float(limits.smallest_normal)
    kept = any(((matrix != 0) & (abs(matrix) < smallest)).any() for matrix in weights)
    return limits.least <= FORMATS["float32"].least and not kept
