"""Gradient flow of two layers in closed form, where the imbalance is a multiple of the identity.

W_1 is h x n and W_2 is m x h. With Q = (W_1^T; W_2), of shape (n + m, h), E = diag(I_n, -I_m),
J = [[0, Phi^T], [Phi, 0]] and D = W_2^T W_2 - W_1 W_1^T, which the flow conserves,

    Q' = J Q - E Q D / 2 - Q Q^T Q / 2,

whatever the start. If D = lambda I then with F = J - lambda E / 2 the matrix X = Q Q^T solves the Riccati equation
X' = F X + X F - X^2, whose solution is

    X(t) = Y (I + Q_0^T Gamma Q_0)^{-1} Y^T,   Y = e^{F t} Q_0,   Gamma = int_0^t e^{2 F tau} d tau,

and W = W_2 W_1 is its lower left block. No rank, width or alignment is assumed. Source: DAP24 (arXiv:2409.14623) and
this project (DL-070).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from solvers.arithmetic import UNIT, ObjectArray, gamma, rational
from solvers.network.checks import check_chain, check_float_matrix, check_target
from solvers.network.network import Matrix, Weights, imbalances

FloatArray = NDArray[np.float64]


def stacked(weights: Weights) -> Matrix:
    """Q = (W_1^T; W_2)."""
    first, second = weights
    return np.concatenate([first.T, second], axis=0)


def riccati_matrix(target: Matrix, imbalance: Any) -> Matrix:
    """F = J - lambda E / 2 for Phi and lambda, in their arithmetic."""
    outputs, inputs = target.shape
    zero = target[0, 0] - target[0, 0]
    corners = [np.full((inputs, inputs), zero), np.full((outputs, outputs), zero)]
    for corner, sign in zip(corners, (-1, 1), strict=True):
        np.fill_diagonal(corner, zero + sign * imbalance / 2)
    return np.block([[corners[0], target.T], [target, corners[1]]])


def common_imbalance(weights: Weights) -> Any:
    """The lambda of two layers with D = lambda I, in their arithmetic.

    Raises ValueError for another depth, and where D is not a multiple of I: for float64 layers by more than rounding
    their entries and forming D explain.
    """
    check_chain(weights)
    if len(weights) != 2:
        raise ValueError(f"weights has {len(weights)} layers; expected 2")
    (imbalance,) = imbalances(weights)
    found = imbalance[0, 0]
    rest = imbalance - found * np.eye(len(imbalance), dtype=int)
    if imbalance.dtype == np.dtype(object):
        balanced = bool((rest == 0).all())
    else:
        first, second = map(np.abs, weights)
        sizes = 2 * (gamma(second.shape[0]) + UNIT) * (second.T @ second) + 2 * (gamma(first.shape[1]) + UNIT) * (
            first @ first.T
        )
        balanced = bool((abs(rest) <= sizes + sizes[0, 0]).all())
    if not balanced:
        raise ValueError("weights has an imbalance that is no multiple of I; expected W_2^T W_2 - W_1 W_1^T = c I")
    return found


def lambda_balanced_flow(weights: Weights, target: Matrix, times: Any) -> FloatArray:
    """W(t) = W_2(t) W_1(t) at each of T ``times`` >= 0, of shape (T, m, n), from float64 layers with D = lambda I.

    Raises TypeError or ValueError for bad arrays or times, another depth, and another imbalance.
    """
    for j, layer in enumerate(weights):
        check_float_matrix(layer, f"weights[{j}]")
    check_float_matrix(target, "target")
    imbalance = common_imbalance(weights)
    check_target(weights, target)
    asked = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if asked.ndim != 1 or not (np.isfinite(asked).all() and (asked >= 0).all()):
        raise ValueError("times is not a list of finite numbers >= 0; expected the times at which W is wanted")
    values, basis = np.linalg.eigh(riccati_matrix(target, imbalance))
    inputs = target.shape[1]
    found = np.empty((len(asked), *target.shape))
    state, now = basis.T @ stacked(weights), 0.0
    for k in np.argsort(asked, kind="stable"):
        state, now = _advanced(state, values, float(asked[k]) - now), float(asked[k])
        rows = basis @ state
        found[k] = rows[inputs:] @ rows[:inputs].T
    return found


def _advanced(state: FloatArray, values: FloatArray, time: float) -> FloatArray:
    """A square root of X after ``time`` from one at its start, in the basis of F's eigenvectors.

    X = Y M^{-1} Y^T is (Y L^{-T})(Y L^{-T})^T for M = L L^T. In pieces over which no mode grows more than e^4 times as
    much as another, so that M is well conditioned; where X has come to rest the rest of them is left out.
    """
    pieces = max(1, math.ceil(time * (values[-1] - values[0]) / 4))
    piece = time / pieces
    growth = np.exp(values * piece)[:, None]
    rates = 2 * values
    slow = abs(rates * piece) < 2.0**-26
    integral = np.where(slow, piece * (1 + values * piece), np.expm1(rates * piece) / np.where(slow, 1.0, rates))
    for _ in range(pieces):
        inner = np.eye(state.shape[1]) + state.T @ (integral[:, None] * state)
        moved = np.linalg.solve(np.linalg.cholesky(inner), (growth * state).T).T
        if _at_rest(moved, state):
            return moved
        state = moved
    return state


def _at_rest(after: FloatArray, before: FloatArray) -> bool:
    """Whether X = Q Q^T of both agree to rounding, each mode by its own size: one that still falls as 1/t goes on."""
    sizes = np.linalg.norm(after, axis=1)
    moved = abs(after @ after.T - before @ before.T)
    return bool((moved <= 64 * UNIT * np.outer(sizes, sizes)).all())


def lambda_balanced_ball(weights: Weights, target: Matrix, time: Any) -> ObjectArray:
    """The same at one rational time, for layers of exact rationals: an (m, n) array of balls that contain W(t), and
    that know nothing (NaN) where the precision of ``flint.ctx`` is too small for the time."""
    imbalance = common_imbalance(weights)
    check_target(weights, target)
    flow, start = riccati_matrix(target, imbalance), stacked(weights)
    size, t = len(flow), arb(rational(time))
    doubled = np.block(
        [[2 * flow, np.eye(size, dtype=int)], [np.zeros((size, size), dtype=int), np.zeros((size, size), dtype=int)]]
    )
    block = _entries((_mat(doubled) * t).exp())  # e^{2 F t} beside the integral of e^{2 F tau}
    integral = block[:size, size:]
    grown = _entries((_mat(flow) * t).exp()) @ start
    inner = np.eye(start.shape[1], dtype=int) + start.T @ integral @ start
    inputs = target.shape[1]
    try:
        middle = _entries(_mat(inner).inv())
    except ZeroDivisionError:  # not certainly invertible at this precision, though M is at least I
        return np.full(target.shape, arb.nan(), dtype=object)
    whole = grown @ middle @ grown.T
    ball: ObjectArray = whole[inputs:, :inputs]
    return ball


def _mat(matrix: Any) -> arb_mat:
    return arb_mat([[arb(entry if isinstance(entry, arb) else rational(entry)) for entry in row] for row in matrix])


def _entries(matrix: arb_mat) -> ObjectArray:
    found = np.empty((matrix.nrows(), matrix.ncols()), dtype=object)
    for row in range(matrix.nrows()):
        for column in range(matrix.ncols()):
            found[row, column] = matrix[row, column]
    return found
