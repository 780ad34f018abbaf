"""The constants close, for every depth."""

from itertools import pairwise

import sympy
from flint import arb, fmpq

from claims.beyond_balance.bounded_descent import CLAIM
from claims.beyond_balance.bounded_descent.rows import CONSTANTS, ROWS
from claims.suite import symbolic
from claims.suite.symbols import is_one
from solvers.guarantees import bounded_descent

# z = eta s_1 N M^{2N-2} <= 1/3; N = 1 + n for every real n >= 0.

N, C, B, M2, MOST = sympy.symbols("N C b M2 s_1", positive=True)
MORE = sympy.Symbol("n", nonnegative=True)


@symbolic
def test_the_bound_leaves_room_for_the_rise() -> None:
    """C^{2/N} + 3/2 (b + 2 C^{2/N} / (3N)) = M^2: the norms' bound, after all that b may rise by."""
    root = C ** (2 / N)
    bound = bounded_descent.layer_bound_squared(N, C, B)
    rise = bounded_descent.imbalance_rise(N, C)
    share = sympy.Rational(str(CONSTANTS["layer norms"]))
    assert sympy.simplify(root + share * (B + rise) - bound) == 0
    assert sympy.simplify(bound - root - root / N - share * B) == 0


@symbolic
def test_the_rise_is_what_the_loss_pays_for() -> None:
    """4 eta E(0) <= 2 eta s_d C^2 <= 2 eta s_d M^{2N-2} C^{2/N} = 2 C^{2/N} / (3 N kappa), by C^{2/N} <= M^2."""
    rate = bounded_descent.learning_rate_limit(N, M2, MOST)
    assert is_one(rate * MOST * M2 ** (N - 1) * 3 * N)
    kappa = sympy.Symbol("kappa", positive=True)
    rise = bounded_descent.imbalance_rise(N, C, kappa)
    assert sympy.simplify(2 * rate * MOST / kappa * M2 ** (N - 1) * C ** (2 / N) - rise) == 0
    assert sympy.simplify(2 - (2 - 2 / N) - 2 / N) == 0
    left = bounded_descent.layer_bound_squared(1 + MORE, C, B) - C ** (2 / (1 + MORE))
    assert sympy.simplify(left - C ** (2 / (1 + MORE)) / (1 + MORE) - 3 * B / 2) == 0


@symbolic
def test_more_than_half_is_kept_for_every_depth() -> None:
    """|H|_2 <= s_1 |G|_2 <= s_1 M^N gives N y <= z, tau <= z/2 (1 + z/N)^{N-2} <= z/2 exp(z), as (N-1)/N <= 1; at
    z = 1/3 kept is above 1/2, and it falls in z."""
    assert sympy.simplify(1 - MORE / (1 + MORE) - 1 / (1 + MORE)) == 0
    z = fmpq(1, 3)
    tau = z / 2 * arb(z).exp()
    assert 1 - tau - z / 2 * (1 + tau) ** 2 > CONSTANTS["kept"]
    x = sympy.Symbol("z", positive=True)
    share = x / 2 * sympy.exp(x) + x / 2 * (1 + x / 2 * sympy.exp(x)) ** 2
    assert sympy.diff(share, x).expand().is_positive
    assert CONSTANTS["falls"] == CONSTANTS["kept"]


@symbolic
def test_the_drift_is_paid_for_by_the_fall() -> None:
    """A B_j moves by eta^2 (d_j^2 + d_{j+1}^2) at most, all of them by 2 eta^2 S <= 4 eta (E(t) - E(t+1))."""
    for depth in (2, 3, 4, 5):
        d = sympy.symbols(f"d:{depth}", nonnegative=True)
        both = sum(a**2 + b**2 for a, b in pairwise(d))
        assert sympy.expand(2 * sum(a**2 for a in d) - both - d[0] ** 2 - d[-1] ** 2) == 0
    assert CONSTANTS["drift"] * CONSTANTS["falls"] == 2


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
    """Rows use earlier ones only; each hypothesis is used; none is left over."""
    seen: set[str] = set()
    for row in ROWS:
        assert set(row.uses) <= seen, row
        seen.add(row.name)
    assert {hypothesis for row in ROWS for hypothesis in row.hypotheses} == set(CLAIM.hypotheses)
