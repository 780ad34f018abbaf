"""Error bars of a frequency: the exact binomial interval of Clopper and Pearson (Biometrika 26, 1934)."""

from __future__ import annotations

from flint import fmpq

from claims.suite.statistics import binomial_tail

BISECTIONS = 24
"""The ends are exact to within 2^-24."""


def clopper_pearson(successes: int, trials: int, level: fmpq | None = None) -> tuple[float, float]:
    """(least, largest) p for which ``successes`` of ``trials`` is in neither tail of probability (1 - level) / 2.

    ``level`` is 95/100 unless given. Whatever the true p, the interval holds it with at least that probability. Ends
    are rounded outwards. Raises ValueError for anything but 0 <= successes <= trials, trials >= 1, 0 < level < 1.
    """
    wanted = fmpq(95, 100) if level is None else level
    if trials < 1:
        raise ValueError(f"trials is {trials}; expected at least 1")
    if not 0 < wanted < 1:
        raise ValueError(f"level is {wanted}; expected one in (0, 1)")
    tail = (1 - wanted) / 2
    high = 1 - _last(trials - successes, trials, tail)
    return _last(successes, trials, tail), high


def _last(successes: int, trials: int, tail: fmpq) -> float:
    """The largest multiple of 2^-24 at which P(X >= successes) is certainly at most ``tail``; 0 for no success."""
    if binomial_tail(successes, trials, fmpq(0), ">=") > 0:
        return 0.0
    low, high = 0, 2**BISECTIONS
    while high - low > 1:
        middle = (low + high) // 2
        if binomial_tail(successes, trials, fmpq(middle, 2**BISECTIONS), ">=") <= tail:
            low = middle
        else:
            high = middle
    return low / 2.0**BISECTIONS
