"""The rows of the proof, for either balance: the ledger's own, with H = G S for G, and those that S changes."""

from functools import partial

from flint import fmpq

from claims.beyond_balance.general_data.state import DataState
from claims.convergence.proof_ledger.lemmas import descent, kept, lemma_seven, preconditioner, remainder
from claims.convergence.proof_ledger.state import HALF
from claims.suite.ledger import Row
from solvers.arithmetic import Comparison
from solvers.network import stacks, transpose

EACH, SUM = partial(DataState, balance="each"), partial(DataState, balance="sum")
"""A state with every ||B_j||_F small, and one with the sum of the |B_j|_2 small."""

# Anywhere: any weights without a bottleneck, any target, any S > 0 and any learning rate.


def layer_norms(s: DataState, constant: fmpq) -> list[Comparison]:
    """1. |W_j|_2^2 <= |W|_2^{2/N} + 3/2 b."""
    bound = s.root(s.norm, 2) + constant * s.total_imbalance
    return [Comparison(s.layer_norm**2, "<=", bound, "max |W_j|_2^2 against |W|_2^(2/N) and the imbalance")]


def first_order(s: DataState, constant: fmpq) -> list[Comparison]:
    """2. sigma^2 ||H||_F^2 <= S_t (sigma^{2/N} + b)."""
    right = s.total * (s.root(s.sigma, 2) + constant * s.total_imbalance)
    return [Comparison(s.sigma**2 * s.gap, "<=", right, "sum of ||D_j||^2 from below")]


def conditioning(s: DataState, constant: fmpq) -> list[Comparison]:
    """3. ||H||_F^2 >= 2 s_d E."""
    return [Comparison(s.gap, ">=", constant * s.least * s.energy, "||G S||_F^2 against |G|_S^2")]


# In the set: sigma_min(W) >= c, |Phi|_2 <= F, |G|_2 + c <= F, eta at most its limit, and the balance as it stays.


def small_imbalance(s: DataState, constant: fmpq) -> list[Comparison]:
    """6. (N-1) 2 delta <= sigma^{2/N} / 4, which holds of c^{2/N} / (4 N) anyway."""
    most = (s.depth - 1) * 2 * s.delta if s.balance == "each" else s.root(s.margin, 2) / (4 * s.depth)
    return [Comparison(most, "<=", constant * s.root(s.sigma, 2), "what the imbalance may be in all")]


def norms(s: DataState, constant: fmpq) -> list[Comparison]:
    """7. |W_j|_2^2 <= (2F - c)^{2/N} (1 + 3/2 (N-1) / N^2), or (1 + 3/8 / N)."""
    share = fmpq(s.depth - 1, s.depth**2) if s.balance == "each" else fmpq(1, s.depth)
    bound = s.root(2 * s.target_norm - s.margin, 2) * (1 + constant * share)
    return [Comparison(s.layer_norm**2, "<=", bound, "max |W_j|_2^2")]


def drift(s: DataState, constant: fmpq) -> list[Comparison]:
    """10. ||B_j(t+1) - B_j(t)||_F <= 3/2 eta (E(t) - E(t+1)); the sum over j of spectral norms <= 16/5 eta times it."""
    bound = constant * s.rate * s.fall
    if s.balance == "each":
        return [Comparison(moved, "<=", bound, "drift of a B_j against the fall of E") for moved in s.drift_norms]
    pairs = zip(s.moves, s.moves[1:], strict=False)
    moved = [transpose(after) @ after - before @ transpose(before) for before, after in pairs]
    total = sum((stacks.extreme_singular_values(matrix)[1] for matrix in moved), fmpq(0))
    return [Comparison(total, "<=", bound, "drift of all B_j against the fall of E")] if moved else []


def total_drift(s: DataState, constant: fmpq) -> list[Comparison]:
    """11. eta s_d F^2 kappa <= delta, or c^{2/N} / (15 N); at eta's limit an equality, up to the 2^-40th part."""
    allowed = s.delta if s.balance == "each" else s.root(s.margin, 2) / (15 * s.depth)
    slack = constant * (1 + fmpq(1, 2**40))
    return [Comparison(s.rate * s.most * s.target_norm**2, "<=", slack * allowed, "eta s_1 F^2 against its limit")]


def theorem_step(s: DataState, constant: fmpq) -> list[Comparison]:
    """12. E(t) - E(t+1) >= eta s_d c^{2-2/N} E(t)."""
    gain = constant * s.rate * s.least * s.root(s.margin, 2 * s.depth - 2) * s.energy
    return [Comparison(s.fall, ">=", gain, "E(t) - E(t+1) against the rate")]


ONE = fmpq(1)
ANYWHERE = (
    Row("layer norms", layer_norms, fmpq(3, 2), least_depth=2),
    Row("first order", first_order, ONE, least_depth=2),
    Row("conditioning", conditioning, fmpq(2)),
    Row("preconditioner", preconditioner, ONE, least_depth=2),
    Row("remainder", remainder, ONE, ("preconditioner",), least_depth=2),
    Row("descent", descent, HALF, ("preconditioner", "remainder"), least_depth=2),
)
"""With the drift of DL-012, which is the law of balance and holds of every loss."""


def in_the_set(norm: fmpq, least_kept: fmpq, lemma: fmpq, moved: fmpq) -> tuple[Row, ...]:
    """The rows of one sense of balance: their constants."""
    return (
        Row("small imbalance", small_imbalance, fmpq(1, 4), (), ("margin",)),
        Row("norms", norms, norm, ("layer norms",), ("balance", "margin"), least_depth=2),
        Row("kept", kept, least_kept, ("norms",), ("learning rate",)),
        Row("lemma", lemma_seven, lemma, ("first order", "descent", "small imbalance", "kept"), ("balance",)),
        Row("drift", drift, moved, ("descent", "kept")),
        Row("total drift", total_drift, ONE, (), ("learning rate",)),
        Row("theorem", theorem_step, ONE, ("lemma", "conditioning", "drift", "total drift"), ("margin",)),
    )


ROWS_EACH = in_the_set(fmpq(3, 2), fmpq(2, 3), fmpq(8, 15), fmpq(3, 2))
ROWS_SUM = in_the_set(fmpq(3, 8), fmpq(5, 8), HALF, fmpq(16, 5))
ROWS = {"each": ROWS_EACH, "sum": ROWS_SUM}
READ = {"each": EACH, "sum": SUM}
