"""What is false nearby: without balance, with other powers, factors or norms, for descent; and the smallest cases."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from flint import fmpq

from claims.end_to_end.end_to_end_dynamics.law import eigenvalues, powers, preconditioned, preconditioner, velocity
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, power
from solvers.flow import multipliers, one_output_velocity
from solvers.network import backpropagate, end_to_end, frobenius_squared, gradient_step, rank
from strategies import BalancedNetwork, diagonal


@control
@ablates("DL-026", "balance", "dropped", Fate.REFUTED)
def test_refuted_without_balance() -> None:
    """Scalars 1 and 2: dW/dt = -(1 + 4) G, where the statement has -2 |W| G = -4 G."""
    one = diagonal(1, 1, [1])
    moved = velocity((one, 2 * one), one)[0, 0]
    stated = -multipliers([fmpq(2)], [fmpq(2)], 2)[0][0]
    assert compare(Comparison(moved, "==", stated, "dW/dt")).fails


def singular() -> BalancedNetwork:
    """W = diag(1, 0) at depth 2."""
    layer = diagonal(2, 2, [1, 0])
    return BalancedNetwork((layer, layer), (fmpq(1), fmpq(0)))


@control
def test_refuted_with_the_projector_for_the_power_zero() -> None:
    """W = diag(1, 0), G = e_2 e_1^T moves entry (2, 1) by G [W^T W]^{1/2}; the projector W W^T would keep it at 0."""
    network, gradient = singular(), arithmetic.exact(np.array([[0.0, 0.0], [1.0, 0.0]]))
    moved = velocity(network.weights, gradient)
    left, right = powers(network)
    projector = end_to_end(network.weights)
    assert (moved == preconditioned(left, right, gradient)).all()
    assert moved[1, 0] == -1
    assert preconditioned([left[0], projector], [projector, right[1]], gradient)[1, 0] == 0


@control
def test_refuted_with_the_powers_in_the_other_order() -> None:
    """Layers 2, 2, 2 e_1, so W = 8 e_1, and G = e_2: [W W^T]^{(j-1)/N} on the left gives another speed."""
    weights = (diagonal(1, 1, [2]), diagonal(1, 1, [2]), diagonal(2, 1, [2]))
    network = BalancedNetwork(weights, (fmpq(2),))
    left, right = powers(network)
    gradient = arithmetic.exact(np.array([[0.0], [1.0]]))
    assert (velocity(weights, gradient) == preconditioned(left, right, gradient)).all()
    assert not (velocity(weights, gradient) == preconditioned(left[::-1], right, gradient)).all()


@control
def test_refuted_that_the_preconditioner_is_definite() -> None:
    """At W = diag(1, 0), depth 2, it has the eigenvalue 0, of e_2 e_2^T."""
    assert min(eigenvalues(singular())) == 0
    gradient = diagonal(2, 2, [0, 1])
    moved = velocity(singular().weights, gradient)
    assert compare(Comparison(frobenius_squared(moved), ">", fmpq(0), "squared speed")).fails


@control
def test_refuted_with_the_factor_n_where_widths_differ() -> None:
    """One output, two inputs, W = (1, 0), N = 2, G = (0, 1): -dL/dt = 1, below 2 sigma_min(W) ||G||^2 = 2."""
    weights = (diagonal(1, 2, [1]), diagonal(1, 1, [1]))
    gradient = arithmetic.exact(np.array([[0.0, 1.0]]))
    descent = sum((frobenius_squared(layer) for layer in backpropagate(weights, gradient)), start=fmpq(0))
    assert compare(Comparison(descent, ">=", fmpq(2), "-dL/dt against N sigma_min^{2-2/N} ||G||^2")).fails


@control
@ablates("DL-026", "one output", "dropped", Fate.REFUTED)
def test_refuted_for_two_outputs_and_inputs() -> None:
    """W = diag(16, 9), ||W||_F^2 = 337, depth 2, G = e_1 e_2^T: 4 does not hold with the Frobenius norm of a matrix.

    The layers diag(4, 3) give 16 + 9 in that entry; ||W||_F = sqrt(337) < 19, and <G, W> = 0."""
    layer, gradient = diagonal(2, 2, [4, 3]), arithmetic.exact(np.array([[0.0, 1.0], [0.0, 0.0]]))
    moved = velocity((layer, layer), gradient)
    stated = power(frobenius_squared(layer @ layer), Fraction(1, 2))
    assert compare(Comparison(-moved[0, 1], "==", stated, "speed of the entry (1, 2)")).fails


@control
def test_refuted_with_n_in_place_of_n_minus_one() -> None:
    """W = (1), depth 2, G = 1: the speed is 2, not 3."""
    one = diagonal(1, 1, [1])
    stated = one_output_velocity(one, one, depth=2, norm=fmpq(1))
    assert (velocity((one, one), one) == stated).all()
    assert compare(Comparison(stated[0, 0], "==", fmpq(-3), "dW/dt")).fails


@control
def test_refuted_that_depth_one_keeps_the_rank() -> None:
    """W = 0, N = 1, G = 1: it leaves zero."""
    zero, one = diagonal(1, 1, [0]), diagonal(1, 1, [1])
    assert rank(np.hstack([zero, backpropagate((zero,), one)[0]])) == 1


@control
def test_refuted_that_a_step_of_descent_does_the_same() -> None:
    """Layers 1, 1, Phi = 2, eta = 1/2: the product goes to (3/2)^2 = 9/4, not to 1 + eta 2 = 2."""
    one = diagonal(1, 1, [1])
    stepped = end_to_end(gradient_step((one, one), 2 * one, fmpq(1, 2)))[0, 0]
    stated = 1 + fmpq(1, 2) * one_output_velocity(one, -one, depth=2, norm=fmpq(1))[0, 0]
    assert compare(Comparison(stepped, "==", stated, "W after a step")).fails


@witness
def test_two_layers_by_hand() -> None:
    """W = diag(16, 9): dW/dt = -(|W| G + G |W|), entries 32, 25, 25, 18 times those of G."""
    layer, gradient = diagonal(2, 2, [4, 3]), arithmetic.exact(np.ones((2, 2)))
    assert velocity((layer, layer), gradient).tolist() == [[-32, -25], [-25, -18]]


@witness
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_zero_weights(depth: int) -> None:
    """W = 0: at depth 1 P_W is the identity, from depth 2 on it is zero."""
    network = BalancedNetwork((diagonal(2, 2, [0, 0]),) * depth, (fmpq(0), fmpq(0)))
    identity = arithmetic.exact(np.eye(4))
    assert (preconditioner(*powers(network)) == (identity if depth == 1 else 0 * identity)).all()


@witness
def test_depth_one_needs_no_hypothesis() -> None:
    """Any W: dW/dt = -G, and all eigenvalues are 1."""
    weights = (arithmetic.exact(np.array([[1.0, 2.0, 0.0]])),)
    gradient = arithmetic.exact(np.array([[5.0, -1.0, 2.0]]))
    assert (velocity(weights, gradient) == -gradient).all()
    assert list(product([1], repeat=3)) == [tuple(multipliers([fmpq(5)], [fmpq(5), fmpq(0), fmpq(0)], 1)[0])]
