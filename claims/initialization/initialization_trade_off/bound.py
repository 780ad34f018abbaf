"""The steps that descent needs at least: an integral that a step lowers by a constant, for any network."""

from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import sympy
from flint import arb, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import control, exact, symbolic
from solvers.arithmetic import Comparison, Scalar, compare, decide_all, power, rational, settle, square_root
from solvers.network import Matrix, Problem, Weights, frobenius_squared
from strategies import dimensions, problems


def integral(depth: int, start_squared: Scalar, end: Scalar) -> Scalar:
    """int_m^M u^{1-N} du, from m^2 and M^N."""
    if depth == 2:
        return (arb(end) / arb(start_squared)).log() / 2
    start = power(start_squared, Fraction(2 - depth, 2))
    return (start - power(end, Fraction(2 - depth, depth))) / (depth - 2)


def least_steps(weights: Weights, phi: Matrix, rate: Scalar, accuracy: Scalar, *, factor: int = 2) -> Scalar:
    """Part 2: the steps that descent needs at least, for exact weights; with ``factor`` 1 where eta M^{2N-2} <= 2. For
    |.| around M^N see the control."""
    norm = square_root(frobenius_squared(phi))
    largest_squared = max(frobenius_squared(matrix) for matrix in weights)
    gap = norm - square_root(2 * accuracy)
    return integral(len(weights), largest_squared, max(gap, -gap)) / (factor * rate * norm)


def largest_after_a_step(problem: Problem, *, contracted: bool = False) -> list[Comparison]:
    """||W_j(1)||_F <= m + eta (m^N + ||Phi||) m^{N-1}, whose bracket is at most 2 ||Phi|| where m <= M; ``contracted``:
    without the m^N, as it is where eta m^{2N-2} <= 2."""
    phi = square_root(frobenius_squared(problem.target))
    m = square_root(max(frobenius_squared(matrix) for matrix in problem.weights))
    residual = phi if contracted else m**problem.depth + phi
    bound = m + rational(problem.learning_rate) * residual * m ** (problem.depth - 1)
    return [
        Comparison(square_root(frobenius_squared(matrix)), "<=", bound, f"||W_{j + 1}||_F after a step")
        for j, matrix in enumerate(problem.step().weights)
    ]


@symbolic
def test_a_step_lowers_the_integral_by_a_constant_at_most() -> None:
    """G' = -x^{1-N} and G'' >= 0 for every N >= 1, so G(m) - G(m + d) <= -G'(m) d = 2 eta phi for the d of part 2."""
    k = sympy.Symbol("k", nonnegative=True)
    u, x, m, end, eta, phi = sympy.symbols("u x m M eta phi", positive=True)
    depth = k + 1
    slope = sympy.diff(sympy.Integral(u ** (1 - depth), (u, x, end)), x)
    assert sympy.simplify(slope + x ** (1 - depth)) == 0
    assert sympy.simplify(sympy.diff(slope, x)).is_nonnegative
    step = 2 * eta * phi * m ** (depth - 1)
    assert sympy.simplify(-slope.subs(x, m) * step - 2 * eta * phi) == 0


@symbolic
def test_the_integral_in_closed_form() -> None:
    """(m^{2-N} - M^{2-N}) / (N - 2), by its derivatives, and ln(M / m) as its limit for N -> 2."""
    depth, m, end = sympy.symbols("N m M", positive=True)
    closed = (m ** (2 - depth) - end ** (2 - depth)) / (depth - 2)
    assert sympy.simplify(sympy.diff(closed, end) - end ** (1 - depth)) == 0
    assert sympy.simplify(closed.subs(end, m)) == 0
    assert sympy.simplify(sympy.limit(closed, depth, 2) - sympy.log(end) + sympy.log(m)) == 0


@symbolic
def test_the_scalar_balanced_flow_has_the_order_of_the_bound() -> None:
    """dw/dt = -w^{N-1} (w^N - phi), the descent of each of N equal layers, gives d/dt G(w) = -(phi - w^N)."""
    depth, phi, w = sympy.symbols("N phi w", positive=True)
    downhill = -sympy.diff((w**depth - phi) ** 2 / 2, w) / depth
    assert sympy.simplify(-(w ** (1 - depth)) * downhill + (phi - w**depth)) == 0


@exact
@given(problems(dimensions=dimensions(max_depth=5, max_width=4)))
@example(Problem((np.full((1, 1), 1 / 16),) * 3, np.ones((1, 1)), 0.5))
def test_a_step_raises_the_largest_norm_by_no_more(problem: Problem) -> None:
    """Any network, target and learning rate, in exact arithmetic; the example comes within a part in 10^4 of it."""
    for verdict in decide_all(largest_after_a_step, problem):
        assert verdict.holds, verdict


@exact
@given(problems(dimensions=dimensions(max_depth=4, max_width=3)), st.integers(1, 8))
def test_a_step_of_moderate_size_raises_it_by_less(problem: Problem, eighths: int) -> None:
    """eta m^{2N-2} up to 2, that included: without the m^N, also where the residual is longer than the target."""
    posed = problem.exact()
    square = max(frobenius_squared(matrix) for matrix in posed.weights)
    rate = fmpq(eighths, 4) / square ** (posed.depth - 1) if square > 0 else fmpq(1)
    for verdict in decide_all(partial(largest_after_a_step, contracted=True), replace(posed, learning_rate=rate)):
        assert verdict.holds, verdict


@control
def test_refuted_without_the_size_of_the_product_at_a_large_rate() -> None:
    """w = (1, -1), Phi = 1: D = (2, -2). At eta = 2 the step is to (-3, 3), of size m + eta ||Phi||; at eta = 100 it is
    larger than that, and nine tenths of the bound with m^N are too little."""
    one = np.array([[1.0]])
    for rate, moderate in ((2, True), (100, False)):
        posed = Problem((one, -one), one, 0.0).exact()
        posed = replace(posed, learning_rate=fmpq(rate))
        assert all(compare(found).holds for found in largest_after_a_step(posed))
        assert all(compare(found).holds == moderate for found in largest_after_a_step(posed, contracted=True))
        left, _, right, sentence = largest_after_a_step(posed)[0]
        assert moderate or compare(Comparison(left, "<=", fmpq(9, 10) * right, sentence)).fails


@control
def test_refuted_without_the_size_of_the_product_beyond_two() -> None:
    """w = (1, 1), Phi = 1/1000: at eta m^2 = 2 the bound without the m^N holds, at 9/4 it does not."""
    one = np.array([[1.0]])
    for rate in (fmpq(2), fmpq(9, 4)):
        posed = replace(Problem((one, one), one, 0.0).exact(), learning_rate=rate)
        posed = replace(posed, target=posed.target / 1000)
        assert all(compare(found).holds == (rate == 2) for found in largest_after_a_step(posed, contracted=True))


@exact
@given(st.integers(1, 12), st.fractions("1/100", 100), st.fractions("1/100", 100))
def test_the_integral_falls_by_a_constant_at_most(depth: int, m: Fraction, step: Fraction) -> None:
    """int_m^{m + x m^{N-1}} u^{1-N} du <= x, with equality at depth 1; over the rationals but for N = 2."""
    before, x = rational(m), rational(step)
    after = before + x * before ** (depth - 1)
    assert settle(lambda: Comparison(integral(depth, before**2, after**depth), "<=", x, "fall of the integral")).holds
