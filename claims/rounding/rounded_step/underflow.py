"""Underflow in sub-products: what is lost there is multiplied by the learning rate, by kappa, by X and by Y."""

import numpy as np
import pytest
from flint import fmpq

from claims.rounding.rounded_step.distances import column, within
from claims.suite import exact
from solvers.arithmetic import Comparison, compare
from solvers.arithmetic.formats import FORMATS
from solvers.descent.rounded_step import Step, rounding_bound
from solvers.descent.simulated_step import Machine, Plain, simulated_step

SINGLE = FORMATS["float32"]
FLUSHED = Machine(SINGLE, Plain(), flush=True)
TINY = fmpq(1, 2**64)
"""A number whose square is flushed to 0."""


@exact
@pytest.mark.parametrize(
    ("rate", "scale", "size"), [(2**20, 1, 1), (1, 2**20, 1), (1, 1, 2**10), (2**40, 2**20, 2**10)]
)
def test_a_sub_product_is_lost_before_the_large_factors(rate: int, scale: int, size: int) -> None:
    """W_2 = (2^-64, 1), W_1 = (2^-64, 0)^T and X = ``size``: W_2 W_1 is flushed to 0, and in the second row of D_1,
    where no small factor is left, all of eta kappa 2^-128 X^2 is lost; more than 1000 times the smallest number."""
    weights = [column(TINY, fmpq(0)), column(TINY, fmpq(1)).T]
    step = Step.of(weights, column(fmpq(0)), fmpq(rate), inputs=column(fmpq(size)), scale=scale)
    computed = simulated_step(step, FLUSHED, [fmpq(scale)])
    assert computed[0][1, 0] == 0
    lost = abs(step.moved[0][1, 0])
    assert compare(Comparison(lost, ">", 1000 * SINGLE.smallest_normal, "what is lost")).holds
    assert within(step, computed, rounding_bound(step, SINGLE, scalings=2)).holds


@exact
def test_a_sub_product_is_lost_before_a_large_target() -> None:
    """1 <- 1 <- 1 <- 1, W_3 = W_2 = 2^-64, W_1 = 0 and Phi = 2^40, with W_3 W_2 formed first: 2^-88 is lost."""
    tiny, zero, target = column(TINY), column(fmpq(0)), column(fmpq(2**40))
    step = Step.of([zero, tiny, tiny], target, fmpq(1))
    after = FLUSHED.product(tiny, tiny)
    residual = FLUSHED.difference(FLUSHED.product(after, zero), target)
    update = FLUSHED.scaled(fmpq(1), FLUSHED.product(after, residual))
    assert np.all(update == 0)
    computed = [FLUSHED.difference(zero, update), *step.moved[1:]]
    assert step.moved[0][0, 0] == fmpq(1, 2**88)
    assert within(step, computed, rounding_bound(step, SINGLE, scalings=1), [0]).holds
