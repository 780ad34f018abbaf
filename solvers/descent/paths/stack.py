"""Networks of one shape side by side, and what a path does with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from solvers.network.network import transpose
from solvers.network.problem import Problem

FloatArray: TypeAlias = NDArray[np.float64]
IndexArray: TypeAlias = NDArray[np.intp]
Looks: TypeAlias = tuple[FloatArray, FloatArray]
"""Two arrays (steps, networks): <W(t) - Phi, G(t)>, twice the loss, and max_j ||W_j(t)||_F^2 before each step."""


@dataclass(frozen=True)
class Stack:
    """B networks of one shape: ``weights[j]`` (B, d_{j+1}, d_j), ``target`` (B, d_N, d_0), ``rates`` (B,), and the
    ``covariance`` (B, d_0, d_0) or the ``mask`` (B, d_N, d_0) where all of them have one."""

    weights: tuple[FloatArray, ...]
    target: FloatArray
    rates: FloatArray
    covariance: FloatArray | None = None
    mask: NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, problem: Problem) -> Stack:
        """The networks of a float64 problem, stacked or single."""
        if problem.weights[0].ndim == 2:
            return cls(
                tuple(matrix[None] for matrix in problem.weights),
                problem.target[None],
                np.array([problem.learning_rate], dtype=np.float64),
                *(None if part is None else part[None] for part in problem.data.values()),
            )
        count = len(problem.weights[0])
        return cls(
            problem.weights,
            np.broadcast_to(problem.target, (count, *problem.target.shape[-2:])),
            np.broadcast_to(np.asarray(problem.learning_rate, dtype=np.float64), (count,)),
            *(
                None if part is None else np.broadcast_to(part, (count, *part.shape[-2:]))
                for part in problem.data.values()
            ),
        )

    @cached_property
    def dimensions(self) -> tuple[int, ...]:
        """(d_0, ..., d_N)."""
        return (self.weights[0].shape[-1], *(matrix.shape[-2] for matrix in self.weights))

    @property
    def form(self) -> str:
        """Of the loss: "white", "covariance" or "mask"."""
        return "covariance" if self.covariance is not None else "white" if self.mask is None else "mask"

    @property
    def data(self) -> dict[str, Any]:
        """``covariance`` and ``mask``, by keyword."""
        return {"covariance": self.covariance, "mask": self.mask}

    def __len__(self) -> int:
        return len(self.rates)

    def take(self, which: Any) -> Stack:
        """Some of the networks: a slice (without a copy) or indices."""
        return Stack(
            tuple(matrix[which] for matrix in self.weights),
            self.target[which],
            self.rates[which],
            *(None if part is None else part[which] for part in self.data.values()),
        )

    def from_the_cheaper_end(self) -> tuple[Stack, bool]:
        """The stack, or the transposed one where d_N < d_0, and whether it is: W^T = W_1^T ... W_N^T has the
        same losses and transposed gradients, and all products but the updates have min(d_0, d_N) columns.

        A covariance stays as it is: in the transposed stack it is on the left, G^T = S R^T."""
        if self.dimensions[-1] >= self.dimensions[0]:
            return self, False
        mask = None if self.mask is None else transpose(self.mask)
        return Stack(transposed(self.weights), transpose(self.target), self.rates, self.covariance, mask), True


class Path(Protocol):
    """A way to move networks. ``state`` is all that moves, in the path's own layout: what is copied out of it can be
    written back later. Networks are numbered through all stacks. ``closes_ranks`` tells whether a path built anew for
    the networks that go on would move them as this one does."""

    state: FloatArray
    closes_ranks: bool

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        """Move all networks, and fill ``looks`` on the way."""

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        """For S copies of the state, the weights of each stack, shaped (S, B, d_{j+1}, d_j) and contiguous."""

    def clear(self, networks: IndexArray) -> None:
        """Set networks to zero weights and learning rate 0, where they stay."""

    def overflowed(self, before: FloatArray) -> IndexArray:
        """Which networks hold entries that are not finite, one step after the finite state ``before``."""


def transposed(weights: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    """The layers of the transposed network."""
    return tuple(transpose(matrix) for matrix in reversed(weights))


def contiguous(weights: Sequence[FloatArray], flipped: bool) -> tuple[FloatArray, ...]:
    """C-contiguous copies, turned back where the network was ``flipped``."""
    return tuple(np.ascontiguousarray(matrix) for matrix in (transposed(weights) if flipped else weights))


def layer_shapes(dimensions: Sequence[int]) -> list[tuple[int, int]]:
    """(d_{j+1}, d_j) of each layer."""
    return list(zip(dimensions[1:], dimensions[:-1], strict=True))


def layer_ends(shapes: Sequence[tuple[int, int]]) -> list[int]:
    """Where each layer ends when all entries lie one after another."""
    return list(accumulate(rows * columns for rows, columns in shapes))


def pieces(array: FloatArray, ends: Sequence[int]) -> list[FloatArray]:
    """Views of the last axis between ``ends``, the first from 0."""
    return [array[..., start:end] for start, end in zip((0, *ends[:-1]), ends, strict=True)]


def chosen_by_stack(networks: IndexArray, counts: Sequence[int]) -> list[IndexArray]:
    """Numbers through all stacks as numbers within each stack."""
    ends = np.cumsum(counts)
    return [
        networks[(networks >= end - count) & (networks < end)] - (end - count)
        for end, count in zip(ends, counts, strict=True)
    ]


def not_finite(path: Path) -> IndexArray:
    """Numbers of the networks with an entry that is not finite."""
    broken = [
        ~np.logical_and.reduce([np.isfinite(matrix[0]).all(axis=(-2, -1)) for matrix in weights])
        for weights in path.weights(path.state[None])
    ]
    return np.flatnonzero(np.concatenate(broken))
