"""Networks of quadratic units with signs, and linear terms: objectives F(Y) beyond Y = U U^T.

    Y = sum_j s_j w_j w_j^T = W D W^T,    grad = 2 F'(Y) W D,    H V = 2 F''(Y)[S] W D + 2 F'(Y) V D,
    S = W D V^T + V D W^T,                <V, H V> = <S, F''(Y)[S]> + 2 <F'(Y), V D V^T>.

Source: Soltanolkotabi, Javanmard, Lee (2017), arXiv:1707.04926, for the signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from solvers.network import Matrix, transpose
from solvers.shallow.checks import check_array, check_factor, check_symmetric
from solvers.shallow.factored import ConvexObjective, hessian_matrix, inner


@dataclass(frozen=True)
class SignedObjective:
    """L(W) = F(W D W^T), F that of ``base`` and D the diagonal matrix of ``signs`` (k,), each 1 or -1.

    Raises TypeError or ValueError for anything else.
    """

    base: ConvexObjective
    signs: Matrix

    def __post_init__(self) -> None:
        check_array(self.signs, "signs", axes=1, expected="(k,)")
        if not all(sign in (1, -1) for sign in self.signs):
            raise ValueError(f"signs is {self.signs.tolist()}; expected 1 or -1 for each unit")

    def square(self, factor: Matrix) -> Matrix:
        """Y."""
        check_factor(factor, self.base.size)
        return (factor * self.signs) @ transpose(factor)

    def value(self, factor: Matrix) -> Any:
        """L(W)."""
        return self.base.outer(self.square(factor))

    def gradient(self, factor: Matrix) -> Matrix:
        """2 F'(Y) W D."""
        return self.base.outer_gradient(self.square(factor)) @ (factor * self.signs) * 2

    def hessian_vector_product(self, factor: Matrix, direction: Matrix) -> Matrix:
        """H V."""
        matrix, signed = self.square(factor), factor * self.signs
        turned = self.base.outer_hessian(matrix, self._moved(factor, direction)) @ signed
        return (turned + self.base.outer_gradient(matrix) @ (direction * self.signs)) * 2

    def hessian_form(self, factor: Matrix, direction: Matrix) -> Any:
        """<V, H V>."""
        matrix, moved = self.square(factor), self._moved(factor, direction)
        slope = inner(self.base.outer_gradient(matrix), (direction * self.signs) @ transpose(direction))
        return inner(moved, self.base.outer_hessian(matrix, moved)) + 2 * slope

    def hessian(self, factor: Matrix) -> Matrix:
        """The Hessian over the concatenated rows of W, (..., dk, dk)."""
        return hessian_matrix(self.hessian_vector_product, factor)

    def _moved(self, factor: Matrix, direction: Matrix) -> Matrix:
        product = (factor * self.signs) @ transpose(direction)
        return product + transpose(product)


def tilted(objective: ConvexObjective, matrix: Matrix) -> ConvexObjective:
    """F(Y) + <C, Y> for C = ``matrix``, symmetric and of the objective's size."""
    check_symmetric(matrix, "matrix")
    if matrix.shape != (objective.size, objective.size):
        raise ValueError(f"matrix has shape {matrix.shape}; expected ({objective.size}, {objective.size})")
    return ConvexObjective(
        objective.size,
        lambda square: objective.outer(square) + inner(matrix, square),
        lambda square: objective.outer_gradient(square) + matrix,
        objective.outer_hessian,
    )
