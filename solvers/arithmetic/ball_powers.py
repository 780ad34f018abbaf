"""Powers of balls that contain 0.

python-flint's ``ball ** n`` is no number where the midpoint of the ball is 0 and its radius is not, for n = 1 and 2
too: a - b has such a ball wherever a and b have the same midpoint. Products know better.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeVar

from flint import arb

Factor = TypeVar("Factor")


def whole_power(number: Factor, exponent: int) -> Factor:
    """x^n for n >= 1 by products alone, of whatever can be multiplied."""
    if exponent < 1:
        raise ValueError(f"exponent is {exponent}; expected a whole number >= 1")
    if exponent == 1:
        return number
    half = whole_power(number, exponent // 2)
    square: Factor = half * half  # type: ignore[operator]
    return square * number if exponent % 2 else square  # type: ignore[operator]


def ball_power(number: Any, exponent: Fraction) -> Any:
    """x^{p/q} of what is known to be x >= 0, in a ball (or an Interval, which has its own roots) that may reach below 0
    by its radius: it is cut there."""
    if exponent > 0 and isinstance(number, arb) and number.is_finite() and number.contains(0):
        top = number.upper()
        return arb(0).union(ball_power(top, exponent)) if top > 0 else arb(0)
    if exponent.denominator == 1:
        return number**exponent.numerator
    return (number.nonnegative_part() ** abs(exponent.numerator)).root(exponent.denominator) ** (
        1 if exponent > 0 else -1
    )
