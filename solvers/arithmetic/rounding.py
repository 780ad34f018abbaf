"""The rounding of float64: its unit, its smallest number, what n roundings come to, and whether this thread rounds so.

Every bound here is one of IEEE 754's arithmetic with rounding to nearest. A processor may be set to another: libraries
that are built with -ffast-math, and functions like ``torch.set_flush_denormal``, let it take subnormal numbers for
zeros, and then 2^-515 * 2^-515 > 0 is false. The setting is of a thread, and a new thread takes over that of the one
that starts it. So :func:`check_floats` asks the thread that is about to rely on a bound, at every operation of an
:class:`~solvers.arithmetic.Enclosure` or an :class:`~solvers.arithmetic.Interval` and at every certified run, and takes
a tenth of a microsecond. BLAS's own threads, which large products use, are not asked: they have the setting of the
thread that imported NumPy.

Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., Section 3.1; IEEE 754-2019, Section 4.3.
"""

from __future__ import annotations

import math

UNIT = math.ldexp(1.0, -53)
"""u, the largest relative error of one rounding to nearest."""

TINY = math.nextafter(0.0, 1.0)  # as 2.0**-1074 it would be 0 for ever once a thread that flushes had compiled it
"""The smallest subnormal, the largest error of a product that underflows."""

_ONE, _ODD, _EVEN = 1.0, 1.0 + 2 * UNIT, 1.0 + 4 * UNIT
_NORMAL, _HALF, _ZERO = math.ldexp(1.0, -1022), 0.5, 0.0


def gamma(operations: int) -> float:
    """gamma_n = n u / (1 - n u), rounded up."""
    return operations * UNIT / (1 - operations * UNIT) * (1 + 4 * UNIT)


def rounds_to_nearest() -> bool:
    """Whether this thread's float64 rounds to nearest, and of two that are as near to the even one."""
    return _ONE + UNIT == _ONE and _ODD + UNIT == _EVEN


def keeps_subnormals() -> bool:
    """Whether this thread's float64 has numbers below 2^-1022, as results and as operands."""
    return _NORMAL * _HALF != _ZERO


def floats_decide() -> bool:
    """Whether the bounds on rounding are ones in this thread."""
    return rounds_to_nearest() and keeps_subnormals()


def check_floats() -> None:
    """FloatingPointError, with what is wrong, where float64 decides nothing in this thread."""
    if not floats_decide():
        raise FloatingPointError(f"{refusal()}; expected IEEE 754's arithmetic, as a thread has it from the start")


def refusal() -> str:
    """Why float64 decides nothing in this thread."""
    fault = "takes subnormal numbers for zeros" if rounds_to_nearest() else "does not round to nearest"
    return f"float64 is refused: this thread {fault}"
