"""The complete landscape of a homogeneous polynomial on the circle or the sphere, proved.

:mod:`solvers.shallow.critical_lines` counts the real critical lines. Each is then enclosed: with F(u, mu) =
(Df(u) - mu u, (|u|^2 - 1) / 2), a centre c, a box X around it and Y near the inverse of F'(c),

    K = c - Y F(c) + (I - Y F'(X)) (X - c)   in the interior of X

proves that X holds exactly one zero of F, and that it lies in K (Krawczyk). As many disjoint boxes as lines: the list
is complete. At a zero mu = p f(u), and the Riemannian Hessian is D^2 f - mu I on the tangent space; its index is
decided in balls. The sum of (-1)^index, 0 on the circle and 2 on the sphere, checks the list once more (Poincare-Hopf).

Sources: R. Krawczyk, Computing 4 (1969); the bound on the number of lines is Cartwright, Sturmfels, arXiv:1004.4953.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from solvers.arithmetic import ObjectArray, nearest
from solvers.shallow.critical_lines import CriticalLines, UncertifiedLandscape, critical_lines
from solvers.shallow.sphere import HomogeneousPolynomial

FloatArray = NDArray[np.float64]

PRECISIONS = (128, 512, 2048)
"""Bits of the balls, tried in turn."""

SEARCHES = 20
"""Times that 200 random points are tried where proposals are missing."""

NEWTON_STEPS = 40


@dataclass(frozen=True)
class SpherePoint:
    """A critical point: ``point`` holds exactly one, as balls (d,), and f there lies in the ball ``value``.

    ``index`` is the number of negative eigenvalues of the Riemannian Hessian, none being 0: 0 at a minimum, d - 1 at a
    maximum.
    """

    point: ObjectArray
    value: arb
    index: int

    @property
    def kind(self) -> str:
        """ "minimum", "saddle" or "maximum"."""
        return {0: "minimum", len(self.point) - 1: "maximum"}.get(self.index, "saddle")


@dataclass(frozen=True)
class Landscape:
    """All critical points of ``polynomial`` on the sphere, highest value first (as far as balls tell)."""

    polynomial: HomogeneousPolynomial
    points: tuple[SpherePoint, ...]
    lines: int
    """How many real critical lines there are, by the count of roots: half as many as points."""

    @property
    def maxima(self) -> tuple[SpherePoint, ...]:
        """The local maxima."""
        return self._of("maximum")

    @property
    def saddles(self) -> tuple[SpherePoint, ...]:
        """The saddles (none on the circle)."""
        return self._of("saddle")

    @property
    def minima(self) -> tuple[SpherePoint, ...]:
        """The local minima."""
        return self._of("minimum")

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Kind -> number of points."""
        return Counter(point.kind for point in self.points)

    def _of(self, kind: str) -> tuple[SpherePoint, ...]:
        return tuple(point for point in self.points if point.kind == kind)


def certify_landscape(polynomial: HomogeneousPolynomial) -> Landscape:
    """All critical points of f on |u| = 1 in R^2 or R^3, with proof: enclosed, classified, and none left out.

    Degrees up to 60 in two variables and 10 in three. Raises TypeError for anything but a HomogeneousPolynomial, and
    :class:`UncertifiedLandscape`, a ValueError, where f has other dimensions or a larger degree, inexact coefficients,
    infinitely many critical points (over the complex numbers too) or a degenerate one.
    """
    if not isinstance(polynomial, HomogeneousPolynomial):
        raise TypeError(f"polynomial is a {type(polynomial).__name__}; expected a HomogeneousPolynomial")
    lines = critical_lines(polynomial)
    scale = max(map(abs, polynomial.table.values()))
    form = HomogeneousPolynomial({e: c / scale for e, c in polynomial.table.items()})  # where float64 does not overflow
    proposals = _proposals(form, lines)
    for bits in PRECISIONS:
        with ctx.workprec(bits):
            points = _certified(form, proposals, lines.count, bits)
            if points is not None:
                scaled = (SpherePoint(p.point, p.value * scale, p.index) for p in points)
                return Landscape(polynomial, tuple(scaled), lines.count)
    raise UncertifiedLandscape(
        f"polynomial has {lines.count} critical lines, but they could not be told apart and classified with "
        f"{PRECISIONS[-1]} bits; expected critical points further from degenerate"
    )


def _proposals(polynomial: HomogeneousPolynomial, lines: CriticalLines) -> FloatArray:
    """Unit vectors on different critical lines, in float64: those that the count came with, after Newton's iteration,
    and where these are fewer than the lines, what it finds from random points."""
    generator = np.random.default_rng(0)
    found = _different(lines.proposals[:0], _polished(polynomial, lines.proposals))
    for _ in range(SEARCHES):
        if len(found) >= lines.count:
            break
        starts = generator.standard_normal((200, polynomial.dimension))
        starts /= np.linalg.norm(starts, axis=1, keepdims=True)
        found = _different(found, _polished(polynomial, starts))
    return found


def _polished(polynomial: HomogeneousPolynomial, starts: FloatArray) -> FloatArray:
    """The ends of Newton's iteration on (u, mu) from many unit vectors, where it comes to rest."""
    d, p = polynomial.dimension, polynomial.degree
    size = np.abs(polynomial._terms.rounded).max()
    points, unit = starts, np.eye(d)
    levels = polynomial.value(points) * p
    change = np.full(len(points), np.inf)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for _ in range(NEWTON_STEPS):
            system = np.zeros((len(points), d + 1, d + 1))
            system[:, :d, :d] = polynomial.hessian(points) - levels[:, None, None] * unit
            system[:, :d, d], system[:, d, :d] = -points, points
            off = np.concatenate([polynomial.riemannian_gradient(points), np.zeros((len(points), 1))], axis=1)
            system[:, range(d + 1), range(d + 1)] += 2.0**-100 * size  # never exactly singular
            move = np.linalg.solve(np.where(np.isfinite(system), system, np.eye(d + 1)), off[..., None])[..., :d, 0]
            change = np.linalg.norm(move, axis=1)
            points = points - move
            points = points / np.linalg.norm(points, axis=1, keepdims=True)
            levels = polynomial.value(points) * p
            if not (change > 1e-13).any():
                break
    found: FloatArray = points[change < 1e-6]
    return found


def _different(kept: FloatArray, more: FloatArray) -> FloatArray:
    """``kept`` and those of ``more`` that lie on other lines, as far as float64 tells."""
    rows = list(kept)
    for point in more:
        if all(min(np.abs(point - other).max(), np.abs(point + other).max()) > 1e-12 for other in rows):
            rows.append(point)
    return np.array(rows).reshape(-1, more.shape[1])


def _certified(
    polynomial: HomogeneousPolynomial, proposals: FloatArray, count: int, bits: int
) -> list[SpherePoint] | None:
    """Every point, or None where this precision does not suffice."""
    found: list[ObjectArray] = []
    for proposal in proposals:
        box = _enclosed(polynomial, proposal, bits)
        if box is not None and all(_apart(box, other) for other in found):
            found.append(box)
    if len(found) < count:
        return None
    points = []
    for box in found:
        for sign in (1, -1):
            point = box * sign
            index = _index(polynomial, point)
            if index is None:
                return None
            points.append(SpherePoint(point, polynomial.value(point), index))
    if len(found) > count:
        raise AssertionError(f"{len(found)} critical lines where there are at most {count}; this is a defect")
    characteristic = sum((-1) ** point.index for point in points)
    if characteristic != 1 - (-1) ** polynomial.dimension:
        raise AssertionError(
            f"the indices add up to {characteristic}, against Poincare and Hopf: a defect, please tell"
        )
    return sorted(points, key=lambda point: -float(point.value))


def _apart(first: ObjectArray, second: ObjectArray) -> bool:
    """Whether two boxes certainly hold different lines: u != v and u != -v."""
    return all(any(not a.overlaps(sign * b) for a, b in zip(first, second, strict=True)) for sign in (1, -1))


def _enclosed(polynomial: HomogeneousPolynomial, proposal: FloatArray, bits: int) -> ObjectArray | None:
    """A box that holds exactly one critical point near ``proposal``, as narrow as the precision gives; or None."""
    d, p = polynomial.dimension, polynomial.degree
    u = _balls(proposal)
    centre = np.append(u, polynomial.value(u) * p)
    inverse = _inverse(_jacobian(polynomial, centre))
    if inverse is None:
        return None
    for _ in range(4 + bits.bit_length()):  # Newton's iteration with a fixed inverse, renewed as it comes nearer
        centre = _middles(centre - inverse @ _system(polynomial, centre))
        inverse = _inverse(_jacobian(polynomial, centre), inverse)
        if inverse is None:
            return None
    for exponent in (bits // 2, bits // 4, 40, 24, 16, 10):
        box = centre + _balls(np.zeros(d + 1)) + np.array([arb(0, 2.0**-exponent)] * (d + 1), dtype=object)
        image = _krawczyk(polynomial, centre, box, inverse)
        if all(outer.contains_interior(inner) for outer, inner in zip(box, image, strict=True)):
            return _krawczyk(polynomial, centre, image, inverse)[:d]
    return None


def _krawczyk(
    polynomial: HomogeneousPolynomial, centre: ObjectArray, box: ObjectArray, inverse: ObjectArray
) -> ObjectArray:
    contraction = np.eye(len(centre), dtype=int).astype(object) - inverse @ _jacobian(polynomial, box)
    found: ObjectArray = centre - inverse @ _system(polynomial, centre) + contraction @ (box - centre)
    return found


def _system(polynomial: HomogeneousPolynomial, unknown: ObjectArray) -> ObjectArray:
    """F(u, mu)."""
    u, mu = unknown[:-1], unknown[-1]
    return np.append(polynomial.gradient(u) - u * mu, ((u * u).sum() - 1) / 2)


def _jacobian(polynomial: HomogeneousPolynomial, unknown: ObjectArray) -> ObjectArray:
    """F'(u, mu), [[D^2 f - mu I, -u], [u^T, 0]]."""
    u, mu = unknown[:-1], unknown[-1]
    d = len(u)
    result = np.full((d + 1, d + 1), arb(0), dtype=object)
    result[:d, :d] = polynomial.hessian(u) - np.eye(d, dtype=int).astype(object) * mu
    result[:d, d], result[d, :d] = -u, u
    return result


def _inverse(matrix: ObjectArray, before: ObjectArray | None = None) -> ObjectArray | None:
    """Near the inverse: float64's, or one step of Newton from the one ``before``, Y (2 I - A Y)."""
    if before is None:
        try:
            return _balls(np.asarray(np.linalg.inv(nearest(matrix)), dtype=np.float64))
        except np.linalg.LinAlgError:
            return None
    return _middles(before @ (2 * np.eye(len(matrix), dtype=int).astype(object) - matrix @ before))


def _index(polynomial: HomogeneousPolynomial, u: ObjectArray) -> int | None:
    """The number of negative eigenvalues of the Riemannian Hessian A at a critical u, or None where balls cannot tell.

    tr A = Laplacian f - (p (p-1) + (d-1) p) f, since <u, D^2 f u> = p (p-1) f; on the circle that is A. On the sphere
    det A is minus the determinant of [[D^2 f - p f I, u], [u^T, 0]].
    """
    p, d = polynomial.degree, polynomial.dimension
    value = polynomial.value(u)
    trace = polynomial.laplacian(u) - value * (p * (p - 1 + d - 1))
    if not (trace > 0 or trace < 0) and d == 2:
        return None
    if d == 2:
        return int(trace < 0)
    (a, b, c), (_, e, g), (_, _, h) = polynomial.hessian(u) - np.eye(3, dtype=int).astype(object) * (value * p)
    x, y, z = u
    determinant = (
        x * x * (e * h - g * g) + y * y * (a * h - c * c) + z * z * (a * e - b * b)
        + 2 * (x * y * (c * g - b * h) + x * z * (b * g - c * e) + y * z * (b * c - a * g))
    )  # fmt: skip
    if determinant < 0:
        return 1
    if not determinant > 0 or not (trace > 0 or trace < 0):
        return None
    return 2 if trace < 0 else 0


def _balls(numbers: FloatArray) -> ObjectArray:
    found: ObjectArray = np.asarray(np.frompyfunc(arb, 1, 1)(numbers))
    return found


def _middles(numbers: ObjectArray) -> ObjectArray:
    found: ObjectArray = np.asarray(np.frompyfunc(arb.mid, 1, 1)(numbers))
    return found
