"""Runs in an audit: when their end is certified, what a later guarantee is told with, and what is never reached."""

from dataclasses import replace

import numpy as np
import pytest

from claims.auditing import running
from claims.auditing.auditor import _stays_above
from claims.auditing.margin_rows import SHARPER
from claims.auditing.report import MOST_STEPS, Finding, Rigour
from claims.auditing.running import certified_from, descend, run_of
from solvers import Enclosure, Problem, loss
from solvers.arithmetic import upper_float

START = Problem((np.diag([0.75, 0.5]),) * 2, np.diag([1.0, 0.75]), 2.0**-5)


def test_a_loss_that_rounding_may_miss_is_an_estimate():
    """Wanted is the very float that the run ends at: the ball around it is on both sides. A little above it is not."""
    end = float(descend(START, 1e-4, 10**4).loss[-1])
    undecided = run_of(descend(START, end, 10**4), "given", end)
    assert undecided.reached
    assert undecided.rigour is Rigour.ESTIMATE
    assert undecided.loss == (end, end)
    above = end * (1 + 1e-9)
    decided = run_of(descend(START, above, 10**4), "given", above)
    assert decided.reached
    assert decided.rigour is Rigour.CERTIFIED
    assert decided.loss[1] <= above


def test_a_later_guarantee_is_told_with_the_largest_loss_that_may_be():
    """A state that is known to 2^-10 only."""
    layers = tuple(Enclosure(layer, np.full_like(layer, 2.0**-10)) for layer in START.weights)
    state = Problem(layers, Enclosure.of(START.target), START.learning_rate)
    chosen = SHARPER.choose(START)
    found = running._told(SHARPER, 7, state, chosen, 1e-6)
    ball = loss(state.weights, state.target)
    assert upper_float(ball) > float(ball.mid()) * 1.001
    assert found.loss == upper_float(ball)
    assert found.further == SHARPER.enough_steps(state, chosen, ball.upper(), running.rational(1e-6))


def test_a_guarantee_of_too_many_steps_is_not_told(monkeypatch):
    """The same run with a row that promises the loss after MOST_STEPS, and after one more."""
    start = Problem((np.diag([0.5, 0.25]),) * 2, np.diag([1.0, 0.75]), 2.0**-6)
    run = descend(start, 1e-8, 2000)
    for further, told in ((MOST_STEPS, True), (MOST_STEPS + 1, False)):
        row = replace(SHARPER, enough_steps=lambda *_, further=further: further)
        monkeypatch.setattr(running, "GUARANTEES", (row,))
        found, why = certified_from(start, run, 1e-8)
        assert (found is not None) is told
        assert (why == "") is told
        assert told or "DL-013 is met from step " in why


@pytest.mark.parametrize(("values", "unreachable"), [({}, True), ({"below": 0.25}, False)])
def test_what_holds_below_a_learning_rate_is_no_floor_for_every_one(values, unreachable):
    findings = [
        Finding("loss", Rigour.EXACT, "", values={"loss": (1.0, 1.0)}),
        Finding("bottleneck", Rigour.EXACT, "", values={"floor": 0.0}),
        Finding("sign", Rigour.EXACT, "", values={"negative": 1, "floor": 0.5} | values),
    ]
    found = _stays_above(findings, 0.25)
    assert (found is not None) is unreachable
    assert _stays_above(findings, 0.5) is None
