"""Exact width compression: the part of a network that can move, and the part that never does.

Let U_j be the smallest subspaces of R^{d_j}, j = 0..N, with row(R) in U_0 and col(R) in U_N for the residual
R = W_N ... W_1 - Phi, and with W_j U_{j-1} in U_j and W_j^T U_j in U_{j-1} for every layer. For orthonormal bases Q_j
(d_j x k_j) of them

    W_j = Q_j V_j Q_{j-1}^T + C_j,   V_j = Q_j^T W_j Q_{j-1},   C_j = (I - Q_j Q_j^T) W_j (I - Q_{j-1} Q_{j-1}^T).

Every layer gradient is Q_j D_j(V) Q_{j-1}^T, with D_j(V) that of V on the target Q_N^T Phi Q_0: gradient descent and
gradient flow never change C_j, and move V as if it stood alone (claim DL-008, ``width_compression``).

With a covariance S, the end-to-end gradient G = R S takes the place of R, and S U_0 must be in U_0; the compressed
covariance is Q_0^T S Q_0, and the loss is the same. A mask is kept whole: U_0 and U_N are the whole spaces, and only
hidden layers are compressed.

In float64. U_j grows from the residual's singular vectors by sweeps W_j Q_{j-1}, W_j^T Q_j of what is new. Which
directions are new is decided by their singular values s outside the basis, against the rounding level of their matrix:

    level(W_j) = 4 n u b(W_j),   level(R) = 4 n u (b(W_1) ... b(W_N) + b(Phi)),   n = d_0 + ... + d_N,   u = 2^-53,

and with a covariance level(S) = 4 n u b(S), level(G) = level(R) b(S), n being larger by d_0.

A product of matrices with inner dimensions adding up to n is computed entry by entry within gamma_n = n u / (1 - n u)
times the product of their absolute values (Higham, Accuracy and Stability of Numerical Algorithms, Section 3.5), and
b(A) = min(||A||_F, sqrt(|A|_1 |A|_inf)) bounds the spectral norm of the absolute values. There are four such
roundings: of the entries as they were given, of the image, and of the two products that leave the basis. s <= level is
dropped, s >= CLEAR level is kept, and if something in between is left in the end the rank is not clear: RankError.

Backward error. Up to the rounding of the bases themselves, the result is the exact compression of weights that
differ from the given ones by at most sqrt(k_{j-1} + k_j) level(W_j) in ||.||_F (and by level(W_j) more where
a complement at rounding level is set to zero), and of a target whose residual differs by at most
2 sqrt(min(d_0, d_N)) level(R).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.arithmetic import UNIT
from solvers.descent.subspaces import (
    CLEAR,
    absolute_norm,
    extended,
    outer_norm,
    outer_part,
    presentable,
    singular_bases,
)
from solvers.network.checks import check_chain, check_float_problem, check_learning_rate
from solvers.network.data_checks import check_float_data
from solvers.network.network import end_to_end, imbalances, outer_gradient
from solvers.network.problem import Problem

FloatMatrix = NDArray[np.float64]


class RankError(ArithmeticError):
    """Whether a direction belongs to the network that moves is not clear at the precision of float64."""


@dataclass(frozen=True)
class Compression:
    """A network taken apart: W_j = Q_j V_j Q_{j-1}^T + C_j.

    ``problem`` holds V, the target Q_N^T Phi Q_0, the covariance Q_0^T S Q_0 or the mask, and the learning rate;
    ``bases`` are Q_0..Q_N, Q_j of shape (d_j, k_j), the identity where k_j = d_j; ``complement`` is C_1..C_N, of the
    layers' shapes.

    A subspace U_j = {0} is written as one zero column, since a matrix here has at least one column: all formulas
    hold, ``problem`` then has gradient zero, and the network is stationary. For G = 0 every U_j is {0}: V and its
    target are 1 x 1 zeros, and C_j = W_j.
    """

    problem: Problem
    bases: tuple[FloatMatrix, ...]
    complement: tuple[FloatMatrix, ...]

    @property
    def ranks(self) -> tuple[int, ...]:
        """(k_0, ..., k_N), the dimensions of U_0..U_N; 0 for {0}."""
        return tuple(basis.shape[1] if basis.any() else 0 for basis in self.bases)

    @cached_property
    def imbalance(self) -> FloatMatrix:
        """||B_j(C)||_F, j = 1..N-1: ||B_j(W)||_F^2 = ||B_j(V)||_F^2 + ||B_j(C)||_F^2 at every step."""
        still = [not matrix.any() for matrix in self.complement]
        if all(still):  # what balanced networks leave behind
            return np.zeros(len(still) - 1)
        return np.array([np.linalg.norm(b) for b in imbalances(self.complement)], dtype=np.float64)

    @cached_property
    def singular_values(self) -> FloatMatrix:
        """The min(d_N - k_N, d_0 - k_0) singular values of C_N ... C_1, largest first.

        With those of V_N ... V_1, and zeros, they are the singular values of W_N ... W_1, at every step.
        """
        (inputs, *_, outputs), (low, *_, high) = (tuple(len(basis) for basis in self.bases), self.ranks)
        count = min(outputs - high, inputs - low)
        if count == 0 or not all(matrix.any() for matrix in self.complement):
            return np.zeros(count)
        values: FloatMatrix = np.linalg.svd(end_to_end(self.complement), compute_uv=False)[:count]
        return values

    def expand(self, weights: Sequence[FloatMatrix]) -> tuple[FloatMatrix, ...]:
        """The whole network Q_j V_j Q_{j-1}^T + C_j for weights V of ``problem``'s shapes, with any batch axes.

        Raises TypeError or ValueError where ``weights`` is not such a network.
        """
        check_chain(weights)
        found = tuple(matrix.shape[-2:] for matrix in weights)
        expected = tuple(matrix.shape for matrix in self.problem.weights)
        if found != expected:
            raise ValueError(f"weights has layers of shapes {found}; expected {expected}")
        pairs = zip(weights, pairwise(self.bases), self.complement, strict=True)
        return tuple(after @ matrix @ before.T + rest for matrix, (before, after), rest in pairs)


def compress(problem: Problem, *, worthwhile: float = 1.0) -> Compression | None:
    """Take a float64 problem apart into what gradient descent moves and what it never touches.

    None as soon as a step of the compressed network is sure to cost more than ``worthwhile`` (> 0) times a step of
    the whole one, never for worthwhile >= 1. A step costs 3 min(k_0, k_N) sum_j k_j k_{j-1} multiplications: each layer
    enters three products with a matrix as thin as the thinner end.

    Raises TypeError or ValueError for bad input, and :class:`RankError` where a singular value is neither at the
    rounding level nor clearly above it, or where the level itself overflows.
    """
    if not isinstance(problem, Problem):
        raise TypeError(f"problem is a {type(problem).__name__}; expected a Problem")
    check_float_problem(problem.weights, problem.target)
    check_float_data(problem.covariance, problem.mask)
    check_learning_rate(problem.learning_rate)
    affordable = _check_worthwhile(worthwhile) * _cost(problem.dimensions)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        closing = _Closing(problem, affordable)
        return closing.result() if closing.close() else None


def _check_worthwhile(worthwhile: Any) -> float:
    if isinstance(worthwhile, bool) or not isinstance(worthwhile, Real):
        raise TypeError(f"worthwhile is {worthwhile!r}; expected a number > 0")
    share = float(worthwhile)
    if not share > 0:
        raise ValueError(f"worthwhile is {worthwhile!r}; expected a number > 0")
    return share


def _cost(dimensions: Sequence[int]) -> int:
    """Multiplications of a step: 3 min(k_0, k_N) sum_j k_j k_{j-1}; it grows with every dimension."""
    return 3 * min(dimensions[0], dimensions[-1]) * sum(before * after for before, after in pairwise(dimensions))


def _product(weights: Sequence[FloatMatrix]) -> FloatMatrix:
    """W_N ... W_1, multiplied from its thinner end."""
    if weights[-1].shape[0] >= weights[0].shape[1]:
        product: FloatMatrix = end_to_end(weights)
        return product
    return _product([matrix.T for matrix in reversed(weights)]).T


class _Closing:
    """Bases that grow until they are closed; ``pushed[j]`` counts the columns of Q_j whose images forward (by W_{j+1})
    and backward (by W_j^T) are in already."""

    def __init__(self, problem: Problem, affordable: float) -> None:
        self.problem = problem
        self.weights = problem.weights
        self.depth = problem.depth
        self.affordable = affordable
        self.gradient = outer_gradient(_product(problem.weights) - problem.target, **problem.data)
        self.scales = [absolute_norm(matrix) for matrix in problem.weights]
        self.gradient_scale = math.prod(self.scales) + absolute_norm(problem.target)
        self.unit = 4 * sum(problem.dimensions) * UNIT
        self.covariance, self.covariance_scale = problem.covariance, 0.0
        if problem.covariance is not None:
            self.covariance_scale = absolute_norm(problem.covariance)
            self.gradient_scale *= self.covariance_scale
            self.unit = 4 * (sum(problem.dimensions) + problem.dimensions[0]) * UNIT
        if not (math.isfinite(self.gradient_scale) and np.isfinite(self.gradient).all()):
            raise RankError("the product of the weights' norms overflows; expected one below 1e308")
        self.start([np.empty((width, 0)) for width in problem.dimensions])

    def start(self, bases: list[FloatMatrix]) -> None:
        """Take up these bases, of which nothing has been pushed yet."""
        self.bases = bases
        self.pushed_forward = [0] * len(bases)
        self.pushed_backward = [0] * len(bases)
        self.pushed_inputs = [0]  # by the covariance

    def is_affordable(self) -> bool:
        return _cost([max(1, basis.shape[1]) for basis in self.bases]) <= self.affordable

    def close(self) -> bool:
        """Find the bases; False where they cost too much."""
        if self.problem.mask is None:
            left, right = singular_bases(self.gradient, self.unit * self.gradient_scale)
        else:
            left, right = (np.eye(size) for size in self.gradient.shape)
        self.start([right, *self.bases[1:-1], left])
        if not self.grow():
            return False
        if self.doubts():
            self.refine()
            if not self.grow():
                return False
        doubts = self.doubts()
        if not doubts:
            return True
        name, value, level = max(doubts, key=lambda doubt: doubt[1] / doubt[2])
        raise RankError(
            f"{name} has the singular value {value:.3g} outside the subspaces found so far; expected at most "
            f"{level:.3g}, what rounding leaves, or at least {CLEAR * level:.3g}, what rounding cannot make"
        )

    def grow(self) -> bool:
        """Sweep forward and backward until nothing is new; False as soon as it costs too much."""
        sweep = [(self.pushed_forward, self.scales[j], j, j + 1, matrix) for j, matrix in enumerate(self.weights)]
        sweep += [
            (self.pushed_backward, self.scales[j], j + 1, j, self.weights[j].T) for j in reversed(range(self.depth))
        ]
        if self.covariance is not None:
            sweep.append((self.pushed_inputs, self.covariance_scale, 0, 0, self.covariance))
        fresh = 1
        while fresh > 0:
            fresh = 0
            for counts, scale, origin, goal, matrix in sweep:
                columns = self.bases[origin][:, counts[origin] :]
                fresh += columns.shape[1]
                counts[origin] = self.bases[origin].shape[1]
                clear = CLEAR * self.unit * scale
                self.bases[goal] = extended(self.bases[goal], matrix @ columns, clear)
                if not self.is_affordable():
                    return False
        return True

    def doubts(self) -> list[tuple[str, float, float]]:
        """(name, largest singular value outside, level) of every matrix that leaves the bases by more than rounding."""
        level, name = self.unit * self.gradient_scale, "the residual" if self.problem.is_white else "the gradient"
        found = [
            (name, outer_norm(self.bases[-1], self.gradient, level), level),
            (name, outer_norm(self.bases[0], self.gradient.T, level), level),
        ]
        if self.covariance is not None:
            level = self.unit * self.covariance_scale
            found.append(("covariance", outer_norm(self.bases[0], self.covariance @ self.bases[0], level), level))
        for j, (matrix, scale, (before, after)) in enumerate(
            zip(self.weights, self.scales, pairwise(self.bases), strict=True)
        ):
            level = self.unit * scale
            found.append((f"weights[{j}]", outer_norm(after, matrix @ before, level), level))
            found.append((f"weights[{j}]", outer_norm(before, matrix.T @ after, level), level))
        return [doubt for doubt in found if doubt[1] > doubt[2]]

    def refine(self) -> None:
        """Take each basis anew from all that must lie in its span: what one matrix shows only up to rounding divided
        by a small singular value, another may show well."""
        bases = list(self.bases)
        for j in (*range(self.depth + 1), *reversed(range(self.depth))):
            left, values, _ = np.linalg.svd(self.images(bases, j), full_matrices=False)
            bases[j] = left[:, : min(bases[j].shape[1], int((values > CLEAR * self.unit).sum()))]
        self.start(bases)

    def images(self, bases: Sequence[FloatMatrix], j: int) -> FloatMatrix:
        """[W_j Q_{j-1}, W_{j+1}^T Q_{j+1}], each over its scale, and at the ends the parts of the gradient and of the
        covariance."""
        parts = []
        if j > 0:
            parts.append(self.weights[j - 1] @ bases[j - 1] / (self.scales[j - 1] or 1))
        else:
            parts.append(self.gradient.T @ bases[-1] / (self.gradient_scale or 1))
            if self.covariance is not None:
                parts.append(self.covariance @ bases[0] / (self.covariance_scale or 1))
        if j < self.depth:
            parts.append(self.weights[j].T @ bases[j + 1] / (self.scales[j] or 1))
        else:
            parts.append(self.gradient @ bases[0] / (self.gradient_scale or 1))
        return np.hstack(parts)

    def result(self) -> Compression:
        bases = tuple(presentable(basis) for basis in self.bases)
        weights = tuple(
            after.T @ matrix @ before for matrix, (before, after) in zip(self.weights, pairwise(bases), strict=True)
        )
        complement = tuple(
            outer_part(matrix, before, after, self.unit * scale)
            for matrix, (before, after), scale in zip(self.weights, pairwise(bases), self.scales, strict=True)
        )
        target = bases[-1].T @ self.problem.target @ bases[0]
        problem = Problem(weights, target, self.problem.learning_rate)
        if self.covariance is not None:
            covariance = bases[0].T @ self.covariance @ bases[0]
            problem = problem._with(covariance=(covariance + covariance.T) / 2)  # of the size that rounding leaves
        return Compression(problem._with(mask=self.problem.mask), bases, complement)
