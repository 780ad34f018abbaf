"""The full check of a counterexample about a trajectory of a shallow model, with SymPy, python-flint and balls.

It decides all that ``shallow_certificates.py`` decides, with none of its code. Gaussian units: the kernel of DL-043 with
SymPy's arccosine of exact cosines, gradients and Hessians from it; equations are decided by SymPy, signs by balls.
Samples, perceptrons and factors are differentiated by SymPy around the point, on rationals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy
from flint import arb, ctx, fmpq

from claims.counterexamples.catalogue import exact_matrix, exact_number
from claims.counterexamples.invariants import expression
from claims.counterexamples.shallow_files import ShallowCounterexample
from claims.counterexamples.trajectories import as_sympy, require, symbolic
from solvers.arithmetic import Comparison, decide

CLAIMS = {
    ("units", "poor"): "DL-045",
    ("units", "returns"): "DL-046",
    ("units", "flat"): "DL-049",
    ("samples", "returns"): "DL-048",
    ("perceptron", "returns"): "DL-053",
    ("sensing", "kept"): "DL-055",
    ("sensing", "limit"): "DL-055",
    ("product", "kept"): "DL-056",
}
"""What is shown of which model, and the claim that the false statement would strengthen."""


def verify_shallow(entry: ShallowCounterexample) -> str:
    """What the entry shows, in words; ValueError with a reason where it does not show it."""
    model, claim = entry.shallow["model"], entry.refutes["claim"]
    require((model, entry.kind) in CLAIMS, f"a {entry.kind} of {model} refutes nothing that is known")
    require(claim in ("", CLAIMS[model, entry.kind]), f"a {entry.kind} of {model} does not bear on {claim}")
    return KINDS[entry.kind](entry)


# Numbers with pi and root


def _real(text: str) -> Any:
    """The number that a string writes."""
    above, _, below = text.partition(")/(")
    parts = [expression(part.strip("()"), {"pi", "root"}) for part in (above, below or "1")]
    top, bottom = (part.subs({sympy.Symbol("pi"): sympy.pi, sympy.Symbol("root"): sympy.sqrt(3)}) for part in parts)
    require(not _is_zero(bottom), f"{text} divides by 0")
    return top / bottom


def _is_zero(value: Any) -> bool:
    """Of a number of Q(root)(pi): as a polynomial in a letter for pi."""
    letter = sympy.Symbol("p")
    above, _ = sympy.fraction(sympy.together(sympy.sympify(value).subs(sympy.pi, letter)))
    return bool(sympy.expand(above) == 0)


def _ball(value: Any) -> arb:
    """A ball around a number of Q(root)(pi)."""
    if value.is_Rational:
        return arb(fmpq(int(value.p), int(value.q)))
    if value == sympy.pi:
        return arb.pi()
    if value.is_Pow:
        base, exponent = map(_ball, value.args)
        return base**exponent
    require(value.is_Add or value.is_Mul, f"{value} is no number with pi and root")
    combine: Callable[[arb, arb], arb] = (lambda a, b: a + b) if value.is_Add else (lambda a, b: a * b)
    found, *rest = map(_ball, value.args)
    for part in rest:
        found = combine(found, part)
    return found


def _positive(value: Any) -> bool:
    def comparison() -> Comparison:
        return Comparison(_ball(sympy.sympify(value)), ">", arb(0), "a number and 0")

    return not _is_zero(value) and decide(comparison).holds


# Gaussian units


class _Units:
    """l and its derivatives at w, a column of SymPy's numbers."""

    def __init__(self, said: Any, w: Any) -> None:
        self.scale = as_sympy(exact_number(said["scale"]))
        self.maps, self.truth = [symbolic(exact_matrix(rows)) for rows in said["maps"]], _column(said["truth"])
        shapes = {p.shape for p in self.maps}
        require(self.scale > 0 and 1 <= len(self.maps) <= 8 and len(shapes) == 1, "expected a scale > 0 and maps")
        require(w.shape == self.truth.shape == (self.maps[0].shape[1], 1), "expected columns that fit the maps")
        self.w, self.units, self.teachers = w, [p * w for p in self.maps], [p * self.truth for p in self.maps]

    def loss(self) -> Any:
        sides = [(1, self.units, self.units), (-2, self.units, self.teachers), (1, self.teachers, self.teachers)]
        return self.scale * sum(c * _Angle(u, v).kernel() for c, left, right in sides for u in left for v in right)

    def gradient(self) -> Any:
        zero = sympy.zeros(self.w.shape[0], 1)
        sides = [(1, self.units), (-1, self.teachers)]
        return sum(
            (2 * self.scale * c * p.T * _Angle(u, v).slope() for c, r in sides for p, u in self._each() for v in r), zero
        )

    def hessian(self) -> Any:
        size = self.w.shape[0]
        found = sympy.zeros(size, size)
        for p, u in self._each():
            for q, other in self._each():
                found += p.T * _Angle(u, other).gate() * q + p.T * _Angle(u, other).bend() * p
            for v in self.teachers:
                found -= p.T * _Angle(u, v).bend() * p
        return 2 * self.scale * found

    def _each(self) -> Any:
        return list(zip(self.maps, self.units, strict=True))


class _Angle:
    """J(u, v) and its derivatives, with the angle as SymPy's arccosine."""

    def __init__(self, u: Any, v: Any) -> None:
        squares = [(u.T * u)[0], (v.T * v)[0]]
        require(not any(map(_is_zero, squares)), "a unit is 0")
        self.u, self.v, (self.a, self.b) = u, v, (_length(square) for square in squares)
        cosine = sympy.radsimp(sympy.cancel((u.T * v)[0] / (self.a * self.b)))
        self.th = sympy.acos(cosine)
        require(self.th.is_number and (self.th / sympy.pi).is_Rational, "an angle is no rational multiple of pi")

    def kernel(self) -> Any:
        th = self.th
        return self.a * self.b * (sympy.sin(th) + (sympy.pi - th) * sympy.cos(th)) / (2 * sympy.pi)

    def slope(self) -> Any:
        return (self.b * sympy.sin(self.th) * self.u / self.a + (sympy.pi - self.th) * self.v) / (2 * sympy.pi)

    def bend(self) -> Any:
        u, size = self.u / self.a, sympy.eye(self.u.shape[0])
        p = self.v - (self.v.T * u)[0] * u
        length = self.b * sympy.sin(self.th)
        if length == 0:
            return 0 * size
        return (length * (size - u * u.T) + p * p.T / length) / (2 * sympy.pi * self.a)

    def gate(self) -> Any:
        """(pi - th) I on the orthogonal complement of the plane, pi - th +- sin th along the sum and difference."""
        size, turn = sympy.eye(self.u.shape[0]), sympy.pi - self.th
        s, d = self.u / self.a + self.v / self.b, self.u / self.a - self.v / self.b
        found = turn * size
        for sign, way in ((1, s), (-1, d)):
            if sympy.sin(self.th) != 0:
                found += sign * sympy.sin(self.th) * way * way.T / (2 + 2 * sign * sympy.cos(self.th))
        return found / (2 * sympy.pi)


def _length(square: Any) -> Any:
    """The root of a square of Q(root)(pi), itself such a number times the root of a rational."""
    factored = sympy.factor(sympy.cancel(square.subs(sympy.pi, sympy.Symbol("p", positive=True))), extension=sympy.sqrt(3))
    found = sympy.sqrt(factored).subs(sympy.Symbol("p", positive=True), sympy.pi)
    found = sympy.powdenest(found, force=True)
    return found if _positive(found) else -found


def _column(rows: Any) -> Any:
    found = symbolic(exact_matrix(rows))
    require(found.shape[1] == 1, "expected a single column")
    return found
