"""The steps of the proofs, for all sizes where the mathematics allows."""

import sympy

from claims.beyond_balance.any_imbalance.learning_rate import DRIFT
from claims.beyond_balance.any_imbalance.single_steps import SHARE
from claims.suite import symbolic
from claims.suite.relations import trace_vanishes
from claims.suite.symbols import is_zero, network_symbols
from solvers.network import layer_gradients

A, MU, NU, S = sympy.symbols("a mu nu s", nonnegative=True)


@symbolic
def test_compression_to_two_dimensions() -> None:
    """(a - mu')(a + nu') = a e^T T' e + det T': mu' - nu' is the trace, -mu' nu' the determinant of a e e^T - T'."""
    t11, t12, t22 = sympy.symbols("t11 t12 t22", real=True)
    compressed = sympy.Matrix([[A - t11, -t12], [-t12, -t22]])
    product = A**2 - A * compressed.trace() + compressed.det()
    assert sympy.expand(product - (A * t11 + t11 * t22 - t12**2)) == 0
    assert sympy.expand((A - MU) * (A + NU) - (A**2 - A * (MU - NU) - MU * NU)) == 0


@symbolic
def test_the_bound_is_the_root() -> None:
    """f(mu, nu, s) solves (x - mu)(x + nu) = s^2, the other root is not positive, and f >= mu."""
    root = (MU - NU + sympy.sqrt((MU + NU) ** 2 + 4 * S**2)) / 2
    other = MU - NU - root
    x = sympy.Symbol("x")
    polynomial = (x - MU) * (x + NU) - S**2
    for each in (root, other):
        assert sympy.simplify(polynomial.subs(x, each)) == 0
    assert sympy.expand(root * other) == sympy.expand(-(MU * NU) - S**2)
    assert polynomial.subs(x, MU) == -(S**2)


@symbolic
def test_the_largest_and_smallest_values_for_every_size() -> None:
    """e^T W_2^T W_2 e = a and |W^T y|^2 = a e^T T e with e = W_2^T y / a^{1/2}, as words: W_2 W_2^T y = a y puts a for
    the product that stands beside y."""
    (first, second), _ = network_symbols(2)
    y = sympy.MatrixSymbol("y", second.shape[0], 1)
    gram, product = second * second.T, second * first
    outer = first * first.T
    assert is_zero(y.T * second * outer * second.T * y - y.T * product * product.T * y)
    assert is_zero(y.T * second * (second.T * second) * second.T * y - y.T * gram * gram * y)


@symbolic
def test_the_flow_conserves_the_imbalance_for_every_size() -> None:
    """d/dt D = -(D_2^T W_2 + W_2^T D_2) + D_1 W_1^T + W_1 D_1^T = 0."""
    weights, target = network_symbols(2)
    one, two = layer_gradients(weights, target)
    first, second = weights
    assert is_zero(two.T * second + second.T * two - one * first.T - first * one.T)


@symbolic
def test_one_output_and_one_input_for_every_width() -> None:
    """With |p|^2, |q|^2 and q.p symbols: the eigenvalues of q q^T - p p^T that are not 0 are those of its matrix on the
    span; Delta^2 = t^2 + 4 g, and (|p|^2 + |q|^2)^2 = Delta^2 + 4 (q.p)^2; L' = -(|p|^2 + |q|^2) G^2."""
    pp, qq, qp = sympy.symbols("pp qq qp", real=True)
    on_span = sympy.Matrix([[qq, qp], [-qp, -pp]])  # images of q and p under D, in terms of q and p
    t, g = qq - pp, qq * pp - qp**2
    assert sympy.expand(on_span.trace() - t) == sympy.expand(on_span.det() + g) == 0
    assert sympy.expand((pp + qq) ** 2 - (t**2 + 4 * g) - 4 * qp**2) == 0
    least = theorem_rate(MU, NU)
    assert sympy.expand(least - sympy.sqrt((MU + NU) ** 2 + 4 * S**2)) == 0


def theorem_rate(mu: sympy.Expr, nu: sympy.Expr) -> sympy.Expr:
    """alpha for m = n = 1, where mu' = nu and nu' = mu."""

    def f(gap: sympy.Expr, opposite: sympy.Expr) -> sympy.Expr:
        return (gap - opposite + sympy.sqrt((gap + opposite) ** 2 + 4 * S**2)) / 2

    return f(mu, nu) + f(nu, mu)


@symbolic
def test_a_step_for_every_size() -> None:
    """W(t+1) = W - eta V + eta^2 D_2 D_1, <G, V> = S, D_2 D_1 = G W_1^T D_1 = D_2 W_2^T G, and the imbalance."""
    weights, target = network_symbols(2)
    first, second = weights
    one, two = layer_gradients(weights, target)
    residual = second * first - target
    eta = sympy.Symbol("eta")
    after = (second - eta * two) * (first - eta * one)
    velocity = two * first + second * one
    assert is_zero(after - (second * first - eta * velocity + eta**2 * two * one))
    assert trace_vanishes(residual.T * velocity - one.T * one - two.T * two)
    assert is_zero(two * one - residual * first.T * one)
    assert is_zero(two * one - two * second.T * residual)
    moved = (second - eta * two).T * (second - eta * two) - (first - eta * one) * (first - eta * one).T
    before = second.T * second - first * first.T
    assert is_zero(moved - before - eta**2 * (two.T * two - one * one.T))


@symbolic
def test_what_a_step_keeps() -> None:
    """1 - g/2 - (x/2)(1 + g/2)^2 falls in x; at x = 1 - g it is 1/3 and a sum of what is not negative for g >= 0."""
    x, g = sympy.symbols("x g", nonnegative=True)
    kept = 1 - g / 2 - x / 2 * (1 + g / 2) ** 2
    third = sympy.Rational(str(SHARE))
    assert sympy.expand(sympy.diff(kept, x) + (1 + g / 2) ** 2 / 2) == 0
    rest = sympy.Rational(3, 8) * (g - 2 * third) ** 2 + g**3 / 8
    assert sympy.expand(kept.subs(x, 1 - g) - third - rest) == 0


@symbolic
def test_the_imbalance_keeps_half_of_its_rate() -> None:
    """eta <= alpha_0/(12 L(0)) makes 3 eta L(0) at most alpha_0/4; two eigenvalues that each move by that much leave
    alpha_0/2, and 2/3 of that is alpha_0/3. alpha_0 <= 2 |D|_2 makes |D(t)|_2 <= 3/2 |D(0)|_2."""
    rate, initial, norm = sympy.symbols("alpha L D", positive=True)
    moved = int(DRIFT) * (rate / (12 * initial)) * initial
    assert DRIFT * SHARE == 1  # eta^2 S <= 3 eta (L(t) - L(t+1))
    assert moved == rate / 4
    assert sympy.Rational(2, 3) * (rate - 2 * moved) == rate / 3
    assert norm + (2 * norm) / 4 == sympy.Rational(3, 2) * norm
