"""Verdicts: floats propose, exact arithmetic decides, and what is undecided never passes.

A statement is a function from an instance (a :class:`solvers.Problem`, say) to a :class:`Comparison` of two scalars.
:func:`decide` evaluates the same function first in float64 that bounds its own rounding (:class:`solvers.Enclosure`),
and where that does not settle it in exact rationals, with balls of growing precision for the roots. What balls of the
last precision leave open may be a tie: then the roots are algebraic numbers, whose ties are decided. :func:`compare`
compares two numbers as they are. Whoever counts verdicts is told of each (:data:`OBSERVERS`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, NamedTuple, Protocol, Self, TypeVar

import numpy as np
from flint import arb, ctx, fmpq

from solvers.arithmetic.algebraic import Algebraic, NotAlgebraicError, algebraic_numbers
from solvers.arithmetic.rounding import floats_decide, refusal
from solvers.arithmetic.scalars import Scalar

Relation = Literal["<=", "<", ">=", ">", "=="]

PRECISIONS = (64, 256, 1024, 4096)
"""Bits of the balls, tried in turn."""


class Instance(Protocol):
    """What a statement is about, in the arithmetics that decide: the same numbers exactly, and where they are float64
    also enclosed."""

    @property
    def is_float64(self) -> bool: ...

    def exact(self) -> Self: ...

    def enclosed(self) -> Self: ...


AnInstance = TypeVar("AnInstance", bound=Instance)


class Comparison(NamedTuple):
    """What a statement says of a problem: ``left relation right``, and in words."""

    left: Scalar
    relation: Relation
    right: Scalar
    sentence: str


def attained(said: Comparison, part: Any = 0) -> Comparison:
    """|left - right| <= ``part`` |right|: that the two sides of an inequality are equal, or as near as that.

    A control shows that a stronger constant fails; this, at the same instance, that the stated one is no weaker than
    it looks.
    """
    left: Any = said.left
    right: Any = said.right
    sentence = f"{said.sentence}: attained"
    return said._replace(left=abs(left - right), relation="<=", right=part * abs(right), sentence=sentence)


class Outcome(Enum):
    """The three answers."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"


@dataclass(frozen=True, repr=False)
class Verdict:
    """An outcome with the two numbers compared, a sentence, and the arithmetic that decided.

    Assert ``verdict.holds`` or ``verdict.fails``; a verdict itself has no truth value, so that "undecided" cannot pass.
    """

    outcome: Outcome
    left: float
    relation: Relation
    right: float
    sentence: str
    arithmetic: str

    @property
    def holds(self) -> bool:
        return self.outcome is Outcome.HOLDS

    @property
    def fails(self) -> bool:
        return self.outcome is Outcome.FAILS

    def __bool__(self) -> bool:
        raise TypeError("a Verdict has no truth value; assert verdict.holds or verdict.fails")

    def __repr__(self) -> str:
        return (
            f"{self.sentence}: {self.left:.17g} {self.relation} {self.right:.17g} {self.outcome.value} "
            f"({self.arithmetic})"
        )


OBSERVERS: list[Callable[[Verdict], object]] = []
"""Told of every verdict that is given, and of none that is only on the way to one; nobody, unless somebody enters."""


def compare(comparison: Comparison, arithmetic: str = "exact rationals and balls") -> Verdict:
    """The verdict on two exact scalars (``fmpq``, ``arb``, ``Algebraic``); TypeError for floats, which decide none."""
    verdict = _compared(comparison, arithmetic)
    _tell([verdict])
    return verdict


def _compared(comparison: Comparison, arithmetic: str) -> Verdict:
    left, relation, right, sentence = comparison
    for side in (left, right):
        if not isinstance(side, fmpq | arb | Algebraic):
            raise TypeError(f"{sentence}: a side is a {type(side).__name__}; expected fmpq, arb or Algebraic")
    outcome = _outcome(left, relation, right)
    return Verdict(outcome, _shown(left), relation, _shown(right), sentence, arithmetic)


def _tell(verdicts: list[Verdict]) -> None:
    for observer in OBSERVERS:
        for verdict in verdicts:
            observer(verdict)


def _shown(number: Scalar) -> float:
    """For people to read; infinite beyond float64's range, where ``float`` of a rational would raise."""
    return float(number if isinstance(number, Algebraic) else arb(number))


def decide(statement: Callable[[AnInstance], Comparison], problem: AnInstance) -> Verdict:
    """The verdict on ``statement`` for a float64 or exact problem; undecided only beyond the last precision, and where
    what remains is no tie of algebraic numbers."""
    return decide_all(lambda posed: [statement(posed)], problem)[0]


def decide_all(statements: Callable[[AnInstance], list[Comparison]], problem: AnInstance) -> list[Verdict]:
    """One verdict for each comparison that ``statements`` makes of a problem, the same number of them always.

    Floats decide nothing in a thread that rounds otherwise than their bounds assume; the arithmetic then says so.
    """
    verdicts: list[Verdict] = []
    if problem.is_float64 and floats_decide():
        verdicts = _evaluated(lambda: statements(problem.enclosed()), PRECISIONS[0], "float64 with a rounding bound")
    refused = f"; {refusal()}" if problem.is_float64 and not verdicts else ""
    return _settled(lambda: statements(problem.exact()), verdicts, refused)


def violated_by(statements: Callable[[AnInstance], list[Comparison]], problem: AnInstance) -> dict[str, Verdict]:
    """The verdicts that fail, by their sentences; ArithmeticError where one is undecided, which is no answer."""
    verdicts = decide_all(statements, problem)
    for verdict in verdicts:
        if verdict.outcome is Outcome.UNDECIDED:
            raise ArithmeticError(f"undecided beyond {PRECISIONS[-1]} bits: {verdict!r}")
    return {verdict.sentence: verdict for verdict in verdicts if verdict.fails}


def settle(statement: Callable[[], Comparison]) -> Verdict:
    """The verdict on a statement of exact numbers that are not a problem's, evaluated at growing precision."""
    return _settled(lambda: [statement()], [])[0]


def _settled(statements: Callable[[], list[Comparison]], verdicts: list[Verdict], refused: str = "") -> list[Verdict]:
    """``verdicts``, with the undecided ones (all, where there are none yet) settled at growing precision."""
    for bits in PRECISIONS:
        if verdicts and all(verdict.outcome is not Outcome.UNDECIDED for verdict in verdicts):
            break
        again = _evaluated(statements, bits, f"rationals with balls of {bits} bits{refused}")
        verdicts = [
            now if before.outcome is Outcome.UNDECIDED else before
            for before, now in zip(verdicts or again, again, strict=True)
        ]
    verdicts = _ties_decided(statements, verdicts, refused)
    _tell(verdicts)
    return verdicts


def _ties_decided(statements: Callable[[], list[Comparison]], verdicts: list[Verdict], refused: str) -> list[Verdict]:
    """The verdicts, where undecided ones are of algebraic numbers with those decided."""
    if all(verdict.outcome is not Outcome.UNDECIDED for verdict in verdicts):
        return verdicts
    try:
        with algebraic_numbers(), ctx.workprec(PRECISIONS[-1]):
            return [
                before if before.outcome is not Outcome.UNDECIDED else _of_algebraic(comparison, before, refused)
                for before, comparison in zip(verdicts, statements(), strict=True)
            ]
    except NotAlgebraicError:  # a formula with logarithms, say, of which balls have had the last word
        return verdicts


def _of_algebraic(comparison: Comparison, before: Verdict, refused: str) -> Verdict:
    try:
        verdict = _compared(comparison, f"algebraic numbers{refused}")
    except NotAlgebraicError:
        return before
    return before if verdict.outcome is Outcome.UNDECIDED else verdict


def _evaluated(statements: Callable[[], list[Comparison]], bits: int, arithmetic: str) -> list[Verdict]:
    with ctx.workprec(bits), np.errstate(over="ignore", invalid="ignore"):  # what overflows decides nothing
        return [_compared(comparison, arithmetic) for comparison in statements()]


def _outcome(left: Scalar, relation: Relation, right: Scalar) -> Outcome:
    if relation == "==":
        if left == right:
            return Outcome.HOLDS
        return Outcome.FAILS if left < right or left > right else Outcome.UNDECIDED
    if relation in (">=", ">"):
        left, right = right, left
    if relation in ("<=", ">="):
        certainly, certainly_not = left <= right, left > right
    else:
        certainly, certainly_not = left < right, left >= right
    if certainly:
        return Outcome.HOLDS
    return Outcome.FAILS if certainly_not else Outcome.UNDECIDED
