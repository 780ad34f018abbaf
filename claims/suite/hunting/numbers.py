"""Numbers that a conjecture computes with: a comparison is True or False only where that is certain.

A :class:`Number` is an exact rational (``fmpq``), a ball (``arb``) or, in the run that is only told about, a float64.
Where a ball does not decide a comparison :class:`Undecided` goes up through the user's predicate, whatever it is, to
:mod:`claims.suite.hunting.conjecture`, which tries again with more bits. So ``and``, ``or``, ``any``, ``max`` and
``if`` mean what they mean in Python, and none of them can take "undecided" for an answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from typing import Any, NamedTuple, SupportsIndex, TypeAlias

import numpy as np
from flint import arb, fmpq

from solvers.arithmetic import Comparison, Outcome, compare, rational
from solvers.arithmetic import power as exact_power
from solvers.arithmetic.verdict import Relation

Value: TypeAlias = fmpq | arb | float


class Undecided(BaseException):
    """A comparison that the arithmetic in use does not settle. More bits may; no ``except Exception`` stops it."""


class Fact(NamedTuple):
    """A comparison that was decided on the way, as it holds, and its two sides."""

    text: str
    left: float
    right: float


FACTS: ContextVar[dict[str, Fact] | None] = ContextVar("FACTS", default=None)
LONGEST_RANGE = 10**6
LONGEST_POWER = 1 << 24
"""Bits of a power, which is more than anything that a run has."""
NEVER_NEGATIVE = re.compile(r"(loss|imbalance|sigma_min|gradient_norm)\[\d+\]|target_norm|target_sigma_min")
OPPOSITES = {"<=": ">", "<": ">=", ">=": "<", ">": "<=", "==": "!=", "!=": "=="}


@contextmanager
def recorded() -> Iterator[dict[str, Fact]]:
    """Keep every comparison that is decided inside, once each, with the expressions on both sides."""
    facts: dict[str, Fact] = {}
    token = FACTS.set(facts)
    try:
        yield facts
    finally:
        FACTS.reset(token)


class Number:
    """A real number with what it is called, where facts are recorded."""

    __slots__ = ("text", "value")
    __hash__ = None  # type: ignore[assignment]  # equality may be undecided

    def __init__(self, value: Value, text: str = "") -> None:
        self.value = value
        self.text = text

    @classmethod
    def of(cls, number: Any) -> Number:
        """An exact number from an int, Fraction, decimal text or finite float; TypeError or ValueError for others."""
        if isinstance(number, Number):
            return number
        if isinstance(number, str):
            number = Fraction(number)
        if hasattr(number, "taken_for_one"):
            number.taken_for_one()  # says what it is
        if isinstance(number, bool | np.bool_):
            raise TypeError(f"{number} is not a number; expected one")
        if isinstance(number, float | np.floating) and not math.isfinite(number):
            raise ValueError(f"{number} meets an exact number; expected a finite one, since nothing follows from it")
        value = rational(number)
        shown = str(value) if value.q == 1 and value >= 0 else f"({value})"
        return cls(value, shown)

    def __add__(self, other: Any) -> Number:
        return self._with(other, "+", lambda a, b: a + b)

    def __radd__(self, other: Any) -> Number:
        return _lifted(other)._with(self, "+", lambda a, b: a + b)

    def __sub__(self, other: Any) -> Number:
        return self._with(other, "-", lambda a, b: a - b)

    def __rsub__(self, other: Any) -> Number:
        return _lifted(other)._with(self, "-", lambda a, b: a - b)

    def __mul__(self, other: Any) -> Number:
        return self._with(other, "*", lambda a, b: a * b)

    def __rmul__(self, other: Any) -> Number:
        return _lifted(other)._with(self, "*", lambda a, b: a * b)

    def __truediv__(self, other: Any) -> Number:
        return self._with(other, "/", _quotient)

    def __rtruediv__(self, other: Any) -> Number:
        return _lifted(other)._with(self, "/", _quotient)

    def __pow__(self, other: Any) -> Number:
        return self._with(other, "**", _power)

    def __rpow__(self, other: Any) -> Number:
        return _lifted(other)._with(self, "**", _power)

    def _with(self, other: Any, sign: str, operation: Callable[[Any, Any], Any]) -> Number:
        if isinstance(other, np.ndarray):
            return NotImplemented  # type: ignore[no-any-return]  # NumPy goes on, entry by entry
        right = _lifted(other)
        a, b = self.value, right.value
        if isinstance(a, float) or isinstance(b, float):
            a, b = _float(a), _float(b)
        text = f"({self.text} {sign} {right.text})" if FACTS.get() is not None else ""
        try:
            return Number(operation(a, b), text)
        except ZeroDivisionError:
            raise ZeroDivisionError(_divided_by(right.text if sign == "/" else self.text)) from None

    def __neg__(self) -> Number:
        return Number(-self.value, f"(-{self.text})")

    def __pos__(self) -> Number:
        return self

    def __abs__(self) -> Number:
        value: Any = self.value
        return Number(abs(value), f"abs({self.text})")

    def sqrt(self) -> Number:
        """The square root of a number >= 0 (``np.sqrt`` of an array asks for it)."""
        return Number(_power(self.value, fmpq(1, 2)), f"sqrt({self.text})")

    def __lt__(self, other: Any) -> bool:
        return self._compared("<", other)

    def __le__(self, other: Any) -> bool:
        return self._compared("<=", other)

    def __gt__(self, other: Any) -> bool:
        return self._compared(">", other)

    def __ge__(self, other: Any) -> bool:
        return self._compared(">=", other)

    def __eq__(self, other: Any) -> bool:
        return self._compared("==", other)

    def __ne__(self, other: Any) -> bool:
        return self._compared("!=", other)

    def _compared(self, relation: str, other: Any) -> bool:
        if isinstance(other, np.ndarray):
            return NotImplemented  # type: ignore[no-any-return]
        right = _lifted(other)
        holds = _certainly(self.value, relation, right.value)
        facts = FACTS.get()
        if facts is not None:
            text = f"{_bare(self.text)} {relation if holds else OPPOSITES[relation]} {_bare(right.text)}"
            facts[text] = Fact(text, _float(self.value), _float(right.value))
        return holds

    def __index__(self) -> int:
        if not isinstance(self.value, fmpq) or self.value.q != 1:
            raise TypeError(f"{self!r} is not a whole number; expected one as an index")
        return int(self.value.p)

    __int__ = __index__

    def __float__(self) -> float:
        raise TypeError(
            "a number of the run does not turn into a float, whose rounding would then decide; "
            "use + - * / **, abs, and sqrt of claims.suite.hunting"
        )

    def __bool__(self) -> bool:
        raise TypeError("a number is neither true nor false; compare it, as in loss[1] <= loss[0]")

    def __repr__(self) -> str:
        return f"{_float(self.value):.6g}" if isinstance(self.value, float | arb) else str(self.value)


def sqrt(number: Any) -> Number:
    """The square root of a number >= 0: rational where it is, else a ball."""
    return _lifted(number).sqrt()


def whole_range(*ends: SupportsIndex) -> list[Number]:
    """``range`` in expressions: its numbers are exact, so that t / (t + 1) is."""
    found = range(*(int(end.__index__()) for end in ends))
    if len(found) > LONGEST_RANGE:
        raise ValueError(f"a range of {len(found)} numbers; expected at most {LONGEST_RANGE}")
    return [Number.of(t) for t in found]


def exact_len(values: Sized) -> Number:
    """``len`` in expressions."""
    return Number.of(len(values))


def exact_enumerate(values: Iterable[Any], start: Any = 0) -> Iterator[tuple[Number, Any]]:
    """``enumerate`` in expressions."""
    return ((Number.of(k), value) for k, value in enumerate(values, start))


def exact_sum(values: Iterable[Any], start: Any = 0) -> Any:
    """``sum`` in expressions: how many are true is exact too."""
    total = sum(values, start)
    return Number.of(int(total)) if isinstance(total, int) else total


def _lifted(number: Any) -> Number:
    return Number.of(number)


def _float(value: Value) -> float:
    return value if isinstance(value, float) else float(arb(value))


def _bare(text: str) -> str:
    """Without the outermost parentheses of an operation; those of a fraction or a sign go as well."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    level = 0
    for place, letter in enumerate(text):
        level += (letter == "(") - (letter == ")")
        if level == 0 and place < len(text) - 1:
            return text
    return text[1:-1]


def _divided_by(text: str) -> str:
    """What to do about a zero that goes by this name; numbers that are computed have none."""
    if not re.search("[a-z]", text) or "(" in text:
        return "the divisor is 0; leave such problems out, as with --given 'loss[0] > 0'"
    return f"{text} is 0; leave such problems out: --given '{text} {'>' if NEVER_NEGATIVE.fullmatch(text) else '!='} 0'"


def _quotient(a: Any, b: Any) -> Value:
    return a / b  # type: ignore[no-any-return]


def _power(base: Any, exponent: Any) -> Value:
    if isinstance(base, float):
        if base < 0 and exponent != int(exponent):
            raise ValueError(f"{base:.6g} ** {exponent}: a root of a negative number")
        return float(base**exponent)
    if isinstance(exponent, arb):
        return (arb(base).log() * exponent).exp()
    if isinstance(base, fmpq) and abs(base) != 1 and base.height_bits() * abs(exponent) > LONGEST_POWER:
        raise ValueError(f"a power of more than {LONGEST_POWER} bits; expected smaller exponents")
    if exponent.q == 1:
        return base ** int(exponent.p)  # type: ignore[no-any-return]
    if base < 0:
        raise ValueError(f"{_float(base):.6g} ** ({exponent}): a root of a negative number")
    if not base >= 0:
        raise Undecided
    return exact_power(base, Fraction(int(exponent.p), int(exponent.q)))


def _certainly(left: Value, relation: str, right: Value) -> bool:
    """Whether the relation holds; Undecided where the balls overlap, or a float of the run is not a number."""
    if relation == "!=":
        return not _certainly(left, "==", right)
    if isinstance(left, float) or isinstance(right, float):
        a, b = _float(left), _float(right)
        if math.isnan(a) or math.isnan(b):
            raise Undecided
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b}[relation]
    known: dict[str, Relation] = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=="}
    outcome = compare(Comparison(left, known[relation], right, "")).outcome
    if outcome is Outcome.UNDECIDED:
        raise Undecided
    return outcome is Outcome.HOLDS
