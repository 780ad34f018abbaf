"""The layers of a balanced network share their singular values, the N-th roots of the product's, and their bases.

Statement. Let all imbalances B_j = W_{j+1}^T W_{j+1} - W_j W_j^T vanish, j = 1..N-1, and W = W_N ... W_1. Then

1. W_{1:j}^T W_{1:j} = (W_1^T W_1)^j and W_{j:N} W_{j:N}^T = (W_N W_N^T)^{N-j+1} for every j; so W^T W = (W_1^T W_1)^N.
2. All layers have the same non-zero singular values, with multiplicities: they are the N-th roots of those of W.
3. For each singular value, 0 included, the left singular space of layer j is the right singular space of layer j+1.

Proof. The left singular space of layer j for s is the eigenspace of W_j W_j^T at s^2, the right one of layer j+1 that
of W_{j+1}^T W_{j+1}: the same matrix, which is 3. A A^T and A^T A have the same non-zero eigenvalues as often
(Sylvester: x^n det(x I - A A^T) = x^m det(x I - A^T A) for A of shape m x n), so W_j W_j^T passes its own on from layer
to layer. For 1, induction over the depth: V = W_{2:j} has V^T V = (W_2^T W_2)^{j-1} = (W_1 W_1^T)^{j-1}, hence
W_{1:j}^T W_{1:j} = W_1^T (W_1 W_1^T)^{j-1} W_1 = (W_1^T W_1)^j; the other half is the transposed network. So the
squared singular values of W are N-th powers of those of W_1, which is the rest of 2.

Hypotheses. Exact balance and nothing else: every depth, every width (bottlenecks too), every rank, zero included. For
networks balanced up to rounding the statement is that of ``approximately_balanced_spectrum``, sampled here.
Source. ACH18 (arXiv:1802.06509), proof of Theorem 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
import sympy
from flint import fmpq, fmpq_mat, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import ACH18, Claim, Status, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, decide_all, square_root
from solvers.network import (
    Matrix,
    Problem,
    Weights,
    characteristic_polynomial,
    end_to_end,
    frobenius_squared,
    imbalances,
    singular_values,
    transpose,
)
from strategies import (
    DATASETS,
    BalancedNetwork,
    MarginProblem,
    balanced_networks,
    diagonal,
    dimensions,
    margin_problems,
    real_problem,
    there_and_back,
    zero_weights,
)

CLAIM = Claim(
    uid="DL-009",
    title="Balanced layers share a spectrum",
    statement=__doc__,
    sources=(ACH18.at("proof of Theorem 1"),),
    items=("2.4",),
    status=Status.THEOREM,
)

small = dimensions(max_depth=5, max_width=5)


def matrix_power(square: Matrix, exponent: int) -> Matrix:
    """A^n for n >= 1, in any arithmetic, as a product."""
    return reduce(lambda product, factor: product @ factor, [square] * exponent)


def is_balanced(weights: Weights) -> bool:
    return all(frobenius_squared(b) == 0 for b in imbalances(weights))


def powers_of_the_ends(weights: Weights) -> bool:
    """Statement 1, in rationals."""
    depth, first, last = len(weights), weights[0], weights[-1]
    heads = [end_to_end(weights[:j]) for j in range(1, depth + 1)]
    tails = [end_to_end(weights[j:]) for j in reversed(range(depth))]
    return all(
        (head.T @ head == matrix_power(first.T @ first, n)).all()
        and (tail @ tail.T == matrix_power(last @ last.T, n)).all()
        for n, (head, tail) in enumerate(zip(heads, tails, strict=True), start=1)
    )


def squared_spectrum(matrix: Matrix) -> fmpq_poly:
    """The polynomial whose roots are the non-zero squared singular values of A, as often as they occur."""
    coefficients = characteristic_polynomial(matrix.T @ matrix).coeffs()
    nullity = next(k for k, coefficient in enumerate(coefficients) if coefficient != 0)
    return fmpq_poly(coefficients[nullity:])


def roots_to_the(polynomial: fmpq_poly, exponent: int) -> fmpq_poly:
    """The monic polynomial whose roots are the n-th powers of the roots: of the companion matrix's n-th power."""
    size = polynomial.degree()
    companion = fmpq_mat(size, size)
    for k in range(size):
        companion[k, size - 1] = -polynomial[k] / polynomial[size]
        if k > 0:
            companion[k, k - 1] = fmpq(1)
    return (companion**exponent).charpoly()


def shares_its_spectrum(weights: Weights, *, root: int | None = None) -> bool:
    """Statement 2, in rationals, whether or not the singular values are rational; ``root`` is N in the statement."""
    first, *others = [squared_spectrum(matrix) for matrix in weights]
    same = all(other == first for other in others)
    return same and squared_spectrum(end_to_end(weights)) == roots_to_the(first, root or len(weights))


def right_projector(matrix: Matrix, squares: Sequence[fmpq], chosen: fmpq) -> ObjectArray:
    """The projector on the eigenspace of A^T A at ``chosen``, by Lagrange's formula from all eigenvalues."""
    gram, identity = matrix.T @ matrix, arithmetic.exact(np.eye(matrix.shape[1]))
    factors = [(gram - identity * other) * (1 / (chosen - other)) for other in squares if other != chosen]
    result: ObjectArray = reduce(lambda product, factor: product @ factor, factors, identity)
    return result


def left_projector(matrix: Matrix, squares: Sequence[fmpq], chosen: fmpq) -> ObjectArray:
    """The projector on the left singular space: A R A^T / s^2 of the right one's R, and at s = 0 what is left over."""
    if chosen != 0:
        result: ObjectArray = matrix @ right_projector(matrix, squares, chosen) @ matrix.T * (1 / chosen)
        return result
    identity = arithmetic.exact(np.eye(len(matrix)))
    return reduce(lambda rest, s: rest - left_projector(matrix, squares, s), [s for s in squares if s != 0], identity)


def spaces_meet(weights: Weights, squares: Sequence[fmpq]) -> bool:
    """Statement 3, in rationals, for known squared singular values (0 is added to them)."""
    known = sorted({fmpq(0), *squares})
    return all(
        (left_projector(before, known, s) == right_projector(after, known, s)).all()
        for before, after in pairwise(weights)
        for s in known
    )


# Symbolic: an identity whose every term has a factor that the hypotheses make zero, for matrices of symbolic size.

COUNT = sympy.symbols("d:6", integer=True, positive=True)


def as_words(expression: Matrix) -> sympy.Expr:
    """A matrix expression as a polynomial in letters that do not commute, X and X' for X and X^T.

    An identity of such words holds for matrices of every size that fits. (MatrixExpr alone takes (A^T A)^2 and
    A^T A A^T A for two things.)
    """
    if isinstance(expression, sympy.MatAdd | sympy.MatMul):
        combine = sympy.Add if expression.is_MatAdd else sympy.Mul
        return combine(*map(as_words, expression.args))
    if isinstance(expression, sympy.MatPow):
        return as_words(expression.base) ** expression.exp
    if isinstance(expression, sympy.Transpose) and isinstance(expression.arg, sympy.MatrixSymbol):
        return sympy.Symbol(f"{expression.arg}'", commutative=False)
    if isinstance(expression, sympy.MatrixSymbol):
        return sympy.Symbol(expression.name, commutative=False)
    if isinstance(expression, sympy.ZeroMatrix | sympy.Identity):
        return sympy.Integer(isinstance(expression, sympy.Identity))
    if not isinstance(expression, sympy.Number):
        raise TypeError(f"expression is {expression}; expected sums, products and transposes of matrix symbols")
    return expression


def is_zero(difference: Matrix) -> bool:
    return bool(sympy.expand(as_words(difference.doit())) == 0)


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_the_gram_matrix_is_a_power_up_to_terms_with_an_imbalance(depth: int) -> None:
    """W^T W - (W_1^T W_1)^N is a sum of products that each contain some B_j, for every width: its value at B = 0."""
    weights = [sympy.MatrixSymbol(f"W{j + 1}", COUNT[j + 1], COUNT[j]) for j in range(depth)]
    difference = transpose(end_to_end(weights)) @ end_to_end(weights) - matrix_power(weights[0].T @ weights[0], depth)
    for j, b in enumerate(imbalances(weights)):  # W_{1:j}^T ((X + B)^m - X^m) W_{1:j}, with X + B the next layer's
        head, after, before = end_to_end(weights[: j + 1]), weights[j + 1].T @ weights[j + 1], weights[j] @ weights[j].T
        size = depth - j - 1
        for r in range(size):
            middle = [after] * r + [b] + [before] * (size - 1 - r)
            difference -= head.T @ reduce(lambda x, y: x @ y, middle) @ head
    assert is_zero(difference)


@symbolic
def test_the_inductive_step_for_every_depth_and_width() -> None:
    """With P = (A A^T)^n, Q = (A^T A)^n: P A = A Q gives the same for n + 1, and V^T V = P gives (V A)^T V A = A^T A Q.

    Each difference is a combination of the hypotheses' differences, A = W_1 and V the product of n layers above it.
    """
    a, v = sympy.MatrixSymbol("A", COUNT[1], COUNT[0]), sympy.MatrixSymbol("V", COUNT[2], COUNT[1])
    p, q = sympy.MatrixSymbol("P", COUNT[1], COUNT[1]), sympy.MatrixSymbol("Q", COUNT[0], COUNT[0])
    pushed, assumed = p @ a - a @ q, v.T @ v - p
    assert is_zero((a @ a.T @ p) @ a - a @ (a.T @ a @ q) - a @ a.T @ pushed)
    assert is_zero((v @ a).T @ (v @ a) - (a.T @ a) @ q - a.T @ assumed @ a - a.T @ pushed)


@symbolic
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 4), (2, 2), (3, 2), (3, 3)])
def test_both_gram_matrices_have_the_same_non_zero_eigenvalues(rows: int, columns: int) -> None:
    """Sylvester's identity with a symbol for each entry; for all sizes it is the classical determinant identity."""
    a, x = sympy.Matrix(rows, columns, sympy.symbols(f"a:{rows * columns}")), sympy.Symbol("x")
    left = (a * a.T).charpoly(x).as_expr() * x**columns
    right = (a.T * a).charpoly(x).as_expr() * x**rows
    assert sympy.expand(left - right) == 0


@exact
@given(small.flatmap(balanced_networks))
def test_networks_of_known_singular_values(network: BalancedNetwork) -> None:
    """Statements 1 to 3 in rationals: rectangular, rank-deficient, narrow and zero networks, depths 1 to 5."""
    assert is_balanced(network.weights)
    assert powers_of_the_ends(network.weights)
    assert shares_its_spectrum(network.weights)
    squares = [s * s for s in network.layer_singular_values]
    factors = [fmpq_poly([-square, 1]) for square in squares if square != 0]
    assert squared_spectrum(network.weights[0]) == reduce(lambda x, y: x * y, factors, fmpq_poly([1]))
    assert spaces_meet(network.weights, squares)


@exact
@given(there_and_back())
def test_networks_of_irrational_singular_values(weights: tuple[ObjectArray, ...]) -> None:
    """Statements 1 and 2 through characteristic polynomials, whose roots need not be rational."""
    assert is_balanced(weights)
    assert powers_of_the_ends(weights)
    assert shares_its_spectrum(weights)


def squared_values(matrix: Matrix) -> list[Scalar]:
    """Squared singular values, largest first, rational where they are: those of the smaller Gram matrix."""
    rows, columns = matrix.shape
    return singular_values(matrix @ transpose(matrix) if rows <= columns else transpose(matrix) @ matrix)


def spectrum_up_to_imbalance(problem: Problem) -> list[Comparison]:
    """|s_i(W_{j+1})^2 - s_i(W_j)^2| <= delta, |s_i(W)^2 - s_i(W_1)^{2N}| <= N(N-1)/2 delta M^{2(N-1)} where delta =
    sum_j ||B_j||_F: at delta = 0 the claim. (By Mirsky's inequality and ``approximately_balanced_spectrum``.)
    """
    depth, count = problem.depth, min(problem.dimensions)
    layers = [squared_values(matrix)[:count] for matrix in problem.weights]
    delta: Scalar = sum((square_root(frobenius_squared(b)) for b in imbalances(problem.weights)), start=fmpq(0))
    squared_norm = arithmetic.rational(max(arithmetic.upper_float(values[0]) for values in layers))
    bound = fmpq(depth * (depth - 1), 2) * delta * squared_norm ** (depth - 1)
    found = [
        abs_at_most(after - before, delta, f"s_{i + 1}^2 of neighbouring layers")
        for lower, upper in pairwise(layers)
        for i, (before, after) in enumerate(zip(lower, upper, strict=True))
    ]
    product = squared_values(end_to_end(problem.weights))[:count]
    return found + [
        abs_at_most(whole - one**depth, bound, f"s_{i + 1}^2 of W against the 2N-th power of a layer's")
        for i, (whole, one) in enumerate(zip(product, layers[0], strict=True))
    ]


def abs_at_most(difference: Scalar, limit: Scalar, sentence: str) -> Comparison:
    return Comparison(difference * difference, "<=", limit * limit, sentence)


@sampled
@given(margin_problems(dimensions=dimensions(min_depth=2, max_depth=4, max_width=3, bottleneck=False), perturb=False))
def test_float_networks_balanced_up_to_rounding(drawn: MarginProblem) -> None:
    """Procedure 1's float64 factors in rotated bases: the spectrum is off by no more than the exact imbalance allows;
    factors that happen to be exactly balanced meet the exact statement."""
    weights = drawn.problem.exact().weights
    if is_balanced(weights):
        assert powers_of_the_ends(weights)
        assert shares_its_spectrum(weights)
    else:
        verdicts = decide_all(spectrum_up_to_imbalance, drawn.problem)
        assert all(verdict.holds for verdict in verdicts), verdicts


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("hidden", [(3,), (4, 3), (3, 5, 4)])
def test_real_data(name: str, hidden: tuple[int, ...]) -> None:
    """The balanced factors of a real target, which are balanced up to 2^-48 or so, in the same way."""
    problem = real_problem(name, hidden, start=0.75, learning_rate=0.0)
    assert all(verdict.holds for verdict in decide_all(spectrum_up_to_imbalance, problem))


def scalars(*values: int) -> tuple[ObjectArray, ...]:
    return tuple(diagonal(1, 1, [value]) for value in values)


@control
def test_refuted_without_balance() -> None:
    """Scalars 1 and 2: neither the layers' values nor the square root of their product agree."""
    assert not shares_its_spectrum(scalars(1, 2))
    assert not powers_of_the_ends(scalars(1, 2))


@control
@given(small.flatmap(balanced_networks), st.data())
def test_refuted_when_one_layer_is_doubled(network: BalancedNetwork, data: st.DataObject) -> None:
    """One layer of any balanced network of depth >= 2, doubled, breaks all statements (unless the network is zero)."""
    j = data.draw(st.integers(0, len(network.weights) - 1))
    weights = [matrix * (2 if i == j else 1) for i, matrix in enumerate(network.weights)]
    refuted = len(weights) > 1 and network.layer_singular_values[0] > 0
    assert shares_its_spectrum(weights) is not refuted
    assert powers_of_the_ends(weights) is not refuted
    assert is_balanced(weights) is not refuted


@control
@pytest.mark.parametrize("other", [1, 2, 4])
def test_refuted_for_another_root(other: int) -> None:
    """Three layers of 2: the cube root of 8 is 2, its other roots are not."""
    weights = scalars(2, 2, 2)
    assert shares_its_spectrum(weights)
    assert not shares_its_spectrum(weights, root=other)


@control
def test_refuted_when_only_the_values_are_shared() -> None:
    """diag(2, 1) and diag(1, 2) share their values, not their spaces; the product's are 2 and 2, not 4 and 1."""
    weights = (diagonal(2, 2, [2, 1]), diagonal(2, 2, [1, 2]))
    assert squared_spectrum(weights[0]) == squared_spectrum(weights[1])
    assert not spaces_meet(weights, [fmpq(4), fmpq(1)])
    assert not shares_its_spectrum(weights)


@control
def test_refuted_for_the_left_space_of_the_next_layer() -> None:
    """Layer 2 turns its right space by a quarter: its left space is not the left space of layer 1."""
    swap = arithmetic.exact(np.array([[0.0, 1.0], [1.0, 0.0]]))
    first, squares = diagonal(2, 2, [2, 1]), [fmpq(0), fmpq(1), fmpq(4)]
    weights = (first, swap @ first)
    assert is_balanced(weights)
    assert spaces_meet(weights, squares)
    left = [left_projector(matrix, squares, fmpq(4)) for matrix in weights]
    assert (left[0] != left[1]).any()


@witness
@pytest.mark.parametrize("widths", [(1, 1), (3, 2), (2, 1, 3), (1, 4, 1, 2)])
def test_zero_networks_and_depth_one(widths: tuple[int, ...]) -> None:
    """No non-zero value at all, and depth 1, where the statement is W = W_1."""
    weights = zero_weights(widths)
    assert is_balanced(weights)
    assert powers_of_the_ends(weights)
    assert shares_its_spectrum(weights)
    assert spaces_meet(weights, [])


@witness
def test_through_a_bottleneck_of_width_one() -> None:
    """3 -> 1 -> 2: one value, sqrt(9) = 3 in both layers, 9 in the product."""
    weights = (arithmetic.exact(np.array([[1.0, 2.0, 2.0]])), arithmetic.exact(np.array([[3.0], [0.0]])))
    assert is_balanced(weights)
    assert squared_spectrum(weights[0]) == squared_spectrum(weights[1]) == fmpq_poly([-9, 1])
    assert squared_spectrum(end_to_end(weights)) == fmpq_poly([-81, 1])
    assert spaces_meet(weights, [fmpq(9)])


@witness
def test_multiplicities_are_kept() -> None:
    """Values 2, 2, 0 in a rank-deficient network: the product's are 4, 4, 0."""
    weights = (diagonal(3, 3, [2, 2, 0]),) * 2
    assert shares_its_spectrum(weights)
    assert squared_spectrum(end_to_end(weights)) == fmpq_poly([-16, 1]) ** 2
