"""A trainer whose every call is told of before it is made, so that who watches can end it: in a process of its own."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import update_wrapper
from typing import Any

from claims.command_line.errors import UsageError
from claims.command_line.trainer_process import Answer, Asked, Called, Ended, Failed, Refused
from claims.conformance.checking import check_dtype, check_trainer
from claims.conformance.loading import load_trainer
from claims.conformance.losses import check_loss
from claims.conformance.running import Trainer, TrainerError

UNASKED = "was not called again, since an earlier call did not come back"


def answered(asked: Asked, ended: Ended | None, tell: Callable[[Called], object]) -> Answer | Refused | Failed:
    """What comes of the check, which tells of each call; from the one that ``ended`` an earlier check on none is made,
    and that one has its sentence for an answer."""
    try:
        return _answer(asked, ended, tell)
    except UsageError as error:
        return Refused(str(error))
    except BaseException:
        return Failed(traceback.format_exc())


def _answer(asked: Asked, ended: Ended | None, tell: Callable[[Called], object]) -> Answer:
    dtype = _understood("--dtype", check_dtype, asked.dtype)
    loss = _understood("--loss", check_loss, asked.loss)
    tell(Called(0))
    train = _understood("MODULE:FUNCTION", load_trainer, asked.trainer)
    tell(Called(0, returned=True))
    report = check_trainer(
        watched(train, asked.trainer, ended, tell),
        dtype=dtype,
        loss=loss.name,
        steps=asked.steps,
        transposed=asked.transposed,
        up_to_scale=asked.up_to_scale,
        on_fail="return",
    )
    report = replace(report, trainer=asked.trainer)  # as it was asked for
    return Answer(report.conforms, str(report), report.as_json())


def _understood(name: str, read: Callable[[str], Any], text: str) -> Any:
    """What an argument says; a UsageError that names it where it says nothing."""
    try:
        return read(text)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from error


def watched(train: Trainer, name: str, ended: Ended | None, tell: Callable[[Called], object]) -> Trainer:
    """The trainer under the ``name`` by which it was loaded; TrainerError from the call on that has ended."""
    number = 0

    def call(*arguments: Any) -> Any:
        nonlocal number
        number += 1
        if ended is not None and number >= ended.number:
            raise TrainerError(ended.sentence if number == ended.number else UNASKED)
        tell(Called(number))
        try:
            return train(*arguments)
        except KeyboardInterrupt as error:  # its own: this process hears no Ctrl-C
            raise TrainerError("raised KeyboardInterrupt") from error
        finally:
            tell(Called(number, returned=True))

    update_wrapper(call, train)
    call.__module__, _, call.__qualname__ = name.partition(":")
    return call
