"""A network, its target, what is seen of it and a learning rate: what travels from a strategy to a solver and on to a
verdict."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from solvers.arithmetic import Enclosure, exact, nearest, rational
from solvers.network.checks import check_chain, check_parts, check_target
from solvers.network.data_checks import check_data, check_mask
from solvers.network.definiteness import check_positive_semidefinite
from solvers.network.network import Matrix, gradient_step


@dataclass(frozen=True)
class Problem:
    """Weights W_1..W_N at step 0 (input side first), target Phi of shape (d_N, d_0), learning rate eta.

    The loss is 1/2 ||W - Phi||_F^2; with a ``covariance`` S of the inputs, symmetric and positive semidefinite, of
    shape (d_0, d_0), it is 1/2 tr((W - Phi) S (W - Phi)^T); with a ``mask`` M of 0 and 1, of the target's shape, it is
    1/2 ||M * (W - Phi)||_F^2, and the target's entries where M = 0 play no part (write 0 there). Its least value over
    all W is 0. For data X, Y: :func:`solvers.regression`.

    Entries are float64 or exact rationals (object arrays of ``fmpq``, learning rate ``fmpq``); the mask is kept as
    booleans. A stack of B networks has weights of shape (B, d_{j+1}, d_j), a target, covariance or mask with or without
    the leading axis, and a learning rate that is a number or a float64 array (B,). Raises TypeError or ValueError where
    the parts do not fit, for entries or a learning rate that are no finite numbers, for a covariance that is not
    symmetric or not positive semidefinite (in float64: by more than forming it can round,
    :mod:`solvers.network.definiteness`), for both a covariance and a mask, and for arrays of other libraries (JAX's,
    sparse ones): convert them first.
    """

    weights: tuple[Matrix, ...]
    target: Matrix
    learning_rate: Any
    covariance: Matrix | None = None
    mask: Any = None

    def __post_init__(self) -> None:
        check_chain(self.weights)
        check_target(self.weights, self.target)
        check_parts(self.weights, self.target, self.learning_rate)
        if self.covariance is None and self.mask is None:
            return
        check_data(self.weights, self.covariance, self.mask)
        check_positive_semidefinite(self.covariance)
        if isinstance(self.mask, np.ndarray):
            object.__setattr__(self, "mask", check_mask(self.mask))

    @property
    def depth(self) -> int:
        """N, the number of layers."""
        return len(self.weights)

    @cached_property
    def dimensions(self) -> tuple[int, ...]:
        """(d_0, ..., d_N)."""
        return (self.weights[0].shape[-1], *(matrix.shape[-2] for matrix in self.weights))

    @property
    def data(self) -> dict[str, Any]:
        """``covariance`` and ``mask``, as the functions of :mod:`solvers.network.network` take them by keyword."""
        return {"covariance": self.covariance, "mask": self.mask}

    @property
    def is_white(self) -> bool:
        """Whether the loss is 1/2 ||W - Phi||_F^2: neither covariance nor mask."""
        return self.covariance is None and self.mask is None

    @property
    def is_float64(self) -> bool:
        """Whether the entries are float64, so that :meth:`enclosed` can bound their rounding."""
        return bool(self.target.dtype == np.dtype(np.float64))

    def step(self) -> Problem:
        """The problem after one step of gradient descent, in its own arithmetic; its entries may have overflowed."""
        rate = self.learning_rate
        if isinstance(rate, np.ndarray):
            rate = rate[:, None, None]
        return self._with(weights=gradient_step(self.weights, self.target, rate, **self.data))

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
        problem = Problem(
            tuple(matrix(weight) for weight in self.weights), matrix(self.target), scalar(self.learning_rate)
        )
        return problem._with(covariance=None if self.covariance is None else matrix(self.covariance), mask=self.mask)

    def _with(self, **parts: Any) -> Problem:
        """A copy with parts that fit, and are not refused for what a step or a rounding did to them."""
        changed = copy.copy(self)
        for name, part in parts.items():
            object.__setattr__(changed, name, part)
        return changed


def check_white(problem: Problem, statement: str) -> None:
    """Raise ValueError where the loss is not 1/2 ||W - Phi||_F^2, that of which ``statement`` speaks."""
    if not problem.is_white:
        given = "covariance" if problem.mask is None else "mask"
        raise ValueError(f"problem has a {given}; expected none, since {statement} is about 1/2 ||W - Phi||_F^2")
