"""The full check of a counterexample about a landscape, with the project's solvers, python-flint, SymPy and balls.

It decides all that ``critical_points.py`` decides, with none of its code: objectives, gradients and Hessians are those
of ``solvers.shallow``, inertia is read off FLINT's characteristic polynomials, curves and lines are SymPy's.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import sympy
from flint import fmpq

from claims.counterexamples.catalogue import exact_matrix, exact_number
from claims.counterexamples.invariants import expression
from claims.counterexamples.landscape_files import LandscapeCounterexample, ModelCounterexample
from claims.counterexamples.trajectories import as_sympy, require, symbolic
from claims.counterexamples.verify_models import Objective, matrix_of, objective
from solvers import arithmetic, inertia
from solvers.arithmetic import Comparison, ObjectArray, Scalar, settle, square_root
from solvers.shallow import FactoredObjective, HomogeneousPolynomial

T = sympy.Symbol("t")
CLAIMS = {
    ("factorization", "minimum"): "DL-035",
    ("factorization", "recurrence"): "DL-042",
    ("completion", "minimum"): "DL-036",
    ("completion", "lost"): "DL-036",
    ("tensor", "minimum"): "DL-037",
    ("tensor", "descent"): "DL-037",
    ("phase", "minimum"): "DL-038",
    ("phase", "lost"): "DL-038",
    ("quadratic", "minimum"): "DL-039",
    ("form", "descent"): "DL-040",
    ("form", "order"): "DL-040",
    ("sensing", "minimum"): "DL-041",
    ("sensing", "descent"): "DL-041",
    ("relu", "minimum"): "DL-042",
}
"""What is shown of which model, and the claim that the false statement would strengthen."""


def require_bearing(entry: ModelCounterexample, model: str, claims: Mapping[tuple[str, str], str]) -> None:
    """That it bears on the claim that it names, or names none; ``claims`` has the one for each model and kind."""
    claim = entry.refutes["claim"]
    require((model, entry.kind) in claims, f"a {entry.kind} of {model} refutes nothing that is known")
    require(claim in ("", claims[model, entry.kind]), f"a {entry.kind} of {model} does not bear on {claim}")


def verify_landscape(entry: LandscapeCounterexample) -> str:
    """What the entry shows, in words; ValueError with a reason where it does not show it."""
    require_bearing(entry, entry.landscape["model"], CLAIMS)
    return KINDS[entry.kind](entry)


# Points


def _evaluated(f: Objective, point: ObjectArray, said: str) -> Scalar:
    """The value there, which the file has to name; of a form the one for |u| = 1, a ball where it is irrational."""
    if not isinstance(f, HomogeneousPolynomial):
        value = f.value(point)
        require(value == exact_number(said), f"a value is {value}, not {said}")
        return arithmetic.rational(value)
    u = point[:, 0]
    value = f.value(u)
    require(value == exact_number(said) and bool((u != 0).any()), f"a value is {value}, not {said}")
    return arithmetic.rational(value) / square_root(u @ u) ** f.degree


def _curvature(f: Objective, point: ObjectArray) -> tuple[int, int, int]:
    """(positive, negative, zero) eigenvalues of the Hessian of a critical point, on the tangent space of a sphere."""
    if not isinstance(f, HomogeneousPolynomial):
        require(not f.gradient(point).any(), "the gradient is not 0")
        return inertia(f.hessian(point))
    u = point[:, 0]
    square, pull = u @ u, f.degree * f.value(u)
    unit = arithmetic.exact(np.eye(len(u)))
    require(bool((f.gradient(u) * square == pull * u).all()), "the gradient on the sphere is not 0")
    projection = unit * square - np.outer(u, u)
    positive, negative, zero = inertia(projection @ (f.hessian(u) * square - unit * pull) @ projection)
    return positive, negative, zero - 1


def _rotations(point: ObjectArray) -> int:
    """The dimension of {U K : K skew-symmetric}."""
    moved = []
    for i, j in combinations(range(point.shape[1]), 2):
        skew = arithmetic.exact(np.zeros((point.shape[1],) * 2))
        skew[i, j], skew[j, i] = fmpq(1), fmpq(-1)
        moved.append((point @ skew).ravel())
    return int(matrix_of(np.array(moved, dtype=object)).rank()) if moved else 0


def _sign(entry: LandscapeCounterexample) -> int:
    return 1 if entry.certificate["sense"] == "minimum" else -1


def _two_points(entry: LandscapeCounterexample) -> tuple[ObjectArray, ObjectArray]:
    point, better = (exact_matrix(entry.certificate[key]) for key in ("point", "better"))
    require(point.shape == better.shape, "the points are of two shapes")
    return point, better


def _below(left: Scalar, right: Scalar) -> bool:
    return settle(lambda: Comparison(left, "<", right, "two values")).holds


# The certificates


def _minimum(entry: LandscapeCounterexample) -> str:
    said, (point, better) = entry.certificate, _two_points(entry)
    if entry.landscape["model"] == "relu":
        return _relu(entry, point, better)
    f, sign = objective(entry, *point.shape), _sign(entry)
    _determined(entry.landscape, len(point), lost=False)
    values = [_evaluated(f, point, said["value"]), _evaluated(f, better, said["better_value"])]
    require(_below(*values[::-1]) if sign > 0 else _below(*values), "the other point is not better")
    positive, negative, zero = _curvature(f, point)
    require((negative if sign > 0 else positive) == 0, "the Hessian has both signs")
    free = 0 if isinstance(f, HomogeneousPolynomial) else _rotations(point)
    require(zero == free, f"the Hessian has {zero} zero eigenvalues; expected {free}")
    return f"a strict local {said['sense']} of {said['value']}; {said['better_value']} is possible"


def _determined(model: Any, size: int, *, lost: bool) -> None:
    """Enough vectors, of full spark; a pattern that is connected, with an odd cycle, for a signal without zeros. What
    is lost needs neither the last vector nor the cycle, and vectors of signs need not be of full spark."""
    if model["model"] == "phase":
        require(len(model["vectors"]) >= 2 * size - 1 - lost, "there are too few vectors")
        signs = bool((abs(exact_matrix(model["vectors"])) == 1).all())
        require(model["full_spark"] or (lost and signs), "the vectors are not of full spark")
    if model["model"] == "completion":
        pattern = exact_matrix(model["pattern"]) + int(lost) * arithmetic.exact(np.eye(size))
        require(all(x > 0 for x in (matrix_of(pattern) ** (2 * size)).entries()), "the pattern falls apart")
        require(bool((exact_matrix(model["signal"]) != 0).all()), "the signal has a zero")


def _relu(entry: LandscapeCounterexample, point: ObjectArray, better: ObjectArray) -> str:
    """The residuals are those of the best line for the inputs that are on, and of the best number for the others."""
    said = entry.certificate
    require(point.shape == (4, 1) and said["sense"] == "minimum", "expected a minimum at (w_1, b_1, w_2, b_2)")
    data = exact_matrix(entry.landscape["data"])
    require(data.shape[1] == 2, "expected pairs (x, y)")

    def loss(at: ObjectArray) -> fmpq:
        w1, b1, w2, b2 = at[:, 0]
        outputs = (w2 * max(w1 * x + b1, fmpq(0)) + b2 for x in data[:, 0])
        return sum(((out - y) ** 2 for out, y in zip(outputs, data[:, 1], strict=True)), start=fmpq(0)) / 2

    values = [loss(point), loss(better)]
    require(values == [exact_number(said[key]) for key in ("value", "better_value")], f"the values are {values}")
    require(values[1] < values[0], "the other point is not better")
    active = [point[0, 0] * x + point[1, 0] for x in data[:, 0]]
    require(0 not in active, "an activation is 0")
    rows = [[int(a > 0), as_sympy(x) if a > 0 else 0, int(a < 0)] for a, x in zip(active, data[:, 0], strict=True)]
    design, wanted = sympy.Matrix(rows), symbolic(data[:, 1:])
    left = wanted - design * design.pinv() * wanted
    least = (left.T * left)[0] / 2
    require(least == as_sympy(values[0]), f"the best line has {least}")
    return f"a local minimum of {said['value']}; {said['better_value']} is possible"


def _descent(entry: LandscapeCounterexample) -> str:
    said, point = entry.certificate, exact_matrix(entry.certificate["point"])
    f, sign = objective(entry, *point.shape), _sign(entry)
    value = _evaluated(f, point, said["value"])
    positive, negative, _ = _curvature(f, point)
    require((negative if sign > 0 else positive) == 0, "the Hessian has both signs")
    curve = sympy.Matrix([[expression(text, {"t"}) for text in row] for row in said["curve"]])
    require(curve.shape == point.shape and curve.subs(T, 0) == symbolic(point), "the curve starts elsewhere")
    if isinstance(f, HomogeneousPolynomial):
        require(symbolic(point).norm() == 1 and (f.degree % 2 == 0 or value == 0), "expected |u| = 1, even p or f = 0")
        length = (curve.T * curve)[0] ** sympy.Rational(f.degree // 2)
        along = f.value(np.array(list(curve), dtype=object)) / length
    else:
        require(isinstance(f, FactoredObjective), "expected a factored objective, or a form")
        along = _along(f, curve)
    above, below = sympy.fraction(sympy.cancel(sympy.expand(along - as_sympy(exact_number(said["value"])))))
    ((power,), lowest) = sympy.Poly(above, T).terms()[-1]
    term = lowest / below.subs(T, 0)
    require(power == said["power"] and term == as_sympy(exact_number(said["coefficient"])), f"it is {term} t^{power}")
    require(sign * term < 0, "the curve leads to worse points")
    return f"no curvature of this sign, yet it changes by {term} t^{power}"


def _along(f: Any, curve: Any) -> Any:
    """1/4 <N, T N> on a curve, by T's matrix on the entries on and above the diagonal."""
    size = curve.shape[0]
    gap = curve * curve.T - symbolic(f.target)
    x = sympy.Matrix([gap[i, j] for i in range(size) for j in range(i, size)])
    return sympy.expand((x.T * symbolic(f.linear_map.form(size)) * x)[0] / 4)


def _order(entry: LandscapeCounterexample) -> str:
    said, points = entry.certificate, [exact_matrix(rows) for rows in entry.certificate["points"]]
    require(len(points) == len(said["values"]) == len(said["indices"]) == 2, "expected two points")
    require(points[0].shape == points[1].shape, "the points are of two shapes")
    f = objective(entry, *points[0].shape)
    lower, higher = (_evaluated(f, *pair) for pair in zip(points, said["values"], strict=True))
    signs = [_curvature(f, point) for point in points]
    require(all(zero == 0 for _, _, zero in signs), "a point is degenerate")
    indices = [negative for _, negative, _ in signs]
    require(indices == said["indices"], f"the indices are {indices}")
    require(_below(lower, higher) and indices[0] > indices[1], "the points are in order")
    return f"index {indices[0]} below index {indices[1]}"


def _recurrence(entry: LandscapeCounterexample) -> str:
    said, (point, better) = entry.certificate, _two_points(entry)
    f, rate = objective(entry, *point.shape), exact_number(said["learning_rate"])
    require(rate > 0 and 2 <= said["period"] <= 64, "expected a learning rate > 0 and a period of 2 to 64")
    orbit = [point]
    for _ in range(said["period"]):
        orbit.append(orbit[-1] - f.gradient(orbit[-1]) * rate)
    same = [bool((each == point).all()) for each in orbit[1:]]
    require(same == [False] * (said["period"] - 1) + [True], "no such period")
    least = min(f.value(each) for each in orbit)
    require(least == exact_number(said["value"]), f"the least value is {least}")
    require(_evaluated(f, better, said["better_value"]) < least, "the other point is not better")
    return f"recurs with period {said['period']}, with a value of at least {least}"


def _lost(entry: LandscapeCounterexample) -> str:
    point = exact_matrix(entry.certificate["point"])
    f = objective(entry, *point.shape)
    require(isinstance(f, FactoredObjective), "expected a factored objective")
    gap = f.residual(point)  # type: ignore[union-attr]
    require(bool(gap.any()) and not f.linear_map(gap).any(), "the measurements differ, or nothing does")  # type: ignore[union-attr]
    _determined(entry.landscape, len(point), lost=True)
    return "another signal has the same measurements"


KINDS = {"minimum": _minimum, "descent": _descent, "order": _order, "recurrence": _recurrence, "lost": _lost}
