"""Orthonormal ReLU teachers: from an explicit ball around the truth gradient descent converges at a linear rate.

K units, orthonormal teachers W*, x ~ N(0, I), l(W) = 1/2 E (sum_j s(w_j.x) - sum_j s(w*_j.x))^2. From
||W_0 - W*||_F <= 1/(25K) and with 0 < eta <= 8/(K+4),

    ||W_t - W*||_F  <=  (1 - eta/20)^t ||W_0 - W*||_F.

(DL-049, statement 4.)
"""

from __future__ import annotations

from flint import fmpq


def radius(units: int) -> fmpq:
    """1/(25K)."""
    return fmpq(1, 25 * units)


def learning_rate_limit(units: int, four: int = 4) -> fmpq:
    """8/(K+4); ``four`` stands for the 4."""
    return fmpq(8, units + four)
