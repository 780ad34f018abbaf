"""The worst states that meet the hypotheses of Theorem 1, or of Lemma 7 of ACGH19, for a ratio that is to be large.

A point of the search is a vector of numbers, and :meth:`States.at` makes of every vector a state that meets the
hypotheses up to rounding. Hypothesis's ``target()`` leads to a start, and a random local search goes on from there: of
a stack of moves the best is taken, and where none is better the moves get smaller. All in float64: what is found is
a proposal, for exact arithmetic to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from flint import fmpq
from hypothesis import Phase, given, settings, target
from hypothesis import seed as seeded
from hypothesis import strategies as st
from numpy.typing import NDArray

from solvers.arithmetic import rational
from solvers.guarantees.limits import at_most
from solvers.guarantees.theorem_one import imbalance_limit, learning_rate_limit
from solvers.network.network import end_to_end, gradient_step, imbalances, loss_of
from solvers.network.problem import Problem

FloatArray = NDArray[np.float64]

MOVES, ROUNDS, SEED = 64, 14, 1
NEAR = 1 - 2.0**-24
"""Floats stay this far inside every hypothesis, so that the exact check finds it met."""
LEAST = 2.0**-12


@dataclass(frozen=True)
class States:
    """A stack of networks of one shape with c for each, and delta and the largest learning rate for that c."""

    weights: tuple[FloatArray, ...]
    target: FloatArray
    margin: FloatArray

    @staticmethod
    def numbers(widths: tuple[int, ...]) -> int:
        """How many numbers a point has."""
        return 2 * widths[0] * widths[-1] + sum(a * b for a, b in pairwise(widths)) + 2

    @classmethod
    def at(cls, points: FloatArray, widths: tuple[int, ...], *, lemma: bool) -> States:
        """W = Phi + x r E, factored in balance, moved until max_j ||B_j||_F is y delta; Phi, E, the move, x and y in
        (0, 1) are a point's numbers. r is such that W keeps the margin (1 - x) sigma_min(Phi), the c of Theorem 1; with
        ``lemma`` such that |W - Phi|_2 = x Phi_F, Lemma 7's set, and c is sigma_min(W)."""
        shapes = list(zip(widths[1:], widths[:-1], strict=True))
        ends = [(widths[-1], widths[0])] * 2
        target, direction, *noise = _unpacked(points[:, :-2], [*ends, *shapes])
        x, y = np.clip(1 / (1 + np.exp(-2 * points[:, -2:].T)), LEAST, 1 - LEAST)
        values = np.linalg.svd(target, compute_uv=False)
        size = np.linalg.norm(direction, 2, axis=(1, 2)) if lemma else frobenius(direction)
        reach = (frobenius(target) if lemma else values[:, -1]) / size
        balanced = _balanced_factors(target + (x * reach)[:, None, None] * direction, widths)
        states, limit = cls._measured(balanced, target, lemma=lemma), 2 if lemma else 1
        length = np.sqrt(sum(frobenius(n) ** 2 for n in noise))
        cap = np.sqrt(states.delta) / length / 64 * (len(shapes) > 1)  # a single layer has no imbalance
        scale = cap
        for _ in range(4):  # delta depends on c, which depends on the weights
            moved = tuple(w + scale[:, None, None] * n for w, n in zip(balanced, noise, strict=True))
            states = cls._measured(moved, target, lemma=lemma)
            wanted = scale * limit * NEAR * y * states.delta / np.maximum(states.imbalance, 1e-100)
            scale = np.minimum(wanted, 64 * cap)  # where a move hardly changes any B_j
        return states

    @classmethod
    def _measured(cls, weights: tuple[FloatArray, ...], target: FloatArray, *, lemma: bool) -> States:
        product = end_to_end(weights)
        least = np.linalg.svd(product if lemma else target, compute_uv=False)[:, -1]
        margin = least if lemma else least - frobenius(product - target)
        return cls(weights, target, NEAR * np.maximum(margin, 1e-100))

    @cached_property
    def delta(self) -> FloatArray:
        return at_most(imbalance_limit, len(self.weights), self.margin, frobenius(self.target))

    @cached_property
    def rate(self) -> FloatArray:
        limit = at_most(learning_rate_limit, len(self.weights), self.margin, frobenius(self.target))
        return NEAR * np.maximum(limit, 0.0)  # of a state without a margin it underflows

    @cached_property
    def imbalance(self) -> FloatArray:
        found: FloatArray = np.max(
            [frobenius(b) for b in imbalances(self.weights)] or [np.zeros(len(self.margin))], axis=0
        )
        return found

    @cached_property
    def product(self) -> FloatArray:
        """W."""
        found: FloatArray = end_to_end(self.weights)
        return found

    @cached_property
    def smallest(self) -> FloatArray:
        """sigma_min(W)."""
        return np.asarray(np.linalg.svd(self.product, compute_uv=False)[:, -1], dtype=np.float64)

    @cached_property
    def losses(self) -> tuple[FloatArray, FloatArray]:
        """What the loss is at least and at most: near the target rounding of W - Phi is more of it than a step changes.

        A computed W - Phi is off by at most u (||W_N||_F ... ||W_1||_F + ||Phi||_F), u = (d_0 + ... + d_N + 2) 2^-52.
        """
        unit = (sum(matrix.shape[-1] for matrix in self.weights) + self.target.shape[-2] + 2) * 2.0**-52
        layers = np.prod([frobenius(matrix) for matrix in self.weights], axis=0)
        off, residual = unit * (layers + frobenius(self.target)), self.product - self.target
        found, length = loss_of(residual), frobenius(residual)
        error = (length + off) * (off + unit * length)
        return found - error, found + error

    def stepped(self, rate: FloatArray) -> States:
        """After one step."""
        return replace(self, weights=gradient_step(self.weights, self.target, rate[:, None, None]))

    def one(self) -> tuple[Problem, fmpq]:
        """The first state at its largest learning rate, and its c."""
        weights = tuple(matrix[0] for matrix in self.weights)
        return Problem(weights, self.target[0], float(self.rate[0])), rational(float(self.margin[0]))


def frobenius(matrix: FloatArray) -> FloatArray:
    """||A||_F of each matrix of a stack."""
    found: FloatArray = np.sqrt((matrix * matrix).sum(axis=(-2, -1)))
    return found


def _unpacked(points: FloatArray, shapes: list[tuple[int, int]]) -> list[FloatArray]:
    ends = np.cumsum([rows * columns for rows, columns in shapes])[:-1]
    parts = np.split(points, ends, axis=1)
    return [part.reshape(-1, *shape) for part, shape in zip(parts, shapes, strict=True)]


def _balanced_factors(start: FloatArray, widths: tuple[int, ...]) -> tuple[FloatArray, ...]:
    """:func:`solvers.balanced_factors` of a stack."""
    left, values, right = np.linalg.svd(start, full_matrices=False)
    rank = values.shape[1]
    roots = np.eye(rank) * (values ** (1 / (len(widths) - 1)))[:, None, :]
    bases = [right.mT, *(np.eye(width, rank) for width in widths[1:-1]), left]
    return tuple(after @ roots @ before.mT for before, after in pairwise(bases))


Ratio = Callable[[States], FloatArray]


def worst(ratio: Ratio, shapes: tuple[tuple[int, ...], ...], *, lemma: bool) -> tuple[States, str]:
    """The state with the largest ratio that a search over the widths finds, and how it was searched."""
    examples = settings().max_examples
    widths, point = search(ratio, shapes, lemma=lemma, examples=examples)
    draws, rounds = _effort(examples)
    names = ", ".join("-".join(map(str, widths)) for widths in shapes)
    how = f"{names}: {draws} draws with target(), then {rounds} rounds of {MOVES} random moves each, seed {SEED}"
    return States.at(point[None], widths, lemma=lemma), how


def search(
    ratio: Ratio,
    shapes: tuple[tuple[int, ...], ...],
    *,
    lemma: bool,
    examples: int,
    seed: int = SEED,
    starts: Mapping[tuple[int, ...], FloatArray] = MappingProxyType({}),
) -> tuple[tuple[int, ...], FloatArray]:
    """The widths and the point with the largest ratio, from draws for each widths, and from what it ``starts`` from.

    ``examples`` is the effort, and counts as Hypothesis's; the same arguments find the same point on one machine.
    """
    draws, rounds = _effort(examples)
    found = []
    for widths in shapes:
        begun = [_drawn(ratio, widths, draws, lemma, seed)]
        if widths in starts:
            begun.append((starts[widths], float(_values(ratio, starts[widths][None], widths, lemma)[0])))
        found += [(widths, *_climbed(ratio, widths, rounds, lemma, seed, *start)) for start in begun]
    widths, point, _ = max(found, key=lambda each: each[2])
    return widths, point


def _effort(examples: int) -> tuple[int, int]:
    """Draws, and rounds of moves."""
    return max(1, examples // 2), ROUNDS * min(10, max(1, examples // 25))


def _values(ratio: Ratio, points: FloatArray, widths: tuple[int, ...], lemma: bool) -> FloatArray:
    """The ratios; minus infinity for a state that does not exist (a zero target, a zero direction) or does not fit."""
    usable = np.isfinite(points).all(axis=1)
    with np.errstate(all="ignore"):
        states = States.at(points, widths, lemma=lemma)
        values = ratio(states)
        usable &= np.isfinite(values) & (states.margin > 1e-3 * frobenius(states.target))
        if lemma:
            residual = states.product - states.target
            usable &= np.linalg.norm(residual, 2, axis=(1, 2)) <= NEAR * frobenius(states.target)
        usable &= states.imbalance <= (2 if lemma else 1) * states.delta * (1 - 2.0**-26)
    return np.where(usable, values, -np.inf)


def _drawn(ratio: Ratio, widths: tuple[int, ...], draws: int, lemma: bool, seed: int) -> tuple[FloatArray, float]:
    count = States.numbers(widths)
    best = (np.ones(count), -np.inf)

    @settings(max_examples=draws, derandomize=seed == SEED, database=None, phases=[Phase.generate, Phase.target])
    @given(st.lists(st.integers(-16, 16).filter(bool), min_size=count, max_size=count))
    def explore(entries: list[int]) -> None:
        nonlocal best
        point = np.array(entries) / 8
        value = float(_values(ratio, point[None], widths, lemma)[0])
        if np.isfinite(value):
            target(value)
            best = max(best, (point, value), key=lambda pair: pair[1])

    (explore if seed == SEED else seeded(seed)(explore))()
    return best


def _climbed(
    ratio: Ratio, widths: tuple[int, ...], rounds: int, lemma: bool, seed: int, point: FloatArray, value: float
) -> tuple[FloatArray, float]:
    """A random local search: the best of many moves is taken; where none is better, they get smaller."""
    rng, size = np.random.default_rng(seed), 1.0
    for _ in range(rounds):
        spread = size * 2.0 ** rng.uniform(-3, 1, (MOVES, 1))
        moves = point + spread * rng.standard_normal((MOVES, len(point)))
        values = _values(ratio, moves, widths, lemma)
        best = int(values.argmax())
        if values[best] > value:
            point, value = moves[best], float(values[best])
        else:
            size *= 0.7
    return point, value
