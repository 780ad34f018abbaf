"""Steps in every format, simulated in rationals in any association and order, and NumPy's own."""

import random
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.rounding.rounded_step.distances import column, within
from claims.suite import exact, fewer, sampled
from solvers import arithmetic
from solvers.arithmetic.formats import FORMATS
from solvers.descent import rounded_step, simulated_step
from strategies import RoundedStep, rounded_steps

SUBNORMAL = fmpq(10131, 2**149)
"""What has 14 bits in float32 and, as a factor in TF32, 11: it loses 2^-137 where float32 itself loses 2^-150."""

Orders = st.tuples(st.integers(0, 2**32 - 1), st.booleans())
"""A seed of choices, and whether multiply-adds are fused."""


def in_every_format(*, subnormal: bool) -> st.SearchStrategy[tuple[RoundedStep, ...]]:
    """A step in each format, in the order of FORMATS."""
    return st.tuples(*(rounded_steps(format=each, subnormal=subnormal) for each in FORMATS.values()))


def holds_in_order(drawn: RoundedStep, name: str, order: tuple[int, bool], *, flush: bool) -> bool:
    """Whether the step is within its bound in two orders of computation: one drawn from a seed, and the textbook's."""
    seed, fused = order
    bounds = rounded_step.rounding_bound(drawn.step, name, flush=flush, scalings=drawn.scalings)
    machines = (
        simulated_step.Machine(FORMATS[name], choices, flush, fused)
        for choices in (simulated_step.Drawn(random.Random(seed)), simulated_step.Plain())
    )
    return all(
        within(drawn.step, simulated_step.simulated_step(drawn.step, machine, drawn.parts), bounds).holds
        for machine in machines
    )


@exact
@fewer(3)
@given(in_every_format(subnormal=True), Orders)
def test_every_format_in_any_order(drawn: tuple[RoundedStep, ...], order: tuple[int, bool]) -> None:
    """Depth and widths 1 to 3, m 1 to 3 or a target, entries of the size of 1 down to subnormal ones, which are kept;
    residuals near zero; kappa made in five ways; any association, order and place of the subtraction."""
    assert all(holds_in_order(each, name, order, flush=False) for each, name in zip(drawn, FORMATS, strict=True))


@exact
@fewer(3)
@given(in_every_format(subnormal=False), Orders)
def test_every_format_that_flushes_to_zero(drawn: tuple[RoundedStep, ...], order: tuple[int, bool]) -> None:
    """The same where results below the smallest normal number become 0."""
    assert all(holds_in_order(each, name, order, flush=True) for each, name in zip(drawn, FORMATS, strict=True))


@exact
def test_a_subnormal_factor_in_tf32() -> None:
    """Found by the first test above, when tau was 2^-24 times the smallest normal number for TF32 too."""
    weights = [column(fmpq(16777213, 2**22)), column(SUBNORMAL)]
    step = rounded_step.Step.of(weights, column(4 * SUBNORMAL), fmpq(1, 8))
    assert holds_in_order(RoundedStep(step, (), 1), "tf32", (0, False), flush=False)


FORMS: dict[str, Callable[[list[Any], Any, Any, int], Any]] = {}
"""Gradients in NumPy: functions of weights, inputs, outputs and the layer."""


def form(function: Callable[[list[Any], Any, Any, int], Any]) -> Callable[[list[Any], Any, Any, int], Any]:
    """One more of FORMS."""
    FORMS[function.__name__] = function
    return function


def through(matrices: Sequence[Any], start: Any) -> Any:
    """start, multiplied by matrices from the left, one after another."""
    return reduce(lambda found, matrix: matrix @ found, matrices, start)


@form
def residual_first(weights: list[Any], inputs: Any, outputs: Any, layer: int) -> Any:
    """A^T (W X - Y) (C X)^T as backpropagation has it."""
    back = through([matrix.T for matrix in weights[:layer:-1]], through(weights, inputs) - outputs)
    return back @ through(weights[:layer], inputs).T


@form
def gram(weights: list[Any], inputs: Any, outputs: Any, layer: int) -> Any:
    """A^T (W (X X^T) - Y X^T) C^T, with A, W and C formed first."""
    eyes = [np.eye(len(weights[layer]), dtype=inputs.dtype), np.eye(weights[layer].shape[1], dtype=inputs.dtype)]
    after = through(weights[layer + 1 :], eyes[0])
    before = reduce(lambda found, matrix: found @ matrix, weights[:layer][::-1], eyes[1])
    whole = after @ (weights[layer] @ before)
    return after.T @ (whole @ (inputs @ inputs.T) - outputs @ inputs.T) @ before.T


@form
def by_samples(weights: list[Any], inputs: Any, outputs: Any, layer: int) -> Any:
    """The sum of the samples' own gradients, from the last to the first."""
    return sum(
        residual_first(weights, inputs[:, k : k + 1], outputs[:, k : k + 1], layer)
        for k in range(inputs.shape[1] - 1, -1, -1)
    )


@form
def einsum(weights: list[Any], inputs: Any, outputs: Any, layer: int) -> Any:
    """The last product by einsum."""
    back = through([matrix.T for matrix in weights[:layer:-1]], through(weights, inputs) - outputs)
    return np.einsum("ai,bi->ab", back, through(weights[:layer], inputs))


DTYPES: tuple[type[np.floating[Any]], ...] = (np.float64, np.float32, np.float16)
"""Formats that NumPy computes in."""


@sampled
@fewer(2)
@given(st.tuples(*(rounded_steps(format=FORMATS[name], samples=3) for name in ("float64", "float32", "float16"))))
def test_numpy_in_four_forms(drawn: tuple[RoundedStep, ...]) -> None:
    """Data of three samples in float64, float32 and float16, subnormals kept, as NumPy and its BLAS do."""
    for each, dtype in zip(drawn, DTYPES, strict=True):
        step = each.step
        weights, (inputs, outputs) = as_floats(step.weights, dtype), as_floats((step.inputs, step.outputs), dtype)
        rate, parts = dtype(float(step.learning_rate)), [dtype(float(part)) for part in each.parts]
        bounds = rounded_step.rounding_bound(step, dtype.__name__, flush=False, scalings=each.scalings)
        for gradient in FORMS.values():
            scaled = [
                reduce(lambda found, part: part * found, parts, gradient(weights, inputs, outputs, layer))
                for layer in range(len(weights))
            ]
            moved = [matrix - rate * update for matrix, update in zip(weights, scaled, strict=True)]
            assert all(matrix.dtype == dtype for matrix in moved)
            assert within(step, [arithmetic.exact(matrix) for matrix in moved], bounds).holds


def as_floats(matrices: Sequence[Any], dtype: type[np.floating[Any]]) -> list[Any]:
    """Exact numbers of a format, in it."""
    return [arithmetic.nearest(matrix).astype(dtype) for matrix in matrices]
