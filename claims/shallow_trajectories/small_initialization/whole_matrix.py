"""Statement 1 for the whole matrix: modes stay apart, exactly; runs from small starts, random and real matrices."""

from collections.abc import Sequence

import numpy as np
import pytest
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.shallow_trajectories.small_initialization.modes import numbers_of_steps
from claims.suite import Fate, ablates, control, exact, sampled, witness
from claims.suite.statistics import generator
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare
from solvers.guarantees.small_initialization import enough_steps, learning_rate_limit, null_square
from solvers.network import least_pivot
from strategies import diagonal, orthogonal_matrices, real_gram

EIGENVALUES = st.sampled_from([fmpq(0), fmpq(0), fmpq(1, 4), fmpq(1), fmpq(1), fmpq(7, 5)])
"""Zeros and ties among them."""


def step(objective: shallow.FactoredObjective, factor: ObjectArray, rate: fmpq) -> ObjectArray:
    """U - eta grad f."""
    found: ObjectArray = factor - objective.gradient(factor) * rate
    return found


def norm_at_most(residual: ObjectArray, bound: Scalar) -> bool:
    """||N||_2 <= b, where b I - N and b I + N have positive pivots; the contrary where one has none."""
    unit = arithmetic.exact(np.eye(len(residual)))
    verdicts = [
        compare(Comparison(least_pivot(unit * bound + sign * residual), ">", fmpq(0), "a pivot")) for sign in (1, -1)
    ]
    assert all(verdict.holds is not verdict.fails for verdict in verdicts)
    return all(verdict.holds for verdict in verdicts)


def promised(square: fmpq, accuracy: fmpq, largest: fmpq, rate: fmpq, steps: int) -> fmpq:
    """max(eps sigma_1, alpha^2 / (1 + 2 eta alpha^2 T))."""
    across: fmpq = null_square(square, rate, steps)
    return max(accuracy * largest, across)


@st.composite
def turned(draw: st.DrawFn) -> tuple[ObjectArray, list[fmpq], ObjectArray]:
    """A basis, the eigenvalues of M in it, and Q; d from 1 to 4, ranks from 0 to d."""
    size = draw(st.integers(1, 4))
    values = draw(st.lists(EIGENVALUES, min_size=size, max_size=size))
    return draw(orthogonal_matrices(size)), values, draw(orthogonal_matrices(size))


@exact
@given(turned(), st.sampled_from([fmpq(1), fmpq(1, 3), fmpq(1, 100)]), st.sampled_from([fmpq(1, 4), fmpq(1, 50)]))
@example((arithmetic.exact(np.eye(1)), [fmpq(0)], arithmetic.exact(np.eye(1))), fmpq(1), fmpq(1, 4))
def test_modes_stay_apart(start: tuple[ObjectArray, list[fmpq], ObjectArray], scale: fmpq, rate: fmpq) -> None:
    """Two steps, in rationals: U U^T = B diag(u^2) B^T with the numbers of factored_mode_step."""
    basis, values, turn = start
    size = len(values)
    objective = shallow.FactoredObjective(basis @ diagonal(size, size, values) @ basis.T)
    factor, roots = scale * turn, [scale] * size
    for _ in range(2):
        factor = step(objective, factor, rate)
        roots = [shallow.factored_mode_step(root, value, rate) for root, value in zip(roots, values, strict=True)]
    expected = basis @ diagonal(size, size, [root**2 for root in roots]) @ basis.T
    assert (factor @ factor.T == expected).all()


def known(values: Sequence[fmpq], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """M with these eigenvalues up to rounding, in float64, and an orthogonal Q."""
    random = generator("DL-054", seed)
    basis, turn = (np.linalg.qr(random.standard_normal((len(values),) * 2))[0] for _ in range(2))
    product = basis * arithmetic.nearest(np.array(values, dtype=object)) @ basis.T
    return (product + product.T) / 2, turn


@sampled
@pytest.mark.parametrize("values", [[1], [0, 1], [fmpq(1, 20), 1, 1], [0, 0, 0, fmpq(1, 4), 1], [0] * 5 + [1]])
def test_runs_end_as_promised(values: list[fmpq | int]) -> None:
    """alpha^2 = sigma_r/2^k, k = 1, 5, 15, eta = 1/(2 sigma_1), eps = 1/4 and 2^-10: the error in float64, taken
    exactly, is within the bound after T steps. M has its eigenvalues up to rounding only."""
    spectrum = [fmpq(value) for value in values]
    target, turn = known(spectrum, len(values))
    smallest = min(value for value in spectrum if value > 0)
    rate = learning_rate_limit(fmpq(1))
    for halvings, accuracy in ((1, fmpq(1, 4)), (5, fmpq(1, 4)), (15, fmpq(1, 2**10))):
        square = smallest / 2**halvings
        for steps in numbers_of_steps(square, fmpq(1), smallest, rate, accuracy):
            run = shallow.factored_descent(
                shallow.FactoredObjective(target), float(square) ** 0.5 * turn, learning_rate=float(rate), steps=steps
            )
            factor = arithmetic.exact(run.point)
            residual = factor @ factor.T - arithmetic.exact(target)
            assert norm_at_most(residual, promised(square, accuracy, fmpq(1), rate, steps))


@sampled
def test_a_real_matrix() -> None:
    """linnerud: 20 x 20 of rank 6 up to rounding, sigma_1 = 1; alpha = 1/32, eps = 1/4."""
    target = real_gram("linnerud").matrix
    smallest = arithmetic.rational(float(np.linalg.eigvalsh(target)[-6]))
    square, accuracy, rate = fmpq(1, 1024), fmpq(1, 4), learning_rate_limit(fmpq(1))
    assert square < smallest
    steps = enough_steps(square, fmpq(1), smallest, rate, accuracy)
    run = shallow.factored_descent(
        shallow.FactoredObjective(target), np.eye(20) / 32, learning_rate=float(rate), steps=steps
    )
    residual = arithmetic.exact(run.point @ run.point.T - target)
    assert norm_at_most(residual, promised(square, accuracy, fmpq(1), rate, steps))


def two_by_two(linear_map: shallow.SymmetricMap) -> shallow.FactoredObjective:
    """M = diag(1, 0) in rationals."""
    return shallow.FactoredObjective(diagonal(2, 2, [1, 0]), linear_map)


@control
@ablates("DL-054", "orthogonal start", "dropped", Fate.REFUTED)
def test_refuted_from_a_singular_start() -> None:
    """U_0 = diag(0, 1/2), M = diag(1, 0): the first row stays 0, so that the error stays 1."""
    objective = two_by_two(shallow.identity_map())
    factor = diagonal(2, 2, [0, fmpq(1, 2)])
    moved = step(objective, factor, fmpq(1, 2))
    assert not moved[0].any()
    assert not norm_at_most(objective.residual(moved), fmpq(99, 100))
    assert step(objective, diagonal(2, 2, [fmpq(1, 2)] * 2), fmpq(1, 2))[0, 0] > fmpq(1, 2)


@control
@ablates("DL-054", "full observation", "dropped", Fate.REFUTED)
def test_refuted_where_one_entry_is_seen() -> None:
    """T X = the entry 11 of X, from I/10: whatever eta, the second row does not move, and the error stays 1/100 or
    more, where full observation promises less after 400 steps with eta = 1/2."""
    objective = two_by_two(shallow.mask(np.array([[1.0, 0.0], [0.0, 0.0]])).exact())
    factor = diagonal(2, 2, [fmpq(1, 10)] * 2)
    moved = step(objective, factor, fmpq(1, 2))
    assert (moved[1] == factor[1]).all()
    assert not norm_at_most(objective.residual(moved), fmpq(99, 10000))
    bound = promised(fmpq(1, 100), fmpq(1, 1000), fmpq(1), fmpq(1, 2), 400)
    assert compare(Comparison(moved[1, 1] ** 2, "<=", bound, "the error")).fails
    assert (step(two_by_two(shallow.identity_map()), factor, fmpq(1, 2))[1] != factor[1]).any()


@witness
def test_the_smallest_case() -> None:
    """d = 1, M = 0 and M = 1: one number. From 1/2 with eta = 1/2 the errors are 1/4 and 3/4, then 49/256 and
    1 - 121/256."""
    for value, left in ((0, fmpq(49, 256)), (1, fmpq(-135, 256))):
        objective = shallow.FactoredObjective(diagonal(1, 1, [value]))
        moved = step(objective, diagonal(1, 1, [fmpq(1, 2)]), fmpq(1, 2))
        assert objective.residual(moved)[0, 0] == left
