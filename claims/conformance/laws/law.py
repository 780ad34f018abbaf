"""What a law is: a claim's statement about one step, held to the steps of a trainer from its own iterates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from flint import ctx
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from claims.conformance.laws.iterates import BITS, Agreement, OwnStep, own_steps
from claims.conformance.laws.trainers import HeldTrainer, UnusableTrainerError
from solvers.arithmetic import Outcome, Verdict
from solvers.network import Problem

STEPS = 3
"""From each start; momentum and stale gradients show from the second on."""

Verdicts = Iterable[Verdict]


class BrokenLawError(AssertionError):
    """A step of a trainer that is not what the law says, by more than rounding can."""


@dataclass
class Held:
    """Of the steps that a trainer took: those at which the law certainly holds, those at which rounding in its format
    can decide it either way, and those from iterates that do not meet the law's hypotheses."""

    held: int = 0
    undecided: int = 0
    outside: int = 0

    def __str__(self) -> str:
        parts = [f"held at {self.held} of {self.held + self.undecided} steps"]
        parts += [f"{self.undecided} undecided, within rounding"] if self.undecided else []
        parts += [f"{self.outside} outside its hypotheses"] if self.outside else []
        return "; ".join(parts)


@dataclass(frozen=True)
class Law:
    """``says(step)`` gives verdicts on a trainer's step, none where ``step.before`` is outside the law's hypotheses.

    ``uid`` and ``item`` are the claim's; ``sentence`` is the law, ``meaning`` what is lost where it is broken;
    ``starts`` draws the problems to start from.
    """

    name: str
    uid: str
    item: str
    sentence: str
    meaning: str
    starts: st.SearchStrategy[Problem]
    says: Callable[[OwnStep], Verdicts]

    def hold(self, trainer: HeldTrainer, *, profile: settings | None = None) -> Held:
        """Draw starts and hold the trainer's first steps from each to the law; ``profile`` is Hypothesis's of the
        moment where none is given.

        Raises :class:`BrokenLawError` at the smallest start found at which the law is broken, and
        :class:`~claims.conformance.laws.trainers.UnusableTrainerError` for a trainer that returns no weights.
        """
        found = Held()

        def check(start: Problem) -> None:
            _check(self, trainer, start, found)

        check.__name__ = check.__qualname__ = self.name  # Hypothesis keeps failing examples by it
        chosen = profile or settings()
        unexplained = settings(chosen, phases=[phase for phase in chosen.phases if phase is not Phase.explain])
        try:
            unexplained(given(self.starts)(check))()
        except Flaky as error:
            raise UnusableTrainerError(
                f"{trainer.name} does not make the same of a start twice, so that no law can be asked of it; expected "
                "a trainer without chance"
            ) from error
        return found


def law(
    uid: str, item: str, starts: st.SearchStrategy[Problem], *, says: str, means: str
) -> Callable[[Callable[[OwnStep], Verdicts]], Law]:
    """Make a law of a function from a trainer's step to verdicts."""

    def made(function: Callable[[OwnStep], Verdicts]) -> Law:
        return Law(function.__name__, uid, item, says, means, starts, function)

    return made


def _check(law: Law, trainer: HeldTrainer, start: Problem, found: Held) -> None:
    before, taken = Held(), 0
    for step in own_steps(trainer, start, STEPS):
        taken += 1
        with ctx.workprec(BITS), np.errstate(over="ignore", invalid="ignore"):
            verdicts = list(law.says(step))
        for verdict in verdicts:
            if verdict.fails:
                raise BrokenLawError(_told(law, trainer, start, step, verdict, before))
        decided = all(verdict.outcome is Outcome.HOLDS for verdict in verdicts)
        before.held += bool(verdicts) and decided
        before.undecided += bool(verdicts) and not decided
        before.outside += not verdicts
    found.held += before.held
    found.undecided += before.undecided + STEPS - taken
    found.outside += before.outside


def _told(law: Law, trainer: HeldTrainer, start: Problem, step: OwnStep, verdict: Verdict, before: Held) -> str:
    """Which law, which step, both numbers, and what it would mean."""
    right = {1: "", 2: " (step 1 does not)"}.get(step.number, f" (steps 1 to {step.number - 1} do not)")
    widths = "-".join(map(str, start.dimensions))
    place = f"widths {widths}, learning rate {float(step.learning_rate):.6g}, from the weights that it made itself"
    return "\n".join(
        [
            f"{trainer.name} breaks {law.uid} ({law.item}) at step {step.number}{right}",
            f"  law    {law.sentence}",
            f"  where  {place}",
            f"  found  {_numbers(verdict, trainer)}",
            f"  so     {law.meaning}",
            trainer.call(trainer.posed(start), step.number),
        ]
    )


def _numbers(verdict: Verdict, trainer: HeldTrainer) -> str:
    if isinstance(verdict, Agreement):
        explained = f"rounding in {trainer.format.name} explains {verdict.right:.3g}"
        return f"{verdict.sentence}: off by {verdict.left:.3g}, where {explained}"
    most = {"<=": "at most", "<": "less than", ">=": "at least", ">": "more than", "==": "exactly"}[verdict.relation]
    counted = f"rounding in {trainer.format.name} does not make up for it"
    return f"{verdict.sentence} is {verdict.left:.9g}, by the law {most} {verdict.right:.9g}; {counted}"
