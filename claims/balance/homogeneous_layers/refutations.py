"""What no flow conserves: other activations, descent, one side alone, whole matrices; and the boundary cases."""

import numpy as np
import pytest
from flint import fmpq

from claims.balance.homogeneous_layers.units import ODD_ONES, Net, flow_derivatives, unit_imbalances, vanish
from claims.suite import control, witness
from solvers import arithmetic
from solvers.network import Activation, Matrix, imbalances, network_gradients, piecewise_linear


def small_net(activation: Activation) -> Net:
    """Two inputs, two units (one active, one not, at the one sample), one output."""
    weights = arithmetic.exact([[1, 2], [-3, 1]]), arithmetic.exact([[2, 1]])
    return Net(weights, arithmetic.exact([[1], [1]]), (activation,))


def to_zero(output: Matrix) -> Matrix:
    """The signal of L = ||F||_F^2 / 2."""
    return output


RELU = piecewise_linear(1, 0)


ODD_POINTS = arithmetic.exact([[-3, -2, fmpq(-1, 2), fmpq(1, 3), 1, 4]])


@witness
@pytest.mark.parametrize("name", ODD_ONES)
def test_the_odd_ones_have_their_own_slopes(name: str) -> None:
    """Beside their kinks: the slope between z - h and z + h is phi'(z) up to h, and z phi'(z) is not phi(z)."""
    odd, h = ODD_ONES[name], fmpq(1, 1000)
    slopes = (odd.value(ODD_POINTS + h) - odd.value(ODD_POINTS - h)) / (2 * h)
    assert (abs(slopes - odd.derivative(ODD_POINTS)) <= h).all()
    assert (ODD_POINTS * odd.derivative(ODD_POINTS) != odd.value(ODD_POINTS)).any()


@control
@pytest.mark.parametrize("name", ODD_ONES)
def test_refuted_for_activations_that_are_not_homogeneous(name: str) -> None:
    """A constant added, a square, a sigmoid, a bias: the flow changes some c_i at once."""
    assert small_net(RELU).conserves(to_zero)
    assert not small_net(ODD_ONES[name]).conserves(to_zero)


@control
def test_refuted_for_gradient_descent() -> None:
    """A step of learning rate 1/8 moves c_i, as it must by 3: the flow's law is not the descent's."""
    net = small_net(RELU)
    gradients = net.gradients(to_zero)
    moved = unit_imbalances([w - fmpq(1, 8) * d for w, d in zip(net.weights, gradients, strict=True)])
    assert (moved[0] != unit_imbalances(net.weights)[0]).any()


@control
def test_refuted_for_incoming_weights_alone() -> None:
    """d||W_1[i,:]||^2/dt = -2 <W_1[i,:], D_1[i,:]> is not zero; only the difference is."""
    net = small_net(RELU)
    assert ((net.weights[0] * net.gradients(to_zero)[0]).sum(axis=1) != 0).any()


@control
def test_refuted_for_the_imbalance_matrices_of_linear_networks() -> None:
    """The flow keeps all of B_j = W_{j+1}^T W_{j+1} - W_j W_j^T where phi(z) = z, but only its diagonal for ReLU."""
    for activation, kept in ((piecewise_linear(1, 1), True), (RELU, False)):
        net, t = small_net(activation), fmpq(1, 10**6)
        step = [
            imbalances([w + sign * t * d for w, d in zip(net.weights, net.gradients(to_zero), strict=True)])[0]
            for sign in (1, -1)
        ]
        derivative = step[0] - step[1]  # of a quadratic function, so the difference quotient is exact
        assert (derivative == 0).all() == kept
        assert (np.diag(derivative) == 0).all()


@control
def test_refuted_when_the_layers_choose_different_subgradients() -> None:
    """Two units 1 and 1, then one of 1 - 1 on its kink: phi'(0) = 1 in D_1 and 0 in D_2 do not fit together."""
    one, inputs = arithmetic.exact([[1]]), arithmetic.exact([[1, -1]])
    weights = (arithmetic.exact([[1], [1]]), arithmetic.exact([[1, -1]]), one)
    up, down = (
        network_gradients(weights, inputs, (RELU, piecewise_linear(1, 0, choice)), lambda _: one + 0 * inputs)
        for choice in (1, 0)
    )
    assert vanish(flow_derivatives(weights, up))
    assert vanish(flow_derivatives(weights, down))
    assert not vanish(flow_derivatives(weights, (up[0], down[1], down[2])))


@witness
def test_active_dead_and_kinked_units() -> None:
    """One of each: the active unit's products are not zero, the dead one's are, and the one on the kink receives a
    gradient by choice and yet moves no c_i."""
    rows, column = np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]]), np.ones((1, 3))
    inputs = arithmetic.exact([[1], [1]])
    net = Net((arithmetic.exact(rows), arithmetic.exact(column)), inputs, (piecewise_linear(1, 0, 1),))
    gradients = net.gradients(to_zero)
    assert (net.weights[0] * gradients[0]).sum(axis=1).tolist() == [4, 0, 0]
    assert (gradients[0] != 0).any(axis=1).tolist() == [True, False, True]
    assert net.conserves(to_zero)


@witness
def test_a_square_conserves_another_difference() -> None:
    """Degree 2, z phi'(z) = 2 phi(z): ||W_1[i,:]||^2 - 2 ||W_2[:,i]||^2 is what z^2 keeps."""
    net = small_net(ODD_ONES["z^2"])
    first, second = net.gradients(to_zero)
    assert ((net.weights[0] * first).sum(axis=1) == 2 * (net.weights[1] * second).sum(axis=0)).all()
    assert ((net.weights[0] * first).sum(axis=1) != 0).any()


@witness
def test_one_layer_has_no_hidden_unit() -> None:
    """Depth 1: nothing to conserve, and zero weights are on a kink everywhere."""
    one = arithmetic.exact([[1]])
    assert unit_imbalances((one,)) == []
    assert Net((0 * one, 0 * one), one, (RELU,)).conserves(lambda output: output - 1)
