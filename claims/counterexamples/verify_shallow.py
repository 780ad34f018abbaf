"""The full check of a counterexample about a trajectory of a shallow model, with SymPy, python-flint and balls.

It decides all that ``shallow_certificates.py`` decides, with none of its code. Gaussian units: the kernels of the
solvers on vectors of SymPy's numbers; equations are decided by SymPy, signs by balls.
Samples, perceptrons and factors are differentiated by SymPy around the point, on rationals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy
from flint import arb, fmpq

from claims.counterexamples.catalogue import exact_matrix, exact_number
from claims.counterexamples.invariants import expression
from claims.counterexamples.shallow_files import ShallowCounterexample
from claims.counterexamples.trajectories import as_sympy, require, symbolic
from claims.counterexamples.verify_landscapes import require_bearing
from solvers.arithmetic import Comparison, ObjectArray, rational, settle
from solvers.shallow import gated_covariance, relu_kernel, relu_kernel_gradient, relu_kernel_hessian

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
    require_bearing(entry, entry.shallow["model"], CLAIMS)
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
    if _is_zero(value):
        return False
    return settle(lambda: Comparison(_ball(sympy.sympify(value)), ">", arb(0), "a number and 0")).holds


# Gaussian units


class _Units:
    """l and its derivatives at w = c z by the solvers' kernels of z, which are homogeneous; in SymPy's numbers."""

    def __init__(self, said: Any, factor: Any, direction: Any) -> None:
        self.scale, self.c = as_sympy(exact_number(said["scale"])), factor
        maps, truth, z = [exact_matrix(rows) for rows in said["maps"]], exact_matrix(said["truth"]), direction
        require(self.scale > 0 and _positive(factor), "expected a scale and a factor > 0")
        require(1 <= len(maps) <= 8 and len({p.shape for p in maps}) == 1, "expected 1 to 8 maps of one shape")
        require(z.shape == truth.shape == (maps[0].shape[1], 1), "expected columns that fit the maps")
        self.maps = [symbolic(p) for p in maps]
        self.units, self.teachers = ([_vector(p @ each) for p in maps] for each in (z, truth))
        require(all(v.any() for v in (*self.units, *self.teachers)), "a unit is 0")

    def loss(self) -> Any:
        sides = [(self.c**2, self.units, self.units), (-2 * self.c, self.units, self.teachers)]
        sides.append((1, self.teachers, self.teachers))
        return self.scale * sum(_known(relu_kernel(u, v)) * c for c, left, right in sides for u in left for v in right)

    def gradient(self) -> Any:
        found = sympy.zeros(self.maps[0].shape[1], 1)
        for p, u in zip(self.maps, self.units, strict=True):
            for c, right in ((self.c, self.units), (-1, self.teachers)):
                for v in right:
                    found += 2 * self.scale * c * p.T * _known(relu_kernel_gradient(u, v))
        return found

    def hessian(self) -> Any:
        size = self.maps[0].shape[1]
        found = sympy.zeros(size, size)
        for p, u in zip(self.maps, self.units, strict=True):
            for q, other in zip(self.maps, self.units, strict=True):
                found += p.T * _known(gated_covariance(u, other)) * q
                found += p.T * _known(relu_kernel_hessian(u, other)) * p
            for v in self.teachers:
                found -= p.T * _known(relu_kernel_hessian(u, v)) * p / self.c
        return 2 * self.scale * found


def _vector(column: ObjectArray) -> ObjectArray:
    """A column of rationals as a vector of SymPy's."""
    return np.array([as_sympy(rational(x)) for x in column[:, 0]], dtype=object)


def _known(found: Any) -> Any:
    """What a kernel gives, as a SymPy number or matrix, if it is in Q(root)(pi)."""
    found = sympy.sympify(found) if not isinstance(found, np.ndarray) else sympy.Matrix(found)
    for value in [found] if isinstance(found, sympy.Expr) else list(found):
        plain = value.subs({sympy.pi: 1, sympy.sqrt(3): 1})
        require(bool(plain.is_Rational), f"{value!s:.60} is no number with pi and root")
    return found


def _poor(entry: ShallowCounterexample) -> str:
    said = entry.certificate
    f = _Units(entry.shallow, _real(said["factor"]), exact_matrix(said["direction"]))
    require(all(map(_is_zero, f.gradient())), "the gradient is not 0")
    hessian = f.hessian()
    minors = [hessian[:k, :k].det(method="berkowitz") for k in range(1, hessian.shape[0] + 1)]
    require(all(map(_positive, minors)), "the Hessian is not positive definite")
    _named(f.loss(), said["value"])
    return f"a strict local minimum of {said['value']}, 0 is possible"


def _named(found: Any, said: str) -> None:
    require(_is_zero(found - _real(said)), f"the value is {found}")
    require(_positive(found), "the value is not positive")


def _flat(entry: ShallowCounterexample) -> str:
    direction = exact_matrix(entry.certificate["direction"])
    f = _Units(entry.shallow, sympy.Integer(1), exact_matrix(entry.shallow["truth"]))
    require(direction.shape == (f.maps[0].shape[1], 1) and bool(direction.any()), "expected a direction that is not 0")
    require(all(map(_is_zero, f.hessian() * symbolic(direction))), "the Hessian is not 0 along the direction")
    return "the Hessian at the truth is singular"


# Descent that returns


def _returns(entry: ShallowCounterexample) -> str:
    said, model = entry.certificate, entry.shallow["model"]
    points, factors = [exact_matrix(rows) for rows in said["directions"]], [_real(text) for text in said["factors"]]
    require(1 <= len(points) == len(factors) <= 16, "expected 1 to 16 directions and a factor for each")
    require(len({p.shape for p in points}) == 1, "expected points of one shape")
    stays = said["learning_rate"] == "every"
    require(stays == (len(points) == 1), "every is for a point that stays")
    rate = sympy.Integer(1) if stays else _real(said["learning_rate"])
    require(_positive(rate), "expected a learning rate > 0")
    at = [c * symbolic(p) for c, p in zip(factors, points, strict=True)]
    require(not any(_equal(at[0], other) for other in at[1:]), "the period is shorter")
    if model == "units":
        there = [_Units(entry.shallow, c, p) for c, p in zip(factors, points, strict=True)]
        gradients, losses = [f.gradient() for f in there], [f.loss() for f in there]
    else:
        require(rate.is_Rational and all(c == 1 for c in factors), "expected rational points and learning rates")
        gradients, losses = {"samples": _samples, "perceptron": _perceptron}[model](entry.shallow, at, stays)
    ends = [*at[1:], at[0]]
    require(
        all(_equal(w - rate * g, end) for w, g, end in zip(at, gradients, ends, strict=True)), "a step leads elsewhere"
    )
    least = _real(said["value"])
    above = [_is_zero(loss - least) for loss in losses]
    require(any(above) and all(a or _positive(x - least) for a, x in zip(above, losses, strict=True)), "another value")
    require(_positive(least), "the value is not positive")
    return f"{len(points)} points that recur, with a loss of at least {said['value']}"


def _equal(one: Any, other: Any) -> bool:
    return all(map(_is_zero, one - other))


def _leaky(slope: Any, z: Any, at: dict[Any, Any]) -> Any:
    """The linear function that s(z) is near a point."""
    there = z.subs(at)
    require(there != 0, "a unit is at its kink")
    return z if there > 0 else slope * z


def _around(shape: tuple[int, int], point: Any) -> tuple[Any, dict[Any, Any]]:
    """A matrix of letters, and their values at the point."""
    require(point.shape == shape, f"expected points of shape {shape}")
    letters = sympy.Matrix(*shape, sympy.symbols(f"w:{shape[0] * shape[1]}"))
    return letters, dict(zip(letters, point, strict=True))


def _slope(said: Any) -> Any:
    slope = as_sympy(exact_number(said["slope"]))
    require(0 <= slope <= 1, "expected a slope from 0 to 1")
    return slope


def _samples(said: Any, points: list[Any], _: bool) -> tuple[list[Any], list[Any]]:
    slope, data, truth = _slope(said), symbolic(exact_matrix(said["data"])), symbolic(exact_matrix(said["truth"]))
    require(truth.shape == (data.shape[1], 1), "the truth has another size than the data")
    gradients, losses = [], []
    for point in points:
        w, at = _around(truth.shape, point)
        wanted = [z if z > 0 else slope * z for z in data * truth]
        residuals = [_leaky(slope, z, at) - y for z, y in zip(data * w, wanted, strict=True)]
        loss = sum(r**2 for r in residuals) / (2 * len(residuals))
        gradients.append(sympy.Matrix([sympy.diff(loss, each) for each in w]).subs(at))
        losses.append(sympy.sympify(loss).subs(at))
    return gradients, losses


def _perceptron(said: Any, points: list[Any], stays: bool) -> tuple[list[Any], list[Any]]:
    slope, data, k = _slope(said), symbolic(exact_matrix(said["data"])), said["pairs"]
    labels = [int(text) for text in said["labels"]]
    count = data.shape[0]
    require(len(labels) == count and set(labels) <= {1, -1} and k in (2, 8), "expected labels 1 or -1, and k = 2 or 8")
    require(stays or len(points) % count == 0, "expected whole passes")
    gradients, losses = [], []
    for step, point in enumerate(points):
        w, at = _around((2 * k, data.shape[1]), point)
        hinges = []
        for x, y in zip(data.tolist(), labels, strict=True):
            units = [_leaky(slope, z, at) for z in w * sympy.Matrix(x)]
            margin = y * (sum(units[:k]) - sum(units[k:])) / sympy.sqrt(2 * k)
            require(margin.subs(at) != 1, "a sample is at the hinge's kink")
            hinges.append(1 - margin if margin.subs(at) < 1 else sympy.Integer(0))
        slopes = [sympy.Matrix(*w.shape, [sympy.diff(h, each) for each in w]).subs(at) for h in hinges]
        require(not stays or not any(any(g) for g in slopes), "a step leads elsewhere")
        gradients.append(slopes[step % count])
        losses.append(sum(h.subs(at) for h in hinges) / count)
    return gradients, losses


# Factors


def _factors(said: Any) -> tuple[list[Any], Any, Any]:
    """Letters, objective and error."""
    if said["model"] == "product":
        u, v = letters = list(sympy.symbols("u v", real=True))
        m = as_sympy(exact_number(said["target"]))
        require(m > 0, "expected a target > 0")
        return letters, (u * v - m) ** 2 / 2, (u * v - m) ** 2 / 2
    a, y = _diagonal(said)
    letters = list(sympy.symbols(f"u:{len(a)}", real=True))
    gap = sum(c * u**2 for c, u in zip(a, letters, strict=True)) - y
    return letters, gap**2 / 4, sum(u**4 for u in letters[1:])


def _diagonal(said: Any) -> tuple[list[Any], Any]:
    a, y = [as_sympy(exact_number(text)) for text in said["diagonal"]], as_sympy(exact_number(said["measured"]))
    require(len(a) >= 2 and a[0] > 0 and y > 0, "expected two numbers or more, a_1 > 0 and y > 0")
    return a, y


def _kept(entry: ShallowCounterexample) -> str:
    said, (letters, objective, error) = entry.certificate, _factors(entry.shallow)
    a, point = (symbolic(exact_matrix(said[key])) for key in ("kept", "point"))
    require(a.shape == point.shape == (len(letters), 1) and any(a), "expected a number for each factor, not all 0")
    level = (a.T * point)[0]
    k = next(i for i, x in enumerate(a) if x != 0)
    (on,) = sympy.solve(sum(x * u for x, u in zip(a, letters, strict=True)) - level, letters[k])
    change = sympy.expand(sum(x * sympy.diff(objective, u) for x, u in zip(a, letters, strict=True)))
    divides = level == 0 and sympy.expand(change.subs(letters[k], on)) == 0
    require(change == 0 or divides, "it is not kept")
    rest = [u for i, u in enumerate(letters) if i != k]
    value, found = as_sympy(exact_number(said["value"])), sympy.expand(error.subs(letters[k], on))
    terms = sympy.Poly(found - value, *rest).terms()
    even = all(c > 0 and any(powers) and all(n % 2 == 0 for n in powers) for powers, c in terms if c != 0)
    require(even and value > 0, f"the error is {found}, which is not seen to be at least the value")
    return f"an error of at least {value}"


def _limit(entry: ShallowCounterexample) -> str:
    said, t = entry.certificate, sympy.Symbol("t", real=True)
    letters, objective, error = _factors(entry.shallow)
    a, y = _diagonal(entry.shallow)
    alpha, s = as_sympy(exact_number(said["start"])), symbolic(exact_matrix(said["point"]))
    require(s.shape == (len(a), 1) and min(s) > 0 and alpha > 0, "expected positive numbers for the diagonal")
    require(a[0] == 1 and min(a) >= 0 and max(max(x.p, x.q) for x in a) <= 64, "expected a_1 = 1, short others >= 0")
    gap = sum(c * u**2 for c, u in zip(a, letters, strict=True)) - y
    path = [alpha * sympy.exp(-c * t) for c in a]  # the flow is du/dt' = -grad, dt = gap dt'
    for u, c, along in zip(letters, a, path, strict=True):
        require(sympy.expand(sympy.diff(objective, u) - gap * c * u) == 0, "the gradient is another")
        require(sympy.simplify(sympy.diff(along, t) + c * along) == 0, "the path is another")
    for c, end in zip(a, s, strict=True):  # exp(-2 t) = s_1 / alpha^2 at the end
        expected = alpha**2 * (s[0] / alpha**2) ** c
        require(sympy.simplify(expected - end) == 0, "the point is off the path")
    require(sum(c * x for c, x in zip(a, s, strict=True)) == y, "the point has another measurement")
    found = error.subs({u: sympy.sqrt(x) for u, x in zip(letters, s, strict=True)})
    require(found == as_sympy(exact_number(said["value"])), f"the value is {found}")
    return f"the flow ends at diag({', '.join(map(str, s))})"


KINDS = {"poor": _poor, "flat": _flat, "returns": _returns, "kept": _kept, "limit": _limit}
