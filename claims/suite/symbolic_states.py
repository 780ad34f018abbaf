"""A state of symbols, for :mod:`~claims.suite.entailment`, and proofs of the rows that several ledgers have.

s = sigma^{2/N}, w = |W|_2^{2/N}, k = c^{2/N}: symbols of which powers are taken without roots.
"""

from typing import Any

import numpy as np
import sympy

from claims.suite.entailment import ANY_DEPTH, DEEP, Gap, N, Premises, follows, worst
from solvers.guarantees.theorem_one import tau

S, ETA, M, D, GAP, REACH, END, BOUND, AFTER = sympy.symbols("S eta M D g r E p M_after", positive=True)
s, w, k, PHI, TAU, DRIFT = sympy.symbols("s w k phi tau b", positive=True)
"""s, w and k as above; the others are named in :class:`Symbols`."""
ALONG, ACROSS = sympy.symbols("R_1 R_2", real=True)
FIRST, SECOND = sympy.symbols("S_1 S_2", positive=True)
SMALL, POWER = sympy.symbols("y power", positive=True)
MORE = sympy.Symbol("more", nonnegative=True)
HALF = sympy.Rational(1, 2)


class Symbols:
    """A state of symbols: G is the first of two axes, and eta P is long and opposite to R, which loses the most. A
    ledger adds its limit of the imbalance and ``reads``, its own class of states, of which the share that is lost is.
    """

    reads: Any
    delta: Any

    tau, depth, rate, margin, target_norm = TAU, N, ETA, k ** (N / 2), PHI
    sigma, norm, layer_norm, imbalance, end, total = s ** (N / 2), w ** (N / 2), M, D, END, S
    layer_norm_squared, gap, reach, layer_norm_after = M**2, GAP**2, REACH, AFTER
    squares, drifts, drift_norms = (FIRST, SECOND), (DRIFT**2,), (DRIFT,)
    preconditioned = np.array([[BOUND]], dtype=object)
    residual = np.array([[GAP, 0]], dtype=object)
    remainder = np.array([[ALONG, ACROSS]], dtype=object)
    lost = GAP * ALONG + (BOUND + sympy.sqrt(ALONG**2 + ACROSS**2)) ** 2 / 2

    @property
    def fall(self) -> Any:
        return ETA * S - self.lost

    def root(self, value: Any, numerator: Any) -> Any:
        return value ** (sympy.sympify(numerator) / N)

    def share_lost(self, half: Any = HALF) -> Any:
        return self.reads.share_lost(self, half)


def descent(given: Premises, most: Any = 1) -> None:
    """u = eta tau: eta u Q^2 - p |R| is half of u/eta and of eta/u times the gaps, and a square. ``most`` is s_1."""
    (shown,) = given.shown("descent")
    size = sympy.sqrt(ALONG**2 + ACROSS**2)
    premises = [(most * (1 + TAU) / 2, given.row("preconditioner")), (1, given.row("remainder"))]
    premises += [(most * (1 + 1 / TAU) / 2, given.row("remainder", 1))]
    follows(shown, premises, most * (TAU * BOUND - size) ** 2 / (2 * TAU))


def at_the_largest_y(shown: Gap, largest: Any, exponent: Any = N - 2) -> Gap:
    """What is to be shown, of y, where N y is as large as it may be; (1 + y)^exponent <= exp(N y), as 1 + y <= exp(y).
    For N >= 2."""
    assert (N - exponent).is_nonnegative
    at = shown.subs((1 + SMALL) ** exponent, POWER)
    at = worst(at, (sympy.exp(largest) - POWER, POWER), sizes=DEEP)
    return worst(at, (largest - N * SMALL, SMALL), sizes=DEEP) if at.has(SMALL) else at


def tau_is_small(largest: Any) -> Gap:
    """Y exp(Y) / 2 - tau for the Y that N y is at most: as N - 1 <= N, and at depth 1 as tau is 0."""
    most = largest * sympy.exp(largest) / 2
    follows(at_the_largest_y(most - tau(SMALL, N), largest), [], most / N)
    assert tau(SMALL, 1) == 0
    return most - TAU


def lemma(given: Premises, name: str, times: Any = 1) -> None:
    """fall >= kept eta S, and with e for "small imbalance" s (1 + e) S >= s^N ||G||^2: s (1 + e) is left as a factor.
    ``times`` the gap of "balance" is that of what the imbalance is in all."""
    (shown,) = given.shown(name)
    kept, small, share = map(given.constant, ("kept", "small imbalance", name))
    factor = (1 + small) * s
    premises = [
        (factor, given.row("descent")),
        (factor * ETA * S, given.row("kept")),
        (kept * ETA, given.row("first order")),
        (kept * ETA * S, given.row("small imbalance")),
        (kept * ETA * S * times, given.hypothesis("balance")),
    ]
    follows(factor * shown, premises, ETA * s**N * GAP**2 * (kept - share * (1 + small)), ANY_DEPTH)


def potential(given: Premises, name: str, law: str) -> None:
    """b <= eta^2 (S_1 + S_2) <= eta^2 S, and the fall is at least kept eta S."""
    (shown,) = given.shown(name)
    kept, moved = map(given.constant, ("kept", name))
    total, bound = FIRST + SECOND + MORE, ETA**2 * (FIRST + SECOND)
    premises = [
        (1 / (bound + DRIFT), given.row(law)),
        (moved * ETA, given.row("descent")),
        (moved * ETA**2 * S, given.row("kept")),
    ]
    premises = [(factor.subs(S, total), premise.subs(S, total)) for factor, premise in premises]
    follows(shown.subs(S, total), premises, (moved * kept - 1) * bound + moved * kept * ETA**2 * MORE)


def set_is_kept(given: Premises, number: int = 0) -> None:
    """What does not rise, ||B_j||_F + 2 eta L, is at most delta + eta Phi_F^2 <= 2 delta at the start; and L falls.
    ``number`` says which conclusion of "total drift" that is."""
    state = given.state
    before, after, loss, start = sympy.symbols("B B_after L L_0", nonnegative=True)
    triangle = before + DRIFT - after
    rises_not = before + 2 * ETA * loss - (after + 2 * ETA * (loss - state.fall))
    follows(rises_not, [(1, given.row("potential")), (1, triangle)])
    kept_so_far = state.delta + 2 * ETA * start - (before + 2 * ETA * loss)
    small_start = PHI**2 / 2 - start
    premises = [(1, kept_so_far), (2 * ETA, small_start), (1, given.row("total drift", number))]
    follows(2 * state.delta - before, premises, 2 * ETA * loss)
    follows(state.fall, [(1, given.row("theorem"))], ETA * state.root(state.margin, 2 * N - 2) * GAP**2 / 2)
