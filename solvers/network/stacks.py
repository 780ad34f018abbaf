"""Measures of matrices, or of stacks of thousands of them at once: norms, products, extreme singular values.

A stack is an :class:`~solvers.arithmetic.Enclosure` of shape (B, rows, columns). What is measured of it comes as an
:class:`~solvers.arithmetic.Interval`, float64 ends rounded outward, so that formulas that are written for exact scalars
hold or fail for all B matrices at once, and leave to exact arithmetic what they cannot decide. A single matrix, in any
arithmetic, is measured by :mod:`~solvers.network.network` and :mod:`~solvers.network.spectrum`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from flint import arb, fmpq

from solvers.arithmetic import TINY, UNIT, Enclosure, Interval, gamma, square_root
from solvers.network import network, spectrum
from solvers.network.network import Matrix


def is_stack(matrix: Matrix) -> bool:
    """Whether a matrix is a stack of enclosed ones."""
    return isinstance(matrix, Enclosure) and matrix.value.ndim == 3


def frobenius_squared(matrix: Matrix) -> Any:
    """||A||_F^2, in any arithmetic; an Interval for a stack."""
    return inner(matrix, matrix) if is_stack(matrix) else network.frobenius_squared(matrix)


def inner(left: Matrix, right: Matrix) -> Any:
    """<A, B> = trace(A^T B), in any arithmetic; an Interval for a stack."""
    if not isinstance(left, Enclosure):
        return (left * right).sum()
    if not is_stack(left):
        return (left.entries() * right.entries()).sum()
    size = left.value.shape[-1] * left.value.shape[-2]
    a, b = abs(left.value), abs(right.value)
    spread = gamma(size) * a * b + a * right.radius + left.radius * (b + right.radius)
    radius = spread.sum(axis=(-2, -1)) * (1 + 8 * (size + 8) * UNIT) + 8 * size * TINY
    value = (left.value * right.value).sum(axis=(-2, -1))
    return Interval.outward(value - radius, value + radius)


def extreme_singular_values(matrix: Matrix) -> tuple[Any, Any]:
    """sigma_min and |.|_2, in any arithmetic; Intervals for a stack, confirmed as in
    :mod:`solvers.network.spectrum`."""
    if not is_stack(matrix):
        values = spectrum.singular_values(matrix)
        return -largest([-value for value in values]), largest(values)  # their order is that of floats, which may tie
    left, scales, right = np.linalg.svd(matrix.value, full_matrices=False)
    middle = Enclosure.of(scales[:, :, None] * np.eye(scales.shape[1]))
    residual = matrix - Enclosure.of(left) @ middle @ Enclosure.of(right)
    distance: Any = square_root(frobenius_squared(residual).nonnegative_part())
    low: Any = Interval.of(1.0)
    high: Any = Interval.of(1.0)
    for basis in (Enclosure.of(left.mT), Enclosure.of(right)):
        defect = frobenius_squared(
            basis @ basis.mT - Enclosure.of(np.broadcast_to(np.eye(len(middle.value[0])), middle.shape))
        )
        off = square_root(defect.nonnegative_part())
        low, high = low * (1 - off), high * (1 + off)
    low, high = square_root(low.nonnegative_part()), square_root(high)
    least, most = (
        Interval((low * value - distance).low, (high * value + distance).high).nonnegative_part()
        for value in (scales[:, -1], scales[:, 0])
    )
    return least, most


def extreme_squares(matrix: Matrix) -> tuple[Any, Any]:
    """sigma_min^2 and |.|_2^2, rational wherever they are; else the squares of :func:`extreme_singular_values`."""
    if isinstance(matrix, Enclosure) or not isinstance(matrix.flat[0], fmpq):
        least, most = extreme_singular_values(matrix)
        return least * least, most * most
    squares = spectrum.squared_singular_values(matrix)
    return -largest([-square for square in squares]), largest(squares)


def times(factor: Any, matrix: Matrix) -> Matrix:
    """A number times a matrix, or float64 numbers (B,) times a stack."""
    if not is_stack(matrix):
        return factor * matrix
    factors = factor[:, None, None]
    value = factors * matrix.value
    radius = (abs(factors) * matrix.radius + UNIT * abs(value)) * (1 + 32 * UNIT) + 4 * TINY
    return Enclosure(value, radius)


def largest(values: Sequence[Any]) -> Any:
    """The largest of scalars of one arithmetic, which may be rationals among balls."""

    def of_two(a: Any, b: Any) -> Any:
        if isinstance(a, Interval) or isinstance(b, Interval):
            a, b = Interval.of(a), Interval.of(b)
            return Interval(np.maximum(a.low, b.low), np.maximum(a.high, b.high))
        return arb(a).max(arb(b)) if isinstance(a, arb) or isinstance(b, arb) else max(a, b)

    return reduce(of_two, values)
