"""Searches for states where the invariants are nearly broken: imbalance and norms of layers, 2.3 and 4.4."""

import pytest

from claims.convergence.tightness import searches
from claims.convergence.tightness.states import DEEP, WITH_HIDDEN, Enter
from claims.suite import sampled


@sampled
@pytest.mark.parametrize("depth", WITH_HIDDEN)
def test_drift_in_one_step(depth: int, tightness: Enter) -> None:
    """4.4, A'."""
    tightness(*searches.drift(depth).reported())


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_norms_of_layers(depth: int, tightness: Enter) -> None:
    """4.4, C, from Theorem 1's starts."""
    tightness(*searches.norms(depth).reported())


@sampled
@pytest.mark.parametrize("depth", WITH_HIDDEN)
def test_imbalance_along_the_way(depth: int, tightness: Enter) -> None:
    """2.3: delta at the start is 1/2; the search looks for what drift adds to it, 1/648 to first order."""
    quantity, observed, guaranteed, how = searches.imbalance(depth).reported()
    tightness(quantity, observed, guaranteed, how)
    assert 0.49 < observed / guaranteed <= 0.5
