"""A trainer that is held to laws: what it is given, in its own format, and what it makes of it.

The data are white, X X^T = I, and exact in every format: X = 1/2 (I I I I 0), with as many columns of zeros as make
their number a power of two, and Y = Phi X. So 1/2 ||W X - Y||_F^2 = 1/2 ||W - Phi||_F^2, and the learning rate of a
problem is what the trainer's comes to on that, whatever its loss is divided by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from flint import fmpq

from claims.conformance.losses import Loss
from claims.conformance.probes import FloatArray, Probe
from claims.conformance.running import Given, Trainer, TrainerError, called
from claims.conformance.steps import posed, scale_of
from solvers.arithmetic import rational
from solvers.arithmetic.formats import Format
from solvers.descent.rounded_step import Step
from solvers.network import Problem


class UnusableTrainerError(AssertionError):
    """A trainer that no law can be asked of: it raises, or returns no weights."""


@dataclass(frozen=True)
class HeldTrainer:
    """``train``, under a ``name``, that is ``given`` arrays in its format and lowers ``loss``."""

    name: str
    train: Trainer
    given: Given
    loss: Loss

    @property
    def format(self) -> Format:
        return self.given.format

    def posed(self, problem: Problem) -> Probe:
        """A float64 problem in the trainer's format: weights and Phi rounded to nearest, the learning rate down."""
        width = problem.target.shape[1]
        inputs = np.zeros((width, 4 << (width - 1).bit_length()))
        inputs[:, : 4 * width] = np.tile(np.eye(width) / 2, 4)
        weights = tuple(self._rounded(matrix) for matrix in problem.weights)
        probe = Probe("", weights, inputs, self._rounded(problem.target) @ inputs, 0.0)
        rate = rational(float(problem.learning_rate)) / scale_of(probe, self.loss)
        return replace(probe, learning_rate=float(_at_most(rate, self.format)))

    def step(self, probe: Probe, weights: tuple[FloatArray, ...]) -> Step:
        """The exact step from given weights."""
        return posed(probe, weights, scale_of(probe, self.loss))

    def after(self, probe: Probe, steps: int) -> tuple[FloatArray, ...]:
        """The weights after so many steps. UnusableTrainerError for an exception, and for what are no weights."""
        try:
            return called(self.train, self.given, probe, steps)
        except TrainerError as error:
            raise UnusableTrainerError(f"{self.name} {error}\n{self.call(probe, steps)}") from error

    def call(self, probe: Probe, steps: int) -> str:
        """Python that makes a call again, to paste."""
        module, _, name = self.name.partition(":")
        imported = f"from {module} import {name} as train" if name.isidentifier() else f"# train: {self.name}"
        weights, inputs, outputs, rate = self.given.arguments(probe)
        shown = [f"np.array({array.tolist()!r}, np.{array.dtype.name})" for array in (*weights, inputs, outputs)]
        call = f"train([{', '.join(shown[:-2])}], {shown[-2]}, {shown[-1]}, {rate!r}, {steps})"
        return f"  again  import numpy as np\n         {imported}\n         {call}"

    def _rounded(self, matrix: FloatArray) -> FloatArray:
        entries = [float(self.format.nearest(float(entry))) for entry in matrix.ravel()]
        return np.array(entries, dtype=np.float64).reshape(matrix.shape)


def _at_most(number: fmpq, limits: Format) -> fmpq:
    """A number of the format just below ``number`` > 0, or it."""
    found = limits.nearest(number)
    return found if found <= number else limits.nearest(number * (1 - 2 * limits.unit))
