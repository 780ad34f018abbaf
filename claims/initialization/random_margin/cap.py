"""The spherical cap that is the probability of a positive margin: its formula, its proof, its values."""

from fractions import Fraction
from functools import partial
from typing import Any

import pytest
import sympy
from flint import acb, arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import exact, symbolic
from solvers.arithmetic import Comparison, Scalar, compare, rational, settle


def cap(inputs: int, ratio_squared: Scalar) -> arb:
    """P(cos theta > h) in R^{d_0}, given h^2 > 0: statement 3."""
    rest = 1 - arb(ratio_squared)
    if rest <= 0:
        return arb(0)
    return arb(1) / 2 if inputs == 1 else rest.beta_lower(arb(inputs - 1) / 2, arb(1) / 2, 1) / 2


def ratio_squared(length_squared: Scalar, target_squared: Scalar) -> Scalar:
    """h^2 = (r / (2 ||Phi||))^2."""
    return length_squared / (4 * target_squared)


def polynomial_cap(inputs: int, ratio: Fraction) -> Fraction:
    """The same for odd d_0 >= 3, rational: 1/2 - int_0^h (1 - t^2)^{(d_0-3)/2} dt / (2 int_0^1 of the same)."""
    t = sympy.Symbol("t")
    primitive = sympy.integrate((1 - t**2) ** ((inputs - 3) // 2), t)
    value = sympy.Rational(1, 2) - primitive.subs(t, sympy.Rational(ratio)) / (2 * primitive.subs(t, 1))
    return Fraction(int(value.p), int(value.q))


@symbolic
def test_law_of_the_cosine_for_every_dimension() -> None:
    """x_1^2 = q tau and ||x||^2 - x_1^2 = (1-q) tau are chi^2 of 1 and d - 1 degrees; with Jacobian tau, integrated
    over tau > 0, the density of q = cos^2 is that of Beta(1/2, (d-1)/2), for symbolic d >= 2. So 1 - q is
    Beta((d-1)/2, 1/2) and P(cos > h) = P(1 - q < 1 - h^2) / 2 = I_{1-h^2}((d-1)/2, 1/2) / 2."""
    d, q, tau = sympy.symbols("d q tau", positive=True)

    def powers_of_chi_squared(degrees: Any) -> tuple[Any, Any]:
        """The exponent of x, and the constant, in x^{k/2-1} exp(-x/2) / (2^{k/2} Gamma(k/2))."""
        return degrees / 2 - 1, 2 ** (degrees / 2) * sympy.gamma(degrees / 2)

    (first, one), (second, other) = powers_of_chi_squared(sympy.Integer(1)), powers_of_chi_squared(d - 1)
    scale = sympy.integrate(tau ** sympy.expand(first + second + 1) * sympy.exp(-tau / 2), (tau, 0, sympy.oo))
    density = q**first * (1 - q) ** second * scale / (one * other)
    beta = sympy.gamma(sympy.Rational(1, 2)) * sympy.gamma((d - 1) / 2) / sympy.gamma(d / 2)
    quotient = density / (q ** sympy.Rational(-1, 2) * (1 - q) ** ((d - 3) / 2) / beta)
    assert sympy.expand(sympy.expand_log(sympy.log(quotient), force=True)) == 0


@symbolic
def test_cap_decreases_from_one_half_for_every_dimension() -> None:
    """d/dh of the incomplete beta integral up to 1 - h^2 is -2 (1 - h^2)^{(d-3)/2}, so that of the cap is minus the
    density of cos theta, negative for 0 < h < 1; at h = 0 the cap is half of the whole."""
    d, h, p = sympy.symbols("d h p", positive=True)
    integrand = p ** ((d - 1) / 2 - 1) * (1 - p) ** sympy.Rational(-1, 2)
    slope = integrand.subs(p, 1 - h**2) * sympy.diff(1 - h**2, h)
    assert sympy.simplify(slope + 2 * (1 - h**2) ** ((d - 3) / 2)) == 0
    assert compare(Comparison(cap(7, fmpq(0)), "==", arb(1) / 2, "half of the sphere")).holds


@symbolic
@pytest.mark.parametrize(
    ("inputs", "formula"),
    [(2, "acos(h)/pi"), (3, "(1-h)/2"), (4, "(acos(h)-h*sqrt(1-h**2))/pi"), (5, "(2-3*h+h**3)/4")],
)
def test_cap_in_closed_form(inputs: int, formula: str) -> None:
    """The density of cos theta integrated from h to 1, for d_0 = 2..5; from 1/2 at h = 0 down to 0 at h = 1."""
    h, t = sympy.symbols("h t", positive=True)
    expected = sympy.sympify(formula, locals={"h": h})
    half = sympy.Rational(1, 2)
    beta = sympy.gamma(half) * sympy.gamma(half * (inputs - 1)) / sympy.gamma(half * inputs)
    primitive = sympy.integrate((1 - t**2) ** (half * (inputs - 3)), t)
    assert sympy.simplify((primitive.subs(t, 1) - primitive.subs(t, h)) / beta - expected).rewrite(sympy.asin) == 0
    assert (expected.subs(h, 0), expected.subs(h, 1)) == (half, 0)


RATIOS = st.integers(1, 64).map(lambda k: Fraction(k, 64))


@exact
@given(RATIOS, st.integers(1, 10).map(lambda k: 2 * k + 1))
def test_cap_against_rationals(ratio: Fraction, inputs: int) -> None:
    """Odd d_0 from 3 to 21, where the cap is a polynomial in h: the ball of the beta function holds its value."""
    with ctx.workprec(256):
        difference = cap(inputs, rational(ratio) ** 2) - rational(polynomial_cap(inputs, ratio))
        assert abs(difference) < arb(2) ** -200


def integrated_cap(inputs: int, ratio: fmpq) -> arb:
    """The same for every d_0 >= 2, even ones too, without the beta function: with cos theta = sin a, the density of the
    angle is cos^{d_0-2} a over the whole of it, integrated rigorously."""

    def density(angle: acb, _: bool) -> acb:
        return angle.cos() ** (inputs - 2)

    start, end = acb(arb(ratio).asin()), acb(arb.pi() / 2)
    whole: arb = (acb.integral(density, start, end) / acb.integral(density, -end, end)).real
    return whole


@exact
@pytest.mark.parametrize("inputs", [2, 3, 4, 6, 8, 10, 11, 12])
def test_cap_against_the_integral(inputs: int) -> None:
    """Even d_0 too, d_0 = 10 of the real data among them, at h = 1/16, 1/2 and 15/16."""
    with ctx.workprec(128):
        for ratio in (fmpq(1, 16), fmpq(1, 2), fmpq(15, 16)):
            difference = cap(inputs, ratio**2) - integrated_cap(inputs, ratio)
            assert abs(difference) < arb(2) ** -100


@exact
@given(RATIOS.filter(lambda ratio: ratio < 1), st.integers(2, 12), st.integers(1, 8))
def test_cap_is_below_one_half_and_decreasing(ratio: Fraction, inputs: int, smaller: int) -> None:
    """Statement 4 for even and odd d_0 >= 2, in balls."""
    large, small = rational(ratio) ** 2, (rational(ratio) * smaller / 9) ** 2
    for left, right in ((large, small), (small, fmpq(0))):
        verdict = settle(partial(less_than, inputs, left, right))
        assert verdict.holds, verdict


def less_than(inputs: int, left: fmpq, right: fmpq) -> Comparison:
    """The cap at h^2 = ``left`` is below that at ``right``; at 0 it is 1/2."""
    return Comparison(cap(inputs, left), "<", cap(inputs, right), f"caps at d_0 = {inputs}")
