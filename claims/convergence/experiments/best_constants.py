"""The least learning rate and the least imbalance that are seen to fail Theorem 1's rate, by depth and Phi_F / c.

Two families of starts, Phi_F = 1 and x = c / Phi_F:

- learning rate: balanced layers of width 1, Phi = 1, and a product W from 1 to 2 - x. The least eta at which a step
  leaves more of the loss than exp(-eta c^{2-2/N}), for some such W; by curvature it is about 2 / (N W^{2-2/N}).
- imbalance: widths 1, ..., 1, 2, a residual across W, so that the last layer alone moves, and squares of layers r,
  r - D, ..., r - (N-1) D from the last to the first. The least D at which a small eta leaves more than
  exp(-eta c^{2-2/N}).

Beside them stand the limits of ``sharper_constants`` (DL-013), delta = c^{2/N} / (2 N^2) and eta = delta / Phi_F^2, and
for eta that of ``general_data`` (DL-072, B), c^{2/N} / (15 N) over Phi_F^2. What is seen needs neither N^2, in place of
N, nor the powers of c: the least eta falls like 1/N whatever c is, the least D like 1/N, and neither falls with c. The
least failing start of one family bounds the best constant from above; nothing is proved by that.

Run it with ``python -m claims experiment best_constants --out DIR`` (seconds); the claim DL-013 says what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from claims.command_line.terminal import columns, table
from claims.suite.experiments import report
from claims.suite.experiments.report import COLOURS, LINES, MARKERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]

SCHEMA = "deep-linear-claims/best-constants/1"


@dataclass(frozen=True)
class Setting:
    """What is run: depths, x = c / Phi_F, how many W, and how finely eta is searched. Raises ValueError where it could
    not be."""

    depths: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32)
    margins: tuple[float, ...] = (63 / 64, 1 / 2, 1 / 16, 1 / 1024)
    products: int = 400
    rates: int = 4000

    def __post_init__(self) -> None:
        if not self.depths or min(self.depths) < 1:
            raise ValueError(f"depths is {self.depths}; expected whole numbers >= 1")
        if not self.margins or not all(0 < x < 1 for x in self.margins):
            raise ValueError(f"margins is {self.margins}; expected numbers between 0 and 1")
        if min(self.products, self.rates) < 2:
            raise ValueError(f"products and rates are {self.products} and {self.rates}; expected 2 or more of each")


REDUCED = Setting(depths=(1, 2, 3, 8), margins=(63 / 64, 1 / 16), products=100, rates=1000)


@dataclass(frozen=True)
class Cell:
    """One depth and one x: the least failing eta with its W, and the least failing D (not-a-number at depth 1)."""

    depth: int
    margin: float
    rate: float
    product: float
    imbalance: float

    @property
    def limit(self) -> float:
        """DL-013's delta, which for Phi_F = 1 is its limit of eta too."""
        return float(self.margin ** (2 / self.depth) / (2 * self.depth**2))


def left_over(depth: int, margin: float, product: FloatArray, rate: FloatArray) -> FloatArray:
    """What a step leaves of the residual of balanced numbers, squared, less exp(-eta c^{2-2/N}): above 0 it fails."""
    layer, residual = product ** (1 / depth), product - 1
    after = (layer * (1 - rate * layer ** (depth - 2) * residual)) ** depth
    found: FloatArray = ((after - 1) / residual) ** 2 - np.exp(-rate * margin ** (2 - 2 / depth))
    return found


def least_rate(setting: Setting, depth: int, margin: float) -> tuple[float, float]:
    """The least failing eta of all W, and that W: the first of a grid of eta that fails, then halving."""
    products = 1 + (1 - margin) * np.linspace(1, 0, setting.products, endpoint=False)
    best, at = float("inf"), float("nan")
    for product in products:
        rates = 4 / depth * np.linspace(0, 1, setting.rates + 1)[1:]
        fails = left_over(depth, margin, product, rates) > 0
        if not fails.any() or rates[int(fails.argmax())] > best + 4 / depth / setting.rates:
            continue
        high = float(rates[int(fails.argmax())])
        low = high - 4 / depth / setting.rates
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (low, middle) if left_over(depth, margin, product, np.array(middle)) > 0 else (middle, high)
        if high < best:
            best, at = high, float(product)
    return best, at


def squares(depth: int, margin: float, imbalance: float) -> FloatArray:
    """The squares of the layers, the last first, at the edge of failing: r = 2 |W|^2 / c^{2-2/N}, r - D, ..."""
    largest = 2 * margin * (2 - margin) / margin ** (2 - 2 / depth)
    found: FloatArray = largest - imbalance * np.arange(depth)
    return found


def least_imbalance(depth: int, margin: float) -> float:
    """D at which the product of all squares but the last layer's is c^{2-2/N} / 2, while |W|^2 = x (2 - x)."""
    if depth == 1:
        return float("nan")
    wanted = margin ** (2 - 2 / depth) / 2
    low, high = 0.0, float(squares(depth, margin, 0.0)[0]) / (depth - 1)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.prod(squares(depth, margin, middle)[1:]) > wanted else (low, middle)
    return high


def cell(setting: Setting, depth: int, margin: float) -> Cell:
    """What one depth and one x come to."""
    with np.errstate(over="ignore", invalid="ignore"):
        return Cell(depth, margin, *least_rate(setting, depth, margin), least_imbalance(depth, margin))


def run(
    setting: Setting,
    progress: Callable[[float], object] = lambda fraction: None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[Cell]:
    """One cell after another; ``progress`` is told the fraction that is done."""
    wanted = [(depth, margin) for margin in setting.margins for depth in setting.depths]
    return report.cell_by_cell(partial(cell, setting), wanted, progress, jobs, scheduler)


def as_json(setting: Setting, cells: Sequence[Cell]) -> dict[str, Any]:
    """The setting, and of each cell the least failing values and how many times DL-013's limits they are."""
    return {
        "schema": SCHEMA,
        "experiment": "best_constants",
        "tools": report.tools(),
        "setting": asdict(setting),
        "cells": [
            {
                "depth": each.depth,
                "margin": each.margin,
                "limit": each.limit,
                "least_failing_learning_rate": each.rate,
                "product": each.product,
                "times_its_limit": each.rate / each.limit,
                "least_failing_imbalance": report.finite_or_none([each.imbalance])[0],
                "imbalance_times_its_limit": report.finite_or_none([each.imbalance / each.limit])[0],
            }
            for each in cells
        ],
    }


def draw(setting: Setting, cells: Sequence[Cell]) -> Figure:
    """N times eta to the left, N times D to the right, against N: what fails, and the limits that are proved."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.ticker import StrMethodFormatter

    with report.style():
        figure = Figure(figsize=(7.4, 4.1))
        left, right = figure.subplots(1, 2, sharex=True)
        for k, margin in enumerate(setting.margins):
            here = [each for each in cells if each.margin == margin]
            depths = np.array([each.depth for each in here])
            looks = {"color": COLOURS[k % len(COLOURS)], "marker": MARKERS[k % len(MARKERS)]}
            left.plot(depths, depths * [each.rate for each in here], **looks)
            right.plot(depths, depths * [each.imbalance for each in here], **looks)
            for axes, first in ((left, 1), (right, 2)):
                kept = depths >= first
                limits = depths * [each.limit for each in here]
                axes.plot(depths[kept], limits[kept], color=looks["color"], linestyle=LINES[1])
            left.plot(depths, margin ** (2 / depths) / 15, color=looks["color"], linestyle=LINES[2])
        for axes, title in ((left, "$N\\,\\eta\\,\\Phi_F^{2-2/N}$"), (right, "$N\\,\\delta\\,/\\,\\Phi_F^{2/N}$")):
            axes.set_title(f"{title}: least failing, and proved", fontsize=9)
            axes.set_xscale("log", base=2)
            if any(each.depth > 1 for each in cells) or axes is left:
                axes.set_yscale("log")
            axes.xaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))
            axes.set_xlabel("depth $N$")
        handles = [
            Line2D([], [], color=COLOURS[k % len(COLOURS)], marker=MARKERS[k % len(MARKERS)],
                   label=f"$\\Phi_F/c$ = {1 / margin:.4g}")
            for k, margin in enumerate(setting.margins)
        ]  # fmt: skip
        for line, claim in ((LINES[1], "DL-013"), (LINES[2], "DL-072 (B)")):
            handles.append(Line2D([], [], color="0.3", linestyle=line, label=f"limit of {claim}"))
        figure.legend(handles=handles, loc="outside upper center", ncols=3, fontsize=8)
    return figure


def lines(cells: Sequence[Cell]) -> list[str]:
    """The table: for each x and depth the least failing values and how many times the limits they are."""
    header = ["Phi_F/c", "N", "eta", "x its limit", "delta", "x its limit"]
    body = [
        [f"{1 / each.margin:.4g}", str(each.depth), *_twice(each.rate, each.limit), *_twice(each.imbalance, each.limit)]
        for each in cells
    ]
    return table([header, *body], columns(), headings=()) if cells else []


def _twice(value: float, limit: float) -> list[str]:
    return [f"{value:.4g}", f"{value / limit:.4g}"] if np.isfinite(value) else ["-", "-"]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when all was run, 130 after Ctrl-C."""
    options = report.read_options(
        "best_constants",
        "The least learning rate and imbalance that are seen to fail Theorem 1's rate, by depth and Phi_F / c.",
        reduced="four depths, two margins",
        arguments=arguments,
    )
    setting = REDUCED if options.reduced else Setting()
    total = len(setting.depths) * len(setting.margins)
    with report.progress_bar() as progress:
        cells, interrupted = report.keep_finished(run(setting, progress, *options.workers), total)
    figure = draw(setting, cells) if cells else None
    paths = report.write(options.out, "best_constants", as_json(setting, cells), figure)
    print(*lines(cells), sep="\n")
    print("wrote", *paths)
    return 130 if interrupted else 0
