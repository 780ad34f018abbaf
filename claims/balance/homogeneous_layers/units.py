"""Networks with activations, what each of their hidden units is said to conserve, and how fast that changes."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from solvers import arithmetic
from solvers.arithmetic import ObjectArray
from solvers.network import Activation, Matrix, Weights, forward, network_gradients, piecewise_linear
from strategies import dimensions, dyadic_matrices, generic_weights

Signal = Callable[[Matrix], Matrix]

SLOPES = ((1, 0), (1, fmpq(1, 3)), (1, fmpq(1, 100)), (1, 1), (fmpq(2, 3), fmpq(-5, 4)), (1, -1))
"""ReLU, leaky ReLU twice, linear, an odd one, the absolute value."""

ODD_ONES = {
    "z + 1": Activation(lambda z: z + 1, lambda z: z * 0 + 1),
    "z^2": Activation(lambda z: z * z, lambda z: 2 * z),
    "z / (1 + |z|)": Activation(lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2),
    "ReLU with bias 1": Activation(lambda z: np.where(z > -1, z + 1, z * 0), lambda z: np.where(z > -1, 1, 0)),
}
"""Activations for which z phi'(z) is not phi(z)."""


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
