"""The proof's identities: in any dimension, and for every depth where N is a symbol."""

import pytest
import sympy

from claims.suite import symbolic
from claims.suite.symbols import as_words, is_one, is_zero
from solvers.guarantees.stability import largest_stable_rate, least_sharpness
from solvers.network import Matrix


def letter(name: str, rows: sympy.Symbol, columns: sympy.Symbol | int) -> Matrix:
    """A matrix symbol."""
    return sympy.MatrixSymbol(name, rows, columns)


INPUTS, BEFORE, AFTER, OUTPUTS = sympy.symbols("d_0 a b d_N", integer=True, positive=True)

DEPTH, NORM = sympy.symbols("N sigma", positive=True)


@symbolic
def test_the_direction_of_the_bound_for_every_layer() -> None:
    """1: u^T A_j (A_j^T u v^T C_j^T) C_j v is |A_j^T u|^2 |C_j v|^2, which is ||V_j||^2: the trace of V_j^T V_j is
    (v^T C_j^T C_j v)(u^T A_j A_j^T u)."""
    late, early = letter("A", OUTPUTS, AFTER), letter("C", BEFORE, INPUTS)
    u, v = letter("u", OUTPUTS, 1), letter("v", INPUTS, 1)
    move = late.T * u * v.T * early.T
    seen = u.T * late * move * early * v
    assert is_zero(seen - (u.T * late * late.T * u) * (v.T * early.T * early * v))
    square = move.T * move  # C v (u^T A A^T u) v^T C^T, of trace (u^T A A^T u) |C v|^2
    assert is_zero(square - early * v * (u.T * late * late.T * u) * v.T * early.T)
    assert as_words(seen) != 0


@symbolic
def test_the_exponent_for_every_depth() -> None:
    """1: N (sigma^{N-1})^{2/N} = N sigma^{2-2/N}; 4: the rate is 2 over it."""
    assert is_one(DEPTH * (NORM ** (DEPTH - 1)) ** (2 / DEPTH) / least_sharpness(DEPTH, NORM))
    assert is_one(least_sharpness(DEPTH, NORM) * largest_stable_rate(DEPTH, NORM) / 2)


@symbolic
@pytest.mark.parametrize("depth", [2, 3, 4, 5])
def test_the_product_of_the_lengths(depth: int) -> None:
    """1: prod_{j <= N} a_j c_{j-1} = prod_{j < N} a_j c_j with a_j = |A_j^T u|, c_j = |C_{j+1} v|, a_N = c_0 = 1."""
    a = [*sympy.symbols(f"a1:{depth}", positive=True), sympy.Integer(1)]
    c = [sympy.Integer(1), *sympy.symbols(f"c1:{depth}", positive=True)]
    whole = sympy.prod(a[j] * c[j] for j in range(depth))
    assert sympy.simplify(whole / sympy.prod(a[j] * c[j + 1] for j in range(depth - 1))) == 1


@symbolic
def test_what_equality_implies_for_every_depth() -> None:
    """2: a_j c_{j-1} = sigma^{1-1/N} and a_j c_j = sigma give c_j = sigma^{1/N} c_{j-1}, a_{j-1} = sigma^{1/N} a_j."""
    c, a = sympy.symbols("c_before a", positive=True)
    root = NORM ** (1 / DEPTH)
    late = NORM ** (1 - 1 / DEPTH) / c  # a_j
    assert is_one(NORM / late / (root * c))
    early = NORM ** (1 - 1 / DEPTH) / a  # c_{j-1}
    assert is_one(NORM / early / (root * a))


@symbolic
def test_lengths_of_the_two_parts() -> None:
    """2: ((a + c)^2 + (b + d)^2) <= ((a^2 + b^2)^{1/2} + (c^2 + d^2)^{1/2})^2, since
    (a^2 + b^2)(c^2 + d^2) - (a c + b d)^2 = (a d - b c)^2; and (sum_j x_j)^2 <= N sum_j x_j^2."""
    a, b, c, d = sympy.symbols("a b c d", nonnegative=True)
    assert sympy.expand((a**2 + b**2) * (c**2 + d**2) - (a * c + b * d) ** 2 - (a * d - b * c) ** 2) == 0
    for depth in (2, 3, 4):
        x = sympy.symbols(f"x1:{depth + 1}", real=True)
        gaps = sum((x[i] - x[j]) ** 2 for i in range(depth) for j in range(i))
        assert sympy.expand(depth * sum(y**2 for y in x) - sum(x) ** 2 - gaps) == 0


@symbolic
def test_the_kernel_of_two_layers_adds_their_grams() -> None:
    """3: J J^T E = W_2 W_2^T E + E W_1^T W_1, so E = y x^T of their eigenvectors has the sum of the eigenvalues; the
    derivative's adjoint is E -> (W_2^T E, E W_1^T)."""
    first, second = letter("W_1", BEFORE, INPUTS), letter("W_2", OUTPUTS, BEFORE)
    seen = letter("E", OUTPUTS, INPUTS)
    moved = second * (second.T * seen) + (seen * first.T) * first
    assert is_zero(moved - second * second.T * seen - seen * first.T * first)
    alpha, beta = sympy.symbols("alpha beta")
    y, x = letter("y", OUTPUTS, 1), letter("x", INPUTS, 1)
    rule = alpha * y * x.T + y * (beta * x).T - (alpha + beta) * y * x.T
    assert is_zero(rule)


@symbolic
def test_two_by_two_forms_are_at_most_their_trace() -> None:
    """3: [[a, m], [m, b]] with m^2 <= a b has no negative eigenvalue, so none above a + b."""
    a, b, gap = sympy.symbols("a b gap", nonnegative=True)
    m, t = sympy.symbols("m t", real=True)
    form = sympy.Matrix([[a, m], [m, b]])
    polynomial = (t * sympy.eye(2) - form).det()
    at_trace = sympy.expand(polynomial.subs(t, a + b))
    assert sympy.expand(at_trace - (a * b - m**2)) == 0
    assert at_trace.subs(m**2, a * b - gap) == gap


@symbolic
def test_norms_of_two_layers_by_their_imbalance() -> None:
    """3: the larger root of a (a - B) = sigma^2 is (B + (B^2 + 4 sigma^2)^{1/2}) / 2; with d_1 = 1 and
    a b = sigma^2, (a + b)^2 = (a - b)^2 + 4 sigma^2."""
    size, a, b = sympy.symbols("B a b", nonnegative=True)
    root = (size + sympy.sqrt(size**2 + 4 * NORM**2)) / 2
    assert sympy.expand(root * (root - size) - NORM**2) == 0
    assert sympy.expand((a + b) ** 2 - (a - b) ** 2 - 4 * a * b) == 0


@symbolic
def test_the_seen_length_of_two_layers() -> None:
    """3: with W_1 W_1^T = W_2^T W_2 - B, W_2 W_1 W_1^T W_2^T = W_2 (W_2^T W_2 - B) W_2^T."""
    first, second = letter("W_1", BEFORE, INPUTS), letter("W_2", OUTPUTS, BEFORE)
    imbalance = second.T * second - first * first.T
    product = second * first
    assert is_zero(product * product.T - second * (second.T * second - imbalance) * second.T)
