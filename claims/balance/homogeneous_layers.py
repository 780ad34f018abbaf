"""Gradient flow keeps, for each hidden unit of a ReLU network, incoming minus outgoing squared weight.

Statement. F = W_N phi(W_{N-1} ... phi(W_1 X)) with activations phi(z) = a z for z > 0, b z for z <= 0 (ReLU, leaky
ReLU, linear, |z|; another one for each layer if need be), X any samples, L any differentiable loss of F, D_j = dL/dW_j.

1. <W_j[i,:], D_j[i,:]> = <W_{j+1}[:,i], D_{j+1}[:,i]> for each unit i of each hidden layer j, so the flow conserves
   c_i = ||W_j[i,:]||^2 - ||W_{j+1}[:,i]||^2. At a kink (a pre-activation 0) this is so for every number taken as
   phi'(0), another one for each unit and sample if need be, as long as all D_j come from the same choice; and so for
   every element of Clarke's subdifferential of L, whose elements are means of limits of gradients.
2. For any activation dc_i/dt = 2 sum_n U_in (phi(Z_in) - Z_in phi'(Z_in)), Z = W_j H_{j-1} being the pre-activations,
   H_{j-1} what layer j is fed, U = dL/dH_j. U being arbitrary, nothing but phi(z) = z phi'(z) conserves c_i.
3. A step of gradient descent gives c_i(t+1) = c_i(t) + eta^2 (||D_j[i,:]||^2 - ||D_{j+1}[:,i]||^2), exactly.

Proof. D_j = (U * phi'(Z)) H_{j-1}^T and D_{j+1} = G_{j+1} H_j^T with U = W_{j+1}^T G_{j+1}. So <W_j[i,:], D_j[i,:]> =
sum_n U_in phi'(Z_in) Z_in and <W_{j+1}[:,i], D_{j+1}[:,i]> = sum_n U_in phi(Z_in), for every depth, width, number of
samples and loss (all of them are in H_{j-1} and G_{j+1}); the difference is 2. Euler's identity z phi'(z) = phi(z)
holds for a z and b z, and at z = 0, where phi(0) = 0, whatever phi'(0) is. 3: the terms linear in eta cancel by 1.

Hypotheses. No biases, and a linear last layer. Nothing is assumed of weights, widths, data and loss. That gradient flow
exists past kinks (as a differential inclusion, with a chain rule) is not verified here; at each point 1 is.
Source. DHL18 (arXiv:1806.00900), Theorem 2.1. 3, and the converse in 2, are this project's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.balance.balanced_spectrum import is_zero
from claims.suite import DHL18, DLC, Claim, Status, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import ObjectArray
from solvers.network import Activation, Matrix, Weights, forward, imbalances, network_gradients, piecewise_linear
from strategies import DATASETS, dimensions, dyadic_matrices, generic_weights, learning_rates, regression

CLAIM = Claim(
    uid="DL-011",
    title="Units of ReLU networks stay balanced",
    statement=__doc__,
    sources=(DHL18.at("Theorem 2.1"), DLC.at("DL-011")),
    items=("2.7",),
    status=Status.THEOREM,
)

Signal = Callable[[Matrix], Matrix]

SLOPES = ((1, 0), (1, fmpq(1, 3)), (1, fmpq(1, 100)), (1, 1), (fmpq(2, 3), fmpq(-5, 4)), (1, -1))
"""ReLU, leaky ReLU twice, linear, an odd one, the absolute value."""


def unit_imbalances(weights: Weights) -> list[Matrix]:
    """c_i = ||W_j[i,:]||^2 - ||W_{j+1}[:,i]||^2, a vector for each hidden layer."""
    return [(before * before).sum(axis=1) - (after * after).sum(axis=0) for before, after in pairwise(weights)]


def flow_derivatives(weights: Weights, gradients: Weights) -> list[Matrix]:
    """dc_i/dt under dW_j/dt = -D_j; zero, says the claim."""
    layers = zip(pairwise(weights), pairwise(gradients), strict=True)
    return [
        2 * ((after * d_after).sum(axis=0) - (before * d_before).sum(axis=1))
        for (before, after), (d_before, d_after) in layers
    ]


def vanish(vectors: list[Matrix]) -> bool:
    return all((vector == 0).all() for vector in vectors)


@dataclass(frozen=True)
class Net:
    """A network of exact rationals, its samples, and an activation a hidden layer."""

    weights: tuple[ObjectArray, ...]
    inputs: ObjectArray
    activations: tuple[Activation, ...]

    def gradients(self, signal: Signal) -> tuple[Matrix, ...]:
        return network_gradients(self.weights, self.inputs, self.activations, signal)

    def conserves(self, signal: Signal) -> bool:
        return vanish(flow_derivatives(self.weights, self.gradients(signal)))


@st.composite
def nets(draw: st.DrawFn, *, on_kinks: bool = False) -> Net:
    """Networks of dyadic entries and small data; ``on_kinks`` moves a row of each layer onto a kink."""
    widths, samples = draw(dimensions(min_depth=2, max_depth=4, max_width=4)), draw(st.integers(1, 4))
    inputs = arithmetic.exact(draw(dyadic_matrices(widths[0], samples)))
    weights = [arithmetic.exact(matrix) for matrix in draw(generic_weights(widths))]
    activations = []
    for width in widths[1:-1]:
        choices = arithmetic.exact(draw(dyadic_matrices(width, samples)))
        activations.append(piecewise_linear(*draw(st.sampled_from(SLOPES)), choices))
    for j, width in enumerate(widths[1:-1] if on_kinks else ()):
        _, fed = forward(weights, inputs, activations)
        unit, sample = draw(st.integers(0, width - 1)), draw(st.integers(0, samples - 1))
        weights[j][unit] = orthogonal_part(weights[j][unit], fed[j][:, sample])
    return Net(tuple(weights), inputs, tuple(activations))


def orthogonal_part(row: ObjectArray, direction: ObjectArray) -> ObjectArray:
    """The row less its part along the direction."""
    length = (direction * direction).sum()
    result: ObjectArray = row if length == 0 else row - direction * ((row * direction).sum() / length)
    return result


@st.composite
def signals(draw: st.DrawFn, net: Net) -> Signal:
    """dL/dF of a squared or quartic loss on drawn outputs, or any matrix: that of some loss."""
    outputs = arithmetic.exact(draw(dyadic_matrices(len(net.weights[-1]), net.inputs.shape[1])))
    kinds: list[Signal] = [lambda found: found - outputs, lambda found: (found - outputs) ** 3, lambda _: outputs]
    return draw(st.sampled_from(kinds))


def letters(name: str, *shape: int) -> ObjectArray:
    return np.array(sympy.symbols(f"{name}:{shape[0] * shape[1]}", real=True), dtype=object).reshape(shape)


def linear_pieces(slopes: ObjectArray) -> Activation:
    """phi(z) = s z on the piece where each unit and sample is."""
    return Activation(lambda z: slopes * z, lambda _: slopes)


@symbolic
def test_both_sides_for_every_depth_width_loss_and_number_of_samples() -> None:
    """[D_j W_j^T]_ii = sum_n U phi' Z and [W_{j+1}^T D_{j+1}]_ii = sum_n U phi(Z), with phi(Z) = S * Z for slopes S of
    symbols: layer j is A, layer j+1 is V, fed H by any layers before, sent G by any layers after; sizes are symbols."""
    d = sympy.symbols("d:4", integer=True, positive=True)  # widths of layers j-1, j, j+1 and the number of samples
    a, v = sympy.MatrixSymbol("A", d[1], d[0]), sympy.MatrixSymbol("V", d[2], d[1])
    fed, sent = sympy.MatrixSymbol("H", d[0], d[3]), sympy.MatrixSymbol("G", d[2], d[3])
    gated, after = sympy.MatrixSymbol("SU", d[1], d[3]), sympy.MatrixSymbol("SZ", d[1], d[3])
    assert is_zero((gated @ fed.T) @ a.T - gated @ (a @ fed).T)  # D_j = (S * U) H^T and Z = A H
    assert is_zero(v.T @ (sent @ after.T) - (v.T @ sent) @ after.T)  # D_{j+1} = G (S * Z)^T and U = V^T G
    s, u, z = (sympy.MatrixSymbol(name, d[1], d[3]) for name in "SUZ")
    i = sympy.Symbol("i", integer=True, nonnegative=True)
    left = (sympy.hadamard_product(s, u) @ z.T)[i, i].doit()
    right = (u @ sympy.hadamard_product(s, z).T)[i, i].doit()
    assert left.has(sympy.Sum)
    assert left.dummy_eq(right)


@symbolic
def test_euler_identity_on_both_sides_of_the_kink_and_on_it() -> None:
    """z phi'(z) = phi(z) for symbolic slopes, and at z = 0 for any number as phi'(0)."""
    a, b, chosen = sympy.symbols("a b g", real=True)
    for z in (sympy.Symbol("z", positive=True), sympy.Symbol("z", negative=True)):
        phi = sympy.Piecewise((a * z, z > 0), (b * z, True))
        assert sympy.simplify(z * sympy.diff(phi, z) - phi) == 0
    activation = piecewise_linear(a, b, chosen)
    z = np.array([[3, 0, -2]], dtype=object)
    assert (activation.derivative(z) == [[a, chosen, b]]).all()
    assert (activation.value(z) == [[3 * a, 0, -2 * b]]).all()


@symbolic
@pytest.mark.parametrize("widths", [(2, 2, 1), (1, 2, 2, 1), (1, 1, 2, 1, 1)])
def test_networks_of_symbols(widths: tuple[int, ...]) -> None:
    """The gradients as computed here, depths 2 to 4, two samples, any signal; a slope for each unit and sample stands
    for every pattern of active units, kinks included."""
    weights = tuple(letters(f"w{j}_", rows, columns) for j, (columns, rows) in enumerate(pairwise(widths)))
    slopes = [letters(f"s{j}_", width, 2) for j, width in enumerate(widths[1:-1])]
    activations = [linear_pieces(s) for s in slopes]
    signal = letters("g", widths[-1], 2)
    gradients = network_gradients(weights, letters("x", widths[0], 2), activations, lambda _: signal)
    found = flow_derivatives(weights, gradients)
    assert all(sympy.expand(entry) == 0 for vector in found for entry in vector)


@symbolic
def test_a_step_of_descent_moves_a_unit_by_the_flow_and_a_square() -> None:
    """c(W - eta D) - c(W) = eta dc/dt + eta^2 (||D_j[i,:]||^2 - ||D_{j+1}[:,i]||^2) for any D: with 1 this is 3."""
    eta = sympy.Symbol("eta", positive=True)
    weights, gradients = (
        [letters(f"{name}1_", 2, 3), letters(f"{name}2_", 3, 2), letters(f"{name}3_", 1, 3)] for name in "wd"
    )
    moved = unit_imbalances([w - eta * d for w, d in zip(weights, gradients, strict=True)][:2])
    flow = flow_derivatives(weights[:2], gradients[:2])
    square = unit_imbalances(gradients[:2])
    for after, before, first, second in zip(moved, unit_imbalances(weights[:2]), flow, square, strict=True):
        assert all(sympy.expand(entry) == 0 for entry in after - before - eta * first - eta**2 * second)


@exact
@given(st.data())
def test_flow_conserves_each_unit(data: st.DataObject) -> None:
    """Rational networks of depth 2 to 4, mixed activations, squared, quartic and arbitrary losses."""
    net = data.draw(nets())
    assert net.conserves(data.draw(signals(net)))


@exact
@given(st.data())
def test_flow_conserves_each_unit_on_kinks(data: st.DataObject) -> None:
    """Networks that sit on a kink in every hidden layer, an arbitrary subgradient for each unit and sample."""
    net = data.draw(nets(on_kinks=True))
    before, _ = forward(net.weights, net.inputs, net.activations)
    assert all((z == 0).any() for z in before[:-1])
    assert net.conserves(data.draw(signals(net)))


ODD_ONES = {
    "z + 1": Activation(lambda z: z + 1, lambda z: z * 0 + 1),
    "z^2": Activation(lambda z: z * z, lambda z: 2 * z),
    "z / (1 + |z|)": Activation(lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2),
    "ReLU with bias 1": Activation(lambda z: np.where(z > -1, z + 1, z * 0), lambda z: np.where(z > -1, 1, 0)),
}


@exact
@pytest.mark.parametrize("name", ODD_ONES)
@given(data=st.data())
def test_the_derivative_for_any_activation(name: str, data: st.DataObject) -> None:
    """Statement 2 in rationals for two layers, where U = W_2^T G, with activations that conserve nothing."""
    drawn, activation = data.draw(nets()), ODD_ONES[name]
    net = Net((drawn.weights[0], drawn.weights[1]), drawn.inputs, (activation,))
    signal = data.draw(signals(net))
    before, _ = forward(net.weights, net.inputs, net.activations)
    sent, z = net.weights[1].T @ signal(before[-1]), before[0]
    expected = 2 * (sent * (activation.value(z) - z * activation.derivative(z))).sum(axis=1)
    (found,) = flow_derivatives(net.weights, net.gradients(signal))
    assert (found == expected).all()


@exact
@given(st.data(), learning_rates().map(arithmetic.rational))
def test_one_step_of_descent_by_the_exact_law(data: st.DataObject, rate: fmpq) -> None:
    """Statement 3 in rationals, on kinks or off them."""
    net = data.draw(st.booleans().flatmap(lambda on_kinks: nets(on_kinks=on_kinks)))
    gradients = net.gradients(data.draw(signals(net)))
    moved = unit_imbalances([w - rate * d for w, d in zip(net.weights, gradients, strict=True)])
    square = unit_imbalances(gradients)
    assert vanish([m - c - rate**2 * s for m, c, s in zip(moved, unit_imbalances(net.weights), square, strict=True)])


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
    net = Net(
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


def small_net(activation: Activation) -> Net:
    """Two inputs, two units (one active, one not, at the one sample), one output."""
    first, second = ([[1.0, 2.0], [-3.0, 1.0]], [[2.0, 1.0]])
    return Net(
        (arithmetic.exact(np.array(first)), arithmetic.exact(np.array(second))),
        arithmetic.exact(np.array([[1.0], [1.0]])),
        (activation,),
    )


def to_zero(output: Matrix) -> Matrix:
    """The signal of L = ||F||_F^2 / 2."""
    return output


RELU = piecewise_linear(1, 0)


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
    one, inputs = arithmetic.exact(np.array([[1.0]])), arithmetic.exact(np.array([[1.0, -1.0]]))
    weights = (arithmetic.exact(np.array([[1.0], [1.0]])), arithmetic.exact(np.array([[1.0, -1.0]])), one)
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
    inputs = arithmetic.exact(np.array([[1.0], [1.0]]))
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
    one = arithmetic.exact(np.array([[1.0]]))
    assert unit_imbalances((one,)) == []
    assert Net((0 * one, 0 * one), one, (RELU,)).conserves(lambda output: output - 1)
