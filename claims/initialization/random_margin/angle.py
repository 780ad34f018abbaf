"""A network with one output has a positive margin where the angle between W and Phi is small enough, for any W."""

from typing import Any

import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from sympy.matrices.expressions.kronecker import combine_kronecker

from claims.initialization.random_margin.cap import ratio_squared
from claims.suite import control, exact, symbolic
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare, settle, square_root
from solvers.network import Problem, deficiency_margin, end_to_end, frobenius_squared, transpose
from strategies import problems


def gap(product: Any, target: Any) -> Any:
    """(2 Phi - W) W^T = ||Phi||^2 - ||W - Phi||^2, positive where the margin is, in any arithmetic."""
    return (target + target - product) @ transpose(product)


@symbolic
def test_end_to_end_is_isotropic_given_the_layers_above() -> None:
    """vec(v W_1) = (v (x) I) vec(W_1) for d_1 and d_0 symbolic: the covariance is s^2 (v (x) I)(v (x) I)^T =
    s^2 (v v^T) (x) I, a multiple of I; its trace s^2 ||v||^2 d_0 is E r^2 given v, and by induction statement 5's."""
    width, inputs = sympy.symbols("d_1 d_0", integer=True, positive=True)
    v = sympy.MatrixSymbol("v", 1, width)
    coefficients = sympy.KroneckerProduct(v, sympy.Identity(inputs))
    covariance = combine_kronecker((coefficients * coefficients.T).doit())
    assert covariance == sympy.KroneckerProduct(v * v.T, sympy.Identity(inputs))
    assert sympy.trace(sympy.Identity(inputs)) == inputs


@symbolic
def test_margin_is_an_angle() -> None:
    """||Phi||^2 - ||W - Phi||^2 = 2 <W, Phi> - ||W||^2 for any d_0, which is r (2 ||Phi|| cos theta - r)."""
    inputs = sympy.Symbol("d_0", integer=True, positive=True)
    product, target = (sympy.MatrixSymbol(name, 1, inputs) for name in ("W", "Phi"))
    difference = target * target.T - (product - target) * (product - target).T - gap(product, target)
    odd = product * target.T - target * product.T  # 1 x 1, so its own transpose, with the other sign: zero
    assert (difference - odd).expand().doit() == sympy.ZeroMatrix(1, 1)
    assert (odd + odd.T).expand().doit() == sympy.ZeroMatrix(1, 1)
    r, norm, cosine = sympy.symbols("r Phi c", real=True)
    assert sympy.expand(2 * r * norm * cosine - r**2 - r * (2 * norm * cosine - r)) == 0


@symbolic
def test_margin_is_at_most_the_norm() -> None:
    """||W - Phi||^2 - (||Phi|| - r)^2 = 2 r ||Phi|| (1 - cos theta) >= 0."""
    r, norm, cosine = sympy.symbols("r Phi c", real=True)
    distance_squared = r**2 - 2 * r * norm * cosine + norm**2
    assert sympy.expand(distance_squared - (norm - r) ** 2 - 2 * r * norm * (1 - cosine)) == 0


ONE_OUTPUT = st.lists(st.integers(1, 6), min_size=1, max_size=4).map(lambda widths: (*widths, 1))


@exact
@given(problems(dimensions=ONE_OUTPUT))
def test_margin_is_positive_where_the_angle_says_so(problem: Problem) -> None:
    """Statements 2 and 5 for any rational network and target: the sign of (2 Phi - W) W^T, which is that of
    cos theta - h with the h^2 of the caps; and margin <= r."""
    posed = problem.exact()
    product = end_to_end(posed.weights)
    sign = gap(product, posed.target)[0, 0]
    inner, length, whole = (product * posed.target).sum(), frobenius_squared(product), frobenius_squared(posed.target)
    if length and whole:
        ahead = inner > 0 and inner**2 / (length * whole) - ratio_squared(length, whole)
        assert (sign > 0, sign == 0) == (ahead > 0, inner > 0 and ahead == 0)
    if sign == 0:
        assert frobenius_squared(posed.target) == frobenius_squared(product - posed.target)  # margin exactly 0
        return
    verdict = settle(lambda: Comparison(deficiency_margin(posed.weights, posed.target), ">", fmpq(0), "margin"))
    assert verdict.fails if sign < 0 else verdict.holds
    if inner**2 != length * whole:
        assert settle(lambda: smaller_than_norm(posed, product)).holds


def smaller_than_norm(posed: Problem, product: ObjectArray) -> Comparison:
    """margin < r, strict where W is not a multiple of Phi."""
    norm = square_root(frobenius_squared(product))
    return Comparison(deficiency_margin(posed.weights, posed.target), "<", norm, "margin against r")


TARGET = arithmetic.exact([[3, 4]])


@control
def test_refuted_that_the_margin_is_smaller_for_a_multiple_of_the_target() -> None:
    """W = Phi / 2: the margin is r, so that "<" fails; it is less for W = 3/2 Phi."""
    half, more = (Problem((share * TARGET,), TARGET, fmpq(1)) for share in (fmpq(1, 2), fmpq(3, 2)))
    left, _, right, _ = smaller_than_norm(half, end_to_end(half.weights))
    assert left == right == fmpq(5, 2)
    assert compare(smaller_than_norm(half, end_to_end(half.weights))).fails
    assert compare(smaller_than_norm(more, end_to_end(more.weights))).holds
