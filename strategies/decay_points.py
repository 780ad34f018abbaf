"""Critical points of 1/2 ||W_N ... W_1 - Phi||_F^2 + lambda/2 sum_j ||W_j||_F^2, by construction, in exact rationals.

With orthonormal systems q_i^{(j)} in R^{d_j}, i = 1..r, those of j = 0 and j = N singular vectors of Phi,

    W_j = sum_i s_i q_i^{(j)} q_i^{(j-1)T},   sigma_i = s_i^N + lambda s_i^{2-N},   s_i > 0,

is critical for N >= 2 and lambda > 0, and these are all critical points (DL-066). The s_i and lambda are drawn and the
sigma_i follow, so that everything is rational; the singular values that are left out are any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import ObjectArray
from solvers.guarantees.weight_decay import carried
from strategies.arguments import check_dimensions, check_strategy
from strategies.matrices import diagonal, orthogonal_matrices
from strategies.widths import dimensions as all_dimensions

ROOTS = [fmpq(1), fmpq(2), fmpq(1, 2), fmpq(3, 2), fmpq(2, 3)]
"""The s_i."""

DECAYS = [fmpq(1), fmpq(1, 2), fmpq(2), fmpq(1, 5), fmpq(7)]

SHARES = [fmpq(1), fmpq(1, 2), fmpq(0), fmpq(3, 4)]
"""Of the largest value that a mode left out of a minimum may have."""


@dataclass(frozen=True)
class DecayPoint:
    """A critical point for ``decay`` lambda, and what is known of it.

    Phi = ``left`` diag(``caught``, ``left_out``) ``right``^T, in no order; the modes ``caught`` are carried by every
    layer with the values ``roots``, in the same order.
    """

    weights: tuple[ObjectArray, ...]
    target: ObjectArray
    decay: fmpq
    left: ObjectArray
    right: ObjectArray
    roots: tuple[fmpq, ...]
    caught: tuple[fmpq, ...]
    left_out: tuple[fmpq, ...]

    @property
    def depth(self) -> int:
        """N."""
        return len(self.weights)

    @property
    def dimensions(self) -> tuple[int, ...]:
        """(d_0, ..., d_N)."""
        return (self.weights[0].shape[1], *(len(matrix) for matrix in self.weights))

    @property
    def rank(self) -> int:
        """r, of every layer and of W."""
        return len(self.roots)


@st.composite
def decay_points(
    draw: st.DrawFn,
    *,
    dimensions: st.SearchStrategy[tuple[int, ...]] | None = None,
    minima: bool = False,
) -> DecayPoint:
    """Critical points of any rank r <= min_j d_j, any modes carried, at larger, smaller and double roots s_i.

    ``dimensions`` defaults to depths 2-4 and widths 1-3. Equal sigma_i occur, with equal s_i, with the two roots of one
    equation, and with one carried and one left out; so do sigma = 0 and sigma = lambda left out. ``minima``: every s_i
    is the larger of two roots, and no mode left out is above one that is carried, nor, for N = 2 and r < min_j d_j,
    above lambda. Shrinks to zero weights, N = 2, all widths 1.
    """
    if not isinstance(minima, bool):
        raise InvalidArgument(f"minima is {minima!r}; expected True or False")
    widths = check_dimensions(draw(check_strategy(dimensions, "dimensions", _moderate)))
    depth, count = len(widths) - 1, min(widths[0], widths[-1])
    if depth == 1:
        raise InvalidArgument(f"dimensions drew {widths}; expected depth >= 2")
    rank = draw(st.integers(0, min(widths)))
    roots = draw(st.lists(st.sampled_from(ROOTS), min_size=rank, max_size=rank))
    decay = draw(_small_decays(roots, depth) if minima else _decays(roots, depth))
    caught = [carried(s, decay, depth) for s in roots]
    if minima:
        caps = [*caught, *([decay] if depth == 2 and rank < min(widths) else [])]
        others = st.sampled_from([share * min(caps, default=fmpq(3)) for share in SHARES])
    else:
        sizes = [*caught, decay]
        others = st.sampled_from([fmpq(0), *sizes, *(share * x for share in (fmpq(1, 2), fmpq(4, 3)) for x in sizes)])
    left_out = draw(st.lists(others, min_size=count - rank, max_size=count - rank))
    bases = [draw(orthogonal_matrices(width)) for width in widths]
    weights = tuple(q @ diagonal(len(q), len(p), roots) @ p.T for p, q in pairwise(bases))
    target = bases[-1] @ diagonal(widths[-1], widths[0], [*caught, *left_out]) @ bases[0].T
    return DecayPoint(weights, target, decay, bases[-1], bases[0], tuple(roots), tuple(caught), tuple(left_out))


def _moderate() -> st.SearchStrategy[tuple[int, ...]]:
    return all_dimensions(min_depth=2, max_depth=4, max_width=3)


def _small_decays(roots: Sequence[fmpq], depth: int) -> st.SearchStrategy[fmpq]:
    """lambda < N s^{2N-2} / (N-2) for every s."""
    if depth == 2 or not roots:
        return st.sampled_from(DECAYS)
    limit = double_root_decay(min(roots), depth)
    return st.sampled_from([limit / 2, limit / 16, limit * fmpq(15, 16)])


def _decays(roots: Sequence[fmpq], depth: int) -> st.SearchStrategy[fmpq]:
    """Any; one at which an s is a double root; or one at which two s belong to one sigma."""
    choices = [st.sampled_from(DECAYS)]
    if depth > 2 and roots:
        choices.append(st.just(double_root_decay(roots[-1], depth)))
    pairs = [(s, t) for s, t in pairwise(roots) if s != t]
    if depth > 2 and pairs:
        choices += [st.just(shared_decay(*pairs[0], depth))] * 2
    return st.one_of(choices)


def double_root_decay(s: fmpq, depth: int) -> fmpq:
    """The lambda at which s is a double root, N s^{2N-2} = (N-2) lambda; N >= 3."""
    return depth * s ** (2 * depth - 2) / (depth - 2)


def shared_decay(s: fmpq, t: fmpq, depth: int) -> fmpq:
    """The lambda at which s != t belong to one sigma, s^N + lambda s^{2-N} = t^N + lambda t^{2-N}; N >= 3."""
    return (s**depth - t**depth) / (t ** (2 - depth) - s ** (2 - depth))
