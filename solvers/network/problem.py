"""A network, its target and a learning rate: what travels from a strategy to a solver and to a verdict."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from solvers.arithmetic import Enclosure, exact, nearest, rational
from solvers.network.checks import check_chain, check_parts, check_target
from solvers.network.network import Matrix, gradient_step


@dataclass(frozen=True)
class Problem:
    """Weights W_1..W_N at step 0 (input side first), target Phi of shape (d_N, d_0), learning rate eta.

    Entries are float64 or exact rationals (object arrays of ``fmpq``, learning rate ``fmpq``). A stack of B networks
    has weights of shape (B, d_{j+1}, d_j), a target with or without the leading axis, and a learning rate that is a
    number or a float64 array (B,). Raises TypeError or ValueError where the parts do not fit, for entries or a learning
    rate that are no finite numbers, and for arrays of other libraries (JAX's, sparse ones): convert them first.
    """

    weights: tuple[Matrix, ...]
    target: Matrix
    learning_rate: Any

    def __post_init__(self) -> None:
        check_chain(self.weights)
        check_target(self.weights, self.target)
        check_parts(self.weights, self.target, self.learning_rate)

    @property
    def depth(self) -> int:
        """N, the number of layers."""
        return len(self.weights)

    @cached_property
    def dimensions(self) -> tuple[int, ...]:
        """(d_0, ..., d_N)."""
        return (self.weights[0].shape[-1], *(matrix.shape[-2] for matrix in self.weights))

    @property
    def is_float64(self) -> bool:
        """Whether the entries are float64, so that :meth:`enclosed` can bound their rounding."""
        return bool(self.target.dtype == np.dtype(np.float64))

    def step(self) -> Problem:
        """The problem after one step of gradient descent, in its own arithmetic; its entries may have overflowed."""
        rate = self.learning_rate
        if isinstance(rate, np.ndarray):
            rate = rate[:, None, None]
        moved = copy.copy(self)  # of the same shapes, and not refused for what a step did
        object.__setattr__(moved, "weights", gradient_step(self.weights, self.target, rate))
        return moved

    def exact(self) -> Problem:
        """The same numbers as exact rationals."""
        return self._converted(exact, rational)

    def nearest(self) -> Problem:
        """The float64 problem nearest to an exact one; a float64 problem is itself."""
        return self._converted(nearest, float)

    def enclosed(self) -> Problem:
        """A float64 problem, exactly, in float64 arithmetic that bounds its own rounding."""
        return self._converted(Enclosure.of, float)

    def _converted(self, matrix: Callable[[Any], Any], scalar: Callable[[Any], Any]) -> Problem:
        return Problem(
            tuple(matrix(weight) for weight in self.weights), matrix(self.target), scalar(self.learning_rate)
        )
