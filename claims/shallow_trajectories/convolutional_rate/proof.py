"""The identities of the proof by SymPy: for every k, eta, |w| and th."""

from typing import Any

import sympy

from claims.shallow_trajectories.convolutional_rate.one_step import Step
from claims.suite import symbolic
from solvers.shallow import Angle, unit_kernel

r, k, eta, th = sympy.symbols("r k eta th", positive=True)
PI = sympy.pi
SUM = (PI + k - 1) / (PI * k)
"""S."""
STEP = Step(r, sympy.tan(th / 2), Angle.of(th), eta, 1 - eta * SUM, k)
SINE, COSINE = sympy.sin(th), sympy.cos(th)
LOSS = (r**2 / 2 + sympy.Rational(1, 2) - 2 * r * unit_kernel(1, Angle.of(th))) / k + (k - 1) / (2 * PI * k) * (
    r - 1
) ** 2


def zero(expression: Any) -> bool:
    """Whether it is 0 for all values of the symbols."""
    return bool(sympy.simplify(sympy.expand_trig(sympy.expand(expression))) == 0)


@symbolic
def test_the_loss_from_means_and_second_moments() -> None:
    """k^2 l is k times E (s(w.x) - s(w*.x))^2 and k (k - 1) times the square of its mean, |w| - 1 over (2 pi)^{1/2}."""
    each = r**2 / 2 + sympy.Rational(1, 2) - 2 * r * unit_kernel(1, Angle.of(th))
    mean = (r - 1) / sympy.sqrt(2 * PI)
    assert zero((k * each + k * (k - 1) * mean**2) / k**2 - LOSS)


@symbolic
def test_the_step_is_that_of_the_gradient() -> None:
    """w - eta grad l = a hat w + b w* by the solver's a and b: along hat w, and along the direction of growing th,
    in which w* has the part -sin th and grad l is dl/dth over r."""
    a, b = STEP.coefficients
    assert zero(r - eta * sympy.diff(LOSS, r) - (a + b * COSINE))
    assert zero(-eta * sympy.diff(LOSS, th) / r + b * SINE)


@symbolic
def test_the_bounds_of_the_length() -> None:
    """a + b and a + b cos th."""
    a, b = STEP.coefficients
    common = (1 - eta * SUM) * r + eta * SUM
    assert zero(a + b - (common - STEP.unit * (th - SINE)))
    assert zero(a + b * COSINE - (common - STEP.unit * STEP.bend))


@symbolic
def test_the_derivative_of_the_bend() -> None:
    """h' = (pi - th) sin th, h(0) = 0."""
    bend: Any = STEP.bend
    assert zero(sympy.diff(bend, th) - (PI - th) * SINE)
    assert bend.subs(th, 0) == 0


@symbolic
def test_tangents_of_half_angles() -> None:
    """tan(th'/2) = y/(r' + x) for w' = (x, y), and (a + b)(1 + cos th) = a + b cos th + a cos th + b."""
    x, y, a, b = sympy.symbols("x y a b", positive=True)
    half = y / (sympy.sqrt(x**2 + y**2) + x)
    assert zero(2 * half / (1 - half**2) - y / x)
    assert zero((a + b) * (1 + COSINE) - (a + b * COSINE) - (a * COSINE + b))
    assert zero(SINE / (1 + COSINE) - sympy.sin(th / 2) / sympy.cos(th / 2))


@symbolic
def test_the_distance() -> None:
    """|w - w*|^2 = (r - 1)^2 + 4 r sin(th/2)^2."""
    assert zero(r**2 - 2 * r * (1 - 2 * sympy.sin(th / 2) ** 2) + 1 - (r - 1) ** 2 - 4 * r * sympy.sin(th / 2) ** 2)


@symbolic
def test_on_the_ray() -> None:
    """th = pi: b = 0 and a = p c + (1 - p) c_s, c_s = (k - 1)/(pi + k - 1), which stays where it is."""
    ray = Step(r, sympy.oo, Angle.of(PI), eta, 1 - eta * SUM, k)
    a, b = ray.coefficients
    rest = (k - 1) / (PI + k - 1)
    assert b == 0
    assert zero(a - ((1 - eta * SUM) * r + eta * SUM * rest))
    assert zero(a.subs(r, rest) - rest)


@symbolic
def test_on_the_line_of_the_truth() -> None:
    """th = 0: r' - 1 = p (r - 1)."""
    line = Step(r, 0, Angle.of(sympy.S.Zero), eta, 1 - eta * SUM, k)
    a, b = line.coefficients
    assert zero(a + b - 1 - (1 - eta * SUM) * (r - 1))


@symbolic
def test_the_rate_across_is_the_eigenvalue() -> None:
    """At w*, th small: the part of grad l across is th/k, so that a step multiplies th by 1 - eta/k."""
    slope = sympy.diff(LOSS, th).subs(r, 1)
    assert sympy.limit(slope / th, th, 0) == 1 / k
    assert zero(sympy.limit(1 - STEP.unit * STEP.angle.supplement, th, 0) - (1 - eta / k))


@symbolic
def test_near_the_ray() -> None:
    """With phi = pi - th: cot(phi/2) = (1 + cos phi)/sin phi, and ((a - b) + a cos phi - b)/(a sin phi) is this less
    2b/(a sin phi)."""
    a, b, phi = sympy.symbols("a b phi", positive=True)
    cot = (1 + sympy.cos(phi)) / sympy.sin(phi)
    least = ((a - b) + a * sympy.cos(phi) - b) / (a * sympy.sin(phi))
    assert zero(least - (cot - 2 * b / (a * sympy.sin(phi))))
    a, b = STEP.coefficients
    rest = (1 - eta * SUM) * r + eta * SUM * (k - 1) / (PI + k - 1)
    assert zero((a + b).subs(th, PI - phi) - rest - STEP.unit * (phi + sympy.sin(phi)))
    left = sympy.sin(phi) - phi * sympy.cos(phi)
    assert zero((a + b * COSINE).subs(th, PI - phi) - rest - STEP.unit * left)
    assert zero(sympy.diff(left, phi) - phi * sympy.sin(phi))


@symbolic
def test_what_the_falls_are_between() -> None:
    """phi/sin phi has the derivative (sin phi - phi cos phi)/sin^2 phi >= 0, and phi cot(phi/2) the derivative
    (sin phi - phi)/(2 sin^2(phi/2)) <= 0."""
    phi = sympy.Symbol("phi", positive=True)
    sine, half = sympy.sin(phi), sympy.sin(phi / 2)
    assert zero(sympy.diff(phi / sine, phi) - (sine - phi * sympy.cos(phi)) / sine**2)
    falling = phi * sympy.cos(phi / 2) / half
    assert zero(sympy.diff(falling, phi) - (2 * half * sympy.cos(phi / 2) - phi) / (2 * half**2))
