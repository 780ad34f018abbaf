"""Starts that meet the hypotheses of Theorem 1 for data that are not white, up to its boundaries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from numpy.typing import NDArray

from solvers.arithmetic import ObjectArray, exact, lower_float, nearest, rational
from solvers.guarantees.general_data import (
    BALANCES,
    MARGINS,
    Balance,
    MarginIn,
    certain_margin,
    extreme_eigenvalues,
    imbalance_limit,
    with_largest_learning_rate,
)
from solvers.network.initialization import balanced_factors
from solvers.network.network import frobenius_squared, imbalances
from solvers.network.problem import Problem
from solvers.network.spectrum import sigma_min, weighted_singular_values
from strategies.arguments import check_no_bottleneck, check_strategy, check_whole
from strategies.built_once import built_once
from strategies.matrices import diagonal, orthogonal_matrices, targets
from strategies.networks import perturbed
from strategies.whole_problems import MarginProblem, directions, fractions, hidden_bases, rotated
from strategies.widths import dimensions as all_dimensions

FloatMatrix = NDArray[np.float64]


@built_once
@st.composite
def positive_covariances(draw: st.DrawFn, size: int, *, most: int = 20) -> ObjectArray:
    """S = Q diag(s) Q^T of exact rationals, Q orthogonal and every s_i a power of 2 from 2^-most to 4.

    Condition numbers go up to 2^(most + 2), eigenvalues may coincide; shrinks to the identity.
    """
    check_whole(size, "size", least=1)
    check_whole(most, "most", least=0)
    exponents = draw(st.lists(st.integers(-2, most), min_size=size, max_size=size))
    basis = draw(orthogonal_matrices(size))
    values = [rational(2.0**-k) for k in exponents]
    covariance: ObjectArray = basis @ diagonal(size, size, values) @ basis.T
    return covariance


@st.composite
def data_problems(
    draw: st.DrawFn,
    *,
    balance: Balance,
    margin_in: MarginIn,
    dimensions: st.SearchStrategy[tuple[int, ...]] | None = None,
    least_share: float = 1 / 16,
    most: int = 20,
    least_distance: float = 0,
    largest_rate: bool = False,
) -> MarginProblem:
    """Starts that meet the theorem's hypotheses with balance and margin in the senses given, c the largest they allow.

    Phi has singular values in [1/4, 3] and S is one of :func:`positive_covariances`. W(0) is as far from Phi as leaves
    c at least ``least_share`` of what it is at W(0) = Phi, and at least ``least_distance`` of that far: in any
    direction, in that of Phi's smallest singular pair too. Its balanced factors, in other bases of the hidden layers,
    are moved up to the limit of the imbalance, or half as far, and so on, until no more than a hundredth of the margin
    is lost; eta is the largest allowed, or a fraction of it unless ``largest_rate``.
    ``dimensions`` must draw no bottleneck, since a margin excludes it.
    """
    if balance not in BALANCES:
        raise InvalidArgument(f"balance is {balance!r}; expected one of {', '.join(BALANCES)}")
    if margin_in not in MARGINS:
        raise InvalidArgument(f"margin_in is {margin_in!r}; expected one of {', '.join(MARGINS)}")
    if not 0 <= least_distance <= 1:
        raise InvalidArgument(f"least_distance is {least_distance!r}; expected a number in [0, 1]")
    if not 0 < least_share <= 1:
        raise InvalidArgument(f"least_share is {least_share!r}; expected a number in (0, 1]")
    widths = check_no_bottleneck(draw(check_strategy(dimensions, "dimensions", _narrow)))
    depth, count = len(widths) - 1, min(widths[0], widths[-1])
    target = nearest(draw(targets(widths[-1], widths[0], rank=count)))
    covariance = nearest(draw(positive_covariances(widths[0], most=most)))
    away = _away(draw, target, covariance, margin_in)
    share = (1 - least_share) * (least_distance + (1 - least_distance) * draw(st.integers(0, 64)) / 64)
    start = target + share * away
    balanced = rotated(balanced_factors(start, widths), draw(hidden_bases(widths)))
    problem = Problem(balanced, target, 0.0, covariance=covariance)
    expected = 0.99 * certain_margin(problem, margin_in)
    limit = lower_float(imbalance_limit(depth, rational(expected), balance))
    each = limit if balance == "each" else limit / max(1, depth - 1)
    moved, margin = _moved(problem, draw(perturbed(balanced, imbalance=each)), each, expected, margin_in)
    found = with_largest_learning_rate(moved, margin, balance=balance, margin_in=margin_in)
    part = 1.0 if largest_rate else draw(fractions())
    return MarginProblem(replace(found, learning_rate=found.learning_rate * part), margin)


def _narrow() -> st.SearchStrategy[tuple[int, ...]]:
    return all_dimensions(bottleneck=False, max_depth=4, max_width=3)


def _away(draw: st.DrawFn, target: FloatMatrix, covariance: FloatMatrix, margin_in: MarginIn) -> FloatMatrix:
    """W(0) - Phi, of the |.|_S that would leave no margin."""
    direction = draw(directions(target.shape, least=1))
    if draw(st.booleans()):
        left, _, right = np.linalg.svd(target, full_matrices=False)
        direction = draw(st.sampled_from([1, -1])) * np.outer(left[:, -1], right[-1])
    size = float(np.sqrt(np.sum(direction @ covariance * direction)))
    if margin_in == "weights":
        least, _ = extreme_eigenvalues(covariance)
        reach = float(np.sqrt(least)) * float(sigma_min(target))
    else:
        reach = float(weighted_singular_values(target, covariance)[-1])
    away: FloatMatrix = direction * (reach / size)
    return away


def _moved(
    problem: Problem, weights: tuple[FloatMatrix, ...], imbalance: float, expected: float, margin_in: MarginIn
) -> tuple[Problem, float]:
    """The problem with its weights moved to ``weights``, or a half, a quarter, ... of the way, such that the margin is
    at least ``expected`` and every ||B_j||_F at most ``imbalance``; and the margin."""
    bound, steps = rational(imbalance) ** 2, [after - w for after, w in zip(weights, problem.weights, strict=True)]
    for halvings in range(24):
        found = replace(
            problem,
            weights=tuple(w + step / 2**halvings for w, step in zip(problem.weights, steps, strict=True)),
        )
        margin = certain_margin(found, margin_in)
        small = all(frobenius_squared(b) <= bound for b in imbalances(tuple(map(exact, found.weights))))
        if margin >= expected and small:
            return found, margin
    return problem, certain_margin(problem, margin_in)
