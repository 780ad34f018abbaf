"""Along the run of Theorem 1 the weights stay balanced: by how much, and which of its hypotheses that needs."""

from fractions import Fraction

import numpy as np
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.balance.balancedness.laws import stays_within
from claims.suite import Fate, ablates, control, sampled, symbolic
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, Scalar, compare, lower_float, rational, square_root
from solvers.descent import gradient_descent
from solvers.guarantees import theorem_one
from solvers.network import Problem, frobenius_squared, imbalances
from strategies import MarginProblem, dimensions, margin_problems


@symbolic
def test_total_drift_of_theorem_one_is_below_delta_for_every_depth() -> None:
    """4 eta M^{2(N-1)} L(0) / c^{2(N-1)/N} < delta at the largest eta; M^2 = (8 Phi_F^2)^{1/N}, L(0) = Phi_F^2 / 2.

    Every power of c and Phi_F cancels; 8^{(N-1)/N} < 8 does the rest. Together with the law and the descent lemma
    (``descent_lemma``, DL-003) this is statement 3.
    """
    c, phi = sympy.symbols("c phi", positive=True)
    depth = sympy.Symbol("N", integer=True, positive=True)
    rate = c ** ((4 * depth - 2) / depth) / (6144 * depth**3 * phi ** ((6 * depth - 4) / depth))
    delta = c**2 / (256 * depth**3 * phi ** (2 * (depth - 1) / depth))
    drift = 4 * rate * (8 * phi**2) ** ((depth - 1) / depth) * (phi**2 / 2) / c ** (2 * (depth - 1) / depth)
    quotient = sympy.powsimp(sympy.expand_power_base(sympy.simplify(drift / delta), force=True), force=True)
    assert quotient.free_symbols == {depth}
    assert sympy.simplify(sympy.log(quotient * 12 / 8 ** ((depth - 1) / depth))) == 0
    assert sympy.Rational(8, 12) < 1
    for n in (1, 2, 3, 7, 1000):  # the formulas above are those the strategies use
        bound = rational(4) * arithmetic.power(fmpq(8), Fraction(n - 1, n)) / 2
        limits = theorem_one.learning_rate_limit, theorem_one.imbalance_limit
        largest_rate, delta = (limit(n, fmpq(1), fmpq(1)) for limit in limits)
        used = largest_rate * bound / delta
        assert compare(Comparison(used, "<", fmpq(1), f"drift over delta at depth {n}")).holds


SHARPER = 1 + fmpq(1, 243)
"""||B_j||_F over delta, at any step."""


@symbolic
def test_sharper_drift_of_theorem_one_for_every_depth() -> None:
    """4/3 eta (Phi_F - c)^2 / 2 <= delta / 243 at the largest eta, for N = m + 2: x^{2-2/N} <= x, x = c / Phi_F <= 1,
    and x (1-x)^2 has its largest value on [0, 1], 4/27, at x = 1/3. At N = 1 there is no imbalance."""
    x, phi = sympy.symbols("x Phi", positive=True)
    m = sympy.Symbol("m", integer=True, nonnegative=True)
    depth = m + 2
    rate, delta = (
        limit(depth, x * phi, phi) for limit in (theorem_one.learning_rate_limit, theorem_one.imbalance_limit)
    )
    drift = sympy.Rational(4, 3) * rate * (phi - x * phi) ** 2 / 2
    power = 2 - 2 / depth
    quotient = drift / delta / (x**power * (1 - x) ** 2 / 36)
    assert sympy.simplify(sympy.expand_log(sympy.log(quotient), force=True)) == 0
    assert sympy.simplify(power - 1).is_nonnegative
    top = x * (1 - x) ** 2
    assert sympy.solve(sympy.diff(top, x), x) == [sympy.Rational(1, 3), 1]
    assert [top.subs(x, at) for at in (0, sympy.Rational(1, 3), 1)] == [0, sympy.Rational(4, 27), 0]
    assert fmpq(4, 27) / 36 == SHARPER - 1


@sampled
@given(st.lists(margin_problems(dimensions=dimensions(min_depth=2, bottleneck=False)), min_size=1, max_size=3))
def test_weights_stay_hardly_more_than_delta_balanced(batch: list[MarginProblem]) -> None:
    """(1 + 1/243) delta through 200 steps of Theorem 1 at its own learning rate; floats run, and balls decide."""
    trajectories = gradient_descent([drawn.problem for drawn in batch], steps=200, certify=True)
    for drawn, trajectory in zip(batch, trajectories, strict=True):
        norm = square_root(frobenius_squared(drawn.problem.exact().target))
        limit = SHARPER * theorem_one.imbalance_limit(drawn.problem.depth, rational(drawn.margin), norm)
        assert all(compare(comparison).holds for comparison in stays_within(trajectory, limit))


def across(second: fmpq) -> tuple[Problem, Scalar, fmpq]:
    """Widths 1-1-2 with the residual (0, 1/8) orthogonal to W = (w_1 w_2, 0), w_2 = ``second``: D_1 = 0, so that a step
    adds ||D_2||^2 to B_1 = w_2^2 - w_1^2. With Phi_F, and the margin c = 1/2, which certainly is one."""
    first = fmpq(1)
    weights = arithmetic.exact(np.eye(1)) * first, arithmetic.exact(np.array([[1.0], [0.0]])) * second
    target = network.end_to_end(weights) + arithmetic.exact(np.array([[0.0], [0.125]]))
    norm, margin = square_root(frobenius_squared(target)), fmpq(1, 2)
    assert compare(Comparison(network.deficiency_margin(weights, target), ">=", margin, "margin")).holds
    rate = rational(lower_float(theorem_one.learning_rate_limit(2, margin, norm)))
    return Problem(weights, target, rate), theorem_one.imbalance_limit(2, margin, norm), margin


@control
def test_refuted_that_weights_stay_delta_balanced() -> None:
    """B_1 below delta by less than a step adds: every hypothesis holds, and after one step ||B_1|| > delta."""
    delta = fmpq(1, 10**4)
    for _ in range(40):  # w_2 to delta's own value at that w_2, a contraction by about delta
        delta = rational(lower_float(across(rational(lower_float((1 + arb(delta)).sqrt())))[1]))
    problem, limit, margin = across(rational(lower_float((1 + arb(delta)).sqrt())))
    assert theorem_one.violated(problem, margin) == {}
    after = imbalances(problem.step().weights)[0]
    (moved,) = after.ravel()
    assert compare(Comparison(moved, "<=", limit, "||B_1||_F after a step, against delta")).fails
    assert compare(Comparison(moved, "<=", SHARPER * limit, "||B_1||_F after a step")).holds


@control
@ablates("DL-002", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_that_a_larger_learning_rate_keeps_two_delta() -> None:
    """A thousand times Theorem 1's learning rate on a non-normal start leaves 2 delta in one step."""
    identity = np.eye(2)
    target = identity + np.array([[0.0, 0.5], [0.0, 0.0]])
    problem = Problem((identity, identity), target, 0.0).exact()
    norm, margin = square_root(frobenius_squared(problem.target)), fmpq(1, 4)
    rate = fmpq(1, 4)
    assert rate > 1000 * theorem_one.learning_rate_limit(2, margin, norm)
    assert network.deficiency_margin(problem.weights, problem.target) > margin
    b = imbalances(Problem(problem.weights, problem.target, rate).step().weights)[0]
    limit = 2 * theorem_one.imbalance_limit(2, margin, norm)
    assert compare(Comparison(square_root(frobenius_squared(b)), "<=", limit, "||B_1||_F after one step")).fails


@control
@ablates("DL-002", "balance", "dropped", Fate.REFUTED)
def test_refuted_without_balance_at_the_start() -> None:
    """At the target, margin 1, nothing moves: layers 2 and 1/2 keep ||B_1||_F = 15/4 for ever, above 2 delta."""
    one = np.array([[1.0]])
    problem = Problem((2 * one, one / 2), one, 0.0).exact()
    after = Problem(problem.weights, problem.target, theorem_one.learning_rate_limit(2, fmpq(1), fmpq(1))).step()
    assert network.deficiency_margin(after.weights, after.target) == 1
    b = imbalances(after.weights)[0]
    limit = 2 * theorem_one.imbalance_limit(2, fmpq(1), fmpq(1))
    assert compare(Comparison(square_root(frobenius_squared(b)), "<=", limit, "||B_1||_F at every step")).fails


@control
@ablates("DL-002", "margin", "dropped", Fate.REFUTED)
def test_refuted_without_the_margin() -> None:
    """W_1 = W_2 = R I, R = 2^14, exactly balanced and of full rank, far from Phi, c = 1, eta at its limit: the first
    step moves B_1 by eta^2 R^2 ||Phi^T Phi - Phi Phi^T||_F > 2 delta."""
    layer, target = 2.0**14 * np.eye(2), np.array([[1.0, 1.0], [0.0, 1.0]])
    problem = Problem((layer, layer), target, 0.0).exact()
    norm = square_root(frobenius_squared(problem.target))
    rate = rational(lower_float(theorem_one.learning_rate_limit(2, fmpq(1), norm)))
    margin = network.deficiency_margin(problem.weights, problem.target)
    assert compare(Comparison(margin, "<=", fmpq(0), "margin")).holds
    assert network.sigma_min(problem.weights[0]) == 2**14
    b = imbalances(Problem(problem.weights, problem.target, rate).step().weights)[0]
    limit = 2 * theorem_one.imbalance_limit(2, fmpq(1), norm)
    assert compare(Comparison(square_root(frobenius_squared(b)), "<=", limit, "||B_1||_F after one step")).fails
