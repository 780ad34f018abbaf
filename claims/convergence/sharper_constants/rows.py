"""The rows of the proof: the ledger's own with other constants, and two that are stated anew."""

from functools import partial

from flint import fmpq

from claims.convergence.proof_ledger.lemmas import kept, lemma_seven, potential, small_imbalance, theorem_step
from claims.convergence.proof_ledger.state import HALF, State
from claims.suite.ledger import Row
from solvers.arithmetic import Comparison
from solvers.guarantees import sharper_constants

SharperState = partial(State, imbalance_limit=sharper_constants.imbalance_limit)
"""A state of the ledger, with delta = c^{2/N} / (2 N^2)."""


def norms(s: State, constant: fmpq) -> list[Comparison]:
    """|W_j|_2^2 <= (2 Phi_F - c)^{2/N} (1 + 3/2 (N-1)/N^2)."""
    bound = s.root(2 * s.target_norm - s.margin, 2) * (1 + constant * fmpq(s.depth - 1, s.depth**2))
    return [Comparison(s.layer_norm**2, "<=", bound, "max |W_j|_2^2")]


def total_drift(s: State, constant: fmpq) -> list[Comparison]:
    """eta Phi_F^2 <= delta; at eta's limit an equality, so up to the 2^-40th part, which rounding decides."""
    slack = 1 + fmpq(1, 2**40)
    return [Comparison(s.rate * s.target_norm**2, "<=", constant * slack * s.delta, "eta Phi_F^2 against delta")]


SHARPER = (
    Row("small imbalance", small_imbalance, fmpq(1, 4), (), ("margin",)),
    Row("norms", norms, fmpq(3, 2), ("small imbalance",), ("balance",), least_depth=2),
    Row("kept", kept, fmpq(2, 3), ("norms",), ("learning rate",)),
    Row("lemma", lemma_seven, HALF, ("small imbalance", "kept"), ("balance",)),
    Row("potential", potential, fmpq(2), ("kept",)),
    Row("total drift", total_drift, fmpq(1), (), ("learning rate",)),
    Row("theorem", theorem_step, fmpq(1), ("lemma", "potential", "total drift"), ("margin",)),
)
"""With the rows of the ledger that hold anywhere."""
SHARP = {row.name: row.constant for row in SHARPER}
"""Their constants, by name."""
