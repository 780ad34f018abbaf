"""What is recorded of a network: loss, each layer's imbalance and sigma_min, for many snapshots at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.network.network import end_to_end, frobenius_squared, imbalances, loss_of

FloatArray = NDArray[np.float64]


SMALL = 2.0**-900
"""A sum of squares above this has lost nothing that matters to underflow: it is 2^174 times the smallest subnormal."""


class Values(NamedTuple):
    """``loss`` and ``sigma_min`` have the leading axes of the weights, ``imbalance`` one more, of length N - 1."""

    loss: FloatArray
    imbalance: FloatArray
    sigma_min: FloatArray


def observe(
    weights: Sequence[FloatArray], target: FloatArray, *, covariance: FloatArray | None = None, mask: Any = None
) -> Values:
    """The loss, (||B_1||_F, ..., ||B_{N-1}||_F) and sigma_min(W) of float64 networks with leading axes.

    The loss is 1/2 ||W - Phi||_F^2, or that of a covariance or mask; it is set to 0 where rounding, which a covariance
    allows, takes it below.

    sigma_min comes from singular values of W itself, not of its Gram matrix, whose rounding would cost half the
    digits. Where a product overflows, loss and imbalance are infinite or not a number, and sigma_min is not a number.
    """
    product = end_to_end(weights)
    leading = product.shape[:-2]
    norms = [frobenius(imbalance) for imbalance in imbalances(weights)]
    return Values(
        np.maximum(loss_of(product - target, covariance=covariance, mask=mask), 0.0),
        np.stack(norms, axis=-1) if norms else np.empty((*leading, 0)),
        _sigma_min(product),
    )


def frobenius(matrix: FloatArray) -> FloatArray:
    """||A||_F over the last two axes, scaled where squares would over- or underflow."""
    squared = np.asarray(frobenius_squared(matrix))
    if squared.size and squared.min() > SMALL and squared.max() < np.inf:
        root: FloatArray = np.sqrt(squared)
        return root
    largest = np.abs(matrix).max(axis=(-2, -1))
    power = np.ldexp(1.0, np.frexp(largest)[1] - 1)  # a power of two, so that scaling rounds nothing
    safe = np.where((largest > 0) & np.isfinite(largest), power, 1.0)
    norm: FloatArray = safe * np.sqrt(frobenius_squared(matrix / safe[..., None, None]))
    return norm


def _sigma_min(matrix: FloatArray) -> FloatArray:
    finite = np.asarray(np.isfinite(matrix).all(axis=(-2, -1)))
    known = np.where(finite[..., None, None], matrix, 0.0)
    smallest = frobenius(known) if 1 in matrix.shape[-2:] else np.linalg.svd(known, compute_uv=False)[..., -1]
    found: FloatArray = np.where(finite, smallest, np.nan)
    return found
