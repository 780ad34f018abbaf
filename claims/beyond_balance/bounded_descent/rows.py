"""The rows of the proof, at any state: no margin, no balance, no width is asked for."""

from flint import fmpq

from claims.beyond_balance.bounded_descent.state import AnyState
from claims.beyond_balance.general_data.rows import layer_norms
from claims.convergence.proof_ledger.state import HALF
from claims.suite.ledger import Row
from solvers.arithmetic import Comparison
from solvers.network import stacks, transpose


def end_norms(s: AnyState, constant: fmpq) -> list[Comparison]:
    """1. |W_1|_2^2, |W_N|_2^2 <= |W|_2^{2/N} + b."""
    bound = s.root(s.norm, 2) + constant * s.total_imbalance
    ends = (s.problem.weights[0], s.problem.weights[-1])
    return [
        Comparison(stacks.extreme_squares(layer)[1], "<=", bound, f"|{name}|_2^2 against |W|_2 and b")
        for name, layer in zip(("W_1", "W_N"), ends, strict=True)
    ]


def bounded(s: AnyState, constant: fmpq) -> list[Comparison]:
    """3. |W_j|_2^2 <= M^2."""
    return [Comparison(s.layer_norm_squared, "<=", constant * s.bound_squared, "max |W_j|_2^2 against M^2")]


def kept(s: AnyState, constant: fmpq) -> list[Comparison]:
    """4. 1 - kept <= 1/2, for the M that is proved."""
    return [Comparison(s.share_lost(), "<=", 1 - constant + 0 * s.rate, "1 - kept")]


def falls(s: AnyState, constant: fmpq) -> list[Comparison]:
    """5. E(t) - E(t+1) >= eta/2 S_t."""
    return [Comparison(s.fall, ">=", constant * s.rate * s.total, "E(t) - E(t+1)")]


def drift(s: AnyState, constant: fmpq) -> list[Comparison]:
    """6. sum_j |B_j(t+1) - B_j(t)|_2 <= 4 eta (E(t) - E(t+1))."""
    pairs = zip(s.moves, s.moves[1:], strict=False)
    moved = [transpose(after) @ after - before @ transpose(before) for before, after in pairs]
    total = sum((stacks.extreme_singular_values(matrix)[1] for matrix in moved), fmpq(0))
    return [Comparison(total, "<=", constant * s.rate * s.fall, "drift of all B_j")] if moved else []


def total_drift(s: AnyState, constant: fmpq) -> list[Comparison]:
    """7. 2 eta s_1 C^2 <= 2 C^{2/N} / (3N); at eta's limit an equality, up to the 2^-40th part."""
    bound = 2 * s.root(s.product_bound, 2) / (3 * s.depth)
    slack = constant * (1 + fmpq(1, 2**40))
    return [Comparison(2 * s.rate * s.most * s.product_bound**2, "<=", slack * bound, "what b may rise by in all")]


ONE = fmpq(1)
ROWS = (
    Row("end norms", end_norms, ONE, least_depth=2),
    Row("layer norms", layer_norms, fmpq(3, 2), ("end norms",), least_depth=2),
    Row("bounded", bounded, ONE, ("layer norms",), ("imbalance",), least_depth=2),
    Row("kept", kept, HALF, ("bounded",), ("learning rate",)),
    Row("falls", falls, HALF, ("kept",)),
    Row("drift", drift, fmpq(4), ("falls",)),
    Row("total drift", total_drift, ONE, (), ("learning rate", "positive definite")),
)
"""Each with its constant, which can be read, and broken."""
CONSTANTS = {row.name: row.constant for row in ROWS}
"""Their constants, by name."""
