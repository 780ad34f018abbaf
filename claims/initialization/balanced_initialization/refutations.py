"""What is false: without the roots, through a bottleneck, for columns not orthonormal; and degenerate cases."""

from itertools import pairwise

import numpy as np
import pytest
import sympy
from flint import fmpq

from claims.initialization.balanced_initialization.procedure import is_balanced, procedure
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import balanced_factors, end_to_end, frobenius_squared, imbalances
from strategies import DATASETS, diagonal, regression

VALUES = diagonal(2, 2, [4, 1])
IDENTITY = diagonal(2, 2, [1, 1])


@control
@ablates("DL-016", "equal exponents", "dropped", Fate.REFUTED)
def test_refuted_without_the_roots() -> None:
    """W_1 = S V^T, W_2 = U has the same product diag(4, 1), and ||B_1||^2 = (4^0 - 4^2)^2 as statement 2 says."""
    weights = procedure([IDENTITY] * 3, [VALUES, IDENTITY])
    assert (end_to_end(weights) == VALUES).all()
    assert frobenius_squared(imbalances(weights)[0]) == (1 - 4**2) ** 2
    assert not is_balanced(weights)


@control
@ablates("DL-016", "equal exponents", "A in the first layer, padded identities above", Fate.REFUTED)
@pytest.mark.parametrize("name", DATASETS)
def test_refuted_for_padding_layer_by_layer(name: str) -> None:
    """Real data: the product is A whatever the padding, but no layer pair next to A is balanced."""
    target = arithmetic.exact(regression(name).target)
    outputs, _ = target.shape
    weights = (target, diagonal(4, outputs, [1] * outputs), diagonal(outputs, 4, [1] * outputs))
    assert (end_to_end(weights) == target).all()
    first, second = imbalances(weights)
    assert compare(Comparison(frobenius_squared(first), ">", fmpq(0), "||B_1||^2")).holds
    assert frobenius_squared(second) == 0


@control
@ablates("DL-016", "width", "dropped", Fate.REFUTED)
def test_refuted_through_a_bottleneck() -> None:
    """d = 2-1-2: any product of a column and a row has determinant 0, and A = diag(4, 1) has not; in the padded form a
    column of S is lost."""
    entries = sympy.symbols("u_1 u_2 v_1 v_2")
    product = sympy.Matrix(2, 1, entries[:2]) * sympy.Matrix(1, 2, entries[2:])
    assert sympy.expand(product.det()) == 0
    cut = diagonal(1, 2, [1])
    weights = procedure([IDENTITY, cut, IDENTITY], [diagonal(2, 2, [2, 1])] * 2)
    assert (end_to_end(weights) == diagonal(2, 2, [4, 0])).all()
    with pytest.raises(ValueError, match="bottleneck"):
        balanced_factors(arithmetic.nearest(VALUES), (2, 1, 2))


@control
@ablates("DL-016", "orthonormal columns", "dropped", Fate.REFUTED)
def test_refuted_for_columns_that_are_not_orthonormal() -> None:
    """E_1 = 2 I at depth 2 and 3: the product is 4 A, and next to the last layer balance is lost at depth 3."""
    root = diagonal(2, 2, [2, 1])
    for depth in (2, 3):
        weights = procedure([IDENTITY, 2 * IDENTITY, *[IDENTITY] * (depth - 1)], [root] * depth)
        assert (end_to_end(weights) == 4 * diagonal(2, 2, [2**depth, 1])).all()
        assert is_balanced(weights) == (depth == 2)


@control
def test_refuted_where_two_layers_disagree_on_a_basis() -> None:
    """W_1 padded from above and W_2 from below, d = 1-2-1: balance and product are both lost."""
    weights = (diagonal(2, 1, [1]), diagonal(1, 2, [1])[:, ::-1])
    assert (end_to_end(weights) == 0).all()
    assert not is_balanced(weights)


# The smallest cases, and the boundary of statement 2


@witness
def test_smallest_and_degenerate_cases() -> None:
    """A = 0, depth 1, and widths just wide enough, wide and tall: everything exact in floats too."""
    for shape in ((2, 3), (3, 2), (1, 1)):
        zero = np.zeros(shape)
        outputs, inputs = shape
        rank = min(shape)
        for widths in ((inputs, outputs), (inputs, rank, outputs), (inputs, 5, rank, outputs)):
            weights = [arithmetic.exact(layer) for layer in balanced_factors(zero, widths)]
            assert [layer.shape for layer in weights] == [(after, before) for before, after in pairwise(widths)]
            assert not end_to_end(weights).any()
            assert is_balanced(weights)


@witness
def test_scalars_by_hand() -> None:
    """A = -8 in three layers of width 1: all |w_j| are 2, and the product keeps the sign."""
    weights = balanced_factors(np.array([[-8.0]]), (1, 1, 1, 1))
    assert [abs(float(layer[0, 0])) for layer in weights] == [2.0] * 3
    assert end_to_end(weights)[0, 0] == -8


@witness
def test_zeros_and_ones_are_balanced_under_every_exponent() -> None:
    """The boundary of statement 2: singular values 1 and 0 alone, where S^a = S for every a > 0."""
    values = diagonal(2, 2, [1, 0])
    weights = procedure([IDENTITY] * 4, [values] * 3)
    assert (end_to_end(weights) == values).all()
    assert is_balanced(weights)
