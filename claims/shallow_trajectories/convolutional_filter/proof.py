"""The proof in symbols: every k, every d >= 2, every r and th."""

from typing import Any

import sympy

from claims.suite import symbolic
from solvers.shallow import Angle, unit_kernel

k, r, th, phi = sympy.symbols("k r th phi", positive=True)
PI, SINE, COSINE = sympy.pi, sympy.sin(th), sympy.cos(th)
S = (PI + k - 1) / (PI * k)
C_S = (k - 1) / (PI + k - 1)
H = PI - SINE - (PI - th) * COSINE
LOSS = S * (r - 1) ** 2 / 2 + r * H / (PI * k)
ACROSS = sympy.Matrix([COSINE, SINE])
"""w* in the basis hat w, hat p."""


def zero(expression: Any) -> bool:
    """Whether it is 0 for all values of the symbols."""
    return bool(sympy.simplify(sympy.expand_trig(sympy.expand(expression))) == 0)


def rational_zero(expression: Any) -> bool:
    """The same of rational functions, by their numerator."""
    above, _ = sympy.fraction(sympy.together(expression))
    return bool(sympy.expand(above) == 0)


@symbolic
def test_the_loss_by_independence() -> None:
    """E f_w f_v = (J_1 + (k - 1) E s(w.x) E s(v.x))/k, E s(w.x) = |w|/(2 pi)^{1/2}; J_1(w, w) = r^2/2."""
    kernel = r * unit_kernel(1, Angle.of(th))

    def product(own: Any, lengths: Any) -> Any:
        return (own + (k - 1) * lengths / (2 * PI)) / k

    expectation = product(r**2 / 2, r**2) - 2 * product(kernel, r) + product(sympy.Rational(1, 2), 1)
    closed = (r**2 / 2 + sympy.Rational(1, 2) - 2 * kernel) / k + (k - 1) * (r - 1) ** 2 / (2 * PI * k)
    assert zero(expectation - closed)
    assert zero(closed - LOSS)
    assert zero(kernel - r * (PI - H) / (2 * PI))


@symbolic
def test_the_gradient_by_the_chain_rule() -> None:
    """Along hat w it is dl/dr, along hat p -(1/r) dl/dth: a step along hat p towards w* decreases th."""
    stated = sympy.Matrix([S * r, 0]) - (sympy.Matrix([SINE + k - 1, 0]) + (PI - th) * ACROSS) / (PI * k)
    assert zero(stated[0] - sympy.diff(LOSS, r))
    assert zero(stated[1] + sympy.diff(LOSS, th) / r)
    assert zero(stated[1] + (PI - th) * SINE / (PI * k))


@symbolic
def test_the_hessian_in_polar_coordinates() -> None:
    """l_rr, l_th,th/r^2 + l_r/r, and l_r/r + l_th cot th/r^2 across the plane; the mixed entry is 0."""
    by_r, by_th = sympy.diff(LOSS, r), sympy.diff(LOSS, th)
    assert zero(sympy.diff(by_r, r) - S)
    assert zero(sympy.diff(by_r, th) / r - by_th / r**2)
    in_plane = sympy.diff(by_th, th) / r**2 + by_r / r
    off_plane = by_r / r + by_th * COSINE / SINE / r**2
    assert zero(in_plane - (S - (k - 1 + 2 * SINE) / (PI * k * r)))
    assert zero(off_plane - (S - (k - 1 + SINE) / (PI * k * r)))


@symbolic
def test_h_increases_from_0_to_pi() -> None:
    """h' = (pi - th) sin th > 0 for 0 < th < pi."""
    assert zero(sympy.diff(H, th) - (PI - th) * SINE)
    assert (H.subs(th, 0), H.subs(th, PI)) == (0, PI)


@symbolic
def test_the_critical_points_on_the_line() -> None:
    """dl/dr = S (r - 1) at th = 0 and S (r - c_s) at th = pi; the Hessian there, with the value at w_s."""
    slope = sympy.diff(LOSS, r)
    assert rational_zero(slope.subs(th, 0) - S * (r - 1))
    assert rational_zero(slope.subs(th, PI) - S * (r - C_S))
    across = S - (k - 1) / (PI * k * r)
    assert rational_zero(across.subs(r, 1) - 1 / k)
    assert rational_zero(across.subs(r, C_S))
    value = (2 * k + PI - 2) / (2 * k * (PI + k - 1))
    assert rational_zero(LOSS.subs({th: PI, r: C_S}) - value)
    assert rational_zero(LOSS.subs(th, PI) - value - S * (r - C_S) ** 2 / 2)


@symbolic
def test_the_loss_on_the_sphere_of_the_saddle() -> None:
    """h(pi) - h(pi - phi) = sin phi - phi cos phi; its quotient by phi^3 falls from 1/3 to 1/pi^2."""
    fallen = sympy.sin(phi) - phi * sympy.cos(phi)
    assert zero(PI - H.subs(th, PI - phi) - fallen)
    assert sympy.limit(fallen / phi**3, phi, 0) == sympy.Rational(1, 3)
    assert sympy.simplify((fallen / phi**3).subs(phi, PI) - 1 / PI**2) == 0
    numerator = 3 * sympy.sin(phi) - 3 * phi * sympy.cos(phi) - phi**2 * sympy.sin(phi)
    assert zero(sympy.diff(fallen / phi**3, phi) + numerator / phi**4)
    assert zero(sympy.diff(numerator, phi) - phi * fallen)
    assert numerator.subs(phi, 0) == 0
    assert zero(sympy.diff(fallen, phi) - phi * sympy.sin(phi))


@symbolic
def test_the_loss_around_zero() -> None:
    """l - l(0) = S r^2/2 - r (S - h/(pi k)), at most S r (r - 2 c_s)/2, since S - 1/k = S c_s; equal at th = pi."""
    rest = S * r**2 / 2 - r * (S - H / (PI * k))
    assert zero(LOSS - LOSS.subs(r, 0) - rest)
    assert zero(LOSS.subs(r, 0) - S / 2)
    assert zero(S - 1 / k - S * C_S)
    assert zero(rest.subs(th, PI) - S * r * (r - 2 * C_S) / 2)
