"""Where a hunt looks: each space has what its name says."""

import numpy as np
import pytest
from hypothesis import given

from claims.suite.hunting import search
from claims.suite.hunting.conjecture import conjecture
from claims.suite.hunting.spaces import SPACES
from solvers import deficiency_margin, imbalances
from solvers.arithmetic import exact
from solvers.network.network import frobenius_squared


@pytest.mark.parametrize("space", SPACES)
def test_spaces_have_the_widths_and_depths_that_are_asked_for(space):
    """And what their names say, exactly; a draw is small where nothing keeps it from it."""
    wanted = {
        "zero": lambda p: all(not w.any() for w in p.nearest().weights),
        "identity": lambda p: all((w == exact(np.eye(len(w)))).all() for w in p.weights),
        "scalar": lambda p: set(p.dimensions) == {1},
        "balanced": lambda p: all(frobenius_squared(b) == 0 for b in imbalances(p.weights)),
        "margin": lambda p: deficiency_margin(p.weights, p.target) > 0,
        "balanced-margin": lambda p: (
            deficiency_margin(p.weights, p.target) > 0 and all(frobenius_squared(b) == 0 for b in imbalances(p.weights))
        ),
        "theorem": lambda p: deficiency_margin(p.weights, p.target) > 0,
    }.get(space, lambda p: True)

    @given(SPACES[space](2, 3, 2))
    def check_each(problem):
        posed = problem.exact()
        assert 2 <= posed.depth <= 3
        assert max(posed.dimensions) <= 2
        assert posed.learning_rate > 0
        assert wanted(posed)

    check_each()


def test_margin_space_is_out_of_balance_and_reaches_both_ends():
    """Balance is not kept, and W = Phi comes up as well as W != Phi."""
    posed = conjecture("imbalance[0] == 0", [], 0)
    assert search.hunt(posed, SPACES["margin"], depths=(2, 2), max_width=1, examples=20, seconds=600, seed=0).smallest
    for predicate in ("loss[0] == 0", "loss[0] != 0"):
        posed = conjecture(predicate, [], 0)
        found = search.hunt(posed, SPACES["margin"], depths=(1, 1), max_width=1, examples=120, seconds=600, seed=0)
        assert found.smallest is not None, predicate
