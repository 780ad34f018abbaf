"""The landscape of phase retrieval in the plane, in the mean and with three vectors: every critical point, proved.

x = (1, 1). Left, f is the mean over Gaussian vectors; right, the sum over a = (2, 0), (0, 2), (1, 1), which determine x
up to its sign and yet have two poor minima. The critical points are all there are, with proof, and each is classified
by the inertia of its Hessian (:func:`solvers.shallow.plane_landscape`). f is drawn in units of f(0), so that both
panels have the same contour lines; nothing here has a unit.

Run it with ``python -m claims experiment phase_plane --out DIR`` (seconds; a coarser grid with ``--reduced``); the
claim DL-038 says what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from claims.suite.experiments import report
from solvers.shallow import FactoredObjective, PlanePoint, gaussian_mean, phase_measurements, plane_landscape

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]

LEVELS = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.25, 1.75, 2.5)
"""Of f / f(0)."""

LOOKS = {
    "global minimum": ("o", "black", "$\\pm x$: minimum, $f = 0$"),
    "poor minimum": ("s", "#d9660a", "poor minimum, $f > 0$"),
    "saddle": ("X", "white", "saddle"),
    "maximum": ("^", "white", "maximum"),
}
"""Kind -> marker, colour inside (white, a mid tone and black in grey), words."""


@dataclass(frozen=True)
class Instance:
    """A name for the panel, and the ``vectors`` a; none for the mean over Gaussian ones."""

    title: str
    vectors: tuple[tuple[float, float], ...]

    def objective(self, truth: tuple[float, float]) -> FactoredObjective:
        """f for x = ``truth``."""
        x = np.array([truth]).T
        linear_map = phase_measurements(np.array(self.vectors)) if self.vectors else gaussian_mean()
        return FactoredObjective(x @ x.T, linear_map)


@dataclass(frozen=True)
class Setting:
    """What is drawn. Raises ValueError where it could not be."""

    instances: tuple[Instance, ...] = (
        Instance("mean over Gaussian vectors", ()),
        Instance("$m = 2n - 1 = 3$ vectors", ((2.0, 0.0), (0.0, 2.0), (1.0, 1.0))),
    )
    truth: tuple[float, float] = (1.0, 1.0)
    reach: float = 1.75
    grid: int = 301

    def __post_init__(self) -> None:
        if not self.instances:
            raise ValueError("instances is empty; expected at least one")
        if self.truth == (0.0, 0.0):
            raise ValueError("truth is (0.0, 0.0); expected x other than 0")
        if not self.reach > max(map(abs, self.truth)):
            raise ValueError(f"reach is {self.reach}; expected more than the entries of truth, {self.truth}")
        if self.grid < 2:
            raise ValueError(f"grid is {self.grid}; expected at least 2 points a side")


REDUCED = Setting(grid=61)


@dataclass(frozen=True)
class Point:
    """A critical point of a ``kind`` in LOOKS: the middle and radius of its box, f there, and its Hessian's inertia."""

    kind: str
    point: tuple[float, ...]
    radius: float
    value: float
    positive_eigenvalues: int
    negative_eigenvalues: int

    @classmethod
    def of(cls, found: PlanePoint) -> Point:
        boxes = found.point[:, 0].tolist()
        middle = tuple(float(box.mid()) + 0.0 for box in boxes)
        return cls(
            kind_of(found), middle, max(float(box.rad()) for box in boxes), float(found.value.mid()), *found.inertia
        )


@dataclass(frozen=True)
class Panel:
    """An instance, its ``scale`` f(0), all its critical points, and f / f(0) on the grid, rows along z_2."""

    instance: Instance
    scale: float
    points: tuple[Point, ...]
    heights: FloatArray


def kind_of(point: PlanePoint) -> str:
    """As in LOOKS: a minimum is global where its value may be 0, the ball being narrow."""
    if point.kind != "minimum":
        return point.kind
    return "global minimum" if point.value.contains(0) else "poor minimum"


def axis(setting: Setting) -> FloatArray:
    """The grid's coordinates."""
    return np.linspace(-setting.reach, setting.reach, setting.grid)


def run(
    setting: Setting,
    progress: Callable[[float], object] = lambda fraction: None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[Panel]:
    """One panel after another, ``jobs`` at a time or on a cluster; ``progress`` is told the fraction that is done."""
    cells = [(setting, instance) for instance in setting.instances]
    return report.cell_by_cell(solved, cells, progress, jobs, scheduler)


def solved(setting: Setting, instance: Instance) -> Panel:
    """All critical points, and the heights on the grid."""
    line = axis(setting)
    places = np.stack(np.meshgrid(line, line), axis=-1)[..., None]
    objective = instance.objective(setting.truth)
    scale = float(objective.value(np.zeros((2, 1))))
    points = tuple(map(Point.of, plane_landscape(objective)))
    return Panel(instance, scale, points, objective.value(places) / scale)


def as_json(setting: Setting, panels: Sequence[Panel]) -> dict[str, Any]:
    """The setting and, for each panel, the critical points: their boxes' middles and radii, f and inertia."""
    return {
        "experiment": "phase_plane",
        "tools": report.tools(),
        "setting": asdict(setting),
        "panels": [
            {
                "title": panel.instance.title,
                "value_at_zero": panel.scale,
                "critical_points": [asdict(point) for point in panel.points],
            }
            for panel in panels
        ],
    }


def draw(setting: Setting, panels: Sequence[Panel]) -> Figure:
    """A panel for each instance."""
    from matplotlib.figure import Figure

    with report.style():
        figure = Figure(figsize=(3.7 * len(panels), 4.4))
        row = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, panel, letter in zip(row, panels, "abcdefgh", strict=False):
            _contours(axes, setting, panel)
            axes.set_title(f"({letter}) {panel.instance.title}")
            axes.set_xlabel("$z_1$")
        row[0].set_ylabel("$z_2$")
        kinds = {point.kind for panel in panels for point in panel.points}
        figure.legend(handles=_legend(kinds), loc="outside lower center", ncols=len(kinds))
        x = ", ".join(f"{entry:g}" for entry in setting.truth)
        figure.suptitle(f"Phase retrieval, $x = ({x})$. Contour lines: $f(z) / f(0)$", fontsize=9)
    return figure


def _contours(axes: Axes, setting: Setting, panel: Panel) -> None:
    line = axis(setting)
    axes.contourf(line, line, panel.heights, levels=(0.0, *LEVELS), cmap="Greys_r", alpha=0.45, extend="max")
    lines = axes.contour(line, line, panel.heights, levels=LEVELS, colors="0.25", linewidths=0.6)
    axes.clabel(lines, levels=[0.1, 0.3, 0.5, 0.7, 0.9, 1.25, 2.5], fontsize=6.5, fmt="%g")
    for point in panel.points:
        marker, colour, _ = LOOKS[point.kind]
        axes.plot(
            *point.point, marker=marker, markersize=8, markerfacecolor=colour, markeredgecolor="black",
            markeredgewidth=0.9, linestyle="none", zorder=5,
        )  # fmt: skip
    axes.set_aspect("equal")
    axes.grid(visible=False)
    axes.set_xticks([-1, 0, 1])
    axes.set_yticks([-1, 0, 1])


def _legend(kinds: set[str]) -> list[Artist]:
    from matplotlib.lines import Line2D

    return [
        Line2D(
            [], [], marker=marker, markersize=7, markerfacecolor=colour, markeredgecolor="black", linestyle="none",
            label=words,
        )
        for kind, (marker, colour, words) in LOOKS.items()
        if kind in kinds
    ]  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when all was run, 130 after Ctrl-C."""
    options = report.read_options(
        "phase_plane",
        "The landscape of phase retrieval in the plane, every critical point classified.",
        reduced="a coarser grid for the contour lines",
        arguments=arguments,
    )
    setting = REDUCED if options.reduced else Setting()
    with report.progress_bar() as progress:
        panels, interrupted = report.keep_finished(run(setting, progress, *options.workers), len(setting.instances))
    paths = report.write(
        options.out, "phase_plane", as_json(setting, panels), draw(setting, panels) if panels else None
    )
    for panel in panels:
        kinds = [point.kind for point in panel.points]
        words = ", ".join(f"{kinds.count(kind)} {kind}" for kind in LOOKS if kind in kinds)
        print(f"{panel.instance.title.replace('$', '')}: {words}")
    print("wrote", *paths)
    return 130 if interrupted else 0
