"""Sharpness along descent: where it is, and where the flow would end, against 2 / eta, the most that eta can hold.

Scalar networks of 2, 3 and 5 layers, Phi = 1: the Hessian's largest eigenvalue at each step, and phi, the sharpness of
the minimum at which gradient flow would end (:func:`solvers.flow.limit_sharpness`). They start near a minimum with
phi = 1.4 * 2/eta, which is not stable: the loss grows until phi, which never rises here, has fallen below 2/eta. Then 3
and 4 layers with one output on the whitened diabetes data: the largest eigenvalue, with eta and, at the same times,
with eta/20, which is nearly the flow. All sharpnesses are in units of 2/eta.

Run it with ``python -m claims experiment sharpness_along_descent --out DIR`` (half a minute; seconds with
``--reduced``); the claim DL-063 says what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from claims.suite.experiments import report
from claims.suite.experiments.report import COLOURS, LINES
from solvers.flow import limit_sharpness
from solvers.network import gradient_step, hessian, loss
from strategies import regression

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]
Layers = tuple[FloatArray, ...]

EXCESS = 1.4
"""phi at the start of the scalar networks, in units of 2/eta."""

PUSHED = 1.02
"""What the first scalar layer is multiplied by, to leave the minimum."""

SLOWER = 20
"""How many times smaller the learning rate of the nearly flowing run is."""


@dataclass(frozen=True)
class Real:
    """A network with one output: its depth, the norm of each layer but the first, which has a twentieth of it."""

    depth: int
    norm: float
    learning_rate: float


@dataclass(frozen=True)
class Setting:
    """What is run. Raises ValueError where it could not be."""

    depths: tuple[int, ...] = (2, 3, 5)
    ratio: float = 1.2
    scalar_steps: int = 60
    real: tuple[Real, ...] = (Real(3, 1.15, 0.93), Real(4, 1.2, 0.69))
    real_steps: int = 150
    hidden: int = 4
    dataset: str = "diabetes"
    seed: int = 3

    def __post_init__(self) -> None:
        if not self.depths and not self.real:
            raise ValueError("depths and real are empty; expected at least one network")
        if min([*self.depths, *(each.depth for each in self.real)]) < 2:
            raise ValueError("expected depths >= 2")
        if not self.ratio > 1:
            raise ValueError(f"ratio is {self.ratio}; expected 2/eta above the sharpness of the flattest minimum, > 1")
        if min(self.scalar_steps, self.real_steps) < 1:
            raise ValueError("expected at least one step")


REDUCED = Setting(depths=(2, 3), scalar_steps=30, real=(Real(3, 1.15, 0.93),), real_steps=20)


@dataclass(frozen=True)
class Run:
    """``sharpness`` at each step, what the flow would do (``flow``: phi, or the run with eta/20), and the loss."""

    title: str
    learning_rate: float
    sharpness: FloatArray
    flow: FloatArray
    losses: FloatArray


def scalar_start(depth: int, ratio: float) -> tuple[FloatArray, float]:
    """Layers (s, t, ..., t), s < t, of a minimum with sharpness EXCESS * 2/eta, and eta: 2/eta is ``ratio`` N."""
    wanted, low, high = EXCESS * ratio * depth, 1e-3, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        too_sharp = middle**-2 + (depth - 1) * middle ** (2 / (depth - 1)) > wanted
        low, high = (middle, high) if too_sharp else (low, middle)
    layers = np.array([low, *[low ** (-1 / (depth - 1))] * (depth - 1)])
    return layers, 2 / (ratio * depth)


def real_start(setting: Setting, each: Real) -> Layers:
    """Gaussian layers of the given spectral norm, the first of a twentieth of it."""
    random = np.random.default_rng(setting.seed)
    inputs = regression(setting.dataset).target.shape[1]
    widths = (inputs, *(setting.hidden,) * (each.depth - 1), 1)
    layers = [random.standard_normal((after, before)) for before, after in pairwise(widths)]
    layers = [each.norm * layer / np.linalg.norm(layer, 2) for layer in layers]
    return (layers[0] / 20, *layers[1:])


def largest_curvature(layers: Layers, target: FloatArray) -> float:
    """The Hessian's largest eigenvalue."""
    return float(np.linalg.eigvalsh(hessian(layers, target))[-1])


def descent(layers: Layers, target: FloatArray, rate: float, steps: int, every: int = 1) -> Iterator[Layers]:
    """The layers at steps 0, every, 2 every, ..., so many of them after the first."""
    yield layers
    for _ in range(steps):
        for _ in range(every):
            layers = gradient_step(layers, target, rate)
        yield layers


def run_scalar(setting: Setting, depth: int) -> Run:
    """A scalar network, pushed off its minimum."""
    start, rate = scalar_start(depth, setting.ratio)
    start[0] *= PUSHED
    target, layers = np.ones((1, 1)), tuple(np.array([[w]]) for w in start.tolist())
    states = list(descent(layers, target, rate, setting.scalar_steps))
    return Run(
        f"{depth} scalar layers",
        rate,
        np.array([largest_curvature(state, target) for state in states]),
        np.array([float(limit_sharpness([float(layer[0, 0]) for layer in state], 1)) for state in states]),
        np.array([float(loss(state, target)) for state in states]),
    )


def run_real(setting: Setting, each: Real) -> Run:
    """A network on the data, and again with a learning rate SLOWER times smaller, looked at as often in time."""
    target, start = regression(setting.dataset).target, real_start(setting, each)
    states = list(descent(start, target, each.learning_rate, setting.real_steps))
    slow = descent(start, target, each.learning_rate / SLOWER, setting.real_steps, SLOWER)
    return Run(
        f"{each.depth} layers, {setting.dataset} data",
        each.learning_rate,
        np.array([largest_curvature(state, target) for state in states]),
        np.array([largest_curvature(state, target) for state in slow]),
        np.array([float(loss(state, target)) for state in states]),
    )


def run_one(setting: Setting, each: int | Real) -> Run:
    """A scalar network of a depth, or one on real data."""
    return run_real(setting, each) if isinstance(each, Real) else run_scalar(setting, each)


def run(
    setting: Setting,
    progress: Callable[[float], object] = lambda fraction: None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[Run]:
    """One run after another; ``progress`` is told the fraction that is done."""
    cells = [(each,) for each in (*setting.depths, *setting.real)]
    return report.cell_by_cell(partial(run_one, setting), cells, progress, jobs, scheduler)


def as_json(setting: Setting, runs: Sequence[Run]) -> dict[str, Any]:
    """The setting and, for each run, eta and the curves in units of 2/eta."""
    return {
        "experiment": "sharpness_along_descent",
        "tools": report.tools(),
        "setting": asdict(setting),
        "runs": [
            {
                "title": found.title,
                "learning_rate": found.learning_rate,
                "sharpness": (found.sharpness * found.learning_rate / 2).tolist(),
                "flow": (found.flow * found.learning_rate / 2).tolist(),
                "loss": found.losses.tolist(),
            }
            for found in runs
        ],
    }


def draw(setting: Setting, runs: Sequence[Run]) -> Figure:
    """A panel for each run, two in a row, and the key in the place that an odd number leaves, or below."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    rows = (len(runs) + 2) // 2
    with report.style():
        figure = Figure(figsize=(7.2, 2.5 * rows))
        places = figure.subplots(rows, 2, squeeze=False).ravel()
        for axes, found, letter in zip(places, runs, "abcdefgh", strict=False):
            _panel(axes, found)
            axes.set_title(f"({letter}) {found.title}, $\\eta = {found.learning_rate:.3g}$")
        for axes in places[len(runs) :]:
            axes.set_axis_off()
        words = (
            "largest eigenvalue of the Hessian",
            "$\\varphi$: where the flow would end",
            f"largest eigenvalue, with $\\eta / {SLOWER}$",
        )
        handles = [
            Line2D([], [], color=COLOURS[k], linestyle=LINES[k], linewidth=(1.0, 1.8, 1.4)[k], label=word)
            for k, word in enumerate(words)
        ]
        handles.append(Line2D([], [], color="0.25", linewidth=0.8, label="$2/\\eta$, the edge"))
        places[len(runs)].legend(handles=handles, loc="center")
    return figure


def _panel(axes: Axes, found: Run) -> None:
    steps = np.arange(len(found.sharpness))
    axes.axhline(1, color="0.25", linewidth=0.8)
    axes.plot(steps, found.sharpness * found.learning_rate / 2, color=COLOURS[0], linestyle=LINES[0], linewidth=1.0)
    kind = 1 if "scalar" in found.title else 2
    axes.plot(
        steps, found.flow * found.learning_rate / 2, color=COLOURS[kind], linestyle=LINES[kind],
        linewidth=(1.8, 1.4)[kind - 1],
    )  # fmt: skip
    axes.set_xlim(0, steps[-1])
    axes.set_ylim(bottom=0 if kind == 1 else 0.5)
    axes.set_xlabel("step")
    axes.set_ylabel("sharpness / $(2/\\eta)$")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when all was run, 130 after Ctrl-C."""
    options = report.read_options(
        "sharpness_along_descent",
        "Sharpness along descent, and where the flow would end, against 2 / eta.",
        reduced="two scalar networks and one on the data, fewer steps: seconds",
        arguments=arguments,
    )
    setting = REDUCED if options.reduced else Setting()
    with report.progress_bar() as progress:
        runs, interrupted = report.keep_finished(
            run(setting, progress, *options.workers), len(setting.depths) + len(setting.real)
        )
    paths = report.write(
        options.out, "sharpness_along_descent", as_json(setting, runs), draw(setting, runs) if runs else None
    )
    for found in runs:
        scaled = found.sharpness * found.learning_rate / 2
        print(
            f"{found.title}: sharpness / (2/eta) from {scaled[0]:.3f} to {scaled[-1]:.3f}, at most {scaled.max():.3f}"
        )
    print("wrote", *paths)
    return 130 if interrupted else 0
