"""The drift of the imbalance does not depend on units, nor on those of the data."""

import pytest
from flint import fmpq

from claims.balance.balancedness.laws import drift_bound
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem


@exact
@pytest.mark.parametrize("covariance", [False, True])
@pytest.mark.parametrize("widths", [(2, 3, 2), (2, 2, 3, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...], covariance: bool) -> None:
    """Two steps: the ratio of the drift and its bound is the same in other units."""
    problem = drawn_problem(widths, fmpq(1, 50), covariance=covariance)
    check_units(lambda posed, _: [drift_bound(posed, layer, 2) for layer in range(posed.depth - 1)], problem)
