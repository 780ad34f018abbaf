"""Matrices that are exact: dyadic entries, rational orthogonal matrices, prescribed singular values.

Everything shrinks towards zeros, identities and small fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from math import inf

import numpy as np
from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from solvers.arithmetic import ObjectArray, exact
from strategies.arguments import check_whole
from strategies.built_once import built_once

FloatMatrix = NDArray[np.float64]
Vectors = st.SearchStrategy[list[list[int]]]


@built_once
def dyadic_matrices(rows: int, columns: int, *, bound: int = 2, bits: int = 3) -> st.SearchStrategy[FloatMatrix]:
    """float64 matrices with entries k / 2^bits, |entry| <= bound: exact in float64 and as rationals."""
    check_whole(rows, "rows", least=1)
    check_whole(columns, "columns", least=1)
    check_whole(bound, "bound", least=1)
    check_whole(bits, "bits", least=0)
    scale = 2**bits
    entries = st.integers(-bound * scale, bound * scale)
    return hnp.arrays(np.int64, (rows, columns), elements=entries, fill=st.nothing()).map(
        lambda numerators: numerators / np.float64(scale)
    )


@built_once
@st.composite
def orthogonal_matrices(draw: st.DrawFn, size: int) -> ObjectArray:
    """Orthogonal size x size matrices of exact rationals (``fmpq``).

    Signed permutations times at most two reflections I - 2 v v^T / (v^T v), v of integers in [-3, 3]; shrinks to I.
    """
    check_whole(size, "size", least=1)
    orders, signs, reflections = _parts(size)
    order = draw(orders)
    result: ObjectArray = exact(np.eye(size))[order] * np.array([fmpq(sign) for sign in draw(signs)])
    for vector in draw(reflections):
        result = _reflected(result, vector)
    return result


@cache
def _parts(size: int) -> tuple[st.SearchStrategy[list[int]], st.SearchStrategy[list[int]], Vectors]:
    """An order, signs, and the vectors of the reflections."""
    signs = st.lists(st.sampled_from([1, -1]), min_size=size, max_size=size)
    vectors = st.lists(st.integers(-3, 3), min_size=size, max_size=size)
    return st.permutations(range(size)), signs, st.lists(vectors, max_size=2)


def _reflected(matrix: ObjectArray, vector: list[int]) -> ObjectArray:
    length = sum(entry * entry for entry in vector)
    if length == 0:  # a zero vector reflects nothing
        return matrix
    v = np.array([fmpq(entry) for entry in vector], dtype=object)
    reflected: ObjectArray = matrix - np.outer(v, v @ matrix) * fmpq(2, length)
    return reflected


def diagonal(rows: int, columns: int, values: Sequence[Fraction | fmpq | int]) -> ObjectArray:
    """The rows x columns matrix of rationals with ``values`` on its diagonal and zeros elsewhere."""
    result = exact(np.zeros((rows, columns)))
    for k, value in enumerate(exact(np.array(values, dtype=object))):
        result[k, k] = value
    return result


@built_once
def singular_value_lists(count: int, *, rank: int | None = None) -> st.SearchStrategy[list[Fraction]]:
    """``count`` singular values, largest first: multiples of 1/4 in [1/4, 3], the last count - rank of them zero.

    ``rank`` is drawn from 0..count where it is None.
    """
    check_whole(count, "count", least=1)
    if rank is not None and not 0 <= check_whole(rank, "rank", least=0) <= count:
        raise InvalidArgument(f"rank is {rank}; expected at most {count}, the number of singular values")
    positive = st.integers(0, 11).map(lambda k: Fraction(1) + Fraction(k if k <= 8 else 8 - k, 4))
    ranks = st.integers(0, count).map(lambda deficiency: count - deficiency) if rank is None else st.just(rank)
    return st.builds(  # count values even where fewer are used: a lower rank must not look simpler to the shrinker
        lambda values, r: sorted(values[:r], reverse=True) + [Fraction(0)] * (count - r),
        st.lists(positive, min_size=count, max_size=count),
        ranks,
    )


@built_once
@st.composite
def targets(
    draw: st.DrawFn,
    rows: int,
    columns: int,
    *,
    singular_values: Sequence[Fraction | int] | None = None,
    rank: int | None = None,
) -> ObjectArray:
    """Targets Phi = Q diag(s) R^T of exact rationals with singular values s, given or drawn (of the given rank)."""
    check_whole(rows, "rows", least=1)
    check_whole(columns, "columns", least=1)
    count = min(rows, columns)
    if singular_values is None:
        values: Sequence[Fraction | int] = draw(singular_value_lists(count, rank=rank))
    elif rank is not None:
        raise InvalidArgument("both singular_values and rank are given; expected one of them")
    elif len(singular_values) != count or not all(0 <= value < inf for value in singular_values):
        raise InvalidArgument(
            f"singular_values is {list(singular_values)}; expected {count} numbers >= 0 for a {rows} x {columns} target"
        )
    else:
        values = singular_values
    left, right = draw(orthogonal_matrices(rows)), draw(orthogonal_matrices(columns))
    target: ObjectArray = left @ diagonal(rows, columns, values) @ right.T
    return target
