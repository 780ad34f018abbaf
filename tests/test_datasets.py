"""The real data sets: shapes, whitening, and the problems made of them."""

from itertools import pairwise

import numpy as np
import pytest
from flint import arb

from solvers import deficiency_margin, end_to_end, frobenius_squared, imbalances, inertia, layer_gradients
from solvers.arithmetic import balls, exact, rational
from strategies import (
    DATASETS,
    covariance,
    real_modes,
    real_problem,
    real_regression,
    real_saddles,
    regression,
    row_target,
)

SHAPES = {"diabetes": (10, 1, 442), "linnerud": (3, 3, 20)}


def test_the_table_of_shapes_is_complete():
    """One row a data set."""
    assert set(SHAPES) == set(DATASETS)


@pytest.mark.parametrize("name", DATASETS)
def test_shapes_are_the_documented_ones(name):
    """d_0 features and d_N outputs of m samples; Phi maps the one to the other."""
    inputs, outputs, samples = SHAPES[name]
    data = regression(name)
    assert data.inputs.shape == (inputs, samples)
    assert data.outputs.shape == (outputs, samples)
    assert data.target.shape == (outputs, inputs)


@pytest.mark.parametrize("name", DATASETS)
def test_inputs_are_white_within_the_backward_error_of_one_decomposition(name):
    """||X X^T / m - I||_F <= 3 p(d, m) 2^-53 in balls, p = 10 d m a crude constant of Householder's backward error.

    LAPACK's computed singular vectors are orthonormal within p(d, m) u (Golub and Van Loan, Section 5.4; LAPACK
    Users' Guide, Section 4.9), p of the order of the matrix's size; two factors enter, and one product.
    """
    x = balls(regression(name).inputs)
    features, samples = x.shape
    defect = frobenius_squared(x @ x.T / arb(samples) - balls(np.eye(features)))
    assert defect <= (arb(3 * 10 * features * samples) * arb(2) ** -53) ** 2


@pytest.mark.parametrize("name", DATASETS)
def test_outputs_are_centred_and_scaled(name):
    """Mean 0 and mean square 1 of each row, within m u of the sums' terms."""
    outputs = regression(name).outputs
    samples = outputs.shape[1]
    bound = samples * 2.0**-52 * abs(outputs).max() ** 2
    assert abs(outputs.mean(axis=1)).max() <= bound
    assert abs((outputs**2).mean(axis=1) - 1).max() <= bound


@pytest.mark.parametrize("name", DATASETS)
def test_the_target_solves_the_least_squares_problem(name):
    """The residual Y - Phi X is orthogonal to X, within the rounding of m-term sums and the whitening's own."""
    data = regression(name)
    features, samples = data.inputs.shape
    defect = (data.outputs - data.target @ data.inputs) @ data.inputs.T / samples
    bound = 10 * features * samples * 2.0**-53 * np.linalg.norm(data.outputs) * np.linalg.norm(data.inputs) / samples
    assert np.linalg.norm(defect) <= bound
    assert np.linalg.norm(data.target) > bound


@pytest.mark.parametrize("name", DATASETS)
def test_cached_arrays_are_shared_and_read_only(name):
    """A caller that writes into them is told so."""
    data = regression(name)
    assert regression(name) is data
    for array in (data.inputs, data.outputs, data.target):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 0.0


@pytest.mark.parametrize("name", DATASETS)
def test_covariances_are_those_of_standardised_features(name):
    """Symmetric exactly, positive definite, of ones on the diagonal within rounding; shared and read-only."""
    matrix = covariance(name)
    features = SHAPES[name][0]
    assert matrix.shape == (features, features)
    assert np.array_equal(matrix, matrix.T)
    assert inertia(exact(matrix)) == (features, 0, 0)
    assert abs(np.diag(matrix) - 1).max() <= 2.0**-50
    assert abs(matrix).max() <= 1 + 2.0**-50
    assert covariance(name) is matrix
    with pytest.raises(ValueError, match="read-only"):
        matrix[0, 0] = 0.0


@pytest.mark.parametrize("function", [regression, covariance])
def test_unknown_names_are_refused_with_the_known_ones(function):
    """In a sentence."""
    with pytest.raises(ValueError, match=r"name is 'iris'; expected one of diabetes, linnerud"):
        function("iris")


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("hidden", [(), (5,), (4, 6)], ids=str)
@pytest.mark.parametrize("start", [0.75, 1.0, 1.25])
def test_real_problems_start_at_a_multiple_of_the_target(name, hidden, start):
    """Widths, learning rate, and the margin formula, within the rounding of decompositions and products."""
    problem = real_problem(name, hidden, start=start, learning_rate=0.01)
    phi = regression(name).target
    singular = np.linalg.svd(phi, compute_uv=False)
    bound = 10 * phi.size * (len(hidden) + 1) * 2.0**-52 * (1 + start) * np.linalg.norm(phi)
    assert problem.dimensions == (phi.shape[1], *hidden, phi.shape[0])
    assert problem.learning_rate == 0.01
    assert np.array_equal(problem.target, phi)
    assert np.linalg.norm(end_to_end(problem.weights) - start * phi) <= bound
    margin = singular[-1] - abs(1 - start) * np.linalg.norm(phi)
    assert abs(deficiency_margin(problem.weights, problem.target) - margin) <= 2 * bound
    for b in imbalances([exact(matrix) for matrix in problem.weights]):
        assert frobenius_squared(b) <= rational(bound) ** 2


def test_real_problems_refuse_a_bottleneck():
    """A hidden width below the rank cannot carry the start."""
    with pytest.raises(ValueError, match="bottleneck"):
        real_problem("linnerud", (2,), start=1.0, learning_rate=0.01)


@pytest.mark.parametrize("name", DATASETS)
def test_real_modes_are_orthonormal_eigenvectors_largest_first(name):
    """(S - s^2 I) q and q^T q' - [q is q'] contain 0, in balls whose radius is far below s."""
    values, vectors, target = real_modes(name)
    assert (target == exact(regression(name).target)).all()
    assert all(later < earlier for earlier, later in pairwise(values))
    for i, (value, vector) in enumerate(zip(values, vectors, strict=True)):
        defect = target @ (target.T @ vector) - value**2 * vector
        assert all(entry.contains(0) and entry.rad() < value / 1000 for entry in defect.flat)
        assert all(((vector.T @ other)[0, 0] - (i == j)).contains(0) for j, other in enumerate(vectors))


@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("name", DATASETS)
def test_real_saddles_are_critical_with_a_zero_product(name, depth):
    """Every layer gradient and W are zero, in rationals."""
    points, target = real_saddles(name, depth)
    for weights in points:
        assert len(weights) == depth
        assert not end_to_end(weights).any()
        assert not any(gradient.any() for gradient in layer_gradients(weights, target))


def test_row_targets_are_the_real_one_or_ones_and_twos():
    """1 x d_0 for every d_0."""
    assert row_target(10) is regression("diabetes").target
    assert row_target(3).tolist() == [[1.0, 2.0, 1.0]]
    assert row_target(1).tolist() == [[1.0]]


@pytest.mark.parametrize("name", DATASETS)
def test_the_regression_as_it_is_is_the_whitened_one_in_other_coordinates(name):
    """Phi = Phi_w S^{-1/2}, so that Phi S = Psi and Phi S Phi^T = Phi_w Phi_w^T, what the features explain; with l_0 it
    is all the variance there is, 1/2 for each output. S has a condition number below 500, so that rounding is below
    1e-12."""
    data, white = real_regression(name), regression(name)
    assert data.covariance.shape == (SHAPES[name][0],) * 2
    assert np.linalg.cond(data.covariance) < 500
    assert np.allclose(data.target @ data.covariance, data.cross_covariance, rtol=0, atol=1e-12)
    explained = data.target @ data.covariance @ data.target.T
    assert np.allclose(explained, white.target @ white.target.T, rtol=0, atol=1e-12)
    assert abs(explained.trace() / 2 + data.least_loss - SHAPES[name][1] / 2) <= 1e-12
