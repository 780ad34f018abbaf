"""Polynomials in the entries of a point, their derivatives there, and inertia: exactly, for landscapes."""

from fractions import Fraction
from itertools import combinations

from claims.counterexamples.rationals import (
    Matrix,
    Polynomial,
    charge,
    constant,
    dot,
    inner,
    plus,
    product,
    require,
    times,
    transposed,
    variable,
)


def name(i: int, j: int) -> str:
    """The variable for an entry of a point."""
    return f"{i:02},{j:02}"


def entries(point: Matrix) -> dict[str, Fraction]:
    """The values of the variables at a point."""
    return {name(i, j): x for i, row in enumerate(point) for j, x in enumerate(row)}


def total(parts: list[Polynomial]) -> Polynomial:
    """Their sum."""
    found = constant(0)
    for part in parts:
        found = plus(found, part)
    return found


def linear(row: list[Fraction], column: list[Polynomial]) -> Polynomial:
    """<a, u> for a vector of numbers and one of polynomials."""
    return total([times(constant(a), x) for a, x in zip(row, column, strict=True)])


def columns(point: Matrix) -> list[list[Polynomial]]:
    """The columns of U, of variables."""
    return [[variable(name(i, j)) for i in range(len(point))] for j in range(len(point[0]))]


def inertia(a: Matrix) -> tuple[int, int, int]:
    """Numbers of negative, zero and positive eigenvalues of a symmetric matrix, by an exact L D L^T."""
    rows, signs = [list(row) for row in a], [0, 0, 0]
    while any(map(any, rows)):
        size = range(len(rows))
        k = next((i for i in size if rows[i][i]), -1)
        if k < 0:  # with zeros on the diagonal, x_i + x_j in place of x_i
            k, j = next((i, j) for i in size for j in size if rows[i][j])
            rows[k] = [x + y for x, y in zip(rows[k], rows[j], strict=True)]
            rows = [[x + (m == k) * row[j] for m, x in enumerate(row)] for row in rows]
        pivot, top = rows[k][k], rows[k]
        signs[1 + (pivot > 0) - (pivot < 0)] += 1
        kept = [i for i in size if i != k]
        rows = [[rows[i][j] - dot([rows[i][k]], [top[j]]) / pivot for j in kept] for i in kept]
    return signs[0], signs[1] + len(rows), signs[2]


def slope(monomial: tuple[tuple[str, int], ...], value: Fraction, at: dict[str, Fraction], *by: str) -> Fraction:
    """A term's derivative by some variables at a point."""
    powers = dict(monomial)
    for variable_name in by:
        value *= powers[variable_name]
        powers[variable_name] -= 1
    for factor, power in powers.items():
        for _ in range(power if value else 0):
            charge(value, at[factor])
            value *= at[factor]
    return value


def value_at(f: Polynomial, point: Matrix) -> Fraction:
    """The value at a point."""
    at = entries(point)
    return sum((slope(monomial, coefficient, at) for monomial, coefficient in f.items()), start=Fraction(0))


def derivatives(f: Polynomial, point: Matrix) -> tuple[Fraction, list[Fraction], Matrix]:
    """Value, gradient and Hessian at a point."""
    at = entries(point)
    place = {variable_name: k for k, variable_name in enumerate(at)}
    first, second = [Fraction(0)] * len(at), [[Fraction(0)] * len(at) for _ in at]
    for monomial, coefficient in f.items():
        for one, power in monomial:
            first[place[one]] += slope(monomial, coefficient, at, one)
            for other, _ in monomial:
                if one != other or power > 1:
                    second[place[one]][place[other]] += slope(monomial, coefficient, at, one, other)
    return value_at(f, point), first, second


def orbit(point: Matrix) -> int:
    """The dimension of the rotations of U's columns: the rank of the matrices U K over skew-symmetric K."""
    size, moved = range(len(point[0])), []
    for i, j in combinations(size, 2):
        moved.append([row[i] * (m == j) - row[j] * (m == i) for row in point for m in size])
    return inertia([[inner([a], [b]) for b in moved] for a in moved])[2] if moved else 0


def curvature(f: Polynomial, degree: int, point: Matrix) -> tuple[int, int, int]:
    """Of a critical point, the numbers of negative, zero and positive eigenvalues of the Hessian; on the sphere for a
    form of some degree > 0: D f = p f u, and D^2 f - p f I on the space orthogonal to u, where |u| = 1."""
    value, first, second = derivatives(f, point)
    if not degree:
        require(not any(first), "the gradient is not 0")
        return inertia(second)
    u, square = [row[0] for row in point], inner(point, point)
    slope_there = degree * value / square
    require(first == [slope_there * x for x in u], "the gradient on the sphere is not 0")
    k = next(i for i, x in enumerate(u) if x)
    basis = [[u[k] * (i == j) - u[j] * (i == k) for i in range(len(u))] for j in range(len(u)) if j != k]
    shifted = [[x - slope_there * (i == j) for j, x in enumerate(row)] for i, row in enumerate(second)]
    return inertia(product(basis, shifted, transposed(basis)))


def composed(f: Polynomial, values: dict[str, Polynomial]) -> Polynomial:
    """f with polynomials for its variables."""
    found = constant(0)
    for monomial, coefficient in f.items():
        term = constant(coefficient)
        for name, power in monomial:
            for _ in range(power):
                term = times(term, values[name])
        found = plus(found, term)
    return found


def derivative(f: Polynomial, name: str) -> Polynomial:
    """By one variable."""
    found = constant(0)
    for monomial, coefficient in f.items():
        powers = dict(monomial)
        power = powers.pop(name, 0)
        rest = powers | ({name: power - 1} if power > 1 else {})
        found = plus(found, {tuple(sorted(rest.items())): coefficient * power} if power else {})
    return found
