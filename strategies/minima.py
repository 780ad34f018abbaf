"""Critical points of 1/2 ||W_N ... W_1 - Phi||_F^2 by their flatness, by construction: those of the least sharpness,
N |Phi|_2^{2-2/N}, and minima of two layers with an imbalance that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import ObjectArray, rational
from solvers.network.network import end_to_end
from strategies.arguments import check_dimensions, check_strategy
from strategies.matrices import diagonal, orthogonal_matrices, singular_value_lists
from strategies.widths import dimensions as all_dimensions

QUARTERS = st.integers(0, 11).map(lambda k: 4 + k if k <= 8 else 12 - k)
"""4 to 12 and 3 to 1, 4 being the simplest."""


@dataclass(frozen=True)
class FlatPoint:
    """A critical point with |W_j|_2 = ``layer_norm`` = |Phi|_2^{1/N} > 0 for every j, and no negative curvature.

    ``left`` and ``right`` are a top pair of Phi, as columns: W v = Phi v = |Phi|_2 u.
    """

    weights: tuple[ObjectArray, ...]
    target: ObjectArray
    layer_norm: fmpq
    left: ObjectArray
    right: ObjectArray


@st.composite
def balanced_points(
    draw: st.DrawFn, *, dimensions: st.SearchStrategy[tuple[int, ...]] | None = None, fitted: bool = False
) -> FlatPoint:
    """Balanced critical points W_j = Q_j S Q_{j-1}^T, W != 0, of every kind that has no negative curvature.

    W = Phi; minima across a bottleneck; and from depth 3 on non-strict saddles. The modes left are at most as large
    as the least that is carried, ties included. ``fitted``: W = Phi. ``dimensions`` defaults to depths 1-4, widths 1-3.
    Shrinks to W = Phi = 1.
    """
    widths = check_dimensions(draw(check_strategy(dimensions, "dimensions", _small)))
    depth, narrow, count = len(widths) - 1, min(widths), min(widths[0], widths[-1])
    rank = draw(st.integers(1, narrow))
    values = [rational(value) for value in draw(singular_value_lists(rank, rank=rank))]
    bases = [draw(orthogonal_matrices(width)) for width in widths]
    weights = tuple(after @ diagonal(len(after), len(before), values) @ before.T for before, after in pairwise(bases))
    open_ended = not fitted and (rank == narrow or depth > 2)
    fractions = draw(st.lists(st.integers(0, 4), min_size=count - rank, max_size=count - rank)) if open_ended else []
    rest = [values[-1] ** depth * fmpq(k, 4) for k in fractions]
    modes = diagonal(widths[-1], widths[0], [value**depth for value in values] + rest)
    return FlatPoint(weights, bases[-1] @ modes @ bases[0].T, values[0], bases[-1][:, :1], bases[0][:, :1])


@st.composite
def capped_minima(draw: st.DrawFn, *, dimensions: st.SearchStrategy[tuple[int, ...]] | None = None) -> FlatPoint:
    """Global minima with singular values at most ``layer_norm`` in every layer, balanced by accident only.

    Some modes are common to all layers, the first with the value ``layer_norm`` in each, the others with values of
    their own. What else a layer has is in bases of its own. W = Phi, or, where some width is the number of modes, Phi
    has others, none larger than one of W's; ties included. Defaults and shrinks as :func:`balanced_points`.
    """
    widths = check_dimensions(draw(check_strategy(dimensions, "dimensions", _small)))
    narrow, count = min(widths), min(widths[0], widths[-1])
    rank = draw(st.sampled_from(sorted({1, narrow})))
    (norm,) = [rational(value) for value in draw(singular_value_lists(1, rank=1))]
    bases = [draw(orthogonal_matrices(width)) for width in widths]
    layers, modes = [], [fmpq(1)] * rank
    for before, after in pairwise(bases):
        shares = [4, *draw(st.lists(st.integers(1, 4), min_size=rank - 1, max_size=rank - 1))]
        carried = [norm * fmpq(k, 4) for k in shares]
        modes = [mode * value for mode, value in zip(modes, carried, strict=True)]
        layer = diagonal(len(after), len(before), carried)
        rows, columns = len(after) - rank, len(before) - rank
        if rows and columns:
            sizes = draw(st.lists(st.integers(0, 4), min_size=min(rows, columns), max_size=min(rows, columns)))
            inner = diagonal(rows, columns, [norm * fmpq(k, 4) for k in sizes])
            layer[rank:, rank:] = draw(orthogonal_matrices(rows)) @ inner @ draw(orthogonal_matrices(columns))
        layers.append(after @ layer @ before.T)
    target = end_to_end(tuple(layers))
    if rank == narrow and len(layers) > 1:
        fractions = draw(st.lists(st.integers(0, 4), min_size=count - rank, max_size=count - rank))
        others = diagonal(len(target), target.shape[1], [0] * rank + [min(modes) * fmpq(k, 4) for k in fractions])
        target = target + bases[-1] @ others @ bases[0].T
    return FlatPoint(tuple(layers), target, norm, bases[-1][:, :1], bases[0][:, :1])


@st.composite
def minima_of_imbalance(draw: st.DrawFn, imbalance: Sequence[fmpq | Fraction | int]) -> tuple[ObjectArray, ObjectArray]:
    """Two layers, a minimum for Phi = W_2 W_1, whose W_2^T W_2 - W_1 W_1^T has exactly these eigenvalues, one a unit.

    W_1 = U diag(a) V^T and W_2 = O diag(b) U^T with a, b = (p -+ c/p)/2 for each eigenvalue c and a drawn p: so
    b^2 - a^2 = c. d_0 and d_2 are the number of units, or one more. W may be singular, and is 0 only where c = +-p^2
    for every unit. Shrinks to bases of I and p = 1.
    """
    if not isinstance(imbalance, list | tuple) or not imbalance:
        raise InvalidArgument(f"imbalance is {imbalance!r}; expected a list of eigenvalues, one at least")
    for k, value in enumerate(imbalance):
        if isinstance(value, bool) or not isinstance(value, fmpq | Fraction | int):
            raise InvalidArgument(f"imbalance[{k}] is {value!r}; expected a rational number")
    units = len(imbalance)
    widths = (units + draw(st.integers(0, 1)), units, units + draw(st.integers(0, 1)))
    right, middle, left = (draw(orthogonal_matrices(width)) for width in widths)
    first, second = [], []
    for value in map(rational, imbalance):
        p = fmpq(draw(QUARTERS), 4) * draw(st.sampled_from([1, -1]))
        first.append((p - value / p) / 2)
        second.append((p + value / p) / 2)
    return (
        middle @ diagonal(units, widths[0], first) @ right.T,
        left @ diagonal(widths[2], units, second) @ middle.T,
    )


def _small() -> st.SearchStrategy[tuple[int, ...]]:
    return all_dimensions(max_depth=4, max_width=3)
