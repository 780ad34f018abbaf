"""The ledger's rows on stacks: a comparison of intervals holds where it certainly does, and nowhere else."""

import numpy as np
import pytest

from claims.suite.ledger import undecided
from solvers.arithmetic import Comparison, Interval


def intervals(*ends: tuple[float, float]) -> Interval:
    return Interval(*(np.array(side) for side in zip(*ends, strict=True)))


@pytest.mark.parametrize("relation", ["<=", ">="])
def test_a_comparison_is_decided_only_where_the_intervals_are_apart(relation):
    """Apart or touching, overlapping, the wrong way round, and where nothing is known."""
    small = intervals((0, 1), (0, 1), (0, 2), (3, 4), (0, np.nan))
    large = intervals((2, 3), (1, 3), (1, 3), (1, 2), (1, 2))
    sides = (small, large) if relation == "<=" else (large, small)
    found = undecided(Comparison(sides[0], relation, sides[1], "a row"))
    assert found.tolist() == [False, False, True, True, True]
