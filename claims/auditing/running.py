"""A run of gradient descent, and the step from which a guarantee holds along it.

The run is float64, and :mod:`solvers.descent.error_bound` bounds how far the exact descent is from it: E(t) in
||.||_F over all layers. So the exact weights at step t lie within E(t), entry by entry, of the computed ones, which is
a :class:`solvers.Problem` of enclosures; what a guarantee's hypotheses say of that, they say of the exact weights.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from flint import arb

from claims.auditing.guarantees import Chosen, Guarantee
from claims.auditing.judging import meets, unmet
from claims.auditing.known import GUARANTEES
from claims.auditing.report import MOST_STEPS, CertifiedFrom, Rigour, Run
from solvers import (
    DivergenceError,
    Enclosure,
    Problem,
    Trajectory,
    geometric_steps,
    gradient_descent,
    loss,
    loss_ball,
    weight_error_bound,
)
from solvers.arithmetic import lower_float, rational, upper_float

MOST_WORK = 2 * 10**10
"""Multiplications of one run; a wide network gets fewer steps."""
CLOSE = 64
"""A step from which a guarantee holds is found to one part in so many."""


def most_steps_of(problem: Problem, most_steps: int) -> int:
    """As many as were asked for, or as much work allows."""
    inputs = problem.dimensions[0]
    work = 6 * inputs * sum(int(matrix.size) for matrix in problem.weights)
    return min(most_steps, max(1000, MOST_WORK // work))


def descend(problem: Problem, to_loss: float, most_steps: int) -> Trajectory:
    """A certified run until the loss is reached, the weights overflow or the steps are spent."""
    last = most_steps_of(problem, most_steps)
    record = geometric_steps(last, each_decade=30) if last else []
    try:
        return gradient_descent(problem, steps=last, record=record, stop_at_loss=to_loss, certify=True)
    except DivergenceError as error:
        found: Trajectory = error.trajectory
        return found


def run_of(trajectory: Trajectory, chosen: str, to_loss: float, not_met: str = "") -> Run:
    """What a trajectory comes to, and why no guarantee is met along it, where none is."""
    ball = loss_ball(trajectory)
    reached = bool(trajectory.loss[-1] <= to_loss)
    certified = ball.is_finite() and (not reached or bool(ball <= arb(to_loss)))
    last = float(trajectory.loss[-1])
    interval = (lower_float(ball), upper_float(ball)) if certified else (last, last)
    curve = tuple((int(step), float(value)) for step, value in zip(trajectory.recorded, trajectory.loss, strict=True))
    return Run(
        float(trajectory.learning_rate),
        chosen,
        int(trajectory.steps),
        reached,
        bool(trajectory.diverged),
        interval,
        Rigour.CERTIFIED if certified else Rigour.ESTIMATE,
        curve,
        not_met,
    )


def certified_from(problem: Problem, trajectory: Trajectory, to_loss: float) -> tuple[CertifiedFrom | None, str]:
    """Of the guarantees that are met along the run, from a step at which each is, the one that promises the wanted loss
    first; or why none is met at the end."""
    asked = [each for each in GUARANTEES if each.anywhere]
    found = [later for each in asked if (later := _from(each, problem, trajectory, to_loss))]
    if found:
        first = min(found, key=lambda each: (each.step + each.further, each.step))
        if first.further <= MOST_STEPS:
            return first, ""
        return (
            None,
            f"{first.uid} is met from step {first.step:,} on, and promises the loss after {first.further:.3g} more",
        )
    state = state_of(trajectory)
    if state is None:
        return None, "how far rounding has led the run from the exact descent is not known"
    return None, f"at its end {min((unmet(each, state) for each in asked), key=lambda each: each[0])[1]}"


def _from(guarantee: Guarantee, problem: Problem, trajectory: Trajectory, to_loss: float) -> CertifiedFrom | None:
    """Where the guarantee is met at the end of the run: steps 1, 2, 4, ... until one meets it, then the gap before that
    one is halved."""
    low, high, state = 0, 1, None
    last = _met(guarantee, trajectory)
    if last is None:
        return None
    while state is None:
        if high >= trajectory.steps:
            high, state = int(trajectory.steps), last
        else:
            state = _met_after(guarantee, problem, high)
            if state is None:
                low, high = high, 2 * high
    while high - low > max(1, high // CLOSE):
        middle = (low + high) // 2
        earlier = _met_after(guarantee, problem, middle)
        if earlier is None:
            low = middle
        else:
            high, state = middle, earlier
    return _told(guarantee, high, *state, to_loss)


def _met_after(guarantee: Guarantee, problem: Problem, steps: int) -> tuple[Problem, Chosen] | None:
    return _met(guarantee, gradient_descent(problem, steps=steps, certify=True))


def _met(guarantee: Guarantee, trajectory: Trajectory) -> tuple[Problem, Chosen] | None:
    """The exact descent's state as enclosures, and what was chosen, where the guarantee is certainly met."""
    state = state_of(trajectory)
    chosen = meets(guarantee, state) if state is not None else None
    return None if state is None or chosen is None else (state, chosen)


def state_of(trajectory: Trajectory) -> Problem | None:
    """The exact descent's weights at the last step, enclosed; None where nothing is known of them."""
    error = weight_error_bound(trajectory)
    if not error.is_finite():
        return None
    radius = upper_float(error)
    layers = tuple(Enclosure(matrix, np.full_like(matrix, radius)) for matrix in trajectory.weights)
    covariance = None if trajectory.covariance is None else Enclosure.of(trajectory.covariance)
    return Problem(layers, Enclosure.of(trajectory.target), float(trajectory.learning_rate), covariance=covariance)


def _told(guarantee: Guarantee, step: int, state: Problem, chosen: Chosen, to_loss: float) -> CertifiedFrom:
    most = arb(loss(state.weights, state.target, **state.data).upper())
    further = guarantee.enough_steps(state, chosen, most, rational(to_loss))
    return CertifiedFrom(guarantee.uid, guarantee.name, chosen.words, step, upper_float(most), further)


def at_rate(problem: Problem, learning_rate: float) -> Problem:
    """The same network with another learning rate."""
    return replace(problem, learning_rate=learning_rate)
