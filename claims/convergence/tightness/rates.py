"""Searches for starts where a larger learning rate, or a faster decay, is too much: 4 and 4.3."""

import pytest

from claims.convergence.tightness import searches
from claims.convergence.tightness.states import DEEP, Enter
from claims.suite import sampled


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_learning_rate_of_the_descent_lemma(depth: int, tightness: Enter) -> None:
    """4.3: a state of Lemma 7 where a learning rate larger by the reported factor breaks the inequality."""
    tightness(*searches.rate_of_the_lemma(depth).reported())


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_learning_rate_of_the_whole_theorem(depth: int, tightness: Enter) -> None:
    """4: a start where a learning rate above the theorem's by the reported factor misses the guarantee in 2 steps."""
    tightness(*searches.rate_of_the_theorem(depth).reported())


@sampled
@pytest.mark.parametrize("depth", DEEP)
def test_decay_exponent(depth: int, tightness: Enter) -> None:
    """4: a start whose loss falls in one step by less than exp(-r eta c^{2(N-1)/N}), for the reported r."""
    tightness(*searches.decay(depth).reported())
