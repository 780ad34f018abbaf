"""Pairs of vectors whose lengths, cosine and sine are rational, so that every formula of them starts exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import ObjectArray, exact
from solvers.shallow import Angle
from strategies.arguments import check_range
from strategies.built_once import built_once
from strategies.matrices import orthogonal_matrices

LENGTHS = (fmpq(1), fmpq(2), fmpq(1, 2), fmpq(3), fmpq(1, 3), fmpq(7, 5), fmpq(1, 1000), fmpq(1000))


@dataclass(frozen=True)
class VectorPair:
    """u = r Q e_1 and v = s Q (cos th e_1 + sin th e_2), Q orthogonal; rational throughout.

    ``u_length`` is r and ``v_length`` s; ``half`` are whole numbers in the ratio of sin(th/2) to cos(th/2).
    """

    u: ObjectArray
    v: ObjectArray
    u_length: fmpq
    v_length: fmpq
    half: tuple[fmpq, fmpq]

    @property
    def angle(self) -> Angle:
        """th, with a rational sine and cosine; balls of the current precision for th itself."""
        return Angle.of_half(*self.half)

    @property
    def is_parallel(self) -> bool:
        """Whether th = 0."""
        return bool(self.half[0] == 0)

    @property
    def is_opposite(self) -> bool:
        """Whether th = pi."""
        return bool(self.half[1] == 0)


@built_once
def half_angles(*, parallel: bool = True, opposite: bool = True) -> st.SearchStrategy[tuple[fmpq, fmpq]]:
    """Whole numbers in the ratio of sin(th/2) to cos(th/2): th anywhere in [0, pi], down to 2^-60 from both ends.

    ``parallel`` and ``opposite`` say whether th = 0 and th = pi are among them. Shrinks to an end, or to th = pi/2.
    """
    plain = st.tuples(st.integers(1, 12), st.integers(1, 12))
    near = st.integers(4, 60).flatmap(lambda k: st.sampled_from([(1, 2**k), (2**k, 1)]))
    ends = [(0, 1)] * parallel + [(1, 0)] * opposite
    parts = [plain, near, *([st.sampled_from(ends)] if ends else [])]
    return st.one_of(parts).map(lambda pair: (fmpq(pair[0]), fmpq(pair[1])))


@st.composite
def vector_pairs(
    draw: st.DrawFn,
    *,
    min_dimension: int = 1,
    max_dimension: int = 4,
    parallel: bool = True,
    opposite: bool = True,
    unit: bool = False,
) -> VectorPair:
    """Pairs of vectors at every angle, of lengths from 1/1000 to 1000, or of length 1 where ``unit`` is true.

    ``parallel`` and ``opposite`` say whether th = 0 and th = pi may be drawn; in dimension 1 there is no other angle.
    Raises InvalidArgument for dimension 1 without both. Shrinks to u = v = (1,), or to two unit vectors at a right
    angle.
    """
    check_range(min_dimension, max_dimension, ("min_dimension", "max_dimension"))
    if not (parallel or opposite) and min_dimension == 1:
        raise InvalidArgument("parallel and opposite are both False; expected one of them, or min_dimension >= 2")
    size = draw(st.integers(min_dimension, max_dimension))
    half = draw(_line_angles(parallel, opposite) if size == 1 else half_angles(parallel=parallel, opposite=opposite))
    lengths = [fmpq(1) if unit else draw(st.sampled_from(LENGTHS)) for _ in range(2)]
    basis = draw(orthogonal_matrices(size))
    angle = Angle.of_half(*half)
    plane = exact(np.zeros((2, size)))
    plane[0, 0], plane[1, 0] = fmpq(1), angle.cosine
    if size > 1:
        plane[1, 1] = angle.sine
    u, v = (basis @ row * length for row, length in zip(plane, lengths, strict=True))
    return VectorPair(u, v, lengths[0], lengths[1], half)


@built_once
def _line_angles(parallel: bool, opposite: bool) -> st.SearchStrategy[tuple[fmpq, fmpq]]:
    """th = 0 and th = pi, which of them are asked for."""
    return st.sampled_from([(fmpq(0), fmpq(1))] * parallel + [(fmpq(1), fmpq(0))] * opposite)
