"""The map nearest to the identity that takes one symmetric matrix to another.

If T is self-adjoint on symmetric matrices with spectrum in [1 - delta, 1 + delta] and T N = W, then
delta >= |W - N| / |N|. That bound is attained: with R = W - N, rho = <R, N> / |N|^2 and Q = R - rho N,

    T X = X + (Q <N, X> + N <Q, X> + rho N <N, X>) / |N|^2 - rho Q <Q, X> / |Q|^2

is rational, T N = W, and T - id has the eigenvalues +-delta on the span of N and Q. Its orthogonal complement may be
scaled by any c with |c - 1| <= delta. So one can ask for a critical point: T N U = 0 holds where W U = 0.
Source: Davis, Kahan, Weinberger (1982), for one vector.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq

from solvers.arithmetic import ObjectArray, exact
from solvers.network import frobenius_squared
from solvers.shallow.checks import check_symmetric
from solvers.shallow.factored import inner
from solvers.shallow.symmetric_maps import SymmetricMap, combination


@dataclass(frozen=True)
class Interpolation:
    """T, and delta^2 = |W - N|^2 / |N|^2."""

    linear_map: SymmetricMap
    delta_squared: fmpq


def nearest_to_identity(matrix: ObjectArray, image: ObjectArray, *, elsewhere: fmpq | int = 1) -> Interpolation:
    """T with T N = W for N = ``matrix`` and W = ``image``, symmetric and exact, and c = ``elsewhere``.

    Raises ValueError where N = 0, or where |c - 1| > delta.
    """
    check_symmetric(matrix, "matrix")
    check_symmetric(image, "image")
    if matrix.shape != image.shape:
        raise ValueError(f"image has shape {image.shape} but matrix has shape {matrix.shape}; expected the same")
    source, change = exact(matrix), exact(image) - exact(matrix)
    size = frobenius_squared(source)
    if size == 0:
        raise ValueError("matrix is zero; expected one that T may take elsewhere")
    slope, shift = inner(change, source) / size, fmpq(elsewhere) - 1
    across = change - slope * source
    delta_squared = frobenius_squared(change) / size
    if shift**2 > delta_squared:
        raise ValueError(f"elsewhere is {elsewhere}; expected |c - 1| <= delta, where delta^2 = {delta_squared}")
    width = frobenius_squared(across)
    last = -(slope + shift) / width if width != 0 else fmpq(0)
    corner = [[(slope - shift) / size, 1 / size], [1 / size, last]]
    linear_map = combination(np.stack([source, across]), exact(np.array(corner, dtype=object)), identity=1 + shift)
    return Interpolation(linear_map, delta_squared)
