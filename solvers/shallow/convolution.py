"""One filter with mean-pooled ReLU outputs on patches of Gaussian data: the loss and its derivatives.

    l(w) = E (f_w(x) - f_{w*}(x))^2,   f_w(x) = (1/k) sum_{i <= k} s(w.x[i]),   s(z) = max(z, 0),   x ~ N(0, I).

Where the patches x[i] in R^d do not overlap, with r = |w|, v = |w*| and the kernels of
:mod:`~solvers.shallow.arc_cosine`,

    l       = (r^2/2 + v^2/2 - 2 J_1(w, w*)) / k + (k - 1)(r - v)^2 / (2pi k)
    grad l  = (w - 2 K(w, w*)) / k + (k - 1)(r - v) hat w / (pi k)
    Hessian = (I - 2 d^2 J_1/du^2) / k + (k - 1)(I - (v/r)(I - hat w hat w^T)) / (pi k).

In general x[i] = P_i^T x for ``maps`` P_i, so that w.x[i] = (P_i w).x. Then with J_1(i, j) of P_i w and P_j w* etc.

    l       = (1/k^2) sum_ij (J_1(P_i w, P_j w) - 2 J_1(P_i w, P_j w*) + J_1(P_i w*, P_j w*))
    grad l  = (2/k^2) sum_ij P_i^T (K(P_i w, P_j w) - K(P_i w, P_j w*))
    Hessian = (2/k^2) sum_ij (P_i^T M(P_i w, P_j w) P_j
                              + P_i^T (d^2 J_1/du^2 (P_i w, P_j w) - d^2 J_1/du^2 (P_i w, P_j w*)) P_i).

Each in float64, in exact rationals or balls (the results are balls), and in SymPy expressions, with leading axes of
filters. :mod:`~solvers.shallow.relu_descent` takes the steps.

Source: Brutzkus, Globerson (2017), for the loss and its gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq

from solvers.arithmetic import elementary, whole_power
from solvers.network import Matrix
from solvers.shallow.arc_cosine import (
    gated_covariance,
    lengths,
    relu_kernel,
    relu_kernel_gradient,
    relu_kernel_hessian,
)
from solvers.shallow.checks import check_array, check_vectors, check_whole


def filter_loss(filters: Matrix, target: Matrix, *, patches: int) -> Any:
    """l(w), shape (...,), of filters (..., d) and w* = ``target`` (d,), for ``patches`` k that do not overlap.

    In float64 it is accurate to some roundings of |w|^2 + |w*|^2, not of l itself. Raises TypeError or ValueError
    that names the argument for a zero vector, among others, as the functions below.
    """
    _check(filters, target, patches)
    pi, r, v = elementary.pi(filters), lengths(filters), lengths(target)
    apart = (filters * filters).sum(axis=-1) + (target * target).sum(axis=-1) - 4 * relu_kernel(filters, target)
    return apart / (2 * patches) + (patches - 1) * whole_power(r - v, 2) / (2 * pi * patches)


def filter_gradient(filters: Matrix, target: Matrix, *, patches: int) -> Matrix:
    """grad l(w), shape (..., d)."""
    _check(filters, target, patches)
    pi, r, v = elementary.pi(filters), lengths(filters), lengths(target)
    pull = (patches - 1) * (1 - v / r) / (pi * patches)
    gradient: Matrix = (filters - 2 * relu_kernel_gradient(filters, target)) / patches
    return gradient + filters * np.asarray(pull)[..., None]


def filter_hessian(filters: Matrix, target: Matrix, *, patches: int) -> Matrix:
    """The Hessian of l at w, shape (..., d, d)."""
    _check(filters, target, patches)
    pi, r, v = elementary.pi(filters), lengths(filters), lengths(target)
    unit = _identity(filters)
    direction = elementary.direction(filters, r)
    across = unit - direction[..., :, None] * direction[..., None, :]
    pull = (unit - across * np.asarray(v / r)[..., None, None]) * ((patches - 1) / (pi * patches))
    hessian: Matrix = (unit - 2 * relu_kernel_hessian(filters, target)) / patches
    return hessian + pull


def opposite_filter(target: Matrix, *, patches: int) -> Matrix:
    """w_s = -(k - 1)/(k + pi - 1) w*, shape (d,): the critical point besides w*, for k >= 2 patches apart."""
    check_vectors(target, "target")
    check_whole(patches, "patches", least=2)
    return target * (-(patches - 1) / (patches - 1 + elementary.pi(target)))


def patch_maps(patches: int, size: int, stride: int) -> Matrix:
    """P_1, ..., P_k (k, n, d) of whole numbers, n = (k - 1) stride + d: w.x[i] = (P_i w).x for the patch x[i] of x.

    Patches of ``size`` d whose first entries are ``stride`` apart; those with stride >= d do not overlap.
    """
    for number, name in ((patches, "patches"), (size, "size"), (stride, "stride")):
        check_whole(number, name, least=1)
    maps = np.zeros((patches, (patches - 1) * stride + size, size))
    for i in range(patches):
        maps[i, i * stride : i * stride + size] = np.eye(size)
    return maps


def sliding_loss(filters: Matrix, target: Matrix, maps: Matrix) -> Any:
    """l(w), shape (...,), of filters (..., d), w* = ``target`` (d,) and any ``maps`` (k, n, d), as of
    :func:`patch_maps`; P_i w and P_i w* must not be zero."""
    own, teachers = _mapped(filters, target, maps)
    found = _sum(own, own) - 2 * _sum(own, teachers) + _sum(teachers, teachers)
    return found / len(maps) ** 2


def sliding_gradient(filters: Matrix, target: Matrix, maps: Matrix) -> Matrix:
    """grad l(w), shape (..., d)."""
    own, teachers = _mapped(filters, target, maps)
    one = own[..., :, None, :]
    slopes = relu_kernel_gradient(one, own[..., None, :, :]) - relu_kernel_gradient(one, teachers)
    back = slopes.sum(axis=-2)[..., None, :] @ _like(maps, filters)
    gradient: Matrix = back[..., 0, :].sum(axis=-2) * 2
    return gradient / len(maps) ** 2


def sliding_hessian(filters: Matrix, target: Matrix, maps: Matrix) -> Matrix:
    """The Hessian of l at w, shape (..., d, d)."""
    own, teachers = _mapped(filters, target, maps)
    one, other, like = own[..., :, None, :], own[..., None, :, :], _like(maps, filters)
    bent = (relu_kernel_hessian(one, other) - relu_kernel_hessian(one, teachers)).sum(axis=-3)
    gated = gated_covariance(one, other)
    found = (like.mT @ bent @ like).sum(axis=-3) + (like.mT[:, None] @ gated @ like).sum(axis=(-4, -3))
    hessian: Matrix = found * 2
    return hessian / len(maps) ** 2


def _mapped(filters: Matrix, target: Matrix, maps: Matrix) -> tuple[Matrix, Matrix]:
    """P_i w (..., k, n) and P_j w* (k, n)."""
    _check(filters, target, 1)
    check_array(maps, "maps", axes=3, expected="(k, n, d)")
    if maps.shape[2] != len(target):
        raise ValueError(f"maps has shape {maps.shape}; expected (k, n, {len(target)}), as target has")
    like = _like(maps, filters)
    own = (like @ filters[..., None, :, None])[..., 0]
    teachers = (like @ target[:, None])[..., 0]
    check_vectors(own, "maps @ filters")
    check_vectors(teachers, "maps @ target")
    return own, teachers


def _sum(one: Matrix, other: Matrix) -> Any:
    return relu_kernel(one[..., :, None, :], other[..., None, :, :]).sum(axis=(-2, -1))


def _like(maps: Matrix, filters: Matrix) -> Matrix:
    """The maps in the arithmetic of the filters."""
    if elementary.is_float64(filters) or maps.dtype == object:
        return maps
    rationals: Matrix = np.frompyfunc(lambda x: fmpq(*x.as_integer_ratio()), 1, 1)(maps)
    if not elementary.is_symbolic(filters):
        return rationals
    import sympy  # only those who bring symbols pay for the import

    symbols: Matrix = np.frompyfunc(lambda x: sympy.Rational(int(x.p), int(x.q)), 1, 1)(rationals)
    return symbols


def _identity(like: Matrix) -> Matrix:
    return np.eye(like.shape[-1], dtype=like.dtype if elementary.is_float64(like) else object)


def _check(filters: Matrix, target: Matrix, patches: Any) -> None:
    check_vectors(filters, "filters")
    check_vectors(target, "target")
    if target.ndim != 1 or filters.shape[-1] != len(target):
        raise ValueError(f"target has shape {target.shape}; expected ({filters.shape[-1]},), as filters has")
    if filters.dtype != target.dtype:
        raise TypeError(f"target has dtype {target.dtype}; expected {filters.dtype}, as filters has")
    check_whole(patches, "patches", least=1)
