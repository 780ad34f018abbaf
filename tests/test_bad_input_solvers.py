"""Bad input to the public functions of solvers/: each is refused with the argument's name and what would be right."""

from __future__ import annotations

import re

import numpy as np
import pytest
from flint import fmpq

from solvers import (
    Problem,
    backpropagate,
    balanced_factors,
    deficiency_margin,
    end_to_end,
    gradient_descent,
    gradient_step,
    hessian,
    hessian_vector_product,
    imbalances,
    inertia,
    layer_gradients,
    loss,
    sigma_min,
    singular_values,
    spectral_norm,
    whiten,
    whitened_regression,
)
from solvers.arithmetic import exact, power, rational, square_root

A = np.ones((3, 2))
B = np.ones((4, 3))
PHI = np.ones((4, 2))
NAN = np.array([[1.0, np.nan], [0.0, 1.0]])
INFINITE = np.array([[1.0, 0.0], [-np.inf, 1.0]])

BAD_WEIGHTS = {
    "no layers": ((), ValueError, "weights is empty; expected at least one matrix"),
    "an array": (A, TypeError, "weights is a ndarray; expected a tuple of matrices"),
    "a number": (3, TypeError, "weights is a int; expected a tuple of matrices"),
    "a generator": ((matrix for matrix in (A,)), TypeError, "weights is a generator; expected a tuple"),
    "lists for matrices": (([[1.0]],), TypeError, "weights[0] is a list; expected a matrix"),
    "a vector for a layer": ((A, np.ones(3)), ValueError, "weights[1] has shape (3,); expected two axes"),
    "a layer without rows": ((A[:0],), ValueError, "weights[0] has shape (0, 2); expected at least one row"),
    "a layer without columns": ((A[:, :0],), ValueError, "weights[0] has shape (3, 0); expected at least one row"),
    "layers that do not fit": ((A, A), ValueError, "weights[1] has shape (3, 2) but weights[0] of shape (3, 2)"),
    "layers in the wrong order": ((B, A), ValueError, "gives 4 values; expected 4 columns"),
    "integers": ((A.astype(int),), TypeError, "weights[0] has dtype int64; expected float64"),
    "float32": ((A, B.astype(np.float32)), TypeError, "weights[1] has dtype float32; expected float64"),
    "complex numbers": ((A.astype(complex),), TypeError, "weights[0] has dtype complex128; expected float64"),
}

BAD_TARGETS = {
    "transposed": (PHI.T, ValueError, "has shape (2, 4) but the network maps R^2 to R^4; expected (4, 2)"),
    "one that would broadcast": (PHI[:1], ValueError, "has shape (1, 2) but the network maps R^2 to R^4"),
    "a vector": (PHI[0], ValueError, "has shape (2,); expected two axes"),
    "a list": (PHI.tolist(), TypeError, "is a list; expected a matrix"),
    "None": (None, TypeError, "is a NoneType; expected a matrix"),
    "integers": (PHI.astype(int), TypeError, "has dtype int64; expected float64"),
    "float32": (PHI.astype(np.float32), TypeError, "has dtype float32; expected float64"),
    "complex numbers": (PHI.astype(complex), TypeError, "has dtype complex128; expected float64"),
}

OF_WEIGHTS = {
    "end_to_end": end_to_end,
    "imbalances": imbalances,
    "loss": lambda weights: loss(weights, PHI),
    "layer_gradients": lambda weights: layer_gradients(weights, PHI),
    "backpropagate": lambda weights: backpropagate(weights, PHI),
    "gradient_step": lambda weights: gradient_step(weights, PHI, 0.1),
    "hessian": lambda weights: hessian(weights, PHI),
    "hessian_vector_product": lambda weights: hessian_vector_product(weights, PHI, weights),
    "deficiency_margin": lambda weights: deficiency_margin(weights, PHI),
    "gradient_descent": lambda weights: gradient_descent(weights, PHI, learning_rate=0.1, steps=1),
    "Problem": lambda weights: Problem(weights, PHI, 0.1),
}

OF_TARGET = {
    "loss": lambda target: loss((A, B), target),
    "layer_gradients": lambda target: layer_gradients((A, B), target),
    "gradient_step": lambda target: gradient_step((A, B), target, 0.1),
    "hessian": lambda target: hessian((A, B), target),
    "hessian_vector_product": lambda target: hessian_vector_product((A, B), target, (A, B)),
    "deficiency_margin": lambda target: deficiency_margin((A, B), target),
    "gradient_descent": lambda target: gradient_descent((A, B), target, learning_rate=0.1, steps=1),
    "Problem": lambda target: Problem((A, B), target, 0.1),
}


@pytest.mark.parametrize("case", BAD_WEIGHTS)
@pytest.mark.parametrize("function", OF_WEIGHTS)
def test_weights_that_are_no_network(function, case):
    """Every function that takes weights refuses the same mistakes with the same sentence."""
    weights, error, sentence = BAD_WEIGHTS[case]
    with pytest.raises(error, match=re.escape(sentence)):
        OF_WEIGHTS[function](weights)


@pytest.mark.parametrize("case", BAD_TARGETS)
@pytest.mark.parametrize("function", OF_TARGET)
def test_targets_that_do_not_fit(function, case):
    """Every function that takes a target refuses the same mistakes with the same sentence."""
    target, error, sentence = BAD_TARGETS[case]
    with pytest.raises(error, match=re.escape(f"target {sentence}")):
        OF_TARGET[function](target)


@pytest.mark.parametrize("case", BAD_TARGETS)
def test_gradients_that_do_not_fit(case):
    """backpropagate's end-to-end gradient has the target's shape, and its own name in the sentence."""
    gradient, error, sentence = BAD_TARGETS[case]
    with pytest.raises(error, match=re.escape(f"gradient {sentence}")):
        backpropagate((A, B), gradient)


def run(weights=(A, B), target=PHI, **options):
    """Gradient descent with one argument wrong."""
    return gradient_descent(weights, target, **({"learning_rate": 0.1, "steps": 3} | options))


RATE = "expected a finite number >= 0"
STEPS = "expected a whole number >= 0"
SQUARE = np.eye(2)
ASYMMETRIC = exact(np.array([[1.0, 2.0], [0.0, 1.0]]))

BAD_CALLS = {
    # gradient_descent: one finite float64 network
    "batch of networks": (
        lambda: run((np.ones((5, 3, 2)), np.ones((5, 4, 3)))),
        ValueError,
        "weights[0] has shape (5, 3, 2); expected two axes",
    ),
    "batch of targets": (lambda: run(target=np.ones((5, 4, 2))), ValueError, "target has shape (5, 4, 2); expected"),
    "rational weights": (lambda: run((A, exact(B))), TypeError, "weights[1] is not a float64 array; expected dtype"),
    "rational target": (lambda: run(target=exact(PHI)), TypeError, "target is not a float64 array; expected dtype"),
    "nan in weights": (
        lambda: run((SQUARE, NAN), SQUARE),
        ValueError,
        "weights[1] has the entry nan at (0, 1); expected finite entries",
    ),
    "infinity in weights": (
        lambda: run((INFINITE, SQUARE), SQUARE),
        ValueError,
        "weights[0] has the entry -inf at (1, 0); expected finite entries",
    ),
    "nan in target": (
        lambda: run((SQUARE,), NAN),
        ValueError,
        "target has the entry nan at (0, 1); expected finite entries",
    ),
    # gradient_descent: numbers
    "negative learning rate": (lambda: run(learning_rate=-0.1), ValueError, f"learning_rate is -0.1; {RATE}"),
    "nan learning rate": (lambda: run(learning_rate=np.nan), ValueError, f"learning_rate is nan; {RATE}"),
    "infinite learning rate": (lambda: run(learning_rate=np.inf), ValueError, f"learning_rate is inf; {RATE}"),
    "complex learning rate": (lambda: run(learning_rate=0.1j), TypeError, f"learning_rate is 0.1j; {RATE}"),
    "complex64 learning rate": (lambda: run(learning_rate=np.complex64(1)), TypeError, RATE),
    "boolean learning rate": (lambda: run(learning_rate=True), TypeError, f"learning_rate is True; {RATE}"),
    "NumPy boolean learning rate": (lambda: run(learning_rate=np.bool_(True)), TypeError, RATE),
    "text learning rate": (lambda: run(learning_rate="0.1"), TypeError, f"learning_rate is '0.1'; {RATE}"),
    "bytes learning rate": (lambda: run(learning_rate=b"1"), TypeError, f"learning_rate is b'1'; {RATE}"),
    "no learning rate": (lambda: run(learning_rate=None), TypeError, f"learning_rate is None; {RATE}"),
    "a learning rate a layer": (
        lambda: run(learning_rate=np.array([0.1, 0.2])),
        TypeError,
        "learning_rate is array([0.1, 0.2]); expected",
    ),
    "negative steps": (lambda: run(steps=-1), ValueError, f"steps is -1; {STEPS}"),
    "float steps": (lambda: run(steps=3.0), TypeError, f"steps is 3.0; {STEPS}"),
    "boolean steps": (lambda: run(steps=True), TypeError, f"steps is True; {STEPS}"),
    "no steps": (lambda: run(steps=None), TypeError, f"steps is None; {STEPS}"),
    "record beyond the last step": (
        lambda: run(record=(0, 4)),
        ValueError,
        "record asks for step 4; expected none beyond steps = 3",
    ),
    "negative record": (lambda: run(record=(-1,)), ValueError, f"record entry is -1; {STEPS}"),
    "float record": (lambda: run(record=(1.0,)), TypeError, f"record entry is 1.0; {STEPS}"),
    "a number for record": (lambda: run(record=2), TypeError, "record is 2; expected the steps to record"),
    "nan stop": (lambda: run(stop_at_loss=np.nan), ValueError, "stop_at_loss is nan; expected a number, or None"),
    "text stop": (lambda: run(stop_at_loss="0"), TypeError, "stop_at_loss is '0'; expected a number, or None"),
    "complex stop": (lambda: run(stop_at_loss=0j), TypeError, "stop_at_loss is 0j; expected a number, or None"),
    "boolean stop": (lambda: run(stop_at_loss=False), TypeError, "stop_at_loss is False; expected a number, or None"),
    # the Hessian
    "direction of other shapes": (
        lambda: hessian_vector_product((A, B), PHI, (A, A)),
        ValueError,
        "direction has shapes [(3, 2), (3, 2)]; expected those of weights, [(3, 2), (4, 3)]",
    ),
    "direction of fewer layers": (
        lambda: hessian_vector_product((A, B), PHI, (A,)),
        ValueError,
        "direction has shapes [(3, 2)]; expected those of weights",
    ),
    "direction of lists": (
        lambda: hessian_vector_product((A,), A, (A.tolist(),)),
        ValueError,
        "direction has shapes [None]; expected those of weights",
    ),
    "Hessian of a batch": (
        lambda: hessian((np.ones((5, 3, 2)),), np.ones((5, 3, 2))),
        ValueError,
        "weights[0] has shape (5, 3, 2); expected two axes",
    ),
    # the spectrum
    "singular values of a list": (lambda: singular_values([[1.0]]), TypeError, "matrix is a list; expected a matrix"),
    "singular values of a vector": (
        lambda: singular_values(np.ones(3)),
        ValueError,
        "matrix has shape (3,); expected two axes",
    ),
    "singular values of a batch": (
        lambda: sigma_min(np.ones((5, 3, 2))),
        ValueError,
        "matrix has shape (5, 3, 2); expected two axes",
    ),
    "singular values of nothing": (
        lambda: spectral_norm(np.ones((0, 2))),
        ValueError,
        "matrix has shape (0, 2); expected at least one row",
    ),
    "singular values of nan": (
        lambda: singular_values(NAN),
        ValueError,
        "matrix has the entry nan at (0, 1); expected finite entries",
    ),
    "singular values of infinity": (
        lambda: singular_values(INFINITE),
        ValueError,
        "matrix has the entry -inf at (1, 0); expected finite entries",
    ),
    "singular values of integers": (
        lambda: singular_values(A.astype(int)),
        TypeError,
        "matrix has dtype int64; expected float64",
    ),
    "singular values of complex numbers": (
        lambda: singular_values(A.astype(complex)),
        TypeError,
        "matrix has dtype complex128; expected float64",
    ),
    "margin of a batch": (
        lambda: deficiency_margin((np.ones((5, 3, 2)),), np.ones((5, 3, 2))),
        ValueError,
        "has shape (5, 3, 2); expected two axes",
    ),
    "inertia of an asymmetric matrix": (
        lambda: inertia(ASYMMETRIC),
        ValueError,
        "symmetric is not a symmetric matrix; expected A = A^T",
    ),
    "inertia of a row": (
        lambda: inertia(exact(np.ones((1, 3)))),
        ValueError,
        "symmetric is not a symmetric matrix; expected A = A^T",
    ),
    "inertia of a rectangle": (
        lambda: inertia(exact(A)),
        ValueError,
        "symmetric is not a symmetric matrix; expected A = A^T",
    ),
    "inertia of a vector": (
        lambda: inertia(exact(np.ones(3))),
        ValueError,
        "symmetric has shape (3,); expected two axes",
    ),
    "inertia of a list": (lambda: inertia([[1.0]]), TypeError, "symmetric is a list; expected a matrix"),
    # initialisation
    "bottleneck": (
        lambda: balanced_factors(PHI, (2, 1, 4)),
        ValueError,
        "dimensions (2, 1, 4) has a bottleneck; expected every width at least 2",
    ),
    "factors of other ends": (
        lambda: balanced_factors(PHI, (4, 3, 2)),
        ValueError,
        "dimensions is (4, 3, 2); expected (2, ..., 4)",
    ),
    "factors of depth zero": (lambda: balanced_factors(SQUARE, (2,)), ValueError, "dimensions is (2,); expected (2"),
    "factors of nan": (lambda: balanced_factors(NAN, (2, 2)), ValueError, "matrix has the entry nan at (0, 1); exp"),
    "factors of rationals": (
        lambda: balanced_factors(exact(SQUARE), (2, 2)),
        TypeError,
        "matrix is not a float64 array; expected dtype float64",
    ),
    "factors of a list": (lambda: balanced_factors([[1.0]], (1, 1)), TypeError, "matrix is a list; expected a matrix"),
    "factors of a batch": (
        lambda: balanced_factors(np.ones((5, 2, 2)), (2, 2)),
        ValueError,
        "matrix has shape (5, 2, 2); expected two axes",
    ),
    # whitening
    "inputs of lists": (lambda: whiten([[1.0]]), TypeError, "inputs is a list; expected a matrix"),
    "nan in inputs": (lambda: whiten(NAN), ValueError, "inputs has the entry nan at (0, 1); expected finite entries"),
    "inputs of integers": (lambda: whiten(A.astype(int)), TypeError, "inputs has dtype int64; expected float64"),
    "inputs of float32": (lambda: whiten(A.astype("f4")), TypeError, "inputs has dtype float32; expected float64"),
    "inputs of rationals": (lambda: whiten(exact(A)), TypeError, "inputs is not a float64 array; expected dtype"),
    "inputs of one axis": (lambda: whiten(np.ones(3)), ValueError, "inputs has shape (3,); expected two axes"),
    "singular covariance": (
        lambda: whiten(np.ones((2, 5))),
        ValueError,
        "inputs of shape (2, 5) has a singular covariance X X^T / m: rank 1; expected full rank 2",
    ),
    "differing samples": (
        lambda: whitened_regression(np.eye(2, 3), np.ones((1, 4))),
        ValueError,
        "outputs has 4 samples but inputs has 3; expected one column a sample",
    ),
    "nan in outputs": (
        lambda: whitened_regression(SQUARE, NAN),
        ValueError,
        "outputs has the entry nan at (0, 1); expected finite entries",
    ),
    "outputs of one axis": (
        lambda: whitened_regression(SQUARE, np.ones(2)),
        ValueError,
        "outputs has shape (2,); expected two axes",
    ),
    # exact numbers
    "nan as a rational": (lambda: rational(np.nan), ValueError, "nan is not a rational number; expected a finite"),
    "infinity in an exact matrix": (lambda: exact(INFINITE), ValueError, "-inf is not a rational number; expected"),
    "text as a rational": (lambda: rational("1/3"), TypeError, "number is '1/3'; expected a rational number"),
    "complex as a rational": (lambda: rational(1j), TypeError, "number is 1j; expected a rational number"),
    "root of a negative": (lambda: square_root(fmpq(-1, 2)), ValueError, "power of -1/2, a negative number; expected"),
    "zero to a negative power": (lambda: power(fmpq(0), -1), ZeroDivisionError, "exponent -1; expected an exponent"),
}


@pytest.mark.parametrize("case", BAD_CALLS)
def test_bad_calls_name_the_argument_and_what_would_be_right(case):
    """The sentence begins with the argument's name and ends with what is expected."""
    call, error, sentence = BAD_CALLS[case]
    with pytest.raises(error, match=re.escape(sentence)):
        call()
