"""What is false with a hypothesis less or a constant changed, and the boundary cases, in the smallest sizes."""

import numpy as np
import pytest
from flint import arb, arb_poly, fmpq, fmpq_poly
from hypothesis import example, given

from claims.shallow_landscapes.quadratic_activation import few_samples, gaussian_mean
from claims.suite import Fate, ablates, control, fewer, witness
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, settle, square_root
from solvers.network import characteristic_polynomial, inertia
from solvers.shallow import ConvexObjective, SignedObjective, coordinate_gram, from_form, inner, sampled_objective
from strategies import FactoredPoint, diagonal, gaussian_points

NINE = fmpq(9, 16)


def column(*entries: int | fmpq) -> ObjectArray:
    """A single unit."""
    return arithmetic.exact(np.array(entries, dtype=object)).reshape(-1, 1)


def three_measurements() -> ConvexObjective:
    """3: F(Y) = 1/4 sum_l (a_l^T Y a_l - (a_l . x)^2)^2."""
    vectors = arithmetic.exact([[2, 0], [0, 2], [1, 1]])
    seen = (vectors @ column(1, 1)).ravel() ** 2
    return sampled_objective(
        vectors, lambda u: (u - seen) ** 2 * 3 / 4, lambda u: (u - seen) * 3 / 2, lambda u: u * 0 + fmpq(3, 2)
    )


@control
@ablates("DL-039", "width", "dropped", Fate.REFUTED)
def test_refuted_with_one_unit_in_the_plane() -> None:
    """1 and 3: z = (1, -1) is critical with H = 32 I - 4 J, eigenvalues 24 and 32, L = 4, and L = 0 at x = (1, 1)."""
    objective, z, x = three_measurements(), column(1, -1), column(1, 1)
    assert all(entry == 0 for entry in objective.gradient(z).ravel())
    assert objective.hessian(z).tolist() == [[28, -4], [-4, 28]]
    assert inertia(objective.hessian(z)) == (2, 0, 0)
    assert compare(Comparison(objective.value(z), "<=", objective.value(x), "L at z against x")).fails
    assert (objective.value(z), objective.value(x)) == (4, 0)


@control
def test_a_second_unit_at_zero_makes_it_a_saddle() -> None:
    """3: W = [z, 0] has curvature 2 v^T G v = -8 along v = (1, 1)/2^{1/2} in that unit; not -9, and not 8."""
    objective, z = three_measurements(), column(1, -1)
    wide = np.hstack([z, 0 * z])
    move = np.hstack([0 * z, column(1, 1)])
    form = objective.hessian_form(wide, move) / 2
    assert form == -8
    matrix = objective.hessian(wide)
    assert inertia(matrix)[1] == 1
    unit = arithmetic.exact(np.eye(4))
    assert inertia(matrix + 8 * unit)[1:] == (0, 1)
    assert inertia(matrix + fmpq(79, 10) * unit)[1] == 1


def one_unit(*, bend: int = 1) -> fmpq_poly:
    """F = (s - 1)^2 (bend (s - 3)^2 + 1/10)."""
    a, b = fmpq_poly([-1, 1]), fmpq_poly([-3, 1])
    return a * a * (bend * b * b + fmpq(1, 10))


@control
@ablates("DL-039", "convexity", "dropped", Fate.REFUTED)
def test_refuted_without_convexity() -> None:
    """3: d = k = 1, w^2 = s = 5/2 + 5^{-1/2}: F' = 2 (s - 1)(2 s^2 - 10 s + 121/10) = 0, L'' = 4 s F'' > 0, F > 0.
    And F(1) = 0. F'' < 0 at s = 5/2: not convex. Without (s - 3)^2 it is."""
    value, slope = one_unit(), one_unit().derivative()
    assert slope == 2 * fmpq_poly([-1, 1]) * fmpq_poly([fmpq(121, 10), -10, 2])
    assert fmpq_poly([fmpq(121, 10), -10, 2]) == 2 * fmpq_poly([fmpq(-5, 2), 1]) ** 2 - fmpq(2, 5)

    def poor() -> arb:
        return fmpq(5, 2) + 1 / arb(5).sqrt()

    assert settle(
        lambda: Comparison(4 * poor() * arb_poly(slope.derivative())(poor()), ">", fmpq(0), "L'' at the poor minimum")
    ).holds
    assert settle(lambda: Comparison(arb_poly(value)(poor()), "<=", value(fmpq(1)), "L against its least value")).fails
    middle = fmpq(5, 2)
    assert compare(Comparison(slope.derivative()(middle), ">=", fmpq(0), "F'' at 5/2")).fails
    assert one_unit(bend=0).derivative().derivative() == fmpq_poly([fmpq(1, 5)])


def mirrored(t: fmpq, size: int) -> ConvexObjective:
    """2: F(Y) = 1/4 <N, T N>, N = Y + e_2 e_2^T + ... + e_d e_d^T, T = [[1, t], [t, 1]] on X_11, X_22 and 1 + t on all
    other entries."""
    form = coordinate_gram(size) * (1 + t)
    places = [0, size]  # X_11 and X_22 in the order of the upper triangle
    form[np.ix_(places, places)] = arithmetic.exact(np.array([[1, t], [t, 1]], dtype=object))
    see, target = from_form(form), -diagonal(size, size, [0] + [1] * (size - 1))
    return ConvexObjective(
        size,
        lambda matrix: inner(matrix - target, see(matrix - target)) / 4,
        lambda matrix: see(matrix - target) / 2,
        lambda _, moved: see(moved) / 2,
    )


def with_signs(positive: int, root: fmpq, size: int = 2, *, more: int = 0) -> tuple[SignedObjective, ObjectArray]:
    """Zero units of sign 1, d - 1 units of sign -1 at root e_1, e_3, ..., e_d, and ``more`` of sign -1 at zero."""
    carried = arithmetic.exact(np.delete(np.eye(size), 1, axis=1))
    carried[0, 0] = root
    zeros = arithmetic.exact(np.zeros((size, positive)))
    here = np.hstack([zeros, carried, arithmetic.exact(np.zeros((size, more)))])
    signs = arithmetic.exact(np.array([1] * positive + [-1] * (size - 1 + more)))
    return SignedObjective(mirrored(root**2, size), signs), here


SIZES = [*((size, positive) for size in (2, 3) for positive in range(size + 1)), (4, 0), (4, 4), (5, 2)]


@control
@ablates("DL-039", "both signs", "dropped", Fate.REFUTED)
@pytest.mark.parametrize(("size", "positive"), SIZES)
def test_refuted_with_one_unit_fewer_of_one_sign(size: int, positive: int) -> None:
    """2: no to d positive units and d - 1 negative ones: critical, G = (1 - t^2)/2 e_2 e_2^T, none negative among the
    Hessian's eigenvalues, as many zeros as the group that keeps Y moves, so a local minimum; L = 0 with e_2 for
    3/4 e_1. With one more negative unit it is a saddle."""
    objective, here = with_signs(positive, fmpq(3, 4), size)
    assert all(entry == 0 for entry in objective.gradient(here).ravel())
    slope = objective.base.outer_gradient(objective.square(here))
    assert (slope == diagonal(size, size, [0, (1 - NINE**2) / 2])).all()
    matrix, moved = objective.hessian(here), positive * (size - 1) + (size - 1) * (size - 2) // 2
    assert inertia(matrix) == (len(matrix) - moved, 0, moved)
    there = here.copy()
    there[:2, positive] = column(0, 1).ravel()
    assert (objective.value(here), objective.value(there)) == ((1 - NINE**2) / 4, 0)
    wider, same = with_signs(positive, fmpq(3, 4), size, more=1)
    assert inertia(wider.hessian(same))[1] == 1


@control
@pytest.mark.parametrize(("root", "negative"), [(fmpq(2, 3), 1), (fmpq(7, 10), 1), (fmpq(5, 7), 0), (fmpq(9, 10), 0)])
def test_the_instance_of_both_signs_needs_t_above_one_half(root: fmpq, negative: int) -> None:
    """2: the negative unit has H = diag(2t, 2t^2 + t - 1), t = root^2: below 1/2 it is a saddle."""
    objective, here = with_signs(2, root)
    assert all(entry == 0 for entry in objective.gradient(here).ravel())
    assert inertia(objective.hessian(here))[1] == negative


@control
def test_refuted_that_critical_points_are_global() -> None:
    """1 without second order: W = 0 for F(Y) = (Y - 1)^2, d = k = 1, is critical, L(0) = 1 > L(1) = 0."""
    objective = ConvexObjective(
        1, lambda y: ((y - 1) ** 2).sum(axis=(-2, -1)), lambda y: (y - 1) * 2, lambda _, moved: moved * 2
    )
    zero, one = column(0), column(1)
    assert objective.gradient(zero).tolist() == [[0]]
    assert inertia(objective.hessian(zero)) == (0, 1, 0)
    assert compare(Comparison(objective.value(zero), "<=", objective.value(one), "L at zero")).fails


def at(values: list[int | fmpq], chosen: tuple[int, ...], width: int) -> FactoredPoint:
    """A critical point of the Gaussian mean with M diagonal."""
    n, r = len(values), len(chosen)
    eigenvalues = tuple(fmpq(1) * value for value in values)
    left_out = [value for a, value in enumerate(eigenvalues) if a not in chosen]
    squares = tuple(eigenvalues[i] - gaussian_mean.trace_of_residual(left_out, r) / 2 for i in chosen)
    unit = arithmetic.exact(np.eye(max(n, width)))
    factor = arithmetic.exact(np.zeros((n, width)))
    for place, (i, square) in enumerate(zip(chosen, squares, strict=True)):
        factor[i, place] = square_root(square)
    target = arithmetic.exact(np.diag(np.array(eigenvalues, dtype=object)))
    return FactoredPoint(
        factor, target, shallow.gaussian_mean(), unit[:n, :n], unit[:width, :width], eigenvalues, tuple(chosen), squares
    )


@control
def test_refuted_with_other_constants_in_the_gaussian_mean() -> None:
    """4: M = diag(5/2, 5/2, 6), I = {5/2, 5/2}, k = 2, s = 4, 4: 2 (lambda_i - lambda_a) is not 1 x that, nor is
    2 s^{1/2} s^{1/2}^T; and 2 + r in L is not 1 + r."""
    point = at([fmpq(5, 2), fmpq(5, 2), 6], (0, 1), 2)
    matrix = point.objective.hessian(point.factor)
    assert characteristic_polynomial(matrix) == gaussian_mean.spectrum(point)
    assert characteristic_polynomial(matrix) != gaussian_mean.spectrum(point, scale=1)
    assert characteristic_polynomial(matrix) != gaussian_mean.spectrum(point, trace=1)
    value = point.objective.value(point.factor)
    assert value == gaussian_mean.critical_value(point.left_out, 2)
    assert compare(
        Comparison(value, "==", gaussian_mean.critical_value(point.left_out, 1), "L with 2 + r less 1")
    ).fails


@control
@pytest.mark.parametrize(("values", "least"), [([3, -8], False), ([1, -3], True), ([fmpq(1001, 1000), -3], False)])
def test_the_threshold_of_the_gaussian_mean_is_half_of_tau(values: list[int | fmpq], least: bool) -> None:
    """4, W = 0, k = 1: diag(3, -8) has tau = 5, 3 <= tau but 2 * 3 > tau: a saddle. diag(1, -3) is the boundary."""
    point = at(values, (), 1)
    assert gaussian_mean.is_least(point.caught, point.left_out, 1) is least
    gaussian_mean.check(point)


def is_still(point: FactoredPoint) -> bool:
    """Whether lambda_i > 0 in place of s_i is critical, k = 1."""
    gradient = point.objective.gradient(point.factor * square_root(point.caught[0] / point.squares[0]))
    return all(abs(entry).contains(0) if isinstance(entry, arb) else entry == 0 for entry in gradient.ravel())


@control
@fewer(3)
@given(gaussian_points(size=2, width=1))
@example(at([1, 9], (0,), 1))
@example(at([1, 0], (0,), 1))
def test_refuted_that_modes_of_the_identity_are_critical_in_the_mean(point: FactoredPoint) -> None:
    """4: s_i = lambda_i, as for DL-035, is critical only if t = 0: not for M = diag(1, 9), where s_1 = 4."""
    if point.rank == 1 and point.caught[0] > 0:
        assert is_still(point) == (sum(point.left_out) == 0)


@control
def test_refuted_that_the_criterion_for_semidefinite_targets_holds_for_all() -> None:
    """4: M = diag(-3), k = 1: W = 0 is global (2 lambda <= tau = 3), though t = -3 != 0 and r < k; and diag(1, -1),
    k = 2, W = 0 has t = 0 and is a saddle."""
    alone = at([-3], (), 1)
    assert inertia(alone.objective.hessian(alone.factor))[1] == 0
    assert gaussian_mean.is_least(alone.caught, alone.left_out, 1)
    assert not gaussian_mean.is_least_psd(alone.caught, alone.left_out, 1)
    other = at([1, -1], (), 2)
    assert inertia(other.objective.hessian(other.factor))[1] == 2
    assert not gaussian_mean.is_least(other.caught, other.left_out, 2)
    assert gaussian_mean.is_least_psd(other.caught, other.left_out, 2)


@witness
def test_a_captured_zero_eigenvalue() -> None:
    """4: M = diag(0, 3), k = 1, I = {0}: s = 1 > 0, a saddle with 2 (0 - 3) = -6."""
    point = at([0, 3], (0,), 1)
    assert point.squares == (fmpq(1),)
    gaussian_mean.check(point)
    assert inertia(point.objective.hessian(point.factor)) == (1, 1, 0)


def logistic() -> ConvexObjective:
    """loss log(1 + exp(-s)), one sample x = 1, C = 0, at the current precision."""
    return sampled_objective(
        arithmetic.balls([[1]]),
        lambda u: np.array([(-s).exp().log1p() for s in u]),
        lambda u: np.array([-1 / (1 + s.exp()) for s in u]),
        lambda u: np.array([1 / ((1 + s.exp()) * (1 + (-s).exp())) for s in u]),
    )


@witness
@pytest.mark.parametrize("t", [1, 2, 5, 10])
def test_a_least_value_need_not_be_attained(t: int) -> None:
    """5, logistic loss at w = t: 0 < L < exp(-t^2), and L' < 0."""

    def value() -> Scalar:
        found: Scalar = logistic().value(arithmetic.balls([[t]]))
        return found

    assert settle(lambda: Comparison(value(), ">", fmpq(0), "L")).holds
    assert settle(lambda: Comparison(value(), "<", (-arb(t**2)).exp(), "L against its infimum 0")).holds
    slope = logistic().gradient(arithmetic.balls([[t]]))[0, 0]
    assert compare(Comparison(slope, "<", fmpq(0), "L'")).holds


@witness
def test_the_bounds_on_samples_cross_at_three_units() -> None:
    """5: n < 2k is more than n < k (k + 1) / 2 for k = 1, 2, the same for k = 3 and less for k = 4; at k = 1 and n = 2k
    there are poor minima for all C nearby, so that for k = 1 the second is sharp for generic C too."""
    assert [2 * k - k * (k + 1) // 2 for k in (1, 2, 3, 4)] == [1, 1, 0, -2]
    assert few_samples.is_poor(1, fmpq(3, 2), ridge=False)
