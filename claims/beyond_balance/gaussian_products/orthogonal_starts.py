"""Statement 4: layers that are orthogonal up to one factor."""

from typing import Any

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, symbolic, witness
from claims.suite.relations import vanishes
from solvers import arithmetic, frobenius_squared, imbalances, layer_gradients, loss
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import end_to_end, transpose
from strategies import targets
from strategies.matrices import orthogonal_matrices

FACTORS = st.integers(1, 12).map(lambda quarters: fmpq(quarters, 4))


@st.composite
def orthogonal_starts(draw: st.DrawFn) -> tuple[tuple[ObjectArray, ...], ObjectArray, fmpq]:
    """Weights b Q_1, ..., b Q_N of exact rationals, a target of any rank, and b; depth 1 to 4, width 1 to 3."""
    size, depth, factor = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(FACTORS)
    weights = tuple(draw(orthogonal_matrices(size)) * factor for _ in range(depth))
    return weights, draw(targets(size, size)), factor


def descent_of_the_loss(weights: Any, target: Any) -> Any:
    """sum_j ||D_j||_F^2, which is -dL/dt."""
    return sum(frobenius_squared(gradient) for gradient in layer_gradients(weights, target))


def as_fast_as(weights: Any, target: Any, root: fmpq) -> Comparison:
    """sum_j ||D_j||_F^2 = N sigma_min(W)^{2(N-1)/N} ||G||_F^2, sigma_min(W)^{1/N} = ``root``."""
    depth, residual = len(weights), frobenius_squared(end_to_end(weights) - target)
    fall = depth * root ** (2 * (depth - 1)) * residual
    return Comparison(descent_of_the_loss(weights, target), "==", fall, "the fall of the loss")


@symbolic
def test_products_of_layers_for_every_size() -> None:
    """Q_2 Q_1 is orthogonal where both are, of any size, so that every W_j ... W_i is b^{j-i+1} times an orthogonal
    matrix; ||A^T G C^T|| is then ||G|| as A and C are. The induction over layers is this step."""
    n = sympy.Symbol("n", integer=True, positive=True)
    first, second = (sympy.MatrixSymbol(f"Q{k}", n, n) for k in (1, 2))
    relations = [(matrix.T * matrix, sympy.Identity(n)) for matrix in (first, second)]
    product = second * first
    assert vanishes(product.T * product - sympy.Identity(n), relations)


@exact
@given(orthogonal_starts())
def test_orthogonal_starts(start: tuple[tuple[ObjectArray, ...], ObjectArray, fmpq]) -> None:
    """Every part of statement 4 as equalities of rationals; sigma_min(W) is b^N as W W^T = b^{2N} I."""
    weights, target, factor = start
    depth, size = len(weights), len(target)
    identity = arithmetic.exact(np.eye(size))
    assert all(frobenius_squared(imbalance) == 0 for imbalance in imbalances(weights))
    for first in range(depth):
        for last in range(first, depth):
            product = end_to_end(weights[first : last + 1])
            assert (product @ transpose(product) == factor ** (2 * (last - first + 1)) * identity).all()
    residual = frobenius_squared(end_to_end(weights) - target)
    for gradient in layer_gradients(weights, target):
        assert frobenius_squared(gradient) == factor ** (2 * depth - 2) * residual
    verdict = compare(as_fast_as(weights, target, factor))
    assert verdict.holds, verdict


@control
@pytest.mark.parametrize("factor", [fmpq(1), fmpq(3)])
def test_refuted_with_another_factor(factor: fmpq) -> None:
    """b = 2, three layers: with a smaller and with a larger b the loss does not fall as fast as said."""
    weights, target = (arithmetic.exact([[2]]),) * 3, arithmetic.exact([[5]])
    assert compare(as_fast_as(weights, target, fmpq(2))).holds
    assert compare(as_fast_as(weights, target, factor)).fails


@witness
def test_smallest_parameters() -> None:
    """One layer of width 1, and the target learned already: the loss does not move."""
    weights = (arithmetic.exact([[2]]),)
    assert loss(weights, weights[0]) == descent_of_the_loss(weights, weights[0]) == 0
    assert descent_of_the_loss(weights, arithmetic.exact([[5]])) == 9
