"""Arrays of float64 intervals: many numbers enclosed at once, each end rounded outward.

Raises FloatingPointError in a thread whose float64 does not round to nearest (:mod:`~solvers.arithmetic.rounding`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.arithmetic.rounding import check_floats
from solvers.arithmetic.scalars import lower_float, upper_float

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """Arrays of numbers, each certainly in [low, high]; every operation rounds outward. NaN where nothing is known."""

    low: FloatArray
    high: FloatArray

    __array_ufunc__ = None  # so that an array times an interval is the interval's business

    def __post_init__(self) -> None:
        check_floats()

    @classmethod
    def of(cls, value: Any) -> Interval:
        """An interval as it is; float64 numbers; a rational, outward."""
        if isinstance(value, Interval):
            return value
        if isinstance(value, np.ndarray | float | int):
            return cls(np.asarray(value, dtype=np.float64), np.asarray(value, dtype=np.float64))
        return cls(np.asarray(lower_float(value)), np.asarray(upper_float(value)))

    @classmethod
    def outward(cls, *candidates: Any) -> Interval:
        """From the least to the largest of computed candidates, each within one rounding of its number."""
        low, high = reduce(np.minimum, candidates), reduce(np.maximum, candidates)
        return cls(np.nextafter(low, -np.inf), np.nextafter(high, np.inf))

    def __add__(self, other: Any) -> Interval:
        other = Interval.of(other)
        return Interval(np.nextafter(self.low + other.low, -np.inf), np.nextafter(self.high + other.high, np.inf))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Any) -> Interval:
        return self + (-Interval.of(other))

    def __rsub__(self, other: Any) -> Interval:
        return Interval.of(other) + (-self)

    def __mul__(self, other: Any) -> Interval:
        other = Interval.of(other)
        return Interval.outward(*(a * b for a in (self.low, self.high) for b in (other.low, other.high)))

    def __truediv__(self, other: Any) -> Interval:
        other = Interval.of(other)
        positive = other.low > 0
        low, high = np.where(positive, other.low, np.nan), np.where(positive, other.high, np.nan)
        return Interval.outward(*(a / b for a in (self.low, self.high) for b in (low, high)))

    def __rtruediv__(self, other: Any) -> Interval:
        return Interval.of(other) / self

    def __pow__(self, exponent: int) -> Interval:
        if exponent < 0:
            return 1 / self**-exponent
        return reduce(lambda product, _: product * self, range(exponent), Interval.of(1.0))

    __radd__ = __add__
    __rmul__ = __mul__

    def nonnegative_part(self) -> Interval:
        """Cut at zero, for what is known not to be negative."""
        return Interval(np.maximum(self.low, 0.0), np.maximum(self.high, 0.0))

    def root(self, degree: int) -> Interval:
        """x^{1/degree} of x >= 0: proposed by pow, confirmed by multiplication; with room where that is subnormal."""
        low = np.maximum(self.low, 0.0) ** (1 / degree) * (1 - 2.0**-45)
        high = self.high ** (1 / degree) * np.where(self.high < 2.0**-1000, 2.0, 1 + 2.0**-45)
        sure_low = (Interval.of(low) ** degree).high <= self.low
        sure_high = ((Interval.of(high) ** degree).low >= self.high) | (self.high == 0)
        return Interval(np.where(sure_low, low, 0.0), np.where(sure_high, high, np.inf))
