"""A trainer is held to a law: from starts that are drawn, in so much time, and what is broken is told in a sentence."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from flint import ctx
from hypothesis import Phase, given, settings
from hypothesis.errors import Flaky

from claims.conformance.laws.iterates import BITS, Agreement, OwnStep, own_steps
from claims.conformance.laws.trainers import HeldTrainer, UnusableTrainerError
from solvers.arithmetic import Outcome, Verdict
from solvers.network import Problem

if TYPE_CHECKING:
    from claims.conformance.laws.law import Law

STEPS = 3
"""From each start; momentum and stale gradients show from the second on."""

SECONDS = 30.0
"""For the starts of a law, and as many again for a smaller one where it is broken: a compiled trainer may take a second
for each new shape."""


class BrokenLawError(AssertionError):
    """A step of a trainer that is not what the law says, by more than rounding can."""


@dataclass
class Held:
    """Of the steps that a trainer took: those at which the law certainly holds, those at which rounding in its format
    can decide it either way, and those from iterates that do not meet the law's hypotheses.

    ``left_out`` are the starts from which it took none, for want of time."""

    held: int = 0
    undecided: int = 0
    outside: int = 0
    left_out: int = 0

    def __str__(self) -> str:
        parts = [f"held at {self.held} of {self.held + self.undecided} steps"]
        parts += [f"{self.undecided} undecided, within rounding"] if self.undecided else []
        parts += [f"{self.outside} outside its hypotheses"] if self.outside else []
        parts += [f"{self.left_out} starts left out, for time"] if self.left_out else []
        return "; ".join(parts)


class TimeIsOver(BaseException):
    """No more starts."""


class Run:
    """What has been found from the starts so far, and ``broken``: what is wrong, by start."""

    def __init__(self, law: Law, trainer: HeldTrainer, seconds: float | None) -> None:
        self.law, self.trainer = law, trainer
        self.seconds = math.inf if seconds is None else seconds
        self.until = time.monotonic() + self.seconds
        self.found, self.starts = Held(), 0
        self.broken: dict[str, AssertionError] = {}

    def wrong(self, start: Problem) -> AssertionError | None:
        """What is wrong with the trainer's steps from a start, None where nothing is; TimeIsOver where it is over."""
        if time.monotonic() > self.until:
            raise TimeIsOver
        self.starts += 1
        try:
            self._take(start)
        except (BrokenLawError, UnusableTrainerError) as error:
            if not self.broken:
                self.until = time.monotonic() + self.seconds
            return self.broken.setdefault(repr(start), error.with_traceback(None))
        return None

    def _take(self, start: Problem) -> None:
        taken = 0
        for step in own_steps(self.trainer, start, STEPS):
            taken += 1
            with ctx.workprec(BITS), np.errstate(over="ignore", invalid="ignore"):
                verdicts = list(self.law.says(step))
            for verdict in verdicts:
                if verdict.fails:
                    raise BrokenLawError(_told(self.law, self.trainer, step, verdict))
            decided = all(verdict.outcome is Outcome.HOLDS for verdict in verdicts)
            self.found.held += bool(verdicts) and decided
            self.found.undecided += bool(verdicts) and not decided
            self.found.outside += not verdicts
        self.found.undecided += STEPS - taken


def hold(law: Law, trainer: HeldTrainer, profile: settings, seconds: float | None) -> Held:
    """See :meth:`claims.conformance.laws.law.Law.hold`."""
    run = Run(law, trainer, seconds)

    def check(start: Problem) -> None:
        wrong = run.wrong(start)
        if wrong is not None:
            raise wrong

    check.__name__ = check.__qualname__ = law.name  # Hypothesis keeps failing examples by it
    unexplained = settings(profile, phases=[phase for phase in profile.phases if phase is not Phase.explain])
    try:
        unexplained(given(law.starts)(check))()
    except TimeIsOver:
        if run.broken:
            raise run.broken[min(run.broken, key=len)] from None
        run.found.left_out = max(profile.max_examples - run.starts, 1)
    except Flaky as error:
        raise UnusableTrainerError(
            f"{trainer.name} does not make the same of a start twice, so that no law can be asked of it; expected a "
            "trainer without chance"
        ) from error
    return run.found


def _told(law: Law, trainer: HeldTrainer, step: OwnStep, verdict: Verdict) -> str:
    """Which law, which step, both numbers, and what it would mean."""
    right = {1: "", 2: " (step 1 does not)"}.get(step.number, f" (steps 1 to {step.number - 1} do not)")
    widths = "-".join(map(str, step.start.dimensions))
    place = f"widths {widths}, learning rate {float(step.learning_rate):.6g}, from the weights that it made itself"
    return "\n".join(
        [
            f"{trainer.name} breaks {law.uid} ({law.item}) at step {step.number}{right}",
            f"  law    {law.sentence}",
            f"  where  {place}",
            f"  found  {_numbers(verdict, trainer)}",
            f"  so     {law.meaning}",
            trainer.call(trainer.posed(step.start), step.number),
        ]
    )


def _numbers(verdict: Verdict, trainer: HeldTrainer) -> str:
    if isinstance(verdict, Agreement):
        explained = f"rounding in {trainer.format.name} explains {verdict.right:.3g}"
        return f"{verdict.sentence}: off by {verdict.left:.3g}, where {explained}"
    most = {"<=": "at most", "<": "less than", ">=": "at least", ">": "more than", "==": "exactly"}[verdict.relation]
    counted = f"rounding in {trainer.format.name} does not make up for it"
    return f"{verdict.sentence} is {verdict.left:.9g}, by the law {most} {verdict.right:.9g}; {counted}"
