"""The rows proved: what the covariance changes, for every size, and that the constants close, for every depth."""

import pytest
import sympy
from flint import arb, fmpq

from claims.beyond_balance.general_data import CLAIM
from claims.beyond_balance.general_data.rows import ANYWHERE, ROWS, ROWS_SUM
from claims.convergence.proof_ledger.state import HALF
from claims.convergence.sharper_constants.rows import SHARP
from claims.suite import symbolic
from claims.suite.ledger import Row
from claims.suite.symbols import is_one
from solvers.guarantees import general_data, sharper_constants

# x = c / F in (0, 1], and s_1 = F = 1 once every other power has cancelled; u = 1 / N.

N, U, X = sympy.Symbol("N", positive=True), sympy.Symbol("u", positive=True), sympy.Symbol("x", positive=True)
C, F, MOST, KAPPA = sympy.symbols("c F s_1 kappa", positive=True)
EACH, SUM = ({row.name: row.constant for row in rows} for rows in ROWS.values())


@symbolic
def test_the_step_in_the_metric_of_the_data_for_every_size() -> None:
    """G -> G - V changes G S G^T by -G S V^T - V S G^T + V S V^T: so E falls by <H, V> - 1/2 |V|_S^2, V = eta P - R."""
    rows, columns = sympy.symbols("d_N d_0", integer=True, positive=True)
    g, v = (sympy.MatrixSymbol(name, rows, columns) for name in "GV")
    s = sympy.MatrixSymbol("S", columns, columns)
    change = (g - v) * s * (g - v).T - g * s * g.T + g * s * v.T + v * s * g.T - v * s * v.T
    assert change.expand().doit() == sympy.ZeroMatrix(rows, rows)
    assert (v * s * g.T).T.subs(s.T, s) == g * s * v.T  # so both middle terms have the trace <H, V>


@symbolic
def test_the_conditioning_row_for_every_size() -> None:
    """In S's eigenbasis ||H||_F^2 - s_d |G|_S^2 is a sum of g^2 s (s - s_d), and s_1 |V|_F^2 - |V|_S^2 one of v^2 (s_1
    - s): nothing of either is negative."""
    g, s, rest = sympy.symbols("g s_d rest", nonnegative=True)
    value = s + rest
    assert sympy.expand((g * value) ** 2 - s * g**2 * value - g**2 * value * rest) == 0
    assert sympy.expand((s + rest) * g**2 - s * g**2 - rest * g**2) == 0


@symbolic
def test_the_limits_of_each_are_those_of_sharper_constants() -> None:
    """With F for Phi_F, and eta s_1 for eta: so the rows close as they do in DL-013, kept >= 2/3 among them."""
    delta = general_data.imbalance_limit(N, C, "each")
    rate = general_data.learning_rate_limit(N, C, F, MOST, "each")
    assert sympy.simplify(delta - sharper_constants.imbalance_limit(N, C, F)) == 0
    assert sympy.simplify(MOST * rate - sharper_constants.learning_rate_limit(N, C, F)) == 0
    assert sympy.simplify(MOST * rate * F**2 - delta) == 0
    for name in ("small imbalance", "norms", "kept", "total drift"):
        assert EACH[name] == SHARP[name]


@symbolic
def test_imbalance_and_layers_of_the_sum_close_for_every_depth() -> None:
    """b <= c^{2/N} / (4 N) <= c^{2/N} / 4; and 3/2 b <= 3/8 c^{2/N} / N, c <= 2F - c as x <= 1."""
    b = C ** (2 / N) / (4 * N)
    more = sympy.Symbol("n", nonnegative=True)
    assert sympy.simplify(C ** (2 / N) / 4 - b - C ** (2 / N) * (N - 1) / (4 * N)) == 0
    assert ((1 + more) - 1).is_nonnegative
    assert sympy.simplify(sympy.Rational(3, 2) * b - sympy.Rational(3, 8) / N * C ** (2 / N)) == 0
    assert SUM["small imbalance"] == fmpq(1, 4)
    assert SUM["norms"] == fmpq(3, 2) * fmpq(1, 4)


@symbolic
def test_curvature_of_the_sum_closes_for_every_depth() -> None:
    """z = eta s_1 N M^{2N-2} <= 1/15 x^{2u} (2-x)^{2-2u} (1 + 3/8 u)^{N-1} <= 4/15 exp(3/8) <= 389/1000.

    The logarithm of the powers of x has one critical point, x = 2u, a maximum, and is 2 log 2 + 2 u log u +
    2 (1-u) log(1-u) there, at most 2 log 2 as u <= 1; and N - 1 times 3/8 u is 3/8 (1 - u)."""
    rate = general_data.learning_rate_limit(N, C, F, MOST, "sum")
    assert is_one(rate * MOST * N * F ** (2 - 2 / N) * 15 / (C / F) ** (2 / N))
    of_x = 2 * U * sympy.log(X) + (2 - 2 * U) * sympy.log(2 - X)
    assert sympy.simplify(sympy.diff(of_x, X) - (4 * U - 2 * X) / (X * (2 - X))) == 0
    at = sympy.expand_log(of_x.subs(X, 2 * U).subs(2 - 2 * U, 2 * (1 - U)), force=True)
    entropy = 2 * U * sympy.log(U) + 2 * (1 - U) * sympy.log(1 - U)
    assert sympy.simplify(sympy.expand_log(at - 2 * sympy.log(2) - entropy, force=True)) == 0
    assert sympy.simplify((1 / U - 1) * sympy.Rational(3, 8) * U - sympy.Rational(3, 8) * (1 - U)) == 0
    assert fmpq(4, 15) * (arb(3) / 8).exp() < fmpq(389, 1000)


@symbolic
def test_kept_and_lemma_of_the_sum_close_for_every_depth() -> None:
    """|G|_2 <= F - c <= (2F - c) / 2 <= M^N / 2, so N y <= z/2 and tau <= z/4 exp(z/2); kept >= 5/8 at z = 389/1000,
    and 1 - z/2 at depth 1."""
    rest = sympy.Symbol("rest", nonnegative=True)
    assert sympy.expand((2 * F - C) / 2 - (F - C) - C / 2) == 0
    assert (C / 2 + rest).is_positive
    z = fmpq(389, 1000)
    tau = z / 4 * (arb(z) / 2).exp()
    assert tau + z / 2 * (1 + tau) ** 2 < 1 - SUM["kept"]
    assert fmpq(1, 30) < 1 - SUM["kept"]


@symbolic
@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_the_rate_closes(rows: tuple[Row, ...]) -> None:
    """kept over 1 + 1/4, times 2 s_d E for ||H||_F^2, is at least s_d E; an equality in (B)."""
    found = {row.name: row.constant for row in rows}
    assert found["lemma"] == found["kept"] / (1 + found["small imbalance"])
    (conditioning,) = (row.constant for row in ANYWHERE if row.name == "conditioning")
    assert found["lemma"] * conditioning >= found["theorem"]
    assert (found["lemma"] * conditioning == found["theorem"]) == (rows is ROWS_SUM)


@symbolic
def test_drifts_close_for_every_depth() -> None:
    """A B_j moves by eta^2 S <= eta / kept times the fall of E, all of them by twice that; and E(0) <= s_d F^2 / 2, eta
    s_1 F^2 <= delta or c^{2/N} / (15 N): 3/4 delta / kappa, and 8/75 c^{2/N} / N, which with 1/7 is less than 1/4."""
    assert EACH["kept"] * EACH["drift"] == 1
    assert SUM["kept"] * SUM["drift"] == 2
    delta = general_data.imbalance_limit(N, C, "each")
    kept = general_data.kept_imbalance(N, C, KAPPA, "each")
    left = sympy.simplify((kept - delta) * KAPPA / delta)
    assert left == 1
    assert EACH["drift"] * HALF == fmpq(3, 4)
    assert fmpq(3, 4) <= int(left)
    start, later = (
        sympy.simplify(each * N / C ** (2 / N))
        for each in (general_data.imbalance_limit(N, C, "sum"), general_data.kept_imbalance(N, C, KAPPA, "sum"))
    )
    moved = SUM["drift"] * HALF / 15
    assert (start, moved, later) == (sympy.Rational(1, 7), fmpq(8, 75), sympy.Rational(1, 4))
    assert start + sympy.Rational(8, 75) < later


@symbolic
@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_the_ledger_is_a_proof(rows: tuple[Row, ...]) -> None:
    """Rows use earlier ones only, each hypothesis but that S > 0 is used, and the last row needs all that there are."""
    seen: set[str] = set()
    for row in (*ANYWHERE, *rows):
        assert set(row.uses) <= seen, row
        seen.add(row.name)
    used = {hypothesis for row in rows for hypothesis in row.hypotheses}
    assert used == set(CLAIM.hypotheses) - {"positive definite"}
    needed = {"theorem"}
    for row in reversed((*ANYWHERE, *rows)):
        if row.name in needed:
            needed |= set(row.uses)
    assert needed == seen


@symbolic
def test_thirty_times_the_learning_rate_leads_away_for_every_depth() -> None:
    """W = Phi = 1 and S = s: of equal layers w a step is w - eta s w^{N-1} (w^N - 1), with the slope 1 - eta s N at
    w = 1. At c = F = 1 thirty times the limit of 15 N has the slope -1, whatever N; at 31 times it is -16/15: there
    every start near enough, and so one with c < 1, is led away from Phi."""
    w, times, s = sympy.symbols("w times s", positive=True)
    rate = times * general_data.learning_rate_limit(N, sympy.Integer(1), sympy.Integer(1), s, "sum")
    slope = sympy.simplify(sympy.diff(w - rate * s * w ** (N - 1) * (w**N - 1), w).subs(w, 1))
    assert sympy.simplify(slope - (1 - times / 15)) == 0
    assert [slope.subs(times, k) for k in (30, 31)] == [-1, -sympy.Rational(16, 15)]
