"""Each row follows from the rows that it uses, its hypotheses, and what is true of all matrices: no more, and no less.

For every depth N, a symbol. At depth 1 rows 1 to 6 are equalities (``proofs``), R = 0 and tau = 0.
"""

from dataclasses import replace
from functools import partial

import pytest
import sympy
from flint import arb, fmpq

from claims.convergence.proof_ledger.lemmas import FACTS, HYPOTHESES, INDUCTION, LEDGER
from claims.convergence.proof_ledger.state import State
from claims.suite import control, symbolic, symbolic_states
from claims.suite.entailment import DEEP, Gap, N, Premises, Proof, capped, check_entailed, follows, gaps, worst
from claims.suite.symbolic_states import ETA, FIRST, GAP, HALF, PHI, REACH, SECOND, SMALL, TAU, D, M, S, k, s, w
from solvers.guarantees import theorem_one


class LedgerSymbols(symbolic_states.Symbols):
    reads, delta = State, theorem_one.imbalance_limit(N, k ** (N / 2), PHI)


PLAIN = LedgerSymbols()
ROWS = {row.name: row for row in LEDGER}
ORDER, GRADIENTS, STEP = (gaps(row, PLAIN) for row in FACTS)


def margin_is_at_most_two(given: Premises) -> Gap:
    """2 Phi_F - c >= 0, that is x = c / Phi_F <= 2: c <= sigma <= |W|_2 <= |G|_2 + Phi_F."""
    found = 2 * PHI - k ** (N / 2)
    follows(found, [(1, given.hypothesis("margin")), (1, given.hypothesis("margin", 1)), (1, ORDER[0]), (1, ORDER[1])])
    return found


def first_order(given: Premises) -> None:
    (shown,) = given.shown("first order")
    a = s + (N - 1) * D
    follows(shown, [(GAP**2, given.row("end layers")), (a, GRADIENTS[-1])])


def small_imbalance(given: Premises) -> None:
    """At sigma = c, x = 2 it is 1/216 - (N-1) 4^{-1/N} / (32 N^3), and 4 N^3 - 27 (N-1) = (2N - 3)^2 (N + 3)."""
    (shown,) = given.shown("small imbalance")
    at_c = worst(shown, (given.hypothesis("margin"), s))
    left = worst(sympy.expand(sympy.powsimp(at_c / k)), (margin_is_at_most_two(given), k))
    follows(capped(left, 2, -5), [], (2 * N - 3) ** 2 * (N + 3) / (864 * N**3))


def norms(given: Premises) -> None:
    """At x = 2 it is 5 - 4 (1 + e)^N with N e <= 3/256, as N^2 - 4 (N-1) = (N-2)^2; and 4 exp(3/256) < 5."""
    (shown,) = given.shown("norms")
    shown = worst(shown, (given.row("layer norms"), M), (given.hypothesis("balance"), D))
    shown = worst(shown, (ORDER[1], w), (given.hypothesis("margin", 1), REACH), (margin_is_at_most_two(given), k))
    (power,) = (part for part in (5 * PHI**2 - shown).atoms(sympy.Pow) if part.exp == N)
    assert sympy.expand(shown + power - 5 * PHI**2) == 0
    share = sympy.simplify(sympy.expand_power_base(power.base / (2 * PHI) ** (2 / N), force=True))
    follows(capped(sympy.expand(sympy.Rational(3, 256) - N * (share - 1)), 2, 0), [], 3 * (N - 2) ** 2 / (256 * N**2))
    assert 4 * (arb(3) / 256).exp() < 5


Y, Z = sympy.Rational(16 * 9, 4 * 6144), sympy.Rational(16 * 5, 6144)
"""Of N y and eta N M^{2N-2}, y = eta M^{N-2} |G|_2, in the set."""


def first_of_two(given: Premises) -> Gap:
    """Y - N y: at the bounds of eta, M, |G|_2 and x it is 5^{1/2} 16 / (6144 N^2) at most, and 5^{1/2} < 9/4. For
    N >= 2."""
    found = Y - N * ETA * M ** (N - 2) * REACH
    at = worst(found, (given.hypothesis("learning rate"), ETA), (given.row("norms"), M), sizes=DEEP)
    at = worst(at, (given.hypothesis("margin", 1), REACH), (margin_is_at_most_two(given), k), sizes=DEEP)
    root = sympy.sqrt(5)
    at = capped(capped(at, 2, -7), 5, HALF)
    follows(at, [], ((sympy.Rational(9, 4) - root) * N**2 + root * (N - 1) * (N + 1)) / (384 * N**2))
    return found


def second_of_two(given: Premises) -> Gap:
    """Z - eta N M^{2N-2}, in the same way."""
    found = Z - ETA * N * M ** (2 * N - 2)
    at = worst(found, (given.hypothesis("learning rate"), ETA), (given.row("norms"), M))
    at = worst(at, (margin_is_at_most_two(given), k))
    at = capped(capped(at, 2, -7), 5, 1)
    follows(at, [], sympy.Rational(5, 384) * (N - 1) * (N + 1) / N**2)
    return found


def kept(given: Premises) -> None:
    """1 - kept is most where eta N M^{2N-2} and tau are."""
    (shown,) = given.shown("kept")
    first_of_two(given)
    at = worst(shown, (second_of_two(given), ETA), (symbolic_states.tau_is_small(Y), TAU))
    follows(at, [], at)


def remainder_of_4_6(given: Premises) -> None:
    """tau <= 5/6 N y, as exp(Y) / 2 <= 5/6, and at depth 1 as tau is 0; S and tau at their bounds leave ||G||_F^2 -
    |G|_2^2."""
    (shown,) = given.shown("remainder of 4.6")
    five = sympy.Rational(5, 6)
    first_of_two(given)
    over = sympy.expand_mul((five * N * SMALL - theorem_one.tau(SMALL, N)) / SMALL)
    follows(symbolic_states.at_the_largest_y(over, Y), [], N * (five - sympy.exp(Y) / 2) + sympy.exp(Y) / 2)
    assert theorem_one.tau(SMALL, 1) == 0
    small = five * N * ETA * M ** (N - 2) * REACH - TAU
    at = worst(shown - given.row("remainder", 1), (GRADIENTS[-2], S), (small, TAU))
    follows(at, [(five**2 * N**4 * ETA**4 * M ** (6 * N - 8) * GAP**2, ORDER[2])])


def norms_after(given: Premises) -> None:
    """M (1 + y) at most, and 5^{1/2} exp(Y) < 9/4; at depth 1 M + eta |G|_2, and 5^{1/2} + 4/6144 < 9/4."""
    (shown,) = given.shown("norms after a step")
    after = M * (1 + SMALL) - symbolic_states.AFTER
    first_of_two(given)
    follows(STEP[0].subs(REACH, SMALL / (ETA * M ** (N - 2))), [(1, after)])
    at = worst(shown, (after, symbolic_states.AFTER), (given.row("norms"), M))
    follows(symbolic_states.at_the_largest_y(at, Y, N), [], PHI * (sympy.Rational(9, 4) - sympy.sqrt(5) * sympy.exp(Y)))
    at = worst(shown, (STEP[0], symbolic_states.AFTER)).subs(N, 1)
    at = worst(at, (given.row("norms").subs(N, 1), M), (given.hypothesis("learning rate").subs(N, 1), ETA))
    at = worst(at, (given.hypothesis("margin", 1), REACH), (margin_is_at_most_two(given).subs(N, 1), k))
    follows(at, [], PHI * (sympy.Rational(9, 4) - sympy.sqrt(5) - sympy.Rational(4, 6144)))


def drift_in_the_set(given: Premises) -> None:
    """||D_j||_F^2 <= M^{2N-2} ||G||_F^2, and M^{2N} <= 5 Phi_F^2 < 8 Phi_F^2."""
    (shown,) = given.shown("drift in the set")
    eight = 8 * PHI**2 - M ** (2 * N)
    follows(eight, [(1, given.row("norms"))], 3 * PHI**2)
    at = worst(shown - given.row("drift"), (GRADIENTS[0], FIRST), (GRADIENTS[1], SECOND), (eight, M))
    follows(at, [])


def total_drift(given: Premises) -> None:
    """Over delta: 1 - 8^{1-1/N} / 12, and 1 - x^{2-2/N} / 24 at x = 2."""
    by_the_rate, once = given.shown("total drift")
    at = worst(by_the_rate, (given.hypothesis("learning rate"), ETA)) / PLAIN.delta
    follows(capped(sympy.expand(sympy.powsimp(sympy.expand(at))), 2, 0), [], sympy.Rational(1, 3))
    at = sympy.expand(worst(once, (given.hypothesis("learning rate"), ETA)) / PLAIN.delta)
    at = worst(at, (margin_is_at_most_two(given), k))
    follows(capped(at, 2, -1), [], sympy.Rational(5, 6))


def theorem(given: Premises) -> None:
    """At sigma = c nothing is left but Lemma 7."""
    (shown,) = given.shown("theorem")
    at = worst(sympy.expand(shown - given.row("lemma 7")), (given.hypothesis("margin"), s))
    follows(at, [], 0)


PROOFS: dict[str, Proof] = {
    "first order": first_order,
    "descent": symbolic_states.descent,
    "small imbalance": small_imbalance,
    "norms": norms,
    "kept": kept,
    "lemma 7": partial(symbolic_states.lemma, name="lemma 7", times=N - 1),
    "remainder of 4.6": remainder_of_4_6,
    "norms after a step": norms_after,
    "drift in the set": drift_in_the_set,
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
    """What does not rise, ||B_j||_F + 2 eta L, is at most delta + eta Phi_F^2 <= 2 delta at the start; and L falls."""
    given = Premises(PLAIN, ROWS, HYPOTHESES)
    symbolic_states.set_is_kept(given, 1)
    assert given.rows_asked == set(INDUCTION)


WEAKER = {
    "layer norms": fmpq(100),
    "end layers": fmpq(2),
    "first order": fmpq(2),
    "preconditioner": fmpq(2),
    "remainder": fmpq(2),
    "descent": fmpq(2),
    "drift": fmpq(2),
    "small imbalance": fmpq(1),
    "norms": fmpq(10**9),
    "kept": fmpq(1, 4),
    "lemma 7": fmpq(1, 4),
}
"""For each row that is used a constant with which it says less."""


@control
@pytest.mark.parametrize(("name", "used"), [(name, used) for name in PROOFS for used in ROWS[name].uses])
def test_refuted_where_a_row_that_is_used_says_less(name: str, used: str) -> None:
    """The proof rests on the row's constant: with a weaker one it does not close."""
    rows = ROWS | {used: replace(ROWS[used], constant=WEAKER[used])}
    with pytest.raises((AssertionError, ValueError)):
        PROOFS[name](Premises(PLAIN, rows, HYPOTHESES))
