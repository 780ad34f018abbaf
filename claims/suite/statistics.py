"""Random networks with fixed seeds, and binomial tests whose tails are computed, not approximated.

A claim of probability p is tested by counting: of n independent networks k have the property, and the test is failed
where a binomial number of n trials would be as far off as k with probability below LEVEL = 10^-9. The tail is a ball
(Arb's incomplete beta function), so no normal approximation and no tolerance enters.

Power. A test that cannot fail shows nothing, so each that is to hold says by ``notices`` what it would notice: were the
true probability off by so much, it would fail with probability SURE = 99/100 at least (:func:`power`). A statement of a
test that is too weak for that is refused. ``least_noticed`` computes the smallest such deviation.

False alarms. Of correct claims one test in 10^9 fails, over the choice of seeds; a whole run makes fewer than 300
such tests, so one run in 3 * 10^6 would hold a false alarm. The seeds are fixed: the same run fails again, or never.
Trusted: that NumPy's PCG64 and ziggurat behave as independent normal numbers do. Whether a network has a property is
decided outside a rounding bound (:class:`solvers.Enclosure`), or in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Literal
from zlib import crc32

import numpy as np
from flint import acb, arb, ctx, fmpq
from numpy.typing import NDArray
from scipy import special

from solvers import Enclosure
from solvers.arithmetic import Comparison, Scalar, Verdict, compare

LEVEL = fmpq(1, 10**9)
"""The probability with which one test fails a correct claim."""

SURE = 0.99
"""The probability with which a test notices the deviation that it states."""

BITS = 256

Relation = Literal["<=", "==", ">="]


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

    Where k is below the mean that is computed as 1 - I_{1-p}(n - k + 1, k), of which few terms count. Raises
    ValueError unless 0 <= k <= n and p may be a probability.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"successes is {successes} of {trials} trials; expected at least 0 and at most all of them")
    if probability < 0 or probability > 1:
        raise ValueError(f"probability is {probability}; expected one in [0, 1]")
    if side == "<=":
        return binomial_tail(trials - successes, trials, 1 - probability, ">=")
    if successes == 0:
        return arb(1)
    others = trials - successes + 1
    with ctx.workprec(BITS):
        if successes < trials * probability:
            return 1 - arb(1 - probability).beta_lower(arb(others), arb(successes), 1)
        return arb(probability).beta_lower(arb(successes), arb(others), 1)


def consistent(
    successes: int,
    trials: int,
    relation: Relation,
    probability: Scalar,
    sentence: str,
    *,
    notices: Scalar | None = None,
) -> Verdict:
    """Whether k successes of n are consistent, at LEVEL, with "the true probability ``relation`` p".

    Holds where the tail is at least LEVEL (for "==" each tail at least LEVEL / 2), fails where it is below.
    ``notices`` states the test's power: a test that is to hold must fail, with probability SURE at least, where the
    true probability is off by that much. ValueError where it would not.
    """
    if notices is not None and not _notices(trials, relation, probability, notices):
        off, stated = float(arb(notices)), float(arb(probability))
        raise ValueError(
            f"{sentence}: notices is {off:.4g}, but {trials} trials do not notice a probability that is off by so much "
            f"from {relation} {stated:.4g}; expected more trials, or a larger notices"
        )
    tail = _tail(successes, trials, relation, probability)
    what = f"{sentence}: tail of {successes} of {trials} where the probability is {relation} {float(arb(probability))}"
    return compare(Comparison(tail, ">=", LEVEL, what), f"balls of {BITS} bits")


def _tail(successes: int, trials: int, relation: Relation, probability: Scalar) -> arb:
    """The probability, at p, of a count as far off as k; twice the smaller one where p is meant exactly."""
    below, above = (partial(binomial_tail, successes, trials, probability, side) for side in ("<=", ">="))
    if relation == "==":
        return 2 * below().min(above())
    return above() if relation == "<=" else below()


def power(trials: int, relation: Relation, probability: float, truth: float) -> float:
    """The probability that :func:`consistent` fails "``relation`` p" where the true one is ``truth``, in floats."""
    counts, level = np.arange(trials + 1), float(LEVEL) / (2 if relation == "==" else 1)
    few = special.bdtr(counts, trials, probability) < level
    many = special.bdtrc(counts - 1.0, trials, probability) < level
    rejected = {"<=": many, ">=": few, "==": few | many}[relation]
    below, above = int(np.sum(rejected & few)), int(np.sum(rejected & many))  # 0 .. below - 1, and the last ones
    low = float(special.bdtr(below - 1, trials, truth)) if below else 0.0
    return low + (float(special.bdtrc(trials - above, trials, truth)) if above else 0.0)


def least_noticed(trials: int, relation: Relation, probability: Scalar) -> fmpq | None:
    """The least deviation, in hundredths, that a test would notice with probability SURE; None where there is none."""
    hundredths = (fmpq(k, 100) for k in range(1, 101))
    return next((each for each in hundredths if _notices(trials, relation, probability, each)), None)


def _notices(trials: int, relation: Relation, probability: Scalar, deviation: Scalar) -> bool:
    """On each side that the relation excludes and that is still a probability; there must be one."""
    stated, off = float(arb(probability)), float(arb(deviation))
    wrong = [stated + sign * off for sign in {"<=": [1], ">=": [-1], "==": [-1, 1]}[relation]]
    possible = [truth for truth in wrong if 0 <= truth <= 1]
    return bool(possible) and all(power(trials, relation, stated, truth) >= SURE for truth in possible)


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
