"""Each row follows from the rows that it uses and from its hypotheses: no more, and no less. For every depth N.

As in the module of this name of ``proof_ledger`` (DL-012). C = 2 Phi_F - c.
"""

from dataclasses import replace
from functools import partial

import pytest
import sympy
from flint import fmpq

from claims.convergence.proof_ledger.lemmas import ANYWHERE, FACTS
from claims.convergence.proof_ledger.state import State
from claims.convergence.sharper_constants.proof import LARGEST, curvature
from claims.convergence.sharper_constants.rows import HYPOTHESES, INDUCTION, SHARPER, SLACK
from claims.suite import control, symbolic, symbolic_states
from claims.suite.entailment import N, Premises, Proof, check_entailed, follows, gaps, worst
from claims.suite.symbolic_bounds import Bounds, C, in_reach, margin_is_at_most_reach, most_is_kept
from claims.suite.symbolic_states import ETA, PHI, REACH, D, M, k, s, w
from solvers.guarantees.sharper_constants import imbalance_limit

BOUNDS = Bounds(1 + sympy.Rational(3, 2) * (N - 1) / N**2, curvature, LARGEST, sympy.Rational(8, 11))
"""For N >= 2, by ``proof``."""


class SharperSymbols(symbolic_states.Symbols):
    reads, delta = State, imbalance_limit(N, k ** (N / 2), PHI)


PLAIN = SharperSymbols()
ROWS = {row.name: row for row in (*ANYWHERE, *SHARPER)}
ROWS["total drift"] = replace(ROWS["total drift"], constant=1 / SLACK)  # the row without what rounding decides by
ORDER, *_ = (gaps(row, PLAIN) for row in FACTS)


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


def kept(given: Premises) -> None:
    """|G|_2 <= Phi_F - c <= C / 2; and at depth 1 eta / 2 <= 1/4."""
    reach = C / 2 - REACH
    follows(reach, [(1, in_reach(given.hypothesis("margin", 1)))], k ** (N / 2) / 2)
    most_is_kept(given, BOUNDS, reach, margin_is_at_most_reach(given))


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
