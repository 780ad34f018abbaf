"""How far float64 factors by Procedure 1 may be from what it promises: bounds for LAPACK's errors and for rounding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb
from numpy.typing import NDArray

from solvers import arithmetic
from solvers.arithmetic import UNIT, Comparison, ObjectArray, Verdict, compare, gamma
from solvers.network import end_to_end, frobenius_squared, imbalances

FloatMatrix = NDArray[np.float64]


def norm(matrix: ObjectArray) -> arb:
    """||A||_F."""
    return arb(frobenius_squared(matrix)).sqrt()


POWER_ULPS = 4
"""What a float64 power may be off by, in units in the last place, each at most 2u of the number: C libraries keep to
one, the vectorised powers of NumPy to four."""


@dataclass(frozen=True)
class Bounds:
    """How far float64 factors by Procedure 1 may be from what statement 1 says of A.

    ``product`` bounds ||W_N ... W_1 - A||_F, ``imbalance`` each ||B_j||_F, and ``value`` |r_i^N - s_i| for the roots
    r_i in the middle layers and the singular values s_i of A.
    """

    product: arb
    imbalance: arb
    value: arb

    @classmethod
    def of(cls, matrix: FloatMatrix, widths: Sequence[int]) -> Bounds:
        """``skew`` and ``residual`` are how far LAPACK's U, S, V are from a decomposition, measured exactly, so that
        |U|_2 |V|_2 is at most ``spread``. A computed root is s^{1/N} (1 + 8u), and 1/N is rounded too, so its N-th
        power is off by (8N + |log s|) u s. A layer is two products of inner dimension k, off by gamma_2k of its
        factors' norms. U and V are within ||U^T U - I|| and ||V^T V - I|| of orthonormal ones, so that Weyl's
        inequality bounds ``value``."""
        depth, size = len(widths) - 1, max(widths)
        u, values, v = np.linalg.svd(matrix, full_matrices=False)
        left, right = arithmetic.exact(u), arithmetic.exact(v)
        identity, largest = arithmetic.exact(np.eye(len(values))), arithmetic.rational(values[0])
        skew = norm(left.T @ left - identity) + norm(right @ right.T - identity)
        residual = norm(arithmetic.exact(matrix) - left @ arithmetic.exact(np.diag(values)) @ right)
        spread = (1 + skew) ** 2
        ulps = [(2 * POWER_ULPS * depth + abs(math.log(s))) * UNIT * s * (1 + 2.0**-20) for s in values if s > 0]
        top = arithmetic.power(largest, Fraction(1, depth)) * (1 + arb(2) ** -40)  # bounds every layer's root
        layer = gamma(2 * size) * size**2 * top * spread
        return cls(
            residual + spread * sum(ulps) + depth * layer * (top + layer) ** (depth - 1) * spread,
            top**2 * skew + 4 * (top * spread + layer) * layer,
            residual + largest * skew * (1 + skew) + max(ulps, default=0.0),
        )


def product_and_imbalances(weights: Sequence[FloatMatrix], matrix: FloatMatrix) -> tuple[Verdict, list[Verdict]]:
    """Whether float64 layers are within the bounds, their product and imbalances taken exactly."""
    bounds = Bounds.of(matrix, (matrix.shape[1], *(len(layer) for layer in weights)))
    layers = [arithmetic.exact(layer) for layer in weights]
    gap = norm(end_to_end(layers) - arithmetic.exact(matrix))
    return compare(Comparison(gap, "<=", bounds.product, "product of the factors against A")), [
        compare(Comparison(norm(b), "<=", bounds.imbalance, "imbalance of the factors")) for b in imbalances(layers)
    ]
