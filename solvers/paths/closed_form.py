"""Depth 1: W(t + k) - Phi = (1 - eta)^k (W(t) - Phi), in one multiplication however many steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvers.network import frobenius_squared
from solvers.paths.stack import FloatArray, IndexArray, Looks, Stack, not_finite


class ClosedForm:
    """A stack of single layers; its state is (B, d_1, d_0)."""

    def __init__(self, stacks: Sequence[Stack]) -> None:
        (stack,) = stacks
        self._target, self._rates = stack.target, stack.rates.copy()
        self.state = stack.weights[0].copy()

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        residual = self.state - self._target
        if looks is not None:
            factors = np.array([_power(self._rates, step) for step in range(steps)])
            looks[0][...] = frobenius_squared(residual) * factors**2
            for row, factor in zip(looks[1], factors, strict=True):
                row[...] = frobenius_squared(self._target + factor[:, None, None] * residual)
        factor = _power(self._rates, steps)[:, None, None]
        self.state[...] = np.where(factor == 1.0, self.state, self._target + factor * residual)

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        return [(np.ascontiguousarray(states),)]

    def clear(self, networks: IndexArray) -> None:
        self.state[networks] = 0.0
        self._rates[networks] = 0.0

    def overflowed(self, before: FloatArray) -> IndexArray:
        return not_finite(self)


def _power(rates: FloatArray, steps: int) -> FloatArray:
    """(1 - eta)^k. Below eta = 1/2 the difference 1 - eta rounds, and k multiplies that: the logarithm does not."""
    small = rates < 0.5
    logarithm = np.log1p(-np.where(small, rates, 0.0))
    return np.where(small, np.exp(steps * logarithm), (1.0 - rates) ** steps)
