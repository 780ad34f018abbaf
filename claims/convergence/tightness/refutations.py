"""Constants below what was observed, refuted; and that every point of the search is a state."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from flint import fmpq

from claims.convergence.tightness import searches
from claims.convergence.tightness.decisions import norms_of_layers
from claims.convergence.tightness.states import check_state
from claims.convergence.tightness.suprema import SCALAR, powers_of_the_last_layer, remainder, total_drift
from claims.suite import control, witness
from solvers.arithmetic import compare, settle
from solvers.guarantees import theorem_one
from solvers.network import Problem, deficiency_margin
from strategies.worst_states import SEED, States


@control
@pytest.mark.parametrize("layers", [2, 3, 6])
def test_refuted_that_powers_of_the_last_layer_have_a_smaller_constant(layers: int) -> None:
    """2.5 (c) with 0.999 k (k - 1) / 2."""
    assert compare(powers_of_the_last_layer(layers, fmpq(999, 1000))).fails


@control
def test_refuted_that_the_remainder_has_less_than_a_quarter_of_the_constant() -> None:
    """4.6 with 12/25 in place of 2, at depth 8; 3/5 would do at every depth (``proof``)."""
    assert compare(remainder(8, fmpq(3, 5))).holds
    assert compare(remainder(8, fmpq(12, 25))).fails


@control
def test_refuted_that_the_total_drift_is_below_delta_over_325() -> None:
    """4.5 with delta / 325: delta / 324 is the supremum at depth 2, and nearly attained."""
    assert compare(total_drift(fmpq(1, 324))).holds
    assert compare(total_drift(fmpq(1, 325))).fails


@control
def test_refuted_that_the_theorems_constant_may_be_9100_times_smaller() -> None:
    """4 at depth 1: (1 - eta)^2 <= exp(-eta) ends at eta = 1.4777, 9079 times the limit 1/6144 of c = Phi_F."""
    near = Problem((fmpq(4097, 4096) * SCALAR,), SCALAR, fmpq(0))
    margin = deficiency_margin(near.weights, near.target)
    limit = theorem_one.learning_rate_limit(1, margin, fmpq(1))
    for times, fails in ((9080, False), (9100, True)):
        posed = replace(near, learning_rate=times * limit)
        verdict = settle(partial(theorem_one.after_steps, posed, margin, 1))
        assert verdict.fails if fails else verdict.holds


@witness
@pytest.mark.parametrize("lemma", [False, True])
def test_every_point_of_the_search_is_a_state(lemma: bool) -> None:
    """Ten random points of every shape: all hypotheses are met, at depths 1, 2 and 3, bottlenecks excepted."""
    rng = np.random.default_rng(SEED)
    for widths in ((1, 1), (2, 3, 2), (1, 2, 1, 1)):
        for point in rng.standard_normal((10, States.numbers(widths))) / 2:
            problem, margin = States.at(point[None], widths, lemma=lemma).one()
            assert margin > 0
            check_state(problem, margin, lemma=lemma)


@witness
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_what_is_reported_of_layers_that_are_learned_already(depth: int) -> None:
    """Scalars 1, Phi = 1, c = 1/2: nothing moves, so that layers of norm 1 stand against 4^{1/N}."""
    one = np.ones((1, 1, 1))
    observed, guaranteed = norms_of_layers(States((one,) * depth, one, np.array([0.5])))
    assert observed <= 1 <= observed * (1 + 2.0**-50)
    assert guaranteed**depth == pytest.approx(4.0, rel=1e-12)


@witness
def test_what_is_searched_at_depth_one() -> None:
    """w = 1/2, Phi = 1: (1 - eta)^2 <= 1 - eta until eta = 1, and <= e^{-eta} until 1.4777; what is made large is the
    rate that is allowed over these, up to ten halvings of a factor 4. The loss decays with exponent 2."""
    states = States((np.full((2, 1, 1), 0.5),), np.ones((2, 1, 1)), np.array([0.5, 0.25]))
    for ratio, most in ((searches.least_rate, 1.0), (searches.least_rate_of_all, 1.4777)):
        off = ratio(states) * most / states.rate
        assert (abs(np.log(off)) < np.log(4) / 2**10 + 2.0**-12).all()
    assert states.rate[0] > states.rate[1]
    assert (searches.slowness(states) == 0.5).all()
