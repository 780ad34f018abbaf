"""Depth 1: W(t) - Phi = (1 - eta)^t (W(0) - Phi), in one multiplication however large t is; with a mask where M = 1,
and with a covariance W(t) - Phi = (W(0) - Phi) (I - eta S)^t, mode by mode in the eigenvectors of S."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from solvers.descent.paths.stack import FloatArray, IndexArray, Looks, Stack, not_finite, pieces
from solvers.network.network import frobenius_squared, inner


class ClosedForm:
    """Stacks of single layers, white or with masks. The state is all their entries, and t, from which W(t) is always
    computed anew, so that it does not depend on the steps at which it was computed before. Single steps may overflow
    one step earlier, where eta (W - Phi) does and W does not. An entry that is not observed has learning rate 0."""

    closes_ranks = False  # a new start would round differently, and costs no less

    def __init__(self, stacks: Sequence[Stack]) -> None:
        self._shapes = [stack.weights[0].shape for stack in stacks]
        self._ends = list(accumulate(stack.weights[0].size for stack in stacks))
        sizes = [size for stack in stacks for size in [stack.weights[0][0].size if len(stack) else 0] * len(stack)]
        self._owner = np.repeat(np.arange(len(sizes)), sizes)  # of each entry, its network
        self._start = np.concatenate([stack.weights[0].ravel() for stack in stacks])
        self._target = np.concatenate([stack.target.ravel() for stack in stacks])
        self._rates = np.concatenate([stack.rates for stack in stacks])[self._owner]
        self._seen = np.ones(len(self._start), dtype=np.bool_)
        if any(stack.mask is not None for stack in stacks):
            self._seen = np.concatenate([np.ravel(stack.mask) for stack in stacks])  # type: ignore[arg-type]
            self._rates = np.where(self._seen, self._rates, 0.0)
        self.state = np.append(self._start, 0.0)

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        if looks is not None:
            for step in range(steps):
                now = self._at(self.state[-1] + step)
                for look, entries in zip(looks, (self._seen * (now - self._target), now), strict=True):
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
        """W(t) from its nearer end."""
        rest, done, near = _powers(self._rates, step)
        residual = self._start - self._target
        found: FloatArray = np.where(near, self._start - done * residual, self._target + rest * residual)
        return found


class CorrelatedForm:
    """A stack of single layers with covariances S = V diag(s) V^T: column i of (W(t) - Phi) V shrinks by 1 - eta s_i a
    step. The state is all entries and t, as above; W(t) is computed from W(0) while some mode is near it."""

    closes_ranks = False

    def __init__(self, stacks: Sequence[Stack]) -> None:
        (stack,) = stacks
        assert stack.covariance is not None
        self._covariance, self._start, self._target = stack.covariance, stack.weights[0].copy(), stack.target
        values, self._modes = np.linalg.eigh(stack.covariance)
        self._rates = stack.rates[:, None, None] * np.maximum(values, 0.0)[:, None, :]
        self.state = np.append(self._start.ravel(), 0.0)

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        if looks is not None:
            for step in range(steps):
                now = self._at(self.state[-1] + step)
                residual = now - self._target
                looks[0][step] = inner(residual, residual @ self._covariance)
                looks[1][step] = frobenius_squared(now)
        self.state[-1] += steps
        self.state[:-1] = self._at(self.state[-1]).ravel()

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        return [(np.ascontiguousarray(states[:, :-1]).reshape(len(states), *self._start.shape),)]

    def clear(self, networks: IndexArray) -> None:
        self.state[:-1].reshape(self._start.shape)[networks] = 0.0
        for array in (self._start, self._rates):
            array[networks] = 0.0

    def overflowed(self, before: FloatArray) -> IndexArray:
        return not_finite(self)

    def _at(self, step: float) -> FloatArray:
        rest, done, near = _powers(self._rates, step)
        modes, back = (self._start - self._target) @ self._modes, self._modes.mT
        found: FloatArray = np.where(
            near.any(axis=-1, keepdims=True),
            self._start - (done * modes) @ back,
            self._target + (rest * modes) @ back,
        )
        return found


def _powers(rates: FloatArray, step: float) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """(1 - eta)^t, 1 - (1 - eta)^t, and whether W(0) is the nearer end: Phi + (1 - eta)^t (W(0) - Phi), or
    W(0) + (1 - (1 - eta)^t) (Phi - W(0)).

    Below eta = 1/2 the difference 1 - eta rounds, and a power would multiply that: the logarithm does not.
    """
    small = rates < 0.5
    exponent = step * np.log1p(-np.where(small, rates, 0.0))
    rest = np.where(small, np.exp(exponent), np.power(1.0 - rates, step))
    done = rates if step == 1 else np.where(small, -np.expm1(exponent), 1.0 - rest)
    return rest, done, small & (rest > 0.5)
