"""Statement 3 for two layers, in rationals: norms of the layers, and what their imbalance says of them."""

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.sharpness.equality import is_attained
from claims.suite import control, exact, witness
from claims.suite.agreement import AGREEMENT, agree
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, Scalar, compare, power, settle, square_root
from solvers.network import Weights, end_to_end, fitted_sharpness, spectral_norm
from strategies import diagonal, dyadic_matrices, minima_of_imbalance, scalar_weights

SIZES = st.integers(1, 3)

PAIRS = st.tuples(SIZES, SIZES, SIZES).flatmap(
    lambda sizes: st.tuples(dyadic_matrices(sizes[1], sizes[0]), dyadic_matrices(sizes[2], sizes[1]))
)


def two_layer_norms(weights: Weights) -> Scalar:
    """|W_1|_2^2 + |W_2|_2^2."""
    found: Scalar = sum(network.squared_singular_values(matrix)[0] for matrix in weights)
    return found


def imbalance_bound(weights: Weights, *, times: fmpq | int = 4, share: fmpq | int = 1) -> Scalar:
    """|B|_2 + (|B|_2^2 + 4 sigma^2)^{1/2}, with ``share`` of |B|_2 and ``times`` for 4."""
    (imbalance,) = network.imbalances(weights)
    size, sigma = share * spectral_norm(imbalance), spectral_norm(end_to_end(weights))
    found: Scalar = size + square_root(size**2 + times * sigma**2)
    return found


@exact
@given(PAIRS)
def test_two_layers_by_their_norms_and_their_imbalance(pair: Weights) -> None:
    """The kernel's largest eigenvalue, and the bound, for any two layers; attained where B = 0."""
    weights = tuple(arithmetic.exact(matrix) for matrix in pair)
    total, top = two_layer_norms(weights), fitted_sharpness(weights)
    assert total == top if isinstance(total, fmpq) and isinstance(top, fmpq) else arb(total).overlaps(arb(top))
    (imbalance,) = network.imbalances(weights)
    if all(entry == 0 for entry in imbalance.flat):
        gram, product = weights[0].T @ weights[0], end_to_end(weights)
        assert (product.T @ product == gram @ gram).all()  # so sigma = |W_1|_2^2 = |W_2|_2^2
        return
    assert settle(lambda: Comparison(two_layer_norms(weights), "<=", imbalance_bound(weights), "norms")).holds


@exact
@given(st.lists(st.integers(-12, 12), min_size=1, max_size=2).flatmap(minima_of_imbalance))
def test_minima_of_a_given_imbalance(weights: Weights) -> None:
    """One unit or two, the imbalance's eigenvalues drawn first, as large as 12 of either sign: the Hessian's largest
    eigenvalue is |W_1|_2^2 + |W_2|_2^2, and at most the bound, up to 2^-60; with one unit they are one number."""
    assert settle(
        lambda: Comparison(two_layer_norms(weights), "<=", imbalance_bound(weights) + AGREEMENT, "norms")
    ).holds
    top = fitted_sharpness(weights)
    assert agree(lambda: top, lambda: two_layer_norms(weights)).holds
    if len(weights[0]) == 1:
        (imbalance,) = network.imbalances(weights)
        product = network.squared_singular_values(end_to_end(weights))[0]
        assert two_layer_norms(weights) ** 2 == imbalance[0, 0] ** 2 + 4 * product


@exact
@given(st.tuples(SIZES, SIZES).flatmap(lambda s: st.tuples(dyadic_matrices(1, s[0]), dyadic_matrices(s[1], 1))))
def test_two_layers_through_one_unit(pair: Weights) -> None:
    """d_1 = 1: (|W_1|^2 + |W_2|^2)^2 = B^2 + 4 sigma^2, rational."""
    weights = tuple(arithmetic.exact(matrix) for matrix in pair)
    (imbalance,) = network.imbalances(weights)
    product = network.squared_singular_values(end_to_end(weights))[0]
    assert two_layer_norms(weights) ** 2 == imbalance[0, 0] ** 2 + 4 * product


@witness
def test_the_bound_by_the_imbalance_is_attained() -> None:
    """W_1 = diag(1, 2), W_2 = diag(2, 1): B = diag(3, -3), sigma = 2, 4 + 4 = 3 + 5."""
    weights = (diagonal(2, 2, [1, 2]), diagonal(2, 2, [2, 1]))
    assert two_layer_norms(weights) == imbalance_bound(weights) == 8
    assert is_attained(weights, end_to_end(weights), fmpq(8))


@control
@pytest.mark.parametrize("change", [{"times": fmpq(39, 10)}, {"share": fmpq(99, 100)}])
def test_refuted_with_a_smaller_bound(change: dict[str, fmpq]) -> None:
    """At the same weights."""
    weights = (diagonal(2, 2, [1, 2]), diagonal(2, 2, [2, 1]))
    verdict = settle(lambda: Comparison(two_layer_norms(weights), "<=", imbalance_bound(weights, **change), "norms"))
    assert verdict.fails


@control
def test_refuted_without_the_imbalance() -> None:
    """Scalars (t, 1/t): sigma = 1, lambda_max = t^2 + t^{-2} is beyond every bound."""
    for t in (fmpq(10), fmpq(1000)):
        weights = scalar_weights(t, 1 / t)
        assert compare(Comparison(fitted_sharpness(weights), "<=", t**2, "sharpness")).fails
        assert power(spectral_norm(end_to_end(weights)), 2) == 1
