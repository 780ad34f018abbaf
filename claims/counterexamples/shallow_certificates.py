"""The certificates of counterexamples about trajectories of shallow models, and why each decides.

Each function in ``SHALLOW_KINDS`` is a kind and returns what it shows, in words. Numbers are rational, or those of
``constants`` for Gaussian units, of which ``relu_units`` says what is taken for granted: the kernel of DL-043.
"""

from fractions import Fraction
from typing import Any

from claims.counterexamples.bearing import verified_model
from claims.counterexamples.constants import (
    Number,
    Numbers,
    added,
    multiplied,
    positive_definite,
    rational,
    real,
    scaled,
    total,
)
from claims.counterexamples.critical_points import LANDSCAPES, verified_landscape
from claims.counterexamples.derivatives import composed, derivative
from claims.counterexamples.landscapes import grid
from claims.counterexamples.rationals import (
    Matrix,
    constant,
    dot,
    minus,
    number,
    plus,
    require,
    transposed,
    variable,
)
from claims.counterexamples.relu_units import units
from claims.counterexamples.shallow_models import Perceptron, Samples, diagonal, product, sensing

Said = dict[str, Any]
SHALLOW = "deep-linear-claims/counterexample/3"
LONGEST = 16  # points of a period
SHALLOW_BEARS_ON = {
    "units": {"poor": "DL-045", "returns": "DL-046", "flat": "DL-049"},
    "samples": {"returns": "DL-048"},
    "perceptron": {"returns": "DL-053"},
    "sensing": {"kept": "DL-055", "limit": "DL-055"},
    "product": {"kept": "DL-056"},
}
"""The kinds of a model, and the claim that each false statement would strengthen."""
STEPPED: dict[str, type[Samples] | type[Perceptron]] = {"samples": Samples, "perceptron": Perceptron}
FACTORED = {"sensing": sensing, "product": product}


def positive(found: Number, said: object) -> None:
    """A loss > 0, which the file must name."""
    require((found - real(said)).zero(), "the value is another")
    require(found.sign() > 0, "the value is not positive")


def all_zero(a: Numbers) -> bool:
    return all(x.zero() for row in a for x in row)


def poor(model: Said, said: Said) -> str:
    """A critical point of positive loss whose Hessian is positive definite: a strict local minimum, where the truth
    has loss 0."""
    f = units(model, real(said["factor"]), grid(said["direction"], "direction"))
    require(all_zero(f.gradient()), "the gradient is not 0")
    require(positive_definite(f.hessian()), "the Hessian is not positive definite")
    positive(f.loss(), said["value"])
    return f"a strict local minimum, {said['value']} where 0 is possible"


def flat(model: Said, said: Said) -> str:
    """At the truth the Hessian maps a direction that is not 0 to 0."""
    f, way = units(model, rational(1), grid(model["truth"], "truth")), grid(said["direction"], "direction")
    require(len(way) == len(f.truth) and len(way[0]) == 1, "direction: expected a column for the weights")
    require(any(map(any, way)), "direction: expected one that is not 0")
    image = [total([h * rational(x) for h, (x,) in zip(row, way, strict=True)]) for row in f.hessian()]
    require(all_zero([image]), "the Hessian does not map the direction to 0")
    return "the Hessian at the truth is singular"


def returns(model: Said, said: Said) -> str:
    """Gradient descent goes through all points ``factor`` * ``direction`` in their order and back to the first, and so
    for ever. A single point stays at every learning rate. The value is the least of the (mean) losses there."""
    points, factors = [grid(rows, "directions") for rows in said["directions"]], list(map(real, said["factors"]))
    require(1 <= len(points) == len(factors) <= LONGEST, f"expected a factor for each of 1 to {LONGEST} directions")
    require(len({(len(p), len(p[0])) for p in points}) == 1, "expected points of one shape")
    require((said["learning_rate"] == "every") == (len(points) == 1), "learning_rate: every is for a point that stays")
    rate = rational(1) if len(points) == 1 else real(said["learning_rate"])
    require(rate.sign() > 0, "learning_rate: expected one > 0")
    at = [scaled(p, c) for p, c in zip(points, factors, strict=True)]
    same = [all_zero(added(at[0], multiplied(other, rational(-1)))) for other in at[1:]]
    require(not any(same), "the period is shorter")
    if model["model"] == "units":
        there = [units(model, c, p) for c, p in zip(factors, points, strict=True)]
        moved = [added(w, multiplied(f.gradient(), -rate)) for f, w in zip(there, at, strict=True)]
        losses = [f.loss() for f in there]
    else:
        moved, losses = by_samples(model, points, factors, rate)
    ends = [added(w, multiplied(other, rational(-1))) for w, other in zip(moved, [*at[1:], at[0]], strict=True)]
    require(all(map(all_zero, ends)), "a step leads to another point")
    least = real(said["value"])
    require(all((loss - least).sign() >= 0 for loss in losses), "a loss is less than the value")
    require(any((loss - least).zero() for loss in losses), "the value is another")
    require(least.sign() > 0, "the value is not positive")
    what = "stays where it is" if len(points) == 1 else f"recurs with period {len(points)}"
    return f"{what}, with a loss of at least {said['value']} for ever"


def by_samples(
    model: Said, points: list[Matrix], factors: list[Number], rate: Number
) -> tuple[list[Numbers], list[Number]]:
    """Where the points are moved to, and their losses."""
    f = STEPPED[model["model"]](model)
    require(all((c - rational(1)).zero() for c in factors), "factors: expected 1")
    require((len(points[0]), len(points[0][0])) == f.shape, f"expected points of {f.shape[0]} rows")
    whole = len(points) % f.pass_ == 0 or len(points) == 1
    require(whole, "expected whole passes over the samples")
    first, below = next(iter(rate.bottom.items()))
    eta = rate.top.get(first, Fraction(0)) / below
    require((rate - rational(eta)).zero(), "learning_rate: expected a rational one")
    steps = range(f.pass_) if len(points) == 1 else range(len(points))
    moved = [minus(w, f.gradient(w, t), eta) for t, w in ((t, points[t % len(points)]) for t in steps)]
    require(len(points) > 1 or all(w == points[0] for w in moved), "a step leads to another point")
    return [scaled(w, rational(1)) for w in moved[: len(points)]], [rational(f.loss(p)) for p in points]


def kept(model: Said, said: Said) -> str:
    """For every learning rate <a, u> stays what it is, a = ``kept``: the gradient has <a, grad> = 0 everywhere, or it
    has where <a, u> = 0, and so it is at the start. There the error is the value and a sum of even terms."""
    f, ((a,), (point,)) = FACTORED[model["model"]](model), (transposed(grid(said[k], k)) for k in ("kept", "point"))
    a, point = list(a), list(point)
    require(len(a) == len(point) == len(f.names) and any(a), "kept: expected one number for each factor, not all 0")
    level, k = dot(a, point), next(i for i, x in enumerate(a) if x)
    solved = constant(level / a[k])
    for i, name in enumerate(f.names):
        solved = plus(solved, variable(name), -a[i] / a[k] * (i != k))
    on = {name: variable(name) for name in f.names} | {f.names[k]: solved}
    change = constant(0)
    for x, name in zip(a, f.names, strict=True):
        change = plus(change, derivative(f.objective, name), x)
    require(not change or (level == 0 and not composed(change, on)), "it is not kept")
    value = number(said["value"])
    rest = plus(composed(f.error, on), constant(value), -1)
    even = all(c > 0 and m and all(power % 2 == 0 for _, power in m) for m, c in rest.items())
    require(even, "the error is not seen to be at least the value")
    require(value > 0, "the value is not positive")
    return f"an error of at least {said['value']} at every learning rate, for ever"


def limit(model: Said, said: Said) -> str:
    """The flow from U = alpha I, alpha = ``start`` > 0, ends at U U^T = diag(s), s = ``point``, a_1 = 1, a_i >= 0.

    s_i' = -2 a_i r s_i with r = <a, s> - y, so s_i = alpha^2 exp(-2 a_i T), T the integral of r, and T' = r falls as
    T grows. So T goes to the one number where r = 0, if there is one: where <a, s> = y and s_i = alpha^{2 - 2 a_i}
    s_1^{a_i}; with a_i = p/q that is s_i^q = alpha^{2 (q - p)} s_1^p. The value is the error sum_{i > 1} s_i^2."""
    (a, y), alpha = diagonal(model), number(said["start"])
    (s,) = transposed(grid(said["point"], "point"))
    require(len(s) == len(a) and min(s) > 0 and alpha > 0, "expected a start > 0, and a point > 0 for the diagonal")
    good = a[0] == 1 and min(a) >= 0 and all(max(x.as_integer_ratio()) <= 64 for x in a)
    require(good, "diagonal: expected a_1 = 1 and others >= 0, with short numerators and denominators")
    require(dot(a, list(s)) == y, "the point has another measurement")
    for x, end in zip(a, s, strict=True):
        p, q = x.as_integer_ratio()
        require(end**q == alpha ** (2 * (q - p)) * s[0] ** p, "the point is not on the flow's path")
    value = sum((x * x for x in s[1:]), Fraction(0))
    require(value == number(said["value"]), "the value is another")
    return f"the flow ends at a point with the error {said['value']}"


SHALLOW_KINDS = {"poor": poor, "flat": flat, "returns": returns, "kept": kept, "limit": limit}


def verified_shallow(entry: Said) -> str:
    """What an entry shows, in words."""
    return verified_model(entry, entry["shallow"], SHALLOW_BEARS_ON, SHALLOW_KINDS)


FORMS = {LANDSCAPES: verified_landscape, SHALLOW: verified_shallow}
"""The forms besides networks, by their schema."""
