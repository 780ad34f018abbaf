"""Both sides of the law: the product's velocity from the layers, by the product rule, and from W alone."""

from fractions import Fraction
from functools import reduce

import numpy as np
from flint import fmpq

from solvers.arithmetic import ObjectArray
from solvers.flow import fractional_powers, multipliers
from solvers.network import Matrix, Weights, backpropagate, end_to_end
from strategies import BalancedNetwork


def velocity(weights: Weights, gradient: Matrix) -> Matrix:
    """dW/dt = - sum_j W_{j+1:N} D_j W_{1:j-1}, the product rule, in any arithmetic."""
    terms = []
    for j, layer in enumerate(backpropagate(weights, gradient)):
        term = end_to_end([*weights[:j], layer]) if j else layer
        terms.append(end_to_end([term, *weights[j + 1 :]]))
    return -reduce(lambda x, y: x + y, terms)


def powers(network: BalancedNetwork) -> tuple[list[ObjectArray], list[ObjectArray]]:
    """[W W^T]^{(N-j)/N} and [W^T W]^{(j-1)/N} for j = 1..N: from W alone and its known singular values s^N."""
    matrix, depth = end_to_end(network.weights), len(network.weights)
    known = [fmpq(0), *(s ** (2 * depth) for s in network.layer_singular_values)]
    rising = [Fraction(k, depth) for k in range(depth)]
    left = fractional_powers(matrix @ matrix.T, rising[::-1], known)
    return left, fractional_powers(matrix.T @ matrix, rising, known)


def preconditioned(left: list[ObjectArray], right: list[ObjectArray], gradient: ObjectArray) -> ObjectArray:
    """The right side of statement 1."""
    total: ObjectArray = -reduce(lambda x, y: x + y, [a @ gradient @ b for a, b in zip(left, right, strict=True)])
    return total


def preconditioner(left: list[ObjectArray], right: list[ObjectArray]) -> ObjectArray:
    """P_W over the columns of G laid one after another: vec(A G B) = (B^T x A) vec(G)."""
    total: ObjectArray = reduce(lambda x, y: x + y, [np.kron(b, a) for a, b in zip(left, right, strict=True)])
    return total


def padded(network: BalancedNetwork) -> tuple[list[fmpq], list[fmpq]]:
    """s_r^{2/N}, r = 1..d_N, and s_q^{2/N}, q = 1..d_0: the squared singular values of the layers, and zeros."""
    squares = [s * s for s in network.layer_singular_values]
    outputs, inputs = end_to_end(network.weights).shape
    return squares + [fmpq(0)] * (outputs - len(squares)), squares + [fmpq(0)] * (inputs - len(squares))


def eigenvalues(network: BalancedNetwork) -> list[fmpq]:
    """Those of P_W as statement 2 has them."""
    return [value for row in multipliers(*padded(network), len(network.weights)) for value in row]
