"""Statement 2 in rationals: where the bound is attained, and what that implies."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given

from claims.stability.sharpness.lower_bound import BOTTLENECKS, MINIMA, bound, proof_direction, top_pair
from claims.suite import Fate, ablates, control, exact, fewer, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Relation, power, settle
from solvers.network import Weights, end_to_end, frobenius_squared, hessian, imbalances, inertia
from strategies import CriticalPoint, FlatPoint, balanced_points, capped_minima, diagonal, scalar_weights


def is_attained(weights: Weights, target: ObjectArray, level: fmpq) -> bool:
    """Whether lambda_max(H) = level and no eigenvalue is negative, exactly."""
    matrix = hessian(weights, target)
    above, _, there = inertia(matrix - diagonal(len(matrix), len(matrix), [level] * len(matrix)))
    return above == 0 < there and inertia(matrix)[1] == 0


def has_chain(weights: Weights, u: ObjectArray, v: ObjectArray, norm: fmpq) -> bool:
    """Whether the q_j exist: with p_j = W_{1:j} v = sigma^{j/N} q_j, W_j^T p_j = sigma^{2/N} p_{j-1} for all j, and
    p_N = sigma u. Rational weights have none where sigma^{2/N} is irrational."""
    ratio = power(norm, Fraction(2, len(weights)))
    if not isinstance(ratio, fmpq):
        return False
    vector = v
    for matrix in weights:
        moved = matrix @ vector
        if not (matrix.T @ moved == ratio * vector).all():
            return False
        vector = moved
    return bool((vector == norm * u).all())


@exact
@given(balanced_points())
def test_balanced_points_attain_it(point: FlatPoint) -> None:
    """N = 1, ..., 4, widths 1-3: W = Phi, minima across a bottleneck, non-strict saddles, ties."""
    depth, norm = len(point.weights), point.layer_norm ** len(point.weights)
    assert all(entry == 0 for b in imbalances(point.weights) for entry in b.flat)
    level = bound(depth, norm)
    assert isinstance(level, fmpq)
    assert is_attained(point.weights, point.target, level)
    assert has_chain(point.weights, point.left, point.right, norm)


@exact
@fewer(2)
@given(capped_minima())
def test_minima_with_layers_of_the_least_norm_attain_it(point: FlatPoint) -> None:
    """All |W_j|_2 = sigma^{1/N}, in general not balanced; G = 0, or a bottleneck with anything beside it."""
    depth, norm = len(point.weights), point.layer_norm ** len(point.weights)
    level = bound(depth, norm)
    assert isinstance(level, fmpq)
    assert is_attained(point.weights, point.target, level)
    assert has_chain(point.weights, point.left, point.right, norm)


def chain_or_more(point: CriticalPoint) -> None:
    """||V||^2 of the proof is the bound if the chain is there, and above it if not."""
    u, v, norm = top_pair(point)
    square = sum((frobenius_squared(part) for part in proof_direction(point.weights, u, v)), start=fmpq(0))
    relation: Relation = "==" if has_chain(point.weights, u, v, norm) else ">"
    assert settle(lambda: Comparison(square, relation, bound(len(point.weights), norm), "||V||^2")).holds


@exact
@fewer(2)
@given(MINIMA)
def test_without_the_vectors_it_is_not_attained(point: CriticalPoint) -> None:
    """lambda_max(H) >= ||V||^2 > N sigma^{2-2/N}."""
    chain_or_more(point)


@exact
@fewer(2)
@given(BOTTLENECKS)
def test_without_the_vectors_it_is_not_attained_across_a_bottleneck(point: CriticalPoint) -> None:
    """The same with G != 0."""
    chain_or_more(point)


ROW, COLUMN = arithmetic.exact([[1, 0]]), arithmetic.exact([[1], [0]])

UNIT, FIRST = arithmetic.exact([[1]]), ROW.T


@witness
@pytest.mark.parametrize("small", [fmpq(0), fmpq(1, 2), fmpq(1)])
def test_balance_is_not_needed(small: fmpq) -> None:
    """W_2 = (1, 0), W_1 = diag(1, small): not balanced but for small = 0, and 2 is attained."""
    weights = (diagonal(2, 2, [1, small]), ROW)
    assert all(entry == 0 for b in imbalances(weights) for entry in b.flat) == (small == 0)
    assert is_attained(weights, end_to_end(weights), fmpq(2))


@witness
def test_the_norms_are_not_needed() -> None:
    """(1, 0) diag(1, 100) (1, 0)^T: |W_2|_2 = 100, and 3 is attained."""
    weights = (COLUMN, diagonal(2, 2, [1, 100]), ROW)
    assert is_attained(weights, end_to_end(weights), fmpq(3))


@control
@pytest.mark.parametrize("level", [fmpq(1999, 1000), fmpq(2001, 1000)])
def test_refuted_for_a_level_beside_the_bound(level: fmpq) -> None:
    """W_2 = (1, 0), W_1 = diag(1, 1/2): an eigenvalue is above the one, none is at the other."""
    weights = (diagonal(2, 2, [1, fmpq(1, 2)]), ROW)
    assert not is_attained(weights, end_to_end(weights), level)


@control
@pytest.mark.parametrize("large", [fmpq(101, 100), fmpq(5)])
@ablates("DL-062", "balanced", "to the vectors q_j", Fate.REFUTED)
def test_refuted_that_the_vectors_are_enough(large: fmpq) -> None:
    """W_2 = (1, 0), W_1 = diag(1, large): the vectors are there, and lambda_max = 1 + large^2."""
    weights = (diagonal(2, 2, [1, large]), ROW)
    target = end_to_end(weights)
    assert has_chain(weights, UNIT, FIRST, fmpq(1))
    assert not is_attained(weights, target, fmpq(2))
    assert is_attained(weights, target, 1 + large**2)


@control
@pytest.mark.parametrize("depth", [2, 3, 4])
@ablates("DL-062", "balanced", "dropped", Fate.REFUTED)
def test_refuted_for_scalars_that_are_not_balanced(depth: int) -> None:
    """Layers t, 1/t, 1, ..., 1: above the bound, which is N, for every t != 1, and beyond all bounds."""
    for t in (fmpq(1001, 1000), fmpq(1000)):
        weights = scalar_weights(t, 1 / t, *[1] * (depth - 2))
        assert not is_attained(weights, UNIT, fmpq(depth))
        assert is_attained(weights, UNIT, t**2 + t**-2 + depth - 2)


BESIDE = diagonal(2, 2, [1, 1])


@control
@pytest.mark.parametrize("w", [fmpq(1001, 1000), fmpq(11, 10)])
def test_refuted_with_one_larger_norm(w: fmpq) -> None:
    """Widths 2-1-2-2, Phi = I, (1, 0), (1, 0)^T, diag(1, w): at w = 1 the bound 3 is attained, with a tie; beyond it
    lambda_max is 2 + w^2, of which diag(1, w)'s w has no part in W."""
    assert is_attained((ROW, COLUMN, diagonal(2, 2, [1, 1])), BESIDE, fmpq(3))
    weights = (ROW, COLUMN, diagonal(2, 2, [1, w]))
    assert not is_attained(weights, BESIDE, fmpq(3))
    assert is_attained(weights, BESIDE, 2 + w**2)
