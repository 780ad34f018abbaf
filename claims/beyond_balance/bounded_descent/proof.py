"""Sums over layers and steps, and how sharp the limit is. That the constants close is in ``entailed``."""

from itertools import pairwise

import sympy
from flint import arb, fmpq

from claims.beyond_balance.bounded_descent import CLAIM
from claims.beyond_balance.bounded_descent.rows import CONSTANTS, INDUCTION, ROWS
from claims.suite import symbolic
from claims.suite.entailment import left_over
from claims.suite.symbols import is_one
from solvers.guarantees import bounded_descent

N, C = sympy.symbols("N C", positive=True)


@symbolic
def test_the_drifts_add_up_to_twice_the_gradients_at_small_depths() -> None:
    """A B_j moves by eta^2 (d_j^2 + d_{j+1}^2) at most, all of them by 2 eta^2 S, as each d_j is there twice at most;
    depths 2 to 5."""
    for depth in (2, 3, 4, 5):
        d = sympy.symbols(f"d:{depth}", nonnegative=True)
        both = sum(a**2 + b**2 for a, b in pairwise(d))
        assert sympy.expand(2 * sum(a**2 for a in d) - both - d[0] ** 2 - d[-1] ** 2) == 0


@symbolic
def test_within_six_e_of_the_largest_stable_rate() -> None:
    """b = 0: the limit is 1 / (3N (1 + 1/N)^{N-1} C^{2-2/N}), and (1 + 1/N)^{N-1} <= e, as (N-1) log(1 + 1/N) <= 1; a
    balanced minimum of |Phi|_2 = C has the sharpness N C^{2-2/N}, 2 over which is at most 6 e times that."""
    bound = bounded_descent.layer_bound_squared(N, C, 0)
    assert is_one(bound / ((1 + 1 / N) * C ** (2 / N)))
    y = sympy.Symbol("y", positive=True)
    gap = y - sympy.log(1 + y)  # log(1 + 1/N) <= 1/N
    assert gap.subs(y, 0) == 0
    assert sympy.simplify(sympy.diff(gap, y) - y / (1 + y)) == 0
    assert sympy.simplify(1 - (N - 1) / N - 1 / N) == 0
    for depth in range(1, 100):
        quotient = 2 / (depth * bounded_descent.learning_rate_limit(depth, fmpq(depth + 1, depth), fmpq(1)))
        assert quotient == 6 * fmpq(depth + 1, depth) ** (depth - 1) < 6 * arb(1).exp()
    assert 6 * arb(1).exp() < 17


@symbolic
def test_the_gradients_do_not_stay_large() -> None:
    """eta/2 (S_0 + ... + S_{T-1}) <= E(0) - E(T) by telescoping: so T times the least is at most 2 E(0) / eta."""
    energies = sympy.symbols("E:6", nonnegative=True)
    falls = [before - after for before, after in pairwise(energies)]
    assert sympy.expand(sum(falls) - (energies[0] - energies[-1])) == 0
    assert CONSTANTS["falls"] == bounded_descent.HALF
    assert CONSTANTS["falls"] * 2 == 1


@symbolic
def test_the_ledger_is_a_proof() -> None:
    """Rows use earlier ones only; each hypothesis is used; the induction needs all the rows."""
    assert left_over(ROWS, INDUCTION) == set()
    assert {hypothesis for row in ROWS for hypothesis in row.hypotheses} == set(CLAIM.hypotheses)
