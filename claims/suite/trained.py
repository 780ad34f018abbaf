"""What holds a trainer to the claims: the plugin's third part, there where ``--claims-trainer`` names one.

Laws (:mod:`claims.conformance.laws`) and probes (:mod:`claims.conformance`) become checks of the run, collected where
the package :mod:`claims.conformance` is. No other check has anything to do with the trainer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from _pytest.outcomes import Skipped

from claims.conformance import ConformanceReport, check_dtype, check_trainer
from claims.conformance.laws import LAWS
from claims.conformance.laws.law import Law
from claims.conformance.laws.trainers import HeldTrainer
from claims.conformance.loading import load_trainer
from claims.conformance.losses import check_loss
from claims.conformance.probes import probes
from claims.conformance.running import Given
from claims.suite import profiles
from claims.suite.plugin import TRAINED, TrainerOptions

QUESTIONS = ("determinism", "steps=0", "caller's arrays", "NaN")


class UndecidedError(Skipped):
    """A law that rounding in the trainer's format can decide either way at every step: no pass."""


@cache
def held_trainer(options: TrainerOptions, directory: Path) -> HeldTrainer:
    """The trainer that the options name. ValueError, with a sentence, where there is none."""
    given = Given(check_dtype(options.dtype), options.transposed)
    return HeldTrainer(options.name, load_trainer(options.name, directory), given, check_loss(options.loss))


@cache
def report(trainer: HeldTrainer) -> ConformanceReport:
    """The probes, run once."""
    return check_trainer(
        trainer.train,
        dtype=trainer.format,
        loss=trainer.loss.name,
        transposed=trainer.given.transposed,
        on_fail="return",
    )


def collectors(path: Path, parent: pytest.Collector, options: TrainerOptions) -> list[pytest.Collector]:
    """What the package of conformance holds for the run's trainer."""
    return [TrainerFile.from_parent(parent, path=path, options=options)]


class TrainerFile(pytest.File):
    """Where probes and laws are collected."""

    def __init__(self, *, options: TrainerOptions, **more: Any) -> None:
        super().__init__(**more)
        self.options = options

    def collect(self) -> Iterable[pytest.Item]:
        try:
            trainer = held_trainer(self.options, self.config.invocation_params.dir)
        except ValueError as error:
            raise self.CollectError(f"{self.options.source}: {error}") from None
        for name in [*(probe.name for probe in probes(trainer.format)), *QUESTIONS]:
            yield ProbeItem.from_parent(self, name=name, trainer=trainer)
        for law in LAWS:
            yield LawItem.from_parent(self, name=law.name, trainer=trainer, law=law)


class TrainerItem(pytest.Item):
    """A check that runs the trainer."""

    def __init__(self, *, trainer: HeldTrainer, **more: Any) -> None:
        super().__init__(**more)
        self.trainer = trainer
        self.record: dict[str, Any] = {}

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is wrong with the trainer is a sentence, not a traceback."""
        if isinstance(excinfo.value, AssertionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def enter(self, **record: Any) -> None:
        """What the evidence says of this check, with whose trainer it was."""
        trainer = self.trainer
        whose = {"name": trainer.name, "dtype": trainer.format.name, "loss": trainer.loss.name}
        self.record = {"trainer": whose, "check": self.name, **record}

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, None, f"{self.trainer.name}: {self.name}"


class ProbeItem(TrainerItem):
    """One probe, all its steps, or one other question. The first that is wrong tells the whole report, the others
    their own sentence."""

    def runtest(self) -> None:
        self.enter(kind="probe", ratio=None, seen=None)
        whole = report(self.trainer)
        part = replace(whole, checks=tuple(check for check in whole.checks if check.question == self.name))
        self.enter(kind="probe", ratio=part.ratio, seen=part.seen)
        if whole.failures and whole.failures[0] in part.failures:
            raise AssertionError(str(whole))
        if part.failures or not part.checks:
            raise AssertionError("\n".join(f"{check.name}: {check.sentence}" for check in part.failures) or "not run")


class LawItem(TrainerItem):
    """One law, on the trainer's steps from as many starts as the profile has examples."""

    def __init__(self, *, law: Law, **more: Any) -> None:
        super().__init__(**more)
        self.law = law

    def runtest(self) -> None:
        law = self.law
        what = {"kind": "law", "claim": law.uid, "item": law.item, "sentence": law.sentence}
        self.enter(**what)
        with profiles.chosen(self.config.getoption("--hypothesis-profile", default=None)):
            found = law.hold(self.trainer)
        self.enter(**what, held=found.held, undecided=found.undecided, outside=found.outside)
        if not found.held:
            raise UndecidedError(f"{self.trainer.name} is held to {law.uid} ({law.item}) at no step: {found}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    found = yield
    if isinstance(item, TrainerItem) and found.when == "call":
        said = str(call.excinfo.value) if call.excinfo else ""
        found.user_properties.append((TRAINED, {**item.record, "said": said}))
    return found
