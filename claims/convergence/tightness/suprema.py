"""Where the supremum is known, and needs no search: explicit states that attain it, or come as near as one likes."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import pytest
from flint import arb, fmpq

from claims.balance.balancedness.laws import drift_bound
from claims.convergence.tightness.states import Enter, measured
from claims.suite import exact
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, power
from solvers.guarantees import theorem_one
from solvers.network import Problem, deficiency_margin, end_to_end, loss, sigma_min

SCALAR = arithmetic.exact([[1]])
EXACT = "no search: attained by "
TINY_DELTA = fmpq(1, 2**20)
WHOLE, TWO = fmpq(1), fmpq(2)


def drift_attained() -> Comparison:
    """Two scalar layers (1, 0), eta = 1/2."""
    return drift_bound(Problem((SCALAR, 0 * SCALAR), SCALAR, fmpq(1, 2)), 0, 1)


def powers_of_the_last_layer(layers: int, share: fmpq = WHOLE) -> Comparison:
    """|W_{j:N} W_{j:N}^T - (W_N W_N^T)^k| <= share k (k - 1) / 2 delta M^{2(k-1)} for layers of squares 1 - m delta."""
    product = fmpq(1)
    for m in range(layers):
        product = product * (1 - m * TINY_DELTA)
    bound = share * fmpq(layers * (layers - 1), 2) * TINY_DELTA
    return Comparison(1 - product, "<=", bound, f"2.5 (c) for {layers} layers")


def norms_of_nearly_balanced_layers(depth: int) -> Comparison:
    """|W_1|_2^2 <= 2^{1/N} C^{2/N} for scalar layers of squares 1 - m delta, delta = 1 / (30 N^2 + N)."""
    delta = fmpq(1, 30 * depth**2 + depth)
    product = fmpq(1)
    for m in range(depth):
        product = product * (1 - m * delta)
    root = power(product, Fraction(1, depth))  # C^{2/N}
    assert compare(Comparison(delta, "<=", root / (30 * depth**2), "delta")).holds
    assert compare(Comparison(delta, ">=", root / (31 * depth**2), "delta, nearly its limit")).holds
    return Comparison(fmpq(1), "<=", power(fmpq(2), Fraction(1, depth)) * root, "2.6, |W_j|_2^2")


def margin_attained() -> Comparison:
    """Phi = 1, W = W' = 3/4."""
    weight = fmpq(3, 4) * SCALAR
    return Comparison(deficiency_margin((weight,), SCALAR), "<=", sigma_min(weight), "3.1, c against sigma_min(W')")


def total_drift(share: fmpq = WHOLE) -> Comparison:
    """A lower bound of the total drift <= share delta, at Phi = 3, w = (1, 1), c = 1 and the largest eta."""
    problem = Problem((SCALAR, SCALAR), 3 * SCALAR, theorem_one.learning_rate_limit(2, fmpq(1), fmpq(3)))
    assert not theorem_one.violated(problem, fmpq(1))
    residual = fmpq(2)
    total = problem.learning_rate * loss(problem.weights, problem.target) / (1 + problem.learning_rate * residual / 2)
    delta = theorem_one.imbalance_limit(2, fmpq(1), fmpq(3))
    return Comparison(total, "<=", share * delta, "total drift against delta")


def remainder(depth: int, constant: fmpq = TWO) -> Comparison:
    """|R| <= constant N^2 eta^2 M^{3N-4} ||G||^2 for w_j = 1, Phi = 2, eta = 1/(2N), in rationals."""
    rate = fmpq(1, 2 * depth)
    problem = Problem((SCALAR,) * depth, 2 * SCALAR, rate)
    moved = end_to_end(problem.step().weights)[0, 0]
    return Comparison(moved - 1 - depth * rate, "<=", constant * depth**2 * rate**2, "||R||_F")


DEPTHS = (2, 3, 6)
ATTAINED: dict[str, Callable[[], Comparison]] = {
    "2.2 drift of the imbalance": drift_attained,
    **{f"2.5 (c) powers of the last layer, k = {k}": partial(powers_of_the_last_layer, k) for k in DEPTHS},
    **{f"2.6 squared norms of layers, depth {n}": partial(norms_of_nearly_balanced_layers, n) for n in DEPTHS},
    "3.1 margin over sigma_min(W')": margin_attained,
    "4.5 total drift, depth 2": total_drift,
    **{f"4.6 remainder of second order, depth {n}": partial(remainder, n) for n in DEPTHS},
}
"""By quantity, the inequality at the state that was built for it."""


def attained(quantity: str, how: str, tightness: Enter) -> Comparison:
    """Report an inequality, which certainly holds at the state that was built."""
    bound = ATTAINED[quantity]()
    tightness(quantity, *measured(bound, root=1), how)
    return bound


@exact
def test_drift_of_the_imbalance_is_attained(tightness: Enter) -> None:
    """2.2: W_2 = 0, so that D_1 = 0 and all of the bound is ||eta^2 D_2^T D_2||_F."""
    bound = attained("2.2 drift of the imbalance", EXACT + "two scalar layers (1, 0)", tightness)
    assert bound.left == bound.right


@exact
@pytest.mark.parametrize("layers", DEPTHS)
def test_powers_of_the_last_layer(layers: int, tightness: Enter) -> None:
    """2.5 (c): scalar layers of squares 1, 1 - delta, 1 - 2 delta, ..., M = 1: no constant below k (k - 1) / 2 does."""
    how = EXACT + f"scalar layers of squares 1 - m delta as delta -> 0, at delta = {TINY_DELTA}"
    bound = attained(f"2.5 (c) powers of the last layer, k = {layers}", how, tightness)
    assert (bound.left == bound.right) == (layers == 2)


@exact
@pytest.mark.parametrize("depth", DEPTHS)
def test_norms_of_nearly_balanced_layers(depth: int, tightness: Enter) -> None:
    """2.6: scalar layers of squares 1, 1 - delta, ..., with delta at its limit or just below: 2^{-1/N}, nearly."""
    how = "no search: scalar layers of squares 1 - m delta, delta = 1 / (30 N^2 + N)"
    bound = attained(f"2.6 squared norms of layers, depth {depth}", how, tightness)
    share = arb(bound.right) / arb(2).root(depth)
    assert bound.left == 1
    assert 1 - fmpq(1, 30) < share < 1 + fmpq(1, 2**40)


@exact
def test_margin_is_attained(tightness: Enter) -> None:
    """3.1: sigma_min(W') is c, so that c over it is 1."""
    bound = attained("3.1 margin over sigma_min(W')", EXACT + "scalars 3/4, Phi = 1", tightness)
    assert bound.left == bound.right


@exact
def test_total_drift(tightness: Enter) -> None:
    """4.5: by the identity that is proved in the module beside eta^2 sum_t sum_j ||D_j||^2 is at least
    eta L(0) / (1 + eta r(0) / 2), since Theorem 1 brings L(t) to 0."""
    how = EXACT + "scalars (1, 1), Phi = 3 to first order in eta: a run loses all of L(0)"
    bound = attained("4.5 total drift, depth 2", how, tightness)
    rate = theorem_one.learning_rate_limit(2, fmpq(1), fmpq(3))
    assert compare(Comparison(bound.left * (1 + rate), "==", 2 * rate, "with L(0) = r(0) = 2")).holds


@exact
@pytest.mark.parametrize("depth", DEPTHS)
def test_remainder_of_second_order(depth: int, tightness: Enter) -> None:
    """4.6: equal scalar layers with N eta M^{N-2} ||G|| = 1/2 exactly: ratio 2 ((1 + 1/(2N))^N - 3/2), its supremum."""
    how = "no search: the supremum, attained by equal scalar layers where the condition holds with equality"
    bound = attained(f"4.6 remainder of second order, depth {depth}", how, tightness)
    assert bound.left / bound.right == 2 * ((1 + fmpq(1, 2 * depth)) ** depth - fmpq(3, 2))
