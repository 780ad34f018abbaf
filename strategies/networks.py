"""Networks: generic, exactly balanced, and balanced up to a stated imbalance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from numpy.typing import NDArray

from solvers.arithmetic import ObjectArray, exact, lower_float, nearest, rational
from solvers.network.network import frobenius_squared, imbalances
from strategies.arguments import check_dimensions, check_positive
from strategies.built_once import built_once
from strategies.matrices import diagonal, dyadic_matrices, orthogonal_matrices, singular_value_lists

FloatMatrix = NDArray[np.float64]


@built_once
def generic_weights(dimensions: Sequence[int]) -> st.SearchStrategy[tuple[FloatMatrix, ...]]:
    """Networks of dyadic float64 entries, k/8 in [-2, 2], of the given widths (d_0, ..., d_N); shrinks to zeros."""
    widths = check_dimensions(dimensions)
    return st.tuples(*(dyadic_matrices(rows, columns) for columns, rows in pairwise(widths)))


def zero_weights(dimensions: Sequence[int]) -> tuple[ObjectArray, ...]:
    """The network of zeros, in rationals."""
    return tuple(exact(np.zeros((rows, columns))) for columns, rows in pairwise(check_dimensions(dimensions)))


def scalar_weights(*values: fmpq | Fraction | int) -> tuple[ObjectArray, ...]:
    """The network of width 1 with these layers, in rationals."""
    return tuple(diagonal(1, 1, [value]) for value in values)


@dataclass(frozen=True)
class BalancedNetwork:
    """Weights W_j = Q_j S Q_{j-1}^T of exact rationals, and S's diagonal: every layer's leading singular values.

    ``layer_singular_values`` has min over all widths entries, largest first; the end-to-end matrix has their N-th
    powers (and zeros beyond). All imbalances are exactly zero.
    """

    weights: tuple[ObjectArray, ...]
    layer_singular_values: tuple[fmpq, ...]


@built_once
@st.composite
def balanced_networks(draw: st.DrawFn, dimensions: Sequence[int], *, rank: int | None = None) -> BalancedNetwork:
    """Exactly balanced networks with known rational singular values.

    Each W_j = Q_j S Q_{j-1}^T with Q_j rational orthogonal. ``rank`` (at most the smallest width) fixes the number of
    non-zero singular values; None draws it.
    """
    widths = check_dimensions(dimensions)
    values = draw(singular_value_lists(min(widths), rank=rank))
    bases = [draw(orthogonal_matrices(width)) for width in widths]
    weights = tuple(after @ diagonal(len(after), len(before), values) @ before.T for before, after in pairwise(bases))
    return BalancedNetwork(weights, tuple(rational(value) for value in values))


@dataclass(frozen=True)
class AlignedNetwork:
    """Balanced weights W_j = Q_j S Q_{j-1}^T with their bases: ``left`` = Q_N and ``right`` = Q_0, so that
    W = ``left`` S^N ``right``^T. ``values``, S's diagonal, has min(d_0, d_N) entries, in no order; the first is > 0 and
    simple, the others may be equal or zero, and are zero beyond the smallest width."""

    weights: tuple[ObjectArray, ...]
    left: ObjectArray
    right: ObjectArray
    values: tuple[fmpq, ...]

    @property
    def depth(self) -> int:
        """N."""
        return len(self.weights)


@built_once
@st.composite
def aligned_networks(draw: st.DrawFn, dimensions: Sequence[int]) -> AlignedNetwork:
    """Exactly balanced networks of rationals with known singular vectors, one of whose values is simple and > 0.

    That one is an odd multiple of 1/8 in [1/8, 3], the others multiples of 1/4. Shrinks to diagonal layers.
    """
    widths = check_dimensions(dimensions)
    simple = fmpq(2 * draw(st.integers(0, 11)) + 1, 8)
    others = [rational(s) for s in draw(singular_value_lists(min(widths) - 1))] if min(widths) > 1 else []
    values = [simple, *others, *([fmpq(0)] * (min(widths[0], widths[-1]) - min(widths)))]
    bases = [draw(orthogonal_matrices(width)) for width in widths]
    weights = tuple(
        after @ diagonal(len(after), len(before), values[: min(widths)]) @ before.T for before, after in pairwise(bases)
    )
    return AlignedNetwork(weights, bases[-1], bases[0], tuple(values))


@built_once
def balanced_weights(
    dimensions: Sequence[int], *, rank: int | None = None
) -> st.SearchStrategy[tuple[ObjectArray, ...]]:
    """The weights of :func:`balanced_networks`."""
    return balanced_networks(dimensions, rank=rank).map(lambda network: network.weights)


@built_once
@st.composite
def there_and_back(draw: st.DrawFn) -> tuple[ObjectArray, ...]:
    """Exactly balanced weights, singular values mostly irrational: A, A^T, A, ... with rational bases between them."""
    rows, columns, depth = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(2, 5))
    matrix = exact(draw(dyadic_matrices(rows, columns)))
    layers = [matrix if j % 2 == 0 else matrix.T for j in range(depth)]
    bases = [draw(orthogonal_matrices(size)) for size in (columns, *(len(layer) for layer in layers))]
    return tuple(after @ layer @ before.T for layer, (before, after) in zip(layers, pairwise(bases), strict=True))


@st.composite
def approximately_balanced_weights(
    draw: st.DrawFn, dimensions: Sequence[int], *, imbalance: float | Fraction
) -> tuple[FloatMatrix, ...]:
    """float64 networks with max_j ||B_j||_F <= ``imbalance`` (> 0) exactly.

    A balanced network, rounded to float64, plus a perturbation whose size is drawn up to what ``imbalance`` allows.
    """
    widths = check_dimensions(dimensions)
    check_positive(imbalance, "imbalance")
    network = draw(balanced_weights(widths))
    return draw(perturbed(tuple(nearest(matrix) for matrix in network), imbalance=lower_float(rational(imbalance))))


@st.composite
def perturbed(draw: st.DrawFn, weights: tuple[FloatMatrix, ...], *, imbalance: float) -> tuple[FloatMatrix, ...]:
    """``weights``, balanced up to rounding, moved so that every ||B_j||_F is still at most ``imbalance``, exactly.

    The perturbation's direction is drawn, then its size up to where the largest ||B_j||_F would be ``imbalance``, then
    halved until the exact imbalances agree: the weights' own rounding counts too. Shrinks to no perturbation.
    """
    noise = draw(generic_weights((weights[0].shape[1], *(len(matrix) for matrix in weights))))
    fraction = draw(st.integers(0, 63)) / 64
    step = fraction * _reach(weights, noise, imbalance)
    largest = max(float(np.linalg.norm(matrix)) for matrix in weights)
    bound = rational(imbalance) ** 2
    for _ in range(60):
        moved = tuple(matrix + step * move for matrix, move in zip(weights, noise, strict=True))
        if all(frobenius_squared(b) <= bound for b in imbalances([exact(matrix) for matrix in moved])):
            return moved
        step /= 2
    raise InvalidArgument(
        f"imbalance is {imbalance!r}, below the rounding of weights of norm {largest:.3g}; expected a larger one"
    )


def _reach(weights: tuple[FloatMatrix, ...], noise: tuple[FloatMatrix, ...], imbalance: float) -> float:
    """The step along ``noise`` that brings the largest ||B_j||_F to ``imbalance``, up to rounding, or a lesser one.

    B_j moves by s L_j + s^2 Q_j with Q_j the noise's own imbalance. In any direction of norm p it moves by at most
    4 M p + 2 p^2 for layers of norm at most M; four times the p where that is ``imbalance`` is never exceeded, so that
    directions which hardly change any B_j do not lead far away.
    """
    largest = max(float(np.linalg.norm(matrix)) for matrix in weights)
    both = imbalances([matrix + move for matrix, move in zip(weights, noise, strict=True)])
    quadratic = imbalances(noise)
    linear = [b - q - before for b, q, before in zip(both, quadratic, imbalances(weights), strict=True)]
    safe = _root(4 * largest, 2.0, imbalance) / max(1.0, *(float(np.linalg.norm(matrix)) for matrix in noise))
    first, second = (max((float(np.linalg.norm(b)) for b in part), default=0.0) for part in (linear, quadratic))
    return min(4 * safe, _root(first, second, imbalance)) if first + second > 0 else safe


def _root(linear: float, quadratic: float, value: float) -> float:
    """The s > 0 with linear s + quadratic s^2 = value."""
    return 2 * value / (linear + float(np.sqrt(linear**2 + 4 * quadratic * value)))
