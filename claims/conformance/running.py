"""Calls of a trainer: what it is given, and what it must return; each mistake is told as a sentence."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from claims.conformance.probes import FloatArray, Probe
from solvers.arithmetic.formats import Format

Trainer: TypeAlias = Callable[[list[Any], Any, Any, float, int], Any]
"""``train(weights, inputs, outputs, learning_rate, steps) -> weights``."""

CARRIERS = {"float64": "float64", "float16": "float16"}
"""The dtype of the arrays of a format; float32 for the others, which NumPy has no type for or are float32."""


class TrainerError(Exception):
    """What a trainer did that is no answer, as a sentence."""


@dataclass(frozen=True)
class Given:
    """How a trainer takes its arrays: numbers of ``format``, each matrix transposed or not."""

    format: Format
    transposed: bool

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the arrays; bfloat16 and TF32 numbers come as float32."""
        return np.dtype(CARRIERS.get(self.format.name, "float32"))

    def array(self, matrix: FloatArray) -> NDArray[Any]:
        """A new array as the trainer takes it."""
        return np.array(matrix.T if self.transposed else matrix, dtype=self.dtype, order="C")

    def arguments(self, probe: Probe) -> tuple[list[NDArray[Any]], NDArray[Any], NDArray[Any], float]:
        """Fresh arrays for one call."""
        weights = [self.array(matrix) for matrix in probe.weights]
        return weights, self.array(probe.inputs), self.array(probe.outputs), float(probe.learning_rate)

    def matrix(self, array: NDArray[Any]) -> FloatArray:
        """What the trainer returned, as the project has it."""
        wide = array.astype(np.float64)
        return wide.T.copy() if self.transposed else wide


def called(train: Trainer, given: Given, probe: Probe, steps: int) -> tuple[FloatArray, ...]:
    """The weights after ``steps`` steps. Raises TrainerError for an exception, and for what are no such weights."""
    return read(answer(train, (*given.arguments(probe), steps)), given, probe.weights)


def answer(train: Trainer, arguments: tuple[Any, ...]) -> Any:
    """What one call returns. Raises TrainerError, on one line, for whatever the trainer raises: one that leaves Python
    or skips the test has not passed. KeyboardInterrupt passes, and what is such a sentence."""
    try:
        return train(*arguments)
    except (KeyboardInterrupt, TrainerError):
        raise
    except BaseException as error:  # SystemExit and pytest's outcomes are no Exceptions
        said = " ".join(str(error).split()) or "without a message"
        raise TrainerError(f"raised {type(error).__name__}: {said}{_misfit(train, arguments)}") from error


def _misfit(train: Trainer, arguments: tuple[Any, ...]) -> str:
    """What would be right, where a trainer does not take five arguments."""
    try:
        inspect.signature(train).bind(*arguments)
    except TypeError:
        return "; expected a function of weights, inputs, outputs, learning_rate, steps, not given by name"
    except ValueError:  # it has no signature
        return ""
    return ""


def read(result: Any, given: Given, weights: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    """What a trainer returned, in float64, or a TrainerError that says what was expected."""
    expected = f"a list of {len(weights)} arrays, the weights after the last step"
    if result is None:
        raise TrainerError(f"returned None; expected {expected}")
    if not isinstance(result, list | tuple):
        raise TrainerError(f"returned a {type(result).__name__}; expected {expected}")
    if len(result) != len(weights):
        raise TrainerError(f"returned {len(result)} layers; expected {len(weights)}, as many as it was given")
    pairs = zip(result, weights, strict=True)
    return tuple(_layer(array, given, matrix, f"W_{j + 1}") for j, (array, matrix) in enumerate(pairs))


def _layer(result: Any, given: Given, matrix: FloatArray, name: str) -> FloatArray:
    try:
        array = np.asarray(result)
    except Exception as error:
        raise TrainerError(
            f"returned for {name} a {type(result).__name__} that is no array ({error}); expected a NumPy array"
        ) from error
    shape = matrix.shape[::-1] if given.transposed else matrix.shape
    if array.shape != shape:
        raise TrainerError(f"returned for {name} an array of shape {array.shape}; expected {shape}")
    narrow = given.format.name == "bfloat16" and array.dtype.name == "bfloat16"
    if array.dtype != given.dtype and not narrow:
        carried = "" if given.dtype.name == given.format.name else f", which carries {given.format.name}"
        raise TrainerError(f"returned for {name} an array of {array.dtype}; expected {given.dtype}{carried}")
    found = given.matrix(array)
    for number in found[np.isfinite(found)]:
        if not given.format.holds(float(number)):
            raise TrainerError(
                f"returned for {name} an entry {float(number)!r}; expected numbers of {given.format.name}"
            )
    return found
