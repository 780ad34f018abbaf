"""Whitening: the covariance becomes the identity, by the symmetric root, and a singular one is refused."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb
from hypothesis import assume, given
from hypothesis import strategies as st

from solvers import frobenius_squared, whiten, whitened_regression
from solvers.arithmetic import exact, gamma, rational
from strategies import DATASETS, dyadic_matrices, regression


def norm(matrix) -> arb:
    """||A||_F of an exact matrix."""
    return arb(frobenius_squared(matrix)).sqrt()


def factorisation_errors(inputs):
    """How far LAPACK's U, S, V are from a factorisation, exactly: (||A - U S V^T||, ||U^T U - I||, ||V^T V - I||)."""
    left, values, right = np.linalg.svd(inputs, full_matrices=False)
    u, v = exact(left), exact(right)
    identity = exact(np.eye(len(values)))
    residual = norm(exact(inputs) - u @ exact(np.diag(values)) @ v)
    return residual, norm(u.T @ u - identity), norm(v @ v.T - identity)


samples = st.integers(1, 4).flatmap(
    lambda features: st.integers(features, features + 6).flatmap(lambda count: dyadic_matrices(features, count))
)


@given(samples)
def test_whitened_inputs_have_the_identity_for_covariance(inputs):
    """||X X^T / m - I||_F is within LAPACK's own defects, measured, and gamma_n of sqrt(m) U V^T.

    Exactly, U V^T V U^T - I = (U U^T - I) + U (V^T V - I) U^T, at most a + (1 + a) b for defects a, b; computing
    sqrt(m) U V^T moves it by e = gamma_(d + 3) ||U||_F ||V||_F, and its square by e (2 sqrt(d (1 + a)(1 + b)) + e).
    """
    features, count = inputs.shape
    assume(np.linalg.matrix_rank(inputs) == features)
    white = exact(whiten(inputs))
    _, a, b = factorisation_errors(inputs)
    moved = gamma(features + 3) * features * (1 + a) * (1 + b)
    allowed = a + (1 + a) * b + moved * (2 * features * (1 + a) * (1 + b) + moved)
    assert norm(white @ white.T / count - exact(np.eye(features))) <= allowed


@given(samples)
def test_whitening_is_by_the_symmetric_positive_root(inputs):
    """S^{-1/2} is symmetric and positive, so that S^{-1/2} X X^T = m S^{1/2} is, up to measured and bounded errors.

    With X = U S V^T + E, sqrt(m) U V^T X^T is sqrt(m) (U S U^T + U (V V^T - I) S U^T + U V^T E^T).
    """
    features, count = inputs.shape
    assume(np.linalg.matrix_rank(inputs) == features)
    root = exact(whiten(inputs)) @ exact(inputs).T
    residual, a, b = factorisation_errors(inputs)
    size, samples_root = norm(exact(inputs)), arb(count).sqrt()
    moved = gamma(features + 3) * features * (1 + a) * (1 + b)
    allowed = 2 * samples_root * (1 + a) * ((1 + b) * residual + b * (size + residual) + moved * size)
    assert norm(root - root.T) <= allowed
    assert np.trace(root) > 0


def test_whitening_by_hand():
    """X = diag(3, 1/2) H with rows of H orthogonal signs: S = diag(9, 1/4), so that S^{-1/2} X = H."""
    signs = np.array([[1.0, 1.0, -1.0, 1.0], [1.0, -1.0, 1.0, 1.0]])
    inputs = np.diag([3.0, 0.5]) @ signs
    assert np.allclose(whiten(inputs), signs, rtol=0, atol=2.0**-40)


@given(samples, st.data())
def test_target_is_the_cross_covariance(inputs, data):
    """Phi = Y X^T / m for the whitened X, entry by entry within gamma_(m + 1) of the products' absolute values."""
    features, count = inputs.shape
    assume(np.linalg.matrix_rank(inputs) == features)
    outputs = data.draw(dyadic_matrices(2, count))
    found = whitened_regression(inputs, outputs)
    assert (found.inputs == whiten(inputs)).all()
    assert (found.outputs == outputs).all()
    truth = exact(outputs) @ exact(found.inputs).T / count
    allowed = rational(gamma(count + 1)) * (exact(abs(outputs)) @ exact(abs(found.inputs)).T) / count
    assert (abs(exact(found.target) - truth) <= allowed).all()


@pytest.mark.parametrize("name", DATASETS)
def test_real_data_is_whitened(name):
    """The identity, to half of all digits, on the bundled data sets."""
    white = regression(name).inputs
    assert (abs(white @ white.T / white.shape[1] - np.eye(len(white))) <= 2.0**-26).all()


@pytest.mark.parametrize(
    ("inputs", "rank"),
    [
        (np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]), 1),
        (np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), 1),
        (np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), 2),
        (np.zeros((2, 4)), 0),
        (np.array([[1.0, 0.0, 1.0], [0.0, 1e-20, 0.0]]), 1),
    ],
    ids=["dependent rows", "a zero row", "fewer samples than features", "all zero", "below rounding"],
)
def test_a_singular_covariance_is_refused(inputs, rank):
    """Its rank is named, and what full rank would be."""
    with pytest.raises(
        ValueError, match=rf"inputs .* singular covariance .* rank {rank}; expected full rank {len(inputs)}"
    ):
        whiten(inputs)
    with pytest.raises(ValueError, match=f"rank {rank}; expected full rank {len(inputs)}"):
        whitened_regression(inputs, np.ones((1, inputs.shape[1])))


def test_arguments_are_not_changed():
    """Neither inputs nor outputs."""
    inputs, outputs = np.array([[2.0, 1.0], [0.0, 1.0]]), np.array([[1.0, 5.0]])
    whitened_regression(inputs, outputs)
    assert inputs.tolist() == [[2.0, 1.0], [0.0, 1.0]]
    assert outputs.tolist() == [[1.0, 5.0]]
