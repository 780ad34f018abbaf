"""Learning in stages: when each singular value of a real target is learned, predicted and measured (after SMG14).

Gradient descent of 2 and of 3 layers on the whitened linnerud data (3 inputs, 3 outputs, three singular values s_i),
from W_j such that every mode has the same strength u_0. Measured are the strengths u_i = l_i^T W r_i (l_i, r_i the
singular vectors of Phi) of the network as a whole, which knows nothing of modes, and the first step at which u_i is at
least s_i / 2; predicted are the modes' flow in closed form and ``solvers.flow.modes.half_time``. Time is the learning
rate times the number of steps, and has no unit.

Run it with ``python -m claims experiment stages --out DIR`` (half a minute; seconds with ``--reduced``); the
claim DL-031 says what it shows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from claims.suite.experiments import report
from claims.suite.experiments.report import COLOURS, LINES, MARKERS
from solvers.flow import balanced_flow, half_time
from solvers.network import balanced_factors, end_to_end, gradient_step, singular_values
from strategies import regression

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]

AFTER = 1.6
"""A run goes on for so many times its last half-time."""

POINTS = 240
"""Of a run that are kept for its curves."""


@dataclass(frozen=True)
class Setting:
    """What is run. Raises ValueError where it could not be."""

    starts: tuple[float, ...] = tuple(float(10 ** (-k / 2)) for k in range(4, 12))
    depths: tuple[int, ...] = (2, 3)
    hidden: int = 4
    learning_rate: float = 1 / 16
    dataset: str = "linnerud"

    def __post_init__(self) -> None:
        if not self.starts or not self.depths:
            raise ValueError("starts or depths is empty; expected at least one of each")
        if not 0 < min(self.starts) <= max(self.starts) < float(self.targets.min()) / 2:
            most = f"{float(self.targets.min()) / 2:.3g}"
            raise ValueError(f"starts is {self.starts}; expected numbers in (0, {most}), half the least singular value")
        if min(self.depths) < 2 or self.hidden < len(self.targets):
            raise ValueError(f"expected depths >= 2 and hidden >= {len(self.targets)}, the number of modes")
        if not 0 < self.learning_rate * float(self.targets.max()) < 1 / 2:
            raise ValueError(
                f"learning_rate is {self.learning_rate}; expected less than 1 / 2 over the largest singular value"
            )

    @property
    def targets(self) -> FloatArray:
        """s_i, largest first."""
        return np.array(singular_values(regression(self.dataset).target))


REDUCED = Setting(starts=(1e-2, 1e-4), depths=(2,))


@dataclass(frozen=True)
class Run:
    """One depth and u_0: ``strengths`` u_i of the network's modes (points, modes) at ``steps``, and for each mode the
    first step at which u_i >= s_i / 2."""

    depth: int
    start: float
    half_steps: NDArray[np.int64]
    steps: NDArray[np.int64]
    strengths: FloatArray


def initial_weights(setting: Setting, depth: int, start: float) -> tuple[FloatArray, ...]:
    """The balanced factors of u_0 L R^T, L and R the singular bases of Phi: every mode has the strength u_0."""
    left, _, right = np.linalg.svd(regression(setting.dataset).target, full_matrices=False)
    dimensions = (right.shape[1], *(setting.hidden,) * (depth - 1), len(left))
    return balanced_factors(start * (left @ right), dimensions)


def predicted(setting: Setting, depth: int, start: float) -> FloatArray:
    """The time at which each mode of the flow is at half its target."""
    return half_time(np.full(len(setting.targets), start), setting.targets, depth=depth)


def run_one(
    setting: Setting, depth: int, start: float, progress: Callable[[float], object] = lambda fraction: None
) -> Run:
    """Gradient descent of the whole network, for AFTER times the last half-time that is predicted."""
    target = regression(setting.dataset).target
    left, values, right = np.linalg.svd(target, full_matrices=False)
    last = math.ceil(AFTER * float(predicted(setting, depth, start).max()) / setting.learning_rate)
    weights = initial_weights(setting, depth, start)
    strengths = np.empty((last + 1, len(values)))
    for step in range(last + 1):
        strengths[step] = (left.T @ end_to_end(weights) @ right.T).diagonal()
        weights = gradient_step(weights, target, setting.learning_rate)
        if step % 256 == 0:
            progress(step / last)
    reached = strengths >= values / 2
    if not reached.any(axis=0).all():
        raise ArithmeticError(f"depth {depth}, u_0 = {start:g}: a mode is below half its target after {last} steps")
    kept = np.unique(np.linspace(0, last, POINTS).astype(np.int64))
    return Run(depth, start, reached.argmax(axis=0), kept, strengths[kept])


def run(
    setting: Setting,
    progress: Callable[[float], object] = lambda fraction: None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[Run]:
    """One run after another; ``progress`` is told the fraction of all steps that is done."""
    cells = [(depth, start) for depth in setting.depths for start in setting.starts]
    lengths = [float(predicted(setting, *cell).max()) for cell in cells]
    one = partial(run_one, setting)
    return report.cell_by_cell(one, cells, progress, jobs, scheduler, lengths=lengths, tells=True)


def as_json(setting: Setting, runs: Sequence[Run]) -> dict[str, Any]:
    """The setting, the singular values, and for each run the half-times and the curves."""
    return {
        "experiment": "stages",
        "tools": report.tools(),
        "setting": asdict(setting),
        "singular_values": setting.targets.tolist(),
        "runs": [
            {
                "depth": found.depth,
                "start": found.start,
                "half_time_predicted": predicted(setting, found.depth, found.start).tolist(),
                "half_time_measured": (setting.learning_rate * found.half_steps).tolist(),
                "times": (setting.learning_rate * found.steps).tolist(),
                "strengths": found.strengths.tolist(),
            }
            for found in runs
        ],
    }


def draw(setting: Setting, runs: Sequence[Run]) -> Figure:
    """A row for each depth: left, the strengths of one run; right, the half-times of all of them."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    depths = [depth for depth in setting.depths if any(found.depth == depth for found in runs)]
    with report.style():
        figure = Figure(figsize=(7.4, 2.9 * len(depths) + 0.6))
        rows = figure.subplots(len(depths), 2, squeeze=False)
        for k, (depth, (curves, times)) in enumerate(zip(depths, rows, strict=True)):
            shown = [found for found in runs if found.depth == depth]
            middle = min(shown, key=lambda found: abs(math.log10(found.start) + 3))
            _curves(curves, setting, middle)
            _half_times(times, setting, shown)
            for axes, letter in ((curves, "abcdefgh"[2 * k]), (times, "abcdefgh"[2 * k + 1])):
                what = f"$u_0 =$ {report.scientific(middle.start)}" if axes is curves else "half-times"
                axes.set_title(f"({letter}) {depth} layers, {what}")
        handles = [
            Line2D([], [], color=COLOURS[i], linestyle=LINES[i], marker=MARKERS[i], label=f"$s_{i + 1} =$ {value:.3f}")
            for i, value in enumerate(setting.targets)
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
        figure.suptitle(f"{setting.dataset} data, whitened. Lines: predicted. Markers: gradient descent", fontsize=9)
    return figure


def _curves(axes: Axes, setting: Setting, found: Run) -> None:
    times = found.steps * np.float64(setting.learning_rate)
    start = np.full(len(setting.targets), found.start)
    flow = balanced_flow(start, setting.targets, times, depth=found.depth) / setting.targets
    for i in range(len(setting.targets)):
        axes.plot(times, flow[:, i], color=COLOURS[i], linestyle=LINES[i])
        some = slice(3 * i, None, 9)
        axes.plot(
            times[some], found.strengths[some, i] / setting.targets[i], linestyle="none", color=COLOURS[i],
            marker=MARKERS[i], markersize=3.5,
        )  # fmt: skip
    axes.axhline(0.5, color="0.4", linewidth=0.8)
    axes.set_xlim(0, times[-1])
    axes.set_xlabel("time (learning rate $\\times$ steps)")
    axes.set_ylabel("strength of a mode, $u_i / s_i$")


def _half_times(axes: Axes, setting: Setting, runs: Sequence[Run]) -> None:
    from matplotlib.ticker import LogLocator, NullLocator

    starts = np.array([found.start for found in runs])
    depth = runs[0].depth
    grid = np.geomspace(starts.min(), starts.max(), 100)
    for i, value in enumerate(setting.targets):
        flow = half_time(grid, np.full(len(grid), value), depth=depth)
        measured = [setting.learning_rate * found.half_steps[i] for found in runs]
        axes.plot(grid, flow, color=COLOURS[i], linestyle=LINES[i])
        axes.plot(starts, measured, linestyle="none", color=COLOURS[i], marker=MARKERS[i])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("strength at the start, $u_0$")
    axes.set_ylabel("time when $u_i = s_i / 2$")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when all was run, 130 after Ctrl-C."""
    options = report.read_options(
        "stages",
        "When each singular value of a real target is learned, predicted and measured (after SMG14).",
        reduced="two starts at depth 2: seconds",
        arguments=arguments,
    )
    setting = REDUCED if options.reduced else Setting()
    total = len(setting.depths) * len(setting.starts)
    with report.progress_bar() as progress:
        runs, interrupted = report.keep_finished(run(setting, progress, *options.workers), total)
    paths = report.write(options.out, "stages", as_json(setting, runs), draw(setting, runs) if runs else None)
    for found in runs:
        pairs = zip(predicted(setting, found.depth, found.start), found.half_steps, strict=True)
        words = ", ".join(f"{time:.5g} / {setting.learning_rate * steps:.5g}" for time, steps in pairs)
        print(f"N = {found.depth}, u_0 = {found.start:.3g}: half-times predicted / measured {words}")
    print("wrote", *paths)
    return 130 if interrupted else 0
