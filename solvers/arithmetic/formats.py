"""Binary floating-point formats in exact rationals: their units and limits, and rounding to nearest in any of them.

A format has p significant bits and the exponents e_min to e_max: its normal numbers are (1 + k 2^{1-p}) 2^e, its
subnormal ones k 2^{e_min+1-p}. With u = 2^{-p} every operation that is rounded to nearest gives

    fl(a op b) = (a op b)(1 + d) + e,    |d| <= u,    |e| <= tau,

where tau is 2^{e_min-p}, half the smallest subnormal, and 2^{e_min}, the smallest normal number, where results below
that are flushed to zero. Subnormals that are rounded to p' < p bits are off by up to 2^{e_min-p'}.
Source: IEEE 754-2019; N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., Section 2.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq, fmpz

from solvers.arithmetic.scalars import rational


@dataclass(frozen=True)
class Format:
    """``precision`` is p, ``least`` e_min and ``greatest`` e_max.

    ``product_precision`` is for units that round the factors of a matrix product to fewer bits first, and multiply and
    add in the format itself; None where they do not.
    """

    name: str
    precision: int
    least: int
    greatest: int
    product_precision: int | None = None

    @property
    def unit(self) -> fmpq:
        """u = 2^{-p}, the largest relative error of one rounding to nearest."""
        return fmpq(2) ** -self.precision

    @property
    def product_unit(self) -> fmpq:
        """2^{-p'}, p' the precision to which the factors of matrix products are rounded first; 0 if they are not."""
        return fmpq(0) if self.product_precision is None else fmpq(2) ** -self.product_precision

    @property
    def smallest_normal(self) -> fmpq:
        """2^{e_min}."""
        return fmpq(2) ** self.least

    @property
    def largest(self) -> fmpq:
        """(2 - 2^{1-p}) 2^{e_max}, the largest finite number."""
        return (2 - 2 * self.unit) * fmpq(2) ** self.greatest

    def underflow(self, *, flush: bool) -> fmpq:
        """tau: the largest absolute error of an operation that underflows, the rounding of a product's factors too."""
        return self.smallest_normal * (1 if flush else max(self.unit, self.product_unit))

    def gamma(self, roundings: int) -> fmpq:
        """gamma_n = n u / (1 - n u); |prod_{i<=n} (1 + d_i) - 1| is at most that. ValueError unless n u < 1."""
        return _gamma(roundings, self.unit, self.name)

    def product_gamma(self, roundings: int) -> fmpq:
        """The same of ``roundings`` roundings to ``product_precision`` bits."""
        return _gamma(roundings, self.product_unit, f"the products of {self.name}")

    def nearest(self, number: Any, *, flush: bool = False) -> fmpq:
        """The number of the format nearest to a rational one, of two that are as near the even one.

        With ``flush`` 0 where that is subnormal. Raises OverflowError where it is infinite.
        """
        return _nearest(rational(number), self.precision, self, flush=flush)

    def factor(self, number: Any, *, flush: bool = False) -> fmpq:
        """What a matrix product takes for a factor: the number itself, or rounded to ``product_precision`` bits."""
        if self.product_precision is None:
            return rational(number)
        return _nearest(rational(number), self.product_precision, self, flush=flush)

    def holds(self, number: Any) -> bool:
        """Whether a rational number is one of the format."""
        number = rational(number)
        return abs(number) <= self.largest and bool(self.nearest(number) == number)


FORMATS = {
    each.name: each
    for each in (
        Format("float64", 53, -1022, 1023),
        Format("float32", 24, -126, 127),
        Format("bfloat16", 8, -126, 127),
        Format("float16", 11, -14, 15),
        Format("tf32", 24, -126, 127, product_precision=11),
    )
}
"""By name. ``tf32`` is float32 whose matrix products round their factors to eleven bits first."""


def check_format(format: Any) -> Format:
    """A Format, or the name of one of FORMATS."""
    if isinstance(format, Format):
        return format
    if isinstance(format, str) and format in FORMATS:
        return FORMATS[format]
    kind = ValueError if isinstance(format, str) else TypeError
    raise kind(f"format is {format!r}; expected a Format, or one of {', '.join(FORMATS)}")


def _gamma(roundings: int, unit: fmpq, where: str) -> fmpq:
    product = roundings * unit
    if product >= 1:
        raise ValueError(f"{roundings} roundings in {where} have n u = {float(product):g}; expected n u < 1")
    return product / (1 - product)


def _nearest(number: fmpq, precision: int, limits: Format, *, flush: bool) -> fmpq:
    if number == 0:
        return number
    exponent = max(_exponent(abs(number)), limits.least)
    spacing = fmpq(2) ** (exponent + 1 - precision)
    rounded = _to_even(number / spacing) * spacing
    if abs(rounded) > limits.largest:
        raise OverflowError(f"{float(arb(number)):g} is beyond the range of {limits.name}")
    return fmpq(0) if flush and abs(rounded) < limits.smallest_normal else rounded


def _exponent(number: fmpq) -> int:
    """e with 2^e <= x < 2^{e+1}, of x > 0."""
    exponent = int(number.p.bit_length()) - int(number.q.bit_length())
    return exponent if number >= fmpq(2) ** exponent else exponent - 1


def _to_even(number: fmpq) -> fmpz:
    below = number.floor()
    rest = number - below
    half = fmpq(1, 2)
    return below + (1 if rest > half or (rest == half and int(below) % 2) else 0)
