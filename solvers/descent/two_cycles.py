"""Cycles of two of gradient descent on scalar networks, with the multipliers that decide whether they are stable.

Of two numbers: l = (u v - Phi)^2 / 2. Scaled by eta^{1/2} a step is u' = u - R v, v' = v - R u with R = u v - mu and
mu = eta Phi > 0. Its cycles of two are

    u = v = x, y,      x y = 1, x^2 + y^2 = 1 + mu,      mu > 1,      and its negative;
    u = v = +-(2 + mu)^{1/2};
    u = -v = +-(2 - mu)^{1/2},                           mu < 2.

Of N >= 2 equal layers: w' = w - eta w^{N-1} (w^N - Phi), Phi > 0, and a = eta Phi^{2-2/N}. For every ratio 0 < c < 1
one a has a positive cycle x, y = c x, and a positive cycle there is if and only if a > 2/N:

    S = 1 + c + ... + c^{N-1},     eta x^{2N-2} = (1 + c^{N-1}) / (c^{N-1} S),
    Phi / x^N = (1 + c^{2N-1}) / (1 + c^{N-1}),     a = eta x^{2N-2} (Phi / x^N)^{2-2/N}.

The multipliers are the eigenvalues of the derivative of two steps at a point of the cycle, in the space of all layers:
``along`` that of the direction in which all layers stay equal (or u = -v), ``across`` that of the N - 1 others. A
cycle is stable where both are in (-1, 1). All numbers are rationals where they can be, else balls.

Source: Chen, Bruna (2022), arXiv:2206.04172, for the first cycle of two numbers; the formulas are this project's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx, fmpq, fmpz_poly

from solvers.arithmetic import Scalar, power, rational, square_root

Number = fmpq | int | float | Fraction
Pair = tuple[Scalar, Scalar]


@dataclass(frozen=True)
class TwoCycle:
    """``points`` are the two states, each a number a layer; ``along`` and ``across`` the multipliers."""

    points: tuple[tuple[Scalar, ...], tuple[Scalar, ...]]
    along: Scalar
    across: Scalar

    @property
    def is_stable(self) -> bool | None:
        """Whether both multipliers are in (-1, 1); None where a ball cannot tell."""
        squares = [multiplier * multiplier for multiplier in (self.along, self.across)]
        if all(square < 1 for square in squares):
            return True
        return False if any(square >= 1 for square in squares) else None


def cycles_of_two_numbers(product: Number) -> list[TwoCycle]:
    """Every cycle of two for mu = ``product``, in the coordinates scaled by eta^{1/2}; the first of the list above
    where it is, then its negative. ValueError for mu <= 0."""
    mu = rational(product)
    if not mu > 0:
        raise ValueError(f"product is {product}; expected eta Phi > 0")
    found = []
    if mu > 1:
        half_sum, half_gap = square_root(3 + mu) / 2, square_root(mu - 1) / 2
        x, y = half_sum + half_gap, half_sum - half_gap
        along, across = 9 - 2 * (1 + mu) ** 2, 3 - 2 * mu
        found = [TwoCycle(((s * x, s * x), (s * y, s * y)), along, across) for s in (1, -1)]
    w = square_root(2 + mu)
    found.append(TwoCycle(((w, w), (-w, -w)), (5 + 2 * mu) ** 2, fmpq(9)))
    if mu < 2:
        w = square_root(2 - mu)
        found.append(TwoCycle(((w, -w), (-w, w)), (5 - 2 * mu) ** 2, fmpq(9)))
    return found


def check_depth(depth: int) -> int:
    """N >= 2, a whole number; TypeError or ValueError."""
    if isinstance(depth, bool) or not isinstance(depth, int):
        raise TypeError(f"depth is {depth!r}; expected a whole number >= 2")
    if depth < 2:
        raise ValueError(f"depth is {depth}; expected a whole number >= 2")
    return depth


def problem_of_cycle(depth: int, x: Number, y: Number) -> tuple[fmpq, fmpq]:
    """(Phi, eta) for which x and y alternate in all N layers, x != y, both > 0, rational. ValueError for others."""
    n, large, small = check_depth(depth), rational(x), rational(y)
    if not (large > 0 and small > 0 and large != small):
        raise ValueError(f"x and y are {x} and {y}; expected two different numbers > 0")
    k = large ** (n - 1) + small ** (n - 1)
    target = (large ** (2 * n - 1) + small ** (2 * n - 1)) / k
    return target, (large - small) * k / ((large * small) ** (n - 1) * (large**n - small**n))


def cycle_rate(depth: int, ratio: Scalar) -> Scalar:
    """a = eta Phi^{2-2/N} of the cycle with y/x = ``ratio`` in (0, 1]; 2/N at 1. In rationals where N = 2."""
    n = check_depth(depth)
    scaled, target = _scaled(n, ratio)
    return scaled * power(target, Fraction(2 * n - 2, n))


def cycle_multipliers(depth: int, ratio: Scalar) -> Pair:
    """(along, across) of the cycle with y/x = ``ratio``: across is 5 - 2 (c + 1/c), whatever N."""
    n, c = check_depth(depth), ratio
    scaled, _ = _scaled(n, c)
    here = 1 - (n - 1) * (1 - c) - n * scaled
    there = 1 - (n - 1) * (1 - 1 / c) - n * scaled * c ** (2 * n - 2)
    return here * there, 5 - 2 * (c + 1 / c)


def cycle_of_equal_layers(depth: int, rate: Number) -> TwoCycle | None:
    """The positive cycle for a = ``rate``, in units of Phi^{1/N}, the larger layers first; None where a <= 2/N.

    ValueError for a <= 0. Balls of the precision that is set.
    """
    n, a = check_depth(depth), rational(rate)
    if not a > 0:
        raise ValueError(f"rate is {rate}; expected eta Phi^(2-2/N) > 0")
    if n * a <= 2:
        return None
    low = fmpq(1, 2)
    while not cycle_rate(n, low) > a:
        low = low / 2
    ratio = root_between(lambda c: cycle_rate(n, c) - a, low, fmpq(1))
    _, target = _scaled(n, ratio)
    x = 1 / power(target, Fraction(1, n))
    return TwoCycle(((x,) * n, (ratio * x,) * n), *cycle_multipliers(n, ratio))


def along_polynomials(depth: int) -> tuple[fmpz_poly, fmpz_poly]:
    """(P, Q) with along = P(c) / Q(c), c = y/x: whole coefficients, Q > 0 for c > 0."""
    n = check_depth(depth)
    c, one = fmpz_poly([0, 1]), fmpz_poly([1])
    total = fmpz_poly([1] * n)
    here = (one - (n - 1) * (one - c)) * c ** (n - 1) * total - n * (one + c ** (n - 1))
    there = (c - (n - 1) * (c - one)) * total - n * (one + c ** (n - 1)) * c**n
    return here * there, c**n * total**2


def root_between(function: Callable[[Scalar], Scalar], low: fmpq, high: fmpq) -> arb:
    """A ball around a zero of a continuous function that is certainly > 0 at ``low`` and < 0 at ``high`` (or the other
    way round), by bisection: of about the precision that is set. ValueError where the signs are not so."""
    bits = ctx.prec
    with ctx.workprec(2 * bits + 64):
        left, right = arb(low), arb(high)
        rising = _sign(function(low)) < 0
        if _sign(function(low)) * _sign(function(high)) != -1:
            raise ValueError(f"function has the values {function(low)} and {function(high)}; expected opposite signs")
        while right - left > abs(left) * arb(2) ** -(bits + 2):
            middle = ((left + right) / 2).mid()
            sign = _sign(function(middle))
            if sign == 0:
                break
            left, right = (middle, right) if (sign < 0) == rising else (left, middle)
        return left.union(right)


def _sign(value: Scalar) -> int:
    """1, -1, or 0 where a ball does not tell, or the number is 0."""
    return 1 if value > 0 else -1 if value < 0 else 0


def _scaled(n: int, c: Scalar) -> Pair:
    """eta x^{2N-2} and Phi / x^N."""
    if not c > 0:
        raise ValueError(f"ratio is {c}; expected a number in (0, 1]")
    total = sum((c**k for k in range(1, n)), start=fmpq(1))
    first = (1 + c ** (n - 1)) / (c ** (n - 1) * total)
    return first, (1 + c ** (2 * n - 1)) / (1 + c ** (n - 1))
