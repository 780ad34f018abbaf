"""How far the constants of Theorem 1 and of its lemmas are from the worst that can be found.

Statement (open). For each inequality with a constant, a state that meets all of its hypotheses and comes as near to
violating it as a search could find. "Observed / guaranteed" is

- for an inequality "left <= right": left / right at that state, never above 1; 1 says that equality is attained;
- for a learning rate: the least rate found at which the conclusion fails, over the largest that the theorem allows, at
  least 1: the theorem's constant cannot be improved by more than that factor;
- for the decay exponent: the smallest rate of decay found over the guaranteed one, at least 1.

So each number bounds the looseness from one side: nobody can gain more. That nothing worse exists is not claimed, but
where the supremum is known: 2.2, 2.5 (c) and 3.1 are attained or approached, and 4.6 has supremum
2 ((1 + 1/(2N))^N - 3/2) at depth N, 2 sqrt(e) - 3 = 0.297 over all depths. To first order in eta the left side of 4.5,
over all layers, is eta L(0), at most delta / 324: if so, the weights stay 1.004 delta-balanced. The lower side of that
is exact at the reported state; that terms of higher order in eta never add to it is not proved here.

Numbers. As in the project's list of theorems: 2.2, 2.3 and 2.5 (c) imbalance, 2.6 layer norms, 3.1 margin, 4 Theorem 1,
4.3 descent, 4.4 invariants, 4.5 total drift, 4.6 remainder of second order.
Source. ACGH19 (arXiv:1810.02281); that its constants were never measured is why this is here.
How. Hypothesis's ``target()`` leads to a start, a random local search goes on from it in stacks of 64 float64 states;
what it ends with is decided again in exact and ball arithmetic, its hypotheses included, before it is reported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from numpy.typing import NDArray

from claims.balance.balancedness import drift_bound, stays_within
from claims.convergence.descent_lemma import decrease, drift, layer_norm
from claims.suite import ACGH19, DLC, Claim, Status, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, compare, decide, lower_float, power, rational, settle, square_root
from solvers.descent import gradient_descent
from solvers.guarantees import theorem_one
from solvers.network import Problem, deficiency_margin, end_to_end, frobenius_squared, imbalances, loss, sigma_min
from strategies.looseness import (
    RUN,
    converges,
    descends,
    exponent,
    first_failure,
    imbalance_on_the_way,
    norm_after_a_step,
    one_step_drift,
)
from strategies.whole_problems import in_descent_set
from strategies.worst_states import SEED, States, worst

FloatArray = NDArray[np.float64]
Enter = Callable[[str, float, float, str], None]

CLAIM = Claim(
    uid="DL-022",
    title="Tightness of the constants",
    statement=__doc__,
    sources=(ACGH19.at("Theorem 1, Lemmas 1-7"), DLC.at("4.5, 4.6")),
    items=("2.2", "2.3", "2.5", "2.6", "3.1", "4.3", "4.4", "4.5", "4.6"),
    status=Status.OPEN,
)


def check_state(problem: Problem, margin: fmpq, *, lemma: bool) -> None:
    """Assert that every hypothesis of Theorem 1, or of Lemma 7, certainly holds."""
    if not lemma:
        assert not theorem_one.violated(problem.exact(), margin)
        return
    assert in_descent_set(problem, float(margin))
    posed = problem.exact()
    norm = square_root(frobenius_squared(posed.target))
    delta = theorem_one.imbalance_limit(problem.depth, margin, norm)
    limits = [(square_root(frobenius_squared(b)), 2 * delta, "||B_j||_F") for b in imbalances(posed.weights)]
    limits.append((posed.learning_rate, theorem_one.learning_rate_limit(problem.depth, margin, norm), "learning rate"))
    for left, right, what in limits:
        assert compare(Comparison(left, "<=", right, f"{what} against its limit")).holds


def measured(comparison: Comparison, *, root: int = 1) -> tuple[float, float]:
    """The two sides of an inequality that certainly holds, the first rounded down, the second up; a root of both."""
    verdict = compare(comparison)
    assert verdict.holds, verdict
    left, right = (arb(side).root(root) for side in (comparison.left, comparison.right))
    return lower_float(left), arithmetic.upper_float(right)


# Learning rates and the decay exponent

DEEP = {1: ((1, 1), (2, 2)), 2: ((1, 1, 1), (2, 2, 2), (2, 1, 1)), 3: ((1, 1, 1, 1), (2, 2, 2, 2))}
WITH_HIDDEN = {depth: DEEP[depth] for depth in (2, 3)}


def guarantee_after(problem: Problem, margin: Scalar, steps: int, *, times: float = 1) -> Comparison:
    """l(t) <= l(0) exp(-times eta c^{2(N-1)/N} t), in the arithmetic of the problem."""
    moved = problem
    for _ in range(steps):
        moved = moved.step()
    decay = (
        rational(times) * rational(problem.learning_rate) * theorem_one.decay_exponent(problem.depth, margin) * steps
    )
    bound = loss(problem.weights, problem.target) * (-arb(decay)).exp()
    return Comparison(loss(moved.weights, moved.target), "<=", bound, f"loss after {steps} steps")


def around(multiple: FloatArray, problem: Problem) -> tuple[Problem, Problem]:
    """The problem at learning rates just below and just above a multiple of its own."""
    rate = float(multiple[0]) * problem.learning_rate
    return replace(problem, learning_rate=rate * (1 - 2.0**-20)), replace(problem, learning_rate=rate * (1 + 2.0**-20))


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_learning_rate_of_the_descent_lemma(depth: int, tightness: Enter) -> None:
    """4.3: a state of Lemma 7 where a learning rate larger by the reported factor breaks the inequality."""
    states, how = worst(lambda s: 1 / first_failure(s, descends), DEEP[depth], lemma=True)
    problem, margin = states.one()
    check_state(problem, margin, lemma=True)
    assert decide(decrease, problem).holds
    below, above = around(first_failure(states, descends, 40), problem)
    assert decide(decrease, below).holds
    assert decide(decrease, above).fails
    tightness(f"4.3 learning rate, depth {depth}", above.learning_rate, problem.learning_rate, how)


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_learning_rate_of_the_whole_theorem(depth: int, tightness: Enter) -> None:
    """4: a start where a learning rate above the theorem's by the reported factor misses the guarantee in 2 steps."""
    states, how = worst(lambda s: 1 / first_failure(s, converges), DEEP[depth], lemma=False)
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    below, above = around(first_failure(states, converges, 40), problem)
    for steps in range(1, RUN + 1):
        assert decide(partial(guarantee_after, margin=margin, steps=steps), problem).holds
        assert decide(partial(guarantee_after, margin=margin, steps=steps), below).holds
    assert any(decide(partial(guarantee_after, margin=margin, steps=t), above).fails for t in range(1, RUN + 1))
    tightness(f"4 learning rate, depth {depth}", above.learning_rate, problem.learning_rate, how)


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_decay_exponent(depth: int, tightness: Enter) -> None:
    """4: a start whose loss falls in one step by less than exp(-r eta c^{2(N-1)/N}), for the reported r."""
    states, how = worst(lambda s: 1 / exponent(s), (*DEEP[depth], (3, *(1,) * depth)), lemma=False)
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    reported = float(exponent(states)[0]) * (1 + 2.0**-10)
    assert decide(partial(guarantee_after, margin=margin, steps=1), problem).holds
    assert decide(partial(guarantee_after, margin=margin, steps=1, times=reported), problem).fails
    tightness(f"4 decay exponent, depth {depth}", reported, 1.0, how)


# Invariants


@sampled
@pytest.mark.parametrize("depth", WITH_HIDDEN)
def test_drift_in_one_step(depth: int, tightness: Enter) -> None:
    """4.4, A'."""
    states, how = worst(one_step_drift, WITH_HIDDEN[depth], lemma=True)
    problem, margin = states.one()
    check_state(problem, margin, lemma=True)
    sides = [measured(drift(problem.exact(), layer), root=2) for layer in range(depth - 1)]
    observed, guaranteed = max(sides, key=lambda pair: pair[0] / pair[1])
    assert observed / guaranteed > float(one_step_drift(states)[0]) * (1 - 2.0**-10)
    tightness(f"4.4 drift of the imbalance in one step, depth {depth}", observed, guaranteed, how)


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_norms_of_layers(depth: int, tightness: Enter) -> None:
    """4.4, C, from Theorem 1's starts."""
    states, how = worst(norm_after_a_step, DEEP[depth], lemma=False)
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    with_balls = [layer_norm(problem.exact(), layer) for layer in range(depth)]
    sides = [measured(comparison, root=2 * depth) for comparison in with_balls]
    observed, guaranteed = max(sides, key=lambda pair: pair[0] / pair[1])
    tightness(f"4.4 norms of layers, depth {depth}", observed, guaranteed, how)


@sampled
@pytest.mark.parametrize("depth", WITH_HIDDEN)
def test_imbalance_along_the_way(depth: int, tightness: Enter) -> None:
    """2.3: delta at the start is 1/2; the search looks for what drift adds to it, 1/648 to first order. The bound
    is certified after 20 thousand steps; "observed" is the start's."""
    states, how = worst(imbalance_on_the_way, WITH_HIDDEN[depth], lemma=False)
    problem, margin = states.one()
    check_state(problem, margin, lemma=False)
    posed = problem.exact()
    limit = 2 * theorem_one.imbalance_limit(depth, margin, square_root(frobenius_squared(posed.target)))
    trajectory = gradient_descent(problem, steps=20_000, certify=True)
    assert all(compare(comparison).holds for comparison in stays_within(trajectory, limit))
    start = max(lower_float(square_root(frobenius_squared(b))) for b in imbalances(posed.weights))
    tightness(f"2.3 imbalance, depth {depth}", start, arithmetic.upper_float(limit), how)


# Where the supremum is known, and needs no search

SCALAR = arithmetic.exact(np.array([[1.0]]))
EXACT = "no search: attained by "
TINY_DELTA = fmpq(1, 2**20)


def attained(quantity: str, comparison: Comparison, how: str, tightness: Enter) -> None:
    """Report an inequality that certainly holds at a state that was built."""
    tightness(quantity, *measured(comparison), how)


@exact
def test_drift_of_the_imbalance_is_attained(tightness: Enter) -> None:
    """2.2: W_2 = 0, so that D_1 = 0 and all of the bound is ||eta^2 D_2^T D_2||_F."""
    bound = drift_bound(Problem((SCALAR, 0 * SCALAR), SCALAR, fmpq(1, 2)), 0, 1)
    assert bound.left == bound.right
    attained("2.2 drift of the imbalance", bound, EXACT + "two scalar layers (1, 0)", tightness)


@exact
@pytest.mark.parametrize("layers", [2, 3, 6])
def test_powers_of_the_last_layer(layers: int, tightness: Enter) -> None:
    """2.5 (c): scalar layers of squares 1, 1 - delta, 1 - 2 delta, ..., M = 1: no constant below k (k - 1) / 2 does."""
    bound = powers_of_the_last_layer(layers, fmpq(1))
    assert (bound.left == bound.right) == (layers == 2)
    how = EXACT + f"scalar layers of squares 1 - m delta as delta -> 0, at delta = {TINY_DELTA}"
    attained(f"2.5 (c) powers of the last layer, k = {layers}", bound, how, tightness)


def powers_of_the_last_layer(layers: int, share: fmpq) -> Comparison:
    """|W_{j:N} W_{j:N}^T - (W_N W_N^T)^k| <= share k (k - 1) / 2 delta M^{2(k-1)} for those layers."""
    product = fmpq(1)
    for m in range(layers):
        product = product * (1 - m * TINY_DELTA)
    bound = share * fmpq(layers * (layers - 1), 2) * TINY_DELTA
    return Comparison(1 - product, "<=", bound, f"2.5 (c) for {layers} layers")


@exact
@pytest.mark.parametrize("depth", [2, 3, 6])
def test_norms_of_nearly_balanced_layers(depth: int, tightness: Enter) -> None:
    """2.6: scalar layers of squares 1, 1 - delta, ..., with delta at its limit or just below: 2^{-1/N}, nearly."""
    delta = fmpq(1, 30 * depth**2 + depth)
    product = fmpq(1)
    for m in range(depth):
        product = product * (1 - m * delta)
    root = power(product, Fraction(1, depth))  # C^{2/N}
    assert compare(Comparison(delta, "<=", root / (30 * depth**2), "delta")).holds
    bound = Comparison(fmpq(1), "<=", power(fmpq(2), Fraction(1, depth)) * root, "2.6, |W_j|_2^2")
    how = "no search: scalar layers of squares 1 - m delta, delta = 1 / (30 N^2 + N)"
    attained(f"2.6 squared norms of layers, depth {depth}", bound, how, tightness)


@exact
def test_margin_is_attained(tightness: Enter) -> None:
    """3.1: Phi = 1, W = W' = 3/4: sigma_min(W') is c, so that c over it is 1."""
    weight = fmpq(3, 4) * SCALAR
    bound = Comparison(deficiency_margin((weight,), SCALAR), "<=", sigma_min(weight), "3.1, c against sigma_min(W')")
    assert bound.left == bound.right
    attained("3.1 margin over sigma_min(W')", bound, EXACT + "scalars 3/4, Phi = 1", tightness)


@exact
def test_total_drift(tightness: Enter) -> None:
    """4.5: Phi = 3, w = (1, 1), c = 1, at the largest eta. By the identity proved below eta^2 sum_t sum_j ||D_j||^2 is
    at least eta L(0) / (1 + eta r(0) / 2), since Theorem 1 brings L(t) to 0."""
    bound = total_drift(fmpq(1))
    how = EXACT + "scalars (1, 1), Phi = 3 to first order in eta: a run loses all of L(0)"
    attained("4.5 total drift, depth 2", bound, how, tightness)


def total_drift(share: fmpq) -> Comparison:
    """That lower bound <= share delta."""
    problem = Problem((SCALAR, SCALAR), 3 * SCALAR, theorem_one.learning_rate_limit(2, fmpq(1), fmpq(3)))
    assert not theorem_one.violated(problem, fmpq(1))
    residual = fmpq(2)
    total = problem.learning_rate * loss(problem.weights, problem.target) / (1 + problem.learning_rate * residual / 2)
    return Comparison(
        total, "<=", share * theorem_one.imbalance_limit(2, fmpq(1), fmpq(3)), "total drift against delta"
    )


@exact
@pytest.mark.parametrize("depth", [2, 3, 6])
def test_remainder_of_second_order(depth: int, tightness: Enter) -> None:
    """4.6: equal scalar layers with N eta M^{N-2} ||G|| = 1/2 exactly: ratio 2 ((1 + 1/(2N))^N - 3/2), its supremum."""
    bound = remainder(depth, fmpq(2))
    assert bound.left / bound.right == 2 * ((1 + fmpq(1, 2 * depth)) ** depth - fmpq(3, 2))
    how = "no search: the supremum, attained by equal scalar layers where the condition holds with equality"
    attained(f"4.6 remainder of second order, depth {depth}", bound, how, tightness)


def remainder(depth: int, constant: fmpq) -> Comparison:
    """|R| <= constant N^2 eta^2 M^{3N-4} ||G||^2 for w_j = 1, Phi = 2, eta = 1/(2N), in rationals."""
    rate = fmpq(1, 2 * depth)
    problem = Problem((SCALAR,) * depth, 2 * SCALAR, rate)
    moved = end_to_end(problem.step().weights)[0, 0]
    return Comparison(moved - 1 - depth * rate, "<=", constant * depth**2 * rate**2, "||R||_F")


@symbolic
def test_remainder_for_every_depth() -> None:
    """sum_{k >= 2} binom(N, k) x^k over 2 N^2 x^2 grows with x, so x = 1/(2N) is the worst; then 2 sqrt(e) - 3, for
    large N, is the supremum, since (1 + 1/(2N))^N grows with N: its logarithm's derivative in
    y = 1/(2N) is never positive."""
    x = sympy.Symbol("x", nonnegative=True)
    for n in range(2, 9):
        quotient = sympy.cancel(((1 + x) ** n - 1 - n * x) / x**2)
        assert all(coefficient > 0 for coefficient in sympy.Poly(quotient, x).all_coeffs())
    depth, y = sympy.symbols("N y", positive=True)
    ratio = 2 * ((1 + 1 / (2 * depth)) ** depth - sympy.Rational(3, 2))
    assert sympy.limit(ratio, depth, sympy.oo) == 2 * sympy.exp(sympy.Rational(1, 2)) - 3
    slope = sympy.diff(sympy.log(1 + y) / (2 * y), y) * 2 * y**2  # y / (1 + y) - log(1 + y): 0 at 0, and falling
    assert sympy.simplify(slope - (y / (1 + y) - sympy.log(1 + y))) == 0
    assert sympy.simplify(sympy.diff(slope, y) + y / (1 + y) ** 2) == 0


@symbolic
def test_total_drift_for_every_depth() -> None:
    """eta L(0) / delta is at most u^a (1 - u)^2 / 48 with u = c / Phi_F, a = 2 - 2/N; at its maximum u = a / (a + 2)
    the logarithm's derivative in a is log u < 0, so depth 2, a = 1, is the worst of all with an imbalance: 1/324.

    And for equal scalar layers at depth 2 with residual r = Phi - w^2 > 0 a step has L(t) - L(t+1) <= eta (1 + eta r/2)
    sum_j ||D_j||^2."""
    u, a, c, phi = sympy.symbols("u a c phi", positive=True)
    depth = sympy.Symbol("N", integer=True, positive=True)
    rate = c ** ((4 * depth - 2) / depth) / (6144 * depth**3 * phi ** ((6 * depth - 4) / depth))
    delta = c**2 / (256 * depth**3 * phi ** (2 * (depth - 1) / depth))
    quotient = rate * (phi - c) ** 2 / 2 / delta / ((c / phi) ** (2 - 2 / depth) * (1 - c / phi) ** 2 / 48)
    assert sympy.simplify(sympy.expand_log(sympy.log(quotient.subs(phi, c + u)), force=True)) == 0
    value = a * sympy.log(u) + 2 * sympy.log(1 - u)
    top = a / (a + 2)
    assert sympy.simplify(sympy.diff(value, u).subs(u, top)) == 0
    assert sympy.simplify(sympy.diff(value.subs(u, top), a) - sympy.log(top)) == 0
    assert (u * (1 - u) ** 2 / 48).subs(u, sympy.Rational(1, 3)) == sympy.Rational(1, 324)
    w, r, eta = sympy.symbols("w r eta", positive=True)
    after = r + w**2 - (w * (1 + eta * r)) ** 2
    shrunk = 1 - after / r  # L(t) - L(t+1) = r^2 / 2 (1 - (1 - a)^2) <= r^2 a with this a
    assert sympy.expand(r**2 * shrunk - eta * (1 + eta * r / 2) * 2 * (w * r) ** 2) == 0


@control
@pytest.mark.parametrize("layers", [2, 3, 6])
def test_refuted_that_powers_of_the_last_layer_have_a_smaller_constant(layers: int) -> None:
    """2.5 (c) with 0.999 k (k - 1) / 2."""
    assert compare(powers_of_the_last_layer(layers, fmpq(999, 1000))).fails


@control
def test_refuted_that_the_remainder_has_less_than_a_quarter_of_the_constant() -> None:
    """4.6 with 12/25 in place of 2, at depth 8; 3/5 would do at every depth."""
    assert compare(remainder(8, fmpq(3, 5))).holds
    assert compare(remainder(8, fmpq(12, 25))).fails


@control
def test_refuted_that_the_total_drift_is_below_delta_over_325() -> None:
    """4.5 with delta / 325: delta / 324 is the supremum at depth 2, and nearly attained."""
    assert compare(total_drift(fmpq(1, 324))).holds
    assert compare(total_drift(fmpq(1, 325))).fails


@control
def test_refuted_that_the_theorems_constant_may_be_9100_times_smaller() -> None:
    """4 at depth 1: (1 - eta)^2 <= exp(-eta) ends at eta = 1.4777, 9079 times the limit 1/6144 of c = Phi_F."""
    near = Problem((fmpq(4097, 4096) * SCALAR,), SCALAR, fmpq(0))
    margin = deficiency_margin(near.weights, near.target)
    limit = theorem_one.learning_rate_limit(1, margin, fmpq(1))
    for times, fails in ((9080, False), (9100, True)):
        posed = replace(near, learning_rate=times * limit)
        verdict = settle(partial(guarantee_after, posed, margin, 1))
        assert verdict.fails if fails else verdict.holds


@witness
@pytest.mark.parametrize("lemma", [False, True])
def test_every_point_of_the_search_is_a_state(lemma: bool) -> None:
    """Ten random points of every shape: all hypotheses are met, at depths 1, 2 and 3, bottlenecks excepted."""
    rng = np.random.default_rng(SEED)
    for widths in ((1, 1), (2, 3, 2), (1, 2, 1, 1)):
        for point in rng.standard_normal((10, States.numbers(widths))) / 2:
            problem, margin = States.at(point[None], widths, lemma=lemma).one()
            assert margin > 0
            check_state(problem, margin, lemma=lemma)
