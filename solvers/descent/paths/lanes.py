"""Many small networks of one shape: the batch is the last axis, so that every scalar product runs along it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvers.descent.paths.stack import (
    FloatArray,
    IndexArray,
    Looks,
    Stack,
    contiguous,
    layer_ends,
    layer_shapes,
    not_finite,
    pieces,
)


class Lanes:
    """A stack; its state is (entries, B). Products, and what G is, as in :class:`solvers.descent.paths.dots.Dots`, one
    lane a network."""

    closes_ranks = True

    def __init__(self, stacks: Sequence[Stack]) -> None:
        (stack,) = stacks
        stack, self._flipped = stack.from_the_cheaper_end()
        self._shapes, self._count = layer_shapes(stack.dimensions), len(stack)
        self._target = np.ascontiguousarray(np.moveaxis(stack.target, 0, -1))
        self._rates = stack.rates.copy()
        rows = np.concatenate([matrix.reshape(len(stack), -1) for matrix in stack.weights], axis=1)
        self.state = np.ascontiguousarray(rows.T)
        self._gradient = np.empty_like(self.state)
        weights, gradients = self._views(self.state), self._views(self._gradient)
        inputs = stack.dimensions[0]
        prefixes = [weights[0], *(np.empty((rows, inputs, len(stack))) for rows, _ in self._shapes[1:])]
        backs = [gradients[0], *(np.empty((rows, inputs, len(stack))) for rows, _ in self._shapes[1:])]
        self._layers, self._end_to_end, self._outer = weights, prefixes[-1], backs[-1]
        self._residual = self._outer if stack.covariance is None else np.empty_like(self._outer)
        self._mask, self._covariance = (
            None if part is None else np.ascontiguousarray(np.moveaxis(part, 0, -1), dtype=np.float64)
            for part in (stack.mask, stack.covariance)
        )
        depth = len(weights)
        self._forward = [("ikb,kjb->ijb", weights[j], prefixes[j - 1], prefixes[j]) for j in range(1, depth)]
        self._backward = []
        for j in range(depth - 1, 0, -1):
            self._backward.append(("ijb,kjb->ikb", backs[j], prefixes[j - 1], gradients[j]))
            self._backward.append(("kib,kjb->ijb", weights[j], backs[j], backs[j - 1]))

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        for step in range(steps):
            for product, left, right, out in self._forward:
                np.einsum(product, left, right, out=out)
            np.subtract(self._end_to_end, self._target, self._residual)
            if self._mask is not None:
                np.multiply(self._residual, self._mask, self._residual)
            elif self._covariance is not None:
                pair = (self._covariance, self._residual) if self._flipped else (self._residual, self._covariance)
                np.einsum("ikb,kjb->ijb", *pair, out=self._outer)
            if looks is not None:
                np.einsum("ijb,ijb->b", self._residual, self._outer, out=looks[0][step])
                squares = [np.einsum("ijb,ijb->b", matrix, matrix) for matrix in self._layers]
                looks[1][step] = np.max(squares, axis=0)
            np.multiply(self._outer, self._rates, self._outer)
            for product, left, right, out in self._backward:
                np.einsum(product, left, right, out=out)
            np.subtract(self.state, self._gradient, self.state)

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        layers = pieces(states.swapaxes(1, 2), layer_ends(self._shapes))
        shaped = [
            layer.reshape(len(states), self._count, *shape) for layer, shape in zip(layers, self._shapes, strict=True)
        ]
        return [contiguous(shaped, self._flipped)]

    def clear(self, networks: IndexArray) -> None:
        self.state[:, networks] = 0.0
        self._rates[networks] = 0.0

    def overflowed(self, before: FloatArray) -> IndexArray:
        return not_finite(self)

    def _views(self, flat: FloatArray) -> list[FloatArray]:
        layers = np.split(flat, layer_ends(self._shapes)[:-1])
        return [layer.reshape(*shape, self._count) for layer, shape in zip(layers, self._shapes, strict=True)]
