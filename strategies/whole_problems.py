"""Whole problems: a network, a target and a learning rate that meet stated hypotheses, by construction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from numpy.typing import NDArray

from solvers.arithmetic import exact, lower_float, nearest, rational, square_root
from solvers.guarantees.theorem_one import certain_margin, imbalance_limit, learning_rate_limit
from solvers.network.initialization import balanced_factors
from solvers.network.network import end_to_end, frobenius_squared
from solvers.network.problem import Problem
from solvers.network.spectrum import sigma_min, spectral_norm
from strategies.arguments import check_dimensions, check_no_bottleneck, check_positive, check_strategy
from strategies.built_once import built_once
from strategies.data_forms import covariances, observations
from strategies.matrices import dyadic_matrices, orthogonal_matrices, targets
from strategies.networks import generic_weights, perturbed
from strategies.widths import dimensions as all_dimensions

FloatMatrix = NDArray[np.float64]


@built_once
def learning_rates() -> st.SearchStrategy[float]:
    """Dyadic learning rates m / 2^k in (0, 8], from far too large to very small; shrinks to 1."""
    mantissas, exponents = st.integers(1, 8), st.integers(0, 20)
    return st.builds(lambda mantissa, exponent: mantissa / 2.0**exponent, mantissas, exponents)


DATA = ("white", "covariance", "mask")


@st.composite
def problems(
    draw: st.DrawFn,
    *,
    dimensions: st.SearchStrategy[tuple[int, ...]] | None = None,
    data: str | Sequence[str] = "white",
) -> Problem:
    """Any network, any target, any learning rate: dyadic float64 entries, no hypothesis met but by chance.

    ``data`` is the loss: "white", with a "covariance" (:func:`strategies.covariances`), with a "mask"
    (:func:`strategies.observations`), or several of them to draw from, the first being the simplest.
    """
    kinds = (data,) if isinstance(data, str) else tuple(data)
    if not kinds or not set(kinds) <= set(DATA):
        raise InvalidArgument(f"data is {data!r}; expected one or more of {', '.join(map(repr, DATA))}")
    widths = check_dimensions(draw(check_strategy(dimensions, "dimensions", all_dimensions)))
    weights, target = draw(generic_weights(widths)), draw(dyadic_matrices(widths[-1], widths[0]))
    kind, rate = draw(st.sampled_from(kinds)), draw(learning_rates())
    if kind == "covariance":
        return Problem(weights, target, rate, covariance=draw(covariances(widths[0])))
    if kind == "mask":
        return Problem(weights, target, rate, mask=draw(observations(widths[-1], widths[0])))
    return Problem(weights, target, rate)


@dataclass(frozen=True)
class MarginProblem:
    """A problem with a positive deficiency margin, and a float c > 0 that the margin is certainly at least."""

    problem: Problem
    margin: float


@st.composite
def margin_problems(
    draw: st.DrawFn,
    *,
    dimensions: st.SearchStrategy[tuple[int, ...]] | None = None,
    max_depth: int = 6,
    least_fraction: float = 1 / 64,
    least_distance: float = 0,
    perturb: bool = True,
) -> MarginProblem:
    """Problems that meet all hypotheses of Theorem 1, its margin c as large as they allow, or smaller.

    Phi has prescribed singular values in [1/4, 3] (a full-rank target, rounded to float64); W(0) is Phi plus any
    direction scaled to ||W(0) - Phi||_F <= (1 - least_fraction) sigma_min(Phi): every margin above
    least_fraction sigma_min(Phi) can come up; so can W(0) = Phi, unless ``least_distance`` keeps W(0) that part of the
    way from it. The factors are W(0)'s balanced ones, in other bases of the hidden
    layers, moved within the theorem's delta unless ``perturb`` is False. The learning rate is the largest allowed or a
    fraction of it. No width is a bottleneck, since a positive margin excludes it: ``dimensions`` must draw none.
    """
    check_positive(least_fraction, "least_fraction", most=1)
    if not 0 <= least_distance <= 1:
        raise InvalidArgument(f"least_distance is {least_distance!r}; expected a number in [0, 1]")
    wanted = partial(all_dimensions, bottleneck=False, max_depth=max_depth)
    widths = check_no_bottleneck(draw(check_strategy(dimensions, "dimensions", wanted)))
    depth, count = len(widths) - 1, min(widths[0], widths[-1])
    target = nearest(draw(targets(widths[-1], widths[0], rank=count)))
    smallest = float(sigma_min(target))
    start = target + smallest * (1 - least_fraction) * draw(directions(target.shape, least=least_distance))
    balanced = rotated(balanced_factors(start, widths), draw(hidden_bases(widths)))
    norm = square_root(frobenius_squared(exact(target)))
    expected = smallest - float(np.linalg.norm(start - target))
    delta = lower_float(imbalance_limit(depth, rational(expected * 0.99), norm))
    weights = draw(perturbed(balanced, imbalance=delta)) if perturb else balanced
    margin = certain_margin(Problem(weights, target, 0.0))
    if margin < expected * 0.99:  # the perturbation has cost margin, and delta with it: start from the balanced point
        weights, margin = balanced, certain_margin(Problem(balanced, target, 0.0))
    rate = lower_float(learning_rate_limit(depth, rational(margin), norm)) * draw(fractions())
    return MarginProblem(Problem(weights, target, rate), margin)


@built_once
@st.composite
def directions(draw: st.DrawFn, shape: tuple[int, int], *, least: float = 0) -> FloatMatrix:
    """Matrices with least <= ||E||_F <= 1, in every direction that dyadic entries reach; shrinks to the smallest."""
    direction = draw(dyadic_matrices(*shape))
    if not direction.any():
        direction[0, 0] = 1
    size = least + (1 - least) * draw(st.integers(0, 64)) / 64
    return direction * (size / float(np.linalg.norm(direction)))


@built_once
def fractions() -> st.SearchStrategy[float]:
    """Dyadic fractions in (0, 1], shrinking to 1."""
    return st.integers(0, 63).map(lambda k: (64 - k) / 64)


@built_once
@st.composite
def hidden_bases(draw: st.DrawFn, dimensions: Sequence[int]) -> list[FloatMatrix]:
    """One orthogonal matrix a hidden layer, rounded to float64."""
    return [nearest(draw(orthogonal_matrices(width))) for width in dimensions[1:-1]]


def rotated(weights: tuple[FloatMatrix, ...], bases: Sequence[FloatMatrix]) -> tuple[FloatMatrix, ...]:
    """The same network in other bases of its hidden layers: W_j -> Q_j W_j Q_{j-1}^T, Q_0 = Q_N = I."""
    left = [*bases, np.eye(len(weights[-1]))]
    right = [np.eye(weights[0].shape[1]), *bases]
    return tuple(q @ matrix @ p.T for q, matrix, p in zip(left, weights, right, strict=True))


@st.composite
def descent_states(draw: st.DrawFn, *, max_depth: int = 6) -> MarginProblem:
    """States anywhere in the set of Lemma 7 of ACGH19, with a learning rate it allows, not along trajectories only.

    |W_j|_2 <= (4 Phi_F)^{1/N}, |W - Phi|_2 <= Phi_F, 2 delta-balanced, sigma_min(W) >= c > 0, eta at most the
    theorem's limit for c. W has prescribed singular values in [1/4, 3]; Phi = W - tau E for any
    direction E with |E|_2 = 1, tau up to where |W - Phi|_2 = Phi_F (beyond it too, where the condition holds again).
    ``margin`` of the result is c, which need not be a deficiency margin, nor at most Phi_F.
    """
    widths = draw(all_dimensions(bottleneck=False, max_depth=max_depth))
    depth, count = len(widths) - 1, min(widths[0], widths[-1])
    start = nearest(draw(targets(widths[-1], widths[0], rank=count)))
    target = start - draw(residuals(start))
    balanced = rotated(balanced_factors(start, widths), draw(hidden_bases(widths)))
    norm = square_root(frobenius_squared(exact(target)))
    margin = 0.99 * float(sigma_min(start)) * draw(fractions())
    delta = lower_float(2 * imbalance_limit(depth, rational(margin), norm))
    weights = draw(perturbed(balanced, imbalance=delta))
    if not in_descent_set(Problem(weights, target, 0.0), margin):
        weights = balanced
    rate = lower_float(learning_rate_limit(depth, rational(margin), norm)) * draw(fractions())
    return MarginProblem(Problem(weights, target, rate), margin)


@st.composite
def residuals(draw: st.DrawFn, start: FloatMatrix) -> FloatMatrix:
    """Residuals G = W - Phi with |G|_2 <= ||W - G||_F for W = ``start``: G = tau E, |E|_2 = 1.

    tau solves a quadratic inequality with no root, or with an interval left out between two; both sides come up,
    the far one where E is not so close to rank one that it would be far away. |G|_2 stays moderate, since delta and the
    learning rate shrink with powers of Phi_F.
    """
    direction = draw(dyadic_matrices(*start.shape)) + draw(st.sampled_from([0, 4])) * start  # any, or near W
    largest = float(spectral_norm(direction))
    if largest == 0:
        return direction
    direction = direction / largest
    a = max(0.0, float(np.sum(direction**2)) - 1)  # 0 for rank one, where rounding may give either sign
    half = float(np.sum(start * direction))
    c = float(np.sum(start**2))
    place, beyond = draw(st.integers(0, 63)) / 64, draw(st.booleans())
    discriminant = half * half - a * c
    reach = 16 * math.sqrt(c)
    if half <= 0 or discriminant <= 0:
        return direction * (place * reach)
    first = c / (half + math.sqrt(discriminant))
    if beyond and a >= 1 / 4:
        second = (half + math.sqrt(discriminant)) / a
        return direction * (second * (1.01 + place))
    return direction * (min(first, reach) * place)


def in_descent_set(problem: Problem, margin: float) -> bool:
    """Whether a float64 state certainly satisfies the norm conditions of Lemma 7 and sigma_min(W) >= c."""
    enclosed = problem.enclosed()
    product, norm = end_to_end(enclosed.weights), square_root(frobenius_squared(enclosed.target))
    return bool(
        all(spectral_norm(matrix) ** problem.depth <= 4 * norm for matrix in enclosed.weights)
        and spectral_norm(product - enclosed.target) <= norm
        and sigma_min(product) >= rational(margin)
    )
