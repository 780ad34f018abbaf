"""Statement 3, one step at depth 2: e grows by the factor g at least, and the cone |f| <= K |e| is kept."""

from typing import Any

import numpy as np
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.saddle_escape.escape_times import HALF, largest_squared
from claims.saddles.saddle_escape.starts import near_zero, scalars
from claims.suite import control, exact, fewer, symbolic
from claims.suite.symbols import is_zero
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, compare, square_root
from solvers.network import frobenius_squared, gradient_step
from strategies import diagonal


@symbolic
def test_the_unstable_direction_at_depth_two_in_any_dimension() -> None:
    """3: e' - (1 + eta s) e and f' - (1 - eta s) f are -eta times W_2^T W_2 W_1 v +- W_1 W_1^T W_2^T u, once
    Phi v = s u and Phi^T u = s v; symbolic sizes."""
    inputs, width, outputs = sympy.symbols("d_0 h d_2", integer=True, positive=True)
    first, second = sympy.MatrixSymbol("W_1", width, inputs), sympy.MatrixSymbol("W_2", outputs, width)
    target = sympy.MatrixSymbol("Phi", outputs, inputs)
    u, v = sympy.MatrixSymbol("u", outputs, 1), sympy.MatrixSymbol("v", inputs, 1)
    eta, s = sympy.symbols("eta s")
    new_first, new_second = gradient_step((first, second), target, eta)
    left, right = target * v - s * u, target.T * u - s * v  # zero
    cubic_first, cubic_second = second.T * second * first * v, first * first.T * second.T * u
    for sign in (1, -1):
        now, then = first * v + sign * second.T * u, new_first * v + sign * new_second.T * u
        pulled = eta * second.T * left + sign * eta * first * right
        rest = then - (1 + sign * eta * s) * now - pulled + eta * (cubic_first + sign * cubic_second)
        assert is_zero(rest)


@symbolic
def test_the_cone_is_kept_and_the_norm_grows() -> None:
    """3: with sigma = eta s, b = eta R^2, K (1 + sigma - b (1+K)) - K (1 - sigma) - b (1+K) = 2 K sigma - b (1+K)^2,
    which, with b (1+K)^2 = sigma - d, is (2K - 1) sigma + d; g - 1 is at least sigma K / (1+K)."""
    sigma, d, more = sympy.symbols("sigma d k", nonnegative=True)
    big = sympy.Rational(1, 2) + more
    b = (sigma - d) / (1 + big) ** 2
    room = big * (1 + sigma - b * (1 + big)) - big * (1 - sigma) - b * (1 + big)
    assert sympy.simplify(room - (2 * big - 1) * sigma - d) == 0
    assert sympy.expand((2 * big - 1) * sigma + d).is_nonnegative
    assert sympy.simplify(sigma - b * (1 + big) - (sigma * big + d) / (1 + big)) == 0
    x, y = sympy.symbols("x y", real=True)  # (|x| + |y|)^2 <= 2 x^2 + 2 y^2 = |x+y|^2 + |x-y|^2
    assert sympy.expand((x + y) ** 2 + (x - y) ** 2 - 2 * x**2 - 2 * y**2) == 0


def least_growth(rate: Scalar, s: Scalar, cone: Scalar, square: Scalar) -> Any:
    """3: g for K and R^2, in any arithmetic."""
    return 1 + rate * (s - (1 + cone) * square)


@control
def test_refuted_with_less_of_the_radius_in_the_growth() -> None:
    """w_j = R = 1/2, Phi = 1, eta = 1/4, K = 1/2: e grows by 19/16, g is 37/32, and with 3/5 of 1 + K above 19/16."""
    rate, cone, square = fmpq(1, 4), HALF, HALF**2
    after = gradient_step(scalars([HALF, HALF]), diagonal(1, 1, [1]), rate)
    grown = after[0][0, 0] / HALF
    assert grown == fmpq(19, 16)
    assert least_growth(rate, fmpq(1), cone, square) == fmpq(37, 32) < grown
    assert least_growth(rate, fmpq(1), fmpq(3, 5) * (1 + cone) - 1, square) > grown


@exact
@fewer(2)
@given(st.tuples(*[st.integers(1, 3)] * 3), st.data(), st.integers(0, 63).map(lambda k: fmpq(64 - k, 64)))
def test_the_unstable_direction_grows_at_depth_two(widths: tuple[int, ...], data: st.DataObject, part: fmpq) -> None:
    """3, one step in rationals from any weights with e != 0, K >= |f| / |e|, scaled into the ball of radius R."""
    weights, target, u, v, s = data.draw(near_zero(widths))
    s = s if s > 0 else fmpq(1)
    target = target if target.any() else s * u @ v.T
    first, second = weights
    if frobenius_squared(first @ v + second.T @ u) == 0:
        first = first + arithmetic.exact(np.eye(widths[1]))[:, :1] @ v.T
    ratio = frobenius_squared(first @ v - second.T @ u) / frobenius_squared(first @ v + second.T @ u)
    cone = HALF + ratio  # at least 1/2 and |f| / |e|
    square = s / (1 + cone) ** 2  # R^2
    shrink = fmpq(1)
    while largest_squared((shrink * first, shrink * second)) > square:
        shrink /= 2
    first, second = shrink * first, shrink * second
    rate = part / s
    growth = least_growth(rate, s, cone, square)
    new_first, new_second = gradient_step((first, second), target, rate)
    e, new_e = (frobenius_squared(a @ v + b.T @ u) for a, b in ((first, second), (new_first, new_second)))
    new_f = frobenius_squared(new_first @ v - new_second.T @ u)
    assert compare(Comparison(new_e, ">=", growth**2 * e, "|e'|^2 against g^2 |e|^2")).holds
    sharper = 1 + rate * (s - square_root(1 + cone**2) * square)
    assert compare(Comparison(new_e, ">=", sharper**2 * e, "|e'|^2 with (1 + K^2)^(1/2) for 1 + K")).holds
    assert compare(Comparison(new_f, "<=", cone**2 * new_e, "|f'|^2 against K^2 |e'|^2")).holds
    assert growth > 1
