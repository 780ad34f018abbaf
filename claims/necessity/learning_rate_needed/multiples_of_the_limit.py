"""How large is small enough: 9078 times Theorem 1's limit is, and 9080 times is not, at depth 1."""

import sympy
from flint import arb, fmpq

from claims.necessity.learning_rate_needed.scalar_networks import N
from claims.suite import Fate, ablates, control, symbolic
from solvers import arithmetic
from solvers.arithmetic import decide
from solvers.guarantees import sharper_constants, theorem_one
from solvers.network import Problem


@symbolic
@ablates("DL-004", "learning rate", "x 10", Fate.TRUE)
@ablates("DL-004", "learning rate", "x 1000", Fate.TRUE)
@ablates("DL-004", "learning rate", "x 6144", Fate.TRUE)
def test_six_thousand_times_the_learning_rate_is_still_small_enough_for_every_depth() -> None:
    """N >= 2: by the stronger theorem of ``sharper_constants`` (DL-013), eta <= c^{2/N} / (2 N^2 Phi_F^2):
    3072 N x^{-(4-4/N)} times the limit, x = c / Phi_F <= 1. It asks for less balance too. N = 1: eta <= x^2 <= 1,
    and (1 - eta)^2 <= 1 - eta <= exp(-eta)."""
    more, t = sympy.Symbol("n", integer=True, nonnegative=True), sympy.Symbol("t", nonnegative=True)  # x = exp(-t)
    excess = sympy.log(1 + more / 2) + 4 * (1 + more) / (2 + more) * t  # N = 2 + n
    assert sympy.simplify(sympy.log(3072 * N) + (4 - 4 / N) * t - sympy.log(6144) - excess.subs(more, N - 2)) == 0
    assert excess.is_nonnegative
    for n in (2, 3, 7, 1000):  # the formulas above are those in use
        for x in (fmpq(1), fmpq(1, 2), fmpq(1, 64)):
            quotient = arb(sharper_constants.learning_rate_limit(n, x, fmpq(1))) / arb(
                theorem_one.learning_rate_limit(n, x, fmpq(1))
            )
            assert abs(quotient.log() - (arb(3072 * n).log() - (4 - arb(4) / n) * arb(x).log())) < arb(2) ** -40
    assert 6144 * theorem_one.learning_rate_limit(1, fmpq(1, 2), fmpq(1)) == fmpq(1, 4)
    rest = sympy.Symbol("rest", nonnegative=True)  # 1 - eta
    assert sympy.expand(rest - rest**2 - rest * (1 - rest)) == 0


TIMES = 9078
"""The most that depth 1 allows."""


@symbolic
@ablates("DL-004", "learning rate", "x 9078", Fate.TRUE)
def test_nine_thousand_times_the_learning_rate_is_still_small_enough_for_every_depth() -> None:
    """N >= 3: 3072 N >= 9216. N = 2: at most twice the limit of DL-013, as 9078 / 6144 < 2, which is enough
    (``general_data``, DL-072). N = 1: eta <= 9078 / 6144 x^2; up to 1 (1 - eta)^2 <= 1 - eta, beyond it (1 - eta)^2
    rises and exp(-eta) falls, and at the end the first is still less."""
    assert TIMES <= 3072 * 3
    two = 2 * sharper_constants.learning_rate_limit(2, fmpq(1), fmpq(1))
    assert TIMES * theorem_one.learning_rate_limit(2, fmpq(1), fmpq(1)) <= two
    eta = sympy.Symbol("eta", positive=True)
    assert sympy.diff((1 - (1 + eta)) ** 2, eta).is_positive
    assert sympy.diff(sympy.exp(-eta), eta).is_negative
    most = TIMES * theorem_one.learning_rate_limit(1, fmpq(1), fmpq(1))
    assert (1 - most) ** 2 < arb(-most).exp()


@control
@ablates("DL-004", "learning rate", "x 9080 at depth 1", Fate.RATE)
def test_refuted_beyond_nine_thousand_times_the_learning_rate() -> None:
    """Depth 1, W = 1 + 2^-20, Phi = 1, c = 1 - 2^-19: at 9080 times the limit every step misses the rate, and at 9078
    times none does; descent converges at both."""
    margin, weight = 1 - fmpq(1, 2**19), arithmetic.exact([[1 + fmpq(1, 2**20)]])
    limit = theorem_one.learning_rate_limit(1, margin, fmpq(1))
    for times, keeps in ((TIMES, True), (9080, False)):
        problem = Problem((weight,), arithmetic.exact([[1]]), times * limit)
        assert theorem_one.violated(problem, margin).keys() == {"learning rate against its limit"}
        assert decide(lambda one: theorem_one.after_one_step(one, margin), problem).holds is keeps
        assert problem.learning_rate < 2
