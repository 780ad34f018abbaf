"""Small pictures as SVG that a page holds itself: axes, lines, contours and marks, in the colours of its text.

Nothing is drawn in a colour of its own: lines and areas take ``currentColor`` and the classes below, so that a style
sheet makes them fit for light, dark and print. A title and a description stand in front for who does not see it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
WIDTH, HEIGHT = 440, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 14, 46
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def power_of_ten(exponent: int) -> str:
    """As in 10⁻³."""
    return f"10{str(exponent).translate(SUPERSCRIPTS)}"


@dataclass(frozen=True)
class Axis:
    """A range of numbers and what they are; where it is ``log``, of their decimal logarithms. Between ``whole`` numbers
    there are no ticks."""

    label: str
    low: float
    high: float
    log: bool = False
    whole: bool = False

    def fraction(self, value: float) -> float:
        """How far along the axis a number is."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[tuple[float, str]]:
        """Round numbers in the range, and how they are written."""
        step = _round_step((self.high - self.low) / 5)
        step = max(1.0, step) if self.log or self.whole else step
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [(k * step, self._written(k * step)) for k in range(first, last + 1)]

    def _written(self, value: float) -> str:
        if self.log:
            return power_of_ten(round(value))
        return f"{value:.6g}".replace("-", "−")


def _round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, the first that is not less."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def around(label: str, values: Sequence[float] | FloatArray, margin: float = 0.06, least: float = 0.0) -> Axis:
    """An axis with all these numbers on it, and a margin beside them; at least ``least`` long."""
    low, high = float(min(values)), float(max(values))
    room = max((high - low) * margin, (least - (high - low)) / 2, 1e-9)
    return Axis(label, low - room, high + room)


@dataclass(frozen=True)
class Line:
    """Points that are joined. ``role`` is a class: "graph" of a function, "course" of descent, with "arrows",
    dashed "bound"."""

    x: Sequence[float] | FloatArray
    y: Sequence[float] | FloatArray
    role: str = "graph"


@dataclass(frozen=True)
class Mark:
    """A point that stands out, with a few words beside it."""

    x: float
    y: float
    label: str = ""


@dataclass(frozen=True)
class Contours:
    """A function's ``values`` on the grid of ``x`` and ``y``, values[i, j] at (x[j], y[i]), and levels of it."""

    x: FloatArray
    y: FloatArray
    values: FloatArray
    levels: tuple[float, ...]


@dataclass(frozen=True)
class Plot:
    """All that a picture shows; ``title`` and ``description`` say it in words."""

    title: str
    description: str
    axes: tuple[Axis, Axis]
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    contours: Contours | None = None


def svg(plot: Plot, name: str) -> Markup:
    """The picture; ``name`` is its own on the page."""
    inside = "".join(_inside(plot, name))
    return Markup(
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-labelledby="{name}-title {name}-text"><title id="{name}-title">{escape(plot.title)}</title>'
        f'<desc id="{name}-text">{escape(plot.description)}</desc>{_definitions(name)}{_axes(plot)}'
        f'<g clip-path="url(#{name}-frame)">{inside}</g>{"".join(_marks(plot))}</svg>'
    )


def _definitions(name: str) -> str:
    """The frame that nothing is drawn beyond, and the head of an arrow."""
    frame = f'x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" height="{HEIGHT - TOP - BOTTOM}"'
    return (
        f'<defs><clipPath id="{name}-frame"><rect {frame}/></clipPath><marker id="{name}-head" class="head" '
        'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
        '<path d="M0 0L8 4L0 8z"/></marker></defs>'
    )


def _across(plot: Plot, x: float) -> float:
    return LEFT + plot.axes[0].fraction(x) * (WIDTH - LEFT - RIGHT)


def _down(plot: Plot, y: float) -> float:
    return HEIGHT - BOTTOM - plot.axes[1].fraction(y) * (HEIGHT - TOP - BOTTOM)


def _axes(plot: Plot) -> str:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [f'<path class="axis" d="M{LEFT} {TOP}V{bottom}H{right}"/>']
    for value, text in plot.axes[0].ticks():
        at = f"{_across(plot, value):.1f}"
        parts.append(f'<path class="tick" d="M{at} {bottom}v4"/><text x="{at}" y="{bottom + 17}">{text}</text>')
    for value, text in plot.axes[1].ticks():
        height = _down(plot, value)
        parts.append(f'<path class="tick" d="M{LEFT - 4} {height:.1f}h4"/>')
        parts.append(f'<text class="beside" x="{LEFT - 7}" y="{height + 4:.1f}">{text}</text>')
    middle, height = (LEFT + right) / 2, (TOP + bottom) / 2
    parts.append(f'<text x="{middle:g}" y="{HEIGHT - 8}">{escape(plot.axes[0].label)}</text>')
    parts.append(f'<text transform="translate(13 {height:g}) rotate(-90)">{escape(plot.axes[1].label)}</text>')
    return f'<g aria-hidden="true">{"".join(parts)}</g>'


def _inside(plot: Plot, name: str) -> Iterator[str]:
    if plot.contours is not None:
        yield from _areas(plot, plot.contours)
    for line in plot.lines:
        points = list(zip(line.x, line.y, strict=True))
        if line.role == "arrows":  # each way once, with a head of its own
            ways = dict.fromkeys(_joined(plot, pair) for pair in pairwise(points))
            yield from (
                f'<path class="arrows" d="{way}" marker-end="url(#{name}-head)"/>' for way in ways if "L" in way
            )
        else:
            yield f'<path class="{line.role}" d="{_joined(plot, points)}"/>'


def _areas(plot: Plot, contours: Contours) -> Iterator[str]:
    """Where the function is above a level, one over the other: the more shaded, the higher."""
    from contourpy import contour_generator  # marching squares, as matplotlib has them

    generator = contour_generator(contours.x, contours.y, contours.values, fill_type="OuterOffset")
    for level in contours.levels:
        polygons, offsets = cast("tuple[list[FloatArray], list[FloatArray]]", generator.filled(level, math.inf))
        rings = [
            _joined(plot, points[first:last]) + "z"
            for points, places in zip(polygons, offsets, strict=True)
            for first, last in pairwise(places.tolist())
        ]
        if rings:
            yield f'<path class="above" d="{"".join(rings)}"/>'


def _joined(plot: Plot, points: Iterable[Sequence[float]] | FloatArray) -> str:
    """A path's points to a tenth of a pixel; those that fall on the one before are left out."""
    places: list[str] = []
    for x, y in points:
        place = f"{_across(plot, x):.1f} {_down(plot, y):.1f}".replace(".0 ", " ").removesuffix(".0")
        if not places or places[-1] != place:
            places.append(place)
    return "M" + "L".join(places)


def _marks(plot: Plot) -> Iterator[str]:
    for mark in plot.marks:
        x, y = _across(plot, mark.x), _down(plot, mark.y)
        yield f'<circle class="mark" cx="{x:.2f}" cy="{y:.2f}" r="3.5"/>'
        if mark.label:
            left = x > WIDTH - RIGHT - 9 * len(mark.label)
            place = f'x="{x + (-7 if left else 7):.1f}" y="{y + (14 if y < TOP + 14 else -6):.1f}"'
            side = "beside" if left else "after"
            yield f'<text class="{side} label" {place} aria-hidden="true">{escape(mark.label)}</text>'
