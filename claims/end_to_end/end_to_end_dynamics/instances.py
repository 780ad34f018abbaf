"""All statements on drawn balanced networks, in rationals: rectangular, narrow, singular, zero; any gradient."""

import numpy as np
from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.end_to_end.end_to_end_dynamics.law import eigenvalues, powers, preconditioned, preconditioner, velocity
from claims.suite import exact
from claims.suite.symbols import matrix_power
from solvers import arithmetic
from solvers.arithmetic import ObjectArray
from solvers.flow import one_output_velocity
from solvers.network import Weights, backpropagate, characteristic_polynomial, end_to_end, frobenius_squared, rank
from solvers.network.network import outer_gradient
from strategies import BalancedNetwork, balanced_networks, dimensions, dyadic_matrices, there_and_back
from strategies.data_forms import covariances, observations

small = dimensions(max_depth=5, max_width=4)

smaller = dimensions(max_depth=5, max_width=3)


def networks(*, outputs: int | None = None) -> st.SearchStrategy[BalancedNetwork]:
    """Balanced networks, of that many outputs where a number is given."""
    widths = small if outputs is None else smaller.map(lambda found: (*found[:-1], outputs))
    return widths.flatmap(balanced_networks)


def gradients(weights: Weights) -> st.SearchStrategy[ObjectArray]:
    """dL/dW of some loss at some point: any matrix."""
    return dyadic_matrices(len(weights[-1]), weights[0].shape[1]).map(arithmetic.exact)


@exact
@given(networks(), st.data())
def test_the_product_moves_as_stated_on_data(network: BalancedNetwork, data: st.DataObject) -> None:
    """Statement 1 for G = (W - Phi) S and G = M * (W - Phi), in rationals: covariances of every rank, masks from none
    to all."""
    outputs, inputs = end_to_end(network.weights).shape
    residual = end_to_end(network.weights) - arithmetic.exact(data.draw(dyadic_matrices(outputs, inputs)))
    left, right = powers(network)
    seen = arithmetic.exact(data.draw(covariances(inputs)))
    for gradient in (
        outer_gradient(residual, covariance=seen),
        outer_gradient(residual, mask=data.draw(observations(outputs, inputs))),
    ):
        assert (velocity(network.weights, gradient) == preconditioned(left, right, gradient)).all()


@exact
@given(networks(), st.data())
def test_the_product_moves_as_stated(network: BalancedNetwork, data: st.DataObject) -> None:
    """Statement 1, in rationals: rectangular, narrow, singular and zero networks, depths 1 to 5."""
    gradient = data.draw(gradients(network.weights))
    assert (velocity(network.weights, gradient) == preconditioned(*powers(network), gradient)).all()


@exact
@given(there_and_back(), st.data())
def test_the_product_moves_as_stated_for_irrational_singular_values(
    weights: tuple[ObjectArray, ...], data: st.DataObject
) -> None:
    """The fractional powers are rational all the same: X = (W_N W_N^T)^{N-j}, a Gram matrix or the identity, is the
    (N - j)/N-th power of W W^T because X^N = (W W^T)^{N-j}."""
    gradient, depth, matrix = data.draw(gradients(weights)), len(weights), end_to_end(weights)

    def root(whole: ObjectArray, layer: ObjectArray, k: int) -> ObjectArray:
        identity = arithmetic.exact(np.eye(len(whole)))
        found = matrix_power(layer, k) if k else identity
        assert (matrix_power(found, depth) == (matrix_power(whole, k) if k else identity)).all()
        return found

    last, first = weights[-1] @ weights[-1].T, weights[0].T @ weights[0]
    left = [root(matrix @ matrix.T, last, depth - j) for j in range(1, depth + 1)]
    right = [root(matrix.T @ matrix, first, j - 1) for j in range(1, depth + 1)]
    assert (velocity(weights, gradient) == preconditioned(left, right, gradient)).all()


@exact
@given(smaller.flatmap(balanced_networks))
def test_the_spectrum_of_the_preconditioner(network: BalancedNetwork) -> None:
    """Statement 2: the characteristic polynomial of P_W has the stated roots, each as often as stated."""
    matrix = preconditioner(*powers(network))
    assert (matrix == matrix.T).all()
    expected = fmpq_poly([1])
    for value in eigenvalues(network):
        expected *= fmpq_poly([-value, 1])
    assert characteristic_polynomial(matrix) == expected


@exact
@given(smaller.flatmap(balanced_networks), st.data())
def test_the_loss_falls_by_the_preconditioned_square(network: BalancedNetwork, data: st.DataObject) -> None:
    """Statement 3: sum_j ||D_j||^2 = <vec G, P_W vec G>, and the least of all eigenvalues is the stated one."""
    weights, gradient = network.weights, data.draw(gradients(network.weights))
    descent = sum((frobenius_squared(layer) for layer in backpropagate(weights, gradient)), start=fmpq(0))
    assert descent == -(gradient * preconditioned(*powers(network), gradient)).sum()
    outputs, inputs = gradient.shape
    known = [*network.layer_singular_values] + [fmpq(0)] * (min(gradient.shape) - len(network.layer_singular_values))
    least = known[-1] ** (2 * (len(weights) - 1)) * (len(weights) if outputs == inputs else 1)
    assert min(eigenvalues(network)) == least


@exact
@given(networks(outputs=1), st.booleans(), st.data())
def test_one_output_or_one_input(network: BalancedNetwork, flipped: bool, data: st.DataObject) -> None:
    """Statement 4 in rationals, ||W|| = s^N; the transposed network has one input. W = 0 is among them."""
    weights = network.weights
    if flipped:
        weights = tuple(matrix.T for matrix in reversed(weights))
    gradient, depth = data.draw(gradients(weights)), len(weights)
    norm = network.layer_singular_values[0] ** depth
    stated = one_output_velocity(end_to_end(weights), gradient, depth=depth, norm=norm)
    assert (velocity(weights, gradient) == stated).all()


@exact
@given(dimensions(min_depth=2, max_depth=5, max_width=4).flatmap(balanced_networks), st.data())
def test_the_rank_is_kept(network: BalancedNetwork, data: st.DataObject) -> None:
    """Statement 5: rank (W_1 | D_1) = rank W_1, for every G."""
    weights = network.weights
    first = backpropagate(weights, data.draw(gradients(weights)))[0]
    assert rank(np.hstack([weights[0], first])) == rank(weights[0]) == rank(end_to_end(weights))
