"""Stacks of states for single-step statements: thousands of networks of one shape, drawn from a seed.

A state is a network, a target, a learning rate and a c > 0. The set is that of Lemma 7 of ACGH19: |W - Phi|_2 <= Phi_F,
sigma_min(W) >= c, every ||B_j||_F at most twice a limit, eta at most a limit, both functions of (N, c, Phi_F). Half of
all draws sit on each boundary, up to 2^-10 or to rounding: c = sigma_min(W), the imbalance at its limit (in a random
direction, or as layers whose norms differ), eta at its limit, |W - Phi|_2 = Phi_F as far as G's direction reaches it.
G has any direction, or rank one, or lies along W's smallest singular pair, or along W, to it or away.

:mod:`solvers.network.stacks` measures them in intervals, so that formulas that are written for exact scalars decide
thousands of states at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from numpy.typing import NDArray

from solvers.arithmetic import Enclosure
from solvers.guarantees.limits import Limit, at_most
from solvers.guarantees.theorem_one import imbalance_limit, learning_rate_limit
from solvers.network.network import end_to_end, imbalances
from solvers.network.problem import Problem
from strategies.arguments import check_no_bottleneck, check_strategy, check_whole
from strategies.whole_problems import MarginProblem
from strategies.widths import dimensions as all_dimensions

FloatArray = NDArray[np.float64]

NEAR = 1 - 2.0**-10
INSIDE = 1 - 2.0**-32  # farther from a boundary than float64 rounding in the conditions moves it
EQUALISING = 6  # rounds that bring the imbalance to its limit


@dataclass(frozen=True, repr=False)
class StateStack:
    """``problem`` holds B networks: weights (B, d_j, d_{j-1}), target (B, d_N, d_0), learning_rate (B,), and for data
    that are not white a covariance (B, d_0, d_0).

    ``margin`` (B,) holds their c; ``stack[k]`` is one of them; ``seed`` is what their contents came from."""

    problem: Problem
    margin: FloatArray
    seed: int

    def __repr__(self) -> str:
        return f"<{len(self)} states of widths {self.problem.dimensions} from seed {self.seed}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Hypothesis prints of an example: not its thousands of numbers."""
        printer.text(repr(self))

    def __len__(self) -> int:
        return len(self.margin)

    def enclosed(self) -> Problem:
        """All of them at once, in float64 that bounds its own rounding; the learning rates stay as they are."""
        stack = self.problem
        weights = tuple(Enclosure.of(matrix) for matrix in stack.weights)
        covariance = None if stack.covariance is None else Enclosure.of(stack.covariance)
        return Problem(weights, Enclosure.of(stack.target), stack.learning_rate, covariance=covariance)

    def __getitem__(self, k: int) -> MarginProblem:
        """State k on its own."""
        stack = self.problem
        weights, covariance = tuple(matrix[k] for matrix in stack.weights), stack.covariance
        seen = {} if covariance is None else {"covariance": covariance[k]}
        return MarginProblem(
            Problem(weights, stack.target[k], float(stack.learning_rate[k]), **seen), float(self.margin[k])
        )


@st.composite
def state_stacks(
    draw: st.DrawFn,
    *,
    size: int,
    dimensions: st.SearchStrategy[tuple[int, ...]] | None = None,
    imbalance: Limit = imbalance_limit,
    learning_rate: Limit = learning_rate_limit,
    room: bool = False,
) -> StateStack:
    """A stack of at most ``size`` states, seldom fewer; widths (no bottleneck) and a seed for the contents are drawn.

    ``imbalance`` and ``learning_rate`` are the limits of delta and eta, Theorem 1's where not given. c may be up to
    2 Phi_F; with ``room`` it leaves |W - Phi|_2 + c <= Phi_F, as a deficiency margin does. States that are not
    inside the set by more than rounding are left out.
    """
    check_whole(size, "size", least=1)
    if not isinstance(room, bool):
        raise InvalidArgument(f"room is {room!r}; expected True or False")
    for name, limit in (("imbalance", imbalance), ("learning_rate", learning_rate)):
        if not callable(limit):
            raise InvalidArgument(f"{name} is {limit!r}; expected a function of (N, c, Phi_F)")
    widths = check_no_bottleneck(draw(check_strategy(dimensions, "dimensions", _narrow)))
    return _stack(draw(st.integers(0, 2**32 - 1)), widths, size, imbalance, learning_rate, room)


def _narrow() -> st.SearchStrategy[tuple[int, ...]]:
    return all_dimensions(bottleneck=False, max_width=4)


def _stack(
    seed: int, widths: tuple[int, ...], size: int, imbalance: Limit, learning_rate: Limit, room: bool
) -> StateStack:
    rng, depth = np.random.default_rng(seed), len(widths) - 1
    weights, noise = balanced_stack(rng, widths, size), noise_stack(rng, widths, size)
    direction = direction_stack(rng, end_to_end(weights))
    reach, part = fraction_stack(rng, size), fraction_stack(rng, size)
    share = np.where(rng.random(size) < 0.5, INSIDE, rng.random(size))
    twice = 2 * part * INSIDE
    noise = of_moderate_size(noise, weights)
    for _ in range(EQUALISING):  # the limit depends on Phi and c, which depend on the weights
        moved = tuple(matrix + move for matrix, move in zip(weights, noise, strict=True))
        target, margin, norm = _rest(moved, direction, reach, share, room)
        wanted, found = twice * at_most(imbalance, depth, margin, norm), largest_imbalance(moved)
        factor = np.where(found > 0, np.minimum(wanted / np.maximum(found, 1e-300), 2.0), 1.0)
        noise = tuple(move * factor[:, None, None] for move in noise)
    moved = tuple(matrix + move for matrix, move in zip(weights, noise, strict=True))
    target, margin, norm = _rest(moved, direction, reach, share, room)
    excess = largest_imbalance(moved) > 2 * INSIDE * at_most(imbalance, depth, margin, norm)
    safer = np.where(excess, 1 / 64, 1.0)[:, None, None]  # where the rounds did not settle
    moved = tuple(matrix + safer * move for matrix, move in zip(weights, noise, strict=True))
    target, margin, norm = _rest(moved, direction, reach, share, room)
    keep = _inside(moved, target, margin, norm, imbalance, room)
    rate = at_most(learning_rate, depth, margin[keep], norm[keep]) * fraction_stack(rng, int(keep.sum()), near=INSIDE)
    taken = tuple(np.ascontiguousarray(matrix[keep]) for matrix in moved)
    return StateStack(Problem(taken, target[keep], rate), margin[keep], seed)


def fraction_stack(rng: np.random.Generator, size: int, near: float = NEAR) -> FloatArray:
    """In (0, near], half of them ``near`` itself."""
    return np.where(rng.random(size) < 0.5, near, (1 - rng.random(size)) * near)


def orthogonal_stack(rng: np.random.Generator, size: int, width: int) -> FloatArray:
    """Orthogonal matrices."""
    basis: FloatArray = np.linalg.qr(rng.standard_normal((size, width, width)))[0]
    return basis


def balanced_stack(rng: np.random.Generator, widths: tuple[int, ...], size: int) -> tuple[FloatArray, ...]:
    """W_j = Q_j S Q_{j-1}^T, S^N log-uniform in [1/8, 1], all equal for a quarter of the states."""
    count = min(widths)
    values = 8.0 ** -rng.random((size, count))
    values = np.where(rng.random((size, 1)) < 0.25, values[:, :1], values) ** (1 / (len(widths) - 1))
    middle = [np.zeros((size, after, before)) for before, after in pairwise(widths)]
    for matrix in middle:
        matrix[:, range(count), range(count)] = values
    bases = [orthogonal_stack(rng, size, width) for width in widths]
    return tuple(after @ matrix @ before.mT for (before, after), matrix in zip(pairwise(bases), middle, strict=True))


def noise_stack(rng: np.random.Generator, widths: tuple[int, ...], size: int) -> tuple[FloatArray, ...]:
    """Gaussian moves of all layers, of norms in [1, 2]."""
    sizes = 1 + rng.random((len(widths) - 1, size, 1, 1))
    return tuple(
        part * matrix / np.linalg.norm(matrix, axis=(-2, -1), keepdims=True)
        for part, matrix in zip(
            sizes, (rng.standard_normal((size, after, before)) for before, after in pairwise(widths)), strict=True
        )
    )


def of_moderate_size(noise: tuple[FloatArray, ...], weights: tuple[FloatArray, ...]) -> tuple[FloatArray, ...]:
    """The noise, of an eighth of the layers' norms at most; for every other state, layers scaled unevenly instead."""
    result = []
    depth = len(weights)
    for j, (move, matrix) in enumerate(zip(noise, weights, strict=True)):
        norm = np.linalg.norm(matrix, axis=(-2, -1), keepdims=True) / 8
        slope = (2 * j - depth + 1) / depth
        along = matrix * slope / 8 * np.where(np.arange(len(matrix)) % 4 < 2, 1, -1)[:, None, None]
        random = move * norm / 2
        result.append(np.where((np.arange(len(matrix)) % 2 == 0)[:, None, None], random, along))
    return tuple(result)


def direction_stack(rng: np.random.Generator, product: FloatArray) -> FloatArray:
    """E with |E|_2 = 1: Gaussian, of rank one, along W's smallest singular pair (either sign), or W (either sign)."""
    size, rows, columns = product.shape
    gaussian = rng.standard_normal(product.shape)
    one = rng.standard_normal((size, rows, 1)) * rng.standard_normal((size, 1, columns))
    left, _, right = np.linalg.svd(product, full_matrices=False)
    sign = np.where(rng.random(size) < 0.5, 1.0, -1.0)[:, None, None]
    smallest = left[..., -1:] * right[..., -1:, :] * sign
    chosen = np.asarray(rng.integers(0, 4, size))[:, None, None]
    direction = np.choose(chosen, [gaussian, one, smallest, product * sign])
    scaled: FloatArray = direction / np.linalg.norm(direction, 2, axis=(-2, -1))[:, None, None]
    return scaled


def _rest(
    weights: tuple[FloatArray, ...], direction: FloatArray, reach: FloatArray, share: FloatArray, room: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Phi = W - t E with t up to the least where t = ||W - t E||_F, c up to sigma_min(W); Phi_F."""
    product = end_to_end(weights)
    a = np.maximum(np.sum(direction**2, axis=(-2, -1)) - 1, 0.0)
    half, square = np.sum(direction * product, axis=(-2, -1)), np.sum(product**2, axis=(-2, -1))
    discriminant = half**2 - a * square
    met = (half > 0) & (discriminant > 0)
    root = square / np.where(met, half + np.sqrt(np.maximum(discriminant, 0.0)), 1.0)
    far = 4 * np.sqrt(square)
    most = np.where(met, np.minimum(root, far), far)
    target = product - (reach * most * INSIDE)[:, None, None] * direction
    norm = np.linalg.norm(target, axis=(-2, -1))
    smallest = np.linalg.svd(product, compute_uv=False)[..., -1]
    left = norm - np.linalg.norm(product - target, 2, axis=(-2, -1)) if room else smallest
    return target, share * np.minimum(smallest, left), norm


def largest_imbalance(weights: tuple[FloatArray, ...]) -> FloatArray:
    """max_j ||B_j||_F; 0 at depth 1."""
    norms = [np.linalg.norm(b, axis=(-2, -1)) for b in imbalances(weights)]
    largest: FloatArray = np.max(norms, axis=0) if norms else np.zeros(len(weights[0]))
    return largest


def _inside(
    weights: tuple[FloatArray, ...],
    target: FloatArray,
    margin: FloatArray,
    norm: FloatArray,
    imbalance: Limit,
    room: bool,
) -> NDArray[np.bool_]:
    """Where the conditions hold by more than rounding."""
    product, cut = end_to_end(weights), (1 + INSIDE) / 2
    gap = np.linalg.norm(product - target, 2, axis=(-2, -1))
    smallest = np.linalg.svd(product, compute_uv=False)[..., -1]
    balanced = largest_imbalance(weights) <= 2 * cut * at_most(imbalance, len(weights), margin, norm)
    keep: NDArray[np.bool_] = (
        balanced
        & (gap <= cut * norm)
        & (not room or margin <= cut * (norm - gap))
        & (margin <= cut * smallest)
        & (margin > 0)
    )
    return keep
