"""Statement 5, and statement 2 beside it, as the experiment sees them: real inputs, a grid of learning rates."""

from functools import cache

import pytest

from claims.end_to_end.experiments.acceleration import REDUCED, Cell, run
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


@sampled
@pytest.mark.parametrize("depth", [2, 3])
def test_depth_accelerates_on_real_inputs(depth: int) -> None:
    """Statement 5: p = 4, the ill-scaled target; less than half of the iterations of depth 1."""
    assert 2 * fewest("ill-scaled target", 4, depth) < fewest("ill-scaled target", 4, 1)


@sampled
@pytest.mark.parametrize("case", REDUCED.cases)
@pytest.mark.parametrize("depth", [2, 3])
def test_depth_does_not_accelerate_least_squares(case: str, depth: int) -> None:
    """Statement 2 as the experiment sees it, with a rate of the grid near 1."""
    assert fewest(case, 2, 1) < fewest(case, 2, depth)


@control
@pytest.mark.parametrize("depth", [2, 3])
def test_refuted_that_depth_accelerates_on_real_outputs(depth: int) -> None:
    """Statement 5: at p = 4 too, where the residual does not vanish, depth 1 needs the fewest iterations."""
    assert fewest("real outputs", 4, 1) < fewest("real outputs", 4, depth)
