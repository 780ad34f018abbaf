"""Bad input to the public functions of solvers/: each is refused with the argument's name and what would be right."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from flint import fmpq
from scipy.sparse import csr_array

from solvers import (
    FlowError,
    Problem,
    backpropagate,
    balanced_factors,
    deficiency_margin,
    end_to_end,
    end_to_end_flow,
    geometric_steps,
    gradient_descent,
    gradient_flow,
    gradient_step,
    hessian,
    hessian_vector_product,
    imbalances,
    inertia,
    layer_gradients,
    loss,
    loss_ball,
    perturbed_gradient_descent,
    sigma_min,
    singular_values,
    spectral_norm,
    weight_error_bound,
    whiten,
    whitened_regression,
)
from solvers.arithmetic import exact, power, rational, square_root
from solvers.descent import dispatch
from solvers.flow import flow
from solvers.flow.modes import mode_descent
from solvers.guarantees import residual, theorem_one, theorem_two
from solvers.network import checks
from solvers.network.objective import power_regression, squared_distance
from solvers.shallow import FactoredObjective, FactoredProblem, factored_descent, sum_of_powers

A = np.ones((3, 2))
B = np.ones((4, 3))
PHI = np.ones((4, 2))
NAN = np.array([[1.0, np.nan], [0.0, 1.0]])
INFINITE = np.array([[1.0, 0.0], [-np.inf, 1.0]])

BAD_WEIGHTS = {
    "a mask": ((A, np.ma.masked_array(B, B > 0)), TypeError, "weights[1] is a masked array; expected one without a"),
    "class matrix": ((np.asmatrix(A), B), TypeError, "weights[0] is a matrix; expected a plain array (convert with"),
    "sparse": ((A, csr_array(B)), TypeError, "weights[1] is a csr_array; expected a dense array (convert with .toar"),
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
    "one with two leading axes": (np.ones((2, 3, 4, 2)), ValueError, "has shape (2, 3, 4, 2); expected two axes"),
    "a batch for one network": (np.ones((3, 4, 2)), ValueError, "has shape (3, 4, 2); expected two axes"),
    "masked": (np.ma.masked_array(PHI, PHI > 0), TypeError, "is a masked array; expected one without a mask"),
    "of class matrix": (np.asmatrix(PHI), TypeError, "is a matrix; expected a plain array (convert with np.asarray)"),
    "sparse": (csr_array(PHI), TypeError, "is a csr_array; expected a dense array (convert with .toarray())"),
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
    "gradient_descent": lambda weights: gradient_descent(Problem(weights, PHI, 0.1), steps=1),
    "Problem": lambda weights: Problem(weights, PHI, 0.1),
}

OF_TARGET = {
    "loss": lambda target: loss((A, B), target),
    "layer_gradients": lambda target: layer_gradients((A, B), target),
    "gradient_step": lambda target: gradient_step((A, B), target, 0.1),
    "hessian": lambda target: hessian((A, B), target),
    "hessian_vector_product": lambda target: hessian_vector_product((A, B), target, (A, B)),
    "deficiency_margin": lambda target: deficiency_margin((A, B), target),
    "gradient_descent": lambda target: gradient_descent(Problem((A, B), target, 0.1), steps=1),
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
    """Gradient descent of one network with one argument wrong."""
    rate = options.pop("learning_rate", 0.1)
    return gradient_descent(Problem(weights, target, rate), **({"steps": 3} | options))


def run_second(weights=(A, B), target=PHI, learning_rate=0.1):
    """Gradient descent of a sequence whose second network has something wrong."""
    second = spoilt(weights=weights, target=target, learning_rate=learning_rate)
    return gradient_descent([Problem((A, B), PHI, 0.1), second], steps=3)


def spoilt(**parts):
    """A problem with parts that its own door would refuse, as arrays that were written to since may be."""
    problem = Problem((A, B), PHI, 0.1)
    for name, part in parts.items():
        object.__setattr__(problem, name, part)
    return problem


def run_stack(weights=None, target=PHI, learning_rate=0.1, **options):
    """Gradient descent of a stack of five networks with one argument wrong."""
    weights = (many(A, 5), many(B, 5)) if weights is None else weights
    return gradient_descent(Problem(weights, target, learning_rate), **({"steps": 3} | options))


def many(matrix, count):
    """The same matrix ``count`` times, as a stack."""
    return np.repeat(matrix[None], count, axis=0)


def with_entry(stack, value, *place):
    """A copy of a stack with one entry changed."""
    changed = stack.copy()
    changed[place] = value
    return changed


RATE = "expected a finite number >= 0"
STEPS = "expected a whole number >= 0"
SQUARE = np.eye(2)
MASKED = np.ma.masked_array(SQUARE, SQUARE > 0)
FACTORED = FactoredObjective(SQUARE)
ASYMMETRIC = exact(np.array([[1.0, 2.0], [0.0, 1.0]]))

BAD_CALLS = {
    # gradient_descent: one finite float64 network
    "single layers, then stacked ones": (
        lambda: run((A, many(B, 5))),
        ValueError,
        "weights[1] has shape (5, 4, 3); expected two axes",
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
    "rational problem": (
        lambda: gradient_descent(Problem((A, B), PHI, 0.1).exact(), steps=1),
        TypeError,
        "weights[0] is not a float64 array; expected dtype",
    ),
    # gradient_descent: what is no problem
    "weights for a problem": (
        lambda: gradient_descent((A, B), steps=1),
        TypeError,
        "problem[0] is a ndarray; expected a Problem",
    ),
    "a matrix for a problem": (
        lambda: gradient_descent(A, steps=1),
        TypeError,
        "problem is a ndarray; expected a Problem or a sequence of them",
    ),
    "no problem": (
        lambda: gradient_descent(None, steps=1),
        TypeError,
        "problem is a NoneType; expected a Problem or a sequence of them",
    ),
    "a generator of problems": (
        lambda: gradient_descent((each for each in [Problem((A,), A, 0.1)]), steps=1),
        TypeError,
        "problem is a generator; expected a Problem or a sequence of them",
    ),
    "a sequence with something else": (
        lambda: gradient_descent([Problem((A,), A, 0.1), (A, B)], steps=1),
        TypeError,
        "problem[1] is a tuple; expected a Problem",
    ),
    # gradient_descent: one of a sequence
    "stack in a sequence": (
        lambda: run_second((many(A, 5), many(B, 5))),
        ValueError,
        "problem[1]: weights[0] has shape (5, 3, 2); expected two axes",
    ),
    "nan in a sequence": (
        lambda: run_second((SQUARE, NAN), SQUARE),
        ValueError,
        "problem[1]: weights[1] has the entry nan at (0, 1); expected finite entries",
    ),
    "rational target in a sequence": (
        lambda: run_second(target=exact(PHI)),
        TypeError,
        "problem[1]: target is not a float64 array; expected dtype float64",
    ),
    "negative learning rate in a sequence": (
        lambda: run_second(learning_rate=-0.1),
        ValueError,
        f"problem[1]: learning_rate is -0.1; {RATE}",
    ),
    "learning rates of an array in a sequence": (
        lambda: run_second(learning_rate=np.array([0.1])),
        TypeError,
        "problem[1]: learning_rate is array([0.1]); expected",
    ),
    # gradient_descent: a stack
    "fewer networks in a layer": (
        lambda: run_stack((many(A, 5), many(B, 4))),
        ValueError,
        "weights[1] holds 4 networks but weights[0] holds 5; expected 5",
    ),
    "one network in a layer": (
        lambda: run_stack((many(A, 5), many(B, 1))),
        ValueError,
        "weights[1] holds 1 networks but weights[0] holds 5; expected 5",
    ),
    "stacked layers, then single ones": (
        lambda: run_stack((many(A, 5), B)),
        ValueError,
        "weights[1] has shape (4, 3); expected three axes, (networks, rows, columns)",
    ),
    "two leading axes": (
        lambda: run_stack((np.ones((2, 5, 3, 2)), np.ones((2, 5, 4, 3)))),
        ValueError,
        "weights[0] has shape (2, 5, 3, 2); expected three axes",
    ),
    "more targets than networks": (
        lambda: run_stack(target=many(PHI, 6)),
        ValueError,
        "target holds 6 networks but weights[0] holds 5; expected 5",
    ),
    "one stacked target": (
        lambda: run_stack(target=many(PHI, 1)),
        ValueError,
        "target holds 1 networks but weights[0] holds 5; expected 5",
    ),
    "targets with two leading axes": (
        lambda: run_stack(target=np.ones((1, 5, 4, 2))),
        ValueError,
        "target has shape (1, 5, 4, 2); expected three axes",
    ),
    "nan in a stack": (
        lambda: run_stack((many(A, 5), with_entry(many(B, 5), np.nan, 3, 2, 1))),
        ValueError,
        "weights[1] has the entry nan at (3, 2, 1); expected finite entries",
    ),
    "infinity in a stack of targets": (
        lambda: run_stack(target=with_entry(many(PHI, 5), -np.inf, 4, 0, 1)),
        ValueError,
        "target has the entry -inf at (4, 0, 1); expected finite entries",
    ),
    "nan in a shared target": (
        lambda: run_stack((many(SQUARE, 5),), NAN),
        ValueError,
        "target has the entry nan at (0, 1); expected finite entries",
    ),
    "rational stack": (
        lambda: run_stack((many(A, 5), exact(many(B, 5)))),
        TypeError,
        "weights[1] is not a float64 array; expected dtype float64",
    ),
    "rational target of a stack": (
        lambda: run_stack(target=exact(PHI)),
        TypeError,
        "target is not a float64 array; expected dtype float64",
    ),
    "fewer learning rates than networks": (
        lambda: run_stack(learning_rate=np.full(4, 0.1)),
        ValueError,
        "learning_rate has shape (4,) and dtype float64; expected a number, or float64 of shape (5,)",
    ),
    "a column of learning rates": (
        lambda: run_stack(learning_rate=np.full((5, 1), 0.1)),
        ValueError,
        "learning_rate has shape (5, 1) and dtype float64; expected a number, or float64 of shape (5,)",
    ),
    "an array without axes": (
        lambda: run_stack(learning_rate=np.array(0.1)),
        ValueError,
        "learning_rate has shape () and dtype float64; expected a number, or float64 of shape (5,)",
    ),
    "integer learning rates": (
        lambda: run_stack(learning_rate=np.ones(5, dtype=np.int64)),
        ValueError,
        "learning_rate has shape (5,) and dtype int64; expected a number, or float64 of shape (5,)",
    ),
    "float32 learning rates": (
        lambda: run_stack(learning_rate=np.ones(5, dtype=np.float32)),
        ValueError,
        "learning_rate has shape (5,) and dtype float32; expected a number, or float64 of shape (5,)",
    ),
    "a list of learning rates": (
        lambda: run_stack(learning_rate=[0.1] * 5),
        TypeError,
        f"learning_rate is [0.1, 0.1, 0.1, 0.1, 0.1]; {RATE}",
    ),
    "a negative learning rate in an array": (
        lambda: run_stack(learning_rate=with_entry(np.full(5, 0.1), -0.5, 2)),
        ValueError,
        "learning_rate has the entry -0.5; expected finite numbers >= 0",
    ),
    "nan in an array of learning rates": (
        lambda: run_stack(learning_rate=with_entry(np.full(5, 0.1), np.nan, 4)),
        ValueError,
        "learning_rate has the entry nan; expected finite numbers >= 0",
    ),
    "infinity in an array of learning rates": (
        lambda: run_stack(learning_rate=with_entry(np.full(5, 0.1), np.inf, 0)),
        ValueError,
        "learning_rate has the entry inf; expected finite numbers >= 0",
    ),
    "negative learning rate of a stack": (
        lambda: run_stack(learning_rate=-0.1),
        ValueError,
        f"learning_rate is -0.1; {RATE}",
    ),
    "boolean learning rate of a stack": (lambda: run_stack(learning_rate=True), TypeError, RATE),
    # gradient_descent: the path
    "unknown path": (
        lambda: run(path="gpu"),
        ValueError,
        "path is 'gpu'; expected None or one of 'reference', 'closed form', 'kernel', 'lanes', 'tiles', 'dots'",
    ),
    "a number for the path": (lambda: run(path=3), ValueError, "path is 3; expected None or one of 'reference'"),
    "unknown path of a stack": (lambda: run_stack(path="gpu"), ValueError, "path is 'gpu'; expected None or one of"),
    "closed form at depth two": (
        lambda: run(path="closed form"),
        ValueError,
        "path is 'closed form' but the network has depth 2; expected depth 1",
    ),
    "closed form at depth two in a sequence": (
        lambda: gradient_descent([Problem((A,), A, 0.1), Problem((A, B), PHI, 0.1)], steps=1, path="closed form"),
        ValueError,
        "path is 'closed form' but the network has depth 2; expected depth 1",
    ),
    # gradient_descent: numbers
    "a number for certify": (lambda: run(certify=1), TypeError, "certify is 1; expected True or False"),
    "None for certify": (lambda: run(certify=None), TypeError, "certify is None; expected True or False"),
    "a NumPy boolean for certify": (lambda: run(certify=np.bool_(True)), TypeError, "expected True or False"),
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
    "a whole learning rate beyond float64": (
        lambda: run(learning_rate=10**400),
        ValueError,
        "learning_rate is 10^400 or more, beyond the range of float64; expected a finite number >= 0",
    ),
    "a learning rate without axes": (
        lambda: run(learning_rate=np.array(0.1)),
        TypeError,
        "learning_rate is array(0.1); expected a finite number >= 0",
    ),
    "a learning rate a layer": (
        lambda: run(learning_rate=np.array([0.1, 0.2])),
        TypeError,
        "learning_rate is array([0.1, 0.2]); expected",
    ),
    "negative steps": (lambda: run(steps=-1), ValueError, f"steps is -1; {STEPS}"),
    "float steps": (lambda: run(steps=3.0), TypeError, f"steps is 3.0; {STEPS}"),
    "boolean steps": (lambda: run(steps=True), TypeError, f"steps is True; {STEPS}"),
    "steps without end": (
        lambda: run(steps=10**30),
        ValueError,
        f"steps is 1{'0' * 30}; expected at most 1000000000000",
    ),
    "steps that cannot be written": (
        lambda: run(steps=10**5000),
        ValueError,
        "steps is 10^5000 or more; expected at most 1000000000000",
    ),
    "steps less than can be written": (
        lambda: run(steps=-(10**5000)),
        ValueError,
        f"steps is -10^5000 or more; {STEPS}",
    ),
    "a record without end": (
        lambda: run(record=itertools.count()),
        ValueError,
        "record asks for step 4; expected none beyond steps = 3",
    ),
    "infinite stop beyond float64": (
        lambda: run(stop_at_loss=10**400),
        ValueError,
        "stop_at_loss is 10^400 or more, beyond the range of float64; expected a number, or None",
    ),
    "a problem that was written to": (
        lambda: gradient_descent(spoilt(weights=(A, B * np.inf)), steps=1),
        ValueError,
        "weights[1] has the entry inf at (0, 0); expected finite entries",
    ),
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
    # geometric_steps
    "a last step without end": (
        lambda: geometric_steps(10**30),
        ValueError,
        f"steps is 1{'0' * 30}; expected at most 1000000000000",
    ),
    "decades without end": (
        lambda: geometric_steps(100, each_decade=10**9),
        ValueError,
        "each_decade is 1000000000; expected at most 10000000 steps in all",
    ),
    # one step, in any arithmetic
    **{
        f"{rate!r} for the rate of a step": (
            lambda rate=rate: gradient_step((A, B), PHI, rate),
            TypeError,
            f"learning_rate is {rate!r}; expected a finite number",
        )
        for rate in ("0.1", b"1", None, 1j, True, [0.1], (0.1,))
    },
    **{
        f"{rate!r} for the rate of a step": (
            lambda rate=rate: gradient_step((A, B), PHI, rate),
            ValueError,
            f"learning_rate is {rate!r}; expected a finite number",
        )
        for rate in (float("nan"), float("inf"), float("-inf"))
    },
    "a whole rate of a step beyond float64": (
        lambda: gradient_step((A, B), PHI, 10**400),
        ValueError,
        "learning_rate is 10^400 or more, beyond the range of float64; expected a finite number",
    ),
    "rates of a step that would go by column": (
        lambda: gradient_step((A, B), PHI, np.array([0.1, 0.2])),
        ValueError,
        "learning_rate has shape (2,); expected a number, or one for each network: (B, 1, 1)",
    ),
    # batches in any arithmetic
    "networks that do not go together": (
        lambda: loss((many(A, 5), many(B, 4)), PHI),
        ValueError,
        "weights[1] holds 4 networks but weights[0] holds 5; expected 5",
    ),
    "networks on other axes": (
        lambda: loss((np.ones((2, 5, 3, 2)), many(B, 4)), PHI),
        ValueError,
        "weights[1] has leading axes (4,); expected ones that broadcast to (2, 5), those of weights",
    ),
    "targets for other networks": (
        lambda: loss((many(A, 5), many(B, 5)), many(PHI, 6)),
        ValueError,
        "target holds 6 networks but weights[0] holds 5; expected 5",
    ),
    "targets on more axes": (
        lambda: gradient_step((many(A, 5), B), np.ones((2, 5, 4, 2)), 0.1),
        ValueError,
        "target has shape (2, 5, 4, 2); expected three axes, (networks, rows, columns)",
    ),
    # the flow
    "a flow of weights near the end of float64": (
        lambda: gradient_flow(Problem((1e308 * SQUARE,) * 2, SQUARE, 0.1), times=[0, 1]),
        FlowError,
        "could not be integrated to times[1] = 1 (its first step is not a finite number: the gradient is too large)",
    ),
    "a flow of one layer near the end of float64": (
        lambda: end_to_end_flow(1e308 * SQUARE, squared_distance(SQUARE), depth=3, times=[0.5, 1]),
        FlowError,
        "could not be integrated to times[0] = 0.5",
    ),
    "a flow with no step small enough": (
        lambda: gradient_flow(Problem((1e150 * SQUARE,) * 2, SQUARE, 0.1), times=[0, 1]),
        FlowError,
        "could not be integrated to times[1] = 1 (Required step size is less than spacing between numbers)",
    ),
    "a flow of depth without end": (
        lambda: end_to_end_flow(SQUARE, squared_distance(SQUARE), depth=10**30, times=[1]),
        ValueError,
        f"depth is 1{'0' * 30}; expected at most 1000000",
    ),
    "a mask on times": (
        lambda: gradient_flow(Problem((A,), A, 0.1), times=np.ma.masked_array([0.0, 1.0], [False, True])),
        TypeError,
        "times is a masked array; expected one without a mask",
    ),
    "a time beyond float64": (
        lambda: gradient_flow(Problem((A,), A, 0.1), times=[0, 10**400]),
        TypeError,
        "expected numbers, 0 <= times[0] < times[1] < ...",
    ),
    "a tolerance beyond float64": (
        lambda: gradient_flow(Problem((A,), A, 0.1), times=[1], atol=10**400),
        ValueError,
        "atol is 10^400 or more, beyond the range of float64; expected a finite number > 0",
    ),
    "a mask on modes": (
        lambda: mode_descent(MASKED, np.ones(2), learning_rate=0.1, steps=1),
        TypeError,
        "layers is a masked array; expected one without a mask",
    ),
    "a record of modes without end": (
        lambda: mode_descent(SQUARE, np.ones(2), learning_rate=0.1, steps=3, record=itertools.count()),
        ValueError,
        "record asks for step 4; expected none beyond steps = 3",
    ),
    # objectives
    "a power beyond float64": (
        lambda: power_regression(SQUARE, SQUARE, power=10**400),
        ValueError,
        "power is 10^400 or more, beyond the range of float64; expected a finite number > 1",
    ),
    # what certifies
    **{
        f"no trajectory for {name}": (
            lambda call=call: call(None),
            TypeError,
            "trajectory is a NoneType; expected a Trajectory of gradient_descent",
        )
        for name, call in {
            "loss_ball": loss_ball,
            "weight_error_bound": weight_error_bound,
            "guarantee of the first theorem": lambda trajectory: theorem_one.guarantee(trajectory, 1, 1),
            "guarantee of the second": lambda trajectory: theorem_two.guarantee(trajectory, 1),
            "guarantee of residual networks": residual.guarantee,
        }.items()
    },
    # shallow objectives
    "a mask on a start": (
        lambda: factored_descent(FACTORED, MASKED, learning_rate=0.1, steps=1),
        TypeError,
        "start is a masked array; expected one without a mask",
    ),
    "a mask on a factor": (lambda: FACTORED.value(MASKED), TypeError, "factor is a masked array; expected one without"),
    "a mask on an objective": (
        lambda: FactoredObjective(MASKED),
        TypeError,
        "target is a masked array; expected one without",
    ),
    "a mask on the sphere": (
        lambda: sum_of_powers([1, 1], SQUARE, 3).value(np.ma.masked_array([1.0, 0.0], [True, False])),
        TypeError,
        "point is a masked array; expected one without a mask",
    ),
    "shallow steps without end": (
        lambda: factored_descent(FACTORED, SQUARE, learning_rate=0.1, steps=10**30),
        ValueError,
        f"steps is 1{'0' * 30}; expected at most 1000000000000",
    ),
    "a shallow learning rate beyond float64": (
        lambda: factored_descent(FACTORED, SQUARE, learning_rate=10**400, steps=1),
        ValueError,
        "learning_rate is 10^400 or more, beyond the range of float64",
    ),
    "a shallow record without end": (
        lambda: factored_descent(FACTORED, SQUARE, learning_rate=0.1, steps=3, record=itertools.count()),
        ValueError,
        "record asks for step 4; expected none beyond steps = 3",
    ),
    "a stop beyond float64": (
        lambda: factored_descent(FACTORED, SQUARE, learning_rate=0.1, steps=3, stop_at_value=10**400),
        ValueError,
        "stop_at_value is 10^400 or more, beyond the range of float64; expected a number, or None",
    ),
    "nan in a shallow problem": (
        lambda: FactoredProblem(FACTORED, NAN),
        ValueError,
        "factor has the entry nan at (0, 1); expected finite entries",
    ),
    **{
        f"{rate!r} for the rate of a shallow problem": (
            lambda rate=rate: FactoredProblem(FACTORED, SQUARE, rate),
            (TypeError, ValueError),
            f"learning_rate is {rate!r}; expected a finite number",
        )
        for rate in ("0.1", None, 1j, float("nan"), np.array(0.1))
    },
    # noise
    "a wait without end": (
        lambda: perturbed_gradient_descent(
            Problem((A,), A, 0.1), steps=1, radius=1, gradient_threshold=1, wait=10**30, seed=0
        ),
        ValueError,
        f"wait is 1{'0' * 30}; expected at most 1000000000000",
    ),
    "a radius beyond float64": (
        lambda: perturbed_gradient_descent(
            Problem((A,), A, 0.1), steps=1, radius=10**400, gradient_threshold=1, wait=1, seed=0
        ),
        ValueError,
        "radius is 10^400 or more, beyond the range of float64; expected a finite number >= 0",
    ),
    "negative last step": (lambda: geometric_steps(-1), ValueError, f"steps is -1; {STEPS}"),
    "float last step": (lambda: geometric_steps(1e3), TypeError, f"steps is 1000.0; {STEPS}"),
    "none in a decade": (
        lambda: geometric_steps(9, each_decade=0),
        ValueError,
        "each_decade is 0; expected at least 1",
    ),
    "negative number in a decade": (
        lambda: geometric_steps(9, each_decade=-1),
        ValueError,
        f"each_decade is -1; {STEPS}",
    ),
    "half a step in a decade": (lambda: geometric_steps(9, each_decade=0.5), TypeError, f"each_decade is 0.5; {STEPS}"),
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


def test_the_kernel_is_refused_where_there_is_none(monkeypatch):
    """Without a compiler every other path is there."""
    monkeypatch.setattr(dispatch, "kernel", lambda: None)
    for call in (run, run_stack):
        with pytest.raises(ValueError, match="path is 'kernel' but the package was installed without a compiler"):
            call(path="kernel")
        assert call().path != "kernel"


def test_a_flow_too_stiff_for_the_integrator_ends(monkeypatch):
    """It would take steps of 1e-20 for as long as it is let."""
    monkeypatch.setattr(flow, "MOST_EVALUATIONS", 500)
    with pytest.raises(FlowError, match=r"to times\[1\] = 1 \(500 gradients took it to \d\.\d+e-\d+\)") as caught:
        gradient_flow(Problem((SQUARE, SQUARE), 1e20 * SQUARE, 0.1), times=[0, 1])
    assert caught.value.reached == 1


def test_a_flow_may_take_as_many_gradients_as_are_allowed(monkeypatch):
    """Those that it takes are enough, and one fewer is not, though its last step has been made by then."""
    start = Problem((SQUARE, SQUARE), 2 * SQUARE, 0.1)
    needed = gradient_flow(start, times=[0, 1]).evaluations
    monkeypatch.setattr(flow, "MOST_EVALUATIONS", needed)
    assert gradient_flow(start, times=[0, 1]).evaluations == needed
    monkeypatch.setattr(flow, "MOST_EVALUATIONS", needed - 1)
    with pytest.raises(FlowError, match=rf"to times\[1\] = 1 \({needed - 1} gradients took it to 1\)") as caught:
        gradient_flow(start, times=[0, 1])
    assert caught.value.reached == 1


def test_a_record_that_repeats_itself_for_ever_ends(monkeypatch):
    """No step is beyond the last, and yet there is no end."""
    monkeypatch.setattr(checks, "MOST_RECORDS", 5)
    with pytest.raises(ValueError, match="record names more than 5 steps; expected fewer, as of geometric_steps"):
        run(record=itertools.repeat(0))
    assert run(record=(0, 1, 1, 2, 3)).recorded.tolist() == [0, 1, 2, 3]
