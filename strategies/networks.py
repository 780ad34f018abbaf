"""Networks: generic, exactly balanced, and balanced up to a stated imbalance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from numpy.typing import NDArray

from solvers.arithmetic import ObjectArray, exact, nearest, rational
from solvers.network import frobenius_squared, imbalances
from strategies.arguments import check_dimensions
from strategies.matrices import diagonal, dyadic_matrices, orthogonal_matrices, singular_value_lists

FloatMatrix = NDArray[np.float64]


def generic_weights(dimensions: Sequence[int]) -> st.SearchStrategy[tuple[FloatMatrix, ...]]:
    """Networks of dyadic float64 entries, k/8 in [-2, 2], of the given widths (d_0, ..., d_N); shrinks to zeros."""
    widths = check_dimensions(dimensions)
    return st.tuples(
        *(dyadic_matrices(rows, columns) for columns, rows in zip(widths, widths[1:], strict=False))
    )


@dataclass(frozen=True)
class BalancedNetwork:
    """Weights W_j = Q_j S Q_{j-1}^T of exact rationals, and S's diagonal: every layer's leading singular values.

    ``layer_singular_values`` has min over all widths entries, largest first; the end-to-end matrix has their N-th
    powers (and zeros beyond). All imbalances are exactly zero.
    """

    weights: tuple[ObjectArray, ...]
    layer_singular_values: tuple[fmpq, ...]


@st.composite
def balanced_networks(
    draw: st.DrawFn, dimensions: Sequence[int], *, rank: int | None = None
) -> BalancedNetwork:
    """Exactly balanced networks with known rational singular values.

    Each W_j = Q_j S Q_{j-1}^T with Q_j rational orthogonal. ``rank`` (at most the smallest width) fixes the number of
    non-zero singular values; None draws it.
    """
    widths = check_dimensions(dimensions)
    values = draw(singular_value_lists(min(widths), rank=rank))
    bases = [draw(orthogonal_matrices(width)) for width in widths]
    weights = tuple(
        after @ diagonal(len(after), len(before), values) @ before.T
        for before, after in zip(bases, bases[1:], strict=False)
    )
    return BalancedNetwork(weights, tuple(rational(value) for value in values))


def balanced_weights(
    dimensions: Sequence[int], *, rank: int | None = None
) -> st.SearchStrategy[tuple[ObjectArray, ...]]:
    """The weights of :func:`balanced_networks`."""
    return balanced_networks(dimensions, rank=rank).map(lambda network: network.weights)


@st.composite
def approximately_balanced_weights(
    draw: st.DrawFn, dimensions: Sequence[int], *, imbalance: float | Fraction
) -> tuple[FloatMatrix, ...]:
    """float64 networks with max_j ||B_j||_F <= ``imbalance`` (> 0) exactly.

    A balanced network, rounded to float64, plus a perturbation whose size is drawn up to what ``imbalance`` allows.
    """
    widths = check_dimensions(dimensions)
    if not (0 < imbalance < float("inf")):
        raise InvalidArgument(f"imbalance is {imbalance!r}; expected a finite number > 0")
    network = draw(balanced_weights(widths))
    return draw(perturbed(tuple(nearest(matrix) for matrix in network), imbalance=float(imbalance)))


@st.composite
def perturbed(
    draw: st.DrawFn, weights: tuple[FloatMatrix, ...], *, imbalance: float
) -> tuple[FloatMatrix, ...]:
    """``weights``, balanced up to rounding, moved so that every ||B_j||_F is still at most ``imbalance``, exactly.

    Moving layers of norm at most M by p moves B_j by at most 4 M p + 2 p^2, so p is drawn up to where that is
    ``imbalance``, then halved until the exact imbalances agree: the weights' own rounding counts too. Shrinks to no
    perturbation.
    """
    noise = draw(generic_weights((weights[0].shape[1], *(len(matrix) for matrix in weights))))
    fraction = draw(st.integers(0, 64)) / 64
    largest = max(float(np.linalg.norm(matrix)) for matrix in weights)
    reach = 2 * imbalance / (4 * largest + np.sqrt(16 * largest**2 + 8 * imbalance))
    step = fraction * reach / max(1.0, *(float(np.linalg.norm(matrix)) for matrix in noise))
    bound = rational(imbalance) ** 2
    for _ in range(60):
        moved = tuple(matrix + step * move for matrix, move in zip(weights, noise, strict=True))
        if all(frobenius_squared(b) <= bound for b in imbalances([exact(matrix) for matrix in moved])):
            return moved
        step /= 2
    raise InvalidArgument(
        f"imbalance is {imbalance!r}, below the rounding of weights of norm {largest:.3g}; expected a larger one"
    )
