"""How often gradient descent recovers a matrix of low rank, against the number of measurements, with error bars.

Phase retrieval against m / n, completion against the fraction p of entries observed, sensing against m / n; for several
ranks k, on random and on real matrices. Error bars are the exact binomial intervals of Clopper and Pearson at 95%. What
is run is in :mod:`~claims.shallow_landscapes.experiments.recovery_runs`. What fails may be the landscape, or that M is
not determined: the JSON counts the draws that ``fitted`` the measurements, and below M's degrees of freedom, which the
figure marks, many do without recovering M.

Run it with ``python -m claims experiment recovery --out DIR`` (five minutes; seconds with ``--reduced``); the claims
DL-036, DL-038 and DL-041 say what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from claims.shallow_landscapes.experiments.recovery_runs import PROBLEMS, REDUCED, Cell, Setting, run
from claims.suite.experiments import report
from claims.suite.experiments.intervals import clopper_pearson
from claims.suite.experiments.report import COLOURS, LINES, MARKERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLES = {"phase": "phase retrieval", "completion": "completion", "sensing": "sensing"}
LABELS = {
    "phase": "vectors per row of $M$, $m / n$",
    "completion": "fraction of entries observed, $p$",
    "sensing": "measurements per row of $M$, $m / n$",
}
MATRICES = {"random": "random $M$", "linnerud": "real $M$ (linnerud)"}


def as_json(setting: Setting, cells: Sequence[Cell]) -> dict[str, Any]:
    """The setting, and for each cell its counts and the interval of the chance of recovery."""
    return {
        "experiment": "recovery",
        "tools": report.tools(),
        "setting": asdict(setting),
        "level": 0.95,
        "cells": [{**asdict(cell), "interval": list(clopper_pearson(cell.recovered, cell.draws))} for cell in cells],
    }


def draw(setting: Setting, cells: Sequence[Cell]) -> Figure:
    """A row for each matrix, a column for each problem, a curve for each rank."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    with report.style():
        figure = Figure(figsize=(7.6, 2.45 * len(setting.matrices) + 0.7))
        rows = figure.subplots(len(setting.matrices), len(PROBLEMS), sharex="col", sharey=True, squeeze=False)
        for matrix, row in zip(setting.matrices, rows, strict=True):
            for problem, axes in zip(PROBLEMS, row, strict=True):
                shown = [cell for cell in cells if (cell.matrix, cell.problem) == (matrix, problem)]
                _curves(axes, setting, problem, shown)
            row[0].set_ylabel(f"{MATRICES[matrix]}:\nfraction recovered")
        for place, problem in enumerate(PROBLEMS):
            rows[0][place].set_title(f"({'abc'[place]}) {TITLES[problem]}")
            rows[-1][place].set_xlabel(LABELS[problem])
        handles = [
            Line2D([], [], color=COLOURS[i], linestyle=LINES[i], marker=MARKERS[i], label=f"rank $k = {k}$")
            for i, k in enumerate(setting.ranks)
        ]
        handles.append(Line2D([], [], color="0.3", linewidth=2.2, label="at the foot: degrees of freedom"))
        figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
        figure.suptitle(
            f"Gradient descent, {setting.steps} steps, $n = {setting.size}$; {setting.draws} draws a point, bars: 95%",
            fontsize=9,
        )
    return figure


def _curves(axes: Axes, setting: Setting, problem: str, cells: Sequence[Cell]) -> None:
    from matplotlib.ticker import MaxNLocator

    amounts = setting.amounts(problem)
    for i, k in enumerate(setting.ranks):
        mine = [cell for cell in cells if cell.rank == k]
        if not mine:
            continue
        rates = [cell.recovered / cell.draws for cell in mine]
        ends = [clopper_pearson(cell.recovered, cell.draws) for cell in mine]
        bars = [
            [rate - low for rate, (low, _) in zip(rates, ends, strict=True)],
            [high - rate for rate, (_, high) in zip(rates, ends, strict=True)],
        ]
        axes.errorbar(
            [cell.amount for cell in mine], rates, yerr=bars, color=COLOURS[i], linestyle=LINES[i], marker=MARKERS[i],
            markersize=4, capsize=1.8, elinewidth=0.8, linewidth=1.2,
        )  # fmt: skip
        free = setting.freedom(problem, k)
        if free <= max(amounts):
            axes.plot([free, free], [-0.15, -0.105], color=COLOURS[i], linewidth=2.2, solid_capstyle="butt")
            axes.annotate(
                f"{k}", (free, -0.105), xytext=(0, 0.5), textcoords="offset points", ha="center", va="bottom",
                fontsize=6.5, color=COLOURS[i],
            )  # fmt: skip
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=problem != "completion"))
    axes.set_ylim(-0.15, 1.06)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when all was run, 130 after Ctrl-C."""
    options = report.read_options(
        "recovery",
        "How often gradient descent recovers a matrix of low rank, against the number of measurements.",
        reduced="fewer ranks, amounts, draws and steps: seconds, not minutes",
        arguments=arguments,
    )
    setting = REDUCED if options.reduced else Setting()
    with report.progress_bar() as progress:
        cells, interrupted = report.keep_finished(run(setting, progress, *options.workers), len(setting.cells))
    paths = report.write(options.out, "recovery", as_json(setting, cells), draw(setting, cells) if cells else None)
    for cell in cells:
        low, high = clopper_pearson(cell.recovered, cell.draws)
        words = f"{cell.matrix}, {TITLES[cell.problem]}, k = {cell.rank}, {cell.amount:g}"
        print(f"{words:<44}{cell.recovered:>4} of {cell.draws} recovered, chance in [{low:.3f}, {high:.3f}]")
    print("wrote", *paths)
    return 130 if interrupted else 0
