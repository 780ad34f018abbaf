"""Nearly twice the rate: the rows of the ledger at Theorem 1's own constants, and what is too much."""

import sympy
from flint import arb, fmpq

from claims.convergence.proof_ledger.kept_bound import kept_at_least
from claims.convergence.proof_ledger.lemmas import CONSTANTS
from claims.suite import control, symbolic
from claims.suite.symbols import is_one
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, lower_float, rational
from solvers.guarantees import theorem_one
from solvers.network import Problem, loss

MORE = sympy.Symbol("n", integer=True, nonnegative=True)  # N - 2
FACTOR = 2 - fmpq(1, 800)
WITH_DRIFT = 1 + fmpq(1, 40)
"""Times delta: the most that an imbalance becomes."""


@symbolic
def test_nearly_twice_the_rate_for_every_depth() -> None:
    """N >= 2, as 4 (N-1) <= N^2 and 8 (N-1) <= N^3: rho = (N-1) D / c^{2/N} <= 41/40 / 2048, e = 3/2 rho in M^2 =
    (2 Phi_F)^{2/N} (1 + e), z = eta N M^{2N-2} <= 4 exp(N e) / (6144 N^2) with N e <= 3/2 * 41/40 / 1024, and 2 kept /
    (1 + rho) is above 2 - 1/800; the drift is eta Phi_F^2 / (2 kept) <= delta / 40. At N = 1 the rate is twice 1."""
    n = MORE + 2
    assert sympy.expand(n**2 - 4 * (n - 1) - MORE**2) == 0
    assert sympy.expand(n**3 - 8 * (n - 1)).is_nonnegative
    c, phi, depth, e = sympy.symbols("c Phi N e", positive=True)
    x = c / phi
    rate, delta = (limit(depth, c, phi) for limit in (theorem_one.learning_rate_limit, theorem_one.imbalance_limit))
    assert is_one(delta / c ** (2 / depth) / (x ** (2 - 2 / depth) / (256 * depth**3)))
    z = x ** (4 - 2 / depth) * 2 ** (2 - 2 / depth) * (1 + e) ** (depth - 1) / (6144 * depth**2)
    assert is_one(rate * depth * (2 * phi) ** (2 - 2 / depth) * (1 + e) ** (depth - 1) / z)
    assert is_one(rate * phi**2 / delta / (x ** (2 - 2 / depth) / 24))
    rho = WITH_DRIFT / 2048
    size = arb(CONSTANTS["layer norms"] * WITH_DRIFT / 1024).exp() / 6144
    share = kept_at_least(size, size / 2)
    assert FACTOR * (1 + rho) < 2 * share < (2 - fmpq(1, 804)) * (1 + rho)
    assert 1 / (48 * share) < fmpq(1, 40)
    rest = sympy.Symbol("eta", nonnegative=True)
    assert sympy.expand(1 - 2 * rest + rest**2 - (1 - rest) ** 2) == 0  # N = 1: and eta <= 1/6144 <= 1/800
    assert theorem_one.learning_rate_limit(1, fmpq(1), fmpq(1)) <= 2 - FACTOR


def falls(factor: fmpq) -> Comparison:
    """L(1) <= (1 - factor eta c) L(0) for widths 1-1-2, the residual across W = (Phi_1, 0), and an imbalance of delta.

    Only W_2 moves, by W_1 = a: the residual becomes 1 - eta a^2 times what it was."""
    t, layer = fmpq(1, 2**20), 1 - fmpq(1, 8200)
    along, across = (1 - t**2) / (1 + t**2), 2 * t / (1 + t**2)
    weights = (arithmetic.exact([[layer]]), arithmetic.exact([[along / layer], [0]]))
    target, margin = arithmetic.exact([[along], [across]]), 1 - across
    rate = rational(lower_float(theorem_one.learning_rate_limit(2, margin, fmpq(1))))
    problem = Problem(weights, target, rate)
    assert not theorem_one.violated(problem, margin)
    after = problem.step()
    bound = (1 - factor * rate * margin) * loss(weights, target)
    return Comparison(loss(after.weights, target), "<=", bound, "loss after a step")


@control
def test_refuted_with_twice_the_rate() -> None:
    """The best factor is between 2 - 1/800 and 2 - 1/2100: what is not known of it."""
    assert compare(falls(FACTOR)).holds
    assert compare(falls(2 - fmpq(1, 2100))).fails
