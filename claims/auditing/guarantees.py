"""What a guarantee is to an audit: one row a theorem, and a new theorem is a new row (:mod:`~claims.auditing.known`).

A row says what is left to choose in the theorem (a margin c), and how, and has its hypotheses as comparisons: those
whose sentence begins with "learning rate" are of the learning rate, all others of the network. Hypotheses, limits,
rates and numbers of steps are those of :mod:`solvers.guarantees`, where strategies and claims have them too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from flint import fmpq

from solvers import Enclosure, Problem, frobenius_squared
from solvers.arithmetic import Comparison, Scalar, exact


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
