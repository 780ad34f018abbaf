"""The loss of three observed entries, the bound, and matrices that meet its hypotheses."""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from solvers import backpropagate
from solvers.arithmetic import Comparison, ObjectArray, Scalar, exact, power, square_root
from solvers.network import end_to_end

LARGEST = fmpq(3, 8)


def completion_loss(matrix: Any) -> Any:
    """L(W), in any arithmetic."""
    return ((matrix[0, 1] - 1) ** 2 + (matrix[1, 0] - 1) ** 2 + matrix[1, 1] ** 2) / 2


def completion_gradient(matrix: Any) -> Any:
    """H = dL/dW: the residual where an entry is observed, 0 where it is not."""
    zero = matrix[0, 0] - matrix[0, 0]
    return np.array([[zero, matrix[0, 1] - 1], [matrix[1, 0] - 1, matrix[1, 1]]])


def determinant(matrix: Any) -> Any:
    """det W of a 2 x 2 matrix."""
    return matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]


def descent_step(weights: Sequence[Any], learning_rate: Any) -> tuple[Any, ...]:
    """One step of gradient descent on L, all layers at once."""
    gradients = backpropagate(weights, completion_gradient(end_to_end(weights)))
    return tuple(layer - learning_rate * gradient for layer, gradient in zip(weights, gradients, strict=True))


def rho(value: Scalar) -> Scalar:
    """The root of rho (1 + rho) = 2 L: rational where it can be."""
    return (square_root(1 + 8 * value) - 1) / 2


def least_entry(value: Scalar, *, exponent: Fraction = Fraction(3, 2)) -> Scalar:
    """(1 - rho)^{3/2} rho^{-1/2} for a loss 0 < L < 1/2; a control changes the exponent."""
    root = rho(value)
    return square_root(power(1 - root, 2 * exponent) / root)


def entry_is_large(matrix: ObjectArray, **changed: Any) -> Comparison:
    """The first line of statement 1; changed as :func:`least_entry` is."""
    bound = least_entry(completion_loss(matrix), **changed)
    return Comparison(abs(matrix[0, 0]), ">=", bound, "the entry that is not observed")


def near_rank_one(matrix: ObjectArray, *, of: int | fmpq = 1) -> Comparison:
    """sigma_2(W) < |W_22|: as det (W^T W - s I) < 0 at s = W_22^2, times ``of`` for a control; see the test."""
    gram, s = matrix.T @ matrix, of * matrix[1, 1] ** 2
    return Comparison(determinant(gram - s * exact(np.eye(2))), "<", fmpq(0), "sigma_2 < |W_22|")


@st.composite
def low_losses(draw: st.DrawFn) -> ObjectArray:
    """W of exact rationals with det W >= 0 and 0 < L <= 3/8, boundary included.

    (1 - W_12, 1 - W_21, W_22) is a whole vector, whose last entry is not 0, times a number below (3/4)^{1/2} over its
    norm; W_11 is then W_12 W_21 / W_22, at which det W is 0, or beyond.
    """
    x, y = draw(st.integers(-6, 6)), draw(st.integers(-6, 6))
    z = draw(st.integers(1, 8)) * draw(st.sampled_from([1, -1]))
    norm = x * x + y * y + z * z
    longest = fmpq(isqrt(3 * 2**40 // (4 * norm)), 2**20)
    length = longest * fmpq(draw(st.integers(1, 16)), 16)
    first, second, last = 1 - x * length, 1 - y * length, z * length
    beyond = fmpq(draw(st.integers(0, 8)), 4)
    corner = first * second / last * (1 + beyond)
    return exact([[corner, first], [second, last]])


def attaining(root: fmpq) -> ObjectArray:
    """For 0 < rho < 1 the W whose |W_11| is the bound; rho (1 - rho) is the square of a rational."""
    last = square_root(root * (1 - root))
    return exact([[(1 - root) ** 2 / last, 1 - root], [1 - root, last]])
