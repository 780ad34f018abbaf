"""Any start at all, in rationals, with a learning rate that is safe from it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from solvers.arithmetic import exact, lower_float, rational
from solvers.guarantees.bounded_descent import largest_rate
from solvers.network.network import end_to_end
from solvers.network.problem import Problem
from strategies.arguments import check_dimensions, check_strategy
from strategies.data_problems import positive_covariances
from strategies.matrices import dyadic_matrices
from strategies.networks import balanced_weights, generic_weights, zero_weights
from strategies.whole_problems import fractions
from strategies.widths import dimensions as all_dimensions


@st.composite
def safe_starts(draw: st.DrawFn, *, dimensions: st.SearchStrategy[tuple[int, ...]] | None = None) -> Problem:
    """Problems of rationals at the largest learning rate of :mod:`solvers.guarantees.bounded_descent`, or a fraction.

    Layers are any dyadic matrices, or exactly balanced, or 0, or all but one 0; widths are any, bottlenecks too; Phi is
    any dyadic matrix, W(0), or 0; there is no covariance, or one of :func:`positive_covariances`. Shrinks to layers and
    target of 0, where any learning rate will do, and it is 1.
    """
    widths = check_dimensions(draw(check_strategy(dimensions, "dimensions", _narrow)))
    zeros, layers = zero_weights(widths), tuple(map(exact, draw(generic_weights(widths))))
    kept = draw(st.integers(0, len(widths) - 2))
    single = tuple(layer if j == kept else zero for j, (layer, zero) in enumerate(zip(layers, zeros, strict=True)))
    weights = draw(st.sampled_from([zeros, single, layers, layers, draw(balanced_weights(widths))]))
    product, given = end_to_end(weights), exact(draw(dyadic_matrices(widths[-1], widths[0])))
    target = draw(st.sampled_from([0 * given, product, given, given]))
    covariance = draw(st.none() | positive_covariances(widths[0], most=6))
    problem = Problem(weights, target, rational(1), covariance=covariance)
    limit = lower_float(largest_rate(problem))
    rate = rational(min(limit, 2.0**20)) * rational(draw(fractions()))
    return replace(problem, learning_rate=rate)


def _narrow() -> st.SearchStrategy[tuple[int, ...]]:
    return all_dimensions(max_depth=4, max_width=3)
