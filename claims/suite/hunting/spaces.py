"""Where the hunt looks: named spaces of problems, each by construction, shrinking to small numbers.

Learning rates are dyadic in (0, 8], half of them at least 1/8 (except where Theorem 1 limits them); targets and weights
are dyadic, or rational where orthogonal matrices are needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from flint import fmpq
from hypothesis import strategies as st

from solvers import Problem, end_to_end, sigma_min
from solvers.arithmetic import ObjectArray, exact, lower_float, rational
from strategies import (
    balanced_networks,
    dimensions,
    dyadic_matrices,
    learning_rates,
    margin_problems,
    zero_weights,
)
from strategies import problems as any_problems
from strategies.matrices import diagonal

Widths = st.SearchStrategy[tuple[int, ...]]


def widths(low: int, high: int, max_width: int, *, bottleneck: bool | None = None) -> Widths:
    """(d_0, ..., d_N) with N from ``low`` to ``high``."""
    return dimensions(min_depth=low, max_depth=high, max_width=max_width, bottleneck=bottleneck)


# made once: a strategy that is made anew for each draw is validated anew
RATES = st.builds(lambda m, k: m / 2.0**k, st.integers(1, 8), st.integers(0, 3)) | learning_rates()
"""m / 2^k: coarse ones, where exact coincidences are, or any down to 2^-20."""
FACTORS = st.integers(0, 6).map(lambda k: fmpq(2) ** k)
DISTANCES = (st.sampled_from([8, 16, 24]) | st.integers(0, 31)).map(lambda k: fmpq(k, 64))
entries = cache(dyadic_matrices)
balanced_of_rank = cache(balanced_networks)


def problems(low: int, high: int, max_width: int) -> st.SearchStrategy[Problem]:
    drawn = any_problems(dimensions=widths(low, high, max_width))
    return st.builds(lambda problem, rate: replace(problem, learning_rate=rate), drawn, RATES)


def zero(low: int, high: int, max_width: int) -> st.SearchStrategy[Problem]:
    return widths(low, high, max_width).flatmap(
        lambda d: st.builds(_posed, st.just(zero_weights(d)), dyadic_matrices(d[-1], d[0]), RATES)
    )


def identity(low: int, high: int, max_width: int) -> st.SearchStrategy[Problem]:
    return st.tuples(st.integers(low, high), st.integers(1, max_width)).flatmap(
        lambda shape: st.builds(
            _posed,
            st.just((diagonal(shape[1], shape[1], [1] * shape[1]),) * shape[0]),
            dyadic_matrices(shape[1], shape[1]),
            RATES,
        )
    )


def scalar(low: int, high: int, _max_width: int) -> st.SearchStrategy[Problem]:
    entry = dyadic_matrices(1, 1, bound=8, bits=2)
    layers = st.lists(entry, min_size=low, max_size=high).map(tuple)
    return st.builds(Problem, layers, entry, RATES)


def balanced(low: int, high: int, max_width: int) -> st.SearchStrategy[Problem]:
    return widths(low, high, max_width).flatmap(
        lambda d: st.builds(
            _posed,
            balanced_networks(d).map(lambda network: network.weights),
            dyadic_matrices(d[-1], d[0]),
            RATES,
        )
    )


@st.composite
def margin(draw: st.DrawFn, low: int, high: int, max_width: int) -> Problem:
    shape = draw(widths(low, high, max_width, bottleneck=False))
    network = draw(balanced_of_rank(shape, rank=min(shape)))
    factors = [draw(FACTORS) for _ in shape[2:]]
    weights = [matrix * factor for matrix, factor in zip(network.weights, [*factors, fmpq(1)], strict=True)]
    for factor in factors:
        weights[-1] = weights[-1] / factor
    return _near_target(draw, tuple(weights))


@st.composite
def balanced_margin(draw: st.DrawFn, low: int, high: int, max_width: int) -> Problem:
    shape = draw(widths(low, high, max_width, bottleneck=False))
    return _near_target(draw, draw(balanced_of_rank(shape, rank=min(shape))).weights)


def theorem(low: int, high: int, max_width: int) -> st.SearchStrategy[Problem]:
    shapes = widths(low, high, max_width, bottleneck=False)
    return margin_problems(dimensions=shapes).map(lambda drawn: drawn.problem)


SPACES: dict[str, Callable[[int, int, int], st.SearchStrategy[Problem]]] = {
    "problems": problems,
    "zero": zero,
    "identity": identity,
    "scalar": scalar,
    "balanced": balanced,
    "margin": margin,
    "balanced-margin": balanced_margin,
    "theorem": theorem,
}


def _near_target(draw: st.DrawFn, weights: tuple[ObjectArray, ...]) -> Problem:
    """Phi = W - E with ||E||_F < sigma_min(W) / 2, so that sigma_min(Phi) > ||E||_F; E = 0 included."""
    whole = end_to_end(weights)
    direction: ObjectArray = exact(draw(entries(*whole.shape)))
    if not direction.any():
        direction[0, 0] = fmpq(1)
    room = rational(lower_float(sigma_min(whole)))
    largest: fmpq = abs(direction).sum()  # at least the Frobenius norm, and equal to it for a single entry
    return Problem(weights, whole - draw(DISTANCES) * room / largest * direction, rational(draw(RATES)))


def _posed(weights: tuple[ObjectArray, ...], target: object, rate: float) -> Problem:
    return Problem(weights, exact(target), rational(rate))
