"""Critical points of networks of quadratic units, by construction, in exact rationals.

L(W) = F(Y), Y = sum_j s_j w_j w_j^T, F(Y) = sum_l loss_l(x_l^T Y x_l) + <C, Y>, with convex losses

    loss_l(u) = g_l v + h_l v^2 / 2 + e_l v^4,    v = u - x_l^T Y_0 x_l,    h_l, e_l >= 0.

At Y_0 the gradient of F is sum_l g_l x_l x_l^T + C. So C is what makes it any G, and W_0 is critical where G W_0 = 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import ObjectArray, exact
from solvers.shallow import ConvexObjective, SignedObjective, sampled_objective, tilted
from strategies.arguments import check_whole
from strategies.matrices import diagonal, orthogonal_matrices


@dataclass(frozen=True)
class QuadraticPoint:
    """A critical ``factor`` W (d, k) of L for F = ``outer``, whose gradient at Y is ``slope``.

    ``basis`` (d, d) is orthogonal: its first ``rank`` columns span the columns of W, and the others diagonalise
    ``slope``, with the eigenvalues ``slopes``. ``vectors`` are the x_l, one a row, ``bends`` the h_l.
    """

    factor: ObjectArray
    signs: ObjectArray
    outer: ConvexObjective
    slope: ObjectArray
    slopes: tuple[fmpq, ...]
    basis: ObjectArray
    rank: int
    vectors: ObjectArray
    bends: ObjectArray

    @property
    def objective(self) -> SignedObjective:
        """L."""
        return SignedObjective(self.outer, self.signs)


@st.composite
def quadratic_points(
    draw: st.DrawFn, *, size: int, positive: int, negative: int = 0, rank: int | None = None, samples: int | None = None
) -> QuadraticPoint:
    """Critical points with d = ``size``, ``positive`` units of sign 1 and ``negative`` ones of sign -1.

    ``rank`` is that of W, drawn where it is None (G = 0 where it is d); ``samples`` is how many x_l there are, or up to
    four. The slopes take both signs and zero. Shrinks to W = 0, C = 0 and one sample.
    """
    check_whole(size, "size", least=1)
    units = check_whole(positive, "positive", least=0) + check_whole(negative, "negative", least=0)
    if units == 0:
        raise InvalidArgument("positive and negative are both 0; expected at least one unit")
    most = min(size, units)
    if rank is not None and not 0 <= check_whole(rank, "rank", least=0) <= most:
        raise InvalidArgument(f"rank is {rank}; expected at most {most}, for {size} rows and {units} units")
    r = draw(st.integers(0, most)) if rank is None else rank
    count = draw(st.integers(1, 4)) if samples is None else check_whole(samples, "samples", least=1)
    basis, right = draw(orthogonal_matrices(size)), draw(orthogonal_matrices(units))
    lengths = draw(st.lists(st.sampled_from([fmpq(1), fmpq(2), fmpq(1, 2)]), min_size=r, max_size=r))
    factor = basis @ diagonal(size, units, lengths) @ right
    slopes = [fmpq(entry, 2) for entry in draw(st.lists(st.integers(-2, 3), min_size=size - r, max_size=size - r))]
    slope = basis @ diagonal(size, size, [fmpq(0)] * r + slopes) @ basis.T
    signs = exact(np.array([1] * positive + [-1] * negative))

    def column(least: int, greatest: int) -> ObjectArray:
        return exact(np.array(draw(st.lists(st.integers(least, greatest), min_size=count, max_size=count))))

    vectors = np.stack([column(-2, 2) for _ in range(size)], axis=1)
    firsts, bends, fourths = column(-2, 2), column(0, 2), column(0, 1)
    start = ((vectors @ ((factor * signs) @ factor.T)) * vectors).sum(axis=1)
    data = sampled_objective(
        vectors,
        lambda u: (firsts * (u - start) + bends * (u - start) ** 2 / 2 + fourths * (u - start) ** 4) * count,
        lambda u: (firsts + bends * (u - start) + 4 * fourths * (u - start) ** 3) * count,
        lambda u: (bends + 12 * fourths * (u - start) ** 2) * count,
    )
    outer = tilted(data, slope - (vectors.T * firsts) @ vectors)
    return QuadraticPoint(factor, signs, outer, slope, tuple(slopes), basis, r, vectors, bends)
