"""Statements 1 and 2: what the flow keeps, for every beta; where it ends, between two bounds; exact ends."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from claims.suite.agreement import agree
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, Scalar, compare, power, settle
from solvers.shallow import ModeSquares, commuting_limit, commuting_step
from strategies import diagonal, orthogonal_matrices

NUMBERS = st.builds(fmpq, st.integers(1, 24), st.sampled_from([1, 8, 1000]))
BETAS = st.sampled_from([Fraction(p, q) for q in range(1, 5) for p in range(q)])
"""In [0, 1), 0 among them."""


def one_measurement(beta: Fraction, measured: fmpq) -> shallow.FactoredObjective:
    """f, as an objective with T X = A <A, X> and M = diag(y, 0)."""
    return shallow.FactoredObjective(
        diagonal(2, 2, [measured, 0]), shallow.measurements(diagonal(2, 2, [1, beta])[None])
    )


def scale_of_error(alpha: fmpq, beta: Fraction, measured: fmpq, two: Fraction = Fraction(2)) -> Scalar:
    """e = alpha^{2(1 - beta)} y^beta; ``two`` stands for the 2."""
    return power(alpha, two * (1 - beta)) * power(measured, beta)


def ends(alpha: fmpq, beta: Fraction, measured: fmpq) -> list[Comparison]:
    """Statement 2: the four bounds, 0 for the lower one of s_2 where beta e >= y."""
    signal, null = commuting_limit(alpha, beta, measured)
    e = scale_of_error(alpha, beta, measured)
    part = arithmetic.rational(beta) * e
    lower = e * power(1 - part / measured, beta) if part < measured else fmpq(0)
    return [
        Comparison(measured - part, "<=", signal, "s_1"),
        Comparison(signal, "<=", measured, "s_1"),
        Comparison(lower, "<=", null, "s_2"),
        Comparison(null, "<=", e, "s_2"),
    ]


def seen(squares: ModeSquares, beta: Fraction) -> Scalar:
    """s_1 + beta s_2."""
    found: Scalar = squares.signal + arithmetic.rational(beta) * squares.null
    return found


def along(squares: ModeSquares, alpha: fmpq, beta: Fraction) -> Scalar:
    """s_2 / (alpha^{2(1 - beta)} s_1^beta), 1 for ever."""
    found: Scalar = squares.null / scale_of_error(alpha, beta, squares.signal)
    return found


@symbolic
def test_what_the_flow_keeps_for_every_beta() -> None:
    """s_1, s_2, beta, y symbols: the derivatives in eta of the step at 0; and X' = -r (A X + X A) entry by entry."""
    a, b, beta, y, eta = sympy.symbols("s_1 s_2 beta y eta", positive=True)
    step = commuting_step(ModeSquares(a, b), beta, y, eta)
    signal, null = (sympy.diff(part, eta).subs(eta, 0) / before for part, before in zip(step, (a, b), strict=True))
    assert sympy.expand(null - beta * signal) == 0
    assert sympy.expand(null - (beta + 1) * signal) != 0
    x, z, r = sympy.symbols("x z r", real=True)
    square, matrix = sympy.Matrix([[a, x], [x, b]]), sympy.diag(1, beta)
    change = -r * (matrix * square + square * matrix)
    assert sympy.expand(change[1, 1] / b - beta * change[0, 0] / a) == 0
    assert sympy.expand(change[0, 1] / x - (1 + beta) / 2 * change[0, 0] / a) == 0
    curve = z * a**beta  # s_2, z = alpha^{2(1 - beta)}
    assert sympy.simplify(sympy.diff(a + beta * curve - y, a) - 1 - beta**2 * curve / a) == 0


@symbolic
def test_beta_one_half() -> None:
    """y = 1: the root of q^2 + (alpha/2) q = 1; as alpha -> 0, s_2/alpha -> 1 and (1 - s_1)/alpha -> 1/2."""
    alpha = sympy.Symbol("alpha", positive=True)
    q = sympy.sqrt(1 + alpha**2 / 16) - alpha / 4
    assert sympy.expand(q**2 + alpha / 2 * q - 1) == 0
    assert sympy.limit(q, alpha, 0) == 1
    assert sympy.limit((1 - q**2) / alpha, alpha, 0) == sympy.Rational(1, 2)
    assert [value.subs(alpha, 3) for value in (q**2, alpha * q)] == [sympy.Rational(1, 4), sympy.Rational(3, 2)]


@exact
@given(orthogonal_matrices(2), NUMBERS, NUMBERS, st.fractions(-2, 2, max_denominator=4), NUMBERS)
def test_two_numbers_are_the_whole_dynamics(turn: Any, alpha: fmpq, measured: fmpq, beta: Fraction, rate: fmpq) -> None:
    """Two steps of descent on the whole factor, in rationals, beta of either sign: U U^T = diag(s_1, s_2)."""
    objective = one_measurement(beta, measured)
    factor, squares = alpha * turn, ModeSquares(alpha**2, alpha**2)
    for _ in range(2):
        factor = factor - objective.gradient(factor) * rate
        squares = commuting_step(squares, arithmetic.rational(beta), measured, rate)
    assert (factor @ factor.T == diagonal(2, 2, squares)).all()


@exact
@given(NUMBERS, BETAS, NUMBERS)
@example(fmpq(3), Fraction(1, 2), fmpq(1))
@example(fmpq(1, 10**9), Fraction(1, 2), fmpq(1))
@example(fmpq(3, 4), Fraction(1, 3), fmpq(3, 4))
def test_where_it_ends(alpha: fmpq, beta: Fraction, measured: fmpq) -> None:
    """alpha and y up to 24 and down to 1/1000, beta in [0, 1): r = 0 there, and the bounds of 2."""
    assert agree(lambda: seen(commuting_limit(alpha, beta, measured), beta), lambda: measured).holds
    assert agree(lambda: along(commuting_limit(alpha, beta, measured), alpha, beta), lambda: fmpq(1)).holds
    assert all(settle(lambda k=k: ends(alpha, beta, measured)[k]).holds for k in range(4))  # type: ignore[misc]


@exact
@given(st.builds(lambda k, n: fmpq(min(k, n - 1), n), st.integers(1, 20), st.integers(2, 21)))
def test_rational_ends(q: fmpq) -> None:
    """beta = 1/2, y = 1: alpha = 2 (1 - q^2)/q ends at diag(q^2, 2 (1 - q^2)), a zero of f that is not the truth."""
    alpha = 2 * (1 - q**2) / q
    end = ModeSquares(q**2, 2 * (1 - q**2))
    assert end.null**2 == alpha**2 * end.signal
    for place, part in enumerate(end):
        assert agree(lambda k=place: commuting_limit(alpha, Fraction(1, 2), fmpq(1))[k], lambda s=part: s).holds  # type: ignore[misc]
    assert commuting_step(end, fmpq(1, 2), fmpq(1), fmpq(1)) == end


@sampled
@pytest.mark.parametrize("alpha", [3.0, 0.1])
def test_descent_in_small_steps_ends_near(alpha: float) -> None:
    """beta = 1/2, y = 1, eta = 2^-k, k = 7, 8: the distance from the flow's end halves, within a tenth of it."""
    objective = one_measurement(Fraction(1, 2), fmpq(1)).nearest()
    limit = commuting_limit(arithmetic.rational(alpha), Fraction(1, 2), fmpq(1)).null
    gaps = []
    for halvings in (7, 8):
        run = shallow.factored_descent(
            objective, alpha * np.eye(2), learning_rate=2.0**-halvings, steps=2 ** (halvings + 5)
        )
        gaps.append(arb(arithmetic.rational(float((run.point @ run.point.T)[1, 1])) - limit))
    quotient = gaps[0] / gaps[1]
    assert compare(Comparison(quotient, ">", fmpq(9, 5), "the quotient")).holds
    assert compare(Comparison(quotient, "<", fmpq(11, 5), "the quotient")).holds


@control
@ablates("DL-055", "beta below 1", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("alpha", [fmpq(1, 10**6), fmpq(1), fmpq(100)])
def test_refuted_for_beta_one(alpha: fmpq) -> None:
    """beta = 1: every start ends at y/2 I, a distance y/2 from the truth; with beta = 99/100 smaller starts do
    better."""
    assert commuting_limit(alpha, Fraction(1), fmpq(3)) == (fmpq(3, 2), fmpq(3, 2))
    other = commuting_limit(fmpq(1, 10**300), Fraction(99, 100), fmpq(3)).null
    assert compare(Comparison(other, "<", fmpq(1, 10**5), "s_2")).holds


@control
@ablates("DL-055", "small alpha", "dropped", Fate.REFUTED)
def test_refuted_for_a_large_start() -> None:
    """alpha = 3 ends at diag(1/4, 3/2), where f = 0."""
    end = commuting_limit(fmpq(3), Fraction(1, 2), fmpq(1))
    assert end == ModeSquares(fmpq(1, 4), fmpq(3, 2))
    objective = one_measurement(Fraction(1, 2), fmpq(1))
    assert not objective.linear_map(diagonal(2, 2, end) - objective.target).any()
    assert compare(Comparison(end.null, "<", fmpq(1, 10), "the error")).fails


@control
def test_refuted_that_the_error_is_of_a_higher_order() -> None:
    """21/10 or 19/10 in place of the exponent's 2: alpha = 10^-30, beta = 1/2; above e or below it by far."""
    alpha, beta = fmpq(1, 10**30), Fraction(1, 2)
    null = arb(commuting_limit(alpha, beta, fmpq(1)).null)
    assert compare(Comparison(null, "<=", 2 * arb(scale_of_error(alpha, beta, fmpq(1))), "s_2")).holds
    faster, slower = (arb(scale_of_error(alpha, beta, fmpq(1), Fraction(two, 10))) for two in (21, 19))
    assert compare(Comparison(null, "<=", 2 * faster, "s_2")).fails
    assert compare(Comparison(null, ">=", slower / 2, "s_2")).fails


@control
@ablates("DL-055", "flow", "dropped", Fate.REFUTED)
def test_refuted_for_descent() -> None:
    """beta = 1/2, alpha = 1/2, y = 1, eta = 1/2: after a step s_2 > alpha s_1^{1/2}, in rationals: s_2^2 > s_1/4."""
    moved = commuting_step(ModeSquares(fmpq(1, 4), fmpq(1, 4)), fmpq(1, 2), fmpq(1), fmpq(1, 2))
    assert compare(Comparison(moved.null**2, "<=", moved.signal / 4, "s_2^2")).fails


@witness
def test_beta_zero_never_moves() -> None:
    """beta = 0: s_2 = alpha^2 for descent at any learning rate, and in the limit of the flow."""
    for rate in (fmpq(1, 100), fmpq(1), fmpq(50)):
        squares = ModeSquares(fmpq(1, 9), fmpq(1, 9))
        for _ in range(3):
            squares = commuting_step(squares, fmpq(0), fmpq(1), rate)
        assert squares.null == fmpq(1, 9)
    assert commuting_limit(fmpq(1, 3), Fraction(0), fmpq(5)) == (fmpq(5), fmpq(1, 9))


@witness
def test_half_the_exponents_digit() -> None:
    """beta = 1/2, y = 1, alpha = 10^-12: s_2/alpha is within 10^-11 of 1."""
    null = commuting_limit(fmpq(1, 10**12), Fraction(1, 2), fmpq(1)).null
    assert settle(lambda: Comparison(abs(arb(null) * 10**12 - 1), "<", fmpq(1, 10**11), "s_2/alpha - 1")).holds
