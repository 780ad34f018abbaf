"""Symbolic: statement 2 for every whitened regression, what statement 1's bound rests on, statement 4's ratio."""

from fractions import Fraction

import pytest
import sympy
from flint import fmpq

from claims.end_to_end.end_to_end_dynamics.law import velocity
from claims.suite import symbolic, witness
from solvers.arithmetic import Scalar, power


@symbolic
def test_one_step_of_depth_one_for_every_whitened_regression() -> None:
    """p = 2, X X^T / m = I: W - (W X - Y) X^T / m = Y X^T / m, where the gradient is 0, for symbolic sizes."""
    outputs, inputs, m = sympy.symbols("d_N d_0 m", integer=True, positive=True)
    w, x, y = (
        sympy.MatrixSymbol(n, *shape)
        for n, shape in (("W", (outputs, inputs)), ("X", (inputs, m)), ("Y", (outputs, m)))
    )

    def gradient(at: sympy.MatrixExpr) -> sympy.MatrixExpr:
        found = (((at * x - y) * x.T) / m).expand().doit()
        return found.subs(at * x * x.T, m * at).doit()

    after = (w - gradient(w)).expand().doit()
    assert after == (y * x.T / m).doit()
    assert (gradient(w).subs(w, after)).expand().doit() == sympy.ZeroMatrix(outputs, inputs)


@symbolic
def test_what_the_bound_for_every_learning_rate_rests_on() -> None:
    """r (1 - q r^2) falls with q, grows with r while 3 q r^2 < 1; and |1 - q r^2| >= 1 where q r^2 >= 2. The
    gradient of (w - y)^4 / 2 is 2 r^3, so that q = 2 eta."""
    r, q, x = sympy.symbols("r q x", positive=True)
    after = r * (1 - q * r**2)
    assert sympy.diff(after, q).is_negative
    assert sympy.expand(sympy.diff(after, r) - (1 - 3 * q * r**2)) == 0
    assert sympy.simplify(((1 - (2 + x)) ** 2 - 1) - (x**2 + 2 * x)) == 0
    assert (x**2 + 2 * x).is_positive
    eta = q / 2
    assert sympy.expand(r - eta * sympy.diff(r**4 / 2, r) - after) == 0


@symbolic
@pytest.mark.parametrize("numbers", [0, 1, 2])
def test_the_speeds_are_those_of_the_flow_for_every_depth(numbers: int) -> None:
    """Statement 4: a row (f, 0), then numbers, of which one may stand for any number of layers. To the motion of the
    product, (w, 0), the row adds -(w/f)^2 g and a number c -(w/c)^2 (g_1, 0), by the network's own gradients. With
    all of them w^{1/N} these are w^{2-2/N} g once, and w^{2-2/N} (g_1, 0) for N - 1 layers."""
    f, *others = sympy.symbols(f"c0:{numbers + 1}", positive=True)
    layers = (sympy.Matrix([[f, 0]]), *(sympy.Matrix([[c]]) for c in others))
    g = sympy.Matrix([sympy.symbols("g1 g2")])
    whole = f * sympy.prod(layer[0] for layer in layers[1:])
    expected = -(whole**2) * sum(
        (sympy.Matrix([[g[0], g[1] if k == 0 else 0]]) / layer[0] ** 2 for k, layer in enumerate(layers)),
        start=sympy.zeros(1, 2),
    )
    assert (velocity(layers, g) - expected).expand() == sympy.zeros(1, 2)
    w, n = sympy.symbols("w N", positive=True)
    assert sympy.simplify(w**2 / (w ** (1 / n)) ** 2 / w ** (2 - 2 / n)) == 1  # a layer's share, of norm w^{1/N}
    y, p, x = sympy.symbols("y p x", positive=True)
    assert sympy.simplify(sympy.diff((y - x) ** p / p, x, 2) - (p - 1) * (y - x) ** (p - 2)) == 0  # the curvature


@symbolic
def test_the_ratio_of_speeds_for_every_depth_and_power() -> None:
    """x^a (1 - x)^b is largest at x = a / (a + b), where its logarithm's derivative vanishes and falls; at b = 0 it is
    largest at 1. For N = 2, p = 4: 27/8; at p = 2: 1/N."""
    a, b, x = sympy.symbols("a b x", positive=True)
    slope = sympy.diff(a * sympy.log(x) + b * sympy.log(1 - x), x)
    assert sympy.simplify(slope.subs(x, a / (a + b))) == 0
    assert sympy.simplify(sympy.diff(slope, x) + a / x**2 + b / (1 - x) ** 2) == 0
    top = (a / (a + b)) ** a * (b / (a + b)) ** b
    ratio = (a + b) ** (a + b) / (a**a * b**b)
    assert sympy.simplify(sympy.expand_log(sympy.log(top * ratio), force=True)) == 0
    assert ratio.subs({a: 1, b: 2}) / 2 == sympy.Rational(27, 8)
    assert sympy.limit(ratio.subs(a, 1), b, 0) / 2 == sympy.Rational(1, 2)


@witness
def test_the_ratio_of_speeds_at_the_depths_that_are_run() -> None:
    """(a + b)^{a+b} / (N a^a b^b) at p = 4: 1 at N = 1, 27/8 at N = 2, between 3 and 4 at N = 3, below 1 at N = 17."""

    def ratio(depth: int) -> Scalar:
        a = Fraction(2 * (depth - 1), depth)
        whole = power(fmpq((a + 2).numerator, (a + 2).denominator), a + 2)
        return whole / (depth * power(fmpq(a.numerator, a.denominator), a) * 4)

    assert ratio(1) == 1
    assert ratio(2) == fmpq(27, 8)
    assert 3 < ratio(3) < 4
    assert ratio(17) < 1
