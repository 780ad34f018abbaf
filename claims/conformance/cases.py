"""What a diagnosis has to explain: a trainer's iterates on each probe, and how near an explanation must come to them.

A rule explains a step if it comes nearer to the trainer than gradient descent does by half of all digits: within the
geometric mean of the bound of rounding and of the deviation from gradient descent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from flint import fmpq

from claims.conformance.losses import Loss
from claims.conformance.probes import Probe
from claims.conformance.report import Check, Outcome
from claims.conformance.rules import Array, Layers, NotApplicable, Rule, descending, gradients
from claims.conformance.steps import Course, flushes, posed, scale_of
from solvers.arithmetic import upper_float
from solvers.arithmetic.formats import Format
from solvers.descent.rounded_step import Step, rounding_bound

LARGEST = 2.0**128
Scale = Callable[[int, int], fmpq]
"""A factor of the learning rate, of m and d_N."""


@dataclass(frozen=True)
class Case:
    """A probe, the trainer's iterates on it, and which of the steps are outside their bounds."""

    probe: Probe
    loss: Loss
    limits: Format
    iterates: tuple[Layers, ...]
    wrong: tuple[int, ...]

    @classmethod
    def of(cls, ran: Course, checks: Sequence[Check], loss: Loss, limits: Format) -> Case:
        """With the iterates of a course up to one that is beyond float32, from which nothing can be read."""
        finite = []
        for weights in ran.iterates:
            if not all((abs(matrix) < LARGEST).all() for matrix in weights):
                break
            finite.append(list(weights))
        wrong = [check.step for check in checks if check.probe == ran.probe.name and check.outcome is Outcome.WRONG]
        return cls(ran.probe, loss, limits, tuple(finite), tuple(step for step in wrong if step < len(finite)))

    @property
    def steps(self) -> range:
        """The steps that there are."""
        return range(1, len(self.iterates))

    def posed(self, step: int) -> Step:
        """The exact step from the trainer's iterate before it."""
        return posed(self.probe, tuple(self.iterates[step - 1]), scale_of(self.probe, self.loss))

    @cached_property
    def roundings(self) -> list[float]:
        """For each step the largest bound of a step up to then, added up; infinite where there is none."""
        total, found = 0.0, [0.0]
        for step in self.steps:
            try:
                before = tuple(self.iterates[step - 1])
                bounds = rounding_bound(self.posed(step), self.limits, flush=flushes(before, self.limits))
                total += max(upper_float(bound.max()) for bound in bounds)
            except ValueError:
                total = np.inf
            found.append(total)
        return found

    @cached_property
    def deviations(self) -> list[float]:
        """For each step how far the trainer is from gradient descent."""
        return self.distances(descending(gradients))

    def distances(self, rule: Rule, scale: Scale | None = None) -> list[float]:
        """For each step how far the trainer is from a rule, on data that the root of kappa multiplies."""
        outputs, samples = self.probe.outputs.shape
        kappa = scale_of(self.probe, self.loss) * (1 if scale is None else scale(samples, outputs))
        root = sqrt(float(kappa))
        found = [0.0]
        for step in self.steps:
            weights = [matrix.copy() for matrix in self.iterates[0]]
            with np.errstate(all="ignore"):
                moved = rule(
                    weights, root * self.probe.inputs, root * self.probe.outputs, self.probe.learning_rate, step
                )
                found.append(distance(moved, self.iterates[step]))
        return found

    def explained(self, rule: Rule, scale: Scale | None = None) -> bool:
        """Whether a rule comes near enough at every step."""
        near = zip(self.distances(rule, scale), self.roundings, self.deviations, strict=True)
        return all(off * off <= rounding * max(deviation, rounding) for off, rounding, deviation in near)


def distance(one: Sequence[Array], other: Sequence[Array]) -> float:
    """The largest difference of two entries; infinite where one is no number."""
    largest = max(float(abs(a - b).max()) for a, b in zip(one, other, strict=True))
    return largest if np.isfinite(largest) else np.inf


def explains(rule: Rule, cases: Sequence[Case], scale: Scale | None = None) -> bool:
    """Whether a rule explains all cases with a step to which it applies: two at least, and a wrong step among them."""
    met = wrong = 0
    for case in cases:
        if not case.steps:
            continue
        try:
            if not case.explained(rule, scale):
                return False
        except NotApplicable:
            continue
        met += 1
        wrong += bool(case.wrong)
    return met >= 2 and wrong >= 1
