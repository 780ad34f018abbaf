"""The closed forms against the flow's own power series, as equalities of rationals, and against its integrator."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given

from claims.beyond_balance.lambda_balanced import series, starts
from claims.suite import exact, sampled, witness
from claims.suite.flows import nearer_to_the_closed_form
from solvers import Problem, arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.flow import common_imbalance, lambda_balanced_ball, lambda_balanced_flow, two_layer_flow
from solvers.flow.lambda_balanced import riccati_matrix

COUNT = 7
"""Coefficients that are compared: up to t^6."""


@exact
@given(starts.equal_imbalances())
def test_the_closed_form(start: starts.EqualImbalances) -> None:
    """Statement 2 up to t^6, D = c I of any sign, widths 1 to 3, targets of any rank; h = 1 is statement 3's W."""
    assert common_imbalance(start.weights) == start.imbalance
    flow = series.flow_of_layers(start.weights, start.target, COUNT)
    stated = series.riccati_solution(start.weights, start.target, start.imbalance, COUNT)
    assert all((one == other).all() for one, other in zip(flow, stated, strict=True))


@exact
@given(starts.equal_imbalances())
def test_the_square_of_f(start: starts.EqualImbalances) -> None:
    """F^2 has the corners Phi^T Phi and Phi Phi^T plus c^2/4."""
    square = riccati_matrix(start.target, start.imbalance)
    square = square @ square
    inputs = start.target.shape[1]
    quarter = start.imbalance**2 / 4
    assert (square[:inputs, :inputs] == start.target.T @ start.target + quarter * np.eye(inputs, dtype=int)).all()
    assert (square[inputs:, :inputs] == 0).all()
    outputs = len(start.target)
    assert (square[inputs:, inputs:] == start.target @ start.target.T + quarter * np.eye(outputs, dtype=int)).all()


@exact
@given(starts.scalar_products())
def test_one_output_and_one_input(start: starts.ScalarProduct) -> None:
    """Statement 4 up to t^6, h = 1 to 3, starts on one line or orthogonal, f of either sign."""
    target = np.array([[start.target]], dtype=object)
    flow = [each[0, 0] for each in series.flow_of_layers(start.weights, target, COUNT)]
    assert flow == series.scalar_solution(start.delta, start.target, start.rate, start.start, COUNT)


@sampled
@pytest.mark.parametrize("widths", [(1, 1, 1), (2, 2, 2), (3, 2, 2), (2, 3, 3), (3, 1, 2)])
@pytest.mark.parametrize("imbalance", [0, 1])
def test_the_integrator(widths: tuple[int, int, int], imbalance: int) -> None:
    """gradient_flow at a tolerance of 1e-12 is nearer to the closed form than to gradient_flow at 1e-10, to t = 4."""
    start, times = starts.random_start(widths, fmpq(imbalance)), np.array([0.25, 1.0, 4.0])
    problem = Problem(start.weights, start.target, fmpq(1)).nearest()
    closed = lambda_balanced_flow(problem.weights, problem.target, times)
    assert nearer_to_the_closed_form(problem, times, closed)


@witness
@pytest.mark.parametrize("imbalance", [fmpq(-1), fmpq(0), fmpq(3, 4)])
def test_the_flow_comes_to_the_target(imbalance: fmpq) -> None:
    """Widths 2-2-2 from diag(a, a), diag(b, b), towards diag(3, 1) at t = 40: within 2^-40, in balls."""
    p = fmpq(3, 2)
    a, b = (p - imbalance / p) / 2, (p + imbalance / p) / 2
    weights = tuple(arithmetic.exact(np.eye(2)) * number for number in (a, b))
    target = arithmetic.exact(np.diag([3.0, 1.0]))
    found = lambda_balanced_ball(weights, target, fmpq(40))
    assert all(abs(entry) < fmpq(1, 2**40) for entry in (found - target).ravel())


@witness
def test_scalars_are_those_of_the_modes() -> None:
    """h = m = n = 1: balls around W(t) against the closed form of two scalar layers of any imbalance (DL-030) in
    float64, whose a and b are within (64 + 8 R t) 2^-53 of |a| + |b|; here R^2 = 9 + 15^2/16 < 5^2."""
    layers, targets, times = np.array([[0.5], [2.0]]), np.array([-1.5]), np.array([0.0, 0.5, 2.0, 9.0])
    weights = (arithmetic.exact(layers[:1]), arithmetic.exact(layers[1:]))
    for time, (one, other) in zip(times, two_layer_flow(layers, targets, times)[:, :, 0], strict=True):
        a, b, t = (arithmetic.rational(float(x)) for x in (one, other, time))
        error = (64 + 8 * 5 * t) / 2**53
        found = lambda_balanced_ball(weights, arithmetic.exact(targets.reshape(1, 1)), t)[0, 0]
        allowed = error * (1 + 4 * error) * (abs(a) + abs(b)) ** 2
        assert compare(Comparison(abs(found - a * b), "<=", allowed, f"W({t}) against a b")).holds
