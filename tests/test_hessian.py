"""The Hessian: against automatic differentiation, and in each arithmetic."""

from __future__ import annotations

import jax_oracle
import numpy as np
from containment import all_contain
from flint import ctx
from hypothesis import given
from hypothesis import strategies as st

from solvers import Enclosure, hessian, hessian_vector_product
from solvers.arithmetic import balls, exact
from solvers.network import curvature
from strategies import dimensions, generic_weights, problems

small = dimensions(max_depth=3, max_width=3)


@st.composite
def problems_with_directions(draw, widths=small):
    """A problem, and a direction of its weights' shapes."""
    chosen = draw(widths)
    return draw(problems(dimensions=st.just(chosen))), draw(generic_weights(chosen))


@given(problems())
def test_hessian_agrees_with_automatic_differentiation(problem):
    """The matrix is the second derivative of the loss, within the rounding of two evaluations."""
    weights, target = tuple(matrix / 3 for matrix in problem.weights), problem.target / 3
    found, expected = hessian(weights, target), jax_oracle.hessian(weights, target)
    assert found.shape == expected.shape
    assert found.dtype == np.float64
    assert (abs(found - expected) <= jax_oracle.hessian_tolerance(weights, target)).all()


@given(problems(dimensions=dimensions(max_depth=3, max_width=4)))
def test_dyadic_hessian_agrees_with_automatic_differentiation_exactly(problem):
    """Up to depth 3 no entry of a dyadic network's Hessian needs more than 53 bits."""
    expected = jax_oracle.hessian(problem.weights, problem.target)
    assert (hessian(problem.weights, problem.target) == expected).all()


@given(problems(dimensions=dimensions(max_depth=3, max_width=2)))
def test_rational_hessian_is_the_exact_one(problem):
    """In rationals the matrix equals the float64 one where that is exact, and is symmetric."""
    rationals = problem.exact()
    found = hessian(rationals.weights, rationals.target)
    assert (found == exact(jax_oracle.hessian(problem.weights, problem.target))).all()
    assert (found == found.T).all()


@given(problems(dimensions=dimensions(max_depth=3, max_width=2)))
def test_hessian_in_balls_contains_the_rational_one(problem):
    """Ball entries contain the exact ones, at a low precision too."""
    rationals = problem.exact()
    truth = hessian(rationals.weights, rationals.target)
    with ctx.workprec(12):
        found = hessian(tuple(map(balls, problem.weights)), balls(problem.target))
    assert all_contain(found, truth)


@given(problems_with_directions())
def test_product_with_a_direction_is_the_matrix_times_it(drawn):
    """(H V) over concatenated rows is H times the concatenated rows of V, in rationals."""
    problem, direction = drawn
    rationals, along = problem.exact(), tuple(map(exact, direction))
    found = hessian_vector_product(rationals.weights, rationals.target, along)
    assert [matrix.shape for matrix in found] == [matrix.shape for matrix in direction]
    flat = np.concatenate([matrix.ravel() for matrix in along])
    matrix = exact(jax_oracle.hessian(problem.weights, problem.target))
    assert (np.concatenate([piece.ravel() for piece in found]) == matrix @ flat).all()
    assert curvature(rationals.weights, rationals.target, along) == flat @ matrix @ flat


@given(problems_with_directions())
def test_product_in_enclosures_contains_the_rational_one(drawn):
    """|exact - value| <= radius, in rationals, where float64 rounds."""
    problem, direction = drawn
    weights, target = tuple(matrix / 3 for matrix in problem.weights), problem.target / 3
    along = tuple(matrix / 7 for matrix in direction)
    truths = hessian_vector_product(tuple(map(exact, weights)), exact(target), tuple(map(exact, along)))
    results = hessian_vector_product(
        tuple(map(Enclosure.of, weights)), Enclosure.of(target), tuple(map(Enclosure.of, along))
    )
    for result, truth in zip(results, truths, strict=True):
        assert (abs(exact(result.value) - truth) <= exact(result.radius)).all()


def test_hessian_at_zero_of_two_layers_is_the_saddle_of_the_target():
    """At W_1 = W_2 = 0 the second derivative along V is -2 <Phi, V_2 V_1>: here -2 * 3 * v_1 v_2."""
    zero = np.zeros((1, 1))
    assert hessian((zero, zero), np.array([[3.0]])).tolist() == [[0.0, -3.0], [-3.0, 0.0]]
