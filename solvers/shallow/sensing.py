"""Matrix sensing from a small start: modes under full observation, the flow in closed form, two exact instances.

Descent and flow of f(U) = 1/4 <N, T N>, N = U U^T - M, from U_0 = alpha Q with Q orthogonal. X = U U^T.

| T X | what is left of the dynamics |
| --- | --- |
| X | one number u for each eigenvalue sigma of M: u <- u (1 + eta (sigma - u^2)), :func:`factored_mode_step` |
| X, flow | X' = M X + X M - 2 X^2 from any U_0, solved by :func:`riccati_flow` |
| 2 X + tr(X) I, flow | for M = sigma P with P a projection two numbers, :func:`activation_velocity` |
| A <A, X>, A = diag(1, beta) | two numbers, :func:`commuting_step`; the flow's limit, :func:`commuting_limit` |

Written once, for float64 (arrays of modes too), rationals, balls and SymPy expressions where nothing else is said.
Source: Li, Ma, Zhang (2018), arXiv:1712.09203, for the question; the closed forms are this project's.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from solvers.arithmetic import Scalar, power, rational
from solvers.network import Matrix, transpose
from solvers.shallow.checks import check_factor, check_symmetric, check_whole


class ModeSquares(NamedTuple):
    """Eigenvalues of X: ``signal`` along the truth, ``null`` across it."""

    signal: Any
    null: Any


def factored_mode_step(root: Any, eigenvalue: Any, learning_rate: Any) -> Any:
    """u (1 + eta (sigma - u^2)): where U U^T and M commute, a step of descent on 1/4 ||U U^T - M||_F^2 in one mode."""
    return root * (1 + learning_rate * (eigenvalue - root * root))


def flow_parts(eigenvalue: Any, time: Any) -> tuple[Any, Any]:
    """e^{m t} and int_0^t e^{2 m tau} d tau = (e^{2mt} - 1)/(2m), or t where m = 0, of an eigenvalue m of M.

    float64 or arrays of it; a rational gives balls.
    """
    if isinstance(eigenvalue, fmpq | arb):
        if eigenvalue == 0:
            return arb(1), arb(time)
        return (arb(eigenvalue) * time).exp(), (2 * arb(eigenvalue) * time).expm1() / (2 * eigenvalue)
    rates = np.asarray(eigenvalue, dtype=np.float64)
    still = rates == 0
    integral = np.expm1(2 * rates * time) / np.where(still, 1.0, 2 * rates)
    return np.exp(rates * time), np.where(still, time, integral)


def riccati_flow(exponential: Matrix, integral: Matrix, start: Matrix) -> Matrix:
    """X(t) = E U_0 (I + 2 U_0^T G U_0)^{-1} U_0^T E for E = e^{M t}, G = int_0^t e^{2 M tau} d tau: U_0 U_0^T moved by
    the flow of 1/4 ||U U^T - M||_F^2, X' = M X + X M - 2 X^2.

    ``exponential`` and ``integral`` are n x n, ``start`` is U_0, n x k for any k; float64, rationals or balls, all
    three alike. In float64 digits are lost where e^{2 m t} |U_0|^2 / m nears 2^52; balls say how many.
    Raises TypeError or ValueError for other shapes and mixed dtypes.
    """
    check_symmetric(exponential, "exponential")
    check_symmetric(integral, "integral")
    if integral.shape != exponential.shape:
        raise ValueError(f"integral has shape {integral.shape}; expected {exponential.shape}, as exponential has")
    check_factor(start, exponential.shape[0], "start")
    if not exponential.dtype == integral.dtype == start.dtype:
        kinds = f"{exponential.dtype}, {integral.dtype} and {start.dtype}"
        raise TypeError(f"exponential, integral and start have dtypes {kinds}; expected one of them for all three")
    unit = np.eye(start.shape[1], dtype=int).astype(start.dtype)
    moved = exponential @ start
    found: Matrix = moved @ _solved(unit + transpose(start) @ integral @ start * 2, transpose(moved))
    return found


def activation_velocity(squares: ModeSquares, eigenvalue: Any, rank: Any, size: Any) -> ModeSquares:
    """(d log s/dt, d log w/dt) under the flow for T X = 2 X + tr(X) I and M = sigma P, P a projection of rank r in d
    dimensions, where X = s P + w (I - P):

        tau = r (sigma - s) - (d - r) w,   d log s/dt = 2 (2 (sigma - s) + tau),   d log w/dt = 2 (tau - 2 w).
    """
    signal, null = squares
    trace = rank * (eigenvalue - signal) - (size - rank) * null
    return ModeSquares(2 * (2 * (eigenvalue - signal) + trace), 2 * (trace - 2 * null))


def activation_descent(
    squares: ModeSquares, eigenvalue: Any, learning_rate: Any, *, rank: int, size: int
) -> ModeSquares:
    """The same two numbers after one step of descent: each times (1 + eta v / 2)^2, v its velocity."""
    _check_rank(rank, size)
    velocity = activation_velocity(squares, eigenvalue, rank, size)
    signal, null = (square * (1 + learning_rate * v / 2) ** 2 for square, v in zip(squares, velocity, strict=True))
    return ModeSquares(signal, null)


def commuting_step(squares: ModeSquares, beta: Any, measured: Any, learning_rate: Any) -> ModeSquares:
    """A step of descent on 1/4 (<A, U U^T> - y)^2, A = diag(1, beta), where U U^T = diag(s_1, s_2):

    r = s_1 + beta s_2 - y,   s_1 <- s_1 (1 - eta r)^2,   s_2 <- s_2 (1 - eta beta r)^2.
    """
    excess = squares.signal + beta * squares.null - measured
    signal, null = 1 - learning_rate * excess, 1 - learning_rate * beta * excess
    return ModeSquares(squares.signal * signal * signal, squares.null * null * null)


def descent_exponent(beta: Any, most: Any) -> Any:
    """gamma = ln(1 + beta z) / ln(1 + z), z = eta y = ``most``: where r is near -y, a step takes s_1 to s_1 (1 + z)^2
    and s_2 to s_2 (1 + z)^{2 gamma}. A ball; SymPy's expression for symbols."""
    if any(hasattr(number, "free_symbols") for number in (beta, most)):
        from sympy import log  # only those who bring symbols pay for the import

        return log(1 + beta * most) / log(1 + most)
    return (arb(1) + beta * most).log() / (arb(1) + most).log()


def commuting_limit(scale: fmpq, beta: Fraction, measured: fmpq) -> ModeSquares:
    """Where the flow of 1/4 (<A, U U^T> - y)^2 ends that starts at U_0 = alpha Q, alpha = ``scale``, 0 <= beta <= 1:

        s_1 + beta s_2 = y,   s_2 = alpha^{2(1 - beta)} s_1^beta.

    The first grows with s_1, so that there is one such s_1 in (0, y]. It is found by bisection down to y / 2^p, p the
    bits of ``flint.ctx``: a rational where one is met, else a ball. Raises ValueError for numbers out of their range.
    """
    for number, name in ((scale, "scale"), (measured, "measured")):
        if not number > 0:
            raise ValueError(f"{name} is {number}; expected a number > 0")
    if not 0 <= beta <= 1:
        raise ValueError(f"beta is {beta}; expected a number in [0, 1]")
    p, q = Fraction(beta).as_integer_ratio()

    def null(signal: Scalar) -> Scalar:  # the root of one product, which may be rational where its factors' are not
        return power((scale * scale) ** (q - p) * signal**p, Fraction(1, q))

    low, high = fmpq(0), measured
    for _ in range(ctx.prec):
        for signal in (high, (low + high) / 2):
            excess = signal + rational(beta) * null(signal) - measured
            if excess == 0:
                return ModeSquares(signal, null(signal))
        if excess > 0:
            high = (low + high) / 2
        elif excess < 0:
            low = (low + high) / 2
        else:
            break
    between = arb(low).union(arb(high))
    return ModeSquares(between, null(between))


def _check_rank(rank: Any, size: Any) -> None:
    check_whole(size, "size", least=1)
    check_whole(rank, "rank", least=1)
    if rank > size:
        raise ValueError(f"rank is {rank}; expected at most {size}, the size")


def _solved(matrix: Matrix, wanted: Matrix) -> Matrix:
    """A^{-1} B."""
    if matrix.dtype == np.dtype(np.float64):
        return np.linalg.solve(matrix, wanted)
    balls = any(isinstance(entry, arb) for entry in [*matrix.ravel(), *wanted.ravel()])
    kind: Any = arb_mat if balls else fmpq_mat
    left, right = (kind(*each.shape, [_entry(number, balls) for number in each.ravel()]) for each in (matrix, wanted))
    found = np.empty(wanted.shape, dtype=object)
    found.ravel()[:] = left.solve(right).entries()
    return found


def _entry(number: Any, ball: bool) -> Scalar:
    return arb(number) if ball else fmpq(number)
