"""What balls can say of an equality: that both sides certainly differ by less than AGREEMENT.

Two balls never prove an equality. The sides are functions, evaluated anew at each precision, so that a ball that is too
wide is no refusal yet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from solvers.arithmetic import Comparison, Verdict, settle

AGREEMENT = fmpq(1, 2**60)
"""Of numbers of the size of 1: beyond the digits of float64."""


def agree(one: Callable[[], Any], other: Callable[[], Any], sentence: str = "both sides differ by") -> Verdict:
    """Whether two numbers of the size of 1 certainly differ by less than AGREEMENT; fails where certainly by more."""
    return settle(lambda: Comparison(abs(arb(one()) - arb(other())), "<", AGREEMENT, sentence))


def all_agree(one: Callable[[], Any], other: Callable[[], Any], sentence: str = "entries differ by at most") -> Verdict:
    """The same of arrays of one shape: the largest difference of two entries."""

    def largest() -> arb:
        found = arb(0)
        for a, b in zip(one().ravel(), other().ravel(), strict=True):
            found = found.max(abs(arb(a) - arb(b)))
        return found

    return settle(lambda: Comparison(largest(), "<", AGREEMENT, sentence))
