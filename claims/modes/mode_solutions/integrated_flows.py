"""Flows of whole networks on real data, integrated by SciPy, against the closed forms.

DOP853 bounds no error of a trajectory, so each is run at two tolerances.
"""

import numpy as np
import pytest

from claims.suite import sampled
from claims.suite.flows import nearer_to_the_closed_form
from solvers.flow import balanced_flow, two_layer_flow
from solvers.network import Problem
from strategies import DATASETS, real_problem, regression


@sampled
@pytest.mark.parametrize("depth", [1, 2, 3, 5])
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_balanced(name: str, depth: int) -> None:
    """Towards a real target from s_i / 2 in its own singular bases, all layers balanced, to time 10."""
    target, times = regression(name).target, np.linspace(0.0, 10.0, 11)
    left, values, right = np.linalg.svd(target, full_matrices=False)
    problem = real_problem(name, (4,) * (depth - 1), start=0.5, learning_rate=0.0)
    modes = balanced_flow(values / 2, values, times, depth=depth)
    assert nearer_to_the_closed_form(problem, times, left @ (modes[:, :, None] * right))


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("sign", [1, -1])
def test_real_data_unbalanced(name: str, sign: int) -> None:
    """W_1 = 1/4 in the singular bases and W_2 = +-Phi: with the wrong sign too, u passes 0 and learns."""
    target, times = regression(name).target, np.linspace(0.0, 40.0, 21)
    left, values, right = np.linalg.svd(target, full_matrices=False)
    problem = Problem((np.eye(len(right[0])) / 4, sign * target), target, 0.0)
    layers = two_layer_flow(np.stack([np.full(len(values), 1 / 4), sign * values]), values, times)
    strengths = layers.prod(axis=1)
    assert nearer_to_the_closed_form(problem, times, left @ (strengths[:, :, None] * right))
    assert (abs(strengths[-1] - values) < abs(strengths[0] - values)).all()
