"""Depth 1: W(t) - Phi = (1 - eta)^t (W(0) - Phi), in one multiplication however large t is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvers.network import frobenius_squared
from solvers.paths.stack import FloatArray, IndexArray, Looks, Stack, not_finite


class ClosedForm:
    """A stack of single layers. The state is (B, d_1 d_0 + 1): the entries of W(t), and t, from which W(t) is always
    computed anew, so that it does not depend on the steps at which it was computed before. Single steps may overflow
    one step earlier, where eta (W - Phi) does and W does not."""

    closes_ranks = False  # a new start would round differently, and costs no less

    def __init__(self, stacks: Sequence[Stack]) -> None:
        (stack,) = stacks
        self._start, self._target, self._rates = stack.weights[0].copy(), stack.target, stack.rates.copy()
        entries = self._start.shape[1] * self._start.shape[2]
        self.state = np.append(self._start.reshape(len(stack), entries), np.zeros((len(stack), 1)), axis=1)

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        if looks is not None:
            for step in range(steps):
                now = self._at(self.state[:, -1] + step)
                looks[0][step] = frobenius_squared(now - self._target)
                looks[1][step] = frobenius_squared(now)
        self.state[:, -1] += steps
        self.state[:, :-1] = self._at(self.state[:, -1]).reshape(self.state[:, :-1].shape)

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        return [(np.ascontiguousarray(states[..., :-1]).reshape(*states.shape[:2], *self._start.shape[1:]),)]

    def clear(self, networks: IndexArray) -> None:
        for array in (self.state, self._start, self._rates):
            array[networks] = 0.0

    def overflowed(self, before: FloatArray) -> IndexArray:
        return not_finite(self)

    def _at(self, step: FloatArray) -> FloatArray:
        """W(t) from its nearer end: Phi + (1 - eta)^t (W(0) - Phi), or W(0) + (1 - (1 - eta)^t) (Phi - W(0)).

        Below eta = 1/2 the difference 1 - eta rounds, and a power would multiply that: the logarithm does not.
        """
        small = self._rates < 0.5
        exponent = step * np.log1p(-np.where(small, self._rates, 0.0))
        rest = np.where(small, np.exp(exponent), np.power(1.0 - self._rates, step))[:, None, None]
        done = -np.expm1(exponent)[:, None, None]
        residual = self._start - self._target
        from_start = small[:, None, None] & (rest > 0.5)
        found: FloatArray = np.where(from_start, self._start - done * residual, self._target + rest * residual)
        return found
