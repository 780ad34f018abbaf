"""Whether an inequality is attained: what tells its own constant from every weaker one."""

from __future__ import annotations

from flint import fmpq

from solvers.arithmetic import Comparison


def attained(said: Comparison, part: fmpq | int = 0) -> Comparison:
    """|left - right| <= ``part`` |right|: that the two sides of an inequality are equal, or as near as that.

    A control shows that a stronger constant fails; this, at the same instance, that the stated one is no weaker than
    it looks.
    """
    left, _, right, sentence = said
    return Comparison(abs(left - right), "<=", part * abs(right), f"{sentence}: attained")
