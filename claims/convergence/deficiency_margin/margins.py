"""Margins of drawn targets and starts, the distance to deficiency, and critical points below a margin."""

from functools import partial

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.suite import Fate, ablates, control, exact, sampled, witness
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, rational, settle, square_root
from solvers.descent import gradient_descent, loss_ball
from solvers.network import deficiency_margin, end_to_end, frobenius_squared, layer_gradients, loss, sigma_min
from strategies import DATASETS, MarginProblem, diagonal, dimensions, dyadic_matrices, margin_problems, targets

WIDTHS = st.integers(1, 6)
ONE = fmpq(1)


def stays_away(other: ObjectArray, margin: Scalar) -> Comparison:
    """sigma_min(W') >= c."""
    return Comparison(sigma_min(other), ">=", margin, "sigma_min(W') against the margin")


def distance(matrix: ObjectArray, target: ObjectArray) -> Scalar:
    """||A - Phi||_F."""
    return square_root(frobenius_squared(matrix - target))


@st.composite
def bases_and_values(draw: st.DrawFn, *, full_rank: bool = False) -> tuple[ObjectArray, ObjectArray, list[fmpq]]:
    """Q, R and rational singular values s of a target Q diag(s) R^T, rectangular both ways."""
    rows, columns = draw(WIDTHS), draw(WIDTHS)
    count = min(rows, columns)
    values = draw(strategies.singular_value_lists(count, rank=count if full_rank else None))
    left, right = (draw(strategies.orthogonal_matrices(size)) for size in (rows, columns))
    return left, right, [rational(value) for value in values]


def compose(left: ObjectArray, right: ObjectArray, values: list[fmpq]) -> ObjectArray:
    """Q diag(s) R^T."""
    product: ObjectArray = left @ diagonal(len(left), len(right), values) @ right.T
    return product


@st.composite
def as_far(draw: st.DrawFn, difference: ObjectArray) -> ObjectArray:
    """Matrices no farther from zero, in Frobenius norm, than ``difference``: any direction, equality included."""
    if draw(st.booleans()):
        signs = draw(st.lists(st.sampled_from([1, -1]), min_size=difference.size, max_size=difference.size))
        order = draw(st.permutations(range(difference.size)))
        entries = difference.ravel()[list(order)] * np.array([fmpq(sign) for sign in signs], dtype=object)
        moved: ObjectArray = entries.reshape(difference.shape)
        return moved
    direction = arithmetic.exact(draw(dyadic_matrices(*difference.shape)))
    size = frobenius_squared(direction)
    if size == 0:
        return direction
    reach = rational(arithmetic.lower_float(square_root(frobenius_squared(difference) / size)))
    scaled: ObjectArray = direction * (max(reach, fmpq(0)) * fmpq(draw(st.integers(0, 64)), 64))
    return scaled


@exact
@given(bases_and_values(), st.data())
def test_no_closer_point_is_nearer_to_deficiency(
    parts: tuple[ObjectArray, ObjectArray, list[fmpq]], data: st.DataObject
) -> None:
    """Statement 1 with rational Phi of known spectrum, W anywhere and W' as near as W (margins <= 0 included)."""
    target = compose(*parts)
    difference = arithmetic.exact(data.draw(dyadic_matrices(*target.shape)))
    difference = difference * fmpq(1, data.draw(st.sampled_from([1, 4, 16, 64])))
    other = target + data.draw(as_far(difference))
    assert frobenius_squared(other - target) <= frobenius_squared(difference)
    verdict = settle(lambda: stays_away(other, deficiency_margin((target + difference,), target)))
    assert verdict.holds, verdict


@exact
@given(bases_and_values(), st.integers(0, 16).map(lambda k: fmpq(k, 4)), st.data())
def test_distance_to_deficiency(
    parts: tuple[ObjectArray, ObjectArray, list[fmpq]], bound: fmpq, data: st.DataObject
) -> None:
    """Statement 2: the distance is attained by lowering the smallest singular value to c, and no A beats it."""
    left, right, values = parts
    target, least = compose(*parts), max(fmpq(0), values[-1] - bound)
    nearest = compose(left, right, [*values[:-1], min(values[-1], bound)])
    assert network.sigma_min_at_most(nearest, bound**2)
    assert distance(nearest, target) == least
    any_matrix = arithmetic.exact(data.draw(dyadic_matrices(*target.shape)))
    verdict = settle(
        lambda: Comparison(
            distance(any_matrix, target), ">=", values[-1] - sigma_min(any_matrix), "distance of any A to Phi"
        )
    )
    assert verdict.holds, verdict


def seen_at_the_end(gradient: ObjectArray, layer: ObjectArray, least: Scalar, norm: Scalar = ONE) -> Comparison:
    """||D||_F^2 |W_j|_2^2 >= c^2 ||G||_F^2 for an end layer; ``norm`` is a factor that a control changes."""
    size = norm * network.spectral_norm(layer) ** 2
    return Comparison(frobenius_squared(gradient) * size, ">=", least, "gradient of an end layer times its norm")


@control
def test_refuted_that_more_of_the_residual_is_seen_at_the_end() -> None:
    """Layers 2 and 3, Phi = 5: ||D_1||^2 |W_1|^2 = 9 * 4 is c^2 ||G||^2 = 36 exactly; a thousandth more fails."""
    weights, target = strategies.scalar_weights(2, 3), arithmetic.exact([[5]])
    first = layer_gradients(weights, target)[0]
    assert settle(lambda: seen_at_the_end(first, weights[0], fmpq(36) * fmpq(999, 1000))).holds
    assert settle(lambda: seen_at_the_end(first, weights[0], fmpq(36) * fmpq(1001, 1000))).fails


@exact
@given(margin_problems(), st.data())
def test_critical_points_below_a_margin_are_global(drawn: MarginProblem, data: st.DataObject) -> None:
    """Statement 3: all gradients vanish exactly only where the residual does, however unbalanced the layers are.

    Quantitatively ||D_1||_F |W_1|_2 >= sigma_min(W) ||G||_F where d_N <= d_0, and the mirror image where d_0 <= d_N.
    """
    posed = drawn.problem.exact()
    shifts = [0, *(data.draw(st.integers(-6, 6)) for _ in range(posed.depth - 1)), 0]
    weights = tuple(matrix * fmpq(2) ** (shifts[j + 1] - shifts[j]) for j, matrix in enumerate(posed.weights))
    product = end_to_end(weights)
    assert (product == end_to_end(posed.weights)).all()
    gradients = layer_gradients(weights, posed.target)
    residual = frobenius_squared(product - posed.target)
    assert (residual == 0) == all(frobenius_squared(gradient) == 0 for gradient in gradients)
    wide = product.shape[0] <= product.shape[1]
    gradient, layer = (gradients[0], weights[0]) if wide else (gradients[-1], weights[-1])
    assert settle(lambda: seen_at_the_end(gradient, layer, rational(drawn.margin) ** 2 * residual)).holds


@exact
@given(st.data())
def test_no_margin_across_a_bottleneck(data: st.DataObject) -> None:
    """Statement 4: with a bottleneck sigma_min(Phi)^2 <= ||W - Phi||_F^2, decided by exact inertia."""
    widths = data.draw(dimensions(bottleneck=True))
    weights = [arithmetic.exact(matrix) for matrix in data.draw(strategies.generic_weights(widths))]
    target = data.draw(targets(widths[-1], widths[0]))
    assert network.sigma_min_at_most(target, frobenius_squared(end_to_end(weights) - target))


@exact
@given(st.data())
def test_no_margin_to_a_rank_deficient_target(data: st.DataObject) -> None:
    """Statement 4: with sigma_min(Phi) = 0 the margin is at most 0 everywhere."""
    widths = data.draw(dimensions())
    count = min(widths[0], widths[-1])
    target = data.draw(targets(widths[-1], widths[0], rank=data.draw(st.integers(0, count - 1))))
    weights = [arithmetic.exact(matrix) for matrix in data.draw(strategies.generic_weights(widths))]
    assert settle(
        lambda: Comparison(deficiency_margin(weights, target), "<=", fmpq(0), "margin to a deficient Phi")
    ).holds


@sampled
@given(st.lists(margin_problems(), min_size=1, max_size=3))
def test_margin_along_gradient_descent(batch: list[MarginProblem]) -> None:
    """A float run that has not increased the loss is still at sigma_min(W) >= c, decided exactly at its last point."""
    trajectories = gradient_descent([drawn.problem for drawn in batch], steps=50, certify=True)
    for drawn, trajectory in zip(batch, trajectories, strict=True):
        posed, last = drawn.problem.exact(), [arithmetic.exact(matrix) for matrix in trajectory.weights]
        initial, margin = loss(posed.weights, posed.target), rational(drawn.margin)
        if loss(last, posed.target) <= initial:
            assert settle(partial(stays_away, end_to_end(last), margin)).holds
        else:  # a start within rounding of the target: the rise is the run's own rounding, not the descent's
            assert not compare(Comparison(loss_ball(trajectory), ">", initial, "loss after 50 steps")).holds


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data(name: str) -> None:
    """2000 steps at learning rate 1/100 on real data: the loss has fallen, and the margin has not been lost."""
    problem = strategies.real_problem(name, (4, 5), start=63 / 64, learning_rate=0.01)
    trajectory = gradient_descent(problem, steps=2000)
    posed, last = problem.exact(), [arithmetic.exact(matrix) for matrix in trajectory.weights]
    assert deficiency_margin(posed.weights, posed.target) > 0
    assert loss(last, posed.target) < loss(posed.weights, posed.target)
    assert settle(lambda: stays_away(end_to_end(last), deficiency_margin(posed.weights, posed.target))).holds


@control
@given(bases_and_values(full_rank=True))
def test_refuted_with_the_strict_inequality(parts: tuple[ObjectArray, ObjectArray, list[fmpq]]) -> None:
    """Equality is attained in statement 1: lower the smallest singular value by any t, and sigma_min is the margin."""
    left, right, values = parts
    lowered = compose(left, right, [*values[:-1], values[-1] / 2])
    margin = deficiency_margin((lowered,), compose(*parts))
    assert compare(stays_away(lowered, margin)).holds
    assert compare(stays_away(lowered, margin * fmpq(101, 100))).fails
    assert compare(Comparison(sigma_min(lowered), ">", margin, "sigma_min(W')")).fails


@control
def test_refuted_that_less_than_the_spectral_norm_bounds_the_gradient() -> None:
    """W_1 = W_2 = I and Phi = diag(9/8, 1): ||D_1||_F |W_1|_2 = sigma_min(W) ||G||_F, where ||W_1||_F is 2^{1/2}."""
    target, one = diagonal(2, 2, [fmpq(9, 8), 1]), diagonal(2, 2, [1, 1])
    (gradient, _), residual = layer_gradients((one, one), target), frobenius_squared(one - target)
    assert compare(seen_at_the_end(gradient, one, residual)).holds
    assert compare(seen_at_the_end(gradient, one, residual, fmpq(999, 1000))).fails


@control
@ablates("DL-005", "no farther", "dropped", Fate.REFUTED)
def test_refuted_for_a_point_farther_away() -> None:
    """W = 3/4 has margin 3/4 to Phi = 1; W' = 1/2 is farther from Phi, and below it."""
    one = arithmetic.exact([[1]])
    margin = deficiency_margin((one * fmpq(3, 4),), one)
    assert compare(stays_away(one / 2, margin)).fails


@control
@ablates("DL-005", "margin", "dropped", Fate.REFUTED)
@ablates("DL-005", "margin", "exactly 0", Fate.REFUTED)
def test_refuted_that_critical_points_are_global_without_a_margin() -> None:
    """W_1 = W_2 = 0 towards Phi = 1: all gradients vanish, the residual does not, the margin is exactly 0."""
    one = arithmetic.exact([[1]])
    gradients = layer_gradients((0 * one, 0 * one), one)
    assert all(frobenius_squared(gradient) == 0 for gradient in gradients)
    assert compare(Comparison(loss((0 * one, 0 * one), one), "==", fmpq(0), "loss")).fails
    assert compare(Comparison(deficiency_margin((0 * one, 0 * one), one), "==", fmpq(0), "margin")).holds


@control
@ablates("DL-005", "margin", "from the largest singular value", Fate.REFUTED)
def test_refuted_that_the_spectral_norm_of_the_target_measures_the_margin() -> None:
    """With sigma_max in place of sigma_min: Phi = diag(2, 1), W = diag(2, 0) would have margin 1, yet is deficient."""
    target, product = diagonal(2, 2, [2, 1]), diagonal(2, 2, [2, 0])
    wrong = fmpq(2) - distance(product, target)
    assert wrong == 1
    assert compare(stays_away(product, wrong)).fails


@witness
@pytest.mark.parametrize("widths", [(1, 1), (3, 1), (1, 3), (2, 4, 3), (3, 3, 3, 3)])
def test_margins_exist_wherever_no_width_is_a_bottleneck(widths: tuple[int, ...]) -> None:
    """W(0) = Phi = [I 0]: the margin is 1, up to the rounding of the factors."""
    target = np.eye(widths[-1], widths[0])
    weights = [arithmetic.exact(matrix) for matrix in network.balanced_factors(target, widths)]
    assert deficiency_margin(weights, arithmetic.exact(target)) > fmpq(99, 100)


@witness
def test_a_bottleneck_can_have_margin_exactly_zero() -> None:
    """The boundary of statement 4: Phi = I of size 2 through width 1, W = diag(1, 0)."""
    weights: tuple[network.Matrix, ...] = (diagonal(1, 2, [1]), diagonal(2, 1, [1]))
    assert deficiency_margin(weights, diagonal(2, 2, [1, 1])) == 0
