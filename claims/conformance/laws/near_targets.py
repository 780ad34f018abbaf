"""Near a target (Theorem 1): the rate (DL-004), and the margin and the balance that are kept (DL-005, DL-002)."""

from __future__ import annotations

from functools import partial

from claims.balance.balancedness.along_the_run import SHARPER
from claims.conformance.laws.descent import certainly, falls_from_anywhere
from claims.conformance.laws.iterates import OwnStep
from claims.conformance.laws.law import Verdicts, law
from claims.conformance.laws.starts import near_targets, near_targets_falling
from claims.convergence.deficiency_margin.margins import stays_away
from solvers.arithmetic import Comparison, Scalar, rational, square_root
from solvers.guarantees import theorem_one
from solvers.network import Problem, end_to_end, frobenius_squared, imbalances


def theorem_one_margin(step: OwnStep) -> Scalar | None:
    """A margin c for which the hypotheses of Theorem 1 hold before the step, None where there is none."""
    margin = theorem_one.certain_margin(step.before)
    if margin <= 0:
        return None
    posed = step.exact()
    return rational(margin) if certainly(*theorem_one.hypotheses(posed, margin)[2:]) else None


@law(
    "DL-004",
    "4",
    near_targets(),
    says="Theorem 1: l(t+1) <= l(t) exp(-eta c^{2(N-1)/N})",
    means="the linear rate of Theorem 1 is not this trainer's: after its T the loss may be above eps",
)
def linear_rate(step: OwnStep) -> Verdicts:
    """Each iterate as a start of its own, with its own margin."""
    margin = theorem_one_margin(step)
    if margin is not None:
        yield step.decide(lambda problem: theorem_one.after_one_step(problem, margin))


def imbalance_within(problem: Problem, layer: int, limit: Scalar) -> Comparison:
    """||B_j(t+1)||_F <= limit."""
    size = square_root(frobenius_squared(imbalances(problem.step().weights)[layer]))
    return Comparison(size, "<=", limit, f"||B_{layer + 1}(t+1)||_F")


@law(
    "DL-002",
    "2.3",
    near_targets(),
    says="Theorem 1's starts, delta-balanced: ||B_j(t+1)||_F <= (1 + 1/243) delta",
    means="balance is lost along the way, and with it what Theorem 1 needs at the next step",
)
def balance_is_kept(step: OwnStep) -> Verdicts:
    """Each iterate as a start of its own."""
    margin = theorem_one_margin(step)
    if margin is not None:
        norm = square_root(frobenius_squared(step.exact().target))
        limit = SHARPER * theorem_one.imbalance_limit(step.before.depth, margin, norm)
        yield from (step.decide(partial(imbalance_within, layer=j, limit=limit)) for j in range(step.before.depth - 1))


@law(
    "DL-005",
    "3.1",
    near_targets_falling(),
    says="from a margin c > 0, where the loss falls: sigma_min(W(t+1)) >= c",
    means="the network may lose rank on the way, and stop at a critical point that is no minimum",
)
def margin_is_kept(step: OwnStep) -> Verdicts:
    """At learning rates at which the loss falls from any start (DL-003, statement 4)."""
    margin = theorem_one.certain_margin(step.before)
    if margin > 0 and certainly(falls_from_anywhere(step.exact())):
        yield step.decide(lambda problem: stays_away(end_to_end(problem.step().weights), rational(margin)))
