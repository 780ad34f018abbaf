"""The identities of the proof: for every size, by words of letters that do not commute."""

import sympy

from claims.suite import symbolic
from claims.suite.relations import rewritten, trace_vanishes, vanishes
from solvers.shallow import FactoredObjective

n, k, r = sympy.symbols("n k r", integer=True, positive=True)
M, U, V = sympy.MatrixSymbol("M", n, n), sympy.MatrixSymbol("U", n, k), sympy.MatrixSymbol("V", n, k)
t = sympy.Symbol("t", real=True)

Q, Y = sympy.MatrixSymbol("Q", n, r), sympy.MatrixSymbol("Y", n, n - r)
P, R = sympy.MatrixSymbol("P", k, r), sympy.MatrixSymbol("R", k, k - r)
S, L = sympy.MatrixSymbol("S", r, r), sympy.MatrixSymbol("L", n - r, n - r)

ORTHONORMAL = [
    *((frame.T * frame, sympy.Identity(frame.shape[1])) for frame in (Q, Y, P, R)),
    *((one.T * other, sympy.ZeroMatrix(r, r)) for one, other in ((Q, Y), (Y, Q), (P, R), (R, P))),
    (S.T, S),
    (L.T, L),
    (M.T, M),
]
CRITICAL = [*ORTHONORMAL, (M * Q, Q * S * S), (M * Y, Y * L)]
"""U = Q S P^T at a critical point, M diagonal in the basis [Q, Y]."""


@symbolic
def test_gradient_and_hessian_of_the_common_form_for_every_map() -> None:
    """0: with b(X, Y) = <X, T Y> = b(Y, X), f(U + t V) is 1/4 b(x, x) for x = N + t S + t^2 W, W = V V^T. Products of
    three letters that commute stand for b: the coefficient of t is b(N, S) / 2, that of t^2 / 2 is as stated."""
    residual, moved, square = sympy.symbols("N S W")
    line = (residual + t * moved + t**2 * square) ** 2 / 4
    assert sympy.expand(sympy.diff(line, t).subs(t, 0) - residual * moved / 2) == 0
    assert sympy.expand(sympy.diff(line, t, 2).subs(t, 0) - moved**2 / 2 - residual * square) == 0


@symbolic
def test_residuals_slope_and_trace_in_any_dimension() -> None:
    """0: (U + t V)(U + t V)^T - M = N + t S + t^2 V V^T, and <S, X> = 2 <X U, V> for every symmetric X = T(N)."""
    objective, image = FactoredObjective(M), sympy.MatrixSymbol("X", n, n)
    moved = U * V.T + V * U.T
    assert vanishes(objective.residual(U + t * V) - objective.residual(U) - t * moved - t**2 * V * V.T)
    assert trace_vanishes(moved * image - 2 * (image * U).T * V, [(image.T, image)])


@symbolic
def test_the_hessian_is_the_derivative_of_the_gradient_in_any_dimension() -> None:
    """0, T the identity: the coefficient of t in grad f(U + t V) is H V, word by word."""
    objective = FactoredObjective(M)
    along = rewritten(objective.gradient(U + t * V))
    assert sympy.expand(along.coeff(t, 1) - rewritten(objective.hessian_vector_product(U, V))) == 0


@symbolic
def test_which_points_are_critical_in_any_dimension() -> None:
    """1: at U = Q S P^T, grad f = (Q S^2 - M Q) S P^T. As P^T P = I and S is invertible this is 0 iff M Q = Q S^2."""
    point = Q * S * P.T
    gradient = FactoredObjective(M).gradient(point)
    assert vanishes(gradient - (Q * S * S - M * Q) * S * P.T, ORTHONORMAL)
    assert not vanishes(gradient, ORTHONORMAL)
    assert vanishes(gradient, CRITICAL)


@symbolic
def test_the_value_there_in_any_dimension() -> None:
    """1: with M = Q S^2 Q^T + Y L Y^T, N = -Y L Y^T, and <N, N> = tr L^2 = sum of lambda_a^2 over what I lacks."""
    whole = Q * S * S * Q.T + Y * L * Y.T
    residual = FactoredObjective(whole).residual(Q * S * P.T)
    assert vanishes(residual + Y * L * Y.T, ORTHONORMAL)
    assert trace_vanishes(residual.T * residual - L * L, ORTHONORMAL)


@symbolic
def test_the_blocks_of_the_hessian_in_any_dimension() -> None:
    """2: what H does to Q A P^T, Y C P^T, Y D R^T and Q B R^T, which together are all directions."""
    objective, point = FactoredObjective(M), Q * S * P.T
    a, b = sympy.MatrixSymbol("A", r, r), sympy.MatrixSymbol("B", r, k - r)
    c, d = sympy.MatrixSymbol("C", n - r, r), sympy.MatrixSymbol("D", n - r, k - r)
    images = {
        Q * a * P.T: Q * (S * a.T + a * S) * S * P.T,
        Y * c * P.T: Y * (c * S * S - L * c) * P.T,
        Y * d * R.T: -Y * L * d * R.T,
        Q * b * R.T: sympy.ZeroMatrix(n, k),
    }
    for direction, image in images.items():
        assert vanishes(objective.hessian_vector_product(point, direction) - image, CRITICAL)


@symbolic
def test_pairs_and_how_many_eigenvalues_there_are() -> None:
    """2: A_ij and A_ji are coupled by [[s_j^2, s_i s_j], [s_i s_j, s_i^2]], of trace s_i^2 + s_j^2 and determinant 0,
    as the rule A -> (S A^T + A S) S says entry by entry; and the multiplicities add up to n k."""
    si, sj, aij, aji = sympy.symbols("s_i s_j A_ij A_ji", positive=True)
    diagonal, entries = sympy.diag(si, sj), sympy.Matrix([[0, aij], [aji, 0]])
    image = ((diagonal * entries.T + entries * diagonal) * diagonal).applyfunc(sympy.expand)
    block = sympy.Matrix([image[0, 1], image[1, 0]]).jacobian([aij, aji])
    assert block == sympy.Matrix([[sj**2, si * sj], [si * sj, si**2]])
    assert (block.trace(), block.det()) == (si**2 + sj**2, 0)
    assert (2 * si * aij * si).diff(aij) == 2 * si**2
    count = r * (r + 1) / 2 + r * (n - r) + (n - r) * (k - r) + r * (k - r) + r * (r - 1) / 2
    assert sympy.expand(count - n * k) == 0
    assert sympy.expand(k * r - r * (r + 1) / 2 - r * (k - r) - r * (r - 1) / 2) == 0


@symbolic
def test_curvature_along_the_point_itself_in_any_dimension() -> None:
    """4: H U = 2 U U^T U + grad f(U), so <U, H U> = 2 ||U U^T||_F^2 at a critical point."""
    objective = FactoredObjective(M)
    assert vanishes(objective.hessian_vector_product(U, U) - 2 * U * U.T * U - objective.gradient(U))
    assert trace_vanishes(U.T * (2 * U * U.T * U) - 2 * (U * U.T).T * (U * U.T))


@symbolic
def test_growth_of_the_fourth_order_in_any_dimension() -> None:
    """5: with L = 0 and V = Y D R^T the residual at U + t V is N + t^2 V V^T, and N = 0."""
    flat = [*CRITICAL, (L, sympy.ZeroMatrix(r, r))]
    direction = Y * sympy.MatrixSymbol("D", n - r, k - r) * R.T
    objective = FactoredObjective(Q * S * S * Q.T)
    assert vanishes(objective.residual(Q * S * P.T + t * direction) - t**2 * direction * direction.T, flat)


@symbolic
def test_the_lift_of_asymmetric_factors_in_any_dimension() -> None:
    """6: block by block, 8 times both sides, as traces: ||Z Z^T - 2K||^2 = ||U U^T||^2 + 2 ||U V^T - 2M||^2 +
    ||V V^T||^2, against 4 ||U V^T - M||^2 + ||U^T U - V^T V||^2 + 4 ||M||^2."""
    rows = sympy.Symbol("m", integer=True, positive=True)
    left, matrix = sympy.MatrixSymbol("U", rows, k), sympy.MatrixSymbol("M", rows, n)

    def square(part: sympy.MatrixExpr) -> sympy.Expr:
        return part.T * part

    lifted = [(left * left.T, 1), (left * V.T - 2 * matrix, 2), (V * V.T, 1)]
    plain = [(left * V.T - matrix, 4), (left.T * left - V.T * V, 1), (matrix, 4)]
    terms = [(part, weight) for part, weight in lifted] + [(part, -weight) for part, weight in plain]
    words = sum((weight * rewritten(square(part)) for part, weight in terms), start=sympy.Integer(0))
    assert trace_vanishes(words)
    assert not trace_vanishes(words + rewritten(square(matrix)))
