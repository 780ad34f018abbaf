"""The mean of bounded numbers against a formula, at a level that holds for every distribution.

Maurer and Pontil, Empirical Bernstein bounds (COLT 2009), Theorem 4: of n independent numbers in an interval of length
R, with sample mean m and sample variance V (divided by n - 1), the true mean exceeds

    m + (2 V L / n)^{1/2} + 7 R L / (3 (n - 1)),   L = ln(2 / delta),

with probability at most delta. Here delta = LEVEL / 2 on either side, so a true formula fails at LEVEL at most.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb, ctx, fmpq

from claims.suite.statistics import BITS, LEVEL
from solvers.arithmetic import Comparison, Scalar, Verdict, compare


def mean_bound(numbers: Sequence[int], length: int) -> arb:
    """How far the true mean may be from the sample mean of whole ``numbers`` in an interval of that length.

    Raises ValueError for fewer than two numbers, or where they do not fit into such an interval.
    """
    count = len(numbers)
    if count < 2 or max(numbers) - min(numbers) > length:
        raise ValueError(f"numbers are {count}, over a range; expected two at least, in an interval of length {length}")
    total, squares = sum(numbers), sum(number * number for number in numbers)
    variance = fmpq(count * squares - total * total, count * (count - 1))
    with ctx.workprec(BITS):
        logarithm = (arb(4) / arb(LEVEL)).log()
        return (2 * arb(variance) * logarithm / count).sqrt() + 7 * length * logarithm / (3 * (count - 1))


def has_mean(numbers: Sequence[int], mean: Scalar, length: int, sentence: str) -> Verdict:
    """Whether whole numbers in an interval of that length are consistent, at LEVEL, with this true mean."""
    with ctx.workprec(BITS):
        distance = abs(arb(fmpq(sum(numbers), len(numbers))) - mean)
        return compare(
            Comparison(
                distance, "<=", mean_bound(numbers, length), f"{sentence}: distance of the mean of {len(numbers)}"
            ),
            f"balls of {BITS} bits",
        )
