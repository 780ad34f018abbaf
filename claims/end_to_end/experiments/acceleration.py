"""How many iterations each depth needs on l_p regression, at its best learning rate (after ACH18, Section 8).

Depths 1, 2 and 3, p = 4 and p = 2, on these regressions, all with one output and whitened inputs:

- ``two samples``: inputs along e_1 and e_2, met exactly by W = (10, 1): p L = 2^{p/2-1} sum |w_i - y_i|^p;
- ``ill-scaled target``: the diabetes inputs, with outputs that are W x exactly for a W of entries from 10 to 1;
- ``ill-scaled, larger start``: the same from 30 times further out;
- ``real outputs``: the diabetes data as it is, so that the least loss is not 0.

W(0) has equal entries and ``start`` times the norm of the least-squares W, and is factored in a balanced way (hidden
width 1: balanced layers of one output have rank 1, and descent keeps it). For every learning rate of a grid the first
iteration is noted at which L - min L <= f (L(0) - min L), for every fraction f. The best rate is found for each f
apart; a rate is given up when the loss is not finite or above 10^6 L(0).

Run it with ``python -m claims experiment acceleration --out DIR`` (minutes; seconds with ``--reduced``);
the claim DL-028 says what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from claims.suite.experiments import report
from claims.suite.experiments.report import COLOURS, LINES, MARKERS
from solvers.network import Objective, backpropagate, balanced_factors, end_to_end, power_regression
from strategies import regression

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]

SCHEMA = "deep-linear-claims/acceleration/1"
GIVEN_UP = 1e6
"""Times L(0)."""
CASES = {
    "two samples": ("two", 0.01),
    "ill-scaled target": ("ill-scaled", 0.01),
    "ill-scaled, larger start": ("ill-scaled", 0.3),
    "real outputs": ("real", 0.01),
}
"""The data, and ``start``."""
SCALE = 10.0
"""The largest entry of the ill-scaled targets over the least."""


@dataclass(frozen=True)
class Setting:
    """What is run. ``rates`` are exponents of 2, over the scale of :func:`natural_rate`. Raises ValueError where it
    could not be."""

    cases: tuple[str, ...] = tuple(CASES)
    powers: tuple[int, ...] = (4, 2)
    depths: tuple[int, ...] = (1, 2, 3)
    fractions: tuple[float, ...] = tuple(float(10 ** (-k / 2)) for k in range(2, 17))
    rates: tuple[float, ...] = tuple(k / 4 for k in range(-40, 41))
    steps: int = 6000

    def __post_init__(self) -> None:
        for name in ("cases", "powers", "depths", "fractions", "rates"):
            if not getattr(self, name):
                raise ValueError(f"{name} is empty; expected at least one")
        unknown = [case for case in self.cases if case not in CASES]
        if unknown:
            raise ValueError(f"cases has {unknown[0]!r}; expected some of {', '.join(CASES)}")
        if any(power not in (2, 4, 6) for power in self.powers) or min(self.depths) < 1 or self.steps < 1:
            raise ValueError("expected powers among 2, 4 and 6, depths >= 1 and steps >= 1")
        if any(not 0 < f < 1 for f in self.fractions) or list(self.fractions) != sorted(set(self.fractions))[::-1]:
            raise ValueError(f"fractions is {self.fractions}; expected decreasing numbers in (0, 1)")
        if list(self.rates) != sorted(set(self.rates)):
            raise ValueError(f"rates is {self.rates}; expected increasing exponents")


REDUCED = Setting(
    cases=("ill-scaled target", "real outputs"),
    depths=(1, 2, 3),
    fractions=(1e-2, 1e-4, 1e-6),
    rates=tuple(float(k) / 2 for k in range(-10, 11)),
    steps=300,
)


@dataclass(frozen=True)
class Task:
    """A regression ready to be run: the objective, the least-squares W, the least loss and the start W(0)."""

    objective: Objective
    solution: FloatArray
    least: float
    start: FloatArray


@cache
def task(case: str, power: int) -> Task:
    """The regression of that name for l_p."""
    kind, size = CASES[case]
    data = regression("diabetes")
    if kind == "two":
        inputs, outputs = np.sqrt(2.0) * np.eye(2), np.sqrt(2.0) * np.array([[SCALE, 1.0]])
    elif kind == "ill-scaled":
        inputs = data.inputs
        outputs = SCALE ** np.linspace(1, 0, len(inputs))[None] @ inputs
    else:
        inputs, outputs = data.inputs, data.outputs
    solution = np.linalg.lstsq(inputs.T, outputs.T, rcond=None)[0].T
    objective = power_regression(inputs, outputs, power=power)
    least = _least_loss(inputs, outputs, power, solution) if kind == "real" else 0.0
    start = np.full(solution.shape, size * float(np.linalg.norm(solution)) / np.sqrt(solution.size))
    return Task(objective, solution, least, start)


def _least_loss(inputs: FloatArray, outputs: FloatArray, power: int, solution: FloatArray) -> float:
    """min L by Newton's method with halved steps from the least-squares W; the loss is convex.

    Raises ArithmeticError unless the gradient is then below 2^-40 of that at 0: the loss is within its square over
    twice the least eigenvalue of the Hessian of the least.
    """
    objective, w = power_regression(inputs, outputs, power=power), solution
    for _ in range(60):
        weight = (power - 1) * np.abs(w @ inputs - outputs).ravel() ** (power - 2) / inputs.shape[1]
        move = np.linalg.solve((inputs * weight) @ inputs.T, objective.gradient(w).T).T
        while objective.value(w - move) > objective.value(w) and np.linalg.norm(move) > 1e-12 * np.linalg.norm(w):
            move = move / 2
        w = w - move
    if np.linalg.norm(objective.gradient(w)) > 2.0**-40 * np.linalg.norm(objective.gradient(0 * w)):
        raise ArithmeticError("Newton's method did not find the least loss")
    return float(objective.value(w))


def natural_rate(found: Task, power: int, depth: int) -> float:
    """||W||^{-(p-2)} ||W||^{-(2-2/N)}: one over the loss's curvature far from W and over the preconditioner near it."""
    norm = float(np.linalg.norm(found.solution))
    return float(norm ** (-(power - 2) - (2 - 2 / depth)))


@dataclass(frozen=True)
class Cell:
    """One regression, power and depth: ``iterations`` (rates, fractions), infinite where not reached, and for each
    rate whether it was given up."""

    case: str
    power: int
    depth: int
    rates: FloatArray
    iterations: FloatArray
    given_up: NDArray[np.bool_]

    @property
    def best(self) -> FloatArray:
        """The fewest iterations for each fraction."""
        fewest: FloatArray = self.iterations.min(axis=0)
        return fewest

    @property
    def best_rates(self) -> FloatArray:
        """The learning rate that needs them, the smallest where several do."""
        rates: FloatArray = self.rates[self.iterations.argmin(axis=0)]
        return rates

    @property
    def at_the_edge(self) -> bool:
        """Whether a best rate is the first or last of the grid, so that a better one may lie beyond it."""
        places = self.iterations.argmin(axis=0)[np.isfinite(self.best)]
        return bool(((places == 0) | (places == len(self.rates) - 1)).any())


def run_one(
    setting: Setting, case: str, power: int, depth: int, progress: Callable[[float], object] = lambda fraction: None
) -> Cell:
    """Gradient descent from W(0) at all learning rates side by side."""
    found = task(case, power)
    rates = natural_rate(found, power, depth) * 2.0 ** np.array(setting.rates)
    factors = balanced_factors(found.start, (found.start.shape[1], *(1,) * depth))
    weights = tuple(np.repeat(layer[None], len(rates), axis=0) for layer in factors)
    first = float(found.objective.value(found.start))
    limits = found.least + (first - found.least) * np.array(setting.fractions)
    iterations, given_up = np.full((len(rates), len(limits)), np.inf), np.zeros(len(rates), dtype=np.bool_)
    running, steps = np.arange(len(rates)), rates[:, None, None]
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(setting.steps + 1):
            product = end_to_end(weights)
            loss = found.objective.value(product)
            reached = (loss[:, None] <= limits) & np.isinf(iterations[running])
            iterations[running] = np.where(reached, step, iterations[running])
            lost = ~(loss <= GIVEN_UP * first)
            given_up[running[lost]] = True
            going = ~lost & (loss > limits[-1])
            if not going.any():
                break
            if not going.all():
                running, steps, product = running[going], steps[going], product[going]
                weights = tuple(layer[going] for layer in weights)
            gradients = backpropagate(weights, found.objective.gradient(product))
            weights = tuple(layer - steps * d for layer, d in zip(weights, gradients, strict=True))
            if step % 64 == 0:
                progress(step / setting.steps)
    return Cell(case, power, depth, rates, iterations, given_up)


def run(
    setting: Setting,
    progress: Callable[[float], object] = lambda fraction: None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[Cell]:
    """One cell after another; ``progress`` is told the fraction that is done, all cells taken to be as long."""
    wanted = [(case, power, depth) for power in setting.powers for case in setting.cases for depth in setting.depths]
    return report.cell_by_cell(partial(run_one, setting), wanted, progress, jobs, scheduler, tells=True)


def as_json(setting: Setting, cells: Sequence[Cell]) -> dict[str, Any]:
    """The setting and each cell: every rate of the grid with its iterations (None where not reached within ``steps``)
    and whether it was given up, and the best ones."""
    return {
        "schema": SCHEMA,
        "experiment": "acceleration",
        "tools": report.tools(),
        "setting": asdict(setting) | {"given_up_above": GIVEN_UP, "scale": SCALE},
        "cells": [
            {
                "case": cell.case,
                "start": CASES[cell.case][1],
                "power": cell.power,
                "depth": cell.depth,
                "least_loss": task(cell.case, cell.power).least,
                "rates": cell.rates.tolist(),
                "iterations": report.finite_or_none(cell.iterations),
                "given_up": cell.given_up.tolist(),
                "best_iterations": report.finite_or_none(cell.best),
                "best_rates": [
                    rate if np.isfinite(count) else None
                    for rate, count in zip(cell.best_rates.tolist(), cell.best, strict=True)
                ],
                "best_at_the_edge_of_the_grid": cell.at_the_edge,
            }
            for cell in cells
        ],
    }


def draw(setting: Setting, cells: Sequence[Cell]) -> Figure:
    """A row for each p, a column for each regression: the fewest iterations against the fraction of the loss left."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.ticker import LogLocator, NullLocator

    with report.style():
        figure = Figure(figsize=(7.4, 2.35 * len(setting.powers) + 0.7))
        grid = figure.subplots(len(setting.powers), len(setting.cases), squeeze=False, sharex=True, sharey="row")
        for row, power in zip(grid, setting.powers, strict=True):
            for axes, case in zip(row, setting.cases, strict=True):
                for cell in cells:
                    if (cell.case, cell.power) == (case, power):
                        k = setting.depths.index(cell.depth) % len(COLOURS)
                        looks = {"color": COLOURS[k], "linestyle": LINES[k % len(LINES)], "marker": MARKERS[k]}
                        axes.plot(setting.fractions, np.where(np.isfinite(cell.best), cell.best, np.nan), **looks)
                axes.set_xscale("log")
                axes.set_yscale("log")
                axes.xaxis.set_major_locator(LogLocator(base=100))
                axes.xaxis.set_minor_locator(NullLocator())
                axes.yaxis.set_minor_locator(NullLocator())
                if power == setting.powers[0]:
                    axes.set_title(case.replace(", ", ",\n"), fontsize=9)
            row[0].set_ylabel(f"$p = {power}$\nfewest iterations")
        grid[0, 0].invert_xaxis()
        figure.supxlabel("loss still above its least, over that at the start", fontsize=9)
        handles = [
            Line2D(
                [],
                [],
                color=COLOURS[k],
                linestyle=LINES[k],
                marker=MARKERS[k],
                label=f"{depth} layer{'s' * (depth > 1)}",
            )
            for k, depth in enumerate(setting.depths)
        ]
        figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    return figure


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when all was run, 130 after Ctrl-C."""
    options = report.read_options(
        "acceleration",
        "How many iterations each depth needs on l_p regression, at its best learning rate (after ACH18).",
        reduced="two regressions, a coarse grid of learning rates, 300 steps: seconds",
        arguments=arguments,
    )
    setting = REDUCED if options.reduced else Setting()
    total = len(setting.cases) * len(setting.powers) * len(setting.depths)
    with report.progress_bar() as progress:
        cells, interrupted = report.keep_finished(run(setting, progress, *options.workers), total)
    paths = report.write(options.out, "acceleration", as_json(setting, cells), draw(setting, cells) if cells else None)
    for cell in cells:
        counts = ", ".join(f"{count:g}" for count in cell.best[-3:])
        edge = " (a best rate at the edge of the grid)" if cell.at_the_edge else ""
        print(f"p = {cell.power}, {cell.case}, {cell.depth} layers: {counts} iterations for the last fractions{edge}")
    print("wrote", *paths)
    return 130 if interrupted else 0
