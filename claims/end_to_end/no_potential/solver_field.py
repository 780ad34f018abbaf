"""The field that the solver follows circulates as stated: l_p regression, on drawn and on real data, in float64."""

import numpy as np
import pytest
from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from claims.end_to_end.no_potential.circulation import circulation, l_p_on_line
from claims.suite import fewer, sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.flow import end_to_end_velocity
from solvers.network import Objective, power_regression
from strategies import dyadic_matrices, regression

ASKED = 1e-7
"""Of SciPy's quadratures, absolute and relative."""


def float_circulation(objective: Objective, v: np.ndarray, e: np.ndarray, depth: int) -> tuple[float, float]:
    """The circulation of F = -dW/dt by SciPy's quadrature of the solver's own field, and its estimate of the error."""

    def speed(w: np.ndarray, tangent: np.ndarray) -> float:
        return -float((end_to_end_velocity(w, objective.gradient(w), depth=depth) * tangent).sum())

    parts = [
        quad(lambda t: speed(t * v, v), -1, 0, epsabs=ASKED, epsrel=ASKED),
        quad(lambda t: speed(t * v, v), 0, 1, epsabs=ASKED, epsrel=ASKED),
        quad(
            lambda a: speed(v * np.cos(a) + e * np.sin(a), e * np.cos(a) - v * np.sin(a)),
            0,
            np.pi,
            epsabs=ASKED,
            epsrel=ASKED,
        ),
    ]
    return sum(value for value, _ in parts), sum(error for _, error in parts)


def agrees(objective: Objective, v: np.ndarray, e: np.ndarray, depth: int) -> bool:
    """Statement 2 for the solver's field, up to the errors that SciPy's quadratures estimate, and were asked for."""

    def odd_slope(t: float) -> float:
        return float(((objective.gradient(t * v) + objective.gradient(-t * v)) * v).sum())

    p, length = 2 - 2 / depth, float(np.linalg.norm(v))
    integral, error = quad(lambda t: t**p * odd_slope(t), 0, 1, epsabs=ASKED, epsrel=ASKED)
    stated = length**p * (depth * integral - float(objective.value(v) - objective.value(-v)))
    found, errors = float_circulation(objective, v, e, depth)
    asked = ASKED * (1 + abs(stated) + length**p * float(abs(objective.value(v)) + abs(objective.value(-v))))
    return bool(abs(found - stated) <= errors + depth * length**p * error + asked)


@sampled
@fewer(3)
@given(dyadic_matrices(3, 4), dyadic_matrices(1, 4), st.integers(1, 6), st.sampled_from([2, 3, 3.5, 4]))
def test_the_field_of_the_solver_circulates_as_stated(
    inputs: np.ndarray, outputs: np.ndarray, depth: int, power: float
) -> None:
    """l_p regression, powers that are no polynomials included, around a half disc in R^3."""
    v, e = np.array([[0.75, -0.5, 0.0]]), np.array([[0.5, 0.75, 0.0]])
    assert agrees(power_regression(inputs, outputs, power=power), v, e, depth)


def diabetes(power: int) -> tuple[Objective, np.ndarray, fmpq_poly]:
    """l_p regression on the whitened diabetes data, v = -Phi, and the loss along t v, exactly."""
    data = regression("diabetes")
    v = -data.target  # the direction of g(0) at p = 2
    line = l_p_on_line(arithmetic.exact(data.inputs), arithmetic.exact(data.outputs), arithmetic.exact(v), power)
    return power_regression(data.inputs, data.outputs, power=power), v, line


@sampled
@pytest.mark.parametrize("power", [2, 4])
def test_real_data(power: int) -> None:
    """l_2 and l_4 regression on real data, depths 3 to 6: not zero, exactly; and so circulates the solver's field."""
    objective, v, line = diabetes(power)
    for depth in (3, 4, 5, 6):
        assert compare(Comparison(circulation(line, depth), ">", fmpq(0), "circulation over ||v||^p")).holds
    e = np.roll(v, 1)
    e -= v * (e @ v.T) / (v @ v.T)
    assert agrees(objective, v, e * np.linalg.norm(v) / np.linalg.norm(e), 3)


@sampled
def test_two_layers_have_no_potential_on_real_data_with_the_fourth_power() -> None:
    """Statement 4's last part: the l_4 loss has an odd term t^3 along v, and the circulation is not zero at N = 2."""
    _, _, line = diabetes(4)
    assert line[3] != 0
    assert compare(Comparison(circulation(line, 2), "==", fmpq(0), "circulation over ||v||^p at N = 2")).fails
