"""Statement 6: when a mode can be carried, when it should be, and which minima are poor."""

from fractions import Fraction

import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.weight_decay.bound import prefix_values
from claims.suite import control, exact, symbolic, witness
from claims.suite.agreement import agree
from claims.suite.symbols import is_one
from solvers.arithmetic import Comparison, Scalar, compare, power
from solvers.guarantees.weight_decay import better_than_zero, carried, carried_at_switch, cost, existence, roots

NU, SIGMA, A = sympy.symbols("nu sigma a", positive=True)
N = NU + 2


@symbolic
def test_the_switch_for_every_depth() -> None:
    """N = nu + 2, nu > 0 a symbol. With lambda = (sigma - a) a^{1-2/N}, where g' = 0, g(a) - g(0) is a^2/2 - sigma a +
    (N/2) (sigma - a) a, and vanishes at a = sigma (N-2)/(N-1) alone; there lambda is lambda*."""
    gap = sympy.expand((A**2 / 2 - SIGMA * A + N / 2 * (SIGMA - A) * A) / A)
    place, rest = SIGMA * NU / (NU + 1), SIGMA / (NU + 1)
    assert sympy.Poly(gap, A).degree() == 1
    assert sympy.simplify(gap.subs(A, place)) == sympy.simplify(SIGMA - place - rest) == 0
    star = NU ** (1 - 2 / N) * (SIGMA / (NU + 1)) ** (2 - 2 / N)
    assert is_one(star / (rest * place ** (1 - 2 / N)))


@symbolic
def test_the_largest_lambda_for_every_depth() -> None:
    """N = nu + 2: ln (sigma - a) a^{1-2/N} is strictly concave, with slope 0 at a = sigma (N-2)/(2N-2); there lambda is
    lambda_c."""
    logarithm = sympy.log(SIGMA - A) + (1 - 2 / N) * sympy.log(A)
    place, rest = SIGMA * NU / (2 * NU + 2), SIGMA * N / (2 * NU + 2)
    assert sympy.simplify(SIGMA - place - rest) == 0
    assert sympy.simplify(sympy.diff(logarithm, A).subs(A, place)) == 0
    assert sympy.simplify(sympy.diff(logarithm, A, 2) + 1 / (SIGMA - A) ** 2 + NU / N / A**2) == 0
    critical = N / NU * place ** (2 - 2 / N)
    assert is_one((critical / (rest * place ** (1 - 2 / N))).subs(2 * NU + 2, 2 * (NU + 1)))


PARTS = st.integers(1, 40).map(lambda k: fmpq(k, 8))

DECAYS = st.one_of(PARTS, st.integers(1, 6).map(lambda k: fmpq(1, 2**k)))


def certainly_less(left: Scalar, right: Scalar, sentence: str) -> bool:
    """Whether left < right; AssertionError where balls do not tell."""
    verdict = compare(Comparison(left, "<", right, sentence))
    assert verdict.holds != verdict.fails
    return verdict.holds


def told_and_true(sigma: fmpq, decay: fmpq, depth: int, factor: int | fmpq = 1) -> list[tuple[bool, bool]]:
    """(what the threshold tells, what is so): whether there is a larger s, and whether it costs less than zero does.

    ``factor`` times both thresholds is for what is false nearby.
    """
    found = roots(sigma, decay, depth)
    exists = certainly_less(decay, factor * existence(sigma, depth), "lambda against lambda_c")
    better = certainly_less(decay, factor * better_than_zero(sigma, depth), "lambda against lambda*")
    is_better = bool(found) and certainly_less(cost(found[-1], sigma, decay, depth), sigma**2 / 2, "cost of s, of zero")
    return [(exists, len(found) == (2 if depth > 2 else 1)), (better, is_better)]


@exact
@given(PARTS, DECAYS, st.integers(2, 7))
def test_both_thresholds(sigma: fmpq, decay: fmpq, depth: int) -> None:
    """6: the roots are counted exactly, the costs and thresholds are rationals or balls; N up to 7. At lambda* itself
    both costs agree."""
    if decay == better_than_zero(sigma, depth) and depth > 2:
        assert agree(lambda: cost(roots(sigma, decay, depth)[-1], sigma, decay, depth), lambda: sigma**2 / 2).holds
        assert agree(lambda: roots(sigma, decay, depth)[-1] ** depth, lambda: carried_at_switch(sigma, depth)).holds
        return
    assert all(told == true for told, true in told_and_true(sigma, decay, depth))


@exact
@given(PARTS, st.integers(3, 7))
def test_at_the_thresholds(s: fmpq, depth: int) -> None:
    """6: at lambda_c one s, a double root; at lambda* both cost the same. By construction: lambda = N s^{2N-2} / (N-2),
    and sigma = s^N (N-1)/(N-2) with lambda = (sigma - s^N) s^{N-2}."""
    decay = depth * s ** (2 * depth - 2) / (depth - 2)
    sigma = carried(s, decay, depth)
    assert existence(sigma, depth) == decay
    assert roots(sigma, decay, depth) == [s]
    assert told_and_true(sigma, decay, depth) == [(False, False), (False, False)]
    sigma = s**depth * fmpq(depth - 1, depth - 2)
    decay = (sigma - s**depth) * s ** (depth - 2)
    assert better_than_zero(sigma, depth) == decay
    assert carried(s, decay, depth) == sigma
    assert roots(sigma, decay, depth)[-1] == s
    assert cost(s, sigma, decay, depth) == sigma**2 / 2
    assert carried_at_switch(sigma, depth) == s**depth
    assert told_and_true(sigma, decay, depth) == [(True, True), (False, False)]


@exact
@given(PARTS, st.integers(3, 30))
def test_zero_becomes_global_before_it_is_alone(sigma: fmpq, depth: int) -> None:
    """lambda* < lambda_c, N up to 30: in between zero is global, and another minimum is not."""
    assert certainly_less(better_than_zero(sigma, depth), existence(sigma, depth), "lambda* against lambda_c")


@exact
@given(st.lists(PARTS, min_size=1, max_size=4), DECAYS, st.integers(3, 5), st.integers(1, 4))
def test_which_minima_are_global_and_when_one_is_poor(values: list[fmpq], decay: fmpq, depth: int, width: int) -> None:
    """6, N >= 3: of the minima of 5 through p = ``width``, those that carry just the modes with lambda < lambda* have
    the least F, and one is poor iff lambda < lambda_c(sigma_i), lambda != lambda*(sigma_i) for some i <= p."""
    modes = sorted(values, reverse=True)[:width]
    minima = prefix_values(modes, decay, depth)
    best = sum(certainly_less(decay, better_than_zero(sigma, depth), "lambda against lambda*") for sigma in modes)
    worse = [value for r, value in enumerate(minima) if r != best and not tied(modes, decay, depth, best, r)]
    assert all(certainly_less(minima[best], value, "F at the best prefix, at another") for value in worse)
    told = [
        certainly_less(decay, existence(sigma, depth), "lambda against lambda_c")
        and decay != better_than_zero(sigma, depth)
        for sigma in modes
    ]
    assert any(told) == (len(worse) > 0)


def tied(modes: list[fmpq], decay: fmpq, depth: int, one: int, other: int) -> bool:
    """Whether the prefixes of two lengths differ only by modes with lambda = lambda*."""
    return all(decay == better_than_zero(sigma, depth) for sigma in modes[min(one, other) : max(one, other)])


@control
@pytest.mark.parametrize("depth", [2, 3, 4, 6])
@pytest.mark.parametrize("factor", [fmpq(99, 100), fmpq(101, 100)])
def test_refuted_with_other_constants(depth: int, factor: fmpq) -> None:
    """sigma = 1: with 1 % more or less, lambda half-way between tells otherwise, of lambda_c and of lambda*."""
    for number, threshold in enumerate((existence, better_than_zero)):
        decay = near(threshold(fmpq(1), depth) * (1 + factor) / 2)
        assert all(told == true for told, true in told_and_true(fmpq(1), decay, depth))
        told, true = told_and_true(fmpq(1), decay, depth, factor)[number]
        assert told != true


def near(number: Scalar) -> fmpq:
    """A rational within 2^-30."""
    return fmpq(round(float(number) * 2**30), 2**30)


@witness
def test_three_layers() -> None:
    """N = 3: lambda* = (sigma/2)^{4/3} and lambda_c = 3 (sigma/4)^{4/3}; at sigma = 2, lambda* = 1; at 4, lambda_c = 3.
    N = 2: both are sigma."""
    assert better_than_zero(fmpq(2), 3) == power(fmpq(1), Fraction(4, 3)) == 1
    assert better_than_zero(fmpq(16), 3) == power(fmpq(8), Fraction(4, 3)) == 16
    assert existence(fmpq(4), 3) == 3
    assert existence(fmpq(32), 3) == 3 * power(fmpq(8), Fraction(4, 3)) == 48
    assert better_than_zero(fmpq(5, 3), 2) == existence(fmpq(5, 3), 2) == fmpq(5, 3)


@witness
def test_the_smallest_modes() -> None:
    """sigma = 0 is never carried: both thresholds are 0; N = 2 at lambda = sigma: s = 0, no root."""
    assert [better_than_zero(fmpq(0), n) for n in (2, 3, 4)] == [existence(fmpq(0), n) for n in (2, 3, 4)] == [0, 0, 0]
    assert roots(fmpq(0), fmpq(1), 3) == roots(fmpq(0), fmpq(1), 2) == roots(fmpq(1), fmpq(1), 2) == []
    assert roots(fmpq(5), fmpq(1), 2) == [2]
    assert roots(fmpq(3, 2), fmpq(1, 2), 3)[-1] == 1
