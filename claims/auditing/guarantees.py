"""The guarantees that an audit knows: one row a theorem, and a new theorem is a new row.

A row says what is left to choose in the theorem (a margin c), and how, and has its hypotheses as comparisons: those
whose sentence begins with "learning rate" are of the learning rate, all others of the network. Hypotheses, limits,
rates and numbers of steps are those of :mod:`solvers.guarantees`, where strategies and claims have them too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from flint import arb, ctx, fmpq

from claims.auditing.deciding import WIDEST_EXACT
from solvers import Enclosure, Problem, deficiency_margin, frobenius_squared, sigma_min
from solvers.arithmetic import Comparison, Scalar, exact, lower_float, rational
from solvers.arithmetic.verdict import PRECISIONS
from solvers.guarantees import any_imbalance, residual, sharper_constants, theorem_one


class Chosen(NamedTuple):
    """What was chosen where a theorem leaves something to choose, and in words."""

    value: Any
    words: str


@dataclass(frozen=True)
class Guarantee:
    """A theorem about descent from a network: who, under what, and what follows.

    ``choose`` looks at a problem in float64 that bounds its rounding; ``hypotheses`` run in any arithmetic of
    :class:`solvers.Problem`; ``enough_steps`` is (problem, chosen, loss, wanted loss) to steps, for a loss that is
    certainly at most the first number, and ``bound`` (problem, chosen, loss, steps) to what the loss is at most then,
    both of a problem in rationals or enclosures that meets the hypotheses.
    A guarantee that is not ``anywhere`` is of a special start: it is asked of rationals, and not further along a run.
    ``rationals`` tells of which networks rationals may decide, where these are small.
    """

    uid: str
    name: str
    promise: str
    choose: Callable[[Problem], Chosen]
    hypotheses: Callable[[Problem, Chosen], list[Comparison]]
    enough_steps: Callable[[Problem, Chosen, Scalar, Scalar], int]
    bound: Callable[[Problem, Chosen, Scalar, int], Scalar]
    anywhere: bool = True
    rationals: Callable[[Problem], bool] = lambda _: True


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


def of_white_data(
    hypotheses: Callable[[Problem, Chosen], list[Comparison]],
) -> Callable[[Problem, Chosen], list[Comparison]]:
    """The hypotheses of a theorem about 1/2 ||W - Phi||_F^2: that data are white is one of them, and the only one that
    is looked at where they are not."""

    def white_hypotheses(problem: Problem, chosen: Chosen) -> list[Comparison]:
        if problem.is_white:
            return hypotheses(problem, chosen)
        covariance: Any = problem.covariance
        identity = np.eye(problem.dimensions[0])
        off = covariance - (Enclosure.of(identity) if isinstance(covariance, Enclosure) else exact(identity))
        return [Comparison(frobenius_squared(off), "==", fmpq(0), "||S - I||_F^2")]

    return white_hypotheses


def _steps_with_margin(problem: Problem, chosen: Chosen, loss: Scalar, accuracy: Scalar) -> int:
    return theorem_one.enough_steps(problem, chosen.value, loss, accuracy) if loss > accuracy else 0


def _bound_with_margin(problem: Problem, chosen: Chosen, loss: Scalar, steps: int) -> Scalar:
    decay = rational(problem.learning_rate) * theorem_one.decay_exponent(problem.depth, chosen.value)
    return loss * (-arb(decay) * steps).exp()


def _nothing_to_choose(_: Problem) -> Chosen:
    return Chosen(None, "")


def _from_identity(problem: Problem, _: Chosen) -> list[Comparison]:
    """What fails first, of a start that is not the identity or a target that is not symmetric; else all."""
    posed = problem.exact()
    start = residual.at_the_identity(posed)
    if any(each.left != each.right for each in start):
        return start
    if len(posed.target) > WIDEST_EXACT:
        return [Comparison(arb.nan(), ">", fmpq(0), f"eigenvalues of Phi, decided up to {WIDEST_EXACT} rows")]
    return residual.hypotheses(posed)


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


def _choose_rate(enclosed: Problem) -> Chosen:
    """Whether the rate alpha_0 of the imbalance is certainly positive, at depth two."""
    if enclosed.depth != 2 or not enclosed.is_white:
        return Chosen(False, "")
    rate = any_imbalance.imbalance_rate(enclosed.weights)
    return Chosen(True, f"alpha_0 = {lower_float(rate):.4g}") if rate > 0 else Chosen(False, "")


def _two_layers(problem: Problem, chosen: Chosen) -> list[Comparison]:
    """All hypotheses. Where float64 does not tell that alpha_0 is positive it may not be, which is decided; or it may
    be too small for float64 to tell, which is not."""
    if problem.depth != 2:
        return [Comparison(fmpq(problem.depth), "==", fmpq(2), "number of layers")]
    stated = any_imbalance.hypotheses(problem)
    if chosen.value:
        return stated
    return [stated[0], Comparison(arb.nan(), ">", fmpq(0), "rate alpha_0 that is certain")]


def _steps_of_two_layers(problem: Problem, _: Chosen, loss: Scalar, accuracy: Scalar) -> int:
    with ctx.workprec(PRECISIONS[1]):  # the rate may be tiny
        return any_imbalance.enough_steps(problem, accuracy) if loss > accuracy else 0


def _bound_of_two_layers(problem: Problem, _: Chosen, loss: Scalar, steps: int) -> Scalar:
    rate = any_imbalance.imbalance_rate(problem.weights)
    return loss * (1 - arb(rational(problem.learning_rate) * rate / 3)) ** steps


IDENTITY = Guarantee(
    uid="DL-032",
    name="positive definite, from I",
    promise="l(T) <= 1/2 (N u^{N-1} q^T)^2 sum (1 - r)^2",
    choose=_nothing_to_choose,
    hypotheses=of_white_data(_from_identity),
    enough_steps=lambda problem, _, loss, accuracy: residual.enough_steps(problem, accuracy) if loss > accuracy else 0,
    bound=lambda problem, _, loss, steps: residual.loss_bound(
        problem.target, problem.depth, rational(problem.learning_rate), steps
    ),
    anywhere=False,
)

TWO_LAYERS = Guarantee(
    uid="DL-069",
    name="two layers of any imbalance",
    promise="l(T) <= (1 - eta alpha_0 / 3)^T l(0)",
    choose=_choose_rate,
    hypotheses=of_white_data(_two_layers),
    enough_steps=_steps_of_two_layers,
    bound=_bound_of_two_layers,
    rationals=lambda problem: max(problem.dimensions) <= WIDEST_EXACT,
)

GUARANTEES = (THEOREM_ONE, SHARPER, IDENTITY, TWO_LAYERS)
"""In the order of the report. A guarantee is plugged in by a line here."""
