"""What is false with a hypothesis less or a constant changed, and the boundary cases, in the smallest sizes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from claims.shallow_landscapes.matrix_factorization import asymmetric, critical_points
from claims.shallow_landscapes.matrix_factorization.critical_points import has_spectrum, spectrum
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare, square_root
from solvers.network import frobenius_squared, inertia, layer_gradients, loss
from solvers.shallow import FactoredObjective, SymmetricMap
from strategies import diagonal

ONE = arithmetic.exact([[1]])


def posed(values: Sequence[int | fmpq], chosen: Sequence[int], width: int) -> tuple[FactoredObjective, ObjectArray]:
    """M = diag(values) and U = the chosen modes, whose roots are rational, each in a column of its own."""
    n = len(values)
    here = arithmetic.exact(np.zeros((n, width)))
    for column, i in enumerate(chosen):
        here[i, column] = square_root(fmpq(values[i]))
    objective = FactoredObjective(diagonal(n, n, values))
    assert critical_points.vanish(objective.gradient(here))
    return objective, here


def parted(values: Sequence[int | fmpq], chosen: Sequence[int]) -> tuple[list[fmpq], list[fmpq]]:
    """lambda_i in I, and the others."""
    inside = [fmpq(values[i]) for i in chosen]
    return inside, [fmpq(value) for a, value in enumerate(values) if a not in chosen]


@control
@ablates("DL-035", "self-adjoint", "dropped", Fate.REFUTED)
def test_refuted_without_self_adjointness() -> None:
    """0: T X = X_22 E_11 on 2 x 2 matrices: f is 1/4 N_11 N_22, and T(N) U is not its gradient."""

    def rule(_: tuple[()], matrix: ObjectArray) -> ObjectArray:
        image: ObjectArray = matrix * 0
        image[..., 0, 0] = matrix[..., 1, 1]
        return image

    objective = FactoredObjective(diagonal(2, 2, [1, 1]), SymmetricMap("lopsided", (), rule, 2))
    point, direction = arithmetic.exact([[2], [1]]), arithmetic.exact([[0], [1]])
    assert compare(critical_points.on_a_line(objective, point, direction, fmpq(1))).fails


@control
@pytest.mark.parametrize("scale", [fmpq(1, 2), fmpq(2), fmpq(10001, 10000)])
def test_refuted_that_a_mode_may_have_another_length(scale: fmpq) -> None:
    """1: M = 4, U = 2 scale is critical at scale 1 alone, and has another value."""
    objective, here = posed([4], [0], 1)
    assert not critical_points.vanish(objective.gradient(scale * here))
    other = critical_points.critical_value([])
    assert compare(Comparison(objective.value(scale * here), "==", other, "f")).fails


@control
def test_refuted_that_negative_modes_may_be_caught_or_columns_be_shared() -> None:
    """1: lambda_i > 0 and orthonormal p_i are needed: M = -1, U = 1; and M = I, U = (1, 1)^T, not critical."""
    for target, here in ((-ONE, ONE), (diagonal(2, 2, [1, 1]), arithmetic.exact([[1], [1]]))):
        assert not critical_points.vanish(FactoredObjective(target).gradient(here))


CHANGED: dict[str, dict[str, Any]] = {
    "a pair": {"pair": lambda one, other: (one + other) / 2},
    "across": {"across": lambda inside, outside: inside + outside},
    "idle": {"idle": lambda outside: -2 * outside},
    "idle's sign": {"idle": lambda outside: outside},
}


@control
@pytest.mark.parametrize("name", CHANGED)
def test_refuted_with_other_eigenvalues(name: str) -> None:
    """2, M = diag(4, 1, 1), k = 2, I = {4}: each rule alone is changed; unchanged it is the spectrum."""
    objective, here = posed([4, 1, 1], [0], 2)
    matrix = objective.hessian(here)
    assert has_spectrum(matrix, spectrum(*parted([4, 1, 1], [0]), 2))
    assert not has_spectrum(matrix, spectrum(*parted([4, 1, 1], [0]), 2, **CHANGED[name]))


@control
@ablates("DL-035", "few positive eigenvalues", "dropped", Fate.REFUTED)
def test_refuted_with_more_positive_eigenvalues_than_columns() -> None:
    """3: M = diag(4, 9/4), k = 1, I = {9/4}, where r = k: a saddle of least eigenvalue 9/4 - 4, above -9/4."""
    values = [fmpq(4), fmpq(9, 4)]
    inside, outside = parted(values, [1])
    assert not critical_points.is_global(inside, outside, 1)
    assert compare(critical_points.bound_of_few(inside, outside, 1)).fails
    objective, here = posed(values, [1], 1)
    assert inertia(critical_points.shifted(objective.hessian(here), fmpq(-7, 4))) == (1, 0, 1)


@control
def test_refuted_that_twice_as_much_curvature_is_there() -> None:
    """3: -2 lambda_p in place of -lambda_p: M = diag(4, 1), k = 2, I = {4}; and not "<" either, -1 being attained."""
    inside, outside = parted([4, 1], [0])
    bound = critical_points.bound_of_few(inside, outside, 2)
    assert compare(bound).holds
    assert compare(bound._replace(relation="<")).fails
    assert compare(critical_points.bound_of_few(inside, outside, 2, factor=2)).fails
    objective, here = posed([4, 1], [0], 2)
    assert inertia(critical_points.shifted(objective.hessian(here), fmpq(-1)))[1:] == (0, 1)


@control
def test_refuted_that_every_critical_point_is_global_or_that_top_modes_are_not_enough() -> None:
    """3: M = diag(4, 1), k = 1: 1 alone is a saddle of value 4, 4 alone the minimum, of value 1/4, without both."""
    for chosen, negative, value in (([1], 1, fmpq(4)), ([0], 0, fmpq(1, 4)), ([], 2, fmpq(17, 4))):
        objective, here = posed([4, 1], chosen, 1)
        assert inertia(objective.hessian(here))[1] == negative
        assert objective.value(here) == value == critical_points.critical_value(parted([4, 1], chosen)[1])
        assert critical_points.is_global(*parted([4, 1], chosen), 1) is (negative == 0)


@control
def test_refuted_that_there_is_no_local_maximum() -> None:
    """4: M = I, U = 0: H = -I, for n = k = 1 and 2."""
    for n in (1, 2):
        objective, zero = posed([1] * n, [], n)
        assert inertia(objective.hessian(zero)) == (0, n * n, 0)


@control
@ablates("DL-035", "definite", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("lowest", [0, -1])
def test_refuted_that_zero_is_a_local_maximum_for_every_target(lowest: int) -> None:
    """4: M = diag(1, lowest): f rises from zero along e_2, t = 2^-30 and 1."""
    objective, zero = posed([1, lowest], [], 1)
    for t in (fmpq(1, 2**30), fmpq(1)):
        step = arithmetic.exact([[0], [1]]) * t
        assert compare(Comparison(objective.value(step), "<=", objective.value(zero), "f next to zero")).fails


def zeros_at(values: Sequence[int | fmpq], chosen: Sequence[int], width: int) -> int:
    """How many eigenvalues of the Hessian are zero at a minimiser."""
    objective, here = posed(values, chosen, width)
    positive, negative, zero = inertia(objective.hessian(here))
    assert (negative, positive + zero) == (0, len(values) * width)
    return zero


def stated_zeros(n: int, r: int, width: int) -> int:
    """5: of the Hessian at a minimiser."""
    return critical_points.dimension_of_minima(r, width) + critical_points.further_zeros(n, r, width)


@control
def test_refuted_that_minima_are_nondegenerate_up_to_rotation() -> None:
    """5: M = diag(1, 0), k = 2: two zeros, and a set of dimension one."""
    assert zeros_at([1, 0], [0], 2) == stated_zeros(2, 1, 2) == 2 > critical_points.dimension_of_minima(1, 2)


@control
@ablates("DL-035", "semidefinite", "dropped", Fate.REFUTED)
def test_refuted_for_targets_with_negative_eigenvalues() -> None:
    """5: M = diag(1, -1), of rank 2, k = 3: two zeros; the formula has three. With the positive rank 1 it has four."""
    assert zeros_at([1, -1], [0], 3) == 2
    assert stated_zeros(2, 2, 3) == 3
    assert stated_zeros(2, 1, 3) == 4


@control
@ablates("DL-035", "columns", "dropped", Fate.REFUTED)
def test_refuted_with_fewer_columns_than_the_rank() -> None:
    """5: M = diag(4, 1), k = 1: no zero, and the formula says less than none."""
    assert zeros_at([4, 1], [0], 1) == 0 > stated_zeros(2, 2, 1)


@control
def test_refuted_lift_with_other_constants() -> None:
    """6: 1/8 and 2K are the only ones, at U = (2), V = (1), M = (1)."""
    left = 2 * ONE
    assert compare(asymmetric.lift_law(left, ONE, ONE)).holds
    for weight, scale in ((fmpq(1, 4), 2), (fmpq(1, 16), 2), (fmpq(0), 2), (fmpq(1, 8), 1), (fmpq(1, 8), 3)):
        assert compare(asymmetric.lift_law(left, ONE, ONE, weight=weight, scale=scale)).fails


@control
@ablates("DL-035", "balancing", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("t", [fmpq(2), fmpq(1000)])
def test_refuted_that_minima_of_the_asymmetric_loss_are_balanced_or_bounded(t: fmpq) -> None:
    """6: M = 1, U = t, V = 1/t is a minimum of 1/2 (UV - 1)^2 for any t, and no critical point with the second term."""
    left, right = t * ONE, ONE / t
    assert loss((right, left), ONE) == 0
    assert all(critical_points.vanish(gradient) for gradient in layer_gradients((right, left), ONE))
    assert compare(Comparison(frobenius_squared(left), "==", frobenius_squared(right), "|U|^2 and |V|^2")).fails
    objective = FactoredObjective(asymmetric.lifted(ONE))
    assert not critical_points.vanish(objective.gradient(np.vstack([left, right])))


@witness
@pytest.mark.parametrize("values", [[0, 0], [-1, -1], [-2, 0]])
def test_zero_is_the_global_minimum_of_targets_without_positive_eigenvalues(values: list[int]) -> None:
    """1 to 4 with p = 0: U = 0 is the only critical point; M = 0 has H = 0."""
    objective, zero = posed(values, [], 2)
    assert critical_points.critical_values([fmpq(value) for value in values], 2) == [objective.value(zero)]
    assert critical_points.is_global([], [fmpq(value) for value in values], 2)
    assert inertia(objective.hessian(zero)) == (2 * sum(value < 0 for value in values), 0, 2 * values.count(0))


@witness
def test_a_tie_at_the_edge_leaves_a_flat_direction_and_nothing_negative() -> None:
    """3: M = diag(1, 1), k = 1: either is global, lambda_i - lambda_a = 0."""
    for chosen in ([0], [1]):
        objective, here = posed([1, 1], chosen, 1)
        assert critical_points.is_global(*parted([1, 1], chosen), 1)
        assert inertia(objective.hessian(here)) == (1, 0, 1)


@witness
def test_more_columns_than_rows_and_a_full_set() -> None:
    """3: M = diag(4, 1), k = 3: the global minimum has r = n = 2, value 0, and r (k - r) + r (r - 1) / 2 = 3 zeros."""
    objective, here = posed([4, 1], [0, 1], 3)
    assert objective.value(here) == 0
    assert critical_points.is_global(*parted([4, 1], [0, 1]), 3)
    assert inertia(objective.hessian(here)) == (3, 0, 3)
