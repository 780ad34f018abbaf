"""Theorem 1 for data that are not white (DL-072), in the form that fits a network best; white data are among them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from flint import arb, fmpq

from claims.auditing.guarantees import Chosen, Guarantee
from solvers import Enclosure, Problem, sigma_min
from solvers.arithmetic import Comparison, Scalar, compare, exact, lower_float, rational, square_root, upper_float
from solvers.guarantees import general_data
from solvers.guarantees.general_data import BALANCES, MARGINS, Balance, MarginIn

ROOM = 1 - 2.0**-20
"""Of the largest margin; with so much less of it balls decide whether it is there."""


OF_MARGIN, NO_MARGIN = "|G(0)|_S against the margin", "|G(0)|_S against sqrt(s_d) sigma_min(Phi)"


class Form(NamedTuple):
    """A margin c, where it is measured, and of what there is to be little; ``there`` tells whether c is a margin, or
    there is certainly none, and c is for the other hypotheses."""

    margin: fmpq
    margin_in: MarginIn
    balance: Balance
    there: bool = True

    @property
    def words(self) -> str:
        where = "of W" if self.margin_in == "weights" else "of W S^{1/2}"
        return f"c = {float(self.margin):.4g}, a margin {where}"


def choose_form(enclosed: Problem) -> Chosen:
    """Of the forms whose hypotheses all certainly hold, the learning rate left aside, that of the largest one allowed;
    else the form with the largest c, or with sigma_min(Phi) for c where there is certainly no margin; else nothing."""
    posed = with_covariance(enclosed)
    least, _ = general_data.extreme_eigenvalues(posed.covariance)
    if not least > 0:
        return Chosen(None, "")
    forms = [
        Form(margin, where, balance) for where in MARGINS if (margin := _margin(posed, where)) for balance in BALANCES
    ]
    limits = {form: limit for form in forms if (limit := _limit(posed, form)) is not None}
    if limits:
        best = max(limits, key=lambda form: limits[form])
    elif forms:
        best = max(forms, key=lambda form: float(form.margin))
    else:
        smallest = sigma_min(posed.target)
        if not smallest > 0 or not general_data.room(posed, fmpq(0), "weights") < _distance(posed):
            return Chosen(None, "")
        best = Form(rational(lower_float(smallest)), "weights", "sum", there=False)
        return Chosen(best, f"c = {float(best.margin):.4g}, sigma_min(Phi), the largest of any state")
    return Chosen(best, best.words)


def with_covariance(problem: Problem) -> Problem:
    """The same problem; of white data with the identity for a covariance, in its arithmetic."""
    if problem.covariance is not None:
        return problem
    identity: Any = np.eye(problem.dimensions[0])
    if isinstance(problem.target, Enclosure):
        identity = Enclosure.of(identity)
    elif not problem.is_float64:
        identity = exact(identity)
    return replace(problem, covariance=identity)


def _margin(posed: Problem, where: MarginIn) -> fmpq | None:
    """Nearly the largest c, where it is certainly positive."""
    least, most = map(square_root, general_data.extreme_eigenvalues(posed.covariance))
    if where == "weights":
        value = sigma_min(posed.target) - _distance(posed) / least
    else:
        value = (general_data.room(posed, fmpq(0), where) - _distance(posed)) / most
    return rational(lower_float(value) * ROOM) if value > 0 and lower_float(value) > 0 else None


def _distance(posed: Problem) -> Scalar:
    """|G|_S."""
    return square_root(2 * general_data.excess(posed))


def _hypotheses(posed: Problem, form: Form) -> list[Comparison]:
    return general_data.hypotheses(posed, form.margin, balance=form.balance, margin_in=form.margin_in)


def _limit(posed: Problem, form: Form) -> float | None:
    """The learning rate's, where all other hypotheses certainly hold."""
    found = _hypotheses(posed, form)
    network = [compare(each) for each in found if not each.sentence.startswith("learning rate")]
    return lower_float(found[-1].right) if all(verdict.holds for verdict in network) else None


def _stated(problem: Problem, chosen: Chosen) -> list[Comparison]:
    """The hypotheses of the chosen form. Where none was, S may be singular, which is decided; or S or the margin too
    small for float64 to tell, which is not."""
    posed = with_covariance(problem)
    form: Form | None = chosen.value
    if form is not None and form.there:
        return _hypotheses(posed, form)
    room = Comparison(_distance(posed), "<", general_data.room(posed, fmpq(0), "weights"), NO_MARGIN)
    if form is not None:
        return [room, *(each for each in _hypotheses(posed, form) if each.sentence != OF_MARGIN)]
    least, _ = general_data.extreme_eigenvalues(posed.covariance)
    return [
        Comparison(least, ">", fmpq(0), "least eigenvalue of the covariance"),
        room,
        Comparison(arb.nan(), ">", fmpq(0), "margin c that is certain"),
    ]


def _decay(problem: Problem, chosen: Chosen) -> Scalar:
    """eta s_d c^{2-2/N}."""
    least, _ = general_data.extreme_eigenvalues(with_covariance(problem).covariance)
    decay: Scalar = general_data.decay_exponent(problem.depth, chosen.value.margin, least)
    return rational(problem.learning_rate) * decay


def _steps(problem: Problem, chosen: Chosen, loss: Scalar, accuracy: Scalar) -> int:
    if not loss > accuracy:
        return 0
    return max(0, math.ceil(upper_float(arb(loss / accuracy).log() / _decay(problem, chosen))))


DATA = Guarantee(
    uid="DL-072",
    name="Theorem 1, any data",
    promise="l(T) <= (1 - eta s_d c^{2-2/N})^T l(0)",
    choose=choose_form,
    hypotheses=_stated,
    enough_steps=_steps,
    bound=lambda problem, chosen, loss, steps: loss * (1 - arb(_decay(problem, chosen))) ** steps,
)
