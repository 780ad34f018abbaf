"""What is left without a hypothesis, and of a bound that would be smaller: all refuted in rational arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from claims.rounding.rounded_step.distances import column, within
from claims.rounding.rounded_step.sharp_counts import MACHINE, SCALED, SINGLE, leading, matrix, worst_step
from claims.suite import Fate, ablates, control
from solvers.arithmetic import ObjectArray
from solvers.arithmetic.formats import FORMATS, Format
from solvers.descent.rounded_step import Step, rounding_bound, roundings
from solvers.descent.simulated_step import Machine, Plain, simulated_step

HALF = FORMATS["float16"]


def row(*numbers: Any) -> ObjectArray:
    """A matrix of one row."""
    return column(*numbers).T


@control
def test_the_residual_need_not_be_formed_first() -> None:
    """1 <- 1, m = 8, Y the rounded W X: the smaller bound counts d_0 + 1 = 2 roundings of |W| |X| + |Y|, and the others
    of the residual. Formed first, X X^T loses 7 u, and Y X^T, added up from its small terms, nothing like it."""
    x = matrix(1, 8, leading(1))
    w, rate = column(leading(5)), fmpq(2**10)
    y = np.frompyfunc(SINGLE.nearest, 1, 1)(w @ x)
    step = Step.of([w], y, rate, inputs=x)
    whole = MACHINE.product(w, MACHINE.product(x, x.T))
    other = MACHINE.product(y[:, ::-1], x[:, ::-1].T)
    computed = [MACHINE.difference(w, MACHINE.scaled(rate, MACHINE.difference(whole, other)))]
    assert within(step, computed, rounding_bound(step, SINGLE, scalings=1)).holds
    first = rounding_bound(step, SINGLE, scalings=1, count=lambda step, scalings: (1 + 1,))
    later = rate * SINGLE.gamma(8 + 1) * (abs(w @ x - y) @ abs(x).T)
    assert within(step, computed, [first[0] + (1 + SINGLE.unit) * (1 + SINGLE.gamma(2)) * later]).fails


@ablates("DL-060", "one subtraction", "dropped", Fate.REFUTED)
@control
def test_refuted_where_sums_are_accumulated_in_the_weights() -> None:
    """1 <- 1, m = 4: each sample's update is less than half a unit of W, and lost."""
    x, w = row(*[fmpq(1)] * 4), column(fmpq(1))
    y = row(*[1 + fmpq(1, 2)] * 4)
    step = Step.of([w], y, fmpq(1, 2**23), inputs=x)
    computed = w
    for k in range(4):
        sample = Step.of([computed], y[:, k : k + 1], step.learning_rate, inputs=x[:, k : k + 1])
        update = MACHINE.scaled(step.learning_rate, MACHINE.product(sample.gradients[0], column(fmpq(1))))
        computed = MACHINE.difference(computed, update)
    bounds = rounding_bound(step, SINGLE, scalings=1)
    assert within(step, simulated_step(step, MACHINE), bounds).holds
    assert within(step, [computed], bounds).fails


class Unchecked(Format):
    """A format that takes every number for one of its own."""

    def holds(self, number: Any) -> bool:
        return True


@ablates("DL-060", "numbers of the format", "dropped", Fate.REFUTED)
@control
def test_refuted_for_numbers_that_are_rounded_on_entry() -> None:
    """W = 1 + 2^-24 (1 - 2^-8) is 1 in float32, and loses as much again in the step."""
    small = fmpq(1, 2**24) * (1 - fmpq(1, 2**8))
    step = Step.of([column(1 + small)], column(1 + small + fmpq(1)), small)
    unchecked = Unchecked(SINGLE.name, SINGLE.precision, SINGLE.least, SINGLE.greatest)
    stored = replace(step, weights=(column(SINGLE.nearest(1 + small)),), outputs=column(fmpq(2)))
    bounds = rounding_bound(step, unchecked, scalings=1)
    assert within(step, simulated_step(stored, MACHINE), bounds).fails
    with pytest.raises(ValueError, match="expected a normal number of float32"):
        rounding_bound(step, SINGLE, scalings=1)


@ablates("DL-060", "no overflow", "dropped", Fate.REFUTED)
@control
def test_refuted_where_a_product_overflows() -> None:
    """1 <- 1, m = 1 in float16: X^2 = 2^18 is infinite, though neither W X nor the step is large."""
    x, w = column(fmpq(2**9)), column(fmpq(1, 2**9))
    step = Step.of([w], column(fmpq(1, 2)), fmpq(1, 2**10), inputs=x)
    machine = Machine(HALF, Plain())
    assert abs(simulated_step(step, machine)[0] - step.moved[0])[0, 0] == 0
    with pytest.raises(OverflowError):
        machine.product(x, x.T)
    with pytest.raises(ValueError, match="every association are finite in float16"):
        rounding_bound(step, HALF, flush=False)


@ablates("DL-060", "scalings", "dropped", Fate.REFUTED)
@control
def test_refuted_with_one_scaling_more() -> None:
    """q = 1 where eta and one part of kappa are applied."""
    part = leading(SCALED[-1])
    step = worst_step((1, 1), 1, SCALED[:-1], part)
    assert within(step, simulated_step(step, MACHINE, [part]), rounding_bound(step, SINGLE, scalings=1)).fails


def strassen(left: ObjectArray, right: ObjectArray, rounded: Callable[[fmpq], fmpq] = SINGLE.nearest) -> ObjectArray:
    """The product of two 2 x 2 matrices by seven products, rounded after every operation."""

    def total(*terms: fmpq) -> fmpq:
        found = terms[0]
        for term in terms[1:]:
            found = rounded(found + term)
        return found

    def product(one: fmpq, other: fmpq) -> fmpq:
        return rounded(one * other)

    (a, b), (c, d) = left
    (e, f), (g, h) = right
    m1, m2, m3 = product(total(a, d), total(e, h)), product(total(c, d), e), product(a, total(f, -h))
    m4, m5 = product(d, total(g, -e)), product(total(a, b), h)
    m6, m7 = product(total(c, -a), total(e, f)), product(total(b, -d), total(g, h))
    entries = [total(m1, m4, -m5, m7), total(m3, m5), total(m2, m4), total(m1, m3, -m2, m6)]
    return np.array(entries, dtype=object).reshape(2, 2)


@ablates("DL-060", "one index at a time", "dropped", Fate.REFUTED)
@control
def test_refuted_for_products_of_strassens_kind() -> None:
    """2 <- 2, m = 2, X = I, Y = 0: a small entry of W is lost beside the large ones; unrounded it is a product."""
    one, other = np.array([[2, 3], [5, 7]], dtype=object), np.array([[11, 13], [17, 19]], dtype=object)
    assert (strassen(one, other, lambda exactly: exactly) == one @ other).all()
    w = np.array([[fmpq(1), fmpq(1)], [fmpq(1, 2**30), fmpq(1, 2**30)]], dtype=object)
    eye = np.array([[fmpq(1), fmpq(0)], [fmpq(0), fmpq(1)]], dtype=object)
    step = Step.of([w], 0 * eye, fmpq(1, 2), inputs=eye)
    bounds = rounding_bound(step, SINGLE, scalings=1)
    assert within(step, simulated_step(step, MACHINE), bounds).holds
    computed = MACHINE.difference(w, MACHINE.scaled(fmpq(1, 2), MACHINE.product(strassen(w, eye), eye)))
    assert within(step, [computed], bounds).fails


@control
def test_underflow_on_the_way_counts() -> None:
    """Without U_j: 1 <- 1 <- 1, W_2 W_1 = 2^-128 is flushed to 0 before X = 2^40 and eta = 2^40 come to it."""
    w, x, rate = column(fmpq(1, 2**64)), column(fmpq(2**40)), fmpq(2**40)
    step = Step.of([w, w], column(fmpq(0)), rate, inputs=x)
    computed = simulated_step(step, Machine(SINGLE, Plain(), flush=True))
    assert within(step, computed, rounding_bound(step, SINGLE, scalings=1)).holds
    unit, tau = SINGLE.unit, SINGLE.underflow(flush=True)
    without = [
        (1 + unit) * rate * SINGLE.gamma(count) * magnitude + unit * abs(moved) + tau
        for count, magnitude, moved in zip(roundings(step, 1), step.magnitudes, step.moved, strict=True)
    ]
    assert within(step, computed, without).fails


class OneFactorLess(Format):
    """A format of which one rounding of a factor is not counted."""

    def product_gamma(self, roundings: int) -> fmpq:
        return super().product_gamma(roundings - 1)


@control
def test_every_rounding_of_a_factor_counts() -> None:
    """TF32 at 1 <- 1, m = 1: W, X, the residual and X again each lose 2^-11 (1 - 2^-8), 2 c_1 = 4 roundings in all."""
    tf32, small = FORMATS["tf32"], fmpq(1, 2**11) * (1 - fmpq(1, 2**8))
    step = Step.of([column(1 + small)], column(-small), fmpq(1), inputs=column(1 + small))
    computed = simulated_step(step, Machine(tf32, Plain()))
    assert within(step, computed, rounding_bound(step, tf32, scalings=1)).holds
    less = OneFactorLess(tf32.name, tf32.precision, tf32.least, tf32.greatest, tf32.product_precision)
    assert within(step, computed, rounding_bound(step, less, scalings=1)).fails


class NoUnderflow(Format):
    """A format whose bounds take tau for 0."""

    def underflow(self, *, flush: bool) -> fmpq:
        return fmpq(0)


@control
@pytest.mark.parametrize("flush", [False, True])
def test_underflow_counts(flush: bool) -> None:
    """tau = 0 is refuted, and where subnormals are flushed so is half the smallest subnormal for tau: W = 0, and eta D
    half the smallest number that is left."""
    smallest = SINGLE.smallest_normal * (1 if flush else 2 * SINGLE.unit)
    size = fmpq(1, 2**64)
    step = Step.of([column(fmpq(0))], column(size), smallest / size / 2)
    machine = Machine(SINGLE, Plain(), flush=flush)
    computed = simulated_step(step, machine)
    assert computed[0][0, 0] == 0
    assert within(step, computed, rounding_bound(step, SINGLE, flush=flush, scalings=1)).holds
    without = NoUnderflow(SINGLE.name, SINGLE.precision, SINGLE.least, SINGLE.greatest)
    assert within(step, computed, rounding_bound(step, without, scalings=1)).fails
    if flush:
        assert within(step, computed, rounding_bound(step, SINGLE, flush=False, scalings=1)).fails
