"""Depth 1: W(t) - Phi = (1 - eta)^t (W(0) - Phi), in one multiplication however large t is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from solvers.descent.paths.stack import FloatArray, IndexArray, Looks, Stack, not_finite, pieces


class ClosedForm:
    """Stacks of single layers. The state is all their entries, and t, from which W(t) is always computed anew, so that
    it does not depend on the steps at which it was computed before. Single steps may overflow one step earlier, where
    eta (W - Phi) does and W does not."""

    closes_ranks = False  # a new start would round differently, and costs no less

    def __init__(self, stacks: Sequence[Stack]) -> None:
        self._shapes = [stack.weights[0].shape for stack in stacks]
        self._ends = list(accumulate(stack.weights[0].size for stack in stacks))
        sizes = [size for stack in stacks for size in [stack.weights[0][0].size if len(stack) else 0] * len(stack)]
        self._owner = np.repeat(np.arange(len(sizes)), sizes)  # of each entry, its network
        self._start = np.concatenate([stack.weights[0].ravel() for stack in stacks])
        self._target = np.concatenate([stack.target.ravel() for stack in stacks])
        self._rates = np.concatenate([stack.rates for stack in stacks])[self._owner]
        self.state = np.append(self._start, 0.0)

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        if looks is not None:
            for step in range(steps):
                now = self._at(self.state[-1] + step)
                for look, entries in zip(looks, (now - self._target, now), strict=True):
                    look[step] = np.bincount(self._owner, entries**2, look.shape[1])
        self.state[-1] += steps
        self.state[:-1] = self._at(self.state[-1])

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        layers = zip(pieces(states, self._ends), self._shapes, strict=True)
        return [(np.ascontiguousarray(layer).reshape(len(states), *shape),) for layer, shape in layers]

    def clear(self, networks: IndexArray) -> None:
        theirs = np.flatnonzero(np.isin(self._owner, networks))
        for array in (self.state, self._start, self._rates):
            array[theirs] = 0.0

    def overflowed(self, before: FloatArray) -> IndexArray:
        return not_finite(self)

    def _at(self, step: float) -> FloatArray:
        """W(t) from its nearer end: Phi + (1 - eta)^t (W(0) - Phi), or W(0) + (1 - (1 - eta)^t) (Phi - W(0)).

        Below eta = 1/2 the difference 1 - eta rounds, and a power would multiply that: the logarithm does not.
        """
        small = self._rates < 0.5
        exponent = step * np.log1p(-np.where(small, self._rates, 0.0))
        rest = np.where(small, np.exp(exponent), np.power(1.0 - self._rates, step))
        done = self._rates if step == 1 else -np.expm1(exponent)
        residual = self._start - self._target
        from_start = self._start - done * residual
        found: FloatArray = np.where(small & (rest > 0.5), from_start, self._target + rest * residual)
        return found
