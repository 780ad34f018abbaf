"""Twice the learning rate of (A), or three times its imbalance: the rows close for these too, at every depth."""

from itertools import pairwise
from typing import Any

import pytest
import sympy
from flint import arb, fmpq

from claims.beyond_balance.general_data.rows import ANYWHERE
from claims.beyond_balance.general_data.starts import ONE, limit, start
from claims.convergence.proof_ledger.kept_bound import kept_at_least
from claims.suite import Fate, ablates, control, symbolic
from claims.suite.symbols import is_one
from solvers.arithmetic import compare
from solvers.guarantees import general_data
from solvers.guarantees.general_data import after_steps

KEPT = fmpq(11, 20)
"""What the induction supposes of kept at every step so far, and finds again."""
PLACES = [fmpq(k, 64) for k in range(65)]
"""Ends of intervals of x = c / F."""
DEEP = {(2, 1): 21, (1, 3): 43}
"""For a learning rate and an imbalance, the depth from which one bound serves all."""


def imbalance(u: fmpq, x: fmpq, rate: fmpq | int, balance: int) -> fmpq:
    """b / c^{2/N} at most: b(0) is (N-1) ``balance`` delta, and all drifts together are 2 eta E(0) / kept."""
    return (u * (1 - u) * balance + u**2 * rate * (1 - x) ** 2 / KEPT) / 2


def closes(share: arb, b: fmpq) -> bool:
    """That kept is what was supposed, and S_t's kept >= 1/2 sigma^{2-2/N} ||H||_F^2 by "first order"."""
    return bool(share > KEPT and 2 * share > 1 + b)


def size(u: Any, low: Any, high: Any, excess: Any, rate: Any) -> Any:
    """z = eta s_1 N M^{2N-2} = rate/(2N) x^{2/N} (2-x)^{2-2/N} (1 + e)^{N-1} at most, for low <= x <= high."""
    return rate * u / 2 * high ** (2 * u) * (2 - low) ** (2 - 2 * u) * (1 + excess) ** (1 / u - 1)


def reach(u: Any, low: Any, excess: Any, size: Any) -> Any:
    """N y = z (1-x) / ((2-x) (1 + e)^{N/2}) at most, for x >= low."""
    return size * (1 - low) / (2 - low) / (1 + excess) ** (1 / (2 * u))


def closes_between(depth: int, low: fmpq, high: fmpq, rate: fmpq | int, balance: int) -> bool:
    """The rows at this depth for low <= x <= high, with e = 3/2 b."""
    u = fmpq(1, depth)
    b, least = (imbalance(u, x, rate, balance) for x in (low, high))
    z = size(u, arb(low), arb(high), arb(fmpq(3, 2) * b), rate)
    return closes(kept_at_least(z, reach(u, arb(low), arb(fmpq(3, 2) * least), z), u), b)


def closes_beyond(depth: int, rate: int, balance: int) -> bool:
    """The same for all depths from this one on: x^{2u} (2-x)^{2-2u} <= 4, (N-1) log(1 + 3/2 b) <= 3/4 times
    (``balance`` + u rate / kept), and N y <= z/2; what is left falls with N."""
    u = fmpq(1, depth)
    z = 2 * rate * u * (fmpq(3, 4) * (balance + u * rate / KEPT) + arb(0)).exp()
    return closes(kept_at_least(z, z / 2), (u * balance + u**2 * rate / KEPT) / 2)


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
    """N up to 20, or 42, and x in 64 intervals, in balls; all further N at once. At depth 1 there is no imbalance, and
    eta s <= 1 for every eigenvalue s of S, so that (1 - eta s)^2 <= 1 - eta s_d."""
    intervals, deep = list(pairwise(PLACES)), DEEP[rate, balance]
    assert all(closes_between(n, *ends, rate, balance) for n in range(2, deep) for ends in intervals)
    assert closes_beyond(deep, rate, balance)
    assert not closes_beyond(deep - 1, rate, balance)
    assert rate * general_data.learning_rate_limit(1, ONE, ONE, ONE, "each") <= 1


@symbolic
def test_the_rows_in_these_numbers_for_every_depth() -> None:
    """Symbols for F - c = G and for N: with M^2 = (2F - c)^{2/N} (1 + e) the proof's z and N y are those above;
    b / c^{2/N} of delta alone is u^2 / 2, and eta s_1 F^2 is ``rate`` delta."""
    c, rest, most, n, e, rate = sympy.symbols("c G s_1 N e rate", positive=True)
    f = c + rest
    x, other = c / f, (c + 2 * rest) / f  # 2 - x
    assert sympy.simplify(2 - x - other) == 0

    def positive(expression: sympy.Expr) -> sympy.Expr:
        """With factors of positive symbols for 1 - x and 2 - x."""
        return expression.subs({2 - x: other, 1 - x: rest / f})

    eta = rate * general_data.learning_rate_limit(n, c, f, most, "each")
    norm = (c + 2 * rest) ** (2 / n) * (1 + e)
    z = eta * most * n * norm ** (n - 1)
    assert is_one(z / positive(size(1 / n, x, x, e, rate)))
    below = eta * most * n * norm ** (n / 2 - 1) * rest
    assert is_one(below / positive(reach(1 / n, x, e, z)))
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
