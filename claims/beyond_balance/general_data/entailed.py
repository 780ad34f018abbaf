"""Each row follows from the rows that it uses and from its hypotheses, for either balance: no more, and no less.

For every depth N, as in the modules of this name of ``proof_ledger`` (DL-012) and ``sharper_constants`` (DL-013). C =
2F - c; H stands where these have G.
"""

from dataclasses import replace
from functools import partial

import pytest
import sympy
from flint import fmpq

from claims.beyond_balance.general_data.rows import ANYWHERE, FACTS, HYPOTHESES, INDUCTION, ROWS, WITHOUT_SLACK
from claims.beyond_balance.general_data.state import DataState
from claims.convergence.sharper_constants.entailed import BOUNDS
from claims.suite import control, symbolic, symbolic_states
from claims.suite.entailment import ANY_DEPTH, N, Premises, Proof, capped, check_entailed, follows, gaps, worst
from claims.suite.symbolic_bounds import Bounds, C, Number, in_reach, margin_is_at_most_reach, most_is_kept
from claims.suite.symbolic_states import ACROSS, ALONG, BOUND, ETA, GAP, PHI, REACH, M, S, k, s, w
from solvers.guarantees.general_data import BALANCES, Balance, imbalance_limit, kept_imbalance

E, LEAST, MOST, DISTANCE, SIZE, B, DRIFT = sympy.symbols("E s_d s_1 g |Phi| b T", positive=True)


class DataSymbols(symbolic_states.Symbols):
    """The state of symbols on data of covariance S; PHI is F. |V|_S^2 <= s_1 ||V||_F^2, as ``proof`` has it."""

    least, most, energy, distance, target_size = LEAST, MOST, E, DISTANCE, SIZE
    total_imbalance, total_drift = B, DRIFT
    lost = GAP * ALONG + MOST * (BOUND + sympy.sqrt(ALONG**2 + ACROSS**2)) ** 2 / 2
    reads = DataState

    def __init__(self, balance: Balance) -> None:
        self.balance, self.delta = balance, imbalance_limit(N, k ** (N / 2), balance)


def given_of(balance: Balance, **weaker: fmpq) -> Premises:
    """What proofs may assume; the total drift without what rounding decides by, and rows of other constants."""
    rows = {row.name: row for row in (*ANYWHERE, *ROWS[balance])}
    for name, constant in {"total drift": WITHOUT_SLACK, **weaker}.items():
        rows[name] = replace(rows[name], constant=constant)
    return Premises(DataSymbols(balance), rows, HYPOTHESES)


(ORDER,) = (gaps(row, DataSymbols("each")) for row in FACTS)


def small_imbalance(given: Premises) -> None:
    """At sigma = c: N^2 - 4 (N-1) = (N-2)^2, or N - 1 >= 0."""
    (shown,) = given.shown("small imbalance")
    rest = (N - 2) ** 2 / N**2 if given.state.balance == "each" else (N - 1) / N
    follows(worst(shown, (given.hypothesis("margin"), s)), [], k * rest / 4, ANY_DEPTH)


def norms(given: Premises) -> None:
    """|W|_2 <= |G|_2 + |Phi|_2 <= C, and at C = c nothing is left."""
    (shown,) = given.shown("norms")
    product, parts = C - w ** (N / 2), (given.hypothesis("margin", 1), given.hypothesis("margin", 2))
    follows(product, [(1, ORDER[1]), *((1, in_reach(part)) for part in parts)])
    at = worst(in_reach(shown), (given.row("layer norms"), M), (given.hypothesis("balance"), B), (product, w))
    follows(worst(at, (margin_is_at_most_reach(given, DISTANCE), C)), [])


def formula_of_the_sum(depth: Number, x: Number, r: Number, q: Number) -> Number:
    """x^{2/N} r^{2-2/N} q^{N-1} / 15."""
    return x ** (2 / depth) * r ** (2 - 2 / depth) * q ** (depth - 1) / 15


Q = 1 + sympy.Rational(3, 8) / N
SUM = Bounds(Q, formula_of_the_sum, sympy.Rational(4, 15) * sympy.exp(sympy.Rational(3, 8)), sympy.Integer(1))


@symbolic
def test_the_formula_of_the_sum_is_at_most_its_bound() -> None:
    """For x <= 1 and r <= 2: 4^{1-1/N} <= 4, and q^{N-1} <= exp(3/8), as log(1 + y) <= y and (N-1) y <= 3/8 for y =
    3/8 / N; and q >= 1."""
    x, r, power = sympy.symbols("x r power", positive=True)
    shown = SUM.largest - formula_of_the_sum(N, x, r, SUM.q).subs(SUM.q ** (N - 1), power)
    at = worst(shown, (1 - x, x), (2 - r, r), (sympy.exp(sympy.Rational(3, 8)) - power, power))
    follows(capped(at, 2, 2), [])
    follows(sympy.Rational(3, 8) - (N - 1) * (SUM.q - 1), [], sympy.Rational(3, 8) / N)


def kept(given: Premises) -> None:
    """|H|_2 <= s_1 |G|_2 <= s_1 (F - c) <= s_1 C / 2."""
    reach = MOST * C / 2 - REACH
    follows(reach, [(MOST, in_reach(given.hypothesis("margin", 1))), (1, ORDER[2])], MOST * k ** (N / 2) / 2)
    bounds = BOUNDS if given.state.balance == "each" else SUM
    most_is_kept(given, bounds, reach, margin_is_at_most_reach(given, DISTANCE), MOST)


def drift_of_all(given: Premises) -> None:
    """2 eta^2 S_t at most, and the fall is at least 5/8 eta S_t."""
    (shown,) = given.shown("drift")
    moved = given.constant("drift") * ETA
    follows(shown, [(1, given.row("law", 1)), (moved, given.row("descent")), (moved * ETA * S, given.row("kept"))])


def total_drift(given: Premises) -> None:
    """At eta's limit nothing is left, or nothing but rounding's share."""
    (shown,) = given.shown("total drift")
    follows(worst(shown, (given.hypothesis("learning rate"), ETA)), [])


def theorem(given: Premises) -> None:
    """At sigma = c the lemma and conditioning leave 1/15 of the rate, or nothing."""
    (shown,) = given.shown("theorem")
    share = given.constant("lemma")
    left = shown - given.row("lemma") - share * ETA * s ** (N - 1) * given.row("conditioning")
    at = worst(sympy.expand(left), (given.hypothesis("margin"), s))
    follows(at, [], at)


PROOFS: dict[str, Proof] = {
    "descent": partial(symbolic_states.descent, most=MOST),
    "small imbalance": small_imbalance,
    "norms": norms,
    "kept": kept,
    "lemma": partial(symbolic_states.lemma, name="lemma"),
    "total drift": total_drift,
    "theorem": theorem,
}
DRIFTS: dict[Balance, Proof] = {
    "each": partial(symbolic_states.potential, name="drift", law="law"),
    "sum": drift_of_all,
}
CASES = [(balance, name) for balance in BALANCES for name in (*PROOFS, "drift")]


def proof(balance: Balance, name: str) -> Proof:
    return DRIFTS[balance] if name == "drift" else PROOFS[name]


@symbolic
@pytest.mark.parametrize(("balance", "name"), CASES)
def test_a_row_follows_from_what_it_uses(balance: Balance, name: str) -> None:
    """For every N: the proof asks for the rows and the hypotheses that its row names, and for all of them."""
    check_entailed(name, proof(balance, name), given_of(balance))


ENERGY, START, BEFORE, AFTER = sympy.symbols("E_t E_0 B B_after", nonnegative=True)
SIZES = {**ANY_DEPTH, MOST: LEAST + sympy.Symbol("more", nonnegative=True)}


@symbolic
@pytest.mark.parametrize("balance", BALANCES)
def test_the_set_is_kept(balance: Balance) -> None:
    """What does not rise, ||B_j||_F + 3/2 eta E or b + 16/5 eta E, is at the start at most what kept_imbalance says: as
    2 E(0) <= s_d F^2, it is 3/4 delta / kappa more than delta, or 8/75 c^{2/N} / N more than c^{2/N} / (7N). That is no
    more than may be in all; and E falls."""
    given = given_of(balance)
    state, moved = given.state, given.constant("drift") * ETA
    step, count = (symbolic_states.DRIFT, N - 1) if balance == "each" else (DRIFT, 1)
    rises_not = BEFORE + moved * ENERGY - (AFTER + moved * (ENERGY - state.fall))
    follows(rises_not, [(1, given.row("drift")), (1, BEFORE + step - AFTER)])
    kept_so_far = state.delta + moved * START - (BEFORE + moved * ENERGY)
    small_start, total = LEAST * PHI**2 - 2 * START, given.row("total drift")
    premises = [(1, kept_so_far), (moved / 2, small_start), (moved / (2 * ETA) * LEAST / MOST, total)]
    bound = kept_imbalance(N, k ** (N / 2), MOST / LEAST, balance)
    paid = sympy.Rational(8, 75)
    left = {
        "each": state.delta / 4 * LEAST / MOST,
        "sum": k / N * (sympy.Rational(1, 4) - sympy.Rational(1, 7) - paid + paid * (MOST - LEAST) / MOST),
    }
    follows(bound - BEFORE, premises, moved * ENERGY + left[balance], SIZES)
    spared = count * state.delta * (MOST - LEAST) / MOST if balance == "each" else 0
    follows(given.hypothesis("balance") + B - count * bound, [], spared, SIZES)
    follows(state.fall, [(1, given.row("theorem"))], ETA * LEAST * k ** (N - 1) * E)
    assert given.rows_asked == set(INDUCTION)


WEAKER = {
    "layer norms": fmpq(2),
    "first order": fmpq(2),
    "conditioning": fmpq(3, 2),
    "preconditioner": fmpq(2),
    "remainder": fmpq(2),
    "descent": fmpq(2),
    "law": fmpq(2),
    "small imbalance": fmpq(1),
    "norms": fmpq(2),
    "kept": fmpq(1, 4),
    "lemma": fmpq(1, 4),
}
"""For each row that is used a constant with which it says less."""
USES = [(balance, name, used) for balance, name in CASES for used in given_of(balance).rows[name].uses]


@control
@pytest.mark.parametrize(("balance", "name", "used"), USES)
def test_refuted_where_a_row_that_is_used_says_less(balance: Balance, name: str, used: str) -> None:
    """The proof rests on the row's constant: with a weaker one it does not close."""
    with pytest.raises((AssertionError, ValueError)):
        proof(balance, name)(given_of(balance, **{used: WEAKER[used]}))
