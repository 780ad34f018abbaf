"""Each hypothesis is needed; the ray; the ball of the source; complete runs."""

import math

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given

from claims.shallow_trajectories.relu_teacher import one_point, one_step
from claims.suite import Fate, ablates, control, sampled, witness
from claims.suite.statistics import generator
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, compare, settle
from strategies import VectorPair, vector_pairs


@control
@ablates("DL-047", "step size", "2 < eta < 4", Fate.RATE)
@pytest.mark.parametrize("eta", [2 + fmpq(1, 1000), fmpq(5, 2), fmpq(3), fmpq(7, 2), 4 - fmpq(1, 1000)])
def test_refuted_with_a_longer_step(eta: fmpq) -> None:
    """q = eta/2 - 1 in (0, 1), c = (1 - q)/4, w_0 = (1 + q + c)/q w*: w_1 = -c w*, w_2 = q c w*, and 1 - q c > q + q c,
    which is q^2 |w_0 - w*|. At eta = 2 the same w_0 is at w* after one step."""
    q = eta / 2 - 1
    c = (1 - q) / 4
    start = one_step.on_the_line((1 + q + c) / q)
    assert one_step.distances_squared(start, eta, 2)[1:] == [(1 + c) ** 2, (1 - q * c) ** 2]
    assert compare(one_step.rate_of(start, eta, 1)).holds
    assert compare(one_step.rate_of(start, eta, 2)).fails
    assert one_step.distances_squared(start, fmpq(2), 1)[1] == 0


@control
def test_refuted_that_the_angle_decreases_with_a_longer_step() -> None:
    """eta = 5/2, |w| = 100 |w*|, tan th/2 = 1/3: a < 0, and cot th' < cot th; at eta = 2 it is larger."""
    u, v = arithmetic.exact([100, 0]), arithmetic.exact(np.array([fmpq(4, 5), fmpq(3, 5)]))
    pair = VectorPair(u, v, fmpq(100), fmpq(1), (fmpq(1), fmpq(3)))
    assert settle(lambda: one_step.side(pair, fmpq(5, 2))).fails
    assert settle(lambda: one_step.side(pair, fmpq(2))).holds
    moved = u - fmpq(5, 2) * shallow.population_gradient(u[None], v[None])[0]
    after, before = shallow.angle_between(moved, np.array([arb(x) for x in v])), pair.angle
    assert compare(Comparison(after.radians, "<", before.radians, "th' against th")).fails


def loss_on_the_ray(c: fmpq) -> arb:
    """l(-c w*) for w* = (3, 4)."""
    truth = arithmetic.exact([[3, 4]])
    value: arb = shallow.population_loss(-c * truth, truth)
    return value


@control
@ablates("DL-047", "angle below pi", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("eta", [fmpq(1, 2), fmpq(1), fmpq(3, 2)])
def test_refuted_on_the_ray(eta: fmpq) -> None:
    """w_t = -c (1 - eta/2)^t w*, of which the solver's step has the factor, exactly; l > |w*|^2/4 = 25/4, to which it
    decreases: it is 25/4 (1 + c^2)."""
    truth = arithmetic.exact([[3, 4]])
    point = -2 * truth
    for t in range(1, 6):
        point = point - eta * shallow.population_gradient(point, truth)
        assert not [a for a in (point + 2 * (1 - eta / 2) ** t * truth).ravel() if not abs(arb(a)) < fmpq(1, 2**40)]
        c = 2 * (1 - eta / 2) ** t
        assert settle(lambda c=c: Comparison(loss_on_the_ray(c), ">", fmpq(25, 4), "l on the ray")).holds  # type: ignore[misc]
        assert settle(
            lambda c=c: Comparison(abs(loss_on_the_ray(c) - fmpq(25, 4) * (1 + c**2)), "<", fmpq(1, 2**40), "l")  # type: ignore[misc]
        ).holds
    assert (one_step.distances_squared(VectorPair(-truth[0], truth[0], fmpq(5), fmpq(5), (fmpq(1), fmpq(0))), eta, 1))[
        1
    ] == (2 - eta / 2) ** 2


@control
@ablates("DL-047", "start not zero", "dropped", Fate.REFUTED)
def test_refuted_from_zero() -> None:
    """With s'(0) = 0 the gradient at w = 0 is 0 for any data: here of four points, of which none is seen."""
    inputs = arithmetic.exact([[1, 2], [-1, 0], [0, -3], [2, -2]])
    samples = shallow.LeakySamples(inputs, np.array([max(x @ arithmetic.exact([1, 1]), fmpq(0)) for x in inputs]))
    zero = arithmetic.exact(np.zeros((1, 2)))
    assert (samples.gradient(zero) == zero).all()
    assert compare(Comparison(samples.value(zero), "<=", fmpq(0), "l at zero")).fails


@control
@ablates("DL-047", "Gaussian data", "dropped", Fate.REFUTED)
def test_refuted_for_other_data() -> None:
    """x = (1, 0) always, w* = (1, 0), w_0 = (-1, 1): th_0 = 3pi/4, w_0.x < 0, and the gradient is 0 for ever."""
    samples = shallow.LeakySamples(arithmetic.exact([[1, 0]]), arithmetic.exact([1]))
    start = arithmetic.exact([[-1, 1]])
    assert (samples.gradient(start) == 0 * start).all()
    assert samples.value(start) == fmpq(1, 2)


@control
@ablates("DL-047", "step size", "eta = 4", Fate.REFUTED)
def test_refuted_at_four() -> None:
    """w*/2 and 3/2 w* for ever, in turn."""
    start = one_step.on_the_line(fmpq(1, 2))
    assert one_step.distances_squared(start, fmpq(4), 6) == [fmpq(1, 4)] * 7


@control
@ablates("DL-047", "step size", "dropped", Fate.REFUTED)
def test_refuted_with_any_step() -> None:
    """eta = 8: -w*/2 and 3/2 w* for ever, in turn; from th_0 = 0, where eta = 2 is at w* after one step."""
    start = one_step.on_the_line(fmpq(3, 2))
    assert one_step.distances_squared(start, fmpq(8), 6) == [fmpq(1, 4), fmpq(9, 4)] * 3 + [fmpq(1, 4)]
    assert one_step.distances_squared(start, fmpq(2), 6)[1:] == [fmpq(0)] * 6


@witness
@given(vector_pairs(min_dimension=2, parallel=False, opposite=False))
def test_the_ball_of_the_source_is_not_needed(pair: VectorPair) -> None:
    """In the ball th < pi/2 and kappa > 1/4 - 1/2pi; outside kappa is still positive, as far as th < pi."""
    state = one_point.State.of(pair)
    assert settle(lambda: Comparison(one_point.State.of(pair).kappa, ">", fmpq(0), "kappa")).holds
    if state.distance_squared < state.truth**2:
        assert pair.angle.cosine > 0
        least = fmpq(1, 4) - 1 / (2 * arb.pi())
        assert settle(lambda: Comparison(one_point.State.of(pair).kappa, ">", least, "kappa in the ball")).holds


def runs(size: int, rate: float, steps: int) -> tuple[shallow.UnitTrajectory, np.ndarray]:
    """300 Gaussian starts of length about 1 in R^size towards e_1, and the theorem's factors."""
    starts = generator("DL-047", size).standard_normal((300, size)) / math.sqrt(size)
    target = np.eye(size)[0]
    run = shallow.unit_descent(starts, target, learning_rate=rate / 2, steps=steps, record=range(steps))
    kappa = shallow.gated_eigenvalues(shallow.angle_between(starts, target))[0]
    return run, 1 - rate * (2 - rate / 2) * kappa


@sampled
@pytest.mark.parametrize("rate", [0.25, 1.0, 2.0])
@pytest.mark.parametrize("size", [2, 10])
def test_runs_keep_the_bound(size: int, rate: float) -> None:
    """300 starts, 300 steps in float64: below the bound at every step from the first on, as long as the bound is above
    2^-80 |w*|^2, which rounding stays far below; a third of the starts at least are outside of the source's ball."""
    run, factors = runs(size, rate, 300)
    bound = factors[:, None] ** run.recorded * run.distance[:, :1] ** 2
    counted = (bound > 2.0**-80) & (run.recorded > 0)
    assert counted.sum() > 300 * 30
    assert (run.distance**2 < bound)[counted].all()
    assert ((np.diff(run.angle, axis=1) < 0) | (run.angle[:, :-1] < 1e-300)).all()
    assert (run.distance[:, 0] >= 1).mean() > 1 / 3
    assert run.distance[:, -1].max() < run.distance[:, 0].max() / 100


@witness
def test_on_the_line_half_of_the_starts_are_lost() -> None:
    """d = 1, w_0 = -1 and 1 towards w* = 2: one stays below 0, the other is within 1/1000."""
    run = shallow.unit_descent(np.array([[-1.0], [1.0]]), np.array([2.0]), learning_rate=0.5, steps=20)
    assert (run.angle[0] == math.pi).all()
    assert -1e-5 < run.point[0, 0] < 0
    assert abs(run.point[1, 0] - 2) < 1e-3
