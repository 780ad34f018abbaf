"""Complete landscapes in the plane: known ones, the sum of the indices, and what is refused."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from solvers.arithmetic import exact, nearest
from solvers.network import inertia
from solvers.shallow import FactoredObjective, gaussian_mean, identity_map, mask, phase_measurements, plane_landscape

ONES = np.ones((2, 2))


def test_the_mean_of_phase_retrieval():
    """x = (1, 1): 0, +-x, and +-(1, -1) / 3^{1/2}."""
    points = plane_landscape(FactoredObjective(ONES, gaussian_mean()))
    assert Counter(point.kind for point in points) == {"minimum": 2, "saddle": 2, "maximum": 1}
    assert sorted(tuple(np.round(nearest(point.point)[:, 0] * 3**0.5, 12) + 0.0) for point in points) == [
        (-1.732050807569, -1.732050807569), (-1, 1), (0, 0), (1, -1), (1.732050807569, 1.732050807569),
    ]  # fmt: skip
    assert all(point.value.contains(value) for point, value in zip(points[:2], (0, 0), strict=True))


@pytest.mark.parametrize("seed", range(20))
def test_indices_add_up_to_one(seed):
    """Random measurements of the plane, whole numbers: f is coercive, so the sum of (-1)^index is 1; each gradient
    contains 0, and inertias are those of the Hessian at the middle, exactly."""
    random = np.random.default_rng(seed)
    vectors = np.vstack([random.integers(-4, 5, (3, 2)), [[1, 0], [0, 1]]]).astype(float)
    x = random.integers(1, 4, (2, 1)).astype(float)
    objective = FactoredObjective(x @ x.T, phase_measurements(vectors))
    points = plane_landscape(objective)
    assert sum((-1) ** point.inertia[1] for point in points) == 1
    assert len(points) % 2 == 1
    for point in points:
        assert all(entry.contains(0) for entry in objective.balls().gradient(point.point).flat)
        middle = exact(nearest(point.point))
        assert inertia(objective.exact().hessian(middle))[:2] == point.inertia


def test_many_starts_find_no_minimum_that_is_not_listed():
    """Descent from 200 starts on the instance with nine critical points ends at one of the four minima."""
    from solvers.shallow import factored_descent

    objective = FactoredObjective(ONES, phase_measurements(np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 1.0]])))
    minima = [nearest(point.point) for point in plane_landscape(objective) if point.kind == "minimum"]
    starts = np.random.default_rng(0).uniform(-2, 2, (200, 2, 1))
    ends = factored_descent(objective, starts, learning_rate=5e-3, steps=3000).point
    nearby = [[np.allclose(end, minimum, atol=1e-8) for minimum in minima] for end in ends]
    assert np.sum(nearby, axis=1).tolist() == [1] * 200
    assert np.any(nearby, axis=0).all()


@pytest.mark.parametrize(
    ("objective", "error", "sentence"),
    [
        (None, TypeError, "objective is a NoneType; expected a FactoredObjective"),
        (FactoredObjective(np.eye(3)), ValueError, "objective has n = 3; expected n = 2"),
        (FactoredObjective(np.eye(2)), ValueError, "objective has infinitely many critical points"),
        (FactoredObjective(np.zeros((2, 2)), identity_map()), ValueError, "or a degenerate one"),
        (FactoredObjective(np.diag([1.0, 0.0]), mask(np.array([[1.0, 1], [1, 0]]))), ValueError, "infinitely many"),
    ],
)
def test_what_cannot_be_listed_is_refused(objective, error, sentence):
    """The sentence says why."""
    with pytest.raises(error, match=re.escape(sentence)):
        plane_landscape(objective)
