"""Gradient descent of one ReLU unit, alone or on patches that do not overlap, in the plane of w and w*.

|w*| = 1, r = |w|, th the angle of w and w*, k patches, S = (pi + k - 1)/(pi k). For l = E (f - f*)^2,
f(x) = (1/k) sum_{i <= k} s(w.x[i]),

    grad l = S w - [(sin th + k - 1) hat w + (pi - th) w*] / (pi k),
    w_{t+1} = a hat w + b w*,   a = r (1 - eta S) + eta (sin th + k - 1)/(pi k),   b = eta (pi - th)/(pi k).

k = 1 is one unit, whose loss 1/2 E (s(w.x) - s(w*.x))^2 is half of this one: eta for the half is eta/2 here. For
|w*| other than 1 everything scales with |w*|.

A state is (along, across), the parts of w along w* and at right angles to it, across >= 0. A step is

    along' = a cos th + b,   across' = a sin th,

which near th = 0 and near w* keeps all digits of the angle, where w - eta grad l loses them.

Source: Brutzkus, Globerson (2017), for the gradient.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.arithmetic import elementary
from solvers.network.checks import check_learning_rate, check_learning_rates, check_record, check_steps
from solvers.shallow.arc_cosine import lengths
from solvers.shallow.checks import check_array, check_vectors, check_whole
from solvers.shallow.trajectory import checked_start

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class UnitTrajectory:
    """What descent did from each of B starts.

    ``recorded`` (T,) holds the steps at which ``length`` |w|, ``angle`` th and ``distance`` |w - w*| (B, T) were
    taken; the first is 0 and the last is the last step. ``point`` (B, d) is where each start ended.
    """

    recorded: IntArray
    length: FloatArray
    angle: FloatArray
    distance: FloatArray
    point: FloatArray


def step_coefficients(length: Any, sine: Any, supplement: Any, learning_rate: Any, patches: Any = 1) -> tuple[Any, Any]:
    """a and b of w_{t+1} = a hat w + b w*, from |w|, sin th and pi - th; |w*| = 1, and k = ``patches``.

    In floats, arrays of them, balls (rationals count as such) and SymPy expressions.
    """
    pi = elementary.pi(supplement)
    shrink = learning_rate * (pi + patches - 1) / (pi * patches)
    a = length * (1 - shrink) + learning_rate * (sine + patches - 1) / (pi * patches)
    return a, learning_rate * supplement / (pi * patches)


def plane_coordinates(points: FloatArray, target: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(along, across, side) of w (B, d) for w* = ``target`` (d,): w = |w*| (along hat w* + across side), the
    ``side`` (B, d) a unit vector at right angles to w*, or 0 where across is 0."""
    size = lengths(target)
    unit = target / size
    along = points @ unit / size
    rest = points / size - along[:, None] * unit
    rest -= (rest @ unit)[:, None] * unit  # once more: what the first projection left by rounding
    across = lengths(rest)
    return along, across, elementary.direction(rest, across)


def unit_descent(
    start: FloatArray,
    target: FloatArray,
    *,
    learning_rate: float | FloatArray,
    steps: int,
    patches: int = 1,
    record: Iterable[int] = (),
) -> UnitTrajectory:
    """Gradient descent on E (f - f*)^2 from ``start`` (B, d), or (d,) for one, towards w* = ``target`` (d,).

    ``learning_rate`` is a number or one for each start, that of E (f - f*)^2: for one unit and half of that loss pass
    half of its rate. ``record`` are the steps to look at besides the first and the last. A start that arrives at 0
    exactly stays there: it has no gradient. Starts on the ray {-c w*} are on it up to rounding only;
    :func:`plane_descent` starts exactly there.

    Raises TypeError or ValueError that names the argument, for starts or a target at 0 among others.
    """
    check_vectors(target, "target")
    if target.ndim != 1:
        raise ValueError(f"target has shape {target.shape}; expected (d,)")
    starts = checked_start(start, (len(target),), f"({len(target)},)")
    check_vectors(starts, "start")
    along, across, side = plane_coordinates(starts, target)
    run = plane_descent(along, across, learning_rate=learning_rate, steps=steps, patches=patches, record=record)
    size = lengths(target)
    point = run.point[:, :1] * target + run.point[:, 1:] * size * side
    return UnitTrajectory(run.recorded, run.length * size, run.angle, run.distance * size, point)


def plane_descent(
    along: FloatArray,
    across: FloatArray,
    *,
    learning_rate: float | FloatArray,
    steps: int,
    patches: int = 1,
    record: Iterable[int] = (),
) -> UnitTrajectory:
    """The same from states (B,) and (B,), for |w*| = 1; ``point`` (B, 2) is the last state.

    ``across`` may have any sign, and a rate so large that a < 0 changes it.
    """
    rates = _checked(along, across, learning_rate, patches)
    last = check_steps(steps)
    looks = np.unique(np.array([*check_record(record, last), 0, last], dtype=np.int64))
    seen = np.empty((3, len(along), len(looks)))
    done = 0
    for column, look in enumerate(looks.tolist()):
        for _ in range(done, look):
            along, across = _moved(along, across, rates, patches)
        done = look
        seen[:, :, column] = np.hypot(along, across), np.arctan2(abs(across), along), np.hypot(along - 1, across)
    return UnitTrajectory(looks, seen[0], seen[1], seen[2], np.stack([along, across], axis=1))


def _moved(along: FloatArray, across: FloatArray, rate: Any, patches: int) -> tuple[FloatArray, FloatArray]:
    """One step; a negative across (a < 0) is kept, since only its size is an angle's."""
    length = np.hypot(along, across)
    alive = length > 0
    safe = np.where(alive, length, 1.0)
    a, b = step_coefficients(length, abs(across) / safe, np.arctan2(abs(across), -along), rate, patches)
    turn = np.where(alive, a, 0.0) / safe
    return turn * along + np.where(alive, b, 0.0), turn * across


def _checked(along: Any, across: Any, learning_rate: Any, patches: Any) -> Any:
    """The learning rate, or all of them, once everything is what it must be."""
    check_array(along, "along", axes=1, expected="(B,)")
    check_array(across, "across", axes=1, expected=str(along.shape))
    if across.shape != along.shape:
        raise ValueError(f"across has shape {across.shape}; expected {along.shape}, as along has")
    if not (np.hypot(along, across) > 0).all():
        raise ValueError("along and across are both 0 for a start; expected none at w = 0, where there is no gradient")
    check_whole(patches, "patches", least=1)
    if isinstance(learning_rate, np.ndarray):
        check_learning_rates(learning_rate, len(along))
        return learning_rate
    return check_learning_rate(learning_rate)
