"""Critical points of f(U) = 1/4 <N, T N>, N = U U^T - M, by construction, in exact rationals.

In an eigenbasis q_a of M, with p_i orthonormal in R^k and I a set of r <= k eigenvectors,

    U = sum_{i in I} s_i^{1/2} q_i p_i^T

is critical where M q_a = lambda_a q_a and

- T = identity:                 s_i = lambda_i > 0;
- T X = 2 X + tr(X) I (M psd):  s_i = lambda_i + t / (2 + r) > 0, t = sum_{a not in I} lambda_a.

These are all of them. Every s_i is the square of a rational, so U is rational. Ties, zero eigenvalues and (for the
identity) negative ones occur, and k on both sides of n and of the rank of M.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import ObjectArray, exact
from solvers.shallow import FactoredObjective, SymmetricMap, gaussian_mean, identity_map
from strategies.arguments import check_whole
from strategies.matrices import diagonal, orthogonal_matrices

ROOTS = [fmpq(1), fmpq(2), fmpq(1, 2), fmpq(3, 2), fmpq(3)]
"""Square roots of the s_i."""

NO_SQUARES = [fmpq(2), fmpq(1, 3), fmpq(5, 2)]


@dataclass(frozen=True)
class FactoredPoint:
    """A critical ``factor`` U (n, k) of f for M = ``target``, and what is known of it.

    M = ``basis`` diag(``eigenvalues``) ``basis``^T, in no order; ``captured`` are the indices of I and ``squares`` the
    s_i in the same order; U = ``basis``[:, I] diag(s)^{1/2} (``right``[:r]), ``right`` orthogonal k x k.
    """

    factor: ObjectArray
    target: ObjectArray
    linear_map: SymmetricMap
    basis: ObjectArray
    right: ObjectArray
    eigenvalues: tuple[fmpq, ...]
    captured: tuple[int, ...]
    squares: tuple[fmpq, ...]

    @cached_property
    def objective(self) -> FactoredObjective:
        """f."""
        return FactoredObjective(self.target, self.linear_map)

    @property
    def rank(self) -> int:
        """r, the rank of U."""
        return len(self.captured)

    @property
    def width(self) -> int:
        """k."""
        return int(self.factor.shape[1])

    @property
    def caught(self) -> tuple[fmpq, ...]:
        """lambda_i, i in I, in the order of ``captured``."""
        return tuple(self.eigenvalues[i] for i in self.captured)

    @property
    def left_out(self) -> tuple[fmpq, ...]:
        """lambda_a, a not in I."""
        return tuple(value for a, value in enumerate(self.eigenvalues) if a not in self.captured)


@st.composite
def factorization_points(
    draw: st.DrawFn,
    *,
    max_size: int = 4,
    max_width: int = 5,
    psd: bool = False,
    size: int | None = None,
    width: int | None = None,
) -> FactoredPoint:
    """Critical points for T = identity: M of any signs or, with ``psd``, none negative; any I that fits.

    n is ``size`` or up to ``max_size``, k ``width`` or up to ``max_width``. Eigenvalues are squares of rationals,
    other rationals (which I leaves out), zeros and, unless ``psd``, negatives. Shrinks to M = U = 0, n = k = 1.
    """
    _check_flag(psd, "psd")
    n, k = draw(_sizes(max_size, max_width, size, width))
    squares = [root**2 for root in ROOTS]
    others = [*NO_SQUARES] if psd else [*NO_SQUARES, fmpq(-1), fmpq(-2), fmpq(-1, 2)]
    kinds = st.one_of(st.just(fmpq(0)), st.sampled_from(squares), st.sampled_from(squares), st.sampled_from(others))
    values = draw(st.lists(kinds, min_size=n, max_size=n))
    eligible = draw(st.permutations([a for a, value in enumerate(values) if value in squares]))
    number = draw(st.integers(0, min(k, len(eligible))))
    captured = tuple(sorted(eligible[:number]))
    return draw(_assembled(n, k, values, captured, [values[i] for i in captured], identity_map()))


@st.composite
def gaussian_points(
    draw: st.DrawFn,
    *,
    max_size: int = 4,
    max_width: int = 5,
    psd: bool = True,
    size: int | None = None,
    width: int | None = None,
) -> FactoredPoint:
    """Critical points for T X = 2 X + tr(X) I and M psd: any r <= min(k, n), lambda_i = 0 in I included.

    Sizes as in :func:`factorization_points`. The s_i are drawn first, as squares; then t = theta (2 + r) min s_i with
    theta in [0, 1] is shared out among the eigenvalues outside I, and lambda_i = s_i - t / (2 + r) >= 0. Without
    ``psd`` the eigenvalues outside I are multiples of 1/2 of either sign, and those in I what they come to.
    """
    _check_flag(psd, "psd")
    n, k = draw(_sizes(max_size, max_width, size, width))
    captured = tuple(sorted(draw(st.permutations(range(n)))[: draw(st.integers(0, min(k, n)))]))
    rank = len(captured)
    squares = [draw(st.sampled_from(ROOTS)) ** 2 for _ in captured]
    shares = draw(st.lists(st.integers(0, 3), min_size=n - rank, max_size=n - rank))
    total = fmpq(sum(shares))
    if not psd:
        halves = draw(st.lists(st.integers(-4, 3), min_size=n - rank, max_size=n - rank))
        left_out = [fmpq(half, 2) for half in halves]
    elif rank and total:
        theta = draw(st.sampled_from([fmpq(0), fmpq(1), fmpq(1, 2), fmpq(1, 5)]))
        left_out = [theta * (2 + rank) * min(squares) * share / total for share in shares]
    else:
        left_out = [fmpq(share) for share in shares]
    lost = sum(left_out, start=fmpq(0)) / (2 + rank)
    values = [fmpq(0)] * n
    for i, square in zip(captured, squares, strict=True):
        values[i] = square - lost
    for a, value in zip((a for a in range(n) if a not in captured), left_out, strict=True):
        values[a] = value
    return draw(_assembled(n, k, values, captured, squares, gaussian_mean()))


@st.composite
def _assembled(
    draw: st.DrawFn,
    n: int,
    k: int,
    values: Sequence[fmpq],
    captured: tuple[int, ...],
    squares: Sequence[fmpq],
    linear_map: SymmetricMap,
) -> FactoredPoint:
    basis, right = draw(orthogonal_matrices(n)), draw(orthogonal_matrices(k))
    roots = {root**2: root for root in ROOTS}
    middle = exact(np.zeros((n, k)))
    for place, (i, square) in enumerate(zip(captured, squares, strict=True)):
        middle[i, place] = roots[square]
    target = basis @ diagonal(n, n, values) @ basis.T
    factor = basis @ middle @ right
    return FactoredPoint(factor, target, linear_map, basis, right, tuple(values), captured, tuple(squares))


def _sizes(max_size: int, max_width: int, size: int | None, width: int | None) -> st.SearchStrategy[tuple[int, int]]:
    check_whole(max_size, "max_size", least=1)
    check_whole(max_width, "max_width", least=1)
    sizes = st.integers(1, max_size) if size is None else st.just(check_whole(size, "size", least=1))
    widths = st.integers(1, max_width) if width is None else st.just(check_whole(width, "width", least=1))
    return st.tuples(sizes, widths)


def _check_flag(value: object, name: str) -> None:
    if not isinstance(value, bool):
        raise InvalidArgument(f"{name} is {value!r}; expected True or False")
