"""The sharpness that gradient flow would end at: of a chain of numbers, from where they are now.

Let l(w) = (w_1 w_2 ... w_N - Phi)^2 / 2, Phi > 0. The flow keeps every w_i^2 - w_j^2, and at a minimum, where the
product is Phi, the Hessian's one eigenvalue that is not 0 is Phi^2 sum 1/w_i^2. So the minimum with the same
differences has the squares x_i and the sharpness phi:

    x_i > 0,    x_i - x_j = w_i^2 - w_j^2,    x_1 ... x_N = Phi^2,    phi(w) = Phi^2 sum 1/x_i.

With the least w_i^2 for m and s = x_i - w_i^2 + m, s is the one positive root of prod (s + w_i^2 - m) = Phi^2. Weights
may be 0; at N = 1 phi is 1. Numbers are rationals, answers are balls.

Source: Kreisler, Shpigel Nacson, Soudry, Carmon (2023), arXiv:2305.13064, for phi; the formulas are this project's.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from flint import arb, ctx, fmpq

from solvers.arithmetic import Scalar, power, rational

Numbers = Sequence[fmpq | int | float | Fraction]


def limit_squares(weights: Numbers, target: fmpq | int | float | Fraction) -> list[arb]:
    """x_1, ..., x_N as balls, in the order of ``weights``.

    Raises ValueError for no weights or a target that is not positive, and what :func:`solvers.arithmetic.rational`
    raises for what is no rational number.
    """
    squares, level = _squares(weights), rational(target) ** 2
    if not rational(target) > 0:
        raise ValueError(f"target is {target}; expected a number > 0")
    least = min(squares)
    offsets = [square - least for square in squares]
    root = _root(offsets, level)
    return [root + offset for offset in offsets]


def limit_sharpness(weights: Numbers, target: fmpq | int | float | Fraction) -> arb:
    """phi(w) as a ball. Raises what :func:`limit_squares` does."""
    squares = limit_squares(weights, target)
    return rational(target) ** 2 * sum((1 / square for square in squares), start=arb(0))


def sharpness_change(before: Numbers, after: Numbers, target: fmpq | int | float | Fraction) -> Scalar:
    """phi(after) - phi(before): the rational 0 where the differences of squares are the same, as phi depends on these
    alone, else a ball. Raises what :func:`limit_squares` does, and ValueError for chains of two lengths."""
    if len(before) != len(after):
        raise ValueError(f"after has {len(after)} weights and before {len(before)}; expected the same number")
    later = limit_sharpness(after, target)
    if _gaps(before) == _gaps(after):
        return fmpq(0)
    return later - limit_sharpness(before, target)


def pair_factor(weights: Numbers, target: fmpq | int, learning_rate: fmpq | int, i: int, j: int) -> fmpq:
    """e_ij = eta r prod_{k != i, j} w_k, r = w_1 ... w_N - Phi; where no weight is 0, eta r w_1 ... w_N / (w_i w_j).

    A step of gradient descent has w_i' = w_i - e_ij w_j and w_j' = w_j - e_ij w_i. ValueError for i = j or an index
    that is not in 0..N-1.
    """
    places = range(len(weights))
    if i == j or i not in places or j not in places:
        raise ValueError(f"i and j are {i} and {j}; expected two different indices in 0..{len(weights) - 1}")
    numbers = [rational(weight) for weight in weights]
    others = prod((numbers[k] for k in places if k not in (i, j)), start=fmpq(1))
    residual = prod(numbers, start=fmpq(1)) - rational(target)
    return rational(learning_rate) * residual * others


def _squares(weights: Numbers) -> list[fmpq]:
    if len(weights) == 0:
        raise ValueError("weights is empty; expected at least one number")
    return [rational(weight) ** 2 for weight in weights]


def _gaps(weights: Numbers) -> list[fmpq]:
    """The squares in increasing order, less the least."""
    squares = sorted(_squares(weights))
    return [square - squares[0] for square in squares]


def _root(offsets: Sequence[fmpq], level: fmpq) -> arb:
    """The s > 0 with prod (s + offset) = level, offsets >= 0 and one of them 0.

    The product is convex and increasing, so that Newton's steps from level^{1/N} fall to the root; what they reach is
    enclosed by two numbers at which the product is certainly too small and too large.
    """
    bits = ctx.prec
    with ctx.workprec(2 * bits + 64):
        here = arb(power(level, Fraction(1, len(offsets)))).mid()
        while True:
            product = prod((here + offset for offset in offsets), start=arb(1))
            slope = product * sum((1 / (here + offset) for offset in offsets), start=arb(0))
            move = ((product - level) / slope).mid()
            here = (here - move).mid()
            if abs(move) < here * arb(2) ** -(bits + 2):
                break
        slack = here * arb(2) ** -bits
        lower, upper = here - slack, here + slack
        below, above = (prod((end + offset for offset in offsets), start=arb(1)) for end in (lower, upper))
        if not below < level < above:
            raise ArithmeticError(f"the root of prod (s + offset) = {level} is not between {lower} and {upper}")
        return lower.union(upper)
