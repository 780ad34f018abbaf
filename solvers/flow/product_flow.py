"""What the flow of balanced layers does to their product: a flow of W alone, with a preconditioner.

    dW/dt = - sum_{j=1}^N [W W^T]^{(N-j)/N} G [W^T W]^{(j-1)/N},   G = dL/dW,   A^0 = I for every A,

for layers whose imbalances all vanish, at depth N. In the singular bases of W, W = U S V^T, entry (r, q) of U^T G V is
multiplied by

    sum_{j=1}^N s_r^{2(N-j)/N} s_q^{2(j-1)/N},   0^0 = 1,

with s_r = 0 beyond min(d_N, d_0). From N = 2 on the rank of W never changes along the flow. Source: ACH18
(arXiv:1802.06509), Theorem 1 and Claim 1; that the rank is kept is this project's (``end_to_end_dynamics``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import matmul
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from solvers.arithmetic import ObjectArray, Scalar, exact, power
from solvers.flow.flow import integrate, observed
from solvers.network.checks import check_depth, check_float_matrix, check_single_matrix, check_steps, check_target
from solvers.network.objective import Objective

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class EndToEndTrajectory:
    """The flow of W at the T asked ``times``: ``end_to_end`` (T, d_N, d_0), ``loss`` and ``sigma_min`` (T,).

    ``rank`` is that of the start, which the flow was held to; ``evaluations`` counts the gradients taken.
    """

    times: FloatArray
    end_to_end: FloatArray
    loss: FloatArray
    sigma_min: FloatArray
    depth: int
    rank: int
    rtol: float
    atol: float
    evaluations: int


def multipliers(left: Sequence[Any], right: Sequence[Any], depth: int) -> list[list[Any]]:
    """sum_{j=1}^N a_r^{N-j} b_q^{j-1} for every a_r of ``left`` and b_q of ``right``, 0^0 = 1, in any arithmetic.

    With a_r = s_r^{2/N} and b_q = s_q^{2/N} they are the eigenvalues of the preconditioner.
    """
    check_depth(depth)
    rows = []
    for a in left:
        row = []
        for b in right:
            total, power_of_b = 1, 1
            for _ in range(depth - 1):  # Horner's rule in a
                power_of_b = power_of_b * b
                total = total * a + power_of_b
            row.append(total)
        rows.append(row)
    return rows


def end_to_end_velocity(matrix: FloatArray, gradient: FloatArray, *, depth: int, rank: int | None = None) -> FloatArray:
    """dW/dt at a matrix W of float64 for dL/dW = ``gradient``, both of shape (d_N, d_0).

    Singular values beyond the first ``rank`` are taken to be zeros, none where it is None. From N = 3 on they would
    otherwise enter with the power 2/N of their rounding. Raises TypeError or ValueError for bad input.
    """
    check_float_matrix(matrix, "matrix")
    check_float_matrix(gradient, "gradient")
    check_target([matrix], gradient, name="gradient")
    check_depth(depth)
    if rank is not None and check_steps(rank, "rank") > min(matrix.shape):
        raise ValueError(f"rank is {rank}; expected at most {min(matrix.shape)} for a matrix of shape {matrix.shape}")
    return _velocity(matrix, gradient, depth, rank)


def _velocity(matrix: FloatArray, gradient: FloatArray, depth: int, rank: int | None) -> FloatArray:
    left, values, right = np.linalg.svd(matrix)
    values[rank:] = 0 if rank is not None else values[rank:]
    roots = values ** (2 / depth)
    a, b = (np.pad(roots, (0, size - roots.size)) for size in matrix.shape)
    total = np.ones(matrix.shape)
    for k in range(1, depth):
        total = total * a[:, None] + b**k
    velocity: FloatArray = -left @ (total * (left.T @ gradient @ right.T)) @ right
    return velocity


def end_to_end_flow(
    start: FloatArray, objective: Objective, *, depth: int, times: Any, rtol: float = 1e-10, atol: float = 1e-12
) -> EndToEndTrajectory:
    """The flow of W from ``start`` (float64, (d_N, d_0)) at depth N, at each of ``times``.

    It is held to the rank of ``start``, decided as ``numpy.linalg.matrix_rank`` does. ``times``, ``rtol`` and ``atol``
    are those of :func:`solvers.gradient_flow`, and so are the errors raised.
    """
    check_float_matrix(start, "start")
    check_depth(depth)
    rank = int(np.linalg.matrix_rank(start))
    shape = start.shape

    def velocity(state: FloatArray) -> FloatArray:
        matrix = state.reshape(shape)
        return _velocity(matrix, objective.gradient(matrix), depth, rank).ravel()

    grid, states, evaluations = integrate(velocity, start.ravel(), times, rtol, atol)
    product = states.reshape(-1, *shape)
    loss, _, smallest = observed((product,), objective)
    return EndToEndTrajectory(
        grid,
        product,
        loss,
        smallest,
        depth,
        rank,
        float(rtol),
        float(atol),
        evaluations,
    )


def fractional_power(symmetric: ObjectArray, exponent: Fraction | int, eigenvalues: Sequence[fmpq]) -> ObjectArray:
    """A^{exponent} of a positive semidefinite matrix of rationals all of whose ``eigenvalues`` are given; A^0 = I.

    By Lagrange's formula, sum_i x_i^{exponent} prod_{k != i} (A - x_k I) / (x_i - x_k) over the distinct eigenvalues:
    rational where the powers are, in balls elsewhere. Raises ValueError where an eigenvalue is negative or missing, or
    the exponent is negative.
    """
    return fractional_powers(symmetric, [exponent], eigenvalues)[0]


def fractional_powers(
    symmetric: ObjectArray, exponents: Sequence[Fraction | int], eigenvalues: Sequence[fmpq]
) -> list[ObjectArray]:
    """:func:`fractional_power` for each of ``exponents``, at the price of one."""
    check_single_matrix(symmetric, "symmetric")
    if symmetric.shape[0] != symmetric.shape[1] or not (symmetric == symmetric.T).all():
        raise ValueError("symmetric is not a symmetric matrix; expected A = A^T")
    for exponent in exponents:
        if Fraction(exponent) < 0:
            raise ValueError(f"exponent is {exponent}; expected one >= 0")
    projectors = _projectors(symmetric, sorted(set(eigenvalues)))
    return [sum(part * power(value, exponent) for value, part in projectors) for exponent in exponents]


def _projectors(symmetric: ObjectArray, distinct: list[fmpq]) -> list[tuple[fmpq, Any]]:
    """Each eigenvalue with the projector on its eigenspace, zero where it is none."""
    identity: Any = exact(np.eye(len(symmetric)))
    factors = [symmetric - identity * value for value in distinct]
    if (reduce(matmul, factors, identity) != 0 * identity).any():
        raise ValueError(f"eigenvalues is {[str(x) for x in distinct]}, which lacks one of the matrix; expected all")
    return [
        (
            value,
            reduce(
                matmul,
                (f * (1 / (value - other)) for f, other in zip(factors, distinct, strict=True) if other != value),
                identity,
            ),
        )
        for value in distinct
    ]


def one_output_velocity(row: Any, gradient: Any, *, depth: int, norm: Scalar) -> Any:
    """dW/dt = -||W||^{2-2/N} (g + (N-1) <g, W> W / ||W||^2) of a row (or column) W with ``norm`` = ||W|| given exactly;
    -g at N = 1, and 0 at W = 0 from N = 2 on. Source: ACH18 (arXiv:1802.06509), Claim 2."""
    count = check_depth(depth)
    if min(row.shape) != 1:
        raise ValueError(f"row has shape {row.shape}; expected one row or one column")
    check_target([row], gradient, name="gradient")
    factor = power(norm, Fraction(2 * (count - 1), count))
    if norm == 0:
        return -gradient * factor
    return -factor * (gradient + row * ((count - 1) * (gradient * row).sum() / norm**2))
