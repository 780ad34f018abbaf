"""The rows of the proof, at any state: no margin, no balance, no width is asked for.

``FACTS`` are what every proof may use of any state, and ``HYPOTHESES`` what the theorem's leave of each step; that each
row uses the rows that it names, and no others, is in :mod:`~claims.beyond_balance.bounded_descent.entailed`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flint import fmpq

from claims.beyond_balance.bounded_descent.state import AnyState
from claims.beyond_balance.general_data.rows import law, layer_norms, order
from claims.convergence.proof_ledger.lemmas import descent
from claims.convergence.proof_ledger.state import HALF
from claims.convergence.sharper_constants.rows import SLACK
from claims.suite.ledger import Row
from solvers.arithmetic import Comparison
from solvers.guarantees.bounded_descent import imbalance_rise, layer_bound_squared, learning_rate_limit


def neighbours(s: AnyState, constant: fmpq) -> list[Comparison]:
    """|W_j|_2^2 <= |W_1|_2^2 + sum_{i<j} |B_i|_2 and <= |W_N|_2^2 + sum_{i>=j} |B_i|_2, as W_{i+1}^T W_{i+1} = W_i
    W_i^T + B_i."""
    squares, steps = s.layer_squares, s.imbalance_sizes
    found = []
    for j, square in enumerate(squares):
        before, after = sum(steps[:j], squares[0]), sum(steps[j:], squares[-1])
        found += [Comparison(square, "<=", constant * end, "|W_j|_2^2 against an end") for end in (before, after)]
    return found


def bound(s: AnyState, constant: fmpq) -> list[Comparison]:
    """(1 + 1/N) C^{2/N} + 3/2 b(0) <= M^2: that is what M^2 is."""
    least = layer_bound_squared(s.depth, s.product_bound, s.start_imbalance)
    return [Comparison(least, "<=", constant * s.bound_squared, "M^2 against C and b(0)")]


def end_norms(s: AnyState, constant: fmpq) -> list[Comparison]:
    """1. |W_1|_2^2, |W_N|_2^2 <= |W|_2^{2/N} + b."""
    most = s.root(s.norm, 2) + constant * s.total_imbalance
    ends = (("W_1", s.layer_squares[0]), ("W_N", s.layer_squares[-1]))
    return [Comparison(square, "<=", most, f"|{name}|_2^2 against |W|_2 and b") for name, square in ends]


def bounded(s: AnyState, constant: fmpq) -> list[Comparison]:
    """3. |W_j|_2^2 <= M^2."""
    return [Comparison(s.layer_norm_squared, "<=", constant * s.bound_squared, "max |W_j|_2^2 against M^2")]


def kept(s: AnyState, constant: fmpq) -> list[Comparison]:
    """4. 1 - kept <= 1/2, for the M that is proved."""
    return [Comparison(s.at_the_bound.share_lost(), "<=", 1 - constant + 0 * s.rate, "1 - kept")]


def falls(s: AnyState, constant: fmpq) -> list[Comparison]:
    """5. E(t) - E(t+1) >= eta/2 S_t."""
    return [Comparison(s.fall, ">=", constant * s.rate * s.total, "E(t) - E(t+1)")]


def drift(s: AnyState, constant: fmpq) -> list[Comparison]:
    """6. sum_j |B_j(t+1) - B_j(t)|_2 <= 4 eta (E(t) - E(t+1))."""
    return [Comparison(s.total_drift, "<=", constant * s.rate * s.fall, "drift of all B_j")] if s.depth != 1 else []


def total_drift(s: AnyState, constant: fmpq) -> list[Comparison]:
    """7. 2 eta s_1 C^2 <= 2 C^{2/N} / (3N); at eta's limit an equality, up to the 2^-40th part."""
    most = constant * SLACK * imbalance_rise(s.depth, s.product_bound)
    return [Comparison(2 * s.rate * s.most * s.product_bound**2, "<=", most, "what b may rise by in all")]


ONE = fmpq(1)
WITHOUT_SLACK = 1 / SLACK
"""The constant of "total drift" with which it is what is proved."""
FACTS = (Row("order", order, ONE), Row("neighbours", neighbours, ONE, least_depth=2), Row("bound", bound, ONE))
"""What holds of all matrices, and what M^2 is."""
NEARLY = tuple(replace(fact, constant=1 + fmpq(1, 2**30)) for fact in FACTS)
"""The same with more room: they are attained too often for rounding."""

HYPOTHESES: dict[str, Callable[[Any], list[Comparison]]] = {
    "imbalance": lambda s: [
        Comparison(
            s.total_imbalance,
            "<=",
            s.start_imbalance + imbalance_rise(s.depth, s.product_bound),
            "b against b(0) and what it may rise by",
        )
    ],
    "positive definite": lambda s: [Comparison(s.target_size + s.distance, "<=", s.product_bound, "|W|_2 against C")],
    "learning rate": lambda s: [
        Comparison(s.rate, "<=", learning_rate_limit(s.depth, s.bound_squared, s.most), "eta against its limit")
    ],
}
"""What the hypotheses at the start leave of each later step: |G|_2 <= sqrt(2 E(0) / s_d), as E does not rise."""

ROWS = (
    Row("end norms", end_norms, ONE, least_depth=2),
    Row("layer norms", layer_norms, fmpq(3, 2), ("end norms",), least_depth=2),
    Row("bounded", bounded, ONE, ("layer norms",), ("imbalance", "positive definite"), least_depth=2),
    Row("kept", kept, HALF, (), ("learning rate", "positive definite")),
    Row("descent", descent, HALF, least_depth=2),
    Row("falls", falls, HALF, ("bounded", "kept", "descent")),
    Row("law", law, ONE, least_depth=2),
    Row("drift", drift, fmpq(4), ("law", "falls")),
    Row("total drift", total_drift, ONE, (), ("learning rate",)),
)
"""Each with its constant, which can be read, and broken; "descent" and "law" are DL-072's."""
INDUCTION = ("falls", "drift", "total drift")
"""The rows that keep the norms bounded."""
CONSTANTS = {row.name: row.constant for row in ROWS}
"""Their constants, by name."""
