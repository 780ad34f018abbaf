"""What a law is: a claim's statement about one step, held to the steps of a trainer from its own iterates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st

from claims.conformance.laws.holding import SECONDS, Held, hold
from claims.conformance.laws.iterates import OwnStep
from claims.conformance.laws.trainers import HeldTrainer
from solvers.arithmetic import Verdict
from solvers.network import Problem

Verdicts = Iterable[Verdict]


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

    def hold(self, trainer: HeldTrainer, *, profile: settings | None = None, seconds: float | None = SECONDS) -> Held:
        """Draw starts and hold the trainer's first steps from each to the law.

        ``profile`` is Hypothesis's of the moment where none is given. After so many ``seconds`` starts are left out,
        and counted; None leaves none out. Raises :class:`~claims.conformance.laws.holding.BrokenLawError` at the
        smallest start found at which the law is broken, and
        :class:`~claims.conformance.laws.trainers.UnusableTrainerError` for a trainer that returns no weights.
        """
        return hold(self, trainer, profile or settings(), seconds)


def law(
    uid: str, item: str, starts: st.SearchStrategy[Problem], *, says: str, means: str
) -> Callable[[Callable[[OwnStep], Verdicts]], Law]:
    """Make a law of a function from a trainer's step to verdicts."""

    def made(function: Callable[[OwnStep], Verdicts]) -> Law:
        return Law(function.__name__, uid, item, says, means, starts, function)

    return made
