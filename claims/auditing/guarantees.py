"""The guarantees that an audit knows: one row a theorem, and a new theorem is a new row.

A row says what is left to choose in the theorem (a margin c), and how, and has its hypotheses as comparisons: those
whose sentence begins with "learning rate" are of the learning rate, all others of the network. Hypotheses, limits,
rates and numbers of steps are those of :mod:`solvers.guarantees`, where strategies and claims have them too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flint import arb, fmpq

from claims.auditing.deciding import WIDEST_EXACT
from solvers import Problem, deficiency_margin, sigma_min
from solvers.arithmetic import Comparison, Scalar, lower_float, rational
from solvers.guarantees import residual, sharper_constants, theorem_one


class Chosen(NamedTuple):
    """What was chosen where a theorem leaves something to choose, and in words."""

    value: Any
    words: str


@dataclass(frozen=True)
class Guarantee:
    """A theorem about descent from a network: who, under what, and what follows.

    ``choose`` looks at a problem in float64 that bounds its rounding; ``hypotheses`` run in any arithmetic of
    :class:`solvers.Problem`; ``enough_steps`` is (problem, chosen, loss, wanted loss) to steps, for a loss that is
    certainly at most the first number, and ``bound`` (problem, chosen, loss, steps) to what the loss is at most then.
    A guarantee that is not ``anywhere`` is of a special start: it is asked of rationals, and not further along a run.
    """

    uid: str
    name: str
    promise: str
    choose: Callable[[Problem], Chosen]
    hypotheses: Callable[[Problem, Chosen], list[Comparison]]
    enough_steps: Callable[[Problem, Chosen, Scalar, Scalar], int]
    bound: Callable[[Problem, Chosen, Scalar, int], Scalar]
    anywhere: bool = True


def choose_margin(enclosed: Problem) -> Chosen:
    """The largest c that there certainly is; where there is certainly none the largest that any state can have,
    sigma_min(Phi), so that the other hypotheses can be looked at; and else nothing."""
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
    hypotheses=with_margin(theorem_one.hypotheses),
    enough_steps=_steps_with_margin,
    bound=_bound_with_margin,
)
SHARPER = Guarantee(
    uid="DL-013",
    name="Theorem 1, sharper constants",
    promise="l(T) <= l(0) exp(-eta c^{2-2/N} T)",
    choose=choose_margin,
    hypotheses=with_margin(sharper_constants.hypotheses),
    enough_steps=_steps_with_margin,
    bound=_bound_with_margin,
)
IDENTITY = Guarantee(
    uid="DL-032",
    name="positive definite, from I",
    promise="l(T) <= 1/2 (N u^{N-1} q^T)^2 sum (1 - r)^2",
    choose=_nothing_to_choose,
    hypotheses=_from_identity,
    enough_steps=lambda problem, _, loss, accuracy: residual.enough_steps(problem, accuracy) if loss > accuracy else 0,
    bound=lambda problem, _, loss, steps: residual.loss_bound(
        problem.target, problem.depth, rational(problem.learning_rate), steps
    ),
    anywhere=False,
)

GUARANTEES = (THEOREM_ONE, SHARPER, IDENTITY)
"""In the order of the report. A guarantee is plugged in by a line here."""
