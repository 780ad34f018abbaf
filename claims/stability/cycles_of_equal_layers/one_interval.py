"""Statement 2 for every depth: along falls with c, so that the cycle is stable on one interval of learning rates."""

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.cycles_of_equal_layers.multipliers import rational_multipliers
from claims.suite import control, exact, symbolic, witness

A, H = sympy.symbols("A h", positive=True)
X, Y = sympy.symbols("X Y", positive=True)
"""e^h and e^{Ah}, A = N - 1."""


def parts(depth: int, h: arb) -> tuple[arb, arb, arb]:
    """g, K and C of the proof."""
    a = depth - 1
    g = 2 * depth * h.sinh() * (a * h).cosh() / (depth * h).sinh()
    k = (2 * a * h).cosh() + 2 * a * h.sinh() * ((2 * a + 1) * h).sinh()
    return g, k, (a * h).cosh()


def along_in_h(depth: int, h: arb, *, coefficient: int = 4) -> arb:
    """1 - 4A(A-1) sinh^2 h + g^2 - 2gK; the 4 is the statement's."""
    (g, k, _), a = parts(depth, h), depth - 1
    return 1 - coefficient * a * (a - 1) * h.sinh() ** 2 + g**2 - 2 * g * k


@symbolic
def test_along_in_h_for_every_depth() -> None:
    """The formula in h is that in c = e^{-2h}, as rational functions of A, e^h and e^{Ah}."""
    c, last = X**-2, Y**-2  # c^{N-1}
    e = (1 + last) / (last * (1 - c * last) / (1 - c))
    along = (1 - A * (1 - c) - (A + 1) * e) * (1 + A * (1 / c - 1) - (A + 1) * e * last**2)
    sinh = (X - 1 / X) / 2
    g = 2 * (A + 1) * sinh * (Y + 1 / Y) / (X * Y - 1 / (X * Y))
    k = (Y**2 + Y**-2) / 2 + A * sinh * (X * Y**2 - 1 / (X * Y**2))
    assert sympy.simplify(along - (1 - 4 * A * (A - 1) * sinh**2 + g**2 - 2 * g * k)) == 0


@symbolic
def test_along_falls_for_every_depth() -> None:
    """g'/g and K' by derivation; 2C - 2C^2 + 1 <= 1 for C = 1 + t, t >= 0; sinh 2Ah = 2 C^2 tanh Ah; the rest of K' is
    >= 0; and 1 < 4 C^2."""
    n = A + 1
    g = 2 * n * sympy.sinh(H) * sympy.cosh(A * H) / sympy.sinh(n * H)
    quotient = sympy.coth(H) + A * sympy.tanh(A * H) - n * sympy.coth(n * H)
    assert sympy.simplify((sympy.diff(g, H) / g - quotient).rewrite(sympy.exp)) == 0
    k = sympy.cosh(2 * A * H) + 2 * A * sympy.sinh(H) * sympy.sinh((2 * A + 1) * H)
    rest = sympy.diff(k, H) - 2 * A * sympy.sinh(2 * A * H)
    products = (
        2 * A * sympy.cosh(H) * sympy.sinh((2 * A + 1) * H),
        2 * A * (2 * A + 1) * sympy.sinh(H) * sympy.cosh((2 * A + 1) * H),
    )
    assert sympy.simplify(rest - sum(products)) == 0
    assert all(product.is_positive for product in products)
    t = sympy.Symbol("t", nonnegative=True)
    assert sympy.expand(1 - (2 * (1 + t) - 2 * (1 + t) ** 2 + 1)).is_nonnegative
    double = sympy.sinh(2 * A * H) - 2 * sympy.cosh(A * H) ** 2 * sympy.tanh(A * H)
    assert sympy.simplify(double.rewrite(sympy.exp)) == 0
    assert sympy.expand(4 * (1 + t) ** 2 - 1).is_positive


@symbolic
def test_across_is_inside_as_long_as_along_is_for_every_depth() -> None:
    """sinh h = 1/2: c + 1/c - 2 = 4 sinh^2 h = 1. With C = 5^{1/2}/2 + t and K = 2C^2 + 1 + s, t, s >= 0, which
    sinh((2A+1)h) >= sinh 3h = 2 gives: g^2 - 2gK at g = 2 and g = 2C is at most -10, and 1 - A(A-1) <= 1."""
    assert sympy.simplify((sympy.exp(-2 * H) + sympy.exp(2 * H) - 2 - 4 * sympy.sinh(H) ** 2).rewrite(sympy.exp)) == 0
    golden = (1 + sympy.sqrt(5)) / 2
    assert sympy.simplify((golden - 1 / golden) / 2) == sympy.Rational(1, 2)
    assert sympy.simplify((golden + 1 / golden) / 2 - sympy.sqrt(5) / 2) == 0  # cosh h, and C >= cosh h for A >= 1
    assert sympy.simplify((golden**3 - golden**-3) / 2) == 2
    t, s = sympy.symbols("t s", nonnegative=True)
    c = sympy.sqrt(5) / 2 + t
    k = 2 * c**2 + 1 + s
    for g in (2, 2 * c):
        below = sympy.Poly(sympy.expand(-10 - (g**2 - 2 * g * k)), t, s)
        assert all(coefficient >= 0 for coefficient in below.coeffs())


@exact
@given(st.integers(2, 40), st.integers(1, 99), st.integers(1, 99))
def test_along_falls_with_c(depth: int, percent: int, more: int) -> None:
    """In rationals, depths 2 to 40: a smaller c has a smaller along; and where it is >= -1, c + 1/c < 3."""
    high = fmpq(percent, 100)
    low = high * fmpq(more, 100)
    (first, across), (second, _) = rational_multipliers(depth, high), rational_multipliers(depth, low)
    assert second < first < 1
    assert first < -1 or -1 < across < 1


@exact
@given(st.integers(2, 40), st.integers(1, 200))
def test_the_bounds_of_the_proof(depth: int, hundredths: int) -> None:
    """The formula against that in c, and 2 <= g <= 2C, g - K <= 1, in balls, for h from 1/100 to 2."""
    h = arb(fmpq(hundredths, 100))
    g, k, c = parts(depth, h)
    assert g < 2 * c
    assert g > fmpq(1999, 1000)
    assert g - k < 1
    ratio = fmpq(hundredths, 201)
    along, _ = rational_multipliers(depth, ratio)
    assert along_in_h(depth, -arb(ratio).log() / 2).overlaps(arb(along))


@control
@pytest.mark.parametrize("depth", [3, 4, 9])
def test_refuted_with_another_coefficient(depth: int) -> None:
    """3 or 5 for 4 in the formula: not along. (At N = 2, A (A-1) = 0.)"""
    ratio = fmpq(1, 2)
    along, _ = rational_multipliers(depth, ratio)
    h = -arb(ratio).log() / 2
    assert along_in_h(depth, h).overlaps(arb(along))
    for coefficient in (3, 5):
        assert not along_in_h(depth, h, coefficient=coefficient).overlaps(arb(along))


@control
@pytest.mark.parametrize("depth", [2, 3, 12])
def test_refuted_that_along_stays_inside(depth: int) -> None:
    """c = 1/2 has across = 0 at every depth, and along below -1."""
    along, across = rational_multipliers(depth, fmpq(1, 2))
    assert across == 0
    assert along < -1


@witness
def test_two_layers_are_the_extreme_case() -> None:
    """N = 2 at c + 1/c = 3: along is -9, the bound of the proof; at N = 3 it is less."""
    golden = (1 + arb(5).sqrt()) / 2
    assert along_in_h(2, golden.log()).overlaps(arb(-9))
    assert along_in_h(3, golden.log()) < -9
