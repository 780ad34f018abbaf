"""The ledger of Theorem 1, proved row by row."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.convergence.proof_ledger import CLAIM
from claims.convergence.proof_ledger.lemmas import (
    ANYWHERE,
    CONSTANTS,
    HALF,
    IN_THE_SET,
    LEDGER,
    ONE,
    Row,
    State,
    check,
    check_stack,
    kept,
    posed,
)
from claims.suite import Fate, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, power, rational
from solvers.guarantees import theorem_one
from solvers.network import Problem, end_to_end, imbalances
from strategies import (
    MarginProblem,
    StateStack,
    balanced_weights,
    descent_states,
    dimensions,
    dyadic_matrices,
    learning_rates,
    margin_problems,
    state_stacks,
)
from strategies.state_stacks import at_most

# Symbolic: N = 1 + n for every real n >= 0 where nothing else is said, x = c / Phi_F in (0, 2].

EXTRA = sympy.Symbol("n", nonnegative=True)
DEPTH = 1 + EXTRA


def is_small(number: arb | fmpq, bound: fmpq) -> bool:
    """Whether a constant is certainly below a rational one."""
    return compare(Comparison(number, "<", bound, "a constant of the ledger")).holds


@symbolic
def test_ratios_along_the_layers() -> None:
    """|W_j^T p|^2 = |W_{j+1} p|^2 - p^T B_j p, for layers of symbolic size: up to D each ratio bounds the next."""
    rows, middle, columns = sympy.symbols("d_2 d_1 d_0", integer=True, positive=True)
    after, before = sympy.MatrixSymbol("W_2", rows, middle), sympy.MatrixSymbol("W_1", middle, columns)
    vector = sympy.MatrixSymbol("p", middle, 1)
    (b,) = imbalances((before, after))
    gap = vector.T * before * before.T * vector - vector.T * after.T * after * vector + vector.T * b * vector
    assert gap.expand().doit() == sympy.ZeroMatrix(1, 1)


@symbolic
def test_end_layers_from_the_ratios_for_every_depth() -> None:
    """s = sigma^{2/N}, a = (N-1) D: s^{N-1} (all ratios above s) and s^N / r (r <= s + a) are >= s^N / (s + a)."""
    s, rest = sympy.symbols("s rest", positive=True)
    a = sympy.Symbol("a", nonnegative=True)
    bound = s**DEPTH / (s + a)
    assert sympy.simplify(s ** (DEPTH - 1) - bound - a * s ** (DEPTH - 1) / (s + a)) == 0
    assert (a * s ** (DEPTH - 1) / (s + a)).is_nonnegative
    r = s + a - rest  # for any 0 < rest < s + a
    assert sympy.simplify(s**DEPTH / r - bound - s**DEPTH * rest / (r * (s + a))) == 0


@symbolic
def test_layer_norms_lose_three_halves_of_the_imbalance() -> None:
    """The nearer end is min(j-1, N-j) <= (N-1)/2 layers away, and N ratios from it lose at most (N-1) D each."""
    nearer, more, d = sympy.symbols("nearer more D", nonnegative=True)
    both = nearer + (nearer + more)  # N - 1 = (j - 1) + (N - j)
    assert (both / 2 - nearer).expand().is_nonnegative
    assert sympy.expand(both / 2 * d + both * d - sympy.Rational(3, 2) * both * d) == 0


@symbolic
def test_products_with_k_gradients_are_counted_for_every_depth() -> None:
    """Each of C(N, k) sets of k layers averages over its C(k, 2) pairs: C(N-2, k-2) / C(k, 2) <= C(N-2, k-2) a pair,
    and sum_k C(N-2, k-2) y^{k-2} = (1 + y)^{N-2}."""
    n, k = sympy.symbols("N k", integer=True, positive=True)
    sets, pairs = sympy.binomial(n, k) * sympy.binomial(k, 2), sympy.binomial(n, 2) * sympy.binomial(n - 2, k - 2)
    assert sympy.combsimp(sympy.simplify((sets / pairs).rewrite(sympy.gamma))) == 1


@symbolic
@pytest.mark.parametrize("depth", [2, 3, 4, 5, 6])
def test_pairs_are_at_most_squares(depth: int) -> None:
    """(N-1)/2 sum d_i^2 - sum_{i<j} d_i d_j = 1/2 sum_{i<j} (d_i - d_j)^2, and so (sum d_i)^2 <= N sum d_i^2."""
    d = sympy.symbols(f"d:{depth}", nonnegative=True)
    pairs = [(d[i], d[j]) for i in range(depth) for j in range(i)]
    squares = sum(value**2 for value in d)
    gap = sympy.Rational(depth - 1, 2) * squares - sum(a * b for a, b in pairs)
    assert sympy.expand(gap - sum((a - b) ** 2 for a, b in pairs) / 2) == 0
    assert sympy.expand(depth * squares - sum(d) ** 2 - sum((a - b) ** 2 for a, b in pairs)) == 0


@symbolic
def test_descent_from_its_parts() -> None:
    """<G, A D B> = ||D||^2 for D = A^T G B^T of symbolic size, as trace(X B) = trace(B X); entry by entry the fall for
    a step v of G; and the bounds of rows 4 and 5 put into it."""
    d = sympy.symbols("d:4", integer=True, positive=True)
    shapes = {"G": (d[3], d[0]), "A": (d[3], d[2]), "B": (d[1], d[0])}
    g, after, before = (sympy.MatrixSymbol(name, *shape) for name, shape in shapes.items())
    layer = after.T * g * before.T
    assert before * (g.T * after * layer) == layer.T * layer
    entry, v = sympy.symbols("g_ij v_ij", real=True)
    assert sympy.expand((entry - v) ** 2 / 2 - (entry**2 / 2 - entry * v + v**2 / 2)) == 0
    total, eta, tau, m = sympy.symbols("S eta tau M", positive=True)
    step = eta * m ** (DEPTH - 1) * sympy.sqrt(DEPTH * total) * (1 + tau)  # ||eta P||_F + ||R||_F
    share = tau + eta / 2 * DEPTH * m ** (2 * DEPTH - 2) * (1 + tau) ** 2
    assert sympy.simplify(eta * tau * total + step**2 / 2 - share * eta * total) == 0


@symbolic
def test_depth_one_attains_every_row_anywhere() -> None:
    """At N = 1 rows 1 to 6 are equalities: M = |W|, S = ||G||^2, R = 0, and what is lost is eta/2 of eta S."""
    g, eta = sympy.symbols("g eta", positive=True)
    lost = eta * g**2 - (g**2 - (g - eta * g) ** 2) / 2
    assert sympy.expand(lost - eta / 2 * eta * g**2) == 0


@symbolic
def test_powers_of_a_number_near_one() -> None:
    """1 + y <= exp(y): the difference of logarithms rises from 0."""
    y = sympy.Symbol("y", nonnegative=True)
    gap = y - sympy.log(1 + y)
    assert gap.subs(y, 0) == 0
    assert sympy.simplify(sympy.diff(gap, y)).is_nonnegative


C, PHI = sympy.symbols("c phi", positive=True)
DELTA = C**2 / (256 * DEPTH**3 * PHI ** (2 * (DEPTH - 1) / DEPTH))
RATE = C ** ((4 * DEPTH - 2) / DEPTH) / (6144 * DEPTH**3 * PHI ** ((6 * DEPTH - 4) / DEPTH))


def monomial(quotient: Any, coefficient: Any, exponent: Any) -> bool:
    """Whether a quotient of the ledger is coefficient(N) (c/Phi_F)^exponent(N): every other power cancels."""
    gap = sympy.log(quotient) - sympy.log(coefficient) - exponent * (sympy.log(C) - sympy.log(PHI))
    return bool(sympy.simplify(sympy.expand_log(gap, force=True)) == 0)


@symbolic
def test_limits_are_those_of_the_strategies() -> None:
    """At N = 1, 2, 3, 7, c = 1/4, Phi_F = 16: rational numbers, equal."""
    for depth in (1, 2, 4):
        at = {EXTRA: depth - 1, C: sympy.Rational(1, 16), PHI: 256}
        for formula, limit in ((DELTA, theorem_one.imbalance_limit), (RATE, theorem_one.learning_rate_limit)):
            assert Fraction(str(sympy.nsimplify(formula.subs(at)))) == Fraction(
                str(limit(depth, fmpq(1, 16), fmpq(256)))
            )


@symbolic
def test_small_imbalance_closes_for_every_depth() -> None:
    """(N-1) 2 delta / c^{2/N} = (N-1)/(128 N^3) x^{2-2/N} <= 4/27 * 4/128 = 1/216, with equality at no x < 2; and
    sigma >= c. 4 N^3 - 27 (N-1) = (2n - 1)^2 (n + 4)."""
    exponent = 2 * EXTRA / DEPTH
    assert monomial(EXTRA * 2 * DELTA / C ** (2 / DEPTH), EXTRA / (128 * DEPTH**3), exponent)
    assert exponent.is_nonnegative
    assert sympy.simplify(2 - exponent).is_nonnegative
    assert sympy.expand(4 * DEPTH**3 - 27 * EXTRA - (2 * EXTRA - 1) ** 2 * (EXTRA + 4)) == 0
    assert fmpq(4, 27) * fmpq(4, 128) == CONSTANTS["small imbalance"]


@symbolic
def test_norms_close_for_every_depth() -> None:
    """|W| <= 2 Phi_F, so |W_j|^{2N} <= 4 Phi_F^2 (1 + e)^N, N e = 3/2 N (N-1) 2 delta / c^{2/N} <= 3/2 * 4/128 * 1/4:
    at most 4 exp(3/256) < 5. N^2 - 4 (N-1) = (n - 1)^2."""
    assert sympy.expand(DEPTH**2 - 4 * EXTRA - (EXTRA - 1) ** 2) == 0
    assert CONSTANTS["layer norms"] * fmpq(4, 128) * fmpq(1, 4) == fmpq(3, 256)
    assert is_small(4 * (arb(3) / 256).exp(), CONSTANTS["norms"])


@symbolic
def test_kept_closes_for_every_depth() -> None:
    """eta N M^{2N-2} <= 16 * 5 / 6144 (x^{4-2/N} <= 16, 5^{1-1/N} <= 5); N y <= 16 * 9/4 / 6144 for N >= 2, as
    5^{1/2} < 9/4, so tau <= N y exp(N y) / 2. What is kept suffices for row 11 (217/432) and 14 (1/2), M (1 + y) for
    12, and 5/6 for 4.6."""
    m = (5 * PHI**2) ** (1 / (2 * DEPTH))
    exponent = 4 - 2 / DEPTH
    assert monomial(RATE * DEPTH * m ** (2 * DEPTH - 2), 5 ** (EXTRA / DEPTH) / (6144 * DEPTH**2), exponent)
    root = sympy.Rational(1, 2) - 1 / DEPTH
    assert monomial(RATE * DEPTH * m ** (DEPTH - 2) * PHI, 5**root / (6144 * DEPTH**2), exponent)
    assert sympy.simplify(exponent).is_positive
    assert (4 - exponent).is_positive
    assert is_small(arb(5).sqrt(), fmpq(9, 4))
    ny = fmpq(16 * 9, 4 * 6144)
    tau = ny / 2 * arb(ny).exp()
    lost = tau + fmpq(5 * 16, 2 * 6144) * (1 + tau) ** 2
    assert is_small(lost, 1 - CONSTANTS["kept"])
    assert CONSTANTS["kept"] >= CONSTANTS["lemma 7"] * (1 + CONSTANTS["small imbalance"])
    assert CONSTANTS["kept"] * CONSTANTS["potential"] >= 1
    assert is_small(arb(5).sqrt() * arb(ny).exp(), CONSTANTS["norms after a step"])
    assert is_small(arb(5).sqrt() + fmpq(16, 6144), CONSTANTS["norms after a step"])  # row 12 at depth 1
    assert is_small(HALF * arb(HALF).exp(), CONSTANTS["remainder of 4.6"])


@symbolic
def test_total_drift_closes_for_every_depth() -> None:
    """Both quotients with delta: 2 * 8^{1-1/N} * 256/6144 <= 2/3, and x^{2-2/N} * 256/6144 <= 1/6."""
    m = (8 * PHI**2) ** (1 / (2 * DEPTH))
    by_the_rate = 2 * RATE * m ** (2 * DEPTH - 2) * PHI**2 / C ** (2 * EXTRA / DEPTH)
    assert monomial(by_the_rate / DELTA, 8 ** (EXTRA / DEPTH) / 12, sympy.Integer(0))
    assert monomial(RATE * PHI**2 / DELTA, sympy.Rational(1, 24), 2 * EXTRA / DEPTH)
    assert (1 - EXTRA / DEPTH).simplify().is_positive
    assert max(fmpq(8, 12), fmpq(4, 24)) <= CONSTANTS["total drift"]


@symbolic
def test_the_ledger_is_a_proof() -> None:
    """Rows use earlier ones only; each hypothesis is used; the last row needs all but what is there for 4.4 and 4.6."""
    seen: set[str] = set()
    for row in LEDGER:
        assert set(row.uses) <= seen, row
        seen.add(row.name)
    assert len(seen) == len(LEDGER)
    assert {hypothesis for row in LEDGER for hypothesis in row.hypotheses} == set(CLAIM.hypotheses)
    assert not any(row.hypotheses or IN_THE_SET[0].name in row.uses for row in ANYWHERE)
    needed = {"theorem"}
    for row in reversed(LEDGER):
        if row.name in needed:
            needed |= set(row.uses)
    assert seen - needed == {"norms after a step", "drift in the set", "remainder of 4.6"}


def anything(depth: int, margin: Any, target_norm: Any) -> Any:
    """An imbalance of the order of the layers themselves."""
    return 2 * power(margin, Fraction(2, depth))


def any_rate(depth: int, margin: Any, target_norm: Any) -> Any:
    """Up to where a step moves a layer by as much as it is long."""
    return power(target_norm, Fraction(2 - 2 * depth, depth))


@exact
@given(st.data())
def test_rows_anywhere_in_rationals(data: st.DataObject) -> None:
    """Exactly balanced networks, where many rows are equalities, any target and learning rate."""
    widths = data.draw(dimensions(min_depth=2, max_depth=4, max_width=3, bottleneck=False))
    target = arithmetic.exact(data.draw(dyadic_matrices(widths[-1], widths[0])))
    problem = Problem(data.draw(balanced_weights(widths)), target, rational(data.draw(learning_rates())))
    check(MarginProblem(problem, 1.0), ANYWHERE)


@sampled
@given(descent_states())
def test_the_ledger_on_single_states(drawn: MarginProblem) -> None:
    """Every row, widths to 8, the states of ``descent_lemma``."""
    check(drawn, LEDGER)


@sampled
@fewer(2)
@given(margin_problems())
def test_the_ledger_on_the_states_of_theorem_one(drawn: MarginProblem) -> None:
    """Every row, where Theorem 1 starts."""
    check(drawn, LEDGER)


@sampled
@fewer(5)
@given(state_stacks(size=2000))
def test_the_ledger_on_stacks(stack: StateStack) -> None:
    """Every row on 2000 states at once, half of them on each boundary; in all 10^4 states, thorough 10^6."""
    check_stack(stack, LEDGER)


@sampled
@fewer(5)
@given(state_stacks(size=1000, imbalance=anything, learning_rate=any_rate))
def test_rows_anywhere_on_stacks(stack: StateStack) -> None:
    """Layers out of balance by their own size, learning rates that overshoot."""
    check_stack(stack, ANYWHERE)


I2, TILTED = [[1.0, 0.0], [0.0, 1.0]], [[1.0, -0.5], [0.0, 1.0]]
HALFWAY = posed(
    [1, 1], 0.5, theorem_one.learning_rate_limit(2, fmpq(1), fmpq(1, 2))
)  # x = 2, |W - Phi| = Phi_F, sigma = c
ALONE = posed([2], 1, theorem_one.learning_rate_limit(1, fmpq(1), fmpq(1)))
THREE = posed([1, 1, 1], 0.5, fmpq(1, 1000))
ACROSS = posed([1, [[2], [0]]], [[2], [-1]], fmpq(1, 1000))  # G is orthogonal to W
TWISTED = posed([I2, I2], TILTED, arithmetic.rational(2.0**-20))  # G = E_12 / 2 is not normal
UNEQUAL = posed([2, 1], 1, fmpq(1, 1000))

SMALLER = {
    "layer norms": (HALF, UNEQUAL),
    "end layers": (HALF, UNEQUAL),
    "first order": (HALF, ACROSS),
    "preconditioner": (fmpq(99, 100), HALFWAY),
    "remainder": (fmpq(99, 100), HALFWAY),
    "descent": (fmpq(49, 100), HALFWAY),
    "drift": (fmpq(99, 100), posed([1, 0], 1, fmpq(1, 10))),
    "small imbalance": (fmpq(1, 513), HALFWAY),
    "norms": (fmpq(399, 100), HALFWAY),
    "kept": (fmpq(99999, 100000), ALONE),
    "lemma 7": (fmpq(1), ALONE),
    "remainder of 4.6": (fmpq(33, 100), THREE),
    "norms after a step": (fmpq(199, 100), HALFWAY),
    "drift in the set": (fmpq(1, 4), TWISTED),
    "potential": (HALF, TWISTED),
    "total drift": (fmpq(1, 5), HALFWAY),
    "theorem": (fmpq(2), ALONE),
}
"""For each row a stronger constant, and a state that refutes it; the row's own constant holds there."""


@control
@pytest.mark.parametrize("row", LEDGER, ids=lambda row: row.name)
def test_refuted_with_a_stronger_constant(row: Row) -> None:
    """Each row's constant is a constant that matters: a stated stronger one fails at an explicit state."""
    constant, state = SMALLER[row.name]
    assert all(compare(comparison).holds for comparison in row.says(state))
    assert any(compare(comparison).fails for comparison in row.statement(state, constant))


def fails(name: str, state: State) -> bool:
    """Whether a row certainly fails at a state outside its premises."""
    (row,) = (row for row in LEDGER if row.name == name)
    return any(compare(comparison).fails for comparison in row.says(state))


@control
@ablates("DL-012", "balance", "dropped", Fate.REFUTED)
def test_refuted_without_balance() -> None:
    """Layers (9, 1/9) break the norms. W_1 = diag(20/9, 9/20), W_2 its inverse and G along E_12 break Lemma 7: both
    ends are weak where G is; every other premise holds."""
    uneven = posed([9.0, fmpq(1, 9)], 1, theorem_one.learning_rate_limit(2, fmpq(1), fmpq(1)))
    assert fails("norms", uneven)
    strong, weak = fmpq(20, 9), fmpq(9, 20)
    layers = [[[strong, 0], [0, weak]], [[weak, 0], [0, strong]]]
    state = posed(layers, [[1, -HALF], [0, 1]], theorem_one.learning_rate_limit(2, fmpq(1), fmpq(3, 2)))
    assert fails("lemma 7", state)
    assert compare(Comparison(state.sigma, "==", fmpq(1), "sigma_min(W)")).holds
    assert compare(Comparison(state.reach, "<=", state.target_norm, "|G|_2")).holds


@control
@ablates("DL-012", "learning rate", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("name", ["kept", "lemma 7", "norms after a step", "total drift", "theorem"])
def test_refuted_without_the_learning_rate(name: str) -> None:
    """eta = 8 at depth 1, w = 2, Phi = 1."""
    assert fails(name, posed([2], 1, 8))


@control
@ablates("DL-012", "margin", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("name", ["small imbalance", "theorem"])
def test_refuted_without_sigma_at_least_c(name: str) -> None:
    """c = 1 while sigma_min(W) = 2^-20: delta is too large for W, and the rate is missed."""
    assert fails(name, posed([2.0**-10, 2.0**-10], 1, theorem_one.learning_rate_limit(2, fmpq(1), fmpq(1))))


@control
@fewer(5)
@given(state_stacks(size=50))
def test_refuted_on_stacks_when_nothing_may_be_lost(stack: StateStack) -> None:
    """kept >= 1 fails at every state: a whole stack is refused as a single state is, and so is each of its states."""
    row = Row("kept", kept, ONE)
    with pytest.raises(AssertionError, match="1 - kept"):
        check_stack(stack, (row,))
    with pytest.raises(AssertionError, match="1 - kept"):
        check(stack[0], (row,))


@control
def test_refuted_remainder_of_4_6_beyond_its_range() -> None:
    """N y' = 6: the series' later terms take over, and 4.6 fails with this constant."""
    assert fails("remainder of 4.6", posed([1, 1, 1, 1, 1, 1], 3, 2))


@witness
@fewer(5)
@given(state_stacks(size=2000, dimensions=st.just((2, 3, 2))))
def test_stacks_sit_on_every_boundary(stack: StateStack) -> None:
    """A good part of the drawn states within a hundredth of each limit, one at a time and all at once."""
    weights, target, rate = stack.problem.weights, stack.problem.target, stack.problem.learning_rate
    norm, product = np.linalg.norm(target, axis=(-2, -1)), end_to_end(weights)
    (b,) = imbalances(weights)
    near = [
        np.linalg.norm(b, axis=(-2, -1)) > 0.99 * 2 * at_most(theorem_one.imbalance_limit, 2, stack.margin, norm),
        stack.margin > 0.99 * np.linalg.svd(product, compute_uv=False)[:, -1],
        rate > 0.99 * at_most(theorem_one.learning_rate_limit, 2, stack.margin, norm),
        np.linalg.norm(product - target, 2, axis=(-2, -1)) > 0.99 * norm,
    ]
    assert len(stack) > 1800
    assert all(where.sum() > 100 for where in near)
    assert np.logical_and.reduce(near).any()


@witness
def test_rows_are_attained() -> None:
    """Equal scalar layers attain rows 1, 2, 4, 5, at a state on every boundary of Lemma 7's set."""
    state = HALFWAY
    attained = ("layer norms", "end layers", "preconditioner", "remainder")
    for row in (row for row in LEDGER if row.name in attained):
        for left, _, right, sentence in row.says(state):
            assert compare(Comparison(left, "==", right, sentence)).holds
    assert compare(Comparison(state.reach, "==", state.target_norm, "|G|_2")).holds
    assert compare(Comparison(state.sigma, "==", state.margin, "sigma_min(W)")).holds
    assert compare(Comparison(state.sigma, "==", 2 * state.target_norm, "x = 2")).holds


@witness
def test_nothing_moves_at_the_target() -> None:
    """W = Phi: every row in the set holds with S = 0."""
    state = posed([1, 1, 1], 1, theorem_one.learning_rate_limit(3, fmpq(1), fmpq(1)))
    assert state.total == 0
    assert all(compare(found).holds for row in LEDGER for found in row.says(state))
