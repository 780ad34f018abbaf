"""The trade-off of ACGH19's Figure 1 as a command: runs a setting, prints the bands, writes the numbers and a figure.

Run it with ``python -m claims experiment trade_off --out DIR`` (minutes; seconds with ``--reduced``);
the claim DL-017 says what it shows. What is run is in :mod:`~claims.initialization.experiments.trade_off_runs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import product
from typing import Any

from claims.initialization.experiments.trade_off_figure import draw
from claims.initialization.experiments.trade_off_runs import REDUCED, Cell, Curve, Setting, curves, run
from claims.suite.experiments.report import finite_or_none, keep_finished, progress_bar, read_options, tools, write

SCHEMA = "deep-linear-claims/trade-off/1"


def as_json(setting: Setting, cells: Sequence[Cell]) -> dict[str, Any]:
    """What ``trade_off.json`` holds; nothing in it depends on the time of day or on how long it took.

    In ``cells`` an iteration count of null is a run that did not reach the accuracy within ``budget`` (a number for
    each deviation); ``diverged`` tells whether its weights overflowed in it, else it was too slow or kept swinging.
    """
    done = {(cell.depth, cell.initialization, cell.seed) for cell in cells}
    names = ("depth", "initialization", "seed")
    return {
        "schema": SCHEMA,
        "data": "diabetes (scikit-learn), whitened, Phi scaled to norm 1",
        "setting": {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(setting).items()
        },
        "random_numbers": "numpy.random.default_rng([seed, depth]).standard_normal",
        "tools": tools(),
        "missing": [dict(zip(names, cell, strict=True)) for cell in setting.cells if cell not in done],
        "curves": [_curve_as_json(setting, curve) for curve in curves(setting, cells)],
        "cells": [
            {
                "depth": cell.depth,
                "initialization": cell.initialization,
                "seed": cell.seed,
                "iterations": finite_or_none(cell.iterations),
                "diverged": cell.diverged.tolist(),
                "budget": cell.budget.tolist(),
            }
            for cell in cells
        ],
    }


def _curve_as_json(setting: Setting, curve: Curve) -> dict[str, Any]:
    return {
        "depth": curve.depth,
        "initialization": curve.initialization,
        "seeds": curve.seeds,
        "median_iterations": finite_or_none(curve.median),
        "seeds_converged": curve.converged.tolist(),
        "seeds_diverged": curve.diverged.tolist(),
        "bands": [{"budget": T, "ends": curve.band(T), "decades": curve.decades(T)} for T in setting.budgets],
    }


def table(setting: Setting, found: Sequence[Curve]) -> list[str]:
    """The bands as lines of text."""
    lines = []
    for curve, budget in product(found, setting.budgets):
        words = f"N = {curve.depth}, {curve.initialization}"
        band = "s in [{:.2g}, {:.2g}]".format(*ends) if (ends := curve.band(budget)) else "no s"
        lines.append(f"{words:<30}{budget:>8,} iterations: {band:<24}{curve.decades(budget):5.2f} decades")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 when all was run, 130 after Ctrl-C."""
    options = read_options(
        "trade_off",
        "Iterations to converge against the deviation of the initial weights (after ACGH19, Figure 1).",
        reduced="a coarser grid and 1,000 iterations: seconds, not minutes",
        arguments=arguments,
    )
    setting = REDUCED if options.reduced else Setting()
    with progress_bar() as progress:
        cells, interrupted = keep_finished(run(setting, progress, *options.workers), len(setting.cells))
    found = curves(setting, cells)
    paths = write(options.out, "trade_off", as_json(setting, cells), draw(setting, found) if found else None)
    print(*table(setting, found), f"wrote {', '.join(map(str, paths))}", sep="\n")
    return 130 if interrupted else 0
