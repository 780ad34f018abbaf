"""Stacks of states on data of any covariance, for the single steps of Theorem 1 for data that are not white.

A state is a network, a target, a covariance S, a learning rate and a c > 0, anywhere in the set where the theorem of
:mod:`solvers.guarantees.general_data` keeps its trajectories: sigma_min(W) >= c, the imbalance at most what it may
become, eta at most its limit for F = max(|Phi|_2, c + |W - Phi|_2). Half of all draws sit on each boundary, up to 2^-10
or to rounding, as in :mod:`strategies.state_stacks`, whose networks and directions these are.

S has condition number up to 2^20 and any size; its eigenvectors are random, or those of W^T W, or of G^T G. Some have
two eigenvalues only, some one. Singular ones do not come up: the theorem is for S > 0.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from numpy.typing import NDArray

from solvers.arithmetic import Enclosure, Interval
from solvers.guarantees.general_data import BALANCES, Balance, imbalance_limit, kept_imbalance, learning_rate_limit
from solvers.network import stacks
from solvers.network.network import end_to_end, imbalances
from solvers.network.problem import Problem
from strategies.arguments import check_no_bottleneck, check_positive, check_strategy, check_whole
from strategies.state_stacks import (
    EQUALISING,
    INSIDE,
    StateStack,
    balanced_stack,
    direction_stack,
    fraction_stack,
    largest_imbalance,
    noise_stack,
    of_moderate_size,
    orthogonal_stack,
)
from strategies.widths import dimensions as all_dimensions

FloatArray = NDArray[np.float64]


@st.composite
def data_stacks(
    draw: st.DrawFn,
    *,
    size: int,
    balance: Balance,
    imbalance: float = 1,
    learning_rate: float = 1,
    dimensions: st.SearchStrategy[tuple[int, ...]] | None = None,
) -> StateStack:
    """A stack of at most ``size`` states, seldom fewer; widths (no bottleneck) and a seed for the contents are drawn.

    ``balance`` says of what there is little: "each", every ||B_j||_F at most 2 delta, or "sum", sum_j |B_j|_2 at most
    c^{2/N} / (4 N); the learning rate's limit is that of the same form of the theorem. ``imbalance`` and
    ``learning_rate`` are factors of these limits, for states beyond what is proved. States that are not inside the set
    by more than rounding are left out.
    """
    check_whole(size, "size", least=1)
    if balance not in BALANCES:
        raise InvalidArgument(f"balance is {balance!r}; expected one of {', '.join(BALANCES)}")
    check_positive(imbalance, "imbalance")
    check_positive(learning_rate, "learning_rate")
    widths = check_no_bottleneck(draw(check_strategy(dimensions, "dimensions", _narrow)))
    return _stack(draw(st.integers(0, 2**32 - 1)), widths, size, balance, imbalance, learning_rate)


def _narrow() -> st.SearchStrategy[tuple[int, ...]]:
    return all_dimensions(bottleneck=False, max_width=4)


def allowed(depth: int, margin: Any, balance: Balance) -> Any:
    """What the imbalance may become: 2 delta each, or c^{2/N} / (4 N) in all."""
    if balance == "each":
        return 2 * imbalance_limit(depth, margin, balance)
    return kept_imbalance(depth, margin, 1, balance)


def _stack(
    seed: int, widths: tuple[int, ...], size: int, balance: Balance, imbalance: float = 1, learning_rate: float = 1
) -> StateStack:
    rng, depth = np.random.default_rng(seed), len(widths) - 1
    weights = balanced_stack(rng, widths, size)
    noise = of_moderate_size(noise_stack(rng, widths, size), weights)
    direction = direction_stack(rng, end_to_end(weights))
    distance, part = 2.0 ** rng.uniform(-8, 2, size), fraction_stack(rng, size)
    share = np.where(rng.random(size) < 0.5, INSIDE, rng.random(size))
    for _ in range(EQUALISING):  # the limit depends on c, which depends on the weights
        moved = _moved(weights, noise, 1.0)
        wanted, found = part * INSIDE * imbalance * _limit(moved, share, balance), _imbalance(moved, balance)
        factor = np.where(found > 0, np.minimum(wanted / np.maximum(found, 1e-300), 2.0), 1.0)
        noise = tuple(move * factor[:, None, None] for move in noise)
    moved = _moved(weights, noise, 1.0)
    excess = _imbalance(moved, balance) > INSIDE * imbalance * _limit(moved, share, balance)
    moved = _moved(weights, noise, np.where(excess, 1 / 64, 1.0)[:, None, None])  # where the rounds did not settle
    margin = share * _smallest(moved)
    keep = (margin > 0) & (_imbalance(moved, balance) <= (1 + INSIDE) / 2 * imbalance * _limit(moved, share, balance))
    product = end_to_end(moved)
    gap = distance[:, None, None] * np.linalg.norm(product, 2, axis=(-2, -1))[:, None, None] * direction
    target, covariance = product - gap, covariance_stack(rng, gap, product)
    rate = _largest_rate(target, gap, covariance, margin, depth, balance)
    rate = rate * learning_rate * fraction_stack(rng, size, near=INSIDE)
    taken = tuple(np.ascontiguousarray(matrix[keep]) for matrix in moved)
    return StateStack(Problem(taken, target[keep], rate[keep], covariance=covariance[keep]), margin[keep], seed)


def _moved(weights: tuple[FloatArray, ...], noise: tuple[FloatArray, ...], factor: Any) -> tuple[FloatArray, ...]:
    return tuple(matrix + factor * move for matrix, move in zip(weights, noise, strict=True))


def _smallest(weights: tuple[FloatArray, ...]) -> FloatArray:
    found: FloatArray = np.linalg.svd(end_to_end(weights), compute_uv=False)[..., -1] * INSIDE
    return found


def _limit(weights: tuple[FloatArray, ...], share: FloatArray, balance: Balance) -> FloatArray:
    found: FloatArray = allowed(len(weights), Interval.of(share * _smallest(weights)), balance).low
    return found


def _imbalance(weights: tuple[FloatArray, ...], balance: Balance) -> FloatArray:
    if balance == "each":
        return largest_imbalance(weights)
    norms = [np.linalg.norm(b, 2, axis=(-2, -1)) for b in imbalances(weights)]
    return reduce(add, norms, np.zeros(len(weights[0])))


def covariance_stack(rng: np.random.Generator, gap: FloatArray, product: FloatArray) -> FloatArray:
    """S = Q diag(s) Q^T, s from s_1 / kappa to s_1, kappa up to 2^20 and s_1 in [2^-6, 2^6]."""
    size, width = len(gap), gap.shape[-1]
    bases = [
        orthogonal_stack(rng, size, width),
        np.linalg.svd(product)[2].mT,
        np.linalg.svd(gap)[2].mT,
    ]
    basis = np.choose(rng.integers(0, 3, size)[:, None, None], bases)
    condition, size_of_one = 2.0 ** (20 * rng.random((size, 1))), 2.0 ** rng.uniform(-6, 6, (size, 1))
    kind = rng.random((size, 1))
    exponents = np.where(kind < 0.25, rng.integers(0, 2, (size, width)), rng.random((size, width)))
    values = np.where(kind > 7 / 8, 1.0, condition**-exponents) * size_of_one
    covariance = (basis * values[:, None, :]) @ basis.mT
    symmetric: FloatArray = (covariance + covariance.mT) / 2
    return symmetric


def _largest_rate(
    target: FloatArray, gap: FloatArray, covariance: FloatArray, margin: FloatArray, depth: int, balance: Balance
) -> FloatArray:
    """Certainly at most the limit for the least F that the target and the residual allow."""
    enclosed_target, enclosed_gap, enclosed = map(Enclosure.of, (target, gap, covariance))
    reach, norm, most = (stacks.extreme_singular_values(each)[1] for each in (enclosed_gap, enclosed_target, enclosed))
    c = Interval.of(margin)
    limit = learning_rate_limit(depth, c, stacks.largest([norm, c + reach]), most, balance)
    found: FloatArray = limit.low * INSIDE
    return found
