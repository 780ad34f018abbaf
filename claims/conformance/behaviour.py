"""What is asked of a trainer besides its steps: no steps, the same again, the caller's arrays, a NaN."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from claims.conformance.probes import FloatArray, Probe
from claims.conformance.report import Check, Outcome
from claims.conformance.running import Given, Trainer, TrainerError, answer, called
from solvers.network import backpropagate, end_to_end

STEPS = 2
QUESTIONS = ("determinism", "steps=0", "caller's arrays", "NaN")
"""By the names of their checks."""


def behaviour(train: Trainer, given: Given, probe: Probe) -> Iterator[Check]:
    """One check a question, on one probe."""
    asked: tuple[Callable[[Trainer, Given, Probe], str], ...] = (
        _determinism,
        _no_steps,
        _callers_arrays,
        _not_a_number,
    )
    for name, question in zip(QUESTIONS, asked, strict=True):
        try:
            wrong = question(train, given, probe)
        except TrainerError as error:
            wrong = str(error)
        yield Check(name, Outcome.WRONG if wrong else Outcome.RIGHT, wrong or "as expected")


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def _determinism(train: Trainer, given: Given, probe: Probe) -> str:
    runs = [called(train, given, probe, STEPS) for _ in range(2)]
    return "" if _same(*runs) else "two identical calls return different weights; expected the same, bit by bit"


def _no_steps(train: Trainer, given: Given, probe: Probe) -> str:
    same = _same(called(train, given, probe, 0), probe.weights)
    return "" if same else "steps=0 returns other weights; expected those that were given"


def _callers_arrays(train: Trainer, given: Given, probe: Probe) -> str:
    weights, inputs, outputs, rate = given.arguments(probe)
    arrays = {f"weights[{j}]": array for j, array in enumerate(weights)} | {"inputs": inputs, "outputs": outputs}
    before = {name: array.copy() for name, array in arrays.items()}
    layers = list(weights)
    answer(train, (weights, inputs, outputs, rate, STEPS))
    if len(weights) != len(layers) or any(now is not then for now, then in zip(weights, layers, strict=False)):
        return "the caller's list of weights has other arrays after a call; expected it as it was"
    changed = [name for name, array in arrays.items() if not np.array_equal(array, before[name])]
    return f"{', '.join(changed)} changed during a call; expected the caller's arrays as they were" if changed else ""


def _not_a_number(train: Trainer, given: Given, probe: Probe) -> str:
    """A NaN reaches every entry that depends on it in one step; to refuse it with an exception is as good, where the
    probe without it is taken."""
    called(train, given, probe, 1)
    for j, matrix in enumerate(probe.weights):
        spoilt = matrix.copy()
        spoilt[0, 0] = np.nan
        weights = (*probe.weights[:j], spoilt, *probe.weights[j + 1 :])
        try:
            moved = called(train, given, replace(probe, weights=weights), 1)
        except TrainerError as error:
            if str(error).startswith("raised"):
                continue
            raise
        for k, (layer, gradient) in enumerate(zip(moved, _gradients(weights, probe), strict=True)):
            if not np.isnan(layer[np.isnan(gradient)]).all():
                return (
                    f"a NaN in W_{j + 1} leaves entries of W_{k + 1} finite after a step that depend on it; expected "
                    f"NaN there, or an exception"
                )
    return ""


def _gradients(weights: tuple[FloatArray, ...], probe: Probe) -> tuple[FloatArray, ...]:
    return backpropagate(weights, (end_to_end(weights) @ probe.inputs - probe.outputs) @ probe.inputs.T)
