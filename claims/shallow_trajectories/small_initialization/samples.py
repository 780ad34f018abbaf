"""Statement 5: fewer measurements than unknowns, where smallness matters, and as many, where it does not."""

from functools import cache

import numpy as np
import pytest
from flint import fmpq
from hypothesis import example, given
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
    """d = 6, m = 21, as many as there are unknowns: from alpha = 1 the error is below 1/10 too; d = 20, m = 100 leaves
    2."""
    enough = arithmetic.rational(float(errors(6, 21, 3000)[:, 2].max()))
    fewer = arithmetic.rational(float(errors(20, 100, 3000)[:, 2].min()))
    assert compare(Comparison(enough, "<", fmpq(1, 10), "the largest error")).holds
    assert compare(Comparison(fewer, "<", fmpq(1, 10), "the least error")).fails


def every_entry(size: int) -> list[NDArray[np.float64]]:
    """E_ii and E_ij, i < j: the symmetrised ones see every entry."""
    rows, columns = np.triu_indices(size)
    return [np.outer(np.eye(size)[i], np.eye(size)[j]) for i, j in zip(rows, columns, strict=True)]


def is_definite(drawn: list[NDArray[np.float64]]) -> bool:
    """Whether <X, T X> > 0 for every symmetric X != 0, so that f = 0 at M alone."""
    matrices = arithmetic.exact(np.array([(matrix + matrix.T) / 2 for matrix in drawn]))
    verdict = compare(
        Comparison(network.least_pivot(shallow.measurements(matrices).form(len(drawn[0]))), ">", fmpq(0), "a pivot")
    )
    assert verdict.holds is not verdict.fails
    return verdict.holds


@exact
@given(st.integers(1, 3).flatmap(lambda d: st.lists(dyadic_matrices(d, d), min_size=1, max_size=7)))
@example(every_entry(2))
@example(every_entry(3))
@example([*every_entry(2), np.ones((2, 2))])
@example(every_entry(3)[1:])
def test_enough_measurements_leave_one_zero(drawn: list[NDArray[np.float64]]) -> None:
    """d <= 3: T is positive definite exactly if d (d+1)/2 of the A_l are independent; fewer are never enough."""
    size = len(drawn[0])
    rows, columns = np.triu_indices(size)
    packed = arithmetic.exact(np.array([(matrix + matrix.T) / 2 for matrix in drawn]))[:, rows, columns]
    assert is_definite(drawn) == (network.rank(packed) == size * (size + 1) // 2)


@control
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_refuted_with_one_measurement_less(size: int) -> None:
    """All entries are enough; without any one of them another M fits as well, if there is one left."""
    entries = every_entry(size)
    assert len(entries) == size * (size + 1) // 2
    assert is_definite(entries)
    for place in range(len(entries)):
        rest = entries[:place] + entries[place + 1 :]
        assert not rest or not is_definite(rest)
