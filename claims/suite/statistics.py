"""Random networks with fixed seeds, and binomial tests whose tails are computed, not approximated.

A claim of probability p is tested by counting: of n independent networks k have the property, and the test is failed
where a binomial number of n trials would be as far off as k with probability below LEVEL = 10^-9. The tail is a ball
(Arb's incomplete beta function), so no normal approximation and no tolerance enters.

False alarms. Of correct claims one test in 10^9 fails, over the choice of seeds; a whole run makes fewer than 300
such tests, so one run in 3 * 10^6 would hold a false alarm. The seeds are fixed: the same run fails again, or never.
Trusted: that NumPy's PCG64 and ziggurat behave as independent normal numbers do. Whether a network has a property is
decided outside a rounding bound (:class:`solvers.Enclosure`), or in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal
from zlib import crc32

import numpy as np
from flint import acb, arb, ctx, fmpq
from numpy.typing import NDArray

from solvers import Enclosure
from solvers.arithmetic import Comparison, Scalar, Verdict, compare

LEVEL = fmpq(1, 10**9)
"""The probability with which one test fails a correct claim."""

BITS = 256


def generator(*key: str | int) -> np.random.Generator:
    """The generator that belongs to a key, as in ``generator("DL-014", 3)``: the same numbers in every run."""
    return np.random.default_rng(crc32(repr(key).encode()))


def gaussian_networks(
    dimensions: Sequence[int], scale: float, count: int, random: np.random.Generator
) -> tuple[NDArray[np.float64], ...]:
    """``count`` networks of widths (d_0, ..., d_N), stacked, all entries independent N(0, scale^2)."""
    return tuple(scale * random.standard_normal((count, rows, columns)) for columns, rows in pairwise(dimensions))


def squared_norms(stack: Enclosure) -> Enclosure:
    """||A||_F^2 of each matrix of a stack, as an enclosure of shape (count,)."""
    value, radius = (part.reshape(len(part), 1, -1) for part in (stack.value, stack.radius))
    rows = Enclosure(value, radius)
    squared = rows @ rows.mT
    return Enclosure(squared.value[:, 0, 0], squared.radius[:, 0, 0])


def positive(values: Enclosure) -> NDArray[np.bool_]:
    """Which of the numbers are positive. ArithmeticError where rounding leaves one undecided: take another seed."""
    certainly: NDArray[np.bool_] = values.value > values.radius
    undecided = ~certainly & ~(values.value < -values.radius)
    if undecided.any():
        raise ArithmeticError(f"{int(undecided.sum())} of {undecided.size} signs are within rounding of 0")
    return certainly


def binomial_tail(successes: int, trials: int, probability: Scalar, side: Literal["<=", ">="]) -> arb:
    """P(X <= k) or P(X >= k) for X binomial (n trials of probability p): P(X >= k) = I_p(k, n - k + 1).

    Raises ValueError unless 0 <= k <= n and p may be a probability.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"successes is {successes} of {trials} trials; expected at least 0 and at most all of them")
    if probability < 0 or probability > 1:
        raise ValueError(f"probability is {probability}; expected one in [0, 1]")
    if side == "<=":
        return binomial_tail(trials - successes, trials, 1 - probability, ">=")
    if successes == 0:
        return arb(1)
    with ctx.workprec(BITS):
        return arb(probability).beta_lower(arb(successes), arb(trials - successes + 1), 1)


def consistent(
    successes: int, trials: int, relation: Literal["<=", "==", ">="], probability: Scalar, sentence: str
) -> Verdict:
    """Whether k successes of n are consistent, at LEVEL, with "the true probability ``relation`` p".

    Holds where the tail is at least LEVEL (for "==" each tail at least LEVEL / 2), fails where it is below.
    """
    tails = {
        "<=": lambda: binomial_tail(successes, trials, probability, ">="),
        ">=": lambda: binomial_tail(successes, trials, probability, "<="),
    }
    tail = 2 * tails["<="]().min(tails[">="]()) if relation == "==" else tails[relation]()
    what = f"{sentence}: tail of {successes} of {trials} where the probability is {relation} {float(arb(probability))}"
    return compare(Comparison(tail, ">=", LEVEL, what), f"balls of {BITS} bits")


def non_central_chi_squared(degrees: int, noncentrality: Scalar, value: Scalar) -> arb:
    """Its cdf, sum_i exp(-m) m^i / i! P(chi^2_{degrees + 2i} <= value), m = noncentrality / 2, as a ball.

    The chi^2 cdfs are regularised gamma functions, P(a + 1, y) = P(a, y) - y^a exp(-y) / Gamma(a + 1); from the K-th
    term on the weights add up to at most the K-th over 1 - m / (K + 1).
    """
    with ctx.workprec(BITS):
        mean, y, shape = arb(noncentrality) / 2, arb(value) / 2, arb(degrees) / 2
        weight, inside = (-mean).exp(), y.gamma_lower(shape, 1)
        drop = y**shape * (-y).exp() / (shape + 1).gamma()
        total, terms = arb(0), int(float(mean) + 12 * float(mean) ** 0.5 + 60)
        for i in range(terms):
            total += weight * inside
            weight, inside, drop = weight * mean / (i + 1), inside - drop, drop * y / (shape + i + 1)
        return total.union(total + weight / (1 - mean / (terms + 1)))


def product_tail(x: Scalar) -> arb:
    """P(|u v| > x) for independent normal u and v: 2/pi int_0^oo exp(-x cosh t) / cosh t dt (K_0 integrated over x).

    Beyond T = 6 the integrand is below 2 exp(-t - x cosh 6).
    """
    value = acb.integral(lambda t, _: (-acb(arb(x)) * t.cosh()).exp() / t.cosh(), 0, 6).real
    rest = 2 * (-6 - arb(x) * arb(6).cosh()).exp()
    return 2 / arb.pi() * value.union(value + rest)
