"""The layers' flow against the equations of singular values, and against the bounds, for three losses and real data.

Flows are integrated numerically, at two tolerances: agreement within what these differ by is no proof.
"""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from claims.suite import control, fewer, sampled
from claims.suite.flows import gap
from solvers.arithmetic import Comparison, compare, rational
from solvers.flow import gradient_flow, singular_value_flow
from solvers.guarantees.rank_bias import least_value, smaller_mode
from solvers.network import Objective, Problem, balanced_factors, power_regression, squared_distance
from strategies import DATASETS, dyadic_matrices, real_problem, regression

FloatArray = NDArray[np.float64]

COARSE, FINE = (1e-7, 1e-9), (1e-10, 1e-12)
"""(rtol, atol) of the two integrations."""


def flows_apart(
    start: FloatArray, objective: Objective, depth: int, times: list[float], equations: int | None = None
) -> tuple[float, float]:
    """How far W of the layers' flow and W of the equations of its singular values are apart, and how far numerical
    error may bring them: what each one's two integrations differ by, and what the finer ones ask of themselves an
    evaluation. ``equations`` is the depth in the equations, where it is to be another."""
    widths = (start.shape[1], *([max(start.shape)] * (depth - 1)), len(start))
    problem = Problem(balanced_factors(start, widths), start, 0.0)
    layers, values, asked = [], [], 0.0
    for rtol, atol in (COARSE, FINE):
        one = gradient_flow(problem, objective=objective, times=times, rtol=rtol, atol=atol)
        other = singular_value_flow(start, objective, depth=equations or depth, times=times, rtol=rtol, atol=atol)
        layers.append(one.end_to_end)
        values.append(other.end_to_end)
        asked = (one.evaluations + other.evaluations) * (rtol * float(abs(other.values).max()) + atol)

    return gap(layers[1], values[1]), gap(*layers) + gap(*values) + asked


@st.composite
def flows(draw: st.DrawFn) -> tuple[FloatArray, Objective, int, list[float]]:
    """W with the values 2, 1 (and 1/4) in general bases, one of three losses, depth 1 to 4, short times."""
    outputs, inputs = draw(st.sampled_from([(2, 2), (2, 3), (3, 2), (3, 3), (1, 3)]))
    count = min(outputs, inputs)
    left, right = (np.linalg.qr(draw(dyadic_matrices(n, n)) + 3 * np.eye(n))[0] for n in (outputs, inputs))
    start = left[:, :count] * np.array([2.0, 1.0, 0.25][:count]) @ right[:, :count].T
    target = start + draw(dyadic_matrices(outputs, inputs)) / 2
    samples = np.hstack([np.eye(inputs), draw(dyadic_matrices(inputs, 2)) / 2])
    mask = (draw(dyadic_matrices(outputs, inputs)) > -0.5).astype(np.float64)
    losses = {
        "covariance": squared_distance(target, covariance=samples @ samples.T),
        "masked": squared_distance(target, mask=mask),
        "fourth power": power_regression(samples, target @ samples, power=4),
    }
    depth = draw(st.integers(1, 4))
    return start, losses[draw(st.sampled_from(sorted(losses)))], depth, [0.005 / depth, 0.02 / depth]


@sampled
@fewer(3)
@given(flows())
def test_the_equations_follow_the_layers(drawn: tuple[FloatArray, Objective, int, list[float]]) -> None:
    """1 and 2: square and rectangular W, three losses."""
    apart, allowed = flows_apart(*drawn)
    assert apart <= allowed


def real_start(name: str) -> tuple[FloatArray, FloatArray]:
    """A quarter of the real target and something in a general direction; and the target."""
    target = regression(name).target
    outputs, inputs = target.shape
    return target / 4 + np.eye(outputs, inputs) / 2 + np.full(target.shape, 1 / 16), target


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_real_data(name: str, depth: int) -> None:
    """The squared loss on real data, to time 1/4."""
    start, target = real_start(name)
    apart, allowed = flows_apart(start, squared_distance(target), depth, [0.1, 0.25])
    assert apart <= allowed < 2.0**-13


@control
@pytest.mark.parametrize("name", DATASETS)
def test_refuted_for_the_equations_of_another_depth(name: str) -> None:
    """The comparison sees that the equations of depth 2 are not those of three layers."""
    start, target = real_start(name)
    apart, allowed = flows_apart(start, squared_distance(target), 3, [0.1, 0.25], equations=2)
    assert apart > 1000 * allowed


def fine_and_error(problem: Problem, objective: Objective, times: FloatArray) -> tuple[FloatArray, FloatArray, fmpq]:
    """W at the times, its singular values there, and by how much the coarse flow's values differ from them."""
    coarse, fine = (
        gradient_flow(problem, objective=objective, times=times, rtol=rtol, atol=atol).end_to_end
        for rtol, atol in (COARSE, FINE)
    )
    values: FloatArray = np.asarray(np.linalg.svd(fine, compute_uv=False), dtype=np.float64)
    return fine, values, rational(float(abs(values - np.linalg.svd(coarse, compute_uv=False)).max()))


@sampled
@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("name", DATASETS)
def test_no_value_falls_faster_than_the_loss_allows(name: str, depth: int) -> None:
    """3 on real data, from twice minus the target (so that all values must fall first): sigma_min at eight times is
    above the bound with M = (2 L(0))^{1/2}, by more than the error of the integration."""
    target = regression(name).target
    hidden = (max(target.shape),) * (depth - 1)
    problem = real_problem(name, hidden, start=-2.0, learning_rate=0.0)
    times = np.linspace(0.02, 0.5, 8)
    values, error = fine_and_error(problem, squared_distance(target), times)[1:]
    steepest = rational(float(np.linalg.norm(3 * target))) * fmpq(1001, 1000)  # ||W(0) - Phi||_F, rounding and all
    first = rational(float(np.linalg.svd(2 * target, compute_uv=False)[-1])) * fmpq(999, 1000)
    assert len(values) == 8
    for time, smallest in zip(times, values[:, -1], strict=True):
        least = least_value(first, steepest, rational(float(time)), depth)
        verdict = compare(Comparison(rational(float(smallest)) - error, ">", least, "sigma_min against its bound"))
        assert verdict.holds


@sampled
@pytest.mark.parametrize(("depth", "aligned"), [(1, True), *((n, aligned) for n in (2, 3, 4) for aligned in (1, 0))])
def test_the_bias_on_real_data(depth: int, aligned: bool) -> None:
    """4 on linnerud, W(0) = U V^T / 64 of the target's singular bases, or I / 64 (not for N = 1, where vectors of
    nearly equal values turn at once): until sigma_1 is half of the target's, with k the least of -h_11 / -h_22 at the
    hundred times seen, sigma_2 is at most its bound and the error of the integration; at the last of them, for N >= 2,
    below it by more than the error. For N = 1, aligned, the ratio is constant and the bound an equality."""
    data, start = regression("linnerud"), 1 / 64
    u, phi, vt = np.linalg.svd(data.target)
    first = start * (u @ vt if aligned else np.eye(3))
    problem = Problem(balanced_factors(first, (3,) * (depth + 1)), data.target, 0.0)
    objective = squared_distance(data.target)
    times = np.linspace(0, {1: 1.0, 2: 4.0, 3: 8.0, 4: 16.0}[depth], 101)[1:]
    found, values, error = fine_and_error(problem, objective, times)
    ratio, seen = 100.0, int((values[:, 0] <= phi[0] / 2).sum())
    assert seen > 10
    for k in range(seen):
        left, _, right = np.linalg.svd(found[k])
        slopes = -np.diag(left.T @ objective.gradient(found[k]) @ right.T)
        ratio = min(ratio, slopes[0] / slopes[1]) if slopes[1] > 0 else ratio
        first_value, second_value = (rational(float(x)) for x in values[k, :2])
        most = smaller_mode(first_value + error, rational(start), rational(float(ratio)), depth)
        assert compare(Comparison(second_value - error, "<", most, "sigma_2 against its bound")).holds
    assert ratio > 1
    most = smaller_mode(first_value - error, rational(start), rational(float(ratio)), depth)
    assert compare(Comparison(second_value + error, "<", most, "sigma_2 against its bound")).holds == (depth > 1)
