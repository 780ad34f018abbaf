"""One step on drawn samples, in exact rationals; the sums of some steps; runs on real data."""

from dataclasses import dataclass

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import exact, sampled
from claims.suite.statistics import generator
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.shallow import LeakySamples
from strategies import DATASETS, dyadic_matrices, orthogonal_matrices, regression

SLOPES = (fmpq(0), fmpq(1, 10), fmpq(1, 3), fmpq(1, 2), fmpq(1))


@dataclass(frozen=True)
class Realisable:
    """Samples with labels by ``truth``; ``largest`` is lambda, or the trace of S, which is not less."""

    samples: LeakySamples
    truth: ObjectArray
    largest: fmpq


def realisable(inputs: ObjectArray, truth: ObjectArray, slope: fmpq, kink: fmpq) -> LeakySamples:
    """Samples with y_i = s(w*.x_i)."""
    outputs = LeakySamples(inputs, arithmetic.exact(np.zeros(len(inputs))), slope).outputs_of(truth[None])
    return LeakySamples(inputs, outputs, slope, kink)


@st.composite
def realisables(draw: st.DrawFn, *, slopes: tuple[fmpq, ...] = SLOPES) -> Realisable:
    """Up to 4 dimensions and 6 samples, zeros and repeated ones among them; or orthogonal samples, whose lambda is the
    largest |x_i|^2/n. s'(0) is alpha, 1 or between."""
    size = draw(st.integers(1, 4))
    slope = draw(st.sampled_from(slopes))
    kink = slope + (1 - slope) * draw(st.sampled_from([fmpq(0), fmpq(1, 2), fmpq(1)]))
    truth = arithmetic.exact(draw(dyadic_matrices(1, size)))[0]
    if draw(st.booleans()):
        lengths = arithmetic.exact(draw(st.lists(st.integers(1, 4), min_size=size, max_size=size)))
        inputs = draw(orthogonal_matrices(size)) * lengths[:, None]
        largest = max(lengths) ** 2 / size
    else:
        inputs = arithmetic.exact(draw(dyadic_matrices(draw(st.integers(1, 6)), size)))
        largest = (inputs * inputs).sum() / len(inputs)
    return Realisable(realisable(inputs, truth, slope, kink), truth, largest)


def one_step(
    data: Realisable, point: ObjectArray, rate: fmpq, *, two: fmpq | int = 2, part: fmpq | int = 1
) -> Comparison:
    """|w' - w*|^2 <= |w - w*|^2 - eta (2 - eta lambda) rho."""
    before = point - data.truth
    after = before - rate * data.samples.gradient(point[None])[0]
    fall = rate * (two - rate * part * data.largest) * data.samples.gated_value(point[None])[0]
    return Comparison(after @ after, "<=", before @ before - fall, "|w' - w*|^2")


@exact
@given(realisables(), st.data())
def test_one_step(data: Realisable, draws: st.DataObject) -> None:
    """Six points each, some on kinks, w* and 0 among them; eta from 0 to 4 over lambda, or over the trace."""
    points = arithmetic.exact(draws.draw(dyadic_matrices(4, len(data.truth))))
    rate = fmpq(draws.draw(st.integers(0, 16)), 4) / (data.largest or fmpq(1))
    for point in (*points, 0 * data.truth, data.truth):
        assert compare(one_step(data, point, rate)).holds


def sums(data: Realisable, start: ObjectArray, rate: fmpq, steps: int) -> tuple[fmpq, fmpq]:
    """Of rho and of l over the first steps."""
    point, rho, loss = start, fmpq(0), fmpq(0)
    for _ in range(steps):
        rho += data.samples.gated_value(point[None])[0]
        loss += data.samples.value(point[None])
        point = point - rate * data.samples.gradient(point[None])[0]
    return rho, loss


def bound(data: Realisable, start: ObjectArray, rate: fmpq) -> fmpq:
    """|w_0 - w*|^2 / (eta (2 - eta lambda)), for rho; half of it over alpha is that for l."""
    gap = start - data.truth
    found: fmpq = (gap @ gap) / (rate * (2 - rate * data.largest))
    return found


@exact
@given(realisables(slopes=SLOPES[1:]), dyadic_matrices(1, 4), st.integers(1, 7))
def test_the_sums_of_some_steps(data: Realisable, entries: ObjectArray, eighths: int) -> None:
    """Ten steps, eta from 1/4 to 7/4 over lambda, or over the trace."""
    start = arithmetic.exact(entries[0, : len(data.truth)])
    rate = fmpq(eighths, 4) / (data.largest or fmpq(1))
    rho, loss = sums(data, start, rate, 10)
    limit = bound(data, start, rate)
    assert compare(Comparison(rho, "<=", limit, "sum of rho")).holds
    assert compare(Comparison(loss, "<=", limit / (2 * data.samples.slope), "sum of l")).holds
    assert compare(Comparison(rho, ">=", 2 * data.samples.slope * loss, "rho against 2 alpha l")).holds


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("slope", [0.1, 0.5])
def test_runs_on_real_data_interpolate(name: str, slope: float) -> None:
    """Whitened real inputs, labels by a Gaussian w*, 20 Gaussian starts at once, eta = 1/lambda, 3000 float64 steps:
    the sum of the losses is below 999/1000 of its bound, and the last loss below 10^-6 of the first."""
    inputs = np.ascontiguousarray(regression(name).inputs.T)
    random = generator("DL-048", name)
    truth, points = random.standard_normal(inputs.shape[1:]), random.standard_normal((20, 1, inputs.shape[1]))
    outputs = LeakySamples(inputs, np.zeros(len(inputs)), slope).outputs_of(truth[None])
    samples = LeakySamples(inputs, outputs, slope)
    rate = 1 / float(np.linalg.norm(samples.covariance(), 2))
    limit = ((points[:, 0] - truth) ** 2).sum(axis=1) / (2 * slope * rate)
    first, total = samples.value(points), np.zeros(20)
    for _ in range(3000):
        total += samples.value(points)
        points = points - rate * samples.gradient(points)
    assert (total < 0.999 * limit).all()
    assert (samples.value(points) < 1e-6 * first).all()
