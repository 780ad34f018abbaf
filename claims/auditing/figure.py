"""A report as a figure: losses of the runs, what guarantees bound them by, and when modes are learned, by step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.auditing.report import AuditReport, FloatArray, Judgement, Run
from claims.suite.evidence import replacing
from claims.suite.experiments.report import COLOURS, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 400


class Bound(NamedTuple):
    """From (step, loss) down to the wanted loss after ``steps`` more, at a constant rate."""

    step: int
    loss: float
    steps: int
    label: str


def draw(report: AuditReport, path: Path) -> Path:
    """Write the figure in the format that the name has, all of it or nothing. ValueError where there was no run."""
    with style(), replacing(path.absolute()) as file:
        figure_of(report).savefig(file, format=path.suffix[1:])
    return path


def figure_of(report: AuditReport) -> Figure:
    """Loss against step, on logarithmic axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.4))
    axes = figure.subplots()
    runs = [(report.run, "this network", COLOURS[0], "-")]
    if report.rebalanced is not None:
        runs.append((report.rebalanced.run, "rebalanced", COLOURS[1], "--"))
    for run, name, colour, line in runs:
        if run is not None:
            _draw_run(axes, run, name, colour, line)
    for bounds, colour in ((_bounds(report), COLOURS[0]), (_rebalanced_bounds(report), COLOURS[1])):
        for bound in bounds:
            steps = _steps(bound)
            losses = bound.loss * (report.to_loss / bound.loss) ** ((steps - bound.step) / max(bound.steps, 1))
            axes.plot(np.maximum(steps, 1), losses, ":", color=colour, label=bound.label)
    _draw_modes(axes, report)
    axes.axhline(report.to_loss, color="0.5", linewidth=0.8)
    axes.annotate("wanted loss", (0.01, report.to_loss), xycoords=("axes fraction", "data"), va="bottom", fontsize=8)
    axes.set(xscale="log", yscale="log", xlabel="step", ylabel="loss 1/2 ||W - Phi||²")
    if axes.get_legend_handles_labels()[0]:
        figure.legend(loc="outside lower center", ncols=2)
    return figure


def _draw_run(axes: Axes, run: Run, name: str, colour: str, line: str) -> None:
    steps, losses = (np.array(column, dtype=np.float64) for column in zip(*run.curve, strict=True))
    shown = losses > 0
    label = f"{name}, learning rate {run.learning_rate:.3g}"
    axes.plot(np.maximum(steps[shown], 1), losses[shown], line, color=colour, label=label)


def _draw_modes(axes: Axes, report: AuditReport) -> None:
    """A mark where each mode is half learned, the largest singular value first."""
    times = [each.values["half_steps"] for each in report.findings if each.name == "mode_times"]
    for number, step in enumerate(times[0] if times else [], start=1):
        if step:
            axes.axvline(step, color="0.6", linewidth=0.8, linestyle="-.")
            height = 0.98 - 0.05 * ((number - 1) % 4)
            axes.annotate(f" mode {number}", (step, height), xycoords=("data", "axes fraction"), va="top", fontsize=7)


def _steps(bound: Bound) -> FloatArray:
    return bound.step + np.concatenate([[0.0], np.geomspace(1, max(bound.steps, 2), POINTS)])


def _bounds(report: AuditReport) -> Iterator[Bound]:
    yield from _held(report.judgements, report.run, "")
    later = report.certified_from
    if later is not None and later.further:
        yield Bound(later.step, later.loss, later.further, f"{later.uid}, from step {later.step:,}")


def _rebalanced_bounds(report: AuditReport) -> Iterator[Bound]:
    if report.rebalanced is not None:
        yield from _held(report.rebalanced.judgements, report.rebalanced.run, ", rebalanced")


def _held(judgements: Sequence[Judgement], run: Run | None, words: str) -> Iterator[Bound]:
    """Of guarantees at the run's own learning rate."""
    for each in judgements:
        if (
            run is not None
            and each.steps
            and each.learning_rate == run.learning_rate
            and math.isfinite(run.curve[0][1])
        ):
            yield Bound(0, run.curve[0][1], each.steps, f"{each.uid}{words}")
