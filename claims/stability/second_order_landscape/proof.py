"""The proof's identities, for matrices of every size; of any depth where layers between two places are one letter."""

import pytest
import sympy

from claims.suite import Fate, ablates, symbolic
from claims.suite.symbols import is_zero, network_symbols
from solvers.network import Matrix, Weights


def letter(name: str, rows: sympy.Symbol, columns: sympy.Symbol) -> Matrix:
    """A matrix symbol."""
    return sympy.MatrixSymbol(name, rows, columns)


D0, A, B, C, D, DN = sympy.symbols("d_0 a b c d d_N", integer=True, positive=True)


@symbolic
def test_projectors_for_every_depth() -> None:
    """1: with W = A C and any X, (C X A)^2 - C X A = C (X W X - X) A; W_j Pi_{j-1} = Pi_j W_j with A W_j before."""
    early, late, step = letter("C", A, D0), letter("A", DN, B), letter("W", B, A)
    inverse = letter("X", D0, DN)
    product = late * step * early
    square = early * inverse * late * step
    defect = inverse * product * inverse - inverse
    assert is_zero(square * square - square - early * defect * late * step)
    assert is_zero(step * square - (step * early * inverse * late) * step)


@symbolic
def test_the_middle_of_a_pivot_splits_for_every_depth() -> None:
    """2: with C_j = M W_i C_i, A_i = A_j W_j M and any X for W^+: the carried part of a pivot is a term of dW X dW."""
    first, last = letter("V_i", B, A), letter("V_j", D, C)
    middle, early, late = letter("M", C, B), letter("C_i", A, D0), letter("A_j", DN, D)
    w_i, w_j, inverse = letter("W_i", B, A), letter("W_j", D, C), letter("X", D0, DN)
    c_j, a_i = middle * w_i * early, late * w_j * middle
    rest = middle - c_j * inverse * a_i
    both = late * last * middle * first * early
    carried = (late * last * c_j) * inverse * (a_i * first * early)
    assert is_zero(both - late * last * rest * first * early - carried)


@symbolic
def test_terms_in_the_other_order_hold_a_gradient_for_every_depth() -> None:
    """2: i >= j: A_j = A_i K gives A_j^T G C_i^T = K^T D_i with D_i = A_i^T G C_i^T."""
    late, between, early = letter("A_i", DN, B), letter("K", B, C), letter("C_i", A, D0)
    residual = letter("G", DN, D0)
    gradient = late.T * residual * early.T
    assert is_zero((late * between).T * residual * early.T - between.T * gradient)


def part(weights: Weights, i: int, j: int, size: sympy.Symbol) -> Matrix:
    """W_{i:j}, layers numbered from 1."""
    product: Matrix = sympy.Identity(size)
    for matrix in weights[i - 1 : j]:
        product = matrix * product
    return product


@symbolic
@ablates("DL-061", "distinct", "dropped", Fate.TRUE)
@ablates("DL-061", "full rank", "dropped", Fate.TRUE)
@pytest.mark.parametrize("depth", [2, 3])
def test_the_second_derivative_splits(depth: int) -> None:
    """2 in whole: d2W - dW X dW - sum_{i < j} A_j V_j R_ij V_i C_i is minus the terms i >= j, any X for W^+."""
    weights, target = network_symbols(depth)
    outputs, inputs = target.shape
    inverse = letter("X", inputs, outputs)
    moves = [letter(f"V{j + 1}", *matrix.shape) for j, matrix in enumerate(weights)]
    places = range(1, depth + 1)
    late = {j: part(weights, j + 1, depth, weights[j - 1].shape[0]) for j in places}
    early = {j: part(weights, 1, j - 1, inputs) for j in places}
    moved = sum((late[j] * moves[j - 1] * early[j] for j in places), start=sympy.ZeroMatrix(outputs, inputs))
    total = -moved * inverse * moved
    for i in places:
        for j in places:
            carried = late[j] * moves[j - 1] * early[j] * inverse * late[i] * moves[i - 1] * early[i]
            if i < j:
                middle = part(weights, i + 1, j - 1, weights[i - 1].shape[0])
                rest = middle - early[j] * inverse * late[i]
                total += late[j] * moves[j - 1] * middle * moves[i - 1] * early[i]
                total -= late[j] * moves[j - 1] * rest * moves[i - 1] * early[i]
            else:
                total += carried
    assert is_zero(total)


@symbolic
def test_a_turn_for_every_depth() -> None:
    """3: V_1 = W_1 v b^T, V_N = a u^T W_N with W = W_N M W_1 has dW = W v b^T + a u^T W, d2W = a (u^T W v) b^T. With
    W v = s u, W^T u = s v, G b = -g a: ||dW||^2 = 2 s^2, <G, d2W> = -s g, and the form is -2 s (g - s)."""
    w_1, middle, w_n = letter("W_1", A, D0), letter("M", B, A), letter("W_N", DN, B)
    a, u, v, b = (letter(name, size, 1) for name, size in (("a", DN), ("u", DN), ("v", D0), ("b", D0)))
    first, last, product = w_1 * v * b.T, a * u.T * w_n, w_n * middle * w_1
    assert is_zero(w_n * middle * first + last * middle * w_1 - product * v * b.T - a * (u.T * product))
    assert is_zero(last * middle * first - a * (u.T * product * v) * b.T)
    s, g = sympy.symbols("s g", positive=True)
    assert sympy.expand(2 * s**2 - 2 * s * g + 2 * s * (g - s)) == 0


@symbolic
def test_a_loose_pivot_has_a_vector_on_one_side_for_every_depth() -> None:
    """3: with H = Z_{1:j-1}, T = Z_{j:N}: R = H K and R = L T R give R = L (T H) K, which is 0 as T H is."""
    head, tail = letter("H", A, D0), letter("T", DN, A)
    right, left = letter("K", D0, B), letter("L", A, DN)
    middle = head * right
    assert is_zero(left * tail * middle - left * (tail * head) * right)


@symbolic
def test_a_loose_pivot_curves_down_for_every_depth() -> None:
    """3: V_i = x y^T and V_j = z w^T: the own terms are A_i x y^T C_i and A_j z (w^T C_j), and d2W is
    A_j z (w^T M x) y^T C_i. A form c + 2 t m with m != 0 is -1 at t = -(1 + c)/(2 m)."""
    early, late, middle = letter("C_i", A, D0), letter("A_j", DN, D), letter("M", C, B)
    w_i, w_j = letter("W_i", B, A), letter("W_j", D, C)
    x, y, z, w = (letter(name, size, 1) for name, size in (("x", B), ("y", A), ("z", D), ("w", C)))
    c_j, a_i = middle * w_i * early, late * w_j * middle
    moved = a_i * (x * y.T) * early + late * (z * w.T) * c_j
    assert is_zero(moved - a_i * x * y.T * early - late * z * (w.T * c_j))
    assert is_zero(late * (z * w.T) * middle * (x * y.T) * early - late * z * (w.T * middle * x) * y.T * early)
    c, m = sympy.symbols("c m", nonzero=True)
    assert sympy.simplify((c + 2 * m * (-(1 + c) / (2 * m))) + 1) == 0


@symbolic
def test_the_bound_where_all_pivots_are_tight() -> None:
    """3: beta^2 + gamma^2 - 2 (g/s) beta gamma - (1 - g/s)(beta^2 + gamma^2) = (g/s)(beta - gamma)^2 >= 0."""
    beta, gamma, g = sympy.symbols("beta gamma g", nonnegative=True)
    s = sympy.Symbol("s", positive=True)
    form = beta**2 + gamma**2 - 2 * g / s * beta * gamma
    square = g / s * (beta - gamma) ** 2
    assert sympy.expand(form - (1 - g / s) * (beta**2 + gamma**2) - square) == 0
    assert square.is_nonnegative
