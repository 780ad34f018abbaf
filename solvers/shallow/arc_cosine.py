"""Expectations of ReLU units of Gaussian data: the arc-cosine kernels and their derivatives.

x ~ N(0, I), s(z) = max(z, 0), th in [0, pi] the angle of u and v, hat u = u/|u|:

    J_0 = P(u.x > 0, v.x > 0)          = (pi - th) / 2pi
    J_1 = E s(u.x) s(v.x)              = |u| |v| (sin th + (pi - th) cos th) / 2pi
    J_2 = E s(u.x)^2 s(v.x)^2          = |u|^2 |v|^2 (3 sin th cos th + (pi - th)(1 + 2 cos^2 th)) / 2pi
    K   = dJ_1/du                      = (|v| sin th hat u + (pi - th) v) / 2pi
    M   = E 1(u.x > 0, v.x > 0) x x^T  = ((pi - th) I + sin th R) / 2pi
    d^2 J_1/du^2                       = |p| (I - hat u hat u^T + hat p hat p^T) / (2pi |u|),   p = v - (v.hat u) hat u.

R swaps hat u and hat v and is 0 off their plane. M v = K, and M is dK/dv too. M >= kappa(th) I,
kappa(th) = (pi - th - sin th) / 2pi.

Each is written once and runs on float64 arrays (..., d) with leading axes that broadcast, on object arrays of exact
rationals or of balls (``flint.fmpq``, ``flint.arb``; the results are balls), and on object arrays of SymPy expressions.
No vector may be zero: an angle with it is none. The angle is 2 atan2(|a - b|, |a + b|) for the unit vectors a and b,
and pi - th the same with both exchanged, so that both are accurate near 0; parallel rational vectors have th = 0
exactly, and opposite ones pi - th = 0.

Source: Cho, Saul (2009), whose k_n is 2 J_n; the gated covariance is this project's (DL-044).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvers.arithmetic import elementary
from solvers.network import Matrix
from solvers.shallow.checks import check_vectors


@dataclass(frozen=True)
class Angle:
    """th = ``radians`` in [0, pi], its ``supplement`` pi - th, its ``sine`` and ``cosine``, and ``pi``.

    In one arithmetic; arrays where there are many angles.
    """

    radians: Any
    supplement: Any
    sine: Any
    cosine: Any
    pi: Any

    @classmethod
    def of(cls, radians: Any) -> Angle:
        """From th itself: float64, a ball or a SymPy expression."""
        pi = elementary.pi(radians)
        return cls(radians, pi - radians, elementary.sin(radians), elementary.cos(radians), pi)

    @classmethod
    def of_half(cls, sine: Any, cosine: Any) -> Angle:
        """From numbers >= 0 in the ratio of sin(th/2) to cos(th/2), not both 0; rational where these are.

        So that (1, 3) is the angle with tan(th/2) = 1/3, whose sine is 3/5.
        """
        square = sine * sine + cosine * cosine
        return cls(
            2 * elementary.atan2(sine, cosine),
            2 * elementary.atan2(cosine, sine),
            2 * sine * cosine / square,
            (cosine - sine) * (cosine + sine) / square,
            elementary.pi(sine),
        )


@dataclass(frozen=True)
class _Plane:
    """Of u and v: lengths, unit vectors a and b, the angle, |a + b| and |a - b|, and the unit vectors along a + b and
    a - b."""

    u_length: Any
    v_length: Any
    u_unit: Matrix
    v_unit: Matrix
    angle: Angle
    chords: tuple[Any, Any]
    along: Matrix
    across: Matrix


def angle_between(u: Matrix, v: Matrix) -> Angle:
    """The angles of vectors u and v (..., d). Raises ValueError for a zero vector, and for shapes that do not fit."""
    return _plane(u, v).angle


def half_space_probability(u: Matrix, v: Matrix) -> Any:
    """J_0 = P(u.x > 0, v.x > 0), shape (...,)."""
    return unit_kernel(0, angle_between(u, v))


def relu_kernel(u: Matrix, v: Matrix) -> Any:
    """J_1 = E s(u.x) s(v.x), shape (...,)."""
    plane = _plane(u, v)
    return plane.u_length * plane.v_length * unit_kernel(1, plane.angle)


def squared_relu_kernel(u: Matrix, v: Matrix) -> Any:
    """J_2 = E s(u.x)^2 s(v.x)^2, shape (...,)."""
    plane = _plane(u, v)
    scale = plane.u_length * plane.v_length
    return scale * scale * unit_kernel(2, plane.angle)


def unit_kernel(degree: int, angle: Angle) -> Any:
    """J_0, J_1 or J_2 (by ``degree``) of unit vectors at that angle."""
    supplement, sine, cosine = angle.supplement, angle.sine, angle.cosine
    if degree == 0:
        return supplement / (2 * angle.pi)
    if degree == 1:
        return (sine + supplement * cosine) / (2 * angle.pi)
    if degree == 2:
        return (3 * sine * cosine + supplement * (1 + 2 * cosine * cosine)) / (2 * angle.pi)
    raise ValueError(f"degree is {degree!r}; expected 0, 1 or 2")


def mean_relu(u: Matrix) -> Any:
    """E s(u.x) = |u| / (2pi)^{1/2}, shape (...,)."""
    check_vectors(u, "u")
    length = lengths(u)
    return length / elementary.sqrt(2 * elementary.pi(u))


def relu_kernel_gradient(u: Matrix, v: Matrix) -> Matrix:
    """K(u, v) = dJ_1/du = (|v| sin th hat u + (pi - th) v) / 2pi, shape (..., d)."""
    plane = _plane(u, v)
    along_u = plane.u_unit * _column(plane.v_length * plane.angle.sine)
    return (along_u + v * _column(plane.angle.supplement)) / (2 * plane.angle.pi)


def gated_covariance(u: Matrix, v: Matrix) -> Matrix:
    """M(u, v) = E 1(u.x > 0, v.x > 0) x x^T = ((pi - th) I + sin th R) / 2pi, shape (..., d, d).

    R = m m^T - n n^T, m along the bisector of u and v and n across it.
    """
    plane = _plane(u, v)
    swap = _outer(plane.along) - _outer(plane.across)
    angle = plane.angle
    return (_identity(u) * _block(angle.supplement) + swap * _block(angle.sine)) / (2 * angle.pi)


def gated_eigenvalues(angle: Angle) -> tuple[Any, Any, Any]:
    """Of M: (pi - th - sin th)/2pi, (pi - th)/2pi (d - 2 times) and (pi - th + sin th)/2pi; for d = 1 the last one if
    th = 0, and 0 if th = pi. The first is kappa(th)."""
    twice = 2 * angle.pi
    return (
        (angle.supplement - angle.sine) / twice,
        angle.supplement / twice,
        (angle.supplement + angle.sine) / twice,
    )


def relu_kernel_hessian(u: Matrix, v: Matrix) -> Matrix:
    """d^2 J_1/du^2 = |p| (I - hat u hat u^T + hat p hat p^T) / (2pi |u|), shape (..., d, d).

    p = v - (v.hat u) hat u has the length |v| sin th; 0 where u and v are parallel.
    """
    plane = _plane(u, v)
    sum_length, difference_length = plane.chords
    across_u = (plane.along * _column(difference_length) - plane.across * _column(sum_length)) / 2
    size = plane.v_length * plane.angle.sine / (2 * plane.angle.pi * plane.u_length)
    return (_identity(u) - _outer(plane.u_unit) + _outer(across_u)) * _block(size)


def lengths(vectors: Matrix) -> Any:
    """|u| over the last axis; scaled in float64, so that no square underflows."""
    if not elementary.is_float64(vectors):
        return elementary.sqrt((vectors * vectors).sum(axis=-1))
    scale = abs(vectors).max(axis=-1, keepdims=True)
    safe = np.where(scale > 0, scale, 1.0)
    return safe[..., 0] * np.sqrt(((vectors / safe) ** 2).sum(axis=-1))


def _plane(u: Matrix, v: Matrix) -> _Plane:
    check_vectors(u, "u")
    check_vectors(v, "v")
    if u.shape[-1] != v.shape[-1]:
        raise ValueError(f"u has shape {u.shape} but v has shape {v.shape}; expected vectors of the same size")
    if u.dtype != v.dtype:
        raise TypeError(f"u has dtype {u.dtype} but v has dtype {v.dtype}; expected the same arithmetic")
    u_length, v_length = lengths(u), lengths(v)
    a, b = u / _column(u_length), v / _column(v_length)
    if elementary.is_float64(u):
        across, along = lengths(a - b), lengths(a + b)
        angle = Angle.of_half(across, along)
    else:  # |a -+ b|^2 = 2 (1 -+ cos th), exactly 0 for parallel rational vectors
        cosine = (u * v).sum(axis=-1) / elementary.sqrt((u * u).sum(axis=-1) * (v * v).sum(axis=-1))
        across, along = elementary.sqrt(2 * (1 - cosine)), elementary.sqrt(2 * (1 + cosine))
        half = Angle.of_half(across, along)
        angle = replace(half, sine=elementary.sqrt((1 - cosine) * (1 + cosine)), cosine=cosine)
    units = elementary.direction(a + b, along), elementary.direction(a - b, across)
    return _Plane(u_length, v_length, a, b, angle, (along, across), *units)


def _column(numbers: Any) -> Any:
    return np.asarray(numbers)[..., None]


def _block(numbers: Any) -> Any:
    return np.asarray(numbers)[..., None, None]


def _outer(vectors: Matrix) -> Matrix:
    return vectors[..., :, None] * vectors[..., None, :]


def _identity(like: Matrix) -> Matrix:
    return np.eye(like.shape[-1], dtype=like.dtype if elementary.is_float64(like) else object)
