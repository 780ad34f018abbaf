"""Where the supremum is known, and needs no search: explicit states that attain it, or come as near as one likes."""

from fractions import Fraction

import pytest
from flint import fmpq

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
