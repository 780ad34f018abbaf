"""Two scalar layers around the edge of stability: what descent does at each eta Phi, with the exact thresholds.

l = (u v - Phi)^2 / 2, scaled by eta^{1/2}, so that mu = eta Phi is the one parameter and nothing has a unit. Top, where
unbalanced starts end: |u| at the last steps of those that stay bounded. Middle, what becomes of each start u = v.
Bottom, the exponents (1/t) ln of the derivative of t steps, along u = v and across it, from a balanced start; lines are
their exact values where a minimum or the first cycle of two is stable, markers the exact ones at mu = 2, ln 3 and 0.
Exact thresholds: mu = 1/2, 1, sqrt 5 - 1 and 2; and |u| = sqrt(2 + mu), beyond which balanced starts run away.

Run it with ``python -m claims experiment edge_of_stability --out DIR`` (a minute; seconds with ``--reduced``); the
claim DL-064 says what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from claims.suite.experiments import report
from claims.suite.experiments.report import COLOURS, LINES
from solvers.descent.two_cycles import cycles_of_two_numbers
from solvers.shallow import TwoFactors

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]

THRESHOLDS = {0.5: "1/2", 1.0: "1", 5**0.5 - 1: "$\\sqrt{5}-1$", 2.0: "2"}
"""mu up to which no start with q = 0 overshoots, minima are stable, the first cycle is, and most starts are bounded."""

OUTCOMES = ("converges", "period 2", "period 4", "bounded, else", "runs away")
"""What is told of a start, by number."""

SHADES = ("#f4f4f4", "#f5c48e", "#d9660a", "#8b2f8f", "#0b3c7d")
"""Lighter to darker, so that grey will do."""

CLOSE = 1e-6
"""A start has period p where its last steps p apart differ by less. (The figure's own choice: not a claim's.)"""


@dataclass(frozen=True)
class Setting:
    """What is run. Raises ValueError where it could not be."""

    least: float = 0.3
    most: float = 2.2
    products: int = 380
    heights: int = 121
    starts: int = 24
    steps: int = 5000
    kept: int = 64
    seed: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.least < self.most:
            raise ValueError(f"least and most are {self.least} and {self.most}; expected 0 < least < most")
        if min(self.products, self.heights) < 2 or self.starts < 1:
            raise ValueError("expected at least 2 products, 2 heights and 1 start")
        if not 8 <= self.kept < self.steps:
            raise ValueError(f"kept is {self.kept} and steps is {self.steps}; expected 8 <= kept < steps")


REDUCED = Setting(products=60, heights=31, starts=6, steps=600)


@dataclass(frozen=True)
class Column:
    """One mu: |u| at the last steps of the unbalanced starts that stay bounded, the number of the OUTCOMES of each
    balanced start, and the two exponents of one of them, not-a-number where it runs away."""

    product: float
    ends: FloatArray
    outcomes: NDArray[np.int64]
    along: float
    across: float


def heights(setting: Setting) -> FloatArray:
    """The balanced starts u = v > 0."""
    return np.linspace(0, 2.3, setting.heights + 1)[1:]


def outcomes(product: float, setting: Setting) -> NDArray[np.int64]:
    """Of every balanced start."""
    start = heights(setting)
    here = TwoFactors(start, start.copy(), product, 1.0)
    last = []
    for step in range(setting.steps):
        here = here.step()
        if step >= setting.steps - 9:
            last.append(here.left)
    found = np.full(len(start), OUTCOMES.index("bounded, else"))
    for period, number in ((4, 2), (2, 1), (1, 0)):
        found[abs(last[-1] - last[-1 - period]) < CLOSE] = number
    found[~np.isfinite(last[-1])] = OUTCOMES.index("runs away")
    return found


def ends(product: float, setting: Setting) -> FloatArray:
    """|u| at the last steps of unbalanced starts, one row a start that stays bounded."""
    random = np.random.default_rng(setting.seed)
    u, v = random.uniform(-1.5, 1.5, (2, setting.starts))
    here, last = TwoFactors(u, v, product, 1.0), []
    for step in range(setting.steps):
        here = here.step()
        if step >= setting.steps - setting.kept:
            last.append(abs(here.left))
    kept = np.array(last).T
    bounded: FloatArray = kept[np.isfinite(kept).all(axis=1)]
    return bounded


def exponents(product: float, setting: Setting) -> tuple[float, float]:
    """(1/t) ln |derivative of t steps|, along and across, from u = v = 0.9, after as many steps to settle."""
    here, sums = TwoFactors(0.9, 0.9, product, 1.0), np.zeros(2)
    for step in range(2 * setting.steps):
        if step >= setting.steps:
            sums += np.log(np.abs([1 + product - 3 * here.left**2, 1 + here.residual]))
        here = here.step()
        if not abs(here.left) < 1e3:
            return float("nan"), float("nan")
    along, across = (sums / setting.steps).tolist()
    return along, across


def column(setting: Setting, product: float) -> Column:
    """What one mu comes to."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return Column(product, ends(product, setting), outcomes(product, setting), *exponents(product, setting))


def run(
    setting: Setting,
    progress: Callable[[float], object] = lambda fraction: None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[Column]:
    """One column after another; ``progress`` is told the fraction that is done."""
    products = np.linspace(setting.least, setting.most, setting.products).tolist()
    cells = [(product,) for product in products]
    return report.cell_by_cell(partial(column, setting), cells, progress, jobs, scheduler)


def as_json(setting: Setting, columns: Sequence[Column]) -> dict[str, Any]:
    """The setting, the thresholds, and for each mu the outcomes in words, the exponents and where starts end."""
    return {
        "experiment": "edge_of_stability",
        "tools": report.tools(),
        "setting": asdict(setting),
        "thresholds": list(THRESHOLDS),
        "heights": heights(setting).tolist(),
        "columns": [
            {
                "product": column.product,
                "bounded_starts": len(column.ends),
                "sizes": sorted({round(size, 6) for size in column.ends[:, -8:].ravel().tolist()}),
                "outcomes": [OUTCOMES[number] for number in column.outcomes.tolist()],
                "exponents": report.finite_or_none([column.along, column.across]),
            }
            for column in columns
        ],
    }


def draw(setting: Setting, columns: Sequence[Column]) -> Figure:
    """Three panels above each other, with mu to the right."""
    from matplotlib.figure import Figure

    with report.style():
        figure = Figure(figsize=(6.6, 8.6))
        rows = figure.subplots(3, 1, sharex=True, height_ratios=(1.15, 1, 0.9))
        titles = ("where unbalanced starts end", "balanced starts $u = v$", "growth of a small difference, per step")
        for axes, panel, letter, title in zip(rows, (_ends, _outcomes, _exponents), "abc", titles, strict=True):
            panel(axes, setting, columns)
            axes.set_title(f"({letter}) {title}")
            for product in THRESHOLDS:
                axes.axvline(product, color="0.35", linewidth=0.7, linestyle=":", zorder=1)
        rows[0].set_xlim(columns[0].product, max(columns[-1].product, columns[0].product + 1e-3))
        rows[2].set_xlabel("$\\mu = \\eta \\Phi$")
        above = rows[0].secondary_xaxis("top")
        above.set_xticks(list(THRESHOLDS), list(THRESHOLDS.values()))
        above.tick_params(length=2, pad=1)
        rows[0].set_title("(a) where unbalanced starts end", pad=4)
    return figure


def _ends(axes: Axes, setting: Setting, columns: Sequence[Column]) -> None:
    for column in columns:
        sizes = column.ends[:, -16:].ravel()
        axes.plot(np.full(len(sizes), column.product), sizes, ",", color="black", alpha=0.5)
    line = np.linspace(1.0, 2.0, 101)[1:]
    pairs = np.array([[float(point[0]) for point in cycles_of_two_numbers(mu)[0].points] for mu in line.tolist()])
    for k in range(2):
        words = "the first cycle of two, $uv = 1$" if k == 0 else None
        axes.plot(line, pairs[:, k], color=COLOURS[1], linestyle=LINES[1], label=words)
    axes.set_ylim(0, 2.1)
    axes.set_ylabel("$\\sqrt{\\eta}\\,|u|$")
    axes.legend(loc="lower left")


def _outcomes(axes: Axes, setting: Setting, columns: Sequence[Column]) -> None:
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    products = np.array([column.product for column in columns])
    grid = np.array([column.outcomes for column in columns]).T
    axes.pcolormesh(
        products, heights(setting), grid, cmap=ListedColormap(SHADES), vmin=-0.5, vmax=len(SHADES) - 0.5,
        shading="nearest", rasterized=True,
    )  # fmt: skip
    axes.plot(products, np.sqrt(2 + products), color="black", label="$\\sqrt{2+\\mu}$")
    axes.set_ylim(0, 2.3)
    axes.set_ylabel("$\\sqrt{\\eta}\\,u$ at the start")
    axes.grid(visible=False)
    patches = [Patch(facecolor=c, edgecolor="0.3", label=w) for c, w in zip(SHADES, OUTCOMES, strict=True)]
    axes.legend(
        handles=patches, loc="lower left", fontsize=7.5, frameon=True, framealpha=0.9, handlelength=1.2,
        labelspacing=0.25,
    )  # fmt: skip


def _exponents(axes: Axes, setting: Setting, columns: Sequence[Column]) -> None:
    products = np.array([column.product for column in columns])
    for k, (name, words) in enumerate((("along", "along $u = v$"), ("across", "across"))):
        values = np.array([getattr(column, name) for column in columns])
        axes.plot(products, np.maximum(values, -3), color=COLOURS[k], linestyle="none", marker="os"[k], markersize=2)
        axes.plot([], [], color=COLOURS[k], marker="os"[k], label=words)
    minimum, cycle = np.linspace(setting.least, 1, 201)[:-1], np.linspace(1, 5**0.5 - 1, 201)[1:-1]
    with np.errstate(divide="ignore"):
        axes.plot(minimum, np.maximum(np.log(abs(1 - 2 * minimum)), -3), color=COLOURS[0])
        axes.plot(cycle, np.maximum(np.log(abs(9 - 2 * (1 + cycle) ** 2)) / 2, -3), color=COLOURS[0])
        axes.plot(cycle, np.log(abs(3 - 2 * cycle)) / 2, color=COLOURS[1])
    axes.plot([2, 2], [np.log(3), 0], linestyle="none", marker="D", markersize=6, markerfacecolor="white",
              markeredgecolor="black", zorder=4, label="$\\ln 3$ and $0$, exact")  # fmt: skip
    axes.axhline(0, color="0.35", linewidth=0.8)
    axes.set_ylim(-3, 1.4)
    axes.set_ylabel("exponent")
    axes.legend(loc="lower right")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when all was run, 130 after Ctrl-C."""
    options = report.read_options(
        "edge_of_stability",
        "What descent on two scalar layers does at each learning rate, with the exact thresholds.",
        reduced="a coarse grid and fewer steps: seconds",
        arguments=arguments,
    )
    setting = REDUCED if options.reduced else Setting()
    with report.progress_bar() as progress:
        columns, interrupted = report.keep_finished(run(setting, progress, *options.workers), setting.products)
    paths = report.write(
        options.out, "edge_of_stability", as_json(setting, columns), draw(setting, columns) if columns else None
    )
    for name in OUTCOMES:
        there = [column.product for column in columns if (column.outcomes == OUTCOMES.index(name)).any()]
        if there:
            print(f"{name}: some balanced start, for mu from {min(there):.3f} to {max(there):.3f}")
    print("wrote", *paths)
    return 130 if interrupted else 0
