"""Integrated flows against closed forms: DOP853 bounds no error of a trajectory, so each is run at two tolerances."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solvers.flow import gradient_flow
from solvers.network import Problem

FloatArray = NDArray[np.float64]


def gap(one: FloatArray, other: FloatArray) -> float:
    """The largest distance ||W(t) - V(t)||_F of two flows at the times of both, each a stack of matrices."""
    return float(np.linalg.norm(one - other, axis=(1, 2)).max())


def nearer_to_the_closed_form(problem: Problem, times: FloatArray, closed: FloatArray) -> bool:
    """Whether the flow at rtol = 1e-12 is nearer to the closed form than to the flow at rtol = 1e-10."""
    coarse, fine = (
        gradient_flow(problem, times=times, rtol=rtol, atol=rtol / 100).end_to_end for rtol in (1e-10, 1e-12)
    )
    return bool(abs(fine - closed).max() < abs(fine - coarse).max())
