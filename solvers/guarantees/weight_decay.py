"""Weight decay: what a mode of the target is carried with, what it costs, and from which lambda on it is given up.

    F = 1/2 ||W_N ... W_1 - Phi||_F^2 + lambda/2 sum_j ||W_j||_F^2,   N >= 2, lambda > 0.

At a critical point all layers carry a mode of Phi, of singular value sigma > 0, with the same s > 0 or not at all:

    s^N + lambda s^{2-N} = sigma,     which costs 1/2 (s^N - sigma)^2 + N lambda s^2 / 2, in place of sigma^2 / 2.

For N >= 3 there are two such s if lambda < lambda_c, one if lambda = lambda_c, none beyond; the larger one costs less
than 0 does if lambda < lambda*. For N = 2 there is one if lambda < sigma, and both thresholds are sigma. (DL-066.)
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, fmpq, fmpq_poly

from solvers.arithmetic import Scalar, power
from solvers.shallow.checks import check_whole


def carried(s: Any, decay: Any, depth: int) -> Any:
    """sigma = s^N + lambda s^{2-N}."""
    return s**depth + decay / s ** (depth - 2)


def cost(s: Any, sigma: Any, decay: Any, depth: int) -> Any:
    """1/2 (s^N - sigma)^2 + N lambda s^2 / 2, what a mode adds to F where all layers have s."""
    gap = s**depth - sigma
    return gap * gap / 2 + depth * decay * s**2 / 2


def slope_sign(s: Any, decay: Any, depth: int) -> Any:
    """N s^{2N-2} - (N-2) lambda, the second derivative of F along the mode: > 0 at the larger of two roots, < 0 at the
    smaller, 0 at a double one."""
    return depth * s ** (2 * depth - 2) - (depth - 2) * decay


def better_than_zero(sigma: Scalar, depth: int) -> Scalar:
    """lambda* = (N-2)^{1-2/N} (sigma/(N-1))^{2-2/N}: zero is at least as good as any s iff lambda >= lambda*."""
    _check(sigma, depth)
    nth = fmpq(depth - 2) ** (depth - 2) * (sigma / (depth - 1)) ** (2 * depth - 2)
    return power(nth, Fraction(1, depth))


def existence(sigma: Scalar, depth: int) -> Scalar:
    """lambda_c = N/(N-2) (sigma (N-2)/(2N-2))^{2-2/N}, the largest lambda at which the mode can be carried, N >= 3.

    For N = 2 it is the limit, sigma, where the mode is no longer carried.
    """
    _check(sigma, depth)
    if depth == 2:
        return sigma
    nth = fmpq(depth, depth - 2) ** depth * (sigma * fmpq(depth - 2, 2 * depth - 2)) ** (2 * depth - 2)
    return power(nth, Fraction(1, depth))


def carried_at_switch(sigma: Scalar, depth: int) -> Scalar:
    """s^N = sigma (N-2)/(N-1), what the mode falls from to 0 as lambda passes lambda*."""
    _check(sigma, depth)
    return sigma * fmpq(depth - 2, depth - 1)


def roots(sigma: fmpq, decay: fmpq, depth: int) -> list[Scalar]:
    """All s > 0 with s^N + lambda s^{2-N} = sigma for rationals sigma >= 0, lambda > 0, least first; a double one once.

    Rationals where they are, else balls. Raises ValueError for numbers out of their range.
    """
    _check(sigma, depth)
    if not decay > 0:
        raise ValueError(f"decay is {decay}; expected a number > 0")
    coefficients = [fmpq(0)] * (2 * depth - 1)
    coefficients[2 * depth - 2] += 1
    coefficients[depth - 2] -= sigma
    coefficients[0] += decay
    found: list[Scalar] = []
    _, factors = fmpq_poly(coefficients).numer().factor()
    for factor, _ in factors:
        if factor.degree() == 1:
            found.append(fmpq(-factor[0], factor[1]))
        else:
            pairs: Any = factor.complex_roots()
            found += [root.real for root, _ in pairs if root.imag == 0]
    return sorted((s for s in found if s > 0), key=lambda s: arb(s).mid())


def least_cost(sigma: fmpq, decay: fmpq, depth: int) -> Scalar:
    """The least that a mode of sigma >= 0 can add to F: the cheaper of 0 and the larger s, of which a ball may not tell
    where lambda = lambda*, so that both are in it."""
    zero = sigma**2 / 2
    for s in roots(sigma, decay, depth)[-1:]:
        carrying: Scalar = cost(s, sigma, decay, depth)
        if carrying <= zero:
            return carrying
        if not carrying > zero:
            return arb(carrying).min(arb(zero))
    return zero


def _check(sigma: Scalar, depth: int) -> None:
    check_whole(depth, "depth", least=2)
    if not sigma >= 0:
        raise ValueError(f"sigma is {sigma}; expected a singular value, >= 0")
