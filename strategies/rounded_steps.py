"""Steps of gradient descent whose numbers are those of a floating-point format, for the rounding of a step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import matmul

import numpy as np
from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import ObjectArray
from solvers.arithmetic.formats import Format
from solvers.descent.rounded_step import Step
from strategies.arguments import check_whole


@dataclass(frozen=True)
class RoundedStep:
    """A ``step``, and the ``parts`` that a program makes its kappa of; ``scalings`` is q, what these cost."""

    step: Step
    parts: tuple[fmpq, ...]
    scalings: int


@st.composite
def rounded_steps(
    draw: st.DrawFn,
    *,
    format: Format,
    subnormal: bool = False,
    samples: int | None = None,
) -> RoundedStep:
    """Depth and widths 1 to 3, data of 1 to 3 samples or a target (or ``samples``), every number one of ``format``.

    Entries are of either sign or zero: of the size of 1, with any bits, those beside a power of two more often; or, a
    matrix at a time, so small that products underflow, and with ``subnormal`` subnormal ones too. Half of the targets
    are the nearest to W X. kappa is 1, 2/(m d_N), 1/m or 2 in several ways. No product overflows. Raises
    InvalidArgument for what is no Format.
    """
    if not isinstance(format, Format):
        raise InvalidArgument(f"format is {format!r}; expected a Format")
    widths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    count = draw(st.none() | st.integers(1, 3)) if samples is None else check_whole(samples, "samples", least=1)
    sizes = _sizes(format)

    def matrix(rows: int, columns: int) -> ObjectArray:
        size = draw(sizes)
        entries = draw(st.lists(_numbers(format, size, subnormal), min_size=rows * columns, max_size=rows * columns))
        return np.array(entries, dtype=object).reshape(rows, columns)

    weights = [matrix(after, before) for before, after in pairwise(widths)]
    inputs = None if count is None else matrix(widths[0], count)
    columns = widths[0] if count is None else count
    product = reduce(lambda found, factor: matmul(factor, found), weights)
    product = product if inputs is None else product @ inputs
    near = draw(st.booleans())
    outputs = np.frompyfunc(format.nearest, 1, 1)(product) if near else matrix(widths[-1], columns)
    if not subnormal:
        outputs = np.frompyfunc(lambda entry: entry if abs(entry) >= format.smallest_normal else fmpq(0), 1, 1)(outputs)
    rate = abs(draw(_numbers(format, draw(sizes), subnormal)))
    parts = draw(st.sampled_from(_parts(columns, widths[-1])))
    scale = reduce(lambda found, part: found * part, parts, fmpq(1))
    scalings = 1 + len(parts) + sum(not format.holds(part) for part in parts)
    return RoundedStep(Step.of(weights, outputs, rate, inputs=inputs, scale=scale), parts, scalings)


def _sizes(format: Format) -> st.SearchStrategy[tuple[int, int]]:
    """Least and greatest exponents of a matrix, the usual first. In float16 no entry is beyond 1."""
    usual = (-4, -1) if format.greatest < 100 else (-3, 2)
    third = (format.least // 3 - 2, format.least // 3 + 2)
    return st.sampled_from([usual, usual, usual, third, (format.least, format.least + 3)])


def _numbers(format: Format, size: tuple[int, int], subnormal: bool) -> st.SearchStrategy[fmpq]:
    """Zero; or +-(1 + k 2^{1-p}) 2^e; or +-k 2^{e_min+1-p}. Made of one whole number each, which is quickly drawn."""
    least, greatest = size
    count, spacing = 2 ** (format.precision - 1), fmpq(2) ** (1 - format.precision)
    exponents = greatest - least + 1

    def number(code: int) -> fmpq:
        code, kind = divmod(code, 12)
        bits, exponent = divmod(code, exponents)
        sign, beside = (0, 1, -1, 1)[kind % 4], kind // 4
        k = (bits, bits % min(count, 16), count - 1 - bits % min(count, 16))[beside]
        one = 0 if subnormal and least + exponent == format.least and bits % 2 else 1
        return sign * (one + k * spacing) * fmpq(2) ** (least + exponent)

    return st.integers(0, 12 * exponents * count - 1).map(number)


def _parts(columns: int, rows: int) -> list[tuple[fmpq, ...]]:
    return [
        (),
        (fmpq(2),),
        (fmpq(1, columns),),
        (fmpq(2, columns * rows),),
        (fmpq(2), fmpq(1, columns), fmpq(1, rows)),
    ]
