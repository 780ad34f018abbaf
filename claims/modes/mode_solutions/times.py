"""The times of statements 3 and 4 in balls: from a strength u_0 to a strength u, at depth N and in the limit."""

from fractions import Fraction

from flint import acb, arb, fmpq
from hypothesis import strategies as st

from solvers.arithmetic import power

BITS = 256

FINE = fmpq(1, 2**128)
"""Two enclosures of 256 bits of the same number are at most so far apart."""


def antiderivative(x: arb, depth: int) -> arb:
    """F(x), x > 0, x != 1, as a ball."""
    if depth == 1:
        return -abs(1 - x).log()
    if depth == 2:
        return x.log() - abs(1 - x * x).log() / 2
    total = arb(0)
    for k in range(depth):
        root = acb.exp_pi_i(acb(fmpq(2 * k, depth)))
        logarithm = acb(abs(1 - x).log()) if k == 0 else (1 - acb(x) / root).log()
        total += (root * root * logarithm).real
    return arb(1) / ((2 - depth) * x ** (depth - 2)) - total / depth


def time_between(start: fmpq, end: fmpq, s: fmpq, depth: int) -> arb:
    """Statement 3's t from u = start to u = end."""
    ends = [arb(power(u / s, Fraction(1, depth))) for u in (start, end)]
    return (antiderivative(ends[1], depth) - antiderivative(ends[0], depth)) / power(s, Fraction(2 * depth - 2, depth))


def limit_time(start: fmpq, end: fmpq, s: fmpq) -> arb:
    """Statement 4's T from u = start to u = end."""
    return arb(end * (s - start) / (start * (s - end))).log() / s**2 + (1 / start - 1 / end) / s


@st.composite
def passages(draw: st.DrawFn) -> tuple[fmpq, fmpq, fmpq]:
    """(u_0, u, s): u between u_0 and s, from below or above; s a multiple of 1/8 in (0, 4]."""
    s = fmpq(draw(st.integers(1, 32)), 8)
    start = fmpq(draw(st.integers(1, 63)), 64) if draw(st.booleans()) else 1 + fmpq(draw(st.integers(1, 64)), 16)
    part = fmpq(draw(st.integers(1, 63)), 64)
    return s * start, s * (start + (1 - start) * part), s
