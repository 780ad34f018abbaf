"""Whether a ball contains a rational, decided in rationals (``arb.contains`` rounds the rational to a ball first)."""

from __future__ import annotations

from flint import arb, fmpq


def dyadic(number: arb) -> fmpq:
    """An exact ball, of radius zero, as a rational."""
    mantissa, exponent = number.man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def contains(ball: arb, number: fmpq) -> bool:
    """|number - midpoint| <= radius, for a finite ball."""
    assert ball.is_finite()
    return abs(number - dyadic(ball.mid())) <= dyadic(ball.rad())


def all_contain(balls, numbers) -> bool:
    """Entry by entry, for arrays of the same shape."""
    assert balls.shape == numbers.shape
    return all(contains(ball, number) for ball, number in zip(balls.flat, numbers.flat, strict=True))
