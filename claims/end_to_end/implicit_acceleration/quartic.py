"""l_4 regression on two whitened samples: its loss, a step of descent, balanced starts; and depth 1's residual."""

from fractions import Fraction

import numpy as np
from flint import fmpq

from claims.suite import witness
from solvers.arithmetic import ObjectArray, Scalar, power
from solvers.network import Weights, backpropagate, end_to_end

REACHED = fmpq(1, 1000)

START = (fmpq(3, 320), fmpq(4, 320))
"""Of norm 1/64, a rational square and cube."""


def matrix(*rows: list[Scalar]) -> ObjectArray:
    found = np.empty((len(rows), len(rows[0])), dtype=object)
    for k, entries in enumerate(rows):
        found[k] = entries
    return found


def balanced(start: tuple[Scalar, ...], norm: Scalar, depth: int) -> tuple[ObjectArray, ...]:
    """N layers of norm ||W||^{1/N}, W = ``start`` of the given norm: a row, then numbers."""
    root = power(norm, Fraction(1, depth))
    return (matrix([w * (root / norm) for w in start]), *(matrix([root]),) * (depth - 1))


def quartic(product: ObjectArray, target: tuple[int, ...]) -> Scalar:
    """1/2 sum_i (w_i - y_i)^4."""
    total: Scalar = sum(((w - y) ** 4 for w, y in zip(product.ravel(), target, strict=True)), start=fmpq(0)) / 2
    return total


def step(weights: Weights, target: tuple[int, ...], rate: Scalar) -> tuple[ObjectArray, ...]:
    """A step of gradient descent on :func:`quartic`, in the arithmetic of the weights."""
    product = end_to_end(weights)
    gradient = matrix([2 * (w - y) ** 3 for w, y in zip(product.ravel(), target, strict=True)])
    return tuple(layer - d * rate for layer, d in zip(weights, backpropagate(weights, gradient), strict=True))


def residual_after(steps: int, q: Scalar, residual: Scalar) -> Scalar:
    """r -> r (1 - q r^2), so many times."""
    for _ in range(steps):
        residual = residual * (1 - q * residual * residual)
    return residual


@witness
def test_the_start_is_balanced_at_depths_one_to_three() -> None:
    """Layers of equal norm, whose product is W(0) exactly."""
    for depth in (1, 2, 3):
        weights = balanced(START, fmpq(1, 64), depth)
        assert (end_to_end(weights) == matrix([*START])).all()
        assert len({(layer * layer).sum() for layer in weights}) == 1
