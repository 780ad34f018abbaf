"""Twice the learning rate of (A), or three times its imbalance: the rows close for these too, at every depth."""

from itertools import pairwise

import pytest
import sympy
from flint import arb, fmpq

from claims.beyond_balance.general_data.rows import ANYWHERE
from claims.beyond_balance.general_data.starts import ONE, limit, start
from claims.suite import Fate, ablates, control, symbolic
from claims.suite.symbols import is_one
from solvers.arithmetic import compare
from solvers.guarantees import general_data
from solvers.guarantees.general_data import after_steps

KEPT = fmpq(11, 20)
"""What the induction supposes of kept at every step so far, and finds again."""
PLACES = [fmpq(k, 64) for k in range(65)]
"""Ends of intervals of x = c / F."""
DEEP = 60
"""The depth from which one bound serves all."""


def imbalance(u: fmpq, x: fmpq, rate: fmpq | int, balance: int) -> fmpq:
    """b / c^{2/N} at most: b(0) is (N-1) ``balance`` delta, and all drifts together are 2 eta E(0) / kept."""
    return (u * (1 - u) * balance + u**2 * rate * (1 - x) ** 2 / KEPT) / 2


def kept(u: fmpq, z: arb, below: arb) -> arb:
    """At least 1 - tau - z/2 (1 + tau)^2, ``below`` being N y at most and tau <= (1-u)/2 N y exp((1-2u) N y)."""
    tau = (1 - u) / 2 * below * ((1 - 2 * u) * below).exp()
    return 1 - tau - z / 2 * (1 + tau) ** 2


def closes(share: arb, b: fmpq) -> bool:
    """That kept is what was supposed, and S_t's kept >= 1/2 sigma^{2-2/N} ||H||_F^2 by "first order"."""
    return bool(share > KEPT and 2 * share > 1 + b)


def closes_between(depth: int, low: fmpq, high: fmpq, rate: fmpq | int, balance: int) -> bool:
    """The rows at this depth for low <= x <= high: z = rate/(2N) x^{2/N} (2-x)^{2-2/N} (1 + 3/2 b)^{N-1}, and
    N y = z (1-x) / ((2-x) (1 + 3/2 b)^{N/2}), each factor at the end where it is larger."""
    u = fmpq(1, depth)
    b = imbalance(u, low, rate, balance)
    powers = arb(high) ** arb(2 * u) * arb(2 - low) ** arb(2 - 2 * u)
    z = rate * u / 2 * powers * (1 + fmpq(3, 2) * b) ** (depth - 1)
    least = 1 + fmpq(3, 2) * imbalance(u, high, rate, balance)
    below = z * (1 - low) / (2 - low) / arb(least) ** arb(fmpq(depth, 2))
    return closes(kept(u, z, below), b)


def closes_beyond(depth: int, rate: int, balance: int) -> bool:
    """The same for all depths from this one on: x^{2u} (2-x)^{2-2u} <= 4, (N-1) log(1 + 3/2 b) <= 3/4 times
    (``balance`` + u rate / kept), and N y <= z/2; what is left falls with N."""
    u = fmpq(1, depth)
    z = 2 * rate * u * (fmpq(3, 4) * (balance + u * rate / KEPT) + arb(0)).exp()
    tau = z / 4 * (z / 2).exp()
    return closes(1 - tau - z / 2 * (1 + tau) ** 2, (u * balance + u**2 * rate / KEPT) / 2)


@symbolic
@pytest.mark.parametrize(
    ("rate", "balance"),
    [
        pytest.param(
            2,
            1,
            marks=[
                ablates("DL-072", "learning rate", "2 N^2, x 2", Fate.TRUE),
                ablates("DL-013", "learning rate", "x 2", Fate.TRUE),
            ],
        ),
        pytest.param(
            1,
            3,
            marks=[
                ablates("DL-072", "balance", "2 N^2, x 3", Fate.TRUE),
                ablates("DL-013", "balance", "x 3", Fate.TRUE),
            ],
        ),
    ],
)
def test_the_rows_close_for_every_depth(rate: int, balance: int) -> None:
    """N = 2..59 and x in 64 intervals, in balls; N >= 60 at once. At depth 1 there is no imbalance, and eta s <= 1 for
    every eigenvalue s of S, so that (1 - eta s)^2 <= 1 - eta s_d."""
    intervals = list(pairwise(PLACES))
    assert all(closes_between(n, *ends, rate, balance) for n in range(2, DEEP) for ends in intervals)
    assert closes_beyond(DEEP, rate, balance)
    assert rate * general_data.learning_rate_limit(1, ONE, ONE, ONE, "each") <= 1


@symbolic
def test_the_rows_in_these_numbers_for_every_depth() -> None:
    """Symbols for F - c = G and for N: with M^2 = (2F - c)^{2/N} (1 + e) the proof's z and N y are those above;
    b / c^{2/N} of delta alone is u^2 / 2, and eta s_1 F^2 is ``rate`` delta."""
    c, rest, most, n, e, rate = sympy.symbols("c G s_1 N e rate", positive=True)
    f = c + rest
    x, other = c / f, (c + 2 * rest) / f  # 2 - x
    assert sympy.simplify(2 - x - other) == 0
    eta = rate * general_data.learning_rate_limit(n, c, f, most, "each")
    norm = (c + 2 * rest) ** (2 / n) * (1 + e)
    z = eta * most * n * norm ** (n - 1)
    assert is_one(z / (rate / (2 * n) * x ** (2 / n) * other ** (2 - 2 / n) * (1 + e) ** (n - 1)))
    below = eta * most * n * norm ** (n / 2 - 1) * rest
    assert is_one(below / (z * (rest / f) / other / (1 + e) ** (n / 2)))
    delta = general_data.imbalance_limit(n, c, "each")
    assert sympy.simplify(delta / c ** (2 / n) - 1 / (2 * n**2)) == 0
    assert sympy.simplify(eta * most * f**2 / delta - rate) == 0
    constants = {row.name: row.constant for row in ANYWHERE}
    assert constants["layer norms"] == fmpq(3, 2)
    assert constants["first order"] == 1


@control
def test_refuted_that_the_rows_close_for_more() -> None:
    """At 5/2 times the learning rate, or four times the imbalance, the argument ends: no theorem is refuted by that."""
    for rate, balance in ((fmpq(5, 2), 1), (fmpq(1), 4)):
        assert not all(closes_between(n, *ends, rate, balance) for n in range(2, 12) for ends in pairwise(PLACES))


@control
@ablates("DL-072", "learning rate", "2 N^2, x 2.01 at depth 1", Fate.RATE)
def test_refuted_beyond_twice_the_learning_rate_at_depth_one() -> None:
    """S = 1, c = 1 - 2^-11: at eta > 1 one step leaves more than 1 - eta < 0 of E."""
    c = 1 - fmpq(1, 2**11)
    eta = limit(1, c, ONE, 1, "each")
    for times, holds in ((fmpq(2), True), (fmpq(201, 100), False)):
        problem = start([1 + fmpq(1, 2**12)], 1, times * eta, 1)
        assert compare(after_steps(problem, c, 1)).holds is holds
