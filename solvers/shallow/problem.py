"""An objective of U U^T, a factor and a learning rate: what a statement about one step is decided on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers import arithmetic
from solvers.arithmetic import Enclosure, rational
from solvers.network import Matrix
from solvers.network.checks import check_held, check_scalar_rate
from solvers.shallow.checks import check_factor
from solvers.shallow.factored import FactoredObjective

ENCLOSED = ("identity", "mask")
"""Maps T that run on float64 matrices with a radius; the others are enclosed in balls."""


@dataclass(frozen=True)
class FactoredProblem:
    """f, U of shape (n, k) and eta, in float64 or exact rationals; an instance for :func:`solvers.arithmetic.decide`.

    Raises TypeError or ValueError where the factor does not fit the objective, and for entries or a
    learning rate that are no finite numbers.
    """

    objective: FactoredObjective
    factor: Matrix
    learning_rate: Any = 0

    def __post_init__(self) -> None:
        if not isinstance(self.objective, FactoredObjective):
            raise TypeError(f"objective is a {type(self.objective).__name__}; expected a FactoredObjective")
        check_factor(self.factor, self.objective.size)
        check_held(self.factor, "factor")
        check_scalar_rate(self.learning_rate)

    @property
    def is_float64(self) -> bool:
        """Whether all entries are float64."""
        arrays = (self.objective.target, self.factor, *self.objective.linear_map.arrays)
        return all(getattr(array, "dtype", None) == np.dtype(np.float64) for array in arrays)

    def step(self) -> FactoredProblem:
        """The problem after one step of gradient descent, in its own arithmetic."""
        moved = self.factor - self.learning_rate * self.objective.gradient(self.factor)
        return FactoredProblem(self.objective, moved, self.learning_rate)

    def exact(self) -> FactoredProblem:
        """The same numbers as exact rationals."""
        factor = arithmetic.exact(self.factor)
        return FactoredProblem(self.objective.exact(), factor, rational(self.learning_rate))

    def nearest(self) -> FactoredProblem:
        """The nearest float64 numbers."""
        factor = arithmetic.nearest(self.factor)
        return FactoredProblem(self.objective.nearest(), factor, float(self.learning_rate))

    def enclosed(self) -> FactoredProblem:
        """A float64 problem, exactly, in arithmetic that bounds its own rounding: Enclosures, or balls."""
        if self.objective.linear_map.name in ENCLOSED:
            return FactoredProblem(self.objective.enclosed(), Enclosure.of(self.factor), float(self.learning_rate))
        rate = arithmetic.balls(np.array(self.learning_rate))[()]
        return FactoredProblem(self.objective.balls(), arithmetic.balls(self.factor), rate)
