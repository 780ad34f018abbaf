"""What the strategies shrink to: something that a person can read."""

from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import Phase, find, settings

from solvers import loss
from strategies import (
    balanced_networks,
    covariances,
    descent_states,
    dimensions,
    dyadic_matrices,
    generic_weights,
    learning_rates,
    margin_problems,
    observations,
    orthogonal_matrices,
    problems,
    singular_value_lists,
    targets,
)

SMALL = dimensions(max_depth=2, max_width=2, bottleneck=False)
SETTINGS = settings(database=None, deadline=None, max_examples=200, phases=[Phase.generate, Phase.shrink])


def smallest(strategy, condition=lambda drawn: True):
    """What a failing example would be shrunk to."""
    return find(strategy, condition, settings=SETTINGS, random=Random(0))


def test_dyadic_matrices_shrink_to_zeros_and_to_one_small_fraction():
    """Zeros where anything will do; a single 1/8 where zeros will not."""
    assert not smallest(dyadic_matrices(2, 3)).any()
    assert np.sort(smallest(dyadic_matrices(2, 2), np.any).ravel()).tolist() == [0, 0, 0, 1 / 8]


def test_orthogonal_matrices_shrink_to_the_identity():
    """No permutation, no sign, no reflection."""
    assert np.array_equal(smallest(orthogonal_matrices(3)), np.eye(3, dtype=int))


def test_orthogonal_matrices_shrink_to_one_reflection_where_fractions_are_needed():
    """The fractions of a matrix that is no signed permutation have a denominator of one digit."""
    found = smallest(orthogonal_matrices(2), lambda q: any(entry.q != 1 for entry in q.flat))
    assert max(int(entry.q) for entry in found.flat) <= 5


def test_singular_values_shrink_to_ones_of_full_rank():
    """A missing rank is the exception, and shows as such."""
    assert smallest(singular_value_lists(3)) == [1, 1, 1]
    assert smallest(singular_value_lists(2), lambda values: values[0] > 1) == [Fraction(5, 4), 1]
    assert smallest(singular_value_lists(2), lambda values: values[-1] == 0) == [1, 0]


def test_what_is_seen_shrinks_to_all():
    """The identity, and a mask of all entries; of several forms, the first."""
    assert np.array_equal(smallest(covariances(3)), np.eye(3))
    assert smallest(observations(2, 3)).all()
    assert smallest(problems(dimensions=SMALL, data=("white", "mask"))).is_white
    assert (smallest(covariances(2), lambda s: s[0, 1] != 0) == 1 / 64).all()


def test_targets_shrink_to_a_diagonal_of_ones():
    """Phi = I, padded with zeros."""
    assert np.array_equal(smallest(targets(2, 3)), np.eye(2, 3, dtype=int))


def test_dimensions_shrink_to_one_scalar_layer_and_to_the_least_that_is_asked_for():
    """(1, 1); (2, 1, 2) for a bottleneck; one wide layer where width is needed."""
    assert smallest(dimensions()) == (1, 1)
    assert smallest(dimensions(bottleneck=True)) == (2, 1, 2)
    assert sorted(smallest(dimensions(), lambda widths: max(widths) >= 5)) == [1, 5]


def test_networks_shrink_to_zeros_and_to_identities():
    """Generic ones to zeros, balanced ones to identities."""
    assert not any(matrix.any() for matrix in smallest(generic_weights((2, 3, 1))))
    for matrix in smallest(balanced_networks((2, 2, 2))).weights:
        assert np.array_equal(matrix, np.eye(2, dtype=int))


def test_learning_rates_shrink_to_one():
    """Neither too large nor very small."""
    assert smallest(learning_rates()) == 1


def test_problems_shrink_to_a_scalar():
    """A loss that is not zero needs one number that is not."""
    found = smallest(problems(dimensions=SMALL), lambda problem: loss(problem.weights, problem.target) > 0)
    assert found.dimensions == (1, 1)
    assert sorted([abs(float(found.weights[0].item())), abs(float(found.target.item()))]) == [0, 1 / 8]


def test_margin_problems_shrink_to_ones_at_the_target():
    """Two scalar layers, all ones, no distance to the target and no imbalance."""
    found = smallest(margin_problems(dimensions=SMALL), lambda drawn: drawn.problem.depth == 2)
    assert [matrix.tolist() for matrix in (*found.problem.weights, found.problem.target)] == [[[1.0]]] * 3
    assert 0.99 < found.margin <= 1  # a lower bound of 1


def test_descent_states_shrink_to_one_layer_at_the_target():
    """W = Phi = 1."""
    found = smallest(descent_states(max_depth=1))
    assert [matrix.tolist() for matrix in (*found.problem.weights, found.problem.target)] == [[[1.0]]] * 2
