"""The identities of the proofs: for every size where the sizes are symbols, else for the scalars that are left."""

import sympy

from claims.suite import Fate, ablates, symbolic
from claims.suite.relations import trace_vanishes, vanishes
from solvers.shallow import symmetric_product

d, k, r = sympy.symbols("d k r", integer=True, positive=True)
M, W, G = sympy.MatrixSymbol("M", d, d), sympy.MatrixSymbol("W", d, k), sympy.MatrixSymbol("G", d, d)
v, p = sympy.MatrixSymbol("v", d, 1), sympy.MatrixSymbol("p", k, 1)
KERNEL = [(W * p, sympy.ZeroMatrix(d, 1)), (p.T * W.T, sympy.ZeroMatrix(1, d))]


@symbolic
def test_the_escape_direction_in_any_dimension() -> None:
    """1 and 2: V = v p^T with W p = 0 has S = 0, and <G, V V^T> = |p|^2 v^T G v; with W p != 0, S is not 0."""
    direction = v * p.T
    assert vanishes(symmetric_product(W, direction), KERNEL)
    assert not vanishes(symmetric_product(W, direction))
    assert trace_vanishes(G * direction * direction.T - v.T * G * v * p.T * p)


@symbolic
def test_first_order_optimality_on_the_cone_in_any_dimension() -> None:
    """1: <G, Y' - Y> = <G, Y'> where G W = 0, Y = W W^T, and <G, A A^T> = tr(A^T G A), which is >= 0 for G >= 0."""
    a = sympy.MatrixSymbol("A", d, r)
    critical = [(G * W, sympy.ZeroMatrix(d, k))]
    assert trace_vanishes(G * (a * a.T - W * W.T) - G * a * a.T, critical)
    assert trace_vanishes(G * a * a.T - a.T * G * a)


Q, Y = sympy.MatrixSymbol("Q", d, r), sympy.MatrixSymbol("Y", d, d - r)
P, R = sympy.MatrixSymbol("P", k, r), sympy.MatrixSymbol("R", k, k - r)
S, L = sympy.MatrixSymbol("S", r, r), sympy.MatrixSymbol("L", d - r, d - r)
tau = sympy.Symbol("tau")

ORTHONORMAL = [
    *((each.T * each, sympy.Identity(each.shape[1])) for each in (Q, Y, P, R)),
    *((one.T * other, sympy.ZeroMatrix(r, r)) for one, other in ((Q, Y), (Y, Q), (P, R), (R, P))),
    (S.T, S),
    (L.T, L),
    (M.T, M),
]
CRITICAL = [*ORTHONORMAL, (M * Q, Q * S * S + tau / 2 * Q), (M * Y, Y * L)]
"""W = Q S P^T at a critical point, tau = tr N."""


@symbolic
def test_which_points_of_the_gaussian_mean_are_critical_in_any_dimension() -> None:
    """4: T(N) W = (2 N + tau I) W = (2 Q S^2 + tau Q - 2 M Q) S P^T, zero iff M Q = Q (S^2 + tau/2)."""
    point = Q * S * P.T
    gradient = 2 * (point * point.T - M) * point + tau * point
    assert vanishes(gradient - (2 * Q * S * S + tau * Q - 2 * M * Q) * S * P.T, ORTHONORMAL)
    assert not vanishes(gradient, ORTHONORMAL)
    assert vanishes(gradient, CRITICAL)


@symbolic
@ablates("DL-039", "semidefinite", "dropped", Fate.TRUE)
def test_the_blocks_of_the_gaussian_mean_in_any_dimension() -> None:
    """4: H V = 2 S' W + tr(S') W + 2 N V + tau V with S' = W V^T + V W^T, tr S' apart: 2 tr(S A) in the first block and
    0 in the others; M of any signs."""
    point = Q * S * P.T
    a, b = sympy.MatrixSymbol("A", r, r), sympy.MatrixSymbol("B", r, k - r)
    c, e = sympy.MatrixSymbol("C", d - r, r), sympy.MatrixSymbol("E", d - r, k - r)
    blocks = [
        (Q * a * P.T, 2 * Q * (S * a.T + a * S) * S * P.T, 2 * S * a),
        (Y * c * P.T, Y * (2 * c * S * S + tau * c - 2 * L * c) * P.T, sympy.ZeroMatrix(r, r)),
        (Y * e * R.T, Y * (tau * e - 2 * L * e) * R.T, sympy.ZeroMatrix(r, r)),
        (Q * b * R.T, sympy.ZeroMatrix(d, k), sympy.ZeroMatrix(r, r)),
    ]
    for direction, image, trace in blocks:
        moved = symmetric_product(point, direction)
        found = 2 * moved * point + 2 * (point * point.T - M) * direction + tau * direction
        assert vanishes(found - image, CRITICAL)
        assert trace_vanishes(moved - Q * trace * Q.T, CRITICAL)


@symbolic
def test_the_trace_and_the_value_at_a_critical_point() -> None:
    """4: tau = -r tau/2 - t gives tau = -2t/(2 + r); with sum lambda_a^2 = q, 1/2 (r tau^2/4 + q) + tau^2/4 is
    1/2 (q + t^2/(2 + r)); r symbolic."""
    t, q = sympy.symbols("t q", real=True)
    (found,) = sympy.solve(sympy.Eq(tau, -r * tau / 2 - t), tau)
    assert sympy.simplify(found + 2 * t / (2 + r)) == 0
    value = (r * found**2 / 4 + q) / 2 + found**2 / 4
    assert sympy.simplify(value - (q + t**2 / (2 + r)) / 2) == 0


@symbolic
def test_pairs_and_diagonal_of_the_first_block() -> None:
    """4: off the diagonal [[2 s_j, 2 root], [2 root, 2 s_i]], root^2 = s_i s_j: 2 (s_i + s_j) and 0; on it A_ii goes to
    4 s_i A_ii + 2 root_i sum_j root_j A_jj. Written out for three rows."""
    roots = sympy.symbols("u1:4", positive=True)
    entries = sympy.Matrix(3, 3, sympy.symbols("a:3(:3)"))
    diagonal = sympy.diag(*roots)
    image = 2 * (diagonal * entries.T + entries * diagonal) * diagonal + 2 * (diagonal * entries).trace() * diagonal
    for i in range(3):
        expected = 4 * roots[i] ** 2 * entries[i, i] + 2 * roots[i] * sum(roots[j] * entries[j, j] for j in range(3))
        assert sympy.expand(image[i, i] - expected) == 0
        for j in range(i):
            block = sympy.Matrix([image[i, j], image[j, i]]).jacobian([entries[i, j], entries[j, i]])
            assert (sympy.expand(block.trace() - 2 * (roots[i] ** 2 + roots[j] ** 2)), block.det()) == (0, 0)


@symbolic
def test_the_two_equations_that_leave_no_poor_top_set() -> None:
    """4: from -(2 + r') tau'/2 = t' and -(2 + k) tau/2 = t' - D, D the sum of lambda_i over I - I' (k - r' of them):
    D - (k - r') tau/2 = (2 + r') (tau - tau')/2 and (2 + k) (tau - tau')/2 = D - (k - r') tau'/2."""
    rank, other, lost = sympy.symbols("r' tau' t'", real=True)
    total = sympy.Symbol("D", real=True)
    here = -2 * (lost - total) / (2 + k)
    there = -2 * lost / (2 + rank)
    assert sympy.simplify(total - (k - rank) * here / 2 - (2 + rank) * (here - there) / 2) == 0
    assert sympy.simplify((2 + k) * (here - there) / 2 - total + (k - rank) * there / 2) == 0
    assert other not in here.free_symbols


@symbolic
def test_what_the_samples_see_in_any_dimension() -> None:
    """5: x^T S x = 2 ((x.v)(c.y) + y^T B y) for V = v c^T + W B, y = W^T x, B = B^T; and <G, V V^T> = |c|^2 v^T G v."""
    x, c, b = sympy.MatrixSymbol("x", d, 1), sympy.MatrixSymbol("c", k, 1), sympy.MatrixSymbol("B", k, k)
    symmetric = [(b.T, b)]
    direction, y = v * c.T + W * b, W.T * x
    moved = symmetric_product(W, direction)
    assert trace_vanishes(x.T * moved * x - 2 * (x.T * v * c.T * y + y.T * b * y), symmetric)
    critical = [*symmetric, (G * W, sympy.ZeroMatrix(d, k)), (W.T * G, sympy.ZeroMatrix(k, d))]
    assert trace_vanishes(G * direction * direction.T - v.T * G * v * c.T * c, critical)


@symbolic
def test_the_sharp_instance_term_by_term_for_every_k() -> None:
    """5: with A = |w|^2 + |z|^2 and b = w.z the two samples of a pair give (A - y)^2 + 4 b^2; adding c A completes the
    square to (A - (y - c/2))^2 + constant; and c (sum |w_i|^2 + |z|^2) = sum_i c A_i - (k - 1) c |z|^2."""
    a, b, y, c, z = sympy.symbols("A b y c z", real=True)
    pair = ((a + 2 * b - y) ** 2 + (a - 2 * b - y) ** 2) / 2
    assert sympy.expand(pair - (a - y) ** 2 - 4 * b**2) == 0
    assert sympy.expand((a - y) ** 2 + c * a - (a - (y - c / 2)) ** 2 - y**2 + (y - c / 2) ** 2) == 0
    total = sympy.Symbol("sum_w", real=True)
    assert sympy.expand(c * (total + z) - (c * (total + k * z) - (k - 1) * c * z)) == 0
