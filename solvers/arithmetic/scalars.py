"""The exact arithmetics: rationals and balls, and the roots between them.

Scalars that decide are ``flint.fmpq`` (exact) or ``flint.arb`` (a ball that certainly contains the number, at the
precision of ``flint.ctx``). A root of a rational stays rational where it can. Where no ball decides, roots are
algebraic numbers (:mod:`~solvers.arithmetic.algebraic`), which are exact and slow.
"""

from __future__ import annotations

import math
import struct
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from flint import arb, fmpq, fmpz
from numpy.typing import NDArray

from solvers.arithmetic import algebraic
from solvers.arithmetic.algebraic import Algebraic
from solvers.arithmetic.ball_powers import ball_power
from solvers.arithmetic.rounding import check_floats

Scalar: TypeAlias = fmpq | arb
ObjectArray: TypeAlias = NDArray[np.object_]


def rational(number: float | int | Fraction | fmpq) -> fmpq:
    """The number itself as an exact rational; a finite float is a dyadic one.

    Raises ValueError for NaN and infinities, TypeError for what is not a real number, and FloatingPointError for a
    subnormal number where this thread takes it for zero.
    """
    if isinstance(number, fmpq):
        return number
    if isinstance(number, np.integer):  # has no as_integer_ratio, unlike NumPy's floats
        return fmpq(int(number))
    if not hasattr(number, "as_integer_ratio"):
        raise TypeError(f"number is {number!r}; expected a rational number, or a float")
    try:
        numerator, denominator = number.as_integer_ratio()
    except (ValueError, OverflowError):
        raise ValueError(f"{number} is not a rational number; expected a finite one") from None
    if not numerator and isinstance(number, float) and any(struct.pack("d", abs(number))):
        check_floats()
    return fmpq(int(numerator), int(denominator))


def exact(matrix: Any) -> ObjectArray:
    """The same matrix with entries in ``fmpq``; from float64, integers, ``Fraction`` or ``fmpq`` entries."""
    return _entrywise(rational, matrix)


def balls(matrix: Any) -> ObjectArray:
    """The same matrix with entries in ``arb`` at the current precision."""
    return _entrywise(lambda number: arb(rational(number)), matrix)


def nearest(matrix: Any) -> NDArray[np.float64]:
    """The float64 matrix nearest to an exact one (or to the midpoints of balls)."""
    return np.asarray(_entrywise(float, matrix), dtype=np.float64)


def _entrywise(function: Any, matrix: Any) -> ObjectArray:
    source = np.asarray(matrix)
    result = np.empty(source.shape, dtype=object)
    for place in np.ndindex(source.shape):
        result[place] = function(source[place])
    return result


def square_root(number: Scalar) -> Scalar:
    """sqrt(x) for x >= 0: a rational if x is the square of one, else a ball (or an algebraic number, where asked)."""
    return power(number, Fraction(1, 2))


def power(number: Scalar | Algebraic, exponent: Fraction | int) -> Scalar:
    """x^{p/q} for x >= 0, rational when x^p is a q-th power of a rational, else a ball; 0^0 = 1. Inside
    ``algebraic_numbers`` an algebraic number in place of the ball.

    Raises ValueError for a rational x < 0, ZeroDivisionError for x = 0 and a negative exponent.

    A ball may reach below zero by its radius: what is known to be non-negative is cut there, as sigma_min is.
    """
    exponent = Fraction(exponent)
    if isinstance(number, fmpq):
        if number < 0:
            raise ValueError(f"power of {number}, a negative number; expected one >= 0")
        rational_root = _rational_root(number**exponent.numerator, exponent.denominator) if number != 0 else None
        if number == 0:
            if exponent < 0:
                raise ZeroDivisionError(f"power of 0 with exponent {exponent}; expected an exponent >= 0")
            return fmpq(1) if exponent == 0 else fmpq(0)
        if rational_root is not None:
            return rational_root
        number = Algebraic.of(number) if algebraic.ACTIVE.get() else arb(number)
    found: Any = number.power(exponent) if isinstance(number, Algebraic) else ball_power(number, exponent)
    return found  # type: ignore[no-any-return]


def _rational_root(number: fmpq, degree: int) -> fmpq | None:
    roots = [_integer_root(part, degree) for part in (number.p, number.q)]
    return None if roots[0] is None or roots[1] is None else fmpq(roots[0], roots[1])


def _integer_root(number: fmpz, degree: int) -> fmpz | None:
    root = number if degree == 1 else number.root(degree)
    return root if root**degree == number else None


def lower_float(number: Scalar) -> float:
    """A float certainly <= x, the nearest or next to it. FloatingPointError where that may be one which is flushed."""
    return _outward(number, arb.lower, -np.inf)


def upper_float(number: Scalar) -> float:
    """A float certainly >= x, the nearest or next to it."""
    return _outward(number, arb.upper, np.inf)


def _outward(number: Scalar, end: Any, direction: float) -> float:
    ball = arb(number)
    bound = end(ball)
    candidate = float(bound)
    if candidate == 0 and bound != 0:
        check_floats()
    beyond = arb(candidate) - bound if direction > 0 else bound - arb(candidate)
    return candidate if beyond >= 0 else math.nextafter(candidate, direction)
