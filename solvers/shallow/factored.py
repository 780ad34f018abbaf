"""Objectives of a factor U through U U^T, in every arithmetic.

With U of shape (n, k), M symmetric and T a self-adjoint positive semidefinite map on symmetric matrices
(:mod:`solvers.shallow.symmetric_maps`), N = U U^T - M and S = U V^T + V U^T:

    f(U) = 1/4 <N, T N>,   grad f = T(N) U,   H V = T(S) U + T(N) V,   <V, H V> = 1/2 <S, T S> + <T(N), V V^T>.

More generally L(U) = F(U U^T) with F twice differentiable on symmetric matrices, Y = U U^T:

    grad L = 2 F'(Y) U,   H V = 2 F''(Y)[S] U + 2 F'(Y) V,   <V, H V> = <S, F''(Y)[S]> + 2 <F'(Y), V V^T>.

Factors are float64 (with leading batch axes), object arrays of rationals or balls, Enclosures where T is the identity
or a mask, and SymPy's matrix expressions of symbolic size where T is the identity or the Gaussian mean. Sources:
Bhojanapalli, Neyshabur, Srebro (2016), arXiv:1605.07221; Du, Lee (2018), arXiv:1803.01206 for F.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from solvers import arithmetic
from solvers.arithmetic import Enclosure
from solvers.network import Matrix, frobenius_squared, transpose
from solvers.shallow.checks import check_array, check_factor, check_symmetric
from solvers.shallow.symmetric_maps import SymmetricMap, identity_map


@dataclass(frozen=True)
class FactoredObjective:
    """f(U) = 1/4 <N, T N>, N = U U^T - M, for M = ``target`` (n, n) and T = ``linear_map`` (the identity).

    Raises TypeError or ValueError where M is not symmetric or T is not of its size.
    """

    target: Matrix
    linear_map: SymmetricMap = field(default_factory=identity_map)

    def __post_init__(self) -> None:
        check_symmetric(self.target, "target")
        if len(self.target.shape) != 2:
            raise ValueError(f"target has shape {self.target.shape}; expected two axes, (n, n)")
        if not isinstance(self.linear_map, SymmetricMap):
            raise TypeError(f"linear_map is a {type(self.linear_map).__name__}; expected a SymmetricMap")
        if self.linear_map.size not in (None, self.target.shape[0]):
            raise ValueError(
                f"linear_map acts on {self.linear_map.size} x {self.linear_map.size} matrices but target has shape "
                f"{self.target.shape}; expected the same size"
            )

    @property
    def size(self) -> Any:
        """n, the number of rows of a factor."""
        return self.target.shape[0]

    def residual(self, factor: Matrix) -> Matrix:
        """N = U U^T - M."""
        return square(factor, self.size) - self.target

    def value(self, factor: Matrix) -> Any:
        """f(U); for a stack of factors (..., n, k) one value each."""
        residual = self.residual(factor)
        if self.linear_map.name == "identity":
            return frobenius_squared(residual) / 4
        return inner(residual, self.linear_map(residual)) / 4

    def gradient(self, factor: Matrix) -> Matrix:
        """T(N) U, of the factor's shape."""
        return self.linear_map(self.residual(factor)) @ factor

    def hessian_vector_product(self, factor: Matrix, direction: Matrix) -> Matrix:
        """H V = T(S) U + T(N) V."""
        seen = self.linear_map(self.residual(factor))
        return self.linear_map(symmetric_product(factor, direction)) @ factor + seen @ direction

    def hessian_form(self, factor: Matrix, direction: Matrix) -> Any:
        """<V, H V> = 1/2 <S, T S> + <T(N), V V^T>."""
        seen, moved = self.linear_map(self.residual(factor)), symmetric_product(factor, direction)
        return inner(moved, self.linear_map(moved)) / 2 + inner(seen, direction @ transpose(direction))

    def hessian(self, factor: Matrix) -> Matrix:
        """The Hessian over the concatenated rows of U, (..., nk, nk), of float64, rationals or balls."""
        return hessian_matrix(self.hessian_vector_product, factor)

    def exact(self) -> FactoredObjective:
        """The same numbers as exact rationals."""
        return FactoredObjective(arithmetic.exact(self.target), self.linear_map.exact())

    def balls(self) -> FactoredObjective:
        """The same numbers as balls at the current precision."""
        return FactoredObjective(arithmetic.balls(self.target), self.linear_map.balls())

    def nearest(self) -> FactoredObjective:
        """The nearest float64 numbers."""
        return FactoredObjective(arithmetic.nearest(self.target), self.linear_map.nearest())

    def enclosed(self) -> FactoredObjective:
        """A float64 objective, exactly, in float64 arithmetic that bounds its own rounding (identity and mask)."""
        return FactoredObjective(Enclosure.of(self.target), self.linear_map)


@dataclass(frozen=True)
class ConvexObjective:
    """L(U) = F(U U^T) for F on symmetric ``size`` x ``size`` matrices.

    ``outer`` takes Y to F(Y), ``outer_gradient`` to F'(Y) (symmetric), ``outer_hessian`` takes Y and S to F''(Y)[S]
    (symmetric); each in the arithmetic of the factor, and of stacks (..., n, n) where stacks of factors are wanted.
    F is meant to be convex; that is not checked.
    """

    size: int
    outer: Callable[[Matrix], Any]
    outer_gradient: Callable[[Matrix], Matrix]
    outer_hessian: Callable[[Matrix, Matrix], Matrix]

    def value(self, factor: Matrix) -> Any:
        """L(U); for a stack of factors one value each."""
        return self.outer(square(factor, self.size))

    def gradient(self, factor: Matrix) -> Matrix:
        """2 F'(Y) U."""
        return self.outer_gradient(square(factor, self.size)) @ factor * 2

    def hessian_vector_product(self, factor: Matrix, direction: Matrix) -> Matrix:
        """H V = 2 F''(Y)[S] U + 2 F'(Y) V."""
        matrix = square(factor, self.size)
        turned = self.outer_hessian(matrix, symmetric_product(factor, direction)) @ factor
        return (turned + self.outer_gradient(matrix) @ direction) * 2

    def hessian_form(self, factor: Matrix, direction: Matrix) -> Any:
        """<V, H V> = <S, F''(Y)[S]> + 2 <F'(Y), V V^T>."""
        matrix, moved = square(factor, self.size), symmetric_product(factor, direction)
        slope = inner(self.outer_gradient(matrix), direction @ transpose(direction))
        return inner(moved, self.outer_hessian(matrix, moved)) + 2 * slope

    def hessian(self, factor: Matrix) -> Matrix:
        """The Hessian over the concatenated rows of U, (..., nk, nk)."""
        return hessian_matrix(self.hessian_vector_product, factor)


Losses = Callable[[Any], Any]


def sampled_objective(
    vectors: Matrix, loss: Losses, derivative: Losses, second_derivative: Losses, *, ridge: Any = 0
) -> ConvexObjective:
    """F(Y) = 1/m sum_l loss_l(x_l^T Y x_l) + c tr Y: a network of quadratic activations with m samples.

    ``vectors`` x_l are the rows of an (m, n) array. ``loss``, ``derivative`` and ``second_derivative`` take the
    outputs x_l^T Y x_l, an array whose last axis has length m, to the losses and their derivatives, entry by entry.
    ``ridge`` is c.
    """
    check_array(vectors, "vectors", axes=2, expected="(m, n)")
    count, size = vectors.shape
    unit = np.eye(size, dtype=int).astype(vectors.dtype)

    def outputs(matrix: Matrix) -> Matrix:
        return ((matrix @ vectors.T) * vectors.T).sum(axis=-2)

    def spread(coefficients: Matrix) -> Matrix:
        return (vectors.T * coefficients[..., None, :]) @ vectors / count

    def outer(matrix: Matrix) -> Any:
        places = np.arange(size)
        return loss(outputs(matrix)).sum(axis=-1) / count + matrix[..., places, places].sum(axis=-1) * ridge

    return ConvexObjective(
        size,
        outer,
        lambda matrix: spread(derivative(outputs(matrix))) + unit * ridge,
        lambda matrix, moved: spread(second_derivative(outputs(matrix)) * outputs(moved)),
    )


def square(factor: Matrix, size: Any) -> Matrix:
    """U U^T, for a factor of ``size`` rows.

    Of a stack of float64 factors the transpose is copied first: where NumPy sees a matrix times its own transpose it
    takes a way that is ten times slower for many small ones.
    """
    check_factor(factor, size)
    turned = transpose(factor)
    return factor @ (turned.copy() if len(factor.shape) > 2 else turned)


def symmetric_product(factor: Matrix, direction: Matrix) -> Matrix:
    """S = U V^T + V U^T, the derivative of U U^T along V."""
    product = factor @ transpose(direction)
    return product + transpose(product)


def inner(left: Matrix, right: Matrix) -> Any:
    """<A, B> = tr A^T B over the last two axes; a ball for Enclosures, by polarisation."""
    if isinstance(left, Enclosure):
        return (frobenius_squared(left + right) - frobenius_squared(left - right)) / 4
    if not hasattr(left, "sum"):  # SymPy, whose * is the matrix product
        from sympy import trace  # only those who bring symbols pay for the import

        return trace(transpose(left) @ right)
    return (left * right).sum(axis=(-2, -1))


def hessian_matrix(product: Callable[[Matrix, Matrix], Matrix], factor: Matrix) -> Matrix:
    """The matrix of V -> ``product(factor, V)`` over the concatenated rows of U, all unit directions at once."""
    check_array(factor, "factor", axes=max(factor.ndim, 2), expected="(n, k)")
    count = factor.shape[-2] * factor.shape[-1]
    units = np.eye(count, dtype=int).astype(factor.dtype).reshape(count, *factor.shape[-2:])
    if factor.dtype == np.dtype(object):
        units = units + factor.ravel()[0] * 0
    return product(factor[..., None, :, :], units).reshape(*factor.shape[:-2], count, count)
