"""The proof for every depth, number of inputs and loss.

w_1 and w_2 are any two coordinates, ``rest`` the squares of the others, and ``other`` their part of <g, W>.
"""

from typing import Any

import sympy

from claims.suite import symbolic

N = sympy.Symbol("N", integer=True, positive=True)

POWER = 2 - 2 / N

W1, W2, G1, G2, OTHER = sympy.symbols("w_1 w_2 g_1 g_2 other", real=True)

REST, R, A = sympy.symbols("rest R a", positive=True)

NORM, ALONG = sympy.sqrt(W1**2 + W2**2 + REST), W1 * G1 + W2 * G2 + OTHER


def component(w: sympy.Expr, g: sympy.Expr, depth: sympy.Expr, *, second: int = 1) -> sympy.Expr:
    """F_i for constant g, with its second part, which a control leaves out."""
    p = 2 - 2 / sympy.sympify(depth)
    return NORM**p * g + second * (depth - 1) * NORM ** (p - 2) * ALONG * w


def curl(depth: sympy.Expr, *, second: int = 1) -> sympy.Expr:
    """dF_1/dw_2 - dF_2/dw_1 for constant g."""
    one, two = component(W1, G1, depth, second=second), component(W2, G2, depth, second=second)
    return sympy.diff(one, W2) - sympy.diff(two, W1)


@symbolic
def test_curl_for_every_depth_and_number_of_inputs() -> None:
    """Statement 1, N a symbol; (N-1)(N-2)/N has no other roots."""
    stated = NORM ** (POWER - 2) * (POWER - (N - 1)) * (W2 * G1 - W1 * G2)
    n = sympy.Symbol("n", positive=True)
    gap = sympy.expand((curl(N) - stated).subs(NORM**2, n**2) / n ** (POWER - 4))
    assert sympy.expand(sympy.powsimp(gap).subs(n**2, NORM**2)) == 0
    assert sympy.simplify(POWER - (N - 1) + (N - 1) * (N - 2) / N) == 0
    assert sympy.solveset((N - 1) * (N - 2), N, sympy.S.Complexes) == {1, 2}


def power_along(w: tuple[Any, Any], tangent: tuple[Any, Any], norm: sympy.Expr) -> sympy.Expr:
    """<F, W'> where W = ``w`` and W' = ``tangent`` in a plane in which g has the parts g_1 and g_2."""
    gw, gt, wt = (
        sum(x * y for x, y in zip(*pair, strict=True)) for pair in (((G1, G2), w), ((G1, G2), tangent), (w, tangent))
    )
    return norm**POWER * (gt + (N - 1) * gw * wt / norm**2)


@symbolic
def test_circulation_around_half_discs_for_every_depth_and_loss() -> None:
    """For any g: <F, W'> is R^p <g, W'> on the circle W = R (c, s), N ||W||^p <g, W'> on the diameter W = t R (1, 0),
    where t^k, k odd, adds 2 c (N k / (k + p) - 1)."""
    c, s = sympy.symbols("c s", real=True)
    t, k = sympy.symbols("t k", positive=True)
    on_circle = power_along((R * c, R * s), (-R * s, R * c), R)
    assert sympy.expand(on_circle / R**POWER - (-R * s * G1 + R * c * G2)) == 0
    on_diameter = power_along((t * R, 0), (R, 0), t * R)
    assert sympy.expand(on_diameter / (t * R) ** POWER - N * R * G1) == 0
    integral = sympy.integrate(k * t ** (A + k - 1), (t, 0, 1))
    assert sympy.cancel(N * integral - 1 - ((N - 1) * k - A) / (k + A)) == 0


@symbolic
def test_every_share_is_positive_from_three_layers_on() -> None:
    """(N-1) k - p = (m+2) k - 2 + 2/N > 0 for N = m + 3 and k = 1 + i; at N = 2 it is k - 1, at N = 1 it is 0."""
    m, i = sympy.symbols("m i", integer=True, nonnegative=True)
    above = sympy.expand(((N - 1) * (1 + i) - POWER).subs(N, m + 3))
    assert (above - 2 / (m + 3)).simplify() == sympy.expand((m + 2) * (1 + i) - 2)
    assert sympy.expand((m + 2) * (1 + i) - 2).is_nonnegative
    k = sympy.Symbol("k")
    assert sympy.simplify(((N - 1) * k - POWER).subs(N, 2) - (k - 1)) == 0
    assert sympy.simplify(((N - 1) * k - POWER).subs(N, 1)) == 0


@symbolic
def test_potentials_of_two_layers_in_any_number_of_inputs() -> None:
    """F = grad ||W|| <W, g>; and with g = W - Phi, ||W|| g + <g, W> W / ||W|| = grad (2/3 ||W||^3 - ||W|| <W, Phi>)."""
    for w, g in ((W1, G1), (W2, G2)):
        assert sympy.simplify(sympy.diff(NORM * ALONG, w) - component(w, g, sympy.Integer(2))) == 0
        whitened = NORM * (w - g) + (NORM**2 - ALONG) * w / NORM  # ALONG is <W, Phi> here
        potential = sympy.Rational(2, 3) * NORM**3 - NORM * ALONG
        assert sympy.simplify(sympy.diff(potential, w) - whitened) == 0
