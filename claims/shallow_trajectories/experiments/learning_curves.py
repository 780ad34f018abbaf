"""Linear regression on random data (DL-058): spectra against their limit, and the risk against time with its limit.

Data X (n x p) of independent normal numbers are drawn, labels are X w* + noise of variance s per sample, w* of norm 1.
Left, for each ratio c = p/n, the density of the eigenvalues of X^T X / n that are not 0, over all draws, and that of
Marchenko and Pastur; the mass at 0 for c > 1 is not drawn. Right, the risk E |w(t) - w*|^2 of gradient flow from 0,
given X: its mean over the draws, between the least and the largest of them, and its limit as n and p grow. Time is that
of w' = -(X^T X w - X^T y) / n. For c near 1 the noise is learned last and for ever: there stopping early is best.

Run it with ``python -m claims experiment learning_curves --out DIR`` (half a minute; fewer draws with ``--reduced``).
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
from claims.suite.statistics import generator
from solvers.arithmetic import rational
from solvers.shallow import limit_risk, risk
from solvers.shallow.wishart import edges

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """What is drawn: for each ratio c = p/n ``draws`` data sets of p ``inputs``, and the risk at ``times`` times.

    They are equally far apart in their logarithms from ``first`` to ``last``; ``noise`` is s. Raises ValueError where
    it could not be drawn.
    """

    ratios: tuple[float, ...] = (0.25, 1.0, 4.0)
    inputs: int = 60
    draws: int = 100
    noise: float = 0.5
    first: float = 0.05
    last: float = 100.0
    times: int = 25
    bins: int = 30

    def __post_init__(self) -> None:
        if not self.ratios:
            raise ValueError("ratios is empty; expected at least one of p/n")
        for ratio in self.ratios:
            samples = self.inputs / ratio if ratio > 0 else 0.0
            if samples < 1 or samples != round(samples):
                raise ValueError(f"a ratio p/n is {ratio}; expected a positive number with n = {self.inputs}/c whole")
        if self.draws < 1 or self.bins < 1:
            raise ValueError(f"draws is {self.draws} and bins {self.bins}; expected at least 1 of each")
        if not (0 < self.first < self.last and self.times >= 2):
            raise ValueError(
                f"first is {self.first}, last {self.last} and times {self.times}; "
                "expected 0 < first < last and at least 2 times"
            )
        if self.noise < 0:
            raise ValueError(f"noise is {self.noise}; expected a variance, at least 0")

    def samples(self, ratio: float) -> int:
        """n."""
        return round(self.inputs / ratio)


REDUCED = Setting(draws=20, times=9, inputs=20, bins=12)


@dataclass(frozen=True)
class Part:
    """One ratio: the ``heights`` of the eigenvalues' density between ``cuts``; and at each time the mean, the least and
    the largest risk of the draws, and its ``limit``."""

    ratio: float
    cuts: FloatArray
    heights: FloatArray
    times: FloatArray
    mean: FloatArray
    least: FloatArray
    largest: FloatArray
    limit: FloatArray


def density(x: FloatArray, ratio: float) -> FloatArray:
    """sqrt((x - l_-)(l_+ - x)) / (2 pi c x), Marchenko and Pastur's, 0 outside; for c > 1 of mass 1/c."""
    low, high = (float(end) for end in edges(ratio))
    found: FloatArray = np.sqrt(np.maximum((x - low) * (high - x), 0)) / (2 * math.pi * ratio * x)
    return found


def part(setting: Setting, ratio: float) -> Part:
    """Draw one. The seed belongs to the ratio."""
    samples, inputs = setting.samples(ratio), setting.inputs
    random = generator("learning_curves", str(ratio), inputs, setting.draws)
    drawn = random.standard_normal((setting.draws, samples, inputs))
    eigenvalues = np.linalg.eigvalsh(drawn.mT @ drawn / samples).astype(np.float64)
    positive = eigenvalues[:, max(inputs - samples, 0) :].ravel()
    cuts = np.linspace(0, 1.1 * float(edges(ratio)[1]), setting.bins + 1)
    heights = np.histogram(positive, cuts)[0] / (eigenvalues.size * np.diff(cuts))
    times = np.geomspace(setting.first, setting.last, setting.times)
    risks = np.array([risk(eigenvalues, samples, float(time), setting.noise) for time in times])
    noise = rational(setting.noise)
    limit = [float(limit_risk(ratio, rational(float(t)), noise)) for t in times]
    return Part(
        ratio, cuts, heights, times, risks.mean(axis=1), risks.min(axis=1), risks.max(axis=1), np.array(limit)
    )  # fmt: skip


def run(
    setting: Setting,
    progress: Callable[[float], object] = lambda fraction: None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[Part]:
    """One ratio after another; ``progress`` is told the fraction that is done."""
    cells = [(ratio,) for ratio in setting.ratios]
    return report.cell_by_cell(partial(part, setting), cells, progress, jobs, scheduler)


def as_json(setting: Setting, parts: Sequence[Part]) -> dict[str, Any]:
    """The setting and, for each ratio, the spectrum's density and the risks."""
    return {
        "experiment": "learning_curves",
        "tools": report.tools(),
        "setting": asdict(setting),
        "parts": [
            {"ratio": each.ratio, "samples": setting.samples(each.ratio)}
            | {
                name: getattr(each, name).tolist()
                for name in ("cuts", "heights", "times", "mean", "least", "largest", "limit")
            }
            for each in parts
        ],
    }


def draw(setting: Setting, parts: Sequence[Part]) -> Figure:
    """Two panels."""
    from matplotlib.figure import Figure

    with report.style():
        figure = Figure(figsize=(7.4, 3.6))
        spectra, risks = figure.subplots(1, 2)
        for k, each in enumerate(parts):
            colour, marker = report.COLOURS[k % len(report.COLOURS)], report.MARKERS[k % len(report.MARKERS)]
            _spectrum(spectra, each, colour, marker)
            _risk(risks, each, colour, marker, k)
        spectra.set_yscale("symlog", linthresh=0.05)
        spectra.set_ylim(0, 3)
        spectra.set_xlabel("eigenvalue $x$ of $X^T X / n$")
        spectra.set_ylabel("density")
        spectra.set_title(f"(a) spectra, $p = {setting.inputs}$", loc="left")
        risks.set_yscale("log")
        risks.set_yticks([0.1, 0.2, 0.5, 1, 2, 5], labels=["0.1", "0.2", "0.5", "1", "2", "5"])
        risks.minorticks_off()
        risks.set_xscale("log")
        risks.set_xlabel("time $t$")
        risks.set_ylabel("risk")
        risks.set_title(f"(b) risk, noise of variance {setting.noise:g}", loc="left")
        for axes in (spectra, risks):
            axes.legend(title="$p/n$", fontsize=8, title_fontsize=8)
        figure.suptitle("Markers: data drawn. Dashed: the limit of large $n$ and $p$", fontsize=9)
    return figure


def _spectrum(axes: Axes, each: Part, colour: str, marker: str) -> None:
    middles = (each.cuts[1:] + each.cuts[:-1]) / 2
    seen = each.heights > 0
    axes.plot(
        middles[seen], each.heights[seen], color=colour, marker=marker, linestyle="", markersize=4,
        label=f"{each.ratio:g}",
    )  # fmt: skip
    low, high = (float(end) for end in edges(each.ratio))
    angles = np.linspace(0.01, math.pi - 0.01, 400)
    x = (low + high) / 2 - (high - low) / 2 * np.cos(angles)
    axes.plot(x, density(x, each.ratio), color=colour, linestyle="--", linewidth=1)


def _risk(axes: Axes, each: Part, colour: str, marker: str, k: int) -> None:
    axes.fill_between(each.times, each.least, each.largest, color=colour, alpha=0.15, linewidth=0)
    axes.plot(
        each.times, each.mean, color=colour, marker=marker, markevery=(k, 3), linewidth=1, label=f"{each.ratio:g}"
    )
    axes.plot(each.times, each.limit, color=colour, linestyle="--", linewidth=1.2)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when all was run, 130 after Ctrl-C."""
    options = report.read_options(
        "learning_curves",
        "Spectra and risk of linear regression on random data, against time, with their limits.",
        reduced="fewer draws",
        arguments=arguments,
    )
    setting = REDUCED if options.reduced else Setting()
    with report.progress_bar() as progress:
        parts, interrupted = report.keep_finished(run(setting, progress, *options.workers), len(setting.ratios))
    figure = draw(setting, parts) if parts else None
    paths = report.write(options.out, "learning_curves", as_json(setting, parts), figure)
    for each in parts:
        best = int(each.mean.argmin())
        print(
            f"p/n = {each.ratio:g}: the mean risk is least, {each.mean[best]:.3f}, at t = {each.times[best]:.3g}; "
            f"at the end {each.mean[-1]:.3f}; the limits there {each.limit[best]:.3f} and {each.limit[-1]:.3f}"
        )
    print("wrote", *paths)
    return 130 if interrupted else 0
