"""Statement 1: one layer by Wick's formula for symbolic sizes, every depth by induction, and small networks in full."""

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from math import prod
from typing import Any

import pytest
import sympy
from flint import fmpq

from claims.suite import exact, symbolic
from claims.suite.cubature import three_point_mean
from claims.suite.wick import Letter, index_classes, pairings
from solvers.arithmetic import Comparison, compare
from solvers.network import end_to_end

UNIT = fmpq(1)
ROWS = sympy.Symbol("d", positive=True)
TRACE, SQUARE = sympy.symbols("p1 p2", positive=True)  # tr M and tr M^2


def mean_square(dimensions: Sequence[Any], scale: Any = 1) -> Any:
    """E ||W||_F^2."""
    return scale ** (2 * (len(dimensions) - 1)) * prod(dimensions)


def fourth_moments(dimensions: Sequence[Any], scale: Any = UNIT, *, up: int = 2, down: int = 1) -> tuple[Any, Any]:
    """E ||W||_F^4 and E tr (W W^T)^2; controls change d + 2 or d - 1."""
    above, below = prod(d * (d + up) for d in dimensions), prod(d * (d - down) for d in dimensions)
    factor = scale ** (4 * (len(dimensions) - 1))
    return factor * (above + 2 * below) / 3, factor * (above - below) / 3


def through_a_layer(rows: Any, moments: tuple[Any, Any]) -> tuple[Any, Any]:
    """E (tr A M A^T)^2 and E tr (A M A^T)^2 from (tr M)^2 and tr M^2."""
    one, other = moments
    return rows * (rows * one + 2 * other), rows * (one + (rows + 1) * other)


def expectation(letters: Sequence[Letter]) -> sympy.Expr:
    """E of the product of the letters A_{ik}, times m_k for every name k of a column, summed over all indices.

    M = diag(m), which is no loss: A Q has the law of A for every orthogonal Q. A class of c names of columns gives
    tr M^c, a class of names of rows their number d.
    """
    traces = {1: TRACE, 2: SQUARE}
    total = sympy.Integer(0)
    for pairing in pairings(letters):
        factors = (ROWS if names[0][0] == "i" else traces[len(names)] for names in index_classes(pairing))
        total += sympy.Mul(*factors)
    return sympy.expand(total)


@symbolic
def test_one_layer_for_all_sizes() -> None:
    """Both lines of the proof, for every number of rows and every M."""
    square_of_trace = [("A", "i1", "k1"), ("A", "i1", "k1"), ("A", "i2", "k2"), ("A", "i2", "k2")]
    trace_of_square = [("A", "i1", "k1"), ("A", "i2", "k1"), ("A", "i2", "k2"), ("A", "i1", "k2")]
    expected = through_a_layer(ROWS, (TRACE**2, SQUARE))
    found = (expectation(square_of_trace), expectation(trace_of_square))
    assert all(sympy.expand(left - right) == 0 for left, right in zip(found, expected, strict=True))
    assert expectation(square_of_trace[:2]) == ROWS * TRACE


@symbolic
def test_every_depth_by_induction() -> None:
    """One layer more multiplies P = prod d (d + 2) and Q = prod d (d - 1) by their factors, for symbolic P, Q and d;
    the start is N = 0, (d_0^2, d_0)."""
    above, below, d = sympy.symbols("P Q d", positive=True)
    closed = ((above + 2 * below) / 3, (above - below) / 3)
    longer = {above: above * d * (d + 2), below: below * d * (d - 1)}
    for left, right in zip(through_a_layer(d, closed), closed, strict=True):
        assert sympy.expand(left - right.subs(longer, simultaneous=True)) == 0
    for left, right in zip(fourth_moments((d,), sympy.Integer(1)), (d**2, d), strict=True):
        assert sympy.expand(left - right) == 0


@symbolic
def test_layers_have_the_same_eigenvectors() -> None:
    """d [[d, 2], [1, d + 1]] has (1, 1) of d (d + 2) and (2, -1) of d (d - 1)."""
    assert through_a_layer(ROWS, (1, 1)) == (ROWS * (ROWS + 2),) * 2
    one, other = through_a_layer(ROWS, (2, -1))
    assert sympy.expand(one - 2 * ROWS * (ROWS - 1)) == sympy.expand(other + ROWS * (ROWS - 1)) == 0


SHAPES = [
    (1, 1),
    (2, 3),
    (5, 2),
    (1, 1, 1, 1, 1),
    (1, 2, 1),
    (2, 1, 2),
    (2, 2, 2),
    (3, 1, 3),
    (1, 3, 2),
    (1, 2, 2, 1),
    (2, 1, 1, 2),
    (1,) * 8,
]


def in_full(dimensions: Sequence[int], values: Callable[[Any], Any], degree: int, scale: int) -> fmpq:
    """The mean of a polynomial of W over all networks of the three-point law, times a whole s."""
    shapes = [(after, before) for before, after in pairwise(dimensions)]

    def of_product(layers: Sequence[Any]) -> Any:
        return values(end_to_end([scale * layer for layer in layers]))

    return three_point_mean(shapes, of_product, degree=degree * len(shapes))


def norm_squared(product: Any) -> Any:
    """||W||_F^2 of a stack, in whole numbers."""
    return (product**2).sum(axis=(-2, -1))


def trace_of_square(product: Any) -> Any:
    """tr (W W^T)^2 of a stack."""
    return norm_squared(product @ product.swapaxes(-2, -1))


@exact
@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("dimensions", SHAPES)
def test_moments_of_small_networks_in_full(dimensions: tuple[int, ...], scale: int) -> None:
    """All networks of the three-point law, whose moments up to degree 5 are those of N(0, 1): equalities of rationals,
    depth 1 to 7, bottlenecks and one row or column included; s = 1 and 2."""
    fourth, trace = fourth_moments(dimensions, fmpq(scale))
    found = {
        "E ||W||^2": (in_full(dimensions, norm_squared, 2, scale), fmpq(mean_square(dimensions, scale))),
        "E ||W||^4": (in_full(dimensions, lambda product: norm_squared(product) ** 2, 4, scale), fourth),
        "E tr (W W^T)^2": (in_full(dimensions, trace_of_square, 4, scale), trace),
    }
    for name, (left, right) in found.items():
        verdict = compare(Comparison(left, "==", right, f"{name} at {dimensions}"))
        assert verdict.holds, verdict


@exact
@pytest.mark.parametrize("dimensions", [(1, 40), (7, 5, 3, 9), (2,) * 12, (100, 1, 100), (64,) * 33])
def test_closed_form_is_the_recurrence(dimensions: tuple[int, ...]) -> None:
    """Wide and deep, s = 3/2: layer after layer against the closed form."""
    scale = fmpq(3, 2)
    start = (fmpq(dimensions[0]) ** 2, fmpq(dimensions[0]))
    moments = reduce(lambda known, rows: through_a_layer(rows, known), dimensions[1:], start)
    factor = scale ** (4 * (len(dimensions) - 1))
    for left, right in zip(moments, fourth_moments(dimensions, scale), strict=True):
        assert compare(Comparison(left * factor, "==", right, f"recurrence at {dimensions}")).holds
