"""How much balance is enough: 3070 times Theorem 1's delta, at every depth."""

import sympy
from flint import arb, fmpq

from claims.convergence.proof_ledger.kept_bound import kept_at_least
from claims.convergence.proof_ledger.lemmas import CONSTANTS
from claims.suite import Fate, ablates, control, symbolic
from claims.suite.relations import vanishes
from claims.suite.symbols import is_one, network_symbols
from solvers.guarantees import sharper_constants, theorem_one

MORE = sympy.Symbol("n", integer=True, nonnegative=True)  # N - 2
TIMES = 3070
WITH_DRIFT = TIMES + fmpq(1, 40)
"""Times delta: the most that an imbalance becomes."""


@symbolic
@ablates("DL-004", "balance", "x 10", Fate.TRUE)
@ablates("DL-004", "balance", "x 256", Fate.TRUE)
def test_two_hundred_and_fifty_six_times_delta_is_still_enough_for_every_depth() -> None:
    """By the stronger theorem of ``sharper_constants`` (DL-013), which asks for c^{2/N} / (2 N^2): that is
    128 N x^{-(2-2/N)} times delta, x = c / Phi_F <= 1, so 256 times at least for N >= 2 (at depth 1 nothing is asked).
    It allows a larger learning rate too (``learning_rate_needed``)."""
    depth, t = MORE + 2, sympy.Symbol("t", nonnegative=True)  # x = exp(-t)
    log_quotient = sympy.log(128 * depth) + (2 - 2 / depth) * t
    assert sympy.simplify(log_quotient - sympy.log(256) - sympy.log(1 + MORE / 2) - 2 * (MORE + 1) / depth * t) == 0
    assert (sympy.log(1 + MORE / 2) + 2 * (MORE + 1) / depth * t).is_nonnegative
    for n in (2, 3, 7, 1000):  # the formulas above are those in use
        for x in (fmpq(1), fmpq(1, 2), fmpq(1, 64)):
            quotient = arb(sharper_constants.imbalance_limit(n, x, fmpq(1))) / arb(
                theorem_one.imbalance_limit(n, x, fmpq(1))
            )
            assert abs(quotient.log() - ((arb(128 * n)).log() - (2 - arb(2) / n) * arb(x).log())) < arb(2) ** -40


@symbolic
@ablates("DL-004", "balance", "x 1000", Fate.TRUE)
@ablates("DL-004", "balance", "x 3070", Fate.TRUE)
def test_the_gradient_of_the_second_of_two_layers() -> None:
    """N = 2, d_N <= d_0, W_2 W_2^T y = a y: |W^T y|^2 = a^2 |y|^2 - (W_2^T y)^T B (W_2^T y), |W_2^T y|^2 = a |y|^2; for
    any sizes. So sigma^2 <= a (a + D), with |y| = 1, where a = sigma_min(W_2)^2 and S >= a ||G||_F^2."""
    (first, second), _ = network_symbols(2)
    y, a = sympy.MatrixSymbol("y", second.rows, 1), sympy.Symbol("a")
    product, read = second * first, second.T * y
    imbalance = second.T * second - first * first.T
    own = [(second * second.T * y, a * y)]
    assert vanishes(read.T * read - a * y.T * y, own)
    seen = y.T * product * product.T * y
    assert vanishes(seen - a**2 * y.T * y + read.T * imbalance * read, own)
    assert not vanishes(seen - a**2 * y.T * y, own)


@symbolic
@ablates("DL-004", "balance", "x 1000", Fate.TRUE)
@ablates("DL-004", "balance", "x 3070", Fate.TRUE)
def test_three_thousand_and_seventy_times_delta_close_for_every_depth() -> None:
    """The constants of the proof, x = c / Phi_F <= 1: d is F x^{2-2/N} / (256 N^3), z = eta N M^{2N-2} is
    (2x)^{2-2/N} x^2 (1 + e)^{N-1} / (6144 N^2) with e = 3/2 (N-1) d; the drift is eta / kept Phi_F^2 / 2 at most."""
    c, phi, depth, e = sympy.symbols("c Phi N e", positive=True)
    x = c / phi
    rate, delta = (limit(depth, c, phi) for limit in (theorem_one.learning_rate_limit, theorem_one.imbalance_limit))
    assert is_one(delta / c ** (2 / depth) / (x ** (2 - 2 / depth) / (256 * depth**3)))
    largest = (2 * phi) ** (2 - 2 / depth) * (1 + e) ** (depth - 1)
    z = x ** (4 - 2 / depth) * 2 ** (2 - 2 / depth) * (1 + e) ** (depth - 1) / (6144 * depth**2)
    assert is_one(rate * depth * largest / z)
    assert is_one(z.subs({depth: 2, c: phi}) / size_of_two(fmpq(2, 3) * e))
    assert is_one(rate * phi**2 / delta / (x ** (2 - 2 / depth) / 24))
    assert sympy.simplify((2 - 2 / depth).subs(depth, 2 + MORE)).is_positive
    assert CONSTANTS["layer norms"] == fmpq(3, 2)


@symbolic
@ablates("DL-004", "balance", "x 1000", Fate.TRUE)
@ablates("DL-004", "balance", "x 3070", Fate.TRUE)
def test_half_of_the_descent_is_left_for_every_depth() -> None:
    """N = 2: d <= (F + 1/40) / 2048 and z <= (1 + 3/2 d) / (2 * 6144), and h (h + d) <= 1 at h = 1 / (2 kept), so that
    a (a + D) >= c^2 gives a >= h c. N >= 3: (N-1) d <= (F + 1/40) / 3456, z <= 4/9 exp(4/27 * 3/2 (F + 1/40) / 256) /
    6144, as 27 (N-1)^2 <= 4 N^3 and 27 (N-1) <= 2 N^3: then 1 + (N-1) d <= 2 kept."""
    two, deeper = share_of_two(WITH_DRIFT), fmpq(4, 27) * fmpq(3, 2) * WITH_DRIFT / 256
    assert two > 1
    n = MORE + 3
    assert sympy.expand(4 * n**3 - 27 * (n - 1) ** 2 - MORE**2 * (4 * n - 3)) == 0
    assert sympy.expand(2 * n**3 - 27 * (n - 1) - MORE * (2 * n**2 + 6 * n - 9)) == 0
    assert sympy.expand(2 * n**2 + 6 * n - 9).is_positive
    size = fmpq(4, 9) * arb(deeper).exp() / 6144
    assert 2 * kept_at_least(size, size / 2) > 1 + WITH_DRIFT / 3456
    assert all(
        1 / (48 * kept_at_least(each, each / 2)) < fmpq(1, 40) for each in (size, size_of_two(WITH_DRIFT / 2048))
    )


def size_of_two(d: fmpq) -> fmpq:
    """eta N M^{2N-2} at N = 2."""
    return (1 + fmpq(3, 2) * d) / (2 * 6144)


def share_of_two(times: fmpq) -> arb:
    """1 / (h (h + d)) at h = 1 / (2 kept), for so many times delta: above 1 where it is enough."""
    d = times / 2048
    size = size_of_two(d)
    h = 1 / (2 * kept_at_least(size, size / 2))
    return 1 / (h * (h + d))


@control
def test_refuted_that_the_argument_goes_further() -> None:
    """At 3071 times delta, as bounded here, less than half of the descent is left."""
    assert share_of_two(WITH_DRIFT + 1) < 1
