"""Whether a trainer is as exact as a format that is coarser than its own."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log2

from flint import fmpq

from claims.conformance.cases import Case
from solvers.arithmetic import exact
from solvers.arithmetic.formats import Format
from solvers.descent.rounded_step import Step, rounding_bound, roundings

LEAST_BITS = 8
"""Of fewer right bits any trainer might be one of low precision."""


class Entered(Format):
    """A format into which the numbers given are rounded first."""

    def holds(self, number: object) -> bool:
        return True


COARSER = {
    "float32": Entered("float32", 24, -126, 127),
    "products in TF32 or float16": Entered("tf32", 24, -126, 127, product_precision=11),
    "float16": Entered("float16", 11, -126, 127),
    "products in bfloat16": Entered("bfloat16 products", 24, -126, 127, product_precision=8),
    "bfloat16": Entered("bfloat16", 8, -126, 127),
}
"""By name. With the exponents of float32, so that small numbers decide nothing."""


def like_a_format(cases: Sequence[Case]) -> str:
    """How many bits are right, with the format of about so many whose bounds hold every step; or ""."""
    errors = [_relative(case, step) for case in cases for step in case.steps]
    bits = floor(min((-log2(error) for error in errors if error > 0), default=0))
    if bits < LEAST_BITS:
        return ""
    like = [
        name
        for name, limits in COARSER.items()
        if bits <= _bits(limits) < _bits(cases[0].limits) and _all_within(limits, cases)
    ]
    nearest = min(like, key=lambda name: abs(_bits(COARSER[name]) - bits), default="")
    return f"right to 2^-{bits}" + (f", like {nearest}" if nearest else "")


def _bits(limits: Format) -> int:
    return limits.product_precision or limits.precision


def _all_within(limits: Format, cases: Sequence[Case]) -> bool:
    try:
        return all(_within(case, step, limits) for case in cases for step in case.steps)
    except ValueError:  # a step for which the format has no bound
        return False


def _relative(case: Case, step: int) -> float:
    """The largest error of an entry over eta M_j + |W_j|."""
    posed = case.posed(step)
    found = fmpq(0)
    for layer, matrix in enumerate(case.iterates[step]):
        size = posed.learning_rate * posed.magnitudes[layer] + abs(posed.weights[layer])
        error = abs(exact(matrix) - posed.moved[layer])
        found = max([found, *(a / b for a, b in zip(error.ravel(), size.ravel(), strict=True) if b)])
    return float(found)


def _within(case: Case, step: int, limits: Format) -> bool:
    """Whether the step is as the format may have it, numbers being rounded to it first: one more rounding each."""
    posed = case.posed(step)
    bounds = rounding_bound(posed, limits, count=_entering)
    return all(
        (abs(exact(matrix) - moved) <= bound + limits.unit * abs(before)).all()
        for matrix, moved, bound, before in zip(case.iterates[step], posed.moved, bounds, posed.weights, strict=True)
    )


def _entering(step: Step, scalings: int) -> tuple[int, ...]:
    return tuple(number + 2 * len(step.weights) + 2 for number in roundings(step, scalings))
