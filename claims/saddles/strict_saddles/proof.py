"""The proof's identities: two layers, the ends of a deep network, scalar networks, the modes carried; symbolic."""

import pytest
import sympy

from claims.suite import symbolic
from claims.suite.symbols import is_zero


@symbolic
def test_the_curvature_of_two_layers_in_any_dimension() -> None:
    """1, v^T W_1 = 0: V_2 W_1 + W_2 V_1 = W_2 v y^T - a u (v^T W_1), V_2 V_1 = -a |v|^2 u y^T, symbolic sizes; and
    with W_2 z = 0: V = (-a z y^T, u z^T) has -a (W_2 z) y^T + u z^T W_1."""
    inputs, width, outputs = sympy.symbols("d_0 d_1 d_2", integer=True, positive=True)
    first, second = sympy.MatrixSymbol("W_1", width, inputs), sympy.MatrixSymbol("W_2", outputs, width)
    v, y, u = (sympy.MatrixSymbol(*spec) for spec in (("v", width, 1), ("y", inputs, 1), ("u", outputs, 1)))
    a = sympy.Symbol("a")
    move, other = v * y.T, -a * u * v.T
    assert is_zero(other * first + second * move - second * v * y.T + a * u * (v.T * first))
    assert is_zero(other * move + a * u * (v.T * v) * y.T)
    move, other = -a * v * y.T, u * v.T
    assert is_zero(other * first + second * move - u * (v.T * first) + a * (second * v) * y.T)
    assert is_zero(other * move + a * u * (v.T * v) * y.T)


@symbolic
def test_the_least_eigenvalue_of_the_two_by_two_form() -> None:
    """[[c, -s], [-s, 0]] has (1, (q + c) / 2 s) for (c - q) / 2, q = (c^2 + 4 s^2)^{1/2}. That is -2 s^2 / (c + q), and
    q <= c + 2 s, so it is at most -s^2 / (c + s) < 0."""
    c, s = sympy.Symbol("c", nonnegative=True), sympy.Symbol("s", positive=True)
    form, q = sympy.Matrix([[c, -s], [-s, 0]]), sympy.sqrt(c**2 + 4 * s**2)
    vector, least = sympy.Matrix([1, (q + c) / (2 * s)]), (c - q) / 2
    assert (form * vector - least * vector).applyfunc(lambda entry: sympy.simplify(sympy.expand(entry))) == sympy.zeros(
        2, 1
    )
    assert sympy.expand(least * (c + q) + 2 * s**2) == 0
    assert sympy.expand((c + 2 * s) ** 2 - q**2 - 4 * c * s) == 0
    assert (4 * c * s).is_nonnegative
    assert sympy.simplify(-2 * s**2 / (c + (c + 2 * s)) + s**2 / (c + s)) == 0
    assert (-(s**2) / (c + s)).is_negative


@symbolic
def test_ends_alone_move_two_layers_at_will_in_any_dimension() -> None:
    """2: with C, E one-sided inverses, B C = I and E A = I, V_1 = C X and V_N = Y E give dP = X, dQ = Y; the product
    moves by t (Y P + Q X) + t^2 Y X, as that of the two layers (P, Q) = (B W_1, W_N A) does; symbolic sizes."""
    names = "d_0 d_1 p d_l d_N"
    inputs, first, width, last, outputs = sympy.symbols(names, integer=True, positive=True)
    w1, wn = sympy.MatrixSymbol("W_1", first, inputs), sympy.MatrixSymbol("W_N", outputs, last)
    a, b = sympy.MatrixSymbol("A", last, width), sympy.MatrixSymbol("B", width, first)
    c, e = sympy.MatrixSymbol("C", first, width), sympy.MatrixSymbol("E", width, last)
    x, y = sympy.MatrixSymbol("X", width, inputs), sympy.MatrixSymbol("Y", outputs, width)
    t = sympy.Symbol("t")
    one, other = b * c - sympy.Identity(width), e * a - sympy.Identity(width)
    moved_p, moved_q = b * (w1 + t * c * x), (wn + t * y * e) * a
    assert is_zero(moved_p - (b * w1 + t * x) - t * one * x)
    assert is_zero(moved_q - (wn * a + t * y) - t * y * other)
    deep = (wn + t * y * e) * a * b * (w1 + t * c * x)
    assert is_zero(deep - moved_q * moved_p)


@symbolic
@pytest.mark.parametrize("others", [0, 1, 2])
@pytest.mark.parametrize("vanishing", [2, 3])
def test_scalar_networks_are_strict_where_exactly_two_layers_vanish(vanishing: int, others: int) -> None:
    """4, every depth: an entry of the Hessian has two variables, so the layers that vanish (three of them, where there
    are more), at most two others, and R for the product of all the rest show every entry there is. With two at zero,
    that of the two is -Phi times the product of the others, and all else 0; with three everything is 0."""
    t = sympy.symbols(f"t1:{vanishing + others + 1}", real=True)
    w = sympy.symbols(f"w1:{others + 1}", real=True, nonzero=True)
    phi = sympy.Symbol("Phi", real=True, nonzero=True)
    rest = sympy.Symbol("R", real=True, nonzero=True) if vanishing == 2 else sympy.Symbol("R", real=True)
    value = (sympy.prod(t) * rest - phi) ** 2 / 2
    here = dict(zip(t, [0] * vanishing + list(w), strict=True))
    assert all(sympy.diff(value, variable).subs(here) == 0 for variable in t)
    entries, expected = sympy.hessian(value, t).subs(here), sympy.zeros(len(t), len(t))
    if vanishing == 2:
        expected[0, 1] = expected[1, 0] = -phi * rest * sympy.prod(w)
        assert expected[0, 1].is_nonzero  # so the eigenvalues are plus and minus that, and zeros
    assert (entries - expected).applyfunc(sympy.expand) == sympy.zeros(len(t), len(t))


@symbolic
def test_the_carried_modes_outweigh_what_is_left() -> None:
    """3: B^2 m^2 x^2 + A^2 m^2 z^2 - 2 |m| g A B = (B m x - A m z)^2 + 2 |m| A B (sigma - g) with x m z = sigma, for
    A, B, x, m, z >= 0 (signs go into the vectors), and sigma >= g."""
    a, b, x, m, z, g, gap = sympy.symbols("A B x m z g gap", nonnegative=True)
    sigma = x * m * z
    form = (b * m * x) ** 2 + (a * m * z) ** 2 - 2 * m * g * a * b
    assert sympy.expand(form - (b * m * x - a * m * z) ** 2 - 2 * m * a * b * (sigma - g)) == 0
    assert ((b * m * x - a * m * z) ** 2 + 2 * m * a * b * gap).is_nonnegative
