"""What is false nearby: bases that do not match, other targets, modes that a width cuts off; and the smallest cases."""

import numpy as np
from flint import fmpq

from claims.modes.scalar_modes.aligned import AlignedNetwork, in_the_form
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.flow import mode_step
from solvers.network import frobenius_squared, gradient_step, layer_gradients, loss
from strategies import diagonal


def in_no_form(weights: tuple[ObjectArray, ...]) -> bool:
    """Whether no orthogonal bases make two layers diagonal: they would make W_1 W_1^T and W_2^T W_2 commute."""
    first, second = weights[0] @ weights[0].T, weights[1].T @ weights[1]
    return bool((first @ second != second @ first).any())


IDENTITY = diagonal(2, 2, [1, 1])

TURN = arithmetic.exact(np.array([[3, -4], [4, 3]])) / 5

SHEAR = arithmetic.exact(np.array([[0, 1], [0, 0]]))


@control
@ablates("DL-029", "singular bases of the target", "dropped", Fate.REFUTED)
def test_refuted_for_bases_that_are_not_the_targets() -> None:
    """W_1 = W_2 = I, diagonal in every basis, and Phi = e_1 e_2^T, for which Q_0 = Q_2 never are: after one step of 1/2
    no bases at all make both layers diagonal."""
    assert not in_no_form((IDENTITY, IDENTITY))
    assert in_no_form(gradient_step((IDENTITY, IDENTITY), SHEAR, fmpq(1, 2)))


@control
@ablates("DL-029", "shared hidden bases", "dropped", Fate.REFUTED)
def test_refuted_for_hidden_bases_that_differ() -> None:
    """Q_0 = Q_2 = I, Phi diagonal, and layer 1 ends in the basis I, layer 2 begins in a turned one: after a step
    layer 1 is diagonal in neither."""
    first, second, target = diagonal(2, 2, [1, 2]), diagonal(2, 2, [2, 1]), diagonal(2, 2, [3, 1])
    own = (IDENTITY, TURN)
    moved, _ = gradient_step((first, second @ TURN.T), target, fmpq(1, 2))
    assert not any(in_the_form((moved,), (IDENTITY, basis)) for basis in own)


@control
def test_refuted_that_a_mode_learns_the_absolute_value() -> None:
    """s = -1 is a target like any other: a = (1, 1) goes down, where |s| = 1 would hold it still."""
    ones = [np.array([fmpq(1)], dtype=object)] * 2
    moved = gradient_step((IDENTITY[:1, :1],) * 2, -IDENTITY[:1, :1], fmpq(1, 4))
    for sign, agrees in ((-1, True), (1, False)):
        predicted = mode_step(ones, np.array([fmpq(sign)], dtype=object), fmpq(1, 4))
        assert all((a[0, 0] == b[0]) is agrees for a, b in zip(moved, predicted, strict=True))


@control
def test_refuted_that_modes_move_beyond_the_narrowest_width() -> None:
    """Widths (2, 1, 2) with W_1 = (1 0): the equation of mode 2 with zeros for the entries that are not there would
    hold at depth 1, but a layer of zeros beside a wide one is stuck, and l >= s_2^2 / 2."""
    weights = (diagonal(1, 2, [1]), diagonal(2, 1, [1]))
    target = diagonal(2, 2, [1, 2])
    assert all((a == b).all() for a, b in zip(gradient_step(weights, target, fmpq(1)), weights, strict=True))
    assert compare(Comparison(loss(weights, target), "<", fmpq(2), "loss of a mode cut off")).fails


@control
def test_refuted_that_layers_off_the_diagonal_decouple() -> None:
    """One entry off the diagonal couples the modes: W_1 = I + e_1 e_2^T / 2 moves W_2's second row."""
    weights, target = (IDENTITY + SHEAR / 2, IDENTITY), diagonal(2, 2, [2, 1])
    apart = gradient_step((IDENTITY, IDENTITY), target, fmpq(1, 2))[1]
    assert (gradient_step(weights, target, fmpq(1, 2))[1].diagonal() != apart.diagonal()).any()


@witness
def test_depth_one_width_one() -> None:
    """The smallest case: one number, a <- a - eta (a - s); and eta = 0 moves nothing."""
    one = AlignedNetwork((diagonal(1, 1, [3]),), diagonal(1, 1, [1]), (diagonal(1, 1, [-1]),) * 2, fmpq(1, 4))
    assert one.problem().step().weights[0] == one.predicted(1)[0] == fmpq(5, 2)
    still = AlignedNetwork(one.layers, one.target, one.bases, fmpq(0))
    assert still.problem().step().weights[0] == 3


@witness
def test_one_mode_learns_while_another_waits_at_its_saddle() -> None:
    """Depth 2: mode 2 with both entries 0 never moves, mode 1 is at its target: a critical point of loss s_2^2 / 2."""
    layer = diagonal(2, 2, [2, 0])
    drawn = AlignedNetwork((layer, layer), diagonal(2, 2, [4, 1]), (TURN, IDENTITY, TURN), fmpq(1))
    problem = drawn.problem()
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(problem.weights, problem.target))
    assert loss(problem.weights, problem.target) == fmpq(1, 2)


@witness
def test_any_bases_serve_where_the_target_is_a_multiple_of_the_identity() -> None:
    """Singular bases need not be unique: the identity is diagonal in Q_0 = Q_N = any Q."""
    for basis in (IDENTITY, TURN):
        drawn = AlignedNetwork((diagonal(2, 2, [1, 3]),), IDENTITY, (basis, basis), fmpq(1, 2))
        assert (drawn.problem().target == IDENTITY).all()
        assert in_the_form(drawn.problem().step().weights, drawn.bases)
