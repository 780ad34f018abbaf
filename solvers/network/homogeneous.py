"""Fully connected networks with activations: the gradient of any loss, in any arithmetic, one column a sample.

Z_j = W_j H_{j-1}, H_j = phi_j(Z_j) entry by entry for j < N, H_0 = X, and the output is F = Z_N. For a loss with
dL/dF = G_N:

    D_j = G_j H_{j-1}^T,   G_j = (W_{j+1}^T G_{j+1}) * phi_j'(Z_j).

Where an activation has a kink, its ``derivative`` is a choice of subgradient, the same in every D_j.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.network.checks import check_chain
from solvers.network.network import Matrix, Weights, transpose


@dataclass(frozen=True)
class Activation:
    """phi and phi', each from a matrix to a matrix of its shape."""

    value: Callable[[Matrix], Matrix]
    derivative: Callable[[Matrix], Matrix]


def piecewise_linear(above: Any, below: Any, at_kink: Any = 0) -> Activation:
    """phi(z) = above z for z > 0 and below z for z <= 0: every positively homogeneous activation of degree 1.

    ``at_kink``, a number or one a unit and sample, is the derivative taken at z = 0. ReLU is (1, 0), leaky ReLU (1, a).
    """

    def derivative(z: Matrix) -> Matrix:
        return np.where(z > 0, above, np.where(z < 0, below, at_kink))

    return Activation(lambda z: derivative(z) * z, derivative)


def forward(
    weights: Weights, inputs: Matrix, activations: Sequence[Activation]
) -> tuple[tuple[Matrix, ...], tuple[Matrix, ...]]:
    """(Z_1, ..., Z_N) and (H_0, ..., H_{N-1}), for inputs X of shape (d_0, samples).

    Raises ValueError where two layers do not fit, or there is not one activation a hidden layer.
    """
    check_chain(weights)
    if len(activations) != len(weights) - 1:
        raise ValueError(
            f"activations has {len(activations)} entries; expected one a hidden layer, that is {len(weights) - 1}"
        )
    if inputs.shape[0] != weights[0].shape[1]:
        raise ValueError(
            f"inputs has shape {inputs.shape}; expected {weights[0].shape[1]} rows, the columns of the first layer"
        )
    fed, before = [inputs], [weights[0] @ inputs]
    for matrix, activation in zip(weights[1:], activations, strict=True):
        fed.append(activation.value(before[-1]))
        before.append(matrix @ fed[-1])
    return tuple(before), tuple(fed)


def network_gradients(
    weights: Weights, inputs: Matrix, activations: Sequence[Activation], signal: Callable[[Matrix], Matrix]
) -> tuple[Matrix, ...]:
    """D_1, ..., D_N for a loss of the output F; ``signal`` gives dL/dF from F, of its shape."""
    before, fed = forward(weights, inputs, activations)
    back = signal(before[-1])
    found = [back @ transpose(fed[-1])]
    for j in reversed(range(len(weights) - 1)):
        back = (transpose(weights[j + 1]) @ back) * activations[j].derivative(before[j])
        found.append(back @ transpose(fed[j]))
    return tuple(reversed(found))
