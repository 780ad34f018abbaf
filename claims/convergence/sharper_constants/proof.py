"""The constants close, for every depth: each row follows from those before it."""

from functools import reduce
from operator import add, mul
from typing import Any

import sympy
from flint import arb, fmpq

from claims.convergence.proof_ledger.state import HALF
from claims.convergence.sharper_constants.rows import SHARP
from claims.suite import symbolic
from claims.suite.symbols import is_one
from solvers.guarantees import sharper_constants, theorem_one

# x = c / Phi_F in (0, 1], Phi_F = 1 once every other power has cancelled; u = 1/N.

N, U, X = sympy.Symbol("N", positive=True), sympy.Symbol("u", positive=True), sympy.Symbol("x", positive=True)
PHI, C = sympy.symbols("phi c", positive=True)
DELTA = sharper_constants.imbalance_limit(N, C, PHI)
RATE = sharper_constants.learning_rate_limit(N, C, PHI)


@symbolic
def test_the_same_form_as_theorem_one_follows_for_every_depth() -> None:
    """The quotients of the limits in the two forms are x^{4-4/N} and x^{2-2/N}, at most 1 for N >= 1 and x <= 1; and
    those with ACGH19's limits are 3072 N and 128 N."""
    paper_rate, paper_delta = theorem_one.learning_rate_limit(N, C, PHI), theorem_one.imbalance_limit(N, C, PHI)
    assert is_one(3072 * N * paper_rate / RATE / (C / PHI) ** (4 - 4 / N))
    assert is_one(128 * N * paper_delta / DELTA / (C / PHI) ** (2 - 2 / N))
    more = sympy.Symbol("n", nonnegative=True)
    assert sympy.simplify((2 - 2 / N).subs(N, 1 + more)).is_nonnegative
    for depth in (1, 2, 3, 7):
        ones = (depth, fmpq(1), fmpq(1))
        assert sharper_constants.learning_rate_limit(*ones) == 3072 * depth * theorem_one.learning_rate_limit(*ones)
        assert sharper_constants.imbalance_limit(*ones) == 128 * depth * theorem_one.imbalance_limit(*ones)


@symbolic
def test_imbalance_and_drift_close_for_every_depth() -> None:
    """(N-1) 2 delta = (N-1)/N^2 c^{2/N} and N^2 - 4 (N-1) = (N-2)^2; eta Phi_F^2 = delta."""
    assert sympy.simplify((N - 1) * 2 * DELTA / C ** (2 / N) - (N - 1) / N**2) == 0
    assert sympy.expand(N**2 - 4 * (N - 1) - (N - 2) ** 2) == 0
    assert sympy.simplify(RATE * PHI**2 / DELTA) == SHARP["total drift"] == 1
    assert SHARP["small imbalance"] == fmpq(1, 4)


@symbolic
def test_layers_close_for_every_depth() -> None:
    """M^2 = C^{2/N} (1 + e): 3/2 (N-1) 2 delta = e c^{2/N} and c <= C as x <= 1; M^N >= 11/8 C for N >= 2."""
    e = 3 * (N - 1) / (2 * N**2)
    assert sympy.simplify(sympy.Rational(3, 2) * (N - 1) * 2 * DELTA - e * C ** (2 / N)) == 0
    rest = sympy.Symbol("rest", nonnegative=True)  # 1 - x
    assert sympy.expand((2 - X) - X).subs(X, 1 - rest).expand() == 2 * rest
    more = sympy.Symbol("n", nonnegative=True)  # N = 2 + n
    gap = sympy.factor((1 + N * e / 2 - sympy.Rational(11, 8)).subs(N, 2 + more))
    assert sympy.simplify(gap - 3 * more / (8 * (2 + more))) == 0
    assert (3 * more / (8 * (2 + more))).is_nonnegative


@symbolic
def test_curvature_closes_for_every_depth_from_two() -> None:
    """eta N M^{2N-2} <= 121/300. Its logarithm as a function of x has one critical point, x = 2u, a maximum; there it
    is at most g(u) - log 2, as log(1+e) <= e. g at N = 2, 3 are numbers; on (0, 1/4] it is concave, below a tangent."""
    e = 3 * (N - 1) / (2 * N**2)
    assert sympy.simplify(((N - 1) * e).subs(N, 1 / U) - sympy.Rational(3, 2) * (1 - U) ** 2) == 0
    of_x = sympy.log(U) + 2 * U * sympy.log(X) + (2 - 2 * U) * sympy.log(2 - X)
    assert sympy.simplify(sympy.diff(of_x, X) - (4 * U - 2 * X) / (X * (2 - X))) == 0  # + before x = 2u, - after
    g = of_x.subs(X, 2 * U) + sympy.Rational(3, 2) * (1 - U) ** 2
    first, second = sympy.diff(g, U), sympy.diff(g, U, 2)
    shift = sympy.Symbol("v", nonnegative=True)  # u = 1 / (4 + v)
    numerator = sympy.expand(sympy.simplify(-second * U**2 * (1 - U)).subs(U, 1 / (4 + shift)) * (4 + shift) ** 3)
    assert sympy.simplify(numerator).expand().is_positive
    for u in (fmpq(1, 2), fmpq(1, 3)):
        assert _in_balls(g, u).exp() / 2 < fmpq(121, 300)
    at = fmpq(9, 50)
    for end in (fmpq(0), fmpq(1, 4)):
        assert (_in_balls(g, at) + _in_balls(first, at) * (end - at)).exp() / 2 < fmpq(121, 300)


def _in_balls(expression: Any, u: fmpq) -> arb:
    """A formula of sums, products, whole powers, logarithms and rationals in u, at a rational u."""
    if expression == U:
        return arb(u)
    if expression.is_Rational:
        return arb(fmpq(int(expression.p), int(expression.q)))
    if expression.is_Pow:
        return _in_balls(expression.base, u) ** int(expression.exp)
    parts = [_in_balls(part, u) for part in expression.args]
    if expression.func is sympy.log:
        return parts[0].log()
    assert expression.is_Add or expression.is_Mul
    return reduce(add if expression.is_Add else mul, parts)


@symbolic
def test_kept_and_lemma_close_for_every_depth() -> None:
    """N y = z |G|_2 / M^N <= z (1-x)/(2-x) * 8/11 <= 4/11 z with z = 121/300; tau <= N y exp(N y) / 2, as
    (N-1)/N <= 1 and (1+y)^{N-2} <= exp(N y); then kept >= 2/3 >= 1/2 * 5/4. At depth 1 kept = 1 - eta/2 >= 3/4."""
    assert sympy.simplify(sympy.Rational(1, 2) - (1 - X) / (2 - X) - X / (2 * (2 - X))) == 0
    z = fmpq(121, 300)
    ny = z * fmpq(1, 2) * fmpq(8, 11)
    tau = ny / 2 * arb(ny).exp()
    assert tau + z / 2 * (1 + tau) ** 2 < 1 - SHARP["kept"]
    assert SHARP["kept"] >= SHARP["lemma"] * (1 + SHARP["small imbalance"])
    assert SHARP["kept"] * SHARP["potential"] >= 1
    assert SHARP["kept"] <= 1 - HALF / 2
