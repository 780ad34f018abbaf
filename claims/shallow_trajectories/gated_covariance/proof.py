"""The proof by SymPy: the integral, its eigenvectors, M v = K, dK/dv = M, and kappa; for every dimension."""

import numpy as np
import sympy

from claims.suite import symbolic
from solvers.shallow import Angle, gated_eigenvalues

th, phi = sympy.symbols("th phi", positive=True)
r, s, c = sympy.symbols("r s c", positive=True)
"""|u|, |v| and u.v."""
ANGLE = Angle.of(th)
SWAP = sympy.Matrix([[sympy.cos(th), sympy.sin(th)], [sympy.sin(th), -sympy.cos(th)]])
PLANE = ((sympy.pi - th) * sympy.eye(2) + sympy.sin(th) * SWAP) / (2 * sympy.pi)
"""M in the basis hat u, hat p of the plane; off the plane it is (pi - th)/2pi."""
U, V = sympy.Matrix([1, 0]), sympy.Matrix([sympy.cos(th), sympy.sin(th)])


def zero(matrix: sympy.Matrix) -> bool:
    """Whether every entry is 0 for every th."""
    return all(sympy.simplify(sympy.expand_trig(entry)) == 0 for entry in matrix)


@symbolic
def test_the_integral_over_the_cone() -> None:
    """The radial part is int r^3 exp(-r^2/2) = 2; R swaps hat u and hat v."""
    radius = sympy.Symbol("r", positive=True)
    assert sympy.integrate(radius**3 * sympy.exp(-(radius**2) / 2), (radius, 0, sympy.oo)) == 2
    point = sympy.Matrix([sympy.cos(phi), sympy.sin(phi)])
    cone = (point * point.T).applyfunc(lambda f: sympy.integrate(f, (phi, th - sympy.pi / 2, sympy.pi / 2)))
    assert zero(2 * cone / (2 * sympy.pi) - PLANE)
    assert zero(SWAP * U - V)
    assert zero(SWAP * V - U)


@symbolic
def test_the_eigenvectors_in_the_plane() -> None:
    """hat u - hat v and hat u + hat v, with the first and the last of the solver's eigenvalues; the sum of all of them
    is the trace, (pi - th) d/2pi, for every d >= 2."""
    least, middle, largest = gated_eigenvalues(ANGLE)
    assert zero(PLANE * (U - V) - least * (U - V))
    assert zero(PLANE * (U + V) - largest * (U + V))
    d = sympy.Symbol("d")
    assert sympy.simplify(least + (d - 2) * middle + largest - d * (sympy.pi - th) / (2 * sympy.pi)) == 0


@symbolic
def test_m_times_v_is_k() -> None:
    """K = (|v| sin th hat u + (pi - th) v)/2pi, and v has no part off the plane."""
    assert zero(PLANE * s * V - (s * sympy.sin(th) * U + (sympy.pi - th) * s * V) / (2 * sympy.pi))


@symbolic
def test_the_derivative_of_k_in_v() -> None:
    """2pi K = f(|v|, u.v) hat u + g(|v|, u.v) v: hat u (f_s hat v + f_c u)^T + v (g_s hat v + g_c u)^T + g I."""
    turn = sympy.acos(c / (r * s))
    f, g = s * sympy.sqrt(1 - c**2 / (r * s) ** 2), sympy.pi - turn

    def at(expression: sympy.Expr) -> sympy.Expr:
        root = sympy.sqrt(1 - sympy.cos(th) ** 2)
        placed = expression.subs(c, r * s * sympy.cos(th)).subs(sympy.acos(sympy.cos(th)), th)
        return sympy.simplify(placed).subs(root, sympy.sin(th)).subs(1 / root, 1 / sympy.sin(th))

    first = at(sympy.diff(f, s)) * V + at(sympy.diff(f, c)) * r * U
    second = at(sympy.diff(g, s)) * V + at(sympy.diff(g, c)) * r * U
    matrix = U * first.T + s * V * second.T + at(g) * sympy.eye(2)
    assert zero(matrix.subs(abs(sympy.sin(th)), sympy.sin(th)) - 2 * sympy.pi * PLANE)
    assert sympy.simplify(at(g) - (sympy.pi - th)) == 0


@symbolic
def test_kappa_decreases_from_one_half_to_zero() -> None:
    """2pi kappa' = -1 - cos th."""
    kappa = gated_eigenvalues(ANGLE)[0]
    assert sympy.simplify(2 * sympy.pi * sympy.diff(kappa, th) + 1 + sympy.cos(th)) == 0
    assert (kappa.subs(th, 0), kappa.subs(th, sympy.pi)) == (sympy.Rational(1, 2), 0)
    assert np.all([kappa.subs(th, k * sympy.pi / 8) > 0 for k in range(8)])
