"""All critical points in the plane: against the closed forms for T = identity, a Newton search, and what is refused."""

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers.arithmetic import exact
from solvers.shallow import (
    FactoredObjective,
    UncertifiedLandscape,
    coordinate_gram,
    from_form,
    is_strict,
    mask,
    phase_measurements,
    plane_critical_points,
    plane_landscape,
)
from strategies import near_isometries


def spiked(t):
    """z = e_2 and the map of coefficients 1, t on the diagonal entries and 1 + t off it."""
    return FactoredObjective(exact([[0, 0], [0, 1]]), from_form(exact([[1, 0, t], [0, 2 + 2 * t, 0], [t, 0, 1]])))


def test_identity_and_a_singular_target():
    """1/4 ||u u^T - diag(4, 0)||^2: 0 and +-2 e_1, the line of e_2 being at 0."""
    points = plane_critical_points(FactoredObjective(exact([[4, 0], [0, 0]])))
    assert [[float(x) for x in point.ravel()] for point in points] == [[0, 0], [2, 0], [-2, 0]]


def test_every_line_of_an_eigenvector():
    """M = diag(4, 1): +-2 e_1 and +-e_2; M = diag(4, -1): e_2 has r^2 < 0."""
    assert len(plane_critical_points(FactoredObjective(exact([[4, 0], [0, 1]])))) == 5
    assert len(plane_critical_points(FactoredObjective(exact([[4, 0], [0, -1]])))) == 3


@pytest.mark.parametrize(("t", "count"), [(fmpq(9, 16), 9), (fmpq(25, 49), 9), (fmpq(1, 4), 5)])
def test_counts(t, count):
    assert len(plane_critical_points(spiked(t))) == count


@given(near_isometries(2, delta=fmpq(3, 4)), st.tuples(st.integers(-3, 3), st.integers(1, 3)))
def test_gradients_vanish_and_a_search_finds_no_other_point(found, z):
    column = exact(np.array(z)[:, None])
    objective = FactoredObjective(column @ column.T, found.linear_map)
    try:
        points = plane_critical_points(objective)
    except UncertifiedLandscape:  # two lines may coincide by chance
        return
    with ctx.workprec(256):
        for point in points:
            assert all(entry.contains(0) and entry.rad() < 1e-30 for entry in objective.balls().gradient(point).ravel())
    known = np.array([[float(x) for x in point.ravel()] for point in points])
    near = objective.nearest()
    starts = np.random.default_rng(0).standard_normal((40, 2, 1)) * 3
    for _ in range(60):
        starts = starts - np.linalg.pinv(near.hessian(starts)) @ near.gradient(starts)
    ends = starts[np.linalg.norm(near.gradient(starts), axis=(1, 2)) < 1e-9]
    assert len(ends) > 0
    assert (np.abs(ends[:, None, :, 0] - known).max(axis=-1).min(axis=-1) < 1e-2).all()


@given(near_isometries(2, delta=fmpq(3, 4)), st.tuples(st.integers(-3, 3), st.integers(1, 3)))
def test_another_proof_of_completeness_finds_the_same_points(found, z):
    """Resultants and Krawczyk boxes in place of lines; both name the strict ones."""
    column = exact(np.array(z)[:, None])
    objective = FactoredObjective(column @ column.T, found.linear_map)
    try:
        points, others = plane_critical_points(objective), plane_landscape(objective)
    except UncertifiedLandscape:  # each has its own degenerate cases
        return
    assert len(points) == len(others)
    with ctx.workprec(256):
        for point in points:
            (same,) = (
                other
                for other in others
                if all(a.overlaps(b) for a, b in zip(point.flat, other.point.flat, strict=True))
            )
            assert is_strict(objective.balls().hessian(point)) == (same.inertia[1] > 0)


def test_strictness_of_balls():
    one = exact([[1, 0], [0, 1]])
    ball = np.vectorize(arb, otypes=[object])
    assert not is_strict(ball(one))
    assert is_strict(ball(-one))
    assert is_strict(ball(exact([[1, 2], [2, 1]])))
    with pytest.raises(ArithmeticError, match="undecided"):
        is_strict(ball(0 * one))


INDEFINITE = from_form(exact([[-1, 0, 0], [0, 2, 0], [0, 0, 1]]))


@pytest.mark.parametrize(
    ("objective", "sentence"),
    [
        (FactoredObjective(exact(np.eye(3))), "objective has n = 3; expected n = 2"),
        (FactoredObjective(exact(np.eye(2))), "two critical lines that coincide"),
        (spiked(fmpq(1, 2)), "two critical lines that coincide"),
        (FactoredObjective(exact([[1, 1], [1, 1]]), mask(exact([[0, 1], [1, 0]]))), "lines that coincide"),
        (
            FactoredObjective(exact([[4, 0], [0, 1]]), from_form(exact([[-1, 0, 0], [0, 2, 0], [0, 0, 1]]))),
            "a line w on which",
        ),
        (FactoredObjective(exact([[1, 0], [0, 0]]), phase_measurements(exact([[1, 0]]))), "lines that coincide"),
    ],
)
def test_what_it_refuses(objective, sentence):
    with pytest.raises(ValueError, match=sentence):
        plane_critical_points(objective)


def test_the_gram_of_the_coordinates_is_the_identity_map():
    """from_form takes the Gram matrix of the basis to T = identity, whose points are known."""
    assert len(plane_critical_points(FactoredObjective(exact([[4, 0], [0, 1]]), from_form(coordinate_gram(2))))) == 5
