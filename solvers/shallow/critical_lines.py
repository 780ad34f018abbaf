"""How many real critical lines a homogeneous polynomial has in two or three variables, exactly, and roughly where.

A line through u is critical iff Df(u) is a multiple of u.

- d = 2: these are the real lines on which the binary form u_1 f_2 - u_2 f_1 vanishes.
- d = 3: in the chart u = (x, y, 1) they are the common zeros of g_1 = f_1 - x f_3 and g_2 = f_2 - y f_3. Where a real
  root x_0 of the resultant R = Res_y(g_1, g_2) is simple, at most one common zero has x = x_0. Lines with u_3 = 0 are
  common zeros of two binary forms; there is none where these have no common factor. Where real roots of R are
  multiple, or there are lines at infinity, other coordinates are tried: f is turned by a rational rotation.

Roots are isolated by FLINT with certainty. An even power of |u| is divided out first, as it is 1 on the sphere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import Ordering, arb, fmpq, fmpq_mpoly_ctx, fmpz_poly
from numpy.typing import NDArray

from solvers.arithmetic import ObjectArray, nearest, rational
from solvers.shallow.real_roots import real_roots, simple_real_roots
from solvers.shallow.sphere import HomogeneousPolynomial

FloatArray = NDArray[np.float64]

MOST = {2: 60, 3: 10}
"""The largest degree that is taken on, by dimension."""

TURNS = ((1, 0, 0, 0), (3, 1, -1, 2), (2, -3, 1, 1), (5, 2, 3, -1), (4, -1, 2, 5), (7, 3, -2, 11), (13, -5, 6, 4))
"""Quaternions of the rotations that are tried."""


class UncertifiedLandscape(ValueError):  # noqa: N818 - what the user is told is about a landscape, not an error
    """No complete list of critical points can be given; the message says why."""


@dataclass(frozen=True)
class CriticalLines:
    """There are at most ``count`` real critical lines; ``proposals``, (m, d) float64, are near them."""

    count: int
    proposals: FloatArray


def critical_lines(polynomial: HomogeneousPolynomial) -> CriticalLines:
    """All of them; UncertifiedLandscape where they are not finitely many, or degenerate, or too many."""
    form = _checked_form(polynomial)
    return _on_the_circle(form) if polynomial.dimension == 2 else _on_the_sphere(form)


def count_critical_lines(polynomial: HomogeneousPolynomial) -> int:
    """How many real critical lines there are, exactly, by Sturm's theorem: a fraction of a millisecond for small p.

    As good as ``critical_lines(polynomial).count``, which it falls back on where the first chart does not tell.
    """
    form = _checked_form(polynomial)
    if polynomial.dimension == 3:
        eliminated = _eliminated(form)
        count = None if eliminated is None else simple_real_roots(_univariate(eliminated[2], 0))
        return critical_lines(polynomial).count if count is None else count
    tangent = _tangent(form)
    at_infinity = tangent.subs({"y": 0}) == 0
    count = simple_real_roots(_univariate(tangent.subs({"y": 1}), 0))
    if count is None or (at_infinity and tangent.derivative("y").subs({"y": 0}) == 0):
        return critical_lines(polynomial).count  # which says where it is degenerate
    return count + int(at_infinity)


def _checked_form(polynomial: HomogeneousPolynomial) -> Any:
    """f without its factors |u|^2, where it is one that can be treated."""
    d, p = polynomial.dimension, polynomial.degree
    if d not in MOST:
        raise UncertifiedLandscape(f"polynomial has dimension {d}; expected 2 or 3 variables")
    if any(isinstance(c, arb) for c in polynomial.table.values()):
        raise UncertifiedLandscape("polynomial has coefficients that are balls; expected exact ones")
    form = _reduced(_form(polynomial))
    if form.is_constant():
        raise UncertifiedLandscape("polynomial is constant on the sphere, where every point is critical")
    if form.total_degree() > MOST[d]:
        raise UncertifiedLandscape(f"polynomial has degree {p} in {d} variables; expected at most {MOST[d]}")
    return form


def _form(polynomial: HomogeneousPolynomial) -> Any:
    context = fmpq_mpoly_ctx.get(("x", "y", "z")[: polynomial.dimension], Ordering.lex)
    return context.from_dict({e: c for e, c in polynomial.table.items() if c != 0})


def _reduced(form: Any) -> Any:
    """``form`` without its factors |u|^2."""
    square = sum((x**2 for x in form.context().gens()), start=form * 0)
    while form != 0 and form.total_degree() >= 2:
        quotient, rest = divmod(form, square)
        if rest != 0:
            return form
        form = quotient
    return form


def _tangent(form: Any) -> Any:
    """u_1 f_2 - u_2 f_1, of degree p."""
    x, y = form.context().gens()
    return x * form.derivative("y") - y * form.derivative("x")


def _on_the_circle(form: Any) -> CriticalLines:
    tangent = _tangent(form)
    if tangent.subs({"y": 0}) == 0 and tangent.derivative("y").subs({"y": 0}) == 0:
        raise _degenerate(np.array([1.0, 0.0]))
    roots, repeated = real_roots(_univariate(tangent.subs({"y": 1}), 0))
    if repeated:
        raise _degenerate(np.array([float(repeated[0]), 1.0]))
    proposals = [[float(root), 1.0] if abs(root) < 1 else [1.0, float(1 / root)] for root in roots]
    if tangent.subs({"y": 0}) == 0:
        proposals.append([1.0, 0.0])
    return CriticalLines(len(proposals), _unit(np.array(proposals).reshape(-1, 2)))


def _on_the_sphere(form: Any) -> CriticalLines:
    repeated: FloatArray | None = None
    for turn in _rotations():
        gens = form.context().gens()
        columns = [sum((gens[j] * turn[j, i] for j in range(3)), start=form * 0) for i in range(3)]
        turned = form.compose(*columns)  # v -> f(Q^T v)
        found = _in_a_chart(turned)
        if isinstance(found, CriticalLines):
            return CriticalLines(found.count, found.proposals @ nearest(turn))
        repeated = repeated if found is None else found @ nearest(turn)
    if repeated is not None:
        raise _degenerate(repeated)
    raise UncertifiedLandscape(
        "polynomial has infinitely many critical lines, real or complex; expected finitely many, as generic ones have"
    )


def _in_a_chart(form: Any) -> CriticalLines | FloatArray | None:
    """The lines; one that is seen twice, if any is; None where the chart tells nothing."""
    eliminated = _eliminated(form)
    if eliminated is None:
        return None
    g1, g2, resultant = eliminated
    roots, repeated = real_roots(_univariate(resultant, 0))
    if repeated:
        return _lift(g1, g2, repeated[0])
    proposals = [_lift(g1, g2, root) for root in roots]
    return CriticalLines(len(roots), np.array(proposals).reshape(-1, 3))


def _eliminated(form: Any) -> tuple[Any, Any, Any] | None:
    """g_1, g_2 and their resultant in x, whose real roots are the lines where they are simple; None where the chart may
    not show every line."""
    x, y, _ = form.context().gens()
    first, second, third = (form.derivative(name) for name in ("x", "y", "z"))
    if third.subs({"x": 0, "y": 1, "z": 0}) == 0:  # then common zeros may leave for y = infinity
        return None
    if (y * first - x * second).subs({"z": 0}).gcd(third.subs({"z": 0})).total_degree() > 0:
        return None
    g1, g2 = ((part - gen * third).subs({"z": 1}) for part, gen in ((first, x), (second, y)))
    resultant = g1.resultant(g2, "y")
    return None if resultant == 0 else (g1, g2, resultant)


def _lift(g1: Any, g2: Any, root: arb) -> FloatArray:
    """The unit vector along (x, y, 1), y the root of g_1(x, .) or g_2(x, .) at which both are least for their size."""
    x = float(root)
    exactly = rational(x)
    both = [_floats(g.subs({"x": exactly}), 1) for g in (g1, g2)]
    roots = np.concatenate([np.roots(_leading(coefficients)) for coefficients in both])

    def badness(root: complex) -> float:
        size, values = max(1.0, abs(root)), 0.0
        for coefficients in both:
            orders = np.arange(len(coefficients))
            powers = (root / size) ** orders * size ** (orders - orders[-1])  # root^k / size^degree, never too large
            values += abs(coefficients @ powers) / abs(powers).sum()
        return float(values + abs(root.imag) / size)

    best = min(roots, key=badness, default=0j)
    return _unit(np.array([x, float(best.real), 1.0]))


def _leading(coefficients: FloatArray) -> FloatArray:
    """Highest power first, without leading coefficients that are rounding."""
    kept = np.flatnonzero(np.abs(coefficients) > 1e-14)
    return coefficients[: kept[-1] + 1][::-1] if len(kept) else np.zeros(0)


def _univariate(form: Any, variable: int) -> fmpz_poly:
    """A multivariate polynomial in which one variable is left, with integer coefficients."""
    table = {monomial[variable]: coefficient for monomial, coefficient in form.to_dict().items()}
    denominator = 1
    for coefficient in table.values():
        denominator = denominator * coefficient.q // _gcd(denominator, coefficient.q)
    degree = max(table, default=0)
    return fmpz_poly([(table.get(k, fmpq(0)) * denominator).p for k in range(degree + 1)])


def _floats(form: Any, variable: int) -> FloatArray:
    """The coefficients in the one variable that is left, lowest first, the largest scaled to 1."""
    table = {monomial[variable]: coefficient for monomial, coefficient in form.to_dict().items()}
    largest = max(map(abs, table.values()), default=fmpq(1))
    return np.array([float(table.get(k, fmpq(0)) / largest) for k in range(max(table, default=0) + 1)])


def _gcd(a: Any, b: Any) -> Any:
    while b:
        a, b = b, a % b
    return a


def _rotations() -> Iterator[ObjectArray]:
    for w, x, y, z in TURNS:
        square = w * w + x * x + y * y + z * z
        rows = [
            [w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z],
        ]
        yield np.array([[fmpq(entry, square) for entry in row] for row in rows], dtype=object)


def _unit(vectors: FloatArray) -> FloatArray:
    found: FloatArray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return found


def _degenerate(vector: FloatArray) -> UncertifiedLandscape:
    place = ", ".join(f"{entry:.6g}" for entry in np.round(_unit(vector), 6) + 0.0)
    return UncertifiedLandscape(
        f"polynomial has a degenerate critical point, or two that meet in every projection tried, near ({place}); "
        "expected nondegenerate critical points, as generic polynomials have"
    )
