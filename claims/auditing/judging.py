"""What a guarantee says of a network: which hypotheses hold, by what factor others fail, the learning rates it allows,
and the steps that it promises.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from flint import arb, ctx

from claims.auditing.deciding import all_of, decided, enclosed_comparisons, hypothesis, is_small
from claims.auditing.guarantees import Chosen, Guarantee
from claims.auditing.report import Answer, Judgement
from solvers import Problem
from solvers.arithmetic import Comparison, Scalar, compare, lower_float, rational
from solvers.arithmetic.verdict import PRECISIONS

RATE = "learning rate"
"""What the sentence of a comparison begins with that is of the learning rate."""


def judge(guarantee: Guarantee, problem: Problem, given: bool, loss: Scalar, to_loss: float) -> Judgement:
    """What the guarantee says of a float64 problem whose loss is at most ``loss``; ``given`` tells whether the
    problem's learning rate is one that is asked about, or only stands there."""
    with np.errstate(over="ignore", invalid="ignore"):
        chosen = guarantee.choose(problem.enclosed())
    posed = problem if guarantee.anywhere else problem.exact()
    rationals = guarantee.rationals(problem)
    verdicts = decided(lambda stated: guarantee.hypotheses(stated, chosen), posed, rationals)
    found = [hypothesis(verdict) for verdict in verdicts]
    network = tuple(each for each in found if not each.sentence.startswith(RATE))
    rate = tuple(each for each in found if each.sentence.startswith(RATE)) if given else ()
    applies = all_of(network)
    holds = None if not given else applies if applies is not Answer.HOLDS else all_of(rate)
    if holds is Answer.HOLDS and not rate:
        raise ValueError(f"{guarantee.uid} says nothing of the learning rate; expected a comparison with its limit")
    limit = _limit(guarantee, problem, chosen) if applies is Answer.HOLDS else None
    eta = problem.learning_rate if holds is Answer.HOLDS else limit
    steps = None
    if eta is not None:
        moving = replace(problem, learning_rate=eta)
        sure = moving.exact() if is_small(problem) and rationals else moving.enclosed()
        steps = guarantee.enough_steps(sure, chosen, loss, rational(to_loss))
    return Judgement(
        guarantee.uid,
        guarantee.name,
        chosen.words,
        network,
        rate,
        applies,
        holds,
        limit,
        eta,
        steps,
        guarantee.promise,
    )


def learning_rate_limit(comparisons: list[Comparison]) -> float | None:
    """The largest learning rate that is certainly allowed by comparisons with its limits; None for none."""
    limits = [each.right for each in comparisons if each.sentence.startswith(RATE) and each.relation == "<="]
    certain = [lower_float(each) if not isinstance(each, arb) or each.is_finite() else 0.0 for each in limits]
    return min(certain) if certain and min(certain) > 0 else None


def meets(guarantee: Guarantee, enclosed: Problem) -> Chosen | None:
    """What was chosen where every network in a problem of enclosures certainly meets all hypotheses, and else None."""
    with np.errstate(over="ignore", invalid="ignore"):
        chosen = guarantee.choose(enclosed)
        verdicts = [compare(each, "balls") for each in guarantee.hypotheses(enclosed, chosen)]
    return chosen if all(verdict.holds for verdict in verdicts) else None


def unmet(guarantee: Guarantee, enclosed: Problem) -> tuple[float, str]:
    """How many hypotheses are not certainly met by all networks in a problem of enclosures, and the first of them;
    infinitely many where one is an equation, which descent will not come to meet."""
    with np.errstate(over="ignore", invalid="ignore"):
        stated = guarantee.hypotheses(enclosed, guarantee.choose(enclosed))
        found = [hypothesis(compare(each, "balls")) for each in stated]
    missing = [each for each in found if each.answer is not Answer.HOLDS]
    never = any(each.relation == "==" for each in missing)
    return np.inf if never else len(missing), f"{guarantee.uid} is not met: {missing[0]}"


def _limit(guarantee: Guarantee, problem: Problem, chosen: Chosen) -> float | None:
    if not guarantee.anywhere or (is_small(problem) and guarantee.rationals(problem)):
        with ctx.workprec(PRECISIONS[1]):
            return learning_rate_limit(guarantee.hypotheses(problem.exact(), chosen))
    return learning_rate_limit(enclosed_comparisons(lambda stated: guarantee.hypotheses(stated, chosen), problem))
