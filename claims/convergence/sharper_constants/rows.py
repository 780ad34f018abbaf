"""The rows of the proof: the ledger's own with other constants, and two that are stated anew.

``HYPOTHESES`` are what the conditions on a state leave of the theorem's; that each row uses the rows that it names, and
no others, is in :mod:`~claims.convergence.sharper_constants.entailed`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from flint import fmpq

from claims.convergence.proof_ledger.lemmas import kept, lemma_seven, potential, small_imbalance, theorem_step
from claims.convergence.proof_ledger.state import HALF, State
from claims.suite.ledger import Row
from solvers.arithmetic import Comparison
from solvers.guarantees import sharper_constants

SharperState = partial(State, imbalance_limit=sharper_constants.imbalance_limit)
"""A state of the ledger, with delta = c^{2/N} / (2 N^2)."""
SLACK = 1 + fmpq(1, 2**40)
"""What rounding decides by where a row is an equality."""


def norms(s: State, constant: fmpq) -> list[Comparison]:
    """|W_j|_2^2 <= (2 Phi_F - c)^{2/N} (1 + 3/2 (N-1)/N^2)."""
    bound = s.root(2 * s.target_norm - s.margin, 2) * (1 + constant * (s.depth - 1) / s.depth**2)
    return [Comparison(s.layer_norm_squared, "<=", bound, "max |W_j|_2^2")]


def total_drift(s: State, constant: fmpq) -> list[Comparison]:
    """eta Phi_F^2 <= delta; at eta's limit an equality, so up to the 2^-40th part."""
    return [Comparison(s.rate * s.target_norm**2, "<=", constant * SLACK * s.delta, "eta Phi_F^2 against delta")]


HYPOTHESES: dict[str, Callable[[Any], list[Comparison]]] = {
    "margin": lambda s: [
        Comparison(s.margin, "<=", s.sigma, "sigma_min(W) against c"),
        Comparison(s.reach + s.margin, "<=", s.target_norm, "|W - Phi|_2 against Phi_F - c"),
    ],
    "balance": lambda s: [Comparison(s.imbalance, "<=", 2 * s.delta, "||B_j||_F against 2 delta")],
    "learning rate": lambda s: [
        Comparison(s.rate, "<=", sharper_constants.learning_rate_limit(s.depth, s.margin, s.target_norm), "eta")
    ],
}
"""The conditions on a state."""

SHARPER = (
    Row("small imbalance", small_imbalance, fmpq(1, 4), (), ("margin",)),
    Row("norms", norms, fmpq(3, 2), ("layer norms",), ("margin", "balance"), least_depth=2),
    Row("kept", kept, fmpq(2, 3), ("norms",), ("margin", "learning rate")),
    Row("lemma", lemma_seven, HALF, ("first order", "descent", "small imbalance", "kept"), ("balance",)),
    Row("potential", potential, fmpq(2), ("drift", "descent", "kept")),
    Row("total drift", total_drift, fmpq(1), (), ("learning rate",)),
    Row("theorem", theorem_step, fmpq(1), ("lemma",), ("margin",)),
)
"""With the rows of the ledger that hold anywhere."""
INDUCTION = ("theorem", "potential", "total drift")
"""The rows that keep the conditions, and with them the theorem."""
SHARP = {row.name: row.constant for row in SHARPER}
"""Their constants, by name."""
