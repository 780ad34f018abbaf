"""What the experiment on recovery runs: descent for phase retrieval, completion and sensing, many draws at once.

M is n x n of rank k with |M|_2 = 1: Z Z^T for a Gaussian Z, or a real one, the k largest eigenpairs of linnerud's Gram
matrix (n = 20). Each draw has its own start U (n x k, Gaussian, |U|_F^2 near tr M) and its own

    phase        m vectors a, Gaussian:           T Y = 1/m sum a a^T <a a^T, Y>
    completion   entries i <= j, each with p:     T keeps them
    sensing      m symmetric Gaussian A_l:        T Y = 1/m sum A_l <A_l, Y>, of mean Y

M is recovered if ||U U^T - M||_F < ||M||_F / 1000 at the last point, which is decided outside a rounding bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from claims.suite.experiments.report import cell_by_cell
from claims.suite.recovery import recovered
from claims.suite.statistics import generator
from solvers.shallow import MaskStack, PhaseStack, SensingStack, ShallowTrajectory, stacked_descent
from solvers.shallow.stacks import ObjectiveStack
from strategies import real_gram

FloatArray = NDArray[np.float64]

MATRICES = ("random", "linnerud")
FITTED = 1e-8
"""A draw fits where f <= FITTED * ||M||_F^2 at the end, whether M is recovered or not."""


@dataclass(frozen=True)
class Setting:
    """What is run. Raises ValueError where it could not be."""

    ranks: tuple[int, ...] = (1, 2, 4)
    phase: tuple[float, ...] = (1, 2, 3, 4, 5, 6, 8, 10, 12)
    completion: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    sensing: tuple[float, ...] = (1, 2, 3, 4, 5, 6, 7)
    matrices: tuple[str, ...] = MATRICES
    size: int = 20
    draws: int = 60
    steps: int = 3000

    def __post_init__(self) -> None:
        largest = real_gram("linnerud")
        if "linnerud" in self.matrices and self.size != len(largest.matrix):
            raise ValueError(f"size is {self.size}; expected {len(largest.matrix)}, that of linnerud")
        if not self.ranks or not 1 <= min(self.ranks) <= max(self.ranks) <= min(largest.rank, self.size):
            raise ValueError(f"ranks is {self.ranks}; expected numbers from 1 to {min(largest.rank, self.size)}")
        if not set(self.matrices) <= set(MATRICES) or not self.matrices:
            raise ValueError(f"matrices is {self.matrices}; expected some of {', '.join(MATRICES)}")
        if min((*self.phase, *self.sensing), default=1) * self.size < 1:
            raise ValueError("phase or sensing has a ratio below 1 / size; expected at least one measurement")
        if not all(0 < p <= 1 for p in self.completion):
            raise ValueError(f"completion is {self.completion}; expected probabilities in (0, 1]")
        if self.draws < 1:
            raise ValueError(f"draws is {self.draws}; expected at least 1")

    @property
    def cells(self) -> list[tuple[str, str, int, float]]:
        """(matrix, problem, k, amount) of every cell."""
        return [
            (matrix, problem, k, amount)
            for matrix in self.matrices
            for problem in PROBLEMS
            for k in self.ranks
            for amount in self.amounts(problem)
        ]

    def amounts(self, problem: str) -> tuple[float, ...]:
        """m / n, p and m / n."""
        found: tuple[float, ...] = getattr(self, problem)
        return found

    def freedom(self, problem: str, k: int) -> float:
        """The amount with as many measurements as M has degrees of freedom, n k - k (k - 1) / 2."""
        dimension = self.size * k - k * (k - 1) / 2
        entries = self.size * (self.size + 1) / 2
        return dimension / (entries if problem == "completion" else self.size)


REDUCED = Setting(
    ranks=(1, 2), phase=(2, 4, 8), completion=(0.2, 0.5, 0.9), sensing=(1, 2, 4), matrices=MATRICES, draws=20, steps=600
)


@dataclass(frozen=True)
class Cell:
    """How many of the draws of a cell recovered M, how many fitted, and how many overflowed."""

    matrix: str
    problem: str
    rank: int
    amount: float
    draws: int
    recovered: int
    fitted: int
    diverged: int


@cache
def real_factor(k: int) -> FloatArray:
    """Z (20, k) with Z Z^T the k largest eigenpairs of linnerud's Gram matrix."""
    values, vectors = np.linalg.eigh(real_gram("linnerud").matrix)
    found: FloatArray = vectors[:, ::-1][:, :k] * np.sqrt(values[::-1][:k] / values[-1])
    found.flags.writeable = False
    return found


def truths(setting: Setting, matrix: str, k: int, random: np.random.Generator) -> FloatArray:
    """Z of each draw, (draws, n, k), of spectral norm 1."""
    if matrix == "linnerud":
        return np.tile(real_factor(k), (setting.draws, 1, 1))
    drawn = random.standard_normal((setting.draws, setting.size, k))
    found: FloatArray = drawn / np.linalg.norm(drawn, 2, axis=(1, 2))[:, None, None]
    return found


def posed(problem: str, truth: FloatArray, amount: float, random: np.random.Generator) -> tuple[ObjectiveStack, float]:
    """The objectives, and the learning rate for them: below 1 over the largest curvature that is met."""
    count, n, _ = truth.shape
    m = round(amount * n)
    trace = float((truth**2).sum(axis=(1, 2)).max())
    if problem == "phase":
        vectors = random.standard_normal((count, m, n))
        products = vectors @ truth
        return PhaseStack(vectors, np.vecdot(products, products)), 0.1 / trace
    target = truth @ truth.mT.copy()
    if problem == "completion":
        upper = np.triu(random.random((count, n, n)) < amount)
        return MaskStack((target + target.mT) / 2, (upper | upper.mT).astype(np.float64)), 0.4
    rows, columns = np.triu_indices(n)
    twice = np.where(rows == columns, 1.0, 2.0)
    packed = random.standard_normal((count, m, len(rows))) / np.sqrt(twice)  # E <A, Y>^2 = |Y|^2
    seen = (packed @ (twice * target[:, rows, columns])[..., None])[..., 0]
    return SensingStack(packed, seen), 0.4 / (1 + sqrt(len(rows) / m)) ** 2


PROBLEMS: tuple[str, ...] = ("phase", "completion", "sensing")


def run_cell(setting: Setting, matrix: str, problem: str, k: int, amount: float) -> Cell:
    """All draws of a cell in one sweep."""
    random = generator("recovery", matrix, problem, k, repr(float(amount)))
    truth = truths(setting, matrix, k, random)
    stack, rate = posed(problem, truth, amount, random)
    target = truth @ truth.mT.copy()
    sizes = np.linalg.norm(target, axis=(1, 2))
    start = random.standard_normal(truth.shape) * np.sqrt((truth**2).mean(axis=(1, 2), keepdims=True))
    run: ShallowTrajectory = stacked_descent(
        stack, start, learning_rate=rate, steps=setting.steps, stop_at_value=1e-11 * float(sizes.min()) ** 2
    )
    good = ~run.diverged
    found = int(recovered(run.point[good], (target + target.mT)[good] / 2).sum()) if good.any() else 0
    fitted = int((run.value[good, -1] <= FITTED * sizes[good] ** 2).sum())
    return Cell(matrix, problem, k, float(amount), setting.draws, found, fitted, int(run.diverged.sum()))


def run(
    setting: Setting,
    progress: Callable[[float], object] = lambda fraction: None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> Iterator[Cell]:
    """One cell after another; ``progress`` is told the fraction that is done."""
    return cell_by_cell(partial(run_cell, setting), setting.cells, progress, jobs, scheduler)
