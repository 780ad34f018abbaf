"""That nothing is worse, for every depth: the remainder of second order, and the total drift to first order in eta."""

import sympy

from claims.suite import symbolic
from claims.suite.symbols import is_one
from solvers.guarantees import theorem_one


@symbolic
def test_remainder_for_every_depth() -> None:
    """sum_{k >= 2} binom(N, k) x^k over 2 N^2 x^2 grows with x, as binom(k + m, k) = (k+m)! / (k! m!) > 0 (and the sum
    is (1 + x)^N - 1 - N x: by induction on N, Pascal's rule), so x = 1/(2N) is the worst; then 2 sqrt(e) - 3, for large
    N, is the supremum, since (1 + 1/(2N))^N grows with N: its logarithm's derivative in y = 1/(2N) is never
    positive."""
    k, m = sympy.symbols("k m", integer=True, nonnegative=True)
    coefficient = sympy.factorial(k + m) / (sympy.factorial(k) * sympy.factorial(m))
    assert sympy.combsimp(sympy.binomial(k + m, k).rewrite(sympy.factorial) / coefficient) == 1
    assert coefficient.is_positive
    pascal = sympy.binomial(k + m, k + 1) + sympy.binomial(k + m, k)
    assert sympy.combsimp((pascal / sympy.binomial(k + m + 1, k + 1)).rewrite(sympy.gamma)) == 1
    depth, y = sympy.symbols("N y", positive=True)
    ratio = 2 * ((1 + 1 / (2 * depth)) ** depth - sympy.Rational(3, 2))
    assert sympy.limit(ratio, depth, sympy.oo) == 2 * sympy.exp(sympy.Rational(1, 2)) - 3
    slope = sympy.diff(sympy.log(1 + y) / (2 * y), y) * 2 * y**2  # y / (1 + y) - log(1 + y): 0 at 0, and falling
    assert sympy.simplify(slope - (y / (1 + y) - sympy.log(1 + y))) == 0
    assert sympy.simplify(sympy.diff(slope, y) + y / (1 + y) ** 2) == 0


@symbolic
def test_total_drift_for_every_depth() -> None:
    """eta L(0) / delta is at most u^a (1 - u)^2 / 48 with u = c / Phi_F, a = 2 - 2/N; at its maximum u = a / (a + 2)
    the logarithm's derivative in a is log u < 0, so depth 2, a = 1, is the worst of all with an imbalance: 1/324.

    And for equal scalar layers at depth 2 with residual r = Phi - w^2 > 0 a step has L(t) - L(t+1) <= eta (1 + eta r/2)
    sum_j ||D_j||^2."""
    u, a, c, phi = sympy.symbols("u a c phi", positive=True)
    depth = sympy.Symbol("N", integer=True, positive=True)
    rate, delta = theorem_one.learning_rate_limit(depth, c, phi), theorem_one.imbalance_limit(depth, c, phi)
    quotient = rate * (phi - c) ** 2 / 2 / delta / ((c / phi) ** (2 - 2 / depth) * (1 - c / phi) ** 2 / 48)
    assert is_one(quotient.subs(phi, c + u))
    value = a * sympy.log(u) + 2 * sympy.log(1 - u)
    top = a / (a + 2)
    assert sympy.simplify(sympy.diff(value, u).subs(u, top)) == 0
    assert sympy.simplify(sympy.diff(value.subs(u, top), a) - sympy.log(top)) == 0
    assert (u * (1 - u) ** 2 / 48).subs(u, sympy.Rational(1, 3)) == sympy.Rational(1, 324)
    w, r, eta = sympy.symbols("w r eta", positive=True)
    after = r + w**2 - (w * (1 + eta * r)) ** 2
    shrunk = 1 - after / r  # L(t) - L(t+1) = r^2 / 2 (1 - (1 - a)^2) <= r^2 a with this a
    assert sympy.expand(r**2 * shrunk - eta * (1 + eta * r / 2) * 2 * (w * r) ** 2) == 0
