"""Statements 1 and 2, one eigenvalue at a time: each step in rationals, every size of it in symbols."""

from functools import reduce
from typing import TypeVar

import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import Comparison, attained, compare, settle
from solvers.guarantees.small_initialization import enough_steps, null_square, signal_error, two_phases
from solvers.shallow import factored_mode_step

Number = TypeVar("Number", fmpq, arb)

PARTS = st.builds(lambda k, q: fmpq(min(k, q - 1), q), st.integers(1, 63), st.sampled_from([2, 64, 10**6]))
"""In (0, 1)."""
RATES = st.builds(lambda k, q: fmpq(min(k, q), 2 * q), st.integers(1, 64), st.sampled_from([1, 64, 10**4]))
"""eta sigma in (0, 1/2], 1/2 among them."""
SIZES = st.sampled_from([fmpq(1), fmpq(7, 3), fmpq(1, 1000)])


def next_square(square: Number, eigenvalue: fmpq, rate: fmpq) -> Number:
    """u'^2 of u^2, u (1 + eta (sigma - u^2)) being u times a rational number."""
    factor = factored_mode_step(fmpq(1), eigenvalue - square + 1, rate)
    found: Number = square * factor * factor
    return found


def stays_below(square: fmpq, eigenvalue: fmpq, rate: fmpq) -> Comparison:
    """u'^2 < sigma."""
    return Comparison(next_square(square, eigenvalue, rate), "<", eigenvalue, f"u'^2, eta sigma = {rate * eigenvalue}")


def signal_step(square: fmpq, eigenvalue: fmpq, rate: fmpq, share: int | fmpq = 1) -> Comparison:
    """sigma - u'^2 <= sigma / (1 + (1 + eta sigma)^2 u^2 / (sigma - u^2))."""
    bound = signal_error(square, eigenvalue, rate, 1, share)
    return Comparison(eigenvalue - next_square(square, eigenvalue, rate), "<=", bound, "the error of a mode")


def null_step(square: fmpq, rate: fmpq, **two: fmpq) -> Comparison:
    """u'^2 <= u^2 / (1 + 2 eta u^2); ``two`` stands for the 2."""
    bound = null_square(square, rate, 1, **two)
    return Comparison(next_square(square, fmpq(0), rate), "<=", bound, "a mode across the truth")


def null_step_below(square: fmpq, rate: fmpq, eight: int | fmpq = 8) -> Comparison:
    """1/u'^2 <= 1/u^2 + 2 eta + 8 eta^2 u^2."""
    bound = 1 / square + 2 * rate + eight * rate**2 * square
    return Comparison(1 / next_square(square, fmpq(0), rate), "<=", bound, "its inverse")


def numbers_of_steps(square: fmpq, largest: fmpq, smallest: fmpq, rate: fmpq, accuracy: fmpq) -> list[int]:
    """The T after which 1 promises eps sigma_1: of the one phase and, where alpha^2 <= sigma_r/2, of the two."""
    phases = [two_phases(square, smallest, rate, accuracy)] if 2 * square <= smallest else []
    return [enough_steps(square, largest, smallest, rate, accuracy), *phases]


@symbolic
@ablates("DL-054", "small alpha", "dropped", Fate.TRUE)
def test_the_step_for_every_rate_and_size() -> None:
    """a, v, x symbols: the identities of the proofs of 1 and 2."""
    a, v, x = sympy.symbols("a v x", positive=True)
    after = factored_mode_step(sympy.sqrt(v), 1, a) ** 2
    rest = 1 - 2 * a * v - a**2 * v * (1 - v)
    assert sympy.expand(1 - after - (1 - v) * rest) == 0
    gap = (1 + a * (1 - v)) ** 2 - (1 + a) ** 2 * rest
    more = a**2 * v * (1 - v) * ((1 + a) ** 2 - 1)
    assert sympy.expand(gap - a**2 * v * (3 + 2 * a) - more) == 0
    assert sympy.expand((1 - x) ** 2 * (1 + 2 * x) - 1 + x**2 * (3 - 2 * x)) == 0
    moved = sympy.expand(x * (1 + a - x) ** 2)
    assert sympy.expand(moved - a - (x - a) * (1 - 2 * x + x**2 - a * x)) == 0
    assert sympy.expand(4 * (1 + a) ** 3 / 27 - moved - (4 * (1 + a) / 3 - x) * (x - (1 + a) / 3) ** 2) == 0
    assert sympy.expand((1 - x) ** 2 * (1 + 2 * x + 8 * x**2) - 1 - x**2 * (1 - 2 * x) * (5 - 4 * x)) == 0


@symbolic
def test_the_two_phases_for_every_condition_number() -> None:
    """2 ln(1 + a)/a >= 8/5 for a <= 1/2, decreasing; (1 + y)^{8k/5} >= 2 k y: by Bernoulli for k y <= 5/2, and beyond
    it by (1 + y)^{8k/5} >= (1 + k y)^{8/5}, (1 + z)^{8/5} - 2 z being positive at 5/2 and increasing."""
    a, z = sympy.symbols("a z", positive=True)
    slope = sympy.diff(sympy.log(1 + a) / a, a) * a**2
    assert sympy.simplify(sympy.diff(slope, a) + a / (1 + a) ** 2) == 0
    assert sympy.limit(slope, a, 0) == 0
    assert settle(lambda: Comparison(4 * arb(fmpq(3, 2)).log(), ">", fmpq(8, 5), "at a = 1/2")).holds
    assert sympy.Rational(8, 5) * z - 2 * z + 1 == 1 - sympy.Rational(2, 5) * z
    power = (1 + z) ** sympy.Rational(8, 5)
    assert (power - 2 * z).subs(z, sympy.Rational(5, 2)) > 0
    assert sympy.diff(power, z).subs(z, sympy.Rational(5, 2)) > 2
    assert sympy.simplify(sympy.diff(power, z, 2) * (1 + z) ** sympy.Rational(2, 5)) > 0


@exact
@given(PARTS, RATES, SIZES)
@example(fmpq(999, 1000), fmpq(1, 2), fmpq(1))
def test_a_step_towards_the_truth(part: fmpq, rate: fmpq, size: fmpq) -> None:
    """1 for 0 < u^2 < sigma: from one step follow all, since the bound's quotient is multiplied each time."""
    square, eta = part * size, rate / size
    assert compare(stays_below(square, size, eta)).holds
    assert compare(signal_step(square, size, eta)).holds
    once = signal_error(square, size, eta, 1)
    assert signal_error(size - once, size, eta, 4) == signal_error(square, size, eta, 5)


@exact
@given(PARTS, SIZES)
@example(fmpq(1), fmpq(1))
def test_a_step_across_the_truth(part: fmpq, size: fmpq) -> None:
    """1 for 0 < eta u^2 <= 3/2, where it is an equality, and 2's lower bound for eta u^2 <= 1/2."""
    assert compare(null_step(fmpq(3, 2) * part * size, 1 / size)).holds
    assert next_square(3 * size / 2, fmpq(0), 1 / size) == null_square(3 * size / 2, 1 / size, 1)
    assert compare(null_step_below(part * size / 2, 1 / size)).holds
    once = null_square(part * size, 1 / size, 1)
    assert null_square(once, 1 / size, 4) == null_square(part * size, 1 / size, 5)


@exact
@given(PARTS, RATES)
@example(fmpq(1, 3), fmpq(1, 2))
@example(fmpq(999, 1000), fmpq(1, 2))
@example(fmpq(999, 1000), fmpq(1, 1000))
def test_any_start_below_the_exception(part: fmpq, rate: fmpq) -> None:
    """2: from 0 < x < 1 + a one step leads to 0 < x' <= (1 + a)/3 <= 1/2, and from a <= x <= 1/2 to a <= x' with
    x' - a <= (1 - 2a)(x - a)."""
    after = next_square(part * (1 + rate), rate, fmpq(1))
    assert compare(Comparison(after, ">", fmpq(0), "x'")).holds
    assert compare(Comparison(after, "<=", (1 + rate) / 3, "x'")).holds
    above = rate + part * (fmpq(1, 2) - rate)
    moved = next_square(above, rate, fmpq(1)) - rate
    assert compare(Comparison(moved, ">=", fmpq(0), "x' - a")).holds
    assert compare(Comparison(moved, "<=", (1 - 2 * rate) * (above - rate), "x' - a")).holds


@exact
@given(PARTS, RATES, PARTS, st.integers(1, 1000))
@example(fmpq(999, 1000), fmpq(1, 2), fmpq(1, 2), 1)
@example(fmpq(1, 2), fmpq(1, 2), fmpq(999, 1000), 1000)
@example(fmpq(1, 2), fmpq(1, 2), fmpq(1, 2), 2)
def test_the_number_of_steps(part: fmpq, rate: fmpq, accuracy: fmpq, condition: int) -> None:
    """1: after either number of steps the bound of every mode between sigma_r and sigma_1 = 1 is at most eps sigma, for
    condition numbers up to 1000."""
    smallest = fmpq(1, condition)
    square = part * smallest
    numbers = numbers_of_steps(square, fmpq(1), smallest, rate, accuracy)
    assert len(numbers) == 1 + (2 * part <= 1)
    for steps in numbers:
        for eigenvalue in (smallest, (1 + smallest) / 2, fmpq(1)):
            error = signal_error(square, arb(eigenvalue), rate, steps)
            assert compare(Comparison(error, "<=", accuracy * eigenvalue, f"after {steps} steps")).holds


def after(square: arb, eigenvalue: fmpq, rate: fmpq, steps: int) -> arb:
    """u_T^2."""
    return reduce(lambda now, _: next_square(now, eigenvalue, rate), range(steps), square)


@control
@ablates("DL-054", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_for_a_larger_learning_rate() -> None:
    """eta sigma = 51/100: from 999/1000 sigma a step leads beyond sigma; at 1/2 it does not."""
    assert compare(stays_below(fmpq(999, 1000), fmpq(1), fmpq(1, 2))).holds
    assert compare(stays_below(fmpq(999, 1000), fmpq(1), fmpq(51, 100))).fails


@control
def test_refuted_with_four_fifths_of_the_steps() -> None:
    """sigma = 1, alpha^2 = 1/2, eta = 1/1000, eps = 10^-6: T steps leave at most eps, and 4/5 T more."""
    half, rate, eps = fmpq(1, 2), fmpq(1, 1000), fmpq(1, 10**6)
    steps = enough_steps(half, fmpq(1), fmpq(1), rate, eps)
    with ctx.workprec(256):
        left = [1 - after(arb(half), fmpq(1), rate, count) for count in (steps, 4 * steps // 5)]
        assert compare(Comparison(left[0], "<=", eps, "the error after T")).holds
        assert compare(Comparison(left[1], "<=", eps, "the error after 4/5 T")).fails


@control
def test_refuted_with_faster_growth() -> None:
    """(1 + 101/100 eta sigma)^{2T}: fails at a small rate; so the growth is best possible as eta -> 0."""
    assert compare(signal_step(fmpq(1, 1000), fmpq(1), fmpq(1, 1000))).holds
    assert compare(attained(signal_step(fmpq(1, 1000), fmpq(1), fmpq(1, 1000)), fmpq(1, 10**7))).holds
    assert compare(signal_step(fmpq(1, 1000), fmpq(1), fmpq(1, 1000), fmpq(101, 100))).fails


@control
def test_refuted_with_another_two_or_eight() -> None:
    """201/100 in place of 2, at eta u^2 = 1/1000; 799/100 in place of 8, at 1/2; and 2 beyond eta u^2 = 3/2."""
    assert compare(null_step(fmpq(1, 1000), fmpq(1), two=fmpq(201, 100))).fails
    assert compare(null_step_below(fmpq(1, 2), fmpq(1), fmpq(799, 100))).fails
    assert compare(attained(null_step_below(fmpq(1, 2), fmpq(1)))).holds
    assert compare(null_step(fmpq(151, 100), fmpq(1))).fails


@control
@ablates("DL-054", "small alpha", "dropped", Fate.TRUE)
@pytest.mark.parametrize("large", [fmpq(3, 2), fmpq(5, 4), fmpq(7, 4)])
def test_only_one_start_fails(large: fmpq) -> None:
    """2, sigma = 1, eta = 1/2: eta alpha^2 = 1 + eta sigma leads to 0 at once, and stays there. From 5/4 descent comes
    to sigma, as from 7/4 beyond the exception: alpha^2 is 3, 5/2 and 7/2."""
    error = settle(
        lambda: Comparison(abs(1 - after(arb(2 * large), fmpq(1), fmpq(1, 2), 60)), "<", fmpq(1, 10**6), "the error")
    )
    assert error.fails == (large == fmpq(3, 2))
    assert error.holds == (large != fmpq(3, 2))
    if error.fails:
        assert next_square(2 * large, fmpq(1), fmpq(1, 2)) == 0 == next_square(fmpq(0), fmpq(1), fmpq(1, 2))


@witness
def test_the_error_across_the_truth_in_a_run() -> None:
    """2: alpha^2 = 1, eta = 1/2, T = 1000, in balls: between the two bounds, and u_T^2 2 eta T is within 1/50 of 1."""
    rate, steps = fmpq(1, 2), 1000
    with ctx.workprec(256):
        end = after(arb(1), fmpq(0), rate, steps)
        low = 1 + 2 * rate * steps
        high = low + 8 * rate**2 + 4 * rate * arb(1 + 2 * rate * steps).log()
        assert compare(Comparison(1 / end, ">=", low, "1/u_T^2")).holds
        assert compare(Comparison(1 / end, "<=", high, "1/u_T^2")).holds
        assert compare(Comparison(abs(end * 2 * rate * steps - 1), "<", fmpq(1, 50), "u_T^2 2 eta T - 1")).holds


@witness
def test_a_run_and_its_bound() -> None:
    """sigma = 1, alpha^2 = 1/100, eta = 1/1000, T = 3000 in balls: the error is within 1% of the bound."""
    with ctx.workprec(256):
        bound = signal_error(arb(fmpq(1, 100)), fmpq(1), fmpq(1, 1000), 3000)
        error = 1 - after(arb(fmpq(1, 100)), fmpq(1), fmpq(1, 1000), 3000)
        assert compare(Comparison(error, "<=", bound, "the error")).holds
        assert compare(Comparison(error, ">=", bound * fmpq(99, 100), "the error")).holds
