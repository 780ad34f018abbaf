"""What the experiment ``best_constants`` says of single starts, decided exactly: where the rate begins to fail."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from flint import fmpq

from claims.convergence.experiments.best_constants import REDUCED, Cell, cell, squares
from claims.suite import control, witness
from solvers.arithmetic import decide, exact, rational
from solvers.guarantees import sharper_constants, theorem_one
from solvers.network import Problem

SETTING = replace(REDUCED, products=40, rates=400)
NEARLY = fmpq(999, 1000)


@cache
def found(depth: int, margin: float) -> Cell:
    """A cell of a coarse run."""
    return cell(SETTING, depth, margin)


def with_rate(here: Cell, times: fmpq) -> tuple[Problem, fmpq]:
    """Balanced numbers of the product W, Phi = 1, at so many times the least failing eta; and a c that they have."""
    layer = exact([[here.product ** (1 / here.depth)]])
    problem = Problem((layer,) * here.depth, exact([[1]]), times * rational(here.rate))
    return problem, (1 - fmpq(1, 2**40)) * rational(here.margin)


def with_imbalance(here: Cell, times: fmpq) -> tuple[Problem, fmpq]:
    """Widths 1, ..., 1, 2 with so many times the least failing D, the product and the residual as they were, and eta
    a thousandth of its limit; and a c that they have."""
    steps = times * rational(here.imbalance)
    wanted = here.margin * (2 - here.margin)
    low, high = float(steps) * (here.depth - 1), 2 * float(squares(here.depth, here.margin, 0.0)[0]) + float(steps) * 64
    for _ in range(200):
        middle = (low + high) / 2
        rising = middle - float(steps) * np.arange(here.depth)
        low, high = (middle, high) if np.prod(rising) < wanted else (low, middle)
    layers = np.sqrt(high - float(steps) * np.arange(here.depth))[::-1]
    weights = (*(exact([[float(w)]]) for w in layers[:-1]), exact([[float(layers[-1])], [0.0]]))
    product = exact([[1]])
    for weight in weights:
        product = weight @ product
    target = product + exact([[0.0], [1 - here.margin]])
    c = (1 - fmpq(1, 2**40)) * rational(here.margin)
    rate = rational(float(sharper_constants.learning_rate_limit(here.depth, c, fmpq(1)))) / 1000
    return Problem(weights, target, rate), c


def keeps_the_rate(problem: Problem, margin: fmpq) -> bool:
    """Whether one step is within the guarantee, decided."""
    verdict = decide(lambda posed: theorem_one.after_one_step(posed, margin), problem)
    assert verdict.holds != verdict.fails
    return verdict.holds


@control
@pytest.mark.parametrize("margin", SETTING.margins)
@pytest.mark.parametrize("depth", SETTING.depths)
def test_refuted_at_the_least_failing_learning_rate(depth: int, margin: float) -> None:
    """A thousandth more misses the rate and a thousandth less keeps it; no limit but that of eta is passed."""
    here = found(depth, margin)
    assert here.rate > here.limit
    problem, c = with_rate(here, 1 / NEARLY)
    assert sharper_constants.violated(problem, c).keys() == {"learning rate against its limit"}
    assert not keeps_the_rate(problem, c)
    assert keeps_the_rate(*with_rate(here, NEARLY))


@control
@pytest.mark.parametrize("margin", SETTING.margins)
@pytest.mark.parametrize("depth", [depth for depth in SETTING.depths if depth > 1])
def test_refuted_at_the_least_failing_imbalance(depth: int, margin: float) -> None:
    """A hundredth more misses the rate, a hundredth less keeps it; no limit but those of the imbalances is passed."""
    here = found(depth, margin)
    problem, c = with_imbalance(here, fmpq(101, 100))
    broken = sharper_constants.violated(problem, c).keys()
    assert broken == {f"||B_{j}||_F against delta" for j in range(1, depth)}
    assert not keeps_the_rate(problem, c)
    assert keeps_the_rate(*with_imbalance(here, fmpq(99, 100)))


@witness
def test_the_least_failing_rate_does_not_fall_with_the_margin() -> None:
    """N eta is between 7/5 and 2 at every depth and x of the experiment, where c^{2/N} falls by a factor of 4000."""
    cells = [found(depth, margin) for depth in (1, 2, 4, 8) for margin in (63 / 64, 1 / 64, 1 / 4096)]
    assert all(1.4 < here.depth * here.rate < 2 for here in cells)
    limits = [here.limit * here.depth for here in cells]
    assert max(limits) > 4000 * min(limits)
