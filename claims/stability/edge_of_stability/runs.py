"""Float64 runs just beyond the edge: where starts end that do not run away."""

import numpy as np
import pytest
from flint import fmpq
from numpy.typing import NDArray

from claims.suite import control, sampled
from solvers.arithmetic import UNIT
from solvers.descent.two_cycles import cycles_of_two_numbers
from solvers.shallow import TwoFactors

STARTS = 500
"""Uniform in [-2, 2]^2."""


def ends(product: fmpq, steps: int) -> NDArray[np.float64]:
    """(u, v) after so many steps, of the starts that stay bounded; shape (bounded starts, 2)."""
    u, v = np.random.default_rng(int(product.p)).uniform(-2, 2, (2, STARTS))
    here = TwoFactors(u, v, float(product), 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            here = here.step()
    bounded = np.isfinite(here.left) & np.isfinite(here.right)
    return np.stack([here.left[bounded], here.right[bounded]], axis=1)


def distances(product: fmpq, steps: int) -> NDArray[np.float64]:
    """Of each end from the nearest point of the two cycles (a)."""
    points = np.array(
        [[float(w) for w in point] for cycle in cycles_of_two_numbers(product)[:2] for point in cycle.points]
    )
    found: NDArray[np.float64] = abs(ends(product, steps)[:, None] - points).max(axis=2).min(axis=1)
    return found


def rounding(product: fmpq) -> float:
    """What rounding leaves at a stable cycle: a step errs by at most 8 units (u - R v has four roundings of numbers
    below 2), two steps by 8 + 8 * 6 (no derivative is above 6), summed over 1 - the larger multiplier."""
    cycle = cycles_of_two_numbers(product)[0]
    return 56 * UNIT / (1 - max(abs(float(cycle.along)), abs(float(cycle.across))))


@sampled
@pytest.mark.parametrize(("product", "steps"), [(fmpq(21, 20), 2000), (fmpq(6, 5), 2000), (fmpq(247, 200), 12000)])
def test_bounded_starts_end_on_the_first_cycle(product: fmpq, steps: int) -> None:
    """500 starts each: all that stay bounded, and more than half do, are at one of the four points, up to rounding."""
    found = distances(product, steps)
    assert len(found) > STARTS / 2
    assert (found <= rounding(product)).all()


@control
def test_refuted_beyond_the_window() -> None:
    """mu = 5/4: no start ends there, though most stay bounded."""
    found = distances(fmpq(5, 4), 2000)
    assert len(found) > STARTS / 2
    assert (found > rounding(fmpq(6, 5))).all()
