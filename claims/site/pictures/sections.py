"""What a landscape's counterexample looks like: the objective along the line, the great circle or the curve that its
certificate is about, and over the plane where a point has two numbers.

Values along a line are exact, by the objectives of ``verify_models``; on spheres and over planes they are float64.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from flint import fmpq

from claims.counterexamples.catalogue import exact_matrix, exact_number
from claims.counterexamples.landscape_files import LandscapeCounterexample
from claims.counterexamples.verify_models import objective
from claims.site.pictures.networks import GRID, levels
from claims.site.pictures.plots import Axis, Contours, FloatArray, Line, Mark, Plot, around
from solvers.arithmetic import ObjectArray, nearest
from solvers.shallow import FactoredObjective, HomogeneousPolynomial

BEFORE, AFTER, STEPS = -2, 6, 40
"""A line is shown from t = -1/2 to 3/2, in quarters of the way between two points; in so many steps a unit."""


def landscape_pictures(entry: LandscapeCounterexample) -> tuple[list[Plot], list[str]]:
    """The pictures, and why others are not there."""
    said = entry.certificate
    if entry.kind == "recurrence":
        return [_recurrence(entry)], []
    if entry.kind == "descent":
        return [_along_the_curve(entry)], []
    if entry.kind == "order":
        first, second = said["points"]
        return [_between(entry, first, second, ("index " + str(index) for index in said["indices"]))], []
    other = said["better"] if "better" in said else entry.landscape["signal"]
    pictures = [_between(entry, said["point"], _columns(other, said["point"]), _names(entry))]
    return ([*pictures, surface(entry, said["point"], other)] if _has_plane(entry) else pictures), []


def _names(entry: LandscapeCounterexample) -> tuple[str, str]:
    """Of the certificate's two points."""
    return ("another signal", "the signal") if entry.kind == "lost" else (entry.certificate["sense"], "better point")


def _columns(rows: list[list[str]], like: list[list[str]]) -> list[list[str]]:
    """With columns of 0, as many as the other point has."""
    return [row + ["0"] * (len(like[0]) - len(row)) for row in rows]


def value_of(entry: LandscapeCounterexample, point: list[list[str]]) -> Callable[[ObjectArray], Any]:
    """The objective as a function of points of this shape, in rationals."""
    if entry.landscape["model"] == "relu":
        return lambda at: relu_loss(exact_matrix(entry.landscape["data"]), at)
    f = objective(entry, len(point), len(point[0]))
    return lambda at: f.value(at[:, 0]) if isinstance(f, HomogeneousPolynomial) else f.value(at)


def relu_loss(data: ObjectArray, at: ObjectArray) -> fmpq:
    """1/2 sum (w_2 max(w_1 x + b_1, 0) + b_2 - y)^2 at (w_1, b_1, w_2, b_2)."""
    w1, b1, w2, b2 = at[:, 0]
    return sum(((w2 * max(w1 * x + b1, fmpq(0)) + b2 - y) ** 2 for x, y in data), start=fmpq(0)) / 2


# Between two points


def _between(entry: LandscapeCounterexample, one: Any, other: Any, names: Any) -> Plot:
    sphere = entry.landscape["model"] in ("tensor", "form")
    t, heights = _circle(entry, one, other) if sphere else _segment(entry, one, other)
    ends = [float(t[0] + (t[-1] - t[0]) / 4), float(t[0] + 3 * (t[-1] - t[0]) / 4)]
    values = [float(np.interp(end, t, heights)) for end in ends]
    marks = tuple(Mark(*each) for each in zip(ends, values, names, strict=True))
    way = "the great circle through" if sphere else "the line through"
    words = f"Along {way} two points: " + " and ".join(f"{mark.label} (f = {mark.y:.6g})" for mark in marks) + "."
    label = "angle" if sphere else "t: 0 and 1 are the points"
    axis = Axis(label, float(t[0]), float(t[-1]))
    return Plot("A section of the landscape", words, (axis, _values_axis(heights)), (Line(t, heights),), marks)


def _values_axis(heights: FloatArray) -> Axis:
    return around("f", heights)


def _segment(entry: LandscapeCounterexample, one: Any, other: Any) -> tuple[FloatArray, FloatArray]:
    value, start, end = value_of(entry, one), exact_matrix(one), exact_matrix(other)
    places = [fmpq(k, STEPS) for k in range(-STEPS // 2, 3 * STEPS // 2 + 1)]
    heights = [float(value(start + (end - start) * t)) for t in places]
    return np.array([float(t) for t in places]), np.array(heights)


def _circle(entry: LandscapeCounterexample, one: Any, other: Any) -> tuple[FloatArray, FloatArray]:
    """From the first point to the second on the unit sphere, and half as far beyond each."""
    f = objective(entry, len(one), 1)
    u, v = (_unit(exact_matrix(point)) for point in (one, other))
    across = v - (u @ v) * u
    whole = float(np.arctan2(np.linalg.norm(across), u @ v))
    beside = across / np.linalg.norm(across)
    angles = np.linspace(-whole / 2, 3 * whole / 2, 2 * STEPS + 1)
    return angles, f.value(np.outer(np.cos(angles), u) + np.outer(np.sin(angles), beside))


def _unit(point: ObjectArray) -> FloatArray:
    column: FloatArray = nearest(point)[:, 0]
    return column / np.linalg.norm(column)


# Along a curve, and a path


def _along_the_curve(entry: LandscapeCounterexample) -> Plot:
    """Near the point, on the certificate's curve; on the unit sphere where the landscape is there."""
    said, f = entry.certificate, objective(entry, len(entry.certificate["point"]), 1)
    t = np.linspace(-0.6, 0.6, 121)
    points = np.stack([_polynomial(row[0], t) for row in said["curve"]], axis=1)
    if isinstance(f, HomogeneousPolynomial):
        heights = f.value(points / np.linalg.norm(points, axis=1, keepdims=True))
    else:
        assert isinstance(f, FactoredObjective)  # or a form: of others there is no curve
        heights = f.nearest().value(points[:, :, None])
    words = (
        f"Along the certificate's curve f changes by {said['coefficient']} times t^{said['power']}, and higher powers, "
        f"from {said['value']}; neither its first nor its second derivative says so."
    )
    mark = Mark(0.0, float(exact_number(said["value"])), "the point")
    return Plot("Along the curve", words, (Axis("t", -0.6, 0.6), _values_axis(heights)), (Line(t, heights),), (mark,))


def _polynomial(text: str, t: FloatArray) -> FloatArray:
    """The values of a polynomial in t such as "1 - 2*t^2"."""
    total = np.zeros_like(t)
    for term in re.findall(r"-?[^ +-][^ ]*", text.replace("- ", "-")):
        sign, factors = (-1, term[1:]) if term[0] == "-" else (1, term)
        product = np.full_like(t, sign)
        for factor in factors.split("*"):
            base, _, power = factor.partition("^")
            product = product * (t ** int(power or 1) if base == "t" else float(exact_number(base)))
        total = total + product
    return total


def _recurrence(entry: LandscapeCounterexample) -> Plot:
    """Descent on the only number that there is."""
    said = entry.certificate
    f, rate = objective(entry, 1, 1), exact_number(said["learning_rate"])
    course = [exact_matrix(said["point"])]
    for _ in range(said["period"]):
        course.append(course[-1] - f.gradient(course[-1]) * rate)
    x = np.array([float(point[0, 0]) for point in course])
    y = np.array([float(f.value(point)) for point in course])
    axis = around("U", x, 0.2)
    t = np.linspace(axis.low, axis.high, 121)
    heights = f.nearest().value(t[:, None, None])  # type: ignore[union-attr]
    words = f"Learning rate {rate}: descent goes through {', '.join(f'{place:g}' for place in x)}, and so for ever."
    labels = ["0, 2, …", "1, 3, …"] if said["period"] == 2 else [str(k) for k in range(said["period"])]
    marks = tuple(Mark(*each) for each in zip(x[:-1], y[:-1], labels, strict=True))
    lines = (Line(t, heights), Line(x, y, "arrows"))
    return Plot("The path over the landscape", words, (axis, _values_axis(heights)), lines, marks)


# Two numbers


def _has_plane(entry: LandscapeCounterexample) -> bool:
    point = entry.certificate["point"]
    model = entry.landscape["model"]
    return len(point) == 2 and len(point[0]) == 1 and model in ("factorization", "completion", "sensing", "phase")


def surface(entry: LandscapeCounterexample, one: Any, other: Any) -> Plot:
    """Contours over the two numbers of a point."""
    f = objective(entry, 2, 1)
    assert isinstance(f, FactoredObjective)  # of the models that have a plane
    points = np.array([nearest(exact_matrix(point))[:, 0] for point in (one, other)])
    size = 1.6 * float(np.abs(points).max())
    ticks = np.linspace(-size, size, GRID)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2, 1)
    values = f.nearest().value(grid).reshape(GRID, GRID)
    marks = tuple(Mark(x, y, name) for (x, y), name in zip(points, _names(entry), strict=True))
    places = " and ".join(f"{mark.label} at ({mark.x:.4g}, {mark.y:.4g})" for mark in marks)
    words = f"The more shaded, the higher f. Two points: {places}."
    axes = Axis("U[1]", -size, size), Axis("U[2]", -size, size)
    return Plot("The landscape", words, axes, (), marks, Contours(ticks, ticks, values, levels(values)))
