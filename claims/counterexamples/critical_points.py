"""The certificates of counterexamples about landscapes, and why each decides; in rational numbers alone.

Each function in ``KINDS`` is a kind and returns what it shows, in words. A Hessian's inertia is that of the space
orthogonal to u for a form on the sphere, where the point may have any length and stands for the unit vector along it.
"""

from fractions import Fraction
from typing import Any

from claims.counterexamples.bearing import verified_model
from claims.counterexamples.derivatives import composed, curvature, derivatives, entries, orbit, value_at
from claims.counterexamples.landscapes import MODELS, Landscape, grid
from claims.counterexamples.rationals import (
    Matrix,
    constant,
    inner,
    minus,
    number,
    plus,
    polynomial,
    product,
    require,
    times,
    transposed,
    variable,
)

Said = dict[str, Any]

BEARS_ON = {
    "factorization": {"minimum": "DL-035", "recurrence": "DL-042"},
    "completion": {"minimum": "DL-036", "lost": "DL-036"},
    "tensor": {"minimum": "DL-037", "descent": "DL-037"},
    "phase": {"minimum": "DL-038", "lost": "DL-038"},
    "quadratic": {"minimum": "DL-039"},
    "form": {"descent": "DL-040", "order": "DL-040"},
    "sensing": {"minimum": "DL-041", "descent": "DL-041"},
    "relu": {"minimum": "DL-042"},
}
"""The kinds of a model, and the claim that each false statement would strengthen."""
LANDSCAPES = "deep-linear-claims/counterexample/2"
LONGEST = 64  # steps of a period


def posed(model: Said, point: Matrix) -> Landscape:
    """The model around a point."""
    return MODELS[model["model"]](model, point)


def valued(f: Landscape, point: Matrix, said: str) -> Fraction:
    """The value at a point, which the file must name; on the sphere its sign and square where |u| = 1."""
    value = value_at(f.objective, point)
    require(value == number(said), f"the value at a point is {value!s:.40}")
    square = inner(point, point)
    require(square > 0 or not f.degree, "expected a point that is not 0")
    return value * abs(value) / square**f.degree if f.degree else value


def sense(said: Said) -> int:
    """1 for minima, -1 for maxima."""
    require(said["sense"] in ("minimum", "maximum"), "sense: expected minimum or maximum")
    return 1 if said["sense"] == "minimum" else -1


def two_points(said: Said) -> tuple[Matrix, Matrix]:
    """A point, and one of the same shape that is better."""
    point, better = grid(said["point"], "point"), grid(said["better"], "better")
    require(len(better) == len(point) and len(better[0]) == len(point[0]), "expected two points of one shape")
    return point, better


def minimum(model: Said, said: Said) -> str:
    """A local minimum (or maximum), by the Hessian: definite, but for the directions of the rotations of U's columns,
    along which nothing changes; and a better point. For relu, see ``least_squares``. The measurements of a vector
    determine it: those of a connected pattern, and 2n - 1 of full spark."""
    sign, (point, better) = sense(said), two_points(said)
    f = posed(model, point)
    require(determined(model, 2 * len(point) - 1, False), "expected measurements that determine the signal")
    value = valued(f, point, said["value"])
    there = valued(posed(model, better) if model["model"] == "relu" else f, better, said["better_value"])
    require(sign * (value - there) > 0, "the other point is not better")
    if model["model"] == "relu":
        require(sign > 0, "sense: expected minimum")
        least_squares(model, point)
    else:
        negative, flat, positive = curvature(f.objective, f.degree, point)
        require((negative if sign > 0 else positive) == 0, "the Hessian is indefinite")
        require(flat == (orbit(point) if f.turns else 0), "the Hessian is degenerate")
    return f"a local {said['sense']}, {said['value']} where {said['better_value']} is possible"


def determined(model: Said, count: int, lost: bool) -> bool:
    """So many vectors, of full spark (or, of what is ``lost``, of signs); or a signal without zeros, and a connected
    pattern (without an odd cycle the signal can be scaled, and no Hessian is definite)."""
    if model["model"] == "phase":
        signs = {text for row in model["vectors"] for text in row} <= {"1", "-1"}
        return len(model["vectors"]) >= count and (model["full_spark"] or (lost and signs))
    if model["model"] != "completion":
        return True
    pattern, seen = grid(model["pattern"], "pattern"), {0}
    size = range(len(pattern))
    for _ in size:
        seen |= {j for i in seen for j in size if pattern[i][j]}
    return len(seen) == len(pattern) and all(map(all, grid(model["signal"], "signal")))


def least_squares(model: Said, point: Matrix) -> None:
    """Where no activation is 0 the output is a line for the inputs whose unit is on, and b_2 for the others, near the
    point; and neither line nor number can be better: the residuals are orthogonal to 1 and x, and to 1."""
    (w1,), (b1,), (w2,), (b2,) = point
    sums = {True: [Fraction(0)] * 2, False: [Fraction(0)] * 2}
    for x, y in grid(model["data"], "data"):
        active = w1 * x + b1
        require(active != 0, "an activation is 0")
        r = max(active, Fraction(0)) * w2 + b2 - y
        sums[active > 0] = [sums[active > 0][0] + r, sums[active > 0][1] + r * x]
    require(not any([*sums[True], sums[False][0]]), "the residuals are not orthogonal to 1 and x")


def descent(model: Said, said: Said) -> str:
    """A critical point whose Hessian is psd, yet along a curve in t the value falls by a term of higher order (rises,
    for maxima). On the sphere |u| = 1 at the point, and f(v) / |v|^p is compared with f(u)."""
    sign, point = sense(said), grid(said["point"], "point")
    f = posed(model, point)
    value = valued(f, point, said["value"])
    negative, _, positive = curvature(f.objective, f.degree, point)
    require((negative if sign > 0 else positive) == 0, "the Hessian is indefinite")
    shape = len(said["curve"]) == len(point) and all(len(row) == len(point[0]) for row in said["curve"])
    require(shape, "curve: expected the shape of the point")
    curve = [[polynomial(text, {"t": variable("t")}) for text in row] for row in said["curve"]]
    require([[p.get((), 0) for p in row] for row in curve] == point, "the curve does not start at the point")
    paths = dict(zip(entries(point), [p for row in curve for p in row], strict=True))
    change, length = composed(f.objective, paths), constant(1)
    if f.degree:
        require(inner(point, point) == 1 and (f.degree % 2 == 0 or value == 0), "expected |u| = 1, and p even or f = 0")
        square = composed({((name, 2),): Fraction(1) for name in paths}, paths)
        for _ in range(f.degree // 2):
            length = times(length, square)
    change = plus(change, length, -number(said["value"]))
    power, term = min(((sum(n for _, n in m), c) for m, c in change.items()), default=(0, Fraction(0)))
    require(power == said["power"], f"along the curve the lowest power is {power}")
    require(term == number(said["coefficient"]) and sign * term < 0, f"along the curve it changes by {term!s:.40}")
    return f"no first-order change and no curvature of this sign, yet {said['coefficient']} t^{power} along a curve"


def order(model: Said, said: Said) -> str:
    """Two nondegenerate critical points, of which the first is lower and has the larger index (number of negative
    eigenvalues of the Hessian): higher points need not have more directions of descent."""
    points = [grid(rows, "points") for rows in said["points"]]
    require(len(points) == len(said["values"]) == len(said["indices"]) == 2, "expected two points, values and indices")
    require(len(points[0]) == len(points[1]), "expected two points of one shape")
    f = posed(model, points[0])
    first, second = [valued(f, *pair) for pair in zip(points, said["values"], strict=True)]
    signs = [curvature(f.objective, f.degree, point) for point in points]
    require(all(flat == 0 for _, flat, _ in signs), "the Hessian is degenerate")
    require([negative for negative, _, _ in signs] == said["indices"], "an index is another")
    require(first < second and signs[0][0] > signs[1][0], "the indices are in the order of the values")
    return f"a critical point of index {signs[0][0]} below one of index {signs[1][0]}"


def recurrence(model: Said, said: Said) -> str:
    """Gradient descent returns after a period of at least 2, the least one, and so for ever; never is it as good as
    some better point."""
    (point, better), rate, period = two_points(said), number(said["learning_rate"]), said["period"]
    require(rate > 0 and type(period) is int and 2 <= period <= LONGEST, "expected a learning rate > 0 and a period")
    f, now, values, width = posed(model, point), point, [], len(point[0])
    for step in range(period):
        require(step == 0 or now != point, "the period is shorter")
        value, first, _ = derivatives(f.objective, now)
        values.append(value)
        now = minus(now, [first[i * width : (i + 1) * width] for i in range(len(now))], rate)
    require(now == point, "the points do not recur after this period")
    require(
        min(values) == number(said["value"]) > valued(f, better, said["better_value"]), "the least value is another"
    )
    return f"recurs with period {period}, and at least {said['value']} where {said['better_value']} is possible"


def lost(model: Said, said: Said) -> str:
    """Another point than the signal with the same measurements. Of a pattern: connected, for a signal without zeros.
    Of vectors a_l in R^n: at least 2n - 2."""
    point = grid(said["point"], "point")
    f = posed(model, point)
    valued(f, point, "0")
    require(product(point, transposed(point)) != f.solution, "nothing is lost")
    require(determined(model, 2 * len(point) - 2, True), "expected more measurements, and a signal without zeros")
    return "two signals with the same measurements"


KINDS = {"minimum": minimum, "descent": descent, "order": order, "recurrence": recurrence, "lost": lost}


def verified_landscape(entry: Said) -> str:
    """What an entry shows, in words."""
    return verified_model(entry, entry["landscape"], BEARS_ON, KINDS)
