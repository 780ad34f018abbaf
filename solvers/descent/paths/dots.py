"""One network of any size: 3 (N - 1) calls of BLAS a step, and one for a covariance, into buffers that live as long as
the run."""

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


class Dots:
    """A stack of one network; its state is the flat array of all entries.

    All weights are views of one flat array and all gradients of another, so that one subtraction updates every layer.
    ``prefixes[j]`` is W_{j+1} ... W_1; ``backs[j]`` is eta (W_N ... W_{j+2})^T G, the first one the first layer's
    gradient. The learning rate multiplies G, which is smaller than all gradients together. G is the residual
    R = W - Phi where the loss is white, M * R in its place for a mask, and for a covariance R S, or S R where the
    network is transposed.
    """

    closes_ranks = True

    def __init__(self, stacks: Sequence[Stack]) -> None:
        (stack,) = stacks
        if len(stack) != 1:
            raise ValueError(f"stack holds {len(stack)} networks; expected one")
        stack, self._flipped = stack.from_the_cheaper_end()
        self._shapes = layer_shapes(stack.dimensions)
        self._target = np.ascontiguousarray(stack.target[0])
        self._rate = float(stack.rates[0])
        self.state = np.concatenate([matrix[0].ravel() for matrix in stack.weights])
        self._gradient = np.empty_like(self.state)
        weights, gradients = self._views(self.state), self._views(self._gradient)
        inputs = stack.dimensions[0]
        prefixes = [weights[0], *(np.empty((rows, inputs)) for rows, _ in self._shapes[1:])]
        self._backs = [gradients[0], *(np.empty((rows, inputs)) for rows, _ in self._shapes[1:])]
        self._layers = weights
        self._end_to_end, self._outer = prefixes[-1], self._backs[-1]
        self._residual = self._outer if stack.covariance is None else np.empty_like(self._outer)
        self._mask = None if stack.mask is None else stack.mask[0].astype(np.float64)
        self._seen: tuple[FloatArray, FloatArray] | None = None
        if stack.covariance is not None:
            covariance = np.ascontiguousarray(stack.covariance[0])
            self._seen = (covariance, self._residual) if self._flipped else (self._residual, covariance)
        depth = len(weights)
        self._forward = [(weights[j].dot, prefixes[j - 1], prefixes[j]) for j in range(1, depth)]
        self._backward = []
        for j in range(depth - 1, 0, -1):
            self._backward.append((self._backs[j].dot, prefixes[j - 1].T, gradients[j]))
            self._backward.append((weights[j].T.dot, self._backs[j], self._backs[j - 1]))

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        end_to_end, residual, outer = self._end_to_end, self._residual, self._outer
        for step in range(steps):
            for dot, right, out in self._forward:
                dot(right, out)
            np.subtract(end_to_end, self._target, residual)
            if self._mask is not None:
                np.multiply(residual, self._mask, residual)
            elif self._seen is not None:
                np.dot(*self._seen, outer)
            if looks is not None:
                looks[0][step] = np.vdot(residual, outer)
                looks[1][step] = max(np.vdot(matrix, matrix) for matrix in self._layers)
            np.multiply(outer, self._rate, outer)
            for dot, right, out in self._backward:
                dot(right, out)
            np.subtract(self.state, self._gradient, self.state)

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        layers = pieces(states, layer_ends(self._shapes))
        shaped = [layer.reshape(-1, 1, *shape) for layer, shape in zip(layers, self._shapes, strict=True)]
        return [contiguous(shaped, self._flipped)]

    def clear(self, networks: IndexArray) -> None:
        if len(networks):
            self.state[...] = 0.0
            self._rate = 0.0

    def overflowed(self, before: FloatArray) -> IndexArray:
        return not_finite(self)

    def _views(self, flat: FloatArray) -> list[FloatArray]:
        layers = pieces(flat, layer_ends(self._shapes))
        return [layer.reshape(shape) for layer, shape in zip(layers, self._shapes, strict=True)]
