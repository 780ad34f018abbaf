"""How the size of the initial weights decides how long gradient descent takes, after Figure 1 of ACGH19.

For each depth, initialisation and standard deviation s: the iterations until 1/2 ||W - Phi||_F^2 <= accuracy, at the
best learning rate of a grid, median over seeds. Phi is the least-squares map of the whitened diabetes data (10 inputs,
one output), scaled to ||Phi|| = 1 so that s has no unit; the hidden widths are all equal.

- ``layer-wise``: every entry of every layer is N(0, s^2).
- ``balanced``: A has N(0, s^2) entries and is factored by Procedure 1 (:func:`solvers.balanced_factors`), so that s is
  the deviation of the entries of W(0), as in ACGH19's Theorem 2.
- ``balanced, equal size``: the same, with s^N h^{(N-1)/2} in place of s (h the hidden width), so that the entries of
  W(0) have the variance that layer-wise initialisation gives them.

A :class:`Setting` is run cell by cell (:func:`run`), and the cells are summed up as curves and bands (:func:`curves`).
:mod:`~claims.initialization.experiments.trade_off` is the command that does so and writes what it found,
:mod:`~claims.initialization.experiments.trade_off_figure` draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby, pairwise, product

import numpy as np
from numpy.typing import NDArray

from claims.suite.experiments.report import cell_by_cell
from solvers.descent import gradient_descent
from solvers.network import Problem, balanced_factors
from strategies import regression

FloatArray = NDArray[np.float64]

LAYER_WISE, BALANCED, EQUAL_SIZE = INITIALIZATIONS = ("layer-wise", "balanced", "balanced, equal size")
BUDGETS = (10**3, 10**4, 10**5)
"""Iterations that are tried one after the other, as far as the setting goes; there is a band for each."""


@dataclass(frozen=True)
class Setting:
    """What is run. Raises ValueError where it could not be."""

    deviations: tuple[float, ...] = tuple(float(10 ** (k / 6)) for k in range(-30, 13))
    rates: tuple[float, ...] = tuple(float(10 ** (k / 2)) for k in range(-8, 1))
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    depths: tuple[int, ...] = (3, 8)
    initializations: tuple[str, ...] = INITIALIZATIONS
    width: int = 10
    steps: int = 10**5
    accuracy: float = 1e-5

    def __post_init__(self) -> None:
        for name in ("deviations", "rates", "seeds", "depths", "initializations"):
            if not getattr(self, name):
                raise ValueError(f"{name} is empty; expected at least one")
            if len(set(getattr(self, name))) < len(getattr(self, name)):
                raise ValueError(f"{name} is {getattr(self, name)}; expected each once")
        if min(self.deviations) <= 0 or any(after <= before for before, after in pairwise(self.deviations)):
            raise ValueError(f"deviations is {self.deviations}; expected increasing numbers > 0")
        if min(self.rates) <= 0 or self.accuracy <= 0:
            raise ValueError(f"rates are {self.rates} and accuracy {self.accuracy}; expected numbers > 0")
        if min(self.seeds) < 0 or min(self.depths) < 1 or self.width < 1 or self.steps < 1:
            raise ValueError("expected seeds >= 0 and depths, width and steps >= 1")
        unknown = sorted(set(self.initializations) - set(INITIALIZATIONS))
        if unknown:
            raise ValueError(f"initializations has {unknown[0]!r}; expected some of {', '.join(INITIALIZATIONS)}")

    @property
    def budgets(self) -> tuple[int, ...]:
        """Iterations that are tried, one after the other."""
        return (*(budget for budget in BUDGETS if budget < self.steps), self.steps)

    @property
    def cells(self) -> list[tuple[int, str, int]]:
        """(depth, initialisation, seed), in the order in which they are run."""
        return list(product(self.depths, self.initializations, self.seeds))


REDUCED = Setting(
    deviations=tuple(float(10 ** (k / 3)) for k in range(-9, 4)),
    rates=tuple(float(10.0**k) for k in range(-4, 1)),
    seeds=(0, 1, 2),
    steps=10**3,
)
"""10^{-3} to 10 in thirds of a decade, whole decades of learning rates, three seeds, a hundredth of the iterations."""


@dataclass(frozen=True)
class Cell:
    """One depth, initialisation and seed: ``iterations`` (deviations, learning rates), infinite where the accuracy was
    not reached within the ``budget`` (deviations,) that was tried last, and whether the weights overflowed in it."""

    depth: int
    initialization: str
    seed: int
    iterations: FloatArray
    diverged: NDArray[np.bool_]
    budget: NDArray[np.int64]

    @property
    def fastest(self) -> FloatArray:
        """For each deviation the iterations at the best learning rate."""
        best: FloatArray = self.iterations.min(axis=1)
        return best


@dataclass(frozen=True)
class Curve:
    """One depth and initialisation: ``median`` iterations for each deviation over the ``seeds`` that were run."""

    depth: int
    initialization: str
    seeds: int
    deviations: FloatArray
    median: FloatArray
    converged: NDArray[np.int64]  # of the seeds, for some learning rate
    diverged: NDArray[np.int64]  # of the seeds, for every learning rate

    def band(self, budget: int) -> tuple[float, float] | None:
        """The ends of the longest run of neighbouring deviations whose median is at most ``budget``."""
        good = zip(self.deviations, self.median <= budget, strict=True)
        runs = [[float(s) for s, _ in run] for within, run in groupby(good, key=lambda pair: pair[1]) if within]
        longest = max(runs, key=len, default=None)
        return (longest[0], longest[-1]) if longest else None

    def decades(self, budget: int) -> float:
        """log10 of the ratio of the band's ends; 0 where it is one deviation or none."""
        band = self.band(budget)
        return float(np.log10(band[1] / band[0])) if band else 0.0


@cache
def target() -> FloatArray:
    """Phi (1 x 10) of norm 1."""
    phi = regression("diabetes").target
    scaled: FloatArray = phi / np.linalg.norm(phi)
    scaled.flags.writeable = False
    return scaled


def size_of_end_to_end(depth: int, width: int, deviation: float) -> float:
    """The deviation of an entry of W(0) under layer-wise initialisation: s^N h^{(N-1)/2}."""
    return float(deviation**depth * width ** ((depth - 1) / 2))


def initial_weights(initialization: str, depth: int, width: int, deviation: float, seed: int) -> tuple[FloatArray, ...]:
    """W_1(0), ..., W_N(0). One seed gives the same normal numbers for every deviation."""
    outputs, inputs = target().shape
    dimensions = (inputs, *(width,) * (depth - 1), outputs)
    generator = np.random.default_rng([seed, depth])
    if initialization == LAYER_WISE:
        return tuple(deviation * generator.standard_normal((after, before)) for before, after in pairwise(dimensions))
    scale = deviation if initialization == BALANCED else size_of_end_to_end(depth, width, deviation)
    return balanced_factors(scale * generator.standard_normal((outputs, inputs)), dimensions)


def run_cell(
    setting: Setting,
    depth: int,
    initialization: str,
    seed: int,
    progress: Callable[[float], object] = lambda fraction: None,
) -> Cell:
    """All deviations and learning rates as one stack, for as many iterations as the first of ``setting.budgets``; then
    from the start again, for more, those deviations for which no learning rate reached the accuracy."""
    rates = np.array(setting.rates)
    shape = (len(setting.deviations), len(rates))
    iterations, diverged = np.full(shape, np.inf), np.zeros(shape, dtype=bool)
    tried = np.zeros(shape[0], dtype=np.int64)
    for stage, budget in enumerate(setting.budgets):

        def tell(done: int, total: int, stage: int = stage) -> None:
            progress((stage + done / total) / len(setting.budgets))

        going = np.flatnonzero(np.isinf(iterations).all(axis=1) & ~diverged.all(axis=1))
        if len(going) == 0:
            break
        starts = [initial_weights(initialization, depth, setting.width, setting.deviations[k], seed) for k in going]
        weights = tuple(np.repeat(np.stack(layers), len(rates), axis=0) for layers in zip(*starts, strict=True))
        problem = Problem(weights, target(), np.tile(rates, len(going)))
        found = gradient_descent(problem, steps=budget, stop_at_loss=setting.accuracy, progress=tell)
        reached = np.where(found.loss[:, -1] <= setting.accuracy, found.steps, np.inf)
        iterations[going], diverged[going] = reached.reshape(-1, len(rates)), found.diverged.reshape(-1, len(rates))
        tried[going] = budget
    return Cell(depth, initialization, seed, iterations, diverged, tried)


def run(
    setting: Setting,
    progress: Callable[[float], object] = lambda fraction: None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[Cell]:
    """One cell after another; ``progress`` is told the fraction that is done."""
    return cell_by_cell(partial(run_cell, setting), setting.cells, progress, jobs, scheduler, tells=True)


def curves(setting: Setting, cells: Sequence[Cell]) -> list[Curve]:
    """One for each depth and initialisation of which a cell is there."""
    result = []
    for depth, initialization in product(setting.depths, setting.initializations):
        mine = [cell for cell in cells if (cell.depth, cell.initialization) == (depth, initialization)]
        if not mine:
            continue
        fastest = np.stack([cell.fastest for cell in mine])
        lost = np.stack([cell.diverged.all(axis=1) for cell in mine])
        result.append(
            Curve(
                depth,
                initialization,
                len(mine),
                np.array(setting.deviations),
                np.median(fastest, axis=0),
                np.isfinite(fastest).sum(axis=0),
                lost.sum(axis=0),
            )
        )
    return result
