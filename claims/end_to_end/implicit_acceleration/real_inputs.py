"""What is open, and statement 2 beside it, as the experiment sees them: real inputs, two grids of learning rates."""

from dataclasses import replace
from functools import cache

import pytest

from claims.end_to_end.experiments.acceleration import REDUCED, Cell, run, run_one
from claims.suite import control, sampled


@cache
def reduced() -> dict[tuple[str, int, int], Cell]:
    """The experiment on a coarse grid of rates, 300 steps."""
    cells = {(cell.case, cell.power, cell.depth): cell for cell in run(REDUCED)}
    assert not any(cell.at_the_edge for cell in cells.values())  # no better rate is likely beyond the grid
    return cells


def fewest(case: str, power: int, depth: int) -> float:
    """Iterations to a millionth of the loss, at the best rate."""
    found = float(reduced()[case, power, depth].best[-1])
    assert found <= REDUCED.steps
    return found


@cache
def fewest_nearby(case: str, depth: int) -> float:
    """The same at p = 4 and the best of 33 rates, half an octave around the best of the coarse grid."""
    coarse = reduced()[case, 4, depth]
    best = REDUCED.rates[int(coarse.iterations[:, -1].argmin())]
    fine = replace(REDUCED, rates=tuple(best + k / 32 for k in range(-16, 17)))
    return min(fewest(case, 4, depth), float(run_one(fine, case, 4, depth).best[-1]))


@sampled
@pytest.mark.parametrize("depth", [2, 3])
def test_depth_accelerates_on_real_inputs(depth: int) -> None:
    """p = 4, the ill-scaled target; less than half of the iterations of depth 1, whichever grid each has."""
    assert 2 * fewest("ill-scaled target", 4, depth) < fewest_nearby("ill-scaled target", 1)


@sampled
@pytest.mark.parametrize("case", REDUCED.cases)
@pytest.mark.parametrize("depth", [2, 3])
def test_depth_does_not_accelerate_least_squares(case: str, depth: int) -> None:
    """Statement 2 as the experiment sees it, with a rate of the grid near 1."""
    assert fewest(case, 2, 1) < fewest(case, 2, depth)


@control
@pytest.mark.parametrize("depth", [2, 3])
def test_refuted_that_depth_accelerates_on_real_outputs(depth: int) -> None:
    """At p = 4 too, where the residual does not vanish, neither depth needs less than half, whichever grid each has."""
    assert 2 * fewest_nearby("real outputs", depth) > fewest("real outputs", 4, 1)
