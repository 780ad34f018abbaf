"""Statement 3: mu = 2, where descent on u = v is the tripling of an angle."""

import sympy
from flint import fmpq, fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.edge_of_stability.all_cycles import derivative, state
from claims.suite import control, exact, symbolic, witness
from solvers.arithmetic import Scalar
from solvers.shallow import TwoFactors


def derivatives(x: Scalar, steps: int, *, product: fmpq | int = 2) -> tuple[Scalar, Scalar, Scalar]:
    """x_t, and the derivative of t = ``steps`` steps along and across."""
    along: Scalar = fmpq(1)
    across: Scalar = fmpq(1)
    for _ in range(steps):
        here = state(x, x, fmpq(product))
        first, second = derivative(here, 1)
        along, across, x = along * first, across * second, here.step().left
    return x, along, across


def defects(x: fmpq, steps: int, *, product: fmpq | int = 2, growth: int = -3) -> list[Scalar]:
    """D_t^2 (4 - x_0^2) - (4 - x_t^2), D_t the derivative across, and along - (-3)^t D_t: both 0 at mu = 2."""
    end, along, across = derivatives(x, steps, product=product)
    return [across**2 * (4 - x**2) - (4 - end**2), along - growth**steps * across]


@symbolic
def test_tripling_the_angle() -> None:
    """2 cos s goes to -2 cos 3s, s symbolic; the derivatives are -3 and 1 times sin 3s / sin s; and cos(3 (3s + pi)) =
    -cos 9s, so that signs alternate: (-1)^t 2 cos(3^t s) for every t by induction."""
    s = sympy.Symbol("s", real=True)
    x = 2 * sympy.cos(s)
    here = TwoFactors(x, x, 2, 1)
    assert sympy.simplify(sympy.expand_trig(here.step().left + 2 * sympy.cos(3 * s))) == 0
    along, across = derivative(here, 1)
    quotient = sympy.expand_trig(sympy.sin(3 * s)) / sympy.sin(s)
    assert sympy.simplify(across - quotient) == 0
    assert sympy.simplify(along + 3 * quotient) == 0


@symbolic
def test_the_mahler_measure_is_one() -> None:
    """1 + 2 cos 2s = (z^2 + z + 1)/z at z = e^{2is}, a cyclotomic polynomial: all its roots have absolute value 1."""
    assert fmpz_poly([1, 1, 1]).is_cyclotomic() == 3
    z = sympy.Symbol("z")
    assert all(sympy.simplify(abs(root)) == 1 for root in sympy.roots(z**2 + z + 1))


@exact
@given(st.integers(-90, 90), st.integers(0, 5))
def test_the_derivatives_of_many_steps(thirtieths: int, steps: int) -> None:
    """Both identities in rationals, for up to five steps, from inside [-2, 2] and from outside."""
    assert defects(fmpq(thirtieths, 30), steps) == [0, 0]


@control
def test_refuted_elsewhere_and_with_another_growth() -> None:
    """mu = 21/10 and 19/10, or 3 for -3: not 0."""
    start = fmpq(3, 7)
    assert defects(start, 3) == [0, 0]
    for product in (fmpq(21, 10), fmpq(19, 10)):
        assert 0 not in defects(start, 3, product=product)
    assert defects(start, 3, growth=3)[1] != 0
    assert defects(start, 3, growth=-2)[1] != 0


@witness
def test_an_orbit_of_period_two_at_mu_two() -> None:
    """x = 1 = 2 cos(pi/3) goes to 2 = -2 cos pi, which stays up to sign; D_1 = 0: sin pi = 0."""
    assert list(derivatives(fmpq(1), 1)) == [2, 0, 0]
    assert derivatives(fmpq(1), 2)[0] == -2
