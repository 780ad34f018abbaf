"""Rational networks, on kinks and off them, whatever the loss; and float64 ones, trained on real data."""

from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.balance.homogeneous_layers import units
from claims.suite import exact, sampled
from solvers import arithmetic
from solvers.network import Matrix, forward, network_gradients, piecewise_linear
from strategies import DATASETS, generic_weights, learning_rates, regression


@exact
@given(st.data())
def test_flow_conserves_each_unit(data: st.DataObject) -> None:
    """Rational networks of depth 2 to 4, mixed activations, squared, quartic and arbitrary losses."""
    net = data.draw(units.nets())
    assert net.conserves(data.draw(units.signals(net)))


@exact
@given(st.data())
def test_flow_conserves_each_unit_on_kinks(data: st.DataObject) -> None:
    """Networks that sit on a kink in every hidden layer, an arbitrary subgradient for each unit and sample."""
    net = data.draw(units.nets(on_kinks=True))
    before, _ = forward(net.weights, net.inputs, net.activations)
    assert all((z == 0).any() for z in before[:-1])
    assert net.conserves(data.draw(units.signals(net)))


@exact
@pytest.mark.parametrize("name", units.ODD_ONES)
@given(data=st.data())
def test_the_derivative_for_any_activation(name: str, data: st.DataObject) -> None:
    """Statement 2 in rationals for two layers, where U = W_2^T G, with activations that conserve nothing."""
    drawn, activation = data.draw(units.nets()), units.ODD_ONES[name]
    net = units.Net((drawn.weights[0], drawn.weights[1]), drawn.inputs, (activation,))
    signal = data.draw(units.signals(net))
    before, _ = forward(net.weights, net.inputs, net.activations)
    sent, z = net.weights[1].T @ signal(before[-1]), before[0]
    expected = 2 * (sent * (activation.value(z) - z * activation.derivative(z))).sum(axis=1)
    (found,) = units.flow_derivatives(net.weights, net.gradients(signal))
    assert (found == expected).all()


@exact
@given(st.data(), learning_rates().map(arithmetic.rational))
def test_one_step_of_descent_by_the_exact_law(data: st.DataObject, rate: fmpq) -> None:
    """Statement 3 in rationals, on kinks or off them."""
    net = data.draw(st.booleans().flatmap(lambda on_kinks: units.nets(on_kinks=on_kinks)))
    gradients = net.gradients(data.draw(units.signals(net)))
    moved = units.unit_imbalances([w - rate * d for w, d in zip(net.weights, gradients, strict=True)])
    square = units.unit_imbalances(gradients)
    before = units.unit_imbalances(net.weights)
    assert units.vanish([m - c - rate**2 * s for m, c, s in zip(moved, before, square, strict=True)])


def trained(name: str, weights: list[Matrix], below: float, steps: int) -> tuple[list[Matrix], Matrix, Matrix]:
    """float64 gradient descent on a real data set (mean squared error), with its inputs and outputs."""
    data = regression(name)
    samples = data.inputs.shape[1]
    activations = [piecewise_linear(1.0, below)] * (len(weights) - 1)
    for _ in range(steps):
        found = network_gradients(weights, data.inputs, activations, lambda output: (output - data.outputs) / samples)
        weights = [w - 0.05 * d for w, d in zip(weights, found, strict=True)]
    return weights, data.inputs, data.outputs


def conserves_on_data(weights: list[Matrix], inputs: Matrix, outputs: Matrix, below: float) -> bool:
    """The identity at a float64 network, on float64 data, without rounding."""
    goal, slope = arithmetic.exact(outputs), arithmetic.rational(below)
    net = units.Net(
        tuple(map(arithmetic.exact, weights)),
        arithmetic.exact(inputs),
        (piecewise_linear(1, slope, fmpq(1, 2)),) * (len(weights) - 1),
    )
    return net.conserves(lambda output: (output - goal) * fmpq(1, goal.shape[1]))


@sampled
@given(st.sampled_from([0.0, 0.01, -1.0]), st.data())
def test_networks_drawn_and_trained_on_real_data(below: float, data: st.DataObject) -> None:
    """20 men and 3 measures (``linnerud``): ReLU, leaky ReLU and |z|, at the start and after ten steps in float64."""
    start = list(data.draw(generic_weights((3, 3, 2, 3))))
    for steps in (0, 10):
        weights, inputs, outputs = trained("linnerud", [matrix / 4 for matrix in start], below, steps)
        assert conserves_on_data(weights, inputs, outputs, below)


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("below", [0.0, 0.01])
def test_real_data(name: str, below: float) -> None:
    """A wide-enough network, a hundred steps of training away from its start, on all samples."""
    data, generator = regression(name), np.random.default_rng(20)
    widths = (len(data.inputs), 4, 3, len(data.outputs))
    start = [generator.standard_normal((rows, columns)) / 2 for columns, rows in pairwise(widths)]
    weights, inputs, outputs = trained(name, start, below, 100)
    assert (weights[0] != start[0]).any()
    assert conserves_on_data(weights, inputs, outputs, below)
