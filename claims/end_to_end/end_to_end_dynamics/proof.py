"""The proof for every depth and width. Blocks stand for any number of layers: S = W_{1:j-1}, A = W_j, P = W_{j+1:N}."""

import pytest
import sympy

from claims.suite import symbolic
from claims.suite.symbols import is_zero
from solvers.network import backpropagate

SIZES = sympy.symbols("d:4", integer=True, positive=True)

DEPTH, J = sympy.symbols("N j", integer=True, positive=True)


@symbolic
@pytest.mark.parametrize("names", ["SAP", "SA", "AP", "A"])
def test_each_term_of_the_product_rule_for_every_depth_and_width(names: str) -> None:
    """P D_j S = P P^T G S^T S for any G; at the ends P or S is missing, and its power is the identity."""
    weights = [sympy.MatrixSymbol(name, SIZES[k + 1], SIZES[k]) for k, name in enumerate(names)]
    gradient = sympy.MatrixSymbol("G", weights[-1].rows, weights[0].cols)
    j = names.index("A")
    term, expected = backpropagate(weights, gradient)[j], gradient
    if "S" in names:
        term, expected = term @ weights[0], expected @ weights[0].T @ weights[0]
    if "P" in names:
        term, expected = weights[-1] @ term, weights[-1] @ weights[-1].T @ expected
    assert is_zero(term - expected)


@symbolic
def test_products_of_layers_are_powers_of_the_last_for_every_depth_and_width() -> None:
    """V = W_{j+1:N-1} with V V^T = Q = (B^T B)^n, by balance, gives (B V)(B V)^T = (B B^T)^{n+1}, B = W_N, since
    P = (B B^T)^n has P B = B Q. The first layers are the transposed network."""
    b, v = sympy.MatrixSymbol("B", SIZES[2], SIZES[1]), sympy.MatrixSymbol("V", SIZES[1], SIZES[0])
    p, q = sympy.MatrixSymbol("P", SIZES[2], SIZES[2]), sympy.MatrixSymbol("Q", SIZES[1], SIZES[1])
    pushed, assumed = b @ q - p @ b, v @ v.T - q
    assert is_zero((b @ v) @ (b @ v).T - p @ b @ b.T - b @ assumed @ b.T - pushed @ b.T)
    assert is_zero(b @ (b.T @ b @ q) - (b @ b.T @ p) @ b - b @ b.T @ pushed)


@symbolic
def test_the_roots_of_the_spectrum_for_every_depth() -> None:
    """A layer's s^2 to the N - j is the (N - j)/N-th power of s^{2N}, an eigenvalue of W W^T; for s = 0 too where
    N > j, and at j = N both are 1 for every s."""
    s = sympy.Symbol("s", positive=True)
    assert sympy.simplify((s ** (2 * DEPTH)) ** ((DEPTH - J) / DEPTH) - s ** (2 * (DEPTH - J))) == 0
    k = sympy.Symbol("k", integer=True, positive=True)
    assert sympy.Integer(0) ** (2 * k) == sympy.Integer(0) ** (k / DEPTH) == 0
    assert ((s**DEPTH) ** ((DEPTH - J) / DEPTH)).subs(J, DEPTH) == sympy.Integer(0) ** sympy.Integer(0) == 1


@symbolic
def test_eigenvalues_in_closed_form_for_every_depth() -> None:
    """(a - b) sum_j a^{N-j} b^{j-1} telescopes to a^N - b^N, a = s_r^{2/N}, b = s_q^{2/N}; N a^{N-1} for a = b."""
    a, b = sympy.symbols("a b", positive=True)
    term = a ** (DEPTH - J) * b ** (J - 1)
    before = a ** (DEPTH - J + 1) * b ** (J - 1)
    assert sympy.expand((a - b) * term - (before - before.subs(J, J + 1))) == 0
    assert sympy.expand((before.subs(J, 1) - before.subs(J, DEPTH + 1)) - (a**DEPTH - b**DEPTH)) == 0
    assert (
        sympy.simplify(sympy.summation(sympy.powsimp(term.subs(b, a)), (J, 1, DEPTH)) - DEPTH * a ** (DEPTH - 1)) == 0
    )


@symbolic
def test_eigenvalues_grow_with_the_singular_values_for_every_depth() -> None:
    """The derivative of each term, (N - j) a^{N-j-1} b^{j-1}, is >= 0 for j <= N, and the sum is symmetric under
    a <-> b, j <-> N + 1 - j. So the least eigenvalue is at the least a and b that occur: 0 and sigma_min^{2/N}, or
    sigma_min^{2/N} twice, which by the closed form are statement 3."""
    a, b = sympy.symbols("a b", positive=True)
    below = sympy.Symbol("k", integer=True, nonnegative=True)  # N - j
    slope = sympy.diff(a**below * b ** (J - 1), a)
    assert sympy.simplify(slope - below * a ** (below - 1) * b ** (J - 1)) == 0
    assert slope.is_nonnegative
    term = a ** (DEPTH - J) * b ** (J - 1)
    flipped = term.subs(J, DEPTH + 1 - J).subs({a: b, b: a}, simultaneous=True)
    assert sympy.simplify(flipped - term) == 0


@symbolic
def test_one_output_for_every_depth() -> None:
    """C = n^{2k/N - 2} W^T W with n = ||W||, k = j - 1 >= 1, has C^N = (W^T W)^k, as (W^T W)^m = n^{2(m-1)} W^T W. So
    each of the N - 1 terms j >= 2 is n^{2(N-j)/N} G C = n^{-2/N} <G, W> W, and the first one n^{2-2/N} G."""
    n = sympy.Symbol("n", positive=True)
    k = J - 1
    root = n ** (2 * k / DEPTH - 2)
    assert sympy.simplify(root**DEPTH * n ** (2 * (DEPTH - 1)) - n ** (2 * (k - 1))) == 0
    assert sympy.simplify(n ** (2 * (DEPTH - J) / DEPTH) * root - n ** (-2 / DEPTH)) == 0
    row = sympy.MatrixSymbol("w", 1, SIZES[0])
    gram = row.T @ row
    assert is_zero(gram @ gram - row.T @ (row @ row.T) @ row)  # the scalar n^2 in the middle
