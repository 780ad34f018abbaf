"""Each row follows from the rows that it uses and from its hypotheses: no more, and no less.

For every depth N, as in the module of this name of ``proof_ledger`` (DL-012). Q = C^{2/N}; W_j is any layer, and p and
q are the sums of the |B_i|_2 on either side of it.
"""

from dataclasses import replace

import pytest
import sympy
from flint import fmpq

from claims.beyond_balance.bounded_descent.rows import FACTS, HYPOTHESES, INDUCTION, ROWS, WITHOUT_SLACK
from claims.beyond_balance.bounded_descent.state import AnyState
from claims.suite import control, symbolic
from claims.suite.entailment import DEEP, Gap, N, Premises, Proof, check_entailed, follows, gaps, worst
from claims.suite.symbolic_states import ETA, HALF, REACH, TAU, M, S, Symbols, tau_is_small, w
from solvers.guarantees.bounded_descent import imbalance_rise
from solvers.guarantees.theorem_one import tau

MOST, DISTANCE, SIZE, DRIFT, LOST, Q, BOUND, START = sympy.symbols("s_1 g |Phi| T lost Q M_b b_0", positive=True)
FIRST, LAST, BEFORE, AFTER, TAU_NOW = sympy.symbols("W_1 W_N p q tau_t", positive=True)


class AnySymbols(Symbols):
    """The state of symbols: M is the largest |W_j|_2, M_b what bounds it; their taus are tau_t and tau."""

    reads, tau = AnyState, TAU_NOW
    at_the_bound: Symbols
    most, distance, target_size, total_drift, lost = MOST, DISTANCE, SIZE, DRIFT, LOST
    layer_squares, imbalance_sizes, total_imbalance = (FIRST, M**2, LAST), (BEFORE, AFTER), BEFORE + AFTER
    product_bound, bound_squared, start_imbalance = Q ** (N / 2), BOUND**2, START


class AtTheBound(AnySymbols):
    tau, layer_norm_squared = TAU, BOUND**2


AnySymbols.at_the_bound = AtTheBound()
PLAIN = AnySymbols()
LEDGER = {row.name: row for row in ROWS}
LEDGER["total drift"] = replace(LEDGER["total drift"], constant=WITHOUT_SLACK)
ORDER, NEIGHBOURS, (LEAST_BOUND,) = (gaps(row, PLAIN) for row in FACTS)


def layer_norms(given: Premises) -> None:
    """W_j is p from one end and q from the other, b = p + q: half of both ways."""
    (shown,) = given.shown("layer norms")
    ends = [(HALF, given.row("end norms", number)) for number in (0, 1)]
    follows(shown, [*ends, (HALF, NEIGHBOURS[2]), (HALF, NEIGHBOURS[3])])


def reach_is_bounded(given: Premises) -> Gap:
    """C - |G|_2, and so s_1 C - |H|_2, as |Phi|_2 + |G|_2 <= C."""
    found = MOST * Q ** (N / 2) - REACH
    follows(found, [(MOST, given.hypothesis("positive definite")), (1, ORDER[2])], MOST * SIZE)
    return found


def root_is_bounded() -> Gap:
    """M_b^2 - C^{2/N}."""
    found = BOUND**2 - Q
    follows(found, [(1, LEAST_BOUND)], Q / N + sympy.Rational(3, 2) * START)
    return found


def bounded(given: Premises) -> None:
    """|W|_2 <= |G|_2 + |Phi|_2 <= C; and 3/2 of what b may rise by is C^{2/N} / N."""
    (shown,) = given.shown("bounded")
    product, root = Q ** (N / 2) - w ** (N / 2), Q - w
    follows(product, [(1, ORDER[1]), (1, given.hypothesis("positive definite"))])
    follows(worst(root, (product, w)), [])
    imbalance = (sympy.Rational(3, 2), given.hypothesis("imbalance"))
    follows(shown, [(1, given.row("layer norms")), imbalance, (1, root), (1, LEAST_BOUND)])


Z = sympy.Rational(1, 3)
"""Of z = eta s_1 N M_b^{2N-2}, and of N y = N eta M_b^{N-2} |H|_2."""


def kept(given: Premises) -> None:
    """N y <= z at |H|_2 = s_1 C and C^{2/N} = M_b^2, for N >= 2; and 1 - kept is most at z = 1/3."""
    (shown,) = given.shown("kept")
    limit, second = (given.hypothesis("learning rate"), ETA), Z - ETA * MOST * N * BOUND ** (2 * N - 2)
    follows(worst(second, limit), [])
    first = Z - N * ETA * BOUND ** (N - 2) * REACH
    follows(worst(first, limit, (reach_is_bounded(given), REACH), (root_is_bounded(), Q), sizes=DEEP), [])
    at = worst(shown, (second, ETA), (tau_is_small(Z), TAU))
    follows(at, [], at)


def falls(given: Premises) -> None:
    """What is lost for M is at most what is lost for M_b: tau rises with M for N >= 2, and is 0 at depth 1."""
    (shown,) = given.shown("falls")
    within = given.row("bounded")
    larger = TAU - tau(ETA * M ** (N - 2) * REACH, N)
    at = worst(larger, (within, M), sizes=DEEP).subs(TAU, tau(ETA * BOUND ** (N - 2) * REACH, N))
    follows(at, [])
    assert tau(REACH, 1) == 0
    left = sympy.expand((shown - given.row("descent")) / (ETA * S))
    follows(worst(left, (TAU - TAU_NOW, TAU_NOW), (within, M)), [(1, given.row("kept"))])


def drift(given: Premises) -> None:
    (shown,) = given.shown("drift")
    follows(shown, [(1, given.row("law", 1)), (4 * ETA, given.row("falls"))])


def total_drift(given: Premises) -> None:
    """At eta's limit, and M_b^2 at C^{2/N}, nothing is left."""
    (shown,) = given.shown("total drift")
    follows(worst(shown, (given.hypothesis("learning rate"), ETA), (root_is_bounded(), BOUND)), [])


PROOFS: dict[str, Proof] = {
    "layer norms": layer_norms,
    "bounded": bounded,
    "kept": kept,
    "falls": falls,
    "drift": drift,
    "total drift": total_drift,
}


@symbolic
@pytest.mark.parametrize("name", PROOFS)
def test_a_row_follows_from_what_it_uses(name: str) -> None:
    """For every N: the proof asks for the rows and the hypotheses that its row names, and for all of them."""
    check_entailed(name, PROOFS[name], Premises(PLAIN, LEDGER, HYPOTHESES))


@symbolic
def test_the_norms_stay_bounded() -> None:
    """What does not rise, b + 4 eta E, is at the start at most b(0) + 2 eta s_d C^2, as 2 E(0) <= s_d C^2, and that is
    b(0) + 2 C^{2/N} / (3 N kappa): which is what b may be. E falls."""
    given = Premises(PLAIN, LEDGER, HYPOTHESES)
    before, after, energy, start = sympy.symbols("B B_after E_t E_0", nonnegative=True)
    least, more = sympy.Symbol("s_d", positive=True), sympy.Symbol("more", nonnegative=True)
    rises_not = before + 4 * ETA * energy - (after + 4 * ETA * (energy - PLAIN.fall))
    follows(rises_not, [(1, given.row("drift")), (1, before + DRIFT - after)])
    kept_so_far = START + 4 * ETA * start - (before + 4 * ETA * energy)
    small_start = least * Q**N - 2 * start
    premises = [(1, kept_so_far), (2 * ETA, small_start), (least / MOST, given.row("total drift"))]
    risen = START + imbalance_rise(N, Q ** (N / 2), MOST / least)
    follows(risen - before, premises, 4 * ETA * energy)
    allowed = START + imbalance_rise(N, Q ** (N / 2))
    follows(allowed - risen, [], 2 * Q * (MOST - least) / (3 * N * MOST), {MOST: least + more})
    follows(PLAIN.fall, [(1, given.row("falls"))], ETA * S / 2)
    assert given.rows_asked == set(INDUCTION)


WEAKER = {
    "end norms": fmpq(2),
    "layer norms": fmpq(2),
    "bounded": fmpq(2),
    "kept": fmpq(1, 4),
    "descent": fmpq(2),
    "falls": fmpq(1, 4),
    "law": fmpq(2),
}
"""For each row that is used a constant with which it says less."""


@control
@pytest.mark.parametrize(("name", "used"), [(name, used) for name in PROOFS for used in LEDGER[name].uses])
def test_refuted_where_a_row_that_is_used_says_less(name: str, used: str) -> None:
    """The proof rests on the row's constant: with a weaker one it does not close."""
    rows = LEDGER | {used: replace(LEDGER[used], constant=WEAKER[used])}
    with pytest.raises((AssertionError, ValueError)):
        PROOFS[name](Premises(PLAIN, rows, HYPOTHESES))
