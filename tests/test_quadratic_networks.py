"""Networks of quadratic units: derivatives against exact differences, points that are what they say, bad input."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import exact
from solvers.network import rank
from solvers.shallow import ConvexObjective, SignedObjective, inner, sampled_objective, tilted
from strategies import dyadic_matrices, gaussian_points, quadratic_points

POINTS = st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(0, 2)).flatmap(
    lambda sizes: quadratic_points(size=sizes[0], positive=sizes[1], negative=sizes[2])
)


def squares(vectors, outputs):
    """Mean of (u - y)^2 / 2."""
    return sampled_objective(vectors, lambda u: (u - outputs) ** 2 / 2, lambda u: u - outputs, lambda u: u * 0 + 1)


@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.booleans())
def test_derivatives_are_those_of_the_value(data, size, units, tilt):
    """On a line the value is of degree 4, so that five values give both derivatives exactly."""
    draws = [(2, size), (size, size), (size, units), (size, units)]
    vectors, half, factor, direction = (exact(data.draw(dyadic_matrices(*shape))) for shape in draws)
    signs = exact(np.array(data.draw(st.lists(st.sampled_from([1, -1]), min_size=units, max_size=units))))
    base = squares(vectors, exact(np.array([1, -2])))
    objective = SignedObjective(tilted(base, half + half.T) if tilt else base, signs)
    low, less, here, more, high = (objective.value(factor + t * direction) for t in (-2, -1, 0, 1, 2))
    assert inner(objective.gradient(factor), direction) == (8 * (more - less) - high + low) / 12
    second = (16 * (more + less) - 30 * here - high - low) / 12
    assert objective.hessian_form(factor, direction) == second
    assert inner(objective.hessian_vector_product(factor, direction), direction) == second
    flat = direction.ravel()
    assert flat @ objective.hessian(factor) @ flat == second


@given(st.data(), st.integers(1, 3))
def test_all_signs_positive_is_the_plain_objective(data, units):
    """Value, gradient and Hessian of ConvexObjective; in float64 too, and of stacks."""
    vectors, factor = data.draw(dyadic_matrices(3, 2)), data.draw(dyadic_matrices(2, units))
    base = squares(vectors, np.array([1.0, 2.0, -1.0]))
    signed = SignedObjective(base, np.ones(units))
    assert signed.value(factor) == base.value(factor)
    assert (signed.gradient(factor) == base.gradient(factor)).all()
    assert (signed.hessian(factor) == base.hessian(factor)).all()
    assert signed.value(np.stack([factor, factor])).tolist() == [base.value(factor)] * 2


@given(POINTS)
def test_quadratic_points_are_critical_and_what_is_said_of_them_is_so(point):
    """G as named, G W = 0, the rank, convex losses, the basis."""
    square = point.objective.square(point.factor)
    assert (point.outer.outer_gradient(square) == point.slope).all()
    assert all(entry == 0 for entry in point.objective.gradient(point.factor).ravel())
    assert rank(point.factor) == point.rank
    rest = point.basis[:, point.rank :]
    assert (point.slope @ rest == rest * np.array(point.slopes, dtype=object)).all()
    assert all(entry == 0 for entry in (rest.T @ point.factor).ravel())
    assert all(bend >= 0 for bend in point.bends)
    moved = point.basis @ point.basis.T
    curved = point.outer.outer_hessian(square, moved)
    seen = ((point.vectors @ moved) * point.vectors).sum(axis=1)
    assert inner(moved, curved) == (point.bends * seen**2).sum()


@given(POINTS, st.data())
def test_the_losses_of_quadratic_points_have_the_derivatives_that_they_say(point, data):
    """Away from the point: on a line F is of degree 4 and F' of degree 3, so five values give both exactly."""
    size = len(point.factor)
    place, direction = (exact(data.draw(dyadic_matrices(size, size))) for _ in range(2))
    at = [place + place.T + t * (direction + direction.T) for t in (-2, -1, 0, 1, 2)]
    turn = at[1] - at[0]
    low, less, _, more, high = (point.outer.outer(matrix) for matrix in at)
    assert inner(point.outer.outer_gradient(at[2]), turn) == (8 * (more - less) - high + low) / 12
    low, less, _, more, high = (inner(point.outer.outer_gradient(matrix), turn) for matrix in at)
    assert inner(turn, point.outer.outer_hessian(at[2], turn)) == (8 * (more - less) - high + low) / 12


@given(gaussian_points(psd=False))
def test_gaussian_points_of_any_signs_are_critical(point):
    """Gradient 0, and the target's spectral decomposition."""
    assert all(entry == 0 for entry in point.objective.gradient(point.factor).ravel())
    spectral = point.basis * np.array(point.eigenvalues, dtype=object) @ point.basis.T
    assert (point.target == spectral).all()


UNIT = exact(np.eye(2))
BASE = squares(exact([[1, 0], [0, 1]]), exact(np.array([1, 1])))


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: SignedObjective(BASE, exact(np.array([1, 2]))), ValueError, "expected 1 or -1 for each unit"),
        (lambda: SignedObjective(BASE, UNIT), ValueError, r"expected \(k,\)"),
        (lambda: tilted(BASE, exact([[0, 1], [0, 0]])), ValueError, "matrix is not symmetric"),
        (lambda: tilted(BASE, exact([[1]])), ValueError, r"matrix has shape \(1, 1\); expected \(2, 2\)"),
        (lambda: tilted(BASE, 3), TypeError, "matrix is a int"),
        (lambda: SignedObjective(BASE, exact(np.array([1]))).value(exact([[1]])), ValueError, "expected 2 rows"),
    ],
)
def test_bad_objectives_are_refused_by_name(make, error, sentence):
    """With what would be right."""
    with pytest.raises(error, match=sentence):
        make()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: quadratic_points(size=0, positive=1), "size is 0; expected a whole number >= 1"),
        (lambda: quadratic_points(size=1, positive=0), "positive and negative are both 0; expected at least one unit"),
        (lambda: quadratic_points(size=1, positive=2, rank=2), "rank is 2; expected at most 1, for 1 rows and 2 units"),
        (lambda: quadratic_points(size=1, positive=1, samples=0), "samples is 0; expected a whole number >= 1"),
        (lambda: gaussian_points(psd=1), "psd is 1; expected True or False"),
    ],
)
def test_bad_arguments_are_refused_by_name(make, sentence):
    """InvalidArgument, when an example is drawn."""

    @settings(max_examples=1, database=None)
    @given(make())
    def draw(_):
        pass

    with pytest.raises(InvalidArgument, match=sentence):
        draw()


def test_a_convex_objective_without_samples_may_be_tilted_twice():
    """<C, Y> adds up."""
    zero = ConvexObjective(2, lambda y: inner(y, y) * 0, lambda y: y * 0, lambda _, moved: moved * 0)
    twice = tilted(tilted(zero, UNIT), 2 * UNIT)
    assert twice.value(exact([[1], [2]])) == fmpq(15)
    assert (twice.outer_gradient(UNIT) == 3 * UNIT).all()
