"""Gradient flow of the layers, dW_j/dt = -D_j(t), integrated by an adaptive Runge-Kutta method.

    D_j = W_{j+1:N}^T G W_{1:j-1}^T,   G = dL/dW at W = W_N ... W_1,

for the loss of a Problem, white or with a covariance or mask, or any other differentiable one. Time is the learning
rate times the number of steps: gradient descent is Euler's method for this flow. The integrator is SciPy's DOP853, of
order 8 with an interpolant of order 7 (Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I,
Section II.5). It keeps the error of each step near atol + rtol |W|; the error of a trajectory is not bounded by that,
so a statement about a flow is to be checked at two tolerances. Source: ACH18 (arXiv:1802.06509), Section 3, equation
(6).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.network.checks import as_float, check_float_problem, check_plain
from solvers.network.network import backpropagate, end_to_end, frobenius_squared, imbalances
from solvers.network.objective import Objective, squared_distance
from solvers.network.problem import Problem

FloatArray = NDArray[np.float64]

LEAST_RTOL = 100 * 2.0**-52
"""Below it rounding is what limits the integrator."""

MOST_EVALUATIONS = 10**6
"""Gradients that one flow may take, a minute or two of them: a flow so stiff is not one for this integrator."""


@dataclass(frozen=True)
class FlowTrajectory:
    """The flow at the T asked ``times``.

    ``weights[j]`` has shape (T, d_{j+1}, d_j). ``loss`` (T,), ``imbalance`` (T, N-1: ||B_1||_F, ..., ||B_{N-1}||_F)
    and ``sigma_min`` (T,; of the end-to-end matrix) are as in :class:`solvers.Trajectory`; ``evaluations`` counts the
    gradients taken.
    """

    times: FloatArray
    weights: tuple[FloatArray, ...]
    loss: FloatArray
    imbalance: FloatArray
    sigma_min: FloatArray
    rtol: float
    atol: float
    evaluations: int

    @property
    def end_to_end(self) -> FloatArray:
        """W = W_N ... W_1 at each time, of shape (T, d_N, d_0)."""
        product: FloatArray = end_to_end(self.weights)
        return product


class FlowError(ArithmeticError):
    """The integrator could not reach ``times[reached]``: the flow left the range of float64, or its steps became
    too small to be told apart or to get there in ``MOST_EVALUATIONS`` gradients."""

    def __init__(self, reached: int, time: float, reason: str) -> None:
        self.reached = reached
        self.time = time
        self.reason = reason
        super().__init__(
            f"the flow could not be integrated to times[{reached}] = {time:g} ({reason}); shorter times may do"
        )

    def __reduce__(self) -> tuple[type[FlowError], tuple[int, float, str]]:
        return (FlowError, (self.reached, self.time, self.reason))


def gradient_flow(
    problem: Problem,
    *,
    times: Any,
    objective: Objective | None = None,
    rtol: float = 1e-10,
    atol: float = 1e-12,
) -> FlowTrajectory:
    """The flow from the weights of one float64 Problem (its learning rate plays no part) at each of ``times``.

    ``times`` are finite numbers, 0 <= times[0] < times[1] < ...; the flow starts at 0. ``objective`` is the loss of W
    and its gradient (:mod:`solvers.network.objective`), that of the problem where it is None. ``rtol`` and ``atol``
    are the integrator's tolerances of one step. Raises TypeError or ValueError for bad input, :class:`FlowError` where
    the integrator fails. The arrays passed in are not changed.
    """
    if not isinstance(problem, Problem):
        raise TypeError(f"problem is a {type(problem).__name__}; expected a Problem")
    check_float_problem(problem.weights, problem.target)
    chosen = squared_distance(problem.target, **problem.data) if objective is None else objective
    shapes = [matrix.shape for matrix in problem.weights]
    bounds = np.cumsum([0, *(matrix.size for matrix in problem.weights)])

    def split(states: FloatArray) -> tuple[FloatArray, ...]:
        return tuple(
            states[..., low:high].reshape(*states.shape[:-1], *shape)
            for low, high, shape in zip(bounds, bounds[1:], shapes, strict=False)
        )

    def velocity(state: FloatArray) -> FloatArray:
        weights = split(state)
        return -np.concatenate([d.ravel() for d in backpropagate(weights, chosen.gradient(end_to_end(weights)))])

    start = np.concatenate([matrix.ravel() for matrix in problem.weights])
    grid, states, evaluations = integrate(velocity, start, times, rtol, atol)
    weights = split(states)
    return FlowTrajectory(
        grid,
        weights,
        *observed(weights, chosen),
        rtol=float(rtol),
        atol=float(atol),
        evaluations=evaluations,
    )


def observed(weights: tuple[FloatArray, ...], objective: Objective) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Loss, ||B_j||_F and sigma_min of the end-to-end matrix of each network of a stack."""
    product = end_to_end(weights)
    count = len(product)
    norms = [np.sqrt(frobenius_squared(b)) for b in imbalances(weights)]
    return (
        np.array([float(objective.value(matrix)) for matrix in product]),
        np.stack(norms, axis=1) if norms else np.empty((count, 0)),
        np.linalg.svd(product, compute_uv=False)[:, -1],
    )


def integrate(
    velocity: Callable[[FloatArray], FloatArray], start: FloatArray, times: Any, rtol: Any, atol: Any
) -> tuple[FloatArray, FloatArray, int]:
    """(times, states at them, evaluations) of dy/dt = velocity(y), y(0) = start, with the checks of both flows."""
    grid = check_times(times)
    check_tolerance(rtol, "rtol", least=LEAST_RTOL, below=1.0)
    check_tolerance(atol, "atol", least=0.0)
    if grid[-1] == 0:
        return grid, start[None].copy(), 0

    here, taken = 0.0, 0

    def slope(time: float, state: FloatArray) -> FloatArray:
        nonlocal taken
        taken += 1
        if not math.isfinite(time):  # no step is small enough, and the integrator would try for ever
            raise _not_reached(grid, here, "its first step is not a finite number: the gradient is too large")
        if taken > MOST_EVALUATIONS:
            raise _not_reached(grid, here, f"{MOST_EVALUATIONS} gradients took it to {here:g}")
        return velocity(state) if np.isfinite(state).all() else np.full_like(state, np.nan)  # a step that is refused

    def arrived(time: float, _: FloatArray) -> float:
        nonlocal here
        here = time
        return 1.0  # an event that never happens, asked for after each step

    from scipy.integrate import solve_ivp  # half a second, for those who integrate only

    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused too
        found = solve_ivp(
            slope,
            (0.0, grid[-1]),
            start,
            method="DOP853",
            t_eval=grid,
            events=arrived,
            rtol=float(rtol),
            atol=float(atol),
        )
    if not found.success:
        raise _not_reached(grid, here, str(found.message).rstrip("."))
    states = np.ascontiguousarray(found.y.T)
    finite = np.isfinite(states).all(axis=1)
    if not finite.all():
        reached = int(np.argmin(finite))
        raise FlowError(reached, float(grid[reached]), "an entry is not finite")
    return grid, states, int(found.nfev)


def _not_reached(grid: FloatArray, here: float, reason: str) -> FlowError:
    reached = min(int(np.searchsorted(grid, here, side="right")), len(grid) - 1)  # a step to the end may be cut short
    return FlowError(reached, float(grid[reached]), reason)


def check_times(times: Any) -> FloatArray:
    """Finite numbers, 0 <= times[0] < times[1] < ..., at least one, as a float64 array."""
    check_plain(times, "times")
    try:
        grid = np.array(times, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"times is {times!r}; expected numbers, 0 <= times[0] < times[1] < ...") from None
    if grid.ndim != 1 or grid.size == 0:
        raise ValueError(f"times has shape {grid.shape}; expected one axis and at least one time")
    if not np.isfinite(grid).all():
        raise ValueError(f"times has the entry {grid[~np.isfinite(grid)][0]}; expected finite numbers")
    if grid[0] < 0:
        raise ValueError(f"times[0] is {grid[0]}; expected times >= 0, since the flow starts at 0")
    for k in np.flatnonzero(np.diff(grid) <= 0):
        raise ValueError(f"times[{k + 1}] is {grid[k + 1]} after {grid[k]}; expected increasing times")
    return grid


def check_tolerance(value: Any, name: str, *, least: float, below: float = math.inf) -> None:
    """A real number, > 0, at least ``least``, less than ``below``."""
    expected = f"a number in [{least:.3g}, {below:g})" if least > 0 else "a finite number > 0"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} is {value!r}; expected {expected}")
    number = as_float(value, name, expected)
    if not (0 < number < below and number >= least):
        raise ValueError(f"{name} is {value!r}; expected {expected}")
