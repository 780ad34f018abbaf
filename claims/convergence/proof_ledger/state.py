"""A state of the ledger: a network before a step, and what the lemmas of that step read off it.

The same in rationals, in enclosures, or for stacks of those. The names are those of the notation above the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from typing import Any

import numpy as np
from flint import fmpq

from solvers.arithmetic import Interval, exact, rational, square_root
from solvers.guarantees import theorem_one
from solvers.guarantees.limits import Limit, root
from solvers.network import Matrix, Problem, backpropagate, end_to_end, imbalances, stacks, transpose

HALF = fmpq(1, 2)
"""The share of the first-order decrease that Lemmas 1 and 7 promise."""


@dataclass(frozen=True)
class State:
    """A network before a step: ``problem`` has weights and target in the arithmetic, ``rate`` is eta as a scalar,
    ``margin`` is c, ``delta`` the value of ``imbalance_limit`` at N, c and Phi_F."""

    problem: Problem
    margin: Any
    imbalance_limit: Limit = theorem_one.imbalance_limit

    @classmethod
    def of(cls, layers: Sequence[Any], target: Any, rate: Any, margin: Any = 1) -> State:
        """A state of rationals: layers are numbers, or matrices as lists."""
        problem = Problem(tuple(map(_matrix, layers)), _matrix(target), rational(rate))
        return cls(problem, rational(margin))

    @property
    def depth(self) -> int:
        return self.problem.depth

    @cached_property
    def rate(self) -> Any:
        rate = self.problem.learning_rate
        return Interval.of(rate) if isinstance(rate, np.ndarray) else rational(rate)

    @cached_property
    def target_norm(self) -> Any:
        return square_root(stacks.frobenius_squared(self.problem.target))

    @cached_property
    def delta(self) -> Any:
        return self.imbalance_limit(self.depth, self.margin, self.target_norm)

    @cached_property
    def residual(self) -> Matrix:
        return end_to_end(self.problem.weights) - self.problem.target

    @cached_property
    def gap(self) -> Any:
        """||G||_F^2."""
        return stacks.frobenius_squared(self.residual)

    @cached_property
    def reach(self) -> Any:
        """|G|_2."""
        return stacks.extreme_singular_values(self.residual)[1]

    @cached_property
    def gradients(self) -> tuple[Matrix, ...]:
        return backpropagate(self.problem.weights, self.residual)

    @cached_property
    def squares(self) -> list[Any]:
        """||D_j||_F^2."""
        return [stacks.frobenius_squared(gradient) for gradient in self.gradients]

    @cached_property
    def total(self) -> Any:
        """S."""
        return reduce(add, self.squares)

    @cached_property
    def _product(self) -> tuple[Any, Any]:
        return stacks.extreme_singular_values(end_to_end(self.problem.weights))

    @property
    def sigma(self) -> Any:
        return self._product[0]

    @property
    def norm(self) -> Any:
        """|W|_2."""
        return self._product[1]

    @cached_property
    def layer_squares(self) -> list[Any]:
        """|W_j|_2^2; not as squares of roots, of which no ball says whether they attain a bound."""
        return [stacks.extreme_squares(matrix)[1] for matrix in self.problem.weights]

    @property
    def layer_norm_squared(self) -> Any:
        """M^2 = max_j |W_j|_2^2."""
        return stacks.largest(self.layer_squares)

    @cached_property
    def layer_norm(self) -> Any:
        """M."""
        return square_root(self.layer_norm_squared)

    @cached_property
    def imbalance(self) -> Any:
        """D = max_j ||B_j||_F; 0 at depth 1."""
        squares = [stacks.frobenius_squared(b) for b in imbalances(self.problem.weights)]
        return square_root(stacks.largest(squares)) if squares else fmpq(0)

    @cached_property
    def end(self) -> Any:
        """sigma_min^2 of W_{2:N} where d_N <= d_0, of W_{1:N-1} where not; 1 at depth 1."""
        weights = self.problem.weights
        wide = weights[-1].shape[-2] <= weights[0].shape[-1]
        rest = weights[1:] if wide else weights[:-1]
        return stacks.extreme_squares(end_to_end(rest))[0] if rest else fmpq(1)

    @cached_property
    def moves(self) -> tuple[Matrix, ...]:
        """eta D_j."""
        return tuple(stacks.times(self.problem.learning_rate, gradient) for gradient in self.gradients)

    @cached_property
    def _step(self) -> tuple[Matrix, Matrix]:
        """eta P and R, layer by layer and without cancellation: prod (W_j - eta D_j) = W - eta P + R."""
        weights, moves = self.problem.weights, self.moves
        product, first, second = weights[0], moves[0], stacks.times(0 * self.problem.learning_rate, moves[0])
        for matrix, move in zip(weights[1:], moves[1:], strict=True):
            second = (matrix - move) @ second + move @ first
            first = matrix @ first + move @ product
            product = matrix @ product
        return first, second

    @property
    def preconditioned(self) -> Matrix:
        """eta P."""
        return self._step[0]

    @property
    def remainder(self) -> Matrix:
        """R."""
        return self._step[1]

    @cached_property
    def lost(self) -> Any:
        """eta S - (L(t) - L(t+1)) = <G, R> + 1/2 ||eta P - R||_F^2."""
        change = stacks.frobenius_squared(self.preconditioned - self.remainder)
        return stacks.inner(self.residual, self.remainder) + change / 2

    @property
    def fall(self) -> Any:
        """L(t) - L(t+1)."""
        return self.rate * self.total - self.lost

    @cached_property
    def tau(self) -> Any:
        """(N-1)/2 y (1+y)^{N-2} with y = eta M^{N-2} |G|_2."""
        if self.depth == 1:
            return fmpq(0)
        return theorem_one.tau(self.rate * root(self.layer_norm_squared, self.depth - 2, 2) * self.reach, self.depth)

    @property
    def layer_norm_after(self) -> Any:
        """max_j |W_j(t+1)|_2."""
        moved = [matrix - move for matrix, move in zip(self.problem.weights, self.moves, strict=True)]
        return stacks.largest([stacks.extreme_singular_values(matrix)[1] for matrix in moved])

    @property
    def drifts(self) -> list[Any]:
        """||B_j(t+1) - B_j(t)||_F^2, from the exact law: no cancellation."""
        pairs = zip(self.moves, self.moves[1:], strict=False)
        laws = [transpose(after) @ after - before @ transpose(before) for before, after in pairs]
        return [stacks.frobenius_squared(law) for law in laws]

    @property
    def drift_norms(self) -> list[Any]:
        """||B_j(t+1) - B_j(t)||_F."""
        return [square_root(drift) for drift in self.drifts]

    def share_lost(self, half: fmpq = HALF) -> Any:
        """1 - kept = tau + half eta N M^{2N-2} (1 + tau)^2."""
        size = self.rate * self.depth * self.layer_norm_squared ** (self.depth - 1)
        return self.tau + half * size * (1 + self.tau) ** 2

    def root(self, value: Any, numerator: int) -> Any:
        """value^{numerator / N}."""
        return root(value, numerator, self.depth)


def _matrix(value: Any) -> Matrix:
    return exact(value if isinstance(value, list) else [[value]])
