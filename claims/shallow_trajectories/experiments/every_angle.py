"""Convergence from every angle against the bounds, for a filter on patches (DL-046) and for one ReLU unit (DL-047).

Descent starts at |w_0| = |w*| = 1, at an angle th_0 to w*. Above, one filter on k patches, eta = 1/S, and tan(th_t/2)
with its bound q^t tan(th_0/2); below, one unit, eta = 1, and |w_t - w*| with its bound. Left, the course from some
angles; right, the first step at which the number is at most ``goal``, from every angle, and the step from which the
bound promises it. Nothing here has a unit but the angle, in radians. Near the ray the bounds promise about 1/phi_0 and
1/phi_0^3 steps, phi_0 = pi - th_0; taken are about 1/phi_0 for k >= 2, as DL-046 says, and log(1/phi_0) for one unit.

Run it with ``python -m claims experiment every_angle --out DIR`` (seconds; fewer angles with ``--reduced``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from claims.suite.experiments import report
from solvers.shallow import Angle, gated_eigenvalues, plane_descent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]
Model = Literal["filter", "unit"]

WORDS: dict[Model, tuple[str, str]] = {
    "filter": ("one filter, $k$ patches, $\\eta = 1/S$", "$\\tan(\\theta_t/2)$"),
    "unit": ("one unit, step $\\eta$", "$|w_t - w_*|$"),
}
"""What is learned, and what is measured."""


@dataclass(frozen=True)
class Setting:
    """What is drawn. ``shown`` are pi - th_0 of the left panels, ``nearest`` the smallest one of the right ones.

    Raises ValueError where it could not be.
    """

    patches: tuple[int, ...] = (1, 2, 5)
    rates: tuple[float, ...] = (0.5, 1.0, 2.0)
    shown: tuple[float, ...] = (3.0, 1.5, 0.3, 0.05)
    shown_steps: int = 120
    nearest: float = 1e-3
    angles: int = 60
    goal: float = 1e-6
    steps: int = 6000

    def __post_init__(self) -> None:
        if not self.patches or not self.rates or not self.shown:
            raise ValueError("patches, rates or shown is empty; expected at least one of each")
        for phi in (*self.shown, self.nearest):
            if not 0 < phi < math.pi:
                raise ValueError(f"an angle pi - th_0 is {phi}; expected one between 0 and pi")
        if self.angles < 2:
            raise ValueError(f"angles is {self.angles}; expected at least 2")
        if not 0 < self.goal < 1:
            raise ValueError(f"goal is {self.goal}; expected a number between 0 and 1")


REDUCED = Setting(angles=12, steps=4500)


@dataclass(frozen=True)
class Part:
    """One model and one value of its parameter (k, or eta): the course from the angles ``shown`` and its bound (one row
    each, from t = 0 on), and for each of ``supplements`` pi - th_0 the steps ``taken`` (NaN where more than were run)
    and ``promised``."""

    model: Model
    parameter: float
    course: FloatArray
    bound: FloatArray
    supplements: FloatArray
    taken: FloatArray
    promised: FloatArray


def supplements(setting: Setting) -> FloatArray:
    """pi - th_0 of the right panels, equally far apart in their logarithms; from all but pi down."""
    return np.geomspace(0.999 * math.pi, setting.nearest, setting.angles)


def bounds(model: Model, parameter: float, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The measured number at the start, and the factor of its bound, from pi - th_0 = ``phi``."""
    if model == "filter":
        return 1 / np.tan(phi / 2), 1 - phi / (math.pi + parameter - 1)
    kappa = gated_eigenvalues(Angle.of(math.pi - phi))[0]
    start = 2 * np.cos(phi / 2)
    return start, np.sqrt(1 - parameter * (2 - parameter / 2) * kappa)


def measured(model: Model, parameter: float, phi: FloatArray, steps: int) -> FloatArray:
    """tan(th_t/2) or |w_t - w*| for t = 0, ..., ``steps``, one row for each start."""
    if model == "filter":
        patches = int(parameter)
        rate = math.pi * patches / (math.pi + patches - 1)
    else:
        patches, rate = 1, parameter / 2
    run = plane_descent(
        -np.cos(phi), np.sin(phi), learning_rate=rate, steps=steps, patches=patches, record=range(steps)
    )
    return np.tan(run.angle / 2) if model == "filter" else run.distance


def part(setting: Setting, model: Model, parameter: float) -> Part:
    """Run one."""
    shown = np.array(setting.shown)
    start, factor = bounds(model, parameter, shown)
    bound = start[:, None] * factor[:, None] ** np.arange(setting.shown_steps + 1)
    phi = supplements(setting)
    reached = measured(model, parameter, phi, setting.steps) <= setting.goal
    taken = np.where(reached.any(axis=1), reached.argmax(axis=1), np.nan)
    start, factor = bounds(model, parameter, phi)
    promised = np.ceil(np.maximum(np.log(setting.goal / start) / np.log(factor), 0))
    return Part(model, parameter, measured(model, parameter, shown, setting.shown_steps), bound, phi, taken, promised)


def run(
    setting: Setting,
    progress: Callable[[float], object] = lambda fraction: None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[Part]:
    """One part after another; ``progress`` is told the fraction that is done."""
    parts: list[tuple[Model, float]] = [
        *(("filter", k) for k in setting.patches),
        *(("unit", rate) for rate in setting.rates),
    ]
    return report.cell_by_cell(partial(part, setting), parts, progress, jobs, scheduler)


def as_json(setting: Setting, parts: Sequence[Part]) -> dict[str, Any]:
    """The setting and, for each part, the steps taken and promised from every angle."""
    return {
        "experiment": "every_angle",
        "tools": report.tools(),
        "setting": asdict(setting),
        "parts": [
            {
                "model": each.model,
                "parameter": each.parameter,
                "pi_minus_angle": each.supplements.tolist(),
                "steps_taken": report.finite_or_none(each.taken),
                "steps_promised": report.finite_or_none(each.promised),
            }
            for each in parts
        ],
    }


def draw(setting: Setting, parts: Sequence[Part]) -> Figure:
    """A row for each model."""
    from matplotlib.figure import Figure

    models = [model for model in WORDS if any(each.model == model for each in parts)]
    with report.style():
        figure = Figure(figsize=(7.4, 3.2 * len(models) + 0.3))
        rows = figure.subplots(len(models), 2, squeeze=False)
        letters = iter("abcd")
        for model, (left, right) in zip(models, rows, strict=True):
            mine = [each for each in parts if each.model == model]
            words, what = WORDS[model]
            _courses(left, setting, mine[len(mine) // 2])
            _counts(right, mine)
            left.set_title(f"({next(letters)}) {words}", loc="left")
            right.set_title(f"({next(letters)}) {what} $\\leq$ {report.scientific(setting.goal)}", loc="left")
            left.set_ylabel(what)
        figure.suptitle("Solid: descent. Dashed: what is promised. $|w_0| = |w_*| = 1$", fontsize=9)
    return figure


def _courses(axes: Axes, setting: Setting, each: Part) -> None:
    """The middle parameter, from each angle."""
    steps = np.arange(setting.shown_steps + 1)
    name = f"$k = {each.parameter:g}$" if each.model == "filter" else f"$\\eta = {each.parameter:g}$"
    for k, phi in enumerate(setting.shown):
        colour, marker = report.COLOURS[k % len(report.COLOURS)], report.MARKERS[k % len(report.MARKERS)]
        axes.plot(steps, each.course[k], color=colour, marker=marker, markevery=(2 * k, 12), label=f"$\\pi - {phi:g}$")
        axes.plot(
            steps, each.bound[k], color=colour, linestyle="--", linewidth=1, marker=marker,
            markerfacecolor="white", markevery=(2 * k, 24),
        )  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(1e-9, 100)
    axes.set_xlim(0, setting.shown_steps)
    axes.set_xlabel("step $t$")
    axes.legend(title=f"{name}, $\\theta_0 =$", fontsize=8, title_fontsize=8, loc="lower right")


def _counts(axes: Axes, parts: Sequence[Part]) -> None:
    for k, each in enumerate(parts):
        colour, marker = report.COLOURS[k % len(report.COLOURS)], report.MARKERS[k % len(report.MARKERS)]
        name = f"$k = {each.parameter:g}$" if each.model == "filter" else f"$\\eta = {each.parameter:g}$"
        every = max(len(each.supplements) // 8, 1)
        axes.plot(each.supplements, each.taken, color=colour, marker=marker, markevery=(k, every), label=name)
        axes.plot(
            each.supplements, each.promised, color=colour, linestyle="--", linewidth=1, marker=marker,
            markerfacecolor="white", markevery=(k, every),
        )  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.invert_xaxis()
    axes.set_xlabel("$\\pi - \\theta_0$ (radians)")
    axes.set_ylabel("steps")
    axes.legend(fontsize=8, loc="upper left")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when all was run, 130 after Ctrl-C."""
    options = report.read_options(
        "every_angle",
        "Convergence from every angle, of one filter on patches and of one ReLU unit, against the bounds.",
        reduced="fewer angles",
        arguments=arguments,
    )
    setting = REDUCED if options.reduced else Setting()
    with report.progress_bar() as progress:
        parts, interrupted = report.keep_finished(
            run(setting, progress, *options.workers), len(setting.patches) + len(setting.rates)
        )
    paths = report.write(options.out, "every_angle", as_json(setting, parts), draw(setting, parts) if parts else None)
    for each in parts:
        name = "k" if each.model == "filter" else "eta"
        print(
            f"{each.model}, {name} = {each.parameter:g}: {np.nanmax(each.taken):.0f} steps taken at most, "
            f"{each.promised.max():.0f} promised"
        )
    print("wrote", *paths)
    return 130 if interrupted else 0
