"""Subspaces of rationals, as matrices whose rows are a basis (none for {0}): which are closed, and the smallest."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from flint import fmpq_mat

from solvers import arithmetic
from solvers.arithmetic import ObjectArray, rational
from solvers.network import Matrix, Problem, Weights, end_to_end, layer_gradients


def span(*rows: ObjectArray) -> ObjectArray:
    """The reduced basis of the span of all rows."""
    stacked = np.vstack(rows)
    count, size = stacked.shape
    reduced, rank = fmpq_mat(count, size, [rational(entry) for entry in stacked.ravel()]).rref()
    return np.array(reduced.entries(), dtype=object).reshape(count, size)[:rank]


def closure(
    weights: Weights,
    residual: Matrix,
    *,
    rows: bool = True,
    columns: bool = True,
    forward: bool = True,
    backward: bool = True,
) -> list[ObjectArray]:
    """The smallest U_0..U_N that are closed, over the rationals; each condition can be dropped, for the controls."""
    first, last = (span(residual if rows else 0 * residual), span(residual.T if columns else 0 * residual.T))
    return closed_under(weights, first, last, forward=forward, backward=backward)


def closed_under(
    weights: Weights, first: ObjectArray, last: ObjectArray, *, forward: bool = True, backward: bool = True
) -> list[ObjectArray]:
    """The smallest U_0..U_N with ``first`` in U_0 and ``last`` in U_N that the layers and their transposes keep."""
    spaces = [span(0 * matrix[:1]) for matrix in weights] + [last]
    spaces[0] = first
    before: list[int] = []
    while (dims := [len(space) for space in spaces]) != before:
        before = dims
        for j, matrix in enumerate(weights if forward else ()):
            spaces[j + 1] = span(spaces[j + 1], spaces[j] @ matrix.T)
        for j in reversed(range(len(weights) if backward else 0)):
            spaces[j] = span(spaces[j], spaces[j + 1] @ weights[j])
    return spaces


def is_inside(inner: ObjectArray, outer: ObjectArray) -> bool:
    """Whether one subspace is inside another."""
    return len(span(outer, inner)) == len(outer)


def is_closed(spaces: Sequence[ObjectArray], weights: Weights, residual: Matrix) -> bool:
    """Whether all four conditions hold."""
    pairs = list(zip(weights, pairwise(spaces), strict=True))
    return (
        is_inside(residual, spaces[0])
        and is_inside(residual.T, spaces[-1])
        and all(is_inside(before @ matrix.T, after) for matrix, (before, after) in pairs)
        and all(is_inside(after @ matrix, before) for matrix, (before, after) in pairs)
    )


def projection(space: ObjectArray) -> ObjectArray:
    """P = A^T (A A^T)^{-1} A, rational for a rational basis though no orthonormal one need be."""
    count, size = space.shape
    basis = fmpq_mat(count, size, [rational(entry) for entry in space.ravel()])
    if count == 0:
        return arithmetic.exact(np.zeros((size, size)))
    projected = basis.transpose() * (basis * basis.transpose()).inv() * basis
    return np.array(projected.entries(), dtype=object).reshape(size, size)


def outer_parts(matrices: Sequence[Matrix], spaces: Sequence[ObjectArray]) -> list[Matrix]:
    """A_j - P_j A_j P_{j-1}: for layers this is C_j, says the claim, and for their gradients zero."""
    projections = [projection(space) for space in spaces]
    return [
        matrix - after @ matrix @ before
        for matrix, (before, after) in zip(matrices, pairwise(projections), strict=True)
    ]


def is_zero(matrices: Sequence[Matrix]) -> bool:
    return all((matrix == 0 * matrix).all() for matrix in matrices)


def equal(left: Sequence[Matrix], right: Sequence[Matrix]) -> bool:
    return is_zero([a - b for a, b in zip(left, right, strict=True)])


def gradients_stay_inside(problem: Problem, spaces: Sequence[ObjectArray]) -> bool:
    """Whether every D_j = P_j D_j P_{j-1}."""
    return is_zero(outer_parts(layer_gradients(problem.weights, problem.target), spaces))


def residual_of(problem: Problem) -> Matrix:
    return end_to_end(problem.weights) - problem.target
