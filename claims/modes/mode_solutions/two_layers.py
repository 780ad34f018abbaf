"""Statements 1 and 2 by differentiation: two layers, balanced or not, for all real s and c."""

from typing import Any

import sympy

from claims.suite import symbolic
from solvers.flow import mode_gradients

T, Y0, U0 = (sympy.Symbol(name, positive=True) for name in ("t", "y_0", "u_0"))
S, A, B, C = sympy.symbols("s a b c", real=True)

RATE, DECAY = sympy.symbols("R E", positive=True)

ROOTS = (2 * S + RATE, 2 * S - RATE)
"""y_+ and y_-."""


def vanishes(expression: sympy.Expr) -> bool:
    """Zero, with R^2 = 4 s^2 + c^2."""
    numerator = sympy.expand(sympy.together(expression).as_numer_denom()[0])
    return bool(sympy.expand(sympy.rem(numerator, RATE**2 - 4 * S**2 - C**2, RATE)) == 0)


def riccati(initial: sympy.Expr, s: sympy.Expr) -> sympy.Expr:
    """y of statement 2 in terms of E, for y_0 and s."""
    up, down = 2 * s + RATE, 2 * s - RATE
    above = initial * (up - down * DECAY) + C**2 * (1 - DECAY)
    return above / (initial * (1 - DECAY) + up * DECAY - down)


def sigmoid(initial: Any, s: Any, growth: Any) -> Any:
    """Statement 1 with e^{2st} = ``growth``: s g / (g - 1 + s / u_0)."""
    return s * growth / (growth - 1 + s / initial)


@symbolic
def test_balanced_two_layers() -> None:
    """Statement 1, from the layers' own equations; s any real but 0, where it is the limit."""
    velocity = [-gradient for gradient in mode_gradients((A, B), S)]
    speed = sympy.expand(velocity[0] * B + A * velocity[1])
    assert sympy.expand(speed - (A**2 + B**2) * (S - A * B)) == 0
    assert sympy.expand(speed.subs(B, A) - 2 * A**2 * (S - A**2)) == 0  # u = a^2
    assert sympy.expand(speed.subs(B, -A) + 2 * (-(A**2)) * (S - (-(A**2)))) == 0  # u = -a^2
    growth = sympy.Symbol("g", positive=True)  # e^{2st}, so that g' = 2 s g
    u = sigmoid(U0, S, growth)
    assert vanishes(sympy.diff(u, growth) * 2 * S * growth - 2 * u * (S - u))
    assert vanishes(u.subs(growth, 1) - U0)
    at_zero = U0 / (1 + 2 * U0 * T)
    assert vanishes(1 / u - (1 - 1 / growth) / S - 1 / (U0 * growth))  # as s -> 0, (1 - e^{-2st}) / s -> 2 t
    assert sympy.expand(sympy.diff(-sympy.exp(-2 * S * T), S).subs(S, 0) + 1 / U0 - 1 / at_zero) == 0
    assert sympy.simplify(sympy.diff(at_zero, T) + 2 * at_zero**2) == 0


@symbolic
def test_the_hyperbola_and_the_speed_on_it() -> None:
    """Statement 2: c' = 0, a^2 + b^2 = sqrt(c^2 + 4 u^2), and the equations of (a + b)^2 and (a - b)^2."""
    a_velocity, b_velocity = (-gradient for gradient in mode_gradients((A, B), S))
    c, u, y, x = A**2 - B**2, A * B, (A + B) ** 2, (A - B) ** 2
    assert sympy.expand(A * a_velocity - B * b_velocity) == 0
    assert sympy.expand((A**2 + B**2) ** 2 - c**2 - 4 * u**2) == 0
    for value, s in ((y, S), (x, -S)):
        moved = sympy.diff(value, A) * a_velocity + sympy.diff(value, B) * b_velocity
        assert sympy.expand(moved - 2 * s * value + (value**2 - c**2) / 2) == 0
    assert sympy.expand(x * y - c**2) == 0
    assert sympy.expand(y - x - 4 * u) == 0


@symbolic
def test_unbalanced_closed_form() -> None:
    """Statement 2 for every real s and c, R > 0: y solves its equation and starts at y_0; (a - b)^2, by the same
    formula with -s from c^2 / y_0, is c^2 / y; and E -> 0 leads to y_+, where u = s. All four terms of y are >= 0,
    since R^2 - 4 s^2 = c^2 >= 0, and they are not all 0 for y_0 > 0 and E > 0."""
    y = riccati(Y0, S)
    assert vanishes(-RATE * DECAY * sympy.diff(y, DECAY) - 2 * S * y + (y**2 - C**2) / 2)
    assert vanishes(y.subs(DECAY, 1) - Y0)
    assert vanishes(riccati(C**2 / Y0, -S) * y - C**2)
    assert vanishes(y.subs(DECAY, 0) - ROOTS[0])
    assert vanishes(ROOTS[0] * ROOTS[1] + C**2)
    assert vanishes((ROOTS[0] + ROOTS[1]) / 4 - S)
    assert sympy.expand(RATE**2 - 4 * S**2).subs(RATE, sympy.sqrt(4 * S**2 + C**2)).expand().is_nonnegative
    balanced = y.subs(C, 0).subs(RATE, 2 * S).subs(Y0, 4 * U0) / 4
    assert sympy.cancel(balanced - sigmoid(U0, S, 1 / DECAY)) == 0


@symbolic
def test_the_angle_on_the_hyperbola() -> None:
    """SMG14's variables, c > 0, with e = e^{x/2}: y = c e^x, x' = 2 s - c sinh x, and dt/dz of the logarithm,
    z = tanh(x/2), sinh x = 2 z / (1 - z^2)."""
    c, e, z = sympy.Symbol("c", positive=True), sympy.Symbol("e", positive=True), sympy.Symbol("z", real=True)
    a, b = sympy.sqrt(c) * (e + 1 / e) / 2, sympy.sqrt(c) * (e - 1 / e) / 2  # cosh(x/2) and sinh(x/2)
    y = c * e**2
    assert sympy.expand(a**2 - b**2 - c) == 0
    assert sympy.expand((a + b) ** 2 - y) == 0
    angular = 2 * S - c * (e**2 - e**-2) / 2
    assert sympy.expand(angular * e / 2 * sympy.diff(y, e) - 2 * S * y + (y**2 - c**2) / 2) == 0  # e' = e x' / 2
    turned = (1 - z**2) / 2 * (2 * S - C * 2 * z / (1 - z**2))
    time = sympy.log((RATE + C + 2 * S * z) / (RATE - C - 2 * S * z)) / RATE
    assert vanishes(sympy.diff(time, z) - 1 / sympy.cancel(turned))
