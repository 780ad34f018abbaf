"""What the covariance changes, for every size. That the constants close, for every depth, is in ``entailed``."""

import pytest
import sympy

from claims.beyond_balance.general_data import CLAIM
from claims.beyond_balance.general_data.rows import ANYWHERE, INDUCTION, ROWS
from claims.suite import symbolic
from claims.suite.entailment import left_over
from claims.suite.ledger import Row
from solvers.guarantees import general_data, sharper_constants

N, C, F, MOST = sympy.symbols("N c F s_1", positive=True)


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
    """With F for Phi_F, and eta s_1 for eta."""
    delta = general_data.imbalance_limit(N, C, "each")
    rate = general_data.learning_rate_limit(N, C, F, MOST, "each")
    assert sympy.simplify(delta - sharper_constants.imbalance_limit(N, C, F)) == 0
    assert sympy.simplify(MOST * rate - sharper_constants.learning_rate_limit(N, C, F)) == 0


@symbolic
@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_the_ledger_is_a_proof(rows: tuple[Row, ...]) -> None:
    """Rows use earlier ones only, each hypothesis but that S > 0 is used, and the induction needs all of them."""
    assert left_over((*ANYWHERE, *rows), INDUCTION) == set()
    used = {hypothesis for row in rows for hypothesis in row.hypotheses}
    assert used == set(CLAIM.hypotheses) - {"positive definite"}


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
