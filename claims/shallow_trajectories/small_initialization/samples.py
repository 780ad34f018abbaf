"""Statement 5: fewer measurements than unknowns, where smallness matters, and as many, where it does not."""

from functools import cache

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from claims.suite import control, exact, sampled
from claims.suite.statistics import generator
from solvers import arithmetic, network, shallow
from solvers.arithmetic import Comparison, compare
from strategies import dyadic_matrices

DRAWS = 3


@cache
def errors(size: int, count: int, steps: int) -> NDArray[np.float64]:
    """||U U^T - M||_F at the end of descent, eta = 1/10, of DRAWS draws of A_l and M = v v^T, |v| = 1, from
    alpha = 1/1000, 1/10 and 1: (DRAWS, 3)."""
    matrices, targets = [], []
    for draw in range(DRAWS):
        random = generator("DL-054", "samples", size, count, draw)
        drawn = random.standard_normal((count, size, size))
        vector = random.standard_normal(size)
        matrices.append((drawn + drawn.mT) / 2)
        targets.append(np.outer(vector, vector) / (vector @ vector))
    measured, truth = np.repeat(matrices, 3, axis=0), np.repeat(targets, 3, axis=0)
    seen = (measured * truth[:, None]).sum(axis=(2, 3))
    starts = np.tile([1e-3, 0.1, 1.0], DRAWS)[:, None, None] * np.eye(size)
    run = shallow.stacked_descent(shallow.SensingStack.of(measured, seen), starts, learning_rate=0.1, steps=steps)
    assert not run.diverged.any()
    found: NDArray[np.float64] = np.linalg.norm(run.point @ run.point.mT - truth, axis=(1, 2)).reshape(DRAWS, 3)
    return found


RANGES = [(fmpq(0), fmpq(1, 200)), (fmpq(1, 25), fmpq(1, 5)), (fmpq(2), fmpq(10))]


@sampled
@pytest.mark.parametrize("start", [0, 1, 2])
def test_smallness_matters_with_fewer_measurements(start: int) -> None:
    """d = 20, m = 100 < 210: an observation on three draws."""
    low, high = RANGES[start]
    found = [arithmetic.rational(float(error)) for error in errors(20, 100, 3000)[:, start]]
    assert len(found) == DRAWS
    for error in found:
        assert compare(Comparison(error, "<=", high, "the error")).holds
        assert compare(Comparison(error, ">", low, "the error")).holds


@control
def test_refuted_that_smallness_matters_with_enough_of_them() -> None:
    """d = 6, m = 42, twice the 21 unknowns: from alpha = 1 the error is below 1/10 too; d = 20, m = 100 leaves 2."""
    enough = arithmetic.rational(float(errors(6, 42, 3000)[:, 2].max()))
    fewer = arithmetic.rational(float(errors(20, 100, 3000)[:, 2].min()))
    assert compare(Comparison(enough, "<", fmpq(1, 10), "the largest error")).holds
    assert compare(Comparison(fewer, "<", fmpq(1, 10), "the least error")).fails


@exact
@given(st.integers(1, 3).flatmap(lambda d: st.lists(dyadic_matrices(d, d), min_size=1, max_size=7)))
def test_enough_measurements_leave_one_zero(drawn: list[NDArray[np.float64]]) -> None:
    """d <= 3: T is positive definite, so that f = 0 at M alone, exactly if d (d+1)/2 of the A_l are independent; fewer
    measurements never do."""
    size = len(drawn[0])
    matrices = arithmetic.exact(np.array([(matrix + matrix.T) / 2 for matrix in drawn]))
    rows, columns = np.triu_indices(size)
    rank = network.rank(matrices[:, rows, columns])
    form = shallow.measurements(matrices).form(size)
    unknown = size * (size + 1) // 2
    assert (network.rank(form) == unknown) == (rank == unknown)
    if len(drawn) < unknown:
        assert network.rank(form) < unknown
