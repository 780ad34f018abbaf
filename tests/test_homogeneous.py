"""Networks with activations: against automatic differentiation, and what they refuse."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers import layer_gradients
from solvers.network.homogeneous import Activation, forward, network_gradients, piecewise_linear
from strategies import dyadic_matrices, generic_weights, problems

jax.config.update("jax_enable_x64", True)

WIDTHS = [(1, 1), (2, 3, 1), (3, 2, 4, 2), (2, 1, 3, 2)]
SAMPLES = 3
SLOPES = [(1.0, 0.0), (1.0, 0.25), (0.5, -2.0), (1.0, 1.0)]


@jax.jit
def quartic_loss(weights, inputs, outputs, above, below):
    """Sum of fourth powers over 4; where z = 0 JAX takes the lower slope."""
    hidden = inputs
    for matrix in weights[:-1]:
        z = matrix @ hidden
        hidden = jnp.where(z > 0, above * z, below * z)
    return ((weights[-1] @ hidden - outputs) ** 4).sum() / 4


oracle = jax.jit(jax.grad(quartic_loss))


@given(st.data())
def test_gradients_agree_with_automatic_differentiation_exactly(data):
    """Small integers and dyadic slopes: nothing rounds, kinks included."""
    widths, (above, below) = data.draw(st.sampled_from(WIDTHS)), data.draw(st.sampled_from(SLOPES))
    weights = tuple(np.round(matrix) for matrix in data.draw(generic_weights(widths)))
    inputs, outputs = (data.draw(dyadic_matrices(size, SAMPLES, bits=0)) for size in (widths[0], widths[-1]))
    activations = [piecewise_linear(above, below, below)] * (len(widths) - 2)
    found = network_gradients(weights, inputs, activations, lambda output: (output - outputs) ** 3)
    expected = oracle(weights, inputs, outputs, above, below)
    assert all((own == np.asarray(theirs)).all() for own, theirs in zip(found, expected, strict=True))


@given(problems())
def test_linear_activations_on_white_inputs_are_a_linear_network(problem):
    """X = I, phi(z) = z: the gradients of solvers.network, in rationals."""
    posed = problem.exact()
    activations = [piecewise_linear(1, 1, 1)] * (posed.depth - 1)
    inputs = np.eye(posed.dimensions[0], dtype=int)
    found = network_gradients(posed.weights, inputs, activations, lambda output: output - posed.target)
    expected = layer_gradients(posed.weights, posed.target)
    assert all((own == theirs).all() for own, theirs in zip(found, expected, strict=True))


def test_the_subgradient_at_a_kink_is_the_chosen_one():
    """A number, or one for each unit and sample."""
    z = np.array([[-1.0, 0.0], [0.0, 2.0]])
    assert piecewise_linear(1, 3, 7).derivative(z).tolist() == [[3, 7], [7, 1]]
    assert piecewise_linear(1, 3, np.array([[5, 6], [7, 8]])).derivative(z).tolist() == [[3, 6], [7, 1]]
    assert piecewise_linear(1, 3, 7).value(z).tolist() == [[-3, 0], [0, 2]]


def test_what_is_fed_forward():
    """ReLU of (1, -1) is (1, 0)."""
    before, fed = forward([np.array([[1.0], [-1.0]]), np.ones((1, 2))], np.ones((1, 1)), [piecewise_linear(1, 0)])
    assert [matrix.tolist() for matrix in before] == [[[1], [-1]], [[1]]]
    assert [matrix.tolist() for matrix in fed] == [[[1]], [[1], [0]]]


@pytest.mark.parametrize(
    ("inputs", "activations", "sentence"),
    [
        (np.ones((2, 1)), [], "activations has 0 entries; expected one a hidden layer, that is 1"),
        (np.ones((3, 1)), [piecewise_linear(1, 0)], r"inputs has shape \(3, 1\); expected 2 rows"),
    ],
)
def test_parts_that_do_not_fit_are_refused(inputs: np.ndarray, activations: list[Activation], sentence: str):
    """With what would be right."""
    weights = (np.ones((3, 2)), np.ones((1, 3)))
    with pytest.raises(ValueError, match=sentence):
        network_gradients(weights, inputs, activations, lambda output: output)
