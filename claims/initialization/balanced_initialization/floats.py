"""Procedure 1 in float64 stays within its bounds, on drawn and on real matrices; and the bounds can tell."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claims.initialization.balanced_initialization.bounds import Bounds, FloatMatrix, norm, product_and_imbalances
from claims.initialization.balanced_initialization.procedure import Factorisation, factorisations
from claims.suite import control, sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import balanced_factors
from strategies import DATASETS, diagonal, dimensions, dyadic_matrices, regression


def check_factors(matrix: FloatMatrix, widths: Sequence[int]) -> None:
    """``balanced_factors`` is within the bounds."""
    product, balance = product_and_imbalances(balanced_factors(matrix, widths), matrix)
    assert product.holds, product
    assert len(balance) == len(widths) - 2
    assert all(verdict.holds for verdict in balance), balance


@st.composite
def matrices_and_widths(draw: st.DrawFn) -> tuple[FloatMatrix, tuple[int, ...]]:
    """Entries that are not dyadic, every shape without a bottleneck."""
    widths = draw(dimensions(bottleneck=False))
    return draw(dyadic_matrices(widths[-1], widths[0])) / 3, widths


@sampled
@given(matrices_and_widths())
@example((np.zeros((2, 3)), (3, 2, 4, 2)))
@example((np.ones((3, 2)), (2, 2, 3)))
def test_procedure_in_floats(drawn: tuple[FloatMatrix, tuple[int, ...]]) -> None:
    """Statement 4, at A = 0 and a matrix of rank 1 too."""
    check_factors(*drawn)


@sampled
@given(factorisations(padded=True))
def test_floats_against_the_rational_procedure(drawn: Factorisation) -> None:
    """The middle layers of ``balanced_factors`` are Procedure 1's: padded diagonals whose N-th powers are the known
    singular values of the rational A, as far as LAPACK, and rounding A to float64, let them."""
    matrix, widths = arithmetic.nearest(drawn.matrix), [len(basis) for basis in drawn.bases]
    check_factors(matrix, widths)
    allowed = Bounds.of(matrix, widths).value + norm(arithmetic.exact(matrix) - drawn.matrix)
    depth, size = len(widths) - 1, len(drawn.roots)
    for layer in balanced_factors(matrix, widths)[1:-1]:
        found = arithmetic.exact(layer)
        on_the_diagonal = [found[i, i] for i in range(size)]
        assert (found == diagonal(len(found), len(found.T), on_the_diagonal)).all()
        for root, entry in zip(drawn.roots, on_the_diagonal, strict=True):
            gap = abs(entry**depth - arithmetic.rational(root) ** depth)
            verdict = compare(Comparison(gap, "<=", allowed, f"power of a root against {root**depth}"))
            assert verdict.holds, verdict


@sampled
@pytest.mark.parametrize("hidden", [(), (3,), (4, 3), (3, 5, 4, 3)], ids=str)
@pytest.mark.parametrize("name", DATASETS)
def test_real_targets(name: str, hidden: tuple[int, ...]) -> None:
    """The whitened data's own Phi, 1 x 10 and 3 x 3, at depths 1, 2, 3 and 5."""
    target = regression(name).target
    check_factors(target, (target.shape[1], *hidden, target.shape[0]))


@control
@pytest.mark.parametrize("name", DATASETS)
def test_refuted_for_floats_with_a_relative_error_of_two_to_the_minus_40(name: str) -> None:
    """The bounds are sharp enough to tell one layer that is larger by 2^-40 from the right one."""
    target = regression(name).target
    widths = (target.shape[1], 4, 3, target.shape[0])
    weights = list(balanced_factors(target, widths))
    weights[1] = weights[1] * (1 + 2.0**-40)
    product, balance = product_and_imbalances(weights, target)
    assert product.fails
    assert all(verdict.fails for verdict in balance)
