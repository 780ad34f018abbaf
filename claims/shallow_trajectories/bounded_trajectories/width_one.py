"""Statement 2 at width 1, in rationals: zeros, ties and equality."""

from fractions import Fraction
from itertools import pairwise
from math import prod

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare


def scalar_form(layers: list[fmpq], j: int, share: int | fmpq = 1) -> Comparison:
    """Statement 2 at width 1, without the last term, to the power N so that rationals decide."""
    squares = [layer**2 for layer in layers]
    rest = squares[j] - share * sum((abs(a - b) for a, b in pairwise(squares)), start=fmpq(0))
    product = prod(squares, start=fmpq(1))
    return Comparison(max(rest, fmpq(0)) ** len(layers), "<=", product, f"width 1, depth {len(layers)}, layer {j + 1}")


@exact
@given(st.lists(st.fractions(-4, 4, max_denominator=8), min_size=1, max_size=6))
def test_every_depth_at_width_one(layers: list[Fraction]) -> None:
    """Zeros, ties and signs too. Here the last term of statement 2 is not needed: (s - b)^N <= prod (s - b_k')."""
    numbers = [arithmetic.rational(layer) for layer in layers]
    assert all(compare(scalar_form(numbers, j)).holds for j in range(len(numbers)))


@control
@pytest.mark.parametrize("depth", [2, 3, 6])
def test_refuted_with_less_than_the_whole_imbalance(depth: int) -> None:
    """Layers 2, 0, ..., 0: |W_1|_2^2 = 4 = b and W = 0."""
    layers = [fmpq(2)] + [fmpq(0)] * (depth - 1)
    left, _, right, sentence = scalar_form(layers, 0)
    assert compare(Comparison(left, "==", right, sentence)).holds
    assert scalar_form(layers, 0, 0).left == 4**depth
    assert compare(scalar_form(layers, 0, fmpq(99, 100))).fails
    assert scalar_form([fmpq(2), fmpq(1)], 0).left == 1  # (4 - 3)^2
