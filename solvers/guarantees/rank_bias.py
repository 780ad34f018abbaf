"""The bias to low rank: how little the flow of balanced layers lets a mode grow while another one grows more.

A singular value of the product of N balanced layers has sigma' = -N sigma^{2-2/N} h, h the loss's slope along the mode,
so that the integral of -h over time is

    tau(a, b) = int_a^b dx / (N x^{2-2/N})  =  b - a,                         N = 1,
                                               ln(b / a) / 2,                 N = 2,
                                               (a^{-p} - b^{-p}) / (N - 2),   N >= 3,   p = 1 - 2/N,

as sigma goes from a to b. If two modes start from sigma_0 and -h of the first is at least k times that of the second
then tau(sigma_0, sigma_1) >= k tau(sigma_0, sigma_2), which bounds sigma_2 by sigma_1; for N >= 3 and k > 1 by a
multiple of sigma_0, however large sigma_1. (DL-067.)
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from solvers.arithmetic import Scalar, power
from solvers.network.checks import check_depth


def effort(start: Scalar, end: Scalar, depth: int) -> Scalar:
    """tau(a, b) for a, b > 0 (for N = 1 any), a rational or a ball."""
    count = check_depth(depth)
    if count == 1:
        return end - start
    _check_positive(start=start, end=end)
    if count == 2:
        return arb(end / start).log() / 2
    p = 1 - Fraction(2, count)
    return (power(start, -p) - power(end, -p)) / (count - 2)


def at_effort(start: Scalar, spent: Scalar, depth: int) -> Scalar:
    """The b with tau(a, b) = ``spent``; ValueError where there is none, for N >= 3 and tau >= a^{-p} / (N - 2): sigma
    is infinite by then."""
    count = check_depth(depth)
    if count == 1:
        return start + spent
    _check_positive(start=start)
    if count == 2:
        return start * (2 * arb(spent)).exp()
    p = 1 - Fraction(2, count)
    rest = power(start, -p) - (count - 2) * spent
    if not rest > 0:
        raise ValueError(f"spent is {spent}; expected less than start^(2/N - 1) / (N - 2), where sigma is infinite")
    return power(rest, -1 / p)


def smaller_mode(larger: Scalar, start: Scalar, ratio: fmpq, depth: int) -> Scalar:
    """The most that sigma_2 can be where sigma_1 is ``larger``, both from ``start`` = sigma_0, k = ``ratio`` > 0:

    N = 1:   sigma_0 + (sigma_1 - sigma_0) / k,
    N = 2:   sigma_0 (sigma_1 / sigma_0)^{1/k},
    N >= 3:  ((1 - 1/k) sigma_0^{-p} + sigma_1^{-p} / k)^{-1/p}.

    Raises ValueError where k < 1 and the last bracket is not positive: then sigma_2 has no bound.
    """
    _check_positive(ratio=ratio)
    return at_effort(start, effort(start, larger, depth) / ratio, depth)


def ceiling(start: Scalar, ratio: fmpq, depth: int) -> Scalar:
    """(1 - 1/k)^{-N/(N-2)} sigma_0, which sigma_2 never reaches, however large sigma_1; N >= 3, k > 1."""
    count = check_depth(depth)
    if count < 3:
        raise ValueError(f"depth is {depth}; expected at least 3, since sigma_2 is unbounded for one and two layers")
    if not ratio > 1:
        raise ValueError(f"ratio is {ratio}; expected more than 1")
    _check_positive(start=start)
    return start * power(1 - 1 / ratio, Fraction(-count, count - 2))


def least_value(start: Scalar, steepest: Scalar, time: Scalar, depth: int) -> Scalar:
    """The least that sigma can be after ``time`` from ``start`` while |H|_2 <= M = ``steepest``, N >= 2:

    N = 2: sigma_0 e^{-2 M t};  N >= 3: (sigma_0^{-p} + (N-2) M t)^{-1/p}. Both are positive: the rank is kept.
    """
    count = check_depth(depth)
    if count < 2:
        raise ValueError("depth is 1; expected at least 2, since one layer may change its rank")
    return at_effort(start, -(steepest * time), depth)


def _check_positive(**numbers: Any) -> None:
    for name, number in numbers.items():
        if not number > 0:
            raise ValueError(f"{name} is {number}; expected a number > 0")
