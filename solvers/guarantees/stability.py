"""Which learning rates can hold a minimum (DL-062): the least sharpness that there is, and the largest stable rate.

At every critical point of l = 1/2 ||W_N ... W_1 - Phi||_F^2 with W != 0 and a positive semidefinite Hessian H, of any
widths, lambda_max(H) >= N |Phi|_2^{2-2/N}; balanced ones attain it. Near such a point a step of gradient descent
multiplies the distance along H's top eigenvector by 1 - eta lambda_max(H), which is below -1 if eta is above

    2 / (N |Phi|_2^{2-2/N}).

For numbers, intervals and SymPy's symbols, as :mod:`~solvers.guarantees.limits`.
"""

from __future__ import annotations

from typing import Any

from solvers.guarantees.limits import root


def least_sharpness(depth: Any, target_norm: Any) -> Any:
    """N |Phi|_2^{2-2/N}; ``target_norm`` is |Phi|_2 > 0."""
    return depth * root(target_norm, 2 * depth - 2, depth)


def largest_stable_rate(depth: Any, target_norm: Any) -> Any:
    """2 / (N |Phi|_2^{2-2/N}): no larger learning rate is stable at any minimum, nor at a saddle without negative
    curvature and with W != 0."""
    return 2 / least_sharpness(depth, target_norm)
