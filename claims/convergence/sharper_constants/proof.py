"""What the constants rest on, for every depth; that they close is in ``entailed``."""

from functools import reduce
from operator import add, mul
from typing import Any

import sympy
from flint import arb, fmpq

from claims.convergence.proof_ledger.lemmas import ANYWHERE
from claims.convergence.sharper_constants import CLAIM
from claims.convergence.sharper_constants.rows import INDUCTION, SHARPER
from claims.suite import symbolic
from claims.suite.entailment import left_over
from claims.suite.symbols import is_one
from solvers.guarantees import sharper_constants, theorem_one

# x = c / Phi_F in (0, 1], Phi_F = 1 once every other power has cancelled; u = 1/N.

N, U, X = sympy.Symbol("N", positive=True), sympy.Symbol("u", positive=True), sympy.Symbol("x", positive=True)
PHI, C = sympy.symbols("phi c", positive=True)
DELTA = sharper_constants.imbalance_limit(N, C, PHI)
RATE = sharper_constants.learning_rate_limit(N, C, PHI)
E = 3 * (N - 1) / (2 * N**2)


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
def test_a_power_of_the_layers_is_at_least_eleven_eighths() -> None:
    """(1 + e)^{N/2} >= 1 + N e / 2 >= 11/8 for N >= 2, by Bernoulli's inequality."""
    more = sympy.Symbol("n", nonnegative=True)  # N = 2 + n
    gap = sympy.factor((1 + N * E / 2 - sympy.Rational(11, 8)).subs(N, 2 + more))
    assert sympy.simplify(gap - 3 * more / (8 * (2 + more))) == 0
    assert (3 * more / (8 * (2 + more))).is_nonnegative


LARGEST = sympy.Rational(121, 300)
"""What :func:`curvature` is at most for r = 2 - x > 0, q = 1 + e and N >= 2."""


def curvature(depth: Any, x: Any, r: Any, q: Any) -> Any:
    """x^{2/N} r^{2-2/N} q^{N-1} / (2N)."""
    return x ** (2 / depth) * r ** (2 - 2 / depth) * q ** (depth - 1) / (2 * depth)


@symbolic
def test_curvature_closes_for_every_depth_from_two() -> None:
    """The curvature is 121/300 at most. Its logarithm as a function of x has one critical point, x = 2u, a maximum;
    there it is at most g(u) - log 2, as log(1+e) <= e. g at N = 2, 3 are numbers; on (0, 1/4] it is concave, below a
    tangent."""
    assert sympy.simplify(((N - 1) * E).subs(N, 1 / U) - sympy.Rational(3, 2) * (1 - U) ** 2) == 0
    of_x = sympy.log(U) + 2 * U * sympy.log(X) + (2 - 2 * U) * sympy.log(2 - X)
    logarithm = sympy.expand_log(sympy.log(2 * curvature(1 / U, X, 2 - X, 1)), force=True)
    assert sympy.expand(logarithm - of_x) == 0
    assert sympy.simplify(sympy.diff(of_x, X) - (4 * U - 2 * X) / (X * (2 - X))) == 0  # + before x = 2u, - after
    g = of_x.subs(X, 2 * U) + sympy.Rational(3, 2) * (1 - U) ** 2
    first, second = sympy.diff(g, U), sympy.diff(g, U, 2)
    shift = sympy.Symbol("v", nonnegative=True)  # u = 1 / (4 + v)
    numerator = sympy.expand(sympy.simplify(-second * U**2 * (1 - U)).subs(U, 1 / (4 + shift)) * (4 + shift) ** 3)
    assert sympy.simplify(numerator).expand().is_positive
    most = fmpq(LARGEST.p, LARGEST.q)
    for u in (fmpq(1, 2), fmpq(1, 3)):
        assert _in_balls(g, u).exp() / 2 < most
    at = fmpq(9, 50)
    for end in (fmpq(0), fmpq(1, 4)):
        assert (_in_balls(g, at) + _in_balls(first, at) * (end - at)).exp() / 2 < most


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
def test_the_ledger_is_a_proof() -> None:
    """Rows use earlier ones only; each hypothesis is used; the induction needs all the rows."""
    assert left_over((*ANYWHERE, *SHARPER), INDUCTION) == set()
    assert {hypothesis for row in SHARPER for hypothesis in row.hypotheses} == set(CLAIM.hypotheses)
