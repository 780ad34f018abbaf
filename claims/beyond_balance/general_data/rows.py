"""The rows of the proof, for either balance: the ledger's own, with H = G S for G, and those that S changes.

``FACTS`` are what every proof may use of any state, and ``HYPOTHESES`` what a state in the set has; that each row uses
the rows that it names, and no others, is in :mod:`~claims.beyond_balance.general_data.entailed`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from flint import fmpq

from claims.beyond_balance.general_data.state import DataState
from claims.convergence.proof_ledger.lemmas import descent, kept, lemma_seven, preconditioner, remainder
from claims.convergence.proof_ledger.lemmas import drift as drift_of_each
from claims.convergence.proof_ledger.state import HALF
from claims.convergence.sharper_constants.rows import SLACK
from claims.suite.ledger import Row
from solvers.arithmetic import Comparison
from solvers.guarantees.general_data import learning_rate_limit

EACH, SUM = partial(DataState, balance="each"), partial(DataState, balance="sum")
"""A state with every ||B_j||_F small, and one with the sum of the |B_j|_2 small."""

# Anywhere: any weights without a bottleneck, any target, any S > 0 and any learning rate.


def layer_norms(s: DataState, constant: fmpq) -> list[Comparison]:
    """1. |W_j|_2^2 <= |W|_2^{2/N} + 3/2 b."""
    bound = s.root(s.norm, 2) + constant * s.total_imbalance
    return [Comparison(s.layer_norm_squared, "<=", bound, "max |W_j|_2^2 against |W|_2^(2/N) and the imbalance")]


def first_order(s: DataState, constant: fmpq) -> list[Comparison]:
    """2. sigma^2 ||H||_F^2 <= S_t (sigma^{2/N} + b)."""
    right = s.total * (s.root(s.sigma, 2) + constant * s.total_imbalance)
    return [Comparison(s.sigma**2 * s.gap, "<=", right, "sum of ||D_j||^2 from below")]


def conditioning(s: DataState, constant: fmpq) -> list[Comparison]:
    """3. ||H||_F^2 >= 2 s_d E."""
    return [Comparison(s.gap, ">=", constant * s.least * s.energy, "||G S||_F^2 against |G|_S^2")]


def law(s: DataState, constant: fmpq) -> list[Comparison]:
    """||B_j(t+1) - B_j(t)||_F <= eta^2 (||D_j||_F^2 + ||D_{j+1}||_F^2): the law of balance holds of every loss. The sum
    over j of the spectral norms is at most 2 eta^2 S_t."""
    total = Comparison(s.total_drift, "<=", 2 * constant * s.rate**2 * s.total, "drift of all B_j")
    return [*drift_of_each(s, constant), total]


# In the set: sigma_min(W) >= c, |Phi|_2 <= F, |G|_2 + c <= F, eta at most its limit, and the balance as it stays.


def allowed(s: DataState) -> Any:
    """What the imbalance may be in all: (N-1) 2 delta, or c^{2/N} / (4 N)."""
    return (s.depth - 1) * 2 * s.delta if s.balance == "each" else s.root(s.margin, 2) / (4 * s.depth)


def small_imbalance(s: DataState, constant: fmpq) -> list[Comparison]:
    """6. (N-1) 2 delta <= sigma^{2/N} / 4, which holds of c^{2/N} / (4 N) anyway."""
    return [Comparison(allowed(s), "<=", constant * s.root(s.sigma, 2), "what the imbalance may be in all")]


def norms(s: DataState, constant: fmpq) -> list[Comparison]:
    """7. |W_j|_2^2 <= (2F - c)^{2/N} (1 + 3/2 (N-1) / N^2), or (1 + 3/8 / N)."""
    share = constant * (s.depth - 1) / s.depth**2 if s.balance == "each" else constant / s.depth
    bound = s.root(2 * s.target_norm - s.margin, 2) * (1 + share)
    return [Comparison(s.layer_norm_squared, "<=", bound, "max |W_j|_2^2")]


def drift(s: DataState, constant: fmpq) -> list[Comparison]:
    """10. ||B_j(t+1) - B_j(t)||_F <= 3/2 eta (E(t) - E(t+1)); the sum over j of spectral norms <= 16/5 eta times it."""
    bound = constant * s.rate * s.fall
    if s.balance == "each":
        return [Comparison(moved, "<=", bound, "drift of a B_j against the fall of E") for moved in s.drift_norms]
    return [Comparison(s.total_drift, "<=", bound, "drift of all B_j against the fall of E")] if s.depth != 1 else []


def total_drift(s: DataState, constant: fmpq) -> list[Comparison]:
    """11. eta s_1 F^2 <= delta, or c^{2/N} / (15 N); at eta's limit an equality, up to the 2^-40th part."""
    most = s.delta if s.balance == "each" else s.root(s.margin, 2) / (15 * s.depth)
    return [Comparison(s.rate * s.most * s.target_norm**2, "<=", constant * SLACK * most, "eta s_1 F^2 and its limit")]


def theorem_step(s: DataState, constant: fmpq) -> list[Comparison]:
    """12. E(t) - E(t+1) >= eta s_d c^{2-2/N} E(t)."""
    gain = constant * s.rate * s.least * s.root(s.margin, 2 * s.depth - 2) * s.energy
    return [Comparison(s.fall, ">=", gain, "E(t) - E(t+1) against the rate")]


def order(s: DataState, constant: fmpq) -> list[Comparison]:
    """sigma_min(W) <= |W|_2 <= |G|_2 + |Phi|_2, and |H|_2 <= s_1 |G|_2."""
    return [
        Comparison(s.sigma, "<=", constant * s.norm, "sigma_min(W) against |W|_2"),
        Comparison(s.norm, "<=", constant * (s.distance + s.target_size), "|W|_2 against |G|_2 + |Phi|_2"),
        Comparison(s.reach, "<=", constant * s.most * s.distance, "|H|_2 against s_1 |G|_2"),
    ]


ONE = fmpq(1)
WITHOUT_SLACK = 1 / SLACK
"""The constant of "total drift" with which it is what is proved."""
FACTS = (Row("order", order, ONE),)
"""What holds of all matrices."""
NEARLY = tuple(replace(fact, constant=1 + fmpq(1, 2**30)) for fact in FACTS)
"""The same with more room: they are attained too often for rounding."""

HYPOTHESES: dict[str, Callable[[Any], list[Comparison]]] = {
    "margin": lambda s: [
        Comparison(s.margin, "<=", s.sigma, "sigma_min(W) against c"),
        Comparison(s.distance + s.margin, "<=", s.target_norm, "|G|_2 against F - c"),
        Comparison(s.target_size, "<=", s.target_norm, "|Phi|_2 against F"),
    ],
    "balance": lambda s: [Comparison(s.total_imbalance, "<=", allowed(s), "the imbalance in all")],
    "learning rate": lambda s: [
        Comparison(s.rate, "<=", learning_rate_limit(s.depth, s.margin, s.target_norm, s.most, s.balance), "eta")
    ],
}
"""The set: what the theorem's hypotheses at the start leave of each later step."""

ANYWHERE = (
    Row("layer norms", layer_norms, fmpq(3, 2), least_depth=2),
    Row("first order", first_order, ONE, least_depth=2),
    Row("conditioning", conditioning, fmpq(2)),
    Row("preconditioner", preconditioner, ONE, least_depth=2),
    Row("remainder", remainder, ONE, least_depth=2),
    Row("descent", descent, HALF, ("preconditioner", "remainder"), least_depth=2),
    Row("law", law, ONE, least_depth=2),
)
"""All but conditioning have DL-012's proofs, "layer norms" and "first order" with b for (N-1) D."""


def in_the_set(norm: fmpq, least_kept: fmpq, lemma: fmpq, moved: fmpq) -> tuple[Row, ...]:
    """The rows of one sense of balance: their constants."""
    return (
        Row("small imbalance", small_imbalance, fmpq(1, 4), (), ("margin",)),
        Row("norms", norms, norm, ("layer norms",), ("balance", "margin"), least_depth=2),
        Row("kept", kept, least_kept, ("norms",), ("learning rate", "margin")),
        Row("lemma", lemma_seven, lemma, ("first order", "descent", "small imbalance", "kept"), ("balance",)),
        Row("drift", drift, moved, ("law", "descent", "kept")),
        Row("total drift", total_drift, ONE, (), ("learning rate",)),
        Row("theorem", theorem_step, ONE, ("lemma", "conditioning"), ("margin",)),
    )


INDUCTION = ("theorem", "drift", "total drift")
"""The rows that keep a state in the set, and with it the theorem."""
ROWS_EACH = in_the_set(fmpq(3, 2), fmpq(2, 3), fmpq(8, 15), fmpq(3, 2))
ROWS_SUM = in_the_set(fmpq(3, 8), fmpq(5, 8), HALF, fmpq(16, 5))
ROWS = {"each": ROWS_EACH, "sum": ROWS_SUM}
READ = {"each": EACH, "sum": SUM}
