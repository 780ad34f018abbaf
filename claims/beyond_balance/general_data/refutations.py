"""The theorem without a hypothesis, or with a constant changed, refuted."""

from dataclasses import replace
from typing import Any

import pytest
from flint import fmpq

from claims.beyond_balance.general_data.starts import ONE, limit, rises, start
from claims.suite import Fate, ablates, control
from solvers.arithmetic import compare, exact, rational, square_root
from solvers.guarantees import general_data
from solvers.guarantees.general_data import BALANCES, MARGINS, Balance, MarginIn, after_steps, violated
from solvers.network import Problem, frobenius_squared, imbalances, sigma_min
from solvers.network.spectrum import weighted_singular_values

RATE, BALANCE, MARGIN = (
    "learning rate against its limit",
    "sum of |B_j|_2 against its limit",
    "|G(0)|_S against the margin",
)


def ends_meet(depth: int, covariance: Any, balance: Balance) -> tuple[Problem, fmpq]:
    """Phi = (0, 1), W = (0, 15/16), balanced, c = 15/16, and eta at its limit: all that is left is along S's second
    axis."""
    layer = (15 / 16) ** (1 / depth)
    c = rational(layer) ** depth - fmpq(1, 2**40)
    rate = limit(depth, c, ONE, covariance, balance)
    return start([[[0, layer]], *[layer] * (depth - 1)], [[0, 1]], rate, covariance), c


@control
@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("depth", [1, 2, 3, 6])
def test_refuted_with_the_largest_eigenvalue_in_the_rate(depth: int, balance: Balance) -> None:
    """S = diag(1, 1/64): s_1 for s_d asks for more than 64 times the fall that there is, over 2 N."""
    problem, c = ends_meet(depth, [[1, 0], [0, fmpq(1, 64)]], balance)
    assert not violated(problem, c, balance=balance)
    assert compare(after_steps(problem, c, 1)).holds
    assert compare(after_steps(problem, c, 1, least=ONE)).fails


@control
@ablates("DL-072", "learning rate", "s_1 left out", Fate.REFUTED)
@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("depth", [1, 2, 3, 6])
def test_refuted_without_the_largest_eigenvalue_in_the_learning_rate(depth: int, balance: Balance) -> None:
    """S = 64: at the learning rate for S = 1 the loss rises, and at depth 1 for ever, as 64 eta > 2."""
    problem, c = ends_meet(depth, [[64, 0], [0, 64]], balance)
    larger = replace(problem, learning_rate=limit(depth, c, ONE, [[1, 0], [0, 1]], balance))
    assert not violated(problem, c, balance=balance)
    assert violated(larger, c, balance=balance).keys() == {RATE}
    assert compare(after_steps(larger, c, 1)).fails
    assert compare(rises(larger)).holds
    assert depth > 1 or 64 * larger.learning_rate > 2


@control
@ablates("DL-072", "learning rate", "dropped", Fate.REFUTED)
@pytest.mark.parametrize(
    ("balance", "depth", "times"),
    [
        pytest.param("each", 1, 5, marks=ablates("DL-072", "learning rate", "2 N^2, x 5 at depth 1", Fate.REFUTED)),
        pytest.param("each", 2, 9, marks=ablates("DL-072", "learning rate", "2 N^2, x 9 at depth 2", Fate.RATE)),
        pytest.param("each", 3, 13, marks=ablates("DL-072", "learning rate", "2 N^2, x 13 at depth 3", Fate.RATE)),
        pytest.param("each", 6, 25, marks=ablates("DL-072", "learning rate", "2 N^2, x 25 at depth 6", Fate.RATE)),
        pytest.param("sum", 1, 31, marks=ablates("DL-072", "learning rate", "15 N, x 31 at depth 1", Fate.REFUTED)),
        pytest.param("sum", 2, 31, marks=ablates("DL-072", "learning rate", "15 N, x 31 at depth 2", Fate.RATE)),
        pytest.param("sum", 3, 31, marks=ablates("DL-072", "learning rate", "15 N, x 31 at depth 3", Fate.RATE)),
        pytest.param("sum", 6, 31, marks=ablates("DL-072", "learning rate", "15 N, x 31 at depth 6", Fate.RATE)),
    ],
)
def test_refuted_with_a_larger_learning_rate(balance: Balance, depth: int, times: int) -> None:
    """W = 1 + 2^-12, Phi = 1, S = 3, c = 1 - 2^-11: beyond 30 times the limit of 15 N the loss rises at every depth,
    and at depth 1 for ever: every step multiplies G by 1 - 3 eta < -1."""
    layer, c = (1 + 2.0**-12) ** (1 / depth), 1 - fmpq(1, 2**11)
    problem = start([layer] * depth, 1, limit(depth, c, ONE, 3, balance), 3)
    for margin_in in MARGINS:
        assert not violated(problem, c, balance=balance, margin_in=margin_in)
    assert compare(after_steps(problem, c, 1)).holds
    larger = replace(problem, learning_rate=times * problem.learning_rate)
    assert violated(larger, c, balance=balance).keys() == {RATE}
    assert compare(after_steps(larger, c, 1)).fails
    assert compare(rises(larger)).holds
    if depth == 1:
        assert 3 * larger.learning_rate > 2
        assert larger.step().weights[0] - 1 == (1 - 3 * larger.learning_rate) * (larger.weights[0] - 1)


@control
@pytest.mark.parametrize(
    ("depth", "product", "times"),
    [
        pytest.param(2, 1.01, 23, marks=ablates("DL-072", "learning rate", "15 N, x 23 at depth 2", Fate.RATE)),
        pytest.param(64, 1.6, 23, marks=ablates("DL-072", "learning rate", "15 N, x 23 at depth 64", Fate.RATE)),
    ],
)
def test_refuted_with_a_smaller_learning_rate(depth: int, product: float, times: int) -> None:
    """Phi = 1, S = 1, equal layers: near Phi at depth 2, far from it at depth 64, where the step overshoots."""
    layer = product ** (1 / depth)
    c = 2 - rational(layer) ** depth
    problem = start([layer] * depth, 1, limit(depth, c, ONE, 1, "sum"), 1)
    assert compare(after_steps(problem, c, 1)).holds
    larger = replace(problem, learning_rate=times * problem.learning_rate)
    assert violated(larger, c).keys() == {RATE}
    assert compare(after_steps(larger, c, 1)).fails


@control
@ablates("DL-072", "learning rate", "2 N^2, x 2.01 at depth 1", Fate.RATE)
def test_refuted_beyond_twice_the_learning_rate_at_depth_one() -> None:
    """S = 1, c = 1 - 2^-11: at eta > 1 one step leaves more than 1 - eta < 0 of E."""
    c = 1 - fmpq(1, 2**11)
    eta = limit(1, c, ONE, 1, "each")
    for times, holds in ((fmpq(2), True), (fmpq(201, 100), False)):
        problem = start([1 + fmpq(1, 2**12)], 1, times * eta, 1)
        assert compare(after_steps(problem, c, 1)).holds is holds


@control
@ablates("DL-072", "balance", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("balance", BALANCES)
def test_refuted_without_balance(balance: Balance) -> None:
    """S = 4, Phi = 1, layers (1/12, 1/12, 192), eta = 1/256, margin 2/3: a step puts two layers to 0, and there the
    loss stays."""
    problem = start([fmpq(1, 12), fmpq(1, 12), 192], 1, fmpq(1, 256), 4)
    broken = violated(problem, fmpq(2, 3), balance=balance).keys()
    assert broken == ({BALANCE} if balance == "sum" else {"||B_2||_F against delta"})
    after = problem.step()
    assert after.weights[0] == after.weights[1] == after.step().weights[0] == after.step().weights[1] == 0
    assert compare(after_steps(problem, fmpq(2, 3), 1)).fails


@control
@pytest.mark.parametrize(
    ("balance", "times"),
    [
        pytest.param("each", 13, marks=ablates("DL-072", "balance", "2 N^2, x 13 at depth 2", Fate.RATE)),
        pytest.param("sum", 22, marks=ablates("DL-072", "balance", "7 N, x 22 at depth 2", Fate.RATE)),
    ],
)
def test_refuted_with_a_larger_imbalance(balance: Balance, times: int) -> None:
    """Widths 1, 1, 2 and S = 3: the residual is across the second layer, so that only that one moves, and the first has
    w^2 < c/2: the fall is short of the rate, which asks for c."""
    small, rest = fmpq(7, 10), fmpq(1, 1000)
    c = 1 - fmpq(1, 500)
    problem = start([small, [[1 / small], [0]]], [[1], [rest]], limit(2, c, 1 + rest**2, 3, balance) / 8, 3)
    broken = violated(problem, c, balance=balance).keys()
    assert broken == ({BALANCE} if balance == "sum" else {"||B_1||_F against delta"})
    size = general_data.total_imbalance(problem.weights)
    assert size <= times * general_data.imbalance_limit(2, c, balance)
    assert compare(after_steps(problem, c, 1)).fails


@control
@pytest.mark.parametrize("x", [fmpq(1, 8), fmpq(1), fmpq(8)], ids=str)
def test_refuted_with_twice_the_rate(x: fmpq) -> None:
    """Widths 1, 1, 2, balanced layers of length x, the residual across the second layer: 201/100 times the decay is too
    much; and so is, at c near 1/64, the power c^{1/2} for c^{2-2/N} = c, and c^{3/2} at c near 64."""
    rest, c = x**2 / 2**20, fmpq(9999, 10000) * x**2
    problem = start([x, [[x], [0]]], [[x**2], [rest]], limit(2, c, x**2 + rest, 3, "sum") / 2**10, 3)
    assert not violated(problem, c)
    assert compare(after_steps(problem, c, 1, times=fmpq(199, 100))).holds
    assert compare(after_steps(problem, c, 1, times=fmpq(201, 100))).fails
    other = min(x, 1 / x)  # c^{1/2} in place of c, where c < 1; c^{3/2}, where c > 1: up to 9999/10000
    if x != 1:
        assert compare(after_steps(problem, c, 1, times=fmpq(99, 100) / other)).fails


@control
@pytest.mark.parametrize("balance", BALANCES)
def test_refuted_that_the_imbalance_stays_within_its_limit(balance: Balance) -> None:
    """Widths 1, 1, 2, imbalance at its limit, the residual across the second layer: it rises, to less than allowed."""
    second, c = (fmpq(21, 20), 8 * fmpq(41, 400)) if balance == "each" else (fmpq(41, 40), 14 * fmpq(81, 1600))
    problem = start([1, [[second], [0]]], [[second], [fmpq(1, 10)]], fmpq(1, 1000), fmpq(1, 2))
    assert not violated(problem, c, balance=balance)
    limited = general_data.imbalance_limit(2, c, balance)
    (before,), (after,) = imbalances(problem.weights), imbalances(problem.step().weights)
    assert before[0, 0] == limited
    assert limited < after[0, 0] < general_data.kept_imbalance(2, c, ONE, balance)


@control
@ablates("DL-072", "margin", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("margin_in", MARGINS)
@pytest.mark.parametrize("balance", BALANCES)
def test_refuted_without_the_margin(balance: Balance, margin_in: MarginIn) -> None:
    """Layers 0 and 0, Phi = 1, S = 1/4: nothing moves."""
    problem = start([0, 0], 1, fmpq(1, 400), fmpq(1, 4))
    assert violated(problem, fmpq(1, 2), balance=balance, margin_in=margin_in).keys() == {MARGIN}
    assert compare(after_steps(problem, fmpq(1, 2), 1)).fails


@control
@ablates("DL-072", "margin", "(i) without sqrt(s_d)", Fate.REFUTED)
def test_refuted_without_the_least_eigenvalue_in_the_margin() -> None:
    """The same start: |G(0)|_S = 1/2 = sigma_min(Phi) - c for c = 1/2."""
    problem = start([0, 0], 1, fmpq(1, 400), fmpq(1, 4))
    distance = square_root(2 * general_data.excess(problem))
    assert distance <= 1 - fmpq(1, 2)
    assert compare(after_steps(problem, fmpq(1, 2), 1)).fails


@control
@ablates("DL-072", "margin", "(ii) with sqrt(s_d) c", Fate.REFUTED)
def test_refuted_with_the_least_eigenvalue_in_the_margin_of_the_data() -> None:
    """S = diag(1, 1/16), Phi = (1, 0), c = 1 and W(0) = (1/4, 0): |G(0)|_S = 3/4 = 1 - c/4, but |W(0)| = 1/4."""
    covariance = [[1, 0], [0, fmpq(1, 16)]]
    problem = start([[[fmpq(1, 2), 0]], fmpq(1, 2)], [[1, 0]], fmpq(1, 10**4), covariance)
    assert violated(problem, ONE, margin_in="data").keys() == {MARGIN}
    distance = square_root(2 * general_data.excess(problem))
    assert distance == weighted_singular_values(problem.target, problem.covariance)[0] - fmpq(1, 4)
    assert sigma_min(exact([[fmpq(1, 4), 0]])) < 1


@control
@ablates("DL-072", "learning rate", "(ii) with F = |Phi|_2", Fate.RATE)
def test_refuted_with_a_smaller_norm_in_the_learning_rate() -> None:
    """S = diag(1, 10^-6), Phi = (1, 0), W(0) = (9/10, 256): to the metric of the data it is near, and at the learning
    rate for F = |Phi|_2 the loss explodes."""
    covariance = [[1, 0], [0, fmpq(1, 10**6)]]
    first = [[fmpq(9, 160), 16]]
    problem = start([first, 16], [[1, 0]], limit(2, fmpq(1, 2), ONE, covariance, "each"), covariance)
    assert frobenius_squared(exact(first)) - 256 <= fmpq(1, 16)
    assert violated(problem, fmpq(1, 2), balance="each", margin_in="data").keys() == {RATE}
    assert compare(after_steps(problem, fmpq(1, 2), 1)).fails
    assert compare(rises(problem)).holds


@control
@ablates("DL-072", "positive definite", "dropped", Fate.REFUTED)
def test_refuted_with_the_least_positive_eigenvalue() -> None:
    """S = diag(1, 0), Phi = (1, 4/3), layers 0 and 0, c = 2/3: |G(0)|_S = 1 = |Phi|_2 - c with the positive eigenvalue
    for s_d, and nothing moves."""
    problem = start([[[0, 0]], 0], [[1, fmpq(4, 3)]], fmpq(1, 1000), [[1, 0], [0, 0]])
    c = fmpq(2, 3)
    assert "least eigenvalue of the covariance" in violated(problem, c)
    distance = square_root(2 * general_data.excess(problem))
    assert distance == sigma_min(problem.target) - c
    assert compare(after_steps(problem, c, 1, least=ONE)).fails
