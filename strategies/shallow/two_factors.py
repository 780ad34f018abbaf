"""Starts u, v of descent on u v -> m with p = u + v != 0, u v <= m and eta (2m + q^2) <= 1, in exact rationals."""

from __future__ import annotations

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.shallow import TwoFactors

SIZES = (fmpq(1), fmpq(2), fmpq(1, 2), fmpq(3), fmpq(1, 8), fmpq(5, 3), fmpq(10), fmpq(1, 100))
SHARES = (fmpq(1), fmpq(1, 2), fmpq(63, 64), fmpq(1, 10), fmpq(1, 1000))
PLACES = (fmpq(1), fmpq(0), fmpq(1, 2), fmpq(1, 3), fmpq(9, 10), fmpq(1, 1000), fmpq(-1), fmpq(-3))


@st.composite
def two_factor_starts(draw: st.DrawFn, *, one_sign: bool = False) -> TwoFactors:
    """m and |u| of several sizes, v = x m / u for x in [-3, 1], both ends among them, or v so near to -u that p is
    small; eta (2m + q^2) in (0, 1], 1 among them.

    ``one_sign``: u v > 0. Shrinks to u = v = m = 1, eta = 1/2.
    InvalidArgument for another ``one_sign``.
    """
    if not isinstance(one_sign, bool):
        raise InvalidArgument(f"one_sign is {one_sign!r}; expected True or False")
    target = draw(st.sampled_from(SIZES))
    left = draw(st.sampled_from(SIZES)) * draw(st.sampled_from([1, -1]))
    place = draw(st.sampled_from([x for x in PLACES if x > 0] if one_sign else [*PLACES, None]))
    if place is None:
        right = -left * (1 - draw(st.sampled_from([fmpq(1, 4), fmpq(1, 1000), fmpq(1, 10**6)])))
    else:
        right = place * target / left
    if left + right == 0:
        right = fmpq(0)
    share = draw(st.sampled_from(SHARES))
    return TwoFactors(left, right, target, share / (2 * target + (left - right) ** 2))
