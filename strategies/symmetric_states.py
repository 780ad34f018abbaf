"""Symmetric states: equal layers and a target with one orthogonal basis, as they are reached from W_j(0) = I."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import ObjectArray
from strategies.arguments import check_whole
from strategies.matrices import diagonal, orthogonal_matrices


@dataclass(frozen=True)
class SymmetricState:
    """Equal layers A = Q diag(a) Q^T and Phi = Q diag(lambda) Q^T of rationals, ``eigenvalues`` being lambda."""

    layer: ObjectArray
    target: ObjectArray
    eigenvalues: tuple[fmpq, ...]
    depth: int

    @property
    def weights(self) -> tuple[ObjectArray, ...]:
        return (self.layer,) * self.depth


@st.composite
def symmetric_states(
    draw: st.DrawFn, *, depths: Sequence[int] = (2, 4, 6), at_identity: bool = False
) -> SymmetricState:
    """Sizes 1..4, eigenvalues of Phi and of A multiples of 1/4 in [-3, 3], at least one of Phi's negative; A = I where
    ``at_identity``."""
    if not depths:
        raise InvalidArgument("depths is empty; expected at least one depth")
    for depth in depths:
        check_whole(depth, "depths", least=1)
    size, depth = draw(st.integers(1, 4)), draw(st.sampled_from(depths))
    quarters = st.integers(-12, 12).map(lambda k: fmpq(k, 4))
    negative = st.integers(1, 12).map(lambda k: fmpq(-k, 4))
    eigenvalues = [draw(negative), *(draw(quarters) for _ in range(size - 1))]
    own = [fmpq(1)] * size if at_identity else [draw(quarters) for _ in range(size)]
    basis = draw(orthogonal_matrices(size))

    def in_basis(values: list[fmpq]) -> ObjectArray:
        matrix: ObjectArray = basis @ diagonal(size, size, values) @ basis.T
        return matrix

    return SymmetricState(in_basis(own), in_basis(eigenvalues), tuple(eigenvalues), depth)
