"""Small starts: closed forms against automatic differentiation, integrated flows, whole descents; bad input."""

from __future__ import annotations

from fractions import Fraction

import jax
import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from scipy.integrate import solve_ivp

from solvers import arithmetic
from solvers.guarantees import small_initialization
from solvers.guarantees.small_initialization import (
    enough_steps,
    learning_rate_limit,
    null_square,
    peak,
    signal_error,
    two_phases,
)
from solvers.shallow import (
    ModeSquares,
    activation_descent,
    activation_velocity,
    commuting_limit,
    commuting_step,
    descent_exponent,
    factored_mode_step,
    flow_parts,
    riccati_flow,
)


def full(u, target):
    return ((u @ u.T - target) ** 2).sum() / 4


def quadratic_units(u, target):
    residual = u @ u.T - target
    return (2 * (residual**2).sum() + residual.trace() ** 2) / 4


def one_measurement(u, beta, measured):
    return (u[0] @ u[0] + beta * (u[1] @ u[1]) - measured) ** 2 / 4


def rotation(size, seed=0):
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))[0]


def descended(objective, start, rate, *data):
    with jax.enable_x64(True):
        return np.asarray(start - rate * jax.grad(objective)(start, *data))


def test_a_mode_step_is_that_of_the_whole_descent():
    basis, values = rotation(4), np.array([0.0, 0.3, 1.0, 1.0])
    moved = descended(full, 0.4 * rotation(4, 1), 0.25, basis * values @ basis.T)
    roots = factored_mode_step(np.full(4, 0.4), values, 0.25)
    assert moved @ moved.T == pytest.approx(basis * roots**2 @ basis.T, abs=1e-14)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_quadratic_units_have_two_numbers(rank):
    projection = rotation(3)[:, :rank] @ rotation(3)[:, :rank].T
    moved = descended(quadratic_units, 0.4 * rotation(3, 1), 0.125, 1.5 * projection)
    signal, null = activation_descent(ModeSquares(0.16, 0.16), 1.5, 0.125, rank=rank, size=3)
    assert moved @ moved.T == pytest.approx(projection * signal + (np.eye(3) - projection) * null, abs=1e-14)


def test_their_velocity_is_the_limit_of_descent():
    squares, rate = ModeSquares(fmpq(1, 3), fmpq(1, 7)), fmpq(1, 10**9)
    after = activation_descent(squares, fmpq(2), rate, rank=2, size=5)
    for before, later, velocity in zip(squares, after, activation_velocity(squares, fmpq(2), 2, 5), strict=True):
        assert float((later / before - 1) / rate) == pytest.approx(float(velocity), rel=1e-7)


@pytest.mark.parametrize("beta", [0.0, 0.5, 1.0, -0.5])
def test_one_measurement_has_two_numbers(beta):
    moved = descended(one_measurement, 0.5 * rotation(2), 0.25, beta, 1.5)
    assert moved @ moved.T == pytest.approx(
        np.diag(commuting_step(ModeSquares(0.25, 0.25), beta, 1.5, 0.25)), abs=1e-14
    )


@pytest.mark.parametrize("columns", [1, 3, 5])
def test_the_flow_in_closed_form_is_the_integrated_one(columns):
    random = np.random.default_rng(columns)
    drawn, start = random.standard_normal((3, 3)), random.standard_normal((3, columns)) / 2
    target, time = drawn + drawn.T, 0.7
    values, basis = np.linalg.eigh(target)
    exponential, integral = (
        (part + part.T) / 2 for part in (basis * each @ basis.T for each in flow_parts(values, time))
    )

    def velocity(_, x):
        square = x.reshape(3, 3)
        return (target @ square + square @ target - 2 * square @ square).ravel()

    known = solve_ivp(velocity, (0, time), (start @ start.T).ravel(), method="DOP853", rtol=1e-12, atol=1e-12)
    found = riccati_flow(exponential, integral, start)
    assert found == pytest.approx(known.y[:, -1].reshape(3, 3), abs=1e-9)
    balls = riccati_flow(*(arithmetic.balls(each) for each in (exponential, integral, start)))
    assert arithmetic.nearest(balls) == pytest.approx(found, abs=1e-9)
    rationals = riccati_flow(*(arithmetic.exact(each) for each in (exponential, integral, start)))
    assert all(ball.contains(number) for ball, number in zip(balls.ravel(), rationals.ravel(), strict=True))


@pytest.mark.parametrize("eigenvalue", [-1.5, 0.0, 1e-12, 2.0])
def test_the_parts_of_the_flow(eigenvalue):
    growth, integral = flow_parts(eigenvalue, 0.5)
    grid = np.linspace(0, 0.5, 20001)
    assert growth == pytest.approx(np.exp(eigenvalue / 2))
    assert integral == pytest.approx(np.trapezoid(np.exp(2 * eigenvalue * grid), grid), rel=1e-8)
    for ball, number in zip(flow_parts(arithmetic.rational(eigenvalue), fmpq(1, 2)), (growth, integral), strict=True):
        assert float(ball) == pytest.approx(float(number), rel=1e-14)


@pytest.mark.parametrize("beta", [Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)])
@pytest.mark.parametrize("scale", [fmpq(1, 100), fmpq(1), fmpq(3)])
def test_the_limit_is_that_of_the_integrated_flow(beta, scale):
    found = commuting_limit(scale, beta, fmpq(5, 4))

    def velocity(_, logs):
        excess = np.exp(logs[0]) + float(beta) * np.exp(logs[1]) - 1.25
        return [-2 * excess, -2 * float(beta) * excess]

    known = solve_ivp(velocity, (0, 60), [2 * np.log(float(scale))] * 2, method="LSODA", rtol=1e-11, atol=1e-11)
    assert [float(part) for part in found] == pytest.approx(np.exp(known.y[:, -1]), rel=1e-7)


def test_a_rational_limit_is_met_and_others_narrow():
    assert commuting_limit(fmpq(3), Fraction(1, 2), fmpq(1)) == (fmpq(1, 4), fmpq(3, 2))
    assert commuting_limit(fmpq(7), Fraction(1), fmpq(3)) == (fmpq(3, 2), fmpq(3, 2))
    assert commuting_limit(fmpq(3, 4), Fraction(1, 3), fmpq(3, 4)) == (fmpq(9, 16), fmpq(9, 16))
    with ctx.workprec(200):
        signal, null = commuting_limit(fmpq(1, 10), Fraction(1, 2), fmpq(1))
        root = (arb(fmpq(1601, 400)).sqrt() - fmpq(1, 20)) / 2
        assert abs(signal - root**2) < arb(2) ** -150
        assert abs(null - root / 10) < arb(2) ** -150


def test_the_exponent_of_descent():
    """ln(5/4) / ln(3/2), and what two steps do where s_1 and s_2 are tiny."""
    assert float(descent_exponent(fmpq(1, 2), fmpq(1, 2))) == pytest.approx(np.log(1.25) / np.log(1.5))
    squares = ModeSquares(1e-30, 1e-30)
    for _ in range(2):
        squares = commuting_step(squares, 0.5, 2.0, 0.25)
    exponent = np.log(squares.null / 1e-30) / np.log(squares.signal / 1e-30)
    assert exponent == pytest.approx(float(descent_exponent(fmpq(1, 2), fmpq(1, 2))))
    beta, z = sympy.symbols("beta z", positive=True)
    assert descent_exponent(beta, z) == sympy.log(1 + beta * z) / sympy.log(1 + z)


def test_the_bounds_are_those_of_runs():
    """1000 steps of descent in float64."""
    for eigenvalue in (1.0, 0.2, 0.0):
        root = 0.1
        for steps in range(1, 1001):
            root = factored_mode_step(root, eigenvalue, 0.25)
            if eigenvalue:
                assert eigenvalue - root**2 <= signal_error(0.01, eigenvalue, 0.25, steps) + 1e-14
            else:
                assert root**2 <= null_square(0.01, 0.25, steps) + 1e-16


def test_numbers_of_steps():
    """By hand: ln(1/(1/100 1/10)) / (2 ln(3/2)) = 8.5...; ln 50 / (2 ln(5/4)) = 8.7... and 2 ln 10 = 4.6..."""
    assert enough_steps(fmpq(1, 100), fmpq(1), fmpq(1), fmpq(1, 2), fmpq(1, 10)) == 9
    assert two_phases(fmpq(1, 100), fmpq(1), fmpq(1, 2), fmpq(1, 10)) == 9 + 5
    assert two_phases(fmpq(1, 2), fmpq(1), fmpq(1, 2), fmpq(1)) in (0, 1, 2)
    assert learning_rate_limit(fmpq(4)) == fmpq(1, 8)


def test_the_bounds_of_the_peak():
    low, high = peak(fmpq(1, 10**6), fmpq(1), 1, 2)
    assert float(high) == pytest.approx(1e-4)
    share = (1 - 2e-4) ** (1 / 3) * np.exp(-(8 / 6) * 1e-4 * (3 - np.log(2e-4)))
    assert float(low) == pytest.approx(1e-4 * share)


ONE = np.eye(2)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: riccati_flow(ONE, np.eye(3), ONE), r"integral has shape \(3, 3\); expected \(2, 2\)"),
        (lambda: riccati_flow(np.array([[1.0, 2.0], [0.0, 1.0]]), ONE, ONE), "exponential is not symmetric"),
        (lambda: riccati_flow(ONE, ONE, np.eye(3)), "start has shape .*; expected 2 rows"),
        (lambda: activation_descent(ModeSquares(1.0, 1.0), 1.0, 0.1, rank=0, size=2), "rank is 0; expected a whole"),
        (lambda: activation_descent(ModeSquares(1.0, 1.0), 1.0, 0.1, rank=3, size=2), "rank is 3; expected at most 2"),
        (lambda: commuting_limit(fmpq(0), Fraction(1, 2), fmpq(1)), "scale is 0; expected a number > 0"),
        (lambda: commuting_limit(fmpq(1), Fraction(1, 2), fmpq(-1)), "measured is -1; expected a number > 0"),
        (lambda: commuting_limit(fmpq(1), Fraction(3, 2), fmpq(1)), r"beta is 3/2; expected a number in \[0, 1\]"),
        (lambda: peak(fmpq(1, 9), fmpq(1), 0, 2), "rank is 0; expected a whole number >= 1"),
        (lambda: peak(fmpq(1, 9), fmpq(1), 3, 2), "size is 2; expected a whole number >= 3"),
        (lambda: peak(fmpq(0), fmpq(1), 1, 2), "square is 0; expected a number > 0"),
        (lambda: enough_steps(*[fmpq(1)] * 4, fmpq(0)), "accuracy is 0; expected a number > 0"),
        (lambda: two_phases(fmpq(1), fmpq(-1), fmpq(1), fmpq(1)), "smallest is -1; expected a number > 0"),
        (lambda: peak(fmpq(1), fmpq(1), 1, 2), "d p / sigma is .*; expected less than 1, a smaller start"),
    ],
)
def test_bad_input_is_named(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


def test_one_arithmetic_at_a_time():
    with pytest.raises(TypeError, match="dtypes float64, float64 and object; expected one of them for all three"):
        riccati_flow(ONE, ONE, arithmetic.exact(ONE))


def test_a_number_of_steps_is_not_too_small_by_a_hair():
    """5 and 2^-50 more, which a ball of 53 bits holds: six steps, and for 5 itself five or six."""
    assert small_initialization._next_whole(arb(5) + arb(2) ** -50) == 6
    assert small_initialization._next_whole(arb(5)) in (5, 6)
    assert small_initialization._next_whole(arb(-3)) == 0
