"""What holds a trainer to the claims: the plugin's third part, there where ``--claims-trainer`` names one.

Laws (:mod:`claims.conformance.laws`) and probes (:mod:`claims.conformance`) become checks of the run, collected where
the package :mod:`claims.conformance` is. No other check has anything to do with the trainer.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from claims.conformance import check_dtype
from claims.conformance.laws import HeldTrainer
from claims.conformance.loading import load_trainer
from claims.conformance.losses import check_loss
from claims.conformance.questions import Question, UndecidedError, questions
from claims.conformance.running import Given
from claims.suite import profiles
from claims.suite.plugin import TRAINED, TrainerOptions


@cache
def held_trainer(options: TrainerOptions, directory: Path) -> HeldTrainer:
    """The trainer that the options name. ValueError, with a sentence, where there is none."""
    given = Given(check_dtype(options.dtype), options.transposed)
    return HeldTrainer(options.name, load_trainer(options.name, directory), given, check_loss(options.loss))


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
        for question in questions(trainer):
            yield TrainerItem.from_parent(self, name=question.name, question=question)


class TrainerItem(pytest.Item):
    """One question to the trainer: a probe, or a law at its steps from as many starts as the profile has examples."""

    def __init__(self, *, question: Question, **more: Any) -> None:
        super().__init__(**more)
        self.question = question
        self.found: dict[str, Any] = {}

    def runtest(self) -> None:
        with profiles.chosen(self.config.getoption("--hypothesis-profile", default=None)):
            self.found = self.question()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is wrong with the trainer is a sentence, not a traceback."""
        if isinstance(excinfo.value, AssertionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def record(self) -> dict[str, Any]:
        """What the evidence says of this check, with whose trainer it was."""
        trainer = self.question.trainer
        whose = {"name": trainer.name, "dtype": trainer.format.name, "loss": trainer.loss.name}
        return {"trainer": whose, "check": self.name, **self.question.about(), **self.found}

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, None, f"{self.question.trainer.name}: {self.name}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    found = yield
    if isinstance(item, TrainerItem) and found.when == "call":
        error = call.excinfo.value if call.excinfo else None
        ours = error is not None and not isinstance(error, AssertionError | UndecidedError)
        said = f"{type(error).__name__}: {error}" if ours else str(error or "")
        found.user_properties.append((TRAINED, {**item.record(), "said": said, "asked": not ours}))
    return found
