"""Statement 6 in rationals: the lift, and all critical points of the balanced objective, from modes of M."""

import numpy as np
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_landscapes.matrix_factorization import critical_points
from claims.suite import exact
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import frobenius_squared, inertia, loss
from solvers.shallow import FactoredObjective
from strategies import diagonal, dyadic_matrices, orthogonal_matrices

EIGHTH = fmpq(1, 8)

ROOTS = [fmpq(1), fmpq(1, 2), fmpq(3, 2), fmpq(2)]


def lifted(target: ObjectArray, *, scale: int = 2) -> ObjectArray:
    """scale K = scale [[0, M], [M^T, 0]]."""
    rows, columns = target.shape
    result = arithmetic.exact(np.zeros((rows + columns, rows + columns)))
    result[:rows, rows:], result[rows:, :rows] = scale * target, scale * target.T
    return result


def balanced_loss(left: ObjectArray, right: ObjectArray, target: ObjectArray, weight: fmpq = EIGHTH) -> fmpq:
    """1/2 ||U V^T - M||^2 + weight ||U^T U - V^T V||^2, the first term as a network of two layers."""
    value: fmpq = loss((right.T, left), target) + weight * frobenius_squared(left.T @ left - right.T @ right)
    return value


def lift_law(
    left: ObjectArray, right: ObjectArray, target: ObjectArray, *, weight: fmpq = EIGHTH, scale: int = 2
) -> Comparison:
    """The identity."""
    objective = FactoredObjective(lifted(target, scale=scale))
    value = objective.value(np.vstack([left, right])) / 2 - frobenius_squared(target) / 2
    return Comparison(balanced_loss(left, right, target, weight), "==", value, "the balanced loss and its lift")


@exact
@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_the_lift(data: st.DataObject, rows: int, columns: int, width: int) -> None:
    """The identity for any U, V and M."""
    shapes = [(rows, width), (columns, width), (rows, columns)]
    left, right, target = (arithmetic.exact(data.draw(dyadic_matrices(*shape))) for shape in shapes)
    assert compare(lift_law(left, right, target)).holds


@exact
@given(st.data(), st.integers(1, 2), st.integers(1, 3), st.integers(1, 3))
def test_critical_points_of_the_lift(data: st.DataObject, rows: int, columns: int, width: int) -> None:
    """U = sum sigma_i^{1/2} u_i p_i^T, V likewise: 1 to 3 with the eigenvalues +-2 sigma_i and zeros of 2K; the value
    is 1/2 the sum of sigma_a^2 left out, and U^T U = V^T V."""
    count = min(rows, columns)
    roots = data.draw(st.lists(st.sampled_from([fmpq(0), *ROOTS]), min_size=count, max_size=count))
    sigmas = [root**2 for root in roots]
    first, second = data.draw(orthogonal_matrices(rows)), data.draw(orthogonal_matrices(columns))
    turn = data.draw(orthogonal_matrices(width))
    target = first @ diagonal(rows, columns, sigmas) @ second.T
    eligible = data.draw(st.permutations([i for i in range(count) if sigmas[i] > 0]))
    chosen = eligible[: data.draw(st.integers(0, min(width, len(eligible))))]
    middle = arithmetic.exact(np.zeros((count, width)))
    for place, i in enumerate(chosen):
        middle[i, place] = roots[i]
    left, right = first[:, :count] @ middle @ turn, second[:, :count] @ middle @ turn
    objective, here = FactoredObjective(lifted(target)), np.vstack([left, right])
    caught = [2 * sigmas[i] for i in chosen]
    others = [i for i in range(count) if i not in chosen]
    left_out = [2 * sigmas[i] for i in others] + [-2 * sigma for sigma in sigmas]
    left_out += [fmpq(0)] * (rows + columns - 2 * count)

    assert critical_points.vanish(objective.gradient(here))
    assert critical_points.vanish(left.T @ left - right.T @ right)
    tail = sum((sigmas[i] ** 2 for i in others), start=fmpq(0)) / 2
    assert compare(Comparison(balanced_loss(left, right, target), "==", tail, "the balanced loss")).holds
    matrix = objective.hessian(here)
    assert critical_points.has_spectrum(matrix, critical_points.spectrum(caught, left_out, width))
    assert (inertia(matrix)[1] == 0) == critical_points.is_global(caught, left_out, width)
