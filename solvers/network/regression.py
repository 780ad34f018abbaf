"""Regression data as they are: from X and Y to the covariance, the target and the loss that the target cannot better.

For inputs X (d_0 x m) and outputs Y (d_N x m), a column a sample, S = X X^T / m and Psi = Y X^T / m,

    1/(2m) ||W X - Y||_F^2 = 1/2 tr((W - Phi) S (W - Phi)^T) + l_0,   l_0 = 1/(2m) ||Phi X - Y||_F^2,

for every Phi with Phi S = Psi: the least-squares maps, which exist always, and are one only where S has full rank. The
gradient in W is (W - Phi) S = W S - Psi whichever is taken. Here it is the one of least norm, Y X^+, whose rows lie in
the range of S. What W does outside that range is neither seen nor moved: the component of W_1 in the null space of S.

A problem holds Phi and not Psi: its loss is then a sum of squares that vanishes at the target, where
1/2 tr(W S W^T) - tr(W Psi^T) would lose its digits to the difference of two large numbers.

Source: Saxe, McClelland, Ganguli (2014), arXiv:1312.6120, Section 1; the constant l_0 is written out here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from solvers.arithmetic import ObjectArray, exact
from solvers.network.checks import OBJECT, check_float_matrix, check_single_matrix
from solvers.network.network import Matrix, Weights, frobenius_squared
from solvers.network.problem import Problem


@dataclass(frozen=True)
class Regression:
    """S = X X^T / m (d_0 x d_0), Psi = Y X^T / m (d_N x d_0), the least-squares map Phi of least norm (d_N x d_0), and
    ``least_loss`` l_0 = 1/(2m) ||Phi X - Y||_F^2, which the loss of the data has beyond that of a problem."""

    covariance: Matrix
    cross_covariance: Matrix
    target: Matrix
    least_loss: Any

    def problem(self, weights: Weights, learning_rate: Any) -> Problem:
        """The Problem of training a network from ``weights`` on these data."""
        return Problem(tuple(weights), self.target, learning_rate, covariance=self.covariance)


def regression(inputs: Matrix, outputs: Matrix) -> Regression:
    """The regression of ``outputs`` (d_N x m) on ``inputs`` (d_0 x m), both float64 or both exact rationals.

    Nothing is centred, scaled or whitened. In float64 Phi is LAPACK's least-squares solution, where singular values
    of X below max(d_0, m) 2^-52 times the largest count as zeros; in rationals all is exact. Raises TypeError or
    ValueError for bad arrays, and for differing numbers of samples.
    """
    rationals = [_is_rational(matrix, name) for matrix, name in ((inputs, "inputs"), (outputs, "outputs"))]
    if rationals[0] != rationals[1]:
        raise TypeError("outputs is of another arithmetic than inputs; expected both in float64, or both in rationals")
    samples = inputs.shape[1]
    if outputs.shape[1] != samples:
        raise ValueError(
            f"outputs has {outputs.shape[1]} samples but inputs has {samples}; expected one column a sample in both"
        )
    covariance, cross = inputs @ inputs.T / samples, outputs @ inputs.T / samples
    if rationals[0]:
        target: Matrix = _exact_target(covariance, cross)
    else:
        covariance = (covariance + covariance.T) / 2  # as it is, where the product of X and X^T is symmetric
        target = np.ascontiguousarray(np.linalg.lstsq(inputs.T, outputs.T, rcond=None)[0].T)
    least = frobenius_squared(target @ inputs - outputs) / (2 * samples)
    return Regression(covariance, cross, target, least if rationals[0] else float(least))


def _is_rational(matrix: Any, name: str) -> bool:
    check_single_matrix(matrix, name)
    if getattr(matrix, "dtype", None) != OBJECT:
        check_float_matrix(matrix, name)
        return False
    if not all(isinstance(entry, fmpq) for entry in matrix.flat):
        raise TypeError(f"{name} is not a matrix of rationals; expected fmpq entries (solvers.arithmetic.exact)")
    return True


def _exact_target(covariance: ObjectArray, cross: ObjectArray) -> ObjectArray:
    """Psi S^+. With B the columns of S at the pivots p, a basis of its range, Phi = K B^T and, since the columns of
    Phi S at p are K B^T B, K = Psi_p (B^T B)^{-1}."""
    size = len(covariance)
    pivots = _pivots(fmpq_mat(size, size, covariance.ravel().tolist()))
    if not pivots:
        return exact(np.zeros(cross.shape))
    basis = covariance[:, pivots]
    gram = basis.T @ basis
    inverse = fmpq_mat(len(pivots), len(pivots), gram.ravel().tolist()).inv()
    target: ObjectArray = cross[:, pivots] @ np.array(inverse.tolist(), dtype=object) @ basis.T
    return target


def _pivots(matrix: fmpq_mat) -> list[int]:
    """The columns of a matrix that are not combinations of those before."""
    reduced, count = matrix.rref()
    rows = reduced.tolist()[:count]
    return [next(j for j, entry in enumerate(row) if entry != 0) for row in rows]
