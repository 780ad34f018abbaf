"""Rational networks: nothing outside the closure moves, the small network descends alone, the closure is smallest."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.balance.width_compression import subspaces
from claims.balance.width_compression.planted import Planted, planted_problems
from claims.suite import exact
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import Problem, characteristic_polynomial, end_to_end, frobenius_squared, imbalances, loss


@exact
@given(planted_problems())
def test_what_is_outside_the_closure_never_moves(planted: Planted) -> None:
    """Two steps, over the rationals: with the smallest subspaces of step 0, W_j - P_j W_j P_{j-1} stays C_j."""
    problem = planted.problem
    spaces = subspaces.closure(problem.weights, subspaces.residual_of(problem))
    rest = subspaces.outer_parts(problem.weights, spaces)
    projections = [subspaces.projection(space) for space in spaces]
    for matrix, (before, after) in zip(rest, pairwise(projections), strict=True):
        assert subspaces.is_zero([after @ matrix, matrix @ before])
    for _ in range(2):
        assert subspaces.gradients_stay_inside(problem, spaces)
        problem = problem.step()
        assert subspaces.equal(subspaces.outer_parts(problem.weights, spaces), rest)


@exact
@given(strategies.problems(dimensions=strategies.dimensions(max_depth=3, max_width=4)))
def test_gradients_stay_inside_the_closure_of_any_network(problem: Problem) -> None:
    """Nothing planted: entries k/8, any target."""
    posed = problem.exact()
    assert subspaces.gradients_stay_inside(posed, subspaces.closure(posed.weights, subspaces.residual_of(posed)))


@exact
@given(planted_problems())
def test_the_small_network_descends_as_if_alone(planted: Planted) -> None:
    """Two steps, over the rationals: weights, loss, squared imbalances and singular values."""
    whole, inner = planted.problem, planted.inner
    for _ in range(2):
        whole, inner = whole.step(), inner.step()
        assert subspaces.equal(whole.weights, planted.blocks(inner.weights))
        verdict = compare(
            Comparison(
                loss(whole.weights, whole.target),
                "==",
                loss(inner.weights, inner.target),
                "loss of the whole and of the small network",
            )
        )
        assert verdict.holds
    still = planted.blocks([0 * matrix for matrix in inner.weights])
    for parts in zip(imbalances(whole.weights), imbalances(inner.weights), imbalances(still), strict=True):
        total, moving, resting = (frobenius_squared(b) for b in parts)
        assert compare(Comparison(total, "==", moving + resting, "squared imbalance")).holds
    products = [end_to_end(weights) for weights in (whole.weights, inner.weights, still)]
    total, moving, resting = (characteristic_polynomial(product.T @ product) for product in products)
    zeros = characteristic_polynomial(arithmetic.exact(np.zeros((inner.dimensions[0],) * 2)))
    assert total * zeros == moving * resting  # C is written with k_0 more zeros


@exact
@given(planted_problems(), st.data())
def test_the_closure_is_the_smallest(planted: Planted, data: st.DataObject) -> None:
    """It is closed, inside the planted family, and no longer closed when one subspace loses a direction, any."""
    weights, residual = planted.problem.weights, subspaces.residual_of(planted.problem)
    spaces = subspaces.closure(weights, residual)
    assert subspaces.is_closed(spaces, weights, residual)
    for space, basis, inner in zip(spaces, planted.bases, planted.inner.dimensions, strict=True):
        assert subspaces.is_inside(space, basis.T[:inner])
    large = [j for j, space in enumerate(spaces) if len(space) > 0]
    if not large:
        assert subspaces.is_zero([residual])
        return
    j = data.draw(st.sampled_from(large))
    mixed = data.draw(strategies.orthogonal_matrices(len(spaces[j]))) @ spaces[j]
    smaller = [*spaces[:j], mixed[1:], *spaces[j + 1 :]]
    assert not subspaces.is_closed(smaller, weights, residual)
