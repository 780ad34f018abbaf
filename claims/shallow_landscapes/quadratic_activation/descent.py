"""Where searches end, with a certificate: how far F is above its least value over all numbers of units, at most.

Let C >= c I, c > 0, and the losses be >= 0. If G + delta I >= 0 at Y, every Y' >= 0 with F(Y') <= F(Y) has
c tr Y' <= F(Y), so by convexity

    F(Y) - F(Y')  <=  <G, Y> - <G, Y'>  <=  <G, Y> + delta F(Y) / c.

The end of a search by floats is a matrix of dyadic numbers; G, F and the bound are computed from it in rationals.
"""

import numpy as np
import pytest
from flint import fmpq
from numpy.typing import NDArray
from scipy.optimize import minimize

from claims.suite import sampled, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import inertia
from solvers.shallow import ConvexObjective, inner, sampled_objective, tilted
from strategies import real_gram

FloatArray = NDArray[np.float64]

DELTA = fmpq(1, 2**24)

NEAR = fmpq(1, 2**16)
"""How near to the least value a search must end."""


def squares(vectors: FloatArray, outputs: FloatArray, matrix: FloatArray, *, exactly: bool = False) -> ConvexObjective:
    """F(Y) = mean of (x^T Y x - y)^2 / 2 + <C, Y>, in floats or in rationals."""
    x, y, c = (arithmetic.exact(array) if exactly else array for array in (vectors, outputs, matrix))
    data = sampled_objective(x, lambda u: (u - y) ** 2 / 2, lambda u: u - y, lambda u: u * 0 + 1)
    return tilted(data, c)


def excess(objective: ConvexObjective, point: FloatArray, least: fmpq) -> fmpq:
    """The bound above, C >= ``least`` I; AssertionError where G + delta I has a negative eigenvalue."""
    factor = arithmetic.exact(point)
    square = factor @ factor.T
    slope = objective.outer_gradient(square)
    assert inertia(slope + DELTA * arithmetic.exact(np.eye(len(slope))))[1] == 0
    bound: fmpq = inner(slope, square) + DELTA * objective.value(factor) / least
    return bound


@witness
def test_the_bound_counts_what_is_not_critical() -> None:
    """F(Y) = Y^2 / 2 + Y / 4 at Y = 1: G = 5/4, F is 3/4 above its least, and the bound 5/4 + delta (3/4) / (1/4)."""
    known = squares(np.array([[1.0]]), np.array([0.0]), np.array([[0.25]]), exactly=True)
    assert excess(known, np.array([[1.0]]), fmpq(1, 4)) == fmpq(5, 4) + 3 * DELTA
    assert known.value(arithmetic.exact([[1]])) - known.value(arithmetic.exact([[0]])) == fmpq(3, 4)


def ends(objective: ConvexObjective, starts: FloatArray) -> list[FloatArray]:
    """Where BFGS ends."""
    shape = starts.shape[1:]
    return [
        minimize(
            lambda w: float(objective.value(w.reshape(shape))),
            start.ravel(),
            jac=lambda w: objective.gradient(w.reshape(shape)).ravel(),
            method="BFGS",
            options={"gtol": 1e-9},
        ).x.reshape(shape)
        for start in starts
    ]


def check_ends(vectors: FloatArray, outputs: FloatArray, matrix: FloatArray, starts: FloatArray) -> None:
    """Every start ends within NEAR of the least value of F; C >= I/4."""
    known = squares(vectors, outputs, matrix, exactly=True)
    points = ends(squares(vectors, outputs, matrix), starts)
    assert len(points) == len(starts) > 0
    for point in points:
        assert compare(Comparison(excess(known, point, fmpq(1, 4)), "<=", NEAR, "F above its least value")).holds


def instance(samples: int, size: int, seed: int) -> tuple[FloatArray, FloatArray, FloatArray, np.random.Generator]:
    """Dyadic data, outputs of either sign, and C = I/4 + A A^T."""
    random = np.random.default_rng(seed)
    vectors = np.round(8 * random.standard_normal((samples, size))) / 8
    outputs = np.round(8 * random.uniform(-1, 4, samples)) / 8
    root = np.round(8 * random.standard_normal((size, size))) / 32
    return vectors, outputs, np.eye(size) / 4 + root @ root.T, random


@sampled
@pytest.mark.parametrize("width", [3, 4, 5])
def test_searches_with_enough_units_end_at_the_least_value(width: int) -> None:
    """1: d = 3, three to five units, ten samples, ten Gaussian starts."""
    vectors, outputs, matrix, random = instance(10, 3, width)
    check_ends(vectors, outputs, matrix, random.standard_normal((10, 3, width)) / 2)


@sampled
@pytest.mark.parametrize(("width", "samples"), [(1, 1), (2, 2), (2, 3), (3, 5)])
def test_searches_with_few_samples_end_at_the_least_value(width: int, samples: int) -> None:
    """5: d = 5, n < 2k: as few units suffice, and more would not do better."""
    vectors, outputs, matrix, random = instance(samples, 5, width)
    check_ends(vectors, outputs, matrix, random.standard_normal((10, 5, width)) / 2)


@sampled
def test_searches_with_one_unit_end_at_different_values() -> None:
    """3, an observation: d = 3, k = 1, five samples, C = 0, ten starts: in some of five instances the values differ by
    more than 1/10. With k = 3 they do not by more than 2^-16 (above)."""
    spreads = []
    for seed in range(5):
        vectors, outputs, matrix, random = instance(5, 3, seed)
        known = squares(vectors, outputs, 0 * matrix, exactly=True)
        points = ends(squares(vectors, outputs, 0 * matrix), random.standard_normal((10, 3, 1)) / 2)
        values = [known.value(arithmetic.exact(point)) for point in points]
        spreads.append(max(values) - min(values))
    assert compare(Comparison(max(spreads), ">", fmpq(1, 10), "the largest spread")).holds


@sampled
@pytest.mark.parametrize("width", [3, 4])
def test_real_data_is_fitted_to_the_least_value(width: int) -> None:
    """linnerud: 20 men, x three physiological measures, y squared chins, all standardised; C = I/4, k >= d = 3."""
    factor = real_gram("linnerud").factor * 4
    starts = np.random.default_rng(width).standard_normal((10, 3, width)) / 2
    check_ends(factor[:, 3:].copy(), factor[:, 0] ** 2, np.eye(3) / 4, starts)
