"""Statement 3: what happens without a hypothesis, exactly."""

from functools import partial

import numpy as np
import pytest
from flint import fmpq

from claims.shallow_trajectories.separable_data.sharpness import HALF, kept, within
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic
from solvers.arithmetic import ObjectArray, settle
from solvers.shallow import LeakyNetwork, UpdateBound, cyclic_descent, hinge_descent, hinge_step, update_bound

ONE = fmpq(1)


def constant(value: fmpq | int, dimension: int = 1) -> ObjectArray:
    """All weights equal, k = 2."""
    weights: ObjectArray = arithmetic.exact(np.ones((4, dimension))) * fmpq(value)
    return weights


@control
@ablates("DL-053", "separable", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("slope", [fmpq(1, 3), fmpq(1), fmpq(1, 7)])
def test_refuted_for_data_that_is_not_separable(slope: fmpq) -> None:
    """x = 1 with both labels: after two updates, N = 1/2 in between, all weights are 5 again."""
    network = LeakyNetwork(constant(5), HALF, slope)
    vectors, labels = arithmetic.exact([[1], [1]]), arithmetic.exact([1, -1])
    run = hinge_descent(network, vectors, labels, learning_rate=HALF, order=range(2))
    assert run.updates == 2
    assert (run.network.weights == network.weights).all()
    between, _ = hinge_step(network, vectors[0], labels[0], HALF)
    assert between.value(vectors[0]) == HALF
    with pytest.raises(ValueError, match="separator has y <b, x> = -1 on sample 1"):
        update_bound(network, vectors, labels, arithmetic.exact([1]), HALF)


@control
@ablates("DL-053", "leaky slope", "dropped", Fate.REFUTED)
def test_refuted_for_dead_units() -> None:
    """al = 0, all w_i.x, u_i.x < 0 on x = 1: y N = 0 < 1 and nothing moves; a slope of 1/100 ends."""
    vectors, labels = arithmetic.exact([[1]]), arithmetic.exact([1])
    dead = LeakyNetwork(constant(-1), HALF, fmpq(0))
    run = cyclic_descent(dead, vectors, labels, learning_rate=ONE, passes=10)
    assert run.updates == 10
    assert (run.network.weights == dead.weights).all()
    assert dead.value(vectors[0]) == 0
    leaky = LeakyNetwork(constant(-1), HALF, fmpq(1, 100))
    assert cyclic_descent(leaky, vectors, labels, learning_rate=fmpq(100), passes=1000).clean


@control
@ablates("DL-053", "slope at zero", "dropped", Fate.REFUTED)
def test_refuted_for_a_flat_slope_at_zero() -> None:
    """W = 0 with sg'(0) = 0: nothing moves; with sg'(0) = al one update of eta = 100 is enough."""
    vectors, labels = arithmetic.exact([[1]]), arithmetic.exact([1])
    flat = LeakyNetwork(constant(0), HALF, fmpq(1, 10), fmpq(0))
    run = cyclic_descent(flat, vectors, labels, learning_rate=fmpq(100), passes=10)
    assert run.updates == 10
    assert not run.network.weights.any()
    usual = LeakyNetwork(constant(0), HALF, fmpq(1, 10))
    assert cyclic_descent(usual, vectors, labels, learning_rate=fmpq(100), passes=10).updates == 1


@control
@ablates("DL-053", "slope at zero", "below al", Fate.REFUTED)
def test_refuted_for_a_small_slope_at_zero() -> None:
    """W = 0, al = 1, sg'(0) = 1/1000, eta = 500, 8 orthonormal samples: each needs two updates, and 8 + 16/500 is the
    bound."""
    vectors, labels = arithmetic.exact(np.eye(8)), arithmetic.exact(np.ones(8))
    start = LeakyNetwork(constant(0, 8), HALF, ONE, fmpq(1, 1000))
    bound = update_bound(start, vectors, labels, labels, fmpq(500))
    run = cyclic_descent(start, vectors, labels, learning_rate=fmpq(500), passes=10)
    assert run.updates == 16
    assert settle(lambda: within(run.updates, bound.value())).fails


@control
@ablates("DL-053", "slope at zero", "above 1", Fate.REFUTED)
@pytest.mark.parametrize(("at_zero", "exceeds"), [(ONE, False), (fmpq(100), True)])
def test_refuted_for_a_large_slope_at_zero(at_zero: fmpq, exceeds: bool) -> None:
    """x = (1, -1/2), (-1/2, 1), al = 1, W = 0: an update with sg'(0) = 100 takes longer to undo than 26 updates."""
    vectors, labels = arithmetic.exact([[1, -1 / 2], [-1 / 2, 1]]), arithmetic.exact([1, 1])
    start = LeakyNetwork(constant(0, 2), HALF, ONE, at_zero)
    bound = update_bound(start, vectors, labels, arithmetic.exact([2, 2]), ONE)
    assert bound.value() == 26
    run = cyclic_descent(start, vectors, labels, learning_rate=ONE, passes=1000)
    assert run.clean
    assert settle(lambda: within(run.updates, bound.value())).fails == exceeds


@control
@ablates("DL-053", "slope at most one", "dropped", Fate.REFUTED)
def test_refuted_for_a_slope_above_one() -> None:
    """al = 4, eta large, n orthonormal samples: T = n, and the formula gives n/4 and little more."""
    n, rate = 8, fmpq(1000)
    start = LeakyNetwork(constant(0, n), HALF, fmpq(4))
    run = cyclic_descent(start, arithmetic.exact(np.eye(n)), arithmetic.exact(np.ones(n)), learning_rate=rate, passes=5)
    assert run.updates == n
    assert run.clean
    bound = UpdateBound(fmpq(n), ONE, fmpq(0), fmpq(4), rate, fmpq(1))
    assert settle(lambda: within(run.updates, bound.value())).fails
    assert settle(lambda: within(run.updates, bound.value((4, 2, 2)))).holds


@control
@ablates("DL-053", "output weights", "dropped", Fate.REFUTED)
def test_refuted_for_small_output_weights() -> None:
    """v = 1/20 for 1/2: one sample needs 100 updates of eta = 1, where 3 would be the bound; with 2k v^2 eta for eta it
    holds."""
    start = LeakyNetwork(constant(0), fmpq(1, 20), ONE)
    vectors, labels = arithmetic.exact([[1]]), arithmetic.exact([1])
    run = cyclic_descent(start, vectors, labels, learning_rate=ONE, passes=200)
    assert run.updates == 100
    as_it_stands = UpdateBound(ONE, ONE, fmpq(0), ONE, ONE, fmpq(1))
    assert settle(lambda: within(run.updates, as_it_stands.value())).fails
    scaled = update_bound(start, vectors, labels, arithmetic.exact([1]), ONE)
    assert scaled.gain_squared == fmpq(1, 100)
    assert settle(lambda: within(run.updates, scaled.value())).holds


@witness
def test_one_update_is_needed_and_enough() -> None:
    """x = 1, W = 0, eta = 1, al = 1: y N = 1 after one update. At y N = 1 an update may be made, and is the last."""
    start = LeakyNetwork(constant(0), HALF, ONE)
    vectors, labels = arithmetic.exact([[1]]), arithmetic.exact([1])
    bound = update_bound(start, vectors, labels, arithmetic.exact([1]), ONE)
    for moves, updates in ((False, 1), (True, 2)):
        run = cyclic_descent(start, vectors, labels, learning_rate=ONE, passes=5, moves_at_one=moves)
        assert (run.updates, run.clean) == (updates, True)
        assert settle(partial(kept, run.updates, bound)).holds
