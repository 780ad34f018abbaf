"""Critical points of real targets: their modes are balls around irrational numbers, their zeros rational."""

from itertools import combinations

import numpy as np
import pytest
from flint import fmpq

from claims.stability.second_order_landscape.kinds import is_so, kind
from claims.suite import sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import critical_kind, curvature, layer_gradients
from strategies import DATASETS, real_modes, real_saddles


@sampled
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("name", DATASETS)
def test_real_targets_at_zero_and_beside_it(name: str, depth: int) -> None:
    """Exactly: W = 0 with all layers zero, and with a first layer that reads something."""
    points, target = real_saddles(name, depth)
    assert len(points) == 2
    for weights in points:
        said = critical_kind(weights, target)
        assert kind(weights, target) is said
        assert is_so(weights, target, said, fmpq(0))


Z = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)]


def first_mode_and_units(rest: tuple[int, ...]) -> tuple[tuple[ObjectArray, ...], list[ObjectArray], ObjectArray]:
    """Three layers through width 2 for linnerud: the first mode, and z_j between the second's places; right vectors."""
    values, left, target = real_modes("linnerud")
    right = [target.T @ vector / value for value, vector in zip(values, left, strict=True)]
    units = [arithmetic.balls(np.eye(2))[:, k : k + 1] for k in (0, 1)]
    first = units[0] @ right[0].T * values[0] + units[1] @ right[1].T * rest[0]
    middle = units[0] @ units[0].T + units[1] @ units[1].T * rest[1]
    last = left[0] @ units[0].T + left[1] @ units[1].T * rest[2]
    return (first, middle, last), [right[1], *units, left[1]], target


@sampled
@pytest.mark.parametrize("rest", Z)
def test_real_modes_beside_the_first(rest: tuple[int, ...]) -> None:
    """Of diag(z_j) with one z_j = 1 the loose pivot is that of the two others, and its direction has the curvature
    -2 sigma_2; with none, moving two layers along the second mode has 0 to within the balls."""
    weights, (read, _, unit, written), target = first_mode_and_units(rest)
    assert all(entry.contains(0) for d in layer_gradients(weights, target) for entry in d.flat)
    second = real_modes("linnerud")[0][1]
    places = [(unit, read), (unit, unit), (written, unit)]
    forms = []
    for pair in combinations(range(3), 2):
        direction = [0 * matrix for matrix in weights]
        for j in pair:
            direction[j] = places[j][0] @ places[j][1].T
        form = curvature(weights, target, direction)
        loose = all(rest[j] == 1 for j in range(3) if j not in pair)
        assert (form + 2 * second * loose).contains(0)
        forms.append(form)
    negative = [compare(Comparison(form, "<", fmpq(0), "curvature")).holds for form in forms]
    assert sum(negative) == sum(rest)


@sampled
@pytest.mark.parametrize(("carried", "left"), [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)])
def test_real_modes_turned(carried: int, left: int) -> None:
    """linnerud through width 1 at depth 3: towards another mode the curvature is 2 s (s - g), s carried, g left."""
    values, vectors, target = real_modes("linnerud")
    one = arithmetic.balls(np.eye(1))
    weights = (vectors[carried].T @ target, one, vectors[carried])
    s, g = values[carried], values[left]
    direction = (s * (vectors[left].T @ target) / g, 0 * one, vectors[left])
    form = curvature(weights, target, direction)
    assert (form - 2 * s * (s - g)).contains(0)
    assert compare(Comparison(form, "<", fmpq(0), "curvature along the turn")).holds == (left < carried)
