"""The reference: :func:`solvers.network.gradient_step`, again and again. Every other path is tested against it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvers.descent.paths.stack import (
    FloatArray,
    IndexArray,
    Looks,
    Stack,
    layer_ends,
    layer_shapes,
    not_finite,
    pieces,
)
from solvers.network.network import end_to_end, frobenius_squared, gradient_step, loss_of


class Reference:
    """A stack of any shape; its state is (B, entries)."""

    closes_ranks = True

    def __init__(self, stacks: Sequence[Stack]) -> None:
        (stack,) = stacks
        self._target, self._rates, self._data = stack.target, stack.rates.copy(), stack.data
        self._shapes = layer_shapes(stack.dimensions)
        self.state = np.concatenate([matrix.reshape(len(stack), -1) for matrix in stack.weights], axis=1)

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        (weights,) = self.weights(self.state[None])
        current = tuple(matrix[0] for matrix in weights)
        for step in range(steps):
            if looks is not None:
                looks[0][step] = 2 * loss_of(end_to_end(current) - self._target, **self._data)
                looks[1][step] = np.max([frobenius_squared(matrix) for matrix in current], axis=0)
            current = gradient_step(current, self._target, self._rates[:, None, None], **self._data)
        self.state[...] = np.concatenate([matrix.reshape(len(self.state), -1) for matrix in current], axis=1)

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        layers = pieces(states, layer_ends(self._shapes))
        return [
            tuple(layer.reshape(*states.shape[:2], *shape) for layer, shape in zip(layers, self._shapes, strict=True))
        ]

    def clear(self, networks: IndexArray) -> None:
        self.state[networks] = 0.0
        self._rates[networks] = 0.0

    def overflowed(self, before: FloatArray) -> IndexArray:
        return not_finite(self)
