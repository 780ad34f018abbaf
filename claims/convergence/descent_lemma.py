"""Each step of gradient descent lowers the loss by at least half of what gradient flow would.

Statement. L = 1/2 ||W - Phi||_F^2, G = W - Phi, Phi_F = ||Phi||_F, depth N, D_j the gradient of layer j.

1. Flow, exactly balanced weights: -dL/dt = sum_j ||D_j||_F^2 >= sigma_min(W)^{2(N-1)/N} ||G||_F^2, and N times that
   where d_0 = d_N is the smallest width and W is invertible.
2. Single step (Lemma 7). If |W_j|_2 <= (4 Phi_F)^{1/N} for every j, |W - Phi|_2 <= Phi_F, the weights are 2 delta-
   balanced with delta = c^2 / (256 N^3 Phi_F^{2(N-1)/N}), sigma_min(W) >= c > 0, and
   eta <= c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}), then
   L(t+1) <= L(t) - eta/2 sigma_min(W(t))^{2(N-1)/N} ||G(t)||_F^2.
3. The invariants that carry 2 along a trajectory (Lemma 2), one step at a time: after a step from such a state
   |W_j|_2 <= (4 Phi_F)^{1/N} still, and each ||B_j||_F has moved by at most 2 eta^2 M^{2(N-1)} ||G||_F^2 with
   M^2 = (8 Phi_F^2)^{1/N}. So the inequality of 2 (Lemma 1) holds at every step of Theorem 1.

Hypotheses. As stated; every state in the set is meant, not only those on trajectories.
Source. ACGH19 (arXiv:1810.02281), Lemmas 1, 2 and 7; 1 from the eigenvalues in ACH18 (arXiv:1802.06509), Claim 1.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import ACGH19, ACH18, Claim, Fate, Status, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, decide, power, rational, square_root
from solvers.guarantees import theorem_one
from solvers.network import (
    Problem,
    backpropagate,
    end_to_end,
    frobenius_squared,
    imbalances,
    layer_gradients,
    loss,
    sigma_min,
    spectral_norm,
)
from strategies import (
    DATASETS,
    BalancedNetwork,
    MarginProblem,
    balanced_networks,
    descent_states,
    diagonal,
    dimensions,
    dyadic_matrices,
    margin_problems,
    real_problem,
)

CLAIM = Claim(
    uid="DL-003",
    title="Descent lemma",
    statement=__doc__,
    sources=(ACGH19.at("Lemmas 1, 2, 7"), ACH18.at("Claim 1")),
    items=("4.1", "4.2", "4.3", "4.4"),
    status=Status.THEOREM,
    hypotheses=("norms", "residual", "balance", "margin", "learning rate"),
)


HALF = fmpq(1, 2)


def decrease(problem: Problem, *, share: fmpq = HALF) -> Comparison:
    """L(t+1) <= L(t) - share * eta sigma_min(W)^{2(N-1)/N} ||G||_F^2; the lemma's share is 1/2."""
    product = end_to_end(problem.weights)
    rate = power(sigma_min(product), Fraction(2 * (problem.depth - 1), problem.depth))
    gain = share * rational(problem.learning_rate) * rate * frobenius_squared(product - problem.target)
    before, after = loss(problem.weights, problem.target), loss(problem.step().weights, problem.target)
    return Comparison(after, "<=", before - gain, "descent, L(t+1) <= L(t) - gain")


def drift(problem: Problem, layer: int) -> Comparison:
    """||B_j(t+1) - B_j(t)||_F^2 <= (2 eta^2 M^{2(N-1)} ||G||_F^2)^2 with M^2 = (8 Phi_F^2)^{1/N}."""
    moved = imbalances(problem.step().weights)[layer] - imbalances(problem.weights)[layer]
    largest = power(8 * frobenius_squared(problem.target), Fraction(problem.depth - 1, problem.depth))
    residual = frobenius_squared(end_to_end(problem.weights) - problem.target)
    bound = 2 * rational(problem.learning_rate) ** 2 * largest * residual
    return Comparison(frobenius_squared(moved), "<=", bound**2, f"squared drift of B_{layer + 1} in one step")


def layer_norm(problem: Problem, layer: int) -> Comparison:
    """|W_j(t+1)|_2^{2N} <= 16 Phi_F^2."""
    norm = spectral_norm(problem.step().weights[layer])
    bound = 16 * frobenius_squared(problem.target)
    return Comparison(norm ** (2 * problem.depth), "<=", bound, f"|W_{layer + 1}|_2^(2N) after one step")


def squared_gradients(weights: tuple[ObjectArray, ...], gradient: ObjectArray) -> Scalar:
    """sum_j ||D_j||_F^2 = -dL/dt under the flow."""
    total: Scalar = fmpq(0)
    for layer in backpropagate(weights, gradient):
        total = total + frobenius_squared(layer)
    return total


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_gradients_of_a_balanced_network_in_its_singular_bases(depth: int) -> None:
    """With W_j = S for all j, D_j has entries s_r^{N-j} G_rq s_q^{j-1}."""
    s = sympy.symbols("s:2", nonnegative=True)
    gradient = sympy.Matrix(2, 2, sympy.symbols("g:4", real=True))
    layers = backpropagate((sympy.diag(*s),) * depth, gradient)
    for j, layer in enumerate(layers, start=1):
        expected = sympy.Matrix(2, 2, lambda r, q, j=j: s[r] ** (depth - j) * gradient[r, q] * s[q] ** (j - 1))
        assert sympy.expand(layer - expected) == sympy.zeros(2, 2)


@symbolic
def test_every_term_of_the_flow_rate_is_large_for_every_depth() -> None:
    """s_r^{2(N-j)} s_q^{2(j-1)} >= m^{2(N-1)} when s_r, s_q >= m > 0, for symbolic N and j: all N terms of an
    invertible square W; one term, j = 1 or j = N, is left where s_q or s_r may be 0."""
    m = sympy.Symbol("m", positive=True)
    a, b = sympy.symbols("a b", nonnegative=True)
    after, before = sympy.symbols("after before", integer=True, nonnegative=True)  # N - j and j - 1
    log_quotient = 2 * after * sympy.log(1 + a / m) + 2 * before * sympy.log(1 + b / m)
    quotient = ((m + a) / m) ** (2 * after) * ((m + b) / m) ** (2 * before)
    assert sympy.simplify(sympy.exp(log_quotient) / quotient) == 1
    assert log_quotient.is_nonnegative
    assert log_quotient.subs(before, 0).is_nonnegative


@symbolic
def test_depth_one_for_every_learning_rate_up_to_one() -> None:
    """At depth 1 a step multiplies the loss by (1 - eta)^2 (``linear_rate``) and the lemma allows 1 - eta;
    the difference eta (1 - eta) is not negative for 0 <= eta <= 1."""
    rest = sympy.Symbol("rest", nonnegative=True)  # 1 - eta
    eta = sympy.Symbol("eta", nonnegative=True)
    gap = (1 - eta) - (1 - eta) ** 2
    assert sympy.expand(gap - eta * (1 - eta)) == 0
    assert (eta * rest).is_nonnegative


@symbolic
@ablates("DL-003", "norms", "dropped", Fate.TRUE)
def test_the_norms_need_not_be_assumed_for_every_depth() -> None:
    """|W_j|_2^2 <= |W|_2^{2/N} + 3 (N-1) delta (``proof_ledger``, row 1), and c <= |W|_2 <= 2 Phi_F.
    In units of Phi_F^{2/N}, u = 1/N: 4^u + 3 u^2 (1-u) / 64 <= 16^u, as 16^u - 4^u >= 4^u - 1 >= u log 4 >= u."""
    phi = sympy.Symbol("phi", positive=True)
    depth, more = sympy.Symbol("N", positive=True), sympy.Symbol("n", nonnegative=True)
    delta = (2 * phi) ** 2 / (256 * depth**3 * phi ** (2 * (depth - 1) / depth))
    share = sympy.simplify(3 * (depth - 1) * delta / phi ** (2 / depth))
    assert sympy.simplify(share - 3 * (depth - 1) / (64 * depth**3)) == 0
    assert sympy.simplify(sympy.expand((2 * phi) ** (2 / depth)) / phi ** (2 / depth) - 4 ** (1 / depth)) == 0
    left = sympy.expand(sympy.numer(sympy.together((1 / depth - share).subs(depth, 1 + more))))
    assert left.is_positive
    assert (sympy.log(4) - 1).is_positive


@symbolic
@ablates("DL-003", "residual", "dropped", Fate.TRUE)
def test_the_residual_need_not_be_bounded_for_every_depth() -> None:
    """The norms give |W|_2 <= 4 Phi_F, so |G|_2 <= 5 Phi_F and x = c / Phi_F <= 4; rows 3 and 6 of
    ``proof_ledger`` then keep more than half:

    (N-1) 2 delta / sigma^{2/N} <= (N-1)/(8 N^3) <= 1/64,  N y <= 5/6 g,  eta N M^{2N-2} <= 2/3 g,  g = 4^{-4/N} / N^2,
    and g <= 1/9 for N >= 2. At depth 1 every eta <= 1 will do (above), and eta <= 16/6144."""
    c, phi = sympy.symbols("c phi", positive=True)
    depth = sympy.Symbol("N", positive=True)
    rate = c ** ((4 * depth - 2) / depth) / (6144 * depth**3 * phi ** ((6 * depth - 4) / depth))
    delta = c**2 / (256 * depth**3 * phi ** (2 * (depth - 1) / depth))
    largest = (4 * phi) ** (1 / depth)
    g = 4 ** (-4 / depth) / depth**2
    for whole, bound in (
        ((depth - 1) * 2 * delta / c ** (2 / depth), (depth - 1) / (8 * depth**3) * 4 ** (-2 / depth)),
        (depth * rate * largest ** (depth - 2) * 5 * phi, 5 * g / 6),
        (rate * depth * largest ** (2 * depth - 2), 2 * g / 3),
    ):
        logarithm = sympy.expand_log(sympy.log(whole.subs(c, 4 * phi)) - sympy.log(bound), force=True)
        assert sympy.simplify(sympy.expand(logarithm)) == 0
    more = sympy.Symbol("n", nonnegative=True)  # N = 3 + n: (N-1) / (8 N^3) <= 1/64
    assert all(8 * (n - 1) <= n**3 for n in (1, 2))
    assert sympy.expand((3 + more) ** 3 - 8 * (2 + more)).is_positive
    assert fmpq(1, 4) / 16 < fmpq(1, 9)  # g at N = 2; from N = 3 on 1/N^2 <= 1/9
    ny, curvature = fmpq(5, 54), fmpq(2, 27)
    tau = ny / 2 * arb(ny).exp()
    kept = 1 - tau - curvature / 2 * (1 + tau) ** 2
    assert kept * fmpq(64, 65) > HALF


@exact
@given(st.data())
def test_flow_on_exactly_balanced_networks(data: st.DataObject) -> None:
    """sum_j ||D_j||_F^2 against the known singular values, in rationals; the factor N where it is claimed."""
    widths = data.draw(dimensions(bottleneck=False))
    network: BalancedNetwork = data.draw(balanced_networks(widths))
    depth, smallest = len(widths) - 1, network.layer_singular_values[min(widths[0], widths[-1]) - 1]
    gradient = arithmetic.exact(data.draw(dyadic_matrices(widths[-1], widths[0])))
    invertible = widths[0] == widths[-1] == min(widths) and smallest > 0
    factor = depth if invertible else 1
    bound = factor * smallest ** (2 * (depth - 1)) * frobenius_squared(gradient)
    rate = squared_gradients(network.weights, gradient)
    assert compare(Comparison(rate, ">=", bound, "-dL/dt on a balanced network")).holds


@exact
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 6])
def test_at_the_largest_learning_rate_and_margin(depth: int) -> None:
    """The boundary case c = Phi_F = 1, scalar, w = (9/8)^{1/N} up to rounding, at exactly the largest learning rate."""
    one = np.array([[1.0]])
    weight = np.array([[(9 / 8) ** (1 / depth)]])
    rate = theorem_one.learning_rate_limit(depth, fmpq(1), fmpq(1))
    assert rate == fmpq(1, 6144 * depth**3)
    problem = Problem((weight,) * depth, one, 0.0).exact()
    at_limit = Problem(problem.weights, problem.target, rate)
    assert decide(decrease, at_limit).holds


@sampled
@given(descent_states())
def test_single_step_anywhere_in_the_set(drawn: MarginProblem) -> None:
    """Statement 2 on states drawn anywhere in Lemma 7's set; statement 3's norm bound and drift with it."""
    assert decide(decrease, drawn.problem).holds
    for layer in range(drawn.problem.depth):
        assert decide(partial(layer_norm, layer=layer), drawn.problem).holds
    for layer in range(drawn.problem.depth - 1):
        assert decide(partial(drift, layer=layer), drawn.problem).holds


@sampled
@given(margin_problems())
def test_first_step_of_theorem_one(drawn: MarginProblem) -> None:
    """The states that Theorem 1 starts from lie in the set: the base case of the induction."""
    assert decide(decrease, drawn.problem).holds


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("hidden", [(), (4,), (3, 5)])
def test_real_data(name: str, hidden: tuple[int, ...]) -> None:
    """One step on real data from 31/32 Phi, at the largest learning rate that Theorem 1 allows."""
    problem = real_problem(name, hidden, start=31 / 32, learning_rate=0.0)
    norm = square_root(frobenius_squared(problem.exact().target))
    margin = sigma_min(problem.exact().target) - norm / 32
    rate = arithmetic.lower_float(theorem_one.learning_rate_limit(problem.depth, margin, norm))
    assert rate > 0
    assert decide(decrease, Problem(problem.weights, problem.target, rate)).holds


SCALAR = arithmetic.exact(np.array([[1.0]]))


@control
@ablates("DL-003", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_at_a_learning_rate_above_one() -> None:
    """Depth 1, eta = 3/2: the loss falls to a quarter, but not below 1 - eta < 0 times itself."""
    assert decide(decrease, Problem((2 * SCALAR,), SCALAR, fmpq(3, 2))).fails


@control
def test_refuted_with_twice_the_share() -> None:
    """At depth 1 a step of size eta gains eta (2 - eta) L = (1 - eta/2) eta ||G||^2, so a share of 1 is too much."""
    problem = Problem((2 * SCALAR,), SCALAR, theorem_one.learning_rate_limit(1, fmpq(1), fmpq(1)))
    assert decide(decrease, problem).holds
    assert decide(lambda posed: decrease(posed, share=fmpq(1)), problem).fails


@control
@ablates("DL-003", "balance", "dropped", Fate.REFUTED)
def test_refuted_without_balance() -> None:
    """W_1 = diag(1/t, t), W_2 = diag(t, 1/t), t = 9/20, W = I, G along E_12: both layers are weak where G is.

    Every other hypothesis of statement 2 is met: |W_j|_2^2 = 1/t^2 <= 4 Phi_F = 6, |G|_2 = 1/2 <= Phi_F, sigma_min(W) =
    1 = c and eta at its limit; yet a step gains only 2 t^2 eta ||G||^2 < eta/2 ||G||^2.
    """
    strong, weak = fmpq(20, 9), fmpq(9, 20)
    target = arithmetic.exact(np.array([[1.0, -0.5], [0.0, 1.0]]))
    norm = square_root(frobenius_squared(target))
    weights = (diagonal(2, 2, [strong, weak]), diagonal(2, 2, [weak, strong]))
    rate = theorem_one.learning_rate_limit(2, fmpq(1), norm)
    assert norm == fmpq(3, 2)
    assert strong**2 <= 4 * norm
    assert sigma_min(end_to_end(weights)) == 1
    verdict = decide(decrease, Problem(weights, target, rational(arithmetic.lower_float(rate))))
    assert verdict.fails


@control
@ablates("DL-003", "margin", "dropped", Fate.REFUTED)
def test_refuted_without_sigma_at_least_c() -> None:
    """c = 1 = |G|_2 and sigma_min(W) = t^2/5, t = 1/64: W_1 = diag(t, t/5), W_2 = diag(t/5, t) are 2 delta-balanced for
    c, yet a step gains only 2 (t/5)^2 eta ||G||^2, less than half of eta t^2/5 ||G||^2. G = E_12."""
    t = fmpq(1, 64)
    weights = (diagonal(2, 2, [t, t / 5]), diagonal(2, 2, [t / 5, t]))
    residual = arithmetic.exact(np.array([[0.0, 1.0], [0.0, 0.0]]))
    target = end_to_end(weights) - residual
    norm = square_root(frobenius_squared(target))
    imbalance, limit = (
        square_root(frobenius_squared(imbalances(weights)[0])),
        2 * theorem_one.imbalance_limit(2, fmpq(1), norm),
    )
    assert compare(Comparison(imbalance, "<=", limit, "||B_1||_F against 2 delta")).holds
    assert compare(Comparison(spectral_norm(residual), "<=", norm, "|G|_2 against Phi_F")).holds
    rate = rational(arithmetic.lower_float(theorem_one.learning_rate_limit(2, fmpq(1), norm)))
    assert sigma_min(end_to_end(weights)) == t**2 / 5 < 1
    assert decide(decrease, Problem(weights, target, rate)).fails


@control
def test_refuted_factor_depth_for_rectangular_networks() -> None:
    """W = (1 0)^T of depth 2, width 1: sum_j ||D_j||^2 = ||G||^2 when W_1's gradient vanishes, not 2 ||G||^2."""
    up = arithmetic.exact(np.array([[1.0], [0.0]]))
    gradient = arithmetic.exact(np.array([[0.0], [1.0]]))
    rate = squared_gradients((SCALAR, up), gradient)
    bound = frobenius_squared(gradient)
    assert compare(Comparison(rate, ">=", bound, "-dL/dt")).holds
    assert compare(Comparison(rate, ">=", 2 * bound, "-dL/dt with the factor N")).fails


@control
def test_refuted_drift_without_balance() -> None:
    """A layer of norm 64 exceeds M, which balance excludes: the drift bound of statement 3 fails there."""
    problem = Problem((64 * SCALAR, SCALAR / 64), SCALAR * 2, fmpq(1, 1024))
    assert decide(lambda posed: drift(posed, 0), problem).fails


@witness
def test_the_set_is_not_empty_and_equality_is_attained_at_the_target() -> None:
    """At W = Phi, exactly balanced, nothing moves: both sides are equal, at depth 1 and at depth 3."""
    for depth in (1, 3):
        problem = Problem((SCALAR,) * depth, SCALAR, theorem_one.learning_rate_limit(depth, fmpq(1), fmpq(1)))
        left, _, right, sentence = decrease(problem)
        assert compare(Comparison(left, "==", right, sentence)).holds
        assert all(frobenius_squared(d) == 0 for d in layer_gradients(problem.weights, problem.target))


@witness
def test_the_flow_rate_is_attained() -> None:
    """A singular value at the minimum, and G on it: sum_j ||D_j||^2 = N sigma^{2(N-1)} ||G||^2 for scalars."""
    rate = squared_gradients((2 * SCALAR,) * 3, SCALAR)
    assert rate == 3 * 2 ** (2 * 2) * frobenius_squared(SCALAR)


@witness
def test_the_imbalance_limit_is_positive_down_to_the_smallest_margin() -> None:
    """delta > 0 for every c > 0, so balanced weights always satisfy it."""
    assert theorem_one.imbalance_limit(6, fmpq(1, 10**9), fmpq(8)) > 0
