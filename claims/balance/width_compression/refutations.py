"""Each condition on the subspaces is needed, and nothing else stops width from moving; and the boundary cases."""

import pytest
from flint import fmpq

from claims.balance.width_compression import subspaces
from claims.suite import control, witness
from solvers.arithmetic import exact
from solvers.network import Problem, imbalances
from strategies import scalar_weights


def scalars(*weights: int, target: int) -> Problem:
    """A network of width 1, over the rationals."""
    return Problem(scalar_weights(*weights), exact([[target]]), fmpq(1, 2))


@control
@pytest.mark.parametrize(
    ("dropped", "problem"),
    [
        ("rows", scalars(0, target=1)),
        ("columns", scalars(0, target=1)),
        ("forward", scalars(1, 0, target=1)),
        ("backward", scalars(0, 1, target=1)),
    ],
)
def test_refuted_without_one_of_the_conditions(dropped: str, problem: Problem) -> None:
    """The smallest subspaces that meet three of the four do not hold the gradients, already for width 1."""
    conditions = {"rows": True, "columns": True, "forward": True, "backward": True}
    residual = subspaces.residual_of(problem)
    assert subspaces.gradients_stay_inside(problem, subspaces.closure(problem.weights, residual, **conditions))
    spaces = subspaces.closure(problem.weights, residual, **conditions | {dropped: False})
    assert not subspaces.is_closed(spaces, problem.weights, residual)
    assert not subspaces.gradients_stay_inside(problem, spaces)


IDENTITY, UNIT = exact([[1, 0], [0, 1]]), exact([[1, 0], [0, 0]])


@control
def test_refuted_with_weight_decay() -> None:
    """The gradient of l + 1/2 sum ||W_j||_F^2 moves C as well: W_1 = W_2 = I and Phi = I + e_1 e_1^T."""
    problem = Problem((IDENTITY, IDENTITY), IDENTITY + UNIT, fmpq(1, 2))
    spaces = subspaces.closure(problem.weights, subspaces.residual_of(problem))
    rest = subspaces.outer_parts(problem.weights, spaces)
    assert subspaces.equal(subspaces.outer_parts(problem.step().weights, spaces), rest)
    decayed = [
        moved - problem.learning_rate * before
        for moved, before in zip(problem.step().weights, problem.weights, strict=True)
    ]
    assert not subspaces.equal(subspaces.outer_parts(decayed, spaces), rest)


@control
def test_refuted_that_a_low_rank_residual_is_enough() -> None:
    """R = e_1 e_1^T of rank one reaches all of R^2 through W_1 = [[1, 1], [0, 1]] and its transpose."""
    weights = (exact([[1, 1], [0, 1]]), IDENTITY)
    assert [len(space) for space in subspaces.closure(weights, UNIT)] == [2, 2, 2]


@control
def test_refuted_that_balance_alone_puts_width_out_of_reach() -> None:
    """W_1 = W_2 = I is balanced, and with a residual of full rank it moves outside the line of e_1."""
    problem = Problem((IDENTITY, IDENTITY), 2 * IDENTITY, fmpq(1, 2))
    assert subspaces.is_zero(imbalances(problem.weights))
    spaces = [subspaces.span(UNIT)] * 3
    assert not subspaces.gradients_stay_inside(problem, spaces)


@witness
def test_a_balanced_network_with_a_low_rank_residual_is_compressed_to_its_rank() -> None:
    """W_1 = W_2 = W_3 = I of size 2 and Phi = I + e_1 e_1^T: every U_j is the line of e_1, and C_j = e_2 e_2^T."""
    problem = Problem((IDENTITY,) * 3, IDENTITY + UNIT, fmpq(1, 2))
    spaces = subspaces.closure(problem.weights, subspaces.residual_of(problem))
    assert all(subspaces.equal([space], [UNIT[:1]]) for space in spaces)
    assert subspaces.equal(subspaces.outer_parts(problem.weights, spaces), [IDENTITY - UNIT] * 3)
    assert not subspaces.equal(problem.step().weights, problem.weights)


@witness
def test_the_whole_network_can_be_in_reach() -> None:
    """k_j = d_j: a residual of full rank leaves no complement, and the small network is the whole."""
    problem = Problem((IDENTITY, IDENTITY), 2 * IDENTITY, fmpq(1, 2))
    spaces = subspaces.closure(problem.weights, subspaces.residual_of(problem))
    assert [len(space) for space in spaces] == [2, 2, 2]
    assert subspaces.is_zero(subspaces.outer_parts(problem.weights, spaces))


@witness
def test_without_a_residual_nothing_is_in_reach_and_nothing_moves() -> None:
    """R = 0: every U_j is {0}, C_j = W_j, and a step changes nothing."""
    problem = Problem((IDENTITY, UNIT), UNIT, fmpq(1, 2))
    spaces = subspaces.closure(problem.weights, subspaces.residual_of(problem))
    assert [len(space) for space in spaces] == [0, 0, 0]
    assert subspaces.equal(subspaces.outer_parts(problem.weights, spaces), problem.weights)
    assert subspaces.equal(problem.step().weights, problem.weights)


@witness
def test_one_subspace_without_a_direction_stops_the_network() -> None:
    """The saddle at zero: R = -Phi reaches U_0 and U_2, not U_1 = {0}, and no layer moves."""
    problem = scalars(0, 0, target=1)
    assert [len(space) for space in subspaces.closure(problem.weights, subspaces.residual_of(problem))] == [1, 0, 1]
    assert subspaces.equal(problem.step().weights, problem.weights)


@witness
def test_the_smallest_subspaces_can_be_smaller_than_others_that_are_closed() -> None:
    """All of R^2 is closed, and so is the line of e_1."""
    weights = (IDENTITY, IDENTITY)
    assert subspaces.is_closed([subspaces.span(IDENTITY)] * 3, weights, UNIT)
    assert subspaces.is_closed([subspaces.span(UNIT)] * 3, weights, UNIT)
