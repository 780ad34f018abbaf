"""The layers' flow and W's own, integrated apart: they agree within numerical error, on drawn losses and real data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, fewer, sampled
from claims.suite.flows import gap
from solvers import arithmetic
from solvers.flow import end_to_end_flow, gradient_flow
from solvers.network import Objective, Problem, balanced_factors, end_to_end, power_regression, squared_distance
from strategies import DATASETS, balanced_networks, dimensions, dyadic_matrices, real_problem, regression
from strategies.data_forms import covariances, observations
from strategies.datasets import real_regression

COARSE, FINE = (1e-7, 1e-9), (1e-10, 1e-12)
"""(rtol, atol) of the two integrations."""


def flows_apart(problem: Problem, objective: Objective, times: list[float], *, depth: int) -> tuple[float, float]:
    """How far the flow of the layers and the flow of W alone are apart, and how far numerical error may bring them.

    The latter is what each flow's two integrations differ by, and what the finer ones ask of themselves: rtol times
    the largest product of layers' norms, and atol, an evaluation. An estimate, not a bound.
    """
    start = end_to_end(problem.weights)
    layers, products = [], []
    for rtol, atol in (COARSE, FINE):
        layers.append(gradient_flow(problem, objective=objective, times=times, rtol=rtol, atol=atol))
        products.append(end_to_end_flow(start, objective, depth=depth, times=times, rtol=rtol, atol=atol))
    (coarse, fine), (coarse_alone, fine_alone) = layers, products

    norms = np.prod([np.linalg.norm(matrix, axis=(1, 2)).max() for matrix in fine.weights])
    asked = (fine.evaluations + fine_alone.evaluations) * (FINE[0] * float(norms) + FINE[1])
    allowed = gap(coarse.end_to_end, fine.end_to_end) + gap(coarse_alone.end_to_end, fine_alone.end_to_end) + asked
    return gap(fine.end_to_end, fine_alone.end_to_end), allowed


@st.composite
def flows(draw: st.DrawFn) -> tuple[Problem, Objective, list[float]]:
    """A balanced network rounded to float64, a loss, and times up to four over the curvature at the start."""
    network = draw(dimensions(max_depth=4, max_width=4).flatmap(balanced_networks))
    weights = tuple(arithmetic.nearest(matrix) for matrix in network.weights)
    outputs, inputs = len(weights[-1]), weights[0].shape[1]
    target = draw(dyadic_matrices(outputs, inputs))
    largest, curvature = max(1.0, float(network.layer_singular_values[0])), 1.0
    objective = squared_distance(target)
    form = draw(st.sampled_from(["white", "power", "covariance", "mask"]))
    if form == "covariance":
        covariance = draw(covariances(inputs))
        objective, curvature = squared_distance(target, covariance=covariance), max(1.0, float(covariance.trace()))
    elif form == "mask":
        objective = squared_distance(target, mask=draw(observations(outputs, inputs)))
    elif form == "power":
        samples = draw(dyadic_matrices(inputs, 3))
        objective = power_regression(samples, target @ samples, power=4)
        worst = float(np.abs((end_to_end(weights) - target) @ samples).max()) * float(np.linalg.norm(samples))
        curvature = max(1.0, worst**2)
    scale = len(weights) * largest ** (2 * len(weights) - 2) * curvature
    return Problem(weights, target, 0.0), objective, [0.25 / scale, 1 / scale, 4 / scale]


@sampled
@fewer(4)
@given(flows())
def test_both_flows_agree(drawn: tuple[Problem, Objective, list[float]]) -> None:
    """The layers' flow and W's own, integrated apart, for the squared and the l_4 loss, with covariances and masks;
    singular W included."""
    problem, objective, times = drawn
    apart, allowed = flows_apart(problem, objective, times, depth=problem.depth)
    assert apart <= allowed


def real_flows(name: str, hidden: tuple[int, ...]) -> tuple[Problem, list[float]]:
    """From a quarter of a real target, until nearly all is learnt."""
    return real_problem(name, hidden, start=0.25, learning_rate=0.0), [0.5, 2.0, 8.0]


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("hidden", [(), (3,), (4, 3), (3, 3, 3)])
def test_real_data(name: str, hidden: tuple[int, ...]) -> None:
    """Depths 1 to 4 on real data with the squared loss, up to time 8, and W starts in a general direction."""
    problem, times = real_flows(name, hidden)
    start = problem.target / 4 + np.full(problem.target.shape, 1 / 16)
    posed = Problem(balanced_factors(start, problem.dimensions), problem.target, 0.0)
    apart, allowed = flows_apart(posed, squared_distance(posed.target), times, depth=posed.depth)
    assert apart <= allowed < 2.0**-13


@sampled
def test_real_data_with_the_fourth_power() -> None:
    """l_4 regression on the whitened diabetes data, depth 3."""
    data = regression("diabetes")
    problem, times = real_flows("diabetes", (2, 2))
    objective = power_regression(data.inputs, data.outputs, power=4)
    apart, allowed = flows_apart(problem, objective, times, depth=3)
    assert apart <= allowed < 2.0**-13


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_as_they_are(name: str) -> None:
    """Depth 3 on correlated features, and on the half of the map that a mask of a chessboard shows."""
    problem, times = real_flows(name, (4, 3))
    target = real_regression(name).target
    chessboard = np.indices(target.shape).sum(axis=0) % 2 == 0
    for data in ({"covariance": real_regression(name).covariance}, {"mask": chessboard}):
        apart, allowed = flows_apart(problem, squared_distance(target, **data), times, depth=problem.depth)
        assert apart <= allowed < 2.0**-13


@control
@pytest.mark.parametrize("name", DATASETS)
def test_refuted_for_another_depth_on_real_data(name: str) -> None:
    """The comparison of flows sees that the preconditioner of depth 3 is not that of two layers."""
    problem, times = real_flows(name, (3,))
    apart, allowed = flows_apart(problem, squared_distance(problem.target), times, depth=3)
    assert apart > 1000 * allowed
