"""Gradient descent on many objectives of U U^T at once, one start for each.

    f_b(U_b) = 1/4 <N_b, T_b N_b>,   N_b = U_b U_b^T - M_b,   b = 1, ..., B,

for counting how often descent recovers M when T is drawn at random: each draw has its own T, M and start. T is a mask
(:class:`MaskStack`), the mean of m terms a a^T <a a^T, .> (:class:`PhaseStack`) or of m terms A <A, .>
(:class:`SensingStack`). As :mod:`solvers.shallow.factored`, where one objective is shared by all starts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isqrt
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from solvers.shallow.checks import check_array, check_symmetric
from solvers.shallow.descent import march, norms_of
from solvers.shallow.trajectory import Book, ShallowTrajectory, checked_plan, checked_start

FloatArray = NDArray[np.float64]
Rows = NDArray[np.bool_]


class ObjectiveStack(Protocol):
    """B objectives; ``gradient`` and ``value`` take B factors, (B, n, k), to (B, n, k) and (B,)."""

    @property
    def shape(self) -> tuple[int, int]:
        """(B, n)."""

    def gradient(self, factors: FloatArray) -> FloatArray:
        """T_b(N_b) U_b."""

    def value(self, factors: FloatArray) -> FloatArray:
        """f_b(U_b)."""

    def rows(self, which: Rows) -> Self:
        """The objectives of ``which`` alone."""


@dataclass(frozen=True)
class MaskStack:
    """T_b X = X on the entries where ``patterns``[b] is 1; ``targets`` M_b; both (B, n, n) and symmetric."""

    targets: FloatArray
    patterns: FloatArray

    def __post_init__(self) -> None:
        for array, name in ((self.targets, "targets"), (self.patterns, "patterns")):
            check_array(array, name, axes=3, expected="(B, n, n)")
        _same(self.targets.shape, self.patterns.shape, "patterns")

    @property
    def shape(self) -> tuple[int, int]:
        return self.targets.shape[:2]

    def gradient(self, factors: FloatArray) -> FloatArray:
        return self._seen(factors) @ factors

    def value(self, factors: FloatArray) -> FloatArray:
        return _squares(self._seen(factors)) / 4

    def rows(self, which: Rows) -> MaskStack:
        return MaskStack(self.targets[which], self.patterns[which])

    def _seen(self, factors: FloatArray) -> FloatArray:
        found: FloatArray = self.patterns * (factors @ factors.mT.copy() - self.targets)
        return found


@dataclass(frozen=True)
class PhaseStack:
    """T_b X = 1/m sum_l a_l a_l^T (a_l^T X a_l) with the rows a_l of ``vectors``[b], (B, m, n); M_b is known by the
    numbers a_l^T M_b a_l, ``seen`` (B, m)."""

    vectors: FloatArray
    seen: FloatArray

    def __post_init__(self) -> None:
        check_array(self.vectors, "vectors", axes=3, expected="(B, m, n)")
        check_array(self.seen, "seen", axes=2, expected="(B, m)")
        _same(self.vectors.shape[:2], self.seen.shape, "seen")

    @property
    def shape(self) -> tuple[int, int]:
        return self.vectors.shape[0], self.vectors.shape[2]

    def gradient(self, factors: FloatArray) -> FloatArray:
        products = self.vectors @ factors
        found: FloatArray = self.vectors.mT @ (self._excess(products)[..., None] * products) / self.seen.shape[1]
        return found

    def value(self, factors: FloatArray) -> FloatArray:
        found: FloatArray = _squares(self._excess(self.vectors @ factors)[..., None]) / (4 * self.seen.shape[1])
        return found

    def rows(self, which: Rows) -> PhaseStack:
        return PhaseStack(self.vectors[which], self.seen[which])

    def _excess(self, products: FloatArray) -> FloatArray:
        found: FloatArray = np.vecdot(products, products) - self.seen
        return found


@dataclass(frozen=True)
class SensingStack:
    """T_b X = 1/m sum_l A_l <A_l, X> with symmetric A_l, of which ``packed``[b, l] holds the n (n+1)/2 entries on and
    above the diagonal in the order of ``numpy.triu_indices``; M_b is known by the numbers <A_l, M_b>, ``seen`` (B, m).
    """

    packed: FloatArray
    seen: FloatArray

    def __post_init__(self) -> None:
        check_array(self.packed, "packed", axes=3, expected="(B, m, n (n + 1) / 2)")
        check_array(self.seen, "seen", axes=2, expected="(B, m)")
        _same(self.packed.shape[:2], self.seen.shape, "seen")

    @classmethod
    def of(cls, matrices: FloatArray, seen: FloatArray) -> SensingStack:
        """From the A_l themselves, (B, m, n, n)."""
        check_array(matrices, "matrices", axes=4, expected="(B, m, n, n)")
        check_symmetric(matrices, "matrices")
        rows, columns = np.triu_indices(matrices.shape[-1])
        return cls(matrices[..., rows, columns], seen)

    @property
    def shape(self) -> tuple[int, int]:
        return self.packed.shape[0], (isqrt(8 * self.packed.shape[2] + 1) - 1) // 2

    def gradient(self, factors: FloatArray) -> FloatArray:
        rows, columns = np.triu_indices(self.shape[1])
        weighted = (self._excess(factors)[:, None, :] @ self.packed)[:, 0] / self.seen.shape[1]
        image = np.empty((len(factors), self.shape[1], self.shape[1]))
        image[:, rows, columns] = image[:, columns, rows] = weighted
        found: FloatArray = image @ factors
        return found

    def value(self, factors: FloatArray) -> FloatArray:
        found: FloatArray = _squares(self._excess(factors)[..., None]) / (4 * self.seen.shape[1])
        return found

    def rows(self, which: Rows) -> SensingStack:
        return SensingStack(self.packed[which], self.seen[which])

    def _excess(self, factors: FloatArray) -> FloatArray:
        rows, columns = np.triu_indices(self.shape[1])
        twice = np.where(rows == columns, 1.0, 2.0)
        squares = (factors @ factors.mT.copy())[:, rows, columns] * twice
        found: FloatArray = (self.packed @ squares[..., None])[..., 0] - self.seen
        return found


def stacked_descent(
    stack: ObjectiveStack,
    start: FloatArray,
    *,
    learning_rate: float,
    steps: int,
    record: Iterable[int] = (),
    stop_at_value: float | None = None,
    stop_at_gradient: float | None = None,
) -> ShallowTrajectory:
    """U_b <- U_b - eta grad f_b(U_b) from ``start`` (B, n, k), all at once; the rest as in ``factored_descent``.

    A start whose entries overflow stops there, with ``diverged`` set, and the others go on. Raises TypeError or
    ValueError for bad input; Ctrl-C raises :class:`solvers.InterruptedRun` with what was done.
    """
    plan = checked_plan(learning_rate, steps, record, stop_at_value, stop_at_gradient)
    count, size = stack.shape
    states = checked_start(start, (size, None), f"({count}, {size}, k)")
    if start.ndim != 3 or len(states) != count:
        raise ValueError(f"start has shape {start.shape}; expected ({count}, {size}, k), one start for each objective")
    book = Book(states, plan)
    interrupted = march(_Stacked(stack, states, plan.learning_rate), book, descending=True)
    book.close(stack.value)
    return book.result(single=False, interrupted=interrupted)


class _Stacked:
    """The sweep of :func:`solvers.shallow.descent.march`."""

    def __init__(self, stack: ObjectiveStack, states: FloatArray, rate: float) -> None:
        self.stack, self.states, self.rate = stack, states, rate
        self.gradients = states

    def prepare(self) -> FloatArray:
        self.gradients = self.stack.gradient(self.states)
        return norms_of(self.gradients)

    def values(self, rows: Rows) -> FloatArray:
        return self.stack.rows(rows).value(self.states[rows]) if rows.any() else np.zeros(0)

    def points(self, rows: Rows) -> FloatArray:
        return self.states[rows]

    def moved(self) -> FloatArray:
        found: FloatArray = self.states - self.rate * self.gradients
        return found

    def keep(self, rows: Rows) -> None:
        self.stack, self.states, self.gradients = self.stack.rows(rows), self.states[rows], self.gradients[rows]


def _squares(arrays: FloatArray) -> FloatArray:
    """|A|_F^2 of each of a stack of matrices."""
    flat = arrays.reshape(len(arrays), -1)
    found: FloatArray = np.vecdot(flat, flat)
    return found


def _same(expected: tuple[int, ...], shape: tuple[int, ...], name: str) -> None:
    if shape != expected:
        raise ValueError(f"{name} has shape {shape}; expected {expected}")
