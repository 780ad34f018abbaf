"""What a counterexample about a shallow model looks like: its loss along the line that the certificate is about, and
over the plane where there are two weights, with the way of descent or of the flow."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from claims.counterexamples.catalogue import exact_matrix, exact_number
from claims.counterexamples.shallow_files import ShallowCounterexample
from claims.site.pictures.networks import GRID, levels
from claims.site.pictures.plots import Axis, Contours, FloatArray, Line, Mark, Plot, around
from solvers.arithmetic import nearest
from solvers.shallow import population_loss

Loss = Callable[[FloatArray], FloatArray]
"""Of points (B, n), a value each."""
SAME = "No picture: the point stays where it is at every learning rate, and with it the loss."
POINTS = 160
RATE, STEPS = 0.1, 60
"""Of the descent that is shown where the certificate is about every learning rate."""


def shallow_pictures(entry: ShallowCounterexample) -> tuple[list[Plot], list[str]]:
    """The pictures, and why others are not there."""
    model, said = entry.shallow["model"], entry.certificate
    if entry.kind == "returns" and said["learning_rate"] == "every" and model == "perceptron":
        return [], [SAME]
    if entry.kind in ("kept", "limit"):
        return [_factors(entry)], []
    if model == "perceptron":
        return [_passes(entry)], []
    return [_along_the_direction(entry) if entry.kind == "flat" else _section(entry)], []


def real(text: str) -> float:
    """The float64 number that is written with pi and root, as in "(3*root + 2*pi)/(3*root + 5*pi)"."""
    above, _, below = text.partition(")/(")
    return _sum(above.strip("()")) / _sum(below.strip("()") or "1")


def _sum(text: str) -> float:
    total = 0.0
    for term in re.findall(r"-?[^ +-][^ ]*", text.replace("- ", "-")):
        sign, factors = (-1.0, term[1:]) if term[0] == "-" else (1.0, term)
        total += sign * math.prod(_factor(factor) for factor in factors.split("*"))
    return total


def _factor(text: str) -> float:
    base, _, power = text.partition("^")
    number = {"pi": math.pi, "root": math.sqrt(3)}.get(base)
    return (float(exact_number(base)) if number is None else number) ** int(power or 1)


def _vector(rows: Any) -> FloatArray:
    found: FloatArray = nearest(exact_matrix(rows)).ravel()
    return found


# Losses


def loss_of(said: Mapping[str, Any]) -> Loss:
    """The model's loss, in float64."""
    return LOSSES[said["model"]](said)


def _units(said: Mapping[str, Any]) -> Loss:
    maps = np.array([nearest(exact_matrix(rows)) for rows in said["maps"]])
    teachers, scale = maps @ _vector(said["truth"]), 2 * float(exact_number(said["scale"]))
    return lambda points: scale * population_loss(np.einsum("kij,bj->bki", maps, points), teachers)


def _samples(said: Mapping[str, Any]) -> Loss:
    slope, data = float(exact_number(said["slope"])), nearest(exact_matrix(said["data"]))
    wanted = _leaky(data @ _vector(said["truth"]), slope)
    return lambda points: ((_leaky(points @ data.T, slope) - wanted) ** 2).mean(axis=1) / 2


def _leaky(z: FloatArray, slope: float) -> FloatArray:
    return np.where(z > 0, z, slope * z)


def _product(said: Mapping[str, Any]) -> Loss:
    target = float(exact_number(said["target"]))
    return lambda points: (points[:, 0] * points[:, 1] - target) ** 2 / 2


def _sensing(said: Mapping[str, Any]) -> Loss:
    diagonal, measured = _diagonal(said)
    return lambda points: (points**2 @ diagonal - measured) ** 2 / 4


def _diagonal(said: Mapping[str, Any]) -> tuple[FloatArray, float]:
    return _vector([said["diagonal"]]), float(exact_number(said["measured"]))


LOSSES: dict[str, Callable[[Mapping[str, Any]], Loss]] = {
    "units": _units,
    "samples": _samples,
    "product": _product,
    "sensing": _sensing,
}


# Sections


def _points(entry: ShallowCounterexample) -> tuple[list[FloatArray], list[str]]:
    """Two points that the certificate is about, and what they are."""
    said, truth = entry.certificate, _vector(entry.shallow["truth"])
    if entry.kind == "poor":
        return [real(said["factor"]) * _vector(said["direction"]), truth], ["the minimum", "the truth"]
    pairs = zip(said["factors"], said["directions"], strict=True)
    points = [real(factor) * _vector(direction) for factor, direction in pairs]
    if len(points) == 1:
        return [*points, truth], ["stays here", "the truth"]
    return points[:2], ["0, 2, …", "1, 3, …"]


def _section(entry: ShallowCounterexample) -> Plot:
    """The loss on the line through the two points; no unit is 0 where it is shown."""
    points, names = _points(entry)
    loss, (one, other) = loss_of(entry.shallow), points
    t = np.linspace(-0.5, 1.5, POINTS)  # neither 0 nor 1 nor their middle is among them
    heights, values = loss(one + t[:, None] * (other - one)), loss(np.array(points))
    marks = tuple(Mark(*each) for each in zip((0.0, 1.0), values, names, strict=True))
    lines: tuple[Line, ...] = (Line(t, heights),)
    words = "Along the line through the two points: "
    if entry.kind == "returns" and len(entry.certificate["factors"]) == 2:
        lines += (Line([0.0, 1.0, 0.0], [*values, values[0]], "arrows"),)
        words = f"Learning rate {entry.certificate['learning_rate']}; along the line of the two points, steps "
    words += " and ".join(f"{mark.label} with a loss of {mark.y:.6g}" for mark in marks) + "."
    axis = Axis("t: 0 and 1 are the points", -0.5, 1.5)
    return Plot("A section of the loss", words, (axis, around("loss", heights)), lines, marks)


def _along_the_direction(entry: ShallowCounterexample) -> Plot:
    """From the truth, where the Hessian does not see the direction."""
    truth, direction = _vector(entry.shallow["truth"]), _vector(entry.certificate["direction"])
    t = np.linspace(-0.6, 0.6, POINTS)
    heights = loss_of(entry.shallow)(truth + t[:, None] * direction)
    words = "Along the certificate's direction, from the truth at t = 0, the loss has no curvature."
    axis, mark = Axis("t", -0.6, 0.6), Mark(0.0, 0.0, "the truth")
    return Plot("A section of the loss", words, (axis, around("loss", heights)), (Line(t, heights),), (mark,))


def _passes(entry: ShallowCounterexample) -> Plot:
    """The mean hinge loss at each step, which takes one sample after another."""
    said, model = entry.certificate, entry.shallow
    pairs, slope = int(model["pairs"]), float(exact_number(model["slope"]))
    data, labels = nearest(exact_matrix(model["data"])), _vector([model["labels"]])
    signs = np.repeat([1.0, -1.0], pairs) / math.sqrt(2 * pairs)
    losses = []
    for rows in said["directions"]:
        outputs = _leaky(data @ nearest(exact_matrix(rows)).T, slope) @ signs
        losses.append(float(np.maximum(0, 1 - labels * outputs).mean()))
    heights = (losses * 8)[:9]
    steps = [float(step) for step in range(len(heights))]
    seen = ", ".join(f"{loss:.6g}" for loss in losses)
    words = f"Learning rate {said['learning_rate']}, a sample a step: it is {seen}, and so on."
    marks = tuple(Mark(step, height) for step, height in zip(steps, heights, strict=True))
    axes = Axis("step", 0, 8, whole=True), Axis("loss", 0, around("loss", [0.0, *heights]).high)
    return Plot("The mean hinge loss against steps", words, axes, (Line(steps, heights, "course"),), marks)


# Two factors


def _factors(entry: ShallowCounterexample) -> Plot:
    """Contours over two factors, with the way from the start."""
    model, said = entry.shallow, entry.certificate
    course = _flow(model, said) if entry.kind == "limit" else _descent(model, _vector(said["point"]))
    size = 1.15 * max(float(np.abs(course).max()), 1.6)
    low = -size if course.min() < 0 else -0.15 * size
    x = y = np.linspace(low, size, GRID)
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    values = loss_of(model)(grid).reshape(GRID, GRID)
    names = ("u", "v") if model["model"] == "product" else ("U[1,1]", "U[2,2]")
    axes = Axis(names[0], low, size), Axis(names[1], low, size)
    marks = tuple(Mark(x, y, word) for (x, y), word in zip(course[[0, -1]], ("start", "end"), strict=True))
    how = "The flow" if entry.kind == "limit" else f"Descent at learning rate {RATE:g}, as an example,"
    words = f"The more shaded, the higher the loss. {how} goes from {_place(course[0])} to {_place(course[-1])}."
    lines = (Line(course[:, 0], course[:, 1], "course"),)
    return Plot("The path over the loss surface", words, axes, lines, marks, Contours(x, y, values, levels(values)))


def _place(point: FloatArray) -> str:
    return f"({point[0]:.4g}, {point[1]:.4g})"


def _flow(model: Mapping[str, Any], said: Mapping[str, Any]) -> FloatArray:
    """alpha exp(-a_i t), on which the flow goes, until exp(-2 a_1 t) alpha^2 is what it ends with."""
    alpha, (diagonal, _) = float(exact_number(said["start"])), _diagonal(model)
    end = math.log(alpha**2 / _vector(said["point"])[0]) / (2 * diagonal[0])
    way: FloatArray = alpha * np.exp(-np.outer(np.linspace(0, end, STEPS + 1), diagonal))
    return way


def _descent(model: Mapping[str, Any], start: FloatArray) -> FloatArray:
    course = [start]
    for _ in range(STEPS):
        course.append(course[-1] - RATE * _gradient(model, course[-1]))
    return np.array(course)


def _gradient(model: Mapping[str, Any], at: FloatArray) -> FloatArray:
    if model["model"] == "product":
        found: FloatArray = (at[0] * at[1] - float(exact_number(model["target"]))) * at[::-1]
    else:
        diagonal, measured = _diagonal(model)
        found = (at**2 @ diagonal - measured) * diagonal * at
    return found
