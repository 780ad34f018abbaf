"""The figure of the trade-off: iterations against the deviation of the initial weights, and the bands of good ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from claims.initialization.experiments.trade_off_runs import Curve, Setting
from claims.suite.experiments.report import COLOURS, LINES, MARKERS, scientific, style

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from claims.suite.experiments.report import Line

TITLES = {
    "layer-wise": "layer-wise:\n$s$ of the entries of every layer",
    "balanced": "balanced:\n$s$ of the entries of $W(0)$",
    "balanced, equal size": "balanced:\n$W(0)$ as large as layer-wise",
}
ROOM = 1.5
"""Decades that the words beside a bar take."""


def draw(setting: Setting, curves: Sequence[Curve]) -> Figure:
    """A column for each initialisation: above, the iterations against s, and over the upper line what did not
    converge; below, the bands of good s for each budget."""
    from matplotlib.figure import Figure

    columns = setting.initializations
    with style():
        figure = Figure(figsize=(7.4, 5.6))
        heights = (3, 0.4 + 0.5 * len(setting.budgets))
        upper, lower = figure.subplots(2, len(columns), sharex=True, sharey="row", squeeze=False, height_ratios=heights)
        for k, name in enumerate(columns):
            shown = [curve for curve in curves if curve.initialization == name]
            upper[k].set_title(f"({'abc'[k]}) {TITLES[name]}", fontsize=9)
            _iterations(upper[k], setting, shown)
            _bands(lower[k], setting, shown)
            lower[k].set_xlabel("standard deviation $s$ (no unit)")
        lowest = min((curve.median.min() for curve in curves), default=setting.steps)
        upper[0].set_ylim(min(lowest, setting.steps) / 2, 2.2 * _rows(setting)[-1])
        reached = scientific(setting.accuracy)
        upper[0].set_ylabel(f"iterations until loss $\\leq$ {reached}\n(best learning rate, median over seeds)")
        lower[0].set_ylabel("good $s$ within $T$:\nwidth in decades")
        figure.suptitle(
            f"Diabetes data, whitened: 10 inputs, 1 output, $\\|\\Phi\\| = 1$; hidden width {setting.width}", fontsize=9
        )
        figure.legend(handles=_legend(setting), loc="outside lower center", ncols=len(setting.depths) + 2)
    return figure


def _iterations(axes: Axes, setting: Setting, curves: Sequence[Curve]) -> None:
    """Curves where they converge, and hollow or crossed markers above the line of ``steps`` where they do not."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(setting.deviations[0] / 1.5, setting.deviations[-1] * 1.5)
    rows = _rows(setting)
    axes.axhline(setting.steps, color="0.4", linewidth=0.8)
    for curve in curves:
        k = setting.depths.index(curve.depth)
        colour, line, marker = _look(k)
        missed = ~np.isfinite(curve.median)
        overflowed = missed & (2 * curve.diverged > curve.seeds)
        axes.plot(
            curve.deviations, np.where(missed, np.nan, curve.median), color=colour, linestyle=line, marker=marker,
            markersize=3,
        )  # fmt: skip
        for where, shape in ((missed & ~overflowed, marker), (overflowed, "x")):
            axes.plot(
                curve.deviations[where], np.full(where.sum(), rows[k]), linestyle="none", color=colour, marker=shape,
                markersize=3, markerfacecolor="white", markeredgewidth=0.7,
            )  # fmt: skip
    axes.set_yticks([tick for tick in 10.0 ** np.arange(1, 9) if tick <= setting.steps])
    axes.minorticks_off()


def _rows(setting: Setting) -> list[float]:
    """For each depth the height at which what did not converge is drawn."""
    return [2.2 * setting.steps * 2.6**k for k in range(len(setting.depths))]


def _bands(axes: Axes, setting: Setting, curves: Sequence[Curve]) -> None:
    """A bar for each budget and depth, with its width in decades in it or beside it."""
    count = len(setting.depths)
    height = 0.8 / count
    for curve in curves:
        k = setting.depths.index(curve.depth)
        colour, _, _ = _look(k)
        for row, budget in enumerate(setting.budgets):
            if (band := curve.band(budget)) is None:
                continue
            y = row + (k - (count - 1) / 2) * height
            axes.barh(y, band[1] - band[0], left=band[0], height=0.9 * height, color=colour, edgecolor=colour)
            _width(axes, setting, curve, budget, y, colour)
    axes.set_ylim(len(setting.budgets) - 0.5, -0.5)
    axes.set_yticks(range(len(setting.budgets)), [f"$T =$ {scientific(budget)}" for budget in setting.budgets])
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.minorticks_off()


def _width(axes: Axes, setting: Setting, curve: Curve, budget: int, y: float, colour: str) -> None:
    """The words of a bar: in its middle if they fit, else on the side with more room. >= where the grid cuts it."""
    first, last = curve.band(budget) or (1.0, 1.0)
    least = "$\\geq$ " if first == setting.deviations[0] or last == setting.deviations[-1] else ""
    words, size = f"{least}{curve.decades(budget):.1f}", 7.5
    if curve.decades(budget) > ROOM:
        axes.text(float(np.sqrt(first * last)), y, words, ha="center", va="center", color="white", fontsize=size)
        return
    right = setting.deviations[-1] / last > first / setting.deviations[0]
    axes.annotate(
        words, (last if right else first, y), xytext=(4 if right else -4, 0), textcoords="offset points",
        ha="left" if right else "right", va="center", color=colour, fontsize=size,
    )  # fmt: skip


def _look(k: int) -> tuple[str, Line, str]:
    """Colour, line and marker of the k-th depth."""
    return COLOURS[k % len(COLOURS)], LINES[k % len(LINES)], MARKERS[k % len(MARKERS)]


def _legend(setting: Setting) -> list[Artist]:
    """The depths, and how failures are drawn."""
    from matplotlib.lines import Line2D

    handles: list[Artist] = []
    for k, depth in enumerate(setting.depths):
        colour, line, marker = _look(k)
        handles.append(
            Line2D([], [], color=colour, linestyle=line, marker=marker, markersize=3, label=f"$N = {depth}$")
        )
    failures = (("o", f"not within {scientific(setting.steps)} iterations"), ("x", "overflow at every learning rate"))
    for marker, words in failures:
        empty = Line2D([], [], color="0.3", marker=marker, linestyle="none", markersize=3.5, markerfacecolor="white")
        empty.set_label(words)
        handles.append(empty)
    return handles
