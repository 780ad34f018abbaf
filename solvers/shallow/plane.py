"""All critical points of f(u) = 1/4 <N, T N>, N = u u^T - M, for u in the plane (n = 2, k = 1), with proof.

f is a quartic in u = (x, y), and its critical points are the common zeros of the cubics f_x and f_y. In coordinates
turned by a rational rotation let R(x) = Res_y(f_x, f_y). A root of R that is simple has at most one common zero above
it, and that is real where the root is. So there are at most as many real critical points as R has real roots, if all
of these are simple; where they are not, another rotation is tried.

Each is then enclosed. With a centre c, a box X around it and Y near the inverse of the Hessian at c,

    K = c - Y grad f(c) + (I - Y H(X)) (X - c)   in the interior of X

proves that X holds exactly one zero of grad f (Krawczyk). As many disjoint boxes as roots: the list is complete. The
signs of det H and tr H, in balls, give the inertia.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import Ordering, arb, ctx, fmpq, fmpq_mpoly_ctx, fmpq_poly
from numpy.typing import NDArray

from solvers.arithmetic import ObjectArray, exact, nearest
from solvers.shallow.critical_lines import UncertifiedLandscape
from solvers.shallow.factored import FactoredObjective
from solvers.shallow.real_roots import real_roots

FloatArray = NDArray[np.float64]

PRECISIONS = (128, 512)
TURNS = ((1, 0, 1), (3, 4, 5), (5, 12, 13), (20, 21, 29), (7, 24, 25))
"""(cos, sin, 1) times the last number, of the rotations that are tried."""


@dataclass(frozen=True)
class PlanePoint:
    """A critical point: the box ``point``, (2, 1) balls, holds exactly one; f there lies in the ball ``value``.

    ``inertia`` is (positive, negative) eigenvalues of the Hessian, none being 0.
    """

    point: ObjectArray
    value: arb
    inertia: tuple[int, int]

    @property
    def kind(self) -> str:
        """ "minimum", "saddle" or "maximum"."""
        return ("minimum", "saddle", "maximum")[self.inertia[1]]


def plane_landscape(objective: FactoredObjective) -> tuple[PlanePoint, ...]:
    """Every critical point, the lowest first (as far as balls tell).

    ``objective`` has rational or float64 entries, taken as they are, and n = 2. Raises TypeError for anything but a
    FactoredObjective, ValueError for another n, and :class:`UncertifiedLandscape`, a ValueError, where there are
    infinitely many critical points or a degenerate one.
    """
    if not isinstance(objective, FactoredObjective):
        raise TypeError(f"objective is a {type(objective).__name__}; expected a FactoredObjective")
    if objective.size != 2:
        raise ValueError(f"objective has n = {objective.size}; expected n = 2")
    exactly = objective.exact()
    proposals = _proposals(_quartic(exactly))
    for bits in PRECISIONS:
        with ctx.workprec(bits):
            points = [_point(exactly.balls(), proposal, bits) for proposal in proposals]
            found = [point for point in points if point is not None]
            if len(found) == len(points) and all(_apart(p, q) for i, p in enumerate(found) for q in found[:i]):
                return tuple(sorted(found, key=lambda point: float(point.value)))
    raise UncertifiedLandscape("objective has critical points that could not be told apart and classified")


def _quartic(objective: FactoredObjective) -> Any:
    """4 f as a polynomial in x and y."""
    x, y = fmpq_mpoly_ctx.get(("x", "y"), Ordering.lex).gens()
    target, form = objective.target, objective.linear_map.form(2)
    residual = [x * x - target[0, 0], x * y - target[0, 1], y * y - target[1, 1]]
    return sum((form[i, j] * residual[i] * residual[j] for i in range(3) for j in range(3)), start=x * 0)


def _proposals(quartic: Any) -> list[FloatArray]:
    """Points near all real critical points, as many as there can be."""
    x, y = quartic.context().gens()
    for cosine, sine, scale in TURNS:
        c, s = fmpq(cosine, scale), fmpq(sine, scale)
        turned = quartic.compose(c * x - s * y, s * x + c * y)
        first, second = turned.derivative("x"), turned.derivative("y")
        resultant = first.resultant(second, "y")
        if resultant == 0:
            continue
        simple, repeated = real_roots(_univariate(resultant, 0).numer())
        if not repeated:
            turn = np.array([[float(c), -float(s)], [float(s), float(c)]])
            return [turn @ _lift(first, second, float(root)) for root in simple]
    raise UncertifiedLandscape(
        "objective has infinitely many critical points, real or complex, or a degenerate one; expected "
        "nondegenerate ones, as generic objectives have"
    )


def _lift(first: Any, second: Any, x: float) -> FloatArray:
    """(x, y) with the y at which both cubics are least."""
    at = exact(np.array([x]))[0]
    cubics = [nearest(_univariate(g.subs({"x": at}), 1).coeffs())[::-1] for g in (first, second)]
    roots = np.concatenate([np.roots(coefficients) for coefficients in cubics])
    sizes = [sum(abs(np.polyval(c, root)) / max(abs(c)) for c in cubics) + abs(root.imag) for root in roots]
    return np.array([x, float(roots[int(np.argmin(sizes))].real)])


def _univariate(form: Any, variable: int) -> fmpq_poly:
    table = {monomial[variable]: coefficient for monomial, coefficient in form.to_dict().items()}
    return fmpq_poly([table.get(k, fmpq(0)) for k in range(max(table, default=0) + 1)])


def _point(objective: FactoredObjective, proposal: FloatArray, bits: int) -> PlanePoint | None:
    """The box near ``proposal`` and what is known there; None where this precision does not suffice."""
    centre = _balls(proposal[:, None])
    for _ in range(6 + bits.bit_length()):
        hessian = objective.hessian(centre)
        inverse = _inverse(hessian)
        if inverse is None:
            return None
        centre = _middles(centre - inverse @ objective.gradient(centre))
    for exponent in (bits // 2, bits // 4, 20, 12):
        around = np.array([[arb(0, 2.0**-exponent)]] * 2, dtype=object)
        unit = np.eye(2, dtype=int).astype(object)
        rest = unit - inverse @ objective.hessian(centre + around)
        box = centre - inverse @ objective.gradient(centre) + rest @ around
        if all(outer.contains_interior(inner) for outer, inner in zip((centre + around).flat, box.flat, strict=True)):
            inertia = _inertia(objective.hessian(box))
            return None if inertia is None else PlanePoint(box, objective.value(box), inertia)
    return None


def _inertia(hessian: ObjectArray) -> tuple[int, int] | None:
    """(positive, negative) eigenvalues of a symmetric 2 x 2 matrix of balls, or None where they cannot tell."""
    determinant, trace = hessian[0, 0] * hessian[1, 1] - hessian[0, 1] * hessian[1, 0], hessian[0, 0] + hessian[1, 1]
    if determinant < 0:
        return 1, 1
    if not determinant > 0:
        return None
    return (2, 0) if trace > 0 else (0, 2)  # the trace is not 0 where the determinant is positive


def _inverse(matrix: ObjectArray) -> ObjectArray | None:
    (a, b), (c, d) = _middles(matrix)
    determinant = a * d - b * c
    if determinant.contains(0):
        return None
    return _middles(np.array([[d, -b], [-c, a]], dtype=object) * (1 / determinant))


def _apart(first: PlanePoint, second: PlanePoint) -> bool:
    return any(not a.overlaps(b) for a, b in zip(first.point[:, 0].tolist(), second.point[:, 0].tolist(), strict=True))


def _balls(numbers: FloatArray) -> ObjectArray:
    found: ObjectArray = np.asarray(np.frompyfunc(arb, 1, 1)(numbers))
    return found


def _middles(numbers: ObjectArray) -> ObjectArray:
    found: ObjectArray = np.asarray(np.frompyfunc(arb.mid, 1, 1)(numbers))
    return found
