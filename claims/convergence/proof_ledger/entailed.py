"""Each row follows from the rows that it uses, its hypotheses, and what is true of all matrices: no more, and no less.

For every depth N >= 2, a symbol; at depth 1 rows 1 to 6 are equalities, and ``proofs`` closes the constants there too.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq

from claims.convergence.proof_ledger.lemmas import FACTS, HYPOTHESES, INDUCTION, LEDGER
from claims.convergence.proof_ledger.state import State, tau
from claims.suite import control, symbolic
from claims.suite.entailment import Gap, Premises, at_the_bound, follows, gaps
from solvers.guarantees import theorem_one

# s = sigma^{2/N}, w = |W|_2^{2/N}, k = c^{2/N}: symbols of which powers are taken without roots.

N = sympy.Symbol("N", integer=True, positive=True)
SIZES = {N: 2 + sympy.Symbol("n", integer=True, nonnegative=True)}
S, ETA, M, D, GAP, REACH, END, BOUND, AFTER = sympy.symbols("S eta M D g r E p M_after", positive=True)
s, w, k, PHI, TAU, DRIFT = sympy.symbols("s w k phi tau b", positive=True)
ALONG, ACROSS = sympy.symbols("R_1 R_2", real=True)
FIRST, SECOND = sympy.symbols("S_1 S_2", positive=True)
HALF = sympy.Rational(1, 2)
MORE = sympy.Symbol("more", nonnegative=True)


class Symbols:
    """A state of symbols: G is the first of two axes, and eta P is long and opposite to R, which loses the most."""

    tau, depth, rate, margin, target_norm = TAU, N, ETA, k ** (N / 2), PHI
    sigma, norm, layer_norm, imbalance, end, total = s ** (N / 2), w ** (N / 2), M, D, END, S
    gap, reach, layer_norm_after = GAP**2, REACH, AFTER
    squares, drifts, drift_norms = (FIRST, SECOND), (DRIFT**2,), (DRIFT,)
    preconditioned = np.array([[BOUND]], dtype=object)
    residual = np.array([[GAP, 0]], dtype=object)
    remainder = np.array([[ALONG, ACROSS]], dtype=object)
    lost = GAP * ALONG + (BOUND + sympy.sqrt(ALONG**2 + ACROSS**2)) ** 2 / 2
    fall = ETA * S - lost
    delta = theorem_one.imbalance_limit(N, k ** (N / 2), PHI)

    def root(self, value: Any, numerator: Any) -> Any:
        return value ** (sympy.sympify(numerator) / N)

    def share_lost(self: Any, half: Any = HALF) -> Any:
        return State.share_lost(self, half)


PLAIN: Any = Symbols()

ROWS = {row.name: row for row in LEDGER}
ORDER, GRADIENTS, STEP = (gaps(row, PLAIN) for row in FACTS)


def worst(shown: Gap, *premises: tuple[Gap, Any]) -> Gap:
    """What is to be shown with each symbol at the bound that its premise gives, one after another."""
    for premise, symbol in premises:
        shown = at_the_bound(shown, premise, symbol, SIZES)
    return shown


def capped(shown: Gap, base: int, exponent: Any) -> Gap:
    """What is to be shown with the power of a number > 1 in it at a larger exponent."""
    (power,) = (part for part in shown.atoms(sympy.Pow) if part.base == base and part.exp.has(N))
    assert base > 1
    assert sympy.simplify((exponent - power.exp).subs(SIZES)).is_nonnegative
    part = sympy.Symbol("power", positive=True)
    return at_the_bound(shown.subs(power, part), base ** sympy.sympify(exponent) - part, part, SIZES)


def margin_is_at_most_two(given: Premises) -> Gap:
    """2 Phi_F - c >= 0, that is x = c / Phi_F <= 2: c <= sigma <= |W|_2 <= |G|_2 + Phi_F."""
    found = 2 * PHI - k ** (N / 2)
    follows(found, [(1, given.hypothesis("margin")), (1, given.hypothesis("margin", 1)), (1, ORDER[0]), (1, ORDER[1])])
    return found


def first_order(given: Premises) -> None:
    (shown,) = gaps(ROWS["first order"], PLAIN)
    a = s + (N - 1) * D
    follows(shown, [(GAP**2, given.row("end layers")), (a, GRADIENTS[-1])])


def descent(given: Premises) -> None:
    """u = eta tau: eta u Q^2 - p |R| is half of u/eta and of eta/u times the gaps, and a square."""
    (shown,) = gaps(ROWS["descent"], PLAIN)
    size = sympy.sqrt(ALONG**2 + ACROSS**2)
    premises = [((1 + TAU) / 2, given.row("preconditioner")), (1, given.row("remainder"))]
    premises += [((1 + 1 / TAU) / 2, given.row("remainder", 1))]
    follows(shown, premises, (TAU * BOUND - size) ** 2 / (2 * TAU))


def small_imbalance(given: Premises) -> None:
    """At sigma = c, x = 2 it is 1/216 - (N-1) 4^{-1/N} / (32 N^3), and 4 N^3 - 27 (N-1) = (2N - 3)^2 (N + 3)."""
    (shown,) = gaps(ROWS["small imbalance"], PLAIN)
    at_c = worst(shown, (given.hypothesis("margin"), s))
    left = worst(sympy.expand(sympy.powsimp(at_c / k)), (margin_is_at_most_two(given), k))
    follows(capped(left, 2, -5), [], (2 * N - 3) ** 2 * (N + 3) / (864 * N**3))


def norms(given: Premises) -> None:
    """At x = 2 it is 5 - 4 (1 + e)^N with N e <= 3/256, as N^2 - 4 (N-1) = (N-2)^2; and 4 exp(3/256) < 5."""
    (shown,) = gaps(ROWS["norms"], PLAIN)
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
    """Y - N y: at the bounds of eta, M, |G|_2 and x it is 5^{1/2} 16 / (6144 N^2) at most, and 5^{1/2} < 9/4."""
    found = Y - N * ETA * M ** (N - 2) * REACH
    at = worst(found, (given.hypothesis("learning rate"), ETA), (given.row("norms"), M))
    at = worst(at, (given.hypothesis("margin", 1), REACH), (margin_is_at_most_two(given), k))
    root = sympy.sqrt(5)
    at = capped(capped(at, 2, -7), 5, sympy.Rational(1, 2))
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


SMALL, POWER = sympy.symbols("y power", positive=True)


def at_the_largest_y(shown: Gap, given: Premises, exponent: Any) -> Gap:
    """What is to be shown, of y, at N y = Y; and (1 + y)^exponent <= exp(N y), as 1 + y <= exp(y)."""
    bound = first_of_two(given)
    assert sympy.simplify(bound - (Y - N * SMALL).subs(SMALL, ETA * M ** (N - 2) * REACH)) == 0
    assert (N - exponent).is_nonnegative
    at = worst(shown.subs((1 + SMALL) ** exponent, POWER), (sympy.exp(Y) - POWER, POWER))
    return worst(at, (Y - N * SMALL, SMALL)) if at.has(SMALL) else at


def tau_is_small(given: Premises) -> Gap:
    """Y exp(Y) / 2 - tau, as N - 1 <= N."""
    most = Y * sympy.exp(Y) / 2
    follows(at_the_largest_y(most - tau(SMALL, N), given, N - 2), [], most / N)
    return most - TAU


def kept(given: Premises) -> None:
    """1 - kept is most where eta N M^{2N-2} and tau are."""
    (shown,) = gaps(ROWS["kept"], PLAIN)
    at = worst(shown, (second_of_two(given), ETA), (tau_is_small(given), TAU))
    follows(at, [], at)


def lemma_seven(given: Premises) -> None:
    """fall >= kept eta S, and s (1 + 1/216) ||G||^-2 S >= s^N: 217/216 s is left as a factor."""
    (shown,) = gaps(ROWS["lemma 7"], PLAIN)
    factor, three = sympy.Rational(217, 216) * s, sympy.Rational(3, 4)
    premises = [
        (factor, given.row("descent")),
        (factor * ETA * S, given.row("kept")),
        (three * ETA, given.row("first order")),
        (three * ETA * S, given.row("small imbalance")),
        (three * ETA * S * (N - 1), given.hypothesis("balance")),
    ]
    follows(factor * shown, premises, ETA * s**N * GAP**2 * (three - HALF * sympy.Rational(217, 216)), SIZES)


def remainder_of_4_6(given: Premises) -> None:
    """tau <= 5/6 N y, as exp(Y) / 2 <= 5/6; S and tau at their bounds leave ||G||_F^2 - |G|_2^2."""
    (shown,) = gaps(ROWS["remainder of 4.6"], PLAIN)
    five = sympy.Rational(5, 6)
    over = sympy.expand_mul((five * N * SMALL - tau(SMALL, N)) / SMALL)
    follows(at_the_largest_y(over, given, N - 2), [], N * (five - sympy.exp(Y) / 2) + sympy.exp(Y) / 2)
    small = five * N * ETA * M ** (N - 2) * REACH - TAU
    at = worst(shown - given.row("remainder", 1), (GRADIENTS[-2], S), (small, TAU))
    follows(at, [(five**2 * N**4 * ETA**4 * M ** (6 * N - 8) * GAP**2, ORDER[2])])


def norms_after(given: Premises) -> None:
    """M (1 + y) at most, and 5^{1/2} exp(Y) < 9/4."""
    (shown,) = gaps(ROWS["norms after a step"], PLAIN)
    after = M * (1 + SMALL)
    assert sympy.simplify(STEP[0].subs(REACH, SMALL / (ETA * M ** (N - 2))) - (after - AFTER)) == 0
    at = worst(shown, (after - AFTER, AFTER), (given.row("norms"), M))
    follows(at_the_largest_y(at, given, N), [], PHI * (sympy.Rational(9, 4) - sympy.sqrt(5) * sympy.exp(Y)))


def drift_in_the_set(given: Premises) -> None:
    """||D_j||_F^2 <= M^{2N-2} ||G||_F^2, and M^{2N} <= 5 Phi_F^2 < 8 Phi_F^2."""
    (shown,) = gaps(ROWS["drift in the set"], PLAIN)
    eight = 8 * PHI**2 - M ** (2 * N)
    follows(eight, [(1, given.row("norms"))], 3 * PHI**2)
    at = worst(shown - given.row("drift"), (GRADIENTS[0], FIRST), (GRADIENTS[1], SECOND), (eight, M))
    follows(at, [])


def potential(given: Premises) -> None:
    """b <= eta^2 (S_1 + S_2) <= eta^2 S, and 2 eta (L(t) - L(t+1)) >= 3/2 eta^2 S."""
    (shown,) = gaps(ROWS["potential"], PLAIN)
    total, moved = FIRST + SECOND + MORE, ETA**2 * (FIRST + SECOND)
    premises = [
        (1 / (moved + DRIFT), given.row("drift")),
        (2 * ETA, given.row("descent")),
        (2 * ETA**2 * S, given.row("kept")),
    ]
    premises = [(factor.subs(S, total), premise.subs(S, total)) for factor, premise in premises]
    follows(shown.subs(S, total), premises, ETA**2 * (FIRST + SECOND) / 2 + sympy.Rational(3, 2) * ETA**2 * MORE)


def total_drift(given: Premises) -> None:
    """Over delta: 1 - 8^{1-1/N} / 12, and 1 - x^{2-2/N} / 24 at x = 2."""
    by_the_rate, once = gaps(ROWS["total drift"], PLAIN)
    at = worst(by_the_rate, (given.hypothesis("learning rate"), ETA)) / PLAIN.delta
    follows(capped(sympy.expand(sympy.powsimp(sympy.expand(at))), 2, 0), [], sympy.Rational(1, 3))
    at = sympy.expand(worst(once, (given.hypothesis("learning rate"), ETA)) / PLAIN.delta)
    at = worst(at, (margin_is_at_most_two(given), k))
    follows(capped(at, 2, -1), [], sympy.Rational(5, 6))


def theorem(given: Premises) -> None:
    """At sigma = c nothing is left but Lemma 7."""
    (shown,) = gaps(ROWS["theorem"], PLAIN)
    at = worst(sympy.expand(shown - given.row("lemma 7")), (given.hypothesis("margin"), s))
    follows(at, [], 0)


PROOFS: dict[str, Callable[[Premises], None]] = {
    "first order": first_order,
    "descent": descent,
    "small imbalance": small_imbalance,
    "norms": norms,
    "kept": kept,
    "lemma 7": lemma_seven,
    "remainder of 4.6": remainder_of_4_6,
    "norms after a step": norms_after,
    "drift in the set": drift_in_the_set,
    "potential": potential,
    "total drift": total_drift,
    "theorem": theorem,
}


@symbolic
@pytest.mark.parametrize("name", PROOFS)
def test_a_row_follows_from_what_it_uses(name: str) -> None:
    """For every N >= 2: the proof asks for the rows and the hypotheses that its row names, and for all of them."""
    given = Premises(PLAIN, ROWS, HYPOTHESES)
    PROOFS[name](given)
    assert given.rows_asked == set(ROWS[name].uses)
    assert given.hypotheses_asked == set(ROWS[name].hypotheses)


@symbolic
def test_the_set_is_kept() -> None:
    """What does not rise, ||B_j||_F + 2 eta L, is at most delta + eta Phi_F^2 <= 2 delta at the start; and L falls."""
    given = Premises(PLAIN, ROWS, HYPOTHESES)
    before, after, loss, start = sympy.symbols("B B_after L L_0", nonnegative=True)
    triangle = before + DRIFT - after
    rises_not = before + 2 * ETA * loss - (after + 2 * ETA * (loss - PLAIN.fall))
    follows(rises_not, [(1, given.row("potential")), (1, triangle)])
    kept_so_far = PLAIN.delta + 2 * ETA * start - (before + 2 * ETA * loss)
    small_start = PHI**2 / 2 - start
    premises = [(1, kept_so_far), (2 * ETA, small_start), (1, given.row("total drift", 1))]
    follows(2 * PLAIN.delta - before, premises, 2 * ETA * loss)
    follows(PLAIN.fall, [(1, given.row("theorem"))], ETA * PLAIN.root(PLAIN.margin, 2 * N - 2) * GAP**2 / 2)
    assert given.rows_asked == set(INDUCTION)


@control
@pytest.mark.parametrize(
    ("name", "used", "weaker"),
    [
        ("first order", "end layers", fmpq(2)),
        ("descent", "preconditioner", fmpq(2)),
        ("descent", "remainder", fmpq(2)),
        ("norms", "layer norms", fmpq(100)),
        ("kept", "norms", fmpq(10**9)),
        ("lemma 7", "small imbalance", fmpq(1)),
        ("lemma 7", "kept", fmpq(1, 2)),
        ("lemma 7", "descent", fmpq(2)),
        ("lemma 7", "first order", fmpq(2)),
        ("remainder of 4.6", "remainder", fmpq(2)),
        ("norms after a step", "norms", fmpq(21, 4)),
        ("drift in the set", "norms", fmpq(9)),
        ("drift in the set", "drift", fmpq(2)),
        ("potential", "kept", fmpq(1, 4)),
        ("theorem", "lemma 7", fmpq(1, 4)),
    ],
)
def test_refuted_where_a_row_that_is_used_says_less(name: str, used: str, weaker: fmpq) -> None:
    """The proof rests on the row's constant: with a weaker one it does not close."""
    rows = ROWS | {used: replace(ROWS[used], constant=weaker)}
    with pytest.raises((AssertionError, ValueError)):
        PROOFS[name](Premises(PLAIN, rows, HYPOTHESES))
