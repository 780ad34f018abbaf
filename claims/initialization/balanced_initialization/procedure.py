"""Procedure 1 in any arithmetic, and its factors in rationals: every shape, every rank, every exponent."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, exact
from solvers.arithmetic import Comparison, ObjectArray, compare, rational
from solvers.network import end_to_end, frobenius_squared, imbalances
from strategies import diagonal, dimensions, orthogonal_matrices, singular_value_lists


def procedure(bases: Sequence[Any], powers: Sequence[Any]) -> tuple[Any, ...]:
    """W_j = E_j S^{a_j} E_{j-1}^T from E_0, ..., E_N and S^{a_1}, ..., S^{a_N}, in any arithmetic with ``.T``."""
    return tuple(after @ power @ before.T for (before, after), power in zip(pairwise(bases), powers, strict=True))


@dataclass(frozen=True)
class Factorisation:
    """A = U S V^T in rationals: ``bases`` are E_0 = V, E_1, ..., E_N = U, ``roots`` the diagonal of S^{1/N}."""

    matrix: ObjectArray
    bases: list[ObjectArray]
    roots: list[Any]

    def layers(self) -> tuple[ObjectArray, ...]:
        """Procedure 1."""
        size = len(self.roots)
        return procedure(self.bases, [diagonal(size, size, self.roots)] * (len(self.bases) - 1))


@st.composite
def factorisations(draw: st.DrawFn, *, padded: bool) -> Factorisation:
    """Every shape without a bottleneck, depths 1 to 6, every rank from 0 on; hidden bases padded or any."""
    widths = draw(dimensions(bottleneck=False))
    depth, size = len(widths) - 1, min(widths[0], widths[-1])
    roots = draw(singular_value_lists(size))
    bases = [draw(orthogonal_matrices(width))[:, :size] for width in (widths[0], widths[-1])]
    hidden = [
        diagonal(width, size, [1] * size) if padded else draw(orthogonal_matrices(width))[:, :size]
        for width in widths[1:-1]
    ]
    matrix = bases[1] @ diagonal(size, size, [root**depth for root in roots]) @ bases[0].T
    return Factorisation(matrix, [bases[0], *hidden, bases[1]], roots)


def is_balanced(weights: Sequence[ObjectArray]) -> bool:
    """B_j = 0 for every j, in rationals."""
    return all(compare(Comparison(frobenius_squared(b), "==", fmpq(0), "||B_j||^2")).holds for b in imbalances(weights))


@exact
@given(factorisations(padded=False), st.data())
def test_imbalances_under_other_exponents(drawn: Factorisation, data: st.DataObject) -> None:
    """Statement 2 with a_j = n_j / (n_1 + ... + n_N) and S the matching power of a rational diagonal: the product, the
    formula, and zero exactly where all n_j are equal or all values are 0 or 1."""
    size, depth = len(drawn.roots), len(drawn.bases) - 1
    exponents = data.draw(st.lists(st.integers(1, 3), min_size=depth, max_size=depth))
    weights = procedure(drawn.bases, [diagonal(size, size, [r**n for r in drawn.roots]) for n in exponents])
    whole = diagonal(size, size, [root ** sum(exponents) for root in drawn.roots])
    assert (end_to_end(weights) == drawn.bases[-1] @ whole @ drawn.bases[0].T).all()
    for (old, new), imbalance in zip(pairwise(exponents), imbalances(weights), strict=True):
        squared = sum(((r ** (2 * new) - r ** (2 * old)) ** 2 for r in drawn.roots), Fraction(0))
        assert frobenius_squared(imbalance) == rational(squared)
    assert is_balanced(weights) == (len(set(exponents)) == 1 or set(drawn.roots) <= {0, 1})


@exact
@given(factorisations(padded=True))
def test_procedure_with_padding(drawn: Factorisation) -> None:
    """Statement 1 as in ACGH19, in rationals."""
    weights = drawn.layers()
    assert (end_to_end(weights) == drawn.matrix).all()
    assert is_balanced(weights)


@exact
@given(factorisations(padded=False))
def test_procedure_with_any_hidden_bases(drawn: Factorisation) -> None:
    """Statement 1 with other orthonormal columns than the identity's; every layer has the norm of S^{1/N}."""
    weights = drawn.layers()
    assert (end_to_end(weights) == drawn.matrix).all()
    assert is_balanced(weights)
    size = sum((rational(root) ** 2 for root in drawn.roots), fmpq(0))
    assert all(frobenius_squared(layer) == size for layer in weights)


@exact
@ablates("DL-016", "width", "at least rank A", Fate.TRUE)
@given(st.data())
def test_width_of_the_rank_is_enough(data: st.DataObject) -> None:
    """Statement 3: rank r from 1 to k, hidden widths from r on, S_r of size r."""
    inputs, outputs = data.draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    rank = data.draw(st.integers(1, min(inputs, outputs)))
    widths = [inputs, *data.draw(st.lists(st.integers(rank, 6), max_size=3)), outputs]
    roots = data.draw(singular_value_lists(rank, rank=rank))
    bases = [data.draw(orthogonal_matrices(width))[:, :rank] for width in widths]
    depth = len(widths) - 1
    weights = procedure(bases, [diagonal(rank, rank, roots)] * depth)
    matrix = bases[-1] @ diagonal(rank, rank, [root**depth for root in roots]) @ bases[0].T
    assert (end_to_end(weights) == matrix).all()
    assert is_balanced(weights)
