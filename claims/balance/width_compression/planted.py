"""Networks with a known closed family: W_j = O_j diag(V_j, C_j) O_{j-1}^T, Q_j being the first k_j columns of O_j."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from claims.balance.width_compression.subspaces import residual_of
from solvers import arithmetic
from solvers.arithmetic import ObjectArray
from solvers.network import Matrix, Problem, end_to_end
from strategies import dimensions, dyadic_matrices, generic_weights, orthogonal_matrices


@dataclass(frozen=True)
class Planted:
    """A whole problem, the compressed one V, the rest C (blocks; None where a side is empty) and the bases O_j."""

    problem: Problem
    inner: Problem
    rest: tuple[ObjectArray | None, ...]
    bases: tuple[ObjectArray, ...]

    def blocks(self, weights: Sequence[Matrix]) -> tuple[ObjectArray, ...]:
        """O_j diag(V_j, C_j) O_{j-1}^T for other V."""
        return tuple(
            after @ block_diagonal(matrix, rest, (len(after), len(before))) @ before.T
            for matrix, rest, (before, after) in zip(weights, self.rest, pairwise(self.bases), strict=True)
        )


def block_diagonal(first: Matrix, second: Matrix | None, shape: tuple[int, int]) -> ObjectArray:
    """diag(A, B), padded with zeros to ``shape`` where B is missing."""
    result = arithmetic.exact(np.zeros(shape))
    rows, columns = first.shape
    result[:rows, :columns] = first
    if second is not None:
        result[rows:, columns:] = second
    return result


def plant(inner: Problem, rest: Sequence[ObjectArray | None], bases: Sequence[ObjectArray]) -> Planted:
    """The whole problem of V, C and bases: Phi = O_N diag(Phi_V, C_N ... C_1) O_0^T, so R = O_N diag(S, 0) O_0^T."""
    whole = Planted(inner, inner, tuple(rest), tuple(bases))
    weights = whole.blocks(inner.weights)
    residual = block_diagonal(residual_of(inner), None, (len(bases[-1]), len(bases[0])))
    target = end_to_end(weights) - bases[-1] @ residual @ bases[0].T
    return Planted(Problem(weights, target, inner.learning_rate), inner, tuple(rest), tuple(bases))


@st.composite
def dyadic_bases(draw: st.DrawFn, size: int) -> ObjectArray:
    """Orthogonal matrices of dyadic entries: a permutation, and I - v v^T / 2 with v of four signs where they fit."""
    result = arithmetic.exact(np.eye(size))[draw(st.permutations(range(size)))]
    if size >= 4:
        signs = draw(st.lists(st.sampled_from([-1, 1]), min_size=4, max_size=4))
        v = np.array([fmpq(sign) for sign in signs] + [fmpq(0)] * (size - 4), dtype=object)
        result = result - np.outer(v, v @ result) / 2
    return result


@st.composite
def planted_problems(
    draw: st.DrawFn, *, max_depth: int = 3, max_width: int = 4, dyadic: bool = False, scale: int = 1
) -> Planted:
    """Planted networks, entries of V, C and Phi_V divided by ``scale``; bases rational, or dyadic."""
    widths = draw(dimensions(max_depth=max_depth, max_width=max_width))
    inner_widths = tuple(draw(st.integers(1, width)) for width in widths)
    small = fmpq(1, scale)
    layers = tuple(small * arithmetic.exact(matrix) for matrix in draw(generic_weights(inner_widths)))
    target = small * arithmetic.exact(draw(dyadic_matrices(inner_widths[-1], inner_widths[0])))
    gaps = [width - inner for width, inner in zip(widths, inner_widths, strict=True)]
    rest = [
        small * arithmetic.exact(draw(dyadic_matrices(rows, columns))) if rows and columns else None
        for columns, rows in pairwise(gaps)
    ]
    bases = [draw(dyadic_bases(width) if dyadic else orthogonal_matrices(width)) for width in widths]
    return plant(Problem(layers, target, fmpq(1, 2 ** draw(st.integers(0, 6)))), rest, bases)
