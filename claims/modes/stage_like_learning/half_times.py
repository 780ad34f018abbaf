"""When a mode is at half: its half-time in balls, the sign of the half-time's slope in s, and the smallest cases."""

import math

import numpy as np
from flint import acb, arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.modes.mode_solutions.times import time_between
from claims.modes.mode_solutions.two_layers import sigmoid
from claims.suite import control, sampled, witness
from solvers.arithmetic import Comparison, Scalar, compare
from solvers.flow import half_time


def half(start: fmpq, s: fmpq, depth: int = 2, *, less: int = 1) -> Scalar:
    """The time from u_0 to s / 2; item 1's formula at N = 2, ``less`` being its 1."""
    if depth == 2:
        return arb(s / start - less).log() / (2 * s)
    return time_between(start, s / 2, s, depth)


def sign_of_slope(ratio: Scalar, depth: int) -> arb:
    """D(1 / ratio), whose sign is that of dt/ds at s = ratio u_0: D(1/2) less the integral of its derivative."""
    x, exponent = arb(1) / ratio, fmpq(2) - fmpq(2, depth)

    def derivative(y: acb, analytic: bool) -> acb:
        return (-exponent * y.log(analytic=analytic)).exp() / (1 - y) ** 2

    return arb(2) ** arb(exponent) - acb.integral(derivative, x, arb(1) / 2).real


@sampled
@given(st.integers(3, 40), st.lists(st.integers(10, 400), min_size=1, max_size=4, unique=True), st.integers(2, 6))
def test_solver_half_times_are_in_order(fraction: int, targets: list[int], depth: int) -> None:
    """solvers.flow.modes.half_time on float64, u_0 = s_min / 5 and less."""
    values = np.array(sorted(targets, reverse=True), dtype=np.float64) / 64
    start = np.full(len(values), values.min() * 3 / (5 * fraction))
    times = half_time(start, values, depth=depth)
    assert (np.diff(times) > 0).all()


@control
def test_refuted_half_time_without_the_minus_one() -> None:
    """ln(s/u_0) / (2 s) is too late by ln(s / (s - u_0)) / (2 s): the closed form is above s / 2 there, and at the time
    with the 1 it is not, nor below."""
    start, s = fmpq(1, 4), fmpq(1)
    with_it, without = (sigmoid(start, s, arb(2 * s * half(start, s, less=less)).exp()) for less in (1, 0))
    assert compare(Comparison(without, "<=", s / 2, "strength at ln(s/u_0) / (2 s)")).fails
    assert abs(with_it - s / 2) < arb(2) ** -40


@witness
def test_boundary_starts() -> None:
    """u_0 = s / 2 is at half at once, and u_0 above has left it behind; equal s have equal times."""
    assert half(fmpq(1), fmpq(2)) == 0
    assert half(fmpq(3, 4), fmpq(1)) < 0
    first, second = half_time(np.array([0.1, 0.1]), np.array([1.0, 1.0]), depth=3)
    assert first == second


@witness
def test_three_stages_in_numbers() -> None:
    """s = (3, 2, 1), u_0 = 1/1000: half-times 1.33, 1.90 and 3.45, rise times 0.73, 1.10 and 2.20."""
    times = [half(fmpq(1, 1000), fmpq(s)) for s in (3, 2, 1)]
    for time, expected in zip(times, ("1.334", "1.900", "3.453"), strict=True):
        assert compare(Comparison(abs(time - arb(expected)), "<", fmpq(1, 1000), "half-time")).holds
    assert math.isclose(float(arb(81).log() / 6), 0.732, abs_tol=1e-3)
