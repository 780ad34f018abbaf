"""The rounding of float64: its unit, its smallest number, and what n roundings come to.

Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., Section 3.1.
"""

from __future__ import annotations

UNIT = 2.0**-53
"""u, the largest relative error of one rounding to nearest."""

TINY = 2.0**-1074
"""The smallest subnormal, the largest error of a product that underflows."""


def gamma(operations: int) -> float:
    """gamma_n = n u / (1 - n u), rounded up."""
    return operations * UNIT / (1 - operations * UNIT) * (1 + 4 * UNIT)
