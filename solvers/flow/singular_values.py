"""What the flow of balanced layers does to the singular values and vectors of their product, for any loss of it.

Let W = sum_r sigma_r u_r v_r^T with complete orthonormal bases u_r of R^{d_N} and v_q of R^{d_0}, sigma_r = 0 beyond
min(d_N, d_0), and let h_rq = u_r^T H v_q with H = dL/dW. Where a value sigma_s > 0 is simple,

    sigma_s' = -N sigma_s^{2-2/N} h_ss,
    <u_r, u_s'> = (sigma_s h_rs + sigma_r h_sr) / (sigma_r^{2/N} - sigma_s^{2/N}),
    <v_q, v_s'> = (sigma_s h_sq + sigma_q h_qs) / (sigma_q^{2/N} - sigma_s^{2/N}),    r, q != s.

The exact functions take the layers' singular values a_r = sigma_r^{1/N}, so that no root is left. Source: ACHL19
(arXiv:1905.13655), Theorem 3 and Lemma 2, for distinct values; the singular case is DL-067's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.flow.flow import integrate
from solvers.network.checks import check_depth, check_float_matrix, check_single_matrix, check_steps
from solvers.network.network import Matrix
from solvers.network.objective import Objective

FloatArray = NDArray[np.float64]


def value_velocity(layer_value: Any, slope: Any, depth: int) -> Any:
    """sigma_s' = -N a^{2N-2} h_ss, for a = sigma_s^{1/N} and ``slope`` = h_ss, in any arithmetic."""
    return -check_depth(depth) * layer_value ** (2 * depth - 2) * slope


def vector_velocities(layer_values: Sequence[Any], slopes: Matrix, depth: int, of: int) -> tuple[list[Any], list[Any]]:
    """<u_r, u_s'> for r = 0..d_N - 1 and <v_q, v_s'> for q = 0..d_0 - 1, in any arithmetic; 0 for r, q = s = ``of``.

    ``layer_values`` are a_r = sigma_r^{1/N}, min(d_N, d_0) of them, in any order; ``slopes`` is h of shape (d_N, d_0).
    Raises ValueError where they do not fit, and where the value ``of`` is zero or not simple.
    """
    check_depth(depth)
    check_single_matrix(slopes, "slopes")
    outputs, inputs = slopes.shape
    count = min(outputs, inputs)
    if len(layer_values) != count:
        raise ValueError(f"layer_values has {len(layer_values)} entries; expected {count}, slopes being {slopes.shape}")
    if check_steps(of, "of") >= count:
        raise ValueError(f"of is {of}; expected at most {count - 1}, the last of the singular values")
    own = layer_values[of]
    others = [*layer_values[:of], *layer_values[of + 1 :]]
    if own == 0 or any(own == other for other in others):
        raise ValueError(f"layer_values[{of}] is {own}; expected a value > 0 that no other has")

    def velocities(size: int, table: Matrix) -> list[Any]:
        """Of the left vectors with h, of the right ones with its transpose."""
        result = []
        for r in range(size):
            other = layer_values[r] if r < count else own * 0
            back = other**depth * table[of, r] if r < count else own * 0  # h_sr, where there is a v_r
            along = own**depth * table[r, of]
            result.append((along + back) / (other**2 - own**2) if r != of else own * 0)
        return result

    return velocities(outputs, slopes), velocities(inputs, slopes.T)


@dataclass(frozen=True)
class SingularTrajectory:
    """The flow at the T asked ``times``: ``values`` (T, m), m = min(d_N, d_0), in the order of the start;
    ``left`` (T, d_N, m) and ``right`` (T, d_0, m) have the vectors as columns."""

    times: FloatArray
    values: FloatArray
    left: FloatArray
    right: FloatArray
    evaluations: int

    @property
    def end_to_end(self) -> FloatArray:
        """W = sum_r sigma_r u_r v_r^T at each time, of shape (T, d_N, d_0)."""
        product: FloatArray = self.left * self.values[:, None, :] @ self.right.mT
        return product


def singular_value_flow(
    start: FloatArray, objective: Objective, *, depth: int, times: Any, rtol: float = 1e-10, atol: float = 1e-12
) -> SingularTrajectory:
    """Singular values and vectors of W at each of ``times``, by their own equations, from a float64 W of full rank.

    The values must be distinct all along: where two meet the equations have a pole, and the integrator's error or its
    failure (:class:`solvers.FlowError`) shows it. ``times``, ``rtol`` and ``atol`` are those of
    :func:`solvers.gradient_flow`. Raises ValueError where a value of ``start`` is zero or two are equal, in float64.
    """
    check_float_matrix(start, "start")
    check_depth(depth)
    left, values, right = np.linalg.svd(start)
    outputs, inputs = start.shape
    count = values.size
    if not (np.diff(values) < 0).all() or np.linalg.matrix_rank(start) < count:
        raise ValueError(f"start has the singular values {values.tolist()}; expected distinct ones > 0")
    bounds = np.cumsum([count, outputs * count, inputs * count])

    def parted(states: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        lead = states.shape[:-1]
        u = states[..., count : bounds[1]].reshape(*lead, outputs, count)
        return states[..., :count], u, states[..., bounds[1] :].reshape(*lead, inputs, count)

    def velocity(state: FloatArray) -> FloatArray:
        sigma, u, v = parted(state)
        gradient = objective.gradient(u * sigma @ v.T)
        slopes = u.T @ gradient @ v
        roots = np.abs(sigma) ** (2 / depth)
        gaps = np.subtract.outer(roots, roots) + np.eye(count)
        turn = (slopes * sigma + (slopes * sigma).T) / gaps  # sigma_s h_rs + sigma_r h_sr
        back = (slopes.T * sigma + (slopes.T * sigma).T) / gaps
        np.fill_diagonal(turn, 0)
        np.fill_diagonal(back, 0)
        # The part of u_s' outside the span of u_1..u_m, where sigma_r = 0: -sigma_s^{1-2/N} (I - U U^T) H v_s.
        scale = sigma / roots
        u_moved = u @ turn - (gradient @ v - u @ slopes) * scale
        v_moved = v @ back - (gradient.T @ u - v @ slopes.T) * scale
        rates = -depth * np.abs(sigma) ** (2 - 2 / depth) * np.diag(slopes)
        return np.concatenate([rates, u_moved.ravel(), v_moved.ravel()])

    first = np.concatenate([values, left[:, :count].ravel(), right[:count].T.ravel()])
    grid, states, evaluations = integrate(velocity, first, times, rtol, atol)
    return SingularTrajectory(grid, *parted(states), evaluations=evaluations)
