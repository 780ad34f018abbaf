"""The proof: statements 1 to 4 from the closed form and the integral, for every depth; statement 5's step."""

import sympy

from claims.suite import symbolic

S, R, Q = (sympy.Symbol(name, positive=True) for name in ("s", "r", "q"))

U0, X = (sympy.Symbol(name, positive=True) for name in ("u_0", "x"))

EXPONENT = sympy.Symbol("a", real=True)
"""a = 1 - 2/N."""


@symbolic
def test_half_times_and_rise_times_of_two_layers() -> None:
    """Statement 1, from the closed form s g / (g - 1 + s/u_0), g = e^{2st}."""
    f = sympy.Symbol("f", positive=True)
    g = f / (1 - f) * (S / U0 - 1)
    assert sympy.cancel(S * g / (g - 1 + S / U0) - f * S) == 0
    assert sympy.simplify(g.subs(f, sympy.Rational(1, 2)) - (S / U0 - 1)) == 0
    assert sympy.cancel(g.subs(f, sympy.Rational(9, 10)) / g.subs(f, sympy.Rational(1, 10))) == 81


@symbolic
def test_order_for_every_depth() -> None:
    """Statement 2, a = 1 - 2/N any number: D' = x^{-(a+1)} / (1 - x)^2; dt/ds has D's sign; D at 1/2."""
    weight = Q ** (-(1 + EXPONENT)) / (1 - Q)  # I's integrand
    boundary = X ** (-EXPONENT) / (1 - X)
    slope = sympy.diff(boundary, X) + (1 + EXPONENT) * weight.subs(Q, X)
    assert sympy.simplify(slope * X ** (1 + EXPONENT) * (1 - X) ** 2 - 1) == 0
    # t = s^{-(1+a)} I(u_0 / s) / N, with dI/ds = weight(x) u_0 / s^2
    integral = sympy.Symbol("I", positive=True)
    moved = -(1 + EXPONENT) * integral / S + weight.subs(Q, X) * X / S  # over s^{-(1+a)}
    assert sympy.simplify(sympy.diff(S ** (-1 - EXPONENT), S) + (1 + EXPONENT) / S * S ** (-1 - EXPONENT)) == 0
    assert sympy.simplify(moved * S - (boundary - (1 + EXPONENT) * integral)) == 0
    half_way = boundary.subs(X, sympy.Rational(1, 2))
    assert sympy.simplify(half_way - 2 ** (1 + EXPONENT)) == 0


@symbolic
def test_the_integral_diverges_at_zero_from_depth_two_on() -> None:
    """y^{-(1+a)} >= 1/y on (0, 1) where a >= 0, that is N >= 2, and the integral of 1/y diverges; for N = 1, D is
    x / (1 - x) > 0, so that t rises with s. r_N falls with N since (2 y)^{-(2-2/N)} rises with N for y < 1/2."""
    more, n = sympy.Symbol("m", integer=True, nonnegative=True), sympy.Symbol("n", positive=True)
    assert sympy.simplify(1 - 2 / (2 + more)).is_nonnegative
    assert sympy.integrate(1 / Q, (Q, 0, sympy.Rational(1, 2))) == sympy.oo
    one = sympy.log(2 - 2 * U0 / S)
    assert sympy.simplify(sympy.diff(one, S) - U0 / (S * (S - U0))) == 0
    assert sympy.limit(one, U0, 0) == sympy.log(2)
    assert sympy.diff(2 - 2 / n, n).is_positive


@symbolic
def test_the_turning_point_of_two_layers() -> None:
    """N = 2: t = ln(r - 1) / (2 u_0 r) at s = r u_0; the slope has the sign of r / (r - 1) - ln(r - 1), which falls."""
    time = sympy.log(R - 1) / (2 * U0 * R)
    sign = R / (R - 1) - sympy.log(R - 1)
    assert sympy.simplify(sympy.diff(time, R) * 2 * U0 * R**2 - sign) == 0
    assert sympy.simplify(sympy.diff(sign, R) + R / (R - 1) ** 2) == 0


@symbolic
def test_modes_are_learned_one_at_a_time() -> None:
    """Statement 3, with A = s_i/u_0 - 1, so that g = A^{s_k/s_i} when mode i is at half: s_k g / (g - 1 + s_k/u_0) is
    at most u_0 g since g >= 1; s_k - u_k = s_k (s_k/u_0 - 1) / (g - 1 + s_k/u_0) is at most s_k^2 / (u_0 g). For
    s_k = q s_i the bounds are of the order u_0^{1-q} and u_0^{q-1}."""
    g, k = sympy.Symbol("g", positive=True), sympy.Symbol("s_k", positive=True)
    u = k * g / (g - 1 + k / U0)
    assert sympy.simplify(U0 * g - u - U0 * g * (g - 1) / (g - 1 + k / U0)) == 0
    rest = k**2 / (U0 * g) - (k - u)
    assert sympy.simplify(rest - k / (U0 * g) * (k * (k / U0 - 1) + U0 * g) / (g - 1 + k / U0)) == 0
    less, more = sympy.Rational(1, 3), 3
    assert sympy.limit(U0 * (S / U0 - 1) ** less, U0, 0, "+") == 0
    assert sympy.limit((more * S) ** 2 / U0 * (S / U0 - 1) ** (-more), U0, 0, "+") == 0
    power_of_start = sympy.symbols("q", positive=True)
    assert sympy.simplify(U0 * (S / U0) ** power_of_start / U0 ** (1 - power_of_start) / S**power_of_start) == 1


@symbolic
def test_great_depths_wait_for_a_power_of_the_start() -> None:
    """Statement 4, a = 1 - 2/N in (0, 1): the integrand of I is y^{-(1+a)} plus y^{-a} / (1 - y). x^a times the first's
    integral is (1 - (2x)^a) / a. The second is at most 2 y^{-a} for y <= 1/2, whose integral from 0 is
    2^a / (1 - a); and a / (1 - a) - 1 = (N-4) / 2. And s^{-(1+a)} x^{-a} / (N a) is 1 / ((N-2) s u_0^a)."""
    a, depth = EXPONENT, sympy.Symbol("N", integer=True, positive=True)
    assert sympy.simplify(1 / (Q ** (1 + a) * (1 - Q)) - Q ** (-1 - a) - Q ** (-a) / (1 - Q)) == 0
    first = (X ** (-a) - 2**a) / a
    assert sympy.simplify(sympy.diff(first, X) + X ** (-1 - a)) == 0
    assert sympy.simplify(sympy.expand(first * X**a * a - 1 + (2 * X) ** a)) == 0
    share = sympy.Symbol("b", positive=True)  # 1 - a
    more = 2 * Q**share / share
    assert sympy.simplify(sympy.diff(more, Q) - 2 * Q ** (share - 1)) == 0
    assert sympy.simplify(more.subs(Q, sympy.Rational(1, 2)) - 2 ** (1 - share) / share) == 0
    rest = sympy.Symbol("y", nonnegative=True)  # 1/2 - y
    assert sympy.simplify(2 - 1 / (sympy.Rational(1, 2) + rest)).is_nonnegative
    assert sympy.simplify((a / (1 - a) - 1).subs(a, 1 - 2 / depth) - (depth - 4) / 2) == 0
    assert sympy.expand(depth * (1 - 2 / depth) - (depth - 2)) == 0
    assert sympy.powsimp(sympy.expand_power_base(S ** (-(1 + a)) * (U0 / S) ** (-a) * S * U0**a)) == 1


@symbolic
def test_a_step_multiplies_the_odds() -> None:
    """Statement 5: u' = u (1 + e)^2, s - u' = (s - u) (1 - 2 p - p e); the factor's logarithm rises with p at fixed
    h, with the slope (3 e + 3 p + e^2 + p e) over a positive number; at p = 0 it is 2 ln(1 + h), at p = h/2 the other.
    Up to half 2 p + p e <= h + h^2/4 < 1, so that u stays below s."""
    p, e, h, eta, u, w = sympy.symbols("p e h eta u w", nonnegative=True)
    moved = (w + eta * w * (S - w**2)) ** 2
    assert sympy.expand(moved - w**2 * (1 + eta * (S - w**2)) ** 2) == 0
    left = S - u * (1 + eta * (S - u)) ** 2
    assert sympy.expand(left - (S - u) * (1 - 2 * eta * u - eta * u * eta * (S - u))) == 0
    factor = (1 + h - p) ** 2 / (1 - 2 * p - p * (h - p))
    slope = sympy.diff(sympy.log(factor), p).subs(h, e + p)
    gain = 3 * e + 3 * p + e**2 + p * e
    assert sympy.simplify(slope - gain / ((1 + e) * (1 - 2 * p - p * e))) == 0
    assert gain.is_nonnegative
    assert sympy.simplify(factor.subs(p, 0) - (1 + h) ** 2) == 0
    assert sympy.simplify(factor.subs(p, h / 2) - (1 + h / 2) ** 2 / (1 - h - h**2 / 4)) == 0
    assert sympy.expand((1 - h - h**2 / 4).subs(h, 2 * (sympy.sqrt(2) - 1))) == 0
