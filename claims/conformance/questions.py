"""Everything that a trainer is asked, one question at a time: probes, behaviour and laws, for test runners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from _pytest.outcomes import Skipped

from claims.conformance.behaviour import QUESTIONS
from claims.conformance.checking import check_trainer
from claims.conformance.laws import LAWS, HeldTrainer, Law
from claims.conformance.laws.holding import SECONDS
from claims.conformance.probes import probes
from claims.conformance.report import ConformanceReport
from claims.suite.profiles import is_thorough


class UndecidedError(Skipped):
    """A law that rounding in the trainer's format can decide either way at every step: no pass, and no failure."""


@dataclass(frozen=True)
class Question:
    """One of the probes, or one of the questions beside them, of a trainer; a law where there is a ``law``."""

    trainer: HeldTrainer
    name: str
    law: Law | None = None

    def __call__(self) -> dict[str, Any]:
        """Ask it. What was found, in JSON's types; AssertionError, with a sentence, where the trainer is wrong."""
        return _asked_probe(self.trainer, self.name) if self.law is None else _asked_law(self.trainer, self.law)

    def about(self) -> dict[str, Any]:
        """What is known before it is asked."""
        if self.law is None:
            return {"kind": "probe", "ratio": None, "seen": None}
        return {"kind": "law", "claim": self.law.uid, "item": self.law.item, "sentence": self.law.sentence}


def questions(trainer: HeldTrainer) -> Iterator[Question]:
    """All of them: probes, behaviour, laws."""
    for name in [*(probe.name for probe in probes(trainer.format)), *QUESTIONS]:
        yield Question(trainer, name)
    for law in LAWS:
        yield Question(trainer, law.name, law)


@cache
def report(trainer: HeldTrainer) -> ConformanceReport:
    """The probes, run once."""
    found = check_trainer(
        trainer.train,
        dtype=trainer.format,
        loss=trainer.loss.name,
        transposed=trainer.given.transposed,
        on_fail="return",
    )
    return replace(found, trainer=trainer.name)


def _asked_probe(trainer: HeldTrainer, name: str) -> dict[str, Any]:
    """The first that is wrong tells the whole report, the others their own sentences."""
    whole = report(trainer)
    part = replace(whole, checks=tuple(check for check in whole.checks if check.question == name))
    if whole.failures and whole.failures[0] in part.failures:
        raise AssertionError(str(whole))
    if part.failures or not part.checks:
        raise AssertionError("\n".join(f"{check.name}: {check.sentence}" for check in part.failures) or "not asked")
    return {"ratio": part.ratio, "seen": part.seen}


def _asked_law(trainer: HeldTrainer, law: Law) -> dict[str, Any]:
    found = law.hold(trainer, seconds=None if is_thorough() else SECONDS)
    if not found.held:
        raise UndecidedError(f"{trainer.name}: {law.uid} ({law.item}), {law.name}, is decided at no step: {found}")
    return {"held": found.held, "undecided": found.undecided, "outside": found.outside, "left_out": found.left_out}
