"""The proof's cases for one sample by SymPy, for every alpha, and the sums."""

import pytest
import sympy

from claims.suite import symbolic
from solvers.network.homogeneous import piecewise_linear

p, q = sympy.symbols("p q", positive=True)
"""|z| and |z*|."""
alpha, kink = sympy.symbols("alpha g", nonnegative=True)
beta = 1 - alpha
UNIT = piecewise_linear(1, alpha, kink)

CASES = [
    (p, q, sympy.S.Zero),
    (p, -q, beta * q * (p + alpha * q)),
    (-p, q, alpha * beta * p * (alpha * p + q)),
    (-p, -q, alpha**2 * beta * (p - q) ** 2),
    (sympy.S.Zero, q, sympy.S.Zero),
    (sympy.S.Zero, -q, kink * alpha * beta * q**2),
]
"""z, z*, and s'(z) e (z - z* - e): products of factors that are >= 0 for 0 <= alpha <= 1."""


@symbolic
@pytest.mark.parametrize(("before", "truth", "left"), CASES)
def test_each_sample(before: sympy.Expr, truth: sympy.Expr, left: sympy.Expr) -> None:
    """By the unit of the solver; z* = 0 is the limit of either sign."""
    error = UNIT.value(before) - UNIT.value(truth)
    found = UNIT.derivative(before) * error * (before - truth - error)
    assert sympy.expand(found.item() if hasattr(found, "item") else found) == sympy.expand(left)


@symbolic
def test_what_the_step_leaves() -> None:
    """|w - w*|^2 - eta (2 - eta lambda) rho - |w' - w*|^2 = 2 eta (I - rho) + eta^2 (lambda rho - |grad l|^2)."""
    distance, eta, inner, rho, square, largest = sympy.symbols("D eta I rho G lambda")
    moved = distance - 2 * eta * inner + eta**2 * square
    rest = 2 * eta * (inner - rho) + eta**2 * (largest * rho - square)
    assert sympy.expand(distance - eta * (2 - eta * largest) * rho - moved - rest) == 0


@symbolic
def test_equality_for_one_sample_and_alpha_one() -> None:
    """w' - w* = (1 - eta) (w - w*) for x = 1, rho = (w - w*)^2; the sum of all rho is (w_0 - w*)^2/(eta (2 - eta))."""
    gap, eta, steps = sympy.symbols("D eta T", positive=True)
    assert sympy.expand((1 - eta) ** 2 * gap**2 - (gap**2 - eta * (2 - eta) * gap**2)) == 0
    ratio = (1 - eta) ** 2
    total = gap**2 * (1 - ratio**steps) / (1 - ratio)
    assert sympy.simplify(total * eta * (2 - eta) - gap**2 * (1 - ratio**steps)) == 0
