"""From the mean to a probability: the constants of Markov and the union bound, and two laws that are known exactly."""

from collections.abc import Sequence
from functools import partial

import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.initialization.random_layers.moments import moment, total_moment
from claims.suite import exact, symbolic
from claims.suite.statistics import product_tail
from solvers.arithmetic import Comparison, Scalar, settle


def bound(dimensions: Sequence[int], scale: fmpq, delta_squared: fmpq, *, constant: Scalar, power: int = 4) -> Scalar:
    """1 - constant delta^{-2} N s^4 d_max^3, the constant being 10."""
    return 1 - constant * (len(dimensions) - 1) * scale**power * max(dimensions) ** 3 / delta_squared


@symbolic
def test_constants_of_the_union_bound() -> None:
    """(N-1) 2 d^2 (d+1) <= 4 (N-1) d^3 <= 10 N d^3 for all N, d >= 1; the first with equality at d = 1 alone."""
    t, u = sympy.symbols("t u", nonnegative=True)
    d, depth = 1 + t, 1 + u
    first = 4 * (depth - 1) * d**3 - (depth - 1) * 2 * d**2 * (d + 1)
    second = 10 * depth * d**3 - 4 * (depth - 1) * d**3
    for gap in (first, second):
        assert all(coefficient >= 0 for coefficient in sympy.Poly(gap, t, u).coeffs())
    assert sympy.factor(first).subs(t, 0) == 0
    assert sympy.Poly(second, t, u).coeffs()[-1] == 10


@symbolic
def test_law_of_one_hidden_unit_between_pairs() -> None:
    """Widths 2-1-2: B_1 / s^2 is the difference of two chi^2 of two degrees, P(|B_1| > t s^2) = exp(-t/2), and its
    variance is what statement 1 says."""
    t, x, y = sympy.symbols("t x y", positive=True)
    density = sympy.exp(-x / 2) / 2
    beyond = sympy.integrate(density, (x, t + y, sympy.oo))
    tail = 2 * sympy.integrate(sympy.expand(density.subs(x, y) * beyond), (y, 0, sympy.oo))
    assert sympy.simplify(tail - sympy.exp(-t / 2)) == 0
    assert sympy.integrate(2 * t * tail, (t, 0, sympy.oo)) == moment(2, 1, 2) == 8


def certain_probability(dimensions: tuple[int, ...], ratio: fmpq) -> arb:
    """P(|B_1| <= t s^2), t = ``ratio``: widths 2-1-2 above, and 1-1-1, where B_1 = 2 s^2 u v."""
    return 1 - ((-arb(ratio) / 2).exp() if dimensions == (2, 1, 2) else product_tail(ratio / 2))


@exact
@given(st.sampled_from([(2, 1, 2), (1, 1, 1)]), st.integers(1, 400), st.integers(1, 64))
def test_bound_against_exact_probabilities(dimensions: tuple[int, ...], numerator: int, scale: int) -> None:
    """Statements 2 and 3 where the probability is known, for delta = t s^2 from where the bound is negative to where
    it is near 1."""
    ratio, s = fmpq(numerator, 8), fmpq(scale, 16)
    delta_squared = (ratio * s**2) ** 2
    least = bound(dimensions, s, delta_squared, constant=fmpq(10))
    assert least == bound(dimensions, fmpq(1), ratio**2, constant=fmpq(10))  # s and delta^{1/2} have one unit
    for limit in (least, 1 - total_moment(dimensions) / ratio**2):
        assert settle(partial(promise, dimensions, ratio, limit)).holds


def promise(dimensions: tuple[int, ...], ratio: fmpq, limit: Scalar) -> Comparison:
    """The probability is at least the limit."""
    return Comparison(certain_probability(dimensions, ratio), ">=", limit, f"P(|B_1| <= {ratio} s^2) at {dimensions}")
