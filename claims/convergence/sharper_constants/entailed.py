"""Each row follows from the rows that it uses and from its hypotheses: no more, and no less. For every depth N.

As in the module of this name of ``proof_ledger`` (DL-012). C = 2 Phi_F - c, x = c / Phi_F, r = C / Phi_F = 2 - x, and q
= 1 + 3/2 (N-1)/N^2. What (A) of ``general_data`` (DL-072) shares has s_1 as ``most``, which is 1 here.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import sympy
from flint import fmpq

from claims.convergence.proof_ledger.lemmas import ANYWHERE, FACTS
from claims.convergence.proof_ledger.state import State, tau
from claims.convergence.sharper_constants.proof import LARGEST, curvature
from claims.convergence.sharper_constants.rows import HYPOTHESES, INDUCTION, SHARPER, SLACK
from claims.suite import control, symbolic, symbolic_states
from claims.suite.entailment import DEEP, Gap, N, Premises, Proof, assert_equal, check_entailed, follows, gaps, worst
from claims.suite.symbolic_states import ETA, HALF, PHI, REACH, TAU, D, M, k, s, w
from solvers.guarantees.sharper_constants import imbalance_limit

C, Q, X, R = sympy.symbols("C q x r", positive=True)
SHARE = 1 + sympy.Rational(3, 2) * (N - 1) / N**2
Y = sympy.Rational(44, 300)
"""q; and of N y = N eta M^{N-2} |G|_2, 4/11 of 121/300."""


class SharperSymbols(symbolic_states.Symbols):
    """The state of symbols, with delta and what a step loses."""

    delta = imbalance_limit(N, k ** (N / 2), PHI)

    def share_lost(self: Any, half: Any = HALF) -> Any:
        return State.share_lost(self, half)


PLAIN: Any = SharperSymbols()
ROWS = {row.name: row for row in (*ANYWHERE, *SHARPER)}
ROWS["total drift"] = replace(ROWS["total drift"], constant=1 / SLACK)  # the row without what rounding decides by
ORDER, *_ = (gaps(row, PLAIN) for row in FACTS)


def in_reach(gap: Gap) -> Gap:
    """The same with C: Phi_F = (C + c) / 2."""
    return gap.subs(PHI, (C + k ** (N / 2)) / 2)


def margin_is_at_most_reach(given: Premises) -> Gap:
    """C - c >= 0: c <= Phi_F - |G|_2."""
    found = C - k ** (N / 2)
    follows(found, [(2, in_reach(given.hypothesis("margin", 1)))], 2 * REACH)
    return found


def small_imbalance(given: Premises) -> None:
    """At sigma = c: N^2 - 4 (N-1) = (N-2)^2."""
    (shown,) = given.shown("small imbalance")
    follows(worst(shown, (given.hypothesis("margin"), s)), [], k * (N - 2) ** 2 / (4 * N**2))


def norms(given: Premises) -> None:
    """|W|_2 <= |G|_2 + Phi_F <= C, and at C = c nothing is left."""
    (shown,) = given.shown("norms")
    product = C - w ** (N / 2)
    follows(product, [(1, in_reach(ORDER[1])), (1, in_reach(given.hypothesis("margin", 1)))])
    at = worst(in_reach(shown), (given.row("layer norms"), M), (given.hypothesis("balance"), D), (product, w))
    follows(worst(at, (margin_is_at_most_reach(given), C)), [])


def bound_of_layers(given: Premises) -> Gap:
    """ "norms", with q for the number in it."""
    found = C ** (2 / N) * Q - M**2
    assert_equal(in_reach(given.row("norms")), found.subs(Q, SHARE))
    return found


def in_x(expression: Any) -> Any:
    """The same for c = x Phi_F and C = r Phi_F."""
    return sympy.powdenest(expression.subs({C: R * PHI, k: (X * PHI) ** (2 / N)}), force=True)


def second_of_two(given: Premises, most: Any = 1) -> Gap:
    """121/300 - eta s_1 N M^{2N-2} for N >= 2: at the bounds of eta and M it is 121/300 - curvature(N, x, r, q)."""
    found = LARGEST - ETA * most * N * M ** (2 * N - 2)
    at = worst(found, (given.hypothesis("learning rate"), ETA), (bound_of_layers(given), M), sizes=DEEP)
    assert_equal(in_x(at), LARGEST - curvature(N, X, R, Q))
    return found


def first_of_two(given: Premises, reach: Gap, most: Any = 1) -> Gap:
    """Y - N y for N >= 2: at the bounds of eta, M and |G|_2 <= C / 2 it is Y - z q^{-N/2} / 2, for the z of the other;
    and q^{N/2} >= 11/8. ``reach`` is the gap of |G|_2 and C / 2."""
    found = Y - N * ETA * M ** (N - 2) * REACH
    at = worst(found, (given.hypothesis("learning rate"), ETA), (bound_of_layers(given), M), (reach, REACH), sizes=DEEP)
    z, power = sympy.symbols("z power", positive=True)
    assert_equal(in_x(at), Y - curvature(N, X, R, Q) * Q ** (-N / 2) / 2)
    follows(worst(Y - z * power / 2, (LARGEST - z, z), (sympy.Rational(8, 11) - power, power)), [])
    return found


def kept(given: Premises) -> None:
    """1 - kept is most where eta N M^{2N-2} and tau are; at depth 1 it is eta / 2 <= 1/4."""
    (shown,) = given.shown("kept")
    reach = C / 2 - REACH
    follows(reach, [(1, in_reach(given.hypothesis("margin", 1)))], k ** (N / 2) / 2)
    first_of_two(given, reach)
    at = worst(shown, (second_of_two(given), ETA), (symbolic_states.tau_is_small(tau, Y), TAU), sizes=DEEP)
    follows(at, [], at)
    alone = worst(shown.subs({N: 1, TAU: 0}), (given.hypothesis("learning rate").subs(N, 1), ETA))
    at = worst(in_reach(alone).subs(N, 1), (margin_is_at_most_reach(given).subs(N, 1), C))
    follows(at, [], at)


def total_drift(given: Premises) -> None:
    (shown,) = given.shown("total drift")
    at = worst(shown, (given.hypothesis("learning rate"), ETA))
    follows(at, [], at)


def theorem(given: Premises) -> None:
    """At sigma = c nothing is left but the lemma."""
    (shown,) = given.shown("theorem")
    follows(worst(sympy.expand(shown - given.row("lemma")), (given.hypothesis("margin"), s)), [])


PROOFS: dict[str, Proof] = {
    "small imbalance": small_imbalance,
    "norms": norms,
    "kept": kept,
    "lemma": partial(symbolic_states.lemma, name="lemma", times=N - 1),
    "potential": partial(symbolic_states.potential, name="potential", law="drift"),
    "total drift": total_drift,
    "theorem": theorem,
}


@symbolic
@pytest.mark.parametrize("name", PROOFS)
def test_a_row_follows_from_what_it_uses(name: str) -> None:
    """For every N: the proof asks for the rows and the hypotheses that its row names, and for all of them."""
    check_entailed(name, PROOFS[name], Premises(PLAIN, ROWS, HYPOTHESES))


@symbolic
def test_the_set_is_kept() -> None:
    """As in DL-012, with delta + eta Phi_F^2 <= 2 delta."""
    given = Premises(PLAIN, ROWS, HYPOTHESES)
    symbolic_states.set_is_kept(given)
    assert given.rows_asked == set(INDUCTION)


WEAKER = {
    "layer norms": fmpq(2),
    "first order": fmpq(2),
    "descent": fmpq(2),
    "drift": fmpq(2),
    "small imbalance": fmpq(1),
    "norms": fmpq(2),
    "kept": fmpq(1, 4),
    "lemma": fmpq(1, 4),
}
"""For each row that is used a constant with which it says less."""


@control
@pytest.mark.parametrize(("name", "used"), [(name, used) for name in PROOFS for used in ROWS[name].uses])
def test_refuted_where_a_row_that_is_used_says_less(name: str, used: str) -> None:
    """The proof rests on the row's constant: with a weaker one it does not close."""
    rows = ROWS | {used: replace(ROWS[used], constant=WEAKER[used])}
    with pytest.raises((AssertionError, ValueError)):
        PROOFS[name](Premises(PLAIN, rows, HYPOTHESES))
