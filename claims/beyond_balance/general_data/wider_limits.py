"""Twice to eight times the limits: (A) and (B) with a larger learning rate, or a larger imbalance, for every depth.

Let l, u, f, x and g be those of ``eigenvalues``. As |W|_2 <= F (1 + g), "layer norms" bounds M^2 by (F (1 + g))^{2/N}
(1 + e), and with it z and N y, for each x and g, b being what "drift" says. Where f(l) >= 1/2 sigma^{2-2/N} and
f(u) / u > k >= 1/(2N) the step has its rate, and all of it holds again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
import sympy
from flint import arb, fmpq

from claims.beyond_balance.general_data.eigenvalues import by_eigenvalue, drift_so_far
from claims.beyond_balance.general_data.rows import ANYWHERE
from claims.beyond_balance.general_data.starts import ONE
from claims.convergence.proof_ledger.kept_bound import tau_at_most
from claims.suite import Fate, ablates, control, symbolic
from claims.suite.symbols import is_one
from solvers.guarantees.general_data import BALANCES, Balance, imbalance_limit, learning_rate_limit

Cell = tuple[fmpq, fmpq, fmpq, fmpq]
"""Where x is, and where g is."""
EVERYWHERE: Cell = (fmpq(0), fmpq(1), fmpq(0), fmpq(1))


USUAL = fmpq(3, 10)
"""What kept is at least, but where that is said."""


@dataclass(frozen=True)
class Wider:
    """So many times the learning rate and the imbalance of a theorem; ``kept`` is k, what the induction supposes of
    kept at every step so far, and finds again. From the depth ``deep`` on one bound serves all."""

    balance: Balance
    rate: fmpq | int
    imbalance: fmpq | int
    kept: fmpq = USUAL
    deep: int = 1

    def pace(self, depth: int) -> fmpq:
        """eta s_1 F^2 / c^{2/N}."""
        return self.rate * fmpq(learning_rate_limit(depth, ONE, ONE, ONE, self.balance))

    def start(self, depth: int, count: int) -> fmpq:
        """b(0) / c^{2/N} at most: in (A) it is of ``count`` imbalances."""
        return (
            self.imbalance * (count if self.balance == "each" else 1) * fmpq(imbalance_limit(depth, ONE, self.balance))
        )


def size(pace: Any, u: Any, x: Any, g: Any, excess: Any) -> Any:
    """z = eta s_1 N M^{2N-2} where M^2 = (F (1 + g))^{2/N} (1 + e)."""
    return pace / u * x ** (2 * u) * (1 + g) ** (2 - 2 * u) * (1 + excess) ** (1 / u - 1)


def reach(pace: Any, u: Any, x: Any, g: Any, excess: Any) -> Any:
    """N y = N eta s_1 M^{N-2} F g."""
    return pace / u * x ** (2 * u) * g * (1 + g) ** (1 - 2 * u) * (1 + excess) ** (1 / (2 * u) - 1)


def closes(kept: fmpq, z: arb, top: arb, below: arb, b: Any, u: fmpq, tail: fmpq) -> bool:
    """That f(u) / u is more than was supposed of kept, and f(l) enough: eta s_1 l <= z / N, and l >= sigma^{2-2/N} /
    (1 + b / c^{2/N}). ``top`` is eta s_1 u; ``tail`` is u = 1/N, or 0 for all smaller ones."""
    tau = tau_at_most(below, tail)
    most, least = (by_eigenvalue(1, tau, z, part) for part in (top, u * z))
    return bool(most > kept and 2 * least >= 1 + b)


def spent(case: Wider, depth: int, x: fmpq, g: fmpq) -> fmpq:
    """b(t) / c^{2/N} at most."""
    moved: fmpq = drift_so_far(case.pace(depth), case.kept, depth, x, g)
    return case.start(depth, depth - 1) + moved


def spent_beyond(case: Wider, depth: int, g: fmpq) -> fmpq:
    """The same for every x, and N times it at all depths N from this one on: there nothing is halved, and N delta is
    not (N-1) delta."""
    return case.start(depth, depth) + case.pace(depth) * (1 - g**2) / case.kept


def closes_on(case: Wider, depth: int, cell: Cell) -> bool:
    """The rows at this depth for x and g in a cell; nothing where g > 1 - x."""
    low, high, near, far = cell
    if near > 1 - low:
        return True
    u, pace = fmpq(1, depth), case.pace(depth)
    b = spent(case, depth, low, near)
    excess = fmpq(3, 2) * b * (arb(high) / (1 + near)) ** (2 * u)
    z, below = (bound(pace, u, arb(high), arb(far), excess) for bound in (size, reach))
    return closes(case.kept, z, z, below, b, u, u)


def closes_beyond(case: Wider, depth: int, cell: Cell) -> bool:
    """The same for all depths from this one on: x^{2/N} <= 1, and (N-1) log(1 + 3/2 b / c^{2/N}) <= 3/2 N b / c^{2/N},
    the half of it for N/2 - 1; and beta <= b / c^{2/N}. What is left falls with N."""
    _, _, near, far = cell
    u, pace = fmpq(1, depth), case.pace(depth)
    b = spent_beyond(case, depth, near)
    grown, largest = ((share * depth * arb(b)).exp() for share in (fmpq(3, 4), fmpq(1, 2) / (1 - b)))
    z, below = pace * depth * ((1 + far) * grown) ** 2, pace * depth * far * (1 + far) * grown
    return b < 1 and closes(case.kept, z, pace * depth * (1 + far) ** 2 * largest, below, b, u, fmpq(0))


def throughout(closes_in: Callable[[Cell], bool], cell: Cell = EVERYWHERE, halvings: int = 7) -> bool:
    """Whether something closes in every part of a cell, halved where it does not at once."""
    if closes_in(cell):
        return True
    low, high, near, far = cell
    x, g = (low + high) / 2, (near + far) / 2
    parts = [(*ends, *others) for ends in ((low, x), (x, high)) for others in ((near, g), (g, far))]
    return halvings > 0 and all(throughout(closes_in, part, halvings - 1) for part in parts)


@symbolic
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            Wider("each", 4, 1, deep=19),
            marks=[
                ablates("DL-072", "learning rate", "2 N^2, x 4 from depth 2 on", Fate.TRUE),
                ablates("DL-013", "learning rate", "x 4 from depth 2 on", Fate.TRUE),
            ],
        ),
        pytest.param(
            Wider("each", 1, 5, deep=29),
            marks=[
                ablates("DL-072", "balance", "2 N^2, x 5", Fate.TRUE),
                ablates("DL-013", "balance", "x 5", Fate.TRUE),
            ],
        ),
        pytest.param(Wider("sum", 2, 1, deep=3), marks=ablates("DL-072", "learning rate", "15 N, x 2", Fate.TRUE)),
        pytest.param(
            Wider("sum", 1, 8, fmpq(1, 4), deep=17), marks=ablates("DL-072", "balance", "7 N, x 8", Fate.TRUE)
        ),
    ],
    ids=["A-rate", "A-imbalance", "B-rate", "B-imbalance"],
)
def test_the_rows_close_for_every_depth(case: Wider) -> None:
    """In balls: each N below ``deep``, and all further ones at once. At depth 1, where there is no imbalance, the
    limits of (A) and (B) allow eta s_1 <= 1 twice and 15 times over."""
    assert all(throughout(partial(closes_on, case, depth)) for depth in range(2, case.deep))
    assert throughout(partial(closes_beyond, case, case.deep))
    assert not throughout(partial(closes_beyond, case, case.deep - 1))


@symbolic
def test_what_is_spent_in_numbers() -> None:
    """N = 3, x = 1/2, g = 1/4 in (A), four times eta: 2 delta at the start, 4/18 (1/4 - 1/16) over 3/10 so far."""
    moved = fmpq(4, 18) * fmpq(3, 16) / fmpq(3, 10)
    assert spent(Wider("each", 4, 1), 3, fmpq(1, 2), fmpq(1, 4)) == fmpq(2, 18) + moved
    assert spent(Wider("sum", 1, 8), 3, fmpq(1), fmpq(0)) == fmpq(8, 21)
    further = fmpq(4, 18) * fmpq(15, 16) / fmpq(3, 10)
    assert spent_beyond(Wider("each", 4, 1), 3, fmpq(1, 4)) == fmpq(3, 18) + further


@symbolic
@ablates("DL-072", "learning rate", "2 N^2, x 2 at depth 1", Fate.TRUE)
@ablates("DL-013", "learning rate", "x 2 at depth 1", Fate.TRUE)
def test_twice_the_learning_rate_at_depth_one() -> None:
    """Along an eigenvector of S G shrinks by 1 - eta s, and (1 - eta s)^2 <= 1 - eta s <= 1 - eta s_d where eta s <= 1;
    there is no imbalance, and c plays no part."""
    r = sympy.Symbol("r", nonnegative=True)
    assert sympy.expand(1 - r - (1 - r) ** 2 - r * (1 - r)) == 0
    assert Wider("each", 2, 1).pace(1) == Wider("sum", 15, 1).pace(1) == 1


@symbolic
def test_the_rows_in_these_numbers_for_every_depth() -> None:
    """Symbols for c, F, g and N, at either theorem's limit: eta s_1 N M^{2N-2} and N eta s_1 M^{N-2} F g are those
    above, for M^2 = (F (1 + g))^{2/N} (1 + e)."""
    c, f, g, most, n, e = sympy.symbols("c F g s_1 N e", positive=True)
    for balance in BALANCES:
        rate = most * learning_rate_limit(n, c, f, most, balance)
        pace = learning_rate_limit(n, ONE, ONE, ONE, balance)
        norm = (f * (1 + g)) ** (2 / n) * (1 + e)
        assert is_one(rate * n * norm ** (n - 1) / size(pace, 1 / n, c / f, g, e))
        assert is_one(n * rate * norm ** (n / 2 - 1) * f * g / reach(pace, 1 / n, c / f, g, e))
    constants = {row.name: row.constant for row in ANYWHERE}
    assert constants["layer norms"] == fmpq(3, 2)
    assert constants["first order"] == constants["law"] == 1


@control
@pytest.mark.parametrize(
    ("case", "depth"),
    [
        (Wider("each", fmpq(9, 2), 1), 2),
        (Wider("each", 1, 6), 2),
        (Wider("sum", fmpq(5, 2), 1), 60),
        (Wider("sum", 1, 9), 60),
    ],
    ids=["A-rate", "A-imbalance", "B-rate", "B-imbalance"],
)
def test_refuted_that_the_rows_close_for_more(case: Wider, depth: int) -> None:
    """Somewhat beyond, the argument ends: no theorem is refuted by that."""
    assert not throughout(partial(closes_on, case, depth))
    assert not throughout(partial(closes_beyond, case, depth))
