"""Guarantees of special networks: layers that start at the identity, and two layers whose imbalance has a gap."""

from __future__ import annotations

from flint import arb, ctx, fmpq

from claims.auditing.deciding import WIDEST_EXACT
from claims.auditing.guarantees import Chosen, Guarantee, of_white_data
from solvers import Problem
from solvers.arithmetic import Comparison, Scalar, lower_float, rational
from solvers.arithmetic.verdict import PRECISIONS
from solvers.guarantees import any_imbalance, residual


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
