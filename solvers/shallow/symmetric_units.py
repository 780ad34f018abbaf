"""ReLU units that are all alike, each with its own teacher: descent in two numbers, at any width.

K units w_j = x e_j + y sum_{i != j} e_i, so W = x I + y (J - I) with J of ones, and the teachers e_1, ..., e_K. With
al = (x^2 + (K-1) y^2)^{-1/2}, the angles

    th = acos(al x) to the own teacher,    ps = acos(al y) to the others,    ph = acos(al^2 (2xy + (K-2) y^2))

between two units, the gradient of l(W) = 1/2 E (sum_j s(w_j.x) - sum_j s(x_j))^2, x ~ N(0, I), is again of this form:

    2pi grad_x = pi x + (K-1)(x sin ph + (pi - ph) y)             - al x (sin th + (K-1) sin ps) - (pi - th)
    2pi grad_y = pi y + (K-1) y sin ph + (pi - ph)(x + (K-2) y)   - al y (sin th + (K-1) sin ps) - (pi - ps)

Written once, for floats, balls and SymPy expressions; K too may be a number of these, or a symbol.

Source: Tian (2017).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from solvers.arithmetic import elementary
from solvers.network import Matrix
from solvers.shallow.checks import check_coordinates, check_whole


class UnitCoordinates(NamedTuple):
    """(x, y): along the unit's own teacher, and along each of the others. Not both are 0."""

    own: Any
    others: Any


def symmetric_layer(state: UnitCoordinates, units: int) -> Matrix:
    """x I + y (J - I), K x K. Raises ValueError unless K is a whole number >= 1."""
    check_whole(units, "units", least=1)
    return np.array([[state.own if i == j else state.others for i in range(units)] for j in range(units)])


def symmetric_angles(state: UnitCoordinates, units: Any) -> tuple[tuple[Any, Any], ...]:
    """(sin, angle) of th, ps and ph. By atan2 of lengths that do not cancel, so that th and ph are accurate near 0.

    Raises ValueError for x = y = 0, where there are no angles, as the functions below.
    """
    check_coordinates(state)
    x, y = state
    length = elementary.sqrt(x * x + (units - 1) * y * y)
    off_own = elementary.sqrt((units - 1) * y * y)
    off_other = elementary.sqrt(x * x + (units - 2) * y * y)
    difference, total = abs(x - y), elementary.sqrt((x + y) * (x + y) + 2 * (units - 2) * y * y)
    return (
        (off_own / length, elementary.atan2(off_own, x)),
        (off_other / length, elementary.atan2(off_other, y)),
        (difference * total / (length * length), 2 * elementary.atan2(difference, total)),
    )


def symmetric_gradient(state: UnitCoordinates, units: Any) -> UnitCoordinates:
    """(grad_x, grad_y): the gradient's entries on the diagonal of W and off it."""
    x, y = state
    (sin_th, th), (sin_ps, ps), (sin_ph, ph) = symmetric_angles(state, units)
    rest, pi = units - 1, elementary.pi(th)
    pull = (sin_th + rest * sin_ps) / elementary.sqrt(x * x + rest * y * y)
    own = pi * x + rest * (x * sin_ph + (pi - ph) * y) - x * pull - (pi - th)
    others = pi * y + rest * y * sin_ph + (pi - ph) * (x + (rest - 1) * y) - y * pull - (pi - ps)
    return UnitCoordinates(own / (2 * pi), others / (2 * pi))


def symmetric_step(state: UnitCoordinates, units: Any, learning_rate: Any) -> UnitCoordinates:
    """One step of gradient descent."""
    slope = symmetric_gradient(state, units)
    return UnitCoordinates(state.own - learning_rate * slope.own, state.others - learning_rate * slope.others)


def symmetric_saddle(units: Any) -> Any:
    """x = y = ((K-1)^{1/2} + pi - acos(K^{-1/2})) / (pi K): the critical point on the line x = y > 0."""
    angle = elementary.atan2(elementary.sqrt(units - 1), 1 + 0 * units)
    pi = elementary.pi(angle)
    return (elementary.sqrt(units - 1) + pi - angle) / (pi * units)
