"""How sharp the bound is: samples chosen one by one so that the trajectory bends along a circle.

The samples are x = (1, c), y = 1, with b = (1, 0), B = 1: every update adds the same to <W, V>, and c is the largest
multiple of 1/1024 up to some greatest one for which the network still has N(x) < 1. While every unit has one slope s,
N(x) = s <z, x> for z = v (sum w_i - sum u_i), and z moves by eta s x (v = 1 / sqrt(2k)).

- The factor of 1/eta. From W = 0 with small eta, <z, x> stays just below 1: z moves on the circle |z|^2 = 2 z_1.
- The factor of R_0. From z = -R_0 b, <z, x> stays near 0: z moves on the circle |z| = R_0, to R_0 b.
"""

import numpy as np
import pytest
from flint import fmpq

from claims.suite import Fate, ablates, control, exact, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, settle
from solvers.shallow import LeakyNetwork, UpdateBound, cyclic_descent, hinge_step, update_bound

HALF = fmpq(1, 2)
"""v for k = 2, where 2k v^2 = 1."""

AXIS = arithmetic.exact([1, 0])
"""b of the samples (1, c)."""


def within(updates: int, bound: Scalar) -> Comparison:
    """T <= bound."""
    return Comparison(fmpq(updates), "<=", bound, "updates against their bound")


def kept(updates: int, bound: UpdateBound) -> Comparison:
    """T <= the statement's bound, evaluated anew at each precision."""
    return within(updates, bound.value())


def next_sample(network: LeakyNetwork, greatest: int) -> ObjectArray | None:
    """(1, c) with N < 1 and c <= greatest, None where even c = -greatest has N >= 1, or z_2 <= 0."""
    z = network.output * (network.weights[: network.units].sum(axis=0) - network.weights[network.units :].sum(axis=0))
    slope = network.slope if z[1] != 0 or z[0] != 0 else fmpq(1)
    highest = fmpq(greatest) if z[1] == 0 else (1 / slope - z[0]) / z[1] if z[1] > 0 else fmpq(-greatest)
    c = min(fmpq((highest * 1024).ceil() - 1, 1024), fmpq(greatest))
    sample = arithmetic.exact(np.array([fmpq(1), max(c, fmpq(-greatest))]))
    return sample if network.value(sample) < 1 else None


def bent(network: LeakyNetwork, rate: fmpq, greatest: int) -> tuple[int, UpdateBound]:
    """The updates that are made until no sample is left, each on its own sample, and the bound for all of them."""
    start, samples, one = network, [], fmpq(1)
    while (sample := next_sample(network, greatest)) is not None:
        network, updated = hinge_step(network, sample, one, rate)
        assert updated
        samples.append(sample)
    labels = arithmetic.exact(np.ones(len(samples)))
    return len(samples), update_bound(start, np.stack(samples), labels, AXIS, rate)


def from_zero(rate: fmpq) -> tuple[int, UpdateBound]:
    """W = 0, al = 1."""
    return bent(LeakyNetwork(arithmetic.exact(np.zeros((4, 2))), HALF, fmpq(1)), rate, 4)


def from_afar(slope: fmpq, rate: fmpq) -> tuple[int, UpdateBound]:
    """z = -400 b; where al < 1 all weights are moved by -60 b too, so that every unit has the slope al."""
    lifted = [[-200 - (0 if slope == 1 else 60), 0]] * 2 + [[200 - (0 if slope == 1 else 60), 0]] * 2
    return bent(LeakyNetwork(arithmetic.exact(lifted), HALF, slope), rate, 7)


@control
def test_the_factor_of_the_second_term_is_attained() -> None:
    """eta = 1/1000, al = 1, W = 0: 19/10 in place of 2 is refuted; 2 holds."""
    updates, bound = from_zero(fmpq(1, 1000))
    assert settle(lambda: within(updates, bound.value())).holds
    assert settle(lambda: within(updates, bound.value((1, fmpq(19, 10), 2)))).fails


@control
@pytest.mark.parametrize(
    ("slope", "rate", "factor"), [(fmpq(1), fmpq(2, 5), fmpq(19, 10)), (fmpq(1, 4), fmpq(8, 5), fmpq(3, 2))]
)
def test_the_factor_and_the_power_of_the_third_term_are_attained(slope: fmpq, rate: fmpq, factor: fmpq) -> None:
    """R_0 = 400 and more: a smaller factor is refuted, at al = 1/4 the power 0 of 1/al too; 2 and 1 hold."""
    updates, bound = from_afar(slope, rate)
    assert settle(lambda: within(updates, bound.value())).holds
    assert settle(lambda: within(updates, bound.value((1, 2, factor)))).fails
    assert slope == 1 or settle(lambda: within(updates, bound.value(powers=(1, 2, 0)))).fails


def orthonormal(count: int, rate: fmpq) -> tuple[int, UpdateBound]:
    """The samples e_1, ..., e_n of alternating labels, al = 1, W = 0."""
    vectors, start = arithmetic.exact(np.eye(count)), arithmetic.exact(np.zeros((4, count)))
    labels = arithmetic.exact([1 - 2 * (i % 2) for i in range(count)])
    network = LeakyNetwork(start, HALF, fmpq(1))
    run = cyclic_descent(network, vectors, labels, learning_rate=rate, passes=1000)
    assert run.clean
    return run.updates, update_bound(network, vectors, labels, labels, rate)


@exact
@pytest.mark.parametrize("rate", [fmpq(1, 7), fmpq(2, 3), fmpq(1), fmpq(100)])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_orthonormal_samples(count: int, rate: fmpq) -> None:
    """T = n ceil(1/eta), B^2 = n; the bound n (1 + 2/eta)."""
    updates, bound = orthonormal(count, rate)
    assert updates == count * (1 / rate).ceil()
    assert bound.value() == count * (1 + 2 / rate)
    assert settle(lambda: within(updates, bound.value())).holds


@control
def test_the_factor_of_the_first_term_is_attained() -> None:
    """n = 5, eta = 100: 9/10 in place of 1 is refuted, and so is a bound without the first term."""
    updates, bound = orthonormal(5, fmpq(100))
    assert settle(lambda: within(updates, bound.value((fmpq(9, 10), 2, 2)))).fails
    assert settle(lambda: within(updates, bound.value((0, 2, 2)))).fails


@control
def test_refuted_without_the_second_term() -> None:
    """One sample, eta = 1/100, W = 0: T = 100."""
    updates, bound = orthonormal(1, fmpq(1, 100))
    assert updates == 100
    assert settle(lambda: within(updates, bound.value())).holds
    assert settle(lambda: within(updates, bound.value((1, 0, 2)))).fails


def two_samples(rate: fmpq) -> tuple[int, UpdateBound]:
    """al = 1/50, x = (0, 1), (-1/2, -3/8), y = 1; weights of a few units, small beside eta."""
    vectors = arithmetic.exact([[0, 1], [-1 / 2, -3 / 8]])
    labels, separator = arithmetic.exact([1, 1]), arithmetic.exact([-11 / 4, 1])
    network = LeakyNetwork(arithmetic.exact([[2, -2], [-1, -1], [1, 1], [1, 0]]), HALF, fmpq(1, 50))
    run = cyclic_descent(network, vectors, labels, learning_rate=rate, passes=100)
    assert run.clean
    return run.updates, update_bound(network, vectors, labels, separator, rate)


@control
@ablates("DL-053", "leaky slope", "the first term without al", Fate.REFUTED)
def test_refuted_without_a_power_of_al_in_the_first_term() -> None:
    """eta = 10^5: T = 27, B^2 rho^2 = 137/16, the two other terms below 1/2 together."""
    updates, bound = two_samples(fmpq(10**5))
    assert updates == 27
    assert settle(lambda: within(updates, bound.value())).holds
    assert settle(lambda: within(updates, bound.value(powers=(0, 2, 1)))).fails


def inactive(slope: fmpq, rate: fmpq) -> tuple[int, UpdateBound]:
    """x = 1, y = 1, all weights -1 / (2 al), which is -1 / (al sqrt(2k)) for k = 2: every unit has the slope al."""
    weights = arithmetic.exact(np.ones((4, 1))) * (-1 / (2 * slope))
    network = LeakyNetwork(weights, HALF, slope)
    one = arithmetic.exact([1])
    run = cyclic_descent(network, one[:, None], one, learning_rate=rate, passes=10000)
    assert run.clean
    return run.updates, update_bound(network, one[:, None], one, one, rate)


@exact
@pytest.mark.parametrize("slope", [fmpq(1), fmpq(1, 2), fmpq(1, 5)])
@pytest.mark.parametrize("rate", [fmpq(1, 10), fmpq(3, 7), fmpq(2)])
def test_units_on_the_small_slope(slope: fmpq, rate: fmpq) -> None:
    """T = ceil(1 / (eta al^2)) against 1/al + 4 / (eta al^2)."""
    updates, bound = inactive(slope, rate)
    assert updates == (1 / (rate * slope**2)).ceil()
    assert bound.value() == 1 / slope + 4 / (rate * slope**2)


@control
def test_refuted_without_the_square_of_al() -> None:
    """al = 1/20, eta = 1/10: T = 4000. 1/al in the second term and none in the third will not do."""
    updates, bound = inactive(fmpq(1, 20), fmpq(1, 10))
    assert updates == 4000
    assert settle(lambda: within(updates, bound.value(powers=(1, 1, 0)))).fails


@control
def test_refuted_without_the_third_term() -> None:
    """al = 1/3, eta = 1, x = 1, w_i = -50, u_i = 50, R_0 = 100."""
    one, weights = arithmetic.exact([1]), arithmetic.exact([[-50], [-50], [50], [50]])
    network = LeakyNetwork(weights, HALF, fmpq(1, 3))
    run = cyclic_descent(network, one[:, None], one, learning_rate=fmpq(1), passes=1000)
    assert run.clean
    bound = update_bound(network, one[:, None], one, one, fmpq(1))
    assert settle(lambda: within(run.updates, bound.value())).holds
    assert settle(lambda: within(run.updates, bound.value((1, 2, 0)))).fails


@witness
def test_the_circle_is_where_the_steps_go() -> None:
    """eta = 1/1000, W = 0: z ends within 1/10 of 2 b, and |z|^2 = 2 z_1 is met at each hundredth step within 1/10."""
    network = LeakyNetwork(arithmetic.exact(np.zeros((4, 2))), HALF, fmpq(1))
    rate, one, gaps = fmpq(1, 1000), fmpq(1), []
    for step in range(1800):
        sample = next_sample(network, 4)
        assert sample is not None
        network, _ = hinge_step(network, sample, one, rate)
        z = HALF * (network.weights[:2].sum(axis=0) - network.weights[2:].sum(axis=0))
        if step % 100 == 99:
            gaps.append(abs(z[0] ** 2 + z[1] ** 2 - 2 * z[0]))
    assert len(gaps) == 18
    assert max(gaps) < fmpq(1, 10)
