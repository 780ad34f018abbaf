"""Theorem 1 and what has the same conclusion: guarantees of a start with a deficiency margin and little imbalance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from claims.auditing.guarantees import Chosen, Guarantee, of_white_data
from solvers import Problem, deficiency_margin, sigma_min
from solvers.arithmetic import Comparison, Scalar, lower_float, rational
from solvers.guarantees import sharper_constants, theorem_one


def choose_margin(enclosed: Problem) -> Chosen:
    """The largest c that there certainly is; where there is certainly none the largest that any state can have,
    sigma_min(Phi), so that the other hypotheses can be looked at; and else nothing."""
    if not enclosed.is_white:
        return Chosen(None, "")
    margin, most = deficiency_margin(enclosed.weights, enclosed.target), sigma_min(enclosed.target)
    if margin > 0:
        return _margin(margin, "the deficiency margin")
    if margin < 0 < most:
        return _margin(most, "sigma_min(Phi), the largest of any state")
    return Chosen(None, "")


def _margin(value: arb, words: str) -> Chosen:
    certain = lower_float(value)
    return Chosen(rational(certain), f"c = {certain:.4g}, {words}") if certain > 0 else Chosen(None, "")


def with_margin(
    hypotheses: Callable[[Problem, Any], list[Comparison]],
) -> Callable[[Problem, Chosen], list[Comparison]]:
    """The hypotheses of a theorem with a margin c, for the c that was chosen. Where none was, there may be no margin,
    which is decided; or one too small for float64 to tell, which is not."""

    def chosen_hypotheses(problem: Problem, chosen: Chosen) -> list[Comparison]:
        if chosen.value is not None:
            return hypotheses(problem, chosen.value)
        margin = deficiency_margin(problem.weights, problem.target)
        return [
            Comparison(margin, ">", fmpq(0), "deficiency margin at step 0"),
            Comparison(arb.nan(), ">", fmpq(0), "margin c that is certain"),
        ]

    return chosen_hypotheses


def _steps_with_margin(problem: Problem, chosen: Chosen, loss: Scalar, accuracy: Scalar) -> int:
    return theorem_one.enough_steps(problem, chosen.value, loss, accuracy) if loss > accuracy else 0


def _bound_with_margin(problem: Problem, chosen: Chosen, loss: Scalar, steps: int) -> Scalar:
    decay = rational(problem.learning_rate) * theorem_one.decay_exponent(problem.depth, chosen.value)
    return loss * (-arb(decay) * steps).exp()


THEOREM_ONE = Guarantee(
    uid="DL-004",
    name="Theorem 1 of Arora et al.",
    promise="l(T) <= l(0) exp(-eta c^{2-2/N} T)",
    choose=choose_margin,
    hypotheses=of_white_data(with_margin(theorem_one.hypotheses)),
    enough_steps=_steps_with_margin,
    bound=_bound_with_margin,
)
SHARPER = Guarantee(
    uid="DL-013",
    name="Theorem 1, sharper constants",
    promise="l(T) <= l(0) exp(-eta c^{2-2/N} T)",
    choose=choose_margin,
    hypotheses=of_white_data(with_margin(sharper_constants.hypotheses)),
    enough_steps=_steps_with_margin,
    bound=_bound_with_margin,
)
