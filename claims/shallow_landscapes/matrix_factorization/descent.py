"""Where descent ends: at global minima, from random starts, from saddles with noise, and on real matrices.

A float run proposes a point U; what exact descent does from U on is then decided. Let c = f(U), and let R be given by
R^2 = ||M||_F + 2 c^{1/2}. If

    eta <= 1 / (5 R^2)   and   c is below the second least value of f at critical points (statement 1),

then f falls at every step of gradient descent from U, to its least value, and every limit point is a global minimum.

Proof. Where f <= c, |U|_2^2 <= ||M||_F + ||N||_F <= R^2 and ||grad f||_F <= 2 c^{1/2} R <= R^3. So a step is no longer
than R/5, |U|_2 <= 6R/5 along it, and the Hessian there is at most 3 |U|_2^2 + |M|_2 <= 5.32 R^2 (statement 0). So f
falls by at least (1 - 5.32/10) eta ||grad f||_F^2, the points stay bounded, the gradients tend to 0, and f at a limit
point is a critical value <= c: the least.

Power. Of B starts none failed: a set of failing starts of probability above 1 - 100^{-1/B} would have been met with
probability 0.99; that is 2.3 per cent for the 200 starts of an example.
"""

from itertools import combinations

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from claims.shallow_landscapes.matrix_factorization.critical_points import critical_values
from claims.suite import fewer, sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, settle, square_root
from solvers.network import frobenius_squared, squared_singular_values
from solvers.shallow import FactoredObjective, factored_descent, perturbed_factored_descent
from strategies import GRAMS, real_gram

FloatArray = NDArray[np.float64]

STARTS = 200

HADAMARD = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2.0
"""Orthogonal and dyadic: M = H diag(lambda) H^T is exact in float64."""


def check_that_the_limit_is_global(value: Scalar, squared_norm: Scalar, second: Scalar, rate: float) -> None:
    """Both comparisons above, decided."""
    assert settle(lambda: Comparison(value, "<", second, "f against the second critical value")).holds
    assert settle(
        lambda: Comparison(
            arithmetic.rational(rate) * 5 * (square_root(squared_norm) + 2 * square_root(value)), "<=", fmpq(1), "rate"
        )
    ).holds


def posed(values: list[float]) -> FactoredObjective:
    """M with these eigenvalues in the basis H."""
    return FactoredObjective(HADAMARD @ np.diag(values) @ HADAMARD.T)


@sampled
@fewer(5)
@given(
    st.tuples(st.integers(1, 4), *[st.integers(-4, 4)] * 3).map(lambda halves: [half / 2 for half in halves]),
    st.integers(1, 5),
    st.integers(0, 2**32 - 1),
)
def test_descent_from_random_starts_ends_at_a_global_minimum(values: list[float], width: int, seed: int) -> None:
    """200 Gaussian starts each, M of any signs, k above and below n and the rank; ties occur."""
    objective, rate = posed(values), 1 / 64
    least, *more = critical_values([arithmetic.rational(value) for value in values], width)
    starts = np.random.default_rng(seed).standard_normal((STARTS, 4, width)) / 2
    stop = float(least + (more[0] - least) / 2)
    run = factored_descent(objective, starts, learning_rate=rate, steps=8000, stop_at_value=stop)
    assert len(run.point) == STARTS
    known = objective.exact()
    for point in run.point:
        value = known.value(arithmetic.exact(point))
        check_that_the_limit_is_global(value, frobenius_squared(known.target), more[0], rate)


SADDLES = [chosen for r in range(3) for chosen in combinations(range(3), r) if chosen != (0, 1)]


@sampled
@pytest.mark.parametrize("chosen", SADDLES)
def test_descent_with_noise_leaves_every_saddle(chosen: tuple[int, ...]) -> None:
    """M of eigenvalues 4, 1, 1/4, -1, k = 2, from each of its six saddles: descent stays for 100 steps, to the last
    bit; with noise of 1/1000 it ends at a global minimum from each of 20 seeds."""
    values, rate = [4.0, 1.0, 0.25, -1.0], 1 / 64
    objective, start = posed(values), np.zeros((4, 2))
    for column, i in enumerate(chosen):
        start[:, column] = HADAMARD[:, i] * np.sqrt(values[i])
    assert (factored_descent(objective, start, learning_rate=rate, steps=100).point == start).all()
    least, second, *_ = critical_values([arithmetic.rational(value) for value in values], 2)
    run = perturbed_factored_descent(
        objective,
        np.stack([start] * 20),
        learning_rate=rate,
        steps=4000,
        radius=1e-3,
        gradient_threshold=1e-6,
        wait=500,
        seed=11,
        stop_at_value=float(least + (second - least) / 2),
    )
    known = objective.exact()
    for point in run.trajectory.point:
        value = known.value(arithmetic.exact(point))
        check_that_the_limit_is_global(value, frobenius_squared(known.target), second, rate)


def residual_squared(point: FloatArray, factor: FloatArray) -> fmpq:
    """||U U^T - Z Z^T||_F^2 exactly, by matrices of few rows."""
    u, z = arithmetic.exact(point), arithmetic.exact(factor)
    grams = (u.T @ u, 1), (u.T @ z, -2), (z.T @ z, 1)
    return sum((weight * frobenius_squared(gram) for gram, weight in grams), start=fmpq(0))


@sampled
@pytest.mark.parametrize("width", [1, 2, 3])
@pytest.mark.parametrize("name", GRAMS)
def test_real_matrices_are_factorised_from_random_starts(name: str, width: int) -> None:
    """M = Z Z^T of digits (64 x 64, rank 10) and linnerud (20 x 20, rank 6): 10 starts each end at the best U U^T of
    rank k. The eigenvalues are those of Z^T Z, exactly; simple ones, so the second value is one swap away."""
    gram, rate = real_gram(name), 1 / 10
    eigenvalues = squared_singular_values(arithmetic.exact(gram.factor))
    gap = (eigenvalues[width - 1] ** 2 - eigenvalues[width] ** 2) / 4
    tail = sum((value**2 for value in eigenvalues[width:]), start=arb(0)) / 4
    starts = np.random.default_rng(width).standard_normal((10, len(gram.matrix), width)) / 10
    run = factored_descent(
        FactoredObjective(gram.matrix.copy()),
        starts,
        learning_rate=rate,
        steps=50000,
        stop_at_value=float((tail + gap / 2).mid()),
    )
    total = sum((value**2 for value in eigenvalues), start=arb(0))
    assert len(run.point) == 10
    for point in run.point:
        check_that_the_limit_is_global(residual_squared(point, gram.factor) / 4, total, tail + gap, rate)
