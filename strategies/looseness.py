"""What a search for looseness in Theorem 1 makes large or small: float64, on stacks of states.

Each is a ratio, or a conclusion at a learning rate, of :class:`strategies.worst_states.States`. They propose; the
claims that use them decide the same quantity in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from solvers.descent.descent import gradient_descent
from solvers.network.network import imbalances, layer_gradients, loss
from solvers.network.problem import Problem
from strategies.worst_states import States, frobenius

FloatArray = NDArray[np.float64]

RUN = 2
"""Steps that the whole theorem is held to where its learning rate is exceeded."""


def descends(states: States, rate: FloatArray) -> NDArray[np.bool_]:
    """4.3: L(t+1) <= L(t) - eta/2 sigma_min(W)^{2(N-1)/N} ||G||_F^2, as far as rounding lets tell."""
    least, _ = states.stepped(rate).losses
    _, most = states.losses
    found: NDArray[np.bool_] = least <= (1 - rate * states.smallest ** (2 - 2 / len(states.weights))) * most
    return found


def converges(states: States, rate: FloatArray) -> NDArray[np.bool_]:
    """4: l(t) <= l(0) exp(-eta c^{2(N-1)/N} t) for t = 1, ..., RUN, as far as rounding lets tell."""
    decay, (_, most) = states.margin ** (2 - 2 / len(states.weights)), states.losses
    holds = np.ones(len(rate), dtype=bool)
    for t in range(1, RUN + 1):
        states = states.stepped(rate)
        least, _ = states.losses
        holds &= least <= most * np.exp(-rate * decay * t)
    return holds


def first_failure(
    states: States, holds: Callable[[States, FloatArray], NDArray[np.bool_]], halvings: int = 10
) -> FloatArray:
    """The least multiple of the theorem's learning rate at which the conclusion fails, on powers of 4 from 2^6, then by
    bisection; infinite beyond 2^30."""
    low, high = np.ones(len(states.margin)), np.full(len(states.margin), np.inf)
    for multiple in 4.0 ** np.arange(3, 16):
        failed = ~holds(states, multiple * states.rate)
        high = np.where(failed & np.isinf(high), multiple, high)
        low = np.where(np.isinf(high), multiple, low)
        if np.isfinite(high).all():
            break
    for _ in range(halvings):
        middle = np.where(np.isinf(high), low, np.sqrt(low * high))
        passed = holds(states, middle * states.rate)
        low, high = np.where(passed, middle, low), np.where(passed, high, middle)
    return high


def exponent(states: States) -> FloatArray:
    """sum_j ||D_j||_F^2 / (L c^{2(N-1)/N}): what the loss's decay begins with, over what is guaranteed, as eta -> 0."""
    flow = sum(frobenius(d) ** 2 for d in layer_gradients(states.weights, states.target))
    depth = len(states.weights)
    found: FloatArray = flow / (loss(states.weights, states.target) * states.margin ** (2 - 2 / depth))
    return found


def one_step_drift(states: States) -> FloatArray:
    """4.4, A': the largest ||B_j(t+1) - B_j(t)||_F over 2 eta^2 M^{2(N-1)} ||G||_F^2, M^2 = (8 Phi_F^2)^{1/N}."""
    layers, depth = layer_gradients(states.weights, states.target), len(states.weights)
    moved = np.max([frobenius(b.mT @ b - a @ a.mT) for a, b in pairwise(layers)], axis=0)
    residual = states.product - states.target
    bound = 2 * (8 * frobenius(states.target) ** 2) ** ((depth - 1) / depth) * frobenius(residual) ** 2
    found: FloatArray = moved / bound
    return found


def norm_after_a_step(states: States) -> FloatArray:
    """4.4, C: the largest |W_j|_2 after one step over (4 Phi_F)^{1/N}."""
    after = states.stepped(states.rate).weights
    largest = np.max([np.linalg.norm(matrix, 2, axis=(1, 2)) for matrix in after], axis=0)
    found: FloatArray = largest / (4 * frobenius(states.target)) ** (1 / len(after))
    return found


def imbalance_on_the_way(states: States) -> FloatArray:
    """2.3: max_j ||B_j(T)||_F / (2 delta) for large T, from a short run at a larger rate: drift is linear in it."""
    depth = len(states.weights)
    rate = 1 / (16 * depth * (2 * frobenius(states.target)) ** (2 - 2 / depth))
    run = gradient_descent(Problem(states.weights, states.target, rate), steps=100)
    part = (states.rate / rate)[:, None, None]
    both = zip(imbalances(states.weights), imbalances(run.weights), strict=True)
    found: FloatArray = np.max([frobenius(b + part * (after - b)) for b, after in both], axis=0) / (2 * states.delta)
    return found
