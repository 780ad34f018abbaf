"""The landscapes of counterexamples, from the standard library alone: each model as a polynomial in a point's entries.

Each function in ``MODELS`` is a model: from what a file says of it and a point U it makes the objective, whose
derivatives are then taken term by term. Matrices U are n x k with N = U U^T - Z Z^T for a signal Z.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from claims.counterexamples.derivatives import columns, inertia, linear, total
from claims.counterexamples.rationals import (
    Matrix,
    Polynomial,
    constant,
    dot,
    matrix,
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
Rows = list[list[Polynomial]]
LARGEST = 16  # rows and columns of a matrix in a file


@dataclass
class Landscape:
    """f as a polynomial in the entries of a point, row by row; ``degree`` > 0 for a form on the unit sphere."""

    objective: Polynomial
    degree: int = 0
    turns: bool = False  # rotations of U's columns change nothing
    solution: Matrix | None = None  # Z Z^T, where f >= 0 is 0


def grid(rows: Any, what: str) -> Matrix:
    """A matrix of any shape up to the largest, from strings."""
    good = isinstance(rows, list) and 1 <= len(rows) <= LARGEST and isinstance(rows[0], list)
    require(good and 1 <= len(rows[0]) <= LARGEST, f"{what}: expected a matrix of 1 to {LARGEST} rows and columns")
    return matrix(rows, (len(rows), len(rows[0])))


def symmetric(rows: object, size: int, what: str) -> Matrix:
    """A symmetric matrix of that size."""
    found = grid(rows, what)
    require(len(found) == size and found == transposed(found), f"{what}: expected a symmetric {size} x {size} matrix")
    return found


def residual(point: Matrix, target: Matrix) -> Rows:
    """N = U U^T - M."""
    u = columns(point)
    require(len(target) == len(point), "the point has another number of rows than the model")
    return [
        [plus(total([times(c[i], c[j]) for c in u]), constant(target[i][j]), -1) for j in range(len(point))]
        for i in range(len(point))
    ]


def outer(signal: object, point: Matrix) -> Matrix:
    """M = Z Z^T, for a signal with no more columns than the point."""
    z = grid(signal, "signal")
    require(len(z[0]) <= len(point[0]), "signal: expected no more columns than U has")
    return product(z, transposed(z))


def quarter(parts: list[tuple[Fraction | int, Polynomial]]) -> Polynomial:
    """A quarter of a weighted sum of squares."""
    return total([times(constant(Fraction(weight) / 4), times(p, p)) for weight, p in parts if weight])


def factorization(said: Said, point: Matrix) -> Landscape:
    """1/4 |U U^T - M|^2 for any symmetric M."""
    n = residual(point, symmetric(said["target"], len(point), "target"))
    return Landscape(quarter([(1, x) for row in n for x in row]), turns=True)


def completion(said: Said, point: Matrix) -> Landscape:
    """1/4 of the sum of N_ij^2 over the observed entries, those with a 1 in the pattern."""
    pattern, target = symmetric(said["pattern"], len(point), "pattern"), outer(said["signal"], point)
    require({x for row in pattern for x in row} <= {0, 1}, "pattern: expected zeros and ones")
    n, size = residual(point, target), range(len(point))
    return Landscape(quarter([(pattern[i][j], n[i][j]) for i in size for j in size]), 0, True, target)


def sensing(said: Said, point: Matrix) -> Landscape:
    """1/4 <N, T N>, T X = c X + sum_ab C_ab B_a <B_b, X> with c = ``identity``, B = ``matrices``, C = ``coefficients``.

    Decided of T on all symmetric matrices: ``delta`` is the least with |T X - X| <= delta |X|, and it is below 1, so
    that T is positive definite.
    """
    size, c, target = range(len(point)), number(said["identity"]), outer(said["signal"], point)
    b = [symmetric(rows, len(point), "matrices") for rows in said["matrices"]]
    weights = symmetric(said["coefficients"], len(b), "coefficients")
    pairs = [(i, j) for i in size for j in size[i:]]
    seen = [[(1 + (i != j)) * a[i][j] for i, j in pairs] for a in b]  # <B_a, E> for E = E_ij + E_ji or E_ii
    form = product(transposed(seen), weights, seen)
    gram = [Fraction(1 + (i != j)) for i, j in pairs]
    form = [[x + c * gram[k] * (k == m) for m, x in enumerate(row)] for k, row in enumerate(form)]
    away = [[x - gram[k] * (k == m) for m, x in enumerate(row)] for k, row in enumerate(form)]
    scaled = [[x / g for x, g in zip(row, gram, strict=True)] for row in away]
    root, _, text = said["delta"].rpartition(" ")
    require(root in ("", "sqrt"), "delta: expected a number, or the square root of one")
    square = number(text) if root else number(text) ** 2
    rest = [[square * g * (k == m) for m in range(len(gram))] for k, g in enumerate(gram)]
    negative, at, _ = inertia(minus(rest, product(scaled, away)))
    require(negative == 0 < at and (root or text[0] != "-"), "delta is not the least such number for T")
    require(square < 1, "delta: expected one below 1")
    n = residual(point, target)
    q = [total([linear(*rows) for rows in zip(a, n, strict=True)]) for a in b]
    mixed = [times(constant(w / 4), times(q[i], q[j])) for i, row in enumerate(weights) for j, w in enumerate(row) if w]
    return Landscape(total([quarter([(c, x) for row in n for x in row]), *mixed]), 0, True, target)


def phase(said: Said, point: Matrix) -> Landscape:
    """1/4 sum_l ((a_l.z)^2 - (a_l.x)^2)^2 for ``vectors`` a_l; full spark: any n of them are independent, or not."""
    a, target, n = grid(said["vectors"], "vectors"), outer(said["signal"], point), len(point)
    require(len(point[0]) == 1 and len(target) == len(a[0]) == n, "expected one column, and vectors of its length")
    spark = len(a) >= n and all(inertia(product(s, transposed(s)))[1] == 0 for s in map(list, combinations(a, n)))
    require(said["full_spark"] is spark, f"full_spark: it is {spark}".lower())
    z = [linear(row, columns(point)[0]) for row in a]
    seen = [plus(times(p, p), constant(dot(product([row], target)[0], row)), -1) for p, row in zip(z, a, strict=True)]
    return Landscape(quarter([(1, p) for p in seen]), 0, False, target)


def quadratic(said: Said, point: Matrix) -> Landscape:
    """sum_l loss_l(|U^T x_l|^2), a network of k squares, for ``inputs`` x_l and ``losses``, polynomials in s.

    With fewer columns than inputs the losses must be convex: of degree 2 at most, the leading coefficient >= 0.
    """
    inputs, parts = grid(said["inputs"], "inputs"), []
    require(len(said["losses"]) == len(inputs), "losses: expected one for each input")
    for row, text in zip(inputs, said["losses"], strict=True):
        loss = polynomial(text, {"s": variable("s")})
        convex = set(loss) <= {(), (("s", 1),), (("s", 2),)} and loss.get((("s", 2),), 0) >= 0
        require(convex or len(point[0]) >= len(point), "losses: expected convex ones of degree 2")
        outputs = [linear(row, column) for column in columns(point)]
        parts.append(polynomial(text, {"s": total([times(p, p) for p in outputs])}))
    return Landscape(total(parts), 0, True)


def tensor(said: Said, point: Matrix) -> Landscape:
    """sum_i lambda_i <a_i, u>^p on |u| = 1, lambda_i > 0 the ``coefficients``, a_i the orthonormal ``components``."""
    a, p, (weights,) = grid(said["components"], "components"), said["order"], grid([said["coefficients"]], "lambda")
    require(type(p) is int and 3 <= p <= 9 and len(weights) == len(a), "expected an order from 3 to 9")
    unit = [[Fraction(i == j) for j in range(len(a))] for i in range(len(a))]
    require(product(a, transposed(a)) == unit, "the components are not orthonormal")
    require(min(weights) > 0 and len(point[0]) == 1, "expected positive coefficients, and one column")
    inside = [linear(row, columns(point)[0]) for row in a]
    powers = [polynomial(f"x^{p}", {"x": x}) for x in inside]
    return Landscape(linear(weights, powers), p)


def form(said: Said, point: Matrix) -> Landscape:
    """A homogeneous ``polynomial`` in ``names``, on |u| = 1."""
    require(len(point[0]) == 1 and len(set(said["names"])) == len(point), "names: expected one for each entry of u")
    u = columns(point)[0]
    f = polynomial(said["polynomial"], dict(zip(said["names"], u, strict=True)))
    degrees = {sum(power for _, power in monomial) for monomial in f}
    require(len(degrees) == 1 and min(degrees) >= 1, "polynomial: expected a homogeneous one")
    return Landscape(f, min(degrees))


def relu(said: Said, point: Matrix) -> Landscape:
    """1/2 sum (w_2 relu(w_1 x + b_1) + b_2 - y)^2 over ``data`` (x, y), U = (w_1, b_1, w_2, b_2), around a point."""
    data, parts = grid(said["data"], "data"), []
    require((len(point), len(point[0]), len(data[0])) == (4, 1, 2), "expected pairs, and (w_1, b_1, w_2, b_2)")
    w1, b1, w2, b2 = columns(point)[0]
    for x, y in data:
        on = point[0][0] * x + point[1][0] > 0
        hidden = times(w2, plus(times(constant(x), w1), b1)) if on else constant(0)
        parts.append(plus(plus(hidden, b2), constant(y), -1))
    return Landscape(quarter([(2, part) for part in parts]))


MODELS = {
    "factorization": factorization,
    "completion": completion,
    "sensing": sensing,
    "phase": phase,
    "quadratic": quadratic,
    "tensor": tensor,
    "form": form,
    "relu": relu,
}
