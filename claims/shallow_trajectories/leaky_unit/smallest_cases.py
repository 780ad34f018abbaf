"""Each hypothesis and each constant is needed: one sample or two, in exact rationals."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_trajectories.leaky_unit.drawn_samples import Realisable, bound, one_step, realisable, sums
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.shallow import LeakySamples

ONE = arithmetic.exact([1])


def one_sample(slope: fmpq) -> Realisable:
    """x = 1, w* = 1, lambda = 1."""
    return Realisable(realisable(ONE[None], ONE, slope, slope), ONE, fmpq(1))


KINKS = (fmpq(11, 10), fmpq(1))
RATES = st.integers(1, 20).map(lambda k: fmpq(k, 5))


@control
@given(RATES, st.sampled_from([{"two": fmpq(2001, 1000)}, {"part": fmpq(999, 1000)}]))
def test_refuted_with_other_constants(rate: fmpq, changed: dict[str, fmpq]) -> None:
    """alpha = 1, one sample: |w' - w*|^2 = (1 - eta)^2 |w - w*|^2 exactly, for eta up to 4."""
    data, point = one_sample(fmpq(1)), 3 * ONE
    verdict = compare(one_step(data, point, rate))
    assert verdict.holds
    assert verdict.left == verdict.right
    assert compare(one_step(data, point, rate, **changed)).fails


@control
@ablates("DL-048", "step size", "eta = 2/lambda", Fate.REFUTED)
@pytest.mark.parametrize("slope", [fmpq(1), fmpq(1, 2)])
def test_refuted_at_twice_the_inverse(slope: fmpq) -> None:
    """w = 3/2, 1/2, 3/2, ... around w* = 1 for every alpha, since w > 0; l = 1/8 for ever. At 19/10 it falls."""
    data, point = one_sample(slope), fmpq(3, 2) * ONE
    assert sums(data, point, fmpq(2), 2)[1] == 2 * data.samples.value(point[None]) == fmpq(1, 4)
    assert after(data, after(data, point, fmpq(2)), fmpq(2)) == point
    assert compare(Comparison(loss_after(data, point, fmpq(19, 10)), "<", fmpq(1, 8), "l")).holds


@control
@ablates("DL-048", "step size", "dropped", Fate.REFUTED)
def test_refuted_with_a_longer_step() -> None:
    """alpha = 1, eta = 3: l grows fourfold a step."""
    data, point = one_sample(fmpq(1)), 2 * ONE
    assert loss_after(data, point, fmpq(3)) == 4 * data.samples.value(point[None])


def after(data: Realisable, point: ObjectArray, rate: fmpq) -> ObjectArray:
    """One step."""
    moved: ObjectArray = point - rate * data.samples.gradient(point[None])[0]
    return moved


def loss_after(data: Realisable, point: ObjectArray, rate: fmpq) -> fmpq:
    """l after one step."""
    value: fmpq = data.samples.value(after(data, point, rate)[None])
    return value


@control
@ablates("DL-048", "leaky", "dropped", Fate.REFUTED)
def test_refuted_without_a_leak() -> None:
    """alpha = 0, x = 1 and 2, w_0 = -1: no sample is seen, the gradient is 0 for ever and l = (1 + 4)/4."""
    inputs = arithmetic.exact([[1], [2]])
    samples = realisable(inputs, ONE, fmpq(0), fmpq(0))
    assert (samples.gradient(-ONE[None]) == 0 * ONE).all()
    assert samples.value(-ONE[None]) == fmpq(5, 4)
    leaking = realisable(inputs, ONE, fmpq(1, 10), fmpq(0))
    assert (leaking.gradient(-ONE[None]) < 0 * ONE).all()


@control
@ablates("DL-048", "realisable", "dropped", Fate.REFUTED)
@given(st.integers(-30, 30))
def test_refuted_with_other_labels(tenths: int) -> None:
    """x = 1 with y = 1 and y = -1: l = (s(w)^2 + 1)/2 >= 1/2 wherever descent may be."""
    samples = LeakySamples(arithmetic.exact([[1], [1]]), arithmetic.exact([1, -1]), fmpq(1, 2))
    value = samples.value(fmpq(tenths, 10) * ONE[None])
    assert compare(Comparison(value, ">=", fmpq(1, 2), "l")).holds
    assert samples.value(0 * ONE[None]) == fmpq(1, 2)


@control
@ablates("DL-048", "slopes at most 1", "dropped", Fate.REFUTED)
@pytest.mark.parametrize(("slope", "start"), [(fmpq(2), fmpq(-1)), (fmpq(11, 10), fmpq(-1)), (fmpq(-1), fmpq(-1, 2))])
def test_refuted_with_other_slopes(slope: fmpq, start: fmpq) -> None:
    """alpha = 2, 11/10 and -1, one sample, eta = 1/1000: a step gains less than is promised; with -1 it loses."""
    data = one_sample(slope)
    verdict = compare(one_step(data, start * ONE, fmpq(1, 1000)))
    assert verdict.fails
    inside = one_sample(fmpq(1))
    assert compare(one_step(inside, start * ONE, fmpq(1, 1000))).holds


@control
@ablates("DL-048", "slopes at most 1", "s'(0) = 11/10", Fate.REFUTED)
def test_refuted_with_a_larger_slope_at_zero() -> None:
    """From w = 0 with x = 1: |w' - w*|^2 = (1 - g eta)^2 for g = s'(0), and 1 - g eta (2 - eta) is less for g > 1."""
    steep, most = (Realisable(realisable(ONE[None], ONE, fmpq(1, 2), kink), ONE, fmpq(1)) for kink in KINKS)
    assert compare(one_step(steep, 0 * ONE, fmpq(1))).fails
    assert compare(one_step(most, 0 * ONE, fmpq(1))).holds


@witness
@pytest.mark.parametrize("rate", [fmpq(1, 4), fmpq(1), fmpq(7, 4)])
def test_the_first_sum_tends_to_its_bound(rate: fmpq) -> None:
    """alpha = 1: 1 - (1 - eta)^{2T} of it, exactly; T = 20."""
    data, start = one_sample(fmpq(1)), 5 * ONE
    assert sums(data, start, rate, 20)[0] == bound(data, start, rate) * (1 - (1 - rate) ** 40)


@control
@pytest.mark.parametrize(("slope", "steps"), [(fmpq(1, 25), 400), (fmpq(1, 100), 1000)])
def test_the_power_of_alpha_is_needed(slope: fmpq, steps: int) -> None:
    """x = 1, w* = 1, w_0 = -1, eta = 1/8: below 0 a step is at most eta alpha (1 + alpha), and l >= 1/2 there. The sum
    is at least (2 - eta)/(4 (1 + alpha)) of its bound: so alpha^{1/2} for alpha is refuted, and 1 too."""
    data, start, rate = one_sample(slope), -ONE, fmpq(1, 8)
    total, limit = sums(data, start, rate, steps)[1], bound(data, start, rate) / 2
    assert compare(Comparison(total, "<=", limit / slope, "sum of l")).holds
    assert compare(Comparison(total, ">=", limit / slope * (2 - rate) / (4 * (1 + slope)), "sum of l")).holds
    for power in (fmpq(1), arithmetic.square_root(slope)):
        assert compare(Comparison(total, "<=", limit / power, "sum of l, a lower power of alpha")).fails


@witness
def test_samples_that_are_zero() -> None:
    """lambda = 0: l = 0 everywhere, and nothing moves."""
    samples = realisable(arithmetic.exact(np.zeros((2, 1))), ONE, fmpq(1, 2), fmpq(1))
    assert samples.value(3 * ONE[None]) == 0
    assert (samples.gradient(3 * ONE[None]) == 0 * ONE).all()


@witness
def test_the_truth_need_not_be_unique() -> None:
    """x = (1, 0): every w* = (1, c) gives the labels; from (2, 5) descent ends at (1, 5)."""
    inputs = arithmetic.exact([[1, 0]])
    samples = realisable(inputs, arithmetic.exact([1, 0]), fmpq(1, 2), fmpq(1, 2))
    start = arithmetic.exact([2, 5])
    assert (start - samples.gradient(start[None])[0]).tolist() == [1, 5]
