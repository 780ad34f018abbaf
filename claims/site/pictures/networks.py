"""What a network's counterexample looks like: its loss against steps, and its way over the loss surface."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq

from claims.counterexamples.catalogue import Counterexample, exact_matrix, exact_number
from claims.site.pictures.orbits import Chart, Orbit, chart, losses_at, orbit, shown
from claims.site.pictures.plots import Axis, Contours, FloatArray, Line, Mark, Plot, around, power_of_ten
from solvers import Problem, frobenius_squared, imbalances

GRID = 56
"""Points of a surface along each axis."""
LEVELS = 9
FEW = 10
"""Steps, each of which has its number and an arrow."""
WIDE = 1000
"""Losses that differ by more are shown by their logarithms."""
BEYOND = 12
"""The decimal logarithm of a loss from which on a path is shown by powers of ten."""
NO_FIELD = (
    "No picture: what is refuted is a statement about a field of velocities, and the certificate has its derivatives."
)
AT_REST = "No picture of a path: the weights never move."
TOO_MANY = "No picture of a path: more than two of the weights move, each in its own way."


def network_pictures(entry: Counterexample) -> tuple[list[Plot], list[str]]:
    """The pictures, and why others are not there."""
    if entry.certificate.get("of") == "curl":
        return [], [NO_FIELD]
    if entry.kind == "identity":
        return [_along_the_direction(entry)], []
    found = orbit(entry)
    pictures = [_loss_picture(entry, found)]
    if "balance" in entry.certificate.get("violates", ""):
        pictures.append(_imbalance_picture(entry, found))
    way = chart(found)
    if way is None:
        moves = len({row.tobytes() for row in found.numbers()}) > 1
        return pictures, [TOO_MANY if moves else AT_REST]
    if len(way.names) == 2:
        return [*pictures, _surface_picture(entry, found, way)], []
    return [*pictures, _line_picture(entry, found, way)], []


# The loss against steps


def logarithm(value: fmpq | float) -> float:
    """The decimal logarithm of a number > 0, which may be too long for float64."""
    if value == 0:
        return -math.inf
    exact = Fraction(int(value.p), int(value.q)) if isinstance(value, fmpq) else Fraction(value)
    return math.log10(exact.numerator) - math.log10(exact.denominator)


def said_bound(entry: Counterexample) -> fmpq | None:
    """What the certificate says that the loss is never below."""
    said = entry.certificate.get("loss")
    text = said[0] if isinstance(said, list) and said else said
    return exact_number(text) if isinstance(text, str) and text else None


def _against_steps(
    name: str, values: list[fmpq | float], bound: fmpq | None
) -> tuple[Axis, Axis, Callable[[Any], float]]:
    """Axes for values at steps, by logarithms where they differ much, and what stands for a value."""
    logarithms = [logarithm(value) for value in values]
    log = math.inf > max(logarithms) - min(logarithms) > math.log10(WIDE)
    written: Callable[[Any], float] = logarithm if log else float
    shown_values = [written(value) for value in values] + ([] if bound is None else [written(bound)])
    if not log:
        shown_values.append(0.0)
    return Axis("step", 0, max(1, len(values) - 1), whole=True), _axis(name, shown_values, log), written


def _axis(name: str, values: list[float], log: bool) -> Axis:
    axis = around(name, values, 0.08, least=2.0 if log else 0.0)
    return Axis(name, axis.low if log or min(values) < 0 else 0.0, axis.high, log)


def _loss_picture(entry: Counterexample, found: Orbit) -> Plot:
    values, bound = list(found.losses), said_bound(entry)
    x, y, written = _against_steps("loss", values, bound)
    steps = [float(step) for step in range(len(values))]
    heights = [written(value) for value in values]
    lines = [Line(steps, heights, "course")]
    first = int(entry.certificate.get("steps", 0))
    if bound is not None:
        lines.append(Line([first, x.high], [written(bound)] * 2, "bound"))
    marks = tuple(Mark(step, height) for step, height in zip(steps, heights, strict=True))
    return Plot(
        "The loss against steps",
        f"{_rate(entry, found)} {_course(values)}"
        + (f" The dashed line is at {_short(bound)}: the loss is never below it{_from(first)}." if bound else ""),
        (x, y),
        tuple(lines),
        marks,
    )


def _from(step: int) -> str:
    return f" from step {step} on" if step else ""


def _rate(entry: Counterexample, found: Orbit) -> str:
    """At which learning rate, of what, in which arithmetic."""
    rate = shown(entry).learning_rate
    whole = "" if not entry.certificate.get("mode") else ", of the network of width 1 along the certificate's mode"
    meant = entry.learning_rate.replace("every", "every one", 1)
    every = f", as an example: the certificate is for {meant}" if str(rate) != entry.learning_rate else ""
    return f"Learning rate {rate}{every}{whole}; {'exact' if found.exact else 'float64'} steps."


def _course(values: list[fmpq | float]) -> str:
    first = ", ".join(map(_short, values[:3]))
    if all(value == values[0] for value in values):
        return f"The loss is {first.split(',')[0]} at every step."
    return f"The loss is {first} at steps 0, 1, 2; it is {_short(values[-1])} at step {len(values) - 1}."


def _short(value: Any) -> str:
    """A number in few characters: exactly where that is short."""
    text = str(value).removesuffix(".0")
    if len(text) <= 15 and (not isinstance(value, float) or value.is_integer()):
        return text
    exponent = logarithm(value) if value > 0 else 0
    return f"about {power_of_ten(round(exponent))}" if exponent > 15 else f"about {float(value):.4g}"


def _imbalance_picture(entry: Counterexample, found: Orbit) -> Plot:
    values: list[fmpq | float] = [imbalance(each) for each in found.networks]
    x, y, written = _against_steps("largest imbalance", values, None)
    steps = [float(step) for step in range(len(values))]
    heights = [written(value) for value in values]
    marks = tuple(Mark(step, height) for step, height in zip(steps, heights, strict=True))
    words = f"{_rate(entry, found)} It is {_short(values[0])} at the start and {_short(values[1])} after one step."
    return Plot("The largest ||B_j||_F against steps", words, (x, y), (Line(steps, heights, "course"),), marks)


def imbalance(problem: Problem) -> float:
    """max_j ||B_j||_F, in float64."""
    return math.sqrt(max(float(frobenius_squared(b)) for b in imbalances(problem.weights)))


# The path


def _labels(course: FloatArray) -> list[str]:
    """The steps at each point, at the first of them; those beyond the fourth of a long course have none."""
    labels: list[str] = []
    places = [tuple(np.round(row, 12)) for row in course]
    for step, place in enumerate(places):
        same = [other for other, there in enumerate(places) if there == place]
        few = ", ".join(map(str, same[:2])) + (", …" if len(same) > 2 else "")
        labels.append(few if same[0] == step and (step < 4 or len(places) <= FEW) else "")
    return labels


def _role(course: FloatArray) -> str:
    """Arrows where there are few."""
    return "arrows" if len(course) <= FEW else "course"


def _line_picture(entry: Counterexample, found: Orbit, way: Chart) -> Plot:
    """The loss over the one number that moves."""
    course = way.course[:, 0]
    values = _floats(found.losses)
    kept = values <= values[0] * WIDE if values[-1] > values[0] * WIDE else np.full(len(values), True)
    course, values = course[kept], values[kept]
    axis = around(way.names[0], course, 0.2, least=_least(course))
    x = np.linspace(axis.low, axis.high, 161)
    heights = losses_at(found.networks[0], way.origin + x[:, None] @ way.directions)
    y = _axis("loss", [0.0, *values, *np.minimum(heights, 1.6 * values.max())], log=False)
    labels = _labels(course[:, None])
    return Plot(
        "The path over the loss",
        f"{_rate(entry, found)} The one number that moves is {way.names[0]}: {_stations(course)}.",
        (axis, y),
        (Line(x, heights), Line(course, values, _role(course))),
        tuple(Mark(*each) for each in zip(course, values, labels, strict=True)),
    )


def _floats(losses: tuple[fmpq | float, ...]) -> FloatArray:
    return np.array([float(value) if logarithm(value) < 300 else np.inf for value in losses])


def _stations(course: FloatArray) -> str:
    stations = ", ".join(f"{value:.6g}" for value in course[:4])
    return stations + (", and so on" if len(course) > 4 else "")


def _surface_picture(entry: Counterexample, found: Orbit, way: Chart) -> Plot:
    """Contours of the loss over the two numbers that move; of a path that leaves, as far as it can be shown."""
    if _leaves(found):
        return _logarithmic_path(entry, found, way)
    axes = [around(name, way.course[:, k], 0.25, least=_least(way.course[:, k])) for k, name in enumerate(way.names)]
    x, y = (np.linspace(axis.low, axis.high, GRID) for axis in axes)
    rows = np.stack([grid.ravel() for grid in np.meshgrid(x, y)], axis=1)
    values = losses_at(found.networks[0], way.origin + rows @ way.directions).reshape(GRID, GRID)
    stations = "; ".join(f"({first:.6g}, {second:.6g})" for first, second in way.course[:4])
    return Plot(
        "The path over the loss surface",
        f"{_rate(entry, found)} The more shaded, the higher the loss. ({', '.join(way.names)}) goes through {stations}"
        f"{', and so on' if len(way.course) > 4 else ''}.",
        (axes[0], axes[1]),
        (Line(way.course[:, 0], way.course[:, 1], _role(way.course)),),
        tuple(Mark(*each) for each in zip(*way.course.T, _labels(way.course), strict=True)),
        Contours(x, y, values, levels(values)),
    )


def _least(course: FloatArray) -> float:
    """The length of an axis for a number that does not move."""
    return 0.0 if np.ptp(course) else 1.0


def levels(values: FloatArray) -> tuple[float, ...]:
    """Of a surface: denser where it is low, up to what nine tenths of it are below."""
    low, high = float(values.min()), float(np.quantile(values, 0.95))
    return tuple(low + (high - low) * (k / LEVELS) ** 2 for k in range(1, LEVELS + 1))


def _leaves(found: Orbit) -> bool:
    return max(map(logarithm, found.losses)) > BEYOND


def _logarithmic_path(entry: Counterexample, found: Orbit, way: Chart) -> Plot:
    """Sizes of numbers that grow beyond every picture."""
    sizes = np.array([[logarithm(abs(value)) for value in row] for row in way_exactly(found, way)])
    names = [f"size of {name}" for name in way.names]
    axes = [around(name, sizes[:, k], 0.15) for k, name in enumerate(names)]
    across, up = (Axis(axis.label, axis.low, axis.high, log=True) for axis in axes)
    words = f"{_rate(entry, found)} Both numbers grow beyond every bound, so their sizes are shown by powers of ten."
    marks = tuple(Mark(*each) for each in zip(*sizes.T, _labels(sizes), strict=True))
    return Plot("The path, by size", words, (across, up), (Line(sizes[:, 0], sizes[:, 1], "arrows"),), marks)


def way_exactly(found: Orbit, way: Chart) -> list[list[fmpq]]:
    """The numbers that move, in rationals, a row a step."""
    places = [int(np.flatnonzero(direction)[0]) for direction in way.directions]
    entries = [[entry for weight in each.weights for entry in weight.ravel()] for each in found.networks]
    return [[row[place] for place in places] for row in entries]


def _along_the_direction(entry: Counterexample) -> Plot:
    """The loss on the line on which the certificate says how it falls."""
    problem = shown(entry)
    start, direction = (
        np.concatenate([np.array(exact_matrix(rows), dtype=float).ravel() for rows in some])
        for some in (entry.weights, entry.certificate["direction"])
    )
    t = np.linspace(-0.8, 0.8, 161)
    heights = losses_at(problem, start + t[:, None] * direction)
    words = "t times the certificate's direction is added to the weights: level to second order at 0, and yet it falls."
    at = float(losses_at(problem, start[None])[0])
    axis = Axis("t", -0.8, 0.8)
    return Plot("The loss along a line", words, (axis, around("loss", heights)), (Line(t, heights),), (Mark(0, at),))
