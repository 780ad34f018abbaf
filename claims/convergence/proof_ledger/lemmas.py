"""The lemmas of a single step as formulas, and the ledger: each lemma's constant, and the rows that its proof uses.

The rows are numbered as in the statement; the constant of each is an argument, so that it can be read, and broken.
``FACTS`` are what every proof may use of any state, and ``HYPOTHESES`` what the set of Lemma 7 has; that each row uses
the rows that it names, and no others, is in :mod:`~claims.convergence.proof_ledger.entailed`.
"""

from collections.abc import Callable
from typing import Any

from flint import fmpq

from claims.convergence.proof_ledger.state import HALF, State
from claims.suite.ledger import Row
from solvers.arithmetic import Comparison
from solvers.guarantees import theorem_one
from solvers.network import stacks


def order(s: State, constant: fmpq) -> list[Comparison]:
    """sigma_min(W) <= |W|_2 <= |G|_2 + Phi_F, and |G|_2 <= ||G||_F."""
    return [
        Comparison(s.sigma, "<=", constant * s.norm, "sigma_min(W) against |W|_2"),
        Comparison(s.norm, "<=", constant * (s.reach + s.target_norm), "|W|_2 against |G|_2 + Phi_F"),
        Comparison(s.reach**2, "<=", constant * s.gap, "|G|_2^2 against ||G||_F^2"),
    ]


def gradients(s: State, constant: fmpq) -> list[Comparison]:
    """||D_j||_F^2 <= M^{2N-2} ||G||_F^2, so S <= N times that; and S >= sigma_min(all but one end)^2 ||G||_F^2."""
    largest = constant * s.layer_norm_squared ** (s.depth - 1) * s.gap
    each = [Comparison(square, "<=", largest, "||D_j||_F^2 from above") for square in s.squares]
    return [
        *each,
        Comparison(s.total, "<=", s.depth * largest, "S from above"),
        Comparison(s.end * s.gap, "<=", constant * s.total, "S from below"),
    ]


def step(s: State, constant: fmpq) -> list[Comparison]:
    """|W_j(t+1)|_2 <= M + eta M^{N-1} |G|_2."""
    bound = s.layer_norm + s.rate * s.layer_norm ** (s.depth - 1) * s.reach
    return [Comparison(s.layer_norm_after, "<=", constant * bound, "|W_j(t+1)|_2")]


def layer_norms(s: State, constant: fmpq) -> list[Comparison]:
    """1. |W_j|_2^2 <= |W|_2^{2/N} + 3/2 (N-1) D."""
    bound = s.root(s.norm, 2) + constant * (s.depth - 1) * s.imbalance
    return [Comparison(s.layer_norm_squared, "<=", bound, "max |W_j|_2^2 against |W|_2^(2/N) and the imbalance")]


def end_layers(s: State, constant: fmpq) -> list[Comparison]:
    """2. sigma^2 <= sigma_min(W_{2:N})^2 (sigma^{2/N} + (N-1) D), or with the other end."""
    right = s.end * (s.root(s.sigma, 2) + constant * (s.depth - 1) * s.imbalance)
    return [Comparison(s.sigma**2, "<=", right, "sigma_min of all layers but one end")]


def first_order(s: State, constant: fmpq) -> list[Comparison]:
    """3. sigma^2 ||G||_F^2 <= S (sigma^{2/N} + (N-1) D)."""
    right = s.total * (s.root(s.sigma, 2) + constant * (s.depth - 1) * s.imbalance)
    return [Comparison(s.sigma**2 * s.gap, "<=", right, "sum of ||D_j||^2 from below")]


def preconditioner(s: State, constant: fmpq) -> list[Comparison]:
    """4. ||eta P||_F^2 <= eta^2 N M^{2N-2} S."""
    bound = constant * s.rate**2 * s.depth * s.layer_norm_squared ** (s.depth - 1) * s.total
    return [Comparison(stacks.frobenius_squared(s.preconditioned), "<=", bound, "||eta P||_F^2")]


def remainder(s: State, constant: fmpq) -> list[Comparison]:
    """5. <G, R> <= eta tau S and ||R||_F^2 <= (eta tau)^2 N M^{2N-2} S."""
    size = s.rate * s.tau * constant
    bound = size**2 * s.depth * s.total * s.layer_norm_squared ** (s.depth - 1)
    return [
        Comparison(stacks.inner(s.residual, s.remainder), "<=", size * s.total, "<G, R>"),
        Comparison(stacks.frobenius_squared(s.remainder), "<=", bound, "||R||_F^2"),
    ]


def crude_remainder(s: State, constant: fmpq) -> list[Comparison]:
    """5. ||R||_F <= 5/6 N^2 eta^2 M^{3N-4} ||G||_F^2."""
    bound = (constant * s.depth**2 * s.rate**2 * s.gap) ** 2 * s.layer_norm_squared ** (3 * s.depth - 4)
    return [Comparison(stacks.frobenius_squared(s.remainder), "<=", bound, "||R||_F^2 as 4.6 has it")]


def descent(s: State, constant: fmpq) -> list[Comparison]:
    """6. What is lost of eta S is at most (1 - kept) eta S."""
    return [Comparison(s.lost, "<=", s.share_lost(constant) * s.rate * s.total, "eta S - (L(t) - L(t+1))")]


def drift(s: State, constant: fmpq) -> list[Comparison]:
    """7. ||B_j(t+1) - B_j(t)||_F <= eta^2 (||D_j||_F^2 + ||D_{j+1}||_F^2)."""
    sums = [s.rate**2 * (before + after) for before, after in zip(s.squares, s.squares[1:], strict=False)]
    return [
        Comparison(moved, "<=", (constant * bound) ** 2, "squared drift of a B_j")
        for moved, bound in zip(s.drifts, sums, strict=True)
    ]


def small_imbalance(s: State, constant: fmpq) -> list[Comparison]:
    """8. (N-1) 2 delta <= sigma^{2/N} / 216."""
    return [Comparison((s.depth - 1) * 2 * s.delta, "<=", constant * s.root(s.sigma, 2), "(N-1) 2 delta")]


def norms(s: State, constant: fmpq) -> list[Comparison]:
    """9. |W_j|_2^{2N} <= 5 Phi_F^2."""
    return [Comparison(s.layer_norm_squared**s.depth, "<=", constant * s.target_norm**2, "max |W_j|_2^(2N)")]


def kept(s: State, constant: fmpq) -> list[Comparison]:
    """10. 1 - kept <= 1/4."""
    return [Comparison(s.share_lost(), "<=", 1 - constant + 0 * s.rate, "1 - kept")]


def lemma_seven(s: State, constant: fmpq) -> list[Comparison]:
    """11. L(t) - L(t+1) >= eta/2 sigma^{2(N-1)/N} ||G||_F^2."""
    gain = constant * s.rate * s.root(s.sigma, 2 * s.depth - 2) * s.gap
    return [Comparison(s.fall, ">=", gain, "L(t) - L(t+1), in the set")]


def norms_after(s: State, constant: fmpq) -> list[Comparison]:
    """12. |W_j(t+1)|_2^N <= 9/4 Phi_F."""
    return [Comparison(s.layer_norm_after**s.depth, "<=", constant * s.target_norm, "max |W_j(t+1)|_2^N")]


def drift_in_the_set(s: State, constant: fmpq) -> list[Comparison]:
    """13. ||B_j(t+1) - B_j(t)||_F <= 2 eta^2 M^{2(N-1)} ||G||_F^2 with M^2 = (8 Phi_F^2)^{1/N}."""
    bound = constant * s.rate**2 * s.root(8 * s.target_norm**2, s.depth - 1) * s.gap
    return [Comparison(moved, "<=", bound**2, "squared drift of a B_j, in the set") for moved in s.drifts]


def potential(s: State, constant: fmpq) -> list[Comparison]:
    """14. ||B_j||_F rises by at most its drift, so this says more than that ||B_j||_F + 2 eta L does not rise."""
    bound = constant * s.rate * s.fall
    return [Comparison(moved, "<=", bound, "drift of a B_j against 2 eta times the fall") for moved in s.drift_norms]


def total_drift(s: State, constant: fmpq) -> list[Comparison]:
    """15. 4 eta M^{2(N-1)} (Phi_F^2/2) / c^{2(N-1)/N} <= delta, with that M, and eta Phi_F^2 <= delta."""
    by_the_rate = 2 * s.rate * s.root(8 * s.target_norm**2, s.depth - 1) * s.target_norm**2
    return [
        Comparison(by_the_rate / s.root(s.margin, 2 * s.depth - 2), "<=", constant * s.delta, "4.5"),
        Comparison(s.rate * s.target_norm**2, "<=", constant * s.delta, "eta Phi_F^2"),
    ]


def theorem_step(s: State, constant: fmpq) -> list[Comparison]:
    """16. L(t) - L(t+1) >= eta c^{2(N-1)/N} L(t)."""
    gain = constant * s.rate * s.root(s.margin, 2 * s.depth - 2) * s.gap / 2
    return [Comparison(s.fall, ">=", gain, "L(t) - L(t+1) against the rate of Theorem 1")]


ONE = fmpq(1)
FACTS = (
    Row("order", order, ONE, least_depth=2),
    Row("gradients", gradients, ONE, least_depth=2),
    Row("step", step, ONE, least_depth=2),
)
"""What holds of all matrices and their products: singular values, ||A B||_F <= |A|_2 ||B||_F."""

HYPOTHESES: dict[str, Callable[[Any], list[Comparison]]] = {
    "margin": lambda s: [
        Comparison(s.margin, "<=", s.sigma, "sigma_min(W) against c"),
        Comparison(s.reach, "<=", s.target_norm, "|W - Phi|_2 against Phi_F"),
    ],
    "balance": lambda s: [Comparison(s.imbalance, "<=", 2 * s.delta, "||B_j||_F against 2 delta")],
    "learning rate": lambda s: [
        Comparison(s.rate, "<=", theorem_one.learning_rate_limit(s.depth, s.margin, s.target_norm), "eta")
    ],
}
"""The set of Lemma 7: what Theorem 1's hypotheses at the start leave of each later step."""

ANYWHERE = (
    Row("layer norms", layer_norms, fmpq(3, 2), least_depth=2),
    Row("end layers", end_layers, ONE, least_depth=2),
    Row("first order", first_order, ONE, ("end layers",), least_depth=2),
    Row("preconditioner", preconditioner, ONE, least_depth=2),
    Row("remainder", remainder, ONE, least_depth=2),
    Row("descent", descent, HALF, ("preconditioner", "remainder"), least_depth=2),
    Row("drift", drift, ONE),
)
"""What holds of any weights, target and learning rate."""
IN_THE_SET = (
    Row("small imbalance", small_imbalance, fmpq(1, 216), (), ("margin",)),
    Row("norms", norms, fmpq(5), ("layer norms",), ("margin", "balance")),
    Row("kept", kept, fmpq(3, 4), ("norms",), ("margin", "learning rate")),
    Row("lemma 7", lemma_seven, HALF, ("first order", "descent", "small imbalance", "kept"), ("balance",)),
    Row("remainder of 4.6", crude_remainder, fmpq(5, 6), ("remainder", "norms"), ("margin", "learning rate")),
    Row("norms after a step", norms_after, fmpq(9, 4), ("norms",), ("margin", "learning rate")),
    Row("drift in the set", drift_in_the_set, fmpq(2), ("drift", "norms")),
    Row("potential", potential, fmpq(2), ("drift", "descent", "kept")),
    Row("total drift", total_drift, ONE, (), ("margin", "learning rate")),
    Row("theorem", theorem_step, ONE, ("lemma 7",), ("margin",)),
)
LEDGER = (*ANYWHERE, *IN_THE_SET)
CONSTANTS = {row.name: row.constant for row in LEDGER}
"""Their constants, by name."""
INDUCTION = ("theorem", "potential", "total drift")
"""The rows that keep a state in the set, and with it Theorem 1."""
