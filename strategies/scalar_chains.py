"""Chains of numbers w_1 ... w_N -> Phi > 0 whose learning rate is set by the pair of smallest weights, in rationals."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import rational
from solvers.network.problem import Problem
from strategies.arguments import check_range, check_strategy
from strategies.matrices import diagonal
from strategies.networks import scalar_weights

SIZES = (*(fmpq(k, 4) for k in (4, 5, 3, 6, 8, 2, 1, 12)), fmpq(10), fmpq(11), fmpq(100), fmpq(1, 100))
TARGETS = (fmpq(1), fmpq(2), fmpq(1, 2), fmpq(5), fmpq(1, 16), fmpq(100))
ABOVE = (fmpq(2), fmpq(9, 8), fmpq(1000, 999), fmpq(5), fmpq(1000))
RATES = (fmpq(1), fmpq(1, 8), fmpq(10))


SHARES: tuple[Fraction | fmpq, ...] = (fmpq(1), fmpq(1, 2), fmpq(63, 64), fmpq(999, 1000), fmpq(1, 10), fmpq(1, 1000))


def small_shares() -> st.SearchStrategy[Fraction | fmpq]:
    """Numbers in (0, 1], 1 among them; shrinks to 1."""
    return st.sampled_from(SHARES)


@st.composite
def scalar_chains(
    draw: st.DrawFn,
    *,
    min_depth: int = 2,
    max_depth: int = 6,
    shares: st.SearchStrategy[Fraction | fmpq] | None = None,
    below: bool = False,
) -> Problem:
    """A network of width 1 with any signs, ties and zeros, and eta such that |e| = |eta r prod_{k != i, j} w_k| is one
    of ``shares`` for the two smallest |w_i|, |w_j| (r = w_1 ... w_N - Phi); where this is 0 for every eta, any eta.

    ``shares`` draws numbers > 0, by default those of :func:`small_shares`. ``below``: 0 < w_1 ... w_N < Phi, and no
    weight is 0. Shrinks to two weights. InvalidArgument for depths below 2, and for another ``shares`` or ``below``.
    """
    check_range(min_depth, max_depth, ("min_depth", "max_depth"), least=2)
    share = rational(draw(check_strategy(shares, "shares", small_shares)))
    if not share > 0:
        raise InvalidArgument(f"shares has drawn {share}; expected numbers > 0")
    if not isinstance(below, bool):
        raise InvalidArgument(f"below is {below!r}; expected True or False")
    depth = draw(st.integers(min_depth, max_depth))
    weights = draw(st.lists(st.sampled_from(SIZES), min_size=depth, max_size=depth))
    for tied in draw(st.sets(st.integers(1, depth - 1))):
        weights[tied] = weights[0]
    weights = [draw(st.sampled_from([1, -1])) * weight for weight in weights]
    product = prod(weights, start=fmpq(1))
    if below:
        weights[0] *= 1 if product > 0 else -1
        target = abs(product) * draw(st.sampled_from(ABOVE))
    else:
        if draw(st.integers(0, 7)) == 7:
            weights[0] = fmpq(0)
        target = draw(st.sampled_from(TARGETS))
    residual = prod(weights, start=fmpq(1)) - target
    slope = abs(residual * prod(sorted(weights, key=abs)[2:], start=fmpq(1)))
    rate = share / slope if slope != 0 else draw(st.sampled_from(RATES))
    return Problem(scalar_weights(*weights), diagonal(1, 1, [target]), rate)
