"""Theorem 2: balanced layers with one output that start with a margin, however they were drawn.

It bounds a probability; what it concludes wherever the margin is at least c = s^2 d_0 / (2 Phi_F) is true of one
network too. So s is chosen as large as the margin allows, and a = 1/d_0, for which s may be up to Phi_F / sqrt(d_0).
Of the limits of the learning rate the sharper one is asked (DL-033). From a small margin it promises fewer steps than
Theorem 1, which goes on at the rate of the start.
"""

from __future__ import annotations

from flint import arb, fmpq

from claims.auditing.deciding import WIDEST_EXACT
from claims.auditing.guarantees import Chosen, Guarantee, of_white_data
from solvers import Problem, deficiency_margin, frobenius_squared
from solvers.arithmetic import Comparison, Scalar, lower_float, rational, square_root
from solvers.guarantees import theorem_two


def _norm(problem: Problem) -> Scalar:
    """Phi_F."""
    return square_root(frobenius_squared(problem.target))


def _choose_deviation(enclosed: Problem) -> Chosen:
    """The largest s that is certainly allowed, with s^2 d_0 <= 2 Phi_F c for the margin c and <= Phi_F^2."""
    outputs, inputs = enclosed.target.shape
    if not enclosed.is_white or outputs != 1:
        return Chosen(None, "")
    margin, norm = deficiency_margin(enclosed.weights, enclosed.target), _norm(enclosed)
    if not margin > 0:
        return Chosen(None, "")
    by_margin, by_norm = square_root(2 * norm * margin / inputs), norm / square_root(arb(inputs))
    certain = min(lower_float(by_margin), lower_float(by_norm))
    return Chosen(rational(certain), f"s = {certain:.4g}, the largest") if certain > 0 else Chosen(None, "")


def _hypotheses(problem: Problem, chosen: Chosen) -> list[Comparison]:
    """What fails first, of several outputs, of no margin, of layers too wide for rationals; else all."""
    outputs, inputs = problem.target.shape
    if outputs != 1:
        return [Comparison(fmpq(outputs), "==", fmpq(1), "number of outputs")]
    if chosen.value is None:
        margin = deficiency_margin(problem.weights, problem.target)
        return [
            Comparison(margin, ">", fmpq(0), "deficiency margin at step 0"),
            Comparison(arb.nan(), ">", fmpq(0), "deviation s that is certain"),
        ]
    if max(problem.dimensions) > WIDEST_EXACT:
        return [Comparison(arb.nan(), "==", fmpq(0), f"balance, decided up to {WIDEST_EXACT} units a layer")]
    stated = theorem_two.hypotheses(problem, chosen.value, fmpq(1, inputs), theorem_two.sharper_learning_rate_limit)
    promised = theorem_two.promised_margin(theorem_two.spread(chosen.value, inputs), _norm(problem))
    return [*stated, theorem_two.has_margin(problem, promised)]


def _enough_steps(problem: Problem, chosen: Chosen, loss: Scalar, accuracy: Scalar) -> int:
    return theorem_two.enough_steps(problem, chosen.value, accuracy) if loss > accuracy else 0


def _bound(problem: Problem, chosen: Chosen, _: Scalar, steps: int) -> Scalar:
    spread = theorem_two.spread(chosen.value, problem.target.shape[1])
    return theorem_two.loss_bound(problem.depth, rational(problem.learning_rate), spread, _norm(problem), steps)


THEOREM_TWO = Guarantee(
    uid="DL-033",
    name="Theorem 2 of Arora et al.",
    promise="l(T) <= Phi_F^2 / 8 exp(Phi_F^{2-2/N} (ln 4 (Phi_F / v)^{2-2/N} - eta T / 4)), v = s^2 d_0",
    choose=_choose_deviation,
    hypotheses=of_white_data(_hypotheses),
    enough_steps=_enough_steps,
    bound=_bound,
    anywhere=False,
)
